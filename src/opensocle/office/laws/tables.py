"""From the registry's rows to the tables of a population: everybody at once, in pieces of some thousand persons, so in bounded memory.

The same rules as for one household at the counter (`registry.py`), in set-based queries: the database gathers each person's dated facts into
one JSON text, DuckDB reads these texts into columns of the vocabulary's types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection

from ...law.law import Law
from ...periods import Month
from ...vocabulary.model import HISTORIES, HOUSEHOLDS, PERSONS, Fact
from ..access.rules import Scope
from . import values
from .registry import OWN, PLACES, days_of, kept_registers, moment_words, place_codes

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from ...population.tables import Population

PIECE = 10_000
"""Keys of persons in a piece."""
DISTRICT = "office_district"
"""A column that the tables of persons and households have besides the vocabulary's: the code of the district that a file belongs to."""


@dataclass
class _Reading:
    """What is read, as of when, and what was found on the way."""

    law: Law
    day: date
    end: date
    scope: Scope | None
    known: datetime | None
    registers: tuple[str, ...]
    duck: duckdb.DuckDBPyConnection
    homes: set[int] = field(default_factory=set)
    paths: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)


def registry_population(
    law: Law,
    month: Month,
    *,
    on: date | None = None,
    scope: Scope | None = None,
    known: datetime | None = None,
    registers: Sequence[str] | None = None,
    folder: Path | None = None,
) -> Population:
    """The registry as a population, for `engine.running.run`; identifiers are references. folder: a new folder for Parquet files.

    scope: districts to read; a household belongs to its own district, with all its members. Other arguments: as in `household_facts`.
    Without a folder everything is kept in memory.
    """
    import duckdb

    from ...population.tables import Population

    day = on or min(days_of(law, month))
    kept = kept_registers() if registers is None else tuple(registers)
    with duckdb.connect() as duck:
        duck.execute("SET preserve_insertion_order = true")
        reading = _Reading(law, day, max(month.last_day, day), scope, known, tuple(table for table in HISTORIES if table in kept), duck)
        tables = _gather(reading, folder)
    currency = law.country.currency
    population = Population("registry", day, tables, currency.code, currency.digits)
    if folder:
        _describe(folder, population)
    return population


def _gather(reading: _Reading, folder: Path | None) -> dict[str, Any]:
    """The tables, each written as it is read."""
    from ...population.tables import Table

    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        sinks: dict[str, _Sink] = {}

        def add(table: str, rows: pa.Table) -> None:
            if table not in sinks:
                sinks[table] = stack.enter_context(_Sink(table, rows.schema, folder))
            sinks[table].add(rows)

        for table, rows in _pieces(reading):
            add(table, rows)
    return {name: Table(name, (sink.path,)) if sink.path else Table(name, data=sink.whole()) for name, sink in sinks.items()}


class _Sink:
    """One table's Parquet file, or its pieces in memory."""

    def __init__(self, name: str, schema: pa.Schema, folder: Path | None) -> None:
        import pyarrow.parquet as pq

        self.path = folder / f"{name}.parquet" if folder else None
        self.schema, self.rows = schema, 0
        self.parts: list[pa.Table] = []
        self.writer = pq.ParquetWriter(self.path, schema, compression="snappy", store_schema=False) if self.path else None

    def add(self, rows: pa.Table) -> None:
        self.rows += rows.num_rows
        if self.writer is not None:
            self.writer.write_table(rows)
        else:
            self.parts.append(rows)

    def whole(self) -> pa.Table:
        import pyarrow as pa

        return pa.concat_tables(self.parts).combine_chunks()

    def __enter__(self) -> _Sink:
        return self

    def __exit__(self, *_: object) -> None:
        if self.writer is not None:
            self.writer.close()


def _describe(folder: Path, population: Population) -> None:
    from ...population.writing import describe, hash_files

    entries = {
        name: {"files": [path.name for path in table.files], "rows": table.rows, "sha256": hash_files(table.files)}
        for name, table in population.tables.items()
    }
    describe(folder, population.heading, entries)


# --- pieces


def _pieces(reading: _Reading) -> Iterator[tuple[str, pa.Table]]:
    """The tables in pieces: persons and their histories by ranges of keys, then the households that somebody lives in."""
    columns = {table: _used_words(reading, table) for table in (PERSONS, HOUSEHOLDS)}
    first = True
    for low, high in _ranges("people_person"):
        people = _rows(_PERSONS.format(where=_where(reading.scope)), [low, high, reading.end, reading.day, low, high])
        reading.homes |= {row[2] for row in people if row[2] is not None}
        yield PERSONS, _typed(reading, PERSONS, _with_facts(reading, PERSONS, people, low, high), columns[PERSONS])
        names = {row[0]: row[1] for row in people}
        for table, rows in _histories(reading, names, low, high).items():
            if rows or first:
                yield table, _history(reading, table, rows)
        first = False
    first = True
    for low, high in _ranges("people_household"):
        homes = [row for row in _rows(_HOMES, [low, high]) if row[0] in reading.homes]
        if homes or first:
            yield HOUSEHOLDS, _typed(reading, HOUSEHOLDS, _with_facts(reading, HOUSEHOLDS, homes, low, high), columns[HOUSEHOLDS])
        first = False


