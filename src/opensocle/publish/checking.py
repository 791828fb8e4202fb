"""Whether a costing holds together, before it is published: every problem, not only the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from ..analysis.model import BudgetYear, Costing, ScenarioResult
from ..errors import InputError, Problems
from . import figures

TOLERANCE = Decimal("1e-9")


def check(costing: Costing) -> list[InputError]:
    """Every way in which the costing contradicts itself."""
    found = [InputError("U070", "the costing has no scenario")] if not costing.scenarios else []
    if list(costing.years) != sorted(set(costing.years)) or not costing.years:
        found.append(InputError("U070", "the years of the costing do not rise", hint="years rise by one and stand once"))
    for name, count in Counter(result.name for result in costing.scenarios).items():
        if count > 1:
            found.append(InputError("U070", f"the scenario {name!r} stands {count} times"))
    for title, count in Counter(tuple(sorted(result.title.items())) for result in costing.scenarios).items():
        if count > 1:
            found.append(InputError("U070", f"{count} scenarios have the title {dict(title)!r}", hint="readers could not tell them apart"))
    for result in costing.scenarios:
        found.extend(_lines(costing, result))
        found.extend(_years(costing, result))
    return found


def checked(costing: Costing) -> Costing:
    """The costing. Raises Problems."""
    found = check(costing)
    if found:
        raise Problems(found)
    return costing


def _lines(costing: Costing, result: ScenarioResult) -> Iterator[InputError]:
    known, years = {label.name for label in costing.schemes}, set(costing.years)
    for (scheme, year), count in Counter((line.scheme, line.year) for line in result.lines).items():
        at = f"{result.name}.{scheme}, {year}"
        if count > 1:
            yield InputError("U071", f"{count} lines of the same scheme and year", at=at)
        if scheme not in known:
            yield InputError("U071", f"the scheme {scheme!r} has no label", at=at)
        if year not in years:
            yield InputError("U071", "the year is not one of the costing's", at=at)
    for line in result.lines:
        at = f"{result.name}.{line.scheme}, {line.year}"
        if line.paid and not line.entitled:
            yield InputError("U072", f"{line.paid} persons are paid and none is entitled", at=at)
    for path, count in Counter(item.path for item in result.assumptions).items():
        if count > 1:
            yield InputError("U071", f"the assumption {path!r} stands {count} times", at=result.name)


def _years(costing: Costing, result: ScenarioResult) -> Iterator[InputError]:
    accounts, budgets = figures.accounts(result), figures.budgets(result)
    counted = counted_payers(result)
    for people in result.people:
        if people.year in accounts and not near(people.total, accounts[people.year].population):
            what = f"the people by age are {people.total}, the population {accounts[people.year].population}"
            yield InputError("U073", what, at=f"{result.name}, {people.year}")
    if counted is None:
        yield InputError("U073", "the contributions of the budget are not those of the schemes", at=result.name)
    for year in costing.years:
        at = f"{result.name}, {year}"
        if year not in accounts or year not in budgets:
            yield InputError("U073", "the year has no account or no budget", at=at)
            continue
        budget, account = budgets[year], accounts[year]
        gross = figures.total(line.gross for line in result.lines if line.year == year)
        levers = figures.total(lever.amounts.get(year, figures.ZERO) for lever in result.levers)
        for what, said, sums in (
            ("gross expenditure", budget.gross, gross),
            ("the gap", budget.gap, budget.net - budget.already - budget.offset),
            ("levers", budget.levers, levers),
            ("what remains", budget.remaining, budget.gap - budget.levers),
            ("the share of GDP", budget.share_of_gdp, figures.ratio(gross, account.gdp) or figures.ZERO),
            ("the share of public expenditure", budget.share_of_expenditure, figures.ratio(gross, account.expenditure) or figures.ZERO),
        ):
            if not near(said, sums):
                yield InputError("U073", f"{what}: the budget says {said}, its parts give {sums}", at=at)


def near(said: Decimal, sums: Decimal) -> bool:
    """Equal but for rounding: to 1e-9 of the amount, or to 1e-9."""
    return abs(said - sums) <= TOLERANCE * max(Decimal(1), abs(sums))


def counted_payers(result: ScenarioResult) -> frozenset[str] | None:
    """Whose contributions the budget counts: everybody's, or everybody's but the State's; None where neither adds up."""
    every = frozenset(figures.payers(result))
    for payers in (every, every - {"state"}):
        if all(near(year.contributions, _received(result, year, payers)) for year in result.budget):
            return payers
    return None


def _received(result: ScenarioResult, year: BudgetYear, payers: frozenset[str]) -> Decimal:
    return figures.total(amount for line in result.lines if line.year == year.year for payer, amount in line.contributions.items() if payer in payers)
