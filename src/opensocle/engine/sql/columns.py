"""Which nodes of a plan get a column of their own in a query, and what each column is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ..lowering import Plan
from ..plan import CONST, HOUSEHOLD, PERSON, Graph, Node
from .expressions import weight
from .types import Sql

DEEP = 10
"""Operators on top of each other before one gets a column of its own."""
OFTEN = 5
"""Times that even the text of a single operator is repeated before it gets one."""
LONGEST = 50
"""Bytes of a readable name: PostgreSQL cuts names after 63, and two of them could become one."""


class Tables(Protocol):
    """Where the tables of a population stand for the SQL engine."""

    def source(self, table: str) -> str: ...
    def has_table(self, table: str) -> bool: ...
    def has_column(self, table: str, column: str) -> bool: ...


@dataclass(slots=True)
class Relation:
    """A relation at work: its name and the columns that it has so far."""

    name: str
    columns: dict[int, Sql] = field(default_factory=dict)


def needed(graph: Graph, targets: Sequence[int]) -> dict[int, int]:
    """Every node that the targets need, and how often its text would appear, in the order of the plan."""
    uses: dict[int, int] = {}
    pending = [(id, 1) for id in targets]
    while pending:
        id, times = pending.pop()
        first = id not in uses
        uses[id] = uses.get(id, 0) + times
        if first:
            node = graph[id]
            pending.extend((a, weight(graph, node, p)) for p, a in enumerate(node.args) if a >= 0)
    return dict(sorted(uses.items()))


def choose_columns(graph: Graph, uses: dict[int, int], targets: Sequence[int]) -> set[int]:
    """Columns: the targets, what comes from elsewhere, what is used again or lies deep, and what another relation looks at."""
    columns = set(targets)
    depth: dict[int, int] = {}
    for id in uses:
        node = graph[id]
        if node.op in ("fact", "rows", "of_household", "outer"):
            if node.op != "outer":
                columns.add(id)
            depth[id] = 0
            continue
        below = [a for a in node.args if a >= 0]
        depth[id] = 1 + max((0 if a in columns else depth[a] for a in below), default=0) if below else 0
        if (uses[id] > 1 and (depth[id] > 1 or node.op == "on_date" or uses[id] > OFTEN)) or depth[id] > DEEP:
            columns.add(id)
    for id in uses:
        columns |= _looked_at(graph, graph[id])
    return {id for id in columns if graph[id].level != CONST}


def _looked_at(graph: Graph, node: Node) -> set[int]:
    """The persons' and households' values that a node reads across the border of its relation."""
    if node.op == "rows":
        return {a for a in node.args[2:] if a >= 0 and graph[a].level in (PERSON, HOUSEHOLD)}
    crossing = node.op in ("of_household", "outer")
    found = set()
    for a in node.args:
        arg = graph[a]
        if arg.level in (PERSON, HOUSEHOLD) and (crossing or (arg.level, arg.stage) != (node.level, node.stage)):
            found.add(a)
    return found


def readable_names(plan: Plan) -> dict[int, str]:
    """The nodes that are variables of the law, by their names."""
    names: dict[int, str] = {}
    taken: set[str] = set()
    for (owner, name, month, _), id in plan.rules.items():
        if plan.graph[id].op in ("const", "fact") or id in names:
            continue
        short = name if owner in ("concepts", "vocabulary") else f"{owner}.{name}"
        full = short if len(plan.months) == 1 else f"{short} {month}"
        if len(full.encode()) > LONGEST:
            continue
        names[id] = f"{full} #{id}" if full in taken else full
        taken.add(full)
    return names
