"""One text of the law, one answer: at the counter, in the batch over the registry, and by the engine on the people's own files, for everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from made_registry import NOW, load_country
from pytest_django import Settings

from opensocle import country_folder
from opensocle.law.law import Law, load
from opensocle.office.demo.filling import ON, SINCE
from opensocle.office.demo.people import Wanted, take_over
from opensocle.office.demo.same import compare
from opensocle.office.laws.batch import run_registry
from opensocle.office.laws.deciding import decide_for
from opensocle.office.laws.models import InForce
from opensocle.office.laws.services import install_law
from opensocle.office.people.models import Fact, Membership, Person
from opensocle.office.people.services import change_head, record_death, record_fact
from opensocle.periods import Month
from opensocle.population.people import make_people
from opensocle.population.tables import Population
from opensocle.vocabulary.model import HISTORIES

pytestmark = pytest.mark.django_db
FEBRUARY = Month(2026, 2)
MONTHS = (Month(2026, 1), Month(2026, 3))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """600 people of Exemplia, with unknown facts among them."""
    return make_people(tmp_path_factory.mktemp("same") / "people", persons=600, seed=7, unknowns=0.05)


@pytest.fixture
def law(made: Path, settings: Settings) -> Law:
    """Exemplia's law, on a registry into which these people were imported."""
    settings.PLACE = replace(settings.PLACE, registers=HISTORIES)
    load_country()
    law = load(country_folder("exemplia"))
    installed = install_law(country_folder("exemplia"), by=None, on=SINCE)
    InForce.objects.create(law=installed, since=SINCE, approved=NOW)
    done = take_over(Wanted(made, law, SINCE, ON), by=None)
    assert done.report.tables["persons"].accepted == 600
    return law


@pytest.mark.parametrize("month", MONTHS, ids=str)
def test_the_counter_the_batch_and_socle_explain_say_the_same_of_everybody_to_the_cent(made: Path, law: Law, month: Month) -> None:
    found = compare(Population.open(made), law, month)
    assert found.wrong == [] and found.differences == found.left_out == 0
    assert found.persons == 600 and found.values > 600 * 20 and found.given > 400


def test_a_widowed_spouse_has_60_percent_of_the_pension_after_the_death_was_recorded_at_the_counter(law: Law) -> None:
    """Social Insurance Act of Exemplia, art. 83(1) as amended in 2025. Who has died lives in no household, and the law still finds her there."""
    awarded = Fact.objects.filter(name="pension_reference_earnings").exclude(value="").values("person")
    heads = Membership.objects.filter(relationship="head", until__isnull=True, person__in=awarded, household__memberships__relationship="spouse")
    place = heads.exclude(household__memberships__in=Membership.objects.filter(relationship="spouse", person__in=awarded)).order_by("pk")[0]
    head, home = Person.plain.get(pk=place.person_id), place.household
    spouse = Person.plain.get(memberships__household=home, memberships__relationship="spouse")
    before = decide_for(head, "old_age_pension", FEBRUARY)
    change_head(by=None, on=ON, household=home, head=spouse, since=date(2026, 1, 5))
    record_death(by=None, on=ON, person=head, died=date(2026, 1, 10))
    record_fact(by=None, on=ON, about=spouse, name="marital_status", value="widowed", since=date(2026, 1, 10))
    after = decide_for(spouse, "survivors_pension", FEBRUARY)
    pension = Decimal(before.results["old_age_pension.benefit"])
    assert pension > 0 and Decimal(after.results["survivors_pension.benefit"]) == (pension * Decimal("0.6")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    row = next(row for row in run_registry(law, FEBRUARY).table("person").to_pylist() if row["person_id"] == spouse.reference)
    assert row["survivors_pension.benefit"] == Decimal(after.results["survivors_pension.benefit"])
