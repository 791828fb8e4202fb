"""Totals over quantiles of persons, for many columns at once: the ranking is sorted once, and clusters are added up by quantile.

The same measure as `totals.over`, boundary and all: a total over the part between the shares p and q moves by a row's own value, by
m(q) × (q - 1[below q]) and by -m(p) × (p - 1[below p]), where m is the mean of the column near the boundary.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from .facts import added_up
from .measured import Array, Measured
from .quantiles import FAR, bandwidth
from .ranking import CLOSE, ranked
from .sample import Sample
from .view import View


class Parts:
    """A sample cut into `count` parts of equal size by a ranking, the lowest first."""

    def __init__(self, view: View, sample: Sample, ranking: Array, count: int) -> None:
        self.view, self.sample, self.ranking, self.count = view, sample, ranking, count
        self.order = order = ranked(sample, ranking)
        position = (order.upto - order.weights / 2) / order.size * count * (1 + CLOSE)
        self.starts = np.searchsorted(position, np.arange(1, count))
        group = np.searchsorted(self.starts, np.arange(len(order.rows)), side="right")
        self.group = np.empty(len(sample.rows), dtype=np.int64)
        self.group[order.rows] = group
        self.edges = order.values[np.minimum(self.starts, len(order.rows) - 1)]
        self.rows = np.bincount(self.group, minlength=count)

    def totals(self, column: Array) -> list[Measured]:
        """Σ weight × value in each part, with its influence by cluster."""
        weighted = self.sample.weights * column
        sums = added_up(self.group, weighted, self.count)
        if not self.view.influences:
            return [Measured(float(value), np.zeros(1), int(rows)) for value, rows in zip(sums, self.rows, strict=True)]
        size = self.view.ground.size
        own = added_up(self._cells, weighted, self.count * size).reshape(self.count, size)
        ordered = column[self.order.rows]
        near = [float(heights @ ordered[rows]) for rows, heights in self._near]
        shifts = [mean * (edge / self.count * self._upto[-1] - self._upto[edge - 1]) for edge, mean in enumerate(near, 1)]
        made = []
        for at in range(self.count):
            influence = own[at]
            influence = influence + shifts[at] if at < self.count - 1 else influence
            influence = influence - shifts[at - 1] if at else influence
            made.append(Measured(float(sums[at]), influence, int(self.rows[at])))
        return made

    @cached_property
    def _cells(self) -> np.ndarray:
        """Each row's quantile and cluster as one number."""
        return self.group * self.view.ground.size + self.view.ground.cell_of_household[self.sample.rows]

    @cached_property
    def _upto(self) -> Array:
        """(part, cluster): weights in this part and those below."""
        weights = added_up(self._cells, self.sample.weights, self.count * self.view.ground.size)
        return np.cumsum(weights.reshape(self.count, self.view.ground.size), axis=0)

    @cached_property
    def _near(self) -> list[tuple[slice, Array]]:
        """For each boundary: the ranked rows near it, and by how much each counts in a mean there."""
        width, order = bandwidth(self.sample, self.ranking), self.order
        found = []
        for edge in self.edges:
            first, last = (int(np.searchsorted(order.values, edge + sign * FAR * width, side)) for sign, side in ((-1, "left"), (1, "right")))
            away = (order.values[first:last] - edge) / width if width else np.zeros(last - first)
            heights = order.weights[first:last] * np.exp(-(away**2) / 2)
            found.append((slice(first, last), heights / heights.sum() if last > first else heights))
        return found
