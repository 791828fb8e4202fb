"""The frame of a sample: the households of a population in strata (region × town or country) and enumeration areas.

A registry has no enumeration areas, so they are made, the same ones whenever they are asked for: the households of a district's towns or villages
are put in an order that follows their consumption per head in part, and are cut into areas of about 100. So neighbours are alike, as they are in
life, and clusters cost precision. Method: docs/methods/drawing.md.

API: `make_frame(population) -> Frame`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError, Problems, SocleError
from ...vocabulary.model import HOUSEHOLDS, PERSONS
from ..tables import Population
from .rows import read_table

if TYPE_CHECKING:
    import pyarrow as pa

Numbers = NDArray[np.int64]

STRATA = ("region", "urban")
PLACE = (*STRATA, "district")
"""An area lies within one of these; a district as far as the data have it."""
AREA = 100
"""Households of an area, on average."""
UNEQUAL = 0.25
"""Standard deviation of the logarithm of an area's size."""
LIKENESS = 0.2
"""Share of the order's variance that consumption explains: about the correlation of living standards within an area."""
AREAS_SEED = 2_025
"""Areas are geography: they do not change with the seed of a sample."""


@dataclass(frozen=True, eq=False)
class Frame:
    """Households in the order of their table, and areas in the order in which they are drawn from: stratum, district, number.

    area_of: (household,) its area; size: (household,) its persons, the dead not counted; in_town: (household,).
    areas: (area,) names, such as north-urban-d01-003; stratum_of: (area,) its stratum; strata: (stratum,) names, such as north-urban.
    """

    ids: pa.Array
    area_of: Numbers
    size: Numbers
    in_town: NDArray[np.bool_]
    areas: tuple[str, ...]
    stratum_of: Numbers
    strata: tuple[str, ...]

    @property
    def households(self) -> int:
        return len(self.area_of)

    @cached_property
    def counts(self) -> Numbers:
        """(area,): households."""
        return np.bincount(self.area_of, minlength=len(self.areas))

    @cached_property
    def members(self) -> list[Numbers]:
        """The households of each area, by position."""
        order = np.argsort(self.area_of, kind="stable")
        return np.split(order, np.cumsum(self.counts)[:-1])


def make_frame(population: Population) -> Frame:
    """The households, strata and areas of a population. Raises Problems with DataError D048 where it lacks what is needed for them."""
    import pyarrow.compute as pc

    _check(population)
    names = [*STRATA, *(["district"] if "district" in population.tables[HOUSEHOLDS].columns else [])]
    also = [name for name in ("consumption",) if name in population.tables[HOUSEHOLDS].columns]
    homes = read_table(population.tables[HOUSEHOLDS], ["household_id", *names, *also])
    ids = homes.column("household_id").combine_chunks()
    strata, stratum = _coded(homes, STRATA)
    places, place = _coded(homes, names)
    size = _sizes(population, ids)
    spent = np.asarray(homes.column("consumption").cast("float64").to_numpy()) if also else np.full(len(ids), np.nan)
    area_of, areas, stratum_of = _areas(place, places, stratum, spent, size)
    in_town = np.asarray(pc.call_function("equal", [homes.column("urban"), "urban"]).fill_null(False).to_numpy())
    return Frame(ids, area_of, size, in_town, areas, stratum_of, strata)


def _check(population: Population) -> None:
    problems: list[SocleError] = []
    hint = "a sample is drawn from households by region and by town or country: see docs/methods/drawing.md"
    if HOUSEHOLDS not in population.tables:
        problems.append(DataError("D048", "there is no table of households to draw from", hint=hint))
    else:
        for name in ("household_id", *STRATA):
            if name not in population.tables[HOUSEHOLDS].columns:
                problems.append(DataError("D048", f"the households have no {name}", hint=hint))
        if not population.tables[HOUSEHOLDS].rows:
            problems.append(DataError("D048", "there are no households to draw from", hint="choose another population"))
    if not population.tables[PERSONS].never_null("household_id"):
        problems.append(DataError("D048", "some persons have no household", hint="give each person a household_id"))
    if problems:
        raise Problems(problems)


