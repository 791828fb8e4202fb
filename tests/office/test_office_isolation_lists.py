"""Nothing of another district shows in lists, counts, searches, exports, choices, forms or the API, nor by rows that hang on two districts.

The first tests look at every page before and after another district gets more files of every kind: the page stays the same to the byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from made_districts import NOWHERE, Files, World, make_files
from pytest_django.plugin import DjangoDbBlocker

from opensocle.office.access.managers import ScopedManager
from opensocle.office.access.models import User
from opensocle.office.access.row_security import guarded
from opensocle.office.api.routes import api
from opensocle.office.api.services import SCOPES, make_token
from opensocle.office.audit.models import Entry, RowChange
from opensocle.office.cases.models import Claim
from opensocle.office.people import services
from opensocle.office.people.models import Fact, Import, Membership, Person, SearchKey
from opensocle.office.people.selectors import Typed, possible_duplicates
from opensocle.office.people.services import Birth, Names, Number

pytestmark = pytest.mark.django_db
MORE = ("Zoe", "Xena", "Quicksilver", "97")
ROLES = ("intake", "caseworker", "supervisor", "appeals", "auditor", "payments", "administrator", "analyst")
EXPORT = {"names": "yes", "columns": ["reference", "surname", "area"], "area": "", "form": "csv", "why": "a test"}
LISTS: dict[str, tuple[str, str, Any]] = {
    "the first page with its counts": ("GET", "/", None),
    "the menu of the law": ("GET", "/laws/", None),
    "the interview": ("GET", "/try/", None),
    "claims that wait": ("GET", "/claims/", None),
    **{f"claims {state}": ("GET", f"/claims/?state={state}", None) for state in ("open", "ready", "proposed", "decided", "withdrawn", "nothing")},
    "claims, another page": ("GET", "/claims/?state=decided&page=2", None),
    "claims by district": ("GET", "/claims/?state=decided&district=d02&area=d02&district_id=3", None),
    "rights to look at again": ("GET", "/rights/", None),
    "rights to look at again, by district": ("GET", "/rights/?district=d02&page=2", None),
    "rights computed again": ("POST", "/rights/", {}),
    "claims sorted": ("GET", "/claims/?state=decided&sort=-person__surname&order=district", None),
    "appeals": ("GET", "/appeals/", None),
    "appeals by district": ("GET", "/appeals/?district=d02&page=last", None),
    "grievances": ("GET", "/grievances/", None),
    "grievances by district": ("GET", "/grievances/?district=d02&page=2", None),
    "a new grievance": ("GET", "/grievances/new/", None),
    "duplicates": ("GET", "/duplicates/", None),
    "duplicates by district": ("GET", "/duplicates/?district=d02&page=2", None),
    "registering": ("GET", "/people/register/", None),
    "sending files": ("GET", "/import/", None),
    "the form of an export": ("GET", "/export/", None),
    "an export with names": ("POST", "/export/", EXPORT),
    "an export for analysis": ("POST", "/export/", {**EXPORT, "names": "no", "columns": ["person", "sex", "area", "birth_year"]}),
    "an export by area": ("POST", "/export/", {**EXPORT, "area": "d02"}),
    "an export of the region": ("POST", "/export/", {**EXPORT, "area": "north"}),
    "an export of the country": ("POST", "/export/", {**EXPORT, "area": "XE"}),
    **{f"search for {q}": ("GET", f"/people/?q={q}", None) for q in ("Zoe", "Quicksilver", "Zoey", "quicksilwer", "QU970017", "quic")},
    "search by telephone": ("GET", "/people/?q=%2B221771234597", None),
    "search by area": ("GET", "/people/?q=Zoe&area=d02&district=d02&page=2&sort=district", None),
    "search by year": ("GET", "/people/?q=Xena+1990", None),
    "search by date of birth": ("GET", "/people/?q=Xena+17.5.1990", None),
    **{f"while typing {q}": ("GET", f"/people/results/?q={q}", None) for q in ("Zoe", "Quick", "97001", "Xen", "a")},
    "the API's list": ("GET", "/api/v1/openapi.json", None),
}


@pytest.fixture(scope="module")
def looked(two_districts: World, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[tuple[str, str], tuple[Any, Any]]]:
    """Each page for each role, before and after another family of d02 is there."""
    with django_db_blocker.unblock():

        def look() -> dict[tuple[str, str], tuple[Any, ...]]:
            found = {}
            for name, (method, address, data) in LISTS.items():
                for role in ROLES:
                    with transaction.atomic():
                        found[name, role] = _told(two_districts.ask(role, method, address, data))
                        transaction.set_rollback(True)
            return found

        with transaction.atomic():
            before = look()
            made = make_files(two_districts.areas, "d02", timezone.localdate(), MORE)
            assert Person.plain.filter(surname="Quicksilver").count() == 3 and made.claim.state
            after = look()
            transaction.set_rollback(True)
        yield {key: (before[key], after[key]) for key in before}


def _told(response: Any) -> tuple[Any, ...]:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    content = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", content)
    return response.status_code, sorted((k, v) for k, v in response.headers.items() if k != "Content-Length"), content


@pytest.mark.parametrize("name", LISTS)
def test_a_page_does_not_change_when_another_district_gets_more_files(looked: dict[Any, tuple[Any, Any]], name: str) -> None:
    for role in ROLES:
        before, after = looked[name, role]
        assert before == after, role
        assert b"Quartermain" not in after[2] and b"Zenobia" not in after[2] and before[0] < 500


def test_the_pages_do_show_what_is_of_the_own_district(looked: dict[Any, tuple[Any, Any]], world: World) -> None:
    """Otherwise the tests above would show nothing."""
    surname = b"Kone"
    for name, role in (("claims decided", "caseworker"), ("appeals", "appeals"), ("grievances", "supervisor"), ("duplicates", "supervisor")):
        assert surname in looked[name, role][0][2] or world.ours.grievance.reference.encode() in looked[name, role][0][2], name
    assert surname in looked["an export with names", "caseworker"][0][2]
    assert looked["an export by area", "caseworker"][0][0] == 422
    assert surname in world.ask("caseworker", "GET", "/people/?q=Kone").content
    assert b"Quartermain" in client_of(world, "officer-d02").get("/people/?q=Quartermain").content


def client_of(world: World, username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
    return client


# --- forms of own files, sent with references and numbers of another district

DAY = {"since_0": "1", "since_1": "11", "since_2": "2026"}
POSTS: dict[str, tuple[str, Callable[[Files], str], Callable[[Any], dict[str, Any]]]] = {
    "join a household": (
        "caseworker",
        lambda my: f"/people/{my.reference('merged')}/do/join/",
        lambda it: {"household": it("household"), "relationship": "child", **DAY},
    ),
    "join the household of somebody": (
        "caseworker",
        lambda my: f"/people/{my.reference('mother')}/do/join/",
        lambda it: {"household": it("mother"), "relationship": "child", **DAY},
    ),
    "make somebody head": (
        "caseworker",
        lambda my: f"/households/{my.reference('household')}/do/head/",
        lambda it: {"head": it("person"), "former": "other_relative", **DAY},
    ),
    "name somebody's mother": (
        "caseworker",
        lambda my: f"/people/{my.reference('person')}/facts/mother_id/",
        lambda it: {"value": it("mother"), "proof": "declared", **DAY},
    ),
    "prove by a document": (
        "caseworker",
        lambda my: f"/people/{my.reference('person')}/facts/disabled/",
        lambda it: {"value": "true", "proof": "document", "document": it("document"), **DAY},
    ),
    "prove a claim": (
        "caseworker",
        lambda my: f"/claims/{my.reference('claim')}/evidence/",
        lambda it: {"proves": "birth_date", "document": it("document")},
    ),
    "make a letter": (
        "caseworker",
        lambda my: f"/claims/{my.reference('claim')}/do/",
        lambda it: {"do": "letter", "decision": it("decision"), "language": "en"},
    ),
    "answer for somebody": (
        "caseworker",
        lambda my: f"/people/{my.reference('person')}/interview/",
        lambda it: {"subject": it("person"), "table": "persons", "name": "disabled", "answer": "true"},
    ),
    "register a newborn": ("caseworker", lambda my: "/people/register/", lambda it: {"flow": "newborn", "mother": it("mother")}),
    "compare with a file": ("supervisor", lambda my: f"/people/{my.reference('person')}/merge/", lambda it: {"other": it("mother")}),
    "complain in a district": (
        "caseworker",
        lambda my: "/grievances/new/",
        lambda it: {"kind": "delay", "text": "x", "district": "d02" if it("person") != NOWHERE else "d99"},
    ),
    "import into a district": (
        "supervisor",
        lambda my: "/import/",
        lambda it: {
            "area": "d02" if it("person") != NOWHERE else "d99",
            "source": "x",
            "tables": SimpleUploadedFile("persons.csv", b"person_id,given_name\n1,A\n"),
        },
    ),
}


def _bare(response: Any) -> tuple[int, str]:
    """The status and the page or the address of the next one, without what was typed and the form's own secret."""
    text = response.get("Location", "") + response.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return response.status_code, re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}|\bd(02|99)\b", "…", text)


