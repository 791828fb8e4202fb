"""Arrow, pandas and Polars frames, and plain Python columns or rows, as one Arrow table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..errors import DataError
from ..periods import Month

if TYPE_CHECKING:
    import pyarrow as pa


def as_arrow(data: Any, label: str) -> pa.Table:
    """The data as an Arrow table, with plain column types.

    data: an Arrow table or reader, a pandas or Polars frame, a map of columns (lists) or a list of rows (maps; a name absent in a row is missing).
    """
    import pyarrow as pa

    if isinstance(data, pa.Table):
        table = data
    elif isinstance(data, pa.RecordBatch):
        table = pa.Table.from_batches([data])
    elif isinstance(data, pa.RecordBatchReader):
        table = data.read_all()
    elif isinstance(data, Mapping):
        table = _from_columns(data, label)
    elif type(data).__module__.partition(".")[0] == "pandas":
        table = pa.Table.from_pandas(data, preserve_index=False)
    elif type(data).__module__.partition(".")[0] == "polars":
        table = data.to_arrow()
    elif isinstance(data, Sequence) and all(isinstance(row, Mapping) for row in data):
        names = list(dict.fromkeys(name for row in data for name in row))
        table = _from_columns({name: [row.get(name) for row in data] for name in names}, label)
    else:
        raise DataError("D016", f"{type(data).__name__} is not a table", at=label, hint="give an Arrow, pandas or Polars frame, or a map of columns")
    if len(set(table.schema.names)) != len(table.schema.names):
        raise DataError("D015", "two columns have the same name", at=label)
    return _decoded(table)


def _from_columns(columns: Mapping[str, Any], label: str) -> pa.Table:
    import pyarrow as pa

    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise DataError("D015", f"the columns have different lengths: {lengths}", at=label)
    return pa.table({str(name): _column(values, f"{label}.{name}") for name, values in columns.items()})


def _column(values: Any, label: str) -> Any:
    """One column of Python values; months become texts such as 2026-03, and a mixture with decimals becomes decimals."""
    import pyarrow as pa

    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values
    items = [str(value) if isinstance(value, Month) else value for value in values]
    kinds = {type(value) for value in items if value is not None}
    try:
        if Decimal in kinds:
            if not kinds <= {Decimal, int}:
                raise DataError("D016", "decimals are mixed with other values", at=label)
            return pa.array([None if value is None else Decimal(value) for value in items])
        return pa.array(items, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise DataError("D016", f"the values are not of one plain type: {error}", at=label) from error


def _decoded(table: pa.Table) -> pa.Table:
    """The table without dictionary encoding (pandas' and Polars' categories)."""
    import pyarrow as pa

    for number, column in enumerate(table.schema):
        if pa.types.is_dictionary(column.type):
            table = table.set_column(number, column.name, table.column(number).cast(column.type.value_type))
    return table
