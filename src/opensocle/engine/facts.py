"""The facts of one household, given as plain data, made into frames for the closures; every wrong fact is reported.

{"household": {facts}, "members": {name: {facts}}, "contributions": {name: [rows]}, "events": {name: [rows]}, …}
{"person": {facts}, "contributions": [rows], …}        one person without a household
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ..errors import InputError, Problems, nearest
from ..law.law import Law
from ..periods import Month, months, parse_date
from ..vocabulary.model import HISTORIES, Fact
from .closures import Household, Person, Row
from .lowering import BOUND

ALONE = "person"
Plain = Mapping[str, Any]


def read_household(law: Law, given: Plain) -> tuple[Household | None, list[Person]]:
    """The frames of a household and its members. Raises Problems with an InputError P03x for each fact that is wrong."""
    reader = _Reader(law)
    result = reader.household(given)
    if reader.problems:
        raise Problems(reader.problems)
    return result


def given_variables(given: Plain) -> frozenset[str]:
    """The variables of the law that are given instead of computed: `old_age_pension.years`."""
    subjects = [given.get("household") or {}, given.get(ALONE) or {}, *(given.get("members") or {}).values()]
    return frozenset(name for facts in subjects for name in facts if "." in name)


def known_facts(law: Law, given: Plain) -> dict[str, Any]:
    """The facts of a household of somebody's data that this law's vocabulary has a word for; columns of other laws are left out."""
    words = law.vocabulary.tables
    rules = {str(rule) for rule in law.rules.values()}

    def only(table: str, facts: Plain) -> dict[str, Any]:
        return {name: value for name, value in facts.items() if name in words[table] or name in rules}

    known: dict[str, Any] = dict(given)
    if given.get("household") is not None:
        known["household"] = only("households", given["household"])
    if given.get("members") is not None:
        known["members"] = {name: only("persons", facts) for name, facts in given["members"].items()}
    for table in HISTORIES:
        if isinstance(given.get(table), Mapping):
            known[table] = {name: [only(table, row) for row in rows] for name, rows in given[table].items()}
    return known


class _Reader:
    def __init__(self, law: Law) -> None:
        self.law, self.words = law, law.vocabulary
        self.problems: list[InputError] = []

    def fail(self, code: str, what: str, at: str, hint: str = "") -> None:
        self.problems.append(InputError(code, what, at=at, hint=hint))

    def household(self, given: Plain) -> tuple[Household | None, list[Person]]:
        for key in given:
            if key not in ("household", "members", ALONE, *HISTORIES):
                self.fail("P031", f"unknown part {key!r}", "household", nearest(key, ["household", "members", ALONE, *HISTORIES]))
        alone = given.get("members") is None
        members = {ALONE: given.get(ALONE) or {}} if alone else given["members"]
        facts = given.get("household")
        nobody = facts is None and (alone or "household" in given)  # a household of None: these persons have none
        home = None if nobody else Household(self.facts("households", facts or {}, "household"), [])
        people = []
        for name, plain in members.items():
            person = Person(name, self.facts("persons", plain, str(name)), home, {})
            person.histories = {table: self.history(table, given[table], person, alone) for table in HISTORIES if given.get(table) is not None}
            person.claims = self.claims(person)
            people.append(person)
        self.check_owners(given, members, alone)
        if home is not None:
            home.members = people
        return home, people

    def check_owners(self, given: Plain, members: Plain, alone: bool) -> None:
        for table in HISTORIES:
            rows = given.get(table)
            if isinstance(rows, Mapping):
                for name in rows:
                    if name not in members:
                        self.fail("P032", f"{table} of {name!r}, who is not a member", table, nearest(str(name), [str(m) for m in members]))
            elif rows is not None and not alone:
                self.fail("P032", f"{table} must be given by member", table, f"write {{name: [rows]}} for {table}")

    def facts(self, table: str, plain: Plain, at: str) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        for name, value in plain.items():
            word = self.words.fact(table, name)
            if word:
                facts[name] = self.value(word, value, f"{at}.{name}")
            elif "." in name and tuple(name.split(".", 1)) in self.law.rules:
                facts[name] = self.variable(name, value, f"{at}.{name}")
            elif name not in ("person_id", "household_id"):
                self.fail(
                    "P033", f"unknown fact {name!r}", at, nearest(name, [*self.words.tables[table], *(str(rule) for rule in self.law.rules.values())])
                )
        return facts

    def variable(self, name: str, value: Any, at: str) -> Any:
        """A variable given instead of computed."""
        owner, _, variable = name.partition(".")
        kind = self.law.rules[owner, variable].kind
        digits = 10 if kind.type == "decimal" else 0
        return self.value(Fact(variable, "", kind.type, {}, minimum=-BOUND, maximum=BOUND, digits=digits, codes=kind.codes), value, at)

    def value(self, word: Fact, value: Any, at: str) -> Any:
        """The fact as the engine keeps it: bool, int, Decimal, date, Month, text; None is unknown."""
        if value is None:
            return None
        try:
            return self.converted(word, value, at)
        except (InputError, ArithmeticError, ValueError) as error:
            hint = error.hint if isinstance(error, InputError) else ""
            self.fail("P034", f"{value!r} is not {_article(word.type)}", at, hint or _EXAMPLES.get(word.type, ""))
            return None

    def converted(self, word: Fact, value: Any, at: str) -> Any:
        type = word.type
        if type == "boolean":
            if not isinstance(value, bool):
                raise ValueError
            return value
        if type in ("integer", "decimal"):
            return self.number(word, value, at)
        if type == "date":
            return value if isinstance(value, date) else parse_date(str(value))
        if type == "month":
            if isinstance(value, Month):
                return value
            return Month.of(value) if isinstance(value, date) else Month.parse(str(value))
        if isinstance(value, bool | float) or (type != "key" and not isinstance(value, str)):
            raise ValueError
        codes = self.words.codes.get(word.codes)
        if type == "code" and codes and codes.values and value not in codes.values:
            self.fail("P035", f"{value!r} is not a code of {word.codes}", at, nearest(str(value), list(codes.values)))
        return value

    def number(self, word: Fact, value: Any, at: str) -> int | Decimal | None:
        if isinstance(value, bool | float):
            raise InputError("P034", "", hint="give an int, a Decimal or a text such as '12.50': floats are not exact")
        number = Decimal(value)
        if not number.is_finite():
            raise ValueError
        low = word.minimum if word.minimum is not None else -BOUND
        high = word.maximum if word.maximum is not None else BOUND
        if not low <= number <= high:
            self.fail("P036", f"{number} is not between {low} and {high}", at, "check the figure and its unit")
        if word.type == "integer":
            if number != number.to_integral_value():
                raise ValueError
            return int(number)
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > word.digits:
            self.fail("P037", f"{number} has more than {word.digits} decimals", at, "round it, and say so where the facts come from")
        return number

    # --- histories

    def history(self, table: str, given: Any, person: Person, alone: bool) -> list[Row]:
        rows = given.get(person.name, ()) if isinstance(given, Mapping) else given if alone else ()
        found: list[Row] = []
        for number, plain in enumerate(rows, 1):
            at = f"{table}.{person.name}[{number}]"
            for facts in self.spread(table, plain, at):
                found.append(Row(self.row(table, facts, at), person))
        if table == "contributions":
            self.check_months(found, f"{table}.{person.name}")
        return found

    def row(self, table: str, plain: Plain, at: str) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        for name, value in plain.items():
            word = self.words.fact(table, name)
            if word:
                facts[name] = self.value(word, value, f"{at}.{name}")
            else:
                self.fail("P033", f"unknown fact {name!r}", at, nearest(name, list(self.words.tables[table])))
        return facts

    def spread(self, table: str, plain: Plain, at: str) -> Iterator[Plain]:
        """A row of contributions `from` a month `until` another (exclusive) stands for one row a month."""
        if table != "contributions" or "from" not in plain:
            yield plain
            return
        start = self.value(_MONTH, plain["from"], f"{at}.from")
        end = self.value(_MONTH, plain.get("until"), f"{at}.until")
        if start is None or end is None or end <= start or end.index - start.index > 1200:
            self.fail("P038", "a row with `from` needs a later `until`", at, "until is exclusive, at most 1200 months later")
            return
        rest = {name: value for name, value in plain.items() if name not in ("from", "until")}
        for month in months(start, end):
            yield {"month": month, **rest}

    def check_months(self, rows: Sequence[Row], at: str) -> None:
        seen: set[Month] = set()
        for row in rows:
            month = row.facts.get("month")
            if month is None:
                self.fail("P038", "a contribution without a month", at)
            elif month in seen:
                self.fail("P039", f"two contributions for {month}", at, "add them up: a person has one row a month")
            else:
                seen.add(month)

    def claims(self, person: Person) -> dict[tuple[str, Month], Plain] | None:
        """The claims by contingency and month: the earliest of each."""
        rows = person.histories.get("events")
        if rows is None:
            return None
        claims: dict[tuple[str, Month], Plain] = {}
        for row in sorted((r for r in rows if r.facts.get("event_date")), key=lambda r: r.facts["event_date"]):
            claims.setdefault((row.facts.get("contingency", ""), Month.of(row.facts["event_date"])), row.facts)
        return claims


_MONTH = Fact("month", "contributions", "month", {})
_EXAMPLES = {
    "boolean": "write true or false",
    "date": "write 2026-03-01",
    "month": "write 2026-03",
    "integer": "write a whole number",
    "decimal": "write 12.50",
}


def _article(type: str) -> str:
    return f"an {type}" if type[0] in "aeiou" else f"a {type}"
