"""A small law and surveys of a few households, whose answers are worked out by hand in the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from opensocle.law.law import Law, load
from opensocle.population.tables import Population

COUNTRY = """
country: XX
title: {en: Small}
currency: {code: XMU, digits: 2}
"""
HEAD = """
title: {{en: {title}}}
branch: {branch}
kind: non_contributory
contingency: {contingency}
unit: {unit}
paid: {paid}
from: 2020-01-01
legal: [{{act: "Act 1"}}]
"""
CHILD = (
    "scheme: child_grant"
    + HEAD.format(title="Child grant", branch="family", contingency="dependent_children", unit="person", paid="monthly")
    + """
parameters:
  amount: {unit: XMU/month, values: {2020-01-01: 30}, source: "Act 1, art. 1"}
  age_limit: {unit: year, values: {2020-01-01: 5}, source: "Act 1, art. 2"}
variables:
  eligible: {type: boolean, formula: age < age_limit, source: "Act 1, art. 2"}
  benefit: {unit: XMU/month, formula: "if(eligible, amount, 0)", source: "Act 1, art. 1"}
"""
)
HEATING = (
    "scheme: heating"
    + HEAD.format(title="Heating", branch="social_assistance", contingency="poverty", unit="household", paid="yearly")
    + """
parameters:
  amount: {unit: XMU/year, values: {2020-01-01: 120, 2025-07-01: 240}, source: "Act 1, art. 3"}
variables:
  eligible: {type: boolean, formula: electricity, source: "Act 1, art. 3"}
  benefit: {unit: XMU/year, formula: "if(eligible, amount, 0)", source: "Act 1, art. 3"}
"""
)
SICKNESS = (
    "scheme: sickness"
    + HEAD.format(title="Sickness", branch="sickness", contingency="sickness", unit="person", paid="per_claim")
    + """
parameters:
  daily: {unit: XMU/day, values: {2020-01-01: 2}, source: "Act 1, art. 4"}
variables:
  eligible: {type: boolean, formula: certified_days > 3, source: "Act 1, art. 4"}
  duration: {unit: day, formula: "if(eligible, certified_days, 0)", source: "Act 1, art. 4"}
  benefit: {unit: XMU/day, formula: "if(eligible, daily, 0)", source: "Act 1, art. 4"}
"""
)


def small_law() -> Law:
    """A child grant of 30 a month under 5, heating of 120 a year where there is electricity, 2 a day in sickness of more than three days."""
    return load({"country.yaml": COUNTRY, "schemes/child_grant.yaml": CHILD, "schemes/heating.yaml": HEATING, "schemes/sickness.yaml": SICKNESS})


Row = Mapping[str, Any]


def survey(law: Law | None, persons: Sequence[Row], households: Sequence[Row] = (), **more: Any) -> Population:
    """A survey of January 2025; every person has weight 1 unless told otherwise."""
    rows = [{"weight": 1, "person_id": number, **row} for number, row in enumerate(persons, 1)]
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [_number(row.get(name)) for row in rows] for name in names}
    homes = None
    if households:
        keys = list(dict.fromkeys(name for row in households for name in row))
        homes = {name: [_number(row.get(name)) for row in households] for name in keys}
    return Population.of(persons=columns, households=homes, kind="survey", date=date(2025, 1, 1), vocabulary=law.vocabulary if law else None, **more)


def _number(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value


BASE: dict[str, object] = {
    "month": "2025-01",
    "welfare": {"persons": ["earnings"]},
    "lines": {"national": {"value": Decimal(50), "source": "the test"}},
    "few": 0,
}
