"""The functions of values: what each takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
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

MANY = 60
SCALARS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("abs", "year", "month_number", "month_of", "first_day", "last_day", "date", "month", "months", "years"), (1, 1)),
    **dict.fromkeys(("round", "floor", "ceil", "age"), (1, 2)),
    **dict.fromkeys(("if_unknown", "scale", "value_on", "months_between", "days_between", "add_months", "add_days"), (2, 2)),
    **dict.fromkeys(("least", "greatest", "min", "max"), (2, MANY)),
    "if": (3, 3),
}
"""Least and greatest number of arguments."""


_SPOKEN = {
    ("date",): "a date",
    ("month",): "a month",
    ("date", "date"): "two dates",
    ("month", "month"): "two months",
    ("date", "integer"): "a date and a whole number",
    ("month", "integer"): "a month and a whole number",
}
CALENDAR: dict[str, tuple[tuple[tuple[str, ...], ...], Kind | None, str]] = {
    "age": ((("date",), ("date", "date")), Kind("integer", YEAR), "write age(birth_date)"),
    "months_between": ((("date", "date"), ("month", "month")), Kind("integer", MONTHS), "use month_of(…) or first_day(…)"),
    "days_between": ((("date", "date"),), Kind("integer", DAYS), "use first_day(…) of a month"),
    "add_months": ((("date", "integer"), ("month", "integer")), None, "write add_months(birth_date, 12)"),
    "add_days": ((("date", "integer"),), None, "write add_days(event_date, 30)"),
    "year": ((("date",), ("month",)), Kind("integer"), "write year(birth_date)"),
    "month_number": ((("date",), ("month",)), Kind("integer"), "write month_number(period)"),
    "month_of": ((("date",),), MONTH, "write month_of(event_date)"),
    "first_day": ((("month",),), DATE, "write first_day(period)"),
    "last_day": ((("month",),), DATE, "write last_day(period)"),
}
"""Functions of dates: the types that each takes, the kind that it gives (None: that of its first argument), and an example."""


def number_hint(kind: Kind) -> str:
    """What to write where something that is no number stands in a sum or a product."""
    hints = {
        "boolean": "write if(condition, 1, 0)",
        "date": "use add_days(…), add_months(…) or days_between(…)",
        "month": "use add_months(…) or months_between(…)",
        "text": "write numbers without quotes",
        "code": "write if(… = 'code', 1, 0), or a table by this code",
    }
    return hints.get(kind.type, "use a number")


class Signatures:
    """The part of the typer that knows the functions of values."""

    def scalar(self: Typer, node: s.Call) -> Expr:
        low, high = SCALARS[node.name]
        if not low <= len(node.args) <= high:
            wanted = str(low) if low == high else f"{low} to {high}" if high < MANY else f"{low} or more"
            what = f"{node.name} takes {wanted} argument{'s' * (wanted != '1')}, {len(node.args)} given"
            return self.fail("F012", what, node, "see the functions of values" if node.args else f"write {node.name}({', '.join('xyz'[:low])})")
        special: dict[str, Callable[[s.Call], Expr]] = {
            "scale": self.scale,
            "value_on": self.value_on,
            "date": self.literal,
            "month": self.literal,
            "months": self.span,
            "years": self.span,
        }
        if node.name in special:
            return special[node.name](node)
        args = [self.of(arg) for arg in node.args]
        if any(arg.kind == ERROR for arg in args):
            return t.Const(ERROR, node.at, node.end, False)
        return self.applied(node, args)

    def applied(self: Typer, node: s.Call, args: list[Expr]) -> Expr:
        """A function of values, on typed arguments without a fault."""
        if node.name == "if":
            return self.choose(self.boolean(args[0]), args[1], args[2], node)
        if node.name in ("least", "greatest", "min", "max"):
            return self.extreme(node, args)
        if node.name in ("round", "floor", "ceil"):
            return self.rounded(node, args)
        if node.name == "abs":
            x = self.number(args[0])
            return t.Op(x.kind, node.at, node.end, "abs", (x,))
        if node.name == "if_unknown":
            kind = join(args[0].kind, args[1].kind)
            if kind is None:
                what = f"{args[0].kind} cannot be replaced by {args[1].kind}"
                return self.fail("F020", what, node, "give a value of the same type and unit")
            self.check_codes(args[0], args[1])
            return t.Op(kind, node.at, node.end, "if_unknown", tuple(args))
        return self.calendar(node, args)

    def extreme(self: Typer, node: s.Call, args: list[Expr]) -> Expr:
        kind: Kind | None = args[0].kind
        for arg in args:
            if not (arg.kind.numeric or arg.kind.type in ("date", "month")):
                return self.fail("F020", f"{arg.kind} has no order", arg, "compare numbers, dates or months")
            kind = join(kind, arg.kind) if kind else None
        if kind is None:
            what = f"{node.name} of different units: {', '.join(str(arg.kind) for arg in args)}"
            return self.fail("F021", what, node, "bring all to one unit")
        return t.Op(kind, node.at, node.end, "least" if node.name in ("least", "min") else "greatest", tuple(args))

    def rounded(self: Typer, node: s.Call, args: list[Expr]) -> Expr:
        x = self.number(args[0])
        to = self.number(args[1]) if len(args) > 1 else t.Const(Kind("integer", free=True), node.end, node.end, 1)
        if not isinstance(to, t.Const | t.Param):
            return self.fail("F020", "the step of a rounding must be a number or a parameter", to, "name it as a parameter")
        if isinstance(to, t.Const) and isinstance(to.value, int | Decimal) and to.kind != ERROR and to.value <= 0:
            return self.fail("F020", "the step of a rounding must be more than zero", to, "write the smallest step, such as 1 or 0.05")
        kind = Kind("integer" if to.kind.type == "integer" else "decimal", x.kind.unit, x.kind.free, x.kind.loose)
        return t.Op(kind, node.at, node.end, node.name, (x, to))

    def calendar(self: Typer, node: s.Call, args: list[Expr]) -> Expr:
        """Functions of dates and months."""
        name, types = node.name, tuple(arg.kind.type for arg in args)
        takes, kind, hint = CALENDAR[name]
        if types not in takes:
            wanted = " or ".join(_SPOKEN[option] for option in takes)
            return self.fail("F020", f"{name} takes {wanted}, not {' and '.join(str(arg.kind) for arg in args)}", node, hint)
        if name == "age" and len(args) == 1:
            args.append(t.ReferenceDate(DATE, node.at, node.end))
        return t.Op(kind or args[0].kind, node.at, node.end, name, tuple(args))

    def literal(self: Typer, node: s.Call) -> Expr:
        """`date('2026-03-01')`, `month('2026-03')`."""
        text, how = node.args[0], "write date('2026-03-01')" if node.name == "date" else "write month('2026-03')"
        if not isinstance(text, s.Text):
            return self.fail("F020", f"{node.name} takes a text", text, how if node.name == "date" else f"{how}, or month_of(…) of a date")
        try:
            if node.name == "date":
                return t.Const(DATE, node.at, node.end, parse_date(text.value))
            return t.Const(MONTH, node.at, node.end, Month.parse(text.value))
        except InputError as error:
            return self.fail("F020", error.what, text, error.hint or how)

    def span(self: Typer, node: s.Call) -> Expr:
        """`months(24)`, `years(5)`: a length of time for a window, a constant or an integer parameter."""
        x = self.of(node.args[0])
        if x.kind == ERROR:
            return x
        if not isinstance(x, t.Const | t.Param) or x.kind.type != "integer":
            what = f"{node.name} takes a whole number or an integer parameter"
            return self.fail("F031", what, node.args[0], "write a whole number, or declare the parameter with `type: integer`")
        if isinstance(x, t.Const) and not (isinstance(x.value, int) and 1 <= x.value <= (1200 if node.name == "months" else 100)):
            return self.fail("F031", "a window has from 1 to 1200 months", node.args[0], "write a number in these bounds")
        unit = YEAR if node.name == "years" else MONTHS
        if x.kind.unit.powers and x.kind.unit != unit:
            return self.fail("F021", f"{node.name}(…) of a parameter in {x.kind.unit}", node, f"write {'months' if unit == YEAR else 'years'}(…)")
        if node.name == "months":
            return x
        return t.Op(Kind("integer", MONTHS), node.at, node.end, "mul", (x, t.Const(Kind("integer", free=True), node.at, node.end, 12)))

    def scale(self: Typer, node: s.Call) -> Expr:
        x = self.number(self.of(node.args[1]))
        if not isinstance(node.args[0], s.Name):
            return self.fail("F012", "scale takes the name of a bracket scale first", node.args[0], "write scale(rates, earnings)")
        found = self.find_parameter(node.args[0], "scale")
        if not found or x.kind == ERROR:
            return t.Const(ERROR, node.at, node.end, False)
        owner, parameter = found
        base = Kind("decimal", parameter.of or Unit())
        if join(base, x.kind) is None:
            what = f"{parameter.name} is a scale of {str(base.unit) or 'a pure number'}, this is {x.kind}"
            return self.fail("F021", what, node.args[1], "bring it to the unit of the thresholds")
        amounts = any(bracket.amount is not None for dated in parameter.values if isinstance(dated.value, tuple) for bracket in dated.value)
        unit = parameter.unit if amounts else (parameter.of or Unit()) * parameter.unit
        return t.Scaled(Kind("decimal", unit, loose=x.kind.loose), node.at, node.end, owner, parameter.name, x)

    def value_on(self: Typer, node: s.Call) -> Expr:
        day = self.of(node.args[1])
        if not isinstance(node.args[0], s.Name):
            return self.fail("F012", "value_on takes the name of a parameter first", node.args[0], "write value_on(amount, event_date)")
        found = self.find_parameter(node.args[0], "scalar")
        if not found or day.kind == ERROR:
            return t.Const(ERROR, node.at, node.end, False)
        if day.kind.type not in ("date", "month"):
            return self.fail("F020", f"value_on takes a date or a month, not {day.kind}", node.args[1], "write value_on(amount, event_date)")
        return t.OnDate(Kind(found[1].type, found[1].unit), node.at, node.end, found[0], found[1].name, day)

    def ratio(self: Typer, node: s.Call, owner: str, parameter: Parameter) -> Expr:
        """`wage_index(a, b)`: the parameter's value on b divided by that on a."""
        days = [self.of(arg) for arg in node.args]
        if any(day.kind == ERROR for day in days):
            return t.Const(ERROR, node.at, node.end, False)
        if len(days) != 2 or node.named or any(day.kind.type not in ("date", "month") for day in days):
            return self.fail("F012", f"{parameter.name}(a, b) takes two dates or months", node, "it gives the value on b divided by that on a")
        if parameter.type not in t.NUMERIC:
            return self.fail("F020", f"{parameter.name} is no number", node, "only a number over time can be an index")
        kind = Kind(parameter.type, parameter.unit)
        start, end = (t.OnDate(kind, node.at, node.end, owner, parameter.name, day) for day in days)
        return t.Op(Kind("decimal"), node.at, node.end, "div", (end, start))
