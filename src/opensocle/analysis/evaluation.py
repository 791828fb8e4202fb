"""The law applied to people of many months, added up at once: what costing needs of a run, without keeping a row.

The people of all years stand in one table, each with their own month, so that the law is planned, read by the database and run once for all of
them (`stacking`). What the same people and the same query gave before is not computed again: scenarios share most of their schemes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..engine.data import KnownData, check_columns
from ..engine.lowering import Output, Plan, make_plan
from ..engine.planning import OWN_MONTH, Uneven
from ..engine.running import Store, column_name, duckdb_store, queries
from ..engine.sql.dialect import DIALECTS
from ..law.compiling import RuleName
from ..law.law import Law
from ..law.parameters import Indices
from ..periods import Month
from .stacking import Looked, Stack, groups, stack

WEIGHT = "CAST(weight AS DECIMAL(18,9))"
ONE = "CAST(1 AS DECIMAL(1,0))"
DAYS_IN_MONTH = Decimal("30.4375")
"""Mean length of a month (365.25 / 12), where a duration in days meets an amount by the month."""
KEPT = 8
"""Stacks that are remembered, with their results: those of two scenarios, and a few more."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The total of a variable over the people (amounts × weights), the weight of those above zero or true, and of those unknown."""

    total: Decimal
    positive: Decimal
    unknown: Decimal


@dataclass(frozen=True)
class Totals:
    """The sums of a month by variable; `granted`: benefit × duration of claims; `people`: weight by level."""

    sums: dict[RuleName, Sum]
    granted: dict[str, Decimal]
    people: dict[str, Decimal]


