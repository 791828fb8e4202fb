"""Correcting who a person is, her death, and closing a file to changes."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from ....errors import InputError, Problems, SocleError
from ...access.models import User
from ...audit.services import act, note
from ..choices import REASONS
from ..models import Household, Person
from . import values
from .files import chosen, open_file
from .households import end_membership
from .keys import rebuild_keys
from .values import Birth, Names


def change_person(
    *,
    by: User | None,
    on: date,
    person: Person,
    reason: str,
    names: Names | None = None,
    birth: Birth | None = None,
    sex: str | None = None,
    address: str | None = None,
) -> Person:
    """Corrects names, birth, sex or address; None leaves it. reason: a code of REASONS, kept in the audit with the old row.

    Raises Refused, NotThere, InputError O050 (reason), O056 (closed file), and Problems with every O050.
    """
    chosen(reason, REASONS, "reason")
    with act("person.change", by=by, about=person, reason=reason) as entry:
        locked = open_file(by, "person.change", on, person)
        names = names.tidy() if names is not None else None
        _change(locked, on, names, birth, sex, address)
        said = {"names": names, "birth": birth, "sex": sex, "address": address}
        note(entry, changed=[name for name, value in said.items() if value is not None])
        locked.save()
        if names is not None:
            rebuild_keys([locked.pk])
    return locked


def _change(locked: Person, on: date, names: Names | None, birth: Birth | None, sex: str | None, address: str | None) -> None:
    """The new values put into the row that is locked. Raises Problems with every O050."""
    problems: list[SocleError] = []
    if names is not None:
        problems += values.faults_of_names(names)
        locked.given_name, locked.surname, locked.second_name = names.given_name, names.surname, names.second_name
        locked.maiden_name, locked.other_names = names.maiden_name, list(names.other_names)
    if birth is not None:
        problems += values.faults_of_birth(birth, on, locked.death_date)
        locked.birth_date, locked.birth_precision = birth.date, birth.precision
    if sex is not None:
        problems += values.faults_of_sex(sex)
        locked.sex = sex
    if address is not None:
        if len(address) > 300:
            problems.append(InputError("O050", _("The address is too long."), at="address"))
        locked.address = values.tidy(address)
    if problems:
        raise Problems(problems)


def record_death(*, by: User | None, on: date, person: Person, died: date, reason: str = "statement") -> Person:
    """A death, also one that is recorded late or corrected: memberships end the day after. Raises InputError O050, O056."""
    chosen(reason, REASONS, "reason")
    with act("person.die", by=by, about=person, reason=reason):
        locked = open_file(by, "person.change", on, person)
        if died > on:
            raise InputError("O050", _("The date of death lies in the future."), at="died")
        if locked.birth_date is not None and died < locked.birth_date:
            raise InputError("O050", _("The date of death lies before the date of birth."), at="died")
        locked.death_date = died
        locked.save(update_fields=["death_date"])
        day_after = date.fromordinal(died.toordinal() + 1)
        for place in locked.memberships.filter(Q(until__isnull=True) | Q(until__gt=day_after)).select_related("household"):
            end_membership(place, day_after)
            _end_if_empty(place.household, day_after)
    return locked


def take_back_death(*, by: User | None, on: date, person: Person, reason: str) -> Person:
    """Somebody who was recorded as dead by mistake. Her household has to be said again. Raises InputError O050, O056."""
    chosen(reason, REASONS, "reason")
    with act("person.lives", by=by, about=person, reason=reason):
        locked = open_file(by, "person.change", on, person)
        if locked.death_date is None:
            raise InputError("O050", _("No death is recorded."))
        locked.death_date = None
        locked.save(update_fields=["death_date"])
    return locked


def restrict(*, by: User | None, on: date, person: Person) -> Person:
    """Closes a file to changes, because the person contests it or asked so; rights go on. Raises InputError O056."""
    with act("person.restrict", by=by, about=person):
        locked = open_file(by, "person.restrict", on, person)
        locked.restricted = on
        locked.save(update_fields=["restricted"])
    return locked


def lift_restriction(*, by: User | None, on: date, person: Person) -> Person:
    """Opens a restricted file to changes again."""
    with act("person.lift", by=by, about=person):
        locked = open_file(by, "person.restrict", on, person, even=("restricted",))
        locked.restricted = None
        locked.save(update_fields=["restricted"])
    return locked


def _end_if_empty(household: Household, day: date) -> None:
    """A household in which nobody lives any more ends."""
    if household.until is None and not household.memberships.filter(Q(until__isnull=True) | Q(until__gt=day)).exists():
        household.until = max(day, household.since)
        household.save(update_fields=["until"])
