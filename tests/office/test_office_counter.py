"""What is told at the counter reaches a person's cases at once: a death ends her rights, a move takes her claims along."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from opensocle.errors import InputError
from opensocle.office.access.models import User
from opensocle.office.audit.models import Entry
from opensocle.office.audit.selectors import verify
from opensocle.office.audit.services import act
from opensocle.office.cases import services as cases
from opensocle.office.cases.models import Appeal, Claim, Decision, Entitlement, Grievance, Letter
from opensocle.office.laws.models import InForce
from opensocle.office.laws.services import install_law
from opensocle.office.people import services
from opensocle.office.people.models import Document, Household, Person
from opensocle.office.people.services import Birth, Names
from opensocle.office.places.models import Area
from opensocle.periods import Month
from opensocle.vocabulary.model import HISTORIES

pytestmark = pytest.mark.django_db
EXEMPLIA = Path(__file__).parents[2] / "src/opensocle/countries/exemplia"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PDF = b"%PDF-1.4\n%%EOF\n"
MakeUser = Callable[..., User]
Areas = dict[str, Area]


@pytest.fixture(autouse=True)
def law(areas: Areas, settings: Settings, tmp_path: Path) -> None:
    settings.PLACE = replace(settings.PLACE, registers=HISTORIES)
    settings.MEDIA_ROOT = tmp_path / "documents"
    installed = install_law(EXEMPLIA, by=None, on=date(2026, 1, 1))
    with act("law.approve", by=None, about=installed):
        InForce.objects.create(law=installed, since=date(2020, 1, 1), approved=NOW)


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def mother(areas: Areas, today: date) -> Person:
    return services.register_person(
        by=None, on=date(2020, 1, 1), area=areas["d01"], names=Names("Awa", "Kone"), birth=Birth(date(1995, 2, 3)), sex="female"
    )


@pytest.fixture
def home(mother: Person, today: date) -> Household:
    return services.make_household(by=None, on=today, head=mother, since=date(2020, 1, 1))


@pytest.fixture
def child(areas: Areas, home: Household, today: date) -> Person:
    """Somebody who has a child grant, and asks for it once more for the month before."""
    born, facts = today - timedelta(days=700), {"residence_status": "usual_resident", "migration_status": "national", "public_pension": "false"}
    made = services.register_person(by=None, on=born, area=areas["d01"], names=Names("Bintou", "Kone"), birth=Birth(born), sex="female", facts=facts)
    services.join_household(by=None, on=today, person=made, household=home, relationship="child", since=born)
    return made


@pytest.fixture
def right(child: Person, user: MakeUser, today: date) -> Entitlement:
    officer = user("caseworker", "d01")
    decision = cases.propose(by=officer, on=today, claim=cases.open_claim(by=officer, on=today, person=child, scheme="child_grant"))
    cases.open_claim(by=officer, on=today, person=child, scheme="child_grant", month=Month.of(today).plus(-1))
    return Entitlement.plain.get(decision=decision)


@pytest.fixture
def page(client: Client, user: MakeUser) -> Client:
    return signed_in(client, user("caseworker", "d01"))


def signed_in(client: Client, who: User) -> Client:
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client


def day(name: str, when: date) -> dict[str, str]:
    return {f"{name}_0": str(when.day), f"{name}_1": str(when.month), f"{name}_2": str(when.year)}


def text(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_a_death_ends_the_rights_with_its_month_and_withdraws_the_claims_that_wait(page: Client, child: Person, right: Entitlement) -> None:
    today = timezone.localdate()
    assert "claims that wait are withdrawn" in text(page.get(f"/people/{child.reference}/do/death/"))
    assert page.post(f"/people/{child.reference}/do/death/", {**day("died", today), "reason": "new_document"}).status_code == 302
    ended = Entitlement.plain.get(pk=right.pk)
    assert (ended.state, ended.until) == ("ended", Month.of(today).plus(1).first_day)
    assert sorted(Claim.plain.values_list("state", flat=True)) == ["decided", "withdrawn"]
    assert child.memberships.get().until == today + timedelta(days=1)
    done = Entry.objects.filter(reference=child.reference, by__username="caseworker-d01").values_list("action", flat=True)
    assert {"person.die", "entitlement.death"} <= set(done)
    assert verify().sound
    shown = text(page.get(f"/people/{child.reference}/"))
    assert "No right is in force." in shown and "Claim a benefit" not in shown and "The person is alive" in shown


def test_a_death_is_recorded_with_what_it_ends_or_not_at_all(
    page: Client, child: Person, right: Entitlement, monkeypatch: pytest.MonkeyPatch, today: date
) -> None:
    def refuse(**_: Any) -> None:
        raise InputError("O272", "the rights cannot be ended")

    monkeypatch.setattr("opensocle.office.counter.services.end_for_death", refuse)
    assert page.post(f"/people/{child.reference}/do/death/", {**day("died", today), "reason": "statement"}).status_code == 422
    assert Person.plain.get(pk=child.pk).death_date is None and child.memberships.get().until is None
    assert not Entry.objects.filter(action="person.die").exists() and verify().sound


def test_a_death_that_is_taken_back_leaves_the_rights_to_be_claimed_again(page: Client, child: Person, right: Entitlement, today: date) -> None:
    page.post(f"/people/{child.reference}/do/death/", {**day("died", today), "reason": "statement"})
    assert "have to be claimed again" in text(page.get(f"/people/{child.reference}/do/alive/"))
    assert page.post(f"/people/{child.reference}/do/alive/", {"reason": "typing_error"}).status_code == 302
    assert Person.plain.get(pk=child.pk).death_date is None and Entitlement.plain.get(pk=right.pk).state == "ended"


@pytest.fixture
def everything(child: Person, right: Entitlement, user: MakeUser, today: date) -> list[tuple[Any, int]]:
    """A row of each kind that hangs on the child's file: model and number."""
    officer = user("caseworker", "d01")
    letter = cases.make_letter(by=officer, on=today, decision=right.decision, language="en")
    appeal = cases.receive_appeal(by=officer, on=today, decision=right.decision, grounds="It is too little")
    grievance = cases.receive_grievance(by=officer, on=today, kind="delay", text="It came late", district=child.area, person=child)
    document = services.add_document(by=None, on=today, person=child, kind="birth_certificate", content=PDF)
    rows: list[tuple[Any, Any]] = [(Letter, letter), (Appeal, appeal), (Grievance, grievance), (Document, document), (Entitlement, right)]
    rows += [(Claim, row) for row in Claim.plain.all()] + [(Decision, row) for row in Decision.plain.all()]
    return [(model, row.pk) for model, row in rows]


