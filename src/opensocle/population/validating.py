"""Every row checked in SQL: by itself, against the rows of its table, and against the other tables. A row is accepted whole or not at all.

Order: households, persons, histories. A person of a rejected household and a history row of a rejected person are rejected too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..vocabulary.model import HISTORIES, HOUSEHOLDS, PERSONS
from .converting import Check, Conversion
from .report import Finding, Report, TableCount, count, sorted_findings
from .sources import Raw

if TYPE_CHECKING:
    import duckdb

EXAMPLES = 5
UNREADABLE = "has another number of columns than the header, broken quotes, or another encoding"
ORDER = (HOUSEHOLDS, PERSONS, *HISTORIES)
REQUIRED = {
    PERSONS: ("person_id",),
    HOUSEHOLDS: ("household_id",),
    "contributions": ("person_id", "month"),
    "events": ("person_id", "contingency", "event_date"),
    "benefits_in_payment": ("person_id", "scheme"),
} | {table: ("person_id",) for table in ("residence", "employment")}
"""Columns that every row of a table must have."""
UNIQUE = {PERSONS: ("person_id",), HOUSEHOLDS: ("household_id",), "contributions": ("person_id", "month")}
UNIQUE |= {"events": ("person_id", "contingency", "event_date")}
"""Columns whose values together name one row; dates count by their month."""
SAME_KEY = {"spouse_id", "mother_id", "father_id", "breadwinner_id", "child_id", "deceased_id", "person_id"}
"""Keys that name persons: they have one type in all tables."""


@dataclass(slots=True)
class Checked:
    """A table after its conversion: DuckDB tables checked_<table> (seq, v…) and found_<table> (seq, reason number, value)."""

    table: str
    raw: Raw
    conversion: Conversion
    reasons: list[tuple[str, str]] = field(default_factory=list)  # (column, reason), in the order of their numbers

    @property
    def name(self) -> str:
        return f"checked_{self.table}"

    @property
    def found(self) -> str:
        return f"found_{self.table}"

    @property
    def good(self) -> str:
        """SQL: the table's accepted rows."""
        return f"(SELECT * FROM {self.name} WHERE seq NOT IN (SELECT seq FROM {self.found}))" if self.reasons else self.name

    def column(self, target: str) -> str | None:
        return self.conversion.names.get(target)


def check_table(connection: duckdb.DuckDBPyConnection, table: str, raw: Raw, conversion: Conversion) -> Checked:
    """Convert a raw table and look at each row by itself and beside the others of its table."""
    checked = Checked(table, raw, conversion)
    for key in REQUIRED[table]:
        if key in conversion.names:
            conversion.checks.append(Check(key, "is missing", f"{conversion.text(key)} IS NULL", "NULL"))
    wrong = " OR ".join(f"coalesce({check.condition}, false)" for check in conversion.checks) or "false"
    values = ", ".join(["seq", *conversion.names.values(), f"{wrong} AS bad"])
    connection.execute(f"CREATE TABLE {checked.name} AS SELECT {values} FROM ({conversion.query(raw)})")
    connection.execute(f"CREATE TABLE {checked.found} (seq BIGINT, reason INTEGER, value VARCHAR)")
    _explain(connection, checked)
    _find_duplicates(connection, checked)
    return checked


def _explain(connection: duckdb.DuckDBPyConnection, checked: Checked) -> None:
    """Say what is wrong with the bad rows: they are converted once more, and every reason is noted."""
    row = connection.execute(f"SELECT count(*) FROM {checked.name} WHERE bad").fetchall()[0]
    if not row[0]:
        return
    entries = []
    for check in checked.conversion.checks:
        number = _reason(checked, check.column, check.reason)
        entries.append(f"CASE WHEN coalesce({check.condition}, false) THEN {{'reason': {number}, 'value': CAST({check.value} AS VARCHAR)}} END")
    rows = f"WHERE {checked.raw.row_id} IN (SELECT seq FROM {checked.name} WHERE bad)"
    query = checked.conversion.query(checked.raw, rows)
    listed = f"SELECT seq, unnest(list_filter([{', '.join(entries)}], lambda x: x IS NOT NULL)) AS entry FROM ({query})"
    connection.execute(f"INSERT INTO {checked.found} SELECT seq, entry.reason, entry.value FROM ({listed})")


