"""Nobody gets anything of another district: by no address, form, filter, count, export or error. Each way that was tried is a case.

A new address without a case here fails `test_every_address_is_tried`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from made_districts import NOWHERE, Files, World

from opensocle.office.access.rules import Scope
from opensocle.office.audit.models import RowChange
from opensocle.office.people.models import Account, Consent, Contact, Identifier, Membership
from opensocle.office.people.views.acting import HOUSEHOLD, PERSON

pytestmark = pytest.mark.django_db
READERS = ("caseworker", "supervisor", "appeals", "auditor")
"""Together they may open every page of a file."""
WITHOUT_FILES = {
    "set_language",
    "api:openapi-json",
    "api:api-root",
    "design:show",
    "counter:home",
    "laws:try",
    "laws:try_question",
    "laws:try_rights",
    "laws:try_forget",
    "laws:try_later",
    "laws:index",
    "laws:law",
    "exchange:import",
    "exchange:export",
    "exchange:duplicates",
    "exchange:duplicates_search",
    "people:search",
    "people:results",
    "people:register",
    "cases:index",
    "cases:to_revise",
    "cases:appeals",
    "cases:grievances",
    "cases:grievance_new",
    "api:find_persons",
    "api:open_claim",
}
"""Addresses that name no file: their pages are looked at in test_office_isolation_lists.py."""


@dataclass(frozen=True)
class Nothing:
    """References and numbers that nothing has."""

    def reference(self, what: str) -> str:
        return NOWHERE

    def row(self, name: str) -> int:
        return 999_999_999


@dataclass(frozen=True)
class Something:
    """References and numbers of a district's files."""

    files: Files

    def reference(self, what: str) -> str:
        return self.files.reference(what)

    def row(self, name: str) -> int:
        return self.files.rows[name]


Which = Nothing | Something
Said = Callable[[Which, World], Mapping[str, Any]]
SCHEME = {"scheme": "child_grant"}
REFERENCED: dict[str, str] = {
    "people:person": "person",
    "people:facts": "person",
    "people:documents": "person",
    "people:then": "person",
    "people:seen": "person",
    "people:choose": "person",
    "people:person_fact_name": "person",
    "people:document": "document",
    "people:household": "household",
    "people:household_fact_name": "household",
    "people:discard": "draft",
    "laws:try_go_on": "interview",
    "laws:try_discard": "interview",
    "exchange:import_look": "upload",
    "exchange:import_run": "upload",
    "exchange:import_rejected": "upload",
    "exchange:import_forget": "upload",
    "laws:person_rights": "person",
    "laws:person_interview": "person",
    "laws:household_rights": "household",
    "laws:household_interview": "household",
    "cases:of_person": "person",
    "cases:new": "person",
    "cases:claim": "claim",
    "cases:do": "claim",
    "cases:evidence_new": "claim",
    "cases:appeal_new": "decision",
    "cases:letter": "letter",
    "cases:appeal": "appeal",
    "cases:grievance": "grievance",
    "api:read_person": "person",
    "api:read_household": "household",
    "api:read_rights": "person",
    "api:read_claim": "claim",
    "api:decide_claim": "claim",
}
"""Addresses with one reference, and of what."""
SPECIAL: dict[str, dict[str, Said]] = {
    "people:step": {"": lambda it, _: {"reference": it.reference("draft"), "name": "names"}},
    "people:merge": {
        "into theirs": lambda it, world: {"reference": it.reference("person"), "other": world.ours.reference("mother")},
        "of theirs": lambda it, world: {"reference": world.ours.reference("mother"), "other": it.reference("person")},
        "both theirs": lambda it, _: {"reference": it.reference("person"), "other": it.reference("mother")},
    },
    "people:unmerge": {
        "theirs": lambda it, _: {"reference": it.reference("person"), "number": it.row("merge")},
        "their number": lambda it, world: {"reference": world.ours.reference("person"), "number": it.row("merge")},
    },
    "people:person_fact": {"": lambda it, _: {"reference": it.reference("person"), "name": "disabled"}},
    "people:household_fact": {"": lambda it, _: {"reference": it.reference("household"), "name": "tenure"}},
    "people:household_fact_do": {"": lambda it, _: {"reference": it.reference("household"), "number": it.row("household fact"), "name": "end"}},
    "people:household_do_row": {"": lambda it, _: {"reference": it.reference("household"), "name": "head", "number": it.row("membership")}},
    "laws:person_reasons": {
        "theirs": lambda it, _: {"reference": it.reference("person"), "subject": it.reference("person"), **SCHEME},
        "their member": lambda it, world: {"reference": world.ours.reference("person"), "subject": it.reference("person"), **SCHEME},
    },
    "laws:household_reasons": {
        "theirs": lambda it, _: {"reference": it.reference("household"), "subject": it.reference("person"), **SCHEME},
        "their member": lambda it, world: {"reference": world.ours.reference("household"), "subject": it.reference("person"), **SCHEME},
    },
    "exchange:duplicate": {"": lambda it, _: {"number": it.row("pair")}},
}


