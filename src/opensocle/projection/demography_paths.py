"""Many possible futures of a population: autoregressive deviations of fertility, mortality and migration, from a seed.

All paths move together: the state is an array (path, sex, age). Method: docs/methods/demography.md#paths.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ..errors import InputError, Problems
from .demography import Interval, count_steps, intervals, step
from .demography_inputs import Inputs
from .demography_migration import model_pattern
from .lifetables import Array, average_years, group_years, mortality_ages, person_years, survival

Keep = Literal["population", "totals"]
NORMAL_QUANTILE = {0.5: 0.6744897501960817, 0.8: 1.2815515655446004, 0.9: 1.6448536269514722, 0.95: 1.959963984540054}
"""Half the width of an interval of this probability, in standard deviations."""


@dataclass(frozen=True)
class Deviation:
    """How far a quantity strays from what is expected: d(t) = persistence · d(t - 1) + sd · e(t) each year, with e standard normal."""

    sd: float
    persistence: float = 1.0

    def problems(self, at: str) -> list[InputError]:
        """All that is wrong with it."""
        found = []
        if not (np.isfinite(self.sd) and self.sd >= 0):
            found.append(InputError("P117", f"the standard deviation is {self.sd}", at=at, hint="give a number from 0 on"))
        if not 0 <= self.persistence <= 1:
            found.append(InputError("P117", f"the persistence is {self.persistence}", at=at, hint="give a number from 0 to 1"))
        return found

    def spread(self, years: Array) -> Array:
        """Standard deviation after so many years."""
        if self.persistence == 1:
            return self.sd * np.sqrt(years)
        square = self.persistence**2
        return self.sd * np.sqrt((1 - square**years) / (1 - square))


@dataclass(frozen=True)
class Spread:
    """What is uncertain, and how much. The defaults are only of a usual size: fit them to your country (`fitted`)."""

    fertility: Deviation = field(default=Deviation(0.03, 0.98))
    """Of the logarithm of the children a woman."""
    mortality: Deviation = field(default=Deviation(0.01, 1.0))
    """Of the logarithm of the death rates, times `by_age`: the same for both sexes."""
    migration: Deviation = field(default=Deviation(0.0005, 0.8))
    """Of net migration a year, as a share of the population at the start of the interval."""
    by_age: tuple[float, ...] = ()
    """Weight of the mortality deviation at each age of the death rates, as b(x) of Lee and Carter; empty: 1 at all ages."""


def fitted(low: Sequence[float], high: Sequence[float], level: float = 0.8, *, logarithm: bool = True) -> Deviation:
    """The deviation whose intervals of probability `level` come nearest to given ones, the first one year after the start, then each year.

    logarithm: the bounds are of the quantity, the deviation is of its logarithm.
    """
    bounds = np.array([low, high], dtype=float)
    if level not in NORMAL_QUANTILE or bounds.ndim != 2 or not np.isfinite(bounds).all() or (logarithm and (bounds <= 0).any()):
        raise InputError("P117", "these are no intervals to fit to", at="low, high", hint=f"level is one of {', '.join(map(str, NORMAL_QUANTILE))}")
    bounds = np.log(bounds) if logarithm else bounds
    target = (bounds[1] - bounds[0]) / 2 / NORMAL_QUANTILE[level]
    years = np.arange(1, len(target) + 1, dtype=float)
    best, least = Deviation(0.0), np.inf
    for persistence in np.linspace(0, 1, 401):
        shape = Deviation(1.0, float(persistence)).spread(years)
        sd = max(float(shape @ target / (shape @ shape)), 0.0)
        miss = float(((sd * shape - target) ** 2).sum())
        if miss < least:
            best, least = Deviation(sd, float(persistence)), miss
    return best


@dataclass(frozen=True)
class Paths:
    """Projected paths. Stocks at the date of the inputs, flows of the intervals that begin in each year but the last."""

    years: tuple[int, ...]
    ages: tuple[int, ...]
    totals: Array
    """(year, path), persons."""
    births: Array
    """(interval, path)."""
    deaths: Array
    """(interval, path)."""
    migration: Array
    """(interval, path)."""
    population: Array | None
    """(year, path, sex, age), persons; None if only totals were kept."""
    seed: int
    hash: str
    """SHA-256 of the inputs' hash, the years, the spread, the seed and the number of paths."""

    def at(self, year: int) -> Array:
        """(path, sex, age), persons in a year of the stocks."""
        if self.population is None or year not in self.years:
            raise InputError("P112", f"there are no ages and sexes of {year}", at="year", hint="keep the population, and ask for a year of `years`")
        return self.population[self.years.index(year)]

    def quantiles(self, levels: Sequence[float] = (0.1, 0.5, 0.9)) -> Array:
        """(level, year): of the total population."""
        return np.quantile(self.totals, levels, axis=1)


def deviations(deviation: Deviation, paths: int, steps: int, width: int, seed: int, stream: int) -> Array:
    """(step, path): deviations of each interval of `width` years. The first paths are the same however many there are."""
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(stream,))))
    noise = generator.standard_normal((paths, steps)).T * deviation.spread(np.array(float(width)))
    stay = deviation.persistence**width
    made = np.empty((steps, paths))
    last = np.zeros(paths)
    for n in range(steps):
        made[n] = last = stay * last + noise[n]
    return made