@pytest.mark.parametrize("name", POSTS)
def test_a_form_takes_no_reference_of_another_district(world: World, name: str) -> None:
    role, address, data = POSTS[name]
    before = RowChange.objects.filter(table__regex="^(people|cases)_").count()
    answers = []
    for it in (world.theirs.reference, lambda what: NOWHERE):
        method = "GET" if name == "compare with a file" else "POST"
        with transaction.atomic():
            answers.append(world.ask(role, method, address(world.ours), data(it)))
            transaction.set_rollback(True)
    theirs, nothing = (_bare(answer) for answer in answers)
    assert theirs == nothing
    plain = theirs[1]
    assert "Quartermain" not in plain and "Zenobia" not in plain
    assert RowChange.objects.filter(table__regex="^(people|cases)_").count() == before


def test_a_mother_of_another_district_is_nobody_when_a_child_is_registered(world: World) -> None:
    answers = []
    for mother in (world.theirs.reference("mother"), NOWHERE):
        client = client_of(world, "caseworker-ours")
        draft = client.post("/people/register/", {"flow": "newborn", "mother": mother})["Location"]
        answers.append(client.post(draft, {"mother": mother}))
    theirs, nothing = (_bare(answer) for answer in answers)
    assert theirs == nothing and theirs[0] == 422


