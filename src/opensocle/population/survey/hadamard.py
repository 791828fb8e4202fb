"""Hadamard matrices: rows of 1 and -1 that are at right angles to each other, for balanced half-samples.

Doubling (Sylvester 1867) of matrices of order q + 1 for primes q = 4k + 3 (Paley 1933).
"""

from __future__ import annotations

import numpy as np

from .design import Array


def hadamard(least: int) -> Array:
    """The smallest matrix of order `least` or more that doubling and primes give; its first row is all ones."""
    order = max(least, 1)
    while (made := _of(order)) is None:
        order += 1
    return made * made[0]


def _of(order: int) -> Array | None:
    """The matrix of this order, if this construction has one."""
    if order == 1:
        return np.ones((1, 1))
    if order % 4 == 0 and _is_prime(order - 1):
        return _paley(order - 1)
    half = _of(order // 2) if order % 2 == 0 else None
    return np.kron(np.array([[1.0, 1.0], [1.0, -1.0]]), half) if half is not None else None


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % part for part in range(2, int(number**0.5) + 1))


def _paley(prime: int) -> Array:
    """Paley's first construction: 1, and the differences' quadratic characters."""
    character = -np.ones(prime)
    character[np.unique(np.arange(1, prime) ** 2 % prime)] = 1
    character[0] = 0
    at = np.arange(prime)
    core = character[(at[:, None] - at[None, :]) % prime]
    made = np.ones((prime + 1, prime + 1))
    made[1:, 1:] = core + np.eye(prime)
    made[1:, 0] = -1
    made[0, 1:] = 1
    return made
