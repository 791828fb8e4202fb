"""A yearly value: constant, between given years, growing, or following a series of the economy.

    0.05                                               the same every year
    {values: {2025: 0.05, 2030: 0.03}}                 linear between the years given, constant outside
    {values: {2025: 0.05, 2030: 0.03}, between: step}  each value until the next; the first also before it
    {value: 1000, year: 2025, growth: 0.03}            value(t) = value(t − 1) × (1 + growth(t)), before the year too
    {value: 1000, year: 2025, follows: wages}          value × level of the series in t / level in 2025

API: `Series.value(year, levels) -> Decimal`, `Series.number(year, levels) -> float`; `levels` are the economy's: {series: {year: level}}.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from ..errors import InputError, nearest
from ..law.model import Place
from ..money import CONTEXT

Levels = Mapping[str, Mapping[int, Decimal]]
"""Levels of the economy's series by name and year; what matters is their ratio."""

NO_LEVELS: Levels = {}


@dataclass(frozen=True)
class Series:
    """A value for every year. `points`: years and values, sorted; a constant has one, in year 0."""

    points: tuple[tuple[int, Decimal], ...]
    between: Literal["linear", "step"] = "linear"
    growth: Series | None = None
    follows: str = ""
    source: str = ""
    place: Place = field(default=Place(), compare=False)

    @classmethod
    def constant(cls, value: Decimal | int, source: str = "") -> Series:
        return cls(((0, Decimal(value)),), source=source)

    @property
    def is_constant(self) -> bool:
        """Whether it is the same in every year."""
        return len(self.points) == 1 and self.growth is None and not self.follows

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are given."""
        return tuple(year for year, _ in self.points if year)

    def value(self, year: int, levels: Levels = NO_LEVELS) -> Decimal:
        """The value of a year. Raises InputError P060 where it follows a series whose levels are not given."""
        since, first = self.points[0]
        if self.growth is not None:
            return _grown(first, self.growth, since, year, levels)
        if self.follows:
            return fine(CONTEXT.multiply(first, _ratio(self.follows, since, year, levels)))
        position = bisect_right(self.points, year, key=lambda point: point[0]) - 1
        if position < 0:
            return first
        before, low = self.points[position]
        if self.between == "step" or position == len(self.points) - 1 or year == before:
            return low
        after, high = self.points[position + 1]
        return fine(low + CONTEXT.divide((high - low) * (year - before), Decimal(after - before)))

    def number(self, year: int, levels: Levels = NO_LEVELS) -> float:
        """The value of a year as a floating-point number, for arrays."""
        return float(self.points[0][1] if self.is_constant else self.value(year, levels))


_FINE = Decimal("1e-12")


def fine(number: Decimal) -> Decimal:
    """The number with 12 decimals, as projected values are kept."""
    return number.quantize(_FINE, context=CONTEXT)


def _ratio(series: str, since: int, year: int, levels: Levels) -> Decimal:
    known = levels.get(series, {})
    for asked in (since, year):
        if asked not in known:
            what = f"the series {series!r} has no level for {asked}" if known else f"there is no series {series!r}"
            raise InputError("P060", what, hint=nearest(series, list(levels)) if not known else f"it runs from {min(known)} to {max(known)}")
    return CONTEXT.divide(known[year], known[since])


def _grown(value: Decimal, growth: Series, since: int, year: int, levels: Levels) -> Decimal:
    factor = Decimal(1)
    for passed in range(min(since, year) + 1, max(since, year) + 1):
        factor = fine(CONTEXT.multiply(factor, 1 + growth.value(passed, levels)))
    return fine(CONTEXT.multiply(value, factor) if year >= since else CONTEXT.divide(value, factor))


def levels_of(growth: Series, base_year: int, first: int, last: int) -> dict[int, Decimal]:
    """The levels of a series that grows: 1 in the base year, level(t) = level(t − 1) × (1 + growth(t)), 12 decimals."""
    levels = {base_year: Decimal(1)}
    for year in range(base_year + 1, last + 1):
        levels[year] = fine(CONTEXT.multiply(levels[year - 1], 1 + growth.value(year)))
    for year in range(base_year - 1, first - 1, -1):
        levels[year] = fine(CONTEXT.divide(levels[year + 1], 1 + growth.value(year + 1)))
    return dict(sorted(levels.items()))
