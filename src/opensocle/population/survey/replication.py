"""Variances by replication: the estimate is worked out again with each of many sets of weights. Weights are made here, or come with the data.

    jackknife   each cluster (or group of clusters) is left out once, the others of its stratum stand for it
    bootstrap   n - 1 clusters of each stratum are drawn with replacement, weights rescaled (Rao and Wu 1988)
    brr         of the two clusters of each stratum one counts double, in balanced half-samples (McCarthy 1969; Fay's factor: Judkins 1990)

A stratum with one sampled cluster follows the design's rule (`single`), the share drawn (1 - f) is kept, so that for a total each method gives
what linearisation gives: the jackknife and brr exactly, the bootstrap on average.

API: `jackknife(design, groups)`, `bootstrap(design, replicates, seed)`, `brr(design, fay)` -> Replicates; `replicates_given(weights, kind, …)`;
`replicate_variance(design, function) -> Replicated`; `random_groups(design, groups, seed)`; `replicate_degrees(replicates)`.
Method: docs/methods/survey.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import DataError, InputError
from .describing import Centre, ReplicateKind
from .design import Array, Design, Numbers, Replicates, Units
from .hadamard import hadamard

MOST = 250_000_000
"""Cells (rows times replicates) that replicate weights may have in memory: 2 GB."""

Function = Callable[[Array], Array | Sequence[float] | float]
"""Weights (row of the design,) -> one estimate or several."""


@dataclass(frozen=True, eq=False)
class Replicated:
    """estimates: (m,) with the full weights; covariance: (m, m), NaN where a replicate has no value; replicates: (replicate, m)."""

    estimates: Array
    covariance: Array
    replicates: Array

    @property
    def errors(self) -> Array:
        """Standard errors (m,)."""
        return np.sqrt(np.diag(self.covariance))


def replicate_variance(design: Design, function: Function) -> Replicated:
    """Any function of the weights, once with the full weights and once with each replicate's. Raises InputError D043 without replicates."""
    made = design.replicates
    if made is None:
        raise InputError("D043", "the design has no replicate weights", hint="make them: jackknife(design), bootstrap(design, 500, seed=1)")
    estimates = np.atleast_1d(np.asarray(function(design.weights), dtype=np.float64))
    found = np.stack([np.atleast_1d(np.asarray(function(made.weights[:, at]), dtype=np.float64)) for at in range(made.count)])
    away = found - (found.mean(axis=0) if made.centre == "mean" else estimates)
    return Replicated(estimates, made.scale * (away * made.factors[:, None]).T @ away, found)


def replicates_given(
    weights: Array,
    kind: ReplicateKind,
    scale: float | None = None,
    factors: Sequence[float] | Array | None = None,
    centre: Centre = "estimate",
    fay: float = 0.0,
) -> Replicates:
    """Replicate weights (row, replicate) that come with the data, with the scale of their kind unless another is given.

    scale: 1/R for the bootstrap, 1/(R (1 - fay)²) for brr, (R - 1)/R for a jackknife of one stratum; a stratified one needs scale and factors.
    """
    count = weights.shape[1] if weights.ndim == 2 else 0
    if count < 2:
        raise DataError("D043", "fewer than two columns of replicate weights", hint="give all of them")
    if not np.isfinite(weights).all() or (weights < 0).any():
        bad = int((~np.isfinite(weights) | (weights < 0)).any(axis=1).sum())
        raise DataError("D043", f"{bad} rows have a replicate weight that is missing or below zero", hint="complete them; nothing is guessed")
    usual = {"bootstrap": 1 / count, "brr": 1 / (count * (1 - fay) ** 2), "jackknife": (count - 1) / count}
    each = np.ones(count) if factors is None else np.broadcast_to(np.asarray(factors, dtype=np.float64), len(factors))
    if len(each) == 1:
        each = np.repeat(each, count)
    if len(each) != count:
        raise DataError("D043", f"there are {len(each)} factors for {count} replicates", hint="give one for each, or one for all")
    return Replicates(weights, kind, usual[kind] if scale is None else scale, each, centre)


