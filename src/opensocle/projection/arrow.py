"""Arrow columns from arrays of numbers, in the types that a population has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

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
    valid = None if missing is None else pa.array(~missing).buffers()[1]
    return pa.Array.from_buffers(pa.decimal128(18, digits), len(units), [valid, pa.py_buffer(pairs)])


def integers(numbers: NDArray[np.float64]) -> pa.Array:
    """Whole numbers, rounded to the nearest; NaN becomes null."""
    import pyarrow as pa

    missing = np.isnan(numbers)
    if not missing.any():
        return pa.array(np.rint(numbers).astype(np.int32))
    return pa.array(np.rint(np.where(missing, 0, numbers)).astype(np.int32), mask=missing)


def words(positions: NDArray[np.int64], known: Sequence[str]) -> pa.Array:
    """Codes by their position among the known ones; -1 is null."""
    import pyarrow as pa

    missing = positions < 0
    indices = pa.array(positions.astype(np.int8), mask=missing if missing.any() else None)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(known), pa.string()))


def booleans(truths: NDArray[np.int8]) -> pa.Array:
    """1 true, 0 false, -1 null."""
    import pyarrow as pa

    missing = truths < 0
    return pa.array(truths > 0, mask=missing if missing.any() else None)
