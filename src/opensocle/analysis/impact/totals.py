"""Totals that measures of transfers are made of: over part of a ranking, over the poor, of the gap to the poverty line; and rows in common.

A total over part of a ranking moves with the weights in two ways: a row's own value counts, and the boundary shifts. At the boundary between the
shares p and 1 - p the second is m × (p - 1[below it]), where m is the mean of the values near the boundary (`quantiles.local_mean`).

Method: Kovačević, M. and Binder, D. (1997), Variance estimation for measures of income inequality and polarization: the estimating equations
approach, Journal of Official Statistics 13(1), 41-58.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from weakref import WeakKeyDictionary

import numpy as np

from .measured import Array, Measured, undefined
from .poverty import Inside, Line, moved, the_poor
from .quantiles import FAR, density, local_mean, within
from .ranking import CLOSE, NONE, Ranked, ranked, result
from .sample import Sample


@dataclass(frozen=True, slots=True)
class Part:
    """Groups `first` to `last` when a ranking is cut into `of` groups of equal size, 1 the lowest. Raises InputError A060."""

    first: int
    last: int
    of: int

    def __post_init__(self) -> None:
        within("of", self.of, 1)
        within("last", self.last, 1, self.of)
        within("first", self.first, 1, self.last)

    @property
    def share(self) -> float:
        """The share of everybody that the part is meant to hold: 0.2 for a fifth. Weights are lumpy, so it holds nearly that."""
        return (self.last - self.first + 1) / self.of


ALL = Part(1, 1, 1)


def poorest(share: float) -> Part:
    """The poorest share: 0.2 is the lowest fifth, 0.4 the lowest two. Raises InputError A060 unless it is from 0.001 to 1."""
    within("share", share, 0.001, 1)
    fraction = Fraction(str(share)).limit_denominator(1000)
    return Part(1, fraction.numerator, fraction.denominator)


def group(number: int, of: int = 10) -> Part:
    """One of `of` equal groups, 1 the lowest: group(3) is the third decile, group(1, 5) the poorest fifth."""
    return Part(number, number, of)


def every(of: int = 10) -> tuple[Part, ...]:
    """All groups, the lowest first."""
    return tuple(group(number, of) for number in range(1, of + 1))


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a total is taken: a part of a ranking by a column, and the rows it may count (`inside`); the ranking rests on all rows.

    inside: none for all. A region's persons by the country's fifths: the whole country as sample, the region as `inside`.
    """

    ranking: Array | None = None
    part: Part = ALL
    inside: Inside | None = None

    def columns(self, *others: Array) -> tuple[Array, ...]:
        """All columns that must be known."""
        return others if self.ranking is None else (*others, self.ranking)


EVERYBODY = Place()


def over(sample: Sample, values: Array, place: Place, known: Inside, among: Inside | None = None) -> Measured:
    """Σ weight × value over the place. known: rows whose columns are all known, on which the ranking rests; among: those of them that count."""
    counted = known if place.inside is None else known & place.inside
    if among is not None:
        counted = counted & among
    if place.ranking is None or place.part.share == 1:
        return _total(sample, values, counted)
    order, part = ranked(sample, place.ranking).only(known), place.part
    if not len(order.rows):
        return _total(sample, values, known)
    standing = _standing(order, len(sample.rows))
    below = {edge: _below(standing, edge, part.of) for edge in (part.first - 1, part.last)}
    held = _total(sample, values, counted & below[part.last] & ~below[part.first - 1])
    if not sample.influences:
        return held
    masked, influence = np.where(counted, values, 0.0), held.influence
    for edge, sign in ((part.first - 1, -1), (part.last, 1)):
        if 0 < edge < part.of:
            influence = influence + sign * _near(order, masked, edge / part.of) * np.where(known, edge / part.of - below[edge], 0.0)
    return Measured(held.estimate, influence, held.observations)


_KEPT: WeakKeyDictionary[Ranked, Array] = WeakKeyDictionary()


def _standing(order: Ranked, rows: int) -> Array:
    """The share of the weights below the middle of each row of the sample, by which it has its group; NaN where it is not ranked."""
    if order not in _KEPT:
        standing = _KEPT[order] = np.full(rows, np.nan)
        standing[order.rows] = (order.upto - order.weights / 2) / order.size
    return _KEPT[order]


