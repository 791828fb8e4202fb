"""The sheet of a scenario: for each scheme, from people to net cost, every step a formula; then the totals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..analysis.model import Costing, Line, ScenarioResult, SchemeLabel
from . import figures
from .naming import administration, is_gross_up
from .sheets import Book, Formula, Input, Sheet, Value, joined
from .words import Words, entries, rounded

CLOSE = Decimal("1e-11")
ZERO = figures.ZERO


@dataclass(frozen=True, slots=True)
class Run:
    """A scheme of a scenario over the years, and how its money is calculated."""

    costing: Costing
    result: ScenarioResult
    label: SchemeLabel
    lines: Mapping[int, Line]
    pays: bool
    payers: tuple[str, ...]

    @property
    def path(self) -> str:
        """The path of its take-up in the assumptions: `compliance` where it only collects contributions."""
        known = {item.path for item in self.result.assumptions}
        for group in ("take_up", "compliance"):
            if f"{group}.{self.label.name}" in known:
                return f"{group}.{self.label.name}"
        return f"{'take_up' if self.pays else 'compliance'}.{self.label.name}"

    @property
    def compliance(self) -> str:
        """The path of the share of contributions that is paid, where the assumptions give one that is not its take-up; else empty."""
        path = f"compliance.{self.label.name}"
        known = {item.path for item in self.result.assumptions}
        return path if path in known and path != self.path and self.payers else ""

    @property
    def benefits_by_amount(self) -> bool:
        """Whether benefits are given as amounts, because some year has them without anybody counted as paid."""
        return any(line.benefits and not line.paid for line in self.lines.values())

    @property
    def by_amount(self) -> bool:
        """Whether administration costs are given as amounts, because some year has them without benefits."""
        return any(line.administration and not line.benefits for line in self.lines.values())

    def of(self, measure: Callable[[Line], Decimal]) -> tuple[Value, ...]:
        """A measure in every year; zero in years without a line."""
        return tuple(measure(self.lines[year]) if year in self.lines else ZERO for year in self.costing.years)

    def due(self, line: Line, payer: str) -> Decimal:
        """The contributions that the law asks for: those paid, divided by compliance."""
        amount = line.contributions.get(payer, ZERO)
        share = self.complied(line.year)
        return (figures.ratio(amount, share) or ZERO) if share is not None else amount

    def complied(self, year: int) -> Decimal | None:
        """The compliance that the assumptions give for a year, where it is apart from take-up."""
        known = {item.path: item for item in self.result.assumptions}
        return known[self.compliance].values.get(year, Decimal(1)) if self.compliance else None

    def name(self, what: str) -> str:
        return f"{what}_{self.result.name}_{self.label.name}"

    def key(self, what: str) -> str:
        return f"{self.result.name}|@{what}.{self.label.name}"


def run_of(costing: Costing, result: ScenarioResult, label: SchemeLabel) -> Run:
    lines = {line.year: line for line in result.lines if line.scheme == label.name}
    found = {payer for line in lines.values() for payer in line.contributions}
    return Run(costing, result, label, lines, figures.pays(result, label.name), tuple(p for p in figures.payers(result) if p in found))


def take_up(line: Line) -> Decimal:
    """The share that gives exactly those paid; what the assumptions say wherever that does."""
    return fitting(line.take_up, line.paid, line.entitled)


def average(line: Line) -> Decimal:
    """The benefit a head that gives exactly the benefits."""
    return fitting(line.average_benefit, line.benefits, line.paid)


def administration_rate(line: Line, gross: bool) -> Decimal:
    """Administration as a share of benefits, or of gross expenditure."""
    whole = line.gross if gross else line.benefits
    share = figures.ratio(line.administration, whole) or ZERO
    return fitting(rounded(share, 6), line.administration, whole)


def fitting(said: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """The factor between whole and part: the one that is said where it fits to 1e-11 (or cannot be known), otherwise the quotient."""
    if not whole or abs(said * whole - part) <= CLOSE * abs(part):
        return said
    return figures.ratio(part, whole) or ZERO


def scenario_sheet(book: Book, costing: Costing, result: ScenarioResult) -> None:
    """Writes the sheet of a scenario. The assumptions' and the accounts' sheets come before it."""
    say = book.say
    title = say.title(result.title)
    sheet = Sheet(book, title, say("book_scenario_more"), name=title)
    runs = [run_of(costing, result, label) for label in figures.schemes_of(costing, result)]
    for run in runs:
        sheet.heading(say.title(run.label.title))
        _people(sheet, run, say)
        if run.pays or any(line.administration for line in run.lines.values()):
            _benefits(sheet, run, say)
        _contributions(sheet, run, say)
        _net(sheet, run, say)
    _totals(sheet, costing, result, runs)


def _people(sheet: Sheet, run: Run, say: Words) -> None:
    ref, name = sheet.book.ref, run.name
    known = Input(run.key("entitled"), run.of(lambda line: line.entitled))
    sheet.line(say(figures.word(run.label, "entitled") if run.pays else "liable"), known, "count", name=name("entitled"), note=say("book_from_law"))
    home = f"{run.result.name}|{run.path}"
    share = Formula(ref(home, sheet.name), run.of(take_up))
    sheet.line(say("take_up" if run.pays else "compliance"), share, "rate", name=name("take_up"), note=say("book_from_assumptions"))
    paid = Formula(f"{ref(name('entitled'), sheet.name)}*{ref(name('take_up'), sheet.name)}", run.of(lambda line: line.paid))
    sheet.line(say(figures.word(run.label, "paid_persons") if run.pays else "contributors"), paid, "count", name=name("paid"))
    if any(line.unknown for line in run.lines.values()):
        unknown = Input(run.key("unknown"), run.of(lambda line: line.unknown), live=False)
        sheet.line(say("book_unknown"), unknown, "count", note=say("book_unknown_note"))


def _benefits(sheet: Sheet, run: Run, say: Words) -> None:
    ref, name, currency = sheet.book.ref, run.name, run.costing.currency
    if run.benefits_by_amount:
        given = Input(run.key("benefits"), run.of(lambda line: line.benefits))
        sheet.line(say("book_benefits_given"), given, "money", name=name("benefits_given"), unit=currency, note=say("book_from_law"))
        formula = ref(name("benefits_given"), sheet.name)
    else:
        a_head, unit = Input(run.key("average_benefit"), run.of(average)), say("book_a_year", currency=currency)
        sheet.line(say("book_average"), a_head, "amount", name=name("average_benefit"), unit=unit, note=say("book_from_law"))
        formula = f"{ref(name('paid'), sheet.name)}*{ref(name('average_benefit'), sheet.name)}"
    sheet.line(say("benefits"), Formula(formula, run.of(lambda line: line.benefits)), "money", name=name("benefits"), unit=currency)
    _administration(sheet, run, say)
    gross = Formula(f"{ref(name('benefits'), sheet.name)}+{ref(name('administration'), sheet.name)}", run.of(lambda line: line.gross))
    sheet.line(say("gross_expenditure"), gross, "money", name=name("gross"), unit=currency)


def _administration(sheet: Sheet, run: Run, say: Words) -> None:
    ref, name, currency = sheet.book.ref, run.name, run.costing.currency
    cost, gross_up = run.of(lambda line: line.administration), is_gross_up(run.label.administration)
    said = administration(run.label.administration, say)
    if run.by_amount:
        sheet.line(
            say("book_administration_given"), Input(run.key("administration"), cost), "money", name=name("administration_given"), unit=currency
        )
        text = ref(name("administration_given"), sheet.name)
    else:
        rate = Input(run.key("administration_rate"), run.of(lambda line: administration_rate(line, gross_up)), share=True)
        sheet.line(say("book_rate_gross" if gross_up else "book_rate_benefits"), rate, "rate", name=name("administration_rate"), note=said)
        share = ref(name("administration_rate"), sheet.name)
        text = f"{ref(name('benefits'), sheet.name)}*{share}" + (f"/(1-{share})" if gross_up else "")
    sheet.line(say("administration"), Formula(text, cost), "money", name=name("administration"), unit=currency)


def _contributions(sheet: Sheet, run: Run, say: Words) -> None:
    """By payer: contributors × a contribution each where the scheme only collects, otherwise a given amount; × compliance where it is apart."""
    ref, name, currency = sheet.book.ref, run.name, run.costing.currency
    home = ref(f"{run.result.name}|{run.compliance}", sheet.name) if run.compliance else ""
    for payer in run.payers:
        who = payer_title(payer, say)
        amounts = run.of(lambda line, payer=payer: line.contributions.get(payer, ZERO))
        given = name(f"contribution_{payer}")
        by_head = not run.pays and not home and all(line.paid or not line.contributions.get(payer) for line in run.lines.values())
        if by_head:
            values = run.of(lambda line, payer=payer: figures.ratio(line.contributions.get(payer, ZERO), line.paid) or ZERO)
            word, kind, unit = "book_contribution_each", "amount", say("book_a_year", currency=currency)
            text = f"{ref(name('paid'), sheet.name)}*{{year}}{sheet.row + 1}"
        else:
            values = run.of(lambda line, payer=payer: run.due(line, payer))
            word, kind, unit = "book_contribution_due" if home else "book_contribution_given", "money", currency
            text = f"{{year}}{sheet.row + 1}" + (f"*{home}" if home else "")
        cells = Input(run.key(f"contribution_{payer}"), values)
        sheet.line(say(word, who=who), cells, kind, name=given, unit=unit, note=say("book_from_law"))
        sheet.line(say("book_contributions_of", who=who), Formula(text, amounts), "money", name=name(f"contributions_{payer}"), unit=currency)


def payer_title(payer: str, say: Words) -> str:
    key = f"payer_{payer}"
    return say(key) if key in entries() else payer


def _net(sheet: Sheet, run: Run, say: Words) -> None:
    ref, name = sheet.book.ref, run.name
    parts = "-".join(ref(name(f"contributions_{payer}"), sheet.name) for payer in run.payers)
    gross = ref(name("gross"), sheet.name) if name("gross") in sheet.book.places else "0"
    text = f"{gross}-{parts}" if parts else gross
    sheet.line(say("net_cost"), Formula(text, run.of(lambda line: line.net)), "money", name=name("net"), unit=run.costing.currency, total=True)


def _totals(sheet: Sheet, costing: Costing, result: ScenarioResult, runs: list[Run]) -> None:
    book, say, currency = sheet.book, sheet.book.say, costing.currency

    def total(key: str, what: str, of: Callable[[Line], Decimal], bold: bool = False) -> None:
        refs = [book.ref(run.name(what), sheet.name) for run in runs if run.name(what) in book.places]
        sums = tuple(figures.total(of(line) for line in result.lines if line.year == year) for year in costing.years)
        sheet.line(say(key), Formula(joined(refs), sums), "money", name=f"total_{what}_{result.name}", unit=currency, total=bold)

    sheet.heading(say("book_all_schemes"))
    total("benefits", "benefits", lambda line: line.benefits)
    total("administration", "administration", lambda line: line.administration)
    total("gross_expenditure", "gross", lambda line: line.gross, True)
    for payer in figures.payers(result):
        refs = [book.ref(run.name(f"contributions_{payer}"), sheet.name) for run in runs if payer in run.payers]
        sums = tuple(figures.total(x.contributions.get(payer, ZERO) for x in result.lines if x.year == year) for year in costing.years)
        label = say("book_contributions_of", who=payer_title(payer, say))
        sheet.line(label, Formula(joined(refs), sums), "money", name=f"total_contributions_{payer}_{result.name}", unit=currency)
    total("net_cost", "net", lambda line: line.net, True)
    gross, gdp = book.ref(f"total_gross_{result.name}", sheet.name), book.ref(f"gdp_{result.name}", sheet.name)
    accounts = figures.accounts(result)
    shares = tuple(figures.ratio(figures.total(x.gross for x in result.lines if x.year == year), accounts[year].gdp) for year in costing.years)
    sheet.line(say("gross_share"), Formula(f"{gross}/{gdp}", shares), "fine", name=f"gross_share_{result.name}")
