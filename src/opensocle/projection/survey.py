"""A survey moved to a year of the projection: amounts uprated, dates shifted so that ages stay, weights calibrated to the year's people.

API: `move_survey(survey, vocabulary, years, factor, population (sex, age), method) -> Moved(population, calibrated, bands)`.
Method: docs/methods/cells.md#survey.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..population.survey.calibration import Calibrated, Method, calibrate
from ..population.survey.rows import ages_on, alive_on, homes_of, household_weights, read_table
from ..population.survey.uprating import uprate
from ..population.tables import Population
from ..population.tables import Table as Data
from ..vocabulary.model import Vocabulary
from .arrow import WEIGHT_DIGITS, units_to_decimals
from .tables import AGES, SEXES, Array

if TYPE_CHECKING:
    import pyarrow as pa

BANDS = (0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75)
"""First ages of the groups to which weights are calibrated, for each sex; the last is open."""
UNITS = 10**WEIGHT_DIGITS


@dataclass(frozen=True)
class Moved:
    """The survey as the people of a year, and how its weights were found.

    total: persons, exactly as the weights add up. unplaced: rows whose sex or age is unknown, counted in all groups in proportion.
    """

    population: Population
    calibrated: Calibrated
    total: Decimal
    unplaced: int = 0


def move_survey(
    survey: Population,
    vocabulary: Vocabulary,
    years: int,
    factor: Decimal,
    population: Array,
    method: Method = "raking",
    bands: tuple[int, ...] = BANDS,
) -> Moved:
    """The survey `years` later: money times `factor`, dates `years` later, weights that add up to the population, (sex, age) persons.

    All persons of a household get the same weight, also a column of the households. Replicate weights of the survey are not those of the year,
    so its design goes on without them. Raises DataError D024 where sex or age is missing.
    """
    moved = uprate(survey, vocabulary, factor, years)
    day, tables = moved.date, {name: read_table(table) for name, table in moved.tables.items()}
    persons = tables["persons"]
    sex, age = _sexes(persons), ages_on(persons, day)
    homes, home_of = homes_of(persons)
    counted = alive_on(persons, day)
    counts = _counts(sex, age, counted, home_of, len(homes), bands)
    totals = np.add.reduceat(population[:, :AGES], np.array(bands), axis=1).ravel()
    found = calibrate(household_weights(persons, home_of, len(homes)), counts, totals, method)
    sizes = np.bincount(home_of[counted], minlength=len(homes))
    exact = _exact(found.weights, sizes, float(population.sum()))
    tables["persons"] = _with_weight(persons, exact[home_of])
    if "households" in tables:
        tables["households"] = _household_weights(tables["households"], homes, exact)
    total = Decimal(int(exact.astype(object) @ sizes.astype(object))).scaleb(-WEIGHT_DIGITS)
    made = {name: Data(name, data=table) for name, table in tables.items()}
    unplaced = int((counted & ((sex < 0) | (age < 0))).sum())
    design = survey.design.without_replicates() if survey.design else None
    return Moved(Population("survey", day, made, survey.currency, survey.digits, design), found, total, unplaced)


def _sexes(persons: pa.Table) -> NDArray[np.int64]:
    """0 male, 1 female, -1 unknown."""
    if "sex" not in persons.column_names:
        raise DataError("D024", "the survey has no sex", hint="weights are calibrated by sex and age")
    known: Mapping[Any, int] = {name: number for number, name in enumerate(SEXES)}
    return np.array([known.get(value, -1) for value in persons.column("sex").to_pylist()])


def _counts(
    sex: NDArray[np.int64], age: NDArray[np.int64], counted: NDArray[np.bool_], home_of: NDArray[np.int64], homes: int, bands: tuple[int, ...]
) -> Array:
    """(household, group): persons; who cannot be placed counts in every group in proportion to those who can."""
    groups = len(SEXES) * len(bands)
    placed = counted & (sex >= 0) & (age >= 0)
    group = np.maximum(sex, 0) * len(bands) + np.searchsorted(np.array(bands), np.maximum(age, 0), side="right") - 1
    counts = np.zeros((homes, groups))
    np.add.at(counts, (home_of[placed], group[placed]), 1)
    whole = counts.sum(axis=0)
    if not whole.sum():
        raise DataError("D024", "the survey has nobody whose sex and age are known", hint="weights are calibrated by sex and age")
    left = np.bincount(home_of[counted & ~placed], minlength=homes)
    return counts + np.outer(left, whole / whole.sum())


def _exact(weights: Array, sizes: NDArray[np.int64], total: float) -> NDArray[np.int64]:
    """Weights in units of 1e-9 that add up to the total, as far as the sizes of households allow: what is left goes to the smallest household."""
    units = np.rint(weights * UNITS).astype(np.int64)
    living = np.where(sizes > 0)[0]
    smallest = living[np.argmin(sizes[living])]
    left = round(total * UNITS) - int(units.astype(object) @ sizes.astype(object))
    if abs(left) < 1e-6 * total * UNITS:
        units[smallest] += left // int(sizes[smallest])
    return units


def _with_weight(table: pa.Table, units: NDArray[np.int64]) -> pa.Table:
    weight = units_to_decimals(units, WEIGHT_DIGITS)
    if "weight" in table.column_names:
        return table.set_column(table.column_names.index("weight"), "weight", weight)
    return table.append_column("weight", weight)


def _household_weights(households: pa.Table, homes: pa.Array, units: NDArray[np.int64]) -> pa.Table:
    at = {key: position for position, key in enumerate(homes.to_pylist())}
    positions = [at.get(key, -1) for key in households.column("household_id").to_pylist()]
    return _with_weight(households, np.array([units[p] if p >= 0 else 0 for p in positions], dtype=np.int64))
