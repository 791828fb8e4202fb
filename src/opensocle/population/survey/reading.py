"""The design of a population: weights, strata, clusters and replicate weights out of its tables. Nothing that is missing is guessed.

API: `design_of(population, unit) -> Design`, one row for each person or each household, in the order of `keys_of(population, unit)`.
Words: weight, stratum, cluster, stratum_clusters (persons or, where they have none, households). Method: docs/methods/survey.md#reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ...errors import DataError, InputError, Problems, SocleError
from ...vocabulary.model import HOUSEHOLDS, PERSONS
from ..tables import Population
from .describing import DesignSaid, ReplicatesSaid
from .design import SHOWN, Array, Design, Numbers, Replicates
from .replication import replicates_given
from .rows import numbered, read_table

if TYPE_CHECKING:
    import pyarrow as pa

Unit = Literal["persons", "households"]
WORDS = ("weight", "stratum", "cluster", "stratum_clusters")


def design_of(population: Population, unit: Unit = "persons") -> Design:
    """The survey's design. Without strata there is one; without clusters each household is one, and who has no household is one too.

    A household's weight is its members' (the greatest, where they differ). In a registry everybody is there: nothing was left out, so that
    sampling errors are zero. Raises Problems: D040 for what is missing, D041 for what contradicts itself; D043 for replicate weights.
    """
    if unit not in (PERSONS, HOUSEHOLDS):
        raise InputError("D041", f"{unit!r} is no unit of a survey", hint="use persons or households")
    if population.kind == "cells":
        raise DataError("D041", "cells are no sample", hint="cells count everybody; take a survey or a registry")
    rows = _Rows(population, unit)
    weights = _weights(rows)
    names, strata = _strata(rows)
    clusters = _clusters(rows, strata)
    fractions = _fractions(rows, names, strata, clusters)
    if rows.problems:
        raise Problems(rows.problems)
    said = population.design or DesignSaid()
    replicates = _replicates(rows, said.replicates) if said.replicates else None
    return Design(weights, strata, clusters, fractions, replicates, said.single, names, _second_stage(rows, fractions))


def keys_of(population: Population, unit: Unit = "persons") -> pa.ChunkedArray:
    """The identifiers of the design's rows, in order: of the table of persons, of households, or else of the persons' households."""
    import pyarrow as pa

    keys = _Rows(population, unit).keys
    return keys if isinstance(keys, pa.ChunkedArray) else pa.chunked_array([keys])


@dataclass
class _Rows:
    """The columns that say how a sample was drawn, one value for each unit; and what is wrong with them."""

    population: Population
    unit: Unit
    problems: list[SocleError] = field(default_factory=list)

    def __post_init__(self) -> None:
        said = self.population.design
        patterns = said.replicates.columns if said and said.replicates else ()
        self.replicates = [name for pattern in patterns for name in self.population.tables[PERSONS].columns if fnmatchcase(name, pattern)]
        self.persons = self._read(PERSONS, ("person_id", "household_id", *WORDS, *self.replicates))
        self.homes = self._read(HOUSEHOLDS, ("household_id", *WORDS)) if HOUSEHOLDS in self.population.tables else None
        self.alone = "household_id" not in self.persons.column_names
        self.home_keys, self.home_of = (None, None) if self.alone else numbered(self.persons.column("household_id"))
        if unit_of_homes := self.unit == HOUSEHOLDS:
            self._one_of_each()
        self.keys = self._home_ids() if unit_of_homes else self.persons.column("person_id")
        self.rows = len(self.keys)

    def _read(self, table: str, words: tuple[str, ...]) -> pa.Table:
        found = self.population.tables[table]
        return read_table(found, [word for word in dict.fromkeys(words) if word in found.columns])

    def _one_of_each(self) -> None:
        """The person of greatest weight of each household, who stands for it: positions, in the order of home_keys."""
        if self.home_of is None:
            raise DataError("D040", "persons have no household_id, so there are no households", hint="use persons")
        weight = _floats(self.persons.column("weight")) if "weight" in self.persons.column_names else np.ones(len(self.home_of))
        order = np.lexsort((-weight, self.home_of))
        order = order[self.home_of[order] >= 0]
        homes = self.home_of[order]
        self.standing = order[np.concatenate([[True], homes[1:] != homes[:-1]])] if len(order) else order

    def _home_ids(self) -> Any:
        return self.homes.column("household_id") if self.homes is not None else self.home_keys

    def column(self, name: str) -> pa.ChunkedArray | None:
        """The column for each unit: of its own table, else of the other; None where neither has it."""
        own, other = (self.persons, self.homes) if self.unit == PERSONS else (self.homes, self.persons)
        if own is not None and name in own.column_names:
            return own.column(name)
        if other is None or name not in other.column_names or (self.unit == PERSONS and self.alone):
            return None
        return other.column(name).take(self._positions())

    def _positions(self) -> pa.Array:
        """For each unit, where the row of the other table is that speaks for it; null for none."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if self.unit == PERSONS:
            assert self.homes is not None
            keys = self.homes.column("household_id").combine_chunks()
            return pc.call_function("index_in", [self.persons.column("household_id").combine_chunks()], pc.SetLookupOptions(keys, skip_nulls=True))
        standing = pa.array(self.standing)
        if self.homes is None:
            return standing
        ids = self.homes.column("household_id").combine_chunks()
        at = pc.call_function("index_in", [ids], pc.SetLookupOptions(self.home_keys, skip_nulls=True))
        return standing.take(at)

    def missing(self, name: str, count: int) -> None:
        what = "person" if self.unit == PERSONS else "household"
        what = f"1 {what} has" if count == 1 else f"{count} {what}s have"
        self.problems.append(DataError("D040", f"{what} no {name}", at=self.unit, hint="complete it, or leave the column out"))

    def contradiction(self, what: str, hint: str = "") -> None:
        self.problems.append(DataError("D041", what, at=self.unit, hint=hint))


