"""The pages of people and households, as officers use them: without JavaScript, in both languages, in their own district only."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from opensocle.office.access.models import User
from opensocle.office.audit.models import Entry
from opensocle.office.people import services
from opensocle.office.people.models import Document, Draft, Fact, Household, Merge, Person
from opensocle.office.people.services import Birth, Names, Number
from opensocle.office.people.services.documents import path_of
from opensocle.office.people.views.acting import HOUSEHOLD, PERSON
from opensocle.office.places.models import Area

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(autouse=True)
def documents_folder(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "documents"
    return settings.MEDIA_ROOT


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def officer(user: MakeUser) -> User:
    return user("caseworker", "d01")


@pytest.fixture
def page(client: Client, officer: User) -> Client:
    return signed_in(client, officer)


@pytest.fixture
def awa(areas: dict[str, Area], today: date) -> Person:
    return services.register_person(
        by=None,
        on=today,
        area=areas["d01"],
        names=Names("Awa", "Diallo", other_names=("أوا",)),
        birth=Birth(date(1990, 5, 17)),
        sex="female",
        identifiers=[Number("national_id", "A-123")],
        phones=["+221771234567"],
    )


@pytest.fixture
def home(awa: Person, today: date) -> Household:
    return services.make_household(by=None, on=today, head=awa, since=date(2020, 1, 1))


def signed_in(client: Client, who: User, language: str = "en") -> Client:
    User.objects.filter(pk=who.pk).update(language=language)
    client.force_login(User.objects.get(pk=who.pk), backend="django.contrib.auth.backends.ModelBackend")
    client.cookies.load({"django_language": language})
    return client


def text(response: Any) -> str:
    """What a page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def day(name: str, when: date) -> dict[str, str]:
    return {f"{name}_0": str(when.day), f"{name}_1": str(when.month), f"{name}_2": str(when.year)}


# --- search


def test_the_search_page_finds_and_links(page: Client, awa: Person) -> None:
    assert "Whom do you look for?" in text(page.get("/people/"))
    found = page.get("/people/", {"q": "diallo awa"})
    assert f'href="/people/{awa.reference}/"' in found.content.decode() and "17 May 1990" in text(found)
    assert "Nobody was found" in text(page.get("/people/", {"q": "Kouassi"}))
    part = page.get("/people/results/", {"q": "awa"}, headers={"HX-Request": "true"})
    assert "Awa Diallo" in text(part) and "<html" not in part.content.decode()
    assert "Awa" not in text(page.get("/people/results/", {"q": "aw"}))


def test_a_search_from_another_district_finds_nobody(client: Client, user: MakeUser, awa: Person) -> None:
    stranger = signed_in(client, user("caseworker", "d02"))
    for typed in ("Awa", "A-123", "+221771234567", awa.reference):
        assert "Awa Diallo" not in text(stranger.get("/people/", {"q": typed}))


def test_who_may_search_but_not_read_gets_no_link(client: Client, user: MakeUser, awa: Person) -> None:
    payer = signed_in(client, user("payments", "d01"))
    found = payer.get("/people/", {"q": "Awa"})
    assert "Awa Diallo" in text(found) and f'href="/people/{awa.reference}/"' not in found.content.decode()
    assert payer.get(f"/people/{awa.reference}/").status_code == 403


# --- registering


