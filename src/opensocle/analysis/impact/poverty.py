"""Poverty measures. A person is poor whose welfare is strictly below the line; everyone with a known welfare and line is counted.

A line is an amount, an amount for each row, or a `Measured` line (`relative_line`), whose own influence the measures then carry on. `inside` is
the domain to measure where the line rests on the whole sample: a region's poor by the national line.

Methods: Foster, J., Greer, J. and Thorbecke, E. (1984), A class of decomposable poverty measures, Econometrica 52(3), 761-766; Watts, H. (1968);
Sen, A. (1976), Econometrica 44(2), 219-231; Shorrocks, A. (1995), Revisiting the Sen poverty index, Econometrica 63(5), 1225-1230; Osier, G. (2009),
Survey Research Methods 3(3), 167-195 (lines and the median gap). docs/methods/impact.md says what each does with zero and negative welfare.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .measured import Array, Measured, undefined
from .quantiles import density, quantile, within
from .ranking import NONE, Ranked, average, of_rows, ranked, result
from .sample import Sample

Inside = NDArray[np.bool_]
Line = float | Array | Measured


@dataclass(frozen=True, eq=False)
class Poor:
    """The poor of a domain. rows: their positions in the sample; ratios: welfare / line of each; known: rows that are counted; z: the line.

    column: what is compared with z; the welfare itself, or, where each row has its own line (`own`), welfare / line with a line of 1.
    """

    known: Inside
    rows: NDArray[np.int64]
    ratios: Array
    column: Array
    z: float
    size: float
    own: bool

    def ranked(self, sample: Sample) -> Ranked:
        """The poor by their ratios; without a sort of their own where the whole sample has been sorted."""
        if self.own:
            return of_rows(sample, self.rows, self.ratios)
        order = ranked(sample, self.column).below(self.z).only(self.known)
        return Ranked(order.rows, order.values / self.z, order.weights)

    def density(self, sample: Sample, at: float) -> float:
        """Of `column`, in the domain."""
        if not self.own:
            return density(sample, self.column, at, self.known)
        return density(sample.where(self.known), self.column[self.known], at)


def relative_line(sample: Sample, column: Array, share: float = 0.6, of: Literal["median", "mean"] = "median") -> Measured:
    """A share of the sample's median or mean. Raises InputError A060 for a negative share."""
    within("share", share, 0)
    return share * (quantile(sample, column) if of == "median" else average(sample, column, sample.known(column)))


def the_poor(sample: Sample, column: Array, line: Line, inside: Inside | None = None, known: Inside | None = None) -> Poor | None:
    """Who is poor; None where nobody is counted, or a line is not a number above zero. known: who is counted at most."""
    z = line.estimate if isinstance(line, Measured) else line
    counted = sample.known(column) if known is None else sample.known(column) & known
    if inside is not None:
        counted &= inside
    own = isinstance(z, np.ndarray)
    if own:
        counted &= ~np.isnan(z)
        if np.any((z <= 0) | np.isinf(z), where=counted):
            return None
        column, z = np.divide(column, z, out=np.full(len(column), nan), where=counted), 1.0
    size = float(np.sum(sample.weights, where=counted))
    if not (z > 0 and isfinite(z) and size):
        return None
    rows = np.flatnonzero(counted & (column < z))
    return Poor(counted, rows, column[rows] / z, column, float(z), size, own)


def moved(sample: Sample, measured: Measured, line: Line, slope: float) -> Measured:
    """The measure at a line that is itself estimated. slope: of the measure with the line."""
    if not (isinstance(line, Measured) and sample.influences and measured.defined and slope and isfinite(slope)):
        return measured
    return Measured(measured.estimate, measured.influence + slope * line.influence, measured.observations)


def fgt(sample: Sample, column: Array, line: Line, alpha: float = 0.0, inside: Inside | None = None) -> Measured:
    """Foster, Greer and Thorbecke: mean of ((z - y) / z)^alpha over all, 0 for those not poor. 0: headcount ratio, 1: gap, 2: severity.

    Raises InputError A060 for a negative alpha.
    """
    within("alpha", alpha, 0)
    poor = the_poor(sample, column, line, inside)
    if poor is None:
        return undefined(len(sample.rows))
    gaps = 1 - poor.ratios
    values = np.zeros(len(sample.rows))
    values[poor.rows] = gaps**alpha if alpha else 1.0
    measured = average(sample, values, poor.known)
    if not isinstance(line, Measured) or not sample.influences:
        return measured
    if alpha:
        slope = float(sample.weights[poor.rows] @ (alpha * gaps ** (alpha - 1) * poor.ratios)) / (poor.z * poor.size)
    else:
        slope = poor.density(sample, poor.z)
    return moved(sample, measured, line, slope)


