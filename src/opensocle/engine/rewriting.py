"""Comparisons of an age with a number, as comparisons of dates: the same answer, many times cheaper in a database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from ..periods import add_months, age

if TYPE_CHECKING:
    from .plan import Graph

_MIRROR = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}


def compare_age(graph: Graph, op: str, args: tuple[int, ...]) -> int | None:
    """`age(birth, day) >= 60` as `birth <= the latest birth of someone aged 60 on the day`; None where it is no such comparison."""
    if op not in _MIRROR or len(args) != 2:
        return None
    left, right = graph[args[0]], graph[args[1]]
    if left.constant and right.op == "age":
        left, right, op = right, left, _MIRROR[op]
    if left.op == "decimal":
        left = graph[left.args[0]]
    if left.op != "age" or not right.constant or not isinstance(right.data, int | Decimal) or isinstance(right.data, bool):
        return None
    birth, day = left.args[0], graph[left.args[1]]
    if not day.constant or day.data is None:
        return None
    whole = ceil(right.data)
    if whole != right.data:  # an age is a whole number: >= 60.33 and > 60.33 are >= 61
        if op in ("eq", "ne"):
            return None
        op = {"gt": "ge", "le": "lt"}.get(op, op)
    rule = left.data or "march_1"
    limits = [_latest_birth(day.data, years, rule) for years in (whole, whole + 1)]
    if any(limit is None for limit in limits):
        return None
    reached, passed = (graph.const(limit, "date") for limit in limits)
    if op == "ge":
        return graph.op("le", (birth, reached), "boolean")
    if op == "lt":
        return graph.op("gt", (birth, reached), "boolean")
    if op == "gt":
        return graph.op("le", (birth, passed), "boolean")
    if op == "le":
        return graph.op("gt", (birth, passed), "boolean")
    same = graph.op("and", (graph.op("le", (birth, reached), "boolean"), graph.op("gt", (birth, passed), "boolean")), "boolean")
    return same if op == "eq" else graph.op("not", (same,), "boolean")


def _latest_birth(day: date, years: int, rule: str) -> date | None:
    """The latest date of birth of someone who is `years` old on a day; None outside the calendar."""
    if not 2 <= day.year - years <= 9998:
        return None
    birth = add_months(day, -12 * years)
    while age(birth + timedelta(days=1), day, rule) >= years:
        birth += timedelta(days=1)
    return birth


# --- sums: all of these are exact, for both engines


def simplify_sum(graph: Graph, table: str, value: int, where: int | None, type: str) -> int | None:
    """A sum of rows by its parts, so that parts are added up once: sum(3 x + y) = 3 sum(x) + sum(y); sum(if(c, x, 0)) = sum(x where c)."""
    node = graph[value]

    def total(part: int, condition: int | None = where) -> int:
        return graph.cast(graph.rows("sum", table, (part, condition, None, None), graph[part].type, None), type)

    if node.constant and node.data is not None:
        count = graph.rows("count", table, (None, where, None, None), "integer", None)
        if not node.data:
            return None if graph[count].nullable else graph.const(node.data, type)
        return graph.op("mul", (graph.cast(count, type), graph.const(node.data, type)), type)
    if node.op in ("add", "sub"):
        return graph.op(node.op, (total(node.args[0]), total(node.args[1])), type)
    if node.op == "neg":
        return graph.op("neg", (total(node.args[0]),), type)
    if node.op == "decimal":
        return total(node.args[0])
    if node.op == "mul":
        x, factor = node.args if graph[node.args[1]].constant else node.args[::-1]
        if graph[factor].constant and graph[factor].data is not None:
            return graph.op("mul", (total(x), graph.cast(factor, type)), type)
    if node.op == "if" and _is_zero(graph, node.args[2]):
        condition, then = node.args[:2]
        both = condition if where is None else graph.op("and", (where, condition), "boolean")
        return total(then, both)
    return None


def _is_zero(graph: Graph, id: int) -> bool:
    node = graph[id]
    return node.constant and node.data is not None and not node.data


def simplify_any(graph: Graph, table: str, where: int | None) -> int | None:
    """`any(members, x > 3)` as `max(members, x) > 3`, where x is surely known: one maximum serves many comparisons."""
    if where is None:
        return None
    node = graph[where]
    if node.op not in ("lt", "le", "gt", "ge") or node.nullable or node.level == "const" or not graph[node.args[1]].constant:
        return None
    x = node.args[0]
    if graph[x].type not in ("date", "integer", "decimal"):
        return None
    function = "max" if node.op in ("gt", "ge") else "min"
    extreme = graph.rows(function, table, (x, None, None, None), graph[x].type, None)
    found = graph.op(node.op, (extreme, node.args[1]), "boolean")
    return graph.op("if_unknown", (found, graph.const(False, "boolean")), "boolean")


def ordered_sum(graph: Graph, op: str, args: tuple[int, ...], type: str) -> int | None:
    """A chain of + and - in an order that serves sums with terms in common: coarse terms first, then older ones. None where it is so already."""
    terms: list[tuple[int, int]] = []
    pending = [(args[1], 1 if op == "add" else -1), (args[0], 1)]
    while pending:
        id, sign = pending.pop()
        node = graph[id]
        if node.op in ("add", "sub") and node.type == type:
            pending += [(node.args[1], sign if node.op == "add" else -sign), (node.args[0], sign)]
        elif not _is_zero(graph, id):
            terms.append((graph.cast(id, type), sign))
    if any(graph[id].constant and graph[id].data is None for id, _ in terms):
        return graph.const(None, type)
    if len(terms) < 2:
        if not terms:
            return graph.const(0, type)
        return terms[0][0] if terms[0][1] > 0 else graph.op("neg", (terms[0][0],), type)
    ranked = sorted(terms, key=lambda term: (term[1] < 0, _coarse(graph, term[0]), term[0]))
    if ranked[0][1] < 0:
        return None
    result = ranked[0][0]
    for id, sign in sorted(ranked[1:], key=lambda term: (_coarse(graph, term[0]), term[0])):
        result = graph.plain("add" if sign > 0 else "sub", (result, id), type)
    return result


def _coarse(graph: Graph, id: int) -> tuple[int, int]:
    """Level and decimals: household values before persons', few decimals before many."""
    node = graph[id]
    rank = {"const": 0, "household": 1, "person": 2}.get(node.level, 3)
    return rank, node.range.decimals if node.range else 0
