"""Readers of the CSV files that the United Nations publish with the World Population Prospects (tidy extracts: tidy_files.py).

    read_un(files, "SEN", 2025, 2100)              the UN's own files, .csv or .csv.gz, recognised by their columns
    un_rows(path, "mortality", "SEN")              one table, as rows

Units of the result: persons, rates a person-year, boys for one girl. The UN publishes thousands, births a thousand women and boys for 100 girls.
Layouts: docs/methods/demography.md#files.
"""

from __future__ import annotations

import csv
import gzip
import math
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from ..errors import DataError
from .demography_inputs import Inputs
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
        opened = gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig")
        with opened as file:
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
