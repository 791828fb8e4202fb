"""Net migration by age and sex, where only its total is known. Sources: docs/methods/demography.md#migration."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..errors import InputError
from .demography import intervals, step
from .demography_inputs import Inputs
from .lifetables import Array

CHILDREN = (0.02, 0.10)
WORKERS = (0.06, 0.10, 20.0, 0.40)
OTHERS = 0.003
"""The model schedule of Rogers and Castro (1981): a1, alpha1; a2, alpha2, mu2, lambda2; c. Without their peak at retirement."""


def model_pattern(ages: tuple[int, ...], female: float = 0.5) -> Array:
    """Shares of migrants by (sex, age), adding up to 1: the model schedule of Rogers and Castro up to age 100. female: women's share."""
    width, top = ages[1], 101
    single = np.arange(top) + 0.5
    start, fall, peak, rise = WORKERS
    rates = CHILDREN[0] * np.exp(-CHILDREN[1] * single) + start * np.exp(-fall * (single - peak) - np.exp(-rise * (single - peak))) + OTHERS
    groups = np.minimum(np.arange(top) // width, len(ages) - 1)
    shares = np.bincount(groups, weights=rates, minlength=len(ages))
    return np.outer([1 - female, female], shares / shares.sum())


def spread_total(totals: Array, pattern: Array) -> Array:
    """Net migrants (year, sex, age) of a total for each year, persons, by a pattern (sex, age) that adds up to 1."""
    return np.asarray(totals, dtype=float)[:, None, None] * pattern


def by_interval(inputs: Inputs) -> Inputs:
    """The same inputs with rates and flows of the intervals instead of calendar years."""
    if not inputs.halves:
        return replace(inputs, flows="interval")
    steps = intervals(inputs, inputs.steps)
    tfr = None if inputs.tfr is None else (inputs.tfr[:-1] + inputs.tfr[1:]) / 2
    return replace(
        inputs,
        flows="interval",
        mortality=None,
        survival=np.array([each.survival for each in steps]),
        fertility=np.array([each.fertility for each in steps]),
        sex_ratio=np.array([each.sex_ratio for each in steps]),
        migration=None if inputs.migration is None else np.array([each.migration for each in steps]),
        births=None if inputs.births is None else np.array([each.births for each in steps]),
        tfr=tfr,
    )


def with_residual_migration(inputs: Inputs, stocks: Array, totals: Array | None = None, oldest: int | None = None) -> Inputs:
    """The inputs with the migration that explains observed stocks: what remains when the survivors of each stock are taken from the next.

    stocks: (steps + 1, sex, age), persons, the first at the start. totals: (steps,) known net migration of each interval, to which the
    residuals are scaled. oldest: from this age on there is no migration, as residuals are there mostly errors of mortality.
    Migrants come at the end of the interval. The result has flows of intervals.
    """
    closed = replace(by_interval(inputs), migration=None, timing="end")
    shape = (closed.steps + 1, 2, closed.groups)
    if stocks.shape != shape:
        raise InputError("P114", f"stocks have the shape {stocks.shape}, not {shape}", at="stocks", hint="give the stock of each year")
    rest = np.array([stocks[n + 1] - step(stocks[n], interval)[0] for n, interval in enumerate(intervals(closed, closed.steps))])
    if oldest is not None:
        rest[:, :, oldest // inputs.width :] = 0
    if totals is not None:
        sums = rest.sum(axis=(1, 2))
        if (sums == 0).any() or not np.isfinite(totals).all():
            raise InputError("P115", "residual migration adds up to zero, or a total is missing", at="totals", hint="leave the totals out")
        rest *= (np.asarray(totals) / sums)[:, None, None]
    return replace(closed, migration=rest)
