"""The legal conditions of a right, in the order in which an explanation looks at them.

`eligible` is cut at its `and`s; a variable of the law that is itself a conjunction is opened in its place, and so on. What is left are
conditions that a lawyer recognises: a comparison, a named step such as `resident`, an `or`. Method: docs/methods/exclusion.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from ..errors import InputError, nearest
from ..law import tree as t
from ..law.compiling import Rule
from ..law.law import Law
from ..law.model import RESERVED, Scheme
from ..periods import Month
from ..vocabulary import labels
from ..vocabulary.model import HOUSEHOLDS, PERSONS
from .plan import HOUSEHOLD, PERSON
from .planning import Context
from .reasons import Titles
from .spots import Spot
from .themes import OTHER, theme_of
from .tracing import joined, joins, legal_basis, source_of

Kind = Literal["claim", "life", "given", "law", "benefit"]
Standing = Literal["in_force", "not_in_force", "no_formula", "no_right", "no_households"]
NOBODY: frozenset[str] = frozenset()

LIFE: Titles = {"en": "Born and alive", "fr": "Personne née et en vie"}
CLAIM = {"en": "Claim: {}", "fr": "Demande : {}"}
BENEFIT: Titles = {"en": "The benefit is above zero", "fr": "La prestation est supérieure à zéro"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a scheme's right, numbered from 1.

    kind: `claim` (the event is claimed for in the month) or `life` (born and alive) stand before what the formula says (`law`); `given`: the
    data give the right; `benefit`: a scheme without `eligible`. text: of the condition in the formula of `variable`, which belongs to `owner`
    (a scheme or `concepts`) and has its `source`. title: where the condition is a variable or a fact by itself. theme: of the labels `themes`.
    """

    scheme: str
    number: int
    kind: Kind
    text: str
    variable: str
    owner: str
    title: Titles
    source: str
    theme: str
    expr: t.Expr | None = field(default=None, repr=False, compare=False)
    context: Context | None = field(default=None, repr=False, compare=False)


def standing(law: Law, scheme: str, month: Month | str) -> Standing:
    """Whether a scheme has a right to ask about in the month: no_formula: none is in force; no_right: it gives no benefit (contributions).

    Raises InputError P030 for a scheme that the law does not have.
    """
    found = _scheme(law, scheme)
    rule = _right(law, found)
    if rule is None:
        return "no_right"
    day = _context(law, rule, found.as_of, _month(month)).day
    if not _in_force(found, day):
        return "not_in_force"
    return "in_force" if rule.on(day) else "no_formula"


def conditions(law: Law, scheme: str, month: Month | str, given: frozenset[str] = NOBODY) -> tuple[Condition, ...]:
    """The conditions of a scheme's right in the month, none where `standing` is not in_force.

    given: variables that the data supply (`concepts.resident`): these are not opened. Raises InputError P030.
    """
    found, when = _scheme(law, scheme), _month(month)
    if standing(law, scheme, when) != "in_force":
        return ()
    rule = _right(law, found)
    assert rule is not None
    context = _context(law, rule, found.as_of, when)
    if rule.name == "eligible" and str(rule) in given:
        drafts = [_draft(law, found, "given", rule, context, rule.name, rule.title)]
    elif rule.name == "benefit":
        drafts = [*_before(law, found, rule, context), _draft(law, found, "benefit", rule, context, "benefit > 0", BENEFIT)]
    else:
        drafts = [*_before(law, found, rule, context), *_opened(law, found, rule, context, given)]
    return tuple(replace(draft, number=number) for number, draft in enumerate(drafts, 1))


def _before(law: Law, scheme: Scheme, rule: Rule, context: Context) -> Iterator[Condition]:
    """What a person's right asks for before its formula: the claim for the event, or to be there."""
    if context.event:
        event = labels("contingencies")[context.event].title
        title = {language: CLAIM[language].format(text.lower()) for language, text in event.items()}
        yield _draft(law, scheme, "claim", rule, context, context.event, title)
    elif rule.entity == PERSON:
        yield _draft(law, scheme, "life", rule, context, "alive", LIFE)