def _below(standing: Array, edge: int, of: int) -> Inside:
    """Rows in one of the first `edge` of `of` groups, by the rule of `quantiles.quantile_groups`."""
    if edge in (0, of):
        return np.full(len(standing), edge == of)
    return standing * of * (1 + CLOSE) < edge


def _near(order: Ranked, values: Array, share: float) -> float:
    """Mean of the values of those who stand near the share: `quantiles.local_mean` among rows that are ranked already."""
    centre = float(order.weights @ order.values) / order.size
    width = sqrt(float(order.weights @ (order.values - centre) ** 2) / order.size) * order.size**-0.2
    edge = order.values[order.reaching(share)]
    start, end = np.searchsorted(order.values, edge - FAR * width), np.searchsorted(order.values, edge + FAR * width, side="right")
    heights = order.weights[start:end].copy()
    if width:
        heights *= np.exp(-(((order.values[start:end] - edge) / width) ** 2) / 2)
    return float(heights @ values[order.rows[start:end]]) / float(heights.sum())


def _total(sample: Sample, values: Array, counted: Inside) -> Measured:
    return result(sample, float(np.sum(sample.weights * values, where=counted)), values, counted)


def quotient(above: Measured, below: Measured) -> Measured:
    """Their quotient; undefined where either is, or nothing is below."""
    return above / below


def poor_total(sample: Sample, values: Array, welfare: Array, line: Line, inside: Inside | None = None) -> Measured:
    """Σ weight × value over the poor. Undefined where nobody is counted, or the line is not above zero."""
    counted = sample.known(values, welfare) if inside is None else sample.known(values, welfare) & inside
    poor = the_poor(sample, welfare, line, counted)
    if poor is None:
        return undefined(len(sample.rows))
    held = np.zeros(len(sample.rows))
    held[poor.rows] = values[poor.rows]
    measured = result(sample, float(sample.weights @ held), held, poor.known)
    if not isinstance(line, Measured) or not sample.influences:
        return measured
    column = np.where(np.isnan(values), np.nan, poor.column) if np.isnan(values).any() else poor.column  # as it is, it may be sorted already
    near = local_mean(sample, np.where(counted, values, np.nan), column, poor.z)
    return moved(sample, measured, line, density(sample, column, poor.z, poor.known) * poor.size * near)


def gap_total(sample: Sample, welfare: Array, line: Line, inside: Inside | None = None) -> Measured:
    """What it would take to lift every poor person to the line: Σ weight × max(line - welfare, 0)."""
    amounts = line.estimate if isinstance(line, Measured) else line
    poor = the_poor(sample, welfare, line, inside)
    if poor is None:
        return undefined(len(sample.rows))
    gaps = np.zeros(len(sample.rows))
    gaps[poor.rows] = np.broadcast_to(amounts, len(gaps))[poor.rows] - welfare[poor.rows]
    measured = result(sample, float(sample.weights @ gaps), gaps, poor.known)
    return moved(sample, measured, line, float(sample.weights[poor.rows].sum()))


@dataclass(frozen=True, slots=True, eq=False)
class Common:
    """The rows on which several columns are known, so that measures on different columns speak of the same people."""

    sample: Sample
    columns: tuple[Array, ...]
    rows: Inside | None  # none: all

    def back(self, measured: Measured) -> Measured:
        """The measure with an influence for each row of the sample it was cut from."""
        if self.rows is None:
            return measured
        if not self.sample.influences:
            return Measured(measured.estimate, NONE, measured.observations)
        influence = np.zeros(len(self.rows))
        influence[self.rows] = measured.influence
        return Measured(measured.estimate, influence, measured.observations)


def common(sample: Sample, *columns: Array) -> Common:
    """The sample and its columns, cut to the rows on which all are known; as they are (and as they are sorted) where nothing is missing."""
    kept = ~np.isnan(columns[0])
    for column in columns[1:]:
        kept &= ~np.isnan(column)
    if kept.all():
        return Common(sample, columns, None)
    return Common(sample.where(kept), tuple(column[kept] for column in columns), kept)
