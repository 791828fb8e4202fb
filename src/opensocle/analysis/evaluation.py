"""The law applied to one year's people, added up at once: what costing needs of a run, without keeping a row."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from ..engine.data import KnownData, check_columns
from ..engine.lowering import Output, Plan, make_plan
from ..engine.running import Store, column_name, duckdb_store, queries
from ..engine.sql.dialect import DIALECTS
from ..law.compiling import RuleName
from ..law.law import Law
from ..law.parameters import Indices
from ..periods import Month
from ..population.tables import Population

WEIGHT = "CAST(weight AS DECIMAL(18,9))"
ONE = "CAST(1 AS DECIMAL(1,0))"
DAYS_IN_MONTH = Decimal("30.4375")
"""Mean length of a month (365.25 / 12), where a duration in days meets an amount by the month."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The total of a variable over the people (amounts × weights), the weight of those above zero or true, and of those unknown."""

    total: Decimal
    positive: Decimal
    unknown: Decimal


@dataclass(frozen=True)
class Totals:
    """The sums of a month by variable; `granted`: benefit × duration of claims; `people`: weight by level; `absent`: facts not in the data."""

    sums: dict[RuleName, Sum]
    granted: dict[str, Decimal]
    people: dict[str, Decimal]
    absent: tuple[tuple[str, str], ...] = field(default=())


class Evaluator:
    """Keeps one DuckDB database for many evaluations, with a connection for each thread that uses it. Use it in a `with`."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._own = threading.local()

    @classmethod
    @contextmanager
    def open(cls) -> Generator[Evaluator]:
        import duckdb

        connection = duckdb.connect()
        try:
            connection.execute("SET threads = 1")  # many small queries side by side
            yield cls(connection)
        finally:
            connection.close()

    @property
    def connection(self) -> Any:
        """This thread's connection."""
        if not hasattr(self._own, "connection"):
            self._own.connection = self._connection.cursor()
        return self._own.connection

    def totals(self, law: Law, people: Population, month: Month, outputs: Sequence[RuleName], indices: Indices | None = None) -> Totals:
        """The sums of these variables over the people in a month, parameters past their last enacted value following `indices`."""
        plan = make_plan(law, [month], outputs, KnownData(people), indices)
        check_columns(law, plan, people)
        sums: dict[RuleName, Sum] = {}
        granted: dict[str, Decimal] = {}
        counts: dict[str, Decimal] = {}
        weighted = "weight" in people.tables["persons"].columns
        for level, text in queries(plan, DIALECTS["duckdb"], self._store(people)).items():
            found = [o for o in plan.outputs if o.level == level]
            weight = WEIGHT if weighted and (level == "person" or "weight" in people.tables["households"].columns) else ONE
            self._add(plan, found, text, weight, sums, granted, counts, level)
        return Totals(sums, granted, counts, tuple(plan.absent))

    def _store(self, people: Population) -> Store:
        """The people registered with this thread's connection; the last are kept, for the next month of the same year."""
        kept = getattr(self._own, "kept", None)
        if kept is None or kept[0] is not people:
            kept = self._own.kept = (people, duckdb_store(self.connection, people))
        return kept[1]

    def _add(
        self,
        plan: Plan,
        outputs: list[Output],
        text: str,
        weight: str,
        sums: dict[RuleName, Sum],
        granted: dict[str, Decimal],
        counts: dict[str, Decimal],
        level: str,
    ) -> None:
        parts = [f"sum({weight})"]
        for output in outputs:
            parts += _sums(DIALECTS["duckdb"].identifier(column_name(plan, output)), plan.graph[output.node].type, weight)
        claims = {o.owner: factor for o in outputs if o.name == "duration" and (factor := months_factor(plan.law, o.owner)) is not None}
        for owner, factor in claims.items():
            benefit, duration = (DIALECTS["duckdb"].identifier(f"{owner}.{name}") for name in ("benefit", "duration"))
            parts.append(f"sum(CAST({benefit} AS DECIMAL(25,4)) * CAST({duration} AS DECIMAL(9,4)) * {weight}) * {factor}")
        row = self.connection.execute(f"SELECT {', '.join(parts)} FROM ({text}) AS results").fetchall()[0]
        counts[level] = Decimal(row[0] or 0)
        for position, output in enumerate(outputs):
            total, positive, unknown = (Decimal(value or 0) for value in row[1 + 3 * position : 4 + 3 * position])
            sums[output.key] = Sum(total, positive, unknown)
        for owner, value in zip(claims, row[1 + 3 * len(outputs) :], strict=True):
            granted[owner] = Decimal(value or 0)


def _sums(column: str, type: str, weight: str) -> list[str]:
    if type == "boolean":
        return ["0", f"sum({weight}) FILTER (WHERE {column})", f"sum({weight}) FILTER (WHERE {column} IS NULL)"]
    amount = f"CAST({column} AS DECIMAL(25,4))"
    return [f"sum({amount} * {weight})", f"sum({weight}) FILTER (WHERE {column} > 0)", f"sum({weight}) FILTER (WHERE {column} IS NULL)"]


def months_factor(law: Law, scheme: str) -> Decimal | None:
    """By what `benefit × duration` must be multiplied to be an amount of money; None where the benefit is the whole claim's already."""
    rules = {name: law.rules.get((scheme, name)) for name in ("benefit", "duration")}
    benefit, duration = rules["benefit"], rules["duration"]
    if benefit is None or duration is None:
        return None
    per = next((base for base, power in benefit.kind.unit.powers if power == -1), None)
    length = next((base for base, power in duration.kind.unit.powers if power == 1), None)
    if per is None or length is None:
        return None
    return (_DAYS[length] / _DAYS[per]).quantize(Decimal("1e-9"))


_DAYS = {"day": Decimal(1), "week": Decimal(7), "month": DAYS_IN_MONTH, "year": Decimal("365.25")}


def stretches(law: Law, schemes: Sequence[str], year: int) -> list[tuple[Month, int]]:
    """The months of a year in runs in which the law of these schemes does not change: the first month of each, and how many months."""
    owners = [law.concepts, *(law.schemes[name] for name in schemes), *law.schemes.values()]
    changes = {1}
    for owner in owners:
        dates = {owner.since, *([owner.until] if owner.until else [])}
        dates |= {dated.since for variable in owner.variables.values() for dated in variable.formulas}
        for parameter in owner.parameters.values():
            dates |= {dated.since for dated in parameter.values}
            if parameter.until:
                dates.add(parameter.until)
            if parameter.index and parameter.values and year >= parameter.values[-1].since.year:
                changes |= set(range(1, 13)) if parameter.index.every == "month" else {parameter.index.month}
        changes |= {_first_month(day, year) for day in dates if day.year == year}
    starts = sorted(month for month in changes if month <= 12)
    return [(Month(year, start), end - start) for start, end in zip(starts, [*starts[1:], 13], strict=True)]


def _first_month(day: date, year: int) -> int:
    """The first month that a change on a day holds for: that month on its first day, else the next."""
    return day.month if day.day == 1 else day.month + 1