def income_gap_ratio(sample: Sample, column: Array, line: Line, inside: Inside | None = None) -> Measured:
    """Mean shortfall of the poor as a share of the line. Undefined where nobody is poor."""
    return fgt(sample, column, line, 1, inside) / fgt(sample, column, line, 0, inside)


def watts(sample: Sample, column: Array, line: Line, inside: Inside | None = None) -> Measured:
    """Mean of ln(z / y), 0 for those not poor, among those with welfare above zero."""
    poor = the_poor(sample, column, line, inside, column > 0)
    if poor is None:
        return undefined(len(sample.rows))
    values = np.zeros(len(sample.rows))
    values[poor.rows] = -np.log(poor.ratios)
    share = float(sample.weights[poor.rows].sum()) / poor.size
    return moved(sample, average(sample, values, poor.known), line, share / poor.z)


def sen(sample: Sample, column: Array, line: Line, inside: Inside | None = None) -> Measured:
    """Sen's index in its continuous form, H (I + (1 - I) G): headcount, income gap ratio and the poor's own Gini coefficient."""
    poor = the_poor(sample, column, line, inside)
    if poor is None:
        return undefined(len(sample.rows))
    order = poor.ranked(sample)
    gaps, above = 1 - order.values, order.size - order.ranks
    both = order.size * poor.size
    estimate = 2 * float((order.weights * gaps) @ above) / both if order.size else 0.0
    influence = NONE
    if sample.influences:
        pairs = gaps * above + order.middle(order.weights * gaps)
        influence = order.back(2 * pairs / both - estimate / order.size if order.size else gaps, len(sample.rows)) - estimate / poor.size
    measured = result(sample, estimate, influence, poor.known)
    if not (isinstance(line, Measured) and sample.influences and order.size):
        return measured
    entering = poor.density(sample, poor.z) * poor.size
    slope = 2 * float((order.weights * order.values) @ above) / (both * poor.z)
    entry = 2 * float(order.weights @ gaps) / both - estimate / order.size
    return moved(sample, measured, line, slope + entering * entry)


def sen_shorrocks_thon(sample: Sample, column: Array, line: Line, inside: Inside | None = None) -> Measured:
    """Sen, Shorrocks and Thon: mean gap × (1 + Gini coefficient of the gaps of all, 0 for those not poor)."""
    poor = the_poor(sample, column, line, inside)
    if poor is None:
        return undefined(len(sample.rows))
    order = poor.ranked(sample)
    gaps, above = 1 - order.values, poor.size - order.ranks
    shortfall = order.weights * gaps
    estimate = 2 * float(shortfall @ above) / poor.size**2
    influence = NONE
    if sample.influences:
        total = float(shortfall.sum())
        influence = order.back(gaps * above + order.middle(shortfall) - total, len(sample.rows)) + total
        influence = 2 * (influence / poor.size**2 - estimate / poor.size)
    slope = 2 * float((order.weights * order.values) @ above) / (poor.size**2 * poor.z)
    return moved(sample, result(sample, estimate, influence, poor.known), line, slope)


def relative_median_gap(sample: Sample, column: Array, line: Line, inside: Inside | None = None) -> Measured:
    """Relative median poverty gap: how far the median of the poor lies below the line, as a share of it. Undefined where nobody is poor."""
    poor = the_poor(sample, column, line, inside)
    if poor is None or not len(poor.rows):
        return undefined(len(sample.rows))
    order = poor.ranked(sample)
    ratio = float(order.values[order.reaching(0.5)])
    influence = _of_median(sample, poor, order, ratio, line) if sample.influences else NONE
    return Measured(1 - ratio, influence, int(np.count_nonzero(poor.known)))


def _of_median(sample: Sample, poor: Poor, order: Ranked, ratio: float, line: Line) -> Array:
    """Influence of the relative median gap. The median m of the poor solves F(m) = F(z) / 2, F the distribution in the domain."""
    median = ratio * poor.z
    at_line, at_median = poor.density(sample, poor.z), poor.density(sample, median)
    if not (isfinite(at_median) and at_median):
        return np.zeros(len(sample.rows))
    headcount = order.size / poor.size
    half = ((poor.column < poor.z) - headcount) / 2
    influence = np.where(poor.known, (half - ((poor.column <= median) - headcount / 2)) / (poor.size * at_median), 0.0)
    influence = -influence / poor.z
    if isinstance(line, Measured):
        influence = influence + (ratio / poor.z - at_line / (2 * at_median * poor.z)) * line.influence
    return influence
