"""The first page: one search box, and the work that waits for each role, counted within the user's districts."""

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

from opensocle.office.access.models import User
from opensocle.office.access.roles import ROLES
from opensocle.office.cases import services as cases
from opensocle.office.cases.models import Claim, Decision
from opensocle.office.counter.selectors import Work, offered, work_of
from opensocle.office.laws.models import InForce
from opensocle.office.laws.services import install_law
from opensocle.office.people import services
from opensocle.office.people.models import Pair, Person
from opensocle.office.people.services import Birth, Names, drafts
from opensocle.office.places.models import Area
from opensocle.periods import Month
from opensocle.vocabulary.model import HISTORIES

pytestmark = pytest.mark.django_db
EXEMPLIA = Path(__file__).parents[2] / "src/opensocle/countries/exemplia"
TODAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
READY, OPEN, PROPOSED = (f"/claims/?state={state}" for state in ("ready", "open", "proposed"))
APPEALS, GRIEVANCES, DUPLICATES, DRAFTS, LAWS = "/appeals/", "/grievances/", "/duplicates/", "/people/register/#drafts", "/laws/"
MakeUser = Callable[..., User]
Areas = dict[str, Area]


def person(area: Area, name: str = "Awa", birth: date = date(2024, 5, 4), **facts: str) -> Person:
    known = {"residence_status": "usual_resident", "migration_status": "national", "public_pension": "false", **facts}
    day = date(2025, 1, 1)
    return services.register_person(by=None, on=day, area=area, names=Names(name, "Kone"), birth=Birth(birth), sex="female", facts=known)


def numbers(user: User) -> dict[str, tuple[int, int]]:
    """What waits, by the page that lists it: how many, and how many are late."""
    return {work.address: (work.number, work.late) for work in work_of(user, TODAY, NOW)}


@pytest.fixture
def law(areas: Areas, settings: Settings) -> InForce:
    settings.PLACE = replace(settings.PLACE, registers=HISTORIES)
    return InForce.objects.create(law=install_law(EXEMPLIA, by=None, on=date(2026, 1, 1)), since=date(2020, 1, 1), approved=NOW)


def signed_in(client: Client, who: User, language: str = "en") -> Client:
    User.objects.filter(pk=who.pk).update(language=language)
    client.force_login(User.objects.get(pk=who.pk), backend="django.contrib.auth.backends.ModelBackend")
    client.cookies.load({"django_language": language})
    return client


