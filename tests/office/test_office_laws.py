"""From the registry to the law: one household, the whole registry, and what `socle explain` says of the same people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from made_registry import NOW, load_people, registrable

from opensocle.engine.deciding import Decider
from opensocle.engine.facts import known_facts
from opensocle.law.law import Law, load
from opensocle.office.access.rules import Scope
from opensocle.office.audit.services import act
from opensocle.office.laws.batch import run_registry
from opensocle.office.laws.deciding import decide_facts, rights_of
from opensocle.office.laws.registry import household_facts
from opensocle.office.laws.services import read_texts
from opensocle.office.laws.tables import registry_population
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
    by_batch = {row["person_id"]: row for row in batch.table("person").to_pylist()}
    homes_by_batch = {row["household_id"]: row for row in batch.table("household").to_pylist()}
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


# --- what the registry says on a day


@pytest.fixture
def family(areas: dict[str, Area]) -> dict[str, Any]:
    """A mother with a child in a household of d01."""
    with act("test.family", by=None):
        home = Household.plain.create(area=areas["d01"], district=areas["d01"], since=date(2020, 1, 1))
        mother = Person.plain.create(given_name="Awa", sex="female", birth_date=date(1990, 5, 1), area=areas["d01"], district=areas["d01"])
        child = Person.plain.create(given_name="Sira", birth_date=date(2023, 8, 1), area=areas["d01"], district=areas["d01"])
        Membership.objects.create(person=mother, household=home, relationship="head", since=date(2020, 1, 1))
        Membership.objects.create(person=child, household=home, relationship="child", since=date(2023, 8, 1))
    return {"home": home, "mother": mother, "child": child}


def fact(of: Person | Household, name: str, value: str, since: date | None = None, until: date | None = None, **more: Any) -> Fact:
    with act("test.fact", by=None):
        who = {"person": of} if isinstance(of, Person) else {"household": of}
        return Fact.objects.create(**who, name=name, value=value, since=since, until=until, **{"recorded": datetime(2026, 1, 5, tzinfo=UTC), **more})


def test_columns_and_dated_facts_become_facts_of_the_vocabulary_on_the_day(law: Law, family: dict[str, Any]) -> None:
    mother, child, home = family["mother"], family["child"], family["home"]
    fact(mother, "earnings", "250.50", since=date(2025, 1, 1), until=date(2026, 3, 1))
    fact(mother, "earnings", "300", since=date(2026, 3, 1))
    fact(mother, "works_at_night", "true")  # no word of this law
    fact(mother, "labour_status", "astronaut")  # no code of this law
    fact(child, "mother_id", mother.reference)
    fact(child, "marriage_date", "")  # there is none
    fact(home, "rooms", "2")
    facts = household_facts(mother, MARCH, law=law)
    assert facts["household"] == {"region": "north", "district": "d01", "rooms": 2, "household_id": home.reference}
    assert facts["members"][mother.reference] == {
        "person_id": mother.reference, "household_id": home.reference, "birth_date": date(1990, 5, 1), "death_date": None, "sex": "female",
        "region": "north", "district": "d01", "relationship_to_head": "head", "earnings": Decimal(300),
    }  # fmt: skip
    assert facts["members"][child.reference]["mother_id"] == mother.reference
    assert facts["members"][child.reference]["marriage_date"] is None and "sex" not in facts["members"][child.reference]
    assert household_facts(home, Month(2026, 2), law=law)["members"][mother.reference]["earnings"] == Decimal("250.50")


def test_a_fact_is_as_it_was_known_at_the_time(law: Law, family: dict[str, Any]) -> None:
    mother = family["mother"]
    fact(mother, "earnings", "100", withdrawn=datetime(2026, 2, 1, tzinfo=UTC))
    fact(mother, "earnings", "900", recorded=datetime(2026, 2, 1, tzinfo=UTC))
    then = household_facts(mother, MARCH, law=law, known=datetime(2026, 1, 20, tzinfo=UTC))
    assert then["members"][mother.reference]["earnings"] == 100
    assert household_facts(mother, MARCH, law=law)["members"][mother.reference]["earnings"] == 900
    for known, earnings in ((datetime(2026, 1, 20, tzinfo=UTC), 100), (None, 900)):
        rows = registry_population(law, MARCH, known=known).tables["persons"].data.to_pylist()
        assert next(row["earnings"] for row in rows if row["person_id"] == mother.reference) == earnings


def test_of_two_facts_of_one_day_the_one_recorded_last_holds(law: Law, family: dict[str, Any]) -> None:
    mother = family["mother"]
    for value in ("100", "900", "500"):
        fact(mother, "earnings", value)
    fact(mother, "works", "true")
    fact(family["home"], "rooms", "1")
    fact(family["home"], "rooms", "4")
    facts = household_facts(mother, MARCH, law=law)
    assert facts["members"][mother.reference]["earnings"] == 500 and facts["household"]["rooms"] == 4
    tables = registry_population(law, MARCH).tables
    row = next(row for row in tables["persons"].data.to_pylist() if row["person_id"] == mother.reference)
    assert (row["earnings"], row["works"]) == (500, True) and tables["households"].data.to_pylist()[0]["rooms"] == 4


def test_who_joins_a_household_later_in_the_month_and_had_none_is_in_it_and_who_moves_stays_where_she_was(
    law: Law, family: dict[str, Any], areas: dict[str, Area]
) -> None:
    with act("test.move", by=None):
        other = Household.plain.create(area=areas["d02"], district=areas["d02"], since=date(2026, 3, 10))
        newcomer = Person.plain.create(given_name="Fanta", area=areas["d02"], district=areas["d02"])
        Membership.objects.create(person=newcomer, household=other, relationship="head", since=date(2026, 3, 10))
        Membership.objects.filter(person=family["child"]).update(until=date(2026, 3, 15))
        Membership.objects.create(person=family["child"], household=other, relationship="child", since=date(2026, 3, 15))
    march, april = (household_facts(newcomer, month, law=law) for month in (MARCH, Month(2026, 4)))
    assert list(march["members"]) == [newcomer.reference] and march["household"]["household_id"] == other.reference
    assert list(april["members"]) == [family["child"].reference, newcomer.reference]
    assert household_facts(newcomer, Month(2026, 2), law=law)["household"] is None
    for month in (Month(2026, 2), MARCH, Month(2026, 4)):
        population = registry_population(law, month)
        lives = {row["person_id"]: row["household_id"] for row in population.tables["persons"].data.to_pylist()}
        for person in (family["mother"], family["child"], newcomer):
            home = household_facts(person, month, law=law)["household"]
            assert lives[person.reference] == (home and home["household_id"])


def test_in_a_kept_register_no_row_means_none_and_elsewhere_it_is_unknown(law: Law, family: dict[str, Any]) -> None:
    mother = family["mother"]
    with act("test.record", by=None):
        for amount in ("100", "120"):  # the month stands twice: the row recorded last holds
            Record.objects.create(
                person=mother,
                table="contributions",
                start=date(2025, 7, 1),
                values={"earnings": amount, "paid": "true"},
                recorded=NOW,
            )
    facts = household_facts(mother, MARCH, law=law, registers=["contributions", "events"])
    assert facts["contributions"] == {
        mother.reference: [{"earnings": Decimal(120), "paid": True, "month": Month(2025, 7)}],
        family["child"].reference: [],
    }
    assert facts["events"] == {mother.reference: [], family["child"].reference: []}
    assert "residence" not in facts and "contributions" not in household_facts(mother, MARCH, law=law)
    population = registry_population(law, MARCH, registers=["contributions", "events"])
    assert sorted(population.tables) == ["contributions", "events", "households", "persons"]
    assert [(row["person_id"], row["month"], row["earnings"]) for row in population.tables["contributions"].data.to_pylist()] == [
        (mother.reference, date(2025, 7, 1), Decimal(120))
    ]


def test_a_household_is_read_in_at_most_eight_queries_whatever_its_size(law: Law, made: Population) -> None:
    load_people(made, law)
    counts = set()
    for person in Person.objects.everyone().filter(memberships__isnull=False)[:40]:
        with CaptureQueriesContext(connection) as queries:
            household_facts(person, MARCH, law=law, registers=HISTORIES)
        counts.add(len(queries))
    assert len(counts) == 1 and counts.pop() <= 8


def test_the_registry_of_some_districts_has_their_households_whole(law: Law, made: Population) -> None:
    load_people(made, law)
    one = Area.objects.get(code="d04")
    population = registry_population(law, MARCH, scope=Scope(frozenset({one.pk})))
    rows = population.tables["persons"].data.to_pylist()
    homes = Household.plain.filter(district=one)
    alone = Person.plain.filter(district=one, memberships__isnull=True)
    assert {row["person_id"] for row in rows} == {
        *Person.plain.filter(memberships__household__in=homes).values_list("reference", flat=True), *alone.values_list("reference", flat=True)
    }  # fmt: skip
    assert {row["office_district"] for row in rows} == {"d04"}
    assert population.tables["households"].rows == homes.filter(memberships__isnull=False).distinct().count()
    assert registry_population(law, MARCH, scope=Scope(frozenset())).tables["persons"].rows == 0


def test_schemes_that_look_at_facts_on_the_last_day_are_decided_on_facts_of_that_day(family: dict[str, Any]) -> None:
    texts = read_texts(Path(__file__).parents[2] / "src/opensocle/countries/exemplia")
    grant = texts["schemes/child_grant.yaml"].replace("paid: monthly", "paid: monthly\nas_of: last_day")
    law = load({**texts, "schemes/child_grant.yaml": grant})
    child = family["child"].reference
    fact(family["child"], "residence_status", "abroad", until=date(2026, 3, 20))
    fact(family["child"], "residence_status", "usual_resident", since=date(2026, 3, 20))
    rights = rights_of(family["child"], MARCH, law=law)
    outcomes = {verdict.scheme: verdict.outcome for verdict in rights.verdicts if verdict.subject == child}
    assert outcomes["child_grant"] == "entitled" and outcomes["social_pension"] == "not_entitled"
    assert sorted(rights.facts) == [date(2026, 3, 1), date(2026, 3, 31)]
    assert {facts["members"][child]["residence_status"] for facts in rights.facts.values()} == {"abroad", "usual_resident"}
    row = next(row for row in run_registry(law, MARCH).table("person").to_pylist() if row["person_id"] == child)
    assert row["child_grant.benefit"] == 30 and row["social_pension.eligible"] is False
