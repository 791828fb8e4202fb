"""Persons and households that the registry knows already: what the source has changed since its last file is changed here, and nothing else.

Whether the source has changed a word is seen by its fingerprint, so that what an officer corrected stays until the source itself says something new.
An empty cell changes nothing. A person found by the number of a document only is completed: what the registry knows of her stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from ....vocabulary.model import HOUSEHOLDS, PERSONS
from ...access.models import User
from ...places.models import Area
from ..models import Contact, Fact, Household, Identifier, Person
from ..naming import normal_identifier
from ..services.changing import record_death
from ..services.districts import move_to
from ..services.keys import rebuild_keys
from .moving import Move, move_all
from .staging import PRINT, Staged, tag
from .storing import copy_rows, moment
from .words import COLUMNS, NUMBER

PIECE = 2_000
"""Persons that are changed together."""
EMPTY = (None, "", "not_known")
Row = dict[str, Any]


@dataclass
class Changes:
    """What was changed: how many persons and households, how often each word, and what has to follow."""

    persons: int = 0
    households: int = 0
    words: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    moves: list[Move] = field(default_factory=list)
    dead: dict[int, date] = field(default_factory=dict)
    elsewhere: dict[int, Area] = field(default_factory=dict)
    keys: set[int] = field(default_factory=set)


def changed_rows(staged: Staged, table: str) -> Iterator[list[Row]]:
    """The rows of persons or households that are there and say something else than before, in pieces; only the words that changed have a value."""
    key = "person_id" if table == PERSONS else "household_id"
    found = staged.duck.cursor().execute(
        f"SELECT * FROM final_{table} WHERE id IS NOT NULL AND before IS DISTINCT FROM now"
        f" AND {key} NOT IN (SELECT key FROM known_households WHERE NOT open AND '{table}' = '{HOUSEHOLDS}')"
        " QUALIFY row_number() OVER (PARTITION BY id ORDER BY seq DESC) = 1 ORDER BY id"
    )
    names = [str(column[0]) for column in found.description]
    tags = {name: tag(name) for name in names if name not in ("seq", "id", "before", "now", "since", key)}
    while rows := found.fetchmany(PIECE):
        yield [_changed(dict(zip(names, row, strict=True)), tags) for row in rows]


def _changed(row: Row, tags: Mapping[str, str]) -> Row:
    before, now = _prints(row["before"]), _prints(row["now"])
    said = {name: None if name in tags and before.get(tags[name]) == now[tags[name]] else value for name, value in row.items()}
    if said.get("household_id") is not None and "relationship_to_head" in row:
        said["relationship_to_head"] = row["relationship_to_head"]  # it is of the new household
    return said


def _prints(text: str | None) -> dict[str, str]:
    return {text[at : at + 5]: text[at + 5 : at + PRINT] for at in range(0, len(text), PRINT)} if text else {}


def change_known(staged: Staged, by: User | None, now: datetime) -> Changes:
    """Changes everybody and every household that is known; memberships are moved by `move_all` when all rows have been looked at."""
    changes = Changes()
    areas = {area.code: area for area in Area.objects.filter(district__isnull=False)}
    homes = _Homes(staged)
    for table, change in ((HOUSEHOLDS, _change_households), (PERSONS, _change_persons)):
        if table in staged.tables:
            for rows in changed_rows(staged, table):
                change(staged, rows, areas, changes)
                _change_facts(staged, table, rows, now, changes)
                if table == PERSONS:
                    changes.moves += [_move(staged, row, homes) for row in rows if _moves(row)]
    changes.words["household_id"] += move_all(changes.moves, changes.notes)
    rebuild_keys(changes.keys)
    _follow(staged, by, changes)
    return changes


class _Homes:
    """The primary keys of households by the source's key."""

    def __init__(self, staged: Staged) -> None:
        self.duck = staged.duck

    def __getitem__(self, key: str) -> int:
        return int(self.duck.execute("SELECT id FROM homes WHERE key = ?", [key]).fetchall()[0][0])


def _moves(row: Row) -> bool:
    return row.get("household_id") is not None or row.get("relationship_to_head") is not None


def _move(staged: Staged, row: Row, homes: _Homes) -> Move:
    key = row.get("household_id")
    return Move(row["id"], homes[key] if key else None, row.get("relationship_to_head"), _day(staged, row), row["before"] is None)


