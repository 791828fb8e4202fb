"""The plan as Python closures: one household in microseconds, with the same exact answers as the SQL of `sql`.

Each node becomes a function of a frame: a Person, a Household or a Row. What is used more than once is remembered in the frame.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ..money import divide
from ..periods import Month, months_between
from .operators import STRICT, evaluate
from .plan import Graph, Node

Function = Callable[[Any], Any]
UNSET = object()
_FAST = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "neg": operator.neg, "abs": abs, "eq": operator.eq, "ne": operator.ne,
    "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge, "not": operator.not_,
}  # fmt: skip
"""Operators whose meaning is Python's own inside `money.CONTEXT`."""


class Household:
    """A household at work: its facts, its members, and what has been computed."""

    __slots__ = ("facts", "members", "memo")

    def __init__(self, facts: Mapping[str, Any], members: list[Person]) -> None:
        self.facts, self.members = facts, members
        self.memo: dict[int, Any] = {}


class Person:
    """A person at work. `histories` has the rows of each table that was given; `claims` the events by contingency and month, None if not given."""

    __slots__ = ("claims", "facts", "histories", "household", "memo", "name")

    def __init__(self, name: Any, facts: Mapping[str, Any], household: Household | None, histories: Mapping[str, list[Row]]) -> None:
        self.name, self.facts, self.household, self.histories = name, facts, household, histories
        self.claims: dict[tuple[str, Month], Mapping[str, Any]] | None = None
        self.memo: dict[int, Any] = {}


class Row:
    """A row of a person's history."""

    __slots__ = ("facts", "person")

    def __init__(self, facts: Mapping[str, Any], person: Person) -> None:
        self.facts, self.person = facts, person


def compile_closures(graph: Graph, wanted: Sequence[int]) -> dict[int, Function]:
    """A function for every node that the wanted nodes need."""
    needed: dict[int, int] = {}
    pending = list(wanted)
    while pending:
        id = pending.pop()
        needed[id] = needed.get(id, 0) + 1
        if needed[id] == 1:
            pending.extend(a for a in graph[id].args if a >= 0)
    wanted_set = set(wanted)
    functions: dict[int, Function] = {}
    for id in sorted(needed):
        node = graph[id]
        function = _function(graph, node, functions)
        shared = needed[id] > 1 or id in wanted_set
        keep = shared and node.level in ("person", "household") and node.op not in ("const", "fact")
        functions[id] = _remembered(function, id) if keep else function
    return functions


def _remembered(function: Function, id: int) -> Function:
    def remembered(frame: Any) -> Any:
        value = frame.memo.get(id, UNSET)
        if value is UNSET:
            value = frame.memo[id] = function(frame)
        return value

    return remembered


def _function(graph: Graph, node: Node, made: Mapping[int, Function]) -> Function:
    op, data = node.op, node.data
    if op == "const":
        return lambda frame: data
    if op == "fact":
        return _fact(*data)
    if op == "rows":
        return _rows(node, [None if a < 0 else made[a] for a in node.args])
    args = [made[a] for a in node.args]
    if op == "of_household":
        inner = args[0]
        return lambda person: None if person.household is None else inner(person.household)
    if op == "outer":
        inner = args[0]
        return lambda row: inner(row.person)
    if op in ("and", "or"):
        return _logical(op == "or", args)
    if op == "if":
        return _if(*args)
    if op == "is_null":
        x = args[0]
        return lambda frame: x(frame) is None
    if op == "if_unknown":
        return _if_unknown(*args)
    if op == "in" and all(graph[a].constant for a in node.args[1:]):
        return _in(args[0], [graph[a].data for a in node.args[1:]])
    if op in STRICT and not data:
        return _strict(_FAST.get(op, STRICT[op]), args, [graph[a] for a in node.args])
    return lambda frame: evaluate(op, data, [arg(frame) for arg in args])


def _fact(table: str, name: str, claim: tuple[str, Month] | None) -> Function:
    if table != "event":
        return lambda frame: frame.facts.get(name)
    assert claim is not None
    if name == "exists":
        return lambda person: None if person.claims is None else claim in person.claims
    return lambda person: person.claims[claim].get(name) if person.claims and claim in person.claims else None


def _strict(function: Callable[..., Any], args: list[Function], nodes: list[Node]) -> Function:
    if len(args) == 1:
        only = args[0]

        def unary(frame: Any) -> Any:
            x = only(frame)
            return None if x is None else function(x)

        return unary
    if len(args) == 2:
        first, second = args
        if nodes[1].constant:
            known = nodes[1].data

            def half(frame: Any) -> Any:
                x = first(frame)
                return None if x is None else function(x, known)

            return half

        def binary(frame: Any) -> Any:
            x = first(frame)
            if x is None:
                return None
            y = second(frame)
            return None if y is None else function(x, y)

        return binary

    def several(frame: Any) -> Any:
        values = [arg(frame) for arg in args]
        return None if any(value is None for value in values) else function(*values)

    return several


