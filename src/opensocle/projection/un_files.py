"""Readers of the United Nations' World Population Prospects: the CSV files that it publishes, and tidy extracts of them.

    read_un(files, "SEN", 2025, 2100)                    the UN's own files, .csv or .csv.gz, recognised by their columns -> Inputs
    un_rows(path, "mortality", "SEN")                    one table of them, as rows
    read_five_year(folder, "SEN", 2025, 2100)            tidy five-year ages and periods -> Inputs
    read_single_age(population, indicators, 2024, 2099)  tidy single ages of one country -> Inputs, with migration as the residual
    read_annual(folder, "SEN")                           tidy yearly indicators -> {column: {year: value}}

Units of the result: persons, rates a person-year, boys for one girl. The UN publishes thousands, births a thousand women and boys for 100 girls.
Layouts: docs/methods/demography.md#files.
"""

from __future__ import annotations

import csv
import gzip
import math
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path

import numpy as np

from ..errors import DataError, Problems
from .demography_inputs import Inputs
from .demography_migration import with_residual_migration
from .demography_rows import Conventions, Row, Stock, assemble
from .lifetables import Array

Line = Mapping[str, str]
Files = str | Path | list[str | Path] | tuple[str | Path, ...]
MARKS = {
    "population": ("PopMale", "PopFemale", "AgeGrpStart"),
    "mortality": ("mx", "AgeGrpStart", "Sex"),
    "fertility": ("ASFR", "AgeGrpStart"),
    "sex_ratio": ("SRB", "TFR"),
    "migration_total": ("NetMigrations", "TFR"),
    "births": ("Births", "CBR"),
    "tfr": ("TFR", "SRB"),
}
"""Columns that tell which tables a file of the UN has."""
CENTRAL = ("medium", "estimates", "estimate", "")
SOURCE = "United Nations, World Population Prospects"
LICENCE = "CC BY 3.0 IGO"


def un_rows(path: str | Path, kind: str, country: str, variant: str = "Medium") -> list[Row]:
    """The rows of a table in one file of the UN, for a country by its ISO 3166-1 alpha-3 code (or the UN's name), sorted by year.

    Where the variant has no value of a year (past years; mortality), the medium one stands. Raises DataError D110.
    """
    path = Path(path)
    lines = lines_of(path, country)
    first = next(lines, None)
    header = _header(path)
    if kind not in MARKS or any(name not in header for name in MARKS[kind]):
        raise DataError(
            "D110", f"there is no table of {kind} in this file", at=str(path), hint=f"such a file has the columns {', '.join(MARKS.get(kind, ()))}"
        )
    if first is None:
        raise DataError("D110", f"there is nothing on {country}", at=str(path), hint="give the three letters of ISO 3166-1, such as SEN")
    chosen: dict[tuple[int, str, int], tuple[bool, Row]] = {}
    for line in chain([first], lines):
        name = line.get("Variant", "").strip().lower()
        own = name == variant.lower()
        if not own and name not in CENTRAL:
            continue
        for row in READ[kind](line, path):
            key = (row.year, row.sex, row.age)
            if key not in chosen or (own and not chosen[key][0]):
                chosen[key] = (own, row)
    return sorted(row for _, row in chosen.values())


def read_un(
    files: Files,
    country: str,
    start: int,
    until: int,
    *,
    variant: str = "Medium",
    pattern: Array | None = None,
    conventions: Conventions | None = None,
) -> Inputs:
    """The inputs of a projection from files of the UN: population, life tables of both sexes, fertility, demographic indicators.

    Single ages: steps of a year; stocks of 1 January or of 1 July as the file has them. pattern: shares of migrants by (sex, age), as the UN
    publishes only totals; by default the model schedule. Raises Problems with everything that is missing.
    """
    paths = [Path(each) for each in ([files] if isinstance(files, (str, Path)) else files)]
    tables: dict[str, list[Row]] = {}
    stock: Stock = "january"
    for path in paths:
        header = _header(path)
        kinds = [kind for kind, marks in MARKS.items() if kind != "births" and all(mark in header for mark in marks)]
        if not kinds:
            raise DataError("D110", "this is no file of the United Nations that is needed here", at=str(path), hint="see the layouts in the guide")
        for kind in kinds:
            tables.setdefault(kind, []).extend(un_rows(path, kind, country, variant))
        if "population" in kinds:
            stock = stock_of(path, country)
    _single(tables, paths)
    conventions = conventions or Conventions(stock=stock)
    return assemble(tables, start, until, conventions, pattern=pattern, source=f"{SOURCE}, {country}, {variant}")


