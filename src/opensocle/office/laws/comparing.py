"""Two laws on the same registry in the same month: who gains, who loses, what it costs, scheme by scheme and district by district."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...engine.plan import HOUSEHOLD, PERSON
from ...law.law import Law
from ...law.model import Scheme
from ...periods import Month
from .batch import KEYS, Batch, run_registry
from .tables import DISTRICT

if TYPE_CHECKING:
    import duckdb

COUNTS = ("gain", "lose", "same", "unknown")
CONTRIBUTIONS = ("worker_contribution", "employer_contribution", "state_contribution")


def compare_laws(before: Law | None, after: Law, month: Month) -> dict[str, Any]:
    """The comparison as it is kept with a law: plain data, amounts as text in the currency's unit.

    gain, lose: persons (or households) who get more or less than now; same: who get as much; unknown: where a fact is missing in one of
    the two. before None: against nothing. Of contributions, gain means that more is due.
    """
    with tempfile.TemporaryDirectory(prefix="socle-laws-") as folder:
        new = run_registry(after, month, folder=Path(folder) / "after")
        old = run_registry(before, month, folder=Path(folder) / "before") if before else None
        schemes = [scheme for level in (PERSON, HOUSEHOLD) for scheme in _level(old, new, level)]
    order = list(dict.fromkeys([*after.schemes, *(before.schemes if before else ())]))
    schemes.sort(key=lambda scheme: order.index(scheme["scheme"]))
    return {
        "month": str(month),
        "against": before.hash if before else "",
        "currency": after.country.currency.code,
        "digits": after.country.currency.digits,
        "persons": new.persons,
        "households": new.households,
        "schemes": schemes,
        "total": {side: _total(schemes, side) for side in ("before", "after")},
    }


def _total(schemes: list[dict[str, Any]], side: str) -> str:
    return str(sum((Decimal(scheme["whole"][side]) for scheme in schemes if scheme["kind"] == "benefit"), Decimal(0)))


def _level(old: Batch | None, new: Batch, level: str) -> Iterator[dict[str, Any]]:
    """The schemes whose results belong to a level, compared in one query."""
    import duckdb

    laws = [batch.law for batch in (old, new) if batch]
    schemes = {name: scheme for law in laws for name, scheme in law.schemes.items() if scheme.unit == level and kind_of(law, scheme)}
    if not schemes or not any(level in result.tables for result in new.results):
        return
    with duckdb.connect() as duck:
        rows = duck.execute(_query(duck, old, new, level, list(schemes))).fetchall()
    width = len(COUNTS) + 2
    for number, (name, scheme) in enumerate(schemes.items()):
        found = [(row[0] or "", row[1 + number * width : 1 + (number + 1) * width]) for row in rows]
        law = next(law for law in reversed(laws) if name in law.schemes)
        yield {
            "scheme": name,
            "title": dict(scheme.title),
            "unit": level,
            "kind": kind_of(law, scheme),
            "paid": scheme.paid,
            "rows": [{"district": district, **_named(values)} for district, values in found],
            "whole": _named([sum((values[at] or 0 for _, values in found), 0) for at in range(width)]),
        }


def _named(values: Any) -> dict[str, Any]:
    counts = {name: int(values[at] or 0) for at, name in enumerate(COUNTS)}
    return counts | {"before": str(values[len(COUNTS)] or 0), "after": str(values[len(COUNTS) + 1] or 0)}


def kind_of(law: Law, scheme: Scheme) -> str:
    """Whether a scheme gives a benefit, a right without an amount, or asks for contributions; empty for none of these."""
    if (scheme.name, "benefit") in law.rules:
        return "benefit"
    if (scheme.name, "eligible") in law.rules:
        return "right"
    return "contribution" if any((scheme.name, name) in law.rules for name in CONTRIBUTIONS) else ""


def _query(duck: duckdb.DuckDBPyConnection, old: Batch | None, new: Batch, level: str, schemes: list[str]) -> str:
    key = KEYS[level]
    sources: dict[str, str] = {}
    columns: dict[str, dict[str, str]] = {"before": {}, "after": {}}
    for side, batch in (("after", new), ("before", old)):
        for number, result in enumerate(batch.results if batch else ()):
            if level not in result.tables:
                continue
            alias = f"{side}{number}"
            sources[alias] = _source(duck, alias, result.tables[level])
            names = [row[0] for row in duck.execute(f"DESCRIBE SELECT * FROM {sources[alias]}").fetchall()]
            columns[side] |= {name: f'{alias}."{name}"' for name in names}
    first, *others = sources
    joins = "".join(f" LEFT JOIN {sources[alias]} AS {alias} ON {alias}.{key} = {first}.{key}" for alias in others)
    parts = [part for scheme in schemes for part in _parts(_amount(columns["before"], scheme), _amount(columns["after"], scheme))]
    return f"SELECT {first}.{DISTRICT}, {', '.join(parts)} FROM {sources[first]} AS {first}{joins} GROUP BY 1 ORDER BY 1"


def _source(duck: duckdb.DuckDBPyConnection, alias: str, table: Any) -> str:
    if isinstance(table, Path):
        return "read_parquet('" + str(table).replace("'", "''") + "')"
    duck.register(alias, table)
    return alias


def _amount(columns: Mapping[str, str], scheme: str) -> str:
    """What a scheme gives in SQL: 0 where that law has no such scheme."""
    benefit, eligible = columns.get(f"{scheme}.benefit"), columns.get(f"{scheme}.eligible")
    due = [columns[f"{scheme}.{name}"] for name in CONTRIBUTIONS if f"{scheme}.{name}" in columns]
    if benefit:
        return f"CASE WHEN {eligible} = false THEN 0 ELSE {benefit} END" if eligible else benefit
    if eligible:
        return f"CAST({eligible} AS INTEGER)"
    return f"({' + '.join(due)})" if due else "0"


def _parts(before: str, after: str) -> Iterator[str]:
    yield f"count(*) FILTER (WHERE {after} > {before})"
    yield f"count(*) FILTER (WHERE {after} < {before})"
    yield f"count(*) FILTER (WHERE {after} = {before} AND {after} <> 0)"
    yield f"count(*) FILTER (WHERE {after} IS NULL OR {before} IS NULL)"
    yield f"sum({before})"
    yield f"sum({after})"
