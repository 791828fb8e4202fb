"""Yearly values by sex, age and status: one `Series` for each group, as an array for a year.

API: `Table.grid(year, levels) -> float array` that broadcasts to (sex, age, status): an axis that the table does not depend on has length 1.
Sexes: 0 male, 1 female. Ages: completed years 0 to 99, and 100 for 100 and over. Statuses: in the order of STATUSES. NaN: not given for this status.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..law.model import Band
from .series import NO_LEVELS, Levels, Series

Array = NDArray[np.float64]

SEXES = ("male", "female")
STATUSES = ("formal_employee", "self_employed", "informal", "unemployed", "inactive")
EMPLOYED = STATUSES[:3]
AGES = 101
OLDEST = AGES - 1
DIMENSIONS = ("sex", "age", "status")
SHAPE = (len(SEXES), AGES, len(STATUSES))

Key = str | Band
"""male, female, both; a band of ages; a status."""


@dataclass(frozen=True)
class Table:
    """`by`: what the rows depend on, in the order of their keys; empty for one value for all."""

    by: tuple[str, ...]
    rows: Mapping[tuple[Key, ...], Series]
    source: str = ""

    @classmethod
    def constant(cls, value: Decimal | int, source: str = "") -> Table:
        return cls((), {(): Series.constant(value, source)}, source)

    def grid(self, year: int, levels: Levels = NO_LEVELS) -> Array:
        """The values of a year; its axes are sex, age and status, of length 1 where the table does not depend on them."""
        if self.is_constant:
            return self._constant
        return self._grid(year, levels)

    @cached_property
    def is_constant(self) -> bool:
        """Whether every row is the same in every year."""
        return all(series.is_constant for series in self.rows.values())

    @cached_property
    def _constant(self) -> Array:
        made = self._grid(0, NO_LEVELS)
        made.setflags(write=False)
        return made

    @cached_property
    def _slices(self) -> list[tuple[tuple[slice, ...], Series]]:
        return [(self._where(keys), series) for keys, series in self.rows.items()]

    def _grid(self, year: int, levels: Levels) -> Array:
        shape = tuple(length if name in self.by else 1 for name, length in zip(DIMENSIONS, SHAPE, strict=True))
        made = np.full(shape, np.nan)
        for where, series in self._slices:
            made[where] = series.number(year, levels)
        return made

    def _where(self, keys: tuple[Key, ...]) -> tuple[slice, ...]:
        named = dict(zip(self.by, keys, strict=True))
        return tuple(_slice(name, named.get(name)) for name in DIMENSIONS)

    def items(self) -> Iterator[tuple[str, Series]]:
        """Each row's label (`male, 15-24`; empty for one value for all) and series."""
        for keys, series in self.rows.items():
            yield ", ".join(map(str, keys)), series


def _slice(name: str, key: Key | None) -> slice:
    if key is None or key == "both":
        return slice(None)
    if isinstance(key, Band):
        return slice(min(key.low, OLDEST), AGES if key.high is None else min(key.high, OLDEST) + 1)
    at = (SEXES if name == "sex" else STATUSES).index(key)
    return slice(at, at + 1)
