"""The plan: what must be computed, as one graph of operators for the months asked, shared by both engines.

A node is an operator on other nodes, made once however often it is used. Parameters are already figures (those in force in the
month), unused parts have fallen away. Levels say whom a node speaks of: const, household, person, or the row of a history.
Stages say when a node can be computed set by set: persons of stage k may use households of stage k, households of stage k + 1
add up persons of stage k.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..money import DIGITS, settle
from . import ranges as r
from .operators import Value, evaluate
from .rewriting import compare_age, ordered_sum, simplify_any, simplify_sum

HOUSEHOLD, PERSON, CONST = "household", "person", "const"
_RANK = {CONST: 0, HOUSEHOLD: 1, PERSON: 2}
_NEVER_NULL = ("is_null",)


@dataclass(frozen=True, slots=True)
class Node:
    """One operator of the plan."""

    id: int
    op: str
    args: tuple[int, ...]
    data: Any
    type: str
    level: str
    stage: int
    range: r.Range | None
    nullable: bool

    @property
    def constant(self) -> bool:
        return self.op == "const"


class Graph:
    """Nodes, each made once. Operators on constants are computed at once."""

    def __init__(self, complete_households: bool = False) -> None:
        self.complete_households = complete_households
        self.nodes: list[Node] = []
        self._made: dict[tuple[Any, ...], int] = {}

    def __getitem__(self, id: int) -> Node:
        return self.nodes[id]

    def _make(
        self,
        key: tuple[Any, ...],
        op: str,
        args: tuple[int, ...],
        data: Any,
        type: str,
        level: str,
        stage: int,
        range: r.Range | None,
        nullable: bool,
    ) -> int:
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = len(self.nodes)
            self.nodes.append(Node(found, op, args, data, type, level, stage, range, nullable))
        return found

    def const(self, value: Value, type: str) -> int:
        """A constant; None is unknown. A number is kept without trailing zeros, so that equal values are one node."""
        size = None
        if value is not None and type in ("integer", "decimal"):
            assert isinstance(value, int | Decimal)
            value = int(value) if type == "integer" else Decimal(value)
            size = r.of_number(value)
        elif type in ("integer", "decimal"):
            size = r.Range(Decimal(0), Decimal(0))
        return self._make(("const", type, value), "const", (), value, type, CONST, 0, size, value is None)

    def fact(self, table: str, name: str, type: str, level: str, range: r.Range | None, nullable: bool, data: Any = None) -> int:
        """A column: data tells a claim's contingency and month."""
        return self._make(("fact", table, name, data), "fact", (), (table, name, data), type, level, 0, range, nullable)

    def op(self, op: str, args: tuple[int, ...], type: str, data: Any = None, key: Any = None) -> int:
        """An operator on nodes, simplified where its value is already certain. `key` identifies data that cannot be hashed."""
        simple = self._simplified(op, args, type)
        if simple is not None:
            return simple
        rewritten = ordered_sum(self, op, args, type) if op in ("add", "sub") else compare_age(self, op, args)
        return self.plain(op, args, type, data, key) if rewritten is None else rewritten

    def plain(self, op: str, args: tuple[int, ...], type: str, data: Any = None, key: Any = None) -> int:
        """An operator as it is; constants are computed at once."""
        nodes = [self[a] for a in args]
        if all(node.constant for node in nodes):
            value = evaluate(op, data, [node.data for node in nodes])
            return self.const(settle(value) if op in ("mul", "marginal") and isinstance(value, Decimal) else value, type)
        level = self.level(args)
        args = tuple(self.lift(a, level) for a in args)
        nodes = [self[a] for a in args]
        size = r.of_operator(op, data, [node.range for node in nodes]) if type in ("integer", "decimal") else None
        made = self._make(
            (op, args, type, data if key is None else key),
            op,
            args,
            data,
            type,
            level,
            max(n.stage for n in nodes),
            size,
            self._nullable(op, nodes, data),
        )
        if op == "mul" and type == "decimal" and size is not None and size.decimals > DIGITS:
            return self.op("settle", (made,), "decimal")
        return made

    def _nullable(self, op: str, nodes: list[Node], data: Any) -> bool:
        if op in _NEVER_NULL:
            return False
        if op == "if_unknown":
            return nodes[0].nullable and nodes[1].nullable
        if op == "div":
            size = nodes[1].range
            return nodes[0].nullable or nodes[1].nullable or not (size and size.nonzero)
        if op == "on_date" and data[0][0] == date.min and all(value is not None for _, value in data):
            return nodes[0].nullable
        if op in ("lookup", "bracket", "on_date", "add_months", "add_days"):
            return True
        return any(node.nullable for node in nodes)

    def _simplified(self, op: str, args: tuple[int, ...], type: str) -> int | None:
        nodes = [self[a] for a in args]
        if op in ("and", "or"):
            return self._logical(op, nodes)
        if op == "if":
            condition = nodes[0]
            if condition.constant:
                return self.const(None, type) if condition.data is None else self.cast(args[1] if condition.data else args[2], type)
            if args[1] == args[2] and not condition.nullable:
                return self.cast(args[1], type)
        if op == "is_null" and not nodes[0].nullable:
            return self.const(False, "boolean")
        if op == "if_unknown":
            if not nodes[0].nullable:
                return self.cast(args[0], type)
            if nodes[0].constant:
                return self.cast(args[1], type)
        elif op not in ("and", "or", "if", "in", "is_null") and any(node.constant and node.data is None for node in nodes):
            return self.const(None, type)
        return None

    def _logical(self, op: str, nodes: list[Node]) -> int | None:
        """`and` and `or` with what is certain left out."""
        deciding = op == "or"
        if any(node.constant and node.data is deciding for node in nodes):
            return self.const(deciding, "boolean")
        rest = list(dict.fromkeys(node.id for node in nodes if not (node.constant and node.data is (not deciding))))
        if not rest:
            return self.const(not deciding, "boolean")
        if len(rest) == 1:
            return rest[0]
        return None if len(rest) == len(nodes) else self.op(op, tuple(rest), "boolean")

    def cast(self, id: int, type: str) -> int:
        """An integer as a decimal, where a branch needs it."""
        node = self[id]
        if node.type == "integer" and type == "decimal":
            return self.const(node.data, "decimal") if node.constant else self.op("decimal", (id,), "decimal")
        return id

    # --- levels

    def level(self, args: tuple[int, ...]) -> str:
        """The level of an operator on these arguments: the most particular of them."""
        levels = {self[a].level for a in args}
        rows = levels - set(_RANK)
        return next(iter(rows)) if rows else max(levels, key=_RANK.__getitem__, default=CONST)

    def lift(self, id: int, level: str) -> int:
        """The node seen from a more particular level: the household of a person, the person of a row."""
        node = self[id]
        if node.level in (level, CONST):
            return id
        if level == HOUSEHOLD:
            raise AssertionError("a person's value at the level of the household")
        if node.level == HOUSEHOLD:
            id = self._make(
                ("of_household", id),
                "of_household",
                (id,),
                None,
                node.type,
                PERSON,
                node.stage,
                node.range,
                node.nullable or not self.complete_households,
            )
        if level == PERSON:
            return id
        node = self[id]
        return self._make(("outer", id, level), "outer", (id,), None, node.type, level, node.stage, node.range, node.nullable)

    def rows(self, function: str, table: str, args: tuple[int | None, int | None, int | None, int | None], type: str, best: int | None) -> int:
        """A function of rows: args are value, condition, end and start of the window (months, or dates for `duration`), None where absent."""
        simpler = self._simpler_rows(function, table, args, type, best)
        if simpler is not None:
            return simpler
        members = table == "members"
        inner = PERSON if members else table
        lifted = tuple(None if a is None else self.lift(a, inner if position < 2 else PERSON) for position, a in enumerate(args))
        present = [self[a] for a in lifted if a is not None]
        value = self[lifted[0]] if lifted[0] is not None else None
        size = r.of_rows(function, members, value.range if value else None)
        nullable = function in ("average", "min", "max", "first", "last", "duration") or any(node.nullable for node in present)
        deepest = max((node.stage for node in present), default=0)
        outer = any(self._uses_outer(node.id) or node.level == PERSON for node in present)
        stage = deepest + 1 if members or outer else 0
        packed = tuple(-1 if a is None else a for a in lifted)
        return self._make(
            ("rows", function, table, packed, best),
            "rows",
            packed,
            (function, table, best),
            type,
            HOUSEHOLD if members else PERSON,
            stage,
            size,
            nullable,
        )

    def _simpler_rows(self, function: str, table: str, args: tuple[int | None, ...], type: str, best: int | None) -> int | None:
        value, where = args[:2]
        if function == "sum" and best is None and value is not None:
            return simplify_sum(self, table, value, where, type)
        return simplify_any(self, table, where) if function == "any" else None

    def _uses_outer(self, id: int) -> bool:
        pending, seen = [id], set()
        while pending:
            node = self[pending.pop()]
            if node.op == "outer":
                return True
            if node.level not in _RANK and node.id not in seen:
                seen.add(node.id)
                pending.extend(a for a in node.args if a >= 0)
        return False
