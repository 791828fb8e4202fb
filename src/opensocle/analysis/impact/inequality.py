"""Inequality measures: Gini, generalised entropy, Atkinson, and ratios of shares.

Methods: Shorrocks, A. (1984), Inequality decomposition by population subgroups, Econometrica 52(6), 1369-1385; Atkinson, A. (1970), On the
measurement of inequality, Journal of Economic Theory 2(3), 244-263; Biewen, M. and Jenkins, S. (2006), Variance estimation for generalized
entropy and Atkinson inequality indices, Oxford Bulletin of Economics and Statistics 68(3), 371-383; Osier, G. (2009), Survey Research Methods
3(3), 167-195 (S80/S20); Palma, J. G. (2011), Development and Change 42(1), 87-153.
"""

from __future__ import annotations

from math import exp, log

import numpy as np

from .curves import concentration, lorenz
from .measured import Array, Measured, undefined
from .quantiles import local_mean, within
from .ranking import NONE, average, ranked, result
from .sample import Sample


def gini(sample: Sample, column: Array) -> Measured:
    """Gini coefficient, ties grouped. Undefined where the total is not above zero; above 1 is possible with negative values."""
    order = ranked(sample, column)
    return concentration(sample, column, column) if order.weights @ order.values > 0 else undefined(len(sample.rows))


def entropy(sample: Sample, column: Array, alpha: float = 1.0) -> Measured:
    """Generalised entropy GE(alpha) among values above zero. 0: mean log deviation, 1: Theil's T, 2: half the squared coefficient of variation."""
    known = sample.known(column) & (column > 0)
    mean = average(sample, column, known)
    if not mean.defined:
        return undefined(len(sample.rows))
    ratio = np.where(known, column, mean.estimate) / mean.estimate  # to the mean as it is: a constant, so that powers stay within bounds
    centre = mean / mean.estimate
    if alpha == 0:
        return centre.apply(log, lambda value: 1 / value) - average(sample, np.log(ratio), known)
    if alpha == 1:
        return average(sample, ratio * np.log(ratio), known) / centre - centre.apply(log, lambda value: 1 / value)
    moment = average(sample, ratio**alpha, known)
    power = centre.apply(lambda value: value**alpha, lambda value: alpha * value ** (alpha - 1))
    return (moment / power - 1) / (alpha * (alpha - 1))


def atkinson(sample: Sample, column: Array, epsilon: float = 1.0) -> Measured:
    """Atkinson's index among values above zero: the share of the total that could be given up if the rest were shared equally.

    epsilon: aversion to inequality, 0 or more. Raises InputError A060.
    """
    within("epsilon", epsilon, 0)
    known = sample.known(column) & (column > 0)
    mean = average(sample, column, known)
    if not mean.defined:
        return undefined(len(sample.rows))
    ratio = np.where(known, column, mean.estimate) / mean.estimate
    if epsilon == 1:
        equal = average(sample, np.log(ratio), known).apply(exp, exp)
    else:
        power = 1 - epsilon
        equal = average(sample, ratio**power, known).apply(lambda value: value ** (1 / power), lambda value: value ** (1 / power - 1) / power)
    return 1 - equal / (mean / mean.estimate)


def palma(sample: Sample, column: Array) -> Measured:
    """Share of the richest 10 % divided by the share of the poorest 40 %, both on the Lorenz curve."""
    poorest = lorenz(sample, column, 0.4)
    return (1 - lorenz(sample, column, 0.9)) / poorest if poorest.estimate > 0 else undefined(len(sample.rows))


def share_ratio(sample: Sample, column: Array, share: float = 0.2) -> Measured:
    """S80/S20: total of those above the upper quantile, divided by that of those up to the lower one. Raises InputError A060.

    share: what is compared at each end, up to a half. Undefined where the total of the poorest is not above zero.
    """
    within("share", share, 0, 0.5)
    poorest, most = _upto(sample, column, share), _upto(sample, column, 1 - share)
    if not poorest.estimate > 0:
        return undefined(len(sample.rows))
    order = ranked(sample, column)
    everything = result(sample, float(order.weights @ order.values), column, sample.known(column))
    return (everything - most) / poorest


def _upto(sample: Sample, column: Array, share: float) -> Measured:
    """Total of those whose value is not above the quantile, all with that value included.

    The influence counts the quantile's own error at the mean value near it, (y - m) 1[y <= q] + share × m, as Osier does.
    """
    order = ranked(sample, column)
    if not order.size:
        return undefined(len(sample.rows))
    value = float(order.values[order.reaching(share)])
    last = int(np.searchsorted(order.values, value, side="right"))
    influence = NONE
    if sample.influences:
        mean = local_mean(sample, column, column, value)
        influence = (column <= value) * (column - mean) + share * mean
    return result(sample, float(order.weights[:last] @ order.values[:last]), influence, sample.known(column))
