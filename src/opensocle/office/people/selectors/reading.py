"""Opening files. Every file that is opened is an act; what the user may not see is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from ...access.models import User
from ...access.roles import ROLES
from ...access.rules import NotThere, postings, require, scope, scope_of
from ...audit.models import Entry
from ...audit.services import act
from ...places.models import Area
from ...references import read_reference
from ..choices import INTERVIEW
from ..models import Account, Consent, Contact, Document, Draft, Fact, Household, Identifier, Membership, Merge, Pair, Person
from ..services.documents import read_bytes


@dataclass(frozen=True)
class Home:
    """A household on a day, with who lives in it, the head first."""

    household: Household
    members: tuple[Membership, ...]


def get_person(user: Any, reference: str, on: date, *, action: str = "person.read", part: str = "") -> Person:
    """The file of a person; opening it is an act (part: which page). A file that was joined to another is still found: `merged_into` says where.

    Raises Refused where the user's roles do not include the action, NotThere where nothing is there for her.
    """
    require(user, action, on)
    rows = Person.objects.visible_to(user, action, on).select_related("area", "district", "merged_into")
    person = rows.filter(reference=read_reference(reference) or "").first()
    if person is None:
        raise NotThere(action)
    with act("person.read", by=user, about=person, **({"part": part} if part else {})):
        return person


def get_household(user: Any, reference: str, on: date) -> Household:
    """The file of a household; opening it is an act. Raises Refused, NotThere."""
    require(user, "household.read", on)
    rows = Household.objects.visible_to(user, "household.read", on).select_related("area", "district")
    household = rows.filter(reference=read_reference(reference) or "").first()
    if household is None:
        raise NotThere("household.read")
    with act("household.read", by=user, about=household):
        return household


def household_of(user: Any, person: Person, on: date) -> Home | None:
    """The household that a person lives in on a day, where the user may see it."""
    place = person.memberships.filter(days(on)).select_related("household__area").first()
    if place is None or place.household.district_id not in scope(user, "household.read", on):
        return None
    return home(user, place.household, on)


def home(user: Any, household: Household, on: date) -> Home:
    """The members of a household on a day, the head first; those whom the user may not see are left out."""
    where = scope(user, "household.read", on)
    rows = household.memberships.filter(days(on), where.q("person__district_id")).select_related("person")
    return Home(household, tuple(sorted(rows, key=lambda row: (row.relationship != "head", row.person.birth_date or on, row.person.reference))))


def past_members(user: Any, household: Household, on: date) -> list[Membership]:
    """Who lived in a household before."""
    rows = household.memberships.filter(scope(user, "household.read", on).q("person__district_id"), until__lte=on)
    return list(rows.select_related("person").order_by("-until"))


def memberships_of(person: Person) -> list[Membership]:
    """The households that a person has lived in, the latest first."""
    return list(person.memberships.select_related("household__area").order_by("-since"))


def identifiers_of(person: Person) -> QuerySet[Identifier]:
    return person.identifiers.filter(withdrawn=False).order_by("type", "pk")


def contacts_of(person: Person) -> QuerySet[Contact]:
    return person.contacts.filter(withdrawn=False).order_by("-kind", "pk")


def accounts_of(person: Person) -> QuerySet[Account]:
    return person.accounts.order_by("-since", "-pk")


def consents_of(person: Person) -> QuerySet[Consent]:
    return person.consents.order_by("-given", "-pk")


def documents_of(user: Any, person: Person, on: date) -> QuerySet[Document]:
    """The documents of a file that the user may read, the latest first."""
    return Document.objects.visible_to(user, "document.read", on).filter(person=person, erased__isnull=True).order_by("-added", "-pk")


def open_document(user: Any, reference: str, on: date) -> tuple[Document, bytes]:
    """A document with its bytes; opening it is an act about the person. Raises Refused, NotThere, InputError O057."""
    require(user, "document.read", on)
    rows = Document.objects.visible_to(user, "document.read", on).select_related("person")
    document = rows.filter(reference=read_reference(reference) or "", erased__isnull=True).first()
    if document is None:
        raise NotThere("document.read")
    with act("document.read", by=user, about=document.person, document=document.reference):
        return document, read_bytes(document)


def own_row(person: Person, model: type[Any], number: int) -> Any:
    """A row of a person's file (identifier, contact, account, fact, consent…) by its number. Raises NotThere."""
    row = model._base_manager.filter(person=person, pk=number).first()
    if row is None:
        raise NotThere(model.__name__)
    return row


def household_fact(household: Household, number: int) -> Fact:
    """A fact of a household by its number. Raises NotThere."""
    fact = household.facts.filter(pk=number).first()
    if fact is None:
        raise NotThere("fact")
    return fact


def areas_for(user: Any, action: str, on: date) -> list[Area]:
    """The districts, localities and sites where a user may do an action, in the tree's order."""
    where = scope(user, action, on)
    return list(Area.objects.filter(where.q("district_id"), district__isnull=False).order_by("path"))


def districts_of_country() -> list[Area]:
    """All districts, localities and sites: where somebody may go to."""
    return list(Area.objects.filter(district__isnull=False).order_by("path"))


def acts_of(user: Any, person: Person, on: date, most: int = 200) -> Sequence[Entry]:
    """Who read or changed a file, the latest first. Raises Refused, NotThere."""
    require(user, "audit.read", on, person)
    rows = Entry.objects.filter(kind="person", reference=person.reference).select_related("by").order_by("-pk")
    return list(rows[:most])


def merges_of(person: Person) -> list[Merge]:
    """The files that were joined to this one and still are, the latest first."""
    return list(Merge.objects.filter(kept=person, undone__isnull=True).select_related("gone").order_by("-pk"))


def open_pairs(user: Any, person: Person, on: date) -> list[Pair]:
    """Found duplicates of this person that nobody has looked at yet, in the user's districts."""
    where = scope(user, "person.merge", on)
    rows = Pair.objects.filter(Q(left=person) | Q(right=person), where.q("left__district_id"), where.q("right__district_id"), verdict="open")
    return list(rows.select_related("left", "right").order_by("-probability"))


def days(on: date) -> Q:
    """The condition of rows that hold on a day."""
    return (Q(since__isnull=True) | Q(since__lte=on)) & (Q(until__isnull=True) | Q(until__gt=on))


def actions_of(user: Any, on: date, district: int | None) -> frozenset[str]:
    """What a user may do in a district."""
    if not isinstance(user, User):
        return frozenset()
    held = [posting for posting in postings(user, on) if district in scope_of([posting.area])]
    return frozenset().union(*(ROLES[posting.role] for posting in held))


def drafts_of(user: User, now: datetime) -> list[Draft]:
    """The registrations that a user has not finished, the latest first."""
    return list(Draft.objects.filter(user=user, expires__gt=now).exclude(flow=INTERVIEW).order_by("-changed"))


def interviews_of(user: User, now: datetime) -> list[Draft]:
    """The interviews without names that a user has saved for later, the latest first."""
    return list(Draft.objects.filter(user=user, expires__gt=now, flow=INTERVIEW).order_by("-changed"))


def names_of_references(user: Any, references: Sequence[str], on: date) -> dict[str, str]:
    """The names of people by their reference, of those whom the user may see."""
    wanted = {text for text in references if read_reference(text) == text}
    return {person.reference: person.name for person in Person.objects.visible_to(user, "person.read", on).filter(reference__in=wanted)}
