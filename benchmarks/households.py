"""One household: how long a decision takes once the law is loaded, without a trace.

    python benchmarks/households.py

Prints JSON for three kinds of household (`template`, `cases`, `family`): microseconds of each round for a decision on facts that
were read before and forget what was computed on them (`frames`), for one whose facts are read and checked each time (`facts`), and for
making the law ready for a month (`ready`).
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import opensocle.countries
from opensocle.engine.cases import facts_of
from opensocle.engine.deciding import Decider
from opensocle.engine.facts import given_variables, read_household
from opensocle.law.cases import read_cases
from opensocle.law.law import Law, load
from opensocle.periods import Month

ROUNDS = 15
SECONDS = 0.02
"""Of a round, about."""
TEMPLATE = Path(__file__).resolve().parent / "openfisca" / "law"
EXEMPLIA = Path(opensocle.countries.__path__[0]) / "exemplia"
FAMILY: dict[str, Any] = {
    "household": {},
    "members": {
        "mother": {"birth_date": "1990-05-01", "sex": "female", "relationship_to_head": "head", "residence_status": "usual_resident"},
        "father": {"birth_date": "1988-02-11", "sex": "male", "relationship_to_head": "spouse", "residence_status": "usual_resident"},
        "daughter": {"birth_date": "2018-03-02", "sex": "female", "relationship_to_head": "child", "residence_status": "usual_resident"},
        "son": {"birth_date": "2023-09-30", "sex": "male", "relationship_to_head": "child", "residence_status": "usual_resident"},
    },
}


def microseconds(action: Callable[[], Any], rounds: int) -> list[float]:
    """Microseconds of the action, by round: each round repeats it for some hundredths of a second."""
    repeats, taken = 1, 0.0
    while taken < SECONDS / 2:
        repeats *= 2
        taken = _seconds(action, repeats)
    return [_seconds(action, repeats) / repeats * 1e6 for _ in range(rounds)]


def _seconds(action: Callable[[], Any], repeats: int) -> float:
    started = time.perf_counter()
    for _ in range(repeats):
        action()
    return time.perf_counter() - started


def decisions(law: Law, month: Month, wanted: list[str] | None, facts: dict[str, Any], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Times of the decision on one household's facts."""
    decider = Decider(law, month, wanted, given_variables(facts))
    home, people = read_household(law, facts)

    def on_frames() -> None:
        if home is not None:
            home.memo.clear()
        for person in people:
            person.memo.clear()
        decider.of_frames(home, people)

    return {
        "facts": microseconds(lambda: decider.decide(facts), rounds),
        "frames": microseconds(on_frames, rounds),
        "ready": microseconds(lambda: Decider(law, month, wanted, given_variables(facts)), rounds),
    }


def template() -> dict[str, list[float]]:
    """The household of the template's case of a lone parent, its three results of a month."""
    cases, _ = read_cases(TEMPLATE)
    case = next(case for case in cases if len(case.persons) > 1)
    return decisions(load(TEMPLATE), case.period, ["disposable_income", "total_benefits", "total_taxes"], facts_of(case))


def exemplia_cases() -> dict[str, list[float]]:
    """Exemplia's worked cases, each with the scheme that it is about: the median of each case."""
    law = load(EXEMPLIA)
    cases, _ = read_cases(EXEMPLIA)
    found = [
        decisions(law, case.period, [case.scheme], facts_of(case), rounds=3)
        for case in cases[:: max(1, len(cases) // 40)]
        if case.scheme in law.schemes
    ]
    return {name: [statistics.median(one[name]) for one in found] for name in found[0]}


def exemplia_family() -> dict[str, list[float]]:
    """A couple with two children, all schemes of Exemplia at once."""
    return decisions(load(EXEMPLIA), Month(2026, 3), None, FAMILY)


def main() -> None:
    print(json.dumps({"template": template(), "cases": exemplia_cases(), "family": exemplia_family()}))


if __name__ == "__main__":
    main()
