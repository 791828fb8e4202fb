"""How large and how fine a number can be: known before any person is looked at.

SQL engines need it to choose exact column types; both engines need it to know where a product must be settled to 10 decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..money import DIGITS

LARGEST = Decimal(10) ** 24
"""Nothing in a law on persons is larger; a calculation that goes beyond is refused by the engine, never cut."""
MEMBERS = 1_000
ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Range:
    """Least and greatest value, and the number of decimals, of a number; dates and words have none."""

    low: Decimal
    high: Decimal
    decimals: int = 0

    @property
    def nonzero(self) -> bool:
        return self.low > 0 or self.high < 0

    @property
    def digits(self) -> int:
        """Digits before the point."""
        size = max(abs(self.low), abs(self.high))
        return len(str(int(size))) if size >= 1 else 0


def of_number(value: Decimal | int) -> Range:
    number = Decimal(value)
    exponent = int(number.normalize().as_tuple().exponent)
    return Range(number, number, max(0, -exponent))


def hull(ranges: Sequence[Range]) -> Range:
    """The range of a value that is one of several."""
    return Range(min(r.low for r in ranges), max(r.high for r in ranges), max(r.decimals for r in ranges))


def _clip(low: Decimal, high: Decimal, decimals: int) -> Range:
    return Range(max(low, -LARGEST), min(high, LARGEST), decimals)


def _product(a: Range, b: Range) -> Range:
    corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    return _clip(min(corners), max(corners), a.decimals + b.decimals)


def _quotient(a: Range, b: Range) -> Range:
    least = min(abs(b.low), abs(b.high)) if b.nonzero else Decimal(1).scaleb(-b.decimals)
    size = max(abs(a.low), abs(a.high)) / least + 1
    low = Decimal(0) if a.low >= 0 and b.low >= 0 else -size
    return _clip(low, size, DIGITS)


def _rounded(a: Range, to: Decimal) -> Range:
    return _clip(a.low - to if a.low < 0 else Decimal(0), a.high + to, max(0, -int(to.normalize().as_tuple().exponent)))


def of_operator(op: str, data: Any, ranges: Sequence[Range | None]) -> Range | None:
    """The range of an operator's result from those of its arguments; None for what is no number."""
    numbers = [r for r in ranges if r is not None]
    if op in ("add", "sub") and len(numbers) == 2:
        a, b = numbers
        low, high = (a.low + b.low, a.high + b.high) if op == "add" else (a.low - b.high, a.high - b.low)
        return _clip(low, high, max(a.decimals, b.decimals))
    if op == "mul":
        return _product(*numbers)
    if op == "settle":
        return Range(numbers[0].low, numbers[0].high, DIGITS)
    if op in ("decimal", "integer"):
        return numbers[0]
    if op == "div":
        return _quotient(*numbers)
    if op == "neg":
        return Range(-numbers[0].high, -numbers[0].low, numbers[0].decimals)
    if op == "abs":
        return Range(Decimal(0), max(abs(numbers[0].low), abs(numbers[0].high)), numbers[0].decimals)
    if op in ("least", "greatest") and numbers:
        pick = min if op == "least" else max
        return Range(pick(r.low for r in numbers), pick(r.high for r in numbers), max(r.decimals for r in numbers))
    if op in ("if", "if_unknown") and numbers:
        return hull(numbers)
    if op == "round":
        return _rounded(numbers[0], data[0])
    if op == "marginal":
        return _clip(Decimal(0), max(abs(numbers[0].low), abs(numbers[0].high)) * max((abs(rate) for _, rate in data), default=Decimal(0)),
                     max(numbers[0].decimals, *(of_number(t).decimals for t, _ in data)) + max(of_number(rate).decimals for _, rate in data)) if all(
            rate >= 0 for _, rate in data) else _signed(numbers[0], data)  # fmt: skip
    if op in ("bracket", "lookup", "on_date"):
        figures = _figures(op, data)
        return hull([of_number(figure) for figure in figures]) if figures else Range(Decimal(0), Decimal(0))
    return _CALENDAR.get(op)


def _signed(x: Range, brackets: Sequence[tuple[Decimal, Decimal]]) -> Range:
    """A marginal scale with negative rates."""
    size = max(abs(x.low), abs(x.high)) * sum((abs(rate) for _, rate in brackets), Decimal(0))
    decimals = max(x.decimals, *(of_number(t).decimals for t, _ in brackets)) + max(of_number(rate).decimals for _, rate in brackets)
    return _clip(-size, size, decimals)


def _figures(op: str, data: Any) -> list[Decimal | int]:
    values = list(data.values()) if op == "lookup" else [figure for _, figure in data]
    return [v for v in values if isinstance(v, Decimal | int) and not isinstance(v, bool)]


_CALENDAR = {
    "age": Range(Decimal(-9999), Decimal(9999)),
    "months_between": Range(Decimal(-120_000), Decimal(120_000)),
    "days_between": Range(Decimal(-3_700_000), Decimal(3_700_000)),
    "year": Range(Decimal(1), Decimal(9999)),
    "month_number": Range(Decimal(1), Decimal(12)),
}


def of_rows(function: str, members: bool, value: Range | None) -> Range | None:
    """The range of a function of a table's rows."""
    most = Decimal(MEMBERS if members else ROWS)
    if function in ("count", "successive"):
        return Range(Decimal(0), most)
    if function == "duration":
        return Range(Decimal(0), Decimal(120_000) * most)
    if value is None or function in ("any", "all"):
        return None
    if function == "sum":
        return _clip(min(Decimal(0), value.low) * most, max(Decimal(0), value.high) * most, value.decimals)
    if function == "average":
        return Range(value.low - 1, value.high + 1, DIGITS) if value.low < 0 else Range(Decimal(0), value.high + 1, DIGITS)
    return value