def jackknife(design: Design, groups: Numbers | Sequence[object] | None = None) -> Replicates:
    """Each cluster left out once (stratified); or, with a group for each row, each group left out once, the strata set aside.

    Groups: weights × G/(G - 1) of the others, scale (G - 1)/G, centred at the full estimate. Raises D043 where a cluster is in several groups.
    """
    if groups is not None:
        return _delete_groups(design, groups)
    units = design.units
    single = _single(design, units)
    clusters = np.flatnonzero(((units.sizes[units.strata] > 1) & (units.left[units.strata] > 0)) | np.isin(units.strata, single))
    _fits(design, len(clusters))
    sizes = units.sizes[units.strata].astype(np.float64)
    changes = np.ones((units.count, len(clusters)))
    for place, cluster in enumerate(clusters):
        if sizes[cluster] > 1:
            same = units.strata == units.strata[cluster]
            changes[same, place] = sizes[cluster] / (sizes[cluster] - 1)
            changes[cluster, place] = 0.0
        else:
            changes[:, place] -= 1 / units.count
            changes[cluster, place] += 1.0
    size = sizes[clusters]
    factors = units.left[units.strata[clusters]] * np.where(size > 1, (size - 1) / size, 1.0)
    return Replicates(_weights(design, changes), "jackknife", _grown(design, units), factors)


def _delete_groups(design: Design, groups: Numbers | Sequence[object]) -> Replicates:
    names, group = np.unique(np.asarray(groups), return_inverse=True)
    count, units = len(names), design.units
    if len(group) != design.rows or count < 2:
        raise DataError("D043", f"{len(group)} rows in {count} groups do not fit a design of {design.rows} rows", hint="give each row a group")
    of = np.zeros(units.count, np.int64)
    of[design.clusters] = group
    if (of[design.clusters] != group).any():
        raise DataError("D043", "some clusters are in several groups", hint="put all rows of a cluster in one group")
    _fits(design, count)
    changes = np.where(of[:, None] == np.arange(count), 0.0, count / (count - 1))
    return Replicates(_weights(design, changes), "jackknife", (count - 1) / count, np.ones(count))


def random_groups(design: Design, groups: int, seed: int) -> Numbers:
    """A group (0 … groups - 1) for each row: clusters in the order of their strata, at random within them, are dealt out in turn."""
    units = design.units
    if not 2 <= groups <= units.count:
        raise InputError("D043", f"{groups} groups cannot be made of {units.count} clusters", hint="take 2 to the number of clusters")
    drawn = np.random.default_rng(seed).random(units.count)
    of = np.empty(units.count, np.int64)
    of[np.lexsort((drawn, units.strata))] = np.arange(units.count) % groups
    return of[design.clusters]


def bootstrap(design: Design, replicates: int = 500, *, seed: int) -> Replicates:
    """Rao and Wu's rescaled bootstrap with n - 1 draws in a stratum of n clusters: weight × (1 + √(1 - f) (n/(n - 1) × times drawn - 1))."""
    units = design.units
    single = _single(design, units)
    if replicates < 2:
        raise InputError("D043", f"{replicates} replicates are not enough", hint="take some hundreds")
    _fits(design, replicates)
    random = np.random.default_rng(seed)
    changes = np.ones((units.count, replicates))
    order = np.argsort(units.strata, kind="stable")
    starts = np.concatenate([[0], np.cumsum(units.sizes)])
    for stratum in np.flatnonzero(units.sizes > 1):
        own, size = order[starts[stratum] : starts[stratum + 1]], int(units.sizes[stratum])
        times = _drawn(random, size, replicates)
        changes[own] = 1 + np.sqrt(units.left[stratum]) * (size / (size - 1) * times - 1)
    signs = random.integers(0, 2, (len(single), replicates)) * 2.0 - 1
    _sway(units, changes, single, signs)
    return Replicates(_weights(design, changes), "bootstrap", _grown(design, units) / replicates, np.ones(replicates))


