"""Putting people on the registry: anybody, a newborn child, a displaced person without a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from ....errors import InputError, Problems, SocleError
from ...access.models import User
from ...access.rules import require
from ...audit.models import Entry
from ...audit.services import act, mark
from ...places.models import Area
from ..models import Contact, Household, Identifier, Person
from ..naming import normal_identifier
from ..words import canonical, table_of, word_of, words_on
from . import values
from .facts import set_fact
from .files import allowed_area, open_file
from .households import add_household, add_member
from .keys import rebuild_keys
from .values import Birth, Names, Number

YOUNGEST_PARENT = 10
"""Years between the birth of a parent and that of a child, below which one of the dates is wrong."""


def register_person(
    *,
    by: User | None,
    on: date,
    area: Area,
    names: Names,
    birth: Birth = Birth(),  # noqa: B008
    sex: str = Person.Sex.NOT_KNOWN,
    identifiers: Sequence[Number] = (),
    phones: Sequence[str] = (),
    emails: Sequence[str] = (),
    address: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Person:
    """A new person, with any number of identifiers or none; facts hold from the day of registration.

    Raises Refused, NotThere, and Problems with every O050 (names, birth, sex, area), O051 (identifiers), O052 (contacts), O053 (facts).
    """
    with act("person.register", by=by) as entry:
        person = _add(entry, by, on, area, names, birth, sex, identifiers, phones, emails, address)
        _add_facts(entry, person, facts or {}, on)
        rebuild_keys([person.pk])
    return person


def register_newborn(
    *,
    by: User | None,
    on: date,
    mother: Person,
    names: Names,
    birth: Birth,
    sex: str = Person.Sex.NOT_KNOWN,
    father: Person | None = None,
    registered: bool = False,
) -> Person:
    """A child without any document: linked to her mother and father, in her mother's household, with a provisional number.

    registered: whether the birth is in the civil register. Raises as `register_person`; O050 where a parent is too young or dead.
    """
    if by is not None:
        require(by, "person.register", on, mother)
    with act("person.register", by=by) as entry:
        mother = open_file(by, "person.read", on, mother)
        problems = _faults_of_parent(mother, birth.date, "mother")
        if father is not None:
            father = open_file(by, "person.read", on, father)
            problems += _faults_of_parent(father, birth.date, "father")
        if birth.date is None:
            problems.append(InputError("O050", _("Enter the date of birth."), at="birth"))
        if problems or birth.date is None:
            raise Problems(problems)
        child = _add(entry, by, on, mother.area, names, birth, sex, (), (), (), mother.address)
        _provisional(child, on)
        facts = {"mother_id": mother.reference, "has_identity_document": "false", "birth_registered": "true" if registered else "false"}
        _add_facts(entry, child, facts | ({"father_id": father.reference} if father else {}), birth.date)
        _into_household_of(mother, child, birth.date)
        rebuild_keys([child.pk])
    return child


def register_displaced(
    *,
    by: User | None,
    on: date,
    place: Area,
    names: Names,
    status: str = "internally_displaced",
    since: date,
    birth: Birth = Birth(),  # noqa: B008
    sex: str = Person.Sex.NOT_KNOWN,
    place_type: str = "camp",
    phones: Sequence[str] = (),
) -> Person:
    """A displaced person, refugee or returnee who has no document, with a household at the place of displacement and a provisional number.

    status: a code of `migration_status`, from the day `since`; place_type: a code of the vocabulary. Raises as `register_person`.
    """
    with act("person.register", by=by) as entry:
        if since > on:
            raise Problems([InputError("O054", _("The day lies in the future."), at="since")])
        person = _add(entry, by, on, place, names, birth, sex, (), phones, (), "")
        _provisional(person, on)
        _add_facts(entry, person, {"migration_status": status}, since)
        _add_facts(entry, person, {"has_identity_document": "false"}, on)
        home = add_household(place, "", since)
        add_member(person, home, "head", since)
        _add_facts(entry, home, {"displaced_since": since.isoformat(), "place_type": place_type}, since)
        rebuild_keys([person.pk])
    return person


def _add(
    entry: Entry,
    by: User | None,
    on: date,
    area: Area,
    names: Names,
    birth: Birth,
    sex: str,
    identifiers: Sequence[Number],
    phones: Sequence[str],
    emails: Sequence[str],
    address: str,
) -> Person:
    """The rows of the person, inside the act, all faults found first."""
    if by is not None:
        require(by, "person.register", on)
    names, numbers = names.tidy(), [number.complete() for number in identifiers]
    contacts, problems = values.faults_of_contacts(phones, emails)
    try:
        allowed_area(by, "person.register", on, area)
    except InputError as error:
        problems.append(error)
    problems += values.faults_of_names(names) + values.faults_of_birth(birth, on) + values.faults_of_sex(sex)
    problems += values.faults_of_numbers(numbers)
    if len(address) > 300:
        problems.append(InputError("O050", _("The address is too long."), at="address"))
    if problems:
        raise Problems(problems)
    person = Person(area=area, district_id=area.district_id, sex=sex, birth_date=birth.date, birth_precision=birth.precision)
    person.given_name, person.surname, person.second_name, person.maiden_name = names.given_name, names.surname, names.second_name, names.maiden_name
    person.other_names, person.address = list(names.other_names), values.tidy(address)
    person.save()
    mark(entry, person)
    Identifier.objects.bulk_create([identifier_row(person, number) for number in numbers])
    Contact.objects.bulk_create([Contact(person=person, kind=kind, value=value) for kind, value in contacts])
    return person


def identifier_row(person: Person, number: Number) -> Identifier:
    """The row of a number, complete."""
    return Identifier(
        person=person,
        type=number.type,
        value=number.value,
        normal=normal_identifier(number.value),
        country=number.country,
        since=number.since,
        until=number.until,
        verified=number.verified,
    )


def _provisional(person: Person, on: date) -> None:
    """The office's own number for somebody without a document: her reference."""
    identifier_row(person, Number("provisional", person.reference, since=on).complete()).save()


