"""From a decision to the reasons of one of its values: only what mattered, each variable once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ..law import tree as t
from ..law.compiling import Rule
from ..law.model import AMOUNTS, Bracket, Parameter, Scheme
from ..law.parameters import Known, value_on
from ..money import CONTEXT
from ..periods import Month
from .closures import Row
from .operators import Value
from .reasons import FactUsed, Figure, Part, Reason, Rounded, RowsUsed, RowUsed, Slice, Step, Titles
from .spots import Frame, Looked, Spot, Spots, subject_of

MOST_ROWS = 12


class Tracer:
    """Builds reasons; a variable's own reasons are given the first time it is met.

    flat: only the reasons themselves, not what they rest on; `doubtful` where that leaves open whether one of them has been met before.
    """

    def __init__(self, spots: Spots, flat: bool = False) -> None:
        self.spots, self.law = spots, spots.law
        self.expanded: set[tuple[str, str, str, int]] = set()
        self.flat, self.closed, self.doubtful = flat, False, False

    # --- steps

    def has(self, rule: Rule, as_of: str, frame: Frame | None) -> bool:
        """Whether the variable has been explained."""
        return (*rule.key, as_of, id(frame)) in self.expanded

    def step(self, rule: Rule, as_of: str, frame: Frame | None) -> Step:
        """A variable with its reasons."""
        state = self.spots.state(rule, as_of, frame)
        formula, spot = self.spots.opened(rule, as_of, frame)
        value = self.spots.rule_value(rule, as_of, frame)
        key = (*rule.key, as_of, id(frame))
        repeated = key in self.expanded
        self.doubtful = self.doubtful or (self.closed and not repeated)
        self.expanded.add(key)
        shown = formula if formula and state != "not_in_force" else None
        source = source_of(rule, self.law.schemes.get(rule.owner))
        children: tuple[Reason, ...] = ()
        rounding = None
        decided = state == "computed" or (state == "claims_unknown" and value is not None)
        if shown and decided:
            rounding = self.rounded(rule, self.spots.value(shown.expr, spot), value)
            if self.flat:
                self.closed = True
            elif not repeated:
                children = tuple(self.conditions(shown.expr, spot) if rule.name == "eligible" else self.reasons(shown.expr, spot))
        return Step(
            name=str(rule), owner=rule.owner, title=rule.title, subject=subject_of(frame), value=value, type=rule.kind.type, unit=self.unit(rule),
            code=self.code(rule.kind.codes, value), source=source, formula=" ".join(shown.text.split()) if shown else "",
            since=shown.since if shown and shown.since != date.min else None, place=str(shown.place) if shown else "",
            rounding=rounding, state=state, repeated=repeated and bool(shown) and decided, children=children,
        )  # fmt: skip

    def unit(self, rule: Rule) -> str:
        scheme = self.law.concepts if rule.owner == "concepts" else self.law.schemes.get(rule.owner)
        variable = scheme.variables.get(rule.name) if scheme else None
        if variable and "rate" in (variable.type, variable.unit_text):
            return "rate"
        return str(rule.kind.unit)

    def rounded(self, rule: Rule, before: Value, after: Value) -> Rounded | None:
        if rule.rounding:
            return Rounded(before=before, to=rule.rounding.to, way=rule.rounding.way, source=rule.rounding.source)
        if rule.name in AMOUNTS and rule.owner in self.law.schemes and before is not None and before != after:
            return Rounded(before=before, to=Decimal(1).scaleb(-self.law.country.currency.digits), way="nearest", source="")
        return None

    def code(self, codes: str, value: Value) -> Titles:
        listed = self.law.vocabulary.codes.get(codes)
        return listed.values.get(value, {}) if listed and isinstance(value, str) else {}

    # --- pieces of a formula

    def conditions(self, expr: t.Expr, spot: Spot) -> list[Reason]:
        """Every condition of a right, with those that decided it explained."""
        if not joins(expr, "and"):
            return self.reasons(expr, spot)
        whole = self.spots.value(expr, spot)
        found: list[Reason] = []
        for part in joined(expr, "and"):
            value = self.spots.value(part, spot)
            found.append(self.condition(part, spot) if value is whole else Part(text=spot.piece(part), value=value, type="boolean", matters=False))
        return found

    def condition(self, expr: t.Expr, spot: Spot, branch: bool = False) -> Reason:
        """A condition (or a branch) with its reasons; a bare name or table function speaks for itself."""
        alone = isinstance(expr, t.Result | t.Fact | t.Param | t.Rows)
        reasons = [] if self.flat and not alone else self.reasons(expr, spot)
        if alone and len(reasons) == 1:
            return reasons[0]
        self.closed = self.closed or self.flat
        value = self.spots.value(expr, spot)
        unit = str(expr.kind.unit)
        return Part(
            text=spot.piece(expr),
            value=value,
            type=expr.kind.type,
            unit=unit,
            code=self.code(expr.kind.codes, value),
            branch=branch,
            children=tuple(reasons),
        )

    def reasons(self, expr: t.Expr, spot: Spot) -> list[Reason]:
        """What the value of a piece rests on, without repetition."""
        return _distinct(self._reasons(expr, spot))

    def _reasons(self, expr: t.Expr, spot: Spot) -> Iterable[Reason]:
        match expr:
            case t.Fact():
                yield self.fact(expr, spot)
            case t.Result():
                yield self.step(*self.spots.rule_of(expr, spot))
            case t.Param():
                yield self.parameter(expr, spot)
            case t.Lookup():
                yield self.lookup(expr, spot)
                for key in expr.keys:
                    yield from self._reasons(key, spot)
            case t.Scaled():
                yield self.scaled(expr, spot)
                yield from self._reasons(expr.x, spot)
            case t.OnDate():
                yield self.on_date(expr, spot)
                yield from self._reasons(expr.day, spot)
            case t.Rows():
                yield self.rows(expr, spot)
            case t.Op():
                yield from self.operator(expr, spot)

    def operator(self, expr: t.Op, spot: Spot) -> Iterable[Reason]:
        if joins(expr, "and") or joins(expr, "or"):
            whole = self.spots.value(expr, spot)
            for part in joined(expr, expr.op):
                if self.spots.value(part, spot) is whole:
                    yield self.condition(part, spot)
        elif expr.op == "if":
            yield from self.choice(expr, spot)
        elif expr.op == "if_unknown" and self.spots.value(expr.args[0], spot) is not None:
            yield from self._reasons(expr.args[0], spot)
        else:
            for arg in expr.args:
                yield from self._reasons(arg, spot)

    def choice(self, expr: t.Op, spot: Spot) -> Iterable[Reason]:
        """The condition, and the branch that was taken."""
        yield self.condition(expr.args[0], spot)
        chosen = self.spots.value(expr.args[0], spot)
        if chosen is None:
            return
        branch = expr.args[1 if chosen else 2]
        if isinstance(branch, t.Op) and branch.op != "if":
            yield self.condition(branch, spot, branch=True)
        else:
            yield from self._reasons(branch, spot)

    def fact(self, expr: t.Fact, spot: Spot) -> FactUsed:
        table = "events" if expr.table == "event" else expr.table
        word = self.law.vocabulary.fact(table, expr.name)
        value = self.spots.value(expr, spot)
        subject = "household" if expr.table == "households" else subject_of(spot.frame)
        unit = (word.unit_text if word and word.unit_text in ("rate", "percent") else "") or str(expr.kind.unit)
        return FactUsed(
            name=expr.name, table=table, title=word.title if word else {}, subject=subject, value=value, type=expr.kind.type,
            unit=unit, code=self.code(expr.kind.codes, value), none=expr.none,
        )  # fmt: skip

    # --- figures

    def figure(self, owner: str, name: str, known: Known, value: Value, kind: t.Kind, **more: Any) -> Figure:
        parameter = self.law.owner(owner).parameters[name]
        unit = parameter.unit_text if parameter.unit_text in ("rate", "percent") and not kind.unit.powers else str(kind.unit)
        more.setdefault("state", known.state)
        return Figure(
            name=name, owner=owner, title=parameter.title, value=value, type=kind.type, unit=unit, source=known.source, since=known.since, **more
        )

    def known(self, owner: str, name: str, spot: Spot) -> Known:
        """The figure as the plan took it."""
        day = spot.context.day
        found = self.spots.plan.figures.get((owner, name, day))
        return found or value_on(self.law.owner(owner).parameters[name], day, None, self.law.country.currency.digits)

    def parameter(self, expr: t.Param, spot: Spot) -> Figure:
        return self.figure(expr.owner, expr.name, self.known(expr.owner, expr.name, spot), self.spots.value(expr, spot), expr.kind)

    def lookup(self, expr: t.Lookup, spot: Spot) -> Figure:
        known = self.known(expr.owner, expr.name, spot)
        value = self.spots.value(expr, spot)
        keys = tuple(self.spots.value(key, spot) for key in expr.keys)
        state = "no_key" if value is None and known.value is not None and None not in keys else known.state
        titles: Mapping[str, Any] = self.code(expr.keys[0].kind.codes, keys[0]) if len(keys) == 1 else {}
        return self.figure(expr.owner, expr.name, known, value, expr.kind, keys=keys, code=titles, state=state)

    def scaled(self, expr: t.Scaled, spot: Spot) -> Figure:
        parameter = self.law.owner(expr.owner).parameters[expr.name]
        known = self.known(expr.owner, expr.name, spot)
        value, x = self.spots.value(expr, spot), self.spots.value(expr.x, spot)
        number = Decimal(x) if isinstance(x, int | Decimal) else None
        slices = _slices(parameter, known, number) if number is not None else ()
        state = "below" if value is None and number is not None and known.value is not None else known.state
        return self.figure(expr.owner, expr.name, known, value, expr.kind, slices=slices, of=str(parameter.of or ""), state=state)

    def on_date(self, expr: t.OnDate, spot: Spot) -> Figure:
        """The figure on another day. How it was found is told as far as the dates enacted tell it."""
        day, value = self.spots.value(expr.day, spot), self.spots.value(expr, spot)
        when = day.first_day if isinstance(day, Month) else day if isinstance(day, date) else None
        parameter = self.law.owner(expr.owner).parameters[expr.name]
        digits = self.law.country.currency.digits
        known = value_on(parameter, when, None, digits) if when else Known(None, None, parameter.source, "absent")
        if value is not None and known.value != value:  # it has moved with its series since the last date enacted
            known = Known(None, None, parameter.source, "indexed")
        return self.figure(expr.owner, expr.name, known, value, expr.kind, day=when)

    # --- rows

    def rows(self, expr: t.Rows, spot: Spot) -> RowsUsed:
        looked = self.spots.rows(expr, spot)
        rows = looked or []
        value = self.spots.value(expr, spot)
        children: tuple[Reason, ...] = ()
        if self.flat:
            self.closed = True
        else:
            shown, common = self.shown(expr, _worth(expr, rows, value)[:MOST_ROWS])
            windows = (expr.window.last, expr.window.before, expr.window.after, expr.window.best)
            around = _distinct([*(reason for part in windows if part is not None for reason in self._reasons(part, spot)), *common])
            children = (*around, *shown)
        unknown = sum(_is_unknown(expr, row) for row in rows)
        return RowsUsed(
            name=f"{expr.function}({expr.table})", subject=subject_of(spot.frame) if expr.table != "members" else "household", value=value,
            type=expr.kind.type, unit=str(expr.kind.unit), text=spot.piece(expr), function=expr.function, table=expr.table, looked=len(rows),
            kept=sum(row.kept is True for row in rows), unknown=unknown, given=looked is not None, children=children,
        )  # fmt: skip

    def shown(self, expr: t.Rows, rows: list[Looked]) -> tuple[list[RowUsed], list[Reason]]:
        """The rows to show, and what the rows of a history have in common: figures, variables and facts of the person."""
        if expr.table == "members":
            return [self.row(expr, row, self.of_member(expr, row)) for row in rows], []
        told = [{_key(reason): reason for reason in _distinct(self.of_row(expr, row))} for row in rows]
        everywhere = set(told[0]).intersection(*told) if len(told) > 1 else set()

        def shared(key: object, reason: Reason) -> bool:
            return not _of_row(reason, expr.table) or (isinstance(reason, Figure) and key in everywhere)

        common = [reason for reasons in told for key, reason in reasons.items() if shared(key, reason)]
        own = [[reason for key, reason in reasons.items() if not shared(key, reason)] for reasons in told]
        return [self.row(expr, row, reasons) for row, reasons in zip(rows, own, strict=True)], common

    def of_row(self, expr: t.Rows, row: Looked) -> Iterable[Reason]:
        """What a row of a history rests on; of its own facts, those that make up its value, or all where it is unknown."""
        unknown = _is_unknown(expr, row)
        start = _span(row.frame)[0] if isinstance(row.frame, Row) else None
        for piece in (expr.where, expr.value):
            plain = piece is expr.where or isinstance(piece, t.Fact)
            for reason in _flat(self._reasons(piece, row.spot)) if piece is not None else ():
                place = isinstance(reason, FactUsed) and reason.table == expr.table and reason.value == start
                if not place and (unknown or not plain or not _of_row(reason, expr.table)):
                    yield reason

    def of_member(self, expr: t.Rows, row: Looked) -> list[Reason]:
        """Why a member counts or not, and for how much."""
        pieces = [expr.where] if row.kept is not True or expr.value is None else [expr.where, expr.value]
        return _distinct(self.condition(piece, row.spot) for piece in pieces if piece is not None)

    def row(self, expr: t.Rows, row: Looked, children: list[Reason]) -> RowUsed:
        frame = row.frame
        value: Value = row.value if expr.value is not None or expr.function == "duration" else row.kept
        kind = expr.value.kind if expr.value is not None else expr.kind if expr.function == "duration" else t.BOOLEAN
        start, end = _span(frame) if isinstance(frame, Row) else (None, None)
        key = subject_of(frame) if not isinstance(frame, Row) else ""
        return RowUsed(
            key=key, start=start, end=end, kept=row.kept, subject=subject_of(frame), value=value,
            type=kind.type, unit=str(kind.unit), children=tuple(children),
        )  # fmt: skip


def source_of(rule: Rule, scheme: Scheme | None) -> str:
    """The legal source of a formula: its own, else the scheme's legal basis."""
    return rule.source if rule.source or scheme is None else legal_basis(scheme)


