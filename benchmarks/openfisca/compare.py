"""Compares two results column by column: the largest difference, and what differs by more than a margin.

    python benchmarks/openfisca/compare.py FIRST.parquet SECOND.parquet --margin 0.01

Rows are matched by the first column of the first file (`household_id` or `person_id`); the columns that both have are compared. A row or a
value that one of them does not have counts as a difference. Ends with status 1 where anything differs.
"""

from __future__ import annotations

import argparse
import sys
from decimal import Decimal
from pathlib import Path

import duckdb


def columns(database: duckdb.DuckDBPyConnection, file: Path) -> list[str]:
    return [row[0] for row in database.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(file)]).fetchall()]


def compare(first: Path, second: Path, margin: Decimal) -> bool:
    """Prints how far the two files are from each other; gives whether they agree to the margin."""
    with duckdb.connect() as database:
        ours, theirs = columns(database, first), columns(database, second)
        key, *names = [name for name in ours if name in theirs]
        if key != ours[0] or not names:
            sys.exit(f"{first} and {second} have no column in common")
        joined = f"FROM read_parquet($first) a FULL JOIN read_parquet($second) b ON a.{key} = b.{key}"
        parts = [f"COUNT(*), COUNT(a.{key}), COUNT(b.{key})"]
        for name in names:
            far = f'ABS(CAST(a."{name}" AS DOUBLE) - CAST(b."{name}" AS DOUBLE))'
            parts.append(f'MAX({far}), COUNT(*) FILTER ({far} > $margin OR (a."{name}" IS NULL) != (b."{name}" IS NULL))')
        answer = database.execute(f"SELECT {', '.join(parts)} {joined}", {"first": str(first), "second": str(second), "margin": float(margin)})
        row = answer.fetchone() or (0, 0, 0)
    rows, left, right, *figures = row
    return report(names, (rows, left, right), figures, margin)


def report(names: list[str], counts: tuple[int, int, int], figures: list[float | int | None], margin: Decimal) -> bool:
    rows, left, right = counts
    largest = list(zip(figures[::2], names, figures[1::2], strict=True))
    worst, where, _ = max(largest, key=lambda item: item[0] or 0)
    print(f"{rows} rows, {len(names)} columns; the largest difference is {worst or 0:.6f}, in {where}")
    if rows != left or rows != right:
        print(f"{rows - left} rows are missing in the first file, {rows - right} in the second")
    bad = [(name, count) for _, name, count in largest if count]
    for name, count in bad:
        print(f"{name}: {count} values differ by more than {margin}")
    return not bad and rows == left == right


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare two results.")
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--margin", type=Decimal, default=Decimal("0.01"), help="the largest difference that counts as equal")
    given = parser.parse_args()
    sys.exit(0 if compare(given.first, given.second, given.margin) else 1)


if __name__ == "__main__":
    main()