class Evaluator:
    """Keeps one DuckDB database for many evaluations, a connection for each thread; `pool`: those threads. Use it in a `with`."""

    def __init__(self, connection: Any, pool: Executor) -> None:
        self._connection, self.pool = connection, pool
        self._own = threading.local()
        self._lock = threading.Lock()
        self._stacks: dict[tuple[Any, ...], Stack] = {}

    @classmethod
    @contextmanager
    def open(cls) -> Generator[Evaluator]:
        import duckdb

        connection = duckdb.connect()
        try:
            with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                yield cls(connection, pool)
        finally:
            connection.close()

    @property
    def connection(self) -> Any:
        """This thread's connection."""
        if not hasattr(self._own, "connection"):
            self._own.connection = self._connection.cursor()
        return self._own.connection

    def totals(
        self, law: Law, looked: Sequence[Looked], outputs: Sequence[RuleName], indices: Indices | None = None, *, claims: bool = False
    ) -> list[Totals]:
        """For each month and its people, the sums of these variables; parameters past their last enacted value follow `indices`.

        claims: the people are claimants, whose events are dated in the month that is looked at.
        """
        return [one for group in groups(looked) for one in self._together(law, group, outputs, indices, claims)]

    def _together(self, law: Law, looked: tuple[Looked, ...], outputs: Sequence[RuleName], indices: Indices | None, claims: bool) -> list[Totals]:
        """The totals of people that can be stacked, in as few runs as the law allows."""
        its = self._stack(looked, claims)
        try:
            plan = make_plan(law, its.months, outputs, KnownData(its.population), indices, own=its.together)
        except Uneven as uneven:
            parts = [each for each in looked if each[0] < uneven.since], [each for each in looked if each[0] >= uneven.since]
            return [one for part in parts for one in self._together(law, tuple(part), outputs, indices, claims)]
        check_columns(law, plan, its.population)
        found = [Totals({}, {}, {}) for _ in looked]
        for level, text in queries(plan, DIALECTS["duckdb"], self._store(its), [OWN_MONTH]).items():
            self._add(plan, its, level, text, dict(zip(its.months, found, strict=True)))
        return found

    def _stack(self, looked: tuple[Looked, ...], claims: bool) -> Stack:
        """The people together, as they were before if they are the same."""
        key = tuple((month, id(people)) for month, people in looked)
        with self._lock:
            its = self._stacks.pop(key, None) or stack(looked, claims)
            self._stacks[key] = its  # the last used at the end
            for old in list(self._stacks)[:-KEPT]:
                del self._stacks[old]
        return its

    def _store(self, its: Stack) -> Store:
        """The people as this thread's connection sees them."""
        if getattr(self._own, "people", None) is not its.population:
            self._own.people, self._own.store = its.population, duckdb_store(self.connection, its.population)
        return self._own.store

    def _add(self, plan: Plan, its: Stack, level: str, text: str, found: dict[Month, Totals]) -> None:
        """Puts the sums of a level's variables into the totals of each month."""
        tables = its.population.tables
        weighted = "weight" in tables["persons"].columns and (level == "person" or "weight" in tables["households"].columns)
        outputs = [o for o in plan.outputs if o.level == level]
        claims = {o.owner: factor for o in outputs if o.name == "duration" and (factor := months_factor(plan.law, o.owner)) is not None}
        parts = list(_parts(plan, outputs, claims, WEIGHT if weighted else ONE))
        month = DIALECTS["duckdb"].identifier(OWN_MONTH) if its.together else f"DATE '{its.months[0].first_day}'"
        query = f"SELECT {month}, {', '.join(parts)} FROM ({text}) AS results GROUP BY 1"
        rows = {Month.of(row[0]): row[1:] for row in self._answer(its, query)}
        for month, totals in found.items():
            count, *sums = (Decimal(value or 0) for value in rows.get(month, (None,) * len(parts)))
            totals.people[level] = count
            for output in outputs:
                totals.sums[output.key] = Sum(*sums[:3])
                del sums[:3]
            totals.granted.update(zip(claims, sums, strict=True))

    def _answer(self, its: Stack, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query; who asks what another thread is computing waits for it."""
        with self._lock:
            known = its.answers.get(query)
            answer = its.answers.setdefault(query, Future())
        if known is None:
            try:
                answer.set_result(self.connection.execute(query).fetchall())
            except BaseException as error:
                answer.set_exception(error)
        return answer.result()


def _parts(plan: Plan, outputs: Sequence[Output], claims: dict[str, Decimal], weight: str) -> Iterator[str]:
    """What is selected: the weight of all, three sums of each output, benefit × duration of claims."""
    identifier = DIALECTS["duckdb"].identifier
    yield f"sum({weight})"
    for output in outputs:
        yield from _sums(identifier(column_name(plan, output)), plan.graph[output.node].type, weight)
    for owner, factor in claims.items():
        benefit, duration = (identifier(f"{owner}.{name}") for name in ("benefit", "duration"))
        yield f"sum(CAST({benefit} AS DECIMAL(25,4)) * CAST({duration} AS DECIMAL(9,4)) * {weight}) * {factor}"


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


def stretches(law: Law, year: int) -> list[tuple[Month, int]]:
    """The months of a year in runs in which the law does not change: the first month of each, and how many months."""
    changes = {1} | {_first_month(day, year) for day in dates_of(law) if day.year == year}
    for owner in (law.concepts, *law.schemes.values()):
        for parameter in owner.parameters.values():
            if parameter.index and parameter.values and year >= parameter.values[-1].since.year:
                changes |= set(range(1, 13)) if parameter.index.every == "month" else {parameter.index.month}
    starts = sorted(month for month in changes if month <= 12)
    return [(Month(year, start), end - start) for start, end in zip(starts, [*starts[1:], 13], strict=True)]


def dates_of(law: Law) -> list[date]:
    """The dates on which the text of the law changes: schemes, formulas and parameters begin or end; without indexation."""
    dates: set[date | None] = set()
    for owner in (law.concepts, *law.schemes.values()):
        dates |= {owner.since, owner.until}
        dates |= {dated.since for variable in owner.variables.values() for dated in variable.formulas}
        for parameter in owner.parameters.values():
            dates |= {parameter.until, *(dated.since for dated in parameter.values)}
    return sorted(day for day in dates if day)


def _first_month(day: date, year: int) -> int:
    """The first month that a change on a day holds for: that month on its first day, else the next."""
    return day.month if day.day == 1 else day.month + 1
