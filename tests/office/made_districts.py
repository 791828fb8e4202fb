"""Two districts, each with one file of every kind, for the tests of who sees what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from opensocle.office.access.models import Posting, User
from opensocle.office.audit.services import act
from opensocle.office.cases import services as cases
from opensocle.office.cases.models import Appeal, Claim, Decision, Entitlement, Grievance, Letter
from opensocle.office.laws.models import InForce
from opensocle.office.laws.services import install_law
from opensocle.office.people import services
from opensocle.office.people.importing import uploads
from opensocle.office.people.models import Document, Draft, Household, Merge, Pair, Person
from opensocle.office.people.services import Birth, Names, Number, drafts
from opensocle.office.places.models import Area
from opensocle.periods import Month
from opensocle.vocabulary.model import HISTORIES

EXEMPLIA = Path(__file__).parents[2] / "src/opensocle/countries/exemplia"
SINCE = date(2020, 1, 1)
PDF = b"%PDF-1.4\n% "
NOWHERE = "0000-0000-0000"
"""A reference that nothing has, with a right check sign."""


def make_areas() -> dict[str, Area]:
    """Two regions and four districts of Exemplia, by code."""
    with act("place.load", by=None):
        country = Area.objects.create(code="XE", name_en="Exemplia", name_fr="Exemplie", kind="country", path="/XE/")
        found = {"XE": country}
        for region, districts in {"north": ("d01", "d02"), "south": ("d04", "d05")}.items():
            found[region] = Area.objects.create(code=region, name_en=region, name_fr=region, kind="region", parent=country, path=f"/XE/{region}/")
            for code in districts:
                area = Area.objects.create(code=code, name_en=code, name_fr=code, kind="district", parent=found[region], path=f"/XE/{region}/{code}/")
                area.district = area
                area.save()
                found[code] = area
    return found


def make_user(areas: Mapping[str, Area], role: str, area: str = "XE", name: str = "", since: date = SINCE, until: date | None = None) -> User:
    """A user with a role in an area."""
    with act("user.make", by=None):
        made, _ = User.objects.get_or_create(username=name or f"{role}-{area}")
        Posting.objects.get_or_create(user=made, role=role, area=areas[area], since=since, until=until)
    return made


@dataclass(frozen=True)
class Files:
    """One file of every kind of a district. rows: numbers of rows of the person's file; secrets: texts that only this district may read."""

    area: Area
    person: Person
    mother: Person
    merged: Person
    household: Household
    document: Document
    claim: Claim
    decision: Decision
    entitlement: Entitlement
    letter: Letter
    appeal: Appeal
    grievance: Grievance
    draft: Draft
    interview: Draft
    upload: uploads.Upload
    merge: Merge
    pair: Pair
    rows: Mapping[str, int]
    secrets: tuple[str, ...]

    def reference(self, what: str) -> str:
        return str(getattr(self, what).reference)


@dataclass(frozen=True)
class World:
    """The areas, the files of d01 (ours) and d02 (theirs), and users by role: each works in d01 only."""

    areas: Mapping[str, Area]
    ours: Files
    theirs: Files
    users: Mapping[str, User]
    sessions: Mapping[str, str]

    def ask(self, role: str, method: str, address: str, data: Any = None, *, like: Mapping[str, str] | None = None) -> Any:
        """A request of a user of d01 who has just come: nothing is left of an earlier one. like: headers."""
        client = Client(raise_request_exception=False)
        client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return getattr(client, method.lower())(address, data, headers=dict(like or {}))


WORDS = {"d01": ("Awa", "Binta", "Kone", "11"), "d02": ("Zenobia", "Xanthippe", "Quartermain", "99")}
ROLES_THERE = ("intake", "caseworker", "supervisor", "appeals", "auditor", "payments", "analyst")


@contextmanager
def made_world(folder: Path) -> Iterator[World]:
    """The world, within a transaction that is undone at the end; documents lie in the folder."""
    kept = settings.PLACE, settings.MEDIA_ROOT
    settings.PLACE, settings.MEDIA_ROOT = replace(settings.PLACE, registers=HISTORIES), folder
    try:
        with transaction.atomic():
            areas = make_areas()
            today = timezone.localdate()
            law = install_law(EXEMPLIA, by=None, on=today)
            with act("law.approve", by=None):
                InForce.objects.create(law=law, since=SINCE, approved=timezone.now())
            ours, theirs = (make_files(areas, code, today) for code in ("d01", "d02"))
            users = {role: make_user(areas, role, "d01", f"{role}-ours") for role in ROLES_THERE}
            users["administrator"] = make_user(areas, "administrator", "XE", "boss")
            yield World(areas, ours, theirs, users, {role: _session(user) for role, user in users.items()})
            transaction.set_rollback(True)
    finally:
        settings.PLACE, settings.MEDIA_ROOT = kept