def _reason(checked: Checked, column: str, reason: str) -> int:
    """The number of a reason, noted on first use."""
    if (column, reason) not in checked.reasons:
        checked.reasons.append((column, reason))
    return checked.reasons.index((column, reason))


def reject(connection: duckdb.DuckDBPyConnection, checked: Checked, column: str, reason: str, rows: str) -> int:
    """Reject the rows that a query of `seq` gives, for one reason; gives their number."""
    row = connection.execute(f"SELECT count(*) FROM ({rows})").fetchall()[0]
    if not row[0]:
        return 0
    number = _reason(checked, column, reason)
    connection.execute(f"INSERT INTO {checked.found} SELECT seq, {number}, NULL FROM ({rows})")
    return int(row[0])


def _find_duplicates(connection: duckdb.DuckDBPyConnection, checked: Checked) -> None:
    """Rows that have the same key; none of them is preferred, all are rejected."""
    keys = UNIQUE.get(checked.table, ())
    columns = [checked.column(key) for key in keys]
    if not keys or None in columns:
        return
    parts = [f"date_trunc('month', {c})" if key == "event_date" else f"{c}" for key, c in zip(keys, columns, strict=True)]
    present = " AND ".join(f"{c} IS NOT NULL" for c in columns)
    grouped = ", ".join(f"{part} AS k{number}" for number, part in enumerate(parts))
    names = ", ".join(f"k{number}" for number in range(len(parts)))
    keyed = f"SELECT seq, {grouped} FROM {checked.name} WHERE {present}"
    twice = f"SELECT {names} FROM ({keyed}) GROUP BY {names} HAVING count(*) > 1"
    what = " and ".join("month" if key == "event_date" else key for key in keys)
    reject(connection, checked, keys[0], f"several rows have the same {what}", f"SELECT seq FROM ({keyed}) SEMI JOIN ({twice}) USING ({names})")


def check_between(connection: duckdb.DuckDBPyConnection, tables: dict[str, Checked]) -> list[str]:
    """Persons in their households, histories of their persons; gives notes on what else a reader should know."""
    notes = []
    persons, households = tables.get(PERSONS), tables.get(HOUSEHOLDS)
    if persons and households:
        _check_reference(connection, persons, "household_id", households, "household_id", "no accepted row of households has this household_id")
    for table in HISTORIES:
        if persons and table in tables:
            _check_reference(connection, tables[table], "person_id", persons, "person_id", "no accepted row of persons has this person_id")
            notes += _note_incomplete(connection, tables[table], "person_id", "persons have lost part of their history")
    if persons:
        words = "households have lost a member, so that their size and income are no longer those of the source"
        notes += _note_incomplete(connection, persons, "household_id", words)
    return notes


def _check_reference(connection: duckdb.DuckDBPyConnection, checked: Checked, column: str, other: Checked, key: str, reason: str) -> None:
    """Reject rows whose key is not among the accepted rows of another table."""
    own, theirs = checked.column(column), other.column(key)
    if own is None or theirs is None:
        return
    rows = f"SELECT seq FROM {checked.name} c WHERE {own} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {other.good} o WHERE o.{theirs} = c.{own})"
    reject(connection, checked, column, reason, rows)


def _note_incomplete(connection: duckdb.DuckDBPyConnection, checked: Checked, column: str, words: str) -> list[str]:
    """A note if something that several rows make up has lost some but not all of them."""
    key = checked.column(column)
    if key is None or not checked.reasons:
        return []
    lost = f"SELECT DISTINCT {key} AS k FROM {checked.name} WHERE seq IN (SELECT seq FROM {checked.found}) AND {key} IS NOT NULL"
    row = connection.execute(f"SELECT count(DISTINCT g.{key}) FROM {checked.good} g JOIN ({lost}) l ON l.k = g.{key}").fetchall()[0]
    return [f"note: {checked.table}: {row[0]} {words}"] if row[0] else []


