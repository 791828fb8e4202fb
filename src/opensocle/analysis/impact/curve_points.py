"""The curves of a study: Lorenz and concentration curves, shares of persons below each welfare, growth along the distribution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from .battery import Columns
from .curves import lorenz
from .measured import Array
from .model import CURRENT, NONE, Curve
from .quantiles import quantile_groups
from .ranking import ranked
from .sample import Sample
from .view import View

POINTS = 20
SHARES = tuple(number / POINTS for number in range(POINTS + 1))
LEAST = 0.05
"""The share of the mean below which a group's welfare is too little for a growth rate to say anything."""


def curves(view: View, made: Columns) -> Iterator[Curve]:
    """Every curve of a study."""
    bare = replace(view.sample(view.everyone), influences=False)
    rows = view.everyone.rows
    for scenario, column in made.welfare.items():
        welfare = column[rows]
        yield Curve("lorenz", "", scenario, SHARES, tuple(lorenz(bare, welfare, share).estimate for share in SHARES))
    yield from _concentration(bare, rows, made)
    yield from _below(bare, rows, made)
    yield from _growth(bare, rows, made)


def _concentration(bare: Sample, rows: np.ndarray, made: Columns) -> Iterator[Curve]:
    """Shares that the poorest before transfers have of each scenario's welfare (of nothing) and of each transfer's money."""
    start = made.welfare[NONE][rows]
    for scenario, moneys in made.money.items():
        yield Curve("concentration", "", scenario, SHARES, _shares(bare, made.welfare[scenario][rows], start))
        for name, money in moneys.items():
            found = _shares(bare, money[rows], start)
            if found:
                yield Curve("concentration", name, scenario, SHARES, found)


def _shares(bare: Sample, column: Array, ranking: Array) -> tuple[float, ...]:
    """`concentration_curve` at all shares at once, straight between rows that are not level; nothing where the total is zero."""
    order = ranked(bare, ranking)
    amounts = order.weights * column[order.rows]
    total = float(amounts.sum())
    if not total:
        return ()
    ends = np.append(order.starts[1:], len(order.rows)) - 1
    x = np.concatenate([[0.0], order.upto[ends] / order.size])
    y = np.concatenate([[0.0], np.cumsum(amounts)[ends] / total])
    return tuple(np.interp(SHARES, x, y).tolist())


def _below(bare: Sample, rows: np.ndarray, made: Columns) -> Iterator[Curve]:
    """The share of persons with less than each welfare, up to that which one in twenty has."""
    base = made.welfare[CURRENT][rows]
    grid = np.linspace(min(0.0, float(base.min())), float(np.quantile(base, 0.95)), 50)
    for scenario, column in made.welfare.items():
        welfare = column[rows]
        order = np.argsort(welfare, kind="stable")
        upto = np.concatenate([[0.0], np.cumsum(bare.weights[order])])
        below = upto[np.searchsorted(welfare[order], grid, side="left")] / upto[-1]
        yield Curve("incidence", "", scenario, tuple(grid.tolist()), tuple(below.tolist()))


def _growth(bare: Sample, rows: np.ndarray, made: Columns) -> Iterator[Curve]:
    """What each scenario changes, of the same persons ranked before transfers: in money by hundredths, and by twentieths as a rate."""
    start, weights = made.welfare[NONE][rows], bare.weights
    hundredths, twentieths = quantile_groups(bare, start, 100), quantile_groups(bare, start, POINTS)
    sizes = np.maximum(np.bincount(hundredths, weights, 101)[1:], 1e-300)
    for scenario, against in [(CURRENT, NONE), *((reform, CURRENT) for reform in made.reforms)]:
        before = made.welfare[against][rows]
        moves = made.welfare[scenario][rows] - before
        means = np.bincount(hundredths, weights * moves, 101)[1:] / sizes
        yield Curve("growth", against, scenario, tuple((np.arange(100) / 100 + 0.005).tolist()), tuple(means.tolist()))
        held, moved, heads = (np.bincount(twentieths, weights * of, POINTS + 1)[1:] for of in (before, moves, np.ones(len(rows))))
        enough = held > LEAST * float(weights @ before) / float(weights.sum()) * heads
        rates = np.where(enough, moved / np.where(enough, held, 1.0), np.nan)
        yield Curve("growth_rate", against, scenario, tuple((np.arange(POINTS) + 0.5) / POINTS), tuple(rates.tolist()))
