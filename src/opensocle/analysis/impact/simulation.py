"""The law run on a survey: what each scheme would pay to each household in a period, and the exact totals of the engine.

A state is looked at in the month of the study (or in every stretch of its year in which the law does not change); an event is looked at in each
month of the year, on the survey's events of its reference year: benefit × duration, as costing does. One query a level adds the members of a
household up inside the database, so that no row of a person is kept. An unknown benefit of a member makes the household's unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...engine.data import KnownData, check_columns
from ...engine.lowering import Plan, make_plan
from ...engine.plan import HOUSEHOLD
from ...engine.running import column_name, duckdb_store, queries
from ...engine.sql.dialect import DIALECTS
from ...errors import EngineError
from ...law.law import Law
from ...periods import Month
from ...population.survey.rows import read_table
from ...population.tables import Population, Table
from ..evaluation import DAYS_IN_MONTH, months_factor, stretches
from .facts import Homes
from .measured import Array

if TYPE_CHECKING:
    import pyarrow as pa

BENEFIT, CONTRIBUTION = "benefit", "worker_contribution"
_IN_MONTH = {"day": DAYS_IN_MONTH, "week": DAYS_IN_MONTH / 7, "month": Decimal(1), "year": Decimal(1) / 12}
Key = tuple[str, str]
"""Scheme and variable."""


@dataclass(frozen=True, eq=False)
class Amounts:
    """A variable of a scheme by household: an amount a month (NaN: unknown), unknown rows, and the weight of rows above zero.

    exact: the engine's weighted sums by household as decimals, each with the factor that makes it an amount a month.
    """

    amount: Array
    exact: tuple[tuple[pa.Array, Decimal], ...]
    unknown: int
    positive: Decimal

    def total(self, chosen: NDArray[np.bool_] | None = None) -> Decimal:
        """Σ weight × amount a month over the households (those chosen), to the last digit. Unknown amounts are left out."""
        import pyarrow as pa
        import pyarrow.compute as pc

        mask = None if chosen is None else pa.array(chosen)
        parts = [(exact if mask is None else exact.filter(mask), factor) for exact, factor in self.exact]
        return sum(((pc.call_function("sum", [part]).as_py() or Decimal(0)) * factor for part, factor in parts), Decimal(0))


@dataclass(frozen=True, eq=False)
class Simulated:
    """What a law gives on the survey. absent: facts that it reads and the survey lacks; left_out: schemes that could not be simulated, and why."""

    law: Law
    amounts: Mapping[Key, Amounts]
    absent: tuple[tuple[str, str], ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)

    def unknown(self) -> dict[str, int]:
        """Rows (persons or households) of each variable that are unknown, where some are."""
        return {f"{scheme}.{name}": found.unknown for (scheme, name), found in self.amounts.items() if found.unknown}


@dataclass(frozen=True)
class _Part:
    """One run: people, months whose amounts are added up, schemes, and the share of it that is a month's average."""

    people: Population
    months: tuple[Month, ...]
    schemes: tuple[str, ...]
    share: Decimal


def simulate(law: Law, survey: Population, homes: Homes, months: Sequence[Month], schemes: Sequence[str], events: Sequence[Month] = ()) -> Simulated:
    """The benefits and workers' contributions of the schemes on the survey, an average month of `months`.

    months: one, or those of a year. events: the twelve months of the survey's events, which are moved to the law's year. Raises EngineError E001.
    """
    import duckdb

    claims = [name for name in schemes if name in law.events]
    left_out = {name: "the survey has no events" for name in claims} if "events" not in survey.tables else {}
    gathered: dict[Key, _Gathered] = {}
    absent: dict[tuple[str, str], None] = {}
    connection = duckdb.connect()
    try:
        connection.register("homes", _numbered(homes))
        for part in _parts(law, survey, homes, months, [name for name in schemes if name in law.schemes and name not in left_out], events):
            plan = make_plan(law, part.months, _outputs(law, part.schemes), KnownData(part.people))
            check_columns(law, plan, part.people)
            absent |= plan.absent
            for key, rows in _query(connection, plan, part.people).items():
                gathered.setdefault(key, _Gathered(homes.count)).add(rows, _monthly(law, key) * part.share)
    except duckdb.Error as error:
        raise EngineError("E001", f"DuckDB could not run the law: {str(error).splitlines()[0]}", hint="please report this with the law") from error
    finally:
        connection.close()
    return Simulated(law, {key: found.amounts() for key, found in gathered.items()}, tuple(absent), left_out)


