"""What waits for a user: counts of what she herself may take up, in her districts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import ngettext

from ..access.models import User
from ..access.rules import scope
from ..cases.models import Appeal, Claim, Decision
from ..cases.revising import rights_to_revise
from ..cases.selectors import appeals_of, grievances_of
from ..laws.models import InForce
from ..laws.services import NATIONAL
from ..people.matching.judging import open_pairs
from ..people.selectors import drafts_of, interviews_of

OFFERED = ("person.search", "person.register", "entitlement.check", "grievance.open")
"""What the home page offers, by the action that it takes."""


@dataclass(frozen=True)
class Work:
    """Some things that wait, and the page that lists them. late: how many of them are past their day."""

    text: str
    number: int
    address: str
    late: int = 0


def work_of(user: User, on: date, now: datetime) -> list[Work]:
    """What waits for the user; nothing of which there is none."""
    return [work for part in (_claims, _complaints, _files, _laws) for work in part(user, on, now) if work.number]


def offered(user: User, on: date) -> frozenset[str]:
    """Those of OFFERED that the user may do somewhere."""
    return frozenset(action for action in OFFERED if _may(user, action, on))


def _may(user: User, action: str, on: date) -> bool:
    where = scope(user, action, on)
    return where.everywhere or bool(where.districts)


def _claims(user: User, on: date, now: datetime) -> Iterator[Work]:
    """Claims by what they wait for: a second officer who did not propose, a decision, facts or documents."""
    index = reverse("cases:index")
    if _may(user, "decision.approve", on):
        proposals = Decision.objects.visible_to(user, "decision.approve", on).filter(decided_on__isnull=True, claim__state=Claim.State.PROPOSED)
        number = proposals.exclude(proposed_by=user).count()
        yield Work(ngettext("claim waits for a second officer", "claims wait for a second officer", number), number, f"{index}?state=proposed")
    if _may(user, "decision.propose", on):
        number = Claim.objects.visible_to(user, "decision.propose", on).filter(state=Claim.State.READY).count()
        yield Work(ngettext("claim is to be decided", "claims are to be decided", number), number, f"{index}?state=ready")
    if _may(user, "claim.determine", on):
        number = rights_to_revise(user, on).count()
        yield Work(ngettext("right is to be looked at again", "rights are to be looked at again", number), number, reverse("cases:to_revise"))
    if _may(user, "claim.evidence", on):
        number = Claim.objects.visible_to(user, "claim.evidence", on).filter(state=Claim.State.OPEN).count()
        yield Work(ngettext("claim waits for facts or documents", "claims wait for facts or documents", number), number, f"{index}?state=open")


def _complaints(user: User, on: date, now: datetime) -> Iterator[Work]:
    """Appeals against decisions in which the user had no part, and grievances about others."""
    if _may(user, "appeal.decide", on):
        mine = Q(decision__proposed_by=user) | Q(decision__approved_by=user) | Q(decision__claim__opened_by=user)
        earlier = Appeal.objects.everyone().filter(heard_by=user).values("decision")
        appeals = appeals_of(user, on).filter(scope(user, "appeal.decide", on).q()).exclude(mine).exclude(decision__in=earlier)
        number, late = appeals.count(), appeals.filter(due__lt=on).count()
        yield Work(ngettext("appeal is to be heard", "appeals are to be heard", number), number, reverse("cases:appeals"), late)
    if _may(user, "grievance.answer", on):
        grievances = grievances_of(user, on)
        number, late = grievances.count(), grievances.filter(due__lt=on).count()
        yield Work(ngettext("grievance is to be answered", "grievances are to be answered", number), number, reverse("cases:grievances"), late)


def _files(user: User, on: date, now: datetime) -> Iterator[Work]:
    """Registrations that are not finished, and files that may be of one person."""
    if _may(user, "person.register", on):
        number = len(drafts_of(user, now))
        yield Work(ngettext("registration is not finished", "registrations are not finished", number), number, f"{reverse('people:register')}#drafts")
    if _may(user, "entitlement.check", on):
        number = len(interviews_of(user, now))
        yield Work(ngettext("interview is not finished", "interviews are not finished", number), number, f"{reverse('laws:try')}#saved")
    if _may(user, "person.merge", on):
        number = open_pairs(user, on).count()
        yield Work(
            ngettext("possible duplicate is to be judged", "possible duplicates are to be judged", number), number, reverse("exchange:duplicates")
        )


def _laws(user: User, on: date, now: datetime) -> Iterator[Work]:
    """Laws that somebody else has proposed."""
    if NATIONAL.district_id in scope(user, "law.approve", on):
        number = InForce.objects.filter(approved__isnull=True, withdrawn__isnull=True).exclude(proposed_by=user).count()
        yield Work(ngettext("law waits for approval", "laws wait for approval", number), number, reverse("laws:index"))
