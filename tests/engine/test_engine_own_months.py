"""People of many months in one run, each with a month of their own, get what a run for each month gives them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from random_people import make_population

import opensocle.analysis.stacking
from opensocle.analysis.evaluation import Evaluator, Totals
from opensocle.analysis.stacking import groups
from opensocle.engine.planning import reserved_outputs
from opensocle.law.law import Law, load
from opensocle.law.parameters import Indices
from opensocle.periods import Month
from opensocle.population.tables import Population, Table

COUNTRIES = Path(__file__).parents[2] / "src/opensocle/countries"
REAL = ("argentina", "cabo_verde", "cambodia", "exemplia", "india", "jordan", "mozambique", "rwanda", "thailand", "togo", "viet_nam")
WITH_CLAIMS = ("cambodia", "exemplia", "india", "jordan", "rwanda", "togo", "viet_nam")
MONTHS = tuple(map(Month.parse, ("2024-02", "2025-01", "2026-01", "2026-07", "2027-01", "2029-02", "2033-04")))


def levels(law: Law) -> Indices:
    """Every series that a parameter follows, 3.1 % more a year."""
    owners = (law.concepts, *law.schemes.values())
    names = {parameter.index.by for owner in owners for parameter in owner.parameters.values() if parameter.index}
    rising = {date(2010 + at, 1, 1): Decimal("1.031") ** at for at in range(30)}
    return dict.fromkeys(names, rising)


def both_ways(law: Law, people: list[tuple[Month, Population]], claims: bool, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Totals], list[Totals]]:
    """The totals of all months together, and of each alone."""
    outputs = [key for key in reserved_outputs(law) if (key[0] in law.events) == claims]
    with Evaluator.open() as evaluator:
        together = evaluator.totals(law, people, outputs, levels(law), claims=claims)
    monkeypatch.setattr(opensocle.analysis.stacking, "MOST", 0)
    with Evaluator.open() as evaluator:
        alone = evaluator.totals(law, people, outputs, levels(law), claims=claims)
    return together, alone


@pytest.mark.parametrize("country", REAL)
def test_a_law_gives_the_same_to_people_of_many_months_together_and_month_by_month(country: str, monkeypatch: pytest.MonkeyPatch) -> None:
    law = load(COUNTRIES / country)
    people = [(month, with_events(make_population(law, 150, seed, [month]), None)) for seed, month in enumerate(MONTHS)]
    assert len(list(groups(people))) == 1
    together, alone = both_ways(law, people, False, monkeypatch)
    assert together == alone
    assert any(total.positive + total.unknown for one in together for total in one.sums.values())


@pytest.mark.parametrize("country", WITH_CLAIMS)
def test_claims_of_many_months_together_get_what_those_of_each_month_get(country: str, monkeypatch: pytest.MonkeyPatch) -> None:
    law = load(COUNTRIES / country)
    people = [(month, one_claim_each(make_population(law, 150, seed, [month]))) for seed, month in enumerate(MONTHS)]
    assert len(list(groups(people))) == 1
    together, alone = both_ways(law, people, True, monkeypatch)
    assert together == alone
    assert any(total.positive for one in together for total in one.sums.values())


def one_claim_each(people: Population) -> Population:
    """The people with one claim of each contingency at most: those of one month."""
    events = people.tables["events"].data
    assert events is not None
    seen: dict[tuple[int, str], int] = {}
    for at, row in enumerate(events.select(["person_id", "contingency"]).to_pylist()):
        seen.setdefault((row["person_id"], row["contingency"]), at)
    return with_events(people, events.take(list(seen.values())))


def with_events(people: Population, events: pa.Table | None) -> Population:
    tables = {name: table for name, table in people.tables.items() if name != "events"}
    tables |= {} if events is None else {"events": Table("events", data=events)}
    return Population(people.kind, people.date, tables, people.currency, people.digits)