def _single(tables: Mapping[str, list[Row]], paths: list[Path]) -> None:
    """Raises DataError D110 for five-year groups: their yearly rates do not fit the steps."""
    ages = {row.age for row in tables.get("population", ())}
    if ages and 2 not in ages:
        raise DataError(
            "D110", "the population is in five-year age groups", at=", ".join(map(str, paths)), hint="give the file PopulationBySingleAgeSex"
        )


def stock_of(path: Path, country: str) -> Stock:
    """1 January or mid-year, from the column MidPeriod (2025 or 2025.5); mid-year without it."""
    line = next(lines_of(path, country))
    middle = line.get("MidPeriod", "").strip()
    return "january" if middle and number(middle) == number(line["Time"]) else "mid_year"


def number(text: str | None) -> float:
    """A number, or not-a-number where there is none."""
    try:
        return float((text or "").strip())
    except ValueError:
        return math.nan


def _whole(line: Line, name: str, path: Path) -> int:
    value = number(line.get(name))
    if not math.isfinite(value) or value != int(value):
        raise DataError("D110", f"{name} is {line.get(name)!r}", at=str(path), hint="this should be a whole number: the file may be damaged")
    return int(value)


def _read_population(line: Line, path: Path) -> Iterator[Row]:
    year, age = _whole(line, "Time", path), _whole(line, "AgeGrpStart", path)
    for sex, name in (("male", "PopMale"), ("female", "PopFemale")):
        yield Row(year, sex, age, number(line[name]) * 1000, path.name)


def _read_mortality(line: Line, path: Path) -> Iterator[Row]:
    sex = line["Sex"].strip().lower()
    if sex in ("male", "female"):
        yield Row(_whole(line, "Time", path), sex, _whole(line, "AgeGrpStart", path), number(line["mx"]), path.name)


def _read_fertility(line: Line, path: Path) -> Iterator[Row]:
    yield Row(_whole(line, "Time", path), "", _whole(line, "AgeGrpStart", path), number(line["ASFR"]) / 1000, path.name)


def _reader(name: str, scale: float) -> Callable[[Line, Path], Iterator[Row]]:
    def read(line: Line, path: Path) -> Iterator[Row]:
        value = number(line[name])
        yield Row(_whole(line, "Time", path), "", -1, value / 100 if name == "SRB" and value > 10 else value * scale, path.name)

    return read


READ: dict[str, Callable[[Line, Path], Iterator[Row]]] = {
    "population": _read_population,
    "mortality": _read_mortality,
    "fertility": _read_fertility,
    "sex_ratio": _reader("SRB", 1),
    "migration_total": _reader("NetMigrations", 1000),
    "births": _reader("Births", 1000),
    "tfr": _reader("TFR", 1),
}


def open_text(path: Path) -> Iterator[str]:
    """The lines of a text file, compressed or not. Raises DataError D111."""
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig") as file:
            yield from file
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError("D111", f"the file cannot be read: {error}", at=str(path), hint="download it again, or give its right place") from None


def _header(path: Path) -> list[str]:
    return next(csv.reader(open_text(path)), [])


def lines_of(path: Path, country: str | None) -> Iterator[Line]:
    """The lines of a country, or all. Only lines that contain its name are taken apart: the files have millions."""
    lines = open_text(path)
    header = next(csv.reader([next(lines, "")]), [])
    columns = [name for name in ("ISO3_code", "Location", "iso3") if name in header]
    for values in csv.reader(line for line in lines if country is None or country in line):
        line = dict(zip(header, values, strict=False))
        if country is None or any(line.get(name, "").strip() == country for name in columns):
            yield line


