"""Arrow batches into Parquet files, the same bytes for the same rows, and the folder's population.yaml."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 122_880
"""Rows of a row group: what DuckDB scans as one piece of work."""
DESCRIPTION = "population.yaml"


def write_parquet(batches: Iterable[pa.RecordBatch], schema: pa.Schema, sink: Path | IO[bytes]) -> int:
    """Write the batches, cut into row groups of ROW_GROUP rows; gives the number of rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = 0
    with pq.ParquetWriter(sink, schema, compression="zstd", store_schema=False, store_decimal_as_integer=True) as writer:
        for table in regrouped(batches, schema):
            writer.write_table(table, row_group_size=ROW_GROUP)
            rows += table.num_rows
        if not rows:
            writer.write_table(pa.Table.from_batches([], schema))
    return rows


def regrouped(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """The same rows in tables of ROW_GROUP rows, the last one shorter."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        while batch.num_rows:
            piece = batch.slice(0, ROW_GROUP - count)
            held.append(piece)
            count += piece.num_rows
            batch = batch.slice(piece.num_rows)
            if count == ROW_GROUP:
                yield pa.Table.from_batches(held, schema).combine_chunks()
                held, count = [], 0
    if held:
        yield pa.Table.from_batches(held, schema).combine_chunks()


class HashingSink:
    """A file that keeps nothing but the SHA-256 of what is written to it."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.position = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        piece = memoryview(data)
        self.digest.update(piece)
        self.position += piece.nbytes
        return piece.nbytes

    def tell(self) -> int:
        return self.position

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        self.closed = True

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False


def hash_files(files: Iterable[Path]) -> str:
    """The SHA-256 of the files' bytes, one after the other."""
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            while piece := file.read(1 << 22):
                digest.update(piece)
    return digest.hexdigest()


def describe(folder: Path, heading: Mapping[str, object], tables: Mapping[str, Mapping[str, object]]) -> None:
    """Write population.yaml: the heading's values that are known, and each table's files, rows and sha256."""
    import yaml

    data: dict[str, object] = {name: value for name, value in heading.items() if value is not None}
    data["tables"] = {name: dict(entry) for name, entry in sorted(tables.items())}
    (folder / DESCRIPTION).write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
