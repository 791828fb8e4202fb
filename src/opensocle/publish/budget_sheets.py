"""The budget of each scenario, from expenditure to what remains to be found, and the scenarios side by side: all formulas."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from ..analysis.model import BudgetYear, Costing, ScenarioResult
from . import figures
from .checking import counted_payers
from .sheets import FIRST, HEAD, Book, Formula, Input, Sheet, Value, each, joined, quoted


def budget_sheet(sheet: Sheet, costing: Costing, result: ScenarioResult) -> None:
    """Writes a scenario's block of the budget."""
    book, say, name, currency = sheet.book, sheet.book.say, result.name, costing.currency
    budgets = figures.budgets(result)

    def of(measure: Callable[[BudgetYear], Decimal]) -> tuple[Value, ...]:
        return each(costing.years, lambda year: measure(budgets[year]))

    def ref(what: str) -> str:
        return book.ref(f"{what}_{name}", sheet.name)

    def money(word: str, cells: Input | Formula, what: str, note: str = "", total: bool = False) -> None:
        sheet.line(say(word), cells, "money", name=f"{what}_{name}", unit=currency, note=note, total=total)

    sheet.heading(say.title(result.title))
    money("gross_expenditure", Formula(ref("total_gross"), of(lambda b: b.gross)), "budget_gross")
    counted = sorted(counted_payers(result) or ())
    payers = joined([ref(f"total_contributions_{payer}") for payer in counted])
    money("less_contributions", Formula(f"-{payers}", of(lambda b: -b.contributions)), "budget_contributions")
    if result.baseline:
        money("net_cost", Formula(f"{ref('budget_gross')}+{ref('budget_contributions')}", of(lambda b: b.net)), "budget_net", total=True)
    _already(sheet, costing, result, of(lambda b: b.already))
    money("book_offset", Input(f"{name}|@offset", of(lambda b: b.offset)), "offset", say("book_offset_note"))
    gap = f"{ref('budget_gross')}+{ref('budget_contributions')}-{ref('offset')}-{ref('already')}"
    money(figures.need(result), Formula(gap, of(lambda b: b.gap)), "gap", total=True)
    for at, lever in enumerate(result.levers):
        cells = Input(f"{name}|@lever.{at}", each(costing.years, lambda year, lever=lever: lever.amounts.get(year, figures.ZERO)))
        sheet.line(say.title(lever.title), cells, "money", name=f"lever_{at}_{name}", unit=currency, note=lever.source)
    levers = joined([ref(f"lever_{at}") for at in range(len(result.levers))])
    money("book_levers", Formula(levers, of(lambda b: b.levers)), "levers")
    money("remaining", Formula(f"{ref('gap')}-{ref('levers')}", of(lambda b: b.remaining)), "remaining", total=True)
    _shares(sheet, costing, result)


def _already(sheet: Sheet, costing: Costing, result: ScenarioResult, values: tuple[Value, ...]) -> None:
    """What is already financed: the baseline's net cost of the scenario's schemes, a formula where the workbook holds the baseline."""
    book, say = sheet.book, sheet.book.say
    title = say.title(result.baseline_title) if result.baseline else ""
    note = say("book_already_of", scenario=title) if title else say("book_already_note")
    schemes = {line.scheme for line in result.lines}
    names = [f"net_{result.baseline}_{label.name}" for label in costing.schemes if label.name in schemes]
    refs = [book.ref(name, sheet.name) for name in names if name in book.places]
    cells = Formula(joined(refs), values) if refs else Input(f"{result.name}|@already", values)
    sheet.line(say("book_already"), cells, "money", name=f"already_{result.name}", unit=costing.currency, note=note)