def _parts(law: Law, survey: Population, homes: Homes, months: Sequence[Month], schemes: Sequence[str], events: Sequence[Month]) -> list[_Part]:
    """The runs that a simulation needs."""
    states = tuple(name for name in schemes if name not in law.events)
    claims = tuple(name for name in schemes if name in law.events)
    year, made = months[0].year, []
    if states:
        whole = [(months[0], 1)] if len(months) == 1 else stretches(law, year)
        made = [_Part(survey, (month,), states, Decimal(length) / len(months)) for month, length in whole]
    if claims:
        asked = tuple(events) or tuple(Month(year, number) for number in range(1, 13))
        later = year - asked[-1].year
        made.append(_Part(_claimants(survey, later), tuple(month.plus(12 * later) for month in asked), claims, Decimal(1)))
    return made


def _outputs(law: Law, schemes: Sequence[str]) -> list[Key]:
    wanted = (BENEFIT, "duration", CONTRIBUTION)
    return [(name, variable) for name in schemes for variable in wanted if variable in law.schemes[name].variables]


def _monthly(law: Law, key: Key) -> Decimal:
    """What turns an amount of the law, or those of a year's claims, into one a month."""
    owner = key[0]
    if owner in law.events:
        return (months_factor(law, owner) or Decimal(1)) / 12
    unit = law.rules[key].kind.unit
    per = next((base for base, power in unit.powers if power == -1), None)
    return _IN_MONTH[per] if per else Decimal(1) / 12


class _Gathered:
    """The sums of a variable over runs."""

    def __init__(self, count: int) -> None:
        self.amount = np.zeros(count)
        self.exact: list[tuple[Any, Decimal]] = []
        self.unknown, self.positive = 0, Decimal(0)

    def add(self, rows: dict[str, Any], factor: Decimal) -> None:
        self.amount += np.where(rows["unknown"] > 0, np.nan, rows["amount"] * float(factor))
        self.exact.append((rows["exact"], factor))
        self.unknown = max(self.unknown, int(rows["unknown"].sum()))
        self.positive = max(self.positive, rows["positive"])

    def amounts(self) -> Amounts:
        return Amounts(self.amount, tuple(self.exact), self.unknown, self.positive)


# --- the query


def _numbered(homes: Homes) -> pa.Table:
    import pyarrow as pa

    return pa.table({"key": homes.keys, "position": pa.array(np.arange(homes.count))})


def _query(connection: Any, plan: Plan, people: Population) -> dict[Key, dict[str, Any]]:
    """For each variable: by household the sum of its members, the weighted sum, the unknown rows; and the weight of rows above zero."""
    made: dict[Key, dict[str, Any]] = {}
    weighted = "weight" in people.tables["persons"].columns
    for level, text in queries(plan, DIALECTS["duckdb"], duckdb_store(connection, people)).items():
        amounts = _expressions(plan, level)
        if not amounts:
            continue
        weight = "CAST(weight AS DECIMAL(18,9))" if weighted else "CAST(1 AS DECIMAL(1,0))"
        key = "household_id" if level == HOUSEHOLD or "household_id" in people.tables["persons"].columns else "person_id"
        inner = ", ".join(f"{amount} AS a{number}" for number, amount in enumerate(amounts.values()))
        parts = []
        for n in range(len(amounts)):
            parts += [f"sum(a{n})::DOUBLE AS amount{n}", f"sum(a{n} * w) AS exact{n}", f"count(*) FILTER (a{n} IS NULL) AS unknown{n}"]
            parts.append(f"sum(w) FILTER (a{n} > 0) AS positive{n}")
        body = f"SELECT {key} AS home, {weight} AS w, {inner} FROM ({text}) AS results"
        query = f"SELECT homes.position, {', '.join(parts)} FROM ({body}) AS found JOIN homes ON homes.key = found.home GROUP BY homes.position"
        found = connection.sql(
            f"SELECT * FROM range({_count(connection)}) AS r(number) LEFT JOIN ({query}) AS added ON added.position = number ORDER BY number"
        )
        table = found.to_arrow_table()
        made |= {name: _columns(table, number) for number, name in enumerate(amounts)}
    return made


