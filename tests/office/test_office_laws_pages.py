"""The pages: what somebody is entitled to, why, the questions, the interview without names, and the laws."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from opensocle.office.access.models import User
from opensocle.office.audit.models import Entry
from opensocle.office.audit.services import act
from opensocle.office.laws.models import InstalledLaw
from opensocle.office.laws.services import approve, install_law, propose, read_texts
from opensocle.office.people.models import Draft, Fact, Household, Membership, Person
from opensocle.office.places.models import Area
from opensocle.periods import Month

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 10)
EXEMPLIA = Path(__file__).parents[2] / "src/opensocle/countries/exemplia"
TEXTS = {name: text for name, text in read_texts(EXEMPLIA).items() if not name.startswith("cases/")}


@pytest.fixture
def law(user: Callable[..., User]) -> InstalledLaw:
    kept = install_law(TEXTS, by=None, on=TODAY)
    approve(propose(kept, Month(2024, 1), by=None, on=TODAY), by=user("supervisor"), on=TODAY)
    return kept


@pytest.fixture
def family(areas: dict[str, Area]) -> dict[str, Any]:
    with act("test.family", by=None) as entry:
        home = Household.plain.create(area=areas["d01"], district=areas["d01"], since=date(2020, 1, 1))
        mother = Person.plain.create(given_name="Awa", sex="female", birth_date=date(1990, 5, 1), area=areas["d01"], district=areas["d01"])
        child = Person.plain.create(given_name="Sira", birth_date=date(2023, 8, 1), area=areas["d01"], district=areas["d01"])
        Membership.objects.create(person=mother, household=home, relationship="head", since=date(2020, 1, 1))
        Membership.objects.create(person=child, household=home, relationship="child", since=date(2023, 8, 1))
        Fact.objects.create(person=child, name="residence_status", value="usual_resident", recorded=entry.at)
    return {"home": home, "mother": mother, "child": child}


@pytest.fixture
def signed_in(client: Client, user: Callable[..., User]) -> Callable[..., Client]:
    def enter(role: str, area: str = "XE", **more: Any) -> Client:
        client.force_login(user(role, area), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


def page(client: Client, address: str, **more: Any) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == 200, (address, answer.status_code)
    text = answer.content.decode()
    assert text.count("<h1") == 1 and "<script>" not in text and " style=" not in text and "{#" not in text and "{%" not in text
    return text


def rights_of(person: Person | Household, month: str = "2026-03") -> str:
    kind = "person" if isinstance(person, Person) else "household"
    return reverse(f"laws:{kind}_rights", args=[person.reference]) + f"?month={month}"


def test_the_rights_of_a_person_with_amount_article_and_reasons(law: InstalledLaw, family: dict[str, Any], signed_in: Callable[..., Client]) -> None:
    client = signed_in("caseworker", "d01")
    text = page(client, rights_of(family["child"]))
    assert "30.00 XMU a month" in text and "Universal child grant" in text and "Not entitled" in text and "Sira" in text
    said = Entry.objects.get(action="entitlement.check")
    assert (said.kind, said.reference, said.details) == ("person", family["child"].reference, {"month": "2026-03", "law": law.hash[:12]})
    assert "Social assistance – Awa" not in text and "Universal child grant, Awa" not in text  # of the others, the page of the household tells
    assert "Universal child grant, Awa" in page(client, rights_of(family["home"]))


def test_the_whole_reasoning_stands_on_a_page_in_both_languages(law: InstalledLaw, family: dict[str, Any], signed_in: Callable[..., Client]) -> None:
    client = signed_in("caseworker", "d01")
    child = family["child"].reference
    address = reverse("laws:person_reasons", args=[child, "child_grant", child]) + "?month=2026-03"
    text = page(client, address)
    assert "Age at which the grant ends (age_limit)" in text and "30.00 XMU" in text and "Universal child grant – Sira" in text
    with act("user.language", by=None):
        User.objects.update(language="fr")
    french = page(client, address)
    assert "30,00" in french and "par mois" in french
    assert client.get(reverse("laws:person_reasons", args=[child, "no_scheme", child])).status_code == 404


def test_a_benefit_for_an_event_is_shown_as_something_to_claim(law: InstalledLaw, family: dict[str, Any], signed_in: Callable[..., Client]) -> None:
    text = page(signed_in("caseworker", "d01"), rights_of(family["mother"]))
    assert "If it happened: claim" in text and "Birth grant" in text.split("If it happened: claim")[-1]


def test_another_district_does_not_exist(law: InstalledLaw, family: dict[str, Any], signed_in: Callable[..., Client]) -> None:
    client = signed_in("caseworker", "d02")
    child = family["child"].reference
    for address in (
        rights_of(family["child"]),
        rights_of(family["home"]),
        reverse("laws:person_reasons", args=[child, "child_grant", child]),
        reverse("laws:person_interview", args=[child]),
        reverse("laws:person_question", args=[child, child, "persons", "residence_status"]),
        rights_of(Person(reference="0000-0000-0000")),
    ):
        assert client.get(address).status_code == 404, address
    assert not Entry.objects.filter(action="entitlement.check").exists()


def test_who_may_not_look_up_rights_is_refused(law: InstalledLaw, family: dict[str, Any], signed_in: Callable[..., Client]) -> None:
    client = signed_in("payments", "d01")
    assert client.get(rights_of(family["child"])).status_code == 404
    assert client.get(reverse("laws:try")).status_code == 403 and client.get(reverse("laws:index")).status_code == 403


def test_without_a_law_in_force_the_page_says_so(family: dict[str, Any], signed_in: Callable[..., Client]) -> None:
    assert "No law is in force" in page(signed_in("caseworker", "d01"), rights_of(family["child"]))


def test_an_auditor_reads_but_is_offered_no_question(law: InstalledLaw, family: dict[str, Any], signed_in: Callable[..., Client]) -> None:
    client = signed_in("auditor")
    child = family["child"].reference
    assert "/question/" not in page(client, rights_of(family["child"]))
    assert client.get(reverse("laws:person_interview", args=[child])).status_code == 403
    assert client.post(reverse("laws:person_question", args=[child, child, "persons", "earnings"]), {"answer": "1"}).status_code == 403


# --- the interview without names


def answer(client: Client, **said: str) -> tuple[str, str]:
    """Answers the question that is shown, or whatever comes next; gives the question and the page that follows."""
    shown = client.get(reverse("laws:try_question"), follow=True).content.decode()
    if 'name="subject"' not in shown:
        return "", shown
    hidden = {name: re.findall(rf'name="{name}" value="([^"]*)"', shown)[0] for name in ("subject", "table", "name")}
    key = f"{hidden['subject']}.{hidden['name'] or hidden['table']}"
    value = said.get(key, said.get(hidden["name"], ""))
    if value:
        boxes = dict(zip(("answer_0", "answer_1", "answer_2"), value.split("/"), strict=False)) if "/" in value else {"answer": value}
        reply = client.post(reverse("laws:try_question"), {**hidden, **boxes})
        assert reply.status_code == 302, (key, value, reply.content.decode())
    else:
        client.post(reverse("laws:try_question"), {**hidden, "unknown": "1"})
    return key, shown


def test_an_interview_asks_until_nothing_can_change_an_answer_and_keeps_nothing_in_the_registry(
    law: InstalledLaw, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("caseworker", "d01")
    assert "How many people" in page(client, reverse("laws:try"))
    assert client.post(reverse("laws:try"), {"members": "0", "month": "2026-03"}).status_code == 422
    before = Fact.objects.count(), Person.plain.count()
    this_month = str(Month.of(date.today()))
    client.post(reverse("laws:try"), {"members": "1", "month": this_month})
    asked = []
    for _ in range(80):
        key, shown = answer(client, birth_date="5/3/2024", residence_status="usual_resident")
        if not key:
            break
        asked.append(key)
    assert "30.00 XMU a month" in shown and "Universal child grant" in shown
    assert "p1.birth_date" in asked and len(asked) == len(set(asked))
    assert not {"p1.pregnant", "p1.old_age"} & set(asked)
    assert (Fact.objects.count(), Person.plain.count()) == before
    assert "What was answered" in shown and "5 March 2024" in shown
    client.post(reverse("laws:try_forget"))
    assert client.get(reverse("laws:try_question")).status_code == 404


def test_the_question_asked_first_is_the_one_that_most_answers_wait_for(law: InstalledLaw, signed_in: Callable[..., Client]) -> None:
    client = signed_in("caseworker", "d01")
    client.post(reverse("laws:try"), {"members": "1", "month": str(Month.of(date.today()))})
    text = page(client, reverse("laws:try_question"))
    count = int(re.findall(r"(\d+) answers wait for this", text)[0])
    assert count >= 5 and re.search(r"\d+ of \d+ answers are settled", text)


def test_a_wrong_answer_is_asked_again_and_the_last_answer_can_be_taken_back(law: InstalledLaw, signed_in: Callable[..., Client]) -> None:
    client = signed_in("caseworker", "d01")
    client.post(reverse("laws:try"), {"members": "2", "month": str(Month.of(date.today()))})
    address = reverse("laws:try_question")
    hidden = {"subject": "p2", "table": "persons", "name": "birth_date"}
    wrong = client.post(address, {**hidden, "answer_0": "31", "answer_1": "2", "answer_2": "2000"})
    assert wrong.status_code == 422 and "no such date" in wrong.content.decode()
    assert client.post(address, {**hidden, "answer_0": "", "answer_1": "", "answer_2": "2000"}).status_code == 302
    assert client.session["interview"]["facts"] == {"p2": {"birth_date": "2000-01-01"}}
    client.post(address, {"back": "1"})
    assert client.session["interview"]["facts"] == {"p2": {}}
    assert client.post(address, {**hidden, "subject": "p9", "answer_2": "2000"}).status_code == 404
    assert client.post(address, {**hidden, "name": "no_word", "answer": "1"}).status_code == 404


def test_an_interview_is_saved_for_later_and_gone_on_with_after_signing_in_again_by_nobody_else(
    law: InstalledLaw, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("caseworker", "d01")
    assert client.post(reverse("laws:try_later")).status_code == 404
    client.post(reverse("laws:try"), {"members": "2", "month": str(Month.of(date.today()))})
    first, _ = answer(client, birth_date="5/3/2024")
    client.post(reverse("laws:try_later"))
    assert client.get(reverse("laws:try_question")).status_code == 404
    saved = Draft.objects.get()
    for other in ("d02", "d01"):
        client.logout()
        signed_in("caseworker", other, name="another" if other == "d02" else "")
        mine = other == "d01"
        assert (reverse("laws:try_go_on", args=[saved.reference]) in page(client, reverse("laws:try"))) is mine
        assert ("interview is not finished" in page(client, reverse("counter:home"))) is mine
        assert client.post(reverse("laws:try_go_on", args=[saved.reference])).status_code == (302 if mine else 404)
        assert client.post(reverse("people:discard", args=[saved.reference])).status_code == 404
    second, _ = answer(client)
    assert second and second != first
    client.post(reverse("laws:try_later"))
    assert Draft.objects.get().reference == saved.reference and len(Draft.objects.get().answers["asked"]) == 2
    client.post(reverse("laws:try_discard", args=[saved.reference]))
    assert not Draft.objects.exists()


# --- laws


def test_the_way_of_a_law_from_difference_to_approval_on_pages(
    law: InstalledLaw, family: dict[str, Any], client: Client, user: Callable[..., User]
) -> None:
    changed = {**TEXTS, "schemes/child_grant.yaml": TEXTS["schemes/child_grant.yaml"].replace("2025-01-01: 30", "2025-01-01: 31")}
    assert changed["schemes/child_grant.yaml"] != TEXTS["schemes/child_grant.yaml"]
    new = install_law(changed, by=None, on=TODAY)
    address = reverse("laws:law", args=[new.reference])
    backend = "django.contrib.auth.backends.ModelBackend"
    month = str(Month.of(date.today()))
    client.force_login(user("administrator"), backend=backend)
    assert new.reference in page(client, reverse("laws:index"))
    text = page(client, address)
    assert "30" in text and "31" in text and "1 difference from the law" in text and "Approve" not in text
    for action in ("compare", "propose"):
        assert client.post(address, {"do": action, "month": month}).status_code == 302
    text = page(client, address)
    assert "Both laws were run on all 2 persons" in text and "31.00 XMU" in text
    assert client.post(address, {"do": "approve", "entry": str(new.in_force.get().pk)}).status_code == 403
    client.force_login(user("supervisor"), backend=backend)
    assert "Approve" in page(client, address)
    assert client.post(address, {"do": "approve", "entry": str(new.in_force.get().pk)}).status_code == 302
    assert new.in_force.get().approved is not None
    assert "31.00 XMU a month" in page(signed(client, user), rights_of(family["child"], month))
    assert client.get(reverse("laws:law", args=["0" * 12])).status_code == 404


def signed(client: Client, user: Callable[..., User]) -> Client:
    client.force_login(user("caseworker", "d01"), backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- questions about people of the registry


def test_a_missing_fact_is_asked_for_and_recorded_from_the_day_that_the_law_looks_at(
    law: InstalledLaw, family: dict[str, Any], signed_in: Callable[..., Client]
) -> None:
    client = signed_in("caseworker", "d01")
    child, mother = family["child"].reference, family["mother"]
    address = reverse("laws:person_question", args=[child, mother.reference, "persons", "earnings"]) + "?month=2026-03"
    assert address in page(client, rights_of(family["child"])).replace("&amp;", "&")
    text = page(client, address)
    assert "Awa: Earnings from work" in text and "1 March 2026" in text and "Gross, before contributions and tax" in text
    assert client.post(address, {"answer": "-5", "month": "2026-03"}).status_code == 422
    reply = client.post(address, {"answer": "240.50", "month": "2026-03"})
    assert reply.status_code == 302 and reply.headers["Location"] == rights_of(family["child"])
    fact = Fact.objects.get(person=mother, name="earnings")
    assert (fact.value, fact.since, fact.until) == ("240.5", date(2026, 3, 1), None)
    assert "Awa: Earnings from work" not in page(client, rights_of(family["child"]))
    assert Entry.objects.filter(action="fact.record", reference=mother.reference).count() == 1


def test_an_interview_records_answers_skips_what_is_not_known_and_ends_with_the_rights(
    law: InstalledLaw, family: dict[str, Any], signed_in: Callable[..., Client]
) -> None:
    client = signed_in("caseworker", "d01")
    mother = family["mother"]
    address = reverse("laws:person_interview", args=[mother.reference]) + "?month=2026-03"
    seen: list[tuple[str, str]] = []
    for _ in range(60):
        reply = client.get(address)
        if reply.status_code == 302:
            break
        text = reply.content.decode()
        hidden = {name: re.findall(rf'name="{name}" value="([^"]*)"', text)[0] for name in ("subject", "table", "name", "month")}
        seen.append((hidden["subject"], hidden["name"]))
        said = {"residence_status": {"answer": "usual_resident"}, "sex": {"answer": "male"}}.get(hidden["name"], {"unknown": "1"})
        assert client.post(address, {**hidden, **said}).status_code == 302
    assert reply.headers["Location"] == rights_of(mother)
    assert len(seen) == len(set(seen)) > 5 and (mother.reference, "residence_status") in seen
    assert Fact.objects.filter(person=mother, name="residence_status", value="usual_resident").exists()
    assert not {name for _, name in seen} & {"region", "death_date", "relationship_to_head"}


def test_birth_and_sex_are_changed_in_the_file_itself_with_what_is_known_of_the_date(
    law: InstalledLaw, family: dict[str, Any], signed_in: Callable[..., Client]
) -> None:
    client = signed_in("caseworker", "d01")
    child = family["child"]
    birth, sex = (reverse("laws:person_question", args=[child.reference, child.reference, "persons", name]) for name in ("birth_date", "sex"))
    assert client.post(birth, {"answer_0": "", "answer_1": "8", "answer_2": "2023", "month": "2026-03"}).status_code == 302
    assert client.post(sex, {"answer": "female", "month": "2026-03"}).status_code == 302
    child.refresh_from_db()
    assert (child.birth_date, child.birth_precision, child.sex) == (date(2023, 8, 1), "month", "female")
    assert client.post(birth, {"answer_0": "1", "answer_1": "1", "answer_2": "2999"}).status_code == 422
    assert client.post(sex, {"answer": "not_known"}).status_code == 422
    assert Entry.objects.filter(action="person.change", reference=child.reference).count() == 2


def test_what_is_answered_twice_changes_nothing_twice_and_other_words_are_not_asked(
    law: InstalledLaw, family: dict[str, Any], signed_in: Callable[..., Client]
) -> None:
    client = signed_in("caseworker", "d01")
    child = family["child"].reference
    address = reverse("laws:person_question", args=[child, child, "persons", "in_education"]) + "?month=2026-03"
    for _ in range(2):
        assert client.post(address, {"answer": "true"}).status_code == 302
    assert Fact.objects.filter(name="in_education").count() == 1
    for name in ("region", "weight", "no_word", "death_date"):
        assert client.get(reverse("laws:person_question", args=[child, child, "persons", name])).status_code == 404
    assert client.get(reverse("laws:person_question", args=[child, "household", "persons", "sex"])).status_code == 404
    assert client.get(reverse("laws:person_question", args=[child, "0000-0000-0000", "persons", "sex"])).status_code == 404
