"""What each household lives on: terms summed over its members, adult equivalents, and welfare before and after transfers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .battery import Columns
from .facts import Facts
from .measured import Array
from .settings import Line, Scale, Settings, Term, term
from .transfers import Received

DIGITS = 6
"""Decimals to which money is kept after sums of numbers that are not exact, so that who is level stays level."""
OECD = Scale("weights", 1.0, 0.5, 0.3, 14)


def resources(settings: Settings, facts: Facts) -> Array:
    """Each household's welfare as the survey has it, in the period's money; NaN where a term of a member is unknown."""
    return added_terms(settings, facts, settings.welfare.persons, settings.welfare.households)


def added_terms(settings: Settings, facts: Facts, persons: Sequence[Term], households: Sequence[Term]) -> Array:
    """Terms of persons, summed over the members, and terms of households; NaN where one is unknown, unless the study takes that for nothing."""
    parts = [facts.numbers(one, "persons") for one in persons]
    own = [facts.numbers(one, "households") for one in households]
    if settings.welfare.missing == "zero":
        parts, own = [np.nan_to_num(part) for part in parts], [np.nan_to_num(part) for part in own]
    together = facts.homes.of_all if settings.scale.kind == "given" else facts.homes.add
    return np.sum([np.zeros(facts.homes.count), *(together(part) for part in parts), *own], axis=0)


def equivalents(scale: Scale, facts: Facts) -> Array:
    """Adult equivalents of each household: counted members; NaN where the scale needs an age that is unknown, or nobody is counted."""
    homes = facts.homes
    members = homes.add(np.ones(len(homes.of)))
    if scale.kind == "given":
        found = np.ones(homes.count)
    elif scale.kind == "per_capita":
        found = members.copy()
    elif scale.kind == "square_root":
        found = np.sqrt(members)
    else:
        weights = OECD if scale.kind == "oecd_modified" else scale
        age = facts.numbers(term("age"), "persons")
        adults = homes.add(np.where(np.isnan(age), np.nan, (age >= weights.child_age).astype(float)))
        others = np.maximum(adults - 1, 0)
        children = members - np.maximum(adults, 1)
        found = weights.adult + weights.other_adult * others + weights.child * children
    return np.where(members > 0, found, np.nan)


def columns(settings: Settings, facts: Facts, base: Array, said: Mapping[str, Array], scenarios: Mapping[str, Received]) -> Columns:
    """What is measured, by household: see `battery.Columns`. base: the survey's resources; said: reported transfers; scenarios: `current`, reforms.

    Before transfers = resources less the reported transfers that they include, plus transfers counted as income; in a scenario = that plus its
    transfers, less workers' contributions where the study takes them off.
    """
    scale = equivalents(settings.scale, facts)
    members = facts.homes.add(np.ones(len(facts.homes.of)))
    heads = np.ones(len(members)) if settings.scale.kind == "given" else np.where(members > 0, members, np.nan)
    market = base - sum((said[name] for name in settings.welfare.includes), np.zeros(len(base)))
    income = [transfer.name for transfer in settings.transfers if transfer.counted == "income"]
    counted = [transfer.name for transfer in settings.transfers if transfer.counted != "no"]
    market = np.round(market, DIGITS)
    start = np.round(market + scenarios["current"].all(income), DIGITS)
    if settings.welfare.floor is not None:
        start = np.where(start < settings.welfare.floor, settings.welfare.floor, start)
    welfare, transfers, money, net = {"none": start / scale}, {}, {}, {}
    for name, got in scenarios.items():
        whole = _after(settings, market + got.all(counted) - got.contributions)
        welfare[name] = whole / scale
        transfers[name] = {one: amount / scale for one, amount in got.amounts.items()}
        money[name] = {one: amount / heads for one, amount in got.amounts.items()}
        net[name] = (got.all(counted) - got.contributions) / heads
    return Columns(
        welfare, transfers, money, net, scale / heads, settings.lines, [name for name in scenarios if name != "current"], settings.quantiles
    )


def _after(settings: Settings, welfare: Array) -> Array:
    floor = settings.welfare.floor
    welfare = np.round(welfare, DIGITS)
    return welfare if floor is None else np.where(welfare < floor, floor, welfare)


def lines_at(settings: Settings, facts: Facts) -> tuple[Line, ...]:
    """The lines with the law's parameters in force as amounts of the period."""
    from dataclasses import replace
    from decimal import Decimal

    from ...errors import LawError
    from ...law.parameters import value_on

    made = []
    for line in settings.lines:
        if not line.parameter:
            made.append(line)
            continue
        parameter = facts.law.concepts.parameters[line.parameter]
        found = value_on(parameter, facts.month.first_day).value
        if not isinstance(found, Decimal):
            raise LawError("A076", f"the parameter {line.parameter!r} is no amount in {facts.month}", hint="take one that is a single amount")
        made.append(replace(line, value=float(found) * (12 if settings.welfare.period == "year" else 1), source=line.source or parameter.source))
    return tuple(made)
