"""How a sample was drawn: weights, strata, clusters, the share of a stratum that was drawn, replicate weights. See `variance.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
SingleUnit = Literal["refuse", "certain", "centre", "average"]
"""What a stratum with one sampled cluster adds: an error; nothing, as if drawn with certainty; its difference from the mean of all
clusters; the mean of the other strata."""
ReplicateKind = Literal["bootstrap", "jackknife", "brr"]


@dataclass(frozen=True, eq=False)
class Replicates:
    """Replicate weights (row, replicate). variance = scale × Σ factors × (replicate's estimate − centre)²; centre: the full estimate or the mean."""

    weights: Array
    kind: ReplicateKind
    scale: float
    factors: Array
    centre: Literal["estimate", "mean"] = "estimate"


@dataclass(frozen=True, eq=False)
class Design:
    """One row a sampled unit. strata and clusters: whole numbers from 0 (clusters are numbered over all strata).

    fractions: share of a row's stratum's clusters that was drawn (finite population correction), none: drawn with replacement.
    """

    weights: Array
    strata: Numbers
    clusters: Numbers
    fractions: Array | None = None
    replicates: Replicates | None = None
    single: SingleUnit = "centre"

    @property
    def rows(self) -> int:
        return len(self.weights)
