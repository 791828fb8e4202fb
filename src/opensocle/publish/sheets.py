"""The frame of the workbook: sheets whose rows run over the years, inputs that can be read back, formulas that carry the program's value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import EngineError, InputError
from .words import Words

KEY, LABEL, UNIT, NOTE, FIRST = range(5)
"""Columns: the hidden key of an input, the label, the unit, a note, the first year."""

HEAD = 3  # the row of the years
BASE = "_base"
FORMAT = "opensocle workbook 1"
MADE = datetime(2000, 1, 1, tzinfo=UTC)  # the program reads no clock: the same costing gives the same bytes
NUMBERS = {"count": "#,##0", "one": "#,##0.0", "money": "#,##0", "amount": "#,##0.00", "percent": "0.0%", "fine": "0.00%", "rate": "0.0###%",
           "number": "#,##0.0###", "index": "0.0000", "points": '0.00%;[Red]-0.00%;0.00%'}  # fmt: skip
INK, INPUT, MODEL, RULE = "#1f2933", "#fff3c4", "#e3edf7", "#9aa5b1"

Value = Decimal | None


@dataclass(frozen=True, slots=True)
class Input:
    """A row that an analyst may change: its values by year, and the key under which it is read back. `live`: formulas depend on it."""

    key: str
    values: tuple[Value, ...]
    live: bool = True
    share: bool = False  # only values from 0 to 1 make sense


@dataclass(frozen=True, slots=True)
class Formula:
    """A row of formulas: `text` with `{year}` as the column's letters, and the program's own values, which the formulas must give."""

    text: str
    values: tuple[Value, ...]


@dataclass
class Book:
    """A workbook being written. `places` gives the sheet and the row (from 1) of a name."""

    path: Path
    say: Words
    years: tuple[int, ...]
    file: Any = None
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    inputs: list[Input] = field(default_factory=list)
    _formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        try:
            import xlsxwriter
        except ImportError:
            raise InputError("U064", "a workbook needs XlsxWriter", hint="pip install 'opensocle[report]'") from None
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = xlsxwriter.Workbook(str(self.path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
        self.file.set_calc_mode("auto")

    def close(self) -> None:
        """Writes the file. Raises EngineError E061 where it cannot be written."""
        from xlsxwriter.exceptions import FileCreateError

        try:
            self.file.close()
        except FileCreateError as error:
            raise EngineError("E061", f"the workbook could not be written: {error}", at=str(self.path), hint="is it open elsewhere?") from error

    def style(self, **given: Any) -> Any:
        """A cell format; the same one for the same wishes."""
        wish = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "vcenter", **given}
        key = tuple(sorted(wish.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format(wish)
        return self._formats[key]

    def sheet_name(self, title: str) -> str:
        """A name for a sheet that Excel takes and no other sheet has."""
        clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip().strip("'").strip() or "Sheet"
        name, at = clean[:31].rstrip(), 2
        while name.lower() in self._names or name.lower() == "history":
            tail = f" {at}"
            name, at = clean[: 31 - len(tail)].rstrip() + tail, at + 1
        self._names.add(name.lower())
        return name

    def define(self, name: str, sheet: str, row: int) -> None:
        """A named range over the years of a row; `row` from 1."""
        last = FIRST + len(self.years) - 1
        self.file.define_name(range_name(name), f"={quoted(sheet)}!${letters(FIRST)}${row}:${letters(last)}${row}")

    def ref(self, name: str, sheet: str) -> str:
        """The cell of a named row in the same year, seen from a sheet: `{year}12` or `'Assumptions'!{year}12`."""
        home, row = self.places[name]
        return f"{{year}}{row}" if home == sheet else f"{quoted(home)}!{{year}}{row}"


@dataclass
class Sheet:
    """A sheet whose columns are years."""

    book: Book
    title: str
    subtitle: str
    name: str = ""
    row: int = HEAD + 1
    page: Any = None

    def __post_init__(self) -> None:
        book, say = self.book, self.book.say
        self.name = book.sheet_name(self.name or self.title)
        self.page = page = book.file.add_worksheet(self.name)
        page.hide_gridlines(2)
        page.write_string(0, LABEL, self.title, book.style(bold=True, font_size=15))
        page.write_string(1, LABEL, self.subtitle, book.style(font_color="#52606d"))
        head = book.style(bold=True, bottom=1, bottom_color=INK)
        for column, key in ((KEY, "book_key"), (LABEL, "item"), (UNIT, "unit"), (NOTE, "book_note")):
            page.write_string(HEAD, column, say(key), head)
        for at, year in enumerate(book.years):
            page.write_number(HEAD, FIRST + at, year, book.style(bold=True, bottom=1, bottom_color=INK, align="right", num_format="0"))
        page.set_column(KEY, KEY, 3, None, {"hidden": True})
        page.set_column(LABEL, LABEL, 46)
        page.set_column(UNIT, UNIT, 15)
        page.set_column(NOTE, NOTE, 34)
        page.set_column(FIRST, FIRST + len(book.years) - 1, 14.5)
        page.freeze_panes(HEAD + 1, UNIT)
        self._print()

    def _print(self) -> None:
        page, last = self.page, FIRST + len(self.book.years) - 1
        page.set_landscape()
        page.set_paper(9)
        page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
        page.fit_to_pages(2 if last > 20 else 1, 0)
        page.repeat_rows(HEAD)
        page.repeat_columns(LABEL, UNIT)
        page.set_footer("&L&8OpenSocle&C&8&A&R&8&P / &N")

    def heading(self, text: str) -> None:
        """A line that names the rows below it, after an empty one."""
        self.row += 1
        for column in range(LABEL, FIRST + len(self.book.years)):
            self.page.write_blank(self.row, column, None, self.book.style(bold=True, font_size=11, bottom=1, bottom_color=RULE))
        self.page.write_string(self.row, LABEL, text, self.book.style(bold=True, font_size=11, bottom=1, bottom_color=RULE))
        self.row += 1

    def line(self, label: str, cells: Input | Formula, kind: str, *, name: str = "", unit: str = "", note: str = "", total: bool = False) -> None:
        """A row of inputs or formulas; `name` lets other rows, and named ranges, refer to it; `kind` is one of NUMBERS."""
        book, page = self.book, self.page
        edge = {"top": 1, "top_color": INK, "bold": True} if total else {}
        page.write_string(self.row, LABEL, label, book.style(**edge))
        page.write_string(self.row, UNIT, unit, book.style(font_color="#52606d", **edge))
        page.write_string(self.row, NOTE, note, book.style(font_color="#52606d", font_size=9, **edge))
        if isinstance(cells, Input):
            self._inputs(cells, kind)
        else:
            for at, value in enumerate(cells.values):
                text = "=" + cells.text.replace("{year}", letters(FIRST + at))
                number = book.style(num_format=NUMBERS[kind], **edge)
                page.write_formula(self.row, FIRST + at, text, number, 0 if value is None else float(value))
        self.row += 1
        if name:
            book.places[name] = (self.name, self.row)
            book.define(name.replace("|", "_"), self.name, self.row)

    def _inputs(self, cells: Input, kind: str) -> None:
        book, page = self.book, self.page
        page.write_string(self.row, KEY, cells.key, book.style(font_color=RULE))
        style = book.style(num_format=NUMBERS[kind], bg_color=INPUT if cells.live else MODEL, border=1, border_color="#e4e7eb", font_color="#0b3c8c")
        for at, value in enumerate(cells.values):
            if value is None:
                page.write_blank(self.row, FIRST + at, None, style)
            else:
                page.write_number(self.row, FIRST + at, float(value), style)
        if cells.share:
            say, last = book.say, FIRST + len(book.years) - 1
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1, "error_title": say("book_share_title"),
                    "error_message": say("book_share_wrong"), "ignore_blank": False}  # fmt: skip
            page.data_validation(self.row, FIRST, self.row, last, rule)
        book.inputs.append(cells)


def write_base(book: Book, facts: Sequence[tuple[str, str]]) -> None:
    """The hidden sheet with every input as it was, from which changes are read back."""
    page = book.file.add_worksheet(BASE)
    page.very_hidden()
    page.write_string(0, 0, FORMAT)
    for row, (name, text) in enumerate(facts, 1):
        page.write_string(row, 0, name)
        page.write_string(row, 1, text)
    start = len(facts) + 2
    page.write_string(start, 0, "key")
    for at, year in enumerate(book.years):
        page.write_number(start, 1 + at, year)
    for row, item in enumerate(book.inputs, start + 1):
        page.write_string(row, 0, item.key)
        for at, value in enumerate(item.values):
            if value is not None:
                page.write_number(row, 1 + at, float(value))


def letters(column: int) -> str:
    """The letters of a column counted from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


def range_name(name: str) -> str:
    """A name that Excel takes for a range: letters, digits and underscores, and never like a cell's."""
    text = re.sub(r"\W", "_", name, flags=re.ASCII)
    return text if re.match(r"[A-Za-z_]+_", text) else f"r_{text}"


def joined(refs: Sequence[str]) -> str:
    """The sum of cells, `0` where there are none; in groups of 200, as SUM takes 255."""
    if not refs:
        return "0"
    groups = [refs[at : at + 200] for at in range(0, len(refs), 200)]
    sums = [f"SUM({','.join(group)})" for group in groups]
    return "+".join(sums)


def each(years: Sequence[int], of: Any) -> tuple[Value, ...]:
    """A value for every year; None where `of` knows none."""

    def values() -> Iterator[Value]:
        for year in years:
            with suppress(KeyError):
                yield of(year)
                continue
            yield None

    return tuple(values())
