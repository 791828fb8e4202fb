"""What schemes read: the facts of persons, whether the household or a history, the claim's facts. Found in the text of the law, for all its dates.

API: `needs_of(law, schemes, given=()) -> Needs`. A variable that is given instead of computed is not looked into.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from ..law import tree as t
from ..law.compiling import RuleName
from ..law.law import Law
from ..law.model import RESERVED
from ..vocabulary.model import PERSONS


@dataclass(frozen=True)
class Needs:
    """facts: columns of persons; given: variables of the law that the data may give (`scheme.variable`); event: facts of the claim;
    tables: `members`, `households` and histories that are looked at."""

    facts: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    event: frozenset[str] = frozenset()
    tables: frozenset[str] = field(default_factory=frozenset)

    @property
    def columns(self) -> frozenset[str]:
        """Every name that a column of persons may have to answer."""
        return self.facts | self.given


def needs_of(law: Law, schemes: Iterable[str], given: Collection[str] = (), outputs: Collection[str] = RESERVED) -> Needs:
    """What the outputs of these schemes read."""
    waiting: list[RuleName] = [(name, output) for name in schemes for output in outputs if (name, output) in law.rules]
    seen: set[RuleName] = set()
    facts, asked, event, tables = set(), set(), set(), set()
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        rule = law.rules[key]
        name = rule.name if rule.owner == "vocabulary" else f"{rule.owner}.{rule.name}"
        asked.add(name)
        if rule.owner == "vocabulary":
            facts.add(rule.name)
        if name in given:
            continue
        for formula in rule.formulas:
            for expr in t.walk(formula.expr):
                _look(expr, waiting, facts, event, tables)
    return Needs(frozenset(facts), frozenset(asked), frozenset(event), frozenset(tables))


def _look(expr: t.Expr, waiting: list[RuleName], facts: set[str], event: set[str], tables: set[str]) -> None:
    if isinstance(expr, t.Result):
        waiting.append((expr.owner, expr.name))
        if expr.entity == "household":
            tables.add("households")
    elif isinstance(expr, t.Rows):
        tables.add(expr.table)
    elif isinstance(expr, t.Fact):
        if expr.table == PERSONS:
            facts.add(expr.name)
        elif expr.table == "event":
            event.add(expr.name)
        elif expr.table == "households":
            tables.add("households")