def _floats(column: pa.ChunkedArray) -> Array:
    """A column of numbers; null becomes NaN."""
    import pyarrow as pa

    return column.cast(pa.float64()).combine_chunks().to_numpy(zero_copy_only=False)


def _weights(rows: _Rows) -> Array:
    """Zero is a weight: the row belongs to the design and adds nothing to an estimate."""
    column = rows.column("weight")
    if column is None:
        if rows.population.kind == "survey":
            rows.problems.append(DataError("D040", "the survey has no weights", at=PERSONS, hint="write weight: {value: 1} if all count the same"))
        return np.ones(rows.rows)
    weights = _floats(column)
    if lost := int(np.isnan(weights).sum()):
        rows.missing("weight", lost)
    if below := int((weights < 0).sum()):
        rows.problems.append(DataError("D040", f"{below} weights are below zero", at=rows.unit, hint="weights start at 0"))
    return weights


def _strata(rows: _Rows) -> tuple[list[Any], Numbers]:
    """The strata's names and each row's; a row without one is counted among the first until the problems are raised."""
    column = rows.column("stratum")
    if column is None:
        return ["all"], np.zeros(rows.rows, np.int64)
    names, strata = numbered(column)
    if lost := int((strata < 0).sum()):
        rows.missing("stratum", lost)
    return names.to_pylist(), np.maximum(strata, 0)


def _clusters(rows: _Rows, strata: Numbers) -> Numbers:
    """Clusters numbered over all strata: the same key in two strata is two clusters, unless it is a household's."""
    column = rows.column("cluster")
    if column is None:
        return _homes_as_clusters(rows, strata)
    _, within = numbered(column)
    if lost := int((within < 0).sum()):
        rows.missing("cluster", lost)
    clusters = _together(strata, np.maximum(within, 0))
    if rows.unit == PERSONS and not rows.problems and rows.home_of is not None:
        _undivided(rows, rows.home_of, clusters, "clusters")
    return clusters


