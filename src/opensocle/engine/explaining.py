"""Why one person or household gets what it gets: verdicts, reasons as data, and the facts still to be asked for.

    explanation = explain(decision, "child_grant", "Amina")
    print(explanation.as_text("fr"))

Method: docs/methods/explanations.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .. import __version__
from ..errors import InputError, nearest
from ..law import tree as t
from ..law.compiling import Rule
from ..law.law import Law
from ..law.model import RESERVED, Scheme
from ..periods import Month
from .deciding import HOUSEHOLD, Decision
from .reasons import Amount, Failing, Missing, Obstacle, Outcome, Reason, State, Step, Titles, Verdict, as_data
from .spots import Frame, Spot, Spots
from .tracing import Tracer, joined, joins, source_of
from .unknowns import Unknowns

_AMOUNTS = tuple(name for name in RESERVED if name != "eligible")


@dataclass(frozen=True, eq=False)
class Explanation:
    """The reasons of a scheme's verdict, or of one variable, for one subject.

    name: the scheme or variable; steps: the variables explained (a scheme has several); missing and obstacles: why a value is unknown.
    """

    law: Law
    month: Month
    name: str
    title: Titles
    subject: str
    verdict: Verdict | None
    steps: tuple[Step, ...]
    missing: tuple[Missing, ...]
    obstacles: tuple[Obstacle, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON, the same for the same law and facts."""
        country = self.law.country
        return {
            "name": self.name,
            "title": dict(self.title),
            "subject": self.subject,
            "month": str(self.month),
            "verdict": self.verdict.as_dict() if self.verdict else None,
            "steps": as_data(self.steps),
            "missing": as_data(self.missing),
            "obstacles": as_data(self.obstacles),
            "country": {"code": country.code, "title": dict(country.title), "currency": country.currency.code},
            "law": self.law.hash,
            "version": __version__,
        }

    def as_text(self, lang: str = "en") -> str:
        """A tree in plain text, 100 columns wide. lang: en or fr. Raises InputError P042."""
        from .rendering import as_text

        return as_text(self, lang)

    def as_html(self, lang: str = "en") -> str:
        """A complete page without scripts or anything from elsewhere. lang: en or fr. Raises InputError P042."""
        from .rendering import as_html

        return as_html(self, lang)


def explain(decision: Decision, variable: str, subject: Any = None) -> Explanation:
    """The reasons of a variable (`child_grant.benefit`, a concept's bare name) or of a scheme's verdict.

    subject: a member's name, `person`, or `household`; may be left out where there is one only. Raises InputError P040 for a variable
    that the decision did not compute, P041 for a subject that it does not have.
    """
    spots = Spots(decision)
    if variable in decision.law.schemes:
        return _of_scheme(decision, spots, decision.law.schemes[variable], subject)
    rule, as_of = spots.find(variable)
    frame, name = _frame(decision, rule.entity, subject)
    step = Tracer(spots).step(rule, as_of, frame)
    unknowns = Unknowns(spots)
    unknowns.of_rule(rule, as_of, frame)
    return Explanation(decision.law, decision.month, str(rule), rule.title, name, None, (step,), unknowns.missing, unknowns.obstacles)


def entitlements(decision: Decision) -> list[Verdict]:
    """The verdict of every scheme that the decision computed, for every person or household that it may belong to."""
    spots = Spots(decision)
    verdicts = []
    for scheme in decision.law.schemes.values():
        rules = _computed(spots, scheme)
        if rules:
            verdicts += [_verdict(spots, scheme, rules, name, frame) for name, frame in _frames(decision, scheme.unit)]
    return verdicts


def _of_scheme(decision: Decision, spots: Spots, scheme: Scheme, subject: Any) -> Explanation:
    rules = _computed(spots, scheme)
    if not rules:
        raise InputError("P040", f"{scheme.name!r} was not computed in this decision", hint=f"decide with wanted=[{scheme.name!r}]")
    frame, name = _frame(decision, scheme.unit, subject)
    verdict = _verdict(spots, scheme, rules, name, frame)
    tracer = Tracer(spots)
    steps: list[Step] = []
    for wanted in ("benefit", *(name for name in RESERVED if name != "benefit")):
        rule = rules.get(wanted)
        if rule and not tracer.has(rule, scheme.as_of, frame):
            steps.append(tracer.step(rule, scheme.as_of, frame))
    return Explanation(decision.law, decision.month, scheme.name, scheme.title, name, verdict, tuple(steps), verdict.missing, verdict.obstacles)


def _computed(spots: Spots, scheme: Scheme) -> dict[str, Rule]:
    """The reserved variables of the scheme that belong to its unit and that the decision has."""
    rules = {name: spots.law.rules[scheme.name, name] for name in RESERVED if name in scheme.variables}
    return {name: rule for name, rule in rules.items() if rule.entity == scheme.unit and (*rule.key, spots.month, scheme.as_of) in spots.plan.rules}


# --- subjects


def _frames(decision: Decision, entity: str) -> list[tuple[str, Frame]]:
    if entity == HOUSEHOLD:
        return [(HOUSEHOLD, decision.household)] if decision.household else []
    return [(str(name), person) for name, person in decision.people.items()]


