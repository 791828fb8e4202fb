"""The cohort-component method, in the conventions of the United Nations: both sexes, single or five-year ages.

    step(state, interval) -> (state, flows)        one interval, pure, on arrays
    project(inputs, until) -> Projection           the loop over time

Arrays end in (sex, age): males first, then females; the last age group is open. Any axes before these (paths, regions) are carried along.
Persons are floats: a projection is an estimate, not a count. Method and sources: docs/methods/demography.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..errors import InputError
from .demography_cells import Cells, single_ages
from .demography_inputs import Inputs
from .lifetables import Array, survival

FEMALE = 1
LEFT = 1e-5
"""The smallest number of persons that net emigration may leave in a cell of the start."""
FLOOR = 5e-4
"""What replaces a negative number of persons at the end. Both as in the United Nations' engine."""


class Interval(NamedTuple):
    """What is assumed of one interval of `width` years."""

    width: int
    survival: Array
    """(..., sex, age) S(x), by age at the end; S(0) from births; the last for the open group and the one before it together."""
    fertility: Array
    """(..., age) births a woman a year."""
    sex_ratio: Array
    """(...) boys born for one girl."""
    migration: Array | None = None
    """(..., sex, age) net migrants of the whole interval, persons; None in a closed population."""
    evenly: bool = False
    """Migrants come evenly: half at the start, who then live and give birth as the others, half at the end. Otherwise all at the end, by age then."""
    births: Array | None = None
    """(...) births of the interval, to which those of the fertility rates are scaled."""


class Flows(NamedTuple):
    """What happened in one interval, in persons: population at the end = at the start + births - deaths + migration."""

    births: Array
    """(..., age) by age of the mother."""
    born: Array
    """(..., sex)."""
    deaths: Array
    """(..., sex, age) by age that the dead would have reached at the end."""
    migration: Array
    """(..., sex, age) net, as applied: with the floors."""


def step(state: Array, interval: Interval) -> tuple[Array, Flows]:
    """The population at the end of an interval, and its flows. state: (..., sex, age), persons; it is left as it is."""
    moved = None if interval.migration is None else np.maximum(interval.migration, LEFT - state)
    half = moved / 2 if moved is not None and interval.evenly else None
    start = state if half is None else state + half
    aged = np.empty(np.broadcast_shapes(start.shape, interval.survival.shape))
    aged[..., 1:] = start[..., :-1]
    aged[..., -1] += start[..., -1]
    aged[..., 0] = 0
    end = aged * interval.survival
    if half is not None:
        end += half
    births = _births(start, end, interval)
    aged[..., 0] = born = _by_sex(births.sum(axis=-1), interval.sex_ratio)
    newborn = born * interval.survival[..., 0]
    end[..., 0] = newborn if half is None else newborn + half[..., 0]
    deaths = aged - aged * interval.survival
    if moved is None:
        return end, Flows(births, born, deaths, np.zeros(end.shape))
    if half is None:
        end += moved
    if end.min() < 0:
        short = np.where(end < 0, FLOOR - end, 0)
        end, moved = np.where(end < 0, FLOOR, end), moved + short
    return end, Flows(births, born, deaths, moved)


def _births(start: Array, end: Array, interval: Interval) -> Array:
    """Births by age of the mother: the rates times the mean of the women at the start and at the end, before end-of-interval migration."""
    women = (start[..., FEMALE, :] + end[..., FEMALE, :]) / 2
    births = interval.width * interval.fertility * women
    if interval.births is None:
        return births
    total = births.sum(axis=-1, keepdims=True)
    return births * (np.asarray(interval.births)[..., None] / np.where(total > 0, total, 1))


def _by_sex(births: Array, sex_ratio: Array) -> Array:
    """Boys and girls born, (..., sex)."""
    girls = births / (1 + sex_ratio)
    return np.stack([births - girls, girls], axis=-1)


