"""Grievances of any kind: taken from anybody, also without a name, answered by somebody whom they are not about."""

from __future__ import annotations

from datetime import date, timedelta

from ....errors import InputError
from ...access.models import User
from ...access.rules import require
from ...audit.services import act, mark
from ...people.models import Person
from ...places.models import Area
from ..models import Grievance

DAYS_TO_ANSWER = 30


def receive_grievance(
    *, by: User, on: date, kind: str, text: str, district: Area, person: Person | None = None, against: User | None = None
) -> Grievance:
    """Takes a grievance, of a person or of nobody named. Raises InputError O290 without a text or with an unknown kind."""
    if person is not None:
        require(by, "grievance.open", on, person)
    kinds = [name for name, _ in Grievance._meta.get_field("kind").choices or ()]
    if not text.strip() or kind not in kinds:
        raise InputError("O290", "a grievance needs a kind and a text", hint=f"kinds: {', '.join(map(str, kinds))}")
    grievance = Grievance(kind=kind, text=text.strip(), received=on, due=on + timedelta(days=DAYS_TO_ANSWER), person=person, against=against)
    grievance.district_id = district.district_id or district.pk
    require(by, "grievance.open", on, grievance)
    with act("grievance.receive", by=by) as entry:
        grievance.save()
        mark(entry, grievance)
    return grievance


def answer_grievance(*, by: User, on: date, grievance: Grievance, answer: str) -> None:
    """Answers it. Raises InputError O291 where it is about the one who answers, O292 where it is answered."""
    require(by, "grievance.answer", on, grievance)
    if grievance.against_id == by.pk:
        raise InputError("O291", "the grievance is about you", hint="a supervisor or another office answers it")
    if not answer.strip():
        raise InputError("O290", "write the answer")
    with act("grievance.answer", by=by, about=grievance):
        locked = Grievance.plain.select_for_update().get(pk=grievance.pk)
        if locked.answered_on is not None:
            raise InputError("O292", "the grievance is answered already")
        locked.answered_by, locked.answer, locked.answered_on = by, answer.strip(), on
        locked.save(update_fields=["answered_by", "answer", "answered_on"])
    grievance.refresh_from_db(from_queryset=Grievance.plain.all())