def test_somebody_registered_elsewhere_is_said_to_be_elsewhere_and_no_more(world: World) -> None:
    """The one thing that is told across districts: that a number of a document is registered already (docs/decisions/0007)."""
    typed = Typed(Names("Zenobia", "Quartermain"), Birth(world.theirs.person.birth_date), (Number("passport", "QU990017"),), ("+221771234599",))
    found = possible_duplicates(world.users["caseworker"], typed, timezone.localdate())
    assert found.found == () and found.elsewhere


# --- the API


@pytest.fixture
def call(world: World) -> Callable[..., Any]:
    today = timezone.localdate()
    user = world.users["caseworker"]
    _, text = make_token(user=user, title="x", scopes=tuple(SCOPES), since=today, until=today + timedelta(days=9))

    def ask(method: str, address: str, data: Any = None, **headers: str) -> Any:
        client = Client(headers={"authorization": f"Bearer {text}", **headers})
        return client.generic(method, address, json.dumps(data) if data is not None else "", content_type="application/json")

    return ask


def operations() -> list[tuple[str, str]]:
    return [(method.upper(), path) for path, found in api.get_openapi_schema(path_prefix="/api/v1")["paths"].items() for method in found]


KIND = {"persons": "person", "households": "household", "claims": "claim"}


@pytest.mark.parametrize(("method", "path"), operations())
def test_the_api_says_of_a_file_elsewhere_what_it_says_of_none(world: World, call: Callable[..., Any], method: str, path: str) -> None:
    answers = []
    for of in (world.theirs.reference, lambda _: NOWHERE):
        address = path.replace("{reference}", of(KIND[path.split("/")[3].split("?")[0]]))
        address += {"/api/v1/persons/{reference}/rights": "?month=2026-03"}.get(path, "")
        bodies = {"/api/v1/claims": {"person": of("person"), "scheme": "child_grant"}, "/api/v1/persons/search": {"text": of("person")}}
        body = bodies.get(path)
        for way in (method, "HEAD", "OPTIONS"):
            response = call(way, address, body, **{"If-None-Match": "*", "X-HTTP-Method-Override": "GET"})
            answers.append((way, response.status_code, sorted(response.headers.items()), response.content))
    half = len(answers) // 2
    assert answers[:half] == answers[half:]
    assert answers[0][1] == 404 or answers[0][3] == b'{"persons": []}'
    assert Claim.plain.filter(person=world.theirs.person).count() == 1


