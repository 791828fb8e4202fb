"""The API: tokens, scopes, districts, and the same answers as the pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from opensocle.errors import InputError
from opensocle.office.access.models import User
from opensocle.office.api.models import Token
from opensocle.office.api.services import SCOPES, make_token, withdraw_token
from opensocle.office.audit.models import Entry
from opensocle.office.cases.models import Claim, Entitlement
from opensocle.office.laws.models import InForce
from opensocle.office.laws.services import install_law
from opensocle.office.people.models import Fact, Household, Membership, Person
from opensocle.office.people.services.keys import rebuild_keys
from opensocle.office.places.models import Area
from opensocle.vocabulary.model import HISTORIES

pytestmark = pytest.mark.django_db
EXEMPLIA = Path(__file__).parents[2] / "src/opensocle/countries/exemplia"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def awa(areas: dict[str, Area], settings: Settings) -> Person:
    """A child of two in d01, under Exemplia's law."""
    settings.PLACE = replace(settings.PLACE, registers=HISTORIES)
    InForce.objects.create(law=install_law(EXEMPLIA, by=None, on=date(2026, 1, 1)), since=date(2020, 1, 1), approved=NOW)
    today = timezone.localdate()
    born, home = today.replace(year=today.year - 2, day=1), areas["d01"]
    made = Person.plain.create(given_name="Awa", surname="Kone", sex="female", birth_date=born, area=home, district=home)
    Fact.objects.create(person=made, name="residence_status", value="usual_resident", recorded=NOW)
    house = Household.plain.create(area=home, district=home, since=date(2020, 1, 1))
    Membership.objects.create(person=made, household=house, relationship="head", since=date(2020, 1, 1))
    rebuild_keys([made.pk])
    return made


def caller(who: User, *scopes: str) -> Callable[..., Any]:
    today = timezone.localdate()
    _, text = make_token(user=who, title="test", scopes=scopes or tuple(SCOPES), since=today, until=today + timedelta(days=30))
    client = Client(headers={"authorization": f"Bearer {text}"})

    def call(method: str, address: str, data: Any = None) -> Any:
        return client.generic(method, f"/api/v1{address}", data=json.dumps(data) if data is not None else "", content_type="application/json")

    return call


def test_a_program_finds_a_person_asks_for_rights_claims_and_decides(awa: Person, user: Callable[..., User]) -> None:
    call = caller(user("caseworker", "d01"))
    found = call("POST", "/persons/search", {"text": "kone"}).json()["persons"]
    assert [person["reference"] for person in found] == [awa.reference]
    assert call("GET", f"/persons/{awa.reference}").json()["name"]["given_name"] == "Awa"
    household = found[0]["household"]
    assert call("GET", f"/households/{household}").json()["group_size"] == 1
    month = f"{timezone.localdate():%Y-%m}"
    rights = {right["scheme"]: right for right in call("GET", f"/persons/{awa.reference}/rights?month={month}").json()["rights"]}
    assert rights["child_grant"]["outcome"] == "entitled"
    claim = call("POST", "/claims", {"person": awa.reference, "scheme": "child_grant"})
    assert claim.status_code == 201
    decided = call("POST", f"/claims/{claim.json()['reference']}/decision").json()
    right = Entitlement.plain.get()
    assert decided["state"] == "decided" and int(decided["decisions"][0]["amount"].replace(".", "")) == right.amount
    assert set(Entry.objects.filter(action="claim.open").values_list("origin", flat=True)) == {"api"}


def test_another_district_is_told_what_it_is_told_of_nothing(awa: Person, user: Callable[..., User]) -> None:
    call = caller(user("caseworker", "d02"))
    for address in ("/persons/{}", "/persons/{}/rights?month=2026-03", "/claims/{}", "/households/{}"):
        theirs, nothing = call("GET", address.format(awa.reference)), call("GET", address.format("0000-0000-0000"))
        assert theirs.status_code == nothing.status_code == 404 and theirs.content == nothing.content
    assert call("POST", "/persons/search", {"text": "kone"}).json() == {"persons": []}
    assert call("POST", "/claims", {"person": awa.reference, "scheme": "child_grant"}).status_code == 404
    assert not Claim.plain.exists()


def test_a_token_opens_only_its_scopes_and_only_while_it_holds(awa: Person, user: Callable[..., User]) -> None:
    officer = user("caseworker", "d01")
    call = caller(officer, "rights:read")
    assert call("GET", f"/persons/{awa.reference}/rights?month=2026-03").status_code == 200
    assert call("GET", f"/persons/{awa.reference}").status_code == 403
    withdraw_token(token=Token.objects.get(), on=timezone.localdate())
    assert call("GET", f"/persons/{awa.reference}/rights?month=2026-03").status_code == 401
    assert Client().get(f"/api/v1/persons/{awa.reference}").status_code == 401
    assert Client(headers={"authorization": "Bearer socle_nothing"}).post("/api/v1/persons/search").status_code == 401


def test_wrong_requests_are_told_what_is_wrong(awa: Person, user: Callable[..., User]) -> None:
    call = caller(user("caseworker", "d01"))
    assert call("POST", "/persons/search", {"text": "a"}).status_code == 422
    assert call("GET", f"/persons/{awa.reference}/rights?month=March").json()["code"] == "not_valid"
    wrong = call("POST", "/claims", {"person": awa.reference, "scheme": "nothing"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "O250")


@pytest.mark.parametrize(("scopes", "days"), [(("everything",), 30), ((), 30), (("rights:read",), 400)])
def test_a_token_without_bounds_is_not_made(user: Callable[..., User], scopes: tuple[str, ...], days: int) -> None:
    today = timezone.localdate()
    with pytest.raises(InputError, match="O310"):
        make_token(user=user("caseworker", "d01"), title="x", scopes=scopes, since=today, until=today + timedelta(days=days))
