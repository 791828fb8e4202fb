"""Variances of estimates from a survey, by linearisation: strata, clusters, the share that was drawn; and confidence intervals.

An estimate moves with the weights as a total does: var(estimate) = var(Σ weight × influence). With t the total of a cluster, n and f the
number and the share of a stratum's clusters that were drawn,

    cov = Σ over strata (1 - f) n/(n - 1) Σ over clusters (t - mean t)(t - mean t)'

the first stage as if drawn with replacement (ultimate clusters), so that what happens within clusters needs no formula of its own: all but
the part f of it, where f is known and households were drawn within clusters. With h the total of a household and m their number, that adds

    Σ over strata f Σ over clusters m/(m - 1) Σ over households (h - mean h)(h - mean h)'

API: `variance(design, rows, weights, influences) -> (m, m)`, `standard_errors(...) -> (m,)`, `degrees_of_freedom(design, rows)`,
`interval(estimate, error, degrees, confidence, logit) -> (low, high)`. Method: docs/methods/survey.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError, InputError
from .design import Array, Design, Numbers, Units
from .student import quantile

Columns = Array | Sequence[Array]


def variance(design: Design, rows: Numbers, weights: Array, influences: Columns) -> Array:
    """The covariance (m, m) of m estimates.

    rows: positions in the design of the domain's rows; weights: (row of the domain,); influences: one column (row,), several as
    (row, m), or a sequence of m columns. Clusters without a row in the domain count with zero. NaN where the design has fewer than two
    clusters, or where only single clusters speak for all strata. Raises DataError D042 by the rule `refuse`, D041 for a wrong design.
    """
    stages, columns = _stages(design, rows), _columns(rows, weights, influences)
    if stages is None:
        return np.full((len(columns), len(columns)), np.nan)
    found = np.zeros((len(columns), len(columns)))
    for stage in stages:
        away = np.stack([stage.away(weights * column) for column in columns])
        found += away @ away.T
    return found


def standard_errors(design: Design, rows: Numbers, weights: Array, influences: Columns) -> Array:
    """The standard errors (m,) of m estimates: see `variance`."""
    stages, columns = _stages(design, rows), _columns(rows, weights, influences)
    if stages is None:
        return np.full(len(columns), np.nan)
    squares = [sum(float(away @ away) for stage in stages for away in (stage.away(weights * column),)) for column in columns]
    return np.sqrt(np.array(squares))


@dataclass(frozen=True, eq=False)
class _Stage:
    """One stage of drawing: units within wholes (clusters in strata, households in clusters). of: (row of the domain,) its unit.

    whole: (unit,) the one it lies in; sizes: (whole,) units; scales: (whole,) root of what squares count for; middle: wholes of one unit
    that is compared with the mean of all units, none for its own.
    """

    of: Numbers
    whole: Numbers
    sizes: Numbers
    scales: Array
    middle: NDArray[np.bool_] | None = None

    def away(self, amounts: Array) -> Array:
        """(unit,): the unit's total less the mean of its whole's, scaled; the variance is the sum of squares."""
        totals = np.bincount(self.of, amounts, len(self.whole)).astype(np.float64, copy=False)
        means = np.bincount(self.whole, totals, len(self.sizes)) / self.sizes
        if self.middle is not None:
            means[self.middle] = totals.mean()
        totals -= means[self.whole]
        totals *= self.scales[self.whole]
        return totals


def _stages(design: Design, rows: Numbers) -> list[_Stage] | None:
    """Clusters within strata; households within clusters, for the part that the correction (1 - f) takes away. None: nothing says how units vary.

    Of a cluster with a single household, nothing is known of what varies within.
    """
    units = design.units
    _refuse(design, units)
    factors, grown = _factors(design, units)
    if grown is None or (units.count < 2 and units.left.any()):
        return None
    middle = units.single if design.single == "centre" and units.single.any() else None
    clusters = design.clusters if len(rows) == design.rows and _in_order(rows) else design.clusters[rows]
    first = _Stage(clusters, units.strata, units.sizes, np.sqrt(grown * factors), middle)
    if design.homes is None or design.fractions is None:
        return [first]
    of, share = np.zeros(int(design.homes.max(initial=-1)) + 1, np.int64), np.zeros(units.count)
    of[design.homes], share[design.clusters] = design.clusters, design.fractions
    sizes = np.bincount(of, minlength=units.count)
    return [first, _Stage(design.homes[rows], of, sizes, np.sqrt(share * sizes / np.maximum(sizes - 1, 1)))]


def _refuse(design: Design, units: Units) -> None:
    if design.single == "refuse" and units.single.any():
        what = f"{int(units.single.sum())} strata have one sampled cluster: {units.naming(units.single)}"
        raise DataError("D042", what, hint="join them with others, or say single: certain, centre or average")


def _columns(rows: Numbers, weights: Array, influences: Columns) -> Sequence[Array]:
    """The influences, one column for each estimate. Raises InputError D041 where a column is not the domain's."""
    columns: Sequence[Array] = influences if not isinstance(influences, np.ndarray) else [*influences.T] if influences.ndim == 2 else [influences]
    for column in (weights, *columns):
        if len(column) != len(rows):
            raise InputError("D041", f"a column has {len(column)} values for the domain's {len(rows)} rows")
    return columns


def _in_order(rows: Numbers) -> bool:
    return bool((rows[1:] > rows[:-1]).all()) if len(rows) else True


def _factors(design: Design, units: Units) -> tuple[Array, float | None]:
    """(1 - f) n/(n - 1) of each stratum, and what all is multiplied by; None where no stratum says how clusters vary."""
    factors = units.left * units.sizes / np.maximum(units.sizes - 1, 1)
    if design.single == "centre" or not units.single.any():
        return factors, 1.0
    factors = np.where(units.single, 0.0, factors)
    if design.single == "average":
        return factors, len(units.sizes) / units.counted if units.counted else None
    return factors, 1.0


def degrees_of_freedom(design: Design, rows: Numbers | None = None) -> int:
    """Clusters less strata; of a domain (positions of its rows): those with a row in it. With replicate weights: see `replication.py`."""
    units = design.units
    if rows is None:
        return units.count - len(units.sizes)
    return int(len(np.unique(design.clusters[rows])) - len(np.unique(design.strata[rows])))


def interval(estimate: float, error: float, degrees: float, confidence: float = 0.95, logit: bool = False) -> tuple[float, float]:
    """A confidence interval by Student's t. logit: of a share, on the scale of log(p/(1-p)), so that it stays between 0 and 1.

    (NaN, NaN) where the estimate or its error is unknown, where no degree of freedom is left, and by logit for a share of 0 or 1.
    """
    if not 0 < confidence < 1:
        raise InputError("D043", f"a confidence of {confidence} is not possible", hint="write 0.95 for 95 %")
    if not (math.isfinite(estimate) and math.isfinite(error) and degrees > 0):
        return math.nan, math.nan
    reach = quantile((1 + confidence) / 2, degrees)
    if not logit:
        return estimate - reach * error, estimate + reach * error
    if not 0 < estimate < 1:
        return math.nan, math.nan
    middle, reach = math.log(estimate / (1 - estimate)), reach * error / (estimate * (1 - estimate))
    return _share(middle - reach), _share(middle + reach)


def _share(odds: float) -> float:
    """p of log(p/(1-p)), without overflow."""
    return 1 / (1 + math.exp(-odds)) if odds > 0 else math.exp(odds) / (1 + math.exp(odds))
