"""Whether the counter, the batch and the engine on the original people say the same of everybody, to the cent.

Three ways to one answer: `rights_of` reads a household from the registry; `run_registry` reads all of it into tables and runs SQL; and the
engine decides on the people's own files, as `socle explain` does. What a registry cannot hold (a spell without a first day) is left out of the third.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...engine.deciding import HOUSEHOLD, Decider
from ...engine.facts import known_facts
from ...engine.plan import PERSON
from ...law.law import Law
from ...periods import Month
from ...population.households import households
from ...population.tables import Population
from ...vocabulary.model import HISTORIES
from ..audit.models import Entry, RowChange
from ..laws.batch import run_registry
from ..laws.deciding import rights_of
from ..laws.registry import moment_words
from ..people.importing.running import ACTION
from ..people.models import Membership, Person, SourceKey
from .people import SOURCE

Answers = Mapping[str, Any]
SHOWN = 20


@dataclass
class Agreement:
    """persons and values compared; given: those above zero or true; wrong: the first differences (reference, variable, engine, counter, batch).

    left_out: persons of households of which officers have changed something since the import, so that the office knows more than the file.
    """

    persons: int = 0
    left_out: int = 0
    values: int = 0
    given: int = 0
    differences: int = 0
    wrong: list[tuple[str, str, Any, Any, Any]] = field(default_factory=list)


def compare(population: Population, law: Law, month: Month) -> Agreement:
    """All three for every person of the population who is in the registry, and every value that a scheme gives in a month."""
    keys = SourceKey.objects.filter(source=SOURCE, kind="person", person__isnull=False)
    names = {int(key): reference for key, reference in keys.values_list("key", "person__reference")}
    batch = run_registry(law, month)
    rows = {level: {row[f"{level}_id"]: row for row in batch.table(level).to_pylist()} for level in (PERSON, HOUSEHOLD)}
    found, changed = Agreement(), _changed()
    for expected in _of_engine(population, law, month, names):
        references = [names[subject] for subject in expected if subject != HOUSEHOLD]
        if not changed.isdisjoint(references):
            found.left_out += len(references)
            continue
        counter, home = _at_the_counter(references, law, month)
        for subject, values in expected.items():
            if subject != HOUSEHOLD:
                found.persons += 1
                _look(found, names[subject], values, counter[names[subject]], rows[PERSON][names[subject]])
            elif home:
                _look(found, home, values, counter[home], rows[HOUSEHOLD][home])
    return found


def _changed() -> set[str]:
    """References of everybody of whom, or of whose household, something was written by another act than the import."""
    imports = Entry.objects.filter(action=ACTION).values("pk")
    persons: set[int] = set()
    homes: set[int] = set()
    rows = RowChange.objects.filter(table__in=("people_person", "people_membership", "people_fact", "people_record")).exclude(
        entry_number__in=imports
    )
    for table, number, old, new in rows.values_list("table", "row", "old", "new"):
        for said in (old, new):
            row = json.loads(said) if said else {}
            persons.add(number if table == "people_person" else row.get("person_id") or 0)
            homes.add(row.get("household_id") or 0)
    persons |= set(Membership.objects.filter(household__in=homes).values_list("person_id", flat=True))
    return set(Person.plain.filter(pk__in=persons).values_list("reference", flat=True))


def _at_the_counter(references: list[str], law: Law, month: Month) -> tuple[dict[str, Answers], str]:
    """What the counter says of people who live together and of their household, by references; who has died is in the household no more."""
    found: dict[str, Answers] = {}
    household = ""
    for reference in references:
        if reference in found:
            continue
        rights = rights_of(Person.objects.everyone().get(reference=reference), month, law=law)
        home = next(iter(rights.facts.values()))["household"]
        for decision in rights.decisions.values():
            for subject, values in decision.values.items():
                name = home["household_id"] if subject == HOUSEHOLD and home else subject
                found[name] = {**found.get(name, {}), **values}
        household = home["household_id"] if home else household
    return found, household


def _of_engine(population: Population, law: Law, month: Month, names: Iterable[int]) -> Iterator[Mapping[Any, Answers]]:
    """What the engine says of each household and its members on their own facts."""
    decider = Decider(law, month)
    for home in {id(home): home for home in households(population, list(names), law.vocabulary)}.values():
        yield decider.decide(_dated(known_facts(law, home))).values


def _dated(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts without rows of a history that have no day."""
    dated = {
        table: {name: [row for row in rows if row[moment_words(table)[0]] is not None] for name, rows in facts[table].items()}
        for table in HISTORIES
        if facts.get(table)
    }
    return {**facts, **dated}


def _look(found: Agreement, name: str, engine: Answers, counter: Answers, batch: Answers) -> None:
    for variable, value in engine.items():
        found.values += 1
        found.given += bool(value)
        if not (counter[variable] == value == batch[variable]):
            found.differences += 1
            if len(found.wrong) < SHOWN:
                found.wrong.append((name, variable, value, counter[variable], batch[variable]))
