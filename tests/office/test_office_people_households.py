"""Who lives with whom: never in two households, heads, moves, and what a transfer to another district takes along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from opensocle.errors import InputError
from opensocle.office.access.models import User
from opensocle.office.access.rules import NotThere, Refused
from opensocle.office.audit.selectors import verify
from opensocle.office.audit.services import act
from opensocle.office.cases.models import Claim
from opensocle.office.people import services
from opensocle.office.people.models import Document, Household, Membership, Person, SearchKey
from opensocle.office.people.selectors import get_person, household_of, person_as_of, search, stays_then
from opensocle.office.people.services import Names
from opensocle.office.people.services.districts import followers
from opensocle.office.places.models import Area

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
SINCE = date(2020, 1, 1)
MakeUser = Callable[..., User]


@pytest.fixture
def officer(user: MakeUser) -> User:
    return user("caseworker", "d01")


@pytest.fixture
def people(officer: User, areas: dict[str, Area]) -> list[Person]:
    return [services.register_person(by=officer, on=TODAY, area=areas["d01"], names=Names(name, "Diallo")) for name in ("Awa", "Moussa", "Binta")]


@pytest.fixture
def home(officer: User, people: list[Person]) -> Household:
    """Awa's household, with Moussa."""
    made = services.make_household(by=officer, on=TODAY, head=people[0], since=SINCE)
    services.join_household(by=officer, on=TODAY, person=people[1], household=made, relationship="spouse", since=SINCE)
    return made


def stays(person: Person) -> list[tuple[int, str, date, date | None]]:
    return list(person.memberships.order_by("since").values_list("household_id", "relationship", "since", "until"))


def test_joining_a_household_leaves_the_one_before(officer: User, people: list[Person], home: Household) -> None:
    other = services.make_household(by=officer, on=TODAY, head=people[2], since=SINCE)
    day = date(2025, 1, 1)
    services.join_household(by=officer, on=TODAY, person=people[1], household=other, relationship="spouse", since=day)
    assert stays(people[1]) == [(home.pk, "spouse", SINCE, day), (other.pk, "spouse", day, None)]
    found = household_of(officer, people[1], date(2024, 12, 31))
    assert found is not None and found.household == home