@pytest.mark.parametrize("language", ["en", "fr"])
def test_somebody_is_registered_one_question_a_page(client: Client, officer: User, language: str) -> None:
    page = signed_in(client, officer, language)
    start = page.post("/people/register/", {"flow": "person"})
    base = start.url.rsplit("/", 2)[0]
    for name, answer in (
        ("names", {"given_name": "محمد", "surname": "Sow", "other_names": "Mohamed, Mo"}),
        ("birth", {"birth_2": "1960"}),
        ("sex", {"sex": "male"}),
        ("documents", {"type": "passport", "value": "P-100", "country": "SN", "another": "1"}),
        ("documents", {"type": "refugee", "value": "R-22", "country": "XE"}),
        ("place", {"area": "d01", "address": "Near the well"}),
        ("contacts", {"phone": "+221 77 123 45 67"}),
    ):
        assert page.get(f"{base}/{name}/").status_code == 200
        assert page.post(f"{base}/{name}/", answer).status_code == 302, name
    check = text(page.get(f"{base}/check/"))
    assert "محمد Sow" in check and "R-22" in check and "1960" in check
    last = page.post(f"{base}/check/", {})
    person = Person.plain.get()
    assert last.url == f"/people/{person.reference}/"
    assert (person.birth_precision, person.sex, person.address, person.other_names) == ("year", "male", "Near the well", ["Mohamed", "Mo"])
    assert sorted(person.identifiers.values_list("type", "country")) == [("passport", "SN"), ("refugee", "XE")]
    assert not Draft.objects.exists()


def test_a_page_says_what_is_wrong_and_keeps_what_was_typed(page: Client) -> None:
    base = page.post("/people/register/", {"flow": "person"}).url.rsplit("/", 2)[0]
    wrong = page.post(f"{base}/names/", {"second_name": "Kept"})
    assert wrong.status_code == 422
    assert (
        "Enter a given name or a surname." in text(wrong) and 'href="#id_given_name"' in wrong.content.decode() and "Kept" in wrong.content.decode()
    )
    page.post(f"{base}/names/", {"given_name": "Awa"})
    wrong = page.post(f"{base}/birth/", {"birth_0": "31", "birth_1": "2", "birth_2": "1990"})
    assert wrong.status_code == 422 and "There is no such date" in text(wrong)
    assert page.get(f"{base}/check/").url.endswith("/birth/")


def test_a_change_from_the_last_page_leads_back_to_it(page: Client) -> None:
    base = page.post("/people/register/", {"flow": "person"}).url.rsplit("/", 2)[0]
    answers = {"names": {"given_name": "Awa"}, "birth": {}, "sex": {"sex": "female"}, "documents": {}, "place": {"area": "d01"}, "contacts": {}}
    asked = [page.post(f"{base}/{name}/", answer).url.rsplit("/", 2)[1] for name, answer in answers.items()]
    assert asked == ["birth", "sex", "documents", "place", "contacts", "check"]
    assert page.post(f"{base}/names/", {"given_name": "Hawa"}).url == f"{base}/check/"
    assert "Hawa" in text(page.get(f"{base}/check/"))


def test_every_field_that_is_left_empty_says_what_to_do(page: Client, awa: Person) -> None:
    for name in ("number", "document", "account", "consent", "transfer", "death", "join"):
        wrong = page.post(f"/people/{awa.reference}/do/{name}/", {})
        assert wrong.status_code == 422 and "This field is required" not in text(wrong), name
    assert "Choose a file." in text(page.post(f"/people/{awa.reference}/do/document/", {}))


def test_a_registration_is_kept_for_later_for_its_user_only(client: Client, page: Client, user: MakeUser) -> None:
    base = page.post("/people/register/", {"flow": "displaced"}).url.rsplit("/", 2)[0]
    later = page.post(f"{base}/names/", {"given_name": "Amina", "later": "1"})
    assert later.url == "/people/register/"
    assert "A displaced person without a document" in text(page.get("/people/register/"))
    assert "Amina" in page.get(f"{base}/names/").content.decode()
    colleague = signed_in(Client(), user("caseworker", "d01", "colleague"))
    assert colleague.get(f"{base}/names/").status_code == 404
    Draft.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert page.get(f"{base}/names/").status_code == 404


