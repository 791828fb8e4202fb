"""From a law's typed formulas to the plan of the months asked: parameters become figures, names become nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from ..errors import InputError, nearest
from ..law import tree as t
from ..law.compiling import Rule, RuleName
from ..law.law import Law
from ..law.model import AMOUNTS, RESERVED, Band, Bracket, Parameter, Scheme
from ..law.parameters import Indices, Known, value_on
from ..law.rows import MOMENTS
from ..periods import Month
from ..vocabulary.model import Fact as Word
from . import ranges as r
from .operators import Brackets
from .plan import HOUSEHOLD, PERSON, Graph

BOUND = Decimal(10) ** 12
"""Limit of an amount or number in a population, in major units: larger values are refused when data are read."""


class Data(Protocol):
    """What is known of a population before it is read; `population.Population` and `Anyone` keep it."""

    @property
    def complete_households(self) -> bool: ...
    def has_table(self, table: str) -> bool: ...
    def has_column(self, table: str, column: str) -> bool: ...
    def never_null(self, table: str, column: str) -> bool: ...
    def latest(self, table: str, column: str) -> date | None: ...
    def bounds(self, table: str, column: str) -> tuple[Decimal, Decimal] | None: ...


@dataclass(frozen=True, slots=True)
class Anyone:
    """Data of which nothing is known beforehand: any fact may be there or not. `given` are variables given instead of computed."""

    given: frozenset[str] = frozenset()
    complete_households: bool = False

    def has_table(self, table: str) -> bool:
        return True

    def has_column(self, table: str, column: str) -> bool:
        return column in self.given if "." in column else True

    def never_null(self, table: str, column: str) -> bool:
        return False

    def latest(self, table: str, column: str) -> date | None:
        return date.max

    def bounds(self, table: str, column: str) -> tuple[Decimal, Decimal] | None:
        return None


@dataclass(frozen=True, slots=True)
class Context:
    """Where a formula is read: the month, the day, whose formula it is, and the row it looks at."""

    month: Month
    as_of: str
    owner: str
    level: str
    row: str = ""
    event: str = ""

    @property
    def day(self) -> date:
        return self.month.first_day if self.as_of == "first_day" else self.month.last_day


@dataclass(frozen=True, slots=True)
class Output:
    """A result that was asked for: a variable in a month, and its node."""

    owner: str
    name: str
    month: Month
    node: int
    level: str

    @property
    def key(self) -> RuleName:
        return self.owner, self.name


@dataclass(slots=True)
class Plan:
    """The graph of everything needed for the outputs. `places` finds the node of a piece of a formula, for explanations."""

    law: Law
    months: tuple[Month, ...]
    graph: Graph
    outputs: list[Output] = field(default_factory=list)
    figures: dict[tuple[str, str, date], Known] = field(default_factory=dict)
    rules: dict[tuple[str, str, Month, str], int] = field(default_factory=dict)
    places: dict[tuple[int, Context], int] = field(default_factory=dict)
    absent: dict[tuple[str, str], None] = field(default_factory=dict)


def reserved_outputs(law: Law) -> list[RuleName]:
    """The results that a run gives unless told otherwise: every scheme's reserved variables."""
    return [(scheme.name, name) for scheme in law.schemes.values() for name in RESERVED if name in scheme.variables]


def find_outputs(law: Law, wanted: Sequence[str] | None) -> list[RuleName]:
    """Rules by `scheme.variable`, `scheme` (its reserved variables) or a concept's bare name. Raises InputError P030."""
    if not wanted:
        return reserved_outputs(law)
    found: dict[RuleName, None] = {}
    for name in wanted:
        owner, dot, variable = name.partition(".")
        if not dot and owner in law.schemes:
            found |= {key: None for key in reserved_outputs(law) if key[0] == owner}
            continue
        key = (owner, variable) if dot else ("concepts", owner)
        if key not in law.rules and not dot and ("vocabulary", owner) in law.rules:
            key = ("vocabulary", owner)
        if key not in law.rules:
            raise InputError("P030", f"the law has no variable {name!r}", hint=nearest(name, [str(rule) for rule in law.rules.values()] + list(law.schemes)))
        found[key] = None
    return list(found)