def _opened(law: Law, scheme: Scheme, rule: Rule, context: Context, given: frozenset[str]) -> Iterator[Condition]:
    """The conditions of a formula, through `and` and through variables that are conjunctions themselves, from left to right."""
    formula = rule.on(context.day)
    assert formula is not None
    pending = [(formula.expr, rule, Spot(formula.text, context, None))]
    while pending:
        expr, inside, spot = pending.pop()
        if joins(expr, "and"):
            pending += [(part, inside, spot) for part in reversed(joined(expr, "and"))]
            continue
        inner = _behind(law, expr, spot.context, given)
        if inner is not None:
            pending.append(inner)
        else:
            yield _draft(law, scheme, "law", inside, spot.context, spot.piece(expr), _title(law, expr), expr)


def _behind(law: Law, expr: t.Expr, context: Context, given: frozenset[str]) -> tuple[t.Expr, Rule, Spot] | None:
    """The formula of the variable that a condition is, where that is a conjunction, or a name of one."""
    while isinstance(expr, t.Result) and expr.owner != "vocabulary":
        rule, scheme = law.rules[expr.owner, expr.name], law.schemes.get(expr.owner)
        context = _context(law, rule, scheme.as_of if scheme else context.as_of, context.month)
        formula = rule.on(context.day)
        closed = (scheme and (rule.name in RESERVED or not _in_force(scheme, context.day))) or f"{rule.owner}.{rule.name}" in given
        if formula is None or closed:
            return None
        expr = formula.expr
        if joins(expr, "and"):
            return expr, rule, Spot(formula.text, context, None)
    return None


def _draft(law: Law, scheme: Scheme, kind: Kind, rule: Rule, context: Context, text: str, title: Titles, expr: t.Expr | None = None) -> Condition:
    """A condition without its number."""
    source = legal_basis(scheme) if kind in ("claim", "life") else source_of(rule, law.schemes.get(rule.owner))
    theme = "contingency" if kind == "claim" else OTHER
    formula = rule.on(context.day)
    if kind == "benefit" and formula:
        theme = theme_of(law, formula.expr, rule.owner, context.day)
    elif expr is not None:
        theme = theme_of(law, expr, rule.owner, context.day)
    return Condition(scheme.name, 0, kind, text, str(rule), rule.owner, title, source, theme, expr, context)


def _title(law: Law, expr: t.Expr) -> Titles:
    """The title of the variable or fact that a condition is by itself."""
    if isinstance(expr, t.Result) and expr.owner != "vocabulary":
        return law.rules[expr.owner, expr.name].title
    if isinstance(expr, t.Result):
        word = law.vocabulary.fact(HOUSEHOLDS if expr.entity == HOUSEHOLD else PERSONS, expr.name)
    elif isinstance(expr, t.Fact):
        word = law.vocabulary.fact("events" if expr.table == "event" else expr.table, expr.name)
    else:
        word = None
    return word.title if word else {}


# --- where a right stands


def _scheme(law: Law, name: str) -> Scheme:
    if name not in law.schemes:
        raise InputError("P030", f"the law has no scheme {name!r}", hint=nearest(name, list(law.schemes)))
    return law.schemes[name]


def _month(month: Month | str) -> Month:
    return month if isinstance(month, Month) else Month.parse(month)


def _right(law: Law, scheme: Scheme) -> Rule | None:
    """What decides on the right: `eligible`, else `benefit`."""
    return law.rules.get((scheme.name, "eligible")) or law.rules.get((scheme.name, "benefit"))


def _context(law: Law, rule: Rule, as_of: str, month: Month) -> Context:
    return Context(month, as_of, rule.owner, rule.entity, event=law.events.get(rule.owner, ""))


def _in_force(scheme: Scheme, day: date) -> bool:
    return scheme.since <= day and (scheme.until is None or day < scheme.until)
