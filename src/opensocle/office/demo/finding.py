"""Finding people of the registry to whom the law says something that a story needs. The engine decides, nobody is made up."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from ...errors import InputError
from ...periods import Month
from ..laws.deciding import decide_for
from ..people.models import Fact, Person, Record

TRIES = 400
"""People that are looked at for one story; a small demonstration may have nobody for some."""


@dataclass
class Finder:
    """Each person is in one story only, and so is her household."""

    homes: set[int] = field(default_factory=set)

    def person(self, scheme: str, outcome: str, area: str, on: date, **wanted: Any) -> Person | None:
        """The first person of an area to whom a scheme says this in the month of a day. wanted: as in `living`."""
        for person in self.living(area, **wanted):
            if _says(person, scheme, on, None) == outcome:
                return self._take(person)
        return None

    def event(self, scheme: str, contingency: str, outcome: str, area: str, on: date) -> tuple[Person, dict[str, str]] | None:
        """The first person of an area with an event of the register, by a day, for which a scheme says this; and the event's own facts."""
        rows = Record.objects.filter(table="events", values__contingency=contingency, start__lte=on, withdrawn__isnull=True)
        rows = rows.filter(person__area__path__contains=f"/{area}/", person__death_date__isnull=True).select_related("person").order_by("start", "pk")
        for row in rows[:TRIES]:
            told = {name: str(text) for name, text in row.values.items() if name not in ("contingency", "claim_date", "country")}
            told["event_date"] = row.start.isoformat()
            if self._free(row.person) and _says(row.person, scheme, row.start, told) == outcome:
                return self._take(row.person), told
        return None

    def living(self, area: str, *, born: tuple[int, int] | None = None, facts: Mapping[str, Collection[str]] | None = None) -> Iterator[Person]:
        """People of an area who live and are in no story, in the order of their keys. born: from year to before year; facts: values, any of them."""
        rows: QuerySet[Person] = Person.objects.everyone().filter(area__path__contains=f"/{area}/", death_date__isnull=True, merged_into__isnull=True)
        if born is not None:
            rows = rows.filter(birth_date__gte=date(born[0], 1, 1), birth_date__lt=date(born[1], 1, 1))
        for name, values in (facts or {}).items():
            rows = rows.filter(pk__in=_having(name, values))
        for person in rows.select_related("area").order_by("pk")[:TRIES]:
            if self._free(person):
                yield person

    def _free(self, person: Person) -> bool:
        return not set(person.memberships.values_list("household_id", flat=True)) & self.homes

    def _take(self, person: Person) -> Person:
        self.homes |= set(person.memberships.values_list("household_id", flat=True))
        return person


def _says(person: Person, scheme: str, on: date, event: Mapping[str, str] | None) -> str:
    """What the law says; nothing where the scheme cannot be asked for this person."""
    claimed = {"claim_date": on.isoformat(), **event} if event else None
    try:
        return decide_for(person, scheme, Month.of(on), claimed).outcome
    except InputError:
        return ""


def _having(name: str, values: Collection[str]) -> QuerySet[Any, Any]:
    """The keys of persons with a fact of one of these values."""
    return Fact.objects.filter(name=name, value__in=values, withdrawn__isnull=True, person__isnull=False).values("person")
