"""Decisions: proposed on what the law says, approved by a second officer where the scheme asks for two, then in force."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from ....errors import InputError
from ....law.model import Scheme
from ....periods import Month
from ...access.models import User
from ...access.rules import require
from ...audit.services import act, note
from ...laws.deciding import Determined, decide_for, law_of
from ..models import Claim, Decision, Determination, Entitlement, SentBack
from .claims import determine_claim

DAYS = {"day": Decimal(1), "week": Decimal(7)}


def propose(*, by: User | None, on: date, claim: Claim, reason: str = "") -> Decision:
    """Decides a claim as the law says on the facts of today. Where the scheme asks for two officers, a supervisor has to approve.

    by None: the program, for schemes that no officer decides. Raises InputError O260 where facts are missing, O261 where it is proposed already.
    """
    if by is not None:
        require(by, "decision.propose", on, claim)
    with act("decision.propose", by=by, about=claim) as entry:
        locked = Claim.plain.select_for_update().get(pk=claim.pk)
        if locked.state == Claim.State.PROPOSED:
            raise InputError("O261", "a decision is proposed already", hint="a supervisor approves it or sends it back")
        made = determine_claim(by=by, on=on, claim=locked)
        if made.outcome == "undecided":
            raise InputError("O260", f"facts are missing: {missing_in(made)}", hint="record them, then decide")
        scheme = law_of(made.law_hash).schemes[locked.scheme]
        officers = scheme.procedure.officers
        if by is None and officers:
            raise InputError("O262", f"{locked.scheme} is decided by an officer")
        decision = Decision(claim=locked, district_id=locked.district_id, determination=made, proposed_by=by, reason=reason)
        decision.outcome = Decision.Outcome.GRANTED if made.outcome == "entitled" else Decision.Outcome.REFUSED
        decision.two_officers, decision.proposed = officers == 2, timezone.now()
        decision.save()
        note(entry, outcome=str(decision.outcome), decision=decision.reference)
        if decision.two_officers:
            locked.state = Claim.State.PROPOSED
            locked.save(update_fields=["state"])
        else:
            settle(decision, scheme, on)
    claim.refresh_from_db(from_queryset=Claim.plain.all())
    return decision


def missing_in(made: Determination | Determined) -> str:
    """Names of the facts, and of the registers, for want of which the law says neither yes nor no."""
    names = {str(item["name"]) for item in made.missing} | {str(item["name"]) for item in made.trace.get("obstacles") or () if item.get("name")}
    return ", ".join(sorted(names)) or "see the explanation"


def approve(*, by: User, on: date, decision: Decision) -> Decision:
    """The second officer agrees. Raises InputError O263 for her own proposal, O264 where the law no longer says the same."""
    require(by, "decision.approve", on, decision)
    if decision.proposed_by_id == by.pk:
        raise InputError("O263", "nobody approves her own proposal", hint="another supervisor has to look at it")
    with act("decision.approve", by=by, about=decision):
        locked = _proposed(decision)
        claim = locked.claim
        now = decide_for(claim.person, claim.scheme, Month.of(claim.month), claim.event or None, household=claim.household)
        before = locked.determination
        if (now.outcome, now.results) != (before.outcome, before.results):
            raise InputError("O264", "facts or the law have changed since the proposal", hint="send it back, so that it is determined anew")
        locked.approved_by = by
        settle(locked, law_of(before.law_hash).schemes[claim.scheme], on)
    decision.refresh_from_db(from_queryset=Decision.plain.all())
    return decision


def send_back(*, by: User, on: date, decision: Decision, reason: str) -> None:
    """The second officer does not agree: the proposal is gone, her reason stays on the claim's page. Raises InputError O265 without one."""
    require(by, "decision.approve", on, decision)
    if not reason.strip():
        raise InputError("O265", "say why", hint="the first officer has to know what to look at")
    with act("decision.send_back", by=by, about=decision.claim) as entry:
        locked = _proposed(decision)
        note(entry, decision=locked.reference)
        SentBack.objects.create(claim=locked.claim, outcome=locked.outcome, by=by, on=on, reason=reason.strip())
        Claim.plain.filter(pk=locked.claim_id).update(state=Claim.State.READY)
        locked.delete()


def _proposed(decision: Decision) -> Decision:
    locked = Decision.plain.select_for_update().select_related("claim", "determination").filter(pk=decision.pk, decided_on__isnull=True).first()
    if locked is None:
        raise InputError("O266", "the decision is not waiting for approval")
    return locked


def settle(decision: Decision, scheme: Scheme, on: date) -> Entitlement | None:
    """The decision takes effect; a grant gives an entitlement. Inside an act."""
    decision.decided_on = on
    decision.save()
    Claim.plain.filter(pk=decision.claim_id).update(state=Claim.State.DECIDED)
    return entitle(decision, scheme) if decision.outcome == Decision.Outcome.GRANTED else None


def entitle(decision: Decision, scheme: Scheme) -> Entitlement:
    """The right that a grant gives: its amount, and the days on which it runs."""
    claim, made = decision.claim, decision.determination
    law = law_of(made.law_hash)
    since = date.fromisoformat(claim.event["event_date"]) if claim.event.get("event_date") else claim.month
    review = scheme.procedure.review
    return Entitlement.objects.everyone().create(
        decision=decision,
        person_id=claim.person_id,
        household_id=claim.household_id,
        district_id=claim.district_id,
        scheme=claim.scheme,
        paid=scheme.paid,
        amount=amount_of(made, law.country.currency.digits),
        currency=law.country.currency.code,
        since=since,
        until=end_of(made, scheme, since),
        looked=made.made,
        review_on=Month.of(claim.month).plus(review).first_day if review else None,
    )


def amount_of(made: Determination, digits: int) -> int:
    """The benefit in the currency's smallest unit; 0 where the right is not money."""
    text = made.results.get(f"{made.claim.scheme}.benefit", "")
    return int((Decimal(text) * 10**digits).to_integral_value("ROUND_HALF_UP")) if text else 0


def end_of(made: Determination, scheme: Scheme, since: date) -> date | None:
    """The first day without the right, from the law's `duration`; None where the law names none."""
    text = made.results.get(f"{made.claim.scheme}.duration", "")
    if not text:
        return None
    length = Decimal(text)
    rule = law_of(made.law_hash).rules[made.claim.scheme, "duration"]
    unit = next((base for base, power in rule.kind.unit.powers if power == 1), "month")
    if unit in DAYS:
        return since + timedelta(days=int((length * DAYS[unit]).to_integral_value("ROUND_CEILING")))
    months = length * (12 if unit == "year" else 1)
    return later(since, int(months.to_integral_value("ROUND_CEILING")))


def later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that has no such day."""
    month = Month.of(day).plus(months)
    return month.first_day.replace(day=min(day.day, month.last_day.day))
