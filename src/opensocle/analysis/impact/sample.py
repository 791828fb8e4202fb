"""A domain of a survey with its columns: what every measure is computed on. The design stays whole, whatever the domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...population.survey.design import Design
from ...population.survey.variance import standard_errors
from .measured import Array, Measured, undefined


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows of a design that are in a domain, with their weights (those of the design, or of one replicate).

    rows: positions in the design, ascending. Every column given to a measure has one value for each of these rows; NaN is missing.
    influences: whether measures work out influences; replicates do not need them.
    """

    design: Design
    rows: NDArray[np.int64]
    weights: Array
    influences: bool = True
    _orders: dict[int, tuple[Array, NDArray[np.int64]]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, design: Design) -> Sample:
        """The whole survey."""
        return cls(design, np.arange(design.rows), design.weights)

    def where(self, inside: NDArray[np.bool_]) -> Sample:
        """The part of this domain for which `inside` (row,) holds. Columns have to be cut by the same condition."""
        return Sample(self.design, self.rows[inside], self.weights[inside], self.influences)

    def known(self, *columns: Array) -> NDArray[np.bool_]:
        """Rows of positive weight on which all these columns are known."""
        inside = self.weights > 0
        for column in columns:
            inside &= ~np.isnan(column)
        return inside

    def order(self, column: Array) -> NDArray[np.int64]:
        """Positions in rising order of the column; sorted once."""
        kept = self._orders.get(id(column))
        if kept is None or kept[0] is not column:
            kept = self._orders[id(column)] = (column, np.argsort(column, kind="stable"))
        return kept[1]


def total(sample: Sample, column: Array) -> Measured:
    """Σ weight × value."""
    return Measured(float(sample.weights @ column), column, len(column))


def size(sample: Sample) -> Measured:
    """Σ weight."""
    return Measured(float(sample.weights.sum()), np.ones(len(sample.rows)), len(sample.rows))


def mean(sample: Sample, column: Array) -> Measured:
    """Weighted mean; undefined on an empty domain."""
    return total(sample, column) / size(sample) if len(column) else undefined(0)


def ratio(sample: Sample, above: Array, below: Array) -> Measured:
    """Quotient of two totals."""
    return total(sample, above) / total(sample, below)


def error(sample: Sample, measured: Measured) -> float:
    """The standard error by the sample's design; NaN where the measure is undefined. Raises DataError D041, D042."""
    if not measured.defined:
        return float("nan")
    influence = np.broadcast_to(measured.influence, len(sample.rows))
    return float(standard_errors(sample.design, sample.rows, sample.weights, influence)[0])


Columns = Mapping[str, Array]