def _drawn(random: np.random.Generator, size: int, replicates: int) -> Array:
    """(cluster, replicate): how often each of `size` clusters comes in size - 1 draws."""
    times = np.zeros((size, replicates))
    for replicate in range(replicates):
        times[:, replicate] = np.bincount(random.integers(0, size, size - 1), minlength=size)
    return times


def brr(design: Design, fay: float = 0.0) -> Replicates:
    """Balanced repeated replication: strata of two clusters; weights × (2 - fay) and × fay. Raises D043 where a stratum has more than two."""
    units = design.units
    single = _single(design, units)
    many = (units.sizes > 2) & (units.left > 0)
    if many.any():
        what = f"{int(many.sum())} strata have not two clusters: {units.naming(many)}"
        raise DataError("D043", what, hint="use jackknife or bootstrap, or pair the clusters as strata")
    if not 0 <= fay < 1:
        raise InputError("D043", f"a Fay factor of {fay} is not possible", hint="take 0 (none) to less than 1, such as 0.3")
    pairs = np.flatnonzero(units.sizes == 2)
    signs = hadamard(len(pairs) + len(single) + 1)[1:]
    count = signs.shape[1]
    _fits(design, count)
    changes = np.ones((units.count, count))
    for place, stratum in enumerate(pairs):
        own = np.flatnonzero(units.strata == stratum)
        half = (1 - fay) * np.sqrt(units.left[stratum]) * signs[place]
        changes[own[0]], changes[own[1]] = 1 + half, 1 - half
    _sway(units, changes, single, (1 - fay) * signs[len(pairs) : len(pairs) + len(single)])
    scale = _grown(design, units) / (count * (1 - fay) ** 2)
    return Replicates(_weights(design, changes), "brr", scale, np.ones(count))


def replicate_degrees(replicates: Replicates) -> int:
    """Degrees of freedom of replicate weights: the rank of their columns less 1, as far as numbers can tell."""
    weights = replicates.weights
    sizes = np.sqrt(np.einsum("ij,ij->j", weights, weights))
    products = weights.T @ weights / np.outer(np.where(sizes > 0, sizes, 1), np.where(sizes > 0, sizes, 1))
    found = np.linalg.eigvalsh(products)
    return int((found > found.max(initial=0.0) * 1e-10).sum()) - 1


# What the methods share --------------------------------------------------------------------------------------------------------


def _single(design: Design, units: Units) -> Numbers:
    """The single clusters' strata that replicates have to move: those of the rule `centre`."""
    if design.single == "refuse" and units.single.any():
        what = f"{int(units.single.sum())} strata have one sampled cluster: {units.naming(units.single)}"
        raise DataError("D042", what, hint="join them with others, or say single: certain, centre or average")
    return np.flatnonzero(units.single) if design.single == "centre" else np.empty(0, np.int64)


def _grown(design: Design, units: Units) -> float:
    """The rule `average`: the others stand for the single ones."""
    if design.single != "average" or not units.single.any():
        return 1.0
    if not units.counted:
        raise DataError("D043", "all strata have one sampled cluster", hint="join strata")
    return len(units.sizes) / units.counted


def _sway(units: Units, changes: Array, single: Numbers, signs: Array) -> None:
    """Move single clusters up or down against all clusters, so that a total moves by its difference from the clusters' mean."""
    for place, stratum in enumerate(single):
        step = np.sqrt(units.left[stratum]) * signs[place]
        changes -= step / units.count
        changes[units.strata == stratum] += step


def _weights(design: Design, changes: Array) -> Array:
    """(row, replicate): the weights times the change of their cluster."""
    return design.weights[:, None] * changes[design.clusters]


def _fits(design: Design, replicates: int) -> None:
    if design.rows * replicates > MOST:
        what = f"{design.rows:,} rows times {replicates:,} replicates do not fit in memory"
        raise InputError("D043", what, hint="leave out groups: jackknife(design, random_groups(design, 80, seed=1))")