def _add_facts(entry: Entry, about: Person | Household, facts: Mapping[str, Any], since: date) -> None:
    """Facts from a day on, all faults found first."""
    words = words_on(since)
    problems: list[SocleError] = []
    for name, value in facts.items():
        try:
            word = word_of(table_of(about), name, words)
            set_fact(about, name, canonical(word, value, words), since=since, until=None, at=entry.at)
        except InputError as error:
            problems.append(error)
    if problems:
        raise Problems(problems)


def _faults_of_parent(parent: Person, birth: date | None, at: str) -> list[SocleError]:
    """A mother is alive at the birth; a father died at most ten months before; both are at least ten years older, where the year is known."""
    if birth is None:
        return []
    found: list[SocleError] = []
    days_before = 0 if at == "mother" else 310
    if parent.death_date is not None and (birth - parent.death_date).days > days_before:
        found.append(InputError("O050", _("This parent had died before the child was born."), at=at))
    if parent.birth_date is not None and birth.year - parent.birth_date.year < YOUNGEST_PARENT:
        found.append(InputError("O050", _("This parent is too young to have a child."), at=at))
    return found


def _into_household_of(mother: Person, child: Person, since: date) -> None:
    """The child joins her mother's household of the day, as what follows from the mother's place in it."""
    place = mother.memberships.filter(since__lte=since).exclude(until__lte=since).select_related("household").first()
    if place is None:
        place = mother.memberships.filter(until__isnull=True).select_related("household").first()
    if place is None:
        return
    relationship = {"head": "child", "spouse": "child", "child": "grandchild"}.get(place.relationship, "other_relative")
    add_member(child, place.household, relationship, max(since, place.since))
