"""Runs a law on a whole population: plan, one query a level, results with what made them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import __version__
from ..errors import EngineError, InputError, nearest
from ..law.law import Law
from ..law.parameters import Indices
from ..periods import Month, parse_period
from ..population.tables import Population
from ..vocabulary.model import HOUSEHOLDS, PERSONS
from .data import KnownData, check_columns
from .lowering import Output, Plan, find_outputs, make_plan
from .plan import HOUSEHOLD, PERSON
from .results import Column, Result
from .sql.columns import Tables
from .sql.dialect import DIALECTS, Dialect
from .sql.query import Query

Progress = Callable[[float], None]
LEVELS = (PERSON, HOUSEHOLD)


@dataclass(frozen=True)
class Store:
    """The tables of a population inside a SQL engine (the protocol `sql.columns.Tables`)."""

    population: Population
    sources: Mapping[str, str]

    def source(self, table: str) -> str:
        return self.sources[table]

    def has_table(self, table: str) -> bool:
        return table in self.population.tables

    def has_column(self, table: str, column: str) -> bool:
        return self.has_table(table) and column in self.population.tables[table].columns


def run(
    law: Law,
    population: Population,
    period: str | Month | Sequence[Month],
    outputs: Sequence[str] | None = None,
    *,
    keep: Sequence[str] = (),
    out: str | Path | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    indices: Indices | None = None,
) -> Result:
    """The law applied to every person and household of a population.

    period: `2026-03`, `2026`, `2026-01:2026-06`, or months. outputs: variables (`child_grant.benefit`), schemes, concepts; by default every scheme's
    reserved variables. keep: columns of the data to carry into the results, for groupings. out: a folder for Parquet results, written as they are
    computed; without it they are kept in memory. memory_limit: such as `1GB`, beyond which work goes to disk. progress: called with 0 to 100.
    Raises Problems, InputError, DataError, EngineError.
    """
    plan = plan_run(law, population, months_of(period), outputs, indices)
    check_keep(population, keep)
    with ThreadPoolExecutor(1) as background:
        data_hash = background.submit(population.hash)
        tables, rows = run_duckdb(plan, population, list(keep), Path(out) if out else None, memory_limit, threads, progress)
        hashed = data_hash.result()
    weighted = "weight" in population.tables[PERSONS].columns
    result = result_of(plan, data_hash=hashed, engine=engine_name(), tables=tables, rows=rows, weighted=weighted, keep=keep)
    if out:
        result.write(out)
    return result


def months_of(period: str | Month | Sequence[Month]) -> tuple[Month, ...]:
    """The months of a period in any of the forms that `run` takes."""
    return parse_period(period) if isinstance(period, str) else (period,) if isinstance(period, Month) else tuple(period)


def result_of(
    plan: Plan, *, data_hash: str, engine: str, tables: Mapping[str, Any], rows: Mapping[str, int], weighted: bool, keep: Sequence[str]
) -> Result:
    """The results of a plan with what made them, whatever the engine."""
    country = plan.law.country
    return Result(
        law_hash=plan.law.hash,
        data_hash=data_hash,
        version=__version__,
        engine=engine,
        period=plan.months,
        columns=tuple(columns_of(plan)),
        tables=tables,
        rows=rows,
        weighted=weighted,
        keep=tuple(keep),
        absent=tuple(plan.absent),
        country=country.code,
        currency=country.currency.code,
    )


def plan_run(law: Law, population: Population, months: Sequence[Month], outputs: Sequence[str] | None = None, indices: Indices | None = None) -> Plan:
    """The plan of a run, checked against the data's columns."""
    plan = make_plan(law, months, find_outputs(law, outputs), KnownData(population), indices)
    check_columns(law, plan, population)
    return plan


def column_name(plan: Plan, output: Output) -> str:
    """The name of a result column: `child_grant.benefit`, with the month behind it where there are several."""
    name = output.name if output.owner in ("concepts", "vocabulary") else f"{output.owner}.{output.name}"
    return name if len(plan.months) == 1 else f"{name}_{output.month}"


def columns_of(plan: Plan) -> list[Column]:
    """The result columns of a plan, in its order."""
    found = []
    for output in plan.outputs:
        rule = plan.law.rules.get(output.key)  # none for what is about a rule, such as the cause of a refusal
        unit = str(rule.kind.unit) if rule else ""
        found.append(Column(column_name(plan, output), output.owner, output.name, output.month, output.level, unit))
    return found


def queries(plan: Plan, dialect: Dialect, store: Tables, keep: Sequence[str] = ()) -> dict[str, str]:
    """The query of each level that has outputs; columns are keys, kept columns, then the results by name."""
    made: dict[str, str] = {}
    for level in LEVELS:
        outputs = [o for o in plan.outputs if o.level == level]
        if not outputs or (level == HOUSEHOLD and not store.has_column(PERSONS, "household_id")):
            continue
        table = PERSONS if level == PERSON else HOUSEHOLDS
        kept = [name for name in dict.fromkeys([*keep, "weight"]) if store.has_column(table, name)]
        if level == HOUSEHOLD:
            kept = [name for name in kept if store.has_table(HOUSEHOLDS)]
        query = Query(plan, dialect, store, level, [o.node for o in outputs], kept)
        keys = ["person_id", *(["household_id"] if store.has_column(PERSONS, "household_id") else [])] if level == PERSON else ["household_id"]
        parts = [*(dialect.identifier(name) for name in dict.fromkeys([*keys, *kept]))]
        weights = ""
        if level == HOUSEHOLD and store.has_column(PERSONS, "weight") and "weight" not in kept:
            parts.append("weight")
            weights = "\n" + _weights_of_households(store)
        parts += [f"v{o.node} AS {dialect.identifier(column_name(plan, o))}" for o in outputs]
        made[level] = f"SELECT {', '.join(parts)}\nFROM (\n{query.text()}\n) AS results{weights}"
    return made