FIVE_YEAR = {
    "population": "population_1july_thousands.csv",
    "mortality": "mx.csv",
    "fertility": "asfr.csv",
    "sex_ratio": "srb_male_per_female.csv",
    "migration": "net_migration_thousands_per_5y.csv",
    "tfr": "tfr.csv",
}
"""The tidy five-year files: columns iso3, year or period, age, and values for males (…M) and females (…F)."""


def read_five_year(
    folder: str | Path, country: str, start: int, until: int, *, variant: str = "medium", conventions: Conventions | None = None
) -> Inputs:
    """The inputs of a projection in five-year steps from tidy files (FIVE_YEAR) of a folder. variant: low, medium or high fertility.

    Stocks of 1 July, flows of the five years between them, migration evenly over them, a(x) as in the UN's abridged life tables.
    """
    folder = Path(folder)
    absent = [name for name in FIVE_YEAR.values() if not (folder / name).is_file()]
    if absent:
        raise Problems(
            [DataError("D111", "the file is not there", at=str(folder / name), hint="give the folder of the five-year files") for name in absent]
        )
    lines = {kind: list(lines_of(folder / name, country)) for kind, name in FIVE_YEAR.items()}
    if not lines["population"]:
        raise DataError("D110", f"there is nothing on {country}", at=str(folder), hint="give the three letters of ISO 3166-1, such as SEN")
    tables = {
        "population": _pairs(lines["population"], "year", "popM", "popF", 1000),
        "mortality": _pairs(lines["mortality"], "period", "mxM", "mxF", 1),
        "migration": _pairs(lines["migration"], "period", "migM", "migF", 1000),
        "fertility": _singles(lines["fertility"], "asfr"),
        "sex_ratio": _singles(lines["sex_ratio"], "srb"),
        "tfr": _singles(lines["tfr"], "tfr"),
    }
    if variant != "medium":
        tables["fertility"] = _of_variant(tables["fertility"], tables.pop("tfr"), _singles(lines["tfr"], f"tfr_{variant}"))
    meant = conventions or Conventions(5, "mid_year", "interval", "evenly", middle="greville")
    return assemble(tables, start, until, meant, source=f"{SOURCE}, {country}, {variant}")


def _age(text: str) -> int:
    """The first age of 0, 0-4 or 100+; -1 for none."""
    found = re.match(r"\d+", text.strip())
    return int(found[0]) if found else -1


def _pairs(lines: list[Line], time: str, male: str, female: str, scale: float) -> list[Row]:
    return [
        Row(int(line[time][:4]), sex, _age(line["age"]), number(line[name]) * scale)
        for line in lines
        for sex, name in (("male", male), ("female", female))
    ]


def _singles(lines: list[Line], name: str) -> list[Row]:
    if lines and name not in lines[0]:
        raise DataError("D110", f"there is no column {name}", at=name, hint="the variants are low, medium and high")
    return [Row(int(line["period"][:4]), "", _age(line.get("age", "")), number(line[name])) for line in lines]


def _of_variant(fertility: list[Row], medium: list[Row], other: list[Row]) -> list[Row]:
    """Fertility with another total in each period, and the same pattern of ages."""
    factors = {a.year: b.value / a.value for a, b in zip(medium, other, strict=True)}
    return [row._replace(value=row.value * factors[row.year]) for row in fertility]


def mothers_ages(groups: int, mean: float = 27.5, deviation: float = 5.5) -> Array:
    """Shares of the fertility of single ages, adding up to 1: a bell from 12 to 54, for countries of which only births are known."""
    ages = np.arange(groups) + 0.5
    bell = np.where((ages > 12) & (ages < 55), np.exp(-0.5 * ((ages - mean) / deviation) ** 2), 0)
    return bell / bell.sum()


