"""A study of impact as a workbook: every estimate to filter, and sheets whose differences, numbers, totals and shares are live formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..analysis.impact.model import Impact
from .impact_seen import Seen
from .impact_sheets import budgets_sheet, causes_sheet, groups_sheet, incidence_sheet, indicators_sheet, winners_sheet
from .sheets import INPUT, MADE, Book, quoted


def impact_workbook(made: Impact, path: str | Path, lang: str = "en") -> Path:
    """Writes the workbook (.xlsx): read me, indicators, by group, incidence, winners and losers, causes, budgets.

    A formula carries the program's number and gives the same when it is calculated anew. Raises InputError U060, U064.
    """
    seen = Seen(made, lang)
    book = Book(Path(path), seen.say, ())
    title = seen.say("imp_book_title", title=seen.country())
    about = {"title": title, "author": "OpenSocle", "comments": seen.say("book_made", version=made.statement.program), "created": MADE}
    book.file.set_properties(about)
    front = book.file.add_worksheet(book.sheet_name(seen.say("book_read_me")))
    indicators_sheet(book, seen)
    groups_sheet(book, seen)
    incidence_sheet(book, seen)
    winners_sheet(book, seen)
    causes_sheet(book, seen)
    budgets_sheet(book, seen)
    _front(front, book, seen, title)
    front.activate()
    book.close()
    return Path(path)


@dataclass
class _Page:
    """The first sheet: pairs of texts, below each other."""

    page: Any
    book: Book
    row: int = 3

    def heading(self, text: str) -> None:
        self.row += 1
        for column in (1, 2):
            self.page.write_blank(self.row, column, None, self.book.style(bottom=1, bottom_color="#9aa5b1"))
        self.page.write_string(self.row, 1, text, self.book.style(bold=True, font_size=12, bottom=1, bottom_color="#9aa5b1"))
        self.row += 1

    def pairs(self, items: Sequence[tuple[str, str]]) -> None:
        for name, text in items:
            self.page.write_string(self.row, 1, name, self.book.style(valign="top"))
            self.page.write_string(self.row, 2, text, self.book.style(text_wrap=True, valign="top"))
            self.page.set_row(self.row, 15 * (1 + len(text) // 100))
            self.row += 1


def _front(page: Any, book: Book, seen: Seen, title: str) -> None:
    """The read me: the sheets, the study, its lines, what the measures are, what is not known, the hashes."""
    from .impact_content import months

    made, say = seen.made, seen.say
    page.hide_gridlines(2)
    page.set_column(0, 0, 3)
    page.set_column(1, 1, 44)
    page.set_column(2, 2, 100)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.write_string(0, 1, title, book.style(bold=True, font_size=18))
    page.write_string(1, 1, say("imp_book_subtitle", months=months(seen), unit=seen.unit), book.style(font_color="#52606d"))
    page.write_string(2, 1, say("imp_book_colours"), book.style(bg_color=INPUT))
    on = _Page(page, book)
    on.heading(say("book_sheets"))
    link = book.style(font_color="#0b3c8c", underline=1)
    for sheet in book.file.worksheets()[1:]:
        page.write_url(on.row, 1, f"internal:{quoted(sheet.get_name())}!A1", link, sheet.get_name())
        on.row += 1
    on.heading(say("imp_book_settings"))
    on.pairs(_settings(seen))
    on.heading(say("imp_book_lines"))
    on.pairs([(seen.line_title(name), name) for name in made.lines])
    on.heading(say("imp_section_unknown"))
    on.pairs([("", text) for text in [*seen.notes(), say("imp_note_sum")]])
    on.heading(say("imp_book_means"))
    names = dict.fromkeys(figure.measure for figure in made.figures)
    on.pairs([(name, seen.measure(name)) for name in names])
    on.heading(say("traceability"))
    stated = made.statement
    codes = [(say("version"), stated.program), (say("imp_law_hash"), stated.law)]
    codes += [(say("imp_law_hash_of", scenario=seen.scenario(name)), found) for name, found in stated.reforms.items()]
    on.pairs([pair for pair in [*codes, (say("imp_survey_hash"), stated.data), (say("imp_settings_hash"), stated.settings)] if pair[1]])


def _settings(seen: Seen) -> list[tuple[str, str]]:
    made, say = seen.made, seen.say
    from .impact_content import months
    from .impact_seen import decimal
    from .impact_tables import level

    return [
        (say("imp_book_survey"), made.statement.source or say("imp_survey")),
        (say("imp_book_months"), months(seen)),
        (say("imp_book_households"), say.count(made.households)),
        (say("imp_book_left_out"), say.percent(decimal(made.left_out))),
        (say("imp_book_welfare"), say("imp_units", unit=seen.unit, concept=say(f"imp_as_{made.concept}"))),
        (say("imp_book_level"), level(seen)),
        (say("imp_book_few"), str(made.few)),
    ]
