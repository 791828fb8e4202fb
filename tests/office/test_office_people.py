"""Files of persons: registering, correcting, dated facts, numbers, documents, consent, the end of a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from opensocle.errors import InputError, Problems
from opensocle.office.access.models import User
from opensocle.office.access.rules import NotThere, Refused
from opensocle.office.audit.models import Entry
from opensocle.office.audit.selectors import verify
from opensocle.office.people import services
from opensocle.office.people.models import Contact, Document, Fact, Identifier, Person, SearchKey, Spelling
from opensocle.office.people.selectors import facts_then, get_person, open_document, person_as_of
from opensocle.office.people.services import Birth, Names, Number
from opensocle.office.people.services.documents import path_of
from opensocle.office.places.models import Area

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
MakeUser = Callable[..., User]
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9"


@pytest.fixture
def officer(user: MakeUser) -> User:
    return user("caseworker", "d01")


@pytest.fixture
def supervisor(user: MakeUser) -> User:
    return user("supervisor", "d01")


@pytest.fixture
def awa(officer: User, areas: dict[str, Area]) -> Person:
    return register(officer, areas["d01"], "Awa", "Diallo", date(1990, 5, 17))


@pytest.fixture(autouse=True)
def documents_folder(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "documents"
    return settings.MEDIA_ROOT


def register(by: User, area: Area, given: str, surname: str = "", born: date | None = None, **more: Any) -> Person:
    return services.register_person(by=by, on=TODAY, area=area, names=Names(given, surname), birth=Birth(born), **more)


def codes(raised: pytest.ExceptionInfo[BaseException]) -> list[tuple[str, str]]:
    error = raised.value
    found = error.problems if isinstance(error, Problems) else [error]
    return [(one.code, one.at) for one in found if isinstance(one, InputError)]


# --- registering


def test_somebody_is_registered_without_any_document(officer: User, areas: dict[str, Area]) -> None:
    person = register(officer, areas["d01"], "  Awa  ", "Diallo")
    assert (person.name, person.district, person.birth_date) == ("Awa Diallo", areas["d01"], None)
    assert not person.identifiers.exists()
    entry = Entry.objects.get(action="person.register")
    assert (entry.by, entry.reference, entry.district_id) == (officer, person.reference, areas["d01"].pk)
    assert verify().sound


def test_names_in_any_script_and_any_number_of_identifiers(officer: User, areas: dict[str, Area]) -> None:
    person = services.register_person(
        by=officer,
        on=TODAY,
        area=areas["d01"],
        names=Names("محمد", "ولد أحمد", other_names=("Mohamed Ould Ahmed",)),
        birth=Birth(date(1960, 1, 1), "year"),
        sex="male",
        identifiers=[Number("national_id", "ab-12 345"), Number("passport", "P 77", "ML"), Number("refugee", "UN/9-1")],
        phones=["+223 76 12 34 56"],
        facts={"nationality": "ML"},
    )
    assert sorted(person.identifiers.values_list("type", "normal", "country")) == [
        ("national_id", "AB12345", "XE"),
        ("passport", "P77", "ML"),
        ("refugee", "UN91", "XE"),
    ]
    assert person.contacts.get().value == "+22376123456"
    assert person.facts.get().value == "ML"
    keys = set(person.keys.values_list("kind", "key"))
    assert {("w", "mhmd"), ("w", "mohamed"), ("i", "AB12345"), ("p", "22376123456")} <= keys
    assert Spelling.objects.get(word="mhmd").sound == Spelling.objects.get(word="mohamed").sound


def test_every_fault_of_a_registration_is_said_at_once(officer: User, areas: dict[str, Area]) -> None:
    with pytest.raises(Problems) as raised:
        services.register_person(
            by=officer,
            on=TODAY,
            area=areas["north"],
            names=Names("", ""),
            birth=Birth(TODAY + timedelta(days=1)),
            sex="f",
            identifiers=[Number("national_id", "-")],
            phones=["12"],
        )
    assert set(codes(raised)) == {("O050", "area"), ("O050", "given_name"), ("O050", "birth"), ("O050", "sex"), ("O051", "value"), ("O052", "phone")}
    assert not Person.plain.exists() and not Entry.objects.filter(action="person.register").exists()


@pytest.mark.parametrize(
    ("birth", "fits"),
    [
        (Birth(date(1990, 1, 1), "year"), True),
        (Birth(date(1990, 2, 1), "year"), False),
        (Birth(date(1990, 2, 1), "month"), True),
        (Birth(date(1990, 2, 2), "month"), False),
        (Birth(date(1890, 1, 1)), False),
        (Birth(date(1930, 7, 1), "estimated"), True),
        (Birth(date(1990, 1, 1), "hour"), False),
    ],
)
def test_a_date_of_birth_says_no_more_than_is_known(officer: User, areas: dict[str, Area], birth: Birth, fits: bool) -> None:
    def make() -> Person:
        return services.register_person(by=officer, on=TODAY, area=areas["d01"], names=Names("Awa"), birth=birth)

    if fits:
        assert make().birth_precision == birth.precision
    else:
        with pytest.raises(Problems):
            make()


def test_one_number_belongs_to_one_person(officer: User, user: MakeUser, areas: dict[str, Area]) -> None:
    register(officer, areas["d01"], "Awa", identifiers=[Number("national_id", "A1-23")])
    with pytest.raises(Problems) as raised:
        register(officer, areas["d01"], "Fatou", identifiers=[Number("national_id", "a123")])
    assert codes(raised) == [("O051", "value")]
    with pytest.raises(Problems):
        register(user("intake", "d02"), areas["d02"], "Fatou", identifiers=[Number("national_id", "A 123")])
    register(officer, areas["d01"], "Fatou", identifiers=[Number("passport", "A123"), Number("national_id", "A123", "ML")])
    with pytest.raises(IntegrityError), transaction.atomic():
        Identifier.objects.create(person=Person.plain.last(), type="national_id", country="XE", normal="A123", value="A123")  # type: ignore[misc]


def test_registering_needs_the_role_and_the_district(officer: User, user: MakeUser, areas: dict[str, Area]) -> None:
    with pytest.raises(NotThere):
        register(officer, areas["d02"], "Awa")
    with pytest.raises(Refused):
        register(user("supervisor", "d01"), areas["d01"], "Awa")


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("SN", "77 123 45 67", "+221771234567"),
        ("SN", "00221 77 123 45 67", "+221771234567"),
        ("GB", "07400 123456", "+447400123456"),
        ("FR", "06 12 34 56 78", "+33612345678"),
        ("XE", "+221771234567", "+221771234567"),
        ("XE", "0612 345-678", "0612345678"),
        ("SN", "٧٧١٢٣٤٥٦٧", "+221771234567"),
    ],
)
def test_a_telephone_is_kept_in_international_form(awa: Person, officer: User, settings: Any, country: str, typed: str, kept: str) -> None:
    from dataclasses import replace

    settings.PLACE = replace(settings.PLACE, country=country)
    assert services.add_contact(by=officer, on=TODAY, person=awa, kind="phone", value=typed).value == kept
    services.add_contact(by=officer, on=TODAY, person=awa, kind="phone", value=typed)
    assert Contact.objects.count() == 1
    with pytest.raises(InputError, match="O052"):
        services.add_contact(by=officer, on=TODAY, person=awa, kind="phone", value="call me")


def test_an_account_ends_where_the_next_begins(awa: Person, officer: User) -> None:
    services.add_account(by=officer, on=TODAY, person=awa, kind="bank", provider="Bank of Exemplia", number="xe 0012-3456")
    services.add_account(by=officer, on=date(2026, 4, 1), person=awa, kind="mobile", provider="Wave", number="+221771234567")
    assert list(awa.accounts.order_by("since").values_list("kind", "number", "since", "until")) == [
        ("bank", "XE00123456", TODAY, date(2026, 4, 1)),
        ("mobile", "+221771234567", date(2026, 4, 1), None),
    ]
    for faulty in ({"kind": "bank", "number": "12345"}, {"kind": "bank", "provider": "B", "number": "1"}, {"kind": "mobile", "number": "x"}):
        with pytest.raises(InputError, match="O052"):
            services.add_account(by=officer, on=TODAY, person=awa, **faulty)


# --- a newborn child, a displaced person


def test_a_newborn_child_is_linked_to_its_parents_and_joins_the_household(awa: Person, officer: User, areas: dict[str, Area]) -> None:
    home = services.make_household(by=officer, on=TODAY, head=awa, since=date(2020, 1, 1))
    father = register(officer, areas["d01"], "Moussa", "Sow", date(1985, 1, 1))
    child = services.register_newborn(
        by=officer, on=TODAY, mother=awa, father=father, names=Names("", "Diallo"), birth=Birth(date(2026, 3, 1)), sex="female"
    )
    facts = {fact.name: (fact.value, fact.since) for fact in child.facts.all()}
    born = date(2026, 3, 1)
    assert facts["mother_id"] == (awa.reference, born) and facts["father_id"] == (father.reference, born)
    assert facts["has_identity_document"] == ("false", born) and facts["birth_registered"] == ("false", born)
    place = child.memberships.get()
    assert (place.household, place.relationship, place.since) == (home, "child", born)
    assert child.identifiers.get().type == "provisional"


def test_a_parent_is_older_than_the_child_and_alive(awa: Person, officer: User) -> None:
    child = register(officer, awa.area, "Young", born=date(2020, 1, 1))
    with pytest.raises(Problems) as raised:
        services.register_newborn(by=officer, on=TODAY, mother=child, names=Names("A"), birth=Birth(date(2026, 3, 1)))
    assert codes(raised) == [("O050", "mother")]
    services.record_death(by=officer, on=TODAY, person=awa, died=date(2025, 8, 1))
    with pytest.raises(Problems):
        services.register_newborn(by=officer, on=TODAY, mother=awa, names=Names("A"), birth=Birth(date(2026, 3, 1)))
    services.register_newborn(by=officer, on=TODAY, mother=awa, names=Names("A"), birth=Birth(date(2025, 8, 1)))


def test_a_displaced_person_without_a_document_gets_a_household_and_dated_status(officer: User, areas: dict[str, Area]) -> None:
    fled = date(2025, 11, 3)
    person = services.register_displaced(by=officer, on=TODAY, place=areas["d01"], names=Names("Amina"), since=fled, sex="female")
    facts = {fact.name: (fact.value, fact.since) for fact in person.facts.all()}
    assert facts == {"migration_status": ("internally_displaced", fled), "has_identity_document": ("false", TODAY)}
    home = person.memberships.get().household
    assert {fact.name: fact.value for fact in home.facts.all()} == {"displaced_since": "2025-11-03", "place_type": "camp"}
    assert person.identifiers.get().value == person.reference
    with pytest.raises(Problems) as raised:
        services.register_displaced(by=officer, on=TODAY, place=areas["d01"], names=Names("B"), since=fled, status="tourist")
    assert codes(raised) == [("O053", "value")]


# --- corrections


def test_a_correction_has_a_reason_and_can_be_read_as_it_was(awa: Person, officer: User) -> None:
    before = datetime.now(tz=UTC)
    services.change_person(by=officer, on=TODAY, person=awa, reason="new_document", names=Names("Hawa", "Diallo"), birth=Birth(date(1991, 5, 17)))
    entry = Entry.objects.get(action="person.change")
    assert entry.details == {"reason": "new_document", "changed": ["names", "birth"]}
    then, now = (person_as_of(officer, awa.reference, TODAY, known=known) for known in (before, None))
    assert (then.name, then.birth_date) == ("Awa Diallo", date(1990, 5, 17))
    assert (now.name, now.birth_date) == ("Hawa Diallo", date(1991, 5, 17))
    assert SearchKey.objects.filter(key="hawa").exists() and not SearchKey.objects.filter(key="awa").exists()
    with pytest.raises(InputError, match="O050"):
        services.change_person(by=officer, on=TODAY, person=awa, reason="because", sex="male")


def test_nothing_is_known_of_somebody_before_she_was_registered(awa: Person, officer: User) -> None:
    with pytest.raises(NotThere):
        person_as_of(officer, awa.reference, TODAY, known=datetime(2000, 1, 1, tzinfo=UTC))


def test_a_death_ends_memberships_and_can_be_taken_back(awa: Person, officer: User) -> None:
    home = services.make_household(by=officer, on=TODAY, head=awa, since=date(2020, 1, 1))
    services.record_death(by=officer, on=TODAY, person=awa, died=date(2026, 3, 5))
    home.refresh_from_db()
    assert awa.memberships.get().until == date(2026, 3, 6) == home.until
    services.take_back_death(by=officer, on=TODAY, person=awa, reason="typing_error")
    awa.refresh_from_db()
    assert awa.death_date is None
    for died in (TODAY + timedelta(days=1), date(1980, 1, 1)):
        with pytest.raises(InputError, match="O050"):
            services.record_death(by=officer, on=TODAY, person=awa, died=died)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.plain.filter(pk=awa.pk).update(death_date=date(1980, 1, 1))


def test_a_restricted_file_can_be_read_but_not_changed(awa: Person, officer: User, supervisor: User) -> None:
    with pytest.raises(Refused):
        services.restrict(by=officer, on=TODAY, person=awa)
    services.restrict(by=supervisor, on=TODAY, person=awa)
    assert get_person(officer, awa.reference, TODAY) == awa
    with pytest.raises(InputError, match="O056"):
        services.change_person(by=officer, on=TODAY, person=awa, reason="statement", sex="male")
    with pytest.raises(InputError, match="O056"):
        services.record_fact(by=officer, on=TODAY, about=awa, name="earnings", value="1", since=TODAY)
    services.lift_restriction(by=supervisor, on=TODAY, person=awa)
    services.change_person(by=officer, on=TODAY, person=awa, reason="statement", sex="male")


# --- dated facts


def facts(person: Person, name: str = "earnings") -> list[tuple[str, date | None, date | None]]:
    return [(fact.value, fact.since, fact.until) for fact in facts_then(person) if fact.name == name]


def test_a_new_fact_ends_the_one_before_on_its_first_day(awa: Person, officer: User) -> None:
    for value, since in ((100, date(2024, 1, 1)), (200, date(2025, 1, 1))):
        services.record_fact(by=officer, on=TODAY, about=awa, name="earnings", value=Decimal(value), since=since)
    assert facts(awa) == [("100", date(2024, 1, 1), date(2025, 1, 1)), ("200", date(2025, 1, 1), None)]


def test_a_fact_recorded_late_does_not_cover_what_is_known_of_later(awa: Person, officer: User) -> None:
    services.record_fact(by=officer, on=TODAY, about=awa, name="earnings", value="200", since=date(2025, 1, 1))
    services.record_fact(by=officer, on=TODAY, about=awa, name="earnings", value="100", since=None)
    assert facts(awa) == [("100", None, date(2025, 1, 1)), ("200", date(2025, 1, 1), None)]


def test_a_fact_with_an_end_cuts_a_piece_out(awa: Person, officer: User) -> None:
    services.record_fact(by=officer, on=TODAY, about=awa, name="earnings", value="100", since=None)
    services.record_fact(by=officer, on=TODAY, about=awa, name="earnings", value="0", since=date(2025, 3, 1), until=date(2025, 6, 1))
    assert facts(awa) == [("100", None, date(2025, 3, 1)), ("0", date(2025, 3, 1), date(2025, 6, 1)), ("100", date(2025, 6, 1), None)]


def test_what_was_known_before_stays_readable(awa: Person, officer: User) -> None:
    fact = services.record_fact(by=officer, on=TODAY, about=awa, name="earnings", value="100", since=date(2024, 1, 1))
    moment = fact.recorded
    services.correct_fact(by=officer, on=TODAY, fact=fact, value="150", since=date(2024, 1, 1), until=None, reason="typing_error")
    then = person_as_of(officer, awa.reference, date(2024, 6, 1), known=moment)
    now = person_as_of(officer, awa.reference, date(2024, 6, 1))
    before = person_as_of(officer, awa.reference, date(2023, 6, 1))
    assert [[f.value for f in seen.facts] for seen in (then, now, before)] == [["100"], ["150"], []]
    with pytest.raises(InputError, match="O056"):
        services.correct_fact(by=officer, on=TODAY, fact=fact, value="1", since=None, until=None, reason="typing_error")


def test_the_same_fact_again_changes_nothing(awa: Person, officer: User) -> None:
    one = services.record_fact(by=officer, on=TODAY, about=awa, name="earnings", value="100", since=date(2024, 1, 1))
    two = services.record_fact(by=officer, on=TODAY, about=awa, name="earnings", value="100.00", since=date(2025, 1, 1))
    assert one == two and Fact.objects.count() == 1


def test_a_fact_ends_or_is_taken_back(awa: Person, officer: User) -> None:
    fact = services.record_fact(by=officer, on=TODAY, about=awa, name="pregnant", value=True, since=date(2025, 6, 1))
    for wrong in (date(2025, 6, 1), date(2025, 1, 1)):
        with pytest.raises(InputError, match="O054"):
            services.end_fact(by=officer, on=TODAY, fact=fact, until=wrong)
    ended = services.end_fact(by=officer, on=TODAY, fact=fact, until=date(2026, 3, 1))
    assert facts(awa, "pregnant") == [("true", date(2025, 6, 1), date(2026, 3, 1))]
    services.retract_fact(by=officer, on=TODAY, fact=ended, reason="typing_error")
    assert facts(awa, "pregnant") == [] and Fact.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("earnings", "-1", "O053"),
        ("earnings", "ten", "O053"),
        ("earnings", "1.001", "O053"),
        ("marital_status", "engaged", "O053"),
        ("birth_date", "1990-01-01", "O053"),
        ("age", "7", "O053"),
        ("shoe_size", "42", "O053"),
        ("spouse_id", "7KQ2-M9XD-4TRC", "O053"),
        ("unemployed_since", "2025-13-01", "O053"),
        ("pregnant", "yes", "O053"),
    ],
)
def test_names_and_values_are_those_of_the_vocabulary(awa: Person, officer: User, name: str, value: str, code: str) -> None:
    with pytest.raises(InputError, match=code):
        services.record_fact(by=officer, on=TODAY, about=awa, name=name, value=value, since=TODAY)
    assert not Fact.objects.exists()


@pytest.mark.parametrize(("given", "kept"), [("30.50", "30.5"), (Decimal("100"), "100"), ("0.00", "0"), (" 7 ", "7")])
def test_one_value_has_one_text(awa: Person, officer: User, given: object, kept: str) -> None:
    assert services.record_fact(by=officer, on=TODAY, about=awa, name="earnings", value=given, since=TODAY).value == kept


def test_a_relative_is_somebody_whom_the_user_may_see(awa: Person, officer: User, user: MakeUser, areas: dict[str, Area]) -> None:
    here = register(officer, areas["d01"], "Moussa")
    there = register(user("intake", "d02"), areas["d02"], "Ibrahim")
    services.record_fact(by=officer, on=TODAY, about=awa, name="spouse_id", value=here.reference.lower().replace("-", " "), since=TODAY)
    assert facts(awa, "spouse_id")[0][0] == here.reference
    for other in (there, awa):
        with pytest.raises(InputError, match="O053"):
            services.record_fact(by=officer, on=TODAY, about=awa, name="spouse_id", value=other.reference, since=TODAY)


def test_days_of_a_fact_are_in_order_and_near(awa: Person, officer: User) -> None:
    for since, until in ((TODAY, TODAY), (date(1700, 1, 1), None), (date(2036, 1, 1), None)):
        with pytest.raises(InputError, match="O054"):
            services.record_fact(by=officer, on=TODAY, about=awa, name="earnings", value="1", since=since, until=until)
    with pytest.raises(IntegrityError), transaction.atomic():
        Fact.objects.create(person=awa, name="earnings", value="1", since=TODAY, until=TODAY, recorded=datetime.now(tz=UTC))
    with pytest.raises(IntegrityError), transaction.atomic():
        Fact.objects.create(name="earnings", value="1", recorded=datetime.now(tz=UTC))


def test_a_row_of_a_history_is_checked_and_written_once(awa: Person, officer: User) -> None:
    values = {"contingency": "birth", "children_born": 1}
    row = services.add_record(by=officer, on=TODAY, person=awa, table="events", start=date(2026, 3, 1), values=values)
    again = services.add_record(by=officer, on=TODAY, person=awa, table="events", start=date(2026, 3, 1), values=values)
    assert row == again and row.values == {"contingency": "birth", "children_born": "1"}
    with pytest.raises(Problems) as raised:
        services.add_record(by=officer, on=TODAY, person=awa, table="events", start=TODAY, values={"contingency": "x", "colour": "y"})
    assert codes(raised) == [("O053", "contingency"), ("O053", "colour")]
    services.withdraw_record(by=officer, on=TODAY, record=row, reason="typing_error")
    row.refresh_from_db()
    assert row.withdrawn is not None


# --- documents and consent


@pytest.mark.parametrize(("content", "media_type"), [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")])
def test_a_document_is_kept_under_its_reference(awa: Person, officer: User, documents_folder: Path, content: bytes, media_type: str) -> None:
    document = services.add_document(by=officer, on=TODAY, person=awa, kind="payslip", content=content, title="../../March")
    assert document.media_type == media_type
    assert path_of(document) == documents_folder / document.reference[:2] / document.reference
    assert path_of(document).stat().st_mode & 0o077 == 0
    assert open_document(officer, document.reference, TODAY) == (document, content)
    assert services.add_document(by=officer, on=TODAY, person=awa, kind="other", content=content) == document
    assert Entry.objects.get(action="document.read").details == {"document": document.reference}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\0 a program",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a",
        PDF[:20],
        b"%PDF-1.4 <</S/JavaScript/JS(app.alert(1))>> %%EOF",
        b"\xff\xd8\xff not finished",
        b"PK\x03\x04",
        PDF + b"\0" * 9_000_000,
    ],
)
def test_what_is_no_whole_passive_pdf_jpeg_or_png_is_refused(awa: Person, officer: User, documents_folder: Path, content: bytes) -> None:
    with pytest.raises(InputError, match="O057"):
        services.add_document(by=officer, on=TODAY, person=awa, kind="other", content=content)
    assert not Document.plain.exists() and not list(documents_folder.rglob("*"))


def test_a_document_that_was_changed_in_the_folder_is_not_shown(awa: Person, officer: User) -> None:
    document = services.add_document(by=officer, on=TODAY, person=awa, kind="other", content=PDF)
    path_of(document).write_bytes(PNG)
    with pytest.raises(InputError, match="O057"):
        open_document(officer, document.reference, TODAY)


def test_a_document_of_another_district_is_not_there(awa: Person, officer: User, user: MakeUser) -> None:
    document = services.add_document(by=officer, on=TODAY, person=awa, kind="other", content=PDF)
    with pytest.raises(NotThere):
        open_document(user("caseworker", "d02"), document.reference, TODAY)
    with pytest.raises(Refused):
        open_document(user("payments", "d01"), document.reference, TODAY)


def test_consent_is_given_and_taken_back(awa: Person, officer: User) -> None:
    consent = services.give_consent(by=officer, on=TODAY, person=awa, purpose="messages")
    assert services.give_consent(by=officer, on=TODAY, person=awa, purpose="messages") == consent
    services.withdraw_consent(by=officer, on=date(2026, 4, 1), consent=consent)
    consent.refresh_from_db()
    assert consent.withdrawn == date(2026, 4, 1)
    with pytest.raises(InputError, match="O050"):
        services.give_consent(by=officer, on=TODAY, person=awa, purpose="advertising")


# --- the end of a file


def test_a_file_is_erased_when_its_time_has_ended(awa: Person, officer: User, supervisor: User) -> None:
    number = services.add_identifier(by=officer, on=TODAY, person=awa, number=Number("national_id", "A123"))
    services.add_contact(by=officer, on=TODAY, person=awa, kind="phone", value="+221771234567")
    document = services.add_document(by=officer, on=TODAY, person=awa, kind="other", content=PDF)
    services.record_fact(by=officer, on=TODAY, about=awa, name="earnings", value="100", since=date(2024, 1, 1))
    services.record_death(by=officer, on=TODAY, person=awa, died=date(2026, 3, 5))
    with pytest.raises(InputError, match="O056"):
        services.erase_person(by=supervisor, on=date(2036, 1, 1), person=awa)
    much_later = date(2045, 1, 1)
    person = services.erase_person(by=supervisor, on=much_later, person=awa, months=60)
    assert (person.name, person.birth_date, person.birth_precision) == ("", date(1990, 1, 1), "year")
    assert not Identifier.objects.filter(pk=number.pk).exists() and not Contact.objects.exists() and not SearchKey.objects.exists()
    assert not Spelling.objects.filter(word="awa").exists()
    assert [fact.value for fact in person.facts.all()] == ["100"]
    with pytest.raises(NotThere):
        open_document(supervisor, document.reference, TODAY)
    with pytest.raises(InputError, match="O056"):
        services.change_person(by=officer, on=TODAY, person=person, reason="statement", names=Names("Awa"))
    assert verify().sound


def test_a_name_is_kept_by_every_file_that_is_not_erased(awa: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.plain.filter(pk=awa.pk).update(given_name="", surname="")


def test_reading_a_file_is_an_act_and_what_is_elsewhere_is_not_there(awa: Person, officer: User, user: MakeUser) -> None:
    get_person(officer, awa.reference, TODAY)
    entry = Entry.objects.get(action="person.read")
    assert (entry.by, entry.reference) == (officer, awa.reference)
    for reference in (awa.reference, "7KQ2-M9XD-4TRC"):
        with pytest.raises(NotThere):
            get_person(user("caseworker", "d02"), reference, TODAY)
    with pytest.raises(Refused):
        get_person(user("analyst", "XE"), awa.reference, TODAY)
    assert Entry.objects.filter(action="person.read").count() == 1


def test_the_audit_holds_no_name_and_no_number(awa: Person, officer: User) -> None:
    services.add_identifier(by=officer, on=TODAY, person=awa, number=Number("national_id", "A123"))
    services.add_contact(by=officer, on=TODAY, person=awa, kind="phone", value="+221771234567")
    services.record_fact(by=officer, on=TODAY, about=awa, name="earnings", value="9417", since=TODAY)
    said = " ".join(str(details) for details in Entry.objects.values_list("details", flat=True))
    assert not any(secret in said for secret in ("Awa", "Diallo", "A123", "771234567", "9417", "1990"))
