"""A survey's households as the rows of measures: domains with the weights of their persons, and influences added up by cluster.

All members of a household have its welfare, so a household is one row whose weight is that of its members in the domain: measures are those of
persons at a fraction of the work. An influence is added up over each cluster at once (Σ weight × influence): sums, differences and quotients of
measures of different domains are then those of vectors of the same length, and one variance function serves all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ...population.survey.design import Design
from ...population.survey.variance import interval, standard_errors
from .facts import added_up
from .groups import Domain, Split, domains
from .measured import Array, Measured
from .model import ALL
from .sample import Sample

BATCH = 64
SHARES = (
    "fgt0", "coverage", "beneficiaries", "incidence", "to_poor", "winners", "losers", "deprived", "mpi_headcount", "gini", "exclusion_error",
    "inclusion_error", "poor_share", "gap_share", "impoverished", "gaining_poor", "theil_between_share", "income_fgt0", "income_gini", "excluded",
)  # fmt: skip
"""Measures between 0 and 1, whose intervals are on the scale of the logit."""


@dataclass(frozen=True, eq=False)
class Ground:
    """The persons of a survey and the households that are measured. of: the household of each person; known: households whose welfare is known."""

    design: Design
    of: NDArray[np.int64]
    counted: NDArray[np.bool_]
    known: NDArray[np.bool_]
    splits: tuple[Split, ...]

    @cached_property
    def _first(self) -> NDArray[np.int64]:
        """The first person of each household."""
        first = np.zeros(len(self.known), dtype=np.int64)
        first[self.of[::-1]] = np.arange(len(self.of))[::-1]
        return first

    @cached_property
    def households(self) -> Design:
        """The households as rows: strata and clusters of their members, no weights of their own."""
        own, first = self.design, self._first
        fractions = None if own.fractions is None else own.fractions[first]
        return Design(np.zeros(len(first)), own.strata[first], own.clusters[first], fractions, None, own.single, own.names)

    @cached_property
    def cell_of(self) -> NDArray[np.int64]:
        """The cell of each person: what influences are added up by. The cluster; the household, where those were drawn within clusters too."""
        own = self.design
        return own.clusters if own.homes is None or own.fractions is None else own.homes

    @cached_property
    def cells(self) -> Design:
        """The cells as rows of weight 1."""
        own, count = self.design, int(self.cell_of.max(initial=-1)) + 1
        first = np.zeros(count, dtype=np.int64)
        first[self.cell_of[::-1]] = np.arange(len(self.cell_of))[::-1]
        fractions = None if own.fractions is None else own.fractions[first]
        homes = None if self.cell_of is own.clusters else np.arange(count)
        return Design(np.ones(count), own.strata[first], own.clusters[first], fractions, None, own.single, own.names, homes)

    @cached_property
    def cell_of_household(self) -> NDArray[np.int64]:
        """The cell of each household."""
        return self.cell_of[self._first]

    @property
    def size(self) -> int:
        """How many cells there are."""
        return self.cells.rows

    @cached_property
    def view(self) -> View:
        """The ground with the survey's own weights."""
        return View(self, self.design.weights)


@dataclass(frozen=True, eq=False)
class View:
    """A ground with a set of weights of persons: the survey's, or those of one replicate."""

    ground: Ground
    weights: Array
    influences: bool = True
    _kept: dict[str, list[Domain]] = field(default_factory=dict, repr=False)
    _looked_up: WeakKeyDictionary[Sample, NDArray[np.int64]] = field(default_factory=WeakKeyDictionary, repr=False)

    @cached_property
    def persons(self) -> Array:
        """The weight of each person; none for the dead."""
        return np.where(self.ground.counted, self.weights, 0.0)

    @cached_property
    def households(self) -> Array:
        """The weight of each household: that of its members; none where its welfare is unknown."""
        summed = added_up(self.ground.of, self.persons, len(self.ground.known))
        return np.where(self.ground.known, summed, 0.0)

    @cached_property
    def everyone(self) -> Domain:
        rows = np.flatnonzero(self.households > 0)
        return Domain(ALL, rows, self.households[rows])

    def domains(self, split: Split) -> list[Domain]:
        """The groups of a split, each cut to the households that are measured."""
        name = split.named.name
        if name not in self._kept:
            persons = np.where(self.ground.known[self.ground.of], self.persons, 0.0)
            self._kept[name] = domains(split, self.ground.of, persons, self.households)
        return self._kept[name]

    def sample(self, domain: Domain) -> Sample:
        """The domain as a sample of households."""
        return Sample(self.ground.households, domain.rows, domain.weights, self.influences)

    def by_cluster(self, sample: Sample, measured: Measured) -> Measured:
        """The measure with its influence added up by cluster (by cell: see `Ground.cell_of`)."""
        if not self.influences:
            return Measured(measured.estimate, np.zeros(1), measured.observations)
        influence = np.broadcast_to(measured.influence, len(sample.rows))
        added = added_up(self._cells(sample), sample.weights * influence, self.ground.size)
        return Measured(measured.estimate, added, measured.observations)

    def _cells(self, sample: Sample) -> NDArray[np.int64]:
        """The cell of each row; looked up once for a sample."""
        found = self._looked_up.get(sample)
        if found is None:
            found = self._looked_up[sample] = self.ground.cell_of_household[sample.rows]
        return found

    def nothing(self) -> Measured:
        """A measure without a value."""
        return Measured(float("nan"), np.zeros(self.ground.size if self.influences else 1), 0)


def errors(ground: Ground, measures: Sequence[Measured]) -> Array:
    """The standard error of each measure whose influence is by cluster; NaN where it has no value."""
    found = np.full(len(measures), np.nan)
    defined = [at for at, measured in enumerate(measures) if measured.defined]
    every = np.arange(ground.size)
    for start in range(0, len(defined), BATCH):
        chosen = defined[start : start + BATCH]
        found[chosen] = standard_errors(ground.cells, every, np.ones(ground.size), [measures[at].influence for at in chosen])
    return found


def degrees(ground: Ground, domain: Domain) -> int:
    """Clusters less strata that have someone of the domain."""
    touched = np.zeros(ground.design.units.count, dtype=bool)
    touched[ground.households.clusters[domain.rows]] = True
    strata = np.zeros(len(ground.design.units.sizes), dtype=bool)
    strata[ground.design.units.strata[touched]] = True
    return int(touched.sum() - strata.sum())


def bounds(measure: str, estimate: float, se: float, free: float, level: float) -> tuple[float, float]:
    """The confidence interval of a figure; on the scale of the logit for a share strictly between 0 and 1."""
    logit = measure in SHARES and 0 < estimate < 1
    return interval(estimate, se, free, level, logit)