def _day(staged: Staged, row: Row) -> date:
    return date.fromisoformat(row["since"]) if row.get("since") else staged.since


# --- columns


def _change_persons(staged: Staged, rows: Sequence[Row], areas: Mapping[str, Area], changes: Changes) -> None:
    persons = {person.pk: person for person in Person.plain.select_for_update().filter(pk__in=[row["id"] for row in rows])}
    written: list[Person] = []
    for row in rows:
        person, linked = persons[row["id"]], row["before"] is None
        before = {name: getattr(person, name) for name in (*COLUMNS, "area_id")}
        for name in COLUMNS:
            value = row.get(name)
            if value is not None and (not linked or before[name] in EMPTY):
                setattr(person, name, date.fromisoformat(value) if name.endswith("_date") else value)
        area = areas[row["area"]] if row.get("area") is not None and not linked else person.area
        if area.district_id != person.district_id:
            changes.elsewhere[person.pk] = area
        else:
            person.area = area
        if person.birth_date and person.death_date and person.death_date < person.birth_date:
            changes.notes["the death would be before the birth: neither was changed"] += 1
            person.birth_date, person.death_date = before["birth_date"], before["death_date"]
        if person.death_date != before["death_date"] and person.death_date is not None:
            changes.dead[person.pk] = person.death_date
            person.death_date = before["death_date"]
        after = {name: getattr(person, name) for name in before}
        different = [name for name in before if before[name] != after[name]]
        if different:
            written.append(person)
            changes.words.update("area" if name == "area_id" else name for name in different)
            changes.keys.add(person.pk)
    changes.persons += len(rows)
    _write(written, "people_person", (*COLUMNS, "area_id"))
    _change_numbers(staged, rows, changes)
    _change_contacts(staged, rows, changes)
    _write_prints(staged, "person", rows)


def _change_households(staged: Staged, rows: Sequence[Row], areas: Mapping[str, Area], changes: Changes) -> None:
    homes = {home.pk: home for home in Household.plain.select_for_update().filter(pk__in=[row["id"] for row in rows])}
    written = []
    for row in rows:
        home = homes[row["id"]]
        before = (home.area_id, home.address)
        if row.get("area") is not None:
            home.area, home.district_id = areas[row["area"]], areas[row["area"]].district_id
        home.address = row["address"] if row.get("address") is not None else home.address
        if before != (home.area_id, home.address):
            written.append(home)
            changes.words.update(name for name, old, new in zip(("area", "address"), before, (home.area_id, home.address), strict=True) if old != new)
    changes.households += len(rows)
    _write(written, "people_household", ("area_id", "district_id", "address"))
    _write_prints(staged, "household", rows)


def _write(rows: Sequence[Person | Household], table: str, columns: Sequence[str]) -> None:
    if rows:
        said = ", ".join(f"{name} = %s" for name in columns)
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {table} SET {said} WHERE id = %s", [[*(getattr(row, name) for name in columns), row.pk] for row in rows])


def _write_prints(staged: Staged, kind: str, rows: Sequence[Row]) -> None:
    key = f"{kind}_id"
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE people_sourcekey SET digest = %s WHERE source = %s AND kind = %s AND key = %s",
            [[row["now"], staged.source, kind, row[key]] for row in rows if row["before"] is not None],
        )


def _change_numbers(staged: Staged, rows: Sequence[Row], changes: Changes) -> None:
    """A new number takes the place of the one of its type; a person found by a number gets the others that she has not."""
    types = [name.removeprefix(NUMBER) for name in staged.targets(PERSONS).identifiers]
    said = [row for row in rows if any(row.get(NUMBER + name) is not None for name in types)]
    there: dict[tuple[int, str], list[Identifier]] = {}
    for one in Identifier.objects.filter(person__in=[row["id"] for row in said], withdrawn=False, country=staged.country, type__in=types):
        there.setdefault((one.person_id, one.type), []).append(one)
    added, gone = [], []
    for row in said:
        for name in types:
            value, old = row.get(NUMBER + name), there.get((row["id"], name), [])
            normal = normal_identifier(value) if value is not None else ""
            if value is None or normal in {one.normal for one in old} or (old and row["before"] is None):
                continue
            gone += [one.pk for one in old]
            added.append(Identifier(person_id=row["id"], type=name, value=value, normal=normal, country=staged.country))
            changes.words[NUMBER + name] += 1
            changes.keys.add(row["id"])
    Identifier.objects.filter(pk__in=gone).update(withdrawn=True)
    Identifier.objects.bulk_create(added)


