"""Lorenz and concentration curves, and the concentration coefficient.

The coefficient is 2 cov(x, r) / mean(x), where r is the rank by another column: the share of the weights below a row and half of that of the rows
level with it. Ranked by itself, that is the Gini coefficient: twice the area between the diagonal and the Lorenz curve.

Methods: Lerman, R. and Yitzhaki, S. (1989), Improving the accuracy of estimates of Gini coefficients, Journal of Econometrics 42, 43-47;
Kovačević, M. and Binder, D. (1997), Variance estimation for measures of income inequality and polarization, Journal of Official Statistics 13(1),
41-58; Langel, M. and Tillé, Y. (2013), Variance estimation of the Gini index, J. R. Stat. Soc. A 176(2), 521-540.
"""

from __future__ import annotations

import numpy as np

from .measured import Array, Measured, undefined
from .quantiles import local_mean, within
from .ranking import NONE, ranked, result
from .sample import Sample


def concentration(sample: Sample, column: Array, ranking: Array) -> Measured:
    """How much the column is concentrated on those ranked high: below 0 where those ranked low have more than their share, 0 where all have it.

    Rows on which both are known. Undefined where the column's total is zero. Ranking by itself: the Gini coefficient.
    """
    inside = sample.known(column, ranking)
    order = ranked(sample, ranking).only(inside)
    values = order.values if column is ranking else column[order.rows]
    amounts = order.weights * values
    total = float(amounts.sum())
    if not total:
        return undefined(len(sample.rows))
    half = float(amounts @ order.ranks) / (order.size * total)
    influence = NONE
    if sample.influences:
        above = total - order.middle(amounts)
        influence = 2 * (values * order.ranks + above) / (order.size * total) - 2 * half * (1 / order.size + values / total)
        influence = order.back(influence, len(sample.rows))
    return Measured(2 * half - 1, influence, len(order.rows))


def lorenz(sample: Sample, column: Array, share: float) -> Measured:
    """Share of the column's total that the poorest `share` have: the Lorenz curve, straight between rows. Raises InputError A060.

    Undefined where the total is not above zero.
    """
    within("share", share, 0, 1)
    order, inside = ranked(sample, column), sample.known(column)
    total = float(order.weights @ order.values)
    if not total > 0:
        return undefined(len(sample.rows))
    place = order.reaching(share)
    value = float(order.values[place])
    before = float(order.upto[place - 1]) if place else 0.0
    below = float(order.weights[:place] @ order.values[:place]) + (share * order.size - before) * value
    estimate = below / total
    influence = (np.minimum(column - value, 0.0) + share * value - estimate * column) / total if sample.influences else NONE
    return result(sample, estimate, influence, inside)


def concentration_curve(sample: Sample, column: Array, ranking: Array, share: float) -> Measured:
    """Share of the column's total that the poorest `share` by the ranking have; those level with each other share evenly. Raises InputError A060.

    Rows on which both are known. Undefined where the column's total is zero. The influence of the boundary takes the column's mean near it
    (`local_mean`).
    """
    within("share", share, 0, 1)
    if column is ranking:
        return lorenz(sample, column, share)
    inside = sample.known(column, ranking)
    order = ranked(sample, ranking).only(inside)
    values = column[order.rows]
    total = float(order.weights @ values)
    if not total:
        return undefined(len(sample.rows))
    level = order.level(order.reaching(share))
    before = float(order.upto[level.start - 1]) if level.start else 0.0
    part = (share * order.size - before) / float(order.weights[level].sum())
    below = float(order.weights[: level.start] @ values[: level.start]) + part * float(order.weights[level] @ values[level])
    estimate = below / total
    influence = NONE
    if sample.influences:
        border = float(order.values[level.start])
        mean = local_mean(sample, column, ranking, border)
        counted = np.where(ranking < border, 1.0, np.where(ranking == border, part, 0.0))
        influence = (counted * (column - mean) + share * mean - estimate * column) / total
    return result(sample, estimate, influence, inside)
