"""What officers read of cases: work lists, a claim with all that follows from it, appeals, grievances. Each within the user's districts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.db.models import QuerySet

from ...law.law import Law
from ...projection.needs import needs_of
from ...vocabulary.model import HISTORIES, HOUSEHOLDS, PERSONS
from ..access.managers import ScopedManager
from ..access.models import User
from ..access.roles import ROLES
from ..access.rules import NotThere, postings, require, scope_of
from ..audit.services import act
from ..laws.registry import NEVER_ASKED
from ..people.models import Document, Membership, Person
from ..references import read_reference
from .models import Appeal, Claim, Decision, Difference, Entitlement, Evidence, Grievance, Letter, SentBack

M = TypeVar("M", bound=models.Model)
WAITING = (Claim.State.OPEN, Claim.State.READY, Claim.State.PROPOSED)


def claims_of(user: User, on: date, state: str = "", scheme: str = "") -> QuerySet[Claim]:
    """Claims of the user's districts, the oldest that waits first. Raises Refused."""
    require(user, "claim.read", on)
    found = Claim.objects.visible_to(user, "claim.read", on).select_related("person", "district")
    found = found.filter(state=state) if state else found.filter(state__in=WAITING)
    return (found.filter(scheme=scheme) if scheme else found).order_by("opened", "pk")


def claims_about(user: User, person: Person, on: date) -> QuerySet[Claim]:
    """All claims of a person, the latest first."""
    require(user, "claim.read", on, person)
    return Claim.objects.visible_to(user, "claim.read", on).filter(person=person).order_by("-opened", "-pk")


@dataclass(frozen=True)
class File:
    """A claim with all that follows from it."""

    claim: Claim
    determination: Any
    decisions: list[Decision]
    rights: Mapping[int, Entitlement]  # by decision
    appeals: list[Appeal]
    letters: list[Letter]
    evidence: list[Evidence]
    differences: list[Difference]
    sent_back: list[SentBack]

    @property
    def proposal(self) -> Decision | None:
        return next((decision for decision in self.decisions if decision.decided_on is None), None)

    @property
    def right(self) -> Entitlement | None:
        """The right that the last grant gave."""
        return next((self.rights[d.pk] for d in reversed(self.decisions) if d.pk in self.rights), None)


def open_file(user: User, reference: str, on: date) -> File:
    """A claim's file; that it was read is written down. Raises NotThere alike for what is missing and what the user may not see."""
    claim = find(Claim.objects, user, "claim.read", reference, on)
    with act("claim.read", by=user, about=claim):
        pass
    decisions = list(Decision.plain.filter(claim=claim).select_related("determination", "proposed_by", "approved_by").order_by("pk"))
    rights = list(Entitlement.plain.filter(decision__in=decisions))
    return File(
        claim=claim,
        determination=claim.determinations.order_by("-pk").first(),
        decisions=decisions,
        rights={right.decision_id: right for right in rights},
        appeals=list(Appeal.plain.filter(decision__in=decisions).select_related("heard_by").order_by("pk")),
        letters=list(Letter.plain.filter(decision__in=decisions).defer("pdf").order_by("pk")),
        evidence=list(claim.evidence.select_related("document").order_by("pk")),
        differences=list(Difference.objects.filter(entitlement__in=rights).order_by("pk")),
        sent_back=list(claim.sent_back.select_related("by").order_by("pk")),
    )


def find(manager: ScopedManager[M], user: User, action: str, reference: str, on: date) -> M:
    """One row by its reference, if the user may see it; else NotThere."""
    require(user, action, on)
    found = manager.visible_to(user, action, on).filter(reference=read_reference(reference) or "").first()
    if found is None:
        raise NotThere(reference)
    return found


def get_letter(user: User, reference: str, on: date) -> Letter:
    """A letter with its bytes; that it was read is written down."""
    letter = find(Letter.objects, user, "claim.read", reference, on)
    if not letter.pdf:
        raise NotThere(reference)  # erased with the person's file
    with act("letter.read", by=user, about=letter):
        return letter


def appeals_of(user: User, on: date) -> QuerySet[Appeal]:
    """Appeals that wait in the user's districts, the most urgent first."""
    require(user, "appeal.read", on)
    found = Appeal.objects.visible_to(user, "appeal.read", on).filter(decided_on__isnull=True)
    return found.select_related("decision__claim__person", "district").order_by("due", "pk")


def grievances_of(user: User, on: date) -> QuerySet[Grievance]:
    """Grievances that wait in the user's districts, the most urgent first; never those about the user herself."""
    require(user, "grievance.answer", on)
    found = Grievance.objects.visible_to(user, "grievance.answer", on).filter(answered_on__isnull=True).exclude(against=user)
    return found.select_related("person", "district").order_by("due", "pk")


def event_words(law: Law, scheme: str) -> tuple[str, ...]:
    """The facts of the event that a scheme's rules read, directly or through other rules."""
    return tuple(sorted(needs_of(law, [scheme]).event))


def facts_of(law: Law, scheme: str) -> list[tuple[str, str]]:
    """What a document can prove for a scheme: table and word of every fact that its rules read; of a history its table, the word is empty."""
    needs = needs_of(law, [scheme])
    words = law.vocabulary.tables
    found = [(table, name) for table in (PERSONS, HOUSEHOLDS) for name in sorted(needs.facts) if name in words[table] and name not in NEVER_ASKED]
    return [*found, *(("events", name) for name in sorted(needs.event)), *((table, "") for table in HISTORIES if table in needs.tables)]


def documents_for(user: User, claim: Claim, on: date) -> QuerySet[Document]:
    """The documents that the user may read of the person of a claim, of who claims for her, and of who lives with her; the latest first."""
    homes = Membership.objects.filter(person=claim.person_id).values("household")
    together = Membership.objects.filter(household__in=homes).values("person")
    whose = models.Q(person__in=together) | models.Q(person__in=[claim.person_id, claim.claimant_id or claim.person_id])
    found = Document.objects.visible_to(user, "document.read", on).filter(whose, erased__isnull=True)
    return found.select_related("person").order_by("-added", "-pk")


def may(user: User, on: date, district: int | None) -> set[str]:
    """The actions of the user in a district, for what a page offers; the services check again."""
    return {action for p in postings(user, on) if district in scope_of([p.area]) for action in ROLES[p.role]}
