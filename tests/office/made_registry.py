"""Exemplia's invented people put into an office's registry, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from opensocle.engine.facts import known_facts
from opensocle.law.law import Law
from opensocle.office.audit.services import act
from opensocle.office.laws.registry import OWN, PLACES, moment_words
from opensocle.office.laws.values import PEOPLE, write
from opensocle.office.people.models import Fact, Household, Membership, Person, Record
from opensocle.office.places.models import Area
from opensocle.office.references import new_references
from opensocle.periods import Month
from opensocle.population.households import households
from opensocle.population.tables import Population
from opensocle.vocabulary.model import HISTORIES

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
LONG_AGO = date(1900, 1, 1)


def load_country() -> dict[str, Area]:
    """All areas of Exemplia, by code."""
    regions = {"north": range(1, 4), "south": range(4, 7), "east": range(7, 10), "west": range(10, 13)}
    with act("place.load", by=None):
        found = {area.code: area for area in Area.objects.all()}
        if "XE" not in found:
            found["XE"] = Area.objects.create(code="XE", name_en="Exemplia", name_fr="Exemplie", kind="country", path="/XE/")
        for region, numbers in regions.items():
            if region not in found:
                path = f"/XE/{region}/"
                found[region] = Area.objects.create(code=region, name_en=region, name_fr=region, kind="region", parent=found["XE"], path=path)
            for code in (f"d{number:02d}" for number in numbers):
                if code not in found:
                    path = f"/XE/{region}/{code}/"
                    area = Area.objects.create(code=code, name_en=code, name_fr=code, kind="district", parent=found[region], path=path)
                    area.district = area
                    area.save()
                    found[code] = area
    return found


def registrable(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts without rows of a history that have no day: a registry cannot hold them."""
    dated = {
        table: {name: [row for row in rows if row[moment_words(table)[0]] is not None] for name, rows in facts[table].items()}
        for table in HISTORIES
        if facts.get(table)
    }
    return {**facts, **dated}


def load_people(population: Population, law: Law) -> dict[int, str]:
    """Everybody of the population; gives the reference of each person_id."""
    import pyarrow.parquet as pq

    ids = [key for path in population.tables["persons"].files for key in pq.read_table(path, columns=["person_id"]).column(0).to_pylist()]
    homes = {id(home): home for home in households(population, ids, law.vocabulary)}
    known = [registrable(known_facts(law, home)) for home in homes.values()]
    areas = load_country()
    names = dict(zip(ids, new_references(len(ids)), strict=True))
    with act("import.people", by=None):
        for at in range(0, len(known), 500):
            _load(known[at : at + 500], names, areas, law)
    return names


def _load(known: Iterable[Mapping[str, Any]], names: Mapping[int, str], areas: Mapping[str, Area], law: Law) -> None:
    people: dict[int, Person] = {}
    homes: list[tuple[Household | None, Mapping[str, Any]]] = []
    for facts in known:
        said = facts["household"]
        area = areas[said["district"]] if said and said.get("district") else areas["XE"]
        homes.append((Household(area=area, district=area.district, since=LONG_AGO) if said else None, facts))
        for key, person in facts["members"].items():
            place = areas[person["district"]] if person.get("district") else areas["XE"]
            people[key] = Person(
                reference=names[key], given_name=f"Person {key}", sex=person["sex"] or "not_known", birth_date=person["birth_date"],
                death_date=person["death_date"], area=place, district=place.district,
            )  # fmt: skip
    Person.plain.bulk_create(people.values())
    Household.plain.bulk_create([home for home, _ in homes if home])
    rows: list[Fact] = []
    records: list[Record] = []
    for home, facts in homes:
        if home:
            members = facts["members"].items()
            Membership.objects.bulk_create(
                Membership(person=people[key], household=home, relationship=person["relationship_to_head"], since=LONG_AGO) for key, person in members
            )
            rows += [Fact(household=home, name=name, value=text, recorded=NOW) for name, text in _texts("households", facts["household"], names, law)]
        for key, person in facts["members"].items():
            rows += [Fact(person=people[key], name=name, value=text, recorded=NOW) for name, text in _texts("persons", person, names, law)]
        records += [record for table in HISTORIES for record in _records(table, facts.get(table) or {}, people, names)]
    Fact.objects.bulk_create(rows, batch_size=5_000)
    Record.objects.bulk_create(records, batch_size=5_000)


def _texts(table: str, facts: Mapping[str, Any], names: Mapping[int, str], law: Law) -> list[tuple[str, str]]:
    words = law.vocabulary.tables[table]
    left = {name: value for name, value in facts.items() if name not in (*OWN, *PLACES) and (value is not None or words[name].none)}
    return [(name, _text(name, value, names)) for name, value in left.items()]


def _text(name: str, value: Any, names: Mapping[int, str]) -> str:
    if name in PEOPLE and value is not None:
        return names.get(value, str(value))
    return write(value.normalize() + Decimal(0) if isinstance(value, Decimal) else value)


def _records(table: str, histories: Mapping[int, Any], people: Mapping[int, Person], names: Mapping[int, str]) -> Iterable[Record]:
    moments = moment_words(table)
    for key, rows in histories.items():
        for row in rows:
            start, end = row[moments[0]], row.get(moments[1]) if len(moments) > 1 else None
            values = {name: _text(name, value, names) for name, value in row.items() if name not in moments and value is not None}
            first = start.first_day if isinstance(start, Month) else start
            yield Record(person=people[key], table=table, start=first, end=end, values=values, recorded=NOW)