def _logical(deciding: bool, args: list[Function]) -> Function:
    """`and` and `or`: the first certain part decides."""

    def logical(frame: Any) -> Any:
        result: bool | None = not deciding
        for arg in args:
            value = arg(frame)
            if value is deciding:
                return deciding
            if value is None:
                result = None
        return result

    return logical


def _if(condition: Function, then: Function, otherwise: Function) -> Function:
    def chosen(frame: Any) -> Any:
        value = condition(frame)
        return None if value is None else then(frame) if value else otherwise(frame)

    return chosen


def _if_unknown(first: Function, second: Function) -> Function:
    def known(frame: Any) -> Any:
        value = first(frame)
        return second(frame) if value is None else value

    return known


def _in(x: Function, items: list[Any]) -> Function:
    found, unknown = {item for item in items if item is not None}, None in items

    def within(frame: Any) -> Any:
        value = x(frame)
        return None if value is None else True if value in found else None if unknown else False

    return within


# --- rows


def _rows(node: Node, args: list[Function | None]) -> Function:
    function, table, best = node.data
    value, where, end, start = args

    def rows_of(frame: Any) -> Sequence[Any] | None:
        return frame.members if table == "members" else frame.histories.get(table)

    if function == "duration":
        return lambda frame: _duration(frame, rows_of(frame), where, end, start)
    if function == "any":
        return lambda frame: _any(rows_of(frame), where)

    def result(frame: Any) -> Any:
        rows = rows_of(frame)
        if rows is None:
            return None
        kept = _kept(rows, where)
        if kept is None:
            return None
        if function == "count":
            return len(kept)
        if function == "successive":
            return _successive(kept, end, frame)
        assert value is not None
        if function in ("first", "last"):
            return _ordered(kept, value, table, function)
        values = [value(row) for row in kept]
        if any(v is None for v in values):
            return None
        return _reduced(function, values, best, node.type)

    return result


def _kept(rows: Sequence[Any], where: Function | None) -> list[Any] | None:
    """The rows where the condition is true; None if it is unknown for one."""
    if where is None:
        return list(rows)
    kept = []
    for row in rows:
        condition = where(row)
        if condition is None:
            return None
        if condition:
            kept.append(row)
    return kept


def _reduced(function: str, values: list[Any], best: int | None, type: str) -> Any:
    if best is not None:
        values = sorted(values, reverse=True)[:best]
    if function == "sum":
        return sum(values, Decimal(0) if type == "decimal" else 0)
    if not values:
        return None
    if function == "average":
        return divide(sum(values, Decimal(0)), len(values))
    return min(values) if function == "min" else max(values)


def _any(rows: Sequence[Any] | None, where: Function | None) -> bool | None:
    if rows is None:
        return None
    if where is None:
        return bool(rows)
    unknown = False
    for row in rows:
        condition = where(row)
        if condition:
            return True
        unknown = unknown or condition is None
    return None if unknown else False


def _ordered(rows: list[Any], value: Function, table: str, function: str) -> Any:
    """The value in the first or last row in time; of rows at the same time, the greatest."""
    from ..law.rows import MOMENTS

    if not rows:
        return None
    moments = [row.facts[MOMENTS[table]] for row in rows]
    chosen = min(moments) if function == "first" else max(moments)
    values = [value(row) for row, moment in zip(rows, moments, strict=True) if moment == chosen]
    return None if any(v is None for v in values) else max(values)


def _successive(rows: list[Any], end: Function | None, person: Person) -> int | None:
    """Months without a gap that end just before the window's end."""
    assert end is not None
    last = end(person)
    if last is None:
        return None if rows else 0
    paid = {row.facts["month"].index for row in rows}
    count = 0
    while last.index - count - 1 in paid:
        count += 1
    return count


def _duration(person: Person, rows: Sequence[Row] | None, where: Function | None, end: Function | None, start: Function | None) -> int | None:
    """Completed months of each spell inside the window, added up."""
    assert end is not None
    kept = None if rows is None else _kept(rows, where)
    if kept is None:
        return None
    total = 0
    limit, floor = end(person), start(person) if start else date.min
    for row in kept:
        begun, ended = row.facts.get("start_date"), row.facts.get("end_date")
        if limit is None or floor is None or begun is None:
            return None
        total += max(0, months_between(max(begun, floor), min(ended or limit, limit)))
    return total