def make_plan(law: Law, months: Iterable[Month], wanted: Sequence[RuleName], data: Data = Anyone(), indices: Indices | None = None) -> Plan:
    """The plan for these variables in these months, on such data."""
    plan = Plan(law, tuple(months), Graph(data.complete_households))
    lowering = _Lowering(plan, data, indices)
    for owner, name in wanted:
        rule = law.rules[owner, name]
        for month in plan.months:
            as_of = lowering.as_of(owner, "first_day")
            node = lowering.rule(rule, month, as_of)
            if rule.entity == PERSON:
                node = plan.graph.lift(node, PERSON)
            plan.outputs.append(Output(owner, name, month, node, rule.entity))
    return plan


class _Lowering:
    def __init__(self, plan: Plan, data: Data, indices: Indices | None) -> None:
        self.plan, self.law, self.graph, self.data, self.indices = plan, plan.law, plan.graph, data, indices
        self.words = plan.law.vocabulary
        self.february_29 = "" if plan.law.country.february_29 == "march_1" else plan.law.country.february_29

    def as_of(self, owner: str, inherited: str) -> str:
        """A scheme says on which day it is evaluated; concepts and derived facts follow the scheme that uses them."""
        return self.law.schemes[owner].as_of if owner in self.law.schemes else inherited

    def absent(self, table: str, name: str, type: str) -> int:
        self.plan.absent[table, name] = None
        return self.graph.const(None, _stored(type))

    # --- rules

    def rule(self, rule: Rule, month: Month, as_of: str) -> int:
        key = (*rule.key, month, as_of)
        if key not in self.plan.rules:
            scheme = self.law.schemes.get(rule.owner)
            event = self.law.events.get(rule.owner, "")
            context = Context(month, as_of, rule.owner, rule.entity, event=event)
            node = self.computed(rule, scheme, context)
            self.plan.rules[key] = self.given(rule, node)
        return self.plan.rules[key]

    def given(self, rule: Rule, computed: int) -> int:
        """The variable as given in the data, where it is; else as computed."""
        table = "persons" if rule.entity == PERSON else "households"
        name = rule.name if rule.owner == "vocabulary" else f"{rule.owner}.{rule.name}"
        if not (self.data.has_table(table) and self.data.has_column(table, name)):
            return computed
        type = _stored(rule.kind.type)
        size = r.Range(-BOUND, BOUND, 10 if type == "decimal" else 0) if rule.kind.numeric else None
        word = self.words.fact(table, rule.name) if rule.owner == "vocabulary" else None
        if word:
            size = self.range_of(word)
        fact = self.graph.fact(table, name, type, rule.entity, size, not self.data.never_null(table, name))
        return self.graph.op("if_unknown", (fact, self.graph.cast(computed, type)), type)

    def computed(self, rule: Rule, scheme: Scheme | None, context: Context) -> int:
        type = _stored(rule.kind.type)
        in_force = scheme is None or scheme.since <= context.day and (scheme.until is None or context.day < scheme.until)
        formula = rule.on(context.day) if in_force else None
        reserved = scheme is not None and rule.name in RESERVED
        nothing = self.graph.const(False if type == "boolean" else Decimal(0) if type == "decimal" else 0, type) if reserved else self.graph.const(None, type)
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
        day = self.graph.const(context.day, "date")
        return self.graph.op("and", (self.born(context), self.alive(day)), "boolean")

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
        earlier = self.graph.op("le", (birth, self.graph.const(context.day, "date")), "boolean")
        return self.graph.op("or", (unknown, earlier), "boolean")

    def claimed(self, context: Context) -> int:
        """Whether the person claims for such an event dated in the month."""
        if not self.data.has_table("events"):
            return self.absent("events", "event_date", "boolean")
        return self.graph.fact("event", "exists", "boolean", PERSON, None, False, (context.event, context.month))

    # --- expressions

    def expr(self, expr: t.Expr, context: Context) -> int:
        key = (id(expr), context)
        if key not in self.plan.places:
            self.plan.places[key] = self.lower(expr, context)
        return self.plan.places[key]

    def lower(self, expr: t.Expr, context: Context) -> int:
        match expr:
            case t.Const():
                return self.graph.const(expr.value, _stored(expr.kind.type))
            case t.Period():
                return self.graph.const(context.month, "month")
            case t.ReferenceDate():
                return self.graph.const(context.day, "date")
            case t.Param():
                value = self.figure(expr.owner, expr.name, context.day).value
                return self.graph.const(value, _stored(expr.kind.type))  # type: ignore[arg-type]
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
                return self.rule(rule, context.month, self.as_of(expr.owner, context.as_of))
            case t.Op():
                return self.operator(expr, context)
            case t.Rows():
                return self.rows(expr, context)
        raise AssertionError(f"no such expression: {expr!r}")

    def operator(self, expr: t.Op, context: Context) -> int:
        type = _stored(expr.kind.type)
        args = tuple(self.expr(arg, context) for arg in expr.args)
        if expr.op in ("if", "if_unknown", "least", "greatest") and type == "decimal":
            first = 1 if expr.op == "if" else 0
            args = (*args[:first], *(self.graph.cast(a, type) for a in args[first:]))
        if expr.op in ("round", "floor", "ceil"):
            to = self.graph[args[1]].data
            if to is None or not to > 0:
                return self.graph.const(None, type)
            node = self.graph.op("round", (args[0],), "decimal", (Decimal(to), {"round": "nearest", "floor": "down", "ceil": "up"}[expr.op]))
            return self.graph.op("integer", (node,), "integer") if type == "integer" else node
        data = self.february_29 or None if expr.op in ("age", "months_between") else None
        return self.graph.op(expr.op, args, type, data)

    def fact(self, expr: t.Fact, context: Context) -> int:
        type = _stored(expr.kind.type)
        table = "events" if expr.table == "event" else expr.table
        word = self.words.fact(table, expr.name)
        assert word is not None
        if not (self.data.has_table(table) and self.data.has_column(table, expr.name)):
            return self.absent(table, expr.name, type)
        if table == "households" and not self.data.has_column("persons", "household_id"):
            return self.absent("persons", "household_id", type)
        nullable = not self.data.never_null(table, expr.name)
        if expr.table == "event":
            return self.graph.fact("event", expr.name, type, PERSON, self.range_of(word), True, (context.event, context.month))
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

    # --- parameters

    def figure(self, owner: str, name: str, day: date) -> Known:
        """A parameter's value on the day, with its date and source."""
        key = (owner, name, day)
        if key not in self.plan.figures:
            parameter = self.law.owner(owner).parameters[name]
            self.plan.figures[key] = value_on(parameter, day, self.indices, self.law.country.currency.digits)
        return self.plan.figures[key]

    def lookup(self, expr: t.Lookup, context: Context) -> int:
        type = _stored(expr.kind.type)
        known = self.figure(expr.owner, expr.name, context.day)
        keys = tuple(self.expr(key, context) for key in expr.keys)
        if not isinstance(known.value, Mapping):
            return self.graph.const(None, type)
        return self.graph.op("lookup", keys, type, Figures(known.value), key=(expr.owner, expr.name, known.since, known.state))

    def scaled(self, expr: t.Scaled, context: Context) -> int:
        parameter = self.law.owner(expr.owner).parameters[expr.name]
        known = self.figure(expr.owner, expr.name, context.day)
        x = self.expr(expr.x, context)
        if not isinstance(known.value, tuple):
            return self.graph.const(None, "decimal")
        if parameter.scale == "marginal":
            return self.settled(self.graph.op("marginal", (x,), "decimal", _brackets(known.value)))
        found = self.graph.op("bracket", (x,), "decimal", _brackets(known.value))
        if known.value[0].amount is not None:
            return found
        return self.graph.op("mul", (found, x), "decimal")

    def settled(self, node: int) -> int:
        size = self.graph[node].range
        return self.graph.op("settle", (node,), "decimal") if size and size.decimals > r.DIGITS else node

    def on_date(self, expr: t.OnDate, context: Context) -> int:
        day = self.expr(expr.day, context)
        node = self.graph[day]
        type = _stored(expr.kind.type)
        if node.constant:
            when = node.data.first_day if isinstance(node.data, Month) else node.data
            value = self.figure(expr.owner, expr.name, when).value if when else None
            return self.graph.const(value, type)  # type: ignore[arg-type]
        parameter = self.law.owner(expr.owner).parameters[expr.name]
        return self.graph.op("on_date", (day,), type, self.dated(parameter))

    def dated(self, parameter: Parameter) -> tuple[tuple[date, Any], ...]:
        """All values with their dates, to the end of the months asked, indexation included."""
        digits = self.law.country.currency.digits
        dates = {dated.since for dated in parameter.values}
        if parameter.until:
            dates.add(parameter.until)
        if parameter.index and parameter.values:
            last = Month.of(parameter.values[-1].since)
            dates |= {Month.from_index(i).first_day for i in range(last.index + 1, max(self.plan.months).index + 121)}
        values: list[tuple[date, Any]] = []
        for day in sorted(dates):
            value = value_on(parameter, day, self.indices, digits).value
            if not values or values[-1][1] != value:
                values.append((day, value))
        return tuple(values)

    # --- rows

    def rows(self, expr: t.Rows, context: Context) -> int:
        type = _stored(expr.kind.type)
        members = expr.table == "members"
        if members and not self.data.has_column("persons", "household_id"):
            return self.absent("persons", "household_id", type)
        if not members and not self.data.has_table(expr.table):
            return self.absent(expr.table, "", type)
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

    def both(self, a: int | None, b: int) -> int | None:
        """Both conditions; None where they always hold."""
        joined = b if a is None else self.graph.op("and", (a, b), "boolean")
        node = self.graph[joined]
        return None if node.constant and node.data is True else joined

    def constant(self, expr: t.Expr | None, context: Context) -> int | None:
        """A length in months: a literal or a parameter."""
        if expr is None:
            return None
        value = self.graph[self.expr(expr, context)].data
        return None if value is None else int(value)

    def span_of_months(self, window: t.Window, context: Context) -> tuple[int | None, int]:
        """The half-open window [start, end) as months."""
        end = self.graph.const(context.month, "month") if window.before is None else self.month(window.before, context)
        start = None
        if window.last is not None:
            start = self.back(end, window.last, "month", context)
        if window.after is not None:
            after = self.month(window.after, context)
            start = after if start is None else self.graph.op("greatest", (start, after), "month")
        return start, end

    def span_of_days(self, window: t.Window, context: Context) -> tuple[int | None, int]:
        """The half-open window [start, end) as days, for spells."""
        end = self.graph.const(context.month.first_day, "date") if window.before is None else self.day(window.before, context)
        start = None
        if window.last is not None:
            start = self.back(end, window.last, "date", context)
        if window.after is not None:
            after = self.day(window.after, context)
            start = after if start is None else self.graph.op("greatest", (start, after), "date")
        return start, end

    def back(self, end: int, length: t.Expr, type: str, context: Context) -> int:
        count = self.constant(length, context)
        return self.graph.op("add_months", (end, self.graph.const(None if count is None else -count, "integer")), type)

    def month(self, expr: t.Expr, context: Context) -> int:
        node = self.expr(expr, context)
        return node if expr.kind.type == "month" else self.graph.op("month_of", (node,), "month")

    def day(self, expr: t.Expr, context: Context) -> int:
        node = self.expr(expr, context)
        return node if expr.kind.type == "date" else self.graph.op("first_day", (node,), "date")

    def in_window(self, table: str, start: int | None, end: int) -> int:
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


class Figures(dict[tuple[Any, ...], Decimal]):
    """A table of the law, by key; a whole-number key may fall into a band."""

    def __init__(self, table: Mapping[tuple[Any, ...], Any]) -> None:
        super().__init__(table)
        self.banded = any(isinstance(part, Band) for key in table for part in key)

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        if not self.banded:
            return super().get(key, default)
        return next((value for bands, value in self.items() if all(k in b if isinstance(b, Band) else k == b for k, b in zip(key, bands, strict=True))), default)


def _brackets(brackets: tuple[Bracket, ...]) -> Brackets:
    return tuple((b.threshold, b.rate if b.rate is not None else b.amount or Decimal(0)) for b in brackets)


def _stored(type: str) -> str:
    """The type that a value is computed in."""
    return "text" if type in ("code", "key") else type


def _is_power_of_ten(to: Decimal) -> bool:
    return to.normalize().as_tuple().digits == (1,)
