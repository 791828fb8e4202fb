"""Where a formula is read and what its pieces are worth there: how explanations see into a decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..errors import InputError
from ..law import tree as t
from ..law.compiling import Formula, Rule
from ..law.model import RESERVED
from ..law.rows import MOMENTS
from ..periods import Month, add_months, months_between
from .closures import Household, Person, Row
from .deciding import HOUSEHOLD, Decision
from .lowering import Context
from .operators import Value, conjunction
from .plan import CONST, PERSON
from .reasons import State

Frame = Household | Person | Row


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A formula's text, its context, and whom it is read for: None for the household of someone who has none."""

    text: str
    context: Context
    frame: Frame | None

    def piece(self, expr: t.Expr) -> str:
        """The text of a piece of the formula, on one line, its brackets complete."""
        at, end = expr.at, expr.end
        lowest, last = _depths(self.text[at:end])
        while lowest < 0 and at > 0:
            at -= 1
            lowest, last = _depths(self.text[at:end])
        while last > 0 and end < len(self.text):
            end += 1
            lowest, last = _depths(self.text[at:end])
        return " ".join(self.text[at:end].split())


def _depths(text: str) -> tuple[int, int]:
    """The lowest depth of brackets in a text and the depth at its end, quoted text left out."""
    depth, lowest, quoted = 0, 0, False
    for sign in text:
        if sign == "'":
            quoted = not quoted
        elif not quoted and sign in "()[]":
            depth += 1 if sign in "([" else -1
            lowest = min(lowest, depth)
    return lowest, depth


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A row that a function looked at: whether its condition holds, and its value."""

    frame: Frame
    spot: Spot
    kept: bool | None
    value: Value


def subject_of(frame: Frame | None) -> str:
    """The member's name, or `household`."""
    if isinstance(frame, Row):
        frame = frame.person
    return str(frame.name) if isinstance(frame, Person) else HOUSEHOLD


def person_of(frame: Frame | None) -> Person | None:
    return frame.person if isinstance(frame, Row) else frame if isinstance(frame, Person) else None


def household_of(frame: Frame | None) -> Household | None:
    person = person_of(frame)
    return person.household if person else frame if isinstance(frame, Household) else None


