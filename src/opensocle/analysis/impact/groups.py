"""Splits of persons: by their own facts, their household's or its head's, with titles from the vocabulary.

Any fact of persons or households by name; `head_` before a person's fact takes the head of the household's; bands cut numbers; a formula of the law
language splits into yes and no. Built-in bands: `age_group`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import nearest
from .facts import Facts, added_up
from .labels import TRUTHS
from .measured import Array
from .model import Group, Titles
from .model import Grouping as Named
from .settings import Grouping, Term

Codes = NDArray[np.int64]
AGES = tuple(Decimal(first) for first in (0, 5, 15, 18, 25, 60, 75))
"""First ages of `age_group`: early childhood, school, adolescence, youth, working age, older, very old."""
AGE_GROUP: Titles = {"en": "Age", "fr": "Âge"}
HEAD = "head_"
OF_HEAD: Titles = {"en": "head of the household", "fr": "chef de ménage"}
MOST = 200


@dataclass(frozen=True, eq=False)
class Split:
    """A grouping with the group (position, -1 unknown) of each person, or of each household where all its members share it."""

    named: Named
    codes: Codes
    of_households: bool


def split(group: Grouping, facts: Facts) -> Split:
    """Who is in which group. Raises LawError A074 where there is nothing to split by, A071 where a formula is wrong."""
    if group.of.text == "age_group":
        return _banded(Grouping(group.name, group.title or AGE_GROUP, Term("age", group.of.node), group.bands or AGES), facts)
    if group.bands:
        return _banded(group, facts)
    name = group.of.text.removeprefix(HEAD) if _of_head(group, facts) else group.of.text
    one = Term(name, group.of.node)
    level = "persons" if name != group.of.text else "households" if facts.has(name, "households") else facts.level_of(one)
    fact = facts.law.vocabulary.fact(level, name)
    if not _is_name(group.of.text) or (fact is not None and fact.type == "boolean"):
        found = facts.truths(one, level)
        codes, values = np.where(np.isnan(found), -1, found == 1).astype(np.int64), [False, True]
    else:
        codes, values = facts.words(one, level)
        if len(values) > MOST:
            raise facts.wrong(one, f"{name} has {len(values)} values: too many to split by", "give bands: of numbers, or another fact", "A074")
    if name != group.of.text:
        return Split(_named(group, facts, fact, values), _heads(codes, facts), True)
    return Split(_named(group, facts, fact, values), codes, level == "households")


def _is_name(text: str) -> bool:
    return text.replace("_", "").replace(".", "").isalnum()


def _of_head(group: Grouping, facts: Facts) -> bool:
    return group.of.text.startswith(HEAD) and not any(facts.has(group.of.text, table) for table in ("persons", "households"))


def _heads(codes: Codes, facts: Facts) -> Codes:
    """The group of each household's head; -1 where no head is known."""
    relation = Term("relationship_to_head")
    if not facts.has("relationship_to_head", "persons"):
        hint = nearest("relationship_to_head", list(facts.survey.tables["persons"].columns))
        raise facts.wrong(relation, "the survey does not say who heads a household: it has no relationship_to_head", hint, "A074")
    at, words = facts.words(relation, "persons")
    heads = at == (words.index("head") if "head" in words else -2)
    found = np.full(facts.homes.count, -1)
    found[facts.homes.of[heads]] = codes[heads]
    return found


def _banded(group: Grouping, facts: Facts) -> Split:
    """Bands of a number; below the first is unknown."""
    level = facts.level_of(group.of)
    found = facts.numbers(group.of, level)
    starts = np.array([float(start) for start in group.bands])
    codes = np.where(np.isnan(found), -1, np.searchsorted(starts, np.nan_to_num(found, nan=-np.inf), side="right") - 1)
    fact = facts.law.vocabulary.fact(level, group.of.text)
    title = group.title or (fact.title if fact else {})
    return Split(Named(group.name, title, tuple(_band(group.bands, at) for at in range(len(starts)))), codes.astype(np.int64), level == "households")


def _band(starts: Sequence[Decimal], at: int) -> Group:
    """`5-14` for whole numbers, `0.5 to 1` for others, `75+` for the last."""
    first = f"{starts[at].normalize():f}"
    if at + 1 == len(starts):
        return Group(f"{first}+", {"en": f"{first}+", "fr": f"{first} et plus"})
    if starts[at] == int(starts[at]) and starts[at + 1] == int(starts[at + 1]):
        text = f"{first}-{int(starts[at + 1]) - 1}"
        return Group(text, {"en": text, "fr": text})
    last = f"{starts[at + 1].normalize():f}"
    return Group(f"{first}-{last}", {"en": f"{first} to below {last}", "fr": f"de {first} à moins de {last}"})


def _named(group: Grouping, facts: Facts, fact: Any, values: Sequence[Any]) -> Named:
    """The grouping with the titles of the vocabulary."""
    codes = facts.law.vocabulary.codes.get(fact.codes) if fact and fact.codes else None
    title = group.title or (fact.title if fact else {})
    if fact and not group.title and group.of.text.startswith(HEAD):
        title = {language: f"{text} ({OF_HEAD.get(language, OF_HEAD['en'])})" for language, text in fact.title.items()}
    return Named(group.name, title, tuple(_group(value, codes) for value in values))


def _group(value: Any, codes: Any) -> Group:
    if isinstance(value, bool):
        return Group("yes" if value else "no", TRUTHS[int(value)])
    return Group(str(value), codes.values[value] if codes and value in codes.values else {})


@dataclass(frozen=True, eq=False)
class Domain:
    """Some persons of the survey: the households in which they live (positions, ascending), with the weight of those persons in each."""

    group: str
    rows: NDArray[np.int64]
    weights: Array


def domains(made: Split, of: NDArray[np.int64], weights: Array, household_weights: Array) -> list[Domain]:
    """The domain of each group that has anyone. of: each person's household; weights: (person,), zero for those not counted; their sums."""
    found = []
    for position, group in enumerate(made.named.groups):
        inside = made.codes == position
        if made.of_households:
            rows = np.flatnonzero(inside & (household_weights > 0))
            weight = household_weights[rows]
        else:
            summed = added_up(of[inside], weights[inside], len(household_weights))
            rows = np.flatnonzero(summed > 0)
            weight = summed[rows]
        if len(rows):
            found.append(Domain(group.name, rows, weight))
    return found
