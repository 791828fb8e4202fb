"""Which value of one figure meets a target: a benefit level, an age limit, a contribution rate for a given budget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from ..errors import InputError

MOST = 60
"""Evaluations at most."""


@dataclass(frozen=True, slots=True)
class Found:
    """The value sought, what it gives, and how often the figure was computed."""

    value: Decimal
    result: Decimal
    evaluations: int


def seek(compute: Callable[[Decimal], Decimal], target: Decimal, low: Decimal, high: Decimal, step: Decimal) -> Found:
    """The multiple of `step` in [low, high] whose result comes nearest to the target without exceeding it.

    compute: the result (a cost, a balance) for a value; it must rise or fall throughout. Found by halving. Raises InputError A020
    where the bounds are wrong, A021 where not even the cheaper bound meets the target.
    """
    if step <= 0 or high < low:
        raise InputError("A020", f"nothing lies between {low} and {high} in steps of {step}", hint="give low < high and a step above zero")
    first, last = 0, int((high - low) / step)
    results = {first: compute(low), last: compute(low + step * last)}
    rising = results[last] >= results[first]
    best, worst = (first, last) if rising else (last, first)
    if results[best] > target:
        raise InputError(
            "A021", f"even {low + step * best} gives {results[best]:f}, above {target:f}", hint="allow a wider range, or a larger budget"
        )
    if results[worst] <= target:
        return Found(low + step * worst, results[worst], len(results))
    while abs(worst - best) > 1 and len(results) < MOST:
        middle = (best + worst) // 2
        results[middle] = compute(low + step * middle)
        best, worst = (middle, worst) if results[middle] <= target else (best, middle)
    return Found(low + step * best, results[best], len(results))
