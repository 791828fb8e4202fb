"""The form of worked cases: facts, the month, and what the law must give. Lawyers write them; the engine runs them.

Facts stay as they are written until the vocabulary says what they are: a number is a Decimal, `true` a bool, a date or a month a
date or a Month, null is None (unknown, or "there is none"), and everything else a text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from ..errors import InputError, LawError, Problems
from ..periods import Month
from .arithmetic import evaluate
from .loading import Source, list_files
from .model import Place
from .names import check_name
from .nodes import NOWHERE, Findings, Node, check_keys
from .reading import read_file, read_text

FactValue = Decimal | bool | str | date | Month | None
Facts = Mapping[str, FactValue]
Expected = Decimal | bool | str | date | Month | None
"""None: unknown, a fact is missing."""

HISTORIES = ("contributions", "residence", "employment", "benefits_in_payment", "events")
ALONE, HOUSEHOLD = "person", "household"
_KEYS = ("case", "scheme", "source", "period", "person", "assumed", "household", "members", "expect", "margin", "notes", *HISTORIES)
_ARITHMETIC = re.compile(r"[-+*/().0-9\s]*[0-9][-+*/().0-9\s]*")
_SIGN = re.compile(r"[-+*/(]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Case:
    """One legal situation. A single person is called `person`; the household is called `household` in `expect`.

    `assumed`: by subject, the names of facts that the source does not state. `expect`: by subject, the variables
    (`benefit`, `household_income`, `other_scheme.benefit`) and their values. `margin`: what a number may differ by.
    """

    name: str
    scheme: str
    period: Month
    persons: Mapping[str, Facts]
    household: Facts
    histories: Mapping[str, Mapping[str, tuple[Facts, ...]]]
    expect: Mapping[str, Mapping[str, Expected]]
    source: str = ""
    margin: Decimal = Decimal(0)
    assumed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place: Place = field(default=NOWHERE, compare=False)
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict, compare=False)
    """Where each expected value stands, by subject and variable."""


def read_cases(source: Source) -> tuple[tuple[Case, ...], tuple[LawError, ...]]:
    """The cases of a country's folder (`cases/*.yaml`), or of texts by path, and what is wrong with their form."""
    found = Findings()
    files = list_files(source, found)
    found = Findings()
    cases: list[Case] = []
    for name in files.under("cases"):
        node = files.read(name, found)
        if node is not None:
            cases += cases_of(node, found)
    return tuple(cases), tuple(found.problems)


def read_case_file(path: str | Path) -> tuple[Case, ...]:
    """The cases of one file. Raises Problems with everything that is wrong with their form."""
    return _required(read_file(Path(path), Path(path).name, found := Findings()), found)


def read_case_text(text: str, name: str = "cases") -> tuple[Case, ...]:
    """The cases of a text in YAML. Raises Problems with everything that is wrong with their form."""
    return _required(read_text(text, name, found := Findings()), found)


def _required(node: Node | None, found: Findings) -> tuple[Case, ...]:
    cases = cases_of(node, found) if node is not None else []
    if found.problems:
        raise Problems(found.problems)
    return tuple(cases)


def cases_of(node: Node, found: Findings) -> list[Case]:
    """The cases of a file's tree."""
    if not node.is_map(found, "a file of cases"):
        return []
    check_keys(node, found, "a file of cases", ("cases",), ("scheme", "source", "notes"))
    scheme_node, list_node, source_node = node.get("scheme"), node.get("cases"), node.get("source")
    scheme = (scheme_node.as_text(found, "'scheme'") if scheme_node else None) or ""
    source = (source_node.as_text(found, "'source'") if source_node else None) or ""
    cases = [_read_case(item, scheme, source, found) for item in (list_node.as_list(found, "'cases'") if list_node else ())]
    names: dict[str, Place] = {}
    for case in cases:
        if case is not None and case.name in names:
            found.problem(
                "C003",
                f"two cases are called {case.name[:60]!r}",
                case.place,
                f"the other is at line {names[case.name].line}; give each its own sentence",
            )
        if case is not None:
            names.setdefault(case.name, case.place)
    return [case for case in cases if case is not None]


def _read_case(node: Node, scheme: str, source: str, found: Findings) -> Case | None:
    before = len(found.problems)
    if not node.is_map(found, "a case"):
        return None
    check_keys(node, found, "a case", ("case", "period", "expect"), _KEYS)
    texts = {key: child.as_text(found, f"{key!r} of a case") or "" for key in ("case", "scheme", "source") if (child := node.get(key))}
    period_node, margin_node = node.get("period"), node.get("margin")
    period = period_node.as_month(found, "the period of a case") if period_node else None
    margin = margin_node.as_decimal(found, "the margin of a case") if margin_node else Decimal(0)
    if margin_node and margin is not None and margin < 0:
        found.problem("C002", f"the margin of a case is {margin}", margin_node.place, "write what a number may differ by, such as 0.01")
    persons, assumed = _read_persons(node, found)
    household = _facts(node.get("household"), found, "the household")
    assumed_household = _assumed(node, household, persons, assumed, found)
    expect, places = _read_expect(node, list(persons), found)
    histories = {table: _read_history(table, child, list(persons), found) for table in HISTORIES if (child := node.get(table))}
    if period is None or margin is None or len(found.problems) > before:
        return None
    return Case(
        name=texts["case"],
        scheme=texts.get("scheme") or scheme,
        period=period,
        persons=persons,
        household=household,
        histories=histories,
        expect=expect,
        source=texts.get("source") or source,
        margin=margin,
        assumed={subject: tuple(names) for subject, names in {**assumed, HOUSEHOLD: assumed_household}.items() if names},
        place=node.place,
        places=places,
    )


