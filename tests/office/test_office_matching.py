"""Who is registered twice: planted mistakes are found, twins are left alone, and nobody is joined by the program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from made_duplicates import GIVEN, Made, make, register

from opensocle.errors import InputError
from opensocle.office.access.models import User
from opensocle.office.access.rules import NotThere, Refused
from opensocle.office.audit.models import Entry
from opensocle.office.audit.selectors import verify
from opensocle.office.audit.services import act
from opensocle.office.people.matching import compared, find_duplicates, judge_pair, open_pairs
from opensocle.office.people.models import Fact, Pair, Person
from opensocle.office.places.models import Area

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 1)
DISTRICTS = ("d01", "d02", "d04", "d05")


def registered(areas: dict[str, Area], count: int, twice: int, twins: int, seed: int) -> tuple[Made, dict[tuple[int, int], str]]:
    """Invented people in the registry; the pairs that are one, by primary keys."""
    made = make(count, twice, twins, seed, DISTRICTS)
    with act("test", by=None):
        people = register(made, areas)
    return made, {(people[one].pk, people[other].pk): kind for (one, other), kind in made.pairs.items()}


def found_pairs() -> dict[tuple[int, int], float]:
    return {(left, right): p for left, right, p in Pair.objects.values_list("left_id", "right_id", "probability")}


@pytest.mark.parametrize("seed", [1, 2])
def test_most_planted_duplicates_are_found_and_most_found_pairs_are_duplicates(areas: dict[str, Area], seed: int) -> None:
    made, true = registered(areas, 4_000, 240, 60, seed)
    find_duplicates(by=None, on=TODAY)
    found = found_pairs()
    hits = set(found) & set(true)
    missed = Counter(true[pair] for pair in set(true) - hits)
    recall, precision = len(hits) / len(true), len(hits) / len(found)
    assert recall >= 0.95, (recall, missed)
    assert precision >= 0.95, precision
    people = list(Person.plain.order_by("pk").values_list("pk", flat=True))
    twins = {(people[one], people[other]) for one, other in made.twins}
    assert len(twins & set(found)) <= 2, len(twins & set(found))
    assert not Person.plain.filter(merged_into__isnull=False).exists()


def person(areas: dict[str, Area], given: str, surname: str = "Sourotara", birth: date | None = date(1980, 5, 6), **more: object) -> Person:
    area = areas[str(more.pop("district", "d01"))]
    return Person.plain.create(given_name=given, surname=surname, birth_date=birth, area=area, district=area, sex="male", **more)


def test_the_classic_twins_are_two_and_the_classic_spellings_are_one(areas: dict[str, Area]) -> None:
    registered(areas, 2_000, 0, 0, 3)
    with act("test", by=None):
        hassan, hussein = person(areas, "Hassan"), person(areas, "Hussein")
        one, other = person(areas, "Mohamed", "Coulibaly"), person(areas, "Muhammad", "Koulibali")
        arabic, latin = person(areas, "محمد", "حسن", date(1990, 1, 2)), person(areas, "Mohamed", "Hassan", date(1990, 1, 2))
    find_duplicates(by=None, on=TODAY)
    found = found_pairs()
    assert (hassan.pk, hussein.pk) not in found
    assert (one.pk, other.pk) in found
    assert (arabic.pk, latin.pk) in found


def test_looking_again_finds_nothing_new_and_says_the_same(areas: dict[str, Area]) -> None:
    _, true = registered(areas, 600, 24, 0, 5)
    first = find_duplicates(by=None, on=TODAY)
    before = found_pairs()
    again = find_duplicates(by=None, on=TODAY)
    assert first.new == len(before) >= 0.9 * len(true) and (again.new, again.judged) == (0, 0)
    assert found_pairs() == before and verify().sound


def test_what_somebody_judged_is_not_asked_again(areas: dict[str, Area], user: Callable[..., User]) -> None:
    registered(areas, 600, 24, 0, 5)
    find_duplicates(by=None, on=TODAY)
    supervisor = user("supervisor", "XE")
    pair = open_pairs(supervisor, TODAY)[0]
    judge_pair(by=supervisor, on=TODAY, pair=pair, same=False)
    waiting = open_pairs(supervisor, TODAY).count()
    assert find_duplicates(by=None, on=TODAY).judged == 1
    pair.refresh_from_db()
    assert pair.verdict == "different" and open_pairs(supervisor, TODAY).count() == waiting
    entry = Entry.objects.get(action="pair.judge")
    assert entry.details["same"] is False and entry.by == supervisor
    with pytest.raises(InputError, match="O112"):
        judge_pair(by=supervisor, on=TODAY, pair=pair, same=False)


def test_a_supervisor_looks_and_judges_in_her_districts_only(areas: dict[str, Area], user: Callable[..., User]) -> None:
    registered(areas, 600, 24, 0, 5)
    found = find_duplicates(by=user("supervisor", "d01"), on=TODAY)
    assert found.persons == Person.plain.filter(district=areas["d01"]).count()
    find_duplicates(by=None, on=TODAY)
    supervisor = user("supervisor", "d02")
    assert all(pair.left.district == pair.right.district == areas["d02"] for pair in open_pairs(supervisor, TODAY))
    elsewhere = Pair.objects.exclude(left__district=areas["d02"])[0]
    with pytest.raises(NotThere):
        compared(supervisor, elsewhere.pk, TODAY)
    with pytest.raises(NotThere):
        judge_pair(by=supervisor, on=TODAY, pair=elsewhere, same=False)
    for role in ("caseworker", "analyst", "administrator"):
        with pytest.raises(Refused):
            find_duplicates(by=user(role, "d01"), on=TODAY)


def test_those_who_were_joined_or_erased_are_not_compared(areas: dict[str, Area]) -> None:
    registered(areas, 300, 0, 0, 6)
    with act("test", by=None):
        one = person(areas, GIVEN[0])
        person(areas, GIVEN[0], merged_into=one)
    find_duplicates(by=None, on=TODAY)
    assert not Pair.objects.exists()


def test_an_empty_registry_and_one_of_one_person_have_no_pairs(areas: dict[str, Area]) -> None:
    assert find_duplicates(by=None, on=TODAY).persons == 0
    with act("test", by=None):
        person(areas, "Awa")
    assert find_duplicates(by=None, on=TODAY).pairs == 0


@pytest.mark.parametrize("keep_older", [True, False])
def test_one_person_with_two_files_has_one_when_an_officer_says_so(areas: dict[str, Area], user: Callable[..., User], keep_older: bool) -> None:
    with act("test", by=None):
        older, newer = person(areas, "Awa"), person(areas, "Hawa")
        pair = Pair.objects.create(left=older, right=newer, probability=0.9)
    supervisor = user("supervisor", "d01")
    kept, gone = (older, newer) if keep_older else (newer, older)
    judge_pair(by=supervisor, on=TODAY, pair=pair, same=True, keep=kept)
    for one in (pair, kept, gone):
        one.refresh_from_db()
    assert (pair.verdict, gone.merged_into_id, kept.merged_into_id) == ("same", kept.pk, None)
    assert not open_pairs(supervisor, TODAY).exists()
    assert {entry.action for entry in Entry.objects.filter(by=supervisor)} >= {"pair.judge", "person.merge"} and verify().sound


def test_a_pair_whose_files_cannot_be_joined_stays_open(areas: dict[str, Area], user: Callable[..., User]) -> None:
    with act("test", by=None):
        left, right = person(areas, "Awa"), person(areas, "Hawa")
        Fact.objects.create(person=left, name="mother_id", value=right.reference, recorded=left.created)
        pair = Pair.objects.create(left=left, right=right, probability=0.9)
    with pytest.raises(InputError, match="O058"):
        judge_pair(by=user("supervisor", "d01"), on=TODAY, pair=pair, same=True)
    pair.refresh_from_db()
    assert pair.verdict == "open" and not Entry.objects.filter(action="pair.judge").exists()


def test_a_file_that_is_not_of_the_pair_cannot_be_kept(areas: dict[str, Area], user: Callable[..., User]) -> None:
    with act("test", by=None):
        left, right, other = person(areas, "Awa"), person(areas, "Hawa"), person(areas, "Yao")
        pair = Pair.objects.create(left=left, right=right, probability=0.9)
    with pytest.raises(NotThere):
        judge_pair(by=user("supervisor", "d01"), on=TODAY, pair=pair, same=True, keep=other)
