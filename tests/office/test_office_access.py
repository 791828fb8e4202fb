"""Who may do what, and where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from opensocle.errors import InputError
from opensocle.office.access import row_security
from opensocle.office.access.models import User
from opensocle.office.access.roles import INCOMPATIBLE, ROLES
from opensocle.office.access.rules import NotThere, Refused, Unscoped, require, scope
from opensocle.office.access.services import close_user, end_posting, make_user, post
from opensocle.office.people.models import Household, Person
from opensocle.office.places.models import Area

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)
MakeUser = Callable[..., User]


def person(areas: dict[str, Area], code: str, name: str = "Awa") -> Person:
    return Person.plain.create(given_name=name, area=areas[code], district=areas[code].district)


def test_a_query_without_a_user_is_refused() -> None:
    for model in (Person, Household):
        with pytest.raises(Unscoped):
            model.objects.count()
        with pytest.raises(Unscoped):
            model.objects.filter(pk=1)


@pytest.mark.parametrize(("area", "seen"), [("d01", {"a"}), ("d02", {"b"}), ("north", {"a", "b"}), ("XE", {"a", "b", "c", "nowhere"})])
def test_a_user_sees_the_districts_at_and_below_her_area(areas: dict[str, Area], user: MakeUser, area: str, seen: set[str]) -> None:
    for code, name in (("d01", "a"), ("d02", "b"), ("d04", "c"), ("XE", "nowhere")):
        person(areas, code, name)
    found = Person.objects.visible_to(user("caseworker", area), "person.read", DAY)
    assert set(found.values_list("given_name", flat=True)) == seen


def test_several_postings_add_up(areas: dict[str, Area], user: MakeUser) -> None:
    user("intake", "d01", "both")
    both = user("appeals", "d04", "both")
    assert scope(both, "person.read", DAY).districts == {areas["d01"].pk, areas["d04"].pk}
    assert scope(both, "person.register", DAY).districts == {areas["d01"].pk}
    assert not scope(both, "user.manage", DAY).districts


def test_a_posting_holds_on_its_days_only(areas: dict[str, Area], user: MakeUser) -> None:
    temporary = user("intake", "d01", since=date(2026, 3, 1), until=date(2026, 4, 1))
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))
    assert [bool(scope(temporary, "person.read", day).districts) for day in days] == [False, True, True, False]


def test_the_wrong_role_is_refused_and_the_wrong_district_does_not_exist(areas: dict[str, Area], user: MakeUser) -> None:
    mine, other = person(areas, "d01"), person(areas, "d02")
    officer = user("intake", "d01")
    require(officer, "person.read", DAY, mine)
    with pytest.raises(NotThere):
        require(officer, "person.read", DAY, other)
    with pytest.raises(Refused):
        require(officer, "decision.approve", DAY, mine)
    with pytest.raises(Refused):
        require(None, "person.read", DAY, mine)


def test_rights_of_a_superuser_flag_do_not_exist(areas: dict[str, Area]) -> None:
    root = User.objects.create(username="root", is_superuser=True, is_staff=True)
    assert not scope(root, "person.read", DAY).districts
    with pytest.raises(Refused):
        require(root, "person.read", DAY)


def test_analysts_and_administrators_see_no_person() -> None:
    for role in ("analyst", "administrator"):
        assert not any(action.startswith(("person.", "household.", "claim.", "document.")) for action in ROLES[role])


@pytest.mark.parametrize("pair", INCOMPATIBLE)
def test_nobody_holds_two_roles_of_which_one_controls_the_other(areas: dict[str, Area], pair: tuple[str, str]) -> None:
    made = make_user(username="two", password="correct-horse-battery")
    post(user=made, role=pair[0], area=areas["north"], since=DAY)
    for place in ("d01", "north", "XE"):
        with pytest.raises(InputError, match="O022"):
            post(user=made, role=pair[1], area=areas[place], since=DAY)
    post(user=made, role=pair[1], area=areas["south"], since=DAY)


def test_an_administrator_makes_users_but_gives_herself_nothing(areas: dict[str, Area], user: MakeUser) -> None:
    boss = user("administrator")
    made = make_user(username="new", password="correct-horse-battery", by=boss, on=DAY)
    posting = post(user=made, role="intake", area=areas["d01"], since=DAY, by=boss)
    with pytest.raises(InputError, match="O022"):
        post(user=boss, role="intake", area=areas["d01"], since=DAY, by=boss)
    with pytest.raises(Refused):
        post(user=boss, role="supervisor", area=areas["d01"], since=DAY, by=made)
    end_posting(posting=posting, on=date(2026, 4, 1), by=boss)
    assert not scope(User.objects.get(pk=made.pk), "person.read", date(2026, 4, 1)).districts


def test_a_closed_user_has_no_rights(areas: dict[str, Area], user: MakeUser) -> None:
    officer = user("intake", "d01")
    close_user(user=officer, on=DAY)
    assert not scope(User.objects.get(pk=officer.pk), "person.read", DAY).districts


@pytest.mark.parametrize(("name", "password"), [("ok", "short"), ("ok", "password1234"), ("has space", "correct-horse-battery")])
def test_bad_names_and_passwords_are_refused(name: str, password: str) -> None:
    with pytest.raises(InputError, match="O020"):
        make_user(username=name, password=password)


# --- the second lock


@pytest.fixture
def ordinary(areas: dict[str, Area]) -> None:
    """On PostgreSQL, a database user who is no superuser."""
    if connection.vendor != "postgresql":
        pytest.skip("row security is PostgreSQL's")
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS socle_ordinary")
        cursor.execute("CREATE ROLE socle_ordinary")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO socle_ordinary")
        cursor.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO socle_ordinary")
        cursor.execute("SET LOCAL ROLE socle_ordinary")


def test_every_table_with_a_district_is_guarded() -> None:
    assert row_security.missing() == []
    assert {"people_person", "people_household", "cases_claim"} <= {model._meta.db_table for model in row_security.guarded()}


def test_the_database_itself_keeps_districts_apart(areas: dict[str, Area], ordinary: None) -> None:
    for code in ("d01", "d02", "XE"):
        person(areas, code, code)

    def seen() -> set[str]:
        return set(Person.plain.values_list("given_name", flat=True))

    assert seen() == {"d01", "d02", "XE"}
    row_security.work_for([areas["d01"].pk])
    assert seen() == {"d01"}
    assert Person.plain.update(surname="x") == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        person(areas, "d02")
    with row_security.everywhere():
        assert seen() == {"d01", "d02", "XE"}
    assert seen() == {"d01"}
    row_security.work_for([])
    assert seen() == set()
    row_security.work_for(None)
    assert seen() == {"d01", "d02", "XE"}


def test_who_connects_by_hand_sees_nothing(areas: dict[str, Area], ordinary: None) -> None:
    person(areas, "d01")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('socle.districts', '', true)")
        cursor.execute("SELECT count(*) FROM people_person")
        assert cursor.fetchone() == (0,)
