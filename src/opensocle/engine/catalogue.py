"""The tables of a population in a PostgreSQL schema: what the catalogue says of them, whether their rows can be relied on, and their hash.

The rows are checked as those of files are when they are read in, because the plan relies on the vocabulary's limits.

**The data's hash** is SHA-256 (hex) of one line a table, in the order of their names: name, number of rows, the columns that the run reads (sorted)
with their types, and the hash of the rows. A row's hash is SHA-256 of `ROW(column::text, …)::text` in UTF-8, dates in ISO form. Rows fall into 4,096
groups by the first 12 bits of their hash; the hash of the rows is SHA-256 of the SHA-256 of each group's hashes put together in ascending order.
So the order of rows does not matter, every row and value does, and PostgreSQL works it out without holding the table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..errors import DataError, InputError, Problems, SocleError, nearest
from ..law.law import Law
from ..law.rows import MOMENTS
from ..population.validating import REQUIRED, UNIQUE
from ..vocabulary.model import HOUSEHOLDS, PERSONS, TABLES, Fact
from .lowering import BOUND, Plan
from .sql.dialect import PostgreSQL

if TYPE_CHECKING:
    import psycopg

SQL = PostgreSQL()
TEXTS = ("text", "character varying", "character", "uuid", "enum")
WHOLES = ("smallint", "integer", "bigint")
_STORED = {"boolean": ("boolean",), "integer": WHOLES, "date": ("date",), "month": ("date",), "text": TEXTS, "code": TEXTS, "key": (*TEXTS, *WHOLES)}
_SAID = {"boolean": "a boolean", "integer": "a whole number", "date": "a date", "month": "a date (the first of the month)"}


@dataclass(frozen=True, slots=True)
class Stored:
    """A column as the catalogue tells it: base type (`enum` for any enumeration), its decimals (None where not declared), and NOT NULL."""

    base: str
    text: str
    scale: int | None
    never_null: bool


@dataclass
class Catalogue:
    """The tables of a schema: what the planner and the query ask of a population (the protocols `lowering.Data` and `sql.columns.Tables`)."""

    schema: str
    tables: dict[str, dict[str, Stored]] = field(default_factory=dict)
    unique: set[tuple[str, frozenset[str]]] = field(default_factory=set)
    references: set[tuple[str, str, str, str]] = field(default_factory=set)
    latest_birth: date | None = None

    def source(self, table: str) -> str:
        return f"{SQL.identifier(self.schema)}.{SQL.identifier(table)}"

    @property
    def complete_households(self) -> bool:
        """Whether every person surely has a household: `check_rows` refuses those whose household is not there."""
        return self.never_null(PERSONS, "household_id")

    def has_table(self, table: str) -> bool:
        return table in self.tables

    def has_column(self, table: str, column: str) -> bool:
        """Whether a table has a column. The dates of a history always: `check_types` refuses a table without them."""
        return column in self.tables.get(table, {}) or (table in self.tables and column == MOMENTS.get(table))

    def never_null(self, table: str, column: str) -> bool:
        stored = self.tables.get(table, {}).get(column)
        return stored is not None and stored.never_null

    def latest(self, table: str, column: str) -> date | None:
        return self.latest_birth if (table, column) == (PERSONS, "birth_date") else date.max

    def bounds(self, table: str, column: str) -> tuple[Decimal, Decimal] | None:
        return None


_COLUMNS = """
SELECT c.relname, a.attname, CASE WHEN t.typtype = 'e' THEN 'enum' ELSE split_part(format_type(b.oid, NULL), '(', 1) END,
  format_type(b.oid, b.mod), CASE WHEN b.oid = 'numeric'::regtype AND b.mod >= 4 THEN ((b.mod - 4) & 2047) END,
  a.attnotnull AND c.relkind IN ('r', 'p')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
  CROSS JOIN LATERAL (SELECT CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END AS oid,
    CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS mod) AS b
WHERE n.nspname = %s AND c.relname = ANY(%s) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum"""
_CONSTRAINTS = """
SELECT c.relname, k.contype::text, f.relname, k.confrelid <> 0 AND f.relnamespace = c.relnamespace,
  ARRAY(SELECT a.attname::text FROM unnest(k.conkey) AS x JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x),
  ARRAY(SELECT a.attname::text FROM unnest(k.confkey) AS x JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = x)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_class f ON f.oid = k.confrelid
