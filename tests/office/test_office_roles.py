"""Every role and every page: what it opens, what it refuses, and what it writes."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import get_resolver, reverse
from made_districts import World
from test_office_isolation import PAGES, REFERENCED, WITHOUT_FILES, Said, Something, addresses, changed

from opensocle.office.access.roles import ROLES
from opensocle.office.people.views.acting import HOUSEHOLD, PERSON

pytestmark = pytest.mark.django_db
EVERYBODY = ""
OPENS: dict[str, str] = {
    "counter:home": EVERYBODY,
    "design:show": EVERYBODY,
    "laws:try": "entitlement.check",
    "laws:index": "law",
    "exchange:import": "import.people",
    "exchange:export": "export.people",
    "exchange:duplicates": "person.merge",
    "people:search": "person.search",
    "people:results": "person.search",
    "people:register": "person.register",
    "cases:index": "claim.read",
    "cases:to_revise": "claim.determine",
    "cases:appeals": "appeal.read",
    "cases:grievances": "grievance.answer",
    "cases:grievance_new": "grievance.open",
    "people:person": "person.read",
    "people:facts": "person.read",
    "people:documents": "person.read",
    "people:then": "person.read",
    "people:seen": "audit.read",
    "people:choose": "person.merge",
    "people:merge": "person.merge",
    "people:document": "document.read",
    "people:household": "household.read",
    "people:person_fact_name": "person.change",
    "people:person_fact": "person.change",
    "people:household_fact_name": "household.change",
    "people:household_fact": "household.change",
    "exchange:duplicate": "person.merge",
    "laws:person_rights": "entitlement.check",
    "laws:person_reasons": "entitlement.check",
    "laws:household_rights": "entitlement.check",
    "laws:household_reasons": "entitlement.check",
    "laws:person_interview": "person.change",
    "laws:person_question": "person.change",
    "cases:of_person": "claim.read",
    "cases:new": "claim.open",
    "cases:claim": "claim.read",
    "cases:appeal_new": "claim.open",
    "cases:evidence_new": "claim.evidence",
    "cases:letter": "claim.read",
    "cases:appeal": "appeal.read",
    "cases:grievance": "grievance.answer",
}
"""The action that a page takes; `law`: those of the national roles, see LAWS."""
LAWS = {"supervisor", "auditor", "administrator", "caseworker", "appeals", "intake"}
"""Roles that read the laws."""
ONLY_POSTED = {"laws:try_later", "laws:try_go_on", "laws:try_discard"} | {
    "people:discard",
    "people:unmerge",
    "exchange:import_run",
    "exchange:import_forget",
    "exchange:duplicates_search",
    "cases:do",
}
OF_ONE_USER = {"people:step", "exchange:import_look", "exchange:import_rejected", "laws:try_question", "laws:try_rights", "laws:try_forget"}
BY_ACT = {"people:person_do", "people:person_do_row", "people:household_do", "people:household_do_row"}
OTHERWISE = {
    "set_language", "laws:law", "laws:household_interview", "laws:household_question", "people:person_fact_do", "people:household_fact_do",
}  # fmt: skip
"""Addresses whose rights other tests look at."""


def kwargs_of(name: str, world: World) -> dict[str, Any]:
    if name in WITHOUT_FILES:
        return {}
    if name in REFERENCED:
        return {"reference": world.ours.reference(REFERENCED[name])}
    said: Said = next(said for one, _, said in PAGES if one == name)
    kwargs = dict(said(Something(world.ours), world))
    return kwargs | {"other": world.ours.reference("mother"), "reference": world.ours.reference("person")} if name == "people:merge" else kwargs


def test_the_right_of_every_page_is_said_here() -> None:
    there = {name for name in addresses(get_resolver()) if not name.startswith("api:")}
    assert there == set(OPENS) | ONLY_POSTED | OF_ONE_USER | BY_ACT | OTHERWISE


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_the_pages_of_its_actions_and_no_others(world: World, role: str) -> None:
    wrong = []
    for name, action in OPENS.items():
        answer = world.ask(role, "GET", reverse(name, kwargs=kwargs_of(name, world)))
        may = role in LAWS if action == "law" else not action or action in ROLES[role]
        if (answer.status_code in (200, 302)) != may or (not may and answer.status_code not in (403, 404)):
            wrong.append((name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_the_questions_of_its_actions_and_no_others(world: World, role: str) -> None:
    wrong = []
    rows = {"withdraw-number": "identifier", "withdraw-contact": "contact", "end-account": "account", "withdraw-consent": "consent"}
    for kind, acts in (("person", PERSON), ("household", HOUSEHOLD)):
        for name, act in acts.items():
            kwargs: dict[str, Any] = {"reference": world.ours.reference(kind), "name": name}
            if act.row is not None:
                kwargs["number"] = world.ours.rows[rows.get(name, "membership")]
            answer = world.ask(role, "GET", reverse(f"people:{kind}_do{'_row' if act.row else ''}", kwargs=kwargs))
            if (answer.status_code == 200) != (act.action in ROLES[role]) or answer.status_code not in (200, 403, 404):
                wrong.append((name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", ["analyst", "administrator", "payments"])
def test_who_reads_no_files_sees_nothing_of_anybody(world: World, role: str) -> None:
    """Payments may search for people: a name, a year and a place, and no more."""
    searches = {"people:search", "people:results"} if role == "payments" else set()
    for name in {*OPENS, *OF_ONE_USER} - searches - {"design:show"}:
        kwargs = kwargs_of(name, world)
        answer = world.ask(role, "GET", reverse(name, kwargs=kwargs) + "?q=Kone&state=decided")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        typed = {str(value).encode() for value in kwargs.values()}
        found = [secret for secret in world.ours.secrets if secret != "Kone" and secret.encode() in content and secret.encode() not in typed]
        assert not found, (name, found)


@pytest.mark.parametrize("role", ["auditor", "analyst", "administrator", "payments"])
def test_who_changes_no_files_changes_none(world: World, role: str) -> None:
    before = changed()
    forms = {
        "names": {"given_name": "X", "surname": "Y", "reason": "error"}, "sex": {"sex": "male", "reason": "error"},
        "death": {"died_0": "1", "died_1": "1", "died_2": "2026", "reason": "statement"}, "restrict": {}, "leave": {},
    }  # fmt: skip
    for name, _, said in PAGES:
        kwargs = dict(said(Something(world.ours), world))
        data = forms.get(kwargs.get("name", ""), {"do": "withdraw", "sure": "on", "outcome": "changed", "reasons": "x", "answer": "x"})
        answer = world.ask(role, "POST", reverse(name, kwargs=kwargs), data)
        assert answer.status_code in (302, 403, 404, 405), (name, answer.status_code)
        if answer.status_code == 302:
            assert name == "cases:do" and answer.content == b""
    for name in ("exchange:duplicates_search", "people:register", "cases:grievance_new", "exchange:export"):
        assert world.ask(role, "POST", reverse(name), {"flow": "person", "kind": "delay", "text": "x", "district": "d01"}).status_code == 403
    assert changed() == before
    assert not world.ask(role, "POST", "/language/", {"language": "fr"}).status_code >= 400
