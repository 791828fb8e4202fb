"""What a transfer costs and reaches where targeting errs: inclusion errors (leakage), exclusion errors, and the cost of administration.

    caseload  = poor × (1 − exclusion) / (1 − leakage)              targeted;  population × coverage for a transfer to all
    fixed cost + cost for each person on the list are paid first:   transfers = budget − fixed − variable × caseload
    benefit   = transfers / caseload                                equal for all
    reduction = benefit × poor persons reached / gap of all poor    at most 1: nobody needs more than the gap

`leakage` is the share of the caseload that is not poor; `exclusion` the share of the poor that is not reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..errors import InputError, Problems
from ..money import CONTEXT

NOTHING, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Need:
    """Who is poor. gap: what a poor person lacks on average, in the currency, in the period that the budget is for."""

    population: Decimal
    poor: Decimal
    gap: Decimal

    @property
    def total_gap(self) -> Decimal:
        """What would lift every poor person to the poverty line."""
        return self.poor * self.gap


@dataclass(frozen=True, slots=True)
class Targeting:
    """How well a transfer is targeted and what that costs. Rates are fractions; amounts in the currency. `universal`: everybody is paid."""

    universal: bool = False
    leakage: Decimal = NOTHING
    exclusion: Decimal = NOTHING
    fixed: Decimal = NOTHING
    variable: Decimal = NOTHING  # for each person on the list


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a budget gives. caseload and reached (poor among them): persons; reduction: share of the gap that is closed."""

    budget: Decimal
    caseload: Decimal
    reached: Decimal
    administration: Decimal
    transfers: Decimal
    benefit: Decimal
    reduction: Decimal

    @property
    def leaked(self) -> Decimal:
        """Transfers to people who are not poor."""
        return self.transfers - CONTEXT.multiply(self.benefit, self.reached)


def spend(need: Need, targeting: Targeting, budget: Decimal) -> Outcome:
    """What a budget gives under a way of targeting. Raises Problems for figures that make no sense (A030), InputError A031 where
    administration takes the whole budget."""
    caseload, reached = _caseload(need, targeting)
    administration = targeting.fixed + CONTEXT.multiply(targeting.variable, caseload)
    transfers = budget - administration
    if transfers < 0:
        raise InputError("A031", f"administration costs {administration:f}, more than the budget of {budget:f}", hint="raise the budget")
    benefit = CONTEXT.divide(transfers, caseload)
    closed = CONTEXT.multiply(min(benefit, need.gap), reached)
    return Outcome(budget, caseload, reached, administration, transfers, benefit, CONTEXT.divide(closed, need.total_gap))


def needed(need: Need, targeting: Targeting, benefit: Decimal | None = None) -> Outcome:
    """What it takes to pay everybody on the list the benefit, by default the gap of a poor person."""
    caseload, _ = _caseload(need, targeting)
    paid = need.gap if benefit is None else benefit
    administration = targeting.fixed + CONTEXT.multiply(targeting.variable, caseload)
    return spend(need, targeting, CONTEXT.multiply(paid, caseload) + administration)


def _caseload(need: Need, targeting: Targeting) -> tuple[Decimal, Decimal]:
    """Persons on the list, and the poor among them."""
    _check(need, targeting)
    reached = CONTEXT.multiply(need.poor, ONE - targeting.exclusion)
    if targeting.universal:
        return CONTEXT.multiply(need.population, ONE - targeting.exclusion), reached
    return CONTEXT.divide(reached, ONE - targeting.leakage), reached


def _check(need: Need, targeting: Targeting) -> None:
    problems = [
        InputError("A030", f"{name} is {value:f}", at=name, hint=hint)
        for name, value, wrong, hint in (
            ("poor", need.poor, not 0 < need.poor <= need.population, "give more than nobody, and no more than the population"),
            ("gap", need.gap, need.gap <= 0, "give what a poor person lacks, above zero"),
            ("leakage", targeting.leakage, not 0 <= targeting.leakage < 1, "give a fraction from 0 to below 1: a third is 0.3333"),
            ("exclusion", targeting.exclusion, not 0 <= targeting.exclusion < 1, "give a fraction from 0 to below 1"),
            ("fixed", targeting.fixed, targeting.fixed < 0, "give an amount"),
            ("variable", targeting.variable, targeting.variable < 0, "give an amount for each person"),
        )
        if wrong
    ]
    if problems:
        raise Problems(problems)
    if not targeting.universal and CONTEXT.divide(need.poor * (ONE - targeting.exclusion), ONE - targeting.leakage) > need.population:
        raise InputError("A030", f"a leakage of {targeting.leakage:f} means more people than there are", at="leakage", hint="lower it")
