"""From the registry's rows to the engine's facts of one household, in at most five queries. A whole registry: `tables.py`. Both give the same.

Which day: that on which the law looks at facts (`days_of`). Which household: that of the day; where a person has none on the day and joins one
later in the month, that one. Who has died stays in the facts of the household in which she lived: survivors' rights derive from her.
Dated facts: those in force on the day; of two, the one recorded last. The registry's own columns: birth, sex, death, relationship, and region and
district by the area. Histories: of the registers that the office keeps (`registers` of office.yaml), where no row
means none; a history of a register that it does not keep is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet

from ...law.law import Law
from ...periods import Month
from ...vocabulary.model import HISTORIES, HOUSEHOLDS, PERSONS, Vocabulary
from ..people.models import Fact, Household, Membership, Person, Record
from .values import UNKNOWN, read

Facts = dict[str, Any]
OWN = ("person_id", "household_id", "birth_date", "death_date", "sex", "relationship_to_head")
"""Words that are columns of the registry, never dated facts."""
PLACES = ("region", "district")
NEVER_ASKED = (*PLACES, "relationship_to_head", "death_date", "person_id", "household_id", "household_size", "alive", "age", "weight")
"""Words of a person or household that follow from the file itself: its area, its household, the registration of a death."""
MOMENTS = {"contributions": ("month",), "events": ("event_date",)}
SPELL = ("start_date", "end_date")


def days_of(law: Law, month: Month) -> dict[date, list[str]]:
    """The schemes by the day on which each looks at facts: nearly always one day for all."""
    days: dict[date, list[str]] = {}
    for scheme in law.schemes.values():
        days.setdefault(month.first_day if scheme.as_of == "first_day" else month.last_day, []).append(scheme.name)
    return days or {month.first_day: []}


def kept_registers() -> tuple[str, ...]:
    """The registers that the office keeps."""
    return tuple(settings.PLACE.registers)


def household_facts(
    about: Person | Household,
    month: Month,
    *,
    law: Law,
    on: date | None = None,
    known: datetime | None = None,
    registers: Sequence[str] | None = None,
) -> Facts:
    """The facts of a household, or of a person's household, in the shape of `engine.facts.read_household`; members by their references.

    on: the day that the facts are of, by default the first on which the law looks at facts in the month. known: facts and records as they were
    known at that time. registers: by default those of the office.
    """
    day = on or min(days_of(law, month))
    registers = kept_registers() if registers is None else registers
    home, members = _members(about, day, max(month.last_day, day))
    words = law.vocabulary
    dated = _dated(members, home, day, known)
    facts: Facts = {
        "household": _of_household(home, dated.get(("h", home.pk), {}), words) if home else None,
        "members": {
            person.reference: _of_person(person, home, relationship, dated.get(("p", person.pk), {}), words) for person, relationship in members
        },
    }
    facts |= _histories([person for person, _ in members], registers, words, known)
    return facts


# --- who lives together


def _members(about: Person | Household, day: date, end: date) -> tuple[Household | None, list[tuple[Person, str]]]:
    home = about if isinstance(about, Household) else _home(about, day, end)
    if home is None:
        return None, [(Person.objects.everyone().select_related("area").get(pk=about.pk), "")]
    together = _overlapping(day, end).filter(household=home).values("person")
    rows = _overlapping(day, end).filter(person__in=together, person__merged_into__isnull=True)
    chosen: dict[int, Membership] = {}
    for row in rows.select_related("person__area").order_by("since", "pk"):
        chosen.setdefault(row.person_id, row)
    found = sorted((row for row in chosen.values() if row.household_id == home.pk), key=lambda row: row.person_id)
    return home, [(row.person, row.relationship) for row in found]


def _home(person: Person, day: date, end: date) -> Household | None:
    row = _overlapping(day, end).filter(person=person).select_related("household__area").order_by("since", "pk").first()
    return row.household if row else None


def _overlapping(day: date, end: date) -> QuerySet[Membership]:
    """Memberships of the day, those that begin later in the month, and the last one of who has died. The earliest of a person is hers."""
    lasting = Q(until__isnull=True) | Q(until__gt=day) | Q(until__gt=F("person__death_date"))
    return Membership.objects.filter(lasting, since__lte=end)


# --- facts


def _dated(members: Iterable[tuple[Person, str]], home: Household | None, day: date, known: datetime | None) -> dict[tuple[str, int], dict[str, str]]:
    """The texts of the facts in force on the day, by person (p) or household (h)."""
    who = Q(person__in=[person.pk for person, _ in members])
    if home is not None:
        who |= Q(household=home)
    in_force = (Q(since__isnull=True) | Q(since__lte=day)) & (Q(until__isnull=True) | Q(until__gt=day))
    rows = _known(Fact.objects.filter(who & in_force), known).order_by("pk")
    found: dict[tuple[str, int], dict[str, str]] = {}
    for person, household, name, value in rows.values_list("person_id", "household_id", "name", "value"):
        found.setdefault(("p", person) if person else ("h", household), {})[name] = value
    return found


def _known(rows: QuerySet[Any], known: datetime | None) -> QuerySet[Any]:
    if known is None:
        return rows.filter(withdrawn__isnull=True)
    return rows.filter(Q(recorded__lte=known) & (Q(withdrawn__isnull=True) | Q(withdrawn__gt=known)))


def _of_person(person: Person, home: Household | None, relationship: str, dated: Mapping[str, str], words: Vocabulary) -> Facts:
    own: Facts = {"person_id": person.reference, "household_id": home.reference if home else None, "death_date": person.death_date}
    own |= {"birth_date": person.birth_date} if person.birth_date else {}
    own |= {"sex": person.sex} if person.sex != Person.Sex.NOT_KNOWN else {}
    if relationship:
        own["relationship_to_head"] = read(words.tables[PERSONS]["relationship_to_head"], relationship, words)
    return place_codes(person.area.path, PERSONS, words) | read_facts(PERSONS, dated, words) | known_only(own)


def _of_household(home: Household, dated: Mapping[str, str], words: Vocabulary) -> Facts:
    return place_codes(home.area.path, HOUSEHOLDS, words) | read_facts(HOUSEHOLDS, dated, words) | {"household_id": home.reference}


def place_codes(path: str, table: str, words: Vocabulary) -> Facts:
    """Region and district by an area's path, where the country's code lists have them."""
    found: Facts = {}
    for name in PLACES:
        word = words.fact(table, name)
        codes = words.codes[word.codes].values if word and word.codes in words.codes else {}
        part = next((part for part in path.strip("/").split("/") if part in codes), None)
        if part is not None:
            found[name] = part
    return found


def read_facts(table: str, texts: Mapping[str, object], words: Vocabulary) -> Facts:
    """The facts that this law's vocabulary has a word for and can read, by name."""
    known = {name: word for name in sorted(texts) if name not in OWN and (word := words.fact(table, name))}
    return known_only({name: read(word, texts[name], words) for name, word in known.items()})


