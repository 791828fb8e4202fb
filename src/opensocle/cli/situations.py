"""The facts of one household for `socle explain`: from a file in YAML or JSON, from standard input, from a worked case, from a population.

The form is that of `engine.facts`: household, person or members, and histories. A file may name its month: `period: 2026-03`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import DataError, InputError, LawError, Problems, SocleError, nearest
from ..periods import Month

if TYPE_CHECKING:
    from ..law.law import Law
    from ..law.nodes import Findings, Node

Facts = dict[str, Any]
_MOST = 1_000_000
_HISTORIES = ("contributions", "residence", "employment", "benefits_in_payment", "events")
_MAPS = ("household", "person")


class Situation(NamedTuple):
    """The facts of a household, the month that they name, and whom they are about where they say so."""

    facts: Facts
    month: Month | None = None
    subject: Any = None
    scheme: str = ""


def from_text(source: str) -> Situation:
    """The facts of a file, or of standard input for `-`. Raises InputError U020, U021, Problems."""
    if source == "-":
        text, name = sys.stdin.read(_MOST + 1), "standard input"
    else:
        path = Path(source)
        if not path.is_file():
            raise InputError("U020", "there is no such file", at=source, hint="write a file of facts, or - for standard input")
        with path.open(encoding="utf-8", errors="replace") as stream:
            text, name = stream.read(_MOST + 1), source
    if len(text) > _MOST:
        raise InputError("U020", "the facts are larger than 1 MB", at=name, hint="give the facts of one household")
    plain = _json(text, name) if text.lstrip().startswith("{") and not source.endswith((".yaml", ".yml")) else _yaml(text, name)
    problems = _shape(plain, name)
    if problems:
        raise Problems(problems)
    period = plain.pop("period", None)
    month = period if isinstance(period, Month) else Month.parse(str(period)) if period is not None else None
    return Situation(plain, month)


def from_case(country: Path, name: str) -> Situation:
    """The facts of the worked case of that name, or of the only one whose name holds the text. Raises InputError U022."""
    from ..engine.cases import facts_of
    from ..law.cases import read_cases

    cases, problems = read_cases(country)
    if problems:
        raise Problems(problems)
    found = [case for case in cases if case.name == name] or [case for case in cases if name.lower() in case.name.lower()]
    if len(found) > 1:
        named = "; ".join(f"{case.name!r} ({case.place})" for case in found[:3])
        raise InputError("U022", f"{len(found)} cases are called like {name!r}: {named}", hint="write more of the name")
    if not found:
        raise InputError("U022", f"there is no case {name!r}", hint=nearest(name, [case.name for case in cases]) or "the law has no cases")
    case = found[0]
    return Situation(facts_of(case), case.period, next(iter(case.persons), None), case.scheme)


def from_people(law: Law, people: str, person: str | None) -> Situation:
    """The household of a person of a population. Raises InputError U023, DataError."""
    from ..engine.facts import known_facts
    from .locating import open_people

    population = open_people(people)
    if person is None:
        raise InputError("U023", "of whom?", hint="name a person of the population: --person 12")
    types = population.tables["persons"].columns
    key: int | str = person
    if "string" not in types.get("person_id", ""):
        if not (person.isascii() and person.isdigit()):
            raise InputError("U023", f"{person!r} is not an identifier of these people", hint="theirs are numbers: --person 12")
        key = int(person)
    try:
        facts = known_facts(law, population.person(key, law.vocabulary))
    except DataError as error:
        if error.code != "D021":
            raise
        raise InputError("U023", f"there is no person {person!r} among these people", hint="--person takes a person_id of theirs") from error
    return Situation(facts, Month.of(population.date) if population.date else None, key)


# --- texts


def _json(text: str, name: str) -> Facts:
    def refuse(word: str) -> None:
        raise ValueError(f"{word} is not a number")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a key stands twice in the same map")
        return found

    try:
        return json.loads(text, parse_float=Decimal, parse_constant=refuse, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        at = f"{name}:{error.lineno}:{error.colno}"
        raise InputError("U021", f"this is not JSON: {error.msg}", at=at, hint="check quotes, commas and brackets") from error
    except (ValueError, RecursionError) as error:
        raise InputError("U021", f"this is not JSON that can be read: {error}", at=name, hint="check numbers and brackets") from error


def _yaml(text: str, name: str) -> Any:
    from ..law.nodes import Findings
    from ..law.reading import read_text

    found = Findings()
    node = read_text(text, Path(name).name if name != "standard input" else name, found)
    plain = _plain(node, found) if node is not None else None
    if found.problems:
        raise Problems([_as_input(problem) for problem in found.problems])
    return plain


def _plain(node: Node, found: Findings) -> Any:
    from ..law.cases import fact_value

    if node.map or isinstance(node.value, dict):
        return {key: _plain(child, found) for key, child in node.map.items()}
    if isinstance(node.value, list):
        return [_plain(child, found) for child in node.items]
    return fact_value(node, found, "a fact")


def _as_input(problem: LawError) -> InputError:
    """Facts are the caller's: what is wrong with them is wrong input, not a wrong law."""
    return InputError(problem.code, problem.what, at=problem.at, hint=problem.hint)


# --- shape


def _shape(plain: Any, name: str) -> list[SocleError]:
    """What cannot be the facts of a household; facts themselves are checked by the engine."""
    if not isinstance(plain, Mapping):
        return [InputError("U021", "the facts are not a map", at=name, hint="write person: {…}, or household: {…} and members: {…}")]
    problems: list[SocleError] = []
    for key, value in plain.items():
        if value is None or key == "period":
            continue
        good, wanted = _fits(key, value)
        if not good:
            problems.append(InputError("U021", f"{key!r} must be {wanted}", at=name, hint="see docs/reference/cli.md#facts"))
    return problems


def _fits(key: str, value: Any) -> tuple[bool, str]:
    if key in _MAPS:
        return _is_row(value), "a map of facts"
    if key == "members":
        return isinstance(value, Mapping) and all(_is_row(one) for one in value.values()), "a map of members, each a map of facts"
    if key in _HISTORIES:
        lists = list(value.values()) if isinstance(value, Mapping) else [value]
        good = all(isinstance(rows, list) and all(_is_row(row) for row in rows) for rows in lists)
        return good, "a list of rows, or such a list for each member"
    return True, ""


def _is_row(value: Any) -> bool:
    return isinstance(value, Mapping) and not any(isinstance(fact, Mapping | list) for fact in value.values())
