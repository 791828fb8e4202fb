"""The workbook's first sheet: what it holds, what the colours mean, how to change it and read it back."""

from __future__ import annotations

from typing import Any

from ..analysis.model import Costing
from .naming import administration, note_text
from .sheets import INPUT, MODEL, Book, quoted


def front_sheet(page: Any, book: Book, costing: Costing, title: str) -> None:
    """Writes the read me. It comes first and is written last, since it links to every sheet."""
    say = book.say
    page.hide_gridlines(2)
    page.set_column(0, 0, 3)
    page.set_column(1, 1, 44)
    page.set_column(2, 2, 90)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.write_string(0, 1, title, book.style(bold=True, font_size=18))
    page.write_string(
        1, 1, say("book_subtitle", first=costing.years[0], last=costing.years[-1], currency=costing.currency), book.style(font_color="#52606d")
    )
    row = _links(page, book, 3)
    row = _colours(page, book, row + 1)
    row = _texts(page, book, row + 1)
    row = _schemes(page, book, costing, row + 1)
    _trace(page, book, costing, row + 1)


def _heading(page: Any, book: Book, row: int, text: str) -> int:
    for column in (1, 2):
        page.write_blank(row, column, None, book.style(bottom=1, bottom_color="#9aa5b1"))
    page.write_string(row, 1, text, book.style(bold=True, font_size=12, bottom=1, bottom_color="#9aa5b1"))
    return row + 1


def _links(page: Any, book: Book, row: int) -> int:
    row = _heading(page, book, row, book.say("book_sheets"))
    link = book.style(font_color="#0b3c8c", underline=1)
    for sheet in book.file.worksheets()[1:]:
        page.write_url(row, 1, f"internal:{quoted(sheet.get_name())}!A1", link, sheet.get_name())
        row += 1
    return row


def _colours(page: Any, book: Book, row: int) -> int:
    row = _heading(page, book, row, book.say("book_colours"))
    for colour, key in ((INPUT, "book_live"), (MODEL, "book_model"), ("#ffffff", "book_formula")):
        page.write_string(row, 1, book.say(key), book.style(bg_color=colour, border=1, border_color="#e4e7eb"))
        row = _wrapped(page, book, row, book.say(f"{key}_more"))
    return row


def _wrapped(page: Any, book: Book, row: int, text: str) -> int:
    """Writes a long text, in a row that is high enough for it."""
    page.write_string(row, 2, text, book.style(text_wrap=True, valign="top"))
    page.set_row(row, 15 * (1 + len(text) // 88))
    return row + 1


def _texts(page: Any, book: Book, row: int) -> int:
    row = _heading(page, book, row, book.say("book_how"))
    for key in ("paid", "benefits", "administration", "contributions", "gap", "names", "back"):
        page.write_string(row, 1, book.say(f"book_how_{key}"), book.style(bold=True, valign="top"))
        row = _wrapped(page, book, row, book.say(f"book_how_{key}_more"))
    return row


def _schemes(page: Any, book: Book, costing: Costing, row: int) -> int:
    say = book.say
    row = _heading(page, book, row, say("table_schemes"))
    for label in costing.schemes:
        parts = [say.label("branches", label.branch), say.label("kinds", label.kind), label.legal, administration(label.administration, say)]
        page.write_string(row, 1, say.title(label.title), book.style())
        page.write_string(row, 2, " · ".join(part for part in parts if part), book.style(text_wrap=True))
        row += 1
    return row


def _trace(page: Any, book: Book, costing: Costing, row: int) -> None:
    say = book.say
    row = _heading(page, book, row, say("traceability"))
    facts = [(say("version"), costing.version), (say("data_hash"), costing.data_hash)]
    for result in costing.scenarios:
        name = say.title(result.title)
        facts += [(say("law_hash_of", scenario=name), result.law_hash), (say("assumptions_hash_of", scenario=name), result.assumptions_hash)]
        facts += [(say("note_of", scenario=name), note_text(note, costing, say)) for note in result.notes]
    for what, text in facts:
        if text:
            page.write_string(row, 1, what, book.style(valign="top"))
            row = _wrapped(page, book, row, text)