def _frame(decision: Decision, entity: str, subject: Any) -> tuple[Frame, str]:
    frames = dict(_frames(decision, entity))
    if subject is None and (len(frames) == 1 or entity == HOUSEHOLD):
        subject = next(iter(frames), None)
    found = frames.get(str(subject))
    if found is None and entity == HOUSEHOLD and subject in decision.people and decision.household:
        subject, found = HOUSEHOLD, decision.household
    if found is None:
        what = f"it belongs to a {entity}" if subject is None else f"no {entity} {subject!r} in this decision"
        raise InputError("P041", what, hint=nearest(str(subject or ""), list(frames)) or "give the facts of the household")
    return found, str(subject)


# --- verdicts


def _verdict(spots: Spots, scheme: Scheme, rules: Mapping[str, Rule], subject: str, frame: Frame) -> Verdict:
    values = {name: spots.rule_value(rule, scheme.as_of, frame) for name, rule in rules.items()}
    first = rules.get("eligible") or next(iter(rules.values()))
    outcome = _outcome(values)
    unknowns = Unknowns(spots)
    if outcome not in ("not_entitled", "nothing_due"):
        for rule in rules.values():
            unknowns.of_rule(rule, scheme.as_of, frame)
    state = spots.state(first, scheme.as_of, frame)
    failing = _failing(spots, first, scheme.as_of, frame) if outcome == "not_entitled" and state in ("computed", "claims_unknown") else ()
    amounts = tuple(
        Amount(name=name, title=rules[name].title, value=values[name], unit=str(rules[name].kind.unit), type=rules[name].kind.type)
        for name in _AMOUNTS
        if name in rules
    )
    return Verdict(
        scheme=scheme.name, title=scheme.title, subject=subject, month=spots.month, paid=scheme.paid, outcome=outcome, state=_refused(state, outcome),
        amounts=amounts, failing=failing, missing=unknowns.missing, obstacles=unknowns.obstacles,
    )  # fmt: skip


def _refused(state: State, outcome: Outcome) -> State:
    """What stands in the way of a right as such; nothing where a decision was reached all the same."""
    return "computed" if state == "claims_unknown" and outcome != "undecided" else state


def _outcome(values: Mapping[str, Any]) -> Outcome:
    if "eligible" in values:
        right = values["eligible"]
        return "undecided" if right is None else "entitled" if right else "not_entitled"
    amounts = [value for name, value in values.items() if name != "duration"]
    if any(amounts):
        return "due"
    return "undecided" if None in amounts else "nothing_due"


def _failing(spots: Spots, rule: Rule, as_of: str, frame: Frame | None) -> tuple[Failing, ...]:
    """The first condition that is not met, then the first one that it fails by, and so on."""
    chain: list[Failing] = []
    place: tuple[Rule, str, Frame | None] | None = (rule, as_of, frame)
    while place:
        rule, as_of, frame = place
        place = None
        formula, spot = spots.opened(rule, as_of, frame)
        if formula is None or spots.state(rule, as_of, frame) not in ("computed", "claims_unknown"):
            break
        expr = _first_false(spots, formula.expr, spot)
        reasons: tuple[Reason, ...] = ()
        inner = _behind(expr)
        if inner and spots.value(inner, spot) is False and spots.rule_of(inner, spot)[2] is not None:
            place = spots.rule_of(inner, spot)
        else:
            reasons = _values(spots, expr, spot)
        source = source_of(rule, spots.law.schemes.get(rule.owner))
        title = place[0].title if place else {}
        chain.append(Failing(text=spot.piece(expr), variable=str(rule), title=title, source=source, reasons=reasons))
    return tuple(chain)


def _first_false(spots: Spots, expr: t.Expr, spot: Spot) -> t.Expr:
    """The first condition of a false formula that is false, through `and` and the branches taken."""
    if joins(expr, "and"):
        found = next((part for part in joined(expr, "and") if spots.value(part, spot) is False), expr)
        return expr if found is expr else _first_false(spots, found, spot)
    if isinstance(expr, t.Op) and expr.op == "if":
        condition = spots.value(expr.args[0], spot)
        branch = expr.args[1 if condition else 2]
        return expr.args[0] if isinstance(branch, t.Const) else _first_false(spots, branch, spot)
    return expr


def _behind(expr: t.Expr) -> t.Result | None:
    """The variable that a condition is, where it is nothing else. Derived facts are explained by their values."""
    return expr if isinstance(expr, t.Result) and expr.owner != "vocabulary" else None


def _values(spots: Spots, expr: t.Expr, spot: Spot) -> tuple[Reason, ...]:
    """The reasons a counter shows: the values only, not what these rest on."""
    tracer = Tracer(spots, flat=True)
    reasons = tracer.reasons(expr, spot)
    if tracer.doubtful:
        reasons = Tracer(spots).reasons(expr, spot)
    return tuple(replace(reason, children=()) if reason.children else reason for reason in reasons)


__all__ = ["Explanation", "Verdict", "entitlements", "explain"]
