"""OpenSocle's answer: the template's law in `law/` on the comparison's population, months as columns.

    python benchmarks/openfisca/run_opensocle.py POPULATION OUTPUT 2026-01:2026-12

writes `OUTPUT/households.parquet`: an id and `disposable_income`, `total_benefits` and `total_taxes` of each month, such as
`disposable_income_2026-01`, exact decimals, and `OUTPUT/run.json`: what law, data and program made it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from opensocle.engine.running import run
from opensocle.law.law import load
from opensocle.population.tables import Population

LAW = Path(__file__).resolve().parent / "law"
RESULTS = ("disposable_income", "total_benefits", "total_taxes")


def main() -> None:
    parser = argparse.ArgumentParser(description="Calculate the country template with OpenSocle.")
    parser.add_argument("population", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("months", help="2026-03 or 2026-01:2026-06")
    parser.add_argument("--memory-limit", help="beyond which DuckDB works on disk, such as 1GB")
    given = parser.parse_args()
    run(load(LAW), Population.open(given.population), given.months, RESULTS, out=given.output, memory_limit=given.memory_limit)


if __name__ == "__main__":
    main()