def known_only(facts: Facts) -> Facts:
    """Without what could not be read."""
    return {name: value for name, value in facts.items() if value is not UNKNOWN}


# --- histories


def _histories(members: Sequence[Person], registers: Sequence[str], words: Vocabulary, known: datetime | None) -> Facts:
    names = {person.pk: person.reference for person in members}
    tables = [table for table in HISTORIES if table in registers]
    found: dict[str, dict[str, list[Facts]]] = {table: {name: [] for name in names.values()} for table in tables}
    rows = _known(Record.objects.filter(person__in=list(names), table__in=tables), known).order_by("start", "pk")
    months: dict[tuple[int, date], Facts] = {}
    for person, table, start, end, values in rows.values_list("person_id", "table", "start", "end", "values"):
        row = record_facts(table, start, end, values, words)
        if table == "contributions":
            if (person, start) in months:  # one row a month: the one recorded last
                months[person, start].clear()
                months[person, start].update(row)
                continue
            months[person, start] = row
        found[table][names[person]].append(row)
    return found


def record_facts(table: str, start: date, end: date | None, values: Mapping[str, object], words: Vocabulary) -> Facts:
    """The facts of a row of a history: its moments, and what its JSON says."""
    moments = moment_words(table)
    given: Facts = {moments[0]: Month.of(start) if table == "contributions" else start}
    if len(moments) > 1:
        given[moments[1]] = end
    return read_facts(table, {name: text for name, text in values.items() if name not in moments}, words) | given


def moment_words(table: str) -> tuple[str, ...]:
    """The words of a record's `start` and `end`."""
    return MOMENTS.get(table, SPELL)
