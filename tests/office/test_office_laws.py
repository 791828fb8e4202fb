"""From the registry to the law: one household, the whole registry, and what `socle explain` says of the same people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from made_registry import load_people, registrable

from opensocle.engine.deciding import Decider
from opensocle.engine.facts import known_facts
from opensocle.law.law import Law, load
from opensocle.office.audit.services import act
from opensocle.office.laws.batch import run_registry
from opensocle.office.laws.deciding import decide_facts
from opensocle.office.laws.registry import household_facts
from opensocle.office.people.models import Fact, Household, Membership, Person, Record
from opensocle.office.places.models import Area
from opensocle.periods import Month
from opensocle.population.households import households
from opensocle.population.people import make_people
from opensocle.population.tables import Population
from opensocle.vocabulary.model import HISTORIES

pytestmark = pytest.mark.django_db

MARCH = Month(2026, 3)
DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def law() -> Law:
    return load(Path(__file__).parents[2] / "src/opensocle/countries/exemplia")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Population:
    """600 people of Exemplia on 1 March 2026, with unknown facts among them."""
    return Population.open(make_people(tmp_path_factory.mktemp("made") / "people", persons=600, seed=5, date=DAY, unknowns=0.05))


def results(law: Law, facts: dict[str, Any]) -> dict[Any, dict[str, Any]]:
    return {subject: dict(values) for subject, values in decide_facts(Decider(law, MARCH), facts).values.items()}


def test_the_counter_the_batch_and_the_engine_agree_for_everybody_and_every_scheme(law: Law, made: Population) -> None:
    names = load_people(made, law)
    batch = run_registry(law, MARCH, registers=HISTORIES)
    by_batch = {row["person_id"]: row for row in batch.tables["person"].to_pylist()}
    homes_by_batch = {row["household_id"]: row for row in batch.tables["household"].to_pylist()}
    assert len(by_batch) == batch.persons == len(names) == 600
    decider, compared, given = Decider(law, MARCH), 0, 0
    for home in {id(home): home for home in households(made, list(names), law.vocabulary)}.values():
        expected = decider.decide(registrable(known_facts(law, home))).values
        first = Person.objects.everyone().get(reference=names[next(iter(home["members"]))])
        facts = household_facts(first, MARCH, law=law, registers=HISTORIES)
        found = results(law, facts)
        for subject, values in expected.items():
            name = "household" if subject == "household" else names[subject]
            assert found[name] == values, name
            row = homes_by_batch[facts["household"]["household_id"]] if subject == "household" else by_batch[name]
            for variable, value in values.items():
                assert row[variable] == value, (name, variable)
                compared += 1
                given += bool(value)
    assert compared > 600 * 20 and given > 500
