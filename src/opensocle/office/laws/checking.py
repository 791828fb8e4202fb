"""Looking up what somebody is entitled to: each look is an act of the audit about the person or household."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from ...engine.deciding import HOUSEHOLD
from ...engine.explaining import Explanation
from ...engine.reasons import Verdict
from ...periods import Month
from ..access.models import User
from ..access.row_security import everywhere
from ..access.rules import NotThere, require
from ..audit.services import act
from ..people.models import Household, Person
from ..references import read_reference
from .deciding import Rights, rights_of
from .presenting import STRANGER

KINDS: dict[str, type[Person | Household]] = {"person": Person, "household": Household}


def find_subject(user: Any, kind: str, reference: str, on: date) -> Person | Household:
    """A person or household whose rights the user may look up. Raises NotThere alike for what is missing and what she may not see."""
    known = read_reference(reference)
    found = KINDS[kind].objects.visible_to(user, "entitlement.check", on).select_related("area").filter(reference=known or "").first()
    if found is None:
        raise NotThere(reference)
    return found


def check_rights(about: Person | Household, month: Month, *, by: User, on: date) -> Rights:
    """What every scheme says in the month to the person and her household, or to all of a household. Raises Refused, NotThere, InputError O041.

    A member whose file is in another district counts, as the law says, but nothing is told of her.
    """
    require(by, "entitlement.check", on, about)
    with everywhere():
        rights = rights_of(about, month, whose=subjects_of(about))
    rights = _as_seen(rights, by, on)
    with act("entitlement.check", by=by, about=about, month=str(month), law=rights.law.hash[:12]):
        return rights


def explain_right(
    about: Person | Household, month: Month, scheme: str, subject: str, *, if_claimed: bool, by: User, on: date
) -> tuple[Explanation, dict[str, str]]:
    """Why a scheme says what it says to a member (or `household`), and how the members are called whom the user may see.

    Raises NotThere for a scheme or member that is not there.
    """
    require(by, "entitlement.check", on, about)
    with everywhere():
        rights = rights_of(about, month, whose={subject})
    names = member_names(by, rights, on)
    verdicts = rights.if_claimed if if_claimed else rights.verdicts
    there = any((verdict.scheme, verdict.subject) == (scheme, subject) for verdict in verdicts)
    if not there or (subject != HOUSEHOLD and subject not in names):
        raise NotThere(scheme)
    with act("entitlement.check", by=by, about=about, month=str(month), law=rights.law.hash[:12], scheme=scheme):
        return rights.explain(scheme, subject, if_claimed=if_claimed), names


def member_names(user: Any, rights: Rights, on: date) -> dict[str, str]:
    """How the members are called on the page, by reference: those whom the user may see."""
    people = Person.objects.visible_to(user, "entitlement.check", on).filter(reference__in=_members(rights))
    return {person.reference: person.name for person in people}


def _members(rights: Rights) -> set[str]:
    return {name for facts in rights.facts.values() for name in facts["members"]}


def _as_seen(rights: Rights, user: User, on: date) -> Rights:
    """Without the verdicts of members whom the user may not see; of what is missing of them, it is said that it is missing of somebody."""
    strangers = _members(rights) - set(member_names(user, rights, on))
    if not strangers:
        return rights

    def seen(verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        return tuple(_without(verdict, strangers) for verdict in verdicts if verdict.subject not in strangers)

    return replace(rights, verdicts=seen(rights.verdicts), if_claimed=seen(rights.if_claimed))


def _without(verdict: Verdict, strangers: set[str]) -> Verdict:
    missing = (replace(item, subject=STRANGER) if item.subject in strangers else item for item in verdict.missing)
    return replace(verdict, missing=tuple(missing))


def subjects_of(about: Person | Household) -> set[str] | None:
    """Whose verdicts a page about somebody shows: hers and her household's; of a household everybody's (None)."""
    return {about.reference, HOUSEHOLD} if isinstance(about, Person) else None
