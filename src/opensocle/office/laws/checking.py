"""Looking up what somebody is entitled to: each look is an act of the audit about the person or household."""

from __future__ import annotations

from datetime import date
from typing import Any

from ...engine.deciding import HOUSEHOLD
from ...engine.explaining import Explanation
from ...periods import Month
from ..access.models import User
from ..access.rules import NotThere, require
from ..audit.services import act
from ..people.models import Household, Person
from ..references import read_reference
from .deciding import Rights, rights_of

KINDS: dict[str, type[Person | Household]] = {"person": Person, "household": Household}


def find_subject(user: Any, kind: str, reference: str, on: date) -> Person | Household:
    """A person or household whose rights the user may look up. Raises NotThere alike for what is missing and what she may not see."""
    known = read_reference(reference)
    found = KINDS[kind].objects.visible_to(user, "entitlement.check", on).select_related("area").filter(reference=known or "").first()
    if found is None:
        raise NotThere(reference)
    return found


def check_rights(about: Person | Household, month: Month, *, by: User, on: date) -> Rights:
    """What every scheme says in the month to the person and her household, or to all of a household. Raises Refused, NotThere, InputError O041."""
    require(by, "entitlement.check", on, about)
    rights = rights_of(about, month, whose=subjects_of(about))
    with act("entitlement.check", by=by, about=about, month=str(month), law=rights.law.hash[:12]):
        return rights


def explain_right(about: Person | Household, month: Month, scheme: str, subject: str, *, if_claimed: bool, by: User, on: date) -> Explanation:
    """Why a scheme says what it says to a member (or `household`). Raises NotThere for a scheme or member that is not there."""
    require(by, "entitlement.check", on, about)
    rights = rights_of(about, month, whose={subject})
    verdicts = rights.if_claimed if if_claimed else rights.verdicts
    if not any((verdict.scheme, verdict.subject) == (scheme, subject) for verdict in verdicts):
        raise NotThere(scheme)
    with act("entitlement.check", by=by, about=about, month=str(month), law=rights.law.hash[:12], scheme=scheme):
        return rights.explain(scheme, subject, if_claimed=if_claimed)


def member_names(user: Any, rights: Rights, on: date) -> dict[str, str]:
    """How the members are called on the page, by reference; of those whom the user may not see, the reference."""
    references = {name for facts in rights.facts.values() for name in facts["members"]}
    people = Person.objects.visible_to(user, "entitlement.check", on).filter(reference__in=references)
    return {name: name for name in references} | {person.reference: person.name for person in people}


def subjects_of(about: Person | Household) -> set[str] | None:
    """Whose verdicts a page about somebody shows: hers and her household's; of a household everybody's (None)."""
    return {about.reference, HOUSEHOLD} if isinstance(about, Person) else None
