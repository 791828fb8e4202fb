"""Arrow columns from arrays of numbers, in the types that a population has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

WEIGHT_DIGITS = 9
LARGEST_WEIGHT = 999_999_999
"""DECIMAL(18,9) holds no more."""


def decimals(numbers: NDArray[np.float64], digits: int) -> pa.Array:
    """DECIMAL(18, digits), rounded to the nearest; NaN becomes null."""
    missing = np.isnan(numbers)
    units = np.rint(np.where(missing, 0, numbers) * 10**digits).astype(np.int64)
    return units_to_decimals(units, digits, missing if missing.any() else None)


def units_to_decimals(units: NDArray[np.int64], digits: int, missing: NDArray[np.bool_] | None = None) -> pa.Array:
    """DECIMAL(18, digits) from whole numbers of the last digit: 128 bits are the number and its sign."""
    import pyarrow as pa

    pairs = np.empty((len(units), 2), dtype=np.int64)
    pairs[:, 0] = units
    pairs[:, 1] = units >> 63
    return _column(pa.decimal128(18, digits), pairs, missing)


def wholes(numbers: NDArray[np.int64]) -> pa.Array:
    """64-bit whole numbers."""
    import pyarrow as pa

    return _column(pa.int64(), numbers)


def days(numbers: NDArray[np.datetime64]) -> pa.Array:
    """Dates."""
    import pyarrow as pa

    return _column(pa.date32(), numbers.astype("datetime64[D]").astype(np.int32))


def same_day(day: date, count: int) -> pa.Array:
    """A date so many times."""
    return days(np.full(count, np.datetime64(day, "D")))


def integers(numbers: NDArray[np.float64]) -> pa.Array:
    """Whole numbers, rounded to the nearest; NaN becomes null."""
    import pyarrow as pa

    missing = np.isnan(numbers)
    return _column(pa.int32(), np.rint(np.where(missing, 0, numbers)).astype(np.int32), missing)


def words(positions: NDArray[np.int64], known: Sequence[str]) -> pa.Array:
    """Codes by their position among the known ones; -1 is null."""
    import pyarrow as pa

    missing = positions < 0
    indices = _column(pa.int8(), np.where(missing, 0, positions).astype(np.int8), missing)
    return pa.DictionaryArray.from_arrays(indices, _strings(known))


def booleans(truths: NDArray[np.int8]) -> pa.Array:
    """1 true, 0 false, -1 null."""
    import pyarrow as pa

    return _column(pa.bool_(), _bits(truths > 0), truths < 0, len(truths))


def _column(type: pa.DataType, values: NDArray[Any], missing: NDArray[np.bool_] | None = None, count: int | None = None) -> pa.Array:
    """A column over numbers that lie as Arrow wants them. Made from memory: `pa.array` would load pandas first, wherever it is installed."""
    import pyarrow as pa

    valid = pa.py_buffer(_bits(~missing)) if missing is not None and missing.any() else None
    return pa.Array.from_buffers(type, len(values) if count is None else count, [valid, pa.py_buffer(np.ascontiguousarray(values))])


def _strings(texts: Sequence[str]) -> pa.Array:
    import pyarrow as pa

    parts = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, parts)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(parts), pa.py_buffer(ends), pa.py_buffer(b"".join(parts)))


def _bits(truths: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.packbits(truths, bitorder="little")