@pytest.mark.parametrize("text", ["Quartermain", "Zenobia", "QU990017", "+221771234599", "quartermane", "Xanthippe 1990"])
def test_the_search_of_the_api_finds_nobody_elsewhere(call: Callable[..., Any], text: str) -> None:
    for more in ("", "?district=d02", "?area=d02&page=2", "?sort=district"):
        assert call("POST", f"/api/v1/persons/search{more}", {"text": text, "district": "d02"}).json() == {"persons": []}


# --- rows that hang on two districts


@pytest.fixture
def guest(world: World) -> Person:
    """Somebody of d02 who is a member of our household: such rows come from imports, not from the pages."""
    home = world.areas["d02"]
    made = services.register_person(by=None, on=timezone.localdate(), area=home, names=Names("Yolanda", "Quartermain"), sex="female")
    Membership.objects.create(person=made, household=world.ours.household, relationship="other_relative", since=world.ours.household.since)
    Fact.objects.create(person=made, name="disabled", value="true", recorded=timezone.now())
    return made


MIXED = [
    *(f"/people/{{person}}/{part}" for part in ("", "facts/", "documents/", "then/", "rights/", "claims/", "merge/", "do/leave/")),
    *(f"/households/{{household}}/{part}" for part in ("", "rights/", "do/head/", "do/move/", "facts/add/")),
    "/claims/{claim}/",
    "/appeals/{appeal}/",
    "/duplicates/{pair}/",
    "/api/v1/persons/{person}",
    "/api/v1/households/{household}",
    "/api/v1/persons/{person}/rights?month=2026-11",
    "/api/v1/claims/{claim}",
]


@pytest.mark.parametrize("address", MIXED)
def test_a_member_of_another_district_shows_on_no_page(world: World, guest: Person, call: Callable[..., Any], address: str) -> None:
    kinds = {kind: world.ours.reference(kind) for kind in ("person", "household", "claim", "appeal")}
    here = address.format(**kinds, pair=world.ours.rows["pair"])
    roles = ("caseworker", "supervisor", "appeals", "auditor")
    answers = [call("GET", here)] if "/api/" in here else [world.ask(role, "GET", here) for role in roles]
    assert 200 in {answer.status_code for answer in answers}
    for answer in answers:
        assert b"Yolanda" not in answer.content and guest.reference.encode() not in answer.content


def test_nobody_asks_why_for_a_member_of_another_district(world: World, guest: Person) -> None:
    for kind in ("person", "household"):
        answers = [
            world.ask("caseworker", "GET", reverse(f"laws:{kind}_reasons", args=[world.ours.reference(kind), "child_grant", subject]))
            for subject in (guest.reference, NOWHERE)
        ]
        assert answers[0].status_code == 404 and answers[0].content == answers[1].content


