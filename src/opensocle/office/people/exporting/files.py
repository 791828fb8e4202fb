"""An export as CSV, Parquet or Excel, written piece by piece.

CSV: a text that begins with = + - @, a tab or a line break would be run as a formula by a spreadsheet: it gets an apostrophe in front. Figures, dates
and codes do not need it. Excel: every text is written as a text, never as a formula.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from ....errors import InputError
from ...laws.values import write
from .columns import Column

Rows = Sequence[Sequence[Any]]
Writer = Callable[[Rows], None]
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
MOST_ROWS = 1_048_575
"""Of an Excel sheet, without its heading."""
TEXTS = ("text", "key", "code")


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(RISKY) else text


@contextmanager
def open_file(path: Path, columns: Sequence[Column]) -> Generator[Writer]:
    """Writes rows to a new file of the form that its name says. Raises InputError O114."""
    forms = {".csv": _csv, ".parquet": _parquet, ".xlsx": _excel}
    if path.suffix.lower() not in forms:
        raise InputError("O114", f"{path.suffix or 'a name without ending'} cannot be written", at=path.name, hint=f"use {', '.join(forms)}")
    with forms[path.suffix.lower()](path, columns) as writer:
        yield writer


@contextmanager
def _csv(path: Path, columns: Sequence[Column]) -> Generator[Writer]:
    risky = [column.kind in TEXTS for column in columns]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([column.name for column in columns])

        def add(rows: Rows) -> None:
            for row in rows:
                cells = [(write(value), text) for value, text in zip(row, risky, strict=True)]
                out.writerow([guarded(cell) if text else cell for cell, text in cells])

        yield add


@contextmanager
def _parquet(path: Path, columns: Sequence[Column]) -> Generator[Writer]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds: dict[str, Any] = {"boolean": pa.bool_(), "integer": pa.int64(), "decimal": pa.decimal128(24, 6), "date": pa.date32()}
    schema = pa.schema([(column.name, kinds.get(column.kind, pa.string())) for column in columns])
    with pq.ParquetWriter(path, schema, compression="zstd") as out:

        def add(rows: Rows) -> None:
            given = [
                [value if column.kind in kinds or value is None else write(value) for value in values] for column, values in _by_column(columns, rows)
            ]
            out.write_table(pa.Table.from_arrays([pa.array(values, field.type) for values, field in zip(given, schema, strict=True)], schema=schema))

        yield add


def _by_column(columns: Sequence[Column], rows: Rows) -> list[tuple[Column, Sequence[Any]]]:
    return [(column, [row[place] for row in rows]) for place, column in enumerate(columns)]


@contextmanager
def _excel(path: Path, columns: Sequence[Column]) -> Generator[Writer]:
    try:
        import xlsxwriter
    except ModuleNotFoundError as error:
        raise InputError("O114", "Excel files need xlsxwriter", hint="pip install 'opensocle[report]'") from error
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    sheet, day = book.add_worksheet("persons"), book.add_format({"num_format": "yyyy-mm-dd"})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.name)
    at = 0

    def add(rows: Rows) -> None:
        nonlocal at
        for row in rows:
            at += 1
            if at > MOST_ROWS:
                raise InputError("O114", _("An Excel sheet has at most 1,048,575 rows: take CSV or Parquet, or a smaller area."))
            for place, value in enumerate(row):
                _cell(sheet, at, place, value, day)

    try:
        yield add
    finally:
        book.close()


def _cell(sheet: Any, row: int, place: int, value: Any, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, place, value)
    elif isinstance(value, date) and value.year >= 1900:
        sheet.write_datetime(row, place, value, day)
    else:
        sheet.write_string(row, place, write(value))