def test_somebody_who_may_be_registered_is_shown_before_saving(
    page: Client, awa: Person, user: MakeUser, areas: dict[str, Area], today: date
) -> None:
    services.register_person(by=None, on=today, area=areas["d02"], names=Names("Secret", "Person"), identifiers=[Number("national_id", "Z-99")])
    base = page.post("/people/register/", {"flow": "person"}).url.rsplit("/", 2)[0]
    for name, answer in (
        ("names", {"given_name": "Hawa", "surname": "Jallow"}),
        ("birth", {"birth_0": "17", "birth_1": "5", "birth_2": "1990"}),
        ("sex", {"sex": "female"}),
        ("documents", {"type": "national_id", "value": "Z99", "country": "XE"}),
        ("place", {"area": "d01"}),
        ("contacts", {}),
    ):
        page.post(f"{base}/{name}/", answer)
    shown = page.get(f"{base}/check/")
    assert "Awa Diallo" in text(shown) and "was born on the same day" in text(shown)
    assert "A number is registered in another district" in text(shown) and "Secret" not in text(shown)
    refused = page.post(f"{base}/check/", {})
    assert refused.status_code == 422 and Person.plain.count() == 2
    refused = page.post(f"{base}/check/", {"nobody": "on"})
    assert refused.status_code == 422 and "Somebody is registered with this number already." in text(refused)
    page.post(f"{base}/documents/", {"remove": "0"})
    assert page.post(f"{base}/check/", {"nobody": "on"}).status_code == 302
    assert Person.plain.filter(given_name="Hawa").exists()


def test_a_newborn_child_is_registered_from_its_mothers_file(page: Client, awa: Person, home: Household, today: date) -> None:
    base = page.post("/people/register/", {"flow": "newborn", "mother": awa.reference}).url.rsplit("/", 2)[0]
    assert awa.reference in page.get(f"{base}/parents/").content.decode()
    page.post(f"{base}/parents/", {"mother": awa.reference})
    page.post(f"{base}/names/", {"given_name": "Oumar", "surname": "Diallo"})
    page.post(f"{base}/birth/", {**day("birth", today)})
    page.post(f"{base}/sex/", {"sex": "male"})
    assert page.post(f"{base}/check/", {}).status_code == 302
    child = Person.plain.get(given_name="Oumar")
    assert child.memberships.get().household == home and child.facts.get(name="mother_id").value == awa.reference


def test_a_displaced_person_is_registered_without_a_document(page: Client) -> None:
    base = page.post("/people/register/", {"flow": "displaced"}).url.rsplit("/", 2)[0]
    page.post(f"{base}/names/", {"given_name": "Amina"})
    page.post(f"{base}/birth/", {})
    page.post(f"{base}/sex/", {"sex": "female"})
    sent = {"area": "d01", "place_type": "camp", "status": "refugee", **day("since", date(2025, 11, 3))}
    page.post(f"{base}/displacement/", sent)
    page.post(f"{base}/contacts/", {})
    assert page.post(f"{base}/check/", {}).status_code == 302
    person = Person.plain.get()
    assert person.facts.get(name="migration_status").value == "refugee" and person.memberships.get().relationship == "head"


# --- the file


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_of_a_file_opens_and_is_an_act(client: Client, user: MakeUser, awa: Person, home: Household, language: str, today: date) -> None:
    services.record_fact(by=None, on=today, about=awa, name="earnings", value="1250", since=today)
    services.record_fact(by=None, on=today, about=awa, name="unemployed_since", value=date(2025, 1, 1), since=None, until=today)
    services.record_fact(by=None, on=today, about=home, name="rooms", value=3, since=None)
    services.give_consent(by=None, on=today, person=awa, purpose="messages")
    services.add_account(by=None, on=today, person=awa, kind="bank", provider="Bank", number="12345")
    services.add_document(by=None, on=today, person=awa, kind="payslip", content=PDF)
    page = signed_in(client, user("supervisor", "d01"), language)
    for part in ("", "facts/", "documents/", "then/", "seen/"):
        before = Entry.objects.filter(action="person.read", reference=awa.reference).count()
        response = page.get(f"/people/{awa.reference}/{part}")
        assert response.status_code == 200 and "Awa Diallo" in text(response), part
        assert Entry.objects.filter(action="person.read", reference=awa.reference).count() == before + 1
        assert response.content.decode().count("<h1") == 1 and " style=" not in response.content.decode()
    assert page.get(f"/households/{home.reference}/").status_code == 200
    assert Entry.objects.filter(action="household.read", reference=home.reference).exists()
    number = "1,250" if language == "en" else "1\u202f250"
    assert number in page.get(f"/people/{awa.reference}/facts/").content.decode()