def test_no_reason_tells_of_a_member_of_another_district(world: World, guest: Person) -> None:
    """Her facts count where the law counts households, but she has no name and no reference there."""
    for address in (f"/people/{world.ours.reference('person')}/rights/", f"/households/{world.ours.reference('household')}/rights/"):
        page = world.ask("caseworker", "GET", address).content.decode()
        links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]+/rights/[^"]+/[^"]+/\?[^"]+)"', page)]
        assert len(links) > 10
        for link in links:
            answer = world.ask("caseworker", "GET", link)
            assert answer.status_code == 200 and guest.reference.encode() not in answer.content and b"Yolanda" not in answer.content, link


def test_a_household_is_not_found_by_a_member_of_another_district(world: World, guest: Person) -> None:
    address = f"/people/{services_person(world).reference}/do/join/"
    said = {"relationship": "other_relative", **DAY}
    found = [world.ask("caseworker", "POST", address, {"household": reference, **said}) for reference in (guest.reference, NOWHERE)]
    assert [answer.status_code for answer in found] == [422, 422]


def services_person(world: World) -> Person:
    return services.register_person(by=None, on=timezone.localdate(), area=world.areas["d01"], names=Names("Alone", "Kone"))


@pytest.mark.parametrize("kind", ["person", "document", "claim", "letter", "appeal", "decision", "grievance"])
def test_what_has_moved_to_another_district_is_gone_from_here(world: World, kind: str) -> None:
    addresses = {
        "document": f"/documents/{world.ours.reference('document')}/",
        "claim": f"/claims/{world.ours.reference('claim')}/",
        "letter": f"/letters/{world.ours.reference('letter')}.pdf",
        "appeal": f"/appeals/{world.ours.reference('appeal')}/",
        "decision": f"/decisions/{world.ours.reference('decision')}/appeal/",
        "grievance": f"/grievances/{world.ours.reference('grievance')}/",
        "person": f"/people/{world.ours.reference('merged')}/",
    }
    role = {"appeal": "appeals"}.get(kind, "caseworker")
    assert world.ask(role, "GET", addresses[kind]).status_code == 200
    today = timezone.localdate()
    services.transfer_person(by=None, on=today, person=world.ours.person, area=world.areas["d02"], since=today)
    gone, nothing = world.ask(role, "GET", addresses[kind]), world.ask(role, "GET", addresses[kind].replace(world.ours.reference("claim"), NOWHERE))
    assert gone.status_code == 404 and gone.content == nothing.content


def test_a_file_that_was_joined_to_one_elsewhere_is_gone_from_here(world: World) -> None:
    gone = services_person(world)
    services.merge(by=None, on=timezone.localdate(), kept=world.theirs.mother, gone=gone)
    for address in (f"/people/{gone.reference}/", f"/people/?q={gone.reference}"):
        answer = world.ask("caseworker", "GET", address)
        assert b"Xanthippe" not in answer.content and world.theirs.reference("mother").encode() not in answer.content


def test_a_fact_that_names_somebody_elsewhere_shows_no_name(world: World) -> None:
    Fact.objects.create(person=world.ours.person, name="mother_id", value=world.theirs.reference("mother"), recorded=timezone.now())
    page = world.ask("caseworker", "GET", f"/people/{world.ours.reference('person')}/facts/").content
    assert world.theirs.reference("mother").encode() in page and b"Xanthippe" not in page


# --- the audit, and the first lock itself


def test_what_was_tried_elsewhere_is_no_act_about_the_file(world: World) -> None:
    before = Entry.objects.filter(reference=world.theirs.reference("person")).count()
    for role in ROLES:
        world.ask(role, "GET", f"/people/{world.theirs.reference('person')}/")
    assert Entry.objects.filter(reference=world.theirs.reference("person")).count() == before


def test_every_table_with_a_district_has_a_manager_that_asks_for_whom() -> None:
    """But keys of search, which are looked up within a search's scope only, and imports, which are a user's own."""
    for model in guarded():
        assert model in (SearchKey, Import) or isinstance(model._default_manager, ScopedManager), f"{model.__name__}: objects = ScopedManager()"