def _coded(homes: pa.Table, columns: list[str] | tuple[str, ...]) -> tuple[tuple[str, ...], Numbers]:
    """The different combinations of these columns, in order of name, and each household's number among them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = [homes.column(name).cast(pa.string()).fill_null("unknown") for name in columns]
    labels = pc.call_function("binary_join_element_wise", [*parts, "-"]).combine_chunks().dictionary_encode()
    labels = labels.combine_chunks() if isinstance(labels, pa.ChunkedArray) else labels
    found = labels.dictionary.to_pylist()
    rank = np.empty(len(found), np.int64)
    rank[sorted(range(len(found)), key=found.__getitem__)] = np.arange(len(found))
    return tuple(sorted(found)), rank[np.asarray(labels.indices.to_numpy())]


def _sizes(population: Population, ids: pa.Array) -> Numbers:
    """Living members of each household."""
    import pyarrow.compute as pc

    known = population.tables[PERSONS].columns
    persons = read_table(population.tables[PERSONS], ["household_id", *(["death_date"] if "death_date" in known else [])])
    if "death_date" in known:
        persons = persons.filter(persons.column("death_date").is_null())
    positions = pc.call_function("index_in", [persons.column("household_id")], pc.SetLookupOptions(ids))
    if positions.null_count:
        what = f"{positions.null_count} persons are in households that are not in the table of households"
        raise DataError("D048", what, hint="read the data in first: see docs/howto/bring-your-data.md")
    return np.bincount(np.asarray(positions.to_numpy()), minlength=len(ids))


def _areas(
    place: Numbers, places: tuple[str, ...], stratum: Numbers, spent: NDArray[np.float64], size: Numbers
) -> tuple[Numbers, tuple[str, ...], Numbers]:
    """The area of each household, the areas' names, and their strata. Places are in order of name, so those of a stratum are together."""
    area_of = np.empty(len(place), np.int64)
    names: list[str] = []
    strata: list[int] = []
    order = np.argsort(place, kind="stable")
    for number, homes in enumerate(np.split(order, np.cumsum(np.bincount(place, minlength=len(places)))[:-1])):
        rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(AREAS_SEED, spawn_key=(number,))))
        count = max(round(len(homes) / AREA), 1)
        cuts = np.cumsum(np.exp(UNEQUAL * rng.standard_normal(count)))
        bounds = np.unique(np.rint(cuts / cuts[-1] * len(homes)).astype(np.int64))
        bounds = bounds[bounds > 0]
        numbered = rng.permutation(len(bounds))  # the number of an area tells nothing of its wealth
        ranked = homes[np.argsort(_rank(spent[homes], size[homes], rng), kind="stable")]
        for at, inside in enumerate(np.split(ranked, bounds[:-1])):
            area_of[inside] = len(names) + numbered[at]
        names += [f"{places[number]}-{at + 1:03d}" for at in range(len(bounds))]
        strata += [int(stratum[homes[0]])] * len(bounds)
    return area_of, tuple(names), np.array(strata, np.int64)


def _rank(spent: NDArray[np.float64], size: Numbers, rng: np.random.Generator) -> NDArray[np.float64]:
    """What orders the households of a place: their standardised log consumption per head, and as much chance as LIKENESS leaves."""
    chance = rng.standard_normal(len(spent))
    known = spent > 0
    level = np.log(np.where(known, spent, 1) / np.maximum(size, 1))
    middle, spread = (level[known].mean(), level[known].std()) if known.any() else (0.0, 0.0)
    wealth = np.where(known, (level - middle) / spread, 0) if spread else np.zeros(len(spent))
    return LIKENESS**0.5 * wealth + (1 - LIKENESS) ** 0.5 * chance
