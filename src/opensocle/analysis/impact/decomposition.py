"""Inequality within and between groups, the parts of an FGT measure, and what each group adds to poverty.

Methods: Shorrocks, A. (1984), Econometrica 52(6), 1369-1385 (generalised entropy is additive by groups); Aristondo, O., Lasso de la Vega, C. and
Urrutia, A. (2010), A new multiplicative decomposition for the Foster-Greer-Thorbecke poverty indices, Bulletin of Economic Research 62(3), 259-267;
Foster, J., Greer, J. and Thorbecke, E. (1984), Econometrica 52(3), 761-766 (groups).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .inequality import entropy
from .measured import Array, Measured, undefined
from .poverty import Inside, Line, fgt
from .quantiles import within
from .ranking import NONE, average, result
from .sample import Sample

Labels = NDArray[Any]


@dataclass(frozen=True, eq=False)
class EntropyParts:
    """total = within + between: `between` is what would be left if each group's members all had the group's mean."""

    total: Measured
    within: Measured
    between: Measured


@dataclass(frozen=True, eq=False)
class FgtParts:
    """fgt = headcount × gap_ratio^alpha × (1 + (alpha² - alpha) × inequality); inequality: GE(alpha) of the poor's gaps."""

    fgt: Measured
    headcount: Measured
    gap: Measured
    gap_ratio: Measured
    inequality: Measured


@dataclass(frozen=True, eq=False)
class Contribution:
    """A group of a population. share: of the population; poverty: in the group; adds: share × poverty, which sum to the measure over all groups;
    part: adds as a share of the whole."""

    group: Any
    share: Measured
    poverty: Measured
    adds: Measured
    part: Measured


def labelled(groups: Labels) -> NDArray[np.bool_]:
    """Rows whose group is known: not NaN, None or empty text."""
    if groups.dtype.kind == "f":
        return ~np.isnan(groups)
    if groups.dtype.kind == "O":
        return np.array([group is not None and group == group and group != "" for group in groups], dtype=bool)
    return groups != "" if groups.dtype.kind == "U" else np.ones(len(groups), dtype=bool)


def numbered(groups: Labels, known: NDArray[np.bool_]) -> tuple[list[Any], NDArray[np.int64]]:
    """The labels of the known rows in their order, and each row's number among them; rows that are not known have the number 0."""
    codes = np.zeros(len(groups), dtype=np.int64)
    found = groups[known]
    if found.dtype.kind in "iu" and len(found) and found.min() >= 0 and found.max() <= len(found):  # without a sort
        present = np.bincount(found) > 0
        codes[known] = (np.cumsum(present) - 1)[found]
        return np.flatnonzero(present).tolist(), codes
    labels, numbers = np.unique(found, return_inverse=True)
    codes[known] = numbers.reshape(-1)
    return labels.tolist(), codes


def entropy_parts(sample: Sample, column: Array, groups: Labels, alpha: float = 1.0) -> EntropyParts:
    """GE(alpha) within and between groups, among those with a value above zero whose group is known. groups: a label for each row."""
    known = sample.known(column) & (column > 0) & labelled(groups)
    total = entropy(sample, np.where(known, column, np.nan), alpha)
    if not total.defined:
        nothing = undefined(len(sample.rows))
        return EntropyParts(nothing, nothing, nothing)
    between = _between(sample, np.where(known, column, 0.0), known, numbered(groups, known)[1], alpha)
    return EntropyParts(total, total - between, between)


def _between(sample: Sample, column: Array, known: NDArray[np.bool_], codes: NDArray[np.int64], alpha: float) -> Measured:
    """GE(alpha) of the groups' means. Its influence on a row is linear in the row's value, with the group's own slope and constant."""
    weights = np.where(known, sample.weights, 0.0)
    sizes, sums = np.bincount(codes, weights), np.bincount(codes, weights * column)
    size, whole = float(sizes.sum()), float(sums.sum())
    mean = whole / size
    ratios = sums / sizes / mean
    if alpha == 0:
        estimate = -float(sizes @ np.log(ratios)) / size
        slope, constant = 1 - 1 / ratios, -np.log(ratios) - estimate
    elif alpha == 1:
        estimate = float(sums @ np.log(ratios)) / whole
        slope, constant = np.log(ratios) - estimate, 1 - ratios
    else:
        power = float(sizes @ ratios**alpha) / size
        factor = 1 / (alpha * (alpha - 1))
        estimate = factor * (power - 1)
        slope = factor * alpha * (ratios ** (alpha - 1) - power)
        constant = factor * (1 - alpha) * (ratios**alpha - power)
    influence = (slope[codes] * (column / mean) + constant[codes]) / size if sample.influences else NONE
    return result(sample, estimate, influence, known)


def fgt_parts(sample: Sample, column: Array, line: Line, alpha: float = 2.0, inside: Inside | None = None) -> FgtParts:
    """FGT(alpha) as headcount, income gap ratio and inequality of the poor's gaps. Raises InputError A060 for an alpha below 2.

    The last two are undefined where nobody is poor.
    """
    within("alpha", alpha, 2)
    whole, headcount, gap = (fgt(sample, column, line, power, inside) for power in (alpha, 0, 1))
    ratio = gap / headcount
    power = ratio.apply(lambda value: value**alpha, lambda value: alpha * value ** (alpha - 1))
    return FgtParts(whole, headcount, gap, ratio, (whole / headcount / power - 1) / (alpha**2 - alpha))


def fgt_by_group(sample: Sample, column: Array, line: Line, groups: Labels, alpha: float = 0.0) -> Iterator[Contribution]:
    """Each group's part in FGT(alpha), in the order of the labels, among those whose group is known. One at a time, for the sake of memory."""
    known = sample.known(column) & labelled(groups)
    if isinstance(line, np.ndarray):
        known &= ~np.isnan(line)
    whole = fgt(sample, column, line, alpha, known)
    labels, codes = numbered(groups, known)
    for number, group in enumerate(labels):
        inside = known & (codes == number)
        share, poverty = average(sample, inside.astype(np.float64), known), fgt(sample, column, line, alpha, inside)
        adds = share * poverty
        yield Contribution(group, share, poverty, adds, adds / whole)
