"""How deeply the rules of a law lean on each other: the operators between a result and the facts that it rests on, one on top of another."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import LawError
from . import tree as t
from .compiling import Rule, RuleName

DEEPEST = 1_000
"""Operators on top of each other in a whole law; real laws have fewer than a hundred."""


def depths(rules: Mapping[RuleName, Rule]) -> dict[RuleName, int]:
    """The depth of each rule, those that it uses included; `rules` in an order in which each can be computed."""
    found: dict[RuleName, int] = {}
    for key, rule in rules.items():
        found[key] = max((_depth(formula.expr, found) for formula in rule.formulas), default=0)
    return found


def _depth(root: t.Expr, known: Mapping[RuleName, int]) -> int:
    deepest = 0
    pending = [(root, 1)]
    while pending:
        expr, level = pending.pop()
        below = known.get((expr.owner, expr.name), 0) if isinstance(expr, t.Result) else 0
        deepest = max(deepest, level + below)
        pending.extend((part, level + 1) for part in t.below(expr))
    return deepest


def check_depth(rules: Mapping[RuleName, Rule]) -> list[LawError]:
    """A problem for the first rule that is too deep to be computed."""
    for key, depth in depths(rules).items():
        if depth > DEEPEST:
            rule = rules[key]
            place = str(rule.formulas[-1].place) if rule.formulas else ""
            what = f"{rule} rests on {depth:,} operators on top of each other"
            return [LawError("F032", what, at=place, hint=f"shorten the chain of variables: {DEEPEST:,} is the limit")]
    return []
