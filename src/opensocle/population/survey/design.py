"""How a sample was drawn: weights, strata, clusters, the share of a stratum that was drawn, replicate weights. See `variance.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError
from .describing import ReplicateKind, SingleUnit

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
SHOWN = 5
"""Strata that an error names at most."""


@dataclass(frozen=True, eq=False)
class Replicates:
    """Replicate weights (row, replicate). variance = scale × Σ factors × (replicate's estimate − centre)²; centre: the full estimate or the mean."""

    weights: Array
    kind: ReplicateKind
    scale: float
    factors: Array
    centre: Literal["estimate", "mean"] = "estimate"

    @property
    def count(self) -> int:
        return self.weights.shape[1]


@dataclass(frozen=True, eq=False)
class Units:
    """The first-stage units of a design. counted: strata whose own clusters say how they vary, or of which nothing was left out."""

    strata: Numbers  # (cluster,) its stratum
    sizes: Numbers  # (stratum,) sampled clusters
    left: Array  # (stratum,) 1 - share drawn
    single: NDArray[np.bool_]  # (stratum,) one cluster, and others were not drawn
    names: Sequence[Any]  # (stratum,) what the data call it

    @property
    def count(self) -> int:
        return len(self.strata)

    @property
    def counted(self) -> int:
        return len(self.sizes) - int(self.single.sum())

    def naming(self, strata: NDArray[np.bool_]) -> str:
        """The first of these strata by name, for an error."""
        found = np.flatnonzero(strata)
        return ", ".join(str(self.names[at]) for at in found[:SHOWN]) + (f" and {len(found) - SHOWN} more" if len(found) > SHOWN else "")


@dataclass(frozen=True, eq=False)
class Design:
    """One row a sampled unit. strata and clusters: whole numbers from 0 (clusters are numbered over all strata).

    fractions: share of a row's stratum's clusters that was drawn (finite population correction), none: drawn with replacement.
    names: what the data call the strata, by number. homes: the household of each row (numbered from 0 over all), where households were drawn
    within the clusters; none: clusters were taken whole.
    """

    weights: Array
    strata: Numbers
    clusters: Numbers
    fractions: Array | None = None
    replicates: Replicates | None = None
    single: SingleUnit = "centre"
    names: Sequence[Any] | None = None
    homes: Numbers | None = None

    @classmethod
    def of(
        cls,
        weights: Any,
        strata: Any = None,
        clusters: Any = None,
        fractions: Any = None,
        replicates: Replicates | None = None,
        single: SingleUnit = "centre",
    ) -> Design:
        """A design from columns with any keys. Without strata there is one; without clusters each row is one.

        fractions: a number for all rows, or a column. Clusters are numbered within strata: the same key in two strata is two clusters.
        """
        weight = np.asarray(weights, dtype=np.float64)
        rows = len(weight)
        names, stratum = (["all"], np.zeros(rows, np.int64)) if strata is None else _numbered(strata)
        cluster = np.arange(rows) if clusters is None else _numbered(clusters)[1]
        if clusters is not None and len(names) > 1:
            cluster = np.unique(stratum * (int(cluster.max(initial=0)) + 1) + cluster, return_inverse=True)[1].astype(np.int64)
        drawn = None if fractions is None else np.broadcast_to(np.asarray(fractions, dtype=np.float64), rows)
        return cls(weight, stratum, cluster, drawn, replicates, single, names)

    @property
    def rows(self) -> int:
        return len(self.weights)

    @cached_property
    def units(self) -> Units:
        """The clusters and strata; worked out and checked once. Raises DataError D041."""
        rows = self.rows
        for name, column in (("strata", self.strata), ("clusters", self.clusters), ("fractions", self.fractions)):
            if column is not None and len(column) != rows:
                raise DataError("D041", f"the {name} have {len(column)} rows and the weights {rows}")
        _without_gaps(self.strata, "strata")
        clusters = _without_gaps(self.clusters, "clusters")
        of = np.zeros(clusters, np.int64)
        of[self.clusters] = self.strata
        split = of[self.clusters] != self.strata
        if split.any():
            raise DataError("D041", f"{len(np.unique(self.clusters[split]))} clusters are in several strata", hint="number clusters over all strata")
        sizes = np.bincount(of)
        left = self._left(len(sizes))
        return Units(of, sizes, left, (sizes == 1) & (left > 0), self.names if self.names is not None else range(len(sizes)))

    def _left(self, strata: int) -> Array:
        """1 - share drawn, of each stratum."""
        if self.fractions is None:
            return np.ones(strata)
        share = np.zeros(strata)
        share[self.strata] = self.fractions
        wrong = (self.fractions != share[self.strata]) | ~((self.fractions > 0) & (self.fractions <= 1))
        if wrong.any():
            what = f"the share of clusters drawn is not one number above 0 and up to 1 in {len(np.unique(self.strata[wrong]))} strata"
            raise DataError("D041", what, hint="look at stratum_clusters")
        return 1 - share


def _numbered(keys: Any) -> tuple[list[Any], Numbers]:
    """The different keys and each row's number among them."""
    found, numbers = np.unique(np.asarray(keys), return_inverse=True)
    return found.tolist(), numbers.astype(np.int64)


def _without_gaps(numbers: Numbers, what: str) -> int:
    """How many there are. Raises DataError D041 where a number is missing or negative."""
    if len(numbers) and numbers.min() < 0:
        raise DataError("D041", f"the {what} have numbers below 0")
    gaps = int((np.bincount(numbers) == 0).sum()) if len(numbers) else 0
    if gaps:
        raise DataError("D041", f"the {what} are not numbered from 0 without gaps", hint="use Design.of")
    return int(numbers.max()) + 1 if len(numbers) else 0