WHERE n.nspname = %s AND c.relname = ANY(%s) AND k.contype IN ('p', 'u', 'f') AND k.convalidated"""


def read_catalogue(connection: psycopg.Connection[Any], schema: str) -> Catalogue:
    """The tables of a population in a schema. Raises DataError D010."""
    found = Catalogue(schema)
    for table, column, base, text, scale, never_null in fetch(connection, _COLUMNS, (schema, list(TABLES))):
        found.tables.setdefault(table, {})[column] = Stored(base, "enum" if base == "enum" else text, scale, never_null)
    if PERSONS not in found.tables:
        raise DataError("D010", f"the schema {schema!r} has no table of persons", hint="name the schema; tables have the names of the vocabulary")
    for table, kind, other, here, columns, theirs in fetch(connection, _CONSTRAINTS, (schema, list(TABLES))):
        if kind != "f":
            found.unique.add((table, frozenset(columns)))
        elif here and len(columns) == 1:
            found.references.add((table, columns[0], other, theirs[0]))
    if found.has_column(PERSONS, "birth_date") and found.tables[PERSONS]["birth_date"].base == "date":
        infinite = "CASE WHEN max(birth_date) > DATE '9999-12-31' THEN DATE '9999-12-31' ELSE max(birth_date) END"
        found.latest_birth = fetch(connection, f"SELECT {infinite} FROM {found.source(PERSONS)}")[0][0]
    return found


def fetch(connection: psycopg.Connection[Any], text: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
    rows = import_module("psycopg.rows")
    with connection.cursor(row_factory=rows.tuple_row) as cursor:
        return cursor.execute(text.encode(), values).fetchall()


def used_columns(plan: Plan, catalogue: Catalogue, keep: Sequence[str]) -> dict[str, list[str]]:
    """The columns that the run reads, by table."""
    wanted: set[tuple[str, str]] = {(PERSONS, "person_id"), (PERSONS, "household_id"), (PERSONS, "weight")}
    wanted |= {(table, name) for table in (PERSONS, HOUSEHOLDS) for name in keep}
    for node in plan.graph.nodes:
        if node.op == "fact":
            table, name = ("events" if node.data[0] == "event" else node.data[0]), node.data[1]
            wanted |= {(table, name), *((table, key) for key in REQUIRED[table])}
        elif node.op == "rows" and node.data[1] != "members":
            table = node.data[1]
            wanted |= {(table, name) for name in (*REQUIRED[table], MOMENTS[table], "end_date")}
    if catalogue.has_table(HOUSEHOLDS) and any(o.level == "household" for o in plan.outputs):
        wanted.add((HOUSEHOLDS, "household_id"))
    used: dict[str, list[str]] = {}
    for table, name in sorted(wanted):
        if catalogue.has_table(table) and (name in catalogue.tables[table] or name in REQUIRED[table]):
            used.setdefault(table, []).append(name)
    return used


# --- checks


def _word(law: Law, table: str, name: str) -> Fact | None:
    """What a column should hold: a word of the vocabulary, or a variable of the law that is given instead of computed."""
    owner, dot, variable = name.partition(".")
    rule = law.rules.get((owner, variable)) if dot else None
    if rule is None:
        return law.vocabulary.fact(table, name)
    return Fact(name, table, rule.kind.type, {}, codes=rule.kind.codes, digits=10 if rule.kind.type == "decimal" else 0)


def check_types(law: Law, catalogue: Catalogue, used: Mapping[str, Sequence[str]], keep: Sequence[str]) -> None:
    """Raises Problems with every column that is missing, or has not the type that the vocabulary says."""
    problems: list[SocleError] = []
    known = [name for table in (PERSONS, HOUSEHOLDS) for name in catalogue.tables.get(table, {})]
    problems += [InputError("P052", f"the data have no column {name!r} to keep", hint=nearest(name, known)) for name in keep if name not in known]
    kinds: dict[str, set[bool]] = {}
    for table, names in used.items():
        for name in names:
            stored, word = catalogue.tables[table].get(name), _word(law, table, name)
            if stored is None:
                problems.append(DataError("D020", f"{table} has no column {name!r}", hint=f"every row of {table} needs it"))
            elif word and not _fits(word, stored):
                said = f"numeric with at most {word.digits} decimals" if word.type == "decimal" else _SAID.get(word.type, "a text")
                hint = "give it that type, or make a view of the table with a CAST"
                problems.append(DataError("D020", f"{table}.{name} is stored as {stored.text}, not as {said}", hint=hint))
            elif name in ("person_id", "household_id"):
                kinds.setdefault(name, set()).add(stored.base in WHOLES)
    problems += [
        DataError("D020", f"{name} is a number in some tables and a text in others", hint="give it one type")
        for name, found in kinds.items()
        if len(found) > 1
    ]
    if problems:
        raise Problems(problems)


def _fits(word: Fact, stored: Stored) -> bool:
    if word.type == "decimal":
        return stored.base in WHOLES or (stored.base == "numeric" and (stored.scale is None or stored.scale <= word.digits))
    return stored.base in _STORED[word.type] or (word.type == "integer" and stored.base == "numeric" and stored.scale == 0)


def _tests(law: Law, catalogue: Catalogue, table: str, name: str) -> list[tuple[str, str]]:
    """Conditions that no row may meet, and how to say it."""
    stored, word, column = catalogue.tables[table][name], _word(law, table, name), SQL.identifier(name)
    tests = [(f"{column} IS NULL", "without a value")] if name in REQUIRED[table] and not stored.never_null else []
    if word is None:
        return tests
    if word.type in ("integer", "decimal"):
        low, high = (-BOUND if word.minimum is None else word.minimum), (BOUND if word.maximum is None else word.maximum)
        tests.append((f"{column} NOT BETWEEN {low:f} AND {high:f}", f"not between {low:f} and {high:f}"))
        if stored.base == "numeric" and stored.scale is None:
            tests.append((f"{column} <> round({column}, {word.digits})", f"with more than {word.digits} decimals"))
    elif word.type in ("date", "month"):
        tests.append((f"{column} NOT BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'", "outside the years 1 to 9999"))
        if word.type == "month":
            tests.append((f"extract(day FROM {column}) <> 1", "that are not the first of a month"))
    elif word.type == "code" and word.codes in law.vocabulary.codes and law.vocabulary.codes[word.codes].values:
        codes = ", ".join("'" + code.replace("'", "''") + "'" for code in law.vocabulary.codes[word.codes].values)
        tests.append((f"CAST({column} AS VARCHAR) NOT IN ({codes})", f"that are no code of {word.codes}"))
    return tests


def check_rows(connection: psycopg.Connection[Any], law: Law, catalogue: Catalogue, used: Mapping[str, Sequence[str]]) -> None:
    """Raises Problems with the number of rows that break each rule of the vocabulary; one look at each table."""
    problems: list[SocleError] = []
    for table, names in used.items():
        tests = [(name, *test) for name in names for test in _tests(law, catalogue, table, name)]
        counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for _, condition, _ in tests)
        found = fetch(connection, f"SELECT {counts} FROM {catalogue.source(table)}")[0] if tests else ()
        for (name, _, said), count in zip(tests, found, strict=True):
            if count:
                problems.append(DataError("D030", f"{table}.{name}: {count} values {said}", hint="see docs/reference/vocabulary.md"))
        problems += _check_keys(connection, catalogue, table)
    problems += _check_homes(connection, catalogue)
    if problems:
        raise Problems(problems)


def _check_homes(connection: psycopg.Connection[Any], catalogue: Catalogue) -> list[SocleError]:
    """Persons whose household is not there, where no foreign key already forbids them."""
    known = (PERSONS, "household_id", HOUSEHOLDS, "household_id") in catalogue.references
    if known or not all(catalogue.has_column(table, "household_id") for table in (PERSONS, HOUSEHOLDS)):
        return []
    there = f"SELECT FROM {catalogue.source(HOUSEHOLDS)} AS h WHERE h.household_id = p.household_id"
    absent = f"SELECT count(*) FROM {catalogue.source(PERSONS)} AS p WHERE p.household_id IS NOT NULL AND NOT EXISTS ({there})"
    count = fetch(connection, absent)[0][0]
    return [DataError("D032", f"{count} persons are of households that the table of households does not have")] if count else []


def _check_keys(connection: psycopg.Connection[Any], catalogue: Catalogue, table: str) -> list[SocleError]:
    """Rows that have the same key, where no constraint of the table already forbids them; of a contingency a person has one event a month."""
    keys = UNIQUE.get(table, ())
    if (
        not keys
        or (table, frozenset(keys)) in catalogue.unique - {("events", frozenset(keys))}
        or not all(catalogue.has_column(table, key) for key in keys)
    ):
        return []
    parts = ", ".join(SQL.month_of(key) if key == "event_date" else key for key in keys)
    twice = f"SELECT count(*) FROM (SELECT FROM {catalogue.source(table)} GROUP BY {parts} HAVING count(*) > 1) AS twice"
    count = fetch(connection, twice)[0][0]
    what = " and ".join("month" if key == "event_date" else key for key in keys)
    return [DataError("D031", f"{table}: {count} times several rows have the same {what}")] if count else []


# --- the hash


def hash_rows(connection: psycopg.Connection[Any], catalogue: Catalogue, used: Mapping[str, Sequence[str]]) -> str:
    """See the head of the module."""
    lines = []
    for table, names in sorted(used.items()):
        row = ", ".join(f"CAST({SQL.identifier(name)} AS TEXT)" for name in names)
        one = f"SELECT sha256(convert_to(CAST(ROW({row}) AS TEXT), 'UTF8')) AS d FROM {catalogue.source(table)} OFFSET 0"  # worked out once
        text = f"SELECT count(*), sha256(string_agg(d, ''::bytea ORDER BY d)) FROM ({one}) AS r GROUP BY get_byte(d, 0) * 16 + get_byte(d, 1) / 16"
        groups = fetch(connection, f"{text} ORDER BY get_byte(d, 0) * 16 + get_byte(d, 1) / 16")
        rows = hashlib.sha256(b"".join(bytes(digest) for _, digest in groups)).hexdigest()
        columns = ", ".join(f"{name} {catalogue.tables[table][name].text}" for name in names)
        lines.append(f"{table} {sum(count for count, _ in groups)} ({columns}) {rows}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
