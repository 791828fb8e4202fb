"""A survey moved to a year of the projection: amounts uprated, dates shifted so that ages stay, weights calibrated to the year's people.

API: `move_survey(survey, vocabulary, years, factor, population (sex, age), method) -> Moved(population, calibrated, bands)`.
Method: docs/methods/cells.md#survey.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..population.tables import Population
from ..population.tables import Table as Data
from ..vocabulary.model import Vocabulary
from .arrow import WEIGHT_DIGITS, units_to_decimals
from .calibration import Calibrated, Method, calibrate
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

    All persons of a household get the same weight, also a column of the households. Raises DataError D024 where sex or age is missing.
    """
    tables = {name: _moved(name, _read(table), vocabulary, years, factor) for name, table in survey.tables.items()}
    day = _later(survey.date, years)
    persons = tables["persons"]
    sex, age = _sexes(persons), _ages(persons, day)
    homes, home_of = _homes(persons)
    counted = _alive(persons, day)
    counts = _counts(sex, age, counted, home_of, len(homes), bands)
    totals = np.add.reduceat(population[:, :AGES], np.array(bands), axis=1).ravel()
    found = calibrate(_weights(persons, home_of, len(homes)), counts, totals, method)
    sizes = np.bincount(home_of[counted], minlength=len(homes))
    exact = _exact(found.weights, sizes, float(population.sum()))
    tables["persons"] = _with_weight(persons, exact[home_of])
    if "households" in tables:
        tables["households"] = _household_weights(tables["households"], homes, exact)
    total = Decimal(int(exact.astype(object) @ sizes.astype(object))).scaleb(-WEIGHT_DIGITS)
    made = {name: Data(name, data=table) for name, table in tables.items()}
    unplaced = int((counted & ((sex < 0) | (age < 0))).sum())
    return Moved(Population("survey", day, made, survey.currency, survey.digits), found, total, unplaced)


def _read(table: Data) -> pa.Table:
    if table.data is not None:
        return table.data
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pa.concat_tables([pq.read_table(path) for path in table.files])


def _moved(name: str, table: pa.Table, vocabulary: Vocabulary, years: int, factor: Decimal) -> pa.Table:
    """The table with its amounts times the factor and its dates later."""
    import pyarrow as pa
    import pyarrow.compute as pc

    words = vocabulary.tables.get(name, {})
    for position, column in enumerate(table.schema):
        word = words.get(column.name)
        if word and word.unit.currency and pa.types.is_decimal(column.type):
            scale = column.type.scale
            ratio = pa.scalar(factor.quantize(Decimal("1e-6")), pa.decimal128(12, 6))
            exact = pc.call_function("multiply", [table.column(position).cast(pa.decimal128(18, scale)), ratio])
            rounded = pc.call_function("round", [exact], pc.RoundOptions(scale, "half_towards_infinity"))
            table = table.set_column(position, column.name, rounded.cast(pa.decimal128(18, scale)))
        elif pa.types.is_date(column.type) and years:
            table = table.set_column(position, column.name, _shifted(table.column(position), years))
    return table


def _shifted(column: pa.ChunkedArray, years: int) -> pa.Array:
    """Dates the same day `years` later; 29 February becomes 1 March in other years."""
    import pyarrow as pa

    days = np.asarray(column.to_numpy()).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    later = (months + 12 * years).astype("datetime64[D]") + (days - months.astype("datetime64[D]"))
    return pa.array(later, pa.date32(), mask=np.isnat(days))


def _later(day: date | None, years: int) -> date:
    if day is None:
        raise DataError("D024", "the survey has no date", hint="say date: in its population.yaml")
    return date(day.year + years, day.month, min(day.day, 28))


def _sexes(persons: pa.Table) -> NDArray[np.int64]:
    """0 male, 1 female, -1 unknown."""
    if "sex" not in persons.column_names:
        raise DataError("D024", "the survey has no sex", hint="weights are calibrated by sex and age")
    known: Mapping[Any, int] = {name: number for number, name in enumerate(SEXES)}
    return np.array([known.get(value, -1) for value in persons.column("sex").to_pylist()])


def _ages(persons: pa.Table, day: date) -> NDArray[np.int64]:
    """Completed years on the day; -1 unknown, also before birth."""
    if "age" in persons.column_names:
        return np.array([-1 if value is None else max(value, -1) for value in persons.column("age").to_pylist()])
    if "birth_date" not in persons.column_names:
        raise DataError("D024", "the survey has neither age nor birth_date", hint="weights are calibrated by sex and age")
    born = np.asarray(persons.column("birth_date").to_numpy()).astype("datetime64[D]")
    missing = np.isnat(born)
    born = np.where(missing, np.datetime64("1970-01-01"), born)
    first = born.astype("datetime64[M]")
    days = (born - first.astype("datetime64[D]")).astype(int) + 1
    passed = (day.year - 1970) * 12 + day.month - 1 - first.astype(int) - (days > day.day)
    return np.where(missing, -1, np.maximum(passed // 12, -1))


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


def _alive(persons: pa.Table, day: date) -> NDArray[np.bool_]:
    """Those whom the weights count: the dead of a household keep their row."""
    if "death_date" not in persons.column_names:
        return np.ones(persons.num_rows, dtype=bool)
    died = np.asarray(persons.column("death_date").to_numpy()).astype("datetime64[D]")
    return np.isnat(died) | (died > np.datetime64(day))


def _homes(persons: pa.Table) -> tuple[pa.Array, NDArray[np.int64]]:
    """The households' identifiers, and the position of each person's; without households each person is one."""
    import pyarrow as pa

    name = "household_id" if "household_id" in persons.column_names else "person_id"
    coded = pa.chunked_array([persons.column(name).combine_chunks()]).dictionary_encode().combine_chunks()
    coded = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    if coded.null_count:
        raise DataError("D024", f"{coded.null_count} persons of the survey are in no household", hint="give each a household")
    return coded.dictionary, np.asarray(coded.indices.to_numpy()).astype(np.int64)


def _weights(persons: pa.Table, home_of: NDArray[np.int64], count: int) -> Array:
    """The weight of each household: the mean of its persons'; 1 where the survey has none."""
    if "weight" not in persons.column_names:
        return np.ones(count)
    weight = np.array([float(value or 0) for value in persons.column("weight").to_pylist()])
    return np.bincount(home_of, weight, count) / np.bincount(home_of, minlength=count)


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
