"""The sheet of people by age and sex: single ages are inputs, sums, groups and dependency ratios are formulas above them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from ..analysis.model import Costing, People, ScenarioResult
from ..analysis.people import CHILD, GROUPS, OLD
from . import figures
from .results import age_title
from .sheets import Book, Formula, Input, Sheet, each

FIVE = 5
SEXES: tuple[tuple[str, Callable[[People], Sequence[Decimal]]], ...] = (("men", lambda people: people.men), ("women", lambda people: people.women))


def people_sheet(book: Book, costing: Costing) -> None:
    """Writes the people of each group of scenarios that have the same; none where the costing has no people."""
    groups = figures.populations(costing)
    if not groups:
        return
    sheet = Sheet(book, book.say("book_people"), book.say("book_people_more"))
    for group in groups:
        sheet.heading(book.say.listed([book.say.title(result.title) for result in group]))
        _Block(sheet, costing, group).write()


class _Block:
    """One population. Rows of single ages stand below the sums that refer to them, and are written first."""

    def __init__(self, sheet: Sheet, costing: Costing, group: tuple[ScenarioResult, ...]) -> None:
        self.sheet, self.say, self.name, self.years = sheet, sheet.book.say, group[0].name, costing.years
        self.others = [result.name for result in group]
        self.people = {item.year: item for item in group[0].people}
        self.oldest = len(group[0].people[0].men) - 1
        self.starts = range(0, self.oldest + 1, FIVE)

    def write(self) -> None:
        top = self.sheet.row
        self.sheet.row = top + 3 + len(GROUPS) + 2 + 3 + len(SEXES) * (len(self.starts) + 2)
        for key, of in SEXES:
            self._single(key, of)
        end, self.sheet.row = self.sheet.row, top
        self._sums()
        self._ratios()
        for key, of in SEXES:
            self._five(key, of)
        self.sheet.row = end

    def _single(self, key: str, of: Callable[[People], Sequence[Decimal]]) -> None:
        self.sheet.heading(self.say("book_people_single", sex=self.say(key)))
        for age in range(self.oldest + 1):
            title = age_title((age, None), self.say) if age == self.oldest else str(age)
            cells = Input(f"{self.name}|@people.{key}.{age}", each(self.years, lambda year, age=age: of(self.people[year])[age]))
            self.sheet.line(title, cells, "count", name=f"{key}_{age}_{self.name}", note=self.say("book_from_projection"))

    def _range(self, key: str, first: int, until: int | None) -> str:
        """The cells of the ages from `first` to below `until` in a year."""
        rows = [self.sheet.book.places[f"{key}_{age}_{self.name}"][1] for age in (first, self.oldest if until is None else until - 1)]
        return f"{{year}}{rows[0]}:{{year}}{rows[1]}"

    def _sum(self, label: str, keys: Sequence[str], first: int, until: int | None, name: str, total: bool = False) -> None:
        text = f"SUM({','.join(self._range(key, first, until) for key in keys)})"
        sides = [of for key, of in SEXES if key in keys]
        values = each(self.years, lambda year: figures.total(number for of in sides for number in of(self.people[year])[first:until]))
        self.sheet.line(label, Formula(text, values), "count", name=f"{name}_{self.name}", total=total)

    def _sums(self) -> None:
        both = tuple(key for key, _ in SEXES)
        self._sum(self.say("population"), both, 0, None, "people", total=True)
        for key in both:
            self._sum(self.say(key), (key,), 0, None, key)
        for first, until in GROUPS:
            self._sum(age_title((first, until), self.say), both, first, until, f"people_from_{first}")
        for other in self.others:
            self.sheet.book.places[f"people_{other}"] = self.sheet.book.places[f"people_{self.name}"]

    def _ratios(self) -> None:
        self.sheet.heading(self.say("dependency"))
        spans = {"child": ((0, CHILD),), "old": ((OLD, None),), "total": ((0, CHILD), (OLD, None))}
        adults = f"SUM({','.join(self._range(key, CHILD, OLD) for key, _ in SEXES)})"
        for word, parts in spans.items():
            above = f"SUM({','.join(self._range(key, *part) for part in parts for key, _ in SEXES)})"
            values = each(self.years, lambda year, parts=parts: self._ratio(year, parts))
            name = f"dependency_{word}_{self.name}"
            self.sheet.line(self.say(f"dependency_{word}"), Formula(f"100*{above}/{adults}", values), "one", name=name)

    def _ratio(self, year: int, parts: Sequence[tuple[int, int | None]]) -> Decimal | None:
        people = self.people[year]
        share = figures.ratio(figures.total(people.between(*part) for part in parts), people.between(CHILD, OLD))
        return None if share is None else 100 * share

    def _five(self, key: str, of: Callable[[People], Sequence[Decimal]]) -> None:
        self.sheet.heading(self.say("book_people_groups", sex=self.say(key)))
        for start in self.starts:
            until = start + FIVE if start + FIVE <= self.oldest else None
            self._sum(age_title((start, until), self.say), (key,), start, until, f"{key}_from_{start}")
