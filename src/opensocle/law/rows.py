"""The functions of tables: `count(members, age < 18)`, `average(contributions.earnings, best => months(60))`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import nearest
from ..vocabulary.units import Unit
from . import syntax as s
from . import tree as t
from .tree import BOOLEAN, ERROR, Expr, Kind

if TYPE_CHECKING:
    from .checking import Typer

OF_CONDITION = ("count", "any", "all", "successive", "duration")
OF_VALUE = ("sum", "average", "min", "max", "first", "last")
ROW_FUNCTIONS = (*OF_CONDITION, *OF_VALUE)
SPELLS = ("residence", "employment", "benefits_in_payment")
MOMENTS = {"contributions": "month", "events": "event_date", "residence": "start_date", "employment": "start_date", "benefits_in_payment": "start_date"}
"""The column that places a row in time."""

_WINDOW = ("last", "within", "before", "after", "best")


def row_function(typer: Typer, node: s.Call) -> Expr:
    """The typed tree of a function of a table's rows."""
    broken = t.Const(ERROR, node.at, node.end, False)
    if not node.args:
        return typer.fail("F012", f"{node.name} takes a table first", node, f"write {node.name}(members, …)")
    table = typer.table_of(node.args[0])
    if not table:
        return typer.fail("F012", f"{node.name} takes a table first", node.args[0], "members, contributions, residence, employment, benefits_in_payment or events")
    if typer.scope.row and typer.scope.row != "members":
        return typer.fail("F023", "a table function inside the rows of a history", node, "give it a variable of its own")
    if table != "members" and typer.scope.entity == "household":
        return typer.fail("F023", f"{table} belong to a person, this formula to a household", node, f"add up the members: sum(members, {typer.text[node.at : node.end]})")
    found = _arguments(typer.within(table), node, table)
    window = _window(typer, node, table)
    if found is None or window is None:
        return broken
    value, where = found
    if any(part is not None and part.kind == ERROR for part in (value, where)):
        return broken
    return _kind(typer, node, table, value, where, window)


def _arguments(rows: Typer, node: s.Call, table: str) -> tuple[Expr | None, Expr | None] | None:
    """The value and the condition of each row."""
    first, rest = node.args[0], list(node.args[1:])
    value: Expr | None = None
    named_table = isinstance(first, s.Name) and not first.owner and first.name == table
    if node.name in OF_VALUE:
        if named_table and not rest:
            rows.fail("F012", f"{node.name}({table}, …) needs a value", node, f"write {node.name}({table}, earnings)")
            return None
        value = rows.of(rest.pop(0) if named_table else first)
    elif not named_table:
        rows.fail("F012", f"{node.name} takes a table first", first, f"write {node.name}({table}, condition)")
        return None
    if node.name == "all" and rest:
        value = rows.condition(rest.pop(0))
    conditions = [*rest, *(argument for key, argument in node.named if key == "where")]
    if len(rest) > 1:
        rows.fail("F012", f"{node.name} takes one condition", rest[1], "join conditions with and")
        return None
    if node.name in ("any", "all") and not conditions and value is None:
        rows.fail("F012", f"{node.name}({table}, …) needs a condition", node)
        return None
    where: Expr | None = None
    for condition in conditions:
        part = rows.condition(condition)
        where = part if where is None else t.Op(BOOLEAN, where.at, part.end, "and", (where, part))
    return value, where


def _window(typer: Typer, node: s.Call, table: str) -> t.Window | None:
    given: dict[str, Expr] = {}
    for key, argument in node.named:
        if key == "where":
            continue
        if key not in _WINDOW:
            typer.fail("F012", f"{node.name} takes no {key!r}", argument, nearest(key, [*_WINDOW, "where"]))
            return None
        if table == "members":
            typer.fail("F031", f"{key!r} is for histories, members have no time", argument)
            return None
        name = "last" if key == "within" else key
        if name in given:
            typer.fail("F012", "`last` and `within` are the same: give one", argument)
            return None
        given[name] = typer.of(argument)
    for name, expr in given.items():
        if expr.kind == ERROR:
            return None
        if name in ("before", "after"):
            if expr.kind.type not in ("date", "month"):
                typer.fail("F031", f"{name} takes a date or a month, not {expr.kind}", expr)
                return None
        elif not _is_span(expr):
            typer.fail("F031", f"{name} takes months(…) or years(…)", expr, f"write {name} => months(24)")
            return None
    if "best" in given and (node.name not in ("sum", "average")):
        typer.fail("F031", "best is for sum and average", node)
        return None
    return t.Window(given.get("last"), given.get("before"), given.get("after"), given.get("best"))


def _is_span(expr: Expr) -> bool:
    if isinstance(expr, t.Op):
        return expr.op == "mul" and all(isinstance(arg, t.Const | t.Param) for arg in expr.args)
    return isinstance(expr, t.Const | t.Param) and expr.kind.type == "integer"


def _kind(typer: Typer, node: s.Call, table: str, value: Expr | None, where: Expr | None, window: t.Window) -> Expr:
    months = Unit.parse("month") if table == "contributions" else Unit()
    function = node.name
    if function in ("any", "all"):
        kind = BOOLEAN
    elif function == "count":
        kind = Kind("integer", months)
    elif function == "successive":
        if table != "contributions":
            return typer.fail("F031", "successive counts months of contributions", node)
        kind = Kind("integer", months)
    elif function == "duration":
        if table not in SPELLS:
            return typer.fail("F031", f"duration is for spells: {', '.join(SPELLS)}", node)
        kind = Kind("integer", Unit.parse("month"))
    else:
        assert value is not None
        if function in ("first", "last"):
            if table == "members":
                return typer.fail("F031", f"{function} is for histories, members have no order", node)
            kind = value.kind
        elif not value.kind.numeric and not (function in ("min", "max") and value.kind.type in ("date", "month")):
            return typer.fail("F020", f"{function} of {value.kind}", node, "a number is expected")
        elif function == "average":
            kind = Kind("decimal", value.kind.unit, value.kind.free, value.kind.loose)
        elif function == "sum" and table == "contributions" and not value.kind.free:
            monthly = ("month", -1) in value.kind.unit.powers
            kind = Kind(value.kind.type, value.kind.unit * months if monthly else value.kind.unit, loose=value.kind.loose)
        else:
            kind = value.kind
    return t.Rows(kind, node.at, node.end, function, table, value, where, window)