def _change_contacts(staged: Staged, rows: Sequence[Row], changes: Changes) -> None:
    """A telephone or address that is new is added; those that are there stay."""
    for kind in ("phone", "email"):
        said = {row["id"]: row[kind] for row in rows if row.get(kind) is not None}
        if not said:
            continue
        if kind == "phone":
            asked = ", ".join("?" * len(said))
            known = dict(staged.duck.execute(f"SELECT said, value FROM phones WHERE said IN ({asked})", list(said.values())).fetchall())
            said = {person: known[text] for person, text in said.items()}
        there = set(Contact.objects.filter(person__in=list(said), kind=kind, withdrawn=False).values_list("person_id", "value"))
        new = [(person, value) for person, value in said.items() if (person, value) not in there]
        Contact.objects.bulk_create([Contact(person_id=person, kind=kind, value=value) for person, value in new])
        changes.words[kind] += len(new)
        changes.keys.update(person for person, _ in new)


# --- facts


def _change_facts(staged: Staged, table: str, rows: Sequence[Row], now: datetime, changes: Changes) -> None:
    """A new value holds from the day on, for as long as the value that it takes the place of: the same rule as `services.facts.set_fact`."""
    facts = staged.targets(table).facts
    about = "person_id" if table == PERSONS else "household_id"
    wanted = [(row, name, row[name]) for row in rows for name in facts if row.get(name) is not None]
    there: dict[tuple[int, str], list[Fact]] = {}
    who = {f"{about}__in": sorted({row["id"] for row, _, _ in wanted})}
    for fact in Fact.objects.filter(Q(**who), withdrawn__isnull=True, name__in=facts).order_by("pk"):
        there.setdefault((getattr(fact, about), fact.name), []).append(fact)
    gone: list[int] = []
    new: list[tuple[Any, ...]] = []
    for row, name, value in wanted:
        day, known = _day(staged, row), there.get((row["id"], name), [])
        held = next((one for one in reversed(known) if (one.since is None or one.since <= day) and (one.until is None or one.until > day)), None)
        if held is not None and (held.value == value or row["before"] is None):
            continue
        until = held.until if held else min((one.since for one in known if one.since is not None and one.since > day), default=None)
        if held is not None:
            gone.append(held.pk)
            if held.since is None or held.since < day:
                new.append((row["id"], name, held.value, held.since, day, held.proof, held.document_id))
        new.append((row["id"], name, value, day, until, "register", None))
        changes.words[name] += 1
    for at in range(0, len(gone), 500):
        Fact.objects.filter(pk__in=gone[at : at + 500]).update(withdrawn=now)
    columns = (about, "name", "value", "since", "until", "proof", "document_id", "recorded")
    texts = [(*row[:3], *(day.isoformat() if day else None for day in row[3:5]), *row[5:], moment(now)) for row in new]
    copy_rows(texts, "people_fact", columns)


# --- what follows


def _follow(staged: Staged, by: User | None, changes: Changes) -> None:
    """Deaths end memberships and rights; who moves to another district takes everything of her file along: as at the counter."""
    from ...cases.services import end_for_death

    with_rights = _with_rights(list(changes.dead))
    for pk, died in changes.dead.items():
        person = record_death(by=None, on=staged.on, person=Person.plain.get(pk=pk), died=died, reason="civil_register")
        if pk in with_rights:
            end_for_death(by=by, on=staged.on, person=person)
    for pk, area in changes.elsewhere.items():
        person = Person.plain.select_for_update().get(pk=pk)
        move_to(person, area, person.address)
    changes.words["death_date"] += len(changes.dead)
    changes.words["area"] += len(changes.elsewhere)


def _with_rights(numbers: Sequence[int]) -> set[int]:
    """Those of these persons who have a claim or a right."""
    from ...cases.models import Claim, Entitlement

    found: set[int] = set()
    for at in range(0, len(numbers), 500):
        for model in (Claim, Entitlement):
            found |= set(model.plain.filter(person__in=numbers[at : at + 500]).values_list("person_id", flat=True))
    return found