def _more() -> Iterator[tuple[str, str, Said]]:
    for name in ("correct", "end", "retract"):
        yield "people:person_fact_do", name, lambda it, _, name=name: {"reference": it.reference("person"), "number": it.row("fact"), "name": name}
        yield (
            "people:person_fact_do",
            f"{name}, their number",
            lambda it, world, name=name: {"reference": world.ours.reference("person"), "number": it.row("fact"), "name": name},
        )
    for kind in ("person", "household"):
        asked = {"table": "persons", "name": "disabled"}
        yield (
            f"laws:{kind}_question",
            "theirs",
            lambda it, _, k=kind, a=asked: {"reference": it.reference(k), "subject": it.reference("person"), **a},
        )
        yield (
            f"laws:{kind}_question",
            "their member",
            lambda it, world, k=kind, a=asked: {"reference": world.ours.reference(k), "subject": it.reference("person"), **a},
        )
    rows = {Identifier: "identifier", Contact: "contact", Account: "account", Consent: "consent", Membership: "membership"}
    for name, act in PERSON.items():
        if act.row is None:
            yield "people:person_do", name, lambda it, _, name=name: {"reference": it.reference("person"), "name": name}
            continue
        row = rows[act.row]
        yield (
            "people:person_do_row",
            name,
            lambda it, _, name=name, row=row: {"reference": it.reference("person"), "name": name, "number": it.row(row)},
        )
        yield (
            "people:person_do_row",
            f"{name}, their number",
            lambda it, world, name=name, row=row: {"reference": world.ours.reference("person"), "name": name, "number": it.row(row)},
        )
    for name in HOUSEHOLD:
        yield "people:household_do", name, lambda it, _, name=name: {"reference": it.reference("household"), "name": name}


TRIES: list[tuple[str, str, Said]] = [
    *((name, "", lambda it, _, what=what: {"reference": it.reference(what)}) for name, what in REFERENCED.items()),
    *((name, way, said) for name, ways in SPECIAL.items() for way, said in ways.items()),
    *_more(),
]
PAGES = [one for one in TRIES if not one[0].startswith("api:")]


def named(found: list[tuple[str, str, Said]]) -> Any:
    return pytest.mark.parametrize(("name", "said"), [pytest.param(name, said, id=f"{name} {way}".strip()) for name, way, said in found])