def _read_persons(node: Node, found: Findings) -> tuple[dict[str, dict[str, FactValue]], dict[str, list[str]]]:
    """The facts of each person, and the assumed names of each (filled by `_assumed`)."""
    alone, members = node.get("person"), node.map.get("members")
    persons: dict[str, dict[str, FactValue]] = {}
    if alone is not None and members is not None:
        found.problem("C001", "a case has a person or members, not both", alone.place, "write the person among the members")
    if members is not None:
        for name, child in members.as_map(found, "'members'").items():
            check_name(name, members.key_place(name), found, "a member") if name != ALONE else None
            persons[name] = _facts(child, found, f"member {name!r}")
    elif alone is not None or "person" in node.map or not node.get("household"):
        persons[ALONE] = _facts(alone, found, "the person")
    return persons, {name: [] for name in persons}


def _assumed(
    node: Node, household: dict[str, FactValue], persons: dict[str, dict[str, FactValue]], assumed: dict[str, list[str]], found: Findings
) -> list[str]:
    """Adds the assumed facts to the persons and the household; gives the names of the household's.

    `assumed` holds the facts of the one person, or facts by member (and `household`).
    """
    block = node.get("assumed")
    if block is None:
        return []
    own: list[str] = []
    by_subject = "members" in node.map
    for subject, child in block.as_map(found, "'assumed'").items() if by_subject else {ALONE: block}.items():
        place = block.key_place(subject)
        facts = _facts(child, found, f"the assumed facts of {subject!r}")
        if subject == HOUSEHOLD:
            target, names = household, own
        elif subject in persons:
            target, names = persons[subject], assumed[subject]
        else:
            Node(subject, place).as_choice(found, "a subject of 'assumed'", [*persons, HOUSEHOLD])
            continue
        for name, value in facts.items():
            if name in target:
                found.problem("C004", f"{name!r} is stated and assumed", child.key_place(name), "keep one of them")
            target[name] = value
            names.append(name)
    return own


def _facts(node: Node | None, found: Findings, what: str) -> dict[str, FactValue]:
    if node is None or node.is_null:
        return {}
    return {name: fact_value(child, found, f"{name!r} of {what}") for name, child in node.as_map(found, what).items()}


def fact_value(node: Node, found: Findings, what: str) -> FactValue:
    """A fact as it is written: in quotes it is a text."""
    if not isinstance(node.value, str):
        found.problem("L012", f"{what} must be a value, not {node.shape}", node.place, "write one value")
        return None
    if not node.plain:
        return node.text
    if node.is_null:
        return None
    if node.text in ("true", "false"):
        return node.text == "true"
    if _DATE.fullmatch(node.text):
        return node.as_date(found, what)
    if _MONTH.fullmatch(node.text):
        return node.as_month(found, what)
    if re.match(r"[-+.]?[0-9]", node.text):
        return node.as_decimal(found, what)
    return node.text


def _read_history(table: str, node: Node, persons: list[str], found: Findings) -> dict[str, tuple[Facts, ...]]:
    """The rows of a history by person; with one person the list may stand alone."""
    rows: dict[str, tuple[Facts, ...]] = {}
    if isinstance(node.value, list) and persons == [ALONE]:
        node = Node({ALONE: node}, node.place, keys={ALONE: node.place})
    for person, child in node.as_map(found, f"{table!r}").items():
        if person not in persons:
            Node(person, node.key_place(person)).as_choice(found, f"a person of {table!r}", persons)
            continue
        items = child.as_list(found, f"{table!r} of {person!r}")
        rows[person] = tuple(_facts(item, found, f"a row of {table!r}") for item in items)
    return rows


def _read_expect(node: Node, persons: list[str], found: Findings) -> tuple[dict[str, dict[str, Expected]], dict[tuple[str, str], Place]]:
    """The expected values by subject: of the one person, or by member and `household`."""
    block = node.get("expect")
    expect: dict[str, dict[str, Expected]] = {}
    places: dict[tuple[str, str], Place] = {}
    if block is None or not block.is_map(found, "'expect'"):
        return expect, places
    if not any(child.value for child in block.map.values()):
        found.problem("C006", "a case expects nothing", block.place, "write what the law gives: {eligible: true, benefit: 30}")
    nested = any(isinstance(child.value, dict) for child in block.map.values())
    subjects = block.map if nested else {ALONE if ALONE in persons else HOUSEHOLD: block}
    for subject, child in subjects.items():
        if subject not in persons and subject != HOUSEHOLD:
            Node(subject, block.key_place(subject)).as_choice(found, "a subject of 'expect'", [*persons, HOUSEHOLD])
            continue
        values = expect.setdefault(subject, {})
        for name, value in child.as_map(found, f"what is expected of {subject!r}").items():
            values[name] = _expected(value, found, f"{name!r}")
            places[subject, name] = value.place
    return expect, places


def _expected(node: Node, found: Findings, what: str) -> Expected:
    """A value, the result of arithmetic, or None for `unknown`."""
    if node.plain and node.text == "unknown":
        return None
    if node.is_null:
        found.problem("C005", f"nothing is expected for {what}", node.place, "write a value, or unknown")
        return None
    text = node.text.strip()
    if not _DATE.fullmatch(text) and not _MONTH.fullmatch(text) and _ARITHMETIC.fullmatch(text) and (node.plain or _SIGN.search(text)):
        try:
            return evaluate(text)
        except InputError as error:
            found.problem(error.code, error.what, node.place, error.hint)
            return None
    return fact_value(node, found, what)
