"""Which value of a figure of the law fits a budget: a scenario is costed again and again with the figure changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from ..errors import InputError, nearest
from ..law.law import Law
from ..money import CONTEXT
from ..projection.scenarios import read_scenarios
from .costing import check_schemes
from .evaluation import Evaluator
from .model import Line
from .scenarios import Runner
from .seeking import Found, seek

Of = Literal["gdp", "expenditure", "money"]
Measure = Literal["gross", "net"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is sought. budget: money a year, or a share of `of`; the cost that must fit is that of `schemes` (the parameter's own where empty)
    in `year`. The value holds from `since`, by default 1 January of the year."""

    parameter: str
    budget: Decimal
    of: Of
    year: int
    low: Decimal
    high: Decimal
    step: Decimal
    measure: Measure = "gross"
    schemes: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What was found: the value, what it costs, the budget and GDP in the currency, the schemes' lines with it, and the overlay that enacts it."""

    value: Decimal
    cost: Decimal
    budget: Decimal
    gdp: Decimal
    evaluations: int
    lines: tuple[Line, ...]
    overlay: dict[str, object]


def seek_parameter(folder: str | Path, law: Law, scenario: str, wanted: Wanted, *, data_root: str | Path | None = None) -> Goal:
    """The value of a parameter that comes nearest to a budget without exceeding it, in a scenario of the country.

    The cost must rise or fall with the value throughout. Raises Problems for faulty files; InputError A002, A022 (no such parameter, or
    not one single number), A023 (year out of range), A020, A021.
    """
    scenarios = read_scenarios(folder, law, data_root=data_root)
    if scenario not in scenarios:
        raise InputError("A002", f"there is no scenario {scenario!r}", hint=nearest(scenario, list(scenarios)) or "write one into scenarios/")
    with Evaluator.open() as evaluator:
        runner = Runner(Path(folder), law, scenarios[scenario], data_root, None, evaluator)
        if wanted.year not in runner.outlook.years:
            years = runner.outlook.years
            raise InputError("A023", f"{wanted.year} is not projected", hint=f"the years are {years[0]} to {years[-1]}")
        owner = _owner(runner.law, wanted.parameter)
        runner.schemes = check_schemes(runner.law, wanted.schemes or ([owner] if owner != "concepts" else runner.schemes))
        account = runner.account(wanted.year)
        budget = budget_of(wanted, account.gdp, account.expenditure)
        tried: dict[Decimal, tuple[Line, ...]] = {}

        def cost(value: Decimal) -> Decimal:
            other = runner.with_law(overlay_of(wanted, value))
            lines, _ = other.lines(other.outlook, other.assumptions, [wanted.year])
            tried[value] = tuple(lines)
            return cost_of(lines, wanted.measure)

        found: Found = seek(cost, budget, wanted.low, wanted.high, wanted.step)
    return Goal(found.value, found.result, budget, account.gdp, found.evaluations, tried[found.value], overlay_of(wanted, found.value))


def budget_of(wanted: Wanted, gdp: Decimal, expenditure: Decimal) -> Decimal:
    """The budget as money of the year."""
    whole = {"gdp": gdp, "expenditure": expenditure, "money": Decimal(1)}[wanted.of]
    return CONTEXT.multiply(wanted.budget, whole)


def cost_of(lines: Sequence[Line], measure: Measure) -> Decimal:
    """Gross expenditure, or net of contributions, of these lines."""
    return sum((line.gross if measure == "gross" else line.net for line in lines), Decimal(0))


def overlay_of(wanted: Wanted, value: Decimal) -> dict[str, object]:
    """The reform that gives the parameter the value."""
    owner, _, name = wanted.parameter.partition(".")
    since = wanted.since or date(wanted.year, 1, 1)
    changed = {"parameters": {name: {"values": {since.isoformat(): value}, "source": "sought for a budget"}}}
    return {"overlay": "sought", "title": {"en": "Sought for a budget", "fr": "Cherché pour un budget"}} | (
        {"concepts": changed} if owner == "concepts" else {"schemes": {owner: changed}}
    )


def _owner(law: Law, parameter: str) -> str:
    """The scheme (or `concepts`) that the parameter belongs to."""
    owner, _, name = parameter.partition(".")
    owners = {**law.schemes, "concepts": law.concepts}
    known = [f"{scheme}.{each}" for scheme, its in owners.items() for each, found in its.parameters.items() if found.shape == "scalar"]
    if parameter not in known:
        shape = owners[owner].parameters[name].shape if owner in owners and name in owners[owner].parameters else ""
        what = f"{parameter} is a {shape}, not one number" if shape else f"the law has no parameter {parameter!r}"
        raise InputError("A022", what, hint=nearest(parameter, known))
    if owners[owner].parameters[name].type not in ("integer", "decimal"):
        raise InputError("A022", f"{parameter} is not a number", hint="only a number can be sought")
    return owner
