"""Totals of a run, added up exactly: weights are decimals, so the order of rows does not matter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .results import Column, as_decimal

if TYPE_CHECKING:
    from .results import Result

WEIGHT = "weight"


def totals(result: Result, by: Sequence[str], names: Sequence[str] | None) -> list[dict[str, Any]]:
    """One row a column and group: see `Result.totals`."""
    import duckdb

    rows: list[dict[str, Any]] = []
    for level in result.tables:
        columns = [c for c in result.columns if c.level == level and (names is None or c.name in names or f"{c.owner}.{c.variable}" in names)]
        if not columns:
            continue
        connection = duckdb.connect()
        try:
            rows += _level(connection, result, level, columns, by)
        finally:
            connection.close()
    return rows


def _level(connection: Any, result: Result, level: str, columns: list[Column], by: Sequence[str]) -> list[dict[str, Any]]:
    found = result.tables[level]
    if isinstance(found, Path):
        relation = f"read_parquet('{str(found).replace(chr(39), chr(39) * 2)}')"
        types = {name: str(type) for name, type, *_ in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}
    else:
        connection.register("found", found)
        relation, types = "found", {name: str(type) for name, type, *_ in connection.execute("DESCRIBE SELECT * FROM found").fetchall()}
    here = [name for name in by if name in types]
    keys = [_quoted(name) for name in here]
    parts: list[str] = []
    summed = [c for c in columns if types[c.name] not in ("VARCHAR", "DATE")]
    for column in summed:
        parts += _sums(_quoted(column.name), types[column.name] == "BOOLEAN", result.weighted)
    if not summed:
        return []
    grouping = f" GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}" if keys else ""
    answer = connection.execute(f"SELECT {', '.join([*keys, *parts])} FROM {relation}{grouping}").fetchall()
    rows = []
    for line in answer:
        group, values = dict.fromkeys(by) | dict(zip(here, line, strict=False)), line[len(here) :]
        for position, column in enumerate(summed):
            total, positive, unknown = values[3 * position : 3 * position + 3]
            amount = None if types[column.name] == "BOOLEAN" else as_decimal(total)
            rows.append(
                {"scheme": column.owner, "variable": column.variable, "month": str(column.month), "level": level, "unit": column.unit, **group}
                | {"total": amount, "positive": as_decimal(positive), "unknown": int(unknown)}
            )
    return rows


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _sums(column: str, boolean: bool, weighted: bool) -> list[str]:
    weight = f"CAST({WEIGHT} AS DECIMAL(18,9))" if weighted else "CAST(1 AS DECIMAL(1,0))"
    holds = column if boolean else f"{column} > 0"
    total = "NULL" if boolean else f"sum(CAST({column} AS DECIMAL(29,{'9' if weighted else '10'})) * {weight})"
    if not boolean and weighted:
        total = f"sum(CAST({column} AS DECIMAL(26,4)) * CAST({WEIGHT} AS DECIMAL(18,9)))"
    return [total, f"sum({weight}) FILTER (WHERE {holds})", f"count(*) FILTER (WHERE {column} IS NULL)"]
