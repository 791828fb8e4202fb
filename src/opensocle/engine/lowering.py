"""From a law's typed formulas to the plan of the months asked: parameters become figures, names become nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from ..law import tree as t
from ..law.compiling import Rule, RuleName
from ..law.law import Law
from ..law.model import AMOUNTS, RESERVED, Scheme
from ..law.parameters import Indices, Known
from ..periods import Month
from ..vocabulary.model import Fact as Word
from . import ranges as r
from .figures import FigureLowering
from .plan import HOUSEHOLD, PERSON, Graph
from .planning import BOUND, OWN_MONTH, Anyone, Context, Data, Output, Plan, Uneven, find_outputs, make_room, reserved_outputs, stored
from .windows import RowLowering

Chosen = TypeVar("Chosen")

__all__ = ["BOUND", "Anyone", "Context", "Data", "Output", "Plan", "find_outputs", "make_plan", "reserved_outputs"]

ANYONE = Anyone()
_NOTHING = {"boolean": False, "integer": 0, "decimal": Decimal(0)}
"""What a scheme gives where it gives nothing."""


def make_plan(
    law: Law, months: Iterable[Month], wanted: Sequence[RuleName], data: Data = ANYONE, indices: Indices | None = None, *, own: bool = False
) -> Plan:
    """The plan for these variables in these months, on such data.

    own: each person and household of the data has one of these months of its own (column `OWN_MONTH`; all claims are of it), and the plan
    gives what the law gives in that month. Raises Uneven where the months need different plans.
    """
    make_room(law)
    asked = tuple(months)
    plan = Plan(law, asked[:1] if own else asked, Graph(data.complete_households), indices=indices, own=asked if own else ())
    lowering = Lowering(plan, data, indices)
    for owner, name in wanted:
        rule = law.rules[owner, name]
        for month in plan.months:
            as_of = lowering.as_of(owner, "first_day")
            node = lowering.rule(rule, month, as_of)
            if rule.entity == PERSON:
                node = plan.graph.lift(node, PERSON)
            plan.outputs.append(Output(owner, name, month, node, rule.entity))
    return plan


class Lowering(FigureLowering, RowLowering):
    """Makes the nodes of a plan, rule by rule."""

    def __init__(self, plan: Plan, data: Data, indices: Indices | None) -> None:
        self.plan, self.law, self.graph, self.data, self.indices = plan, plan.law, plan.graph, data, indices
        self.words = plan.law.vocabulary
        self.courses: dict[tuple[str, str], tuple[date, list[tuple[date, Known]]]] = {}
        self.february_29 = "" if plan.law.country.february_29 == "march_1" else plan.law.country.february_29

    def as_of(self, owner: str, inherited: str) -> str:
        """A scheme says on which day it is evaluated; concepts and derived facts follow the scheme that uses them."""
        return self.law.schemes[owner].as_of if owner in self.law.schemes else inherited

    def absent(self, table: str, name: str, type: str) -> int:
        self.plan.absent[table, name] = None
        return self.graph.const(None, stored(type))

    # --- rules

    def rule(self, rule: Rule, month: Month, as_of: str) -> int:
        key = (*rule.key, month, as_of)
        if key not in self.plan.rules:
            scheme = self.law.schemes.get(rule.owner)
            event = self.law.events.get(rule.owner, "")
            context = Context(month, as_of, rule.owner, rule.entity, event=event)
            given = self.given(rule)
            if given is None or self.graph[given].nullable:
                node = self.computed(rule, scheme, context)
                given = (
                    node
                    if given is None
                    else self.graph.op("if_unknown", (given, self.graph.cast(node, self.graph[given].type)), self.graph[given].type)
                )
            self.plan.rules[key] = given
        return self.plan.rules[key]

    def given(self, rule: Rule) -> int | None:
        """The variable as given in the data, where it is; the formula computes it where that is empty."""
        table = "persons" if rule.entity == PERSON else "households"
        name = rule.name if rule.owner == "vocabulary" else f"{rule.owner}.{rule.name}"
        if not (self.data.has_table(table) and self.data.has_column(table, name)):
            return None
        type = stored(rule.kind.type)
        size = r.Range(-BOUND, BOUND, 10 if type == "decimal" else 0) if rule.kind.numeric else None
        word = self.words.fact(table, rule.name) if rule.owner == "vocabulary" else None
        if word:
            size = self.range_of(word)
        return self.graph.fact(table, name, type, rule.entity, size, not self.data.never_null(table, name))

    def computed(self, rule: Rule, scheme: Scheme | None, context: Context) -> int:
        type = stored(rule.kind.type)
        formula = self.even(lambda day: rule.on(day) if _in_force(scheme, day) else None, context)
        reserved = scheme is not None and rule.name in RESERVED
        nothing = self.graph.const(_NOTHING.get(type) if reserved else None, type)
        if formula is None:
            return nothing
        node = self.graph.cast(self.expr(formula.expr, context), type)
        if rule.rounding:
            node = self.rounded(node, rule.rounding.to, rule.rounding.way)
        elif reserved and rule.name in AMOUNTS:
            node = self.rounded(node, Decimal(1).scaleb(-self.law.country.currency.digits), "nearest")
        if not reserved or rule.entity != PERSON:
            return node
        condition = self.claimed(context) if context.event else self.present(context)
        if type == "boolean":
            return self.graph.op("and", (condition, node), type)
        return self.graph.op("if", (condition, node, nothing), type)

    def rounded(self, node: int, to: Decimal, way: str) -> int:
        size = self.graph[node].range
        if size and _is_power_of_ten(to) and size.decimals <= -int(to.normalize().as_tuple().exponent):
            return node  # it is a multiple already
        return self.graph.op("round", (node,), "decimal", (to, way))

    def present(self, context: Context) -> int:
        """Born, and not dead: a person who is not has no right of a person's own."""
        return self.graph.op("and", (self.born(context), self.alive(self.day_of(context))), "boolean")

    def alive(self, day: int) -> int:
        if not self.data.has_column("persons", "death_date"):
            return self.graph.const(True, "boolean")
        died = self.graph.fact("persons", "death_date", "date", PERSON, None, not self.data.never_null("persons", "death_date"))
        none = self.graph.op("is_null", (died,), "boolean")
        later = self.graph.op("gt", (died, day), "boolean")
        return self.graph.op("or", (none, later), "boolean")

    def born(self, context: Context) -> int:
        """Not known to be born later; certain where no birth in the data is later."""
        latest = self.data.latest("persons", "birth_date") if self.data.has_column("persons", "birth_date") else None
        if latest is None or latest <= context.day:
            return self.graph.const(True, "boolean")
        birth = self.graph.fact("persons", "birth_date", "date", PERSON, None, not self.data.never_null("persons", "birth_date"))
        unknown = self.graph.op("is_null", (birth,), "boolean")
        earlier = self.graph.op("le", (birth, self.day_of(context)), "boolean")
        return self.graph.op("or", (unknown, earlier), "boolean")

    def claimed(self, context: Context) -> int:
        """Whether the person claims for such an event dated in the month."""
        if not self.data.has_table("events"):
            return self.absent("events", "event_date", "boolean")
        unsure = not self.data.never_null("events", "event_date")  # of one household, it may not be known whether anything was claimed
        return self.graph.fact("event", "exists", "boolean", PERSON, None, unsure, self.claim(context))

    def claim(self, context: Context) -> tuple[str, Month | None]:
        """Which claims are looked at: of an event in a month; without a month where every person's claims are of their own."""
        return context.event, None if self.plan.own else context.month

    # --- the month

    def month_of(self, context: Context) -> int:
        """The month that is looked at: known, or the person's or household's own."""
        if not self.plan.own:
            return self.graph.const(context.month, "month")
        table = "households" if context.level == HOUSEHOLD else "persons"
        return self.graph.fact(table, OWN_MONTH, "month", context.level, None, False)

    def day_of(self, context: Context) -> int:
        """The day that is looked at."""
        return self.graph.op(context.as_of, (self.month_of(context),), "date") if self.plan.own else self.graph.const(context.day, "date")

    def even(self, choose: Callable[[date], Chosen], context: Context) -> Chosen:
        """What is chosen by the day. Raises Uneven where it is not the same in all months that persons have of their own."""
        chosen = choose(context.day)
        for month in self.plan.own:
            if choose(context.day_in(month)) is not chosen:
                raise Uneven(month)
        return chosen

    def known(self, node: int) -> Any:
        """The value of a node that shapes the plan. Raises Uneven where it differs between the months that persons have of their own."""
        if self.plan.own and not self.graph[node].constant:
            raise Uneven(self.plan.own[len(self.plan.own) // 2])
        return self.graph[node].data

    # --- expressions

    def expr(self, expr: t.Expr, context: Context) -> int:
        key = (id(expr), context)
        if key not in self.plan.places:
            self.plan.places[key] = self.lower(expr, context)
        return self.plan.places[key]

    def lower(self, expr: t.Expr, context: Context) -> int:
        match expr:
            case t.Const():
                return self.graph.const(expr.value, stored(expr.kind.type))
            case t.Period():
                return self.month_of(context)
            case t.ReferenceDate():
                return self.day_of(context)
            case t.Param():
                return self.by_own_month(self.by_month(expr.owner, expr.name, context), stored(expr.kind.type), context)
            case t.Lookup():
                return self.lookup(expr, context)
            case t.Scaled():
                return self.scaled(expr, context)
            case t.OnDate():
                return self.on_date(expr, context)
            case t.Fact():
                return self.fact(expr, context)
            case t.Result():
                rule = self.law.rules[expr.owner, expr.name]
                if rule.entity == HOUSEHOLD and context.level == PERSON and not self.data.has_column("persons", "household_id"):
                    return self.absent("persons", "household_id", expr.kind.type)
                return self.rule(rule, context.month, self.as_of(expr.owner, context.as_of))
            case t.Op():
                return self.operator(expr, context)
            case t.Rows():
                return self.rows(expr, context)
        raise AssertionError(f"no such expression: {expr!r}")

    def operator(self, expr: t.Op, context: Context) -> int:
        type = stored(expr.kind.type)
        args = tuple(self.expr(arg, context) for arg in expr.args)
        if expr.op in ("is_null", "if_unknown") and context.level == PERSON:  # asked of the person, who may have no household
            args = tuple(self.graph.lift(a, PERSON) if self.graph[a].level == HOUSEHOLD else a for a in args)
        if expr.op in ("if", "if_unknown", "least", "greatest") and type == "decimal":
            first = 1 if expr.op == "if" else 0
            args = (*args[:first], *(self.graph.cast(a, type) for a in args[first:]))
        if expr.op in ("round", "floor", "ceil"):
            to = self.known(args[1])
            if to is None or not to > 0:
                return self.graph.const(None, type)
            node = self.graph.op("round", (args[0],), "decimal", (Decimal(to), {"round": "nearest", "floor": "down", "ceil": "up"}[expr.op]))
            return self.graph.op("integer", (node,), "integer") if type == "integer" else node
        data = self.february_29 or None if expr.op in ("age", "months_between") else None
        return self.graph.op(expr.op, args, type, data)

    def fact(self, expr: t.Fact, context: Context) -> int:
        type = stored(expr.kind.type)
        table = "events" if expr.table == "event" else expr.table
        word = self.words.fact(table, expr.name)
        assert word is not None
        if not (self.data.has_table(table) and self.data.has_column(table, expr.name)):
            return self.absent(table, expr.name, type)
        if table == "households" and not self.data.has_column("persons", "household_id"):
            return self.absent("persons", "household_id", type)
        nullable = not self.data.never_null(table, expr.name)
        if expr.table == "event":
            return self.graph.fact("event", expr.name, type, PERSON, self.range_of(word), True, self.claim(context))
        level = {"persons": PERSON, "households": HOUSEHOLD}.get(table, table)
        return self.graph.fact(table, expr.name, type, level, self.range_of(word), nullable)

    def range_of(self, word: Word) -> r.Range | None:
        """What a fact may be at most: its own limits, or the data's where they are known."""
        if word.type not in ("integer", "decimal"):
            return None
        low = word.minimum if word.minimum is not None else -BOUND
        high = word.maximum if word.maximum is not None else BOUND
        found = self.data.bounds(word.table, word.name)
        if found and low <= found[0] <= found[1] <= high:
            low, high = found
        return r.Range(low, high, word.digits if word.type == "decimal" else 0)


def _in_force(scheme: Scheme | None, day: date) -> bool:
    return scheme is None or (scheme.since <= day and (scheme.until is None or day < scheme.until))


def _is_power_of_ten(to: Decimal) -> bool:
    return to.normalize().as_tuple().digits == (1,)