def test_the_file_can_be_read_as_it_was(page: Client, awa: Person, officer: User, today: date) -> None:
    services.record_fact(by=officer, on=today, about=awa, name="earnings", value="100", since=date(2024, 1, 1), until=date(2025, 1, 1))
    services.change_person(by=officer, on=today, person=awa, reason="new_document", names=Names("Hawa", "Diallo"))
    now = text(page.get(f"/people/{awa.reference}/then/", day("on", date(2024, 6, 1))))
    assert "Hawa Diallo" in now and "Earnings from work 100" in now
    assert "Earnings" not in text(page.get(f"/people/{awa.reference}/then/", day("on", date(2025, 6, 1))))
    early = page.get(f"/people/{awa.reference}/then/", {**day("on", today), **day("known", date(2001, 1, 1))})
    assert early.status_code == 422 and "not registered yet" in text(early)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", sorted(PERSON))
def test_every_question_about_a_person_can_be_asked(
    client: Client, user: MakeUser, awa: Person, home: Household, name: str, language: str, today: date
) -> None:
    rows = {
        "withdraw-number": awa.identifiers.get().pk,
        "withdraw-contact": awa.contacts.get().pk,
        "end-account": services.add_account(by=None, on=today, person=awa, kind="cash").pk,
        "withdraw-consent": services.give_consent(by=None, on=today, person=awa, purpose="messages").pk,
        "relationship": awa.memberships.get().pk,
    }
    role = "supervisor" if PERSON[name].action in ("person.restrict", "person.erase") else "caseworker"
    page = signed_in(client, user(role, "d01"), language)
    address = f"/people/{awa.reference}/do/{name}/" + (f"{rows[name]}/" if name in rows else "")
    response = page.get(address)
    assert response.status_code == 200 and response.content.decode().count("<h1") == 1
    assert page.post(address, {"since_0": "x", "until_0": "x"}).status_code in (302, 422)
    assert signed_in(Client(), user(role, "d02")).get(address).status_code == 404
    wrong = "auditor" if role == "caseworker" else "intake"
    assert signed_in(Client(), user(wrong, "d01")).get(address).status_code == 403


def test_answers_to_questions_are_recorded(page: Client, awa: Person, today: date) -> None:
    root = f"/people/{awa.reference}/do"
    for name, sent in (
        ("names", {"given_name": "Hawa", "surname": "Diallo", "reason": "new_document"}),
        ("birth", {**day("birth", date(1991, 1, 2)), "reason": "new_document"}),
        ("sex", {"sex": "not_known", "reason": "typing_error"}),
        ("address", {"address": "Near the well"}),
        ("number", {"type": "passport", "value": "P 100", "country": "ML"}),
        ("contact", {"kind": "email", "value": "awa@example.org"}),
        ("account", {"kind": "cash", **day("since", today)}),
        ("consent", {"purpose": "messages"}),
        ("new-household", {**day("since", date(2020, 1, 1)), "address": "Near the well"}),
        ("leave", day("since", today)),
        ("death", {**day("died", today), "reason": "statement"}),
    ):
        assert page.post(f"{root}/{name}/", sent).status_code == 302, name
    awa.refresh_from_db()
    assert (awa.name, awa.birth_date, awa.sex, awa.address, awa.death_date) == ("Hawa Diallo", date(1991, 1, 2), "not_known", "Near the well", today)
    assert awa.identifiers.filter(normal="P100", country="ML").exists() and awa.contacts.filter(kind="email").exists()
    assert awa.accounts.count() == awa.consents.count() == awa.memberships.count() == 1


def test_what_a_service_refuses_is_said_at_the_field(page: Client, awa: Person, today: date) -> None:
    wrong = page.post(f"/people/{awa.reference}/do/contact/", {"kind": "phone", "value": "12"})
    assert wrong.status_code == 422 and "This is no telephone number" in text(wrong)
    wrong = page.post(f"/people/{awa.reference}/do/death/", {**day("died", today + timedelta(days=1)), "reason": "statement"})
    assert wrong.status_code == 422 and 'href="#id_died_0"' in wrong.content.decode()


