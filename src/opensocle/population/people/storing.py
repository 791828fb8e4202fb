"""Columns of numbers to Parquet files: types, unknowns, row groups and the folder's description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ..writing import ROW_GROUP, hash_files

NOTHING = -(2**31)
"""The number that stands for unknown or none (null) in a column of whole numbers, dates, keys or money; -1 does in booleans and codes."""

_NULL = {"boolean": -1, "code": -1}


@dataclass(frozen=True, slots=True)
class Column:
    """How a column is stored and what its numbers are.

    type: key, integer, date (days since 1970), boolean, code (a position in `codes`), or decimal: a whole number of the last of its `digits`.
    """

    type: str
    codes: tuple[str, ...] = ()
    digits: int = 2

    def at(self, *names: str) -> list[int]:
        """The positions of these codes."""
        return [self.codes.index(name) for name in names]

    @property
    def arrow(self) -> pa.DataType:
        kinds = {"key": pa.int64(), "integer": pa.int32(), "date": pa.date32(), "boolean": pa.bool_()}
        if self.type == "decimal":
            return pa.decimal128(18, self.digits)
        return kinds.get(self.type) or pa.dictionary(pa.int8(), pa.string())


KEY, INTEGER, MONEY, DATE, BOOLEAN = (Column(kind) for kind in ("key", "integer", "decimal", "date", "boolean"))
DECIMAL = Column("decimal", digits=6)
"""A decimal that is not money: whole millionths."""


def code(*codes: str) -> Column:
    return Column("code", codes)


Layout = Mapping[str, Column]
Rows = Mapping[str, np.ndarray]


def to_arrow(numbers: np.ndarray, column: Column) -> pa.Array:
    """The column as Arrow; the number that stands for nothing becomes null."""
    mask = numbers == _NULL.get(column.type, NOTHING)
    if not mask.any():
        mask = None
    if column.type == "decimal":
        return _decimals(numbers, mask, column.digits)
    if column.type == "code":
        positions = pa.array(numbers.astype(np.int8, copy=False), mask=mask)
        return pa.DictionaryArray.from_arrays(positions, pa.array(column.codes, pa.string()))
    if column.type == "boolean":
        return pa.array(numbers.astype(bool, copy=False), mask=mask)
    width = np.int64 if column.type == "key" else np.int32
    return pa.array(numbers.astype(width, copy=False), mask=mask).cast(column.arrow)


def _decimals(numbers: np.ndarray, mask: np.ndarray | None, digits: int) -> pa.Array:
    """DECIMAL(18, digits) from whole numbers of the last digit: the 128 bits are the number and its sign."""
    words = np.empty((len(numbers), 2), dtype=np.int64)
    words[:, 0] = numbers
    words[:, 1] = words[:, 0] >> 63
    valid = None if mask is None else pa.array(~mask).buffers()[1]
    return pa.Array.from_buffers(pa.decimal128(18, digits), len(numbers), [valid, pa.py_buffer(words)])


class Store:
    """One table's Parquet file, written in row groups of ROW_GROUP rows from pieces of any size."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self.path, self.layout, self.rows = path, layout, 0
        self.schema = pa.schema([(name, column.arrow) for name, column in layout.items()])
        self._waiting: list[pa.Table] = []
        self._writer = pq.ParquetWriter(
            path,
            self.schema,
            compression="snappy",
            use_dictionary=[name for name, column in layout.items() if column.type == "code"],
            store_schema=False,
            store_decimal_as_integer=True,
        )

    def add(self, rows: Rows) -> None:
        """Adds rows: one array of numbers a column of the layout."""
        table = pa.Table.from_arrays([to_arrow(rows[name], column) for name, column in self.layout.items()], schema=self.schema)
        self._waiting.append(table)
        self.rows += table.num_rows
        if sum(piece.num_rows for piece in self._waiting) >= ROW_GROUP:
            self._write(whole=True)

    def _write(self, *, whole: bool) -> None:
        table = pa.concat_tables(self._waiting)
        end = table.num_rows - table.num_rows % ROW_GROUP if whole else table.num_rows
        if end:
            self._writer.write_table(table.slice(0, end), row_group_size=ROW_GROUP)
        self._waiting = [table.slice(end)]

    def close(self) -> None:
        if self._waiting:
            self._write(whole=False)
        self._writer.close()

    def described(self) -> dict[str, object]:
        """The table's entry in population.yaml."""
        return {"files": [self.path.name], "rows": self.rows, "sha256": hash_files([self.path])}