def project_paths(
    inputs: Inputs, until: int | None = None, *, paths: int = 1000, seed: int, spread: Spread | None = None, keep: Keep = "population"
) -> Paths:
    """`paths` futures around the inputs, which are their centre: rates are multiplied by exp(deviation), migration has the deviation added.

    keep: `population` for every age and sex (8 bytes a cell: 120 MB for 1,000 paths of 75 years), or only `totals`.
    The same inputs, seed and NumPy give the same numbers.
    """
    spread = spread or Spread()
    _check(inputs, spread, paths, keep)
    count = count_steps(inputs, until)
    state = np.broadcast_to(inputs.population, (paths, 2, inputs.groups)).copy()
    stocks = np.empty((count + 1, *state.shape)) if keep == "population" else None
    totals, births, deaths, migration = (np.empty((count + 1 if n == 0 else count, paths)) for n in range(4))
    totals[0] = state.sum(axis=(1, 2))
    if stocks is not None:
        stocks[0] = state
    model = _Model(inputs, spread, paths, count, seed)
    for n in range(count):
        state, flows = step(state, model.interval(n, state))
        totals[n + 1] = state.sum(axis=(1, 2))
        births[n] = flows.births.sum(axis=1)
        deaths[n], migration[n] = flows.deaths.sum(axis=(1, 2)), flows.migration.sum(axis=(1, 2))
        if stocks is not None:
            stocks[n + 1] = state
    for values in (totals, births, deaths, migration, *([] if stocks is None else [stocks])):
        values.setflags(write=False)
    years = tuple(range(inputs.start, inputs.start + inputs.width * count + 1, inputs.width))
    digest = hashlib.sha256(f"{inputs.hash} {years} {spread} {seed} {paths}".encode()).hexdigest()
    return Paths(years, inputs.ages, totals, births, deaths, migration, stocks, seed, digest)


def _check(inputs: Inputs, spread: Spread, paths: int, keep: str) -> None:
    """Raises Problems with all that is wrong."""
    found = [fault for name in ("fertility", "mortality", "migration") for fault in getattr(spread, name).problems(f"spread.{name}")]
    if inputs.mortality is None:
        found.append(InputError("P117", "there are survival ratios instead of death rates", at="mortality", hint="give death rates for paths"))
    elif spread.by_age and len(spread.by_age) != inputs.mortality.shape[2]:
        found.append(InputError("P117", f"by_age has {len(spread.by_age)} ages", at="spread.by_age", hint=f"give {inputs.mortality.shape[2]}"))
    if inputs.averaged == "L":
        found.append(InputError("P117", "paths average death rates, not person-years", at="averaged", hint="use mx"))
    if paths < 1:
        found.append(InputError("P117", f"{paths} paths", at="paths", hint="give at least one"))
    if keep not in ("population", "totals"):
        found.append(InputError("P117", f"{keep!r} cannot be kept", at="keep", hint="use population or totals"))
    if found:
        raise Problems(found)


class _Model:
    """The interval of each step with an axis of paths: (path, sex, age)."""

    def __init__(self, inputs: Inputs, spread: Spread, paths: int, count: int, seed: int) -> None:
        self.inputs, self.width = inputs, inputs.width
        each = (spread.fertility, spread.mortality, spread.migration)
        drawn = [deviations(deviation, paths, count, self.width, seed, stream) for stream, deviation in enumerate(each)]
        self.fertility, self.mortality, self.migration = drawn
        self.centre = intervals(inputs, count)
        self.rates = death_rates(inputs, count)
        self.widths = np.diff(np.array(mortality_ages(self.width, inputs.groups), dtype=float))
        self.by_age = np.array(spread.by_age) if spread.by_age else np.ones(1)
        self.pattern = _pattern(inputs) if spread.migration.sd > 0 else None

    def interval(self, n: int, state: Array) -> Interval:
        """What is assumed of interval n, from the population at its start."""
        centre, inputs = self.centre[n], self.inputs
        rates = self.rates[n] * np.exp(self.mortality[n][:, None, None] * self.by_age)
        lived = person_years(rates, self.widths, average_years(rates, self.widths, inputs.infant, inputs.middle))[1]
        factor = np.exp(self.fertility[n])
        migration = centre.migration
        if self.pattern is not None:
            more = (self.migration[n] * self.width * state.sum(axis=(1, 2)))[:, None, None] * self.pattern
            migration = more if migration is None else more + migration
        return centre._replace(
            survival=survival(group_years(lived, self.width), self.width),
            fertility=centre.fertility * factor[:, None],
            sex_ratio=np.broadcast_to(centre.sex_ratio, factor.shape),
            migration=migration,
            births=None if centre.births is None else centre.births * factor,
        )


def death_rates(inputs: Inputs, count: int) -> Array:
    """(interval, sex, age): death rates of the intervals; of calendar years from mid-year to mid-year, the mean of two."""
    rates = inputs.mortality if inputs.mortality is not None else np.empty((0, 2, inputs.groups))
    return (rates[:count] + rates[1 : count + 1]) / 2 if inputs.halves else rates[:count]


def _pattern(inputs: Inputs) -> Array:
    """(sex, age), adding up to 1: by whom net migration strays: as those of the inputs who move, or else as the model schedule."""
    moving = np.zeros((2, inputs.groups)) if inputs.migration is None else abs(inputs.migration).mean(axis=0)
    return moving / moving.sum() if moving.sum() > 0 else model_pattern(inputs.ages)