def text(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_each_role_sees_the_claims_that_it_can_take_up(areas: Areas, user: MakeUser, law: InForce) -> None:
    officer, boss, intake = user("caseworker", "d01"), user("supervisor", "d01"), user("intake", "d01")
    claims = [cases.open_claim(by=intake, on=TODAY, person=person(areas["d01"], name), scheme="child_grant", month=Month(2026, 3)) for name in "ABC"]
    Claim.plain.filter(pk=claims[0].pk).update(state="open")
    assert numbers(officer) == {READY: (2, 0), OPEN: (1, 0)}
    assert numbers(intake) == {OPEN: (1, 0)}
    Claim.plain.filter(pk=claims[1].pk).update(state="proposed")
    made = claims[1].determinations.get()
    about = {"claim": claims[1], "district": areas["d01"], "determination": made, "outcome": "granted", "two_officers": True, "proposed": NOW}
    decision = Decision.plain.create(proposed_by=officer, **about)
    assert numbers(boss) == {PROPOSED: (1, 0)}
    assert numbers(officer)[READY] == (1, 0)
    Decision.plain.filter(pk=decision.pk).update(proposed_by=boss)
    assert numbers(boss) == {}, "nobody approves her own proposal"


def test_nothing_of_another_district_is_counted(areas: Areas, user: MakeUser, law: InForce) -> None:
    intake = user("intake", "d01")
    cases.open_claim(by=intake, on=TODAY, person=person(areas["d01"]), scheme="child_grant")
    cases.receive_grievance(by=intake, on=TODAY, kind="delay", text="Nothing came", district=areas["d01"])
    one, two = person(areas["d01"], "Awa"), person(areas["d01"], "Hawa")
    Pair.objects.create(left=one, right=two, probability=0.9)
    for role in ROLES:
        assert numbers(user(role, "d02")) == {}, role
    assert set(numbers(user("supervisor", "north"))) == {DUPLICATES, GRIEVANCES}
    Person.plain.filter(pk=two.pk).update(district=areas["d02"])
    assert set(numbers(user("supervisor", "d01"))) == {GRIEVANCES}, "one of the two files lies elsewhere"


def test_an_appeal_is_for_whoever_had_no_part_in_the_decision_and_late_ones_are_said(areas: Areas, user: MakeUser, law: InForce) -> None:
    officer, first, second = user("caseworker", "d01"), user("appeals", "d01", "first"), user("appeals", "d01", "second")
    claim = cases.open_claim(by=officer, on=TODAY, person=person(areas["d01"], residence_status="abroad"), scheme="child_grant")
    decision = cases.propose(by=officer, on=TODAY, claim=claim)
    if decision.decided_on is None:
        cases.approve(by=user("supervisor", "d01"), on=TODAY, decision=decision)
    appeal = cases.receive_appeal(by=officer, on=TODAY, decision=decision, grounds="She lives here")
    assert numbers(first) == {APPEALS: (1, 0)} and APPEALS not in numbers(user("auditor", "d01"))
    late = work_of(first, appeal.due + timedelta(days=1), NOW)
    assert [(work.number, work.late) for work in late] == [(1, 1)]
    Claim.plain.filter(pk=claim.pk).update(opened_by=second)
    assert numbers(second) == {} and numbers(first) == {APPEALS: (1, 0)}
    Claim.plain.filter(pk=claim.pk).update(opened_by=officer)
    cases.decide_appeal(by=first, on=TODAY, appeal=appeal, outcome="upheld", reasons="She does not")
    cases.receive_appeal(by=officer, on=TODAY, decision=decision, grounds="She does", level="appeal")
    assert numbers(first) == {} and numbers(second) == {APPEALS: (1, 0)}


def test_drafts_are_counted_for_their_user_until_they_expire(areas: Areas, user: MakeUser) -> None:
    intake = user("intake", "d01")
    drafts.start_draft(by=intake, now=NOW, flow="person")
    assert numbers(intake) == {DRAFTS: (1, 0)} and numbers(user("intake", "d01", "colleague")) == {}
    assert work_of(intake, TODAY, NOW + timedelta(days=15)) == []


def test_a_proposed_law_waits_for_another_supervisor_of_the_whole_country(areas: Areas, user: MakeUser, law: InForce) -> None:
    nation, district = user("supervisor", "XE"), user("supervisor", "d01")
    proposal = InForce.objects.create(law=law.law, since=date(2027, 1, 1))
    assert numbers(nation) == {LAWS: (1, 0)} and numbers(district) == {}
    InForce.objects.filter(pk=proposal.pk).update(proposed_by=nation)
    assert numbers(nation) == {}
    InForce.objects.filter(pk=proposal.pk).update(proposed_by=None, withdrawn=NOW)
    assert numbers(nation) == {}


def test_a_grievance_about_the_user_is_not_hers_to_answer(areas: Areas, user: MakeUser) -> None:
    officer, intake = user("caseworker", "d01"), user("intake", "d01")
    cases.receive_grievance(by=intake, on=TODAY - timedelta(days=200), kind="conduct", text="Rude", district=areas["d01"], against=officer)
    assert numbers(officer) == {} and numbers(user("supervisor", "d01")) == {GRIEVANCES: (1, 1)}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_home_page_opens_for_every_role_and_offers_what_the_role_may_do(client: Client, user: MakeUser, role: str, language: str) -> None:
    who = user(role, "d01")
    page = signed_in(client, who, language).get("/")
    shown = page.content.decode()
    assert page.status_code == 200 and shown.count("<h1") == 1 and " style=" not in shown
    assert ('id="id_q"' in shown) == ("person.search" in ROLES[role])
    assert ('href="/people/register/"' in shown.split("<main")[1]) == ("person.register" in ROLES[role])
    assert offered(who, timezone.localdate()) <= ROLES[role]
    assert ("Nothing waits for you" if language == "en" else "Rien ne vous attend") in text(page)


def test_every_line_leads_to_a_page_that_opens(client: Client, areas: Areas, user: MakeUser, law: InForce) -> None:
    boss, intake, now = user("supervisor", "XE"), user("intake", "d01"), timezone.now()
    one, two = person(areas["d01"], "Awa"), person(areas["d01"], "Hawa")
    Pair.objects.create(left=one, right=two, probability=0.9)
    InForce.objects.create(law=law.law, since=date(2027, 1, 1))
    cases.receive_grievance(by=intake, on=timezone.localdate(), kind="delay", text="Nothing came", district=areas["d01"])
    drafts.start_draft(by=intake, now=now, flow="person")
    cases.open_claim(by=intake, on=TODAY, person=one, scheme="child_grant")
    Claim.plain.update(state="open")
    lines: list[tuple[User, Work]] = [(who, work) for who in (boss, intake) for work in work_of(who, timezone.localdate(), now)]
    assert {work.address for _, work in lines} == {OPEN, GRIEVANCES, DUPLICATES, DRAFTS, LAWS}
    for who, work in lines:
        page = signed_in(client, who)
        assert f'href="{work.address}"' in page.get("/").content.decode()
        assert page.get(work.address).status_code == 200, work.address


def test_nobody_who_is_not_signed_in_sees_it(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 302 and "/accounts/login/" in answer["Location"]