def _weights_of_households(store: Tables) -> str:
    """A join for the weight of each household: that of its members (the greatest, where they differ)."""
    grouped = f"SELECT household_id AS home, CAST(max(weight) AS DECIMAL(18,9)) AS weight FROM {store.source(PERSONS)} AS p GROUP BY household_id"
    return f"LEFT JOIN ({grouped}) AS weights ON weights.home = results.household_id"


def explain_sql(law: Law, population: Population, period: str, outputs: Sequence[str] | None = None, dialect: str = "duckdb") -> dict[str, str]:
    """The SQL of a run, by level, for whoever wants to read or audit it."""
    plan = plan_run(law, population, parse_period(period), outputs)
    return queries(plan, DIALECTS[dialect], Store(population, {table: f'"{table}"' for table in population.tables}))


def check_keep(population: Population, keep: Sequence[str]) -> None:
    """Raises InputError P052 for a column to keep that neither persons nor households have."""
    known = [name for table in (PERSONS, HOUSEHOLDS) if table in population.tables for name in population.tables[table].columns]
    for name in keep:
        if name not in known:
            raise InputError("P052", f"the data have no column {name!r} to keep", hint=nearest(name, known))


# --- DuckDB


def engine_name() -> str:
    import duckdb

    return f"duckdb {duckdb.__version__}"


def duckdb_store(connection: Any, population: Population) -> Store:
    """A population's tables as DuckDB sees them: Parquet files are read where they lie."""
    sources = {}
    for name, table in population.tables.items():
        if table.data is not None:
            connection.register(f"table_{name}", table.data)
            sources[name] = f"table_{name}"
        else:
            files = ", ".join("'" + str(path).replace("'", "''") + "'" for path in table.files)
            sources[name] = f"read_parquet([{files}])"
    return Store(population, sources)


@contextmanager
def connected(out: Path | None = None, memory_limit: str | None = None, threads: int | None = None) -> Generator[Any]:
    """A DuckDB of its own, closed at the end; its errors become ours. Raises EngineError E001."""
    import duckdb

    connection = duckdb.connect()
    try:
        _configure(connection, out, memory_limit, threads)
        yield connection
    except duckdb.Error as error:
        raise EngineError("E001", f"DuckDB could not run the law: {str(error).splitlines()[0]}", hint=_hint(error)) from error
    finally:
        connection.close()


def run_duckdb(
    plan: Plan, population: Population, keep: list[str], out: Path | None, memory_limit: str | None, threads: int | None, progress: Progress | None
) -> tuple[dict[str, Any], dict[str, int]]:
    """The tables of a plan's results by level, in memory or as files in `out`, and their numbers of rows."""
    with connected(out, memory_limit, threads) as connection:
        statements = queries(plan, DIALECTS["duckdb"], duckdb_store(connection, population), keep)
        tables: dict[str, Any] = {}
        rows: dict[str, int] = {}
        for number, (level, text) in enumerate(statements.items()):
            with _watch(connection, progress, number, len(statements)):
                tables[level], rows[level] = _execute(connection, text, level, out)
        return tables, rows


def _configure(connection: Any, out: Path | None, memory_limit: str | None, threads: int | None) -> None:
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    if memory_limit:
        connection.execute(f"SET memory_limit = '{_setting(memory_limit)}'")
    if threads:
        connection.execute(f"SET threads = {int(threads)}")
    if out:
        out.mkdir(parents=True, exist_ok=True)
        connection.execute(f"SET temp_directory = '{str(out / '.work').replace(chr(39), chr(39) * 2)}'")


def _setting(text: str) -> str:
    if not text.replace(".", "", 1).rstrip("KMGTiB ").isdigit():
        raise InputError("P053", f"{text!r} is not an amount of memory", hint="write 1GB or 512MB")
    return text


def _execute(connection: Any, text: str, level: str, out: Path | None) -> tuple[Any, int]:
    if out is None:
        table = connection.sql(text).to_arrow_table()
        return table, table.num_rows
    path = out / f"{level}s.parquet"
    target = str(path).replace("'", "''")
    (count,) = connection.execute(f"COPY (\n{text}\n) TO '{target}' (FORMAT parquet)").fetchone()
    return path, int(count)


def _hint(error: Exception) -> str:
    text = str(error)
    if "Out of Memory" in text:
        return "allow more memory, or run fewer months or outputs at a time"
    if "verflow" in text or "Out of Range" in text:
        return "an amount is larger than any that a person can have: check the data"
    return "please report this with the law and the first rows of the data"


class _watch:
    """Reports a query's progress from a thread beside it."""

    def __init__(self, connection: Any, progress: Progress | None, number: int, of: int) -> None:
        self.connection, self.progress, self.number, self.of = connection, progress, number, of
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True) if progress else None

    def _watch(self) -> None:
        assert self.progress is not None
        while not self.done.wait(0.2):
            percent = self.connection.query_progress()
            if percent >= 0:
                self.progress((self.number * 100 + percent) / self.of)

    def __enter__(self) -> None:
        if self.thread:
            self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        if self.thread and self.progress:
            self.thread.join()
            self.progress((self.number + 1) * 100 / self.of)
