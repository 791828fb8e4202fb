"""Tables of a year, sex, age and value, as files have them, and the inputs of a projection from them. Every gap is reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from ..errors import InputError, Problems
from .demography_cells import SEXES
from .demography_inputs import Inputs
from .demography_migration import model_pattern, spread_total
from .lifetables import Array, Infant, Middle, mortality_ages

Stock = Literal["january", "mid_year"]
Kind = Literal["population", "mortality", "fertility", "sex_ratio", "migration", "migration_total", "births", "tfr"]
KINDS: tuple[str, ...] = get_args(Kind)
UNITS = {
    "population": "persons",
    "mortality": "deaths a person-year",
    "fertility": "births a woman a year",
    "sex_ratio": "boys for one girl",
    "migration": "persons",
    "migration_total": "persons",
    "births": "births",
    "tfr": "children a woman",
}
BY_SEX = ("population", "mortality", "migration")
BY_AGE = (*BY_SEX, "fertility")
MOST_SHOWN = 5


class Row(NamedTuple):
    """One value. sex is male, female or empty; age is the first of its group, -1 where the value has none. at: the line, for messages."""

    year: int
    sex: str
    age: int
    value: float
    at: str = ""


@dataclass(frozen=True)
class Conventions:
    """How the values are meant: see Inputs."""

    width: int = 1
    stock: Stock = "january"
    flows: Literal["interval", "calendar"] = "calendar"
    timing: Literal["end", "evenly"] = "end"
    infant: Infant = "andreev_kingkade"
    middle: Middle = "half"
    averaged: Literal["mx", "L"] = "mx"


@dataclass
class Gaps:
    """Problems that were found, a few of each sort in full."""

    found: list[InputError] = field(default_factory=list)

    def add(self, what: Sequence[str], at: str, hint: str) -> None:
        """One problem for each text up to a few, and one that counts the others."""
        self.found += [InputError("P118", text, at=at, hint=hint) for text in what[:MOST_SHOWN]]
        if len(what) > MOST_SHOWN:
            self.found.append(InputError("P118", f"{len(what) - MOST_SHOWN} others", at=at, hint=hint))


def assemble(
    tables: Mapping[str, Iterable[Row]],
    start: int,
    until: int,
    conventions: Conventions | None = None,
    *,
    pattern: Array | None = None,
    source: str = "",
) -> Inputs:
    """The inputs of a projection from `start` to the stock of `until`, from tables by kind (KINDS).

    Rates of an interval stand under the interval's first year. population, mortality, fertility and sex_ratio are needed. pattern: shares of
    migrants by (sex, age) for migration_total; by default the model schedule. Raises Problems with every year or age that is missing.
    """
    conventions = conventions or Conventions()
    gaps = Gaps()
    rows = {kind: list(each) for kind, each in tables.items()}
    gaps.add([kind for kind in rows if kind not in KINDS], "tables", f"the tables are {', '.join(KINDS)}")
    gaps.add([f"there is no table of {kind}" for kind in KINDS[:4] if not rows.get(kind)], "tables", "give its file")
    width = conventions.width
    if until <= start or (until - start) % width:
        gaps.add([f"no steps of {width} years lead from {start} to {until}"], "until", "give a later year, a multiple of the steps away")
    if gaps.found:
        raise Problems(gaps.found)
    halves = conventions.flows == "calendar" and conventions.stock == "mid_year"
    years = list(range(start, until + (1 if halves else 0), width))
    top = max(row.age for row in rows["population"])
    ages = tuple(range(0, top + 1, width))
    population = _cube("population", rows["population"], [start], ages, gaps)[0]
    values = {kind: _cube(kind, rows[kind], years, _ages(kind, rows[kind], width, ages), gaps) for kind in KINDS[1:] if rows.get(kind)}
    if gaps.found:
        raise Problems(gaps.found)
    first = min(row.age for row in rows["fertility"]) // width
    fertile = values.pop("fertility")
    fertility = np.pad(fertile, ((0, 0), (first, len(ages) - first - fertile.shape[1])))
    total = values.pop("migration_total", None)
    if "migration" not in values and total is not None:
        values["migration"] = spread_total(total, model_pattern(ages) if pattern is None else pattern)
    given: dict[str, Any] = {**values, **_meant(conventions)}
    return Inputs(start, width, population, fertility, **given, source=source)


def _meant(conventions: Conventions) -> dict[str, str]:
    """The conventions as fields of Inputs."""
    return {name: value for name, value in vars(conventions).items() if name != "width"}


def _ages(kind: str, rows: Sequence[Row], width: int, ages: tuple[int, ...]) -> tuple[int, ...]:
    """The ages that a table must have. Fertility: from the first to the last age that it has, as it is zero elsewhere."""
    if kind == "mortality":
        return mortality_ages(width, len(ages))
    if kind == "fertility":
        seen = [row.age for row in rows]
        return tuple(range(min(seen), min(max(seen), ages[-1]) + 1, width)) or ages
    return ages if kind in BY_AGE else (-1,)


def _cube(kind: str, rows: Iterable[Row], years: Sequence[int], ages: tuple[int, ...], gaps: Gaps) -> Array:
    """(year, sex, age) of a table, without the axes that it does not have; what is missing or there twice goes to `gaps`."""
    sexes = SEXES if kind in BY_SEX else ("",)
    index = {(year, sex, age): (y, s, a) for y, year in enumerate(years) for s, sex in enumerate(sexes) for a, age in enumerate(ages)}
    cube = np.full((len(years), len(sexes), len(ages)), np.nan)
    twice, strange, broken = [], set(), []
    wanted = set(years)
    for row in rows:
        if row.year not in wanted:
            continue
        place = index.get((row.year, row.sex, row.age))
        if place is None:
            strange.add(_words(row.sex, row.age))
        elif not np.isnan(cube[place]):
            twice.append(f"{row.year}, {_words(row.sex, row.age)} is there twice{row.at and f' ({row.at})'}")
        elif not np.isfinite(row.value):
            broken.append(f"{row.year}, {_words(row.sex, row.age)} has no number{row.at and f' ({row.at})'}")
            cube[place] = 0
        else:
            cube[place] = row.value
    gaps.add(twice, kind, "keep one of them")
    gaps.add(broken, kind, "a missing value is not zero: find it or estimate it")
    gaps.add([f"{words} is not expected" for words in sorted(strange)], kind, f"ages are {ages[0]} to {ages[-1]} as in the population, sexes {SEXES}")
    _missing(kind, cube, years, sexes, ages, gaps)
    return cube.reshape([len(years), *([2] if kind in BY_SEX else []), *([len(ages)] if kind in BY_AGE else [])])


def _missing(kind: str, cube: Array, years: Sequence[int], sexes: Sequence[str], ages: tuple[int, ...], gaps: Gaps) -> None:
    """Reports years that are missing, then ages and sexes that are missing in the other years."""
    absent = np.isnan(cube)
    whole = [bool(each.all()) for each in absent]
    gaps.add([f"the year {year} is missing" for year, gone in zip(years, whole, strict=True) if gone], kind, "give every year without a gap")
    cells = [(y, s, a) for y, s, a in np.argwhere(absent) if not whole[y]]
    gaps.add([f"{years[y]}, {_words(sexes[s], ages[a])} is missing" for y, s, a in cells], kind, "give every sex and age of every year")


def _words(sex: str, age: int) -> str:
    return ", ".join(part for part in (sex, f"age {age}" if age >= 0 else "") if part) or "the value"
