"""What a plan is for: the data it may count on, the months, the outputs asked for, and where each piece of a formula went."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from ..errors import InputError, nearest
from ..law.compiling import RuleName
from ..law.law import Law
from ..law.model import RESERVED
from ..law.parameters import Indices, Known
from ..periods import Month
from .plan import Graph

CALLS = 12
"""Calls that a level of a formula takes at most, when it is planned or computed."""
BOUND = Decimal(10) ** 12
"""Limit of an amount or number in a population, in major units: larger values are refused when data are read."""
OWN_MONTH = "own month"
"""The column of persons with the month that each is looked at, where people of several months stand in one table; no fact has such a name."""


class Uneven(Exception):
    """What a plan is made of changes between the months of the people: one plan is not enough. `since`: the first month of another."""

    def __init__(self, since: Month) -> None:
        super().__init__(f"another plan from {since}")
        self.since = since


class Data(Protocol):
    """What is known of a population before it is read; `population.Population` and `Anyone` keep it."""

    @property
    def complete_households(self) -> bool: ...
    def has_table(self, table: str) -> bool: ...
    def has_column(self, table: str, column: str) -> bool: ...
    def never_null(self, table: str, column: str) -> bool: ...
    def latest(self, table: str, column: str) -> date | None: ...
    def bounds(self, table: str, column: str) -> tuple[Decimal, Decimal] | None: ...


@dataclass(frozen=True, slots=True)
class Anyone:
    """Data of which nothing is known beforehand: any fact may be there or not. `given` are variables given instead of computed."""

    given: frozenset[str] = frozenset()
    complete_households: bool = False

    def has_table(self, table: str) -> bool:
        return True

    def has_column(self, table: str, column: str) -> bool:
        return column in self.given if "." in column else True

    def never_null(self, table: str, column: str) -> bool:
        return False

    def latest(self, table: str, column: str) -> date | None:
        return date.max

    def bounds(self, table: str, column: str) -> tuple[Decimal, Decimal] | None:
        return None


@dataclass(frozen=True, slots=True)
class Context:
    """Where a formula is read: the month, the day, whose formula it is, and the row it looks at."""

    month: Month
    as_of: str
    owner: str
    level: str
    row: str = ""
    event: str = ""

    @property
    def day(self) -> date:
        return self.day_in(self.month)

    def day_in(self, month: Month) -> date:
        return month.first_day if self.as_of == "first_day" else month.last_day


@dataclass(frozen=True, slots=True)
class Output:
    """A result that was asked for: a variable in a month, and its node."""

    owner: str
    name: str
    month: Month
    node: int
    level: str

    @property
    def key(self) -> RuleName:
        return self.owner, self.name


@dataclass(slots=True)
class Plan:
    """The graph of everything needed for the outputs. `places` finds the node of a piece of a formula, for explanations.

    own: the months that there are where each person has one of their own; `months` is then the first of them.
    """

    law: Law
    months: tuple[Month, ...]
    graph: Graph
    outputs: list[Output] = field(default_factory=list)
    figures: dict[tuple[str, str, date], Known] = field(default_factory=dict)
    rules: dict[tuple[str, str, Month, str], int] = field(default_factory=dict)
    places: dict[tuple[int, Context], int] = field(default_factory=dict)
    absent: dict[tuple[str, str], None] = field(default_factory=dict)
    indices: Indices | None = None
    own: tuple[Month, ...] = ()


def reserved_outputs(law: Law) -> list[RuleName]:
    """The results that a run gives unless told otherwise: every scheme's reserved variables."""
    return [(scheme.name, name) for scheme in law.schemes.values() for name in RESERVED if name in scheme.variables]


def find_outputs(law: Law, wanted: Sequence[str] | None) -> list[RuleName]:
    """Rules by `scheme.variable`, `scheme` (its reserved variables) or a concept's bare name. Raises InputError P030."""
    if not wanted:
        return reserved_outputs(law)
    found: dict[RuleName, None] = {}
    for name in wanted:
        owner, dot, variable = name.partition(".")
        if not dot and owner in law.schemes:
            found |= {key: None for key in reserved_outputs(law) if key[0] == owner}
            continue
        key = (owner, variable) if dot else ("concepts", owner)
        if key not in law.rules and not dot and ("vocabulary", owner) in law.rules:
            key = ("vocabulary", owner)
        if key not in law.rules:
            known = [*map(str, law.rules.values()), *law.schemes]
            raise InputError("P030", f"the law has no variable {name!r}", hint=nearest(name, known))
        found[key] = None
    return list(found)


def make_room(law: Law) -> None:
    """Lets Python go as deep as the law does: a formula leans on others, and each level takes a few calls. Deeper laws are refused when loaded."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 1_000 + CALLS * law.depth))


def stored(type: str) -> str:
    """The type that a value is computed in."""
    return "text" if type in ("code", "key") else type
