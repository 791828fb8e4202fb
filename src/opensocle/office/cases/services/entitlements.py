"""Rights in force: suspended, resumed, ended, and revised when facts or the law have changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from ....errors import InputError
from ....periods import Month
from ...access.models import User
from ...access.rules import require
from ...audit.services import act, note
from ...laws.deciding import decide_for, law_on
from ...people.models import Person
from ..models import Claim, Decision, Difference, Entitlement
from ..revising import LAW, causes_of, rights_to_revise
from .decisions import missing_in

ACTIVE, SUSPENDED, ENDED = Entitlement.State.ACTIVE, Entitlement.State.SUSPENDED, Entitlement.State.ENDED


def suspend_entitlement(*, by: User, on: date, entitlement: Entitlement, why: str) -> None:
    """Stops it for now; a reason is due to the person. Raises InputError O270, O271."""
    _change(by, on, entitlement, "entitlement.suspend", ACTIVE, SUSPENDED, why)


def resume_entitlement(*, by: User, on: date, entitlement: Entitlement, why: str) -> None:
    """Lets it run again."""
    _change(by, on, entitlement, "entitlement.resume", SUSPENDED, ACTIVE, why)


def _change(by: User, on: date, entitlement: Entitlement, action: str, before: str, after: str, why: str) -> None:
    require(by, "decision.suspend", on, entitlement)
    if not why.strip():
        raise InputError("O270", "say why", hint="the person has a right to know, and to appeal")
    with act(action, by=by, about=entitlement):
        locked = Entitlement.plain.select_for_update().get(pk=entitlement.pk)
        if locked.state != before:
            raise InputError("O271", f"the entitlement is {locked.state}, not {before}")
        locked.state, locked.why = after, why.strip()[:200]
        locked.save(update_fields=["state", "why"])
    entitlement.state = locked.state


def end_entitlement(*, by: User | None, on: date, entitlement: Entitlement, until: date, why: str) -> None:
    """Ends it before `until`: the first day without the right, never before its first."""
    if by is not None:
        require(by, "decision.suspend", on, entitlement)
    with act("entitlement.end", by=by, about=entitlement, until=until.isoformat()):
        locked = Entitlement.plain.select_for_update().get(pk=entitlement.pk)
        if locked.state == ENDED:
            raise InputError("O271", "the entitlement has ended")
        last = max(until, locked.since)
        locked.until = min(last, locked.until) if locked.until else last
        locked.state, locked.why = ENDED, why.strip()[:200]
        locked.save(update_fields=["until", "state", "why"])
    entitlement.refresh_from_db(from_queryset=Entitlement.plain.all())


def end_for_death(*, by: User | None, on: date, person: Person) -> int:
    """Ends a person's own rights with the month of death, and withdraws her open claims; returns how many rights. Raises InputError O272."""
    if person.death_date is None:
        raise InputError("O272", "no death is recorded for the person")
    until = Month.of(person.death_date).plus(1).first_day
    with act("entitlement.death", by=by, about=person):
        rights = Entitlement.plain.filter(person=person, household__isnull=True).exclude(state=ENDED)
        for right in rights:
            end_entitlement(by=None, on=on, entitlement=right, until=until, why="death")
        waiting = Claim.plain.filter(person=person).exclude(state__in=(Claim.State.DECIDED, Claim.State.WITHDRAWN))
        for claim in waiting.select_for_update():
            Decision.plain.filter(claim=claim, decided_on__isnull=True).delete()
        waiting.update(state=Claim.State.WITHDRAWN)
    return len(rights)


def revise_entitlement(*, by: User | None, on: date, entitlement: Entitlement, cause: str = "facts") -> list[Difference]:
    """Runs the law again for every month since the right began, on the facts as they are known now, up to the month of `on`.

    Each month whose amount is another than the one in force then gives a difference: arrears above zero, an overpayment below. The right goes
    on with the amount of the last month; it ends where there is none. Months already revised are compared with their last revision. Only
    for rights paid monthly or yearly. Raises InputError O273 where facts are missing, which would make a person lose what she has.
    """
    if by is not None:
        require(by, "claim.determine", on, entitlement)
    if entitlement.paid not in ("monthly", "yearly"):
        raise InputError("O274", f"a right paid {entitlement.paid} is not revised by month", hint="decide a new claim, or an appeal")
    with act("entitlement.revise", by=by, about=entitlement, cause=cause) as entry:
        locked = Entitlement.plain.select_for_update().get(pk=entitlement.pk)
        known = {d.month: d.after for d in locked.differences.order_by("pk")}
        end = min(Month.of(on), Month.of(locked.until).plus(-1)) if locked.until else Month.of(on)
        found, due = [], locked.amount
        month = Month.of(locked.since)
        while month <= end:
            due = _due(locked, month)
            before = known.get(month.first_day, locked.amount)
            if due != before:
                found.append(Difference(entitlement=locked, month=month.first_day, before=before, after=due, cause=cause, found=timezone.now()))
            month = month.plus(1)
        Difference.objects.bulk_create(found)
        locked.looked, locked.review_on = entry.at, _next_review(locked, on)
        _go_on(locked, due, end)
        note(entry, months=len(found), total=sum(d.after - d.before for d in found))
    entitlement.refresh_from_db(from_queryset=Entitlement.plain.all())
    return found


def _due(right: Entitlement, month: Month) -> int:
    claim = right.decision.claim
    made = decide_for(right.person, right.scheme, month, claim.event or None, household=right.household)
    if made.outcome == "undecided":
        raise InputError("O273", f"facts of {month} are missing: {missing_in(made)}", hint="record them, then revise")
    return (made.amount(law_on(month.first_day)) or 0) if made.outcome == "entitled" else 0


def _next_review(right: Entitlement, on: date) -> date | None:
    """The day of review after one that has come."""
    if right.review_on is None or right.review_on > on:
        return right.review_on
    scheme = law_on(on).schemes.get(right.scheme)
    length = scheme.procedure.review if scheme else None
    return Month.of(on).plus(length).first_day if length else None


def revise_all(*, by: User | None, on: date) -> Revised:
    """Revises every right that is to be looked at again, each in an act of its own; what lacks facts is left as it is and counted."""
    done = Revised()
    for right in list(rights_to_revise(by, on)):
        cause = "law" if LAW in causes_of(right) else "facts"
        try:
            found = revise_entitlement(by=by, on=on, entitlement=right, cause=cause)
        except InputError as error:
            if error.code != "O273":
                raise
            done.undecided.append(right.reference)
            continue
        done.looked += 1
        done.changed += bool(found)
        done.ended += right.state == ENDED
        done.arrears += sum(max(each.after - each.before, 0) for each in found)
        done.overpaid += sum(max(each.before - each.after, 0) for each in found)
    return done


@dataclass
class Revised:
    """What a revision of many rights did. arrears, overpaid: sums in the currency's smallest unit. undecided: rights whose facts are missing."""

    looked: int = 0
    changed: int = 0
    ended: int = 0
    arrears: int = 0
    overpaid: int = 0
    undecided: list[str] = field(default_factory=list)


def _go_on(right: Entitlement, due: int, last: Month) -> None:
    if due:
        right.amount = due
    else:
        right.state, right.until, right.why = ENDED, max(last.plus(1).first_day, right.since), "no longer due"
    right.save(update_fields=["amount", "state", "until", "why", "looked", "review_on"])