def _session(user: User) -> str:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def make_files(areas: Mapping[str, Area], code: str, today: date, words: tuple[str, str, str, str] | None = None) -> Files:
    """A mother and her child of two, with everything that an office may hold of them."""
    given, mothers, surname, sign = words or WORDS[code]
    area, by = areas[code], make_user(areas, "caseworker", code, f"officer-{code}")
    born = today.replace(year=today.year - 2, day=1)
    facts = {"residence_status": "usual_resident", "migration_status": "national", "public_pension": "false"}
    common: dict[str, Any] = {"by": None, "on": today, "area": area, "sex": "female", "address": f"Rue {surname} {sign}"}
    mother = services.register_person(names=Names(mothers, surname), birth=Birth(date(1990, 5, 17)), **common)
    person = services.register_person(
        names=Names(given, surname),
        birth=Birth(born),
        identifiers=[Number("passport", f"{surname[:2].upper()}{sign}0017")],
        phones=[f"+2217712345{sign}"],
        emails=[f"{surname.lower()}@example.org"],
        **common,
    )
    for name, value in facts.items():
        services.record_fact(by=None, on=today, about=person, name=name, value=value, since=born)
    merged = services.register_person(names=Names(f"{given}tta", surname), birth=Birth(born), **common)
    household = services.make_household(by=None, on=today, head=mother, since=SINCE)
    services.join_household(by=None, on=today, person=person, household=household, relationship="child", since=born)
    of_home = services.record_fact(by=None, on=today, about=household, name="rooms", value=3, since=None)
    merge = services.merge(by=None, on=today, kept=person, gone=merged)
    content = PDF + surname.encode() + b"\n%%EOF\n"
    document = services.add_document(by=None, on=today, person=person, kind="birth_certificate", content=content, title=f"Paper of {surname}")
    account = services.add_account(by=None, on=today, person=person, kind="bank", provider=f"Bank {surname}", number=f"7{sign}55{sign}", since=today)
    consent = services.give_consent(by=None, on=today, person=person, purpose="research")
    with act("pair.find", by=None):
        pair = Pair.objects.create(left=mother, right=person, probability=0.9)
    of_case = _case(by, today, area, person, surname)
    draft = drafts.start_draft(by=by, now=timezone.now(), flow="person", answers={"names": {"given_name": [f"Draft {surname}"]}})
    interview = drafts.start_draft(by=by, now=timezone.now(), flow="interview", answers={})
    upload = uploads.receive(by=by, files=[], mapping=None, source=surname, area="", since=None, now=timezone.now())
    upload.rejected.write_text(f"name\n{surname}\n", encoding="utf-8")
    rows = {
        "identifier": person.identifiers.get(type="passport").pk,
        "contact": person.contacts.filter(kind="phone").get().pk,
        "account": account.pk,
        "consent": consent.pk,
        "fact": person.facts.get(name="residence_status").pk,
        "household fact": of_home.pk,
        "membership": person.memberships.get().pk,
        "pair": pair.pk,
        "merge": merge.pk,
    }
    texts = (given, mothers, surname, f"{surname[:2].upper()}{sign}0017", f"2217712345{sign}", f"7{sign}55{sign}")
    made = Files(
        area,
        person,
        mother,
        merged,
        household,
        document,
        **of_case,
        draft=draft,
        interview=interview,
        upload=upload,
        merge=merge,
        pair=pair,
        rows=rows,
        secrets=texts,
    )
    kinds = (
        "person",
        "mother",
        "merged",
        "household",
        "document",
        "claim",
        "decision",
        "entitlement",
        "letter",
        "appeal",
        "grievance",
        "draft",
        "interview",
    )
    return replace(made, secrets=(*texts, *(made.reference(kind) for kind in (*kinds, "upload"))))


def _case(by: User, today: date, area: Area, person: Person, surname: str) -> dict[str, Any]:
    """A claim that was granted, with its letter; an appeal and a grievance."""
    claim = cases.open_claim(by=by, on=today, person=person, scheme="child_grant", month=Month.of(today), event=None)
    decision = cases.propose(by=by, on=today, claim=claim)
    found = SimpleNamespace(claim=Claim.plain.get(pk=claim.pk), decision=Decision.plain.get(pk=decision.pk))
    found.entitlement = Entitlement.plain.get(decision=decision)
    found.letter = cases.make_letter(by=by, on=today, decision=found.decision, language="en")
    found.appeal = cases.receive_appeal(by=by, on=today, decision=found.decision, grounds=f"Grounds of {surname}")
    found.grievance = cases.receive_grievance(by=by, on=today, kind="delay", text=f"Complaint of {surname}", district=area, person=person)
    return vars(found)
