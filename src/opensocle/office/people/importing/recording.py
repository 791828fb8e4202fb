"""Rows of histories (contributions, spells, events): new ones are added, changed ones take the place of the old, the same ones stay."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from ....population.sources import quoted
from ....vocabulary.model import HISTORIES, PERSONS
from ...laws.registry import moment_words
from ..models import Record
from .staging import BESIDE, Staged
from .storing import bring, copy_query, moment, rows_of

COLUMNS = ("person_id", "table", "start", "end", "values", "recorded")


def record_histories(staged: Staged, now: datetime) -> dict[str, int]:
    """Adds and replaces rows of every history in the file. Returns rows that are new, changed and the same."""
    counts = compare_histories(staged)
    for table in [table for table in HISTORIES if table in staged.tables]:
        _withdraw(staged, table, now)
        values = f"SELECT id, {quoted(table)}, start, \"end\", said, {quoted(moment(now))} FROM new_{table} WHERE state <> 'same' ORDER BY id"
        copy_query(staged.duck, values, "people_record", COLUMNS)
    return counts


def compare_histories(staged: Staged) -> dict[str, int]:
    """The tables new_<table>, each row with its state (new, changed, same) and the row that it replaces; and how many there are of each state."""
    counts = {"new": 0, "changed": 0, "same": 0}
    for table in [table for table in HISTORIES if table in staged.tables]:
        _compare(staged, table)
        for state, count in staged.duck.execute(f"SELECT state, count(*) FROM new_{table} GROUP BY state").fetchall():
            counts[state] += count
    return counts


def _compare(staged: Staged, table: str) -> None:
    targets, moments = staged.targets(table), moment_words(table)
    first = f"r.\"{moments[0]}\" || '-01'" if table == "contributions" else f'r."{moments[0]}"'
    end = f'r."{moments[1]}"' if len(moments) > 1 and moments[1] in targets else "CAST(NULL AS VARCHAR)"
    entries = ", ".join(f"{{'k': {quoted(name)}, 'v': r.\"{name}\"}}" for name in targets.facts)
    pairs = f"map_from_entries(list_transform(list_filter([{entries}], lambda x: x.v IS NOT NULL), lambda x: {{'k': x.k, 'v': x.v}}))"
    values = f"to_json({pairs})::VARCHAR" if entries else "'{}'"
    staged.duck.execute(
        f'CREATE TABLE said_{table} AS SELECT n.id, {first} AS start, {end} AS "end", {values} AS said, r.* EXCLUDE (seq)'
        f" FROM final_{table} r JOIN people n ON n.key = r.person_id"
    )
    _bring_known(staged, table)
    same = ["e.person = s.id", "left(e.start, 7) = left(s.start, 7)" if table == "events" else "e.start = s.start"]
    same += [f'e.said ->> {quoted(name)} IS NOT DISTINCT FROM s."{name}"' for name in BESIDE.get(table, ()) if name in targets]
    different = [f'(s."{name}" IS NOT NULL AND e.said ->> {quoted(name)} IS DISTINCT FROM s."{name}")' for name in targets.facts]
    different += ["e.start <> s.start"] + (['e."end" IS DISTINCT FROM s."end"'] if len(moments) > 1 and moments[1] in targets else [])
    kept = 'e."end"' if len(moments) > 1 and moments[1] not in targets else 's."end"'
    staged.duck.execute(
        f'CREATE TABLE new_{table} AS SELECT s.id, s.start, coalesce({kept}, s."end") AS "end", e.row AS replaced,'
        f" CASE WHEN e.row IS NULL THEN s.said ELSE json_merge_patch(e.said, s.said)::VARCHAR END AS said,"
        f" CASE WHEN e.row IS NULL THEN 'new' WHEN {' OR '.join(different)} THEN 'changed' ELSE 'same' END AS state"
        f" FROM said_{table} s LEFT JOIN there_{table} e ON {' AND '.join(same)}"
        " QUALIFY row_number() OVER (PARTITION BY s.id, s.start, s.said ORDER BY e.row DESC) = 1"
    )


def _bring_known(staged: Staged, table: str) -> None:
    """The rows of the registry that begin in the months of the file."""
    low, high = staged.duck.execute(f"SELECT min(left(start, 7)), max(left(start, 7)) FROM said_{table}").fetchall()[0]
    as_text = '"values"::text' if connection.vendor == "postgresql" else '"values"'
    columns = [("row", "BIGINT"), ("person", "BIGINT"), ("start", "VARCHAR"), ("end", "VARCHAR"), ("said", "VARCHAR")]
    query = (
        f'SELECT id, person_id, CAST(start AS varchar(10)), CAST("end" AS varchar(10)), {as_text} FROM people_record'
        ' WHERE withdrawn IS NULL AND "table" = %s AND start BETWEEN %s AND %s'
    )
    last = f"{high}-{28 if high and high.endswith('-02') else 30}" if high else ""
    found = rows_of(query, [table, f"{low}-01", _last_day(last)]) if low else iter(())
    bring(staged.duck, f"there_{table}", [(f'"{name}"' if name in ("end", "row") else name, kind) for name, kind in columns], found)


def _last_day(text: str) -> str:
    from ....periods import Month

    return Month.parse(text[:7]).last_day.isoformat()


def _withdraw(staged: Staged, table: str, now: datetime) -> None:
    found = staged.duck.cursor().execute(f"SELECT replaced FROM new_{table} WHERE state = 'changed'")
    while rows := found.fetchmany(500):
        Record.objects.filter(pk__in=[row for (row,) in rows]).update(withdrawn=now)


__all__ = ["PERSONS", "compare_histories", "record_histories"]