def _ranges(table: str) -> Iterator[tuple[int, int]]:
    """Ranges of keys; one, empty, where there are no rows."""
    ((low, high),) = _rows(f'SELECT min(id), max(id) FROM "{table}"', [])
    if low is None:
        yield 0, 0
        return
    for start in range(low, high + 1, PIECE):
        yield start, min(start + PIECE - 1, high)


def _rows(query: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


_PERSONS = """
WITH chosen AS (
  SELECT m.person_id, m.household_id, m.relationship, row_number() OVER (PARTITION BY m.person_id ORDER BY m.since, m.id) AS place
  FROM people_membership m JOIN people_person o ON o.id = m.person_id
  WHERE m.person_id BETWEEN %s AND %s AND m.since <= %s AND (m.until IS NULL OR m.until > %s OR m.until > o.death_date))
SELECT p.id, p.reference, c.household_id, h.reference, a.path, d.code, p.sex, c.relationship,
  CAST(p.birth_date AS TEXT), CAST(p.death_date AS TEXT)
FROM people_person p JOIN places_area a ON a.id = p.area_id
LEFT JOIN chosen c ON c.person_id = p.id AND c.place = 1 LEFT JOIN people_household h ON h.id = c.household_id
LEFT JOIN places_area d ON d.id = CASE WHEN h.id IS NULL THEN p.district_id ELSE h.district_id END
WHERE p.merged_into_id IS NULL AND p.id BETWEEN %s AND %s AND {where} ORDER BY p.id"""
_HOMES = """
SELECT h.id, h.reference, NULL, NULL, a.path, d.code FROM people_household h JOIN places_area a ON a.id = h.area_id
LEFT JOIN places_area d ON d.id = h.district_id WHERE h.id BETWEEN %s AND %s ORDER BY h.id"""


def _where(scope: Scope | None) -> str:
    """The condition of the districts to read."""
    if scope is None or scope.everywhere:
        return "1 = 1"
    return f"d.id IN ({', '.join(str(int(key)) for key in sorted(scope.districts))})" if scope.districts else "1 = 0"


# --- dated facts


def _used_words(reading: _Reading, table: str) -> list[Fact]:
    """The words of the vocabulary that somebody has a fact of, besides the registry's own columns."""
    owner = "person_id" if table == PERSONS else "household_id"
    names = {name for (name,) in _rows(f"SELECT DISTINCT name FROM people_fact WHERE {owner} IS NOT NULL", [])}
    words = reading.law.vocabulary.tables[table]
    return [word for name, word in words.items() if name in names | set(PLACES) and name not in OWN]


def _with_facts(reading: _Reading, table: str, rows: Sequence[tuple[Any, ...]], low: int, high: int) -> dict[str, list[Any]]:
    """The rows as columns of texts, with a column of each one's facts as JSON."""
    said = _said(reading, table, low, high)
    columns = {
        "reference": [row[1] for row in rows],
        "home": [row[3] for row in rows],
        DISTRICT: [row[5] for row in rows],
        "said": [said.get(row[0]) for row in rows],
        **{name: [_place(reading, table, row[4]).get(name) for row in rows] for name in PLACES},
    }
    if table == PERSONS:
        columns |= {name: [row[6 + at] for row in rows] for at, name in enumerate(("sex", "relationship", "born", "died"))}
    return columns


def _said(reading: _Reading, table: str, low: int, high: int) -> dict[int, str]:
    """The facts in force of each person (or household) of a piece, as JSON. Where a name has two, which is rare, the row recorded last."""
    owner = "person_id" if table == PERSONS else "household_id"
    gather = "CAST(json_object_agg(name, value) AS TEXT)" if connection.vendor == "postgresql" else "json_group_object(name, value)"
    known, moments = _known_then(reading)
    in_force = f"(since IS NULL OR since <= %s) AND (until IS NULL OR until > %s) AND {known}"
    given = [reading.day, reading.day, *moments]
    rows = f"SELECT {owner}, name, value FROM people_fact WHERE {owner} BETWEEN %s AND %s AND {in_force}"
    said = dict(_rows(f"SELECT {owner}, {gather} FROM ({rows}) AS f GROUP BY {owner}", [low, high, *given]))
    double = _double(reading, said)
    for at in range(0, len(double), 500):
        keys = double[at : at + 500]
        listed = ", ".join(str(int(key)) for key in keys)
        last = f"SELECT max(id) FROM people_fact WHERE {owner} IN ({listed}) AND {in_force} GROUP BY {owner}, name"
        rows = f"SELECT {owner}, name, value FROM people_fact WHERE id IN ({last})"
        said |= dict(_rows(f"SELECT {owner}, {gather} FROM ({rows}) AS f GROUP BY {owner}", given))
    return said


def _double(reading: _Reading, said: Mapping[int, str]) -> list[int]:
    """Who has a name twice."""
    import pyarrow as pa

    reading.duck.register("said", pa.table({"id": pa.array(said.keys(), pa.int64()), "said": pa.array(said.values(), pa.string())}))
    try:
        found = "SELECT id FROM said WHERE list_unique(json_keys(said)) < len(json_keys(said)) ORDER BY id"
        return [row[0] for row in reading.duck.execute(found).fetchall()]
    finally:
        reading.duck.unregister("said")


def _known_then(reading: _Reading) -> tuple[str, list[Any]]:
    """The condition of what was known at the time, and its values."""
    if reading.known is None:
        return "withdrawn IS NULL", []
    moment = connection.ops.adapt_datetimefield_value(reading.known)
    return "recorded <= %s AND (withdrawn IS NULL OR withdrawn > %s)", [moment, moment]


def _place(reading: _Reading, table: str, path: str) -> Mapping[str, Any]:
    if (table, path) not in reading.paths:
        reading.paths[table, path] = place_codes(path, table, reading.law.vocabulary)
    return reading.paths[table, path]


def _typed(reading: _Reading, table: str, columns: Mapping[str, list[Any]], words: Sequence[Fact]) -> pa.Table:
    """A piece of persons or households in the vocabulary's types."""
    vocabulary = reading.law.vocabulary
    parts = ["reference AS person_id", "home AS household_id"] if table == PERSONS else ["reference AS household_id"]
    if table == PERSONS:
        relation = values.sql(vocabulary.tables[PERSONS]["relationship_to_head"], "relationship", vocabulary)
        parts += ["TRY_CAST(born AS DATE) AS birth_date", "TRY_CAST(died AS DATE) AS death_date", "nullif(sex, 'not_known') AS sex"]
        parts.append(f"{relation} AS relationship_to_head")
    for word in words:
        value = values.sql(word, f'facts."{word.name}"', vocabulary)
        parts.append(f'coalesce({value}, "{word.name}") AS "{word.name}"' if word.name in PLACES else f'{value} AS "{word.name}"')
    return _read(reading, columns, f"{', '.join(parts)}, {DISTRICT}", [word.name for word in words], "said")


def _read(reading: _Reading, columns: Mapping[str, list[Any]], select: str, names: Sequence[str], said: str, rest: str = "") -> pa.Table:
    """The columns of texts through DuckDB, with the JSON column `said` opened as `facts`."""
    import pyarrow as pa

    whole = {"seq": pa.int64(), "id": pa.int64()}
    data = {name: pa.array(column, whole.get(name, pa.string())) for name, column in columns.items()}
    data["seq"] = pa.array(range(len(next(iter(columns.values())))), pa.int64())
    shape = "{" + ", ".join(f'"{name}": "VARCHAR"' for name in names) + "}"
    opened = f", from_json({said}, '{shape}') AS facts" if names else ""
    reading.duck.register("piece", pa.table(data))
    try:
        found = reading.duck.sql(f"SELECT {select} FROM (SELECT *{opened} FROM piece) {rest} ORDER BY seq").to_arrow_table()
    finally:
        reading.duck.unregister("piece")
    return found


# --- histories


def _histories(reading: _Reading, names: Mapping[int, str], low: int, high: int) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each kept register that belong to these persons: reference, start, end, JSON, key."""
    found: dict[str, list[tuple[Any, ...]]] = {table: [] for table in reading.registers}
    if not found:
        return found
    known, moments = _known_then(reading)
    query = f"""
SELECT person_id, "table", CAST(start AS TEXT), CAST("end" AS TEXT), CAST("values" AS TEXT), id FROM people_record
WHERE person_id BETWEEN %s AND %s AND {known} ORDER BY person_id, start, id"""
    for person, table, *row in _rows(query, [low, high, *moments]):
        if table in found and person in names:
            found[table].append((names[person], *row))
    return found


def _history(reading: _Reading, table: str, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    vocabulary = reading.law.vocabulary
    moments = moment_words(table)
    words = [word for word in vocabulary.tables[table].values() if word.name not in ("person_id", *moments)]
    columns = {name: [row[at] for row in rows] for at, name in enumerate(("reference", "start", "finish", "said", "id"))}
    parts = ["reference AS person_id", f"CAST(start AS DATE) AS {moments[0]}"]
    parts += [f"CAST(finish AS DATE) AS {moments[1]}"] if len(moments) > 1 else []
    parts += [f'{values.sql(word, f"""facts."{word.name}" """, vocabulary)} AS "{word.name}"' for word in words]
    last = "QUALIFY row_number() OVER (PARTITION BY reference, start ORDER BY id DESC) = 1" if table == "contributions" else ""
    return _read(reading, columns, ", ".join(parts), [word.name for word in words], "said", last)
