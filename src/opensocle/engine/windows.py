"""Functions of rows in the plan: the window of months or days becomes a condition of each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..law import tree as t
from ..law.rows import MOMENTS
from .plan import PERSON
from .planning import Context, stored

if TYPE_CHECKING:
    from .lowering import Lowering


class RowLowering:
    """The part of the lowering that knows tables of rows."""

    def rows(self: Lowering, expr: t.Rows, context: Context) -> int:
        type = stored(expr.kind.type)
        members = expr.table == "members"
        if members and not self.data.has_column("persons", "household_id"):
            return self.absent("persons", "household_id", type)
        if not members and not self.data.has_table(expr.table):
            return self.absent(expr.table, "", type)
        if not members and not self.data.has_column(expr.table, MOMENTS[expr.table]):
            return self.absent(expr.table, MOMENTS[expr.table], type)  # rows without a date are no history
        inner = Context(context.month, context.as_of, context.owner, PERSON, "" if members else expr.table, "" if members else context.event)
        value = self.expr(expr.value, inner) if expr.value is not None else None
        where = self.expr(expr.where, inner) if expr.where is not None else None
        if value is not None and expr.kind.type == "decimal":
            value = self.graph.cast(value, "decimal")
        start = end = best = None
        if expr.function == "all":
            assert value is not None
            where = self.both(where, self.graph.op("not", (value,), "boolean"))
            value = None
        if members:
            where = self.both(where, self.born(inner))
        elif expr.function == "duration":
            start, end = self.span_of_days(expr.window, context)
        else:
            start, end = self.span_of_months(expr.window, context)
            where = self.both(where, self.in_window(expr.table, start, end))
            start = None
            end = end if expr.function == "successive" else None
            best = self.constant(expr.window.best, context)
        if best is None and expr.window.best is not None:
            return self.graph.const(None, type)
        if expr.function == "all":
            exception = self.graph.rows("any", expr.table, (None, where, end, start), type, best)
            return self.graph.op("not", (exception,), "boolean")
        return self.graph.rows(expr.function, expr.table, (value, where, end, start), type, best)

    def both(self: Lowering, a: int | None, b: int) -> int | None:
        """Both conditions; None where they always hold."""
        joined = b if a is None else self.graph.op("and", (a, b), "boolean")
        node = self.graph[joined]
        return None if node.constant and node.data is True else joined

    def constant(self: Lowering, expr: t.Expr | None, context: Context) -> int | None:
        """A length in months: a literal or a parameter."""
        if expr is None:
            return None
        value = self.known(self.expr(expr, context))
        return None if value is None else int(value)

    def span_of_months(self: Lowering, window: t.Window, context: Context) -> tuple[int | None, int]:
        """The half-open window [start, end) as months."""
        end = self.month_of(context) if window.before is None else self.month(window.before, context)
        start = None
        if window.last is not None:
            start = self.back(end, window.last, "month", context)
        if window.after is not None:
            after = self.month(window.after, context)
            start = after if start is None else self.graph.op("greatest", (start, after), "month")
        return start, end

    def span_of_days(self: Lowering, window: t.Window, context: Context) -> tuple[int | None, int]:
        """The half-open window [start, end) as days, for spells."""
        end = self.first_day_of(context) if window.before is None else self.day(window.before, context)
        start = None
        if window.last is not None:
            start = self.back(end, window.last, "date", context)
        if window.after is not None:
            after = self.day(window.after, context)
            start = after if start is None else self.graph.op("greatest", (start, after), "date")
        return start, end

    def first_day_of(self: Lowering, context: Context) -> int:
        if self.plan.own:
            return self.graph.op("first_day", (self.month_of(context),), "date")
        return self.graph.const(context.month.first_day, "date")

    def back(self: Lowering, end: int, length: t.Expr, type: str, context: Context) -> int:
        count = self.constant(length, context)
        return self.graph.op("add_months", (end, self.graph.const(None if count is None else -count, "integer")), type)

    def month(self: Lowering, expr: t.Expr, context: Context) -> int:
        node = self.expr(expr, context)
        return node if expr.kind.type == "month" else self.graph.op("month_of", (node,), "month")

    def day(self: Lowering, expr: t.Expr, context: Context) -> int:
        node = self.expr(expr, context)
        return node if expr.kind.type == "date" else self.graph.op("first_day", (node,), "date")

    def in_window(self: Lowering, table: str, start: int | None, end: int) -> int:
        """Whether a row's month lies in the window."""
        name = MOMENTS[table]
        if not self.data.has_column(table, name):
            return self.absent(table, name, "boolean")
        word = self.words.fact(table, name)
        assert word is not None
        moment = self.graph.fact(table, name, word.type, table, None, not self.data.never_null(table, name))
        if word.type == "date":
            moment = self.graph.op("month_of", (moment,), "month")
        inside = self.graph.op("lt", (moment, end), "boolean")
        if start is None:
            return inside
        return self.graph.op("and", (inside, self.graph.op("ge", (moment, start), "boolean")), "boolean")
