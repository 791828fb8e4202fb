"""Which facts to ask for: the unknown leaves that can still change an answer, and what no fact would cure.

Only what is reached through unknown values counts: a fact behind `false and …`, or in a branch not taken, is not asked for.
"""

from __future__ import annotations

from dataclasses import replace

from ..law import tree as t
from ..law.compiling import Rule
from ..law.rows import MOMENTS
from ..vocabulary.model import PERSONS
from .closures import Row
from .reasons import Missing, Obstacle
from .spots import Frame, Looked, Spot, Spots, household_of, person_of, subject_of
from .tracing import source_of


class Unknowns:
    """Gathers missing facts and obstacles of one or several unknown values."""

    def __init__(self, spots: Spots) -> None:
        self.spots, self.law = spots, spots.law
        self.facts: dict[tuple[str, str, str], Missing] = {}
        self.others: dict[tuple[str, str, str], Obstacle] = {}
        self.seen: set[tuple[object, ...]] = set()
        self.perhaps = 0  # how deep in branches that may not be taken: their obstacles are not told

    @property
    def missing(self) -> tuple[Missing, ...]:
        return tuple(self.facts.values())

    @property
    def obstacles(self) -> tuple[Obstacle, ...]:
        return tuple(self.others.values())

    def ask(self, subject: str, table: str, name: str, row: str = "") -> None:
        if (subject, table, "") in self.facts:
            return  # the whole table is missing
        word = self.law.vocabulary.fact(table, name) if table in self.law.vocabulary.tables else None
        known = self.facts.get((subject, table, name)) or Missing(subject=subject, table=table, name=name, title=word.title if word else {})
        if row and row not in known.rows:
            known = replace(known, rows=(*known.rows, row))
        self.facts[subject, table, name] = known

    def note(self, kind: str, frame: Frame | None, name: str, text: str, source: str = "", keys: tuple = ()) -> None:
        if self.perhaps:
            return
        subject = subject_of(frame)
        self.others.setdefault((kind, subject, name or text), Obstacle(kind=kind, subject=subject, name=name, text=text, source=source, keys=keys))

    # --- variables

    def of_rule(self, rule: Rule, as_of: str, frame: Frame | None) -> None:
        """What the unknown value of a variable lacks; nothing where it is known."""
        key = (*rule.key, as_of, id(frame))
        if key in self.seen or self.spots.rule_value(rule, as_of, frame) is not None:
            return
        self.seen.add(key)
        if frame is None:
            self.ask("household", "members", "")
            return
        state = self.spots.state(rule, as_of, frame)
        if state == "claims_unknown":
            self.ask(subject_of(frame), "events", "")
        elif state in ("not_in_force", "no_formula"):
            self.note(state, frame, str(rule), str(rule), source_of(rule, self.law.schemes.get(rule.owner)))
            return
        formula, spot = self.spots.opened(rule, as_of, frame)
        if formula:
            self.of(formula.expr, spot)

    # --- pieces of a formula

    def of(self, expr: t.Expr, spot: Spot) -> None:
        if self.spots.value(expr, spot) is not None:
            return
        match expr:
            case t.Fact():
                self.fact(expr, spot)
            case t.Result():
                self.of_rule(*self.spots.rule_of(expr, spot))
            case t.Param():
                self.absent(expr.owner, expr.name, spot)
            case t.Lookup():
                self.lookup(expr, spot)
            case t.Scaled():
                self.derived(expr, (expr.x,), spot, "below", expr.owner, expr.name)
            case t.OnDate():
                self.derived(expr, (expr.day,), spot, "absent", expr.owner, expr.name)
            case t.Rows():
                self.rows(expr, spot)
            case t.Op():
                self.operator(expr, spot)

    def fact(self, expr: t.Fact, spot: Spot) -> None:
        table = "events" if expr.table == "event" else expr.table
        if expr.none and _is_told(expr, spot):
            self.note("none", spot.frame, expr.name, spot.piece(expr))
        elif table == "households":
            self.ask("household", table, expr.name)
        else:
            row = _row_name(spot.frame) if isinstance(spot.frame, Row) and table not in (PERSONS, "events") else ""
            self.ask(subject_of(spot.frame), table, expr.name, row)

    def absent(self, owner: str, name: str, spot: Spot) -> None:
        parameter = self.law.owner(owner).parameters[name]
        self.note("absent", spot.frame, f"{owner}.{name}", name, parameter.source)

    def derived(self, expr: t.Expr, args: tuple[t.Expr, ...], spot: Spot, kind: str, owner: str, name: str) -> None:
        """A figure looked up with values: these are unknown, or the figure is not there."""
        unknown = [arg for arg in args if self.spots.value(arg, spot) is None]
        for arg in unknown:
            self.of(arg, spot)
        if not unknown:
            known = self.spots.plan.figures.get((owner, name, spot.context.day))
            keys = tuple(self.spots.value(arg, spot) for arg in args)
            self.note(
                "absent" if known and known.value is None else kind,
                spot.frame,
                f"{owner}.{name}",
                spot.piece(expr),
                self.law.owner(owner).parameters[name].source,
                keys,
            )

    def lookup(self, expr: t.Lookup, spot: Spot) -> None:
        self.derived(expr, expr.keys, spot, "no_key", expr.owner, expr.name)

    def operator(self, expr: t.Op, spot: Spot) -> None:
        value = self.spots.value
        if expr.op == "if" and value(expr.args[0], spot) is None:
            self.branches(expr, spot)
            return
        if expr.op == "if":
            args = (expr.args[1 if value(expr.args[0], spot) else 2],)
        elif expr.op == "in" and value(expr.args[0], spot) is None:
            args = expr.args[:1]
        else:
            args = expr.args
        unknown = [arg for arg in args if value(arg, spot) is None]
        for arg in unknown:
            self.of(arg, spot)
        if not unknown:
            self.note("zero" if expr.op == "div" else "range", spot.frame, "", spot.piece(expr))

    def branches(self, expr: t.Op, spot: Spot) -> None:
        """An unknown condition, and what either branch would need."""
        self.of(expr.args[0], spot)
        self.perhaps += 1
        for branch in expr.args[1:]:
            self.of(branch, spot)
        self.perhaps -= 1

    # --- rows

    def rows(self, expr: t.Rows, spot: Spot) -> None:
        looked = self.spots.rows(expr, spot)
        window = expr.window
        for part in (window.before, window.after, window.last, window.best):
            if part is not None:
                self.of(part, spot)
        if looked is None:
            missing_home = expr.table == "members" or person_of(spot.frame) is None
            self.ask("household" if missing_home else subject_of(spot.frame), expr.table, "")
            return
        _, _, known = self.spots.window(expr, spot) if expr.table != "members" else (None, None, True)
        if not known:
            return
        kept = [row for row in looked if row.kept is not False]
        for row in kept:
            self.row(expr, row)
        if not kept and expr.function in ("average", "min", "max", "first", "last"):
            self.note("no_rows", spot.frame, "", spot.piece(expr))

    def row(self, expr: t.Rows, row: Looked) -> None:
        if expr.function == "all" and row.value is True:
            return  # it cannot be an exception, whatever its condition
        if row.kept is None and expr.where is not None:
            self.of(expr.where, row.spot)
        if expr.value is not None:
            self.of(expr.value, row.spot)
        moment = "start_date" if expr.function == "duration" else MOMENTS.get(expr.table, "")
        if moment and isinstance(row.frame, Row) and row.frame.facts.get(moment) is None:
            self.ask(subject_of(row.frame), expr.table, moment, _row_name(row.frame))


def _is_told(expr: t.Fact, spot: Spot) -> bool:
    """Whether the facts say that there is none, rather than nothing."""
    if expr.table == "event":
        person = person_of(spot.frame)
        claims = person.claims if person else None
        return bool(claims) and any(expr.name in claim for claim in claims.values())
    frame = household_of(spot.frame) if expr.table == "households" else person_of(spot.frame) if expr.table == PERSONS else spot.frame
    return frame is not None and expr.name in frame.facts


def _row_name(row: Row) -> str:
    """What tells a row of a history from the others."""
    if not isinstance(row, Row):
        return ""
    facts = row.facts
    found = facts.get("month") or facts.get("event_date") or facts.get("start_date")
    return str(found) if found else "?"
