"""Seeded random draws for whole columns at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Numbers = np.ndarray
Chance = float | np.ndarray


class Draws:
    """Draws of one block of households: the same seed and block always give the same numbers."""

    def __init__(self, seed: int, block: int) -> None:
        self.rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(block,))))

    def uniform(self, count: int) -> Numbers:
        """Numbers in [0, 1), single precision: enough for a draw, and twice as fast."""
        return self.rng.random(count, dtype=np.float32)

    def normal(self, count: int) -> Numbers:
        return self.rng.standard_normal(count, dtype=np.float32)

    def chance(self, of: Chance, count: int) -> Numbers:
        """True with the given probability: one for all, or one for each."""
        return self.uniform(count) < np.asarray(of, dtype=np.float32)

    def pick(self, weights: Sequence[float], count: int) -> Numbers:
        """Positions 0, 1, 2 … drawn with the weights (int8)."""
        bounds = _bounds(np.asarray([weights]))[0]
        return np.searchsorted(bounds[:-1], self.uniform(count), side="right").astype(np.int8)

    def pick_by(self, weights: Sequence[Sequence[float]], group: Numbers) -> Numbers:
        """Positions drawn with the weights of each one's group: `weights[group]` (int8)."""
        bounds = _bounds(np.asarray(weights, dtype=float))
        draw = self.uniform(len(group))
        chosen = np.zeros(len(group), dtype=np.int8)
        for column in range(bounds.shape[1] - 1):
            chosen += draw >= bounds[group, column]
        return chosen

    def between(self, low: int | Numbers, high: int | Numbers, count: int) -> Numbers:
        """Whole numbers from `low` to below `high` (int32); `low` where `high` is not above it."""
        width = np.maximum(np.asarray(high) - np.asarray(low), 1)
        return (np.asarray(low) + np.minimum(self.uniform(count) * width, width - 1).astype(np.int32)).astype(np.int32)


def _bounds(weights: Numbers) -> Numbers:
    total = np.cumsum(weights, axis=1)
    return (total / total[:, -1:]).astype(np.float32)
