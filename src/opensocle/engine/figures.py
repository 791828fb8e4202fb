"""Parameters in the plan: the figures in force in a month, as constants, tables, scales and series."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..law import tree as t
from ..law.model import Band, Bracket, Parameter, Scalar
from ..law.parameters import Known, course, value_on
from ..money import DIGITS
from ..periods import Month
from .operators import Brackets
from .planning import Context, stored

if TYPE_CHECKING:
    from .lowering import Lowering


class FigureLowering:
    """The part of the lowering that knows parameters."""

    def figure(self: Lowering, owner: str, name: str, day: date) -> Known:
        """A parameter's value on the day, with its date and source."""
        key = (owner, name, day)
        if key not in self.plan.figures:
            changes = self.course(owner, name, day)
            position = bisect_right(changes, day, key=lambda change: change[0]) - 1
            self.plan.figures[key] = changes[position][1] if position >= 0 else value_on(self.law.owner(owner).parameters[name], day)
        return self.plan.figures[key]

    def course(self: Lowering, owner: str, name: str, until: date) -> list[tuple[date, Known]]:
        """A parameter's changes, to the day and to the last of the months at least."""
        end, changes = self.courses.get((owner, name), (date.min, []))
        if until > end:
            end = max(until, max(self.plan.own or self.plan.months).last_day)
            changes = course(self.law.owner(owner).parameters[name], end, self.indices, self.law.country.currency.digits)
            self.courses[owner, name] = end, changes
        return changes

    def scalar(self: Lowering, owner: str, name: str, day: date) -> Scalar:
        """A scalar parameter's value on the day."""
        value = self.figure(owner, name, day).value
        assert not isinstance(value, Mapping | tuple)
        return value

    def by_month(self: Lowering, owner: str, name: str, context: Context) -> list[tuple[date, Any]]:
        """A parameter's values in the months that are looked at, each with the day from which it holds; the first from the calendar's first."""
        return _changes((month, self.figure(owner, name, context.day_in(month)).value) for month in self.plan.own or (context.month,))

    def by_own_month(self: Lowering, values: list[tuple[date, Any]], type: str, context: Context) -> int:
        """One value, or that of the person's own month."""
        if len(values) == 1:
            return self.graph.const(values[0][1], type)
        return self.graph.op("on_date", (self.month_of(context),), type, tuple(values))

    def lookup(self: Lowering, expr: t.Lookup, context: Context) -> int:
        type = stored(expr.kind.type)
        keys = tuple(self.expr(key, context) for key in expr.keys)
        tables = self.by_month(expr.owner, expr.name, context)
        if len(tables) == 1:
            known = self.figure(expr.owner, expr.name, context.day)
            if not isinstance(known.value, Mapping):
                return self.graph.const(None, type)
            return self.graph.op("lookup", keys, type, Figures(known.value), key=(expr.owner, expr.name, known.since, known.state))
        if all(self.graph[key].constant for key in keys):
            key = tuple(self.graph[key].data for key in keys)
            return self.by_own_month(_changes((Month.of(since), Figures(table or {}).find(key)) for since, table in tables), type, context)
        number = self.by_own_month([(since, at) for at, (since, _) in enumerate(tables)], "integer", context)
        cells = Figures({(at, *key): cell for at, (_, table) in enumerate(tables) for key, cell in (table or {}).items()})
        return self.graph.op("lookup", (number, *keys), type, cells, key=(expr.owner, expr.name, context.as_of))

    def scaled(self: Lowering, expr: t.Scaled, context: Context) -> int:
        """A scale of what it is applied to; where it moves, that of the person's own month."""
        parameter = self.law.owner(expr.owner).parameters[expr.name]
        x = self.expr(expr.x, context)
        (_, first), *later = self.by_month(expr.owner, expr.name, context)
        node = self.scale(parameter, first, x)
        for since, value in later:
            before = self.graph.op("lt", (self.month_of(context), self.graph.const(Month.of(since), "month")), "boolean")
            node = self.graph.op("if", (before, node, self.scale(parameter, value, x)), "decimal")
        return node

    def scale(self: Lowering, parameter: Parameter, value: Any, x: int) -> int:
        if not isinstance(value, tuple):
            return self.graph.const(None, "decimal")
        if parameter.scale == "marginal":
            return self.settled(self.graph.op("marginal", (x,), "decimal", _brackets(value)))
        found = self.graph.op("bracket", (x,), "decimal", _brackets(value))
        if value[0].amount is not None:
            return found
        return self.graph.op("mul", (found, x), "decimal")

    def settled(self: Lowering, node: int) -> int:
        size = self.graph[node].range
        return self.graph.op("settle", (node,), "decimal") if size and size.decimals > DIGITS else node

    def on_date(self: Lowering, expr: t.OnDate, context: Context) -> int:
        day = self.expr(expr.day, context)
        node = self.graph[day]
        type = stored(expr.kind.type)
        if node.constant:
            when = node.data.first_day if isinstance(node.data, Month) else node.data
            return self.graph.const(self.scalar(expr.owner, expr.name, when) if when else None, type)
        return self.graph.op("on_date", (day,), type, self.dated(expr.owner, expr.name))

    def dated(self: Lowering, owner: str, name: str) -> tuple[tuple[date, Any], ...]:
        """All values with their dates, to ten years beyond the months asked, indexation included."""
        last = max(self.plan.own or self.plan.months).plus(120).last_day
        values: list[tuple[date, Any]] = []
        for day, known in self.course(owner, name, last):
            if not values or values[-1][1] != known.value:
                values.append((day, known.value))
        return tuple(values)


class Figures(dict[tuple[Any, ...], Decimal]):
    """A table of the law, by key; a whole-number key may fall into a band."""

    def __init__(self, table: Mapping[tuple[Any, ...], Any]) -> None:
        super().__init__(table)
        self.banded = any(isinstance(part, Band) for key in table for part in key)

    def find(self, key: tuple[Any, ...]) -> Decimal | None:
        """The value in the row of a key; None where the table has no such row."""
        if not self.banded:
            return self.get(key)
        for bands, value in self.items():
            if all(part in band if isinstance(band, Band) else part == band for part, band in zip(key, bands, strict=True)):
                return value
        return None


def _changes(values: Iterable[tuple[Month, Any]]) -> list[tuple[date, Any]]:
    """Values by month without those that are the one before; the first holds from the calendar's first day."""
    found: list[tuple[date, Any]] = []
    for month, value in values:
        if not found or found[-1][1] != value:
            found.append((month.first_day if found else date.min, value))
    return found


def _brackets(brackets: tuple[Bracket, ...]) -> Brackets:
    return tuple((b.threshold, b.rate if b.rate is not None else b.amount or Decimal(0)) for b in brackets)