def test_nobody_is_in_two_households_whoever_writes(officer: User, people: list[Person], home: Household) -> None:
    other = services.make_household(by=officer, on=TODAY, head=people[2], since=SINCE)
    for since, until in ((SINCE, None), (date(2010, 1, 1), date(2020, 1, 2)), (date(2030, 1, 1), None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(person=people[1], household=other, relationship="child", since=since, until=until)
    Membership.objects.create(person=people[1], household=other, relationship="child", since=date(2010, 1, 1), until=SINCE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=people[1], household=other, relationship="child", since=TODAY, until=TODAY)


def test_a_later_household_is_not_covered(officer: User, people: list[Person], home: Household) -> None:
    other = services.make_household(by=officer, on=TODAY, head=people[2], since=date(2010, 1, 1))
    with pytest.raises(InputError, match="O055"):
        services.join_household(by=officer, on=TODAY, person=people[1], household=other, relationship="child", since=date(2015, 1, 1))
    assert stays(people[1]) == [(home.pk, "spouse", SINCE, None)]


def test_a_household_has_one_head(officer: User, people: list[Person], home: Household) -> None:
    with pytest.raises(InputError, match="O055"):
        services.join_household(by=officer, on=TODAY, person=people[2], household=home, relationship="head", since=SINCE)
    with pytest.raises(InputError, match="O050"):
        services.join_household(by=officer, on=TODAY, person=people[2], household=home, relationship="friend", since=SINCE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=people[2], household=home, relationship="head", since=SINCE)


def test_a_head_hands_over_before_leaving(officer: User, people: list[Person], home: Household) -> None:
    awa, moussa, binta = people
    with pytest.raises(InputError, match="O055"):
        services.leave_household(by=officer, on=TODAY, person=awa, since=TODAY)
    with pytest.raises(InputError, match="O055"):
        services.change_head(by=officer, on=TODAY, household=home, head=binta, since=TODAY)
    services.change_head(by=officer, on=TODAY, household=home, head=moussa, since=date(2026, 1, 1), former="spouse")
    assert stays(awa) == [(home.pk, "head", SINCE, date(2026, 1, 1)), (home.pk, "spouse", date(2026, 1, 1), None)]
    assert stays(moussa) == [(home.pk, "spouse", SINCE, date(2026, 1, 1)), (home.pk, "head", date(2026, 1, 1), None)]
    services.leave_household(by=officer, on=TODAY, person=awa, since=TODAY)
    assert household_of(officer, awa, TODAY) is None


def test_a_household_that_everybody_left_ends(officer: User, people: list[Person], home: Household) -> None:
    services.leave_household(by=officer, on=TODAY, person=people[1], since=date(2026, 2, 1))
    services.leave_household(by=officer, on=TODAY, person=people[0], since=date(2026, 2, 1))
    home.refresh_from_db()
    assert home.until == date(2026, 2, 1)
    with pytest.raises(InputError, match="O056"):
        services.join_household(by=officer, on=TODAY, person=people[2], household=home, relationship="head", since=TODAY)


def test_memberships_can_be_read_as_they_were_known(officer: User, people: list[Person], home: Household) -> None:
    moment = datetime.now(tz=UTC)
    services.leave_household(by=officer, on=TODAY, person=people[1], since=SINCE)
    assert stays_then(people[1], None) == []
    assert [(stay.household, stay.since, stay.until) for stay in stays_then(people[1], moment)] == [(home.reference, SINCE, None)]
    seen = person_as_of(officer, people[1].reference, TODAY, known=moment)
    assert seen.stay is not None and seen.stay.relationship == "spouse"


def test_a_household_moves_within_the_district_and_beyond(
    officer: User, user: MakeUser, people: list[Person], home: Household, areas: dict[str, Area]
) -> None:
    with act("place.load", by=None):
        village = Area.objects.create(
            code="v1", name_en="v1", name_fr="v1", kind="locality", parent=areas["d01"], district=areas["d01"], path="/XE/north/d01/v1/"
        )
    intake = user("intake", "d01")
    services.move_household(by=intake, on=TODAY, household=home, area=village, address="By the well", since=date(2026, 3, 1))
    with pytest.raises(Refused):
        services.move_household(by=intake, on=TODAY, household=home, area=areas["d02"], address="", since=TODAY)
    services.move_household(by=officer, on=TODAY, household=home, area=areas["d02"], address="", since=TODAY)
    for person in people[:2]:
        with pytest.raises(NotThere):
            get_person(officer, person.reference, TODAY)
    there = user("caseworker", "d02")
    assert [hit.person.given_name for hit in search(there, "Diallo", TODAY).hits] == ["Awa", "Moussa"]
    seen = person_as_of(there, people[0].reference, date(2026, 3, 9), today=TODAY)
    assert seen.area == village
    assert verify().sound


def test_a_transfer_takes_the_whole_file_along(officer: User, user: MakeUser, people: list[Person], home: Household, areas: dict[str, Area]) -> None:
    moussa = people[1]
    document = services.add_document(by=officer, on=TODAY, person=moussa, kind="other", content=b"%PDF-1.4\n%%EOF")
    claim = Claim.plain.create(
        scheme="child_grant", person=moussa, district=areas["d01"], claimed_on=TODAY, month=date(2026, 3, 1), opened=datetime.now(tz=UTC)
    )
    with pytest.raises(Refused):
        services.transfer_person(by=user("intake", "d01"), on=TODAY, person=moussa, area=areas["d04"], since=TODAY)
    services.transfer_person(by=officer, on=TODAY, person=moussa, area=areas["d04"], since=TODAY)
    assert stays(moussa) == [(home.pk, "spouse", SINCE, TODAY)]
    assert {Document.plain.get(pk=document.pk).district, Claim.plain.get(pk=claim.pk).district} == {areas["d04"]}
    assert set(SearchKey.objects.filter(person=moussa).values_list("district__code", flat=True)) == {"d04"}
    there = user("caseworker", "d04")
    assert get_person(there, moussa.reference, TODAY).area == areas["d04"]
    with pytest.raises(NotThere):
        services.change_person(by=officer, on=TODAY, person=moussa, reason="statement", sex="male")


def test_everything_that_lies_in_a_district_follows_the_person() -> None:
    from opensocle.office.access.row_security import guarded

    ways = {model.__name__: way for model, way in followers()}
    assert ways["Claim"] == "person" and ways["Decision"] == "claim__person" and ways["Letter"] == "decision__claim__person"
    left = {model.__name__ for model in guarded()} - set(ways)
    assert left <= {"Person", "Household", "SearchKey", "Import", "Sending", "Upload", "Export"}, left


def test_another_district_is_not_there(officer: User, user: MakeUser, people: list[Person], home: Household, areas: dict[str, Area]) -> None:
    stranger = user("caseworker", "d02")
    for refused in (
        lambda: services.leave_household(by=stranger, on=TODAY, person=people[1], since=TODAY),
        lambda: services.change_head(by=stranger, on=TODAY, household=home, head=people[1], since=TODAY),
        lambda: services.make_household(by=stranger, on=TODAY, head=people[2], since=TODAY),
        lambda: services.move_household(by=stranger, on=TODAY, household=home, area=areas["d02"], address="", since=TODAY),
    ):
        with pytest.raises(NotThere):
            refused()