def _count(connection: Any) -> int:
    return connection.sql("SELECT count(*) FROM homes").fetchall()[0][0]


def _columns(table: pa.Table, number: int) -> dict[str, Any]:
    """The four columns of a variable; a household without a row has nothing."""
    import pyarrow.compute as pc

    amount, unknown = (np.nan_to_num(np.asarray(table.column(f"{name}{number}").cast("float64").to_numpy())) for name in ("amount", "unknown"))
    positive = pc.call_function("sum", [table.column(f"positive{number}")]).as_py() or Decimal(0)
    return {"amount": amount, "unknown": unknown, "exact": table.column(f"exact{number}").combine_chunks(), "positive": positive}


def _expressions(plan: Plan, level: str) -> dict[Key, str]:
    """The amount of each benefit and contribution in SQL: that of the month, or of all claims of the year."""
    names = {(o.owner, o.name, o.month): DIALECTS["duckdb"].identifier(column_name(plan, o)) for o in plan.outputs if o.level == level}
    made: dict[Key, str] = {}
    for owner, name in dict.fromkeys((o.owner, o.name) for o in plan.outputs if o.level == level and o.name != "duration"):
        per_month = []
        for month in plan.months:
            amount = f"CAST({names[owner, name, month]} AS DECIMAL(25,4))"
            duration = names.get((owner, "duration", month)) if name == BENEFIT and months_factor(plan.law, owner) is not None else None
            if duration and owner in plan.law.events:
                amount = f"CASE WHEN {amount} = 0 THEN 0 ELSE {amount} * CAST({duration} AS DECIMAL(9,4)) END"
            per_month.append(f"({amount})")
        made[owner, name] = " + ".join(per_month)
    return made


# --- events


def _claimants(survey: Population, years: int) -> Population:
    """The households with an event, all dates `years` later, so that ages and records at the event stay."""
    import pyarrow as pa

    persons, events = read_table(survey.tables["persons"]), read_table(survey.tables["events"])
    key = "household_id" if "household_id" in persons.column_names else "person_id"
    touched = _among(persons.column("person_id"), events.column("person_id"))
    kept = {"persons": persons.filter(_among(persons.column(key), persons.filter(touched).column(key)))}
    if "households" in survey.tables:
        households = read_table(survey.tables["households"])
        kept["households"] = households.filter(_among(households.column("household_id"), kept["persons"].column(key)))
    for name, table in survey.tables.items():
        if name not in kept:
            rows = read_table(table)
            kept[name] = rows.filter(_among(rows.column("person_id"), kept["persons"].column("person_id")))
    made = {}
    for name, rows in kept.items():
        for at, column in enumerate(rows.schema):
            if years and pa.types.is_date(column.type):
                rows = rows.set_column(at, column.name, _later(rows.column(at), years))
        made[name] = Table(name, data=rows)
    return Population(survey.kind, survey.date, made, survey.currency, survey.digits)


def _among(column: pa.ChunkedArray, keys: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    return pc.call_function("is_in", [column], pc.SetLookupOptions(keys.combine_chunks().cast(column.type)))


def _later(column: pa.ChunkedArray, years: int) -> pa.Array:
    """Dates the same day `years` later; 29 February becomes 1 March in other years."""
    import pyarrow as pa

    days = np.asarray(column.to_numpy()).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    later = (months + 12 * years).astype("datetime64[D]") + (days - months.astype("datetime64[D]"))
    return pa.array(later, pa.date32(), mask=np.isnat(days))