def _shares(sheet: Sheet, costing: Costing, result: ScenarioResult) -> None:
    book, say, name = sheet.book, sheet.book.say, result.name
    budgets, accounts = figures.budgets(result), figures.accounts(result)
    rows: tuple[tuple[str, str, str, Callable[[BudgetYear], Decimal]], ...] = (
        ("gross_share", "budget_gross", "share_of_gdp", lambda b: b.gross),
        ("additional_share" if result.baseline else "gap_share", "gap", "gap_share", lambda b: b.gap),
        ("remaining_share", "remaining", "remaining_share", lambda b: b.remaining),
    )
    gdp = book.ref(f"gdp_{name}", sheet.name)
    for word, what, called, of in rows:
        values = each(costing.years, lambda year, of=of: figures.ratio(of(budgets[year]), accounts[year].gdp))
        sheet.line(say(word), Formula(f"{book.ref(f'{what}_{name}', sheet.name)}/{gdp}", values), "fine", name=f"{called}_{name}")
    spent = book.ref(f"expenditure_{name}", sheet.name)
    values = each(costing.years, lambda year: figures.ratio(budgets[year].gross, accounts[year].expenditure))
    text = f"{book.ref(f'budget_gross_{name}', sheet.name)}/{spent}"
    sheet.line(say("share_of_expenditure"), Formula(text, values), "percent", name=f"share_of_expenditure_{name}")


def comparison_sheet(sheet: Sheet, costing: Costing) -> None:
    """Writes the scenarios side by side, their distances from the first, and a chart."""
    book, say, currency = sheet.book, sheet.book.say, costing.currency
    blocks: tuple[tuple[str, str, str, str, Callable[[ScenarioResult, int], Decimal | None]], ...] = (
        ("book_gross_of_gdp", "share_of_gdp", "fine", "", _share_of_gdp),
        ("gross_expenditure", "budget_gross", "money", currency, lambda result, year: figures.budgets(result)[year].gross),
        ("book_net_cost", "total_net", "money", currency, _net),
        (figures.need(*costing.scenarios), "gap", "money", currency, lambda result, year: figures.budgets(result)[year].gap),
        ("remaining", "remaining", "money", currency, lambda result, year: figures.budgets(result)[year].remaining),
    )
    for word, what, kind, unit, of in blocks:
        sheet.heading(say(word))
        for result in costing.scenarios:
            values = each(costing.years, lambda year, of=of, result=result: of(result, year))
            text = book.ref(f"{what}_{result.name}", sheet.name)
            sheet.line(say.title(result.title), Formula(text, values), kind, name=f"compared_{what}_{result.name}", unit=unit)
    _distances(sheet, costing)
    _chart(sheet, book, costing)


def _share_of_gdp(result: ScenarioResult, year: int) -> Decimal | None:
    return figures.ratio(figures.budgets(result)[year].gross, figures.accounts(result)[year].gdp)


def _net(result: ScenarioResult, year: int) -> Decimal:
    return figures.total(line.net for line in result.lines if line.year == year)


def _distances(sheet: Sheet, costing: Costing) -> None:
    """Gross expenditure as a share of GDP less that of the scenario that costs least."""
    if len(costing.scenarios) < 2:
        return
    book, say, first = sheet.book, sheet.book.say, figures.reference(costing)
    sheet.heading(say("book_distance", scenario=say.title(first.title)))
    for result in (item for item in costing.scenarios if item.name != first.name):
        text = "-".join(book.ref(f"compared_share_of_gdp_{item.name}", sheet.name) for item in (result, first))
        values = each(costing.years, lambda year, result=result: (_share_of_gdp(result, year) or 0) - (_share_of_gdp(first, year) or 0))
        sheet.line(say.title(result.title), Formula(text, values), "points")


def _chart(sheet: Sheet, book: Book, costing: Costing) -> None:
    from .look import LINES

    chart = book.file.add_chart({"type": "line"})
    last = FIRST + len(costing.years) - 1
    for at, result in enumerate(costing.scenarios):
        home, row = book.places[f"compared_share_of_gdp_{result.name}"]
        years, values = [home, HEAD, FIRST, HEAD, last], [home, row - 1, FIRST, row - 1, last]
        line = {"color": LINES[at % len(LINES)], "width": 2.25}
        chart.add_series({"name": book.say.title(result.title), "categories": years, "values": values, "line": line})
    chart.set_title({"name": book.say("book_gross_of_gdp"), "name_font": {"size": 12, "bold": True}, "overlay": False})
    chart.set_y_axis({"num_format": "0.0%", "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#d9dee4"}}, "line": {"none": True}})
    chart.set_x_axis({"interval_unit": max(1, len(costing.years) // 8)})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": 320})
    options = {"object_position": 3, "description": f"{book.say('book_gross_of_gdp')}: {quoted(sheet.name)}"}
    sheet.page.insert_chart(sheet.row + 1, 1, chart, options)
