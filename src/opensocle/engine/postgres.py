"""Runs a law inside PostgreSQL, where a registry is: one query a level, in one transaction, on the state that it sees when it starts.

The tables `persons`, `households` and the histories, with the vocabulary's column names, are tables or views of one schema (see `catalogue`).
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..errors import DataError, EngineError, InputError
from ..law.law import Law
from ..law.parameters import Indices
from ..periods import Month
from ..vocabulary.model import PERSONS
from .catalogue import SQL, check_rows, check_types, fetch, hash_rows, read_catalogue, used_columns
from .lowering import Plan, find_outputs, make_plan
from .results import Result
from .running import columns_of, months_of, queries, result_of
from .sql.types import Type, type_of

if TYPE_CHECKING:
    import psycopg
    import pyarrow as pa

BLOCK = 4 * 2**20
"""Bytes of results that are read at a time."""
NAME = 63
"""Bytes of a name that PostgreSQL keeps."""


def run_postgres(
    law: Law,
    url_or_connection: str | psycopg.Connection[Any],
    period: str | Month | Sequence[Month],
    outputs: Sequence[str] | None = None,
    *,
    schema: str = "public",
    keep: Sequence[str] = (),
    into: str | None = None,
    indices: Indices | None = None,
) -> Result:
    """The law applied to the persons and households of a PostgreSQL database, by the database.

    url_or_connection: `postgresql://user@host/base`, or a psycopg connection that is in no transaction. schema: where the tables are.
    period, outputs, keep, indices: as in `running.run`. into: a schema (made if missing) for the results, as new tables `person_results` and
    `household_results`; without it they are fetched as they are found, and nothing is written.
    Raises Problems, InputError, DataError, EngineError.
    """
    with transaction(url_or_connection, writes=into is not None) as connection:
        catalogue = read_catalogue(connection, schema)
        plan = make_plan(law, months_of(period), find_outputs(law, outputs), catalogue, indices)
        used = used_columns(plan, catalogue, keep)
        check_types(law, catalogue, used, keep)
        check_rows(connection, law, catalogue, used)
        result = result_of(
            plan,
            data_hash=hash_rows(connection, catalogue, used),
            engine=f"postgresql {_version(connection.info.server_version)}",
            tables={},
            rows={},
            weighted=catalogue.has_column(PERSONS, "weight"),
            keep=keep,
        )
        selections = [_Selected(connection, plan, level, text) for level, text in queries(plan, SQL, catalogue, keep).items()]
        if into is not None:
            return replace(result, rows={selected.level: selected.write(into, result) for selected in selections})
        tables = {selected.level: selected.arrow() for selected in selections}
        return replace(result, tables=tables, rows={level: table.num_rows for level, table in tables.items()})


# --- the connection


@contextmanager
def transaction(where: str | psycopg.Connection[Any], writes: bool) -> Generator[psycopg.Connection[Any]]:
    """One repeatable-read transaction; every error of the database becomes one of ours. A connection that was given stays open."""
    try:
        psycopg = import_module("psycopg")
    except ImportError as error:
        raise InputError("D002", "the driver for PostgreSQL is not installed", hint="pip install 'opensocle[postgres]'") from error
    connection = _connect(psycopg, where) if isinstance(where, str) else where
    if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        raise InputError("P054", "the connection is in the middle of a transaction", hint="commit or roll back first, or give the address instead")
    try:
        with connection.transaction():
            connection.execute(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ {'WRITE' if writes else 'ONLY'}")
            # Names of the schema's own functions must not count; nested loops would be endless where a table was never analysed;
            # compiling thousands of expressions to machine code takes longer than the query.
            for setting in ("search_path = pg_catalog", "datestyle = 'ISO, YMD'", "jit = off", "enable_nestloop = off"):
                connection.execute(f"SET LOCAL {setting}".encode())
            yield connection
    except psycopg.Error as error:
        what = error.diag.message_primary or (str(error).splitlines() or [type(error).__name__])[0]
        raise EngineError("E001", f"PostgreSQL could not run the law: {what}", hint=_hint(error.sqlstate or "")) from error
    finally:
        if isinstance(where, str):
            connection.close()


def _connect(psycopg: Any, url: str) -> psycopg.Connection[Any]:
    """A new connection. The errors are raised without their cause, which may hold the password."""
    try:
        parts = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.Error:
        raise InputError("P055", "the address of the database cannot be read", hint="write postgresql://user@host:5432/base") from None
    try:
        return psycopg.connect(url)
    except psycopg.Error as error:
        what = " ".join(str(error).split())
    if parts.get("password"):
        what = what.replace(str(parts["password"]), "…")
    raise DataError("D003", f"the database does not answer: {what}", hint="look at the address, and at ~/.pgpass for the password") from None


def _hint(state: str) -> str:
    """What to do about an error, by its SQLSTATE."""
    if state == "22003":
        return "an amount is larger than any that a person can have: check the data"
    if state == "42501":
        return "this user needs SELECT on the tables and, to keep results, CREATE on the schema for them"
    if state[:2] in ("53", "54", "57"):
        return "run fewer months or outputs at a time, or ask for more room in the database"
    return "please report this with the law and the types of the tables' columns"


def _version(number: int) -> str:
    return f"{number // 10_000}.{number % 10_000}"


# --- the results


class _Stream(io.RawIOBase):
    """What a COPY sends, as a file."""

    def __init__(self, copy: psycopg.Copy) -> None:
        self.blocks = iter(copy)
        self.rest = bytes(next(self.blocks, b""))
        self.empty = not self.rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self.rest:
            self.rest = bytes(next(self.blocks, b""))
        count = min(len(buffer), len(self.rest))
        buffer[:count], self.rest = self.rest[:count], self.rest[count:]
        return count


class _Selected:
    """The query of a level with its columns in their final types."""

    def __init__(self, connection: psycopg.Connection[Any], plan: Plan, level: str, text: str) -> None:
        self.connection, self.level = connection, level
        nodes = [plan.graph[output.node] for output in plan.outputs if output.level == level]
        with connection.cursor() as cursor:
            described = cursor.execute(f"SELECT * FROM (\n{text}\n) AS results LIMIT 0".encode()).description or []
        firsts = described[: len(described) - len(nodes)]
        self.names = [column.name for column in firsts] + [c.name for c in columns_of(plan) if c.level == level]
        whole = {connection.adapters.types[name].oid for name in ("int2", "int4", "int8")}
        self.types = [_first_type(column, whole, connection) for column in firsts] + [type_of(node) for node in nodes]
        inner = ", ".join(f"c{number}" for number in range(len(self.names)))
        outer = ", ".join(
            f"CAST(c{number} AS {_declared(type)}) AS {_short(name)}" for number, (name, type) in enumerate(zip(self.names, self.types, strict=True))
        )
        self.text = f"SELECT {outer}\nFROM (\n{text}\n) AS results ({inner})"

    def arrow(self) -> pa.Table:
        """The results, read as they arrive."""
        import pyarrow as pa
        from pyarrow import csv

        schema = pa.schema([pa.field(name, _arrow(type)) for name, type in zip(self.names, self.types, strict=True)])
        reading = csv.ReadOptions(column_names=self.names, block_size=BLOCK)
        texts = any(pa.types.is_string(field.type) for field in schema)
        nulls = {"null_values": [""], "strings_can_be_null": True, "quoted_strings_can_be_null": False}
        converting = csv.ConvertOptions(column_types=schema, true_values=["t"], false_values=["f"], **nulls)
        with self.connection.cursor() as cursor, cursor.copy(f"COPY (\n{self.text}\n) TO STDOUT (FORMAT csv)".encode()) as copy:
            stream = _Stream(copy)
            if stream.empty:
                return schema.empty_table()
            return csv.open_csv(
                pa.PythonFile(io.BufferedReader(stream, BLOCK), mode="r"), reading, csv.ParseOptions(newlines_in_values=texts), converting
            ).read_all()

    def write(self, into: str, result: Result) -> int:
        """The results as a new table; what made them is its comment. Gives the number of rows. Raises DataError D018."""
        if not fetch(self.connection, "SELECT FROM pg_namespace WHERE nspname = %s", [into]):
            self.connection.execute(f"CREATE SCHEMA {SQL.identifier(into)}".encode())
        name = f"{self.level}_results"
        if fetch(
            self.connection, "SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %s AND relname = %s", [into, name]
        ):
            raise DataError("D018", f"there is a table {name!r} already", at=into, hint="choose another schema for the results, or drop it first")
        target = f"{SQL.identifier(into)}.{name}"
        count = self.connection.execute(f"CREATE TABLE {target} AS\n{self.text}".encode()).rowcount
        said = json.dumps(result.statement() | {"rows": {self.level: count}}, ensure_ascii=False)
        self.connection.execute(f"COMMENT ON TABLE {target} IS {_quoted(said)}".encode())
        return count


def _first_type(column: Any, whole: set[int], connection: psycopg.Connection[Any]) -> Type:
    """The type of a key or a kept column in the results; anything unusual becomes a text."""
    if column.type_code in whole:
        return Type("BIGINT")
    if column.name == "weight":
        return Type("DECIMAL", 18, 9)
    if column.type_code == connection.adapters.types["numeric"].oid and column.precision is not None:
        return Type("DECIMAL", min(column.precision, 38), column.scale)
    known = {connection.adapters.types[name].oid: Type(base) for name, base in (("bool", "BOOLEAN"), ("date", "DATE"))}
    return known.get(column.type_code, Type("TEXT"))


def _declared(type: Type) -> str:
    return f"NUMERIC({type.width},{type.scale})" if type.decimal else type.base


def _arrow(type: Type) -> pa.DataType:
    import pyarrow as pa

    if type.decimal:
        return pa.decimal128(type.width, type.scale)
    return {"BOOLEAN": pa.bool_(), "INTEGER": pa.int32(), "BIGINT": pa.int64(), "DATE": pa.date32()}.get(type.base, pa.string())


def _short(name: str) -> str:
    """A name of a column, cut where PostgreSQL would cut it, but so that it stays the only one of its kind."""
    if len(name.encode()) > NAME:
        name = name.encode()[: NAME - 9].decode(errors="ignore") + "_" + hashlib.sha256(name.encode()).hexdigest()[:8]
    return SQL.identifier(name)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
