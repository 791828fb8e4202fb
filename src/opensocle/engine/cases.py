"""Runs a law's worked cases: the facts go in, what comes out must be what the lawyers wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..errors import LawError, Problems, SocleError, nearest
from ..law.cases import ALONE, Case
from ..law.law import Law
from ..vocabulary.model import HISTORIES
from .deciding import HOUSEHOLD, Decider
from .facts import given_variables
from .operators import Value


@dataclass(frozen=True, slots=True)
class Difference:
    """A result that is not what was expected. `cause`: the first variable, in the order of calculation, whose value is out of line."""

    subject: str
    variable: str
    expected: Value
    found: Value
    at: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case: its differences, or the error that stopped it."""

    case: Case
    differences: tuple[Difference, ...] = ()
    error: SocleError | None = None

    @property
    def passed(self) -> bool:
        return not self.differences and self.error is None


def run_cases(law: Law, cases: Iterable[Case]) -> list[Outcome]:
    """The outcome of each case, in their order."""
    deciders: dict[Any, Decider] = {}
    return [_run(law, case, deciders) for case in cases]


def facts_of(case: Case) -> dict[str, Any]:
    """The facts of a case as `decide` takes them."""
    given: dict[str, Any] = {table: dict(rows) for table, rows in case.histories.items() if table in HISTORIES}
    if set(case.persons) == {ALONE}:
        given[ALONE] = dict(case.persons[ALONE])
        if case.household:
            given["household"] = dict(case.household)
    else:
        given["household"] = dict(case.household)
        given["members"] = {name: dict(facts) for name, facts in case.persons.items()}
    return given


def _run(law: Law, case: Case, deciders: dict[Any, Decider]) -> Outcome:
    try:
        wanted = {(subject, name): _qualified(law, case, name) for subject, values in case.expect.items() for name in values}
        given = facts_of(case)
        key = (case.period, tuple(sorted(set(wanted.values()))), given_variables(given))
        if key not in deciders:
            deciders[key] = Decider(law, case.period, sorted(set(wanted.values())), key[2])
        values = deciders[key].decide(given).values
    except SocleError as error:
        return Outcome(case, error=_placed(error, case))
    differences = []
    for (subject, name), variable in _in_order(law, wanted):
        expected = case.expect[subject][name]
        found = _found(values, subject, variable)
        if not agrees(expected, found, case.margin):
            differences.append(Difference(subject, variable, expected, found, str(case.places.get((subject, name), case.place))))
    return Outcome(case, tuple(differences))


def _placed(error: SocleError, case: Case) -> SocleError:
    """The error, with the case's place in front of where it arose."""
    if isinstance(error, Problems) and error.problems:
        first = error.problems[0]
        return LawError(first.code, first.what, at=f"{case.place} {first.at}".strip(), hint=first.hint)
    return LawError(error.code, error.what, at=error.at or str(case.place), hint=error.hint)


def _found(values: Mapping[Any, Mapping[str, Value]], subject: str, variable: str) -> Value:
    """A person alone may be asked for what belongs to the household."""
    own = values.get(subject, {})
    return own[variable] if variable in own else values.get(HOUSEHOLD, {}).get(variable)


def _qualified(law: Law, case: Case, name: str) -> str:
    """The full name of an expected variable: the case's own scheme, then the concepts, then other schemes."""
    if "." in name:
        return name
    if (case.scheme, name) in law.rules:
        return f"{case.scheme}.{name}"
    if ("concepts", name) in law.rules or ("vocabulary", name) in law.rules:
        return name
    scheme = law.schemes.get(case.scheme)
    known = list(scheme.variables) if scheme else list(law.schemes)
    raise LawError("C010", f"the law has no variable {name!r}", at=str(case.place), hint=nearest(name, known))


def _in_order(law: Law, wanted: Mapping[tuple[str, str], str]) -> list[tuple[tuple[str, str], str]]:
    """The expected values in the order of calculation, so that the first difference is the cause."""
    order = {(f"{o}.{n}" if o not in ("concepts", "vocabulary") else n): position for position, (o, n) in enumerate(law.rules)}
    return sorted(wanted.items(), key=lambda item: (order.get(item[1], 0), item[0]))


def agrees(expected: Value, found: Value, margin: Decimal = Decimal(0)) -> bool:
    """Whether a result is what was expected, numbers within the margin; unknown agrees only with unknown."""
    if expected is None or found is None:
        return expected is found
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, Decimal | int) and isinstance(found, Decimal | int):
        return abs(Decimal(expected) - Decimal(found)) <= margin
    return expected == found
