"""Rights to look at again: the law or the facts have changed since the law was last run on them, or their day of review has come.

A sign to look, not a verdict: a change may alter nothing. `revise_entitlement` says what it alters.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, When

from ..access.models import User
from ..access.rules import require
from ..audit.models import Entry
from ..laws.models import InForce
from ..people.models import Fact, Membership, Record
from .models import Entitlement

FACTS, LAW, REVIEW = "facts", "law", "review"
CAUSES = (LAW, FACTS, REVIEW)
CHANGES = (
    "person.change", "person.die", "person.lives", "person.merge", "person.unmerge", "person.move", "person.transfer",
    "household.join", "household.leave", "household.relationship",
)  # fmt: skip
"""Acts on a person's file, besides facts and histories, that may change what the law says."""
BY_MONTH = ("monthly", "yearly")
"""How rights are paid that can be computed again month by month."""


def rights_to_revise(user: User | None, on: date) -> QuerySet[Entitlement]:
    """Rights that run, in the user's districts (all for the machine's operator), with `by_law`, `by_facts` and `by_review`; the oldest look first."""
    if user is None:
        found = Entitlement.objects.everyone()
    else:
        require(user, "claim.determine", on)
        found = Entitlement.objects.visible_to(user, "claim.determine", on)
    marks = {"by_law": _by_law(on), "by_facts": _by_facts(), "by_review": _by_review(on)}
    found = found.exclude(state=Entitlement.State.ENDED).filter(paid__in=BY_MONTH).annotate(**marks)
    found = found.filter(Q(by_law=True) | Q(by_facts=True) | Q(by_review=True))
    return found.select_related("person", "decision__claim").order_by("looked", "pk")


def causes_of(right: Entitlement) -> list[str]:
    """Why a right of `rights_to_revise` is there, the law first."""
    return [cause for cause in CAUSES if getattr(right, f"by_{cause}")]


def _by_law(on: date) -> Case:
    """A law was approved since, and has begun."""
    newest = InForce.objects.filter(approved__isnull=False, withdrawn__isnull=True, since__lte=on).aggregate(last=Max("approved"))["last"]
    return Case(When(looked__lt=newest, then=True), default=False) if newest else Case(default=False)


def _by_review(on: date) -> Case:
    """Its day of review has come, and it was not looked at since."""
    return Case(When(review_on__lte=on, then=Case(When(looked__date__lt=F("review_on"), then=True), default=False)), default=False)


def _by_facts() -> Q:
    """Something that was recorded since, of the person, of her household, or of who lives in it; somebody came into it or left it."""
    since = OuterRef("looked")
    lives = Membership.objects.filter(person=OuterRef("person"), until__isnull=True)
    mates = Membership.objects.filter(household__memberships__person=OuterRef("person"), household__memberships__until__isnull=True)
    rows = (Fact.objects.filter(person=OuterRef("person")), Record.objects.filter(person=OuterRef("person")))
    found: list[QuerySet[Any]] = [each.filter(_newer("", since)) for each in rows]
    found.append(lives.filter(_newer("household__facts__", since)))
    found += [mates.filter(_newer(path, since), until__isnull=True) for path in ("person__facts__", "person__records__")]
    acts = Entry.objects.filter(action__in=CHANGES, kind="person", reference=OuterRef("person__reference"))
    found += [acts.filter(at__gt=since), mates.filter(Exists(acts.filter(at__gt=OuterRef(since))))]
    return Q(*(Q(Exists(each)) for each in found), _connector=Q.OR)


def _newer(path: str, since: OuterRef) -> Q:
    return Q(**{f"{path}recorded__gt": since}) | Q(**{f"{path}withdrawn__gt": since})
