"""`socle budget`: the social budget beside the government's account, the gap, and the levers that close it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from . import options
from .costs import account_data, budget_data, costing_of, heading_data, say_notes, scenario_data, years_shown
from .reporting import say, say_json

if TYPE_CHECKING:
    from ..analysis.model import Costing, Lever, ScenarioResult
    from ..publish.tables import Table

WORDS = {
    "en": {
        "account": "{scenario}: economy and general government, {unit}", "item": "Item", "population": "Population", "gdp": "GDP",
        "revenue": "Revenue", "expenditure": "Expenditure", "balance": "Balance", "spent": "Social protection outside these schemes",
        "prices": "Consumer prices, first year of the assumptions = 1", "wages": "Wages, first year of the assumptions = 1",
        "mix": "{scenario}: how the levers close the gap, {unit}", "open": "Still open",
        "used": "Each lever is used up to its amount, in the order of the scenario.",
    },
    "fr": {
        "account": "{scenario} : économie et administrations publiques, {unit}", "item": "Poste", "population": "Population", "gdp": "PIB",
        "revenue": "Recettes", "expenditure": "Dépenses", "balance": "Solde", "spent": "Protection sociale hors de ces régimes",
        "prices": "Prix à la consommation, première année des hypothèses = 1", "wages": "Salaires, première année des hypothèses = 1",
        "mix": "{scenario} : comment les leviers comblent le besoin, {unit}", "open": "Reste à trouver",
        "used": "Chaque levier sert jusqu'à son montant, dans l'ordre du scénario.",
    },
}  # fmt: skip
HUGE = 10**12


@options.command("budget")
@click.argument("country")
@options.names("--scenario", "scenarios", "A,B", "Only these scenarios; by default all of the country's.")
@options.whole_numbers("--years", "years", "A,B", "The years that the tables show; by default some from the first to the last.")
@options.until
@options.data_root
@options.progress
@options.lang
@options.as_json
def command(
    country: str, scenarios: tuple[str, ...], years: tuple[int, ...], until: int | None, data_root: str | None, progress: bool, lang: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Show the social budget: what the schemes spend and receive, the gap, and how the levers of each scenario close it.

    The economy and the account of general government come from the assumptions; the gap is gross expenditure less contributions, less
    spending that the scenario replaces and, where the scenario names a baseline, less the baseline's net cost, which is financed already.

    \b
    Examples:
      socle budget exemplia --until 2030
      socle budget exemplia --scenario full_floor --years 2026,2030 --until 2030 --lang fr
    """
    costing = costing_of(country, scenarios, until, data_root, progress)
    shown = years_shown(costing, years, 7)
    if as_json:
        say_json({**heading_data(costing), "scenarios": [_data(result) for result in costing.scenarios]})
        return
    from ..publish.results import budget_table, comparison
    from ..publish.tables import write

    tables = [_account(costing, costing.scenarios[0], shown, lang)]
    if len(costing.scenarios) > 1:
        tables.append(comparison(costing, lang, shown))
    for result in costing.scenarios:
        tables.append(budget_table(costing, lang, result.name, shown))
        if result.levers:
            tables.append(_mix(costing, result, shown, lang))
    for table in tables:
        say(write(table, "text", lang))
    say_notes(costing)


def _account(costing: Costing, result: ScenarioResult, years: Sequence[int], lang: str) -> Table:
    from ..publish.tables import Column, Row, Shape, Table
    from ..publish.words import Words

    say_, w = Words(lang, costing.currency), WORDS[lang]
    accounts = [account for account in result.accounts if account.year in years]
    scale = say_.scale([account.gdp for account in accounts], HUGE)
    money = Shape("number", 0, scale.exponent)
    rows = [
        Row((w["population"], *(account.population for account in accounts)), shape=Shape("count")),
        Row((w["gdp"], *(account.gdp for account in accounts))),
        Row((w["revenue"], *(account.revenue for account in accounts))),
        Row((w["expenditure"], *(account.expenditure for account in accounts))),
        Row((w["balance"], *(account.revenue - account.expenditure for account in accounts))),
        Row((w["spent"], *(account.social_protection for account in accounts))),
        Row((w["prices"], *(account.consumer_prices for account in accounts)), shape=Shape("number", 3)),
        Row((w["wages"], *(account.wages for account in accounts)), shape=Shape("number", 3)),
    ]
    caption = w["account"].format(scenario=say_.title(result.title), unit=scale.unit or costing.currency)
    return Table(caption, (Column(w["item"]), *(Column(str(account.year), money) for account in accounts)), tuple(rows))


def closing(result: ScenarioResult, year: int) -> tuple[tuple[tuple[str, Decimal], ...], Decimal]:
    """How much of each lever a year's gap takes, in order, and what remains open."""
    from ..analysis.budget import closing_mix

    gap = next(entry.gap for entry in result.budget if entry.year == year)
    return closing_mix(gap, result.levers, year)


def _mix(costing: Costing, result: ScenarioResult, years: Sequence[int], lang: str) -> Table:
    from ..publish.figures import need
    from ..publish.tables import Column, Row, Shape, Table
    from ..publish.words import Words

    say_, w = Words(lang, costing.currency), WORDS[lang]
    mixes = [closing(result, year) for year in years]
    gaps = [next(entry.gap for entry in result.budget if entry.year == year) for year in years]
    scale = say_.scale(gaps, HUGE)
    rows = [
        Row((say_(need(result)), *gaps)),
        *(Row((f"  {say_.title(lever.title)}", *(used[at][1] for used, _ in mixes))) for at, lever in enumerate(result.levers)),
        Row((w["open"], *(remaining for _, remaining in mixes)), "total"),
    ]
    money = Shape("number", 1 if scale.exponent else 0, scale.exponent)
    caption = w["mix"].format(scenario=say_.title(result.title), unit=scale.unit or costing.currency)
    return Table(caption, (Column(w["item"]), *(Column(str(year), money) for year in years)), tuple(rows), (w["used"],))


def _data(result: ScenarioResult) -> dict[str, Any]:
    mixes = []
    for entry in result.budget:
        used, remaining = closing(result, entry.year)
        mixes.append({"year": entry.year, "used": [{"lever": kind, "amount": amount} for kind, amount in used], "open": remaining})
    return {
        **scenario_data(result),
        "account": [account_data(account) for account in result.accounts],
        "budget": [budget_data(entry) for entry in result.budget],
        "levers": [_lever(lever) for lever in result.levers],
        "closing": mixes,
    }


def _lever(lever: Lever) -> dict[str, Any]:
    amounts = {str(year): amount for year, amount in lever.amounts.items()}
    return {"lever": lever.kind, "title": dict(lever.title), "amounts": amounts, "source": lever.source}