def test_a_fact_is_recorded_corrected_and_ended(page: Client, awa: Person, home: Household, today: date) -> None:
    root = f"/people/{awa.reference}/facts"
    assert page.get(f"{root}/add/").status_code == 200
    assert page.get(f"{root}/add/", {"name": "earnings"}).url == f"{root}/earnings/"
    assert page.get(f"{root}/shoe_size/").status_code == 404
    sent = {"value": "1 250,50", **day("since", date(2025, 1, 1)), "proof": "declared"}
    assert page.post(f"{root}/earnings/", sent).url == f"{root}/"
    fact = Fact.objects.get()
    assert (fact.value, fact.since) == ("1250.5", date(2025, 1, 1))
    wrong = page.post(f"{root}/earnings/", {"value": "much", "proof": "declared"})
    assert wrong.status_code == 422 and "This value does not fit" in text(wrong)
    assert 'value="1250.5"' in page.get(f"{root}/{fact.pk}/correct/").content.decode()
    page.post(f"{root}/{fact.pk}/correct/", {**sent, "value": "1300", "reason": "typing_error"})
    fact = Fact.objects.get(withdrawn=None)
    page.post(f"{root}/{fact.pk}/end/", day("until", date(2026, 1, 1)))
    fact = Fact.objects.get(withdrawn=None)
    assert (fact.value, fact.until) == ("1300", date(2026, 1, 1))
    page.post(f"{root}/{fact.pk}/retract/", {"reason": "statement"})
    assert not Fact.objects.filter(withdrawn=None).exists()
    page.post(f"/households/{home.reference}/facts/electricity/", {"value": "true", "proof": "declared"})
    assert home.facts.get().value == "true"


def test_there_is_none_is_an_answer(page: Client, awa: Person) -> None:
    root = f"/people/{awa.reference}/facts/unemployed_since/"
    assert page.post(root, {"proof": "declared"}).status_code == 422
    assert page.post(root, {"none": "on", "proof": "declared"}).status_code == 302
    assert Fact.objects.get().value == ""


def test_documents_are_uploaded_and_served_safely(page: Client, awa: Person, user: MakeUser) -> None:
    address = f"/people/{awa.reference}/do/document/"
    for name, content in (("harmless.pdf", b"MZ\x90\0"), ("photo.png", b"<svg onload='x'>"), ("big.pdf", PDF + b"\0" * 8_000_001)):
        wrong = page.post(address, {"kind": "other", "file": SimpleUploadedFile(name, content, "application/pdf")})
        assert wrong.status_code == 422, name
    page.post(address, {"kind": "payslip", "file": SimpleUploadedFile("../../etc/passwd.pdf", PDF, "text/html")})
    document = Document.plain.get()
    assert path_of(document).name == document.reference
    response = page.get(f"/documents/{document.reference}/")
    assert response.content == PDF and response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{document.reference}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"] and "'self'" not in response["Content-Security-Policy"]
    assert signed_in(Client(), user("caseworker", "d02")).get(f"/documents/{document.reference}/").status_code == 404
    assert signed_in(Client(), user("payments", "d01")).get(f"/documents/{document.reference}/").status_code == 403
    path_of(document).unlink()
    assert page.get(f"/documents/{document.reference}/").status_code == 410


