"""Finding people, in any spelling and script, and noticing that somebody is registered already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensocle.office.access.models import User
from opensocle.office.access.rules import Refused
from opensocle.office.audit.models import Entry
from opensocle.office.people import services
from opensocle.office.people.models import Person
from opensocle.office.people.naming import name_words, normal_identifier, sound, words
from opensocle.office.people.selectors import Filters, Typed, possible_duplicates, search
from opensocle.office.people.selectors.duplicates import birth_likeness
from opensocle.office.people.selectors.searching import after
from opensocle.office.people.services import Birth, Names, Number
from opensocle.office.places.models import Area

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
MakeUser = Callable[..., User]
Register = Callable[..., Person]


@pytest.fixture
def officer(user: MakeUser) -> User:
    return user("caseworker", "d01")


@pytest.fixture
def register(areas: dict[str, Area]) -> Register:
    def make(given: str, surname: str = "", born: date | None = None, area: str = "d01", **more: object) -> Person:
        names = Names(given, surname)
        return services.register_person(by=None, on=TODAY, area=areas[area], names=names, birth=Birth(born), **more)  # type: ignore[arg-type]

    return make


def found(user: User, text: str, **filters: object) -> list[str]:
    return [person.name for person in search(user, text, TODAY, Filters(**filters)).people]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "spellings",
    [
        "Mohamed Mouhamed Muhammad Mohammed محمد Мухаммед ሙሐመድ",
        "Fatima Fatma فاطمة Фатима",
        "Aïcha Aisha عائشة",
        "Ousmane Usman Osman عثمان",
        "Oumar Umar عمر",
        "Diallo Jallow Jalloh",
        "Khadija Kadidja خديجة",
        "Souleymane Sulaiman سليمان",
        "N'Guessan Nguessan",
        "Coulibaly Koulibaly",
        "Cheikh Sheikh شيخ",
        "Nguyễn Nguyen",
    ],
)
def test_a_name_is_found_in_every_spelling_and_script(officer: User, register: Register, spellings: str) -> None:
    for spelling in spellings.split():
        register(spelling, "Zzyx")
    register("Somebody", "Else")
    for spelling in spellings.split():
        assert set(found(officer, f"{spelling} Zzyx")) == {f"{other} Zzyx" for other in spellings.split()}, spelling
        assert words(found(officer, spelling)[0].removesuffix(" Zzyx")) == words(spelling)


def test_names_are_found_in_any_order_without_accents_and_by_their_beginning(officer: User, register: Register) -> None:
    register("Aïssatou", "N'Diaye")
    register("Moussa", "Traoré")
    for text in ("aissatou ndiaye", "NDIAYE AISSATOU", "ndiaye aiss", "Aïssa", "n'diaye", "  ndia  "):
        assert found(officer, text) == ["Aïssatou N'Diaye"], text
    assert found(officer, "Kouassi") == []


def test_words_written_apart_or_together_are_one_name(officer: User, register: Register) -> None:
    register("عبد الله", "Sow")
    register("王小明")
    assert found(officer, "Abdallah Sow") == ["عبد الله Sow"]
    for text in ("Wang Xiaoming", "Xiao Ming Wang", "王小明"):
        assert found(officer, text) == ["王小明"], text


def test_the_nearest_spelling_comes_first(officer: User, register: Register) -> None:
    for name in ("Mouhamed", "Mohamed", "Mohammed"):
        register(name, "Sow")
    assert found(officer, "Mohammed Sow") == ["Mohammed Sow", "Mohamed Sow", "Mouhamed Sow"]


def test_numbers_telephones_and_references_are_found(officer: User, register: Register) -> None:
    awa = register("Awa", "Ba", identifiers=[Number("national_id", "SN-77 1234")], phones=["+221 77 123 45 67"])
    register("Moussa", "Ba")
    for text in (
        "sn771234",
        "SN-771234",
        "+221771234567",
        "00221 77 123 45 67",
        awa.reference,
        awa.reference.lower().replace("-", ""),
        "Awa SN771234",
    ):
        assert found(officer, text) == ["Awa Ba"], text
    for text in ("77", "SN771235", "7KQ2-M9XD-4TRC", "", "   ", "%", "' OR 1=1 --"):
        assert found(officer, text) == [], text


def test_a_year_of_birth_and_filters_narrow_a_search(officer: User, register: Register, areas: dict[str, Area]) -> None:
    register("Awa", "Ba", date(1990, 5, 1), sex="female")
    register("Awa", "Bah", date(1991, 5, 1), sex="female")
    register("Awa", "Baa", date(1990, 5, 1), sex="male")
    assert sorted(found(officer, "Awa 1990")) == ["Awa Ba", "Awa Baa"]
    for typed in ("Awa 1/5/1991", "01.05.1991 Awa", "Awa 1991-05-01"):
        assert found(officer, typed) == ["Awa Bah"]
    assert found(officer, "Awa 31/2/1991") == []
    assert found(officer, "Awa", birth_year=1991) == ["Awa Bah"]
    assert found(officer, "Awa 1990", sex="female") == ["Awa Ba"]
    assert found(officer, "Awa", district="d02") == []


def test_nothing_of_another_district_is_found(officer: User, user: MakeUser, register: Register) -> None:
    there = register("Awa", "Ba", area="d02", identifiers=[Number("national_id", "SN771234")], phones=["+221771234567"])
    for text in ("Awa", "Awa Ba", "SN771234", "+221771234567", there.reference):
        assert found(officer, text) == []
        assert found(user("caseworker", "d02"), text) == ["Awa Ba"]
        assert found(user("auditor", "XE"), text) == ["Awa Ba"]
    with pytest.raises(Refused):
        search(user("analyst", "XE"), "Awa", TODAY)


def test_at_most_25_are_shown_and_it_is_said_that_there_are_more(officer: User, register: Register) -> None:
    for number in range(30):
        register("Awa", f"Ba{chr(97 + number % 26)}{number // 26}")
    result = search(officer, "awa", TODAY)
    assert len(result.hits) == 25 and result.more
    assert not search(officer, "awa bab", TODAY).more


def test_a_search_is_an_act_with_references_and_without_what_was_typed(officer: User, register: Register) -> None:
    awa = register("Awa", "Ba")
    found(officer, "Awa secretword")
    found(officer, "Awa")
    entries = Entry.objects.filter(action="person.search").order_by("pk")
    assert [entry.details["shown"] for entry in entries] == [[], [awa.reference]]
    assert not any("Awa" in str(entry.details) or "secret" in str(entry.details) for entry in entries)


# --- duplicates


def duplicates(user: User, names: Names, born: date | None = None, **more: object) -> list[tuple[str, tuple[str, ...]]]:
    typed = Typed(names, Birth(born), **more)  # type: ignore[arg-type]
    return [(one.person.name, one.reasons) for one in possible_duplicates(user, typed, TODAY).found]


def test_somebody_who_may_be_registered_is_shown_with_the_reasons(officer: User, register: Register) -> None:
    register("Mouhamed", "Diallo", date(1980, 5, 17))
    register("Binta", "Sow", date(1980, 5, 17))
    assert duplicates(officer, Names("Mohamed", "Jallow"), date(1980, 5, 17)) == [("Mouhamed Diallo", ("similar_name", "same_birth"))]
    assert duplicates(officer, Names("Diallo", "Mouhamed"), date(1980, 5, 17)) == [("Mouhamed Diallo", ("same_name", "same_birth"))]
    assert duplicates(officer, Names("Mohamed", "Diallo"), date(1980, 5, 18)) == [("Mouhamed Diallo", ("similar_name", "close_birth"))]
    assert duplicates(officer, Names("Mohamed", "Diallo"), date(1955, 1, 3)) == []
    assert duplicates(officer, Names("Ibrahima", "Konaté"), date(1980, 5, 17)) == []


def test_a_number_or_telephone_gives_somebody_of_another_name_away(officer: User, register: Register) -> None:
    number = Number("national_id", "N-100")
    register("Awa", "Ba", date(1980, 1, 1), identifiers=[number], phones=["+221771234567"])
    assert duplicates(officer, Names("Xu", "Yi"), identifiers=(Number("national_id", "n 100"),)) == [("Awa Ba", ("same_identifier",))]
    assert duplicates(officer, Names("Awa", "Baldé"), date(1980, 6, 1), phones=("+221771234567",))[0][1][0] == "same_phone"
    assert duplicates(officer, Names("Xu", "Yi"), phones=("+221771234567",)) == []


def test_of_another_district_only_that_a_number_is_there_is_said(officer: User, register: Register) -> None:
    register("Awa", "Ba", date(1980, 1, 1), area="d02", identifiers=[Number("national_id", "N-100")], phones=["+221771234567"])
    typed = Typed(Names("Awa", "Ba"), Birth(date(1980, 1, 1)), (Number("national_id", "N100"),), ("+221771234567",))
    result = possible_duplicates(officer, typed, TODAY)
    assert result.found == () and result.elsewhere
    assert not possible_duplicates(officer, Typed(Names("Awa", "Ba"), Birth(date(1980, 1, 1))), TODAY).elsewhere


@pytest.mark.parametrize(
    ("left", "right", "least", "most"),
    [
        (Birth(date(1980, 5, 7)), Birth(date(1980, 5, 7)), 1.0, 1.0),
        (Birth(date(1980, 5, 7)), Birth(date(1980, 7, 5)), 0.85, 0.95),
        (Birth(date(1980, 5, 7)), Birth(date(1980, 1, 1), "year"), 0.8, 0.9),
        (Birth(date(1980, 5, 7)), Birth(date(1982, 1, 1), "estimated"), 0.65, 0.75),
        (Birth(date(1980, 5, 7)), Birth(date(1990, 5, 7)), 0.65, 0.75),
        (Birth(date(1980, 5, 7)), Birth(date(1951, 11, 23)), 0.0, 0.0),
        (Birth(), Birth(date(1980, 5, 7)), 0.5, 0.5),
    ],
)
def test_dates_of_birth_are_near_or_far(left: Birth, right: Birth, least: float, most: float) -> None:
    assert least <= birth_likeness(left, right) <= most
    assert birth_likeness(left, right) == birth_likeness(right, left)


# --- words and sounds


@given(st.text(max_size=30))
def test_words_are_letters_and_figures_and_read_again_the_same(text: str) -> None:
    said = words(text)
    assert all(word.isascii() and word.isalnum() and word == word.lower() and 0 < len(word) <= 40 for word in said)
    assert words(" ".join(said)) == said
    assert all(sound(word) for word in name_words([text]))
    assert normal_identifier(normal_identifier(text)) == normal_identifier(text)


@given(st.text(alphabet="abz09", min_size=1, max_size=6), st.text(alphabet="abz09", max_size=4))
def test_what_begins_so_lies_before_what_comes_after(beginning: str, rest: str) -> None:
    assert beginning <= beginning + rest < after(beginning)
