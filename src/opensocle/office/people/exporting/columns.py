"""The columns of an export: those of the registry, and facts by the words of the vocabulary; `household.rooms` is a fact of the household."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ....errors import InputError, Problems, SocleError, nearest
from ....vocabulary.model import HOUSEHOLDS, PERSONS, Fact, Vocabulary
from ...laws.values import PEOPLE
from ..importing.words import IDENTIFIERS
from ..words import recordable

OF_HOUSEHOLD = "household."
NAMED = ("reference", "given_name", "second_name", "surname", "maiden_name", "address", "phone", "email", "household", "area", *IDENTIFIERS)
"""Columns that say who somebody is: never in an export without names."""
PLAIN = {
    "person": "integer",
    "home": "integer",
    "relationship_to_head": "code",
    "sex": "code",
    "birth_year": "integer",
    "birth_precision": "code",
    "district": "code",
}
"""Columns of every export. person and home: numbers made for this file only, by which persons of a household are found together."""
DATED = ("birth_date", "death_date")
SILENT = ("employer_id",)


@dataclass(frozen=True)
class Column:
    """A column of the file. kind: as in the vocabulary; word: of a fact."""

    name: str
    kind: str
    word: Fact | None = None

    @property
    def fact(self) -> str:
        return self.name.removeprefix(OF_HOUSEHOLD)

    @property
    def of_household(self) -> bool:
        return self.name.startswith(OF_HOUSEHOLD)


def known_columns(words: Vocabulary, *, names: bool) -> dict[str, Column]:
    """All columns that an export may have; names: with those that say who somebody is."""
    found = {name: Column(name, kind) for name, kind in PLAIN.items()}
    if names:
        found |= {name: Column(name, "text") for name in NAMED} | {name: Column(name, "date") for name in DATED}
    for table, before in ((PERSONS, ""), (HOUSEHOLDS, OF_HOUSEHOLD)):
        for name, word in recordable(table, words).items():
            if before + name not in found and (names or (name not in PEOPLE and name not in SILENT and word.type not in ("key", "text"))):
                found[before + name] = Column(before + name, word.type, word)
    return found


def chosen_columns(asked: Sequence[str], words: Vocabulary, *, names: bool) -> list[Column]:
    """The columns by name. Raises Problems O113 with each that there is not."""
    known = known_columns(words, names=names)
    hidden = known_columns(words, names=True)
    problems: list[SocleError] = []
    for name in asked:
        if name not in known:
            what = _("%(column)s says who somebody is") if name in hidden else _("There is no column %(column)s.")
            problems.append(InputError("O113", what % {"column": name}, at="columns", hint="" if name in hidden else nearest(name, list(known))))
    if not asked or len(set(asked)) != len(asked):
        problems.append(InputError("O113", "an export has at least one column, each once", at="columns"))
    if problems:
        raise Problems(problems)
    return [known[name] for name in asked]
