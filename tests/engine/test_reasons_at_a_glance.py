"""The reasons of a verdict are found without what they rest on: the same as those of a whole explanation, in every worked case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_laws import REAL, country

from opensocle.engine import explaining
from opensocle.engine.cases import facts_of
from opensocle.engine.deciding import decide
from opensocle.engine.reasons import Reason
from opensocle.engine.spots import Spot, Spots
from opensocle.engine.tracing import Tracer
from opensocle.law import tree as t


def from_the_whole(spots: Spots, expr: t.Expr, spot: Spot) -> tuple[Reason, ...]:
    return tuple(replace(reason, children=()) for reason in Tracer(spots).reasons(expr, spot))


@pytest.mark.parametrize("name", REAL)
def test_the_reasons_of_every_refusal_are_those_of_the_whole_explanation(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (law, cases), reasons = country(name), 0
    for case in cases[:60]:
        at_a_glance = explaining.entitlements(decide(law, facts_of(case), case.period))
        with monkeypatch.context() as patched:
            patched.setattr(explaining, "_values", from_the_whole)
            whole = explaining.entitlements(decide(law, facts_of(case), case.period))
        assert at_a_glance == whole, case.name
        reasons += sum(len(failing.reasons) for verdict in whole for failing in verdict.failing)
    assert reasons > 0