def legal_basis(scheme: Scheme) -> str:
    """The acts of a scheme, with their articles."""
    return "; ".join(f"{article.act}, {article.articles}" if article.articles else article.act for article in scheme.legal)


def joins(expr: t.Expr, op: str) -> bool:
    """Whether it is conditions joined by `and` or `or`; `between` is one condition."""
    return isinstance(expr, t.Op) and expr.op == op and not all((arg.at, arg.end) == (expr.at, expr.end) for arg in expr.args)


def joined(expr: t.Expr, op: str) -> list[t.Expr]:
    if not joins(expr, op):
        return [expr]
    assert isinstance(expr, t.Op)
    return [part for arg in expr.args for part in joined(arg, op)]


def _flat(reasons: Iterable[Reason]) -> Iterable[Reason]:
    """The reasons without the pieces of formulas that hold them."""
    for reason in reasons:
        if isinstance(reason, Part):
            yield from _flat(reason.children)
        else:
            yield reason


def _of_row(reason: Reason, table: str) -> bool:
    """Whether a reason is the row's own: one of its facts, or a figure that such a fact led to."""
    return (isinstance(reason, FactUsed) and reason.table == table) or (
        isinstance(reason, Figure) and bool(reason.keys or reason.day or reason.slices)
    )


def _key(reason: Reason) -> tuple[object, ...]:
    """What makes two reasons the same."""
    key: tuple[object, ...] = (type(reason), reason.name, reason.subject)
    if isinstance(reason, Part | RowsUsed):
        return (*key, reason.text)
    if isinstance(reason, Figure):
        return (*key, reason.owner, reason.keys, reason.day, reason.slices)
    return (*key, reason.table) if isinstance(reason, FactUsed) else key


