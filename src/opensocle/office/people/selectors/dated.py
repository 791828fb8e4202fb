"""The registry as it was on any day, and as it was known at any moment.

Facts carry both in their rows. The columns of a person, and her memberships, are read from the audit's row changes for a past moment of knowledge;
the place on a past day from the acts that moved her.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from ...access.rules import NotThere
from ...audit.models import Entry, RowChange
from ...audit.services import act
from ...places.models import Area
from ..models import Fact, Household, Membership, Person
from .reading import days, get_person


@dataclass(frozen=True)
class Stay:
    """A membership as it was known."""

    household: str  # reference
    relationship: str
    since: date
    until: date | None


@dataclass(frozen=True)
class PersonThen:
    """A person on the day `on`, as known at `known` (None: now)."""

    reference: str
    on: date
    known: datetime | None
    names: Mapping[str, Any]
    sex: str
    birth_date: date | None
    birth_precision: str
    death_date: date | None
    area: Area | None
    address: str
    facts: tuple[Fact, ...]
    stay: Stay | None

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.names["given_name"], self.names["second_name"], self.names["surname"]) if part)


NAMES = ("given_name", "second_name", "surname", "maiden_name", "other_names")


def person_as_of(user: Any, reference: str, on: date, known: datetime | None = None, *, today: date | None = None) -> PersonThen:
    """The file of a person as of a day. today: the day on which the user asks, for her postings; by default `on`.

    Raises Refused, and NotThere also where she was not registered yet at `known`.
    """
    person = get_person(user, reference, today or on, part="as_of")
    row = columns_then(person, known)
    if row is None:
        raise NotThere("person.read")
    return PersonThen(
        reference=person.reference,
        on=on,
        known=known,
        names={name: _json(row[name]) if name == "other_names" else row[name] for name in NAMES},
        sex=row["sex"],
        birth_date=_day(row["birth_date"]),
        birth_precision=row["birth_precision"],
        death_date=_day(row["death_date"]),
        area=_place(person, row["area_id"], on, known),
        address=row["address"],
        facts=tuple(facts_then(person, on, known)),
        stay=next((stay for stay in stays_then(person, known) if stay.since <= on and (stay.until is None or stay.until > on)), None),
    )


def facts_then(about: Person | Household, on: date | None = None, known: datetime | None = None) -> list[Fact]:
    """Facts by name and day: those that hold on a day (None: all), as known at a moment."""
    owner = Q(person=about) if isinstance(about, Person) else Q(household=about)
    rows = Fact.objects.filter(owner & (days(on) if on else Q()))
    if known is None:
        rows = rows.filter(withdrawn__isnull=True)
    else:
        rows = rows.filter(Q(recorded__lte=known) & (Q(withdrawn__isnull=True) | Q(withdrawn__gt=known)))
    return sorted(rows.select_related("document"), key=lambda fact: (fact.name, fact.since or date.min, fact.pk))


def columns_then(person: Person, known: datetime | None) -> Mapping[str, Any] | None:
    """The columns of a person as known at a moment; None where she was not registered yet."""
    if known is None:
        return {field.attname: getattr(person, field.attname) for field in person._meta.concrete_fields}
    changes = list(RowChange.objects.filter(table="people_person", row=person.pk, digest="").order_by("pk"))
    return _as_known(changes, known) if changes else columns_then(person, None)


def stays_then(person: Person, known: datetime | None) -> list[Stay]:
    """The memberships of a person as known at a moment, the earliest first."""
    if known is None:
        rows: list[Mapping[str, Any]] = [_of_row(row) for row in person.memberships.all()]
    else:
        rows = [row for row in _memberships_then(person, known) if row["person_id"] == person.pk]
    homes = dict(Household.plain.filter(pk__in=[row["household_id"] for row in rows]).values_list("pk", "reference"))
    found = [Stay(homes.get(row["household_id"], ""), row["relationship"], _day(row["since"]) or date.min, _day(row["until"])) for row in rows]
    return sorted(found, key=lambda stay: stay.since)


def _memberships_then(person: Person, known: datetime) -> Iterable[Mapping[str, Any]]:
    """Rows of the person's memberships as they were: of those that are there, and of those that acts about her have taken out since."""
    acts = Entry.objects.filter(kind="person", reference=person.reference).values_list("pk", flat=True)
    gone = RowChange.objects.filter(entry_number__in=list(acts), table="people_membership", operation="D").values_list("row", flat=True)
    current = {row.pk: row for row in person.memberships.all()}
    for number in sorted({*current, *gone}):
        changes = list(RowChange.objects.filter(table="people_membership", row=number).order_by("pk"))
        if not changes and number in current:
            yield _of_row(current[number])
            continue
        row = _as_known(changes, known)
        if row is not None:
            yield row


def _as_known(changes: Sequence[RowChange], known: datetime) -> Mapping[str, Any] | None:
    """The row after the last change that was made by then; None where it was not there. An act's changes are made at the act's time."""
    acts = dict(Entry.objects.filter(pk__in={change.entry_number for change in changes}).values_list("pk", "at"))
    made = [change for change in changes if acts.get(change.entry_number, change.at) <= known]
    if not made:
        before = changes[0].old
        return json.loads(before) if before else None
    return json.loads(made[-1].new) if made[-1].new else None


def _place(person: Person, area: int, on: date, known: datetime | None) -> Area | None:
    """Where she was registered on a day: the acts that moved her say from when and from where."""
    moves = Entry.objects.filter(kind="person", reference=person.reference, action__in=("person.transfer", "person.move"))
    if known is not None:
        moves = moves.filter(at__lte=known)
    for move in moves.order_by("pk"):
        if date.fromisoformat(move.details["since"]) > on:
            return Area.objects.filter(code=move.details["before"]).first()
    return Area.objects.filter(pk=area).first()


def _of_row(row: Membership) -> Mapping[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _json(value: Any) -> Any:
    """SQLite keeps JSON within JSON as text."""
    return json.loads(value) if isinstance(value, str) else value


def compared(left: Person, right: Person) -> list[tuple[str, Any, Any]]:
    """Two files side by side: (column, left, right) of what a merge may take over."""
    columns = (*NAMES, "sex", "birth_date", "birth_precision", "death_date", "area", "address")
    return [(name, getattr(left, name), getattr(right, name)) for name in columns]


def read_as_act(user: Any, *people: Person) -> None:
    """Records that files were shown on one page."""
    for person in people:
        with act("person.read", by=user, about=person, part="comparison"):
            pass
