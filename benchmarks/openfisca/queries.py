"""The query that OpenSocle makes and the one written by hand, in one process: how long each takes.

    python benchmarks/openfisca/queries.py POPULATION OUTPUT 2026-01:2026-12 --times 9

Both run on the same connection with the same settings, in turn, and both write Parquet; a first round is not counted. Prints JSON:
seconds by the clock and of processor (all threads) of each run.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import duckdb
import handwritten
from run_opensocle import LAW, RESULTS

from opensocle.engine.running import duckdb_store, plan_run, queries
from opensocle.engine.sql.dialect import DIALECTS
from opensocle.law.law import load
from opensocle.periods import parse_period
from opensocle.population.tables import Population


def texts(population: Path, period: str, database: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Both queries."""
    opened, months = Population.open(population), parse_period(period)
    plan = plan_run(load(LAW), opened, months, RESULTS)
    made = queries(plan, DIALECTS["duckdb"], duckdb_store(database, opened))
    return {"opensocle": made["household"], "handwritten": handwritten.query(population, list(months))}


def times(population: Path, output: Path, period: str, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """(seconds by the clock, seconds of processor) of every run of each query."""
    output.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"preserve_insertion_order": "false"}) as database:
        found = texts(population, period, database)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in found}
        for number in range(rounds + 1):
            for name, text in found.items():
                clock, processor = time.perf_counter(), time.process_time()
                database.execute(f"COPY (\n{text}\n) TO '{output / name}.parquet' (FORMAT parquet)")
                if number:
                    taken[name].append((time.perf_counter() - clock, time.process_time() - processor))
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the query that OpenSocle makes and the one written by hand.")
    parser.add_argument("population", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("months", help="2026-03 or 2026-01:2026-12")
    parser.add_argument("--times", type=int, default=9)
    given = parser.parse_args()
    print(json.dumps(times(given.population, given.output, given.months, given.times)))


if __name__ == "__main__":
    main()