def addresses(resolver: Any, space: str = "") -> Iterator[str]:
    """The names of all addresses of the office but those for signing in."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            if not str(pattern.pattern).startswith("accounts/"):
                yield from addresses(pattern, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}"


def told(response: Any) -> tuple[Any, ...]:
    """Everything that somebody outside can tell answers apart by."""
    return response.status_code, sorted(response.headers.items()), sorted(response.cookies.keys()), response.content


def changed() -> int:
    """Rows of people and cases that were ever written."""
    return RowChange.objects.filter(table__regex="^(people|cases)_").count()


def test_every_address_is_tried() -> None:
    there = set(addresses(get_resolver()))
    tried = {name for name, _, _ in TRIES}
    assert there - tried - WITHOUT_FILES == set(), "give a new address a case in REFERENCED or SPECIAL"
    assert (tried | WITHOUT_FILES) - there == set(), "an address is gone"
    assert len(TRIES) >= 40


@named(PAGES)
def test_a_file_of_another_district_is_a_page_that_does_not_exist(world: World, name: str, said: Said) -> None:
    theirs = reverse(name, kwargs=dict(said(Something(world.theirs), world)))
    nothing = reverse(name, kwargs=dict(said(Nothing(), world)))
    statuses, before = set(), changed()
    for role in READERS:
        for method in ("GET", "POST"):
            answer, queries = _asked(world, role, method, theirs)
            expected, others = _asked(world, role, method, nothing)
            if queries != others:  # something was read for the first time in this process
                queries, others = (_asked(world, role, method, address)[1] for address in (theirs, nothing))
            assert told(answer) == told(expected), (role, method)
            assert queries == others, (role, method)
            assert not [secret for secret in world.theirs.secrets if secret in answer.content.decode()]
            statuses.add(answer.status_code)
    assert 404 in statuses and statuses <= {403, 404, 405}
    assert changed() == before


def _asked(world: World, role: str, method: str, address: str) -> tuple[Any, int]:
    """The answer, and the number of queries that it took: a measure of the time that does not hang on the machine."""
    with CaptureQueriesContext(connection) as asked:
        return world.ask(role, method, address), len(asked)


OWN = [one for one in PAGES if "their" not in one[1] or one[1] == "theirs" or one[1] == "both theirs"]
OF_ONE_USER = {"people:discard", "people:step", "laws:try_go_on", "laws:try_discard"} | {
    f"exchange:import_{step}" for step in ("look", "run", "rejected", "forget")
}
"""Files of a single user, not of a district."""


@named([one for one in OWN if one[0] not in OF_ONE_USER and one[0] != "people:household_do_row"])
def test_the_same_page_of_the_own_district_is_there(world: World, name: str, said: Said) -> None:
    """Otherwise the test above would show nothing."""
    kwargs = dict(said(Something(world.ours), world))
    answers = {world.ask(role, "GET", reverse(name, kwargs=kwargs)).status_code for role in READERS}
    assert answers & {200, 302, 405}, answers


WAYS: dict[str, tuple[str, dict[str, str]]] = {
    "HEAD": ("HEAD", {}),
    "OPTIONS": ("OPTIONS", {}),
    "PUT": ("PUT", {}),
    "DELETE": ("DELETE", {}),
    "PATCH": ("PATCH", {}),
    "TRACE": ("TRACE", {}),
    "method override": ("POST", {"X-HTTP-Method-Override": "GET"}),
    "htmx": ("GET", {"HX-Request": "true", "HX-Boosted": "true", "HX-Target": "main", "HX-Current-URL": "/people/"}),
    "French": ("GET", {"Accept-Language": "fr"}),
    "JSON": ("GET", {"Accept": "application/json"}),
    "range": ("GET", {"Range": "bytes=0-20"}),
    "kept copy": ("GET", {"If-None-Match": "*", "If-Modified-Since": "Wed, 21 Oct 2037 07:28:00 GMT"}),
    "forwarded": ("GET", {"X-Forwarded-Host": "d02.localhost", "X-Original-URL": "/", "X-Rewrite-URL": "/"}),
    "another user": ("GET", {"X-Remote-User": "officer-d02", "Remote-User": "officer-d02", "Authorization": "Basic b2ZmaWNlci1kMDI6eA=="}),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_other_way_of_asking_helps(world: World, way: str) -> None:
    method, headers = WAYS[way]
    for name in ("people:person", "people:document", "people:household", "cases:claim", "cases:letter", "laws:person_rights"):
        theirs, nothing = (reverse(name, args=[one.reference(REFERENCED[name])]) for one in (Something(world.theirs), Nothing()))
        answer, expected = (world.ask("caseworker", method, address, like=headers) for address in (theirs, nothing))
        assert told(answer) == told(expected) and answer.status_code in (404, 405)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "small letters": str.lower,
    "without lines": lambda text: text.replace("-", ""),
    "with blanks": lambda text: f" {text} ",
    "encoded": lambda text: "".join(f"%{ord(sign):02X}" for sign in text),
    "no slash at the end": lambda text: text,
    "a path above": lambda text: f"x/../{text}",
    "a list": lambda text: f"{text},{text}",
    "a null": lambda text: f"{text}%00",
    "a number": lambda text: "1",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_a_reference_helps(world: World, spelling: str) -> None:
    for root, what in (("people", "person"), ("households", "household"), ("claims", "claim"), ("documents", "document")):
        answers = []
        for one in (Something(world.theirs), Nothing()):
            end = "" if spelling == "no slash at the end" else "/"
            answers.append(world.ask("caseworker", "GET", f"/{root}/{SPELLINGS[spelling](one.reference(what))}{end}"))
        first, second = answers
        assert first.status_code == second.status_code in (301, 404)
        assert first.content == second.content and (first.status_code == 404 or not first.content)


FORGOTTEN = (
    "people:person",
    "people:facts",
    "people:documents",
    "people:household",
    "people:document",
    "cases:claim",
    "cases:letter",
    "cases:appeal",
)


@pytest.mark.parametrize("name", FORGOTTEN)
def test_the_database_keeps_districts_apart_where_the_program_forgets_to(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """With the first lock taken off, PostgreSQL still gives no row of another district."""
    if connection.vendor != "postgresql":
        pytest.skip("row security is PostgreSQL's: see test_office_postgresql.py")
    monkeypatch.setattr(Scope, "q", lambda self, field="district_id": Q())
    monkeypatch.setattr(Scope, "__contains__", lambda self, district: True)
    theirs = reverse(name, args=[world.theirs.reference(REFERENCED[name])])
    assert world.ask("appeals", "GET", theirs).status_code == 200, "the first lock is off, and a superuser of the database has no second"
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS socle_ordinary")
        cursor.execute("CREATE ROLE socle_ordinary")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO socle_ordinary")
        cursor.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO socle_ordinary")
        cursor.execute("SET LOCAL ROLE socle_ordinary")
    assert world.ask("appeals", "GET", theirs).status_code == 404
    own = reverse(name, args=[world.ours.reference(REFERENCED[name])])
    assert world.ask("appeals", "GET", own).status_code == 200


def test_nobody_who_is_not_signed_in_gets_a_page(world: World) -> None:
    from django.test import Client

    for name, _, said in PAGES:
        for method in ("get", "post"):
            answer = getattr(Client(), method)(reverse(name, kwargs=dict(said(Something(world.theirs), world))))
            assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"), name
