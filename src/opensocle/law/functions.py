"""The functions of values: what each takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import InputError
from ..periods import Month, parse_date
from ..vocabulary.units import Unit
from . import syntax as s
from . import tree as t
from .kinds import join
from .model import Parameter
from .tree import DATE, ERROR, MONTH, Expr, Kind

if TYPE_CHECKING:
    from .checking import Typer

YEAR, MONTHS, DAYS = Unit.parse("year"), Unit.parse("month"), Unit.parse("day")

SCALARS: dict[str, tuple[int, int]] = {
    "if": (3, 3), "least": (2, 60), "greatest": (2, 60), "min": (2, 60), "max": (2, 60), "round": (1, 2), "floor": (1, 2), "ceil": (1, 2), "abs": (1, 1),
    "if_unknown": (2, 2), "scale": (2, 2), "value_on": (2, 2), "age": (1, 2), "months_between": (2, 2), "days_between": (2, 2), "add_months": (2, 2),
    "add_days": (2, 2), "year": (1, 1), "month_number": (1, 1), "month_of": (1, 1), "first_day": (1, 1), "last_day": (1, 1), "date": (1, 1), "month": (1, 1),
    "months": (1, 1), "years": (1, 1),
}  # fmt: skip
"""Least and greatest number of arguments."""


class Signatures:
    """The part of the typer that knows the functions of values."""

    def scalar(self: Typer, node: s.Call) -> Expr:
        low, high = SCALARS[node.name]
        if not low <= len(node.args) <= high:
            wanted = str(low) if low == high else f"{low} to {high}" if high < 60 else f"{low} or more"
            return self.fail("F012", f"{node.name} takes {wanted} argument(s), {len(node.args)} given", node)
        special: dict[str, Callable[[s.Call], Expr]] = {
            "scale": self.scale, "value_on": self.value_on, "date": self.literal_date, "month": self.literal_month, "months": self.span, "years": self.span,
        }  # fmt: skip
        if node.name in special:
            return special[node.name](node)
        args = [self.of(arg) for arg in node.args]
        if any(arg.kind == ERROR for arg in args):
            return t.Const(ERROR, node.at, node.end, False)
        if node.name == "if":
            return self.choose(self.boolean(args[0]), args[1], args[2], node)
        if node.name in ("least", "greatest", "min", "max"):
            return self.extreme(node, args)
        if node.name in ("round", "floor", "ceil"):
            return self.rounded(node, args)
        if node.name == "abs":
            return t.Op(self.number(args[0]).kind, node.at, node.end, "abs", (self.number(args[0]),))
        if node.name == "if_unknown":
            kind = join(args[0].kind, args[1].kind)
            if kind is None:
                return self.fail("F020", f"{args[0].kind} cannot be replaced by {args[1].kind}", node)
            return t.Op(kind, node.at, node.end, "if_unknown", tuple(args))
        return self.calendar(node, args)

    def extreme(self: Typer, node: s.Call, args: list[Expr]) -> Expr:
        kind: Kind | None = args[0].kind
        for arg in args:
            if not (arg.kind.numeric or arg.kind.type in ("date", "month")):
                return self.fail("F020", f"{arg.kind} has no order", arg)
            kind = join(kind, arg.kind) if kind else None
        if kind is None:
            return self.fail("F021", f"{node.name} of different units: {', '.join(str(arg.kind) for arg in args)}", node, "bring all to one unit")
        return t.Op(kind, node.at, node.end, "least" if node.name in ("least", "min") else "greatest", tuple(args))

    def rounded(self: Typer, node: s.Call, args: list[Expr]) -> Expr:
        x = self.number(args[0])
        to = self.number(args[1]) if len(args) > 1 else t.Const(Kind("integer", free=True), node.end, node.end, 1)
        if not isinstance(to, t.Const | t.Param):
            return self.fail("F020", "the step of a rounding must be a number or a parameter", to)
        if isinstance(to, t.Const) and to.kind != ERROR and not (to.value > 0):  # type: ignore[operator]
            return self.fail("F020", "the step of a rounding must be more than zero", to)
        kind = Kind("integer" if to.kind.type == "integer" else "decimal", x.kind.unit, x.kind.free, x.kind.loose)
        return t.Op(kind, node.at, node.end, node.name, (x, to))

    def calendar(self: Typer, node: s.Call, args: list[Expr]) -> Expr:
        """Functions of dates and months."""
        name = node.name
        types = [arg.kind.type for arg in args]
        give = {"age": Kind("integer", YEAR), "months_between": Kind("integer", MONTHS), "days_between": Kind("integer", DAYS), "year": Kind("integer"),
                "month_number": Kind("integer"), "month_of": MONTH, "first_day": DATE, "last_day": DATE}  # fmt: skip
        if name in ("add_months", "add_days"):
            wanted = ("date", "month") if name == "add_months" else ("date",)
            if types[0] not in wanted or types[1] != "integer":
                return self.fail("F020", f"{name} takes a date and a whole number, not {args[0].kind} and {args[1].kind}", node)
            return t.Op(args[0].kind, node.at, node.end, name, tuple(args))
        if name == "months_between":
            if types not in (["date", "date"], ["month", "month"]):
                return self.fail("F020", f"months_between takes two dates or two months, not {args[0].kind} and {args[1].kind}", node, "use month_of(…) or first_day(…)")
        elif name in ("year", "month_number"):
            if types[0] not in ("date", "month"):
                return self.fail("F020", f"{name} takes a date or a month, not {args[0].kind}", node)
        else:
            wanted_type = "month" if name in ("first_day", "last_day") else "date"
            for arg in args:
                if arg.kind.type != wanted_type:
                    return self.fail("F020", f"{name} takes a {wanted_type}, not {arg.kind}", arg)
        if name == "age" and len(args) == 1:
            args.append(t.ReferenceDate(DATE, node.at, node.end))
        return t.Op(give[name], node.at, node.end, name, tuple(args))

    def literal_date(self: Typer, node: s.Call) -> Expr:
        if isinstance(node.args[0], s.Text):
            try:
                return t.Const(DATE, node.at, node.end, parse_date(node.args[0].value))
            except InputError as error:
                return self.fail("F020", error.what, node.args[0], error.hint)
        return self.fail("F020", "date takes a text", node.args[0], "write date('2026-03-01')")

    def literal_month(self: Typer, node: s.Call) -> Expr:
        if isinstance(node.args[0], s.Text):
            try:
                return t.Const(MONTH, node.at, node.end, Month.parse(node.args[0].value))
            except InputError as error:
                return self.fail("F020", error.what, node.args[0], error.hint)
        return self.fail("F020", "month takes a text", node.args[0], "write month('2026-03')")

    def span(self: Typer, node: s.Call) -> Expr:
        """`months(24)`, `years(5)`: a length of time for a window, a constant or an integer parameter."""
        x = self.of(node.args[0])
        if x.kind == ERROR:
            return x
        if not isinstance(x, t.Const | t.Param) or x.kind.type != "integer":
            return self.fail("F031", f"{node.name} takes a whole number or an integer parameter", node.args[0], "declare the parameter with `type: integer`")
        if isinstance(x, t.Const) and not 1 <= int(str(x.value)) <= 1200:
            return self.fail("F031", "a window has from 1 to 1200 months", node.args[0])
        unit = YEAR if node.name == "years" else MONTHS
        if x.kind.unit.powers and x.kind.unit != unit:
            return self.fail("F021", f"{node.name}(…) of a parameter in {x.kind.unit}", node, f"write {'months' if unit == YEAR else 'years'}(…)")
        if node.name == "months":
            return x
        return t.Op(Kind("integer", MONTHS), node.at, node.end, "mul", (x, t.Const(Kind("integer", free=True), node.at, node.end, 12)))

    def scale(self: Typer, node: s.Call) -> Expr:
        x = self.number(self.of(node.args[1]))
        if not isinstance(node.args[0], s.Name):
            return self.fail("F012", "scale takes the name of a bracket scale first", node.args[0])
        found = self.find_parameter(node.args[0], "scale")
        if not found or x.kind == ERROR:
            return t.Const(ERROR, node.at, node.end, False)
        owner, parameter = found
        base = Kind("decimal", parameter.of or Unit())
        if join(base, x.kind) is None:
            return self.fail("F021", f"{parameter.name} is a scale of {base.unit or 'a pure number'}, this is {x.kind}", node.args[1])
        amounts = any(bracket.amount is not None for dated in parameter.values if isinstance(dated.value, tuple) for bracket in dated.value)
        unit = parameter.unit if amounts else (parameter.of or Unit()) * parameter.unit
        return t.Scaled(Kind("decimal", unit, loose=x.kind.loose), node.at, node.end, owner, parameter.name, x)

    def value_on(self: Typer, node: s.Call) -> Expr:
        day = self.of(node.args[1])
        if not isinstance(node.args[0], s.Name):
            return self.fail("F012", "value_on takes the name of a parameter first", node.args[0])
        found = self.find_parameter(node.args[0], "scalar")
        if not found or day.kind == ERROR:
            return t.Const(ERROR, node.at, node.end, False)
        if day.kind.type not in ("date", "month"):
            return self.fail("F020", f"value_on takes a date or a month, not {day.kind}", node.args[1])
        return t.OnDate(Kind(found[1].type, found[1].unit), node.at, node.end, found[0], found[1].name, day)

    def ratio(self: Typer, node: s.Call, owner: str, parameter: Parameter) -> Expr:
        """`wage_index(a, b)`: the parameter's value on b divided by that on a."""
        days = [self.of(arg) for arg in node.args]
        if any(day.kind == ERROR for day in days):
            return t.Const(ERROR, node.at, node.end, False)
        if len(days) != 2 or any(day.kind.type not in ("date", "month") for day in days):
            return self.fail("F012", f"{parameter.name}(a, b) takes two dates or months", node, "it gives the value on b divided by that on a")
        if parameter.type not in t.NUMERIC:
            return self.fail("F020", f"{parameter.name} is no number", node)
        kind = Kind(parameter.type, parameter.unit)
        start, end = (t.OnDate(kind, node.at, node.end, owner, parameter.name, day) for day in days)
        return t.Op(Kind("decimal"), node.at, node.end, "div", (end, start))
