"""Appeals: received within the law's time, heard by an officer who had no part in the decision, with a remedy."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from ....errors import InputError
from ....law.model import Procedure
from ....periods import Month
from ...access.models import User
from ...access.rules import require
from ...audit.services import act, note
from ...laws.deciding import decide_for, law_of
from ..models import Appeal, Claim, Decision, Determination, Entitlement
from .decisions import entitle
from .entitlements import ENDED, revise_entitlement

LEVELS = ("reconsideration", "appeal")


def procedure_of(decision: Decision) -> Procedure:
    """What the law of the decision says of its procedure."""
    return law_of(decision.determination.law_hash).schemes[decision.claim.scheme].procedure


def last_day(decision: Decision, level: str) -> date:
    """The last day on which a decision can be contested. Raises InputError O280 where it is not one yet."""
    if decision.decided_on is None:
        raise InputError("O280", "the decision is only proposed")
    return decision.decided_on + timedelta(days=getattr(procedure_of(decision), level))


def receive_appeal(*, by: User, on: date, decision: Decision, grounds: str, level: str = "reconsideration", excused: bool = False) -> Appeal:
    """Takes an appeal. excused: it is late for a reason that the institution accepts. Raises InputError O281 too late, O282 one is open."""
    require(by, "claim.open", on, decision)
    if level not in LEVELS:
        raise InputError("O280", f"there is no level {level!r}", hint=f"use {' or '.join(LEVELS)}")
    if on > last_day(decision, level) and not excused:
        raise InputError("O281", f"the time to ask for {level} ended on {last_day(decision, level)}", hint="it may be excused for a good reason")
    due = on + timedelta(days=procedure_of(decision).answer)
    with act("appeal.receive", by=by, about=decision, level=level, excused=excused):
        appeal = Appeal(decision=decision, district_id=decision.district_id, level=level, grounds=grounds, received=on, due=due)
        try:
            with transaction.atomic():
                appeal.save()
        except IntegrityError as error:
            raise InputError("O282", "an appeal against this decision is open already") from error
    return appeal


def decide_appeal(*, by: User, on: date, appeal: Appeal, outcome: str, reasons: str) -> Decision | None:
    """Decides an appeal. `changed`: the law is run again on the facts as they are known now, and a new decision replaces the old one.

    Raises InputError O283 where the officer had a part in the decision, O284 without reasons, O285 where the law still says the same.
    """
    require(by, "appeal.decide", on, appeal)
    decision = Decision.plain.select_related("claim", "determination").get(pk=appeal.decision_id)
    if by.pk in {decision.proposed_by_id, decision.approved_by_id, decision.claim.opened_by_id, *_earlier(appeal)}:
        raise InputError("O283", "the officer had a part in this decision", hint="another appeals officer has to hear it")
    if not reasons.strip():
        raise InputError("O284", "an appeal is decided with reasons")
    if outcome not in Appeal.Outcome.values:
        raise InputError("O284", f"there is no outcome {outcome!r}", hint=f"use {', '.join(Appeal.Outcome.values)}")
    with act("appeal.decide", by=by, about=appeal, outcome=outcome) as entry:
        locked = Appeal.plain.select_for_update().get(pk=appeal.pk)
        if locked.decided_on is not None:
            raise InputError("O282", "the appeal is decided already")
        locked.heard_by, locked.outcome, locked.reasons, locked.decided_on = by, outcome, reasons.strip(), on
        locked.save()
        remedy = _remedy(decision, by, on, reasons) if outcome == Appeal.Outcome.CHANGED else None
        if outcome == Appeal.Outcome.SENT_BACK:
            _reopen(decision, on)
        if remedy:
            note(entry, decision=remedy.reference)
    appeal.refresh_from_db(from_queryset=Appeal.plain.all())
    return remedy


def _earlier(appeal: Appeal) -> set[int | None]:
    """Who heard the reconsideration does not hear the appeal."""
    return set(Appeal.plain.filter(decision_id=appeal.decision_id).exclude(pk=appeal.pk).values_list("heard_by_id", flat=True))


def _remedy(decision: Decision, by: User, on: date, reasons: str) -> Decision:
    claim = decision.claim
    found = decide_for(claim.person, claim.scheme, Month.of(claim.month), claim.event or None, household=claim.household)
    before = decision.determination
    if found.outcome == "undecided" or (found.outcome, found.results) == (before.outcome, before.results):
        hint = "record the facts that the appeal has proved; a decision says what the law says on the facts"
        raise InputError("O285", "the law says the same on the facts as they are recorded", hint=hint)
    made = Determination.objects.create(claim=claim, made=timezone.now(), **found.fields())
    new = Decision(claim=claim, district_id=claim.district_id, determination=made, two_officers=False, proposed_by=by, proposed=timezone.now())
    new.outcome = Decision.Outcome.GRANTED if found.outcome == "entitled" else Decision.Outcome.REFUSED
    new.decided_on, new.replaces, new.reason = on, decision, reasons.strip()
    new.save()
    old = Entitlement.plain.filter(decision=decision).exclude(state=ENDED).first()
    if old is not None and old.paid in ("monthly", "yearly"):
        revise_entitlement(by=None, on=on, entitlement=old, cause="appeal")
    elif new.outcome == Decision.Outcome.GRANTED and old is None:
        entitle(new, law_of(made.law_hash).schemes[claim.scheme])
    return new


def _reopen(decision: Decision, on: date) -> None:
    """Facts have to be looked at again: the claim is open, what was granted stops being the last word when it is decided anew."""
    if Entitlement.plain.filter(decision=decision).exclude(state=ENDED).exists():
        raise InputError("O286", "a right in force is revised, not sent back", hint="decide `changed`, or revise the entitlement")
    Claim.plain.filter(pk=decision.claim_id).update(state=Claim.State.OPEN)
