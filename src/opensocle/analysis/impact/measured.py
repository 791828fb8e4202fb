"""A measure's value and its influence: the pair from which one variance function gives every standard error.

The influence u of a row is how much the estimate moves as the row's weight grows: var(estimate) = var(Σ weight × u). Sums, differences,
products, quotients and smooth functions of measures have the influence that the chain rule gives, so an indicator made of others needs
no formula of its own. What is made of an undefined measure is undefined.

Method: Deville, J.-C. (1999), Variance estimation for complex statistics and estimators, Survey Methodology 25(2), 193-203.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Measured:
    """An estimate and its influences (row of the sample's domain,). observations: rows on which it rests; NaN and 0 rows: undefined."""

    estimate: float
    influence: Array
    observations: int = 0

    @property
    def defined(self) -> bool:
        return bool(np.isfinite(self.estimate))

    def through(self, value: float, slope: float) -> Measured:
        """A smooth function of the estimate: its value and its slope there."""
        return _settled(value, slope * self.influence, self.observations)

    def apply(self, function: Callable[[float], float], slope: Callable[[float], float]) -> Measured:
        """The function of the estimate, by the delta method."""
        return self.through(function(self.estimate), slope(self.estimate))

    def __add__(self, other: Measured | float) -> Measured:
        if isinstance(other, Measured):
            return _settled(self.estimate + other.estimate, self.influence + other.influence, max(self.observations, other.observations))
        return _settled(self.estimate + other, self.influence, self.observations)

    def __radd__(self, other: float) -> Measured:
        return self + other

    def __neg__(self) -> Measured:
        return Measured(-self.estimate, -self.influence, self.observations)

    def __sub__(self, other: Measured | float) -> Measured:
        return self + (-other)

    def __rsub__(self, other: float) -> Measured:
        return -self + other

    def __mul__(self, other: Measured | float) -> Measured:
        if isinstance(other, Measured):
            slope = other.estimate * self.influence + self.estimate * other.influence
            return _settled(self.estimate * other.estimate, slope, max(self.observations, other.observations))
        return _settled(self.estimate * other, self.influence * other, self.observations)

    def __rmul__(self, other: float) -> Measured:
        return self * other

    def __truediv__(self, other: Measured | float) -> Measured:
        """The quotient; undefined where the divisor is zero."""
        if not isinstance(other, Measured):
            return self * (1 / other) if other else undefined(len(self.influence))
        if not other.estimate:
            return undefined(len(self.influence))
        value = self.estimate / other.estimate
        return _settled(value, (self.influence - value * other.influence) / other.estimate, max(self.observations, other.observations))

    def __rtruediv__(self, other: float) -> Measured:
        if not self.estimate:
            return undefined(len(self.influence))
        return self.through(other / self.estimate, -other / self.estimate**2)


def _settled(estimate: float, influence: Array, observations: int) -> Measured:
    return Measured(estimate, influence, observations) if np.isfinite(estimate) else undefined(len(influence))


def undefined(rows: int) -> Measured:
    """A measure that has no value: nobody to measure, or nothing to divide by."""
    return Measured(float("nan"), np.zeros(rows), 0)
