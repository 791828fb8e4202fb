"""The rows of a survey's tables as arrays: households of persons, ages, who is alive."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError

if TYPE_CHECKING:
    import pyarrow as pa

    from ..tables import Table

Numbers = NDArray[np.int64]
IN_64_BITS = 18
"""Digits of a decimal whose lower half of 128 bits says everything."""


def read_table(table: Table, columns: list[str] | None = None) -> pa.Table:
    """A table of a population in memory, in the order of its files; with these columns only, if they are given."""
    if table.data is not None:
        return table.data if columns is None else table.data.select(columns)
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pa.concat_tables([pq.read_table(path, columns=columns) for path in table.files])


def numbered(column: pa.ChunkedArray) -> tuple[pa.Array, Numbers]:
    """The different values in the order in which they come, and each row's position among them; -1 for a null."""
    import pyarrow as pa

    coded = pa.chunked_array([column.combine_chunks()]).dictionary_encode().combine_chunks()
    coded = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    return coded.dictionary, np.asarray(coded.indices.fill_null(-1)).astype(np.int64)


def homes_of(persons: pa.Table) -> tuple[pa.Array, Numbers]:
    """The households' identifiers, and the position of each person's; without households each person is one. Raises DataError D024."""
    name = "household_id" if "household_id" in persons.column_names else "person_id"
    keys, position = numbered(persons.column(name))
    if (position < 0).any():
        raise DataError("D024", f"{int((position < 0).sum())} persons of the survey are in no household", hint="give each a household")
    return keys, position


def ages_on(persons: pa.Table, day: date | None) -> Numbers:
    """Completed years on the day; -1 unknown, also before birth. Raises DataError D024."""
    if "age" in persons.column_names:
        return np.array([-1 if value is None else max(value, -1) for value in persons.column("age").to_pylist()])
    if "birth_date" not in persons.column_names or day is None:
        lacks = "neither age nor birth_date" if "birth_date" not in persons.column_names else "no date, and no ages"
        raise DataError("D024", f"the survey has {lacks}", hint="weights are calibrated by sex and age")
    born = np.asarray(persons.column("birth_date").to_numpy()).astype("datetime64[D]")
    missing = np.isnat(born)
    born = np.where(missing, np.datetime64("1970-01-01"), born)
    first = born.astype("datetime64[M]")
    days = (born - first.astype("datetime64[D]")).astype(int) + 1
    passed = (day.year - 1970) * 12 + day.month - 1 - first.astype(int) - (days > day.day)
    return np.where(missing, -1, np.maximum(passed // 12, -1))


def alive_on(persons: pa.Table, day: date | None) -> NDArray[np.bool_]:
    """Those whom the weights count: the dead of a household keep their row."""
    if "death_date" not in persons.column_names:
        return np.ones(persons.num_rows, dtype=bool)
    died = np.asarray(persons.column("death_date").to_numpy()).astype("datetime64[D]")
    return np.isnat(died) | (died > np.datetime64(day)) if day is not None else np.isnat(died)


def household_weights(persons: pa.Table, home_of: Numbers, count: int) -> NDArray[np.float64]:
    """The weight of each household: the mean of its persons'; 1 where the survey has none."""
    if "weight" not in persons.column_names:
        return np.ones(count)
    weight = _numbers(persons.column("weight"))
    return np.bincount(home_of, weight, count) / np.bincount(home_of, minlength=count)


def _numbers(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """Decimals as the nearest floats; 0 for a null."""
    import pyarrow as pa

    if not pa.types.is_decimal128(column.type) or column.type.precision > IN_64_BITS:
        return np.array([float(value or 0) for value in column.to_pylist()])
    array = column.fill_null(0).combine_chunks()
    array = pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array
    lower = np.frombuffer(array.buffers()[1], dtype=np.int64)[2 * array.offset : 2 * (array.offset + len(array)) : 2]
    return lower / 10.0**column.type.scale