def _distinct(reasons: Iterable[Reason]) -> list[Reason]:
    """Each reason once: of a variable, its explained mention stays."""
    found: dict[object, Reason] = {}
    for reason in reasons:
        found.setdefault(_key(reason), reason)
    return list(found.values())


def _is_unknown(expr: t.Rows, row: Looked) -> bool:
    return row.kept is None or (row.kept is True and row.value is None and (expr.value is not None or expr.function == "duration"))


def _worth(expr: t.Rows, rows: list[Looked], value: Value) -> list[Looked]:
    """The rows worth showing: those that decided, then those unknown; for histories the latest first kept."""
    unknown = [row for row in rows if _is_unknown(expr, row)]
    kept = [row for row in rows if row.kept and not _is_unknown(expr, row)]
    if expr.function == "any":
        return kept if value is True else unknown if value is None else _members_only(expr, rows)
    if expr.function == "all":
        broken = [row for row in kept if row.value is False]
        return broken if value is False else unknown if value is None else kept
    if expr.window.best is not None and not unknown:
        return sorted(kept, key=lambda row: row.value if isinstance(row.value, int | Decimal) else 0, reverse=True)
    if value is None and unknown:
        return unknown
    if expr.table != "members":
        return kept[-MOST_ROWS:]
    return kept or rows


