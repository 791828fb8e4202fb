"""Random people for any law: every fact that the law reads, with unknowns and values near its limits; for tests that compare engines."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from opensocle.engine.lowering import Anyone, find_outputs, make_plan
from opensocle.law.law import Law
from opensocle.periods import Month
from opensocle.population.tables import Population, Table
from opensocle.vocabulary.model import HISTORIES, Fact

UNKNOWN = 0.04
"""Share of the facts that are unknown."""
NEEDED = {"contributions": ("month",), "events": ("contingency", "event_date")}
NEEDED |= {table: ("start_date", "end_date") for table in ("residence", "employment", "benefits_in_payment")}
"""Columns that a history has whatever the law reads."""


def make_population(
    law: Law, persons: int, seed: int, months: Sequence[Month], given: Sequence[str] = (), unknown: float = UNKNOWN, alone: float = 0.0
) -> Population:
    """A population in memory with random facts for a law: persons in households of 1 to 6, histories, claims in the months asked.

    unknown, alone: shares of the facts that are unknown, and of the persons who have no household.
    """
    maker = _Maker(law, random.Random(seed), list(months), unknown, alone)
    return maker.population(persons, given)


class _Maker:
    def __init__(self, law: Law, rng: random.Random, months: list[Month], unknown: float, alone: float) -> None:
        self.law, self.rng, self.months, self.unknown, self.alone = law, rng, months, unknown, alone
        self.used, self.numbers, self.words = _read(law, months)

    def population(self, persons: int, given: Sequence[str]) -> Population:
        rows: dict[str, list[dict[str, Any]]] = {table: [] for table in ("persons", "households", *HISTORIES) if table in self.used}
        rows.setdefault("persons", [])
        rows.setdefault("households", [])
        number = 0
        while number < persons:
            home = len(rows["households"]) + 1
            rows["households"].append({"household_id": home, **self.facts("households")})
            for _ in range(min(self.rng.choice((1, 1, 2, 3, 4, 6)), persons - number)):
                number += 1
                alone = self.rng.random() < self.alone
                person = {"person_id": number, "household_id": None if alone else home, **self.facts("persons")}
                person |= {name: self.given(name) for name in given}
                rows["persons"].append(person)
                for table in HISTORIES:
                    if table in rows:
                        rows[table] += self.history(table, number)
        tables = {name: Table(name, data=self.arrow(name, found, given)) for name, found in rows.items()}
        return Population("registry", self.months[0].first_day, tables, self.law.country.currency.code, self.law.country.currency.digits)

    def facts(self, table: str) -> dict[str, Any]:
        return {name: self.value(word) for name, word in self.used.get(table, {}).items() if word.type != "key"}

    def given(self, name: str) -> Any:
        if self.rng.random() < 0.5:
            return None
        return self.value(Fact(name, "", self.kind(name), {}, digits=2, minimum=Decimal(0), maximum=Decimal(500)))

    def kind(self, name: str) -> str:
        """The type of a variable of the law."""
        owner, _, variable = name.partition(".")
        return self.law.rules[owner, variable].kind.type

    def history(self, table: str, person: int) -> list[dict[str, Any]]:
        rng = self.rng
        if table == "contributions":
            return self.contributions(person)
        rows: list[dict[str, Any]] = []
        seen: set[Any] = set()
        for _ in range(rng.choice((0, 0, 1, 2, 3))):
            row = {"person_id": person, **self.facts(table)}
            if table == "events":
                row["contingency"] = rng.choice(sorted(set(self.law.events.values())) or ["birth"])
                row["event_date"] = self.near_months()
                key = (row["contingency"], Month.of(row["event_date"]))
                if key in seen:
                    continue
                seen.add(key)
            elif "start_date" in row and row.get("start_date") and row.get("end_date") and row["end_date"] < row["start_date"]:
                row["end_date"] = row["start_date"] + timedelta(days=rng.randrange(4000))
            rows.append(row)
        return rows

    def contributions(self, person: int) -> list[dict[str, Any]]:
        rng = self.rng
        if rng.random() < 0.25:
            return []
        length = rng.choice((1, 2, 5, 6, 7, 12, 36, 60, 180, 260))
        end = self.rng.choice(self.months).index - rng.choice((0, 0, 0, 1, 7))
        gaps = rng.choice((0.0, 0.02, 0.3))
        quiet = rng.random() < 0.8
        rows = []
        for index in range(end - length, end):
            if rng.random() < gaps:
                continue
            words = [word for word in self.used["contributions"].values() if word.type != "key"]
            facts = {word.name: self.value(word, 0.0 if quiet else self.unknown) for word in words}
            if "paid" in facts and quiet:
                facts["paid"] = rng.random() < 0.95
            rows.append({"person_id": person, **facts, "month": Month.from_index(index)})
        return rows

    def near_months(self) -> datetime.date:
        return self.rng.choice(self.months).first_day + timedelta(days=self.rng.randrange(-40, 40))

    def value(self, word: Fact, unknown: float | None = None) -> Any:
        rng = self.rng
        if rng.random() < (self.unknown if unknown is None else unknown) or (word.none and rng.random() < 0.7):
            return None
        if word.type == "boolean":
            return rng.random() < 0.6
        if word.type == "date":
            return self.date()
        if word.type == "month":
            return Month.of(self.date())
        if word.type in ("code", "text"):
            codes = self.law.vocabulary.codes.get(word.codes)
            known = sorted(codes.values) if codes else []
            used = [w for w in self.words if not known or w in known]
            return rng.choice(used) if used and (rng.random() < 0.7 or not known) else rng.choice(known or ["x"])
        return self.number(word)

    def number(self, word: Fact) -> Any:
        rng = self.rng
        low = max(word.minimum if word.minimum is not None else Decimal(-10_000_000), Decimal(-10_000_000))
        high = min(word.maximum if word.maximum is not None else Decimal(10_000_000), Decimal(10_000_000))
        if self.numbers and rng.random() < 0.4:
            found = rng.choice(self.numbers) + rng.choice((0, 0, 1, -1))
        else:
            found = Decimal(rng.randrange(100)) * Decimal(10) ** rng.randrange(0, 5) if word.type == "decimal" else Decimal(rng.randrange(70))
        digits = word.digits if word.type == "decimal" else 0
        if digits:
            found += Decimal(rng.randrange(10**digits)).scaleb(-digits)
        found = min(max(found, low), high)
        return int(found) if word.type == "integer" else found.quantize(Decimal(1).scaleb(-digits))

    def date(self) -> datetime.date:
        rng = self.rng
        base = rng.choice(self.months).first_day
        if rng.random() < 0.4:
            years = int(rng.choice(self.numbers or [Decimal(5)])) % 100
            return datetime.date(max(base.year - years, 1), base.month, 1) + timedelta(days=rng.choice((-1, 0, 1, 14)))
        if rng.random() < 0.05:
            return datetime.date(rng.choice((1960, 1992, 2004, 2020)), 2, 29)
        return base - timedelta(days=rng.randrange(-20, 36_500) if rng.random() < 0.7 else rng.randrange(1_500))

    def arrow(self, table: str, rows: list[dict[str, Any]], given: Sequence[str]) -> pa.Table:
        words = {name: word for name, word in self.used.get(table, {}).items() if word.type != "key"}
        fields = [("person_id", pa.int64())] if table not in ("households",) else []
        fields += [("household_id", pa.int64())] if table in ("persons", "households") else []
        fields += [(name, _type(word.type, word.digits)) for name, word in words.items()]
        if table == "persons":
            fields += [(name, _type(self.kind(name), 2)) for name in given]
        columns = {name: pa.array([_stored(row.get(name)) for row in rows], type) for name, type in dict(fields).items()}
        return pa.table(columns)


def _stored(value: Any) -> Any:
    return value.first_day if isinstance(value, Month) else value


def _type(type: str, digits: int) -> pa.DataType:
    if type == "decimal":
        return pa.decimal128(18, digits)
    return {"boolean": pa.bool_(), "integer": pa.int32(), "date": pa.date32(), "month": pa.date32()}.get(type, pa.string())


def _read(law: Law, months: Sequence[Month]) -> tuple[dict[str, dict[str, Fact]], list[Decimal], list[str]]:
    """The facts that the law reads by table, and the numbers and words that it compares them with."""
    plan = make_plan(law, months, find_outputs(law, None), Anyone())
    used: dict[str, dict[str, Fact]] = {"persons": {}, "households": {}}
    numbers: set[Decimal] = set()
    words: set[str] = set()
    for node in plan.graph.nodes:
        if node.op == "fact":
            table, name, _ = node.data
            table = "events" if table == "event" else table
            word = law.vocabulary.fact(table, name)
            if word and name not in ("age",):
                used.setdefault(table, {})[name] = word
        elif node.op == "rows" and node.data[1] != "members":
            used.setdefault(node.data[1], {})
        elif node.op == "const" and isinstance(node.data, Decimal | int) and not isinstance(node.data, bool):
            numbers.add(Decimal(node.data))
        elif node.op == "const" and isinstance(node.data, str):
            words.add(node.data)
        elif node.op == "lookup":
            words |= {part for key in node.data for part in key if isinstance(part, str)}
    for table, needed in NEEDED.items():
        if table in used:
            for name in needed:
                word = law.vocabulary.fact(table, name)
                assert word is not None
                used[table][name] = word
    return used, sorted(n for n in numbers if abs(n) < 10_000_000), sorted(words)
