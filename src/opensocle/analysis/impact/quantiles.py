"""Quantiles, the density that their variance needs, and quantile groups.

A quantile is the lowest value with which the cumulated weights reach the share: the inverse of the distribution's steps, without interpolation.
Its influence is -(1[y <= q] - share) / (N f(q)), with the density f by a Gaussian kernel of bandwidth s N^(-1/5), where s is the standard
deviation and N the sum of weights.

Methods: Deville, J.-C. (1999), Survey Methodology 25(2), 193-203, section 5; Osier, G. (2009), Variance estimation for complex indicators of
poverty and inequality using linearization techniques, Survey Research Methods 3(3), 167-195, section 3.
"""

from __future__ import annotations

from math import isfinite, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from .measured import Array, Measured, undefined
from .ranking import CLOSE, NONE, ranked, result
from .sample import Sample

FAR = 9.0  # bandwidths at which the kernel is nothing: exp(-9² / 2) = 3e-18


def within(name: str, value: float, low: float, high: float = float("inf")) -> None:
    """Raises InputError A060 unless low <= value <= high."""
    if not low <= value <= high:
        hint = f"give a number from {low:g} to {high:g}" if isfinite(high) else f"give a number of at least {low:g}"
        raise InputError("A060", f"{name} is {value:g}", at=name, hint=hint)


def quantile(sample: Sample, column: Array, share: float = 0.5) -> Measured:
    """The lowest value with which the cumulated weights reach this share of all. Undefined on an empty domain. Raises InputError A060."""
    within("share", share, 0, 1)
    order = ranked(sample, column)
    if not order.size:
        return undefined(len(sample.rows))
    value = float(order.values[order.reaching(share)])
    influence = NONE
    if sample.influences:
        dense = density(sample, column, value)
        influence = np.where(column <= value, share - 1, share) / (order.size * dense)  # an infinite density: no error
    return result(sample, value, influence, sample.known(column))


def bandwidth(sample: Sample, column: Array) -> float:
    """The kernel's width in the column's unit: standard deviation × (sum of weights)^(-1/5). Zero where all values are equal, or nobody is known."""
    return ranked(sample, column).width


def density(sample: Sample, column: Array, at: float, inside: NDArray[np.bool_] | None = None) -> float:
    """Share of the weights inside a unit of the column, near `at`. Infinite where all values are equal, or nobody is inside."""
    order = ranked(sample, column) if inside is None else ranked(sample, column).only(inside)
    if not order.width:
        return float("inf")
    near = slice(*np.searchsorted(order.values, (at - FAR * order.width, at + FAR * order.width)))
    heights = np.exp(-(((order.values[near] - at) / order.width) ** 2) / 2)
    return float(order.weights[near] @ heights) / (order.size * order.width * sqrt(2 * pi))


def local_mean(sample: Sample, column: Array, ranking: Array, at: float) -> float:
    """Mean of the column among those whose ranking is near `at`, by the same kernel. Not a number where nobody is near."""
    order = ranked(sample, ranking)
    reach = FAR * order.width
    near = slice(int(np.searchsorted(order.values, at - reach)), int(np.searchsorted(order.values, at + reach, side="right")))
    values, heights = column[order.rows[near]], order.weights[near]
    if order.width:
        heights = heights * np.exp(-(((order.values[near] - at) / order.width) ** 2) / 2)
    known = ~np.isnan(values)
    size = float(np.sum(heights, where=known))
    return float(np.sum(heights * values, where=known)) / size if size else float("nan")


def quantile_groups(sample: Sample, column: Array, groups: int = 10) -> NDArray[np.int64]:
    """The group, 1 to `groups`, of each row of the sample; 0 where the column is unknown or the weight is zero. Raises InputError A060.

    A row is in the group in which the middle of its weight lies, when the rows stand in rising order (of equal rows, the earlier one first).
    """
    within("groups", groups, 1)
    order = ranked(sample, column)
    found = np.zeros(len(sample.rows), dtype=np.int64)
    if order.size:
        position = (order.upto - order.weights / 2) / order.size
        found[order.rows] = np.minimum(np.floor(position * groups * (1 + CLOSE)).astype(np.int64), groups - 1) + 1
    return found