def _members_only(expr: t.Rows, rows: list[Looked]) -> list[Looked]:
    return rows if expr.table == "members" else []


def _span(row: Row) -> tuple[Any, Any]:
    """The moment of a row of a history, or its first and last day."""
    facts = row.facts
    if "month" in facts:
        return facts["month"], None
    if "event_date" in facts:
        return facts["event_date"], None
    return facts.get("start_date"), facts.get("end_date")


def _slices(parameter: Parameter, known: Known, x: Decimal) -> tuple[Slice, ...]:
    """The brackets that apply to `x`: all that it reaches, or the one that it lies in."""
    brackets = [bracket for bracket in known.value if isinstance(bracket, Bracket)] if isinstance(known.value, tuple) else []
    found = []
    for position, bracket in enumerate(brackets):
        top = brackets[position + 1].threshold if position + 1 < len(brackets) else None
        if parameter.scale == "marginal":
            if x <= bracket.threshold:
                break
            part = CONTEXT.subtract(x if top is None or x < top else top, bracket.threshold)
            gives = CONTEXT.multiply(part, bracket.rate or Decimal(0))
        else:
            if x < bracket.threshold or (top is not None and x >= top):
                continue
            gives = bracket.amount if bracket.amount is not None else CONTEXT.multiply(x, bracket.rate or Decimal(0))
        found.append(Slice(since=bracket.threshold, until=top, rate=bracket.rate, amount=bracket.amount, gives=gives))
    return tuple(found)
