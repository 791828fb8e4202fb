"""The social budget: what all schemes spend and receive beside the general government account, the gap, and the levers that close it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Literal

from ..errors import InputError
from ..money import CONTEXT
from .model import Account, BudgetYear, Lever, Line, ScenarioResult, Titles

NOTHING = Decimal(0)


def social_budget(
    lines: Sequence[Line],
    accounts: Sequence[Account],
    offsets: Mapping[int, Decimal] | None = None,
    levers: Sequence[Lever] = (),
    already: Mapping[int, Decimal] | None = None,
) -> tuple[BudgetYear, ...]:
    """One entry for each year of the accounts. All amounts are a year's, in the currency.

    gap = gross expenditure − contributions − what is `already` financed (see `financed`) − spending that the scenario replaces (`offsets`); a
    negative gap is a surplus. remaining = gap − the levers' amounts. Raises InputError A010 where lines and accounts are not of the same years.
    """
    years = {account.year for account in accounts}
    offsets, already = offsets or {}, already or {}
    stray = sorted({line.year for line in lines} - years)
    if stray:
        raise InputError("A010", f"no economy is given for {stray[0]}", hint="extend the horizon of the assumptions")
    with localcontext(CONTEXT):
        by_year = {account: [line for line in lines if line.year == account.year] for account in accounts}
        return tuple(_year(account, found, offsets, levers, already.get(account.year, NOTHING)) for account, found in by_year.items())


def financed(lines: Sequence[Line], baseline: Sequence[Line]) -> dict[int, Decimal]:
    """What the government's account already pays, by year: the baseline's net cost of the schemes that the scenario costs too.

    Schemes that only the baseline costs are left out: their cost is not saved because a scenario does not look at them.
    """
    schemes = {line.scheme for line in lines}
    kept: dict[int, list[Line]] = {line.year: [] for line in lines}
    for line in baseline:
        if line.scheme in schemes and line.year in kept:
            kept[line.year].append(line)
    with localcontext(CONTEXT):  # added up as the budget does: a scenario against itself needs nothing, to the last digit
        return {year: _total(found, "gross") - _total(found, "contributed") for year, found in kept.items()}


def _total(lines: Sequence[Line], measure: Literal["gross", "contributed"]) -> Decimal:
    return sum((getattr(line, measure) for line in lines), NOTHING)


def against(result: ScenarioResult, name: str, title: Titles, baseline: Sequence[Line]) -> ScenarioResult:
    """The result with a budget that counts the net cost of a baseline (its name, title and lines) as already financed."""
    offsets = {year.year: year.offset for year in result.budget}
    budget = social_budget(result.lines, result.accounts, offsets, result.levers, financed(result.lines, baseline))
    return replace(result, budget=budget, baseline=name, baseline_title=title)


def _year(account: Account, lines: Sequence[Line], offsets: Mapping[int, Decimal], levers: Sequence[Lever], already: Decimal) -> BudgetYear:
    gross, contributions = _total(lines, "gross"), _total(lines, "contributed")
    offset = offsets.get(account.year, NOTHING)
    gap = gross - contributions - already - offset
    raised = sum((lever.amounts.get(account.year, NOTHING) for lever in levers), NOTHING)
    return BudgetYear(
        year=account.year,
        gross=gross,
        contributions=contributions,
        offset=offset,
        gap=gap,
        levers=raised,
        remaining=gap - raised,
        share_of_gdp=CONTEXT.divide(gross, account.gdp),
        share_of_expenditure=CONTEXT.divide(gross, account.expenditure),
        already=already,
    )


def closing_mix(gap: Decimal, levers: Sequence[Lever], year: int) -> tuple[tuple[tuple[str, Decimal], ...], Decimal]:
    """How much of each lever a year's gap takes, in the order in which they are given, and what remains open.

    A lever is used up to its amount of the year; a surplus takes nothing.
    """
    open_gap, used = max(gap, NOTHING), []
    for lever in levers:
        taken = min(open_gap, max(lever.amounts.get(year, NOTHING), NOTHING))
        used.append((lever.kind, taken))
        open_gap -= taken
    return tuple(used), open_gap