def read_single_age(population: str | Path, indicators: str | Path, start: int, until: int, *, open_age: int = 100, oldest: int = 76) -> Inputs:
    """The inputs of a projection of one country from mid-year stocks and deaths by single age, and its yearly births and net migration.

    population: Parquet with time, age, popmale, popfemale, deathmale, deathfemale, persons. indicators: CSV with Time, Births, SRB (boys for one
    girl) and NetMigrations, persons. Death rates are deaths over mid-year population; ages from open_age on are put together; births are
    those given, by `mothers_ages`. Migration by age is the residual of the stocks up to `oldest`, scaled to the totals given.
    """
    stocks, deaths = _stocks(Path(population), start, until, open_age)
    yearly = _yearly(Path(indicators), range(start, until + 1))
    births, ratio, migrants = yearly["Births"], yearly["SRB"], yearly["NetMigrations"]
    fertility = np.tile(2 * mothers_ages(open_age + 1), (len(births), 1))
    closed = Inputs(
        start, 1, stocks[0], fertility, ratio, mortality=deaths / stocks, births=births, stock="mid_year", flows="calendar", source=SOURCE
    )
    return with_residual_migration(closed, stocks, (migrants[1:] + migrants[:-1]) / 2, oldest)


def _stocks(path: Path, start: int, until: int, open_age: int) -> tuple[Array, Array]:
    """Persons and deaths (year, sex, age)."""
    from pyarrow import ArrowException, parquet

    try:
        table = parquet.read_table(path, columns=["time", "age", "popmale", "popfemale", "deathmale", "deathfemale"])
    except (OSError, ArrowException) as error:
        raise DataError("D111", f"the file cannot be read: {error}", at=str(path), hint="give a Parquet file of single ages") from None
    columns = {name: np.array(table[name]) for name in table.column_names}
    inside = (columns["time"] >= start) & (columns["time"] <= until)
    year, age = columns["time"][inside] - start, np.minimum(columns["age"][inside], open_age)
    cube = np.zeros((2, until - start + 1, 2, open_age + 1))
    seen = np.zeros(cube.shape[1::2], dtype=int)
    np.add.at(seen, (year, age), 1)
    if not seen.all() or (seen[:, :open_age] > 1).any():
        place = np.argwhere((seen == 0) | (np.arange(open_age + 1) < open_age) & (seen > 1))[0]
        what = f"{start + place[0]}, age {place[1]} is {'missing' if not seen[tuple(place)] else 'there twice'}"
        raise DataError("D110", what, at=str(path), hint="give every age of every year once")
    for sex, name in enumerate(("male", "female")):
        np.add.at(cube[0, :, sex], (year, age), columns[f"pop{name}"][inside])
        np.add.at(cube[1, :, sex], (year, age), columns[f"death{name}"][inside])
    return cube[0], cube[1]


def _yearly(path: Path, years: range) -> dict[str, Array]:
    """The indicators of each year."""
    names = ("Births", "SRB", "NetMigrations")
    known = {int(number(line["Time"])): line for line in lines_of(path, None)}
    faults = [
        DataError("D110", f"{year} has no {name}", at=str(path), hint="give every year without a gap")
        for name in names
        for year in years
        if not np.isfinite(number(known.get(year, {}).get(name)))
    ]
    if faults:
        raise Problems(faults)
    return {name: np.array([number(known[year][name]) for year in years]) for name in names}


def read_annual(folder: str | Path, country: str) -> dict[str, dict[int, float]]:
    """Every column of the yearly files of a folder (tfr, tfr_80l, e0M, srb…) as {year: value}, in the files' own units; empty cells left out."""
    result: dict[str, dict[int, float]] = {}
    for path in sorted(Path(folder).glob("*.csv")):
        for line in lines_of(path, country):
            for name, text in line.items():
                if name not in ("iso3", "country_code", "year") and np.isfinite(number(text)):
                    result.setdefault(name, {})[int(line["year"])] = number(text)
    if not result:
        raise DataError("D110", f"there is nothing on {country}", at=str(folder), hint="give the three letters of ISO 3166-1, such as SEN")
    return result