@pytest.mark.parametrize("whole_household", [False, True])
def test_a_move_to_another_district_takes_every_case_along(
    page: Client, areas: Areas, user: MakeUser, home: Household, child: Person, everything: list[tuple[Any, int]], whole_household: bool
) -> None:
    address = f"/households/{home.reference}/do/move/" if whole_household else f"/people/{child.reference}/do/transfer/"
    claim = Claim.plain.first()
    assert claim is not None and page.get(f"/claims/{claim.reference}/").status_code == 200
    assert {model.plain.get(pk=pk).district for model, pk in everything} == {areas["d01"]}
    assert page.post(address, {"area": "d02", **day("since", timezone.localdate())}).status_code == 302
    assert {model.plain.get(pk=pk).district for model, pk in everything} == {areas["d02"]}
    assert page.get(f"/claims/{claim.reference}/").status_code == page.get(f"/people/{child.reference}/").status_code == 404
    there = signed_in(Client(), user("caseworker", "d02"))
    assert there.get(f"/claims/{claim.reference}/").status_code == 200
    assert "In force" in text(there.get(f"/people/{child.reference}/"))
    assert verify().sound


def test_a_persons_page_shows_the_rights_that_run_and_the_latest_claims(page: Client, child: Person, right: Entitlement) -> None:
    response = page.get(f"/people/{child.reference}/")
    shown = text(response)
    assert "Universal child grant" in shown and "In force" in shown and "XMU" in shown and "To be decided" in shown
    for address in (f"/claims/{right.decision.claim.reference}/", f"/people/{child.reference}/rights/", f"/people/{child.reference}/claims/new/"):
        assert f'href="{address}"' in response.content.decode()


def test_the_newborn_is_offered_to_whom_the_registration_would_take_as_a_mother(page: Client, mother: Person, child: Person) -> None:
    assert "She has a newborn child" in text(page.get(f"/people/{mother.reference}/"))
    assert "She has a newborn child" not in text(page.get(f"/people/{child.reference}/"))


def test_after_the_death_of_its_head_a_household_is_given_another(
    page: Client, areas: Areas, mother: Person, home: Household, child: Person, today: date
) -> None:
    page.post(f"/people/{mother.reference}/do/death/", {**day("died", today), "reason": "statement"})
    shown = page.get(f"/households/{home.reference}/")
    assert "This household has no head" in text(shown) and f"/households/{home.reference}/do/head/" in shown.content.decode()
    form = page.get(f"/households/{home.reference}/do/head/").content.decode()
    assert child.reference in form and mother.reference not in form and 'name="former"' not in form
    assert page.post(f"/households/{home.reference}/do/head/", {"head": child.reference, **day("since", today)}).status_code == 302
    assert child.memberships.get(until=None).relationship == "head"
    assert "This household has no head" not in text(page.get(f"/households/{home.reference}/"))
