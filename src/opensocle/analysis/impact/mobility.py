"""Who gains and who loses between two incomes: the impoverished, gains of the poor, growth along the distribution, winners and losers.

A change smaller than a billionth of the incomes is none: it comes from sums of numbers that are not exact.

Methods: Higgins, S. and Lustig, N. (2016), Can a poverty-reducing and progressive tax and transfer system hurt the poor?, Journal of Development
Economics 122, 63-75 (fiscal impoverishment and gains of the poor). Growth incidence: Ravallion, M. and Chen, S. (2003), Measuring pro-poor growth,
Economics Letters 78, 93-99, and Grimm, M. (2007), Removing the anonymity axiom in assessing pro-poor growth, Journal of Economic Inequality 5,
179-197.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from .measured import Array, Measured, undefined
from .poverty import Inside, Line, moved
from .quantiles import density, quantile
from .ranking import average
from .sample import Sample
from .totals import EVERYBODY, Part, Place, over, quotient

EXACT = 1e-9


def change(before: Array, after: Array) -> Array:
    """After less before; 0 where that is less than a billionth of them."""
    moves = after - before
    return np.where(np.abs(moves) <= EXACT * np.maximum(np.abs(before), np.abs(after)), 0.0, moves)


def fiscal_impoverishment(sample: Sample, before: Array, after: Array, line: Line, inside: Inside | None = None) -> Measured:
    """What the poor lose, and those made poor lose below the line, over all persons: mean of min(before, z) - min(before, after, z).

    It holds that fiscal_impoverishment - fiscal_gains = z × (poverty gap ratio after - before).
    """
    return _between(sample, before, after, line, inside)


def fiscal_gains(sample: Sample, before: Array, after: Array, line: Line, inside: Inside | None = None) -> Measured:
    """What the poor gain up to the line, over all persons: mean of min(after, z) - min(before, after, z)."""
    return _between(sample, after, before, line, inside)


def _between(sample: Sample, high: Array, low: Array, line: Line, inside: Inside | None) -> Measured:
    """Mean of min(high, z) - min(high, low, z)."""
    z = line.estimate if isinstance(line, Measured) else line
    counted = _counted(sample, high, low, line, inside)
    lesser = np.minimum(high, low)
    measured = average(sample, np.minimum(high, z) - np.minimum(lesser, z), counted)
    if not isinstance(line, Measured) or not measured.defined:
        return measured
    return moved(sample, measured, line, average(sample, ((lesser < z) & (high >= z)).astype(float), counted).estimate)


def _counted(sample: Sample, before: Array, after: Array, line: Line, inside: Inside | None) -> Inside:
    """Rows on which all is known; none where a line is unknown for all or not above zero."""
    counted = sample.known(before, after, line) if isinstance(line, np.ndarray) else sample.known(before, after)
    if inside is not None:
        counted &= inside
    z = line.estimate if isinstance(line, Measured) else line
    return counted & bool(np.all((np.asarray(z) > 0) | ~counted))


def impoverished(sample: Sample, before: Array, after: Array, line: Line, inside: Inside | None = None) -> Measured:
    """Share of persons who are poor after and have less than before: those made poor, and the poor made poorer."""
    return _moved_to(sample, after, change(before, after) < 0, _counted(sample, before, after, line, inside), line)


def gaining_poor(sample: Sample, before: Array, after: Array, line: Line, inside: Inside | None = None) -> Measured:
    """Share of persons who are poor before and have more after."""
    return _moved_to(sample, before, change(before, after) > 0, _counted(sample, before, after, line, inside), line)


def _moved_to(sample: Sample, income: Array, who: Inside, counted: Inside, line: Line) -> Measured:
    """Share of persons who are among `who` and have an income below the line."""
    z = line.estimate if isinstance(line, Measured) else line
    measured = average(sample, (who & (income < z)).astype(float), counted)
    if not isinstance(line, Measured) or not measured.defined:
        return measured
    share = average(sample, who.astype(float), counted).estimate
    return moved(sample, measured, line, share * density(sample, income, line.estimate, counted & who) if share else 0.0)


def growth_at(sample: Sample, before: Array, after: Array, share: float) -> Measured:
    """The growth incidence curve at a share: growth of the quantile, whoever is there. Undefined where the quantile before is not above zero."""
    both = sample.known(before, after)
    start, end = (quantile(sample, np.where(both, column, np.nan), share) for column in (before, after))
    return end / start - 1 if start.estimate > 0 else undefined(len(sample.rows))


def growth(sample: Sample, before: Array, after: Array, part: Part, way: Literal["groups", "persons"] = "groups") -> Measured:
    """Growth of the mean income of a part of the ranking.

    groups: those who are in the part after compared with those who were before (the incidence curve by groups); persons: the same persons, ranked
    by their income before. Undefined where the mean before is not above zero.
    """
    known = sample.known(before, after)
    ones = np.ones(len(before))
    first = Place(before, part)
    second = Place(after, part) if way == "groups" else first
    start = quotient(over(sample, before, first, known), over(sample, ones, first, known))
    end = quotient(over(sample, after, second, known), over(sample, ones, second, known))
    return end / start - 1 if start.estimate > 0 else undefined(len(sample.rows))


def winners(sample: Sample, before: Array, after: Array, threshold: float = 0.0, relative: bool = False, place: Place = EVERYBODY) -> Measured:
    """Share of persons who gain more than the threshold: an amount, or (relative) a share of their income before.

    Someone with an income before of zero or less gains more than any share of it by any gain.
    """
    return _share(sample, before, after, change(before, after), threshold, relative, place)


def losers(sample: Sample, before: Array, after: Array, threshold: float = 0.0, relative: bool = False, place: Place = EVERYBODY) -> Measured:
    """Share of persons who lose more than the threshold."""
    return _share(sample, before, after, -change(before, after), threshold, relative, place)


def mean_gain(sample: Sample, before: Array, after: Array, threshold: float = 0.0, relative: bool = False, place: Place = EVERYBODY) -> Measured:
    """Mean gain of the winners, in money. Undefined where nobody wins."""
    return _mean(sample, before, after, change(before, after), threshold, relative, place)


def mean_loss(sample: Sample, before: Array, after: Array, threshold: float = 0.0, relative: bool = False, place: Place = EVERYBODY) -> Measured:
    """Mean loss of the losers, in money, above zero. Undefined where nobody loses."""
    return _mean(sample, before, after, -change(before, after), threshold, relative, place)


def _beyond(before: Array, gains: Array, threshold: float, relative: bool) -> Inside:
    return gains > (threshold * np.maximum(before, 0.0) if relative else threshold)


def _share(sample: Sample, before: Array, after: Array, gains: Array, threshold: float, relative: bool, place: Place) -> Measured:
    known = sample.known(*place.columns(before, after))
    who = _beyond(before, gains, threshold, relative).astype(float)
    return quotient(over(sample, who, place, known), over(sample, np.ones(len(before)), place, known))


def _mean(sample: Sample, before: Array, after: Array, gains: Array, threshold: float, relative: bool, place: Place) -> Measured:
    known = sample.known(*place.columns(before, after))
    who = _beyond(before, gains, threshold, relative)
    return quotient(over(sample, gains, place, known, who), over(sample, np.ones(len(before)), place, known, who))
