"""The pages of claims, decisions, appeals and grievances, as officers use them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from opensocle.office.access.models import User
from opensocle.office.audit.models import Entry
from opensocle.office.cases.models import Appeal, Claim, Decision, Entitlement, Grievance, Letter
from opensocle.office.laws.models import InForce
from opensocle.office.laws.services import install_law
from opensocle.office.people.models import Fact, Household, Membership, Person
from opensocle.office.places.models import Area
from opensocle.vocabulary.model import HISTORIES

pytestmark = pytest.mark.django_db
EXEMPLIA = Path(__file__).parents[2] / "src/opensocle/countries/exemplia"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MakeUser = Callable[..., User]
Areas = dict[str, Area]


@pytest.fixture(autouse=True)
def law(areas: Areas, settings: Settings) -> None:
    settings.PLACE = replace(settings.PLACE, registers=HISTORIES)
    InForce.objects.create(law=install_law(EXEMPLIA, by=None, on=date(2026, 1, 1)), since=date(2020, 1, 1), approved=NOW)


def person(areas: Areas, **facts: str) -> Person:
    today = timezone.localdate()
    made = Person.plain.create(
        given_name="Awa", surname="Kone", sex="female", birth_date=today.replace(year=today.year - 2, day=1), area=areas["d01"]
    )
    Person.plain.filter(pk=made.pk).update(district=areas["d01"])
    made.refresh_from_db(from_queryset=Person.plain.all())
    known = {"residence_status": "usual_resident", "migration_status": "national", "public_pension": "false", **facts}
    Fact.objects.bulk_create(Fact(person=made, name=name, value=value, recorded=NOW) for name, value in known.items())
    home = Household.plain.create(area=areas["d01"], district=areas["d01"], since=date(2020, 1, 1))
    Membership.objects.create(person=made, household=home, relationship="head", since=date(2020, 1, 1))
    return made


def signed_in(client: Client, who: User, language: str = "en") -> Client:
    User.objects.filter(pk=who.pk).update(language=language)
    client.force_login(User.objects.get(pk=who.pk), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(("language", "granted"), [("en", "Granted"), ("fr", "Accordée")])
def test_a_claim_from_the_first_page_to_the_letter(client: Client, areas: Areas, user: MakeUser, language: str, granted: str) -> None:
    page, awa = signed_in(client, user("caseworker", "d01"), language), person(areas)
    assert page.get(f"/people/{awa.reference}/claims/new/").status_code == 200
    month = f"{timezone.localdate():%Y-%m}"
    answer = page.post(f"/people/{awa.reference}/claims/new/", {"scheme": "child_grant", "month": month})
    claim = Claim.plain.get()
    assert answer.status_code == 302 and answer["Location"] == f"/claims/{claim.reference}/"
    assert "Social Protection Act 2020" in page.get(answer["Location"]).content.decode()
    page.post(f"/claims/{claim.reference}/do/", {"do": "propose"})
    shown = page.get(f"/claims/{claim.reference}/").content.decode()
    assert granted in shown and Entitlement.plain.get().state == "active"
    page.post(f"/claims/{claim.reference}/do/", {"do": "letter", "decision": Decision.plain.get().reference, "language": language})
    letter = page.get(f"/letters/{Letter.plain.get().reference}.pdf")
    assert letter.content.startswith(b"%PDF") and "attachment" in letter["Content-Disposition"]
    assert {"claim.read", "letter.read"} <= set(Entry.objects.values_list("action", flat=True))


def test_an_event_is_asked_for_and_a_form_without_its_date_is_shown_again(client: Client, areas: Areas, user: MakeUser) -> None:
    page, awa = signed_in(client, user("intake", "d01")), person(areas)
    month = f"{timezone.localdate():%Y-%m}"
    first = page.post(f"/people/{awa.reference}/claims/new/", {"scheme": "birth_grant", "month": month})
    assert first.status_code == 200 and b"event_date_0" in first.content
    empty = {"scheme": "birth_grant", "month": month, "event_date_0": "", "event_date_1": "", "event_date_2": ""}
    assert page.post(f"/people/{awa.reference}/claims/new/", empty).status_code == 422
    today = timezone.localdate()
    full = {**empty, "event_date_0": str(today.day), "event_date_1": str(today.month), "event_date_2": str(today.year), "children_born": "1"}
    assert page.post(f"/people/{awa.reference}/claims/new/", full).status_code == 302
    assert Claim.plain.get().event == {"claim_date": today.isoformat(), "event_date": today.isoformat(), "children_born": "1"}


def test_a_refusal_is_appealed_and_another_officer_changes_it(client: Client, areas: Areas, user: MakeUser) -> None:
    awa = person(areas, residence_status="abroad")
    page = signed_in(client, user("caseworker", "d01"))
    page.post(f"/people/{awa.reference}/claims/new/", {"scheme": "child_grant", "month": f"{timezone.localdate():%Y-%m}"})
    claim = Claim.plain.get()
    page.post(f"/claims/{claim.reference}/do/", {"do": "propose"})
    decision = Decision.plain.get()
    assert decision.outcome == "refused"
    assert page.post(f"/decisions/{decision.reference}/appeal/", {"level": "reconsideration", "grounds": ""}).status_code == 422
    page.post(f"/decisions/{decision.reference}/appeal/", {"level": "reconsideration", "grounds": "I live here."})
    appeal = Appeal.plain.get()
    judge = signed_in(Client(), user("appeals", "d01"))
    assert b"I live here." in judge.get(f"/appeals/{appeal.reference}/").content
    stays = judge.post(f"/appeals/{appeal.reference}/", {"outcome": "changed", "reasons": "She does."})
    assert stays.status_code == 422 and b"The law says the same" in stays.content
    Fact.objects.filter(person=awa, name="residence_status").update(value="usual_resident")
    assert judge.post(f"/appeals/{appeal.reference}/", {"outcome": "changed", "reasons": "A lease proves it."}).status_code == 302
    assert Entitlement.plain.get().state == "active" and b"A lease proves it." in page.get(f"/claims/{claim.reference}/").content


def test_two_officers_decide_where_the_law_says_so(client: Client, areas: Areas, user: MakeUser) -> None:
    awa = person(areas, disability_degree="60", disabled="true", insured="false")
    page = signed_in(client, user("caseworker", "d01"))
    page.post(f"/people/{awa.reference}/claims/new/", {"scheme": "disability_grant", "month": f"{timezone.localdate():%Y-%m}"})
    claim = Claim.plain.get()
    page.post(f"/claims/{claim.reference}/do/", {"do": "propose"})
    assert b"another officer has to approve" in page.get(f"/claims/{claim.reference}/").content
    assert page.post(f"/claims/{claim.reference}/do/", {"do": "approve"}).status_code == 403
    boss = signed_in(Client(), user("supervisor", "d01"))
    refused = boss.post(f"/claims/{claim.reference}/do/", {"do": "send_back", "reason": ""}, follow=True)
    assert b"Say why" in refused.content and Decision.plain.count() == 1
    boss.post(f"/claims/{claim.reference}/do/", {"do": "approve"})
    assert Decision.plain.get().decided_on and Entitlement.plain.get().state == "active"


PAGES = ["/people/{person}/claims/", "/people/{person}/claims/new/", "/claims/{claim}/", "/decisions/{decision}/appeal/", "/letters/{letter}.pdf"]


@pytest.mark.parametrize("address", PAGES)
def test_another_district_gets_the_page_of_what_does_not_exist(client: Client, areas: Areas, user: MakeUser, address: str) -> None:
    page, awa = signed_in(client, user("caseworker", "d01")), person(areas)
    page.post(f"/people/{awa.reference}/claims/new/", {"scheme": "child_grant", "month": f"{timezone.localdate():%Y-%m}"})
    claim = Claim.plain.get()
    page.post(f"/claims/{claim.reference}/do/", {"do": "propose"})
    page.post(f"/claims/{claim.reference}/do/", {"do": "letter", "decision": Decision.plain.get().reference, "language": "en"})
    known = {"person": awa.reference, "claim": claim.reference, "decision": Decision.plain.get().reference, "letter": Letter.plain.get().reference}
    assert page.get(address.format(**known)).status_code == 200
    stranger = signed_in(Client(), user("caseworker", "d02"))
    theirs = stranger.get(address.format(**known))
    nothing = stranger.get(address.format(**dict.fromkeys(known, "0000-0000-0000")))
    assert theirs.status_code == nothing.status_code == 404 and theirs.content == nothing.content
    assert b"Kone" not in stranger.get("/claims/").content
    assert stranger.post(f"/claims/{claim.reference}/do/", {"do": "suspend", "reason": "x"}).status_code == 404


def test_a_grievance_is_taken_and_answered(client: Client, areas: Areas, user: MakeUser) -> None:
    page = signed_in(client, user("intake", "d01"))
    assert page.post("/grievances/new/", {"kind": "delay", "district": "d02", "text": "Three months."}).status_code == 422
    assert page.post("/grievances/new/", {"kind": "delay", "district": "d01", "text": "Three months."}).status_code == 302
    grievance = Grievance.plain.get()
    boss = signed_in(Client(), user("supervisor", "d01"))
    assert b"Three months." in boss.get(f"/grievances/{grievance.reference}/").content
    boss.post(f"/grievances/{grievance.reference}/", {"answer": "It is paid today."})
    assert Grievance.plain.get().answer == "It is paid today."
    assert boss.get("/grievances/").status_code == 200 and page.get("/grievances/").status_code == 403


@pytest.mark.parametrize("address", ["/claims/", "/claims/?state=decided", "/appeals/"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_lists_are_there_in_both_languages(client: Client, areas: Areas, user: MakeUser, address: str, language: str) -> None:
    assert signed_in(client, user("auditor", "XE"), language).get(address).status_code == 200


@pytest.mark.parametrize(
    ("language", "why", "done"),
    [("en", "Facts have changed", "1 right was computed again."), ("fr", "Des faits ont changé", "1 droit a été recalculé.")],
)
def test_a_right_whose_facts_have_changed_is_listed_and_computed_again(
    client: Client, areas: Areas, user: MakeUser, language: str, why: str, done: str
) -> None:
    awa = person(areas)
    page = signed_in(client, user("caseworker", "d01"), language)
    page.post(f"/people/{awa.reference}/claims/new/", {"scheme": "child_grant", "month": f"{timezone.localdate():%Y-%m}"})
    claim = Claim.plain.get()
    page.post(f"/claims/{claim.reference}/do/", {"do": "propose"})
    assert f"/claims/{claim.reference}/" not in page.get("/rights/").content.decode()
    Fact.objects.filter(person=awa, name="residence_status").update(withdrawn=timezone.now())
    first = timezone.localdate().replace(day=1)
    Fact.objects.create(person=awa, name="residence_status", value="abroad", recorded=timezone.now(), since=first)
    shown = page.get("/rights/").content.decode()
    assert why in shown and f"/claims/{claim.reference}/" in shown and f"/claims/{claim.reference}/" not in page.get("/").content.decode()
    after = page.post("/rights/", follow=True).content.decode()
    assert done in after and f"/claims/{claim.reference}/" not in after
    right = Entitlement.plain.get()
    assert right.state == "ended" and [(each.after, each.cause) for each in right.differences.all()] == [(0, "facts")]
