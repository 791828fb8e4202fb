"""The functions of tables: `count(members, age < 18)`, `average(contributions.earnings, best => months(60))`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import nearest
from ..vocabulary.model import HISTORIES
from ..vocabulary.units import Unit
from . import syntax as s
from . import tree as t
from .functions import number_hint
from .tree import BOOLEAN, ERROR, Expr, Kind

if TYPE_CHECKING:
    from .checking import Typer

OF_CONDITION = ("count", "any", "all", "successive", "duration")
OF_VALUE = ("sum", "average", "min", "max", "first", "last")
ROW_FUNCTIONS = (*OF_CONDITION, *OF_VALUE)
SPELLS = ("residence", "employment", "benefits_in_payment")
MOMENTS = {"contributions": "month", "events": "event_date", **dict.fromkeys(SPELLS, "start_date")}
"""The column that places a row in time."""

_WINDOW = ("last", "within", "before", "after", "best")


def row_function(typer: Typer, node: s.Call) -> Expr:
    """The typed tree of a function of a table's rows."""
    broken = t.Const(ERROR, node.at, node.end, False)
    if not node.args:
        return typer.fail("F012", f"{node.name} takes a table first", node, f"write {node.name}(members, …)")
    table = typer.table_of(node.args[0])
    if not table:
        return typer.fail("F012", f"{node.name} takes a table first", node.args[0], f"one of members, {', '.join(HISTORIES)}")
    if typer.scope.row and typer.scope.row != "members":
        return typer.fail("F023", "a table function inside the rows of a history", node, "give it a variable of its own")
    if table != "members" and typer.scope.entity == "household":
        what = f"{table} belong to a person, this formula to a household"
        return typer.fail("F023", what, node, f"add up the members: sum(members, {typer.piece(node)})")
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
        rows.fail("F012", f"{node.name}({table}, …) needs a condition", node, f"write {node.name}({table}, condition)")
        return None
    where: Expr | None = None
    for condition in conditions:
        part = rows.condition(condition)
        where = part if where is None else t.Op(BOOLEAN, where.at, part.end, "and", (where, part))
    return value, where


def _window(typer: Typer, node: s.Call, table: str) -> t.Window | None:
    """Which rows count, by the named arguments; None where one of them is wrong."""
    given: dict[str, Expr] = {}
    for key, argument in node.named:
        if key == "where":
            continue
        name = "last" if key == "within" else key
        if key not in _WINDOW:
            typer.fail("F012", f"{node.name} takes no {key!r}", argument, nearest(key, [*_WINDOW, "where"]))
        elif table == "members":
            typer.fail("F031", f"{key!r} is for histories, members have no time", argument, "use where => condition")
        elif name == "best" and node.name not in ("sum", "average"):
            typer.fail("F031", "best is for sum and average", argument, "leave it out")
        elif name in given:
            typer.fail("F012", "`last` and `within` are the same", argument, "give one")
        else:
            given[name] = _limit(typer, name, argument)
            continue
        return None
    if any(expr.kind == ERROR for expr in given.values()):
        return None
    return t.Window(given.get("last"), given.get("before"), given.get("after"), given.get("best"))


def _limit(typer: Typer, name: str, argument: s.Node) -> Expr:
    """The value of a named argument: a length of time, or for `before` and `after` a day."""
    expr = typer.of(argument)
    if expr.kind == ERROR:
        return expr
    if name in ("before", "after"):
        if expr.kind.type in ("date", "month"):
            return expr
        return typer.fail("F031", f"{name} takes a date or a month, not {expr.kind}", argument, f"write {name} => event_date")
    if isinstance(argument, s.Call) and argument.name in ("months", "years"):
        return expr
    return typer.fail("F031", f"{name} takes months(…) or years(…)", argument, f"write {name} => months(24)")


def _kind(typer: Typer, node: s.Call, table: str, value: Expr | None, where: Expr | None, window: t.Window) -> Expr:
    months = Unit.parse("month") if table == "contributions" else Unit()
    function = node.name
    if function in ("any", "all"):
        kind = BOOLEAN
    elif function == "count":
        kind = Kind("integer", months)
    elif function == "successive":
        if table != "contributions":
            return typer.fail("F031", "successive counts months of contributions", node, "write successive(contributions, condition)")
        kind = Kind("integer", months)
    elif function == "duration":
        if table not in SPELLS:
            return typer.fail("F031", "duration is for spells", node, f"one of {', '.join(SPELLS)}")
        kind = Kind("integer", Unit.parse("month"))
    else:
        assert value is not None
        if function in ("first", "last"):
            if table == "members":
                return typer.fail("F031", f"{function} is for histories, members have no order", node, "use min or max, or count(members, …)")
            kind = value.kind
        elif not value.kind.numeric and not (function in ("min", "max") and value.kind.type in ("date", "month")):
            return typer.fail("F020", f"{function} of {value.kind}", value, number_hint(value.kind))
        elif function == "average":
            kind = Kind("decimal", value.kind.unit, value.kind.free, value.kind.loose)
        elif function == "sum" and table == "contributions" and not value.kind.free:
            monthly = ("month", -1) in value.kind.unit.powers
            kind = Kind(value.kind.type, value.kind.unit * months if monthly else value.kind.unit, loose=value.kind.loose)
        else:
            kind = value.kind
    return t.Rows(kind, node.at, node.end, function, table, value, where, window)
