"""A domain's rows in rising order of a column: what curves, ranks and quantiles share. A column is sorted once for each sample."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from .measured import Array, Measured, undefined
from .sample import Sample

CLOSE = 1e-12  # a cumulated share of weights that is less than this below a boundary reaches it: sums of weights are not exact
NONE = np.zeros(1)
"""The influences of a measure on a sample that works none out: they stretch to any number of rows."""


@dataclass(frozen=True, eq=False)
class Ranked:
    """Rows with a known value and a weight above zero, the lowest value first. rows: their positions in the sample; the rest in their order."""

    rows: NDArray[np.int64]
    values: Array
    weights: Array

    @cached_property
    def upto(self) -> Array:
        """Weight of a row and of all before it."""
        return np.cumsum(self.weights)

    @property
    def size(self) -> float:
        """Weight of all."""
        return float(self.upto[-1]) if len(self.rows) else 0.0

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where each distinct value begins."""
        if not len(self.rows):
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(np.concatenate([[True], self.values[1:] != self.values[:-1]]))

    @cached_property
    def ranks(self) -> Array:
        """Weight of all below a row, and half of that of all level with it."""
        return self.middle(self.weights)

    @cached_property
    def width(self) -> float:
        """Standard deviation × (sum of weights)^(-1/5): how far a kernel reaches. Zero where all values are equal, or there is no row."""
        if not self.size:
            return 0.0
        mean = float(self.weights @ self.values) / self.size
        return sqrt(float(self.weights @ (self.values - mean) ** 2) / self.size) * self.size**-0.2

    def middle(self, amounts: Array) -> Array:
        """Sum of the amounts of all rows below a row, and half of those of the rows level with it (itself included)."""
        if len(self.starts) == len(self.rows):
            return np.cumsum(amounts) - amounts / 2
        sums = np.add.reduceat(amounts, self.starts)
        return np.repeat(np.cumsum(sums) - sums / 2, np.diff(self.starts, append=len(self.rows)))

    def reaching(self, share: float) -> int:
        """The first row with which the weights reach this share of all."""
        return min(int(np.searchsorted(self.upto, share * self.size * (1 - CLOSE))), len(self.rows) - 1)

    def level(self, place: int) -> slice:
        """The rows that have the same value as the row at this place."""
        value = self.values[place]
        return slice(int(np.searchsorted(self.values, value)), int(np.searchsorted(self.values, value, side="right")))

    def below(self, value: float) -> Ranked:
        """The rows whose value is less than this."""
        rest = int(np.searchsorted(self.values, value))
        return Ranked(self.rows[:rest], self.values[:rest], self.weights[:rest])

    def only(self, inside: NDArray[np.bool_]) -> Ranked:
        """The rows that are inside; `inside` has one value for each row of the sample."""
        kept = inside[self.rows]
        return self if kept.all() else Ranked(self.rows[kept], self.values[kept], self.weights[kept])

    def back(self, influences: Array, rows: int) -> Array:
        """Influences in the sample's own order; rows that are not ranked have none."""
        spread = np.zeros(rows)
        spread[self.rows] = influences
        return spread


_KEPT: WeakKeyDictionary[Sample, dict[int, tuple[Array, Ranked]]] = WeakKeyDictionary()


def ranked(sample: Sample, column: Array) -> Ranked:
    """The sample in rising order of the column. Kept as long as the sample."""
    kept = _KEPT.setdefault(sample, {})
    found = kept.get(id(column))
    if found is None or found[0] is not column:
        known, order = sample.known(column), sample.order(column)
        rows = order if known.all() else order[known[order]]
        found = kept[id(column)] = (column, Ranked(rows, column[rows], sample.weights[rows]))
    return found[1]


def of_rows(sample: Sample, rows: NDArray[np.int64], values: Array) -> Ranked:
    """Some rows of the sample, ranked by values that only they have. Not kept."""
    order = np.argsort(values, kind="stable")
    return Ranked(rows[order], values[order], sample.weights[rows[order]])


def result(sample: Sample, estimate: float, influence: Array, inside: NDArray[np.bool_]) -> Measured:
    """A measure that rests on the rows inside; the others have no influence on it."""
    if not np.isfinite(estimate):
        return undefined(len(sample.rows))
    observations = int(np.count_nonzero(inside))
    return Measured(estimate, np.where(inside, influence, 0.0) if sample.influences else NONE, observations)


def average(sample: Sample, values: Array, inside: NDArray[np.bool_]) -> Measured:
    """Weighted mean over the rows inside. Values of other rows do not matter."""
    size = float(np.sum(sample.weights, where=inside))
    if not size:
        return undefined(len(sample.rows))
    mean = float(np.sum(sample.weights * values, where=inside)) / size
    return result(sample, mean, (values - mean) / size if sample.influences else NONE, inside)
