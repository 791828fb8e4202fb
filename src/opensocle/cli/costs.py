"""Costings for the commands that show them: read, calculated, and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import InputError, nearest
from .locating import find_country, load_law
from .progress import Progress
from .reporting import note

if TYPE_CHECKING:
    from ..analysis.grouping import Total
    from ..analysis.model import Account, BudgetYear, Costing, Line, ScenarioResult
    from ..law.law import Law


def costing_of(
    country: str, scenarios: Sequence[str], until: int | None, data_root: str | None, progress: bool = False, sensitivity: bool = False
) -> Costing:
    """The costing of a country's scenarios, all of them unless named. Raises InputError, Problems."""
    from ..analysis.scenarios import cost_country

    law = load_law(country)
    folder = find_country(country)
    wanted = list(scenarios)
    count = len(wanted) or len(list((folder / "scenarios").glob("*.yaml"))) or 1
    with Progress("costing", progress) as bar:
        told = Told(bar, count)
        costing = cost_country(folder, law, wanted or None, data_root=data_root, until=until, sensitivity=sensitivity, progress=told)
        bar(100)
    if not costing.years:
        raise InputError("U050", f"the costing has no year up to {until}", hint="give a later year to --until, or change the assumptions' base_year")
    return costing


class Told:
    """Moves a bar by one each time that a scenario begins."""

    def __init__(self, bar: Progress, count: int) -> None:
        self.bar, self.count, self.done = bar, count, 0

    def __call__(self, name: str) -> None:
        self.bar.of(self.done, self.count)
        self.done += 1


def check_scenario(costing: Costing, name: str) -> ScenarioResult:
    """A scenario of the costing. Raises InputError U051."""
    names = [result.name for result in costing.scenarios]
    if name not in names:
        raise InputError("U051", f"the scenario {name!r} is not costed here", hint=nearest(name, names))
    return costing.scenario(name)


def years_shown(costing: Costing, asked: Sequence[int], most: int = 2) -> list[int]:
    """The years that a table shows: those asked for, or the first and the last. Raises InputError U050."""
    from ..publish.figures import milestones

    wrong = [year for year in asked if year not in costing.years]
    if wrong:
        raise InputError("U050", f"{wrong[0]} is not costed", hint=f"the years are {costing.years[0]} to {costing.years[-1]}")
    if asked:
        return list(asked)
    return milestones(costing.years, most) if most > 2 else sorted({costing.years[0], costing.years[-1]})


def scenarios_of(law: Law, country: str, data_root: str | None) -> dict[str, Any]:
    """The country's scenarios by name. Raises Problems; InputError U051 where there is none."""
    from ..projection.scenarios import read_scenarios

    folder = find_country(country)
    found = read_scenarios(folder, law, data_root=data_root)
    if not found:
        raise InputError("U051", "the country has no scenario", at=str(folder), hint="write one into scenarios/: docs/reference/projection.md")
    return found


def say_notes(costing: Costing) -> None:
    """What could not be costed, once, on stderr."""
    for text in dict.fromkeys(text for result in costing.scenarios for text in result.notes):
        note(f"Note: {text}.")


def line_data(line: Line, account: Account) -> dict[str, Any]:
    """A line as plain data; shares are of gross expenditure."""
    from ..analysis.grouping import share

    return {
        "scheme": line.scheme,
        "year": line.year,
        "population": line.population,
        "entitled": line.entitled,
        "take_up": line.take_up,
        "paid": line.paid,
        "average_benefit": line.average_benefit,
        "benefits": line.benefits,
        "administration": line.administration,
        "gross": line.gross,
        "contributions": dict(line.contributions),
        "net": line.net,
        "share_of_gdp": share(line.gross, account.gdp),
        "share_of_expenditure": share(line.gross, account.expenditure),
        "unknown": line.unknown,
    }


def total_data(total: Total, by: str) -> dict[str, Any]:
    """A total of a group as plain data."""
    return {
        by: total.group,
        "year": total.year,
        "schemes": list(total.schemes),
        "benefits": total.benefits,
        "administration": total.administration,
        "gross": total.gross,
        "contributions": total.contributions,
        "net": total.net,
        "share_of_gdp": total.share_of_gdp,
        "share_of_expenditure": total.share_of_expenditure,
    }


def account_data(account: Account) -> dict[str, Any]:
    """The economy and the government's account of a year."""
    return {
        "year": account.year,
        "population": account.population,
        "gdp": account.gdp,
        "revenue": account.revenue,
        "expenditure": account.expenditure,
        "balance": account.revenue - account.expenditure,
        "social_protection": account.social_protection,
        "consumer_prices": account.consumer_prices,
        "wages": account.wages,
    }


def budget_data(year: BudgetYear) -> dict[str, Any]:
    """A year of the social budget."""
    names = ("year", "gross", "contributions", "net", "already", "offset", "gap", "levers", "remaining", "share_of_gdp", "share_of_expenditure")
    return {name: getattr(year, name) for name in names}


def heading_data(costing: Costing) -> dict[str, Any]:
    """What a costing is of, and what made it."""
    return {
        "country": costing.country,
        "title": dict(costing.title),
        "currency": costing.currency,
        "years": list(costing.years),
        "program": costing.version,
        "data": costing.data_hash or None,
    }


def scenario_data(result: ScenarioResult) -> dict[str, Any]:
    """What a scenario's result is of."""
    return {
        "scenario": result.name,
        "title": dict(result.title),
        "law": result.law_hash,
        "assumptions": result.assumptions_hash,
        "baseline": result.baseline or None,
        "notes": [str(text) for text in result.notes],
    }
