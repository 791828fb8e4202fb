"""An answer to a question goes into the registry: a column of the person, or a dated fact from the day that it was asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from ...engine.deciding import HOUSEHOLD
from ...errors import Problems
from ..access.models import User
from ..access.rules import NotThere, scope
from ..audit.services import act
from ..people.models import Household, Person
from ..people.services.facts import record_fact
from ..people.services.files import open_file
from ..people.services.values import Birth, faults_of_birth, faults_of_sex
from .questions import Question


def may_record(user: Any, about: Person | Household, on: date) -> bool:
    """Whether the page offers questions."""
    return about.district_id in scope(user, "person.change", on)


def record_answer(
    about: Person | Household, home: str | None, question: Question, text: str, *, precision: str = "day", since: date, by: User, on: date
) -> None:
    """Records an answer about a member of the household of `about`, or about the household (`home`, its reference).

    since: the day that was asked for; in a month to come the fact holds from today. Raises Refused, NotThere, InputError, Problems.
    """
    whom = _whom(about, home, question, by, on)
    if isinstance(whom, Person) and question.name in ("birth_date", "sex"):
        _change(whom, question.name, text, precision, by, on)
        return
    record_fact(by=by, on=on, about=whom, name=question.name, value=text, since=min(since, on))


def _change(person: Person, name: str, text: str, precision: str, by: User, on: date) -> None:
    """A column of the person. Raises Problems O050."""
    with act("person.change", by=by, about=person, changed=[name]):
        kept = open_file(by, "person.change", on, person)
        if name == "birth_date":
            birth = Birth(date.fromisoformat(text), precision)
            faults = faults_of_birth(birth, on, kept.death_date)
            kept.birth_date, kept.birth_precision = birth.date, precision
        else:
            faults = faults_of_sex(text)
            kept.sex = text
        if faults:
            raise Problems(faults)
        kept.save(update_fields=["birth_date", "birth_precision", "sex"])


def _whom(about: Person | Household, home: str | None, question: Question, by: User, on: date) -> Person | Household:
    """The member or household that a question is about; what the user may not see is not there."""
    if question.subject != HOUSEHOLD:
        person = Person.objects.visible_to(by, "person.change", on).filter(reference=question.subject).first()
        if person is None:
            raise NotThere(question.name)
        return person
    household = Household.objects.visible_to(by, "household.change", on).filter(reference=home or "").first()
    if household is None:
        raise NotThere(question.name)
    return household
