"""Claims: opened, determined by the law on the facts as they stand, completed with evidence, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from ....errors import InputError, nearest
from ....law.law import Law
from ....law.model import Scheme
from ....periods import Month
from ...access.models import User
from ...access.rules import require
from ...audit.services import act, note
from ...laws.deciding import decide_for, law_on
from ...people.models import Document, Household, Membership, Person
from ..models import Claim, Decision, Determination, Evidence

CLOSED = (Claim.State.DECIDED, Claim.State.WITHDRAWN)


def open_claim(
    *,
    by: User,
    on: date,
    person: Person,
    scheme: str,
    month: Month | None = None,
    event: Mapping[str, str] | None = None,
    claimant: Person | None = None,
) -> Claim:
    """A claim of a person (or her household, where the scheme's right belongs to it), determined at once.

    month: by default that of `on`; for an event it is the event's own. event: the event's facts, canonical text (`event_date` at least),
    where the scheme is claimed for an event. Raises InputError O250 for what cannot be claimed, O251 where the same is claimed already.
    """
    require(by, "claim.open", on, person)
    month = _month(month, event, on)
    law = law_on(month.first_day)
    said = scheme_of(law, scheme, month)
    event = _event(law, said, event, on)
    household = household_on(person, on) if said.unit == "household" else None
    if said.unit == "household" and household is None:
        raise InputError("O250", f"{scheme} is a right of households, and the person is in none", hint="register the household first")
    with act("claim.open", by=by, about=person, scheme=scheme) as entry:
        claim = Claim(scheme=scheme, person=person, household=household, claimant=claimant, district_id=person.district_id, event=event)
        claim.claimed_on, claim.month, claim.opened_by, claim.opened = on, month.first_day, by, timezone.now()
        try:
            with transaction.atomic():
                claim.save()
        except IntegrityError as error:
            raise InputError("O251", f"{scheme} is claimed for {month} already", hint="open that claim, or withdraw it") from error
        note(entry, claim=claim.reference)
        determine_claim(by=by, on=on, claim=claim)
    return claim


def _month(month: Month | None, event: Mapping[str, str] | None, on: date) -> Month:
    """The month that the law looks at: that of the event, whenever it is claimed. Raises InputError O250 for another one."""
    told = (event or {}).get("event_date")
    if not told:
        return month or Month.of(on)
    try:
        own = Month.of(date.fromisoformat(told))
    except ValueError as error:
        raise InputError("O250", f"{told} is not a day", hint="write it as 2026-03-27") from error
    if month is not None and month != own:
        raise InputError("O250", f"the event is of {own}, not of {month}", hint="leave the month out: the law looks at the month of the event")
    return own


def scheme_of(law: Law, name: str, month: Month) -> Scheme:
    """A scheme that pays benefits and is in force. Raises InputError O250."""
    found = law.schemes.get(name)
    if found is None:
        raise InputError("O250", f"the law has no scheme {name!r}", hint=nearest(name, list(law.schemes)))
    if "benefit" not in found.variables and "eligible" not in found.variables:
        raise InputError("O250", f"{name} gives no benefit that could be claimed")
    if not (found.since <= month.first_day and (found.until is None or month.first_day < found.until)):
        raise InputError("O250", f"{name} is not in force in {month}")
    return found


def _event(law: Law, scheme: Scheme, event: Mapping[str, str] | None, on: date) -> dict[str, str]:
    """The facts of the event, each a word of the vocabulary; it is claimed on the day of the claim. Raises InputError O250."""
    if scheme.name not in law.events:
        if event:
            raise InputError("O250", f"{scheme.name} is not claimed for an event", hint="record the facts of the person instead")
        return {}
    words = law.vocabulary.tables["events"]
    told = {name: value for name, value in (event or {}).items() if value not in (None, "")}
    unknown = [name for name in told if name not in words]
    if unknown:
        raise InputError("O250", f"an event has no fact {unknown[0]!r}", hint=nearest(unknown[0], list(words)))
    if "event_date" not in told:
        raise InputError("O250", f"{scheme.name} is claimed for an event: its date is missing", hint="give event_date")
    return {"claim_date": on.isoformat(), **told}


def household_on(person: Person, on: date) -> Household | None:
    """The household of a person on a day."""
    there = Membership.objects.filter(person=person, since__lte=on).exclude(until__lte=on).select_related("household").first()
    return there.household if there else None


def determine_claim(*, by: User | None, on: date, claim: Claim) -> Determination:
    """What the law says now. The claim is ready where it says yes or no, open where facts are missing. Raises InputError O252 once it is closed."""
    if by is not None and claim.opened_by_id != by.pk:
        require(by, "claim.determine", on, claim)
    if claim.state in CLOSED:
        raise InputError("O252", "the claim is closed", hint="a new month needs a new claim; a wrong decision is appealed")
    with act("claim.determine", by=by, about=claim) as entry:
        locked = Claim.plain.select_for_update().get(pk=claim.pk)
        month = Month.of(locked.month)
        found = decide_for(locked.person, locked.scheme, month, locked.event or None, household=locked.household)
        made = Determination.objects.create(claim=locked, made=timezone.now(), **found.fields())
        if locked.state != Claim.State.PROPOSED:
            locked.state = Claim.State.OPEN if found.outcome == "undecided" else Claim.State.READY
            locked.save(update_fields=["state"])
        note(entry, outcome=found.outcome, law=found.law_hash[:12])
    claim.state = locked.state
    return made


def add_evidence(*, by: User, on: date, claim: Claim, document: Document, proves: str) -> Evidence:
    """A document that proves a fact of the claim. Raises InputError O253 where it is about somebody else."""
    require(by, "claim.evidence", on, claim)
    if document.person_id not in {claim.person_id, claim.claimant_id} and not _of_household(claim, document):
        raise InputError("O253", "the document is about somebody else", hint="add it to the person of the claim")
    with act("claim.evidence", by=by, about=claim, document=document.reference, proves=proves):
        return Evidence.objects.create(claim=claim, document=document, proves=proves)


def _of_household(claim: Claim, document: Document) -> bool:
    home = claim.household or household_on(claim.person, claim.claimed_on)
    return home is not None and Membership.objects.filter(household=home, person_id=document.person_id).exists()


def assign_claim(*, by: User, on: date, claim: Claim, to: User) -> None:
    """Gives a claim to an officer who may determine it."""
    require(by, "claim.assign", on, claim)
    require(to, "claim.determine", on, claim)
    with act("claim.assign", by=by, about=claim, to=to.pk):
        Claim.plain.filter(pk=claim.pk).update(assigned_to=to)


def withdraw_claim(*, by: User, on: date, claim: Claim) -> None:
    """The person does not ask any more. Raises InputError O252 once it is decided."""
    require(by, "claim.open", on, claim)
    with act("claim.withdraw", by=by, about=claim):
        locked = Claim.plain.select_for_update().get(pk=claim.pk)
        if locked.state in CLOSED:
            raise InputError("O252", "the claim is closed")
        Decision.plain.filter(claim=locked, decided_on__isnull=True).delete()
        locked.state = Claim.State.WITHDRAWN
        locked.save(update_fields=["state"])
    claim.state = Claim.State.WITHDRAWN
