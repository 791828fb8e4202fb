"""The persons of an export in pieces: each with the facts in force on the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from ....vocabulary.model import Vocabulary
from ...laws.values import UNKNOWN, read
from ..importing.words import NUMBER
from ..models import Contact, Fact, Identifier, Membership, Person
from .columns import Column

PIECE = 2_000
Found = dict[int, dict[str, Any]]


class Numbers:
    """Numbers that are made for one file: 1, 2, 3… in the order in which somebody is met."""

    def __init__(self) -> None:
        self.given: dict[int, int] = {}

    def __getitem__(self, key: int) -> int:
        return self.given.setdefault(key, len(self.given) + 1)


def persons_in_pieces(persons: QuerySet[Person], *, mixed: bool) -> Iterator[list[Person]]:
    """Persons by primary key, or mixed by the random signs of their references, so that the order says nothing of when they were registered."""
    key = "reference" if mixed else "pk"
    last: Any = "" if mixed else 0
    ordered = persons.select_related("area", "district").order_by(key)
    while piece := list(ordered.filter(**{f"{key}__gt": last})[:PIECE]):
        yield piece
        last = getattr(piece[-1], key)


def values_of(persons: Sequence[Person], columns: Sequence[Column], words: Vocabulary, on: date, numbers: tuple[Numbers, Numbers]) -> list[list[Any]]:
    """A row for each person; None where something is not known."""
    homes = _homes(persons, on)
    names = {column.name for column in columns}
    own = _facts("person", [person.pk for person in persons], [c for c in columns if c.word and not c.of_household], words, on)
    shared = _facts("household", {home.household_id for home in homes.values()}, [c for c in columns if c.of_household], words, on)
    documents, contacts = _documents(persons, names), _contacts(persons, names)
    rows = []
    for person in persons:
        home = homes.get(person.pk)
        said = own[person.pk] | documents[person.pk] | contacts[person.pk] | (shared[home.household_id] if home else {})
        said |= _registered(person, home, numbers)
        rows.append([said.get(column.name) for column in columns])
    return rows


def _registered(person: Person, home: Membership | None, numbers: tuple[Numbers, Numbers]) -> dict[str, Any]:
    texts = {name: getattr(person, name) or None for name in ("given_name", "second_name", "surname", "maiden_name", "address", "birth_precision")}
    known: dict[str, Any] = {
        "sex": None if person.sex == Person.Sex.NOT_KNOWN else person.sex,
        "birth_date": person.birth_date,
        "death_date": person.death_date,
    }
    place: dict[str, Any] = {"area": person.area.code, "district": person.district.code if person.district else None, "reference": person.reference}
    known |= {"birth_year": person.birth_date.year if person.birth_date else None, "person": numbers[0][person.pk]}
    if home:
        place |= {"household": home.household.reference, "relationship_to_head": home.relationship or None, "home": numbers[1][home.household_id]}
    return {**texts, **known, **place}


def _homes(persons: Sequence[Person], on: date) -> dict[int, Membership]:
    rows = Membership.objects.filter(person__in=[person.pk for person in persons], since__lte=on).exclude(until__lte=on)
    return {row.person_id: row for row in rows.select_related("household")}


def _facts(about: str, keys: Iterable[int], columns: Sequence[Column], words: Vocabulary, on: date) -> Found:
    """The facts in force on the day; of two, the one recorded last; what this vocabulary cannot read is not known."""
    found: Found = defaultdict(dict)
    if not columns:
        return found
    by_name = {column.fact: column for column in columns}
    in_force = (Q(since__isnull=True) | Q(since__lte=on)) & (Q(until__isnull=True) | Q(until__gt=on))
    rows = Fact.objects.filter(in_force, withdrawn__isnull=True, name__in=by_name, **{f"{about}__in": list(keys)}).order_by("pk")
    for key, name, text in rows.values_list(f"{about}_id", "name", "value"):
        column = by_name[name]
        if column.word is not None:
            value = read(column.word, text, words)
            found[key][column.name] = None if value is UNKNOWN else value
    return found


def _documents(persons: Sequence[Person], names: set[str]) -> Found:
    found: Found = defaultdict(dict)
    types = [name.removeprefix(NUMBER) for name in names if name.startswith(NUMBER)]
    rows = Identifier.objects.filter(person__in=[person.pk for person in persons], type__in=types, withdrawn=False).order_by("-pk") if types else ()
    for row in rows:
        found[row.person_id][NUMBER + row.type] = row.value
    return found


def _contacts(persons: Sequence[Person], names: set[str]) -> Found:
    found: Found = defaultdict(dict)
    kinds = [kind for kind in ("phone", "email") if kind in names]
    rows = Contact.objects.filter(person__in=[person.pk for person in persons], kind__in=kinds, withdrawn=False).order_by("-pk") if kinds else ()
    for row in rows:
        found[row.person_id][row.kind] = row.value
    return found
