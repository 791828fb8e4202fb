"""The words that the mapping of an import may use: those of the vocabulary, and the registry's own columns. Same format as `socle read`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ....errors import InputError, Problems
from ....population.mapping import SourceMapping, read_mapping
from ....vocabulary.model import HISTORIES, HOUSEHOLDS, PERSONS, CodeList, Fact, Vocabulary
from ...laws.registry import moment_words
from ...laws.values import PEOPLE
from ..models import Identifier, Person
from ..words import recordable

NAMES = ("given_name", "second_name", "surname", "maiden_name")
TEXTS = {**dict.fromkeys(NAMES, 120), "address": 300}
"""Texts of a person with the number of signs that each may have."""
COLUMNS = (*TEXTS, "sex", "birth_date", "birth_precision", "death_date")
"""Words that are columns of a person; `area` is one too."""
NUMBER = "identifier_"
IDENTIFIERS = tuple(NUMBER + name for name in Identifier.Type.values)
LONGEST_FACT, LONGEST_KEY, LONGEST_IDENTIFIER = 200, 80, 60
AREA, PRECISION = "area", "birth_precision"


@dataclass(frozen=True)
class Targets:
    """The words that one table of a mapping gives, by what becomes of them."""

    all: tuple[str, ...]
    facts: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        return name in self.all

    @property
    def people(self) -> tuple[str, ...]:
        """Facts whose value names another person."""
        return tuple(name for name in self.facts if name in PEOPLE)


def words_for(vocabulary: Vocabulary, areas: Iterable[str]) -> Vocabulary:
    """The vocabulary with the registry's own words; the code list `area` is the areas into which the user may import."""
    own = [*TEXTS, "phone", "email", *IDENTIFIERS]
    persons = {name: _word(PERSONS, name, "text") for name in own}
    persons |= {
        PRECISION: _word(PERSONS, PRECISION, "code", PRECISION),
        AREA: _word(PERSONS, AREA, "code", AREA),
        "since": _word(PERSONS, "since", "date"),
    }
    homes = {
        AREA: _word(HOUSEHOLDS, AREA, "code", AREA),
        "address": _word(HOUSEHOLDS, "address", "text"),
        "since": _word(HOUSEHOLDS, "since", "date"),
    }
    tables = {**vocabulary.tables, PERSONS: {**vocabulary.tables[PERSONS], **persons}, HOUSEHOLDS: {**vocabulary.tables[HOUSEHOLDS], **homes}}
    codes = {PRECISION: _list(PRECISION, Person.Precision.values), AREA: _list(AREA, areas)}
    return replace(vocabulary, tables=tables, codes={**vocabulary.codes, **codes})


def _word(table: str, name: str, kind: str, codes: str = "") -> Fact:
    return Fact(name, table, kind, {"en": name.replace("_", " ")}, codes=codes)


def _list(name: str, values: Iterable[str]) -> CodeList:
    return CodeList(name, {"en": name}, {value: {"en": value} for value in values})


def read_import_mapping(source: str | Path | Mapping[str, Any] | None, words: Vocabulary) -> SourceMapping | None:
    """The mapping of an import. Raises Problems with everything that is wrong, O110 for words that a registry does not keep."""
    if source is None:
        return None
    mapping = read_mapping(source, words)
    problems = [problem for table, rule in mapping.tables.items() for problem in check_targets(table, [(r.target, r.at) for r in rule.rules], words)]
    if mapping.kind not in (None, "registry"):
        problems.append(
            InputError("O110", f"a population of kind {mapping.kind} is no registry", at=mapping.at, hint="write kind: registry, or leave it out")
        )
    if problems:
        raise Problems(problems)
    return mapping


def check_targets(table: str, found: Iterable[tuple[str, str]], words: Vocabulary) -> list[InputError]:
    """The words of a table that cannot be imported (O110)."""
    known = set(allowed(table, words))
    return [
        InputError(
            "O110", f"{name!r} is not kept in a registry", at=at or table, hint="region, district, age and size follow from the file; leave it out"
        )
        for name, at in found
        if name not in known
    ]


def allowed(table: str, words: Vocabulary) -> tuple[str, ...]:
    """All words of a table that may be imported."""
    if table in HISTORIES:
        return tuple(words.tables[table])
    if table == HOUSEHOLDS:
        return ("household_id", AREA, "address", "since", *facts_of(table, words))
    keys = ("person_id", "household_id", "relationship_to_head", AREA, "since", "phone", "email")
    return (*keys, *COLUMNS, *IDENTIFIERS, *facts_of(table, words))


def facts_of(table: str, words: Vocabulary) -> tuple[str, ...]:
    """The words that are dated facts."""
    own = {*TEXTS, *IDENTIFIERS, AREA, PRECISION, "since", "phone", "email", "person_id", "household_id"}
    return tuple(name for name in recordable(table, words) if name not in own)


def targets_of(table: str, names: Iterable[str], words: Vocabulary) -> Targets:
    """What becomes of the words that a mapping gives."""
    given = tuple(names)
    if table in HISTORIES:
        left = ("person_id", *moment_words(table))
        return Targets(given, tuple(name for name in given if name not in left))
    facts = facts_of(table, words)
    return Targets(given, tuple(name for name in given if name in facts), tuple(name for name in given if name in IDENTIFIERS))
