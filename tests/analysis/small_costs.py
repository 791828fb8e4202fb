"""Small laws and people, costed directly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from opensocle.analysis.costing import YearOfPeople, cost_years
from opensocle.analysis.evaluation import Evaluator
from opensocle.analysis.model import Line
from opensocle.law.law import Law, load
from opensocle.population.tables import Population

COUNTRY = """
country: XE
title: {en: Exemplia, fr: Exemplie}
currency: {code: XMU, digits: 2, title: {en: unit, fr: unité}}
languages: [en, fr]
"""
CHILDREN = "dependent_children"


def law_of(
    variables: str, parameters: str = "{}", *, contingency: str = CHILDREN, paid: str = "monthly", finance: str = "", country: str = COUNTRY,
    since: str = "2000-01-01", name: str = "test",
) -> Law:  # fmt: skip
    """A law of one scheme. variables, parameters: YAML on one line."""
    head = f"""
scheme: {name}
title: {{en: Test, fr: Essai}}
branch: family
kind: non_contributory
contingency: {contingency}
unit: person
paid: {paid}
from: {since}
legal: [{{act: "Act 1", articles: "1"}}]
{f"finance: {finance}" if finance else ""}
parameters: {parameters}
variables: {variables}
"""
    return load({"country.yaml": country, f"schemes/{name}.yaml": head})


def cells(law: Law, rows: list[dict[str, Any]], year: int = 2026, **others: Any) -> Population:
    """People with weights, facts of 1 January."""
    numbered = [{"person_id": at, **row} for at, row in enumerate(rows, 1)]
    return Population.of(persons=numbered, kind="cells", date=date(year, 1, 1), vocabulary=law.vocabulary, **others)


def claims(law: Law, contingency: str, rows: list[dict[str, Any]], year: int = 2026) -> Population:
    """One event for each row: `weight` claims of a person with the row's facts; those in `event` belong to the event."""
    events = [{"person_id": at, "contingency": contingency, "event_date": date(year, 1, 1), **row.get("event", {})} for at, row in enumerate(rows, 1)]
    people = [{name: value for name, value in row.items() if name != "event"} for row in rows]
    return cells(law, people, year, events=events)


def cost(law: Law, people: Population, year: int = 2026, **more: Any) -> Line:
    """The line of the law's only scheme."""
    name = next(iter(law.schemes))
    given = YearOfPeople(year, claims=people) if name in law.events else YearOfPeople(year, cells=people)
    with Evaluator.open() as evaluator:
        (line,), notes = cost_years(law, [given], evaluator, **more)
    assert notes == [], notes
    return line


def always(value: str) -> Any:
    """The same share for every scheme and year."""
    return lambda scheme, year: Decimal(value)