class Spots:
    """The values of a decision by place."""

    def __init__(self, decision: Decision) -> None:
        self.decider, self.law, self.plan = decision.decider, decision.law, decision.decider.plan
        self.month = decision.month
        self._node: Callable[[int, Any], Value] = decision.decider.node_value

    # --- values

    def value(self, expr: t.Expr, spot: Spot) -> Value:
        """The value of a piece of a formula; unknown for a piece that the plan left out."""
        return self.node_value(self.plan.places.get((id(expr), spot.context)), spot.frame)

    def node_value(self, id: int | None, frame: Frame | None) -> Value:
        if id is None:
            return None
        node = self.plan.graph[id]
        if node.level == CONST:
            return node.data if node.constant else self._node(id, frame)
        if node.level == HOUSEHOLD:
            return self._node(id, household_of(frame))
        if node.level == PERSON:
            return self._node(id, person_of(frame))
        return self._node(id, frame)

    def rule_value(self, rule: Rule, as_of: str, frame: Frame | None) -> Value:
        return self.node_value(self.plan.rules.get((*rule.key, self.month, as_of)), frame)

    # --- rules

    def find(self, name: str) -> tuple[Rule, str]:
        """A variable that the decision computed, and the day it was evaluated on. Raises InputError P040."""
        owner, dot, variable = name.partition(".")
        keys = [(owner, variable)] if dot else [("concepts", name), ("vocabulary", name)]
        for key in keys:
            for *found, month, as_of in self.plan.rules:
                if tuple(found) == key and month == self.month:
                    return self.law.rules[key], as_of
        known = any(key in self.law.rules for key in keys)
        what = f"{name!r} was not computed in this decision" if known else f"the law has no variable {name!r}"
        raise InputError("P040", what, hint=f"decide with wanted=[{name!r}]" if known else "name a scheme, scheme.variable or a concept")

    def rule_of(self, expr: t.Result, spot: Spot) -> tuple[Rule, str, Frame | None]:
        """The variable that a name in a formula means, its day, and whom it is computed for."""
        scheme = self.law.schemes.get(expr.owner)
        rule = self.law.rules[expr.owner, expr.name]
        frame: Frame | None = household_of(spot.frame) if rule.entity == HOUSEHOLD else person_of(spot.frame)
        return rule, scheme.as_of if scheme else spot.context.as_of, frame

    def context(self, rule: Rule, as_of: str) -> Context:
        return Context(self.month, as_of, rule.owner, rule.entity, event=self.law.events.get(rule.owner, ""))

    def opened(self, rule: Rule, as_of: str, frame: Frame | None) -> tuple[Formula | None, Spot]:
        """The formula in force and where it is read."""
        context = self.context(rule, as_of)
        formula = rule.on(context.day)
        return formula, Spot(formula.text if formula else "", context, frame)

    def state(self, rule: Rule, as_of: str, frame: Frame | None) -> State:
        """How the variable came by its value."""
        context = self.context(rule, as_of)
        name = rule.name if rule.owner == "vocabulary" else f"{rule.owner}.{rule.name}"
        if isinstance(frame, Household | Person) and frame.facts.get(name) is not None:
            return "given"
        scheme = self.law.schemes.get(rule.owner)
        if scheme and (context.day < scheme.since or (scheme.until and context.day >= scheme.until)):
            return "not_in_force"
        if rule.on(context.day) is None:
            return "no_formula"
        if scheme and rule.name in RESERVED and isinstance(frame, Person):
            return _claim(frame, context) if context.event else _life(frame, context.day)
        return "computed"

    # --- rows

    def rows(self, expr: t.Rows, spot: Spot) -> list[Looked] | None:
        """The rows that a function looks at, in their order; None where there is no such table."""
        table = _table(expr, spot)
        if table is None:
            return None
        context = spot.context
        members = expr.table == "members"
        inner = Context(context.month, context.as_of, context.owner, PERSON, "" if members else expr.table, "" if members else context.event)
        start, end, known = (None, None, True) if members else self.window(expr, spot)
        looked = []
        for row in table:
            inside = _is_born(row, context.day) if members else _inside(row, expr, start, end) if known else None
            if inside is False:
                continue
            at = replace(spot, context=inner, frame=row)
            kept = conjunction([inside, True if expr.where is None else _truth(self.value(expr.where, at))])
            value = _months(row, start, end) if expr.function == "duration" and known else None
            looked.append(Looked(row, at, kept, self.value(expr.value, at) if expr.value is not None else value))
        return looked

    def window(self, expr: t.Rows, spot: Spot) -> tuple[Any, Any, bool]:
        """The half-open window as months (dates for `duration`), and whether it is known."""
        days = expr.function == "duration"
        window, known = expr.window, True
        end: Any = spot.context.month.first_day if days else spot.context.month
        start: Any = None
        if window.before is not None:
            end = _moment(self.value(window.before, spot), days)
            known = end is not None
        if window.last is not None and known:
            length = self.value(window.last, spot)
            known = isinstance(length, int)
            start = None if not isinstance(length, int) else add_months(end, -length) if days else end.plus(-length)
        if window.after is not None and known:
            after = _moment(self.value(window.after, spot), days)
            known = after is not None
            start = after if start is None or not known else max(start, after)
        return start, end, known


def _truth(value: Value) -> bool | None:
    return value if isinstance(value, bool) else None


def _table(expr: t.Rows, spot: Spot) -> Sequence[Frame] | None:
    if expr.table == "members":
        home = household_of(spot.frame)
        return home.members if home else None
    person = person_of(spot.frame)
    return person.histories.get(expr.table) if person else None


def _moment(value: Any, days: bool) -> Any:
    if value is None:
        return None
    if days:
        return value.first_day if isinstance(value, Month) else value
    return value if isinstance(value, Month) else Month.of(value)


def _inside(row: Frame, expr: t.Rows, start: Any, end: Any) -> bool | None:
    """Whether a row of a history lies in the window; spells are clipped instead."""
    if expr.function == "duration":
        return True
    moment = _moment(row.facts.get(MOMENTS[expr.table]), False)
    return None if moment is None else moment < end and (start is None or moment >= start)


def _months(row: Frame, start: date | None, end: Any) -> int | None:
    """The completed months of a spell inside the window."""
    begun, ended = row.facts.get("start_date"), row.facts.get("end_date")
    return None if begun is None else max(0, months_between(max(begun, start or date.min), min(ended or end, end)))


def _is_born(row: Frame, day: date) -> bool:
    birth = row.facts.get("birth_date")
    return birth is None or birth <= day


def _claim(person: Person, context: Context) -> State:
    if person.claims is None:
        return "claims_unknown"
    return "computed" if (context.event, context.month) in person.claims else "no_claim"


def _life(person: Person, day: date) -> State:
    if not _is_born(person, day):
        return "not_born"
    death = person.facts.get("death_date")
    return "computed" if death is None or death > day else "not_alive"
