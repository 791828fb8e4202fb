"""Rows from DuckDB into the office's database, in pieces: COPY on PostgreSQL, INSERT of many rows on SQLite. And the registry's rows into DuckDB."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

PIECE = 50_000
"""Rows that are held in memory at a time."""
TOGETHER = 100
"""Rows of one INSERT on SQLite: a statement that fires triggers costs more than a row, so that rows together take a third of the time."""
CACHE = 256_000
"""KiB of pages that SQLite holds during an import: what a million persons touch again and again, beyond the office's usual cache."""


@contextmanager
def much_cache() -> Generator[None]:
    """A larger cache of SQLite, until it ends; other databases have their own."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        usual = int(cursor.execute("PRAGMA cache_size").fetchone()[0])
        cursor.execute(f"PRAGMA cache_size = -{CACHE}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {usual}")


def rows_of(sql: str, parameters: Sequence[Any] = ()) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query of the office's database, in pieces."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET cursor_tuple_fraction = 1")  # plan for all rows, not for the first ones
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, list(parameters))
        while rows := cursor.fetchmany(PIECE):
            yield rows


def bring(duck: duckdb.DuckDBPyConnection, table: str, columns: Sequence[tuple[str, str]], pieces: Iterable[Sequence[Sequence[Any]]]) -> None:
    """A new table of DuckDB with these rows. columns: (name, VARCHAR or BIGINT)."""
    import pyarrow as pa

    types = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_()}
    schema = pa.schema([(name, types[kind]) for name, kind in columns])
    duck.execute(f"CREATE TABLE {table} ({', '.join(f'{name} {kind}' for name, kind in columns)})")
    for rows in pieces:
        columns_in = zip(*rows, strict=True)
        arrays = [
            pa.array(map(bool, some) if pa.types.is_boolean(field.type) else some, field.type) for some, field in zip(columns_in, schema, strict=True)
        ]
        duck.register("piece_in", pa.Table.from_arrays(arrays, schema=schema))
        duck.execute(f"INSERT INTO {table} SELECT * FROM piece_in")
        duck.unregister("piece_in")


def pieces_of(rows: Iterable[Sequence[Any]], size: int = PIECE) -> Iterator[list[Sequence[Any]]]:
    """The rows in lists of at most `size`."""
    piece: list[Sequence[Any]] = []
    for row in rows:
        piece.append(row)
        if len(piece) == size:
            yield piece
            piece = []
    if piece:
        yield piece


def reserve(table: str, count: int) -> Iterable[int]:
    """Primary keys that nobody else will take. On SQLite inside the one transaction that writes."""
    if not count:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
            return [number for (number,) in cursor.fetchall()]
        cursor.execute(
            f"SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0), coalesce((SELECT max(id) FROM {table}), 0))", [table]
        )
        last = int((cursor.fetchone() or (0,))[0])
    return range(last + 1, last + 1 + count)


def copy_query(duck: duckdb.DuckDBPyConnection, query: str, table: str, columns: Sequence[str]) -> int:
    """Adds what a query of DuckDB gives to a table of the office; returns how many rows. Values are texts, whole numbers and truths."""
    reader = duck.cursor().sql(query).to_arrow_reader(PIECE)
    added = 0
    for batch in reader:
        copy_batch(batch, table, columns)
        added += batch.num_rows
    return added


def copy_batch(batch: pa.RecordBatch, table: str, columns: Sequence[str]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            from pyarrow import csv

            text = BytesIO()
            csv.write_csv(batch, text, csv.WriteOptions(include_header=False))  # texts are quoted, nulls are empty: what COPY expects
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN WITH (FORMAT csv)') as copy:
                copy.write(text.getvalue())
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # foreign keys are looked at now: the list of those to look at stays short
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return
        rows = list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
        even = len(rows) - len(rows) % TOGETHER
        for size, some in ((TOGETHER, rows[:even]), (1, rows[even:])):
            said = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * size)
            many = [[value for row in some[at : at + size] for value in row] for at in range(0, len(some), size)]
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES {said}', many)


def copy_rows(rows: Sequence[Sequence[Any]], table: str, columns: Sequence[str]) -> None:
    """Adds rows made in Python."""
    import pyarrow as pa

    if rows:
        copy_batch(pa.RecordBatch.from_arrays([pa.array(values) for values in zip(*rows, strict=True)], names=list(columns)), table, columns)


def refresh_statistics(tables: Sequence[str]) -> None:
    """Tells PostgreSQL how large its tables have become, so that the next queries are planned for it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(tables)}")


def moment(when: datetime) -> str:
    """A moment (UTC) as both databases read it."""
    text = when.strftime("%Y-%m-%d %H:%M:%S.%f")
    return text if connection.vendor == "sqlite" else f"{text}+00:00"
