"""Parameters in the plan: the figures in force in a month, as constants, tables, scales and series."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..law import tree as t
from ..law.model import Band, Bracket, Parameter, Scalar
from ..law.parameters import Known, value_on
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
            parameter = self.law.owner(owner).parameters[name]
            self.plan.figures[key] = value_on(parameter, day, self.indices, self.law.country.currency.digits)
        return self.plan.figures[key]

    def scalar(self: Lowering, owner: str, name: str, day: date) -> Scalar:
        """A scalar parameter's value on the day."""
        value = self.figure(owner, name, day).value
        assert not isinstance(value, Mapping | tuple)
        return value

    def by_month(self: Lowering, owner: str, name: str, context: Context) -> dict[Month, Any]:
        """A parameter's value in each month that persons have of their own; empty where it is the same in all."""
        values = {month: self.figure(owner, name, context.day_in(month)).value for month in self.plan.own}
        return values if any(value != values[self.plan.own[0]] for value in values.values()) else {}

    def parameter(self: Lowering, expr: t.Param, context: Context) -> int:
        type = stored(expr.kind.type)
        values = self.by_month(expr.owner, expr.name, context)
        if not values:
            return self.graph.const(self.scalar(expr.owner, expr.name, context.day), type)
        table = Figures({(month,): value for month, value in values.items() if value is not None})
        return self.graph.op("lookup", (self.month_of(context),), type, table, key=(expr.owner, expr.name, context.as_of))

    def lookup(self: Lowering, expr: t.Lookup, context: Context) -> int:
        type = stored(expr.kind.type)
        known = self.figure(expr.owner, expr.name, context.day)
        keys = tuple(self.expr(key, context) for key in expr.keys)
        values = self.by_month(expr.owner, expr.name, context)
        if values:
            table = Figures({(month, *key): cell for month, value in values.items() for key, cell in (value or {}).items()})
            return self.graph.op("lookup", (self.month_of(context), *keys), type, table, key=(expr.owner, expr.name, context.as_of))
        if not isinstance(known.value, Mapping):
            return self.graph.const(None, type)
        return self.graph.op("lookup", keys, type, Figures(known.value), key=(expr.owner, expr.name, known.since, known.state))

    def scaled(self: Lowering, expr: t.Scaled, context: Context) -> int:
        """A scale of what it is applied to; where it moves between the months that persons have of their own, that of each month."""
        x = self.expr(expr.x, context)
        values = self.by_month(expr.owner, expr.name, context) or {context.month: self.figure(expr.owner, expr.name, context.day).value}
        node = -1
        for month, value in reversed(values.items()):
            scale = self.scale(self.law.owner(expr.owner).parameters[expr.name], value, x)
            its_own = -1 if node < 0 else self.graph.op("le", (self.month_of(context), self.graph.const(month, "month")), "boolean")
            node = scale if node < 0 else self.graph.op("if", (its_own, scale, node), "decimal")
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
        parameter = self.law.owner(expr.owner).parameters[expr.name]
        return self.graph.op("on_date", (day,), type, self.dated(parameter))

    def dated(self: Lowering, parameter: Parameter) -> tuple[tuple[date, Any], ...]:
        """All values with their dates, to the end of the months asked, indexation included."""
        digits = self.law.country.currency.digits
        dates = {dated.since for dated in parameter.values}
        if parameter.until:
            dates.add(parameter.until)
        if parameter.index and parameter.values:
            last = Month.of(parameter.values[-1].since)
            dates |= {Month.from_index(i).first_day for i in range(last.index + 1, max(self.plan.own or self.plan.months).index + 121)}
        values: list[tuple[date, Any]] = []
        for day in sorted(dates):
            value = value_on(parameter, day, self.indices, digits).value
            if not values or values[-1][1] != value:
                values.append((day, value))
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


def _brackets(brackets: tuple[Bracket, ...]) -> Brackets:
    return tuple((b.threshold, b.rate if b.rate is not None else b.amount or Decimal(0)) for b in brackets)