def _homes_as_clusters(rows: _Rows, strata: Numbers) -> Numbers:
    if rows.unit == HOUSEHOLDS or rows.home_of is None:
        return np.arange(rows.rows)
    clusters = _homes(rows)
    if not rows.problems:
        _undivided(rows, rows.home_of, strata, "strata")
    return clusters


def _together(first: Numbers, second: Numbers) -> Numbers:
    """A number for each pair that occurs, from 0."""
    return np.unique(first * (int(second.max(initial=0)) + 1) + second, return_inverse=True)[1].astype(np.int64)


def _second_stage(rows: _Rows, fractions: Array | None) -> Numbers | None:
    """Each row's household, where clusters hold several households and the share of clusters drawn is known."""
    if fractions is None or rows.column("cluster") is None:
        return None
    return _homes(rows)


def _homes(rows: _Rows) -> Numbers:
    """The household of each row; a person without one is one."""
    if rows.unit == HOUSEHOLDS or rows.home_of is None:
        return np.arange(rows.rows)
    homes = rows.home_of.copy()
    without = homes < 0
    homes[without] = len(rows.home_keys or ()) + np.arange(int(without.sum()))
    return homes


def _undivided(rows: _Rows, homes: Numbers, parts: Numbers, what: str) -> None:
    """Notes households whose members are in several parts."""
    part = np.zeros(int(homes.max(initial=0)) + 1, np.int64)
    known = homes >= 0
    part[homes[known]] = parts[known]
    split = known & (part[np.maximum(homes, 0)] != parts)
    if split.any():
        count = len(np.unique(homes[split]))
        rows.contradiction(f"{count} household{'s are' if count > 1 else ' is'} in several {what}", "a household is drawn as a whole")


def _fractions(rows: _Rows, names: list[Any], strata: Numbers, clusters: Numbers) -> Array | None:
    """The share of a row's stratum's clusters that was drawn: sampled ones over stratum_clusters; all in a registry."""
    column = rows.column("stratum_clusters")
    if column is None:
        everybody = rows.population.kind == "registry" and rows.column("stratum") is None and rows.column("cluster") is None
        return np.ones(rows.rows) if everybody else None
    given = _floats(column)
    if lost := int(np.isnan(given).sum()):
        rows.missing("stratum_clusters", lost)
    if rows.problems:
        return None
    of = np.zeros(int(clusters.max(initial=-1)) + 1, np.int64)
    of[clusters] = strata
    sampled = np.bincount(of, minlength=len(names))
    whole = np.ones(len(names))
    whole[strata] = given
    unlike, few = np.unique(strata[given != whole[strata]]), np.flatnonzero(whole < sampled)
    if len(unlike):
        rows.contradiction(f"stratum_clusters is not one number in the strata {_some(names, unlike)}")
    if len(few):
        what = f"stratum_clusters is less than the clusters that are in the survey: strata {_some(names, few)}"
        rows.contradiction(what, "it is the number of clusters in the whole stratum")
    return (sampled / whole)[strata]


def _some(names: list[Any], which: Numbers) -> str:
    return ", ".join(str(names[at]) for at in which[:SHOWN]) + (f" and {len(which) - SHOWN} more" if len(which) > SHOWN else "")


def _replicates(rows: _Rows, said: ReplicatesSaid) -> Replicates:
    """The replicate weights; a household's are those of the member who stands for it."""
    if len(rows.replicates) < 2:
        raise DataError("D043", f"the persons have no columns {', '.join(said.columns)}", hint="see replicates: in population.yaml")
    weights = np.empty((rows.rows, len(rows.replicates)))
    for place, name in enumerate(rows.replicates):
        column = rows.column(name)
        weights[:, place] = _floats(column) if column is not None else np.nan
    scale = None if said.scale is None else float(said.scale)
    factors = None if said.factors is None else [float(factor) for factor in said.factors]
    return replicates_given(weights, said.kind, scale, factors, said.centre, float(said.fay))