@pytest.mark.parametrize("language", ["en", "fr"])
def test_two_files_are_joined_side_by_side_and_parted_again(
    client: Client, user: MakeUser, awa: Person, areas: dict[str, Area], today: date, language: str
) -> None:
    twin = services.register_person(by=None, on=today, area=areas["d01"], names=Names("Hawa", "Jallow"), birth=Birth(date(1990, 1, 1), "year"))
    page = signed_in(client, user("supervisor", "d01"), language)
    assert page.get(f"/people/{awa.reference}/merge/").status_code == 200
    assert page.get(f"/people/{awa.reference}/merge/", {"other": "nonsense"}).status_code == 422
    address = page.get(f"/people/{awa.reference}/merge/", {"other": twin.reference}).url
    shown = page.get(address)
    assert "Hawa" in text(shown) and "Awa" in text(shown)
    assert page.post(address, {}).status_code == 422
    assert page.post(address, {"sure": "on", "take": ["names"]}).status_code == 302
    awa.refresh_from_db()
    assert awa.given_name == "Hawa"
    assert awa.reference in page.get(f"/people/{twin.reference}/").content.decode()
    merge = Merge.objects.get()
    assert str(merge.pk) in page.get(f"/people/{awa.reference}/").content.decode()
    page.post(f"/people/{awa.reference}/unmerge/{merge.pk}/")
    awa.refresh_from_db()
    assert awa.given_name == "Awa"


@pytest.mark.parametrize("name", sorted(HOUSEHOLD))
def test_questions_about_a_household(
    page: Client, awa: Person, home: Household, areas: dict[str, Area], user: MakeUser, name: str, today: date
) -> None:
    other = services.register_person(by=None, on=today, area=areas["d01"], names=Names("Moussa"))
    page.post(f"/people/{other.reference}/do/join/", {"household": awa.reference, "relationship": "spouse", **day("since", date(2021, 1, 1))})
    assert other.memberships.get().household == home
    address = f"/households/{home.reference}/do/{name}/"
    assert page.get(address).status_code == 200
    sent = {"head": other.reference, "former": "spouse", "area": "d02", "address": "", **day("since", today)}
    assert page.post(address, sent).status_code == 302
    home.refresh_from_db()
    other.refresh_from_db()
    if name == "move":
        assert home.district == other.district == areas["d02"]
        assert page.get(f"/households/{home.reference}/").status_code == 404
    else:
        assert other.memberships.get(until=None).relationship == "head"
    assert signed_in(Client(), user("caseworker", "d04")).get(address).status_code == 404


def test_a_transfer_ends_on_the_search_page(page: Client, awa: Person) -> None:
    sent = {"area": "d02", **day("since", timezone.localdate())}
    assert page.post(f"/people/{awa.reference}/do/transfer/", sent).url == "/people/"
    assert page.get(f"/people/{awa.reference}/").status_code == 404


# --- walls


def addresses(awa: Person, home: Household) -> list[str]:
    """Every address of people's pages with a reference in it."""
    found = []
    for pattern in get_resolver().url_patterns:
        for one in getattr(pattern, "url_patterns", []):
            if getattr(pattern, "app_name", "") == "people" and "<str:reference>" in str(one.pattern) and "register" not in str(one.pattern):
                route = str(one.pattern)
                reference = home.reference if route.startswith("households") else awa.reference
                name = "correct" if "number" in route and "facts" in route else "head" if route.startswith("households") else "names"
                for slot, value in (("str:reference", reference), ("str:other", awa.reference), ("int:number", "1"), ("slug:name", name)):
                    route = route.replace(f"<{slot}>", value)
                found.append("/" + route)
    return found


def test_no_page_shows_anything_of_another_district_or_to_nobody(client: Client, user: MakeUser, awa: Person, home: Household) -> None:
    both = [signed_in(Client(), user(role, "d02")) for role in ("caseworker", "supervisor")]
    nobody = {"analyst": 403, "administrator": 403}
    outside = {role: signed_in(Client(), user(role, "XE")) for role in nobody}
    every = addresses(awa, home)
    assert len(every) > 15
    for address in every:
        for stranger in both:
            response = stranger.get(address)
            assert response.status_code in (403, 404, 405), address
            assert awa.name not in text(response)
        for role, status in nobody.items():
            assert outside[role].get(address).status_code in (status, 404, 405), (role, address)
        assert client.get(address).status_code in (302, 405) and "/accounts/login/" in client.get(address).url, address
    missing = "7KQ2-M9XD-4TRC"
    for address in (f"/people/{awa.reference}/", f"/people/{missing}/"):
        assert text(both[0].get(address)).replace(awa.reference, "").replace(missing, "") == text(both[0].get(f"/people/{missing}/")).replace(
            missing, ""
        )
