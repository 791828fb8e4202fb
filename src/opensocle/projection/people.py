"""The people of each year, from the demographic projection: mean population by sex and single age, births, deaths.

API: `read_people(assumptions) -> People`; `.population(year) -> (sex, age)`, `.births(year) -> (age,)`, `.deaths(year) -> (sex, age)`, `.hash`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from ..errors import InputError
from .demography import Projection, project
from .demography_data import read_dataset, read_inputs
from .demography_inputs import Inputs, Variant, variant
from .tables import AGES, OLDEST, SEXES, Array
from .un_files import read_five_year, read_un

if TYPE_CHECKING:
    from .assumptions import Assumptions

WIDTH = 5


@dataclass(frozen=True)
class People:
    """A projection read year by year. stock: the day of its stocks; the mean of a year is the stock of 1 July, or that between two of 1 January."""

    projection: Projection
    stock: Literal["january", "mid_year"] = "mid_year"

    @property
    def hash(self) -> str:
        return self.projection.hash

    @property
    def last(self) -> int:
        """The last year that can be read."""
        return self.projection.years[-1] - (self.stock == "january")

    def population(self, year: int) -> Array:
        """(sex, age): persons by completed years, mean of the year; 100 stands for 100 and over. Raises InputError P068."""
        first = self.projection.years[0]
        if not first <= year <= self.last:
            raise InputError("P068", f"the population of {year} is not projected", at="demography", hint=f"it is from {first} to {self.last}")
        if self.stock == "mid_year":
            return self._stock(year)
        return (self._stock(year) + self._stock(year + 1)) / 2

    def births(self, year: int) -> Array:
        """(age,): children born in the year by their mother's age; within five-year groups as the women are."""
        women = self.population(year)[SEXES.index("female")]
        return self._by_age(self.projection.births[self._interval(year)] / self.projection.width, women)

    def deaths(self, year: int) -> Array:
        """(sex, age): deaths of the year; within five-year groups as the persons are."""
        flows = self.projection.deaths[self._interval(year)] / self.projection.width
        return np.stack([self._by_age(row, persons) for row, persons in zip(flows, self.population(year), strict=True)])

    def _interval(self, year: int) -> int:
        """The interval that begins in the year, or holds it; the last one beyond it."""
        return min((year - self.projection.years[0]) // self.projection.width, len(self.projection.births) - 1)

    def _stock(self, year: int) -> Array:
        persons = self.projection.cells(year)["persons"].reshape(len(SEXES), -1)
        folded = np.zeros((len(SEXES), AGES))
        folded[:, : min(persons.shape[1], AGES)] = persons[:, :AGES]
        folded[:, OLDEST] += persons[:, AGES:].sum(axis=1)
        return folded

    def _by_age(self, groups: Array, persons: Array) -> Array:
        """Numbers by age group at single ages, in proportion to the persons there."""
        spread = np.zeros(AGES)
        for count, low in zip(groups, self.projection.ages, strict=True):
            high = AGES if low == self.projection.ages[-1] else low + self.projection.width
            inside = slice(min(low, OLDEST), max(min(high, AGES), min(low, OLDEST) + 1))
            total = float(persons[inside].sum())
            spread[inside] += count * (persons[inside] / total if total else 1 / max(inside.stop - inside.start, 1))
        return spread


def read_people(assumptions: Assumptions) -> People:
    """The people from the base year to the horizon, from the data that the assumptions name. Raises InputError, DataError, Problems."""
    inputs = _inputs(assumptions)
    until = inputs.until
    return People(project(inputs, until), inputs.stock)


def _inputs(assumptions: Assumptions) -> Inputs:
    told = assumptions.demography
    path = assumptions.data_path(told.path)
    first, last = assumptions.base_year, assumptions.horizon + 1
    if told.kind == "un_single_age":
        files: list[str | Path] = sorted(path.glob("*.csv*")) if path.is_dir() else [path]
        return read_un(files, told.country, first, last, variant=told.variant.capitalize())
    if told.kind == "un_five_year":
        start = first - first % WIDTH
        return read_five_year(path, told.country, start, last - 1 + (-(last - 1 - start)) % WIDTH, variant=told.variant)
    return _of_dataset(path, first, last - 1, told.variant)


def _of_dataset(path: Path, first: int, last: int, fertility: str) -> Inputs:
    """The inputs of data folders: from the last population that is not after the first year, to a stock that is not before the last."""
    population = next((found for folder in sorted(path.glob("*/data.yaml")) if (found := read_dataset(folder.parent)).kind == "population"), None)
    if population is None:
        raise InputError("P068", "there is no table of the population", at=str(path), hint="import one: docs/methods/demography.md")
    starts = [row.year for row in population.rows if row.year <= first]
    if not starts:
        raise InputError("P068", f"there is no population of {first} or before", at=str(path), hint="import that of the base year")
    width, start = int(population.heading.get("width", 1)), max(starts)
    after = last + (population.heading.get("stock", "january") == "january")
    inputs = read_inputs(path, start, start + max(-(-(after - start) // width), 1) * width)
    name = next((known for known in get_args(Variant) if known == fertility.lower()), None)
    if name is None:
        raise InputError("P068", f"{fertility!r} is no variant", at="demography.data.variant", hint="use low, medium or high")
    return variant(inputs, name)
