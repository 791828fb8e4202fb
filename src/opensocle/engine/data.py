"""What the planner may know of a population before reading it: which columns it has, and which of them are never null."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..errors import DataError, Problems, SocleError
from ..law.law import Law
from ..population.tables import Population
from ..vocabulary.model import HOUSEHOLDS, PERSONS, Fact
from .lowering import Plan

_WORDS, _WHOLE, _DAY = r"(large_)?string(_view)?|dictionary<.*", r"u?int(8|16|32|64)", r"date32(\[day\])?"
_ARROW = {"boolean": "bool", "integer": _WHOLE, "date": _DAY, "month": _DAY, "text": _WORDS, "code": _WORDS, "key": f"{_WHOLE}|{_WORDS}"}
"""Arrow types that a column of each type may have."""


@dataclass(frozen=True)
class KnownData:
    """A population as the planner sees it (the protocol `lowering.Data`)."""

    population: Population

    @property
    def complete_households(self) -> bool:
        """Whether every person surely has a household: files that were checked when they were written say so."""
        return self.never_null(PERSONS, "household_id") and (not self.has_table(HOUSEHOLDS) or self.population.currency is not None)

    def has_table(self, table: str) -> bool:
        return table in self.population.tables

    def has_column(self, table: str, column: str) -> bool:
        return self.has_table(table) and column in self.population.tables[table].columns

    def never_null(self, table: str, column: str) -> bool:
        return self.has_column(table, column) and self.population.tables[table].never_null(column)

    def latest(self, table: str, column: str) -> date | None:
        """The latest date in a column; the last of the calendar where it is not known."""
        bounds = self.population.tables[table].bounds(column)
        if bounds is None:
            return None if self.population.tables[table].rows == 0 else date.max
        return bounds[1] if isinstance(bounds[1], date) else date.max

    def bounds(self, table: str, column: str) -> tuple[Decimal, Decimal] | None:
        """The least and greatest number in a column, where the files say."""
        found = self.population.tables[table].bounds(column) if self.has_column(table, column) else None
        if found is None or not isinstance(found[0], int | Decimal):
            return None
        return Decimal(found[0]), Decimal(found[1])


def check_columns(law: Law, plan: Plan, population: Population) -> None:
    """Raises Problems where a column that the plan reads has not the type that the vocabulary says: such data must be read in first."""
    problems: list[SocleError] = []
    for node in plan.graph.nodes:
        if node.op != "fact":
            continue
        table, name = ("events" if node.data[0] == "event" else node.data[0]), node.data[1]
        word = law.vocabulary.fact(table, name)
        if word and table in population.tables and name in population.tables[table].columns:
            found = population.tables[table].columns[name]
            if not _fits(word, found):
                what = f"{table}.{name} is stored as {found}, not as {_wanted(word)}"
                problems.append(DataError("D020", what, hint="read the data in first: see docs/howto/bring-your-data.md"))
    if population.currency and population.currency != law.country.currency.code:
        problems.append(
            DataError(
                "D021", f"the amounts are in {population.currency}, the law is in {law.country.currency.code}", hint="use the country's own data"
            )
        )
    if problems:
        raise Problems(list({p.what: p for p in problems}.values()))


def _fits(word: Fact, found: str) -> bool:
    if word.type == "decimal":
        match = re.fullmatch(r"decimal128\((\d+), (\d+)\)", found)
        return bool(match) and int(match[2]) <= word.digits if match else bool(re.fullmatch(_ARROW["integer"], found))
    return bool(re.fullmatch(_ARROW[word.type], found))


def _wanted(word: Fact) -> str:
    if word.type == "decimal":
        return f"a decimal with at most {word.digits} decimals"
    return {"boolean": "a boolean", "integer": "a whole number", "date": "a date", "month": "a date (the first of the month)"}.get(
        word.type, "a text"
    )