@dataclass(frozen=True)
class Projection:
    """A projected population; stocks at the date of the inputs, flows of the intervals that begin in each year but the last."""

    years: tuple[int, ...]
    ages: tuple[int, ...]
    """First ages of the groups; the last is open."""
    population: Array
    """(year, sex, age), persons."""
    births: Array
    """(interval, age of the mother)."""
    born: Array
    """(interval, sex)."""
    deaths: Array
    """(interval, sex, age reached at the end)."""
    migration: Array
    """(interval, sex, age), net, as applied."""
    hash: str
    """SHA-256 of the inputs' hash and the years."""

    @property
    def width(self) -> int:
        """Years of a step, and of an age group."""
        return self.ages[1]

    @property
    def totals(self) -> Array:
        """(year), persons."""
        return self.population.sum(axis=(1, 2))

    def at(self, year: int) -> Array:
        """(sex, age), persons in a year. Between the stocks of five-year steps: on the straight line in time, age group by age group."""
        first, last = self.years[0], self.years[-1]
        if not first <= year <= last:
            raise InputError("P112", f"the projection has no year {year}", at="year", hint=f"it has {first} to {last}")
        index, past = divmod(year - first, self.width)
        if not past:
            return self.population[index]
        share = past / self.width
        return (1 - share) * self.population[index] + share * self.population[index + 1]

    def cells(self, year: int) -> Cells:
        """The columns age, sex and persons of a year, a row for each single age and sex; five-year groups are split by Sprague's method."""
        return single_ages(self.at(year), self.ages)


def intervals(inputs: Inputs, count: int) -> list[Interval]:
    """What the inputs assume of each of the first `count` intervals.

    Flows of calendar years and mid-year stocks: death rates (or person-years), fertility, births, sex ratio and migration of the interval
    are the mean of the two calendar years that it spans.
    """
    fertility, sex_ratio = _spanned(inputs, inputs.fertility, count), _spanned(inputs, inputs.sex_ratio, count)
    migration = None if inputs.migration is None else _spanned(inputs, inputs.migration, count)
    births = None if inputs.births is None else _spanned(inputs, inputs.births, count)
    ratio = _survival(inputs, count)
    return [
        Interval(
            inputs.width,
            ratio[n],
            fertility[n],
            sex_ratio[n],
            None if migration is None else migration[n],
            inputs.timing == "evenly",
            None if births is None else births[n],
        )
        for n in range(count)
    ]


def _spanned(inputs: Inputs, values: Array, count: int) -> Array:
    """The values of the intervals, from those of the intervals or of the calendar years."""
    return (values[:count] + values[1 : count + 1]) / 2 if inputs.halves else values[:count]


def _survival(inputs: Inputs, count: int) -> Array:
    """S(x) of the intervals: (interval, sex, age)."""
    if inputs.mortality is None:
        return _spanned(inputs, inputs.survival, count) if inputs.survival is not None else np.empty((0, 2, inputs.groups))
    if inputs.averaged == "mx":
        return survival(inputs.lived(_spanned(inputs, inputs.mortality, count)), inputs.width)
    return survival(_spanned(inputs, inputs.lived(inputs.mortality), count), inputs.width)


def count_steps(inputs: Inputs, until: int | None) -> int:
    """Steps from the start of the inputs to the stock of `until`, or as far as the inputs go. Raises InputError P112."""
    if until is None:
        return inputs.steps
    count, rest = divmod(until - inputs.start, inputs.width)
    if rest or not 0 < count <= inputs.steps:
        every = f" every {inputs.width} years" if inputs.width > 1 else ""
        raise InputError("P112", f"no projection to {until}", at="until", hint=f"these inputs go{every} from {inputs.start} to {inputs.until}")
    return count


def project(inputs: Inputs, until: int | None = None) -> Projection:
    """The population of each year (or fifth year) from the start of the inputs to `until`, or as far as the inputs go."""
    count = count_steps(inputs, until)
    groups = inputs.groups
    population = np.empty((count + 1, 2, groups))
    births, born = np.empty((count, groups)), np.empty((count, 2))
    deaths, migration = np.empty((count, 2, groups)), np.empty((count, 2, groups))
    population[0] = inputs.population
    for n, interval in enumerate(intervals(inputs, count)):
        population[n + 1], (births[n], born[n], deaths[n], migration[n]) = step(population[n], interval)
    for values in (population, births, born, deaths, migration):
        values.setflags(write=False)
    years = tuple(range(inputs.start, inputs.start + inputs.width * count + 1, inputs.width))
    digest = hashlib.sha256(f"{inputs.hash} {years}".encode()).hexdigest()
    return Projection(years, inputs.ages, population, births, born, deaths, migration, digest)