def report_on(connection: duckdb.DuckDBPyConnection, tables: dict[str, Checked], notes: Sequence[str]) -> Report:
    """Counts, reasons and the first examples of each."""
    counts: dict[str, TableCount] = {}
    findings: list[Finding] = []
    for table, checked in tables.items():
        unreadable = [(s.label, line) for s in checked.raw.segments for line in s.unreadable]
        if unreadable:
            examples = tuple((label, line, None) for label, line in unreadable[:EXAMPLES])
            findings.append(Finding(table, "(line)", UNREADABLE, len(unreadable), examples))
        total = _number(connection, f"SELECT count(*) FROM {checked.name}")
        accepted = _number(connection, f"SELECT count(*) FROM {checked.good}")
        counts[table] = TableCount(total + len(unreadable), accepted)
        findings += _findings(connection, checked)
    return Report(counts, sorted_findings(findings, ORDER), tuple(notes))


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchall()[0]
    return int(row[0])


def _findings(connection: duckdb.DuckDBPyConnection, checked: Checked) -> list[Finding]:
    grouped = f"SELECT reason, count(*), arg_min({{'seq': seq, 'value': value}}, seq, {EXAMPLES}) FROM {checked.found} GROUP BY reason"
    findings = []
    for reason, rows, examples in connection.execute(grouped).fetchall():
        column, words = checked.reasons[reason]
        places = tuple((*checked.raw.place(example["seq"]), example["value"]) for example in examples)
        findings.append(Finding(checked.table, column, words, rows, places))
    return findings


def key_types(connection: duckdb.DuckDBPyConnection, tables: dict[str, Checked]) -> dict[tuple[str, str], str]:
    """BIGINT or VARCHAR for each (table, key column).

    A key is BIGINT if every source that has types holds whole numbers, and every value of a text file is a plain whole number (no leading zeros).
    All keys that name persons have one type; so has each other key in all tables.
    """
    uses: dict[str, list[tuple[Checked, str]]] = {}
    for checked in tables.values():
        for name, target in checked.conversion.targets.items():
            if target.kind == "key":
                uses.setdefault("person_id" if name in SAME_KEY else name, []).append((checked, name))
    types: dict[tuple[str, str], str] = {}
    for found in uses.values():
        whole = all(_is_whole(connection, checked, name) for checked, name in found)
        types.update({(checked.table, name): "BIGINT" if whole else "VARCHAR" for checked, name in found})
    return types


def _is_whole(connection: duckdb.DuckDBPyConnection, checked: Checked, name: str) -> bool:
    """Every value is a plain whole number, and the source, if it has types, does not call it a text."""
    column, alias = checked.conversion.names[name], checked.conversion.sources.get(name)
    plain = f"count(*) FILTER (WHERE {column} IS NOT NULL AND try_cast({column} AS BIGINT)::VARCHAR IS DISTINCT FROM {column})"
    row = connection.execute(f"SELECT {plain}, count({column}) FROM {checked.name}").fetchall()[0]
    others, values = row
    typed_text = alias is not None and checked.raw.typed and checked.raw.types[alias] == "VARCHAR"
    return not others and not (typed_text and values)


def accepted_rows(checked: Checked, types: dict[tuple[str, str], str]) -> str:
    """SQL: the accepted rows with the columns' final names and types, in the order in which they are kept.

    Persons and households are kept by household_id, histories by person and time, so that what is used together stands together.
    """
    columns = []
    for name, value in checked.conversion.names.items():
        sql = types.get((checked.table, name), checked.conversion.targets[name].sql)
        columns.append(f'CAST({value} AS {sql}) AS "{name}"')
    wanted = {PERSONS: ("household_id",), HOUSEHOLDS: ("household_id",)}.get(checked.table, ("person_id", "month", "start_date", "event_date"))
    order = [f'"{name}"' for name in wanted if name in checked.conversion.names]
    return f"SELECT {', '.join(columns)} FROM {checked.good} ORDER BY {', '.join([*order, 'seq'])}"


def rejected_note(report: Report) -> str:
    """One line for those who went on."""
    return f"note: {count(report.rejected)} rejected; the population holds the others"
