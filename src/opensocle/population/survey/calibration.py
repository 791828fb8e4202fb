"""Weights that reproduce known totals: each household's weight is changed as little as possible so that its persons add up to the totals.

    linear   w = d × (1 + x·λ), cut at the bounds                (the generalised regression estimator)
    raking   w = d × exp(x·λ), cut at the bounds                 (iterative proportional fitting, for households)

x: what a household adds to each total. λ is found by Newton's method (Deville and Särndal 1992). Totals given as a table: `totals.py`.
Method: docs/methods/survey.md#calibration.

API: `calibrate(weights, counts, totals, method, bounds, level) -> Calibrated`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...errors import InputError
from .design import Array

Method = Literal["raking", "linear"]
BOUNDS = (0.1, 10.0)
"""The least and greatest change of a weight, besides the change of the total."""
TOLERANCE, STEPS, HALVINGS = 1e-10, 100, 12


@dataclass(frozen=True)
class Calibrated:
    """The new weights; `factors` are new over old. gap: largest difference from a total, relative to it; converged: below 1e-8."""

    weights: Array
    factors: Array
    steps: int
    gap: float

    @property
    def converged(self) -> bool:
        return self.gap < 1e-8


def calibrate(
    weights: Array,
    counts: Array,
    totals: Array,
    method: Method = "raking",
    bounds: tuple[float, float] = BOUNDS,
    level: bool = True,
) -> Calibrated:
    """weights: (household,); counts: (household, total), such as the persons of each age group; totals: (total,), 0: not asked for.

    level: all weights are first multiplied so that the sum of the totals is right, and bounds hold for the change after that; else they hold
    for the whole change. Where the bounds do not allow it, the totals are met as nearly as they do, and `gap` says how nearly.
    Raises InputError P065 for a total that nobody can reach.
    """
    _possible(counts, totals, method, bounds)
    used = totals > 0
    x, t = counts[:, used], totals[used]
    start = weights * (t.sum() / (weights @ x).sum()) if level else weights
    size = x / np.where(t > 0, t, 1)
    factors, missing, taken = _solved(start, size, method, bounds, careful=False)
    if np.abs(missing).max(initial=0) > TOLERANCE:  # full steps can drive all households of a group to a bound, where they stay
        again = _solved(start, size, method, bounds, careful=True)
        if np.abs(again[1]).max() < np.abs(missing).max():
            factors, missing, taken = again
    gap = float(np.abs(missing).max(initial=0))
    found = start * factors
    return Calibrated(found, found / np.where(weights > 0, weights, 1), taken, gap)


def _solved(start: Array, size: Array, method: Method, bounds: tuple[float, float], careful: bool) -> tuple[Array, Array, int]:
    """The change of each weight, what is missing from each total (relative), and the steps taken.

    A step is the longest half, quarter… of Newton's that helps; careful: steps are short, and of the halves the one that helps most is taken.
    """
    solution = np.zeros(size.shape[1])
    factors, slope = _distance(size @ solution, method, bounds)
    missing = 1 - (start * factors) @ size
    for taken in range(STEPS):
        if np.abs(missing).max(initial=0) <= TOLERANCE:
            return factors, missing, taken
        move = np.linalg.lstsq((size * (start * slope)[:, None]).T @ size, missing, rcond=None)[0]
        if careful:
            move /= max(np.abs(size @ move).max(), 1)
        best = None
        for halved in range(HALVINGS):  # a full step may go too far where much must change
            tried = solution + move / 2**halved
            new, steep = _distance(size @ tried, method, bounds)
            left = 1 - (start * new) @ size
            if left @ left < (missing @ missing if best is None else best[3] @ best[3]):
                best = tried, new, steep, left
                if not careful:
                    break
        if best is None:
            return factors, missing, taken + 1  # no step helps: the bounds do not allow more
        solution, factors, slope, missing = best
    return factors, missing, STEPS


def _possible(counts: Array, totals: Array, method: Method, bounds: tuple[float, float]) -> None:
    if method not in ("raking", "linear"):
        raise InputError("P065", f"{method!r} is no method of calibration", hint="use raking or linear")
    if not 0 <= bounds[0] < 1 < bounds[1]:
        raise InputError("P065", f"weights cannot change between {bounds[0]} and {bounds[1]} times", hint="write bounds around 1, such as 0.1 and 10")
    empty = (counts.sum(axis=0) <= 0) & (totals > 0)
    if empty.any():
        at = int(np.argmax(empty))
        raise InputError("P065", f"nobody in the survey is in group {at}, of {totals[at]:,.0f} persons", hint="use wider age groups")


def _distance(u: Array, method: Method, bounds: tuple[float, float]) -> tuple[Array, Array]:
    """The change of a weight and its slope."""
    low, high = bounds
    raw = 1 + u if method == "linear" else np.exp(np.clip(u, -50, 50))
    inside = (raw > low) & (raw < high)
    return np.clip(raw, low, high), np.where(inside, 1.0 if method == "linear" else raw, 0.0)
