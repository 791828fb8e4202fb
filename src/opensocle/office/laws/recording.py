"""An answer to a question goes into the registry: a column of the person, or a dated fact from the day that it was asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from ...engine.deciding import HOUSEHOLD
from ...periods import Month
from ..access.models import User
from ..access.rules import NotThere, scope
from ..people.models import Household, Membership, Person
from .questions import Question


def may_record(user: Any, about: Person | Household, on: date) -> bool:
    """Whether the page offers questions."""
    return about.district_id in scope(user, "person.change" if isinstance(about, Person) else "household.change", on)


def record_answer(about: Person | Household, question: Question, text: str, *, precision: str = "day", month: Month, by: User, on: date) -> None:
    """Records an answer about a member of the household of `about`, or about the household itself. Raises Refused, NotThere, Problems."""
    from ..people.services.facts import record_fact

    whom = _whom(about, question, by, on)
    record_fact(whom, question.name, text, since=month.first_day, by=by, on=on)


def _whom(about: Person | Household, question: Question, by: User, on: date) -> Person | Household:
    """The member or household that a question is about; what the user may not see is not there."""
    if question.subject == about.reference:
        return about
    if question.subject != HOUSEHOLD:
        found = Person.objects.visible_to(by, "person.change", on).filter(reference=question.subject).first()
        if found is None:
            raise NotThere(question.name)
        return found
    if isinstance(about, Household):
        return about
    raise NotThere(question.name)


__all__ = ["Membership", "may_record", "record_answer"]
