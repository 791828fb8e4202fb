"""What each operator means, as plain functions: the one definition that both engines keep.

Values are bool, int, Decimal, str, date, Month, or None for unknown. Decimals are exact: sums and products are taken in a wide
context, quotients and long products are rounded half away from zero to 10 decimals (`money.DIGITS`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ..money import CONTEXT, Way, divide, round_to, settle
from ..periods import Month, add_days, add_months, months_between
from ..periods import age as completed_years

Value = bool | int | Decimal | str | date | Month | None


def add(a: Any, b: Any) -> Any:
    return CONTEXT.add(a, b) if isinstance(a, Decimal) or isinstance(b, Decimal) else a + b


def subtract(a: Any, b: Any) -> Any:
    return CONTEXT.subtract(a, b) if isinstance(a, Decimal) or isinstance(b, Decimal) else a - b


def multiply(a: Any, b: Any) -> Any:
    return CONTEXT.multiply(a, b) if isinstance(a, Decimal) or isinstance(b, Decimal) else a * b


def negate(a: Any) -> Any:
    return CONTEXT.minus(a) if isinstance(a, Decimal) else -a


def absolute(a: Any) -> Any:
    return CONTEXT.abs(a) if isinstance(a, Decimal) else abs(a)


def shift_months(day: date | Month, count: int) -> date | Month | None:
    """A date or month moved; unknown outside the years 1 to 9999."""
    if isinstance(day, Month):
        moved = day.index + count
        return Month.from_index(moved) if 12 <= moved < 120_000 else None
    moved = day.year * 12 + day.month - 1 + count
    return add_months(day, count) if 12 <= moved < 120_000 else None


def shift_days(day: date, count: int) -> date | None:
    """A date moved; unknown outside the years 1 to 9999."""
    return add_days(day, count) if 1 <= day.toordinal() + count <= date.max.toordinal() else None


def completed_months(start: date | Month, end: date | Month, february_29: str = "march_1") -> int:
    """Completed months between two dates, or the difference of two months."""
    if isinstance(start, Month):
        assert isinstance(end, Month)
        return end.index - start.index
    assert isinstance(end, date)
    return months_between(start, end, february_29)


def month_of(day: date) -> Month:
    return Month(day.year, day.month)


STRICT: Mapping[str, Callable[..., Any]] = {
    "add": add,
    "sub": subtract,
    "mul": multiply,
    "div": divide,
    "neg": negate,
    "abs": absolute,
    "settle": settle,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "not": lambda a: not a,
    "least": min,
    "greatest": max,
    "age": completed_years,
    "months_between": completed_months,
    "days_between": lambda a, b: (b - a).days,
    "add_months": shift_months,
    "add_days": shift_days,
    "year": lambda d: d.year,
    "month_number": lambda d: d.number if isinstance(d, Month) else d.month,
    "month_of": month_of,
    "first_day": lambda m: m.first_day,
    "last_day": lambda m: m.last_day,
}
"""Operators that are unknown as soon as one argument is."""


def conjunction(values: Sequence[bool | None]) -> bool | None:
    """Three-valued `and`."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


def disjunction(values: Sequence[bool | None]) -> bool | None:
    """Three-valued `or`."""
    unknown = False
    for value in values:
        if value is True:
            return True
        unknown = unknown or value is None
    return None if unknown else False


def choose(condition: bool | None, then: Value, otherwise: Value) -> Value:
    """`if`: unknown where the condition is."""
    return None if condition is None else then if condition else otherwise


def isin(x: Value, *items: Value) -> bool | None:
    """Three-valued membership."""
    return disjunction([None if x is None or item is None else x == item for item in items])


def rounded(x: Decimal | int, to: Decimal, way: Way) -> Decimal:
    """To a multiple of `to`; way: nearest (half away from zero), up, down."""
    return round_to(Decimal(x), to, way)


Brackets = tuple[tuple[Decimal, Decimal], ...]


def marginal(brackets: Brackets, x: Decimal | int) -> Decimal:
    """Each slice of `x` above a threshold at its rate; nothing is due on what lies below the first threshold."""
    total = Decimal(0)
    for position, (threshold, rate) in enumerate(brackets):
        if x <= threshold:
            break
        top = brackets[position + 1][0] if position + 1 < len(brackets) else None
        upper = x if top is None or x < top else top
        total = CONTEXT.add(total, CONTEXT.multiply(CONTEXT.subtract(Decimal(upper), threshold), rate))
    return total


def bracket_of(brackets: Brackets, x: Decimal | int) -> Decimal | None:
    """The rate or amount of the bracket that `x` lies in (from its threshold on); unknown below the first."""
    found = None
    for threshold, figure in brackets:
        if x >= threshold:
            found = figure
    return found


def evaluate(op: str, data: Any, args: Sequence[Any]) -> Any:
    """The value of an operator on given values; `data` is its constant part (see `plan`)."""
    if op == "and":
        return conjunction(args)
    if op == "or":
        return disjunction(args)
    if op == "if":
        return choose(*args)
    if op == "in":
        return isin(*args)
    if op == "is_null":
        return args[0] is None
    if op == "if_unknown":
        return args[1] if args[0] is None else args[0]
    if any(arg is None for arg in args):
        return None
    if op == "decimal":
        return Decimal(args[0])
    if op == "integer":
        return int(args[0])
    if op == "round":
        return rounded(args[0], *data)
    if op == "lookup":
        return data.find(tuple(args))
    if op == "marginal":
        return marginal(data, args[0])
    if op == "bracket":
        return bracket_of(data, args[0])
    if op == "on_date":
        return on_date(data, args[0])
    if op in ("age", "months_between") and data:
        return STRICT[op](*args, data)
    return STRICT[op](*args)


def on_date(values: Sequence[tuple[date, Value]], day: date | Month) -> Value:
    """The dated value in force on a day, or on the first day of a month; unknown before the first."""
    when = day.first_day if isinstance(day, Month) else day
    return next((value for since, value in reversed(values) if since <= when), None)
