"""A costing as a workbook of live formulas that an analyst can trace and change; `readback.read_back` takes the changes as a scenario."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from ..analysis.model import Account, Costing, ScenarioResult
from . import figures
from .budget_sheets import budget_sheet, comparison_sheet
from .checking import checked
from .front_sheet import front_sheet
from .naming import path_title
from .people_sheets import people_sheet
from .scheme_sheets import run_of, scenario_sheet, take_up
from .sheets import MADE, Book, Formula, Input, Sheet, each, write_base
from .words import SHARES, Words

PROJECTED: tuple[tuple[str, str, Callable[[Account], Decimal], str, bool], ...] = (
    ("population", "book_population", lambda a: a.population, "count", False),
    ("gdp", "book_gdp", lambda a: a.gdp, "money", True),
    ("revenue", "book_revenue", lambda a: a.revenue, "money", False),
    ("expenditure", "book_expenditure", lambda a: a.expenditure, "money", True),
    ("social_protection", "book_social_protection", lambda a: a.social_protection, "money", False),
    ("consumer_prices", "book_prices", lambda a: a.consumer_prices, "index", False),
    ("wages", "book_wages", lambda a: a.wages, "index", False),
)
"""Rows of the accounts: name, word, measure, form, and whether formulas depend on it."""


def workbook(costing: Costing, path: str | Path, lang: str = "en") -> Path:
    """Writes the workbook (.xlsx): read me, comparison, assumptions, people by age, accounts, budget, and a sheet for each scenario.

    Every figure that the program calculated is a formula that gives the same to 1e-9; what the law and the projection give is an input.
    Raises Problems where the costing contradicts itself.
    """
    checked(costing)
    book = Book(Path(path), Words(lang, costing.currency), costing.years)
    say = book.say
    title = say("book_title", country=say.title(costing.title))
    about = {"title": title, "author": "OpenSocle", "comments": say("book_made", version=costing.version), "created": MADE}
    book.file.set_properties(about)
    front = book.file.add_worksheet(book.sheet_name(say("book_read_me")))
    compared = Sheet(book, say("book_comparison"), say("book_comparison_more"))
    _assumptions(book, costing)
    people_sheet(book, costing)
    _accounts(book, costing)
    budget = Sheet(book, say("book_budget"), say("book_budget_more"))
    for result in costing.scenarios:
        scenario_sheet(book, costing, result)
    for result in costing.scenarios:
        budget_sheet(budget, costing, result)
    comparison_sheet(compared, costing)
    front_sheet(front, book, costing, title)
    front.activate()
    write_base(book, _facts(costing, lang))
    book.close()
    return Path(path)


def _facts(costing: Costing, lang: str) -> list[tuple[str, str]]:
    """What reading back needs besides the inputs."""
    facts = [("language", lang), ("country", costing.country), ("version", costing.version), ("data", costing.data_hash)]
    for result in costing.scenarios:
        levers = [{"lever": item.kind, "title": dict(item.title), "source": item.source} for item in result.levers]
        about = {"law": result.law_hash, "assumptions": result.assumptions_hash, "levers": levers}
        facts.append((f"scenario {result.name}", json.dumps(about, ensure_ascii=False)))
    return facts


def _assumptions(book: Book, costing: Costing) -> None:
    """Every assumption of every scenario. Those that formulas use are live; the others take effect when the program runs again."""
    say = book.say
    sheet = Sheet(book, say("book_assumptions"), say("book_assumptions_more"))
    for result in costing.scenarios:
        sheet.heading(say.title(result.title))
        for label, cells, kind, unit, source in [*_shares(costing, result, say), *_others(costing, result, say)]:
            sheet.line(label, cells, kind, name=cells.key if cells.live else "", unit=unit, note=source)


Described = tuple[str, Input, str, str, str]


def _shares(costing: Costing, result: ScenarioResult, say: Words) -> list[Described]:
    """Take-up and compliance, which the scenario's formulas use."""
    known = {item.path: item for item in result.assumptions}
    found: list[Described] = []
    for label in figures.schemes_of(costing, result):
        run = run_of(costing, result, label)
        values = each(costing.years, lambda year, run=run: take_up(run.lines[year]))
        values = tuple(Decimal(1) if value is None else value for value in values)
        source = known[run.path].source if run.path in known else ""
        found.append((path_title(run.path, costing, known, say), Input(f"{result.name}|{run.path}", values, share=True), "rate", "", source))
        if run.compliance:
            paid = each(costing.years, run.complied)
            cells = Input(f"{result.name}|{run.compliance}", paid, share=True)
            found.append((path_title(run.compliance, costing, known, say), cells, "rate", "", known[run.compliance].source))
    return found


def _others(costing: Costing, result: ScenarioResult, say: Words) -> list[Described]:
    runs = [run_of(costing, result, label) for label in figures.schemes_of(costing, result)]
    used = {path for run in runs for path in (run.path, run.compliance)}
    known = {item.path: item for item in result.assumptions}
    found: list[Described] = []
    for item in result.assumptions:
        if item.path not in used:
            cells = Input(f"{result.name}|{item.path}", each(costing.years, item.values.__getitem__), live=False)
            title = path_title(item.path, costing, known, say)
            found.append((title, cells, "rate" if item.unit in SHARES else "number", say.unit(item.unit), item.source))
    return found


def _accounts(book: Book, costing: Costing) -> None:
    """The economy and the government's account of each scenario."""
    say = book.say
    sheet = Sheet(book, say("book_accounts"), say("book_accounts_more"))
    for result in costing.scenarios:
        sheet.heading(say.title(result.title))
        accounts = figures.accounts(result)
        for name, word, of, kind, live in PROJECTED:
            values = each(costing.years, lambda year, of=of, accounts=accounts: of(accounts[year]))
            unit = costing.currency if kind == "money" else ""
            cells: Input | Formula = Input(f"{result.name}|@{name}", values, live=live)
            note = say("book_from_projection")
            if name == "population" and f"people_{result.name}" in book.places:
                cells, note = Formula(book.ref(f"people_{result.name}", sheet.name), values), say("book_from_people")
            sheet.line(say(word), cells, kind, name=f"{name}_{result.name}", unit=unit, note=note)
