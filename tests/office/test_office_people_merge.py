"""Two files become one, and two again: row for row as they were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from opensocle.errors import InputError
from opensocle.office.access.models import User
from opensocle.office.access.rules import NotThere, Refused
from opensocle.office.audit.selectors import verify
from opensocle.office.audit.services import act
from opensocle.office.cases.models import Claim
from opensocle.office.people import services
from opensocle.office.people.models import Merge, Person, SearchKey
from opensocle.office.people.selectors import search
from opensocle.office.people.services import Birth, Names, Number
from opensocle.office.people.services.merging import _without
from opensocle.office.places.models import Area

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
MakeUser = Callable[..., User]


@pytest.fixture
def officer(user: MakeUser) -> User:
    return user("caseworker", "north")


@pytest.fixture
def supervisor(user: MakeUser) -> User:
    return user("supervisor", "north")


@pytest.fixture
def pair(officer: User, areas: dict[str, Area]) -> tuple[Person, Person]:
    """Two files of one woman, in two districts, with everything that a file can have."""
    made = []
    for at, (name, code) in enumerate((("Mariam", "d01"), ("Maryam", "d02"))):
        person = services.register_person(
            by=officer, on=TODAY, area=areas[code], names=Names(name, "Touré"), birth=Birth(date(1980, 1, 1 + at)), phones=["+221771234567"]
        )
        home = services.make_household(by=officer, on=TODAY, head=person, since=date(2015 + at * 5, 1, 1))
        child = services.register_person(by=officer, on=TODAY, area=areas[code], names=Names(f"Child {name}"))
        services.join_household(by=officer, on=TODAY, person=child, household=home, relationship="child", since=date(2021, 1, 1))
        services.record_fact(by=officer, on=TODAY, about=child, name="mother_id", value=person.reference, since=date(2021, 1, 1))
        services.add_identifier(by=officer, on=TODAY, person=person, number=Number("national_id", f"N-{at}00"))
        services.add_account(by=officer, on=TODAY, person=person, kind="cash", since=date(2024, 1, 1 + at))
        services.give_consent(by=officer, on=TODAY, person=person, purpose="messages")
        services.add_document(by=officer, on=TODAY, person=person, kind="other", content=b"%PDF-1.4 " + name.encode() + b" %%EOF")
        services.record_fact(by=officer, on=TODAY, about=person, name="earnings", value=str(100 + at), since=date(2020 - at, 1, 1))
        services.record_fact(by=officer, on=TODAY, about=person, name=("pregnant", "insured")[at], value="true", since=date(2025, 1, 1))
        services.add_record(by=officer, on=TODAY, person=person, table="events", start=date(2025, 1, 1), values={"contingency": "marriage"})
        services.add_record(by=officer, on=TODAY, person=child, table="events", start=date(2025, 1, 1), values={"child_id": person.reference})
        with act("claim.open", by=officer, about=person):
            Claim.plain.create(
                scheme=("pension", "grant")[at],
                person=person,
                claimant=person,
                district=areas[code],
                claimed_on=TODAY,
                month=date(2026, 3, 1),
                opened=datetime(2026, 3, 10, tzinfo=UTC),
            )
        made.append(person)
    return made[0], made[1]


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of people and cases, but merges themselves; keys of search without their numbers."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name in ("people", "cases"):
        for model in apps.get_app_config(name).get_models():
            if model not in (Merge, SearchKey):
                found[model.__name__] = list(model._base_manager.order_by("pk").values())
    found["SearchKey"] = sorted(SearchKey.objects.values("person_id", "district_id", "kind", "key"), key=str)
    return found


def test_undoing_a_merge_gives_back_every_row(supervisor: User, pair: tuple[Person, Person]) -> None:
    kept, gone = pair
    before = dump()
    merge = services.merge(by=supervisor, on=TODAY, kept=kept, gone=gone, take=("names", "birth"))
    assert dump() != before
    services.undo_merge(by=supervisor, on=TODAY, merge=merge)
    assert dump() == before
    assert verify().sound
    with pytest.raises(InputError, match="O058"):
        services.undo_merge(by=supervisor, on=TODAY, merge=merge)


def test_everything_goes_to_the_kept_file(supervisor: User, pair: tuple[Person, Person], areas: dict[str, Area]) -> None:
    kept, gone = pair
    services.merge(by=supervisor, on=TODAY, kept=kept, gone=gone)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert gone.merged_into == kept and kept.given_name == "Mariam"
    assert sorted(kept.identifiers.values_list("normal", flat=True)) == ["N000", "N100"]
    assert sorted(Claim.plain.filter(person=kept, claimant=kept, district=areas["d01"]).values_list("scheme", flat=True)) == ["grant", "pension"]
    assert kept.contacts.filter(withdrawn=False).count() == 1
    assert [account.since for account in kept.accounts.filter(until=None)] == [date(2024, 1, 1)]
    live = sorted(kept.facts.filter(withdrawn=None).values_list("name", "value", "since", "until"))
    assert live == [
        ("earnings", "100", date(2020, 1, 1), None),
        ("earnings", "101", date(2019, 1, 1), date(2020, 1, 1)),
        ("insured", "true", date(2025, 1, 1), None),
        ("pregnant", "true", date(2025, 1, 1), None),
    ]
    assert kept.records.filter(withdrawn=None).count() == 1
    mothers = Person.plain.filter(facts__name="mother_id", facts__value=kept.reference).count()
    assert mothers == 2


def test_a_merge_never_leaves_two_memberships_at_a_time(supervisor: User, pair: tuple[Person, Person]) -> None:
    kept, gone = pair
    services.merge(by=supervisor, on=TODAY, kept=gone, gone=kept)
    stays = list(gone.memberships.order_by("since").values_list("since", "until"))
    assert stays == [(date(2015, 1, 1), date(2020, 1, 1)), (date(2020, 1, 1), None)]
    assert not kept.memberships.exists()


def test_the_kept_file_is_found_under_both_names(supervisor: User, pair: tuple[Person, Person]) -> None:
    kept, gone = pair
    services.merge(by=supervisor, on=TODAY, kept=kept, gone=gone)
    for text in ("Maryam Touré", "Mariam Touré", "N-100", gone.reference):
        assert [hit.person for hit in search(supervisor, text, TODAY).hits][:1] == [kept], text


def test_what_was_changed_since_stays(supervisor: User, officer: User, pair: tuple[Person, Person]) -> None:
    kept, gone = pair
    merge = services.merge(by=supervisor, on=TODAY, kept=kept, gone=gone)
    contact = services.add_contact(by=officer, on=TODAY, person=kept, kind="phone", value="+221770000000")
    services.change_person(by=officer, on=TODAY, person=kept, reason="statement", sex="female")
    services.undo_merge(by=supervisor, on=TODAY, merge=merge)
    kept.refresh_from_db()
    contact.refresh_from_db()
    assert kept.sex == "female" and contact.person == kept
    gone.refresh_from_db()
    assert gone.merged_into is None and gone.facts.filter(name="insured").exists()


def test_merges_are_undone_the_last_one_first(supervisor: User, officer: User, pair: tuple[Person, Person], areas: dict[str, Area]) -> None:
    kept, gone = pair
    third = services.register_person(by=officer, on=TODAY, area=areas["d01"], names=Names("Mariama", "Touré"))
    before = dump()
    first = services.merge(by=supervisor, on=TODAY, kept=kept, gone=gone)
    second = services.merge(by=supervisor, on=TODAY, kept=third, gone=kept)
    gone.refresh_from_db()
    assert gone.merged_into == third
    with pytest.raises(InputError, match="O058"):
        services.undo_merge(by=supervisor, on=TODAY, merge=first)
    services.undo_merge(by=supervisor, on=TODAY, merge=second)
    services.undo_merge(by=supervisor, on=TODAY, merge=first)
    assert dump() == before


def test_what_cannot_be_one_is_refused(supervisor: User, officer: User, pair: tuple[Person, Person]) -> None:
    kept, gone = pair
    with pytest.raises(InputError, match="O058"):
        services.merge(by=supervisor, on=TODAY, kept=kept, gone=kept)
    Claim.plain.update(scheme="grant")
    with pytest.raises(InputError, match="O058"):
        services.merge(by=supervisor, on=TODAY, kept=kept, gone=gone)
    Claim.plain.filter(person=gone).update(state="withdrawn")
    services.record_fact(by=officer, on=TODAY, about=kept, name="spouse_id", value=gone.reference, since=TODAY)
    with pytest.raises(InputError, match="O058"):
        services.merge(by=supervisor, on=TODAY, kept=kept, gone=gone)
    assert not Merge.objects.exists() and Person.plain.filter(merged_into=None).count() == 4


def test_a_merge_needs_a_supervisor_of_both_districts(supervisor: User, officer: User, user: MakeUser, pair: tuple[Person, Person]) -> None:
    kept, gone = pair
    with pytest.raises(Refused):
        services.merge(by=officer, on=TODAY, kept=kept, gone=gone)
    half = user("supervisor", "d01")
    for one, two in ((kept, gone), (gone, kept)):
        with pytest.raises(NotThere):
            services.merge(by=half, on=TODAY, kept=one, gone=two)


def test_a_file_that_was_joined_is_closed(supervisor: User, officer: User, pair: tuple[Person, Person]) -> None:
    kept, gone = pair
    services.merge(by=supervisor, on=TODAY, kept=kept, gone=gone)
    with pytest.raises(InputError, match="O056"):
        services.change_person(by=officer, on=TODAY, person=gone, reason="statement", sex="female")
    with pytest.raises(InputError, match="O056"):
        services.merge(by=supervisor, on=TODAY, kept=kept, gone=gone)


BOUND = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2020, 2, 9)))
SPELLS = st.tuples(BOUND, BOUND).filter(lambda days: days[0] is None or days[1] is None or days[0] < days[1])


@given(SPELLS, st.lists(SPELLS, max_size=4))
def test_days_without_others_are_those_of_the_first_alone(
    days: tuple[date | None, date | None], others: list[tuple[date | None, date | None]]
) -> None:
    def covers(spell: tuple[date | None, date | None], day: date) -> bool:
        return (spell[0] is None or spell[0] <= day) and (spell[1] is None or day < spell[1])

    left = _without(days, others)
    for number in range(-3, 50):
        day = date.fromordinal(date(2020, 1, 1).toordinal() + number)
        assert sum(covers(piece, day) for piece in left) == (covers(days, day) and not any(covers(other, day) for other in others))
