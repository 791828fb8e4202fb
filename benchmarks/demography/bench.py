"""How long 75 years of a country's population take, and how far they are from the United Nations' own.

    python benchmarks/demography/bench.py [--data FOLDER] [--runs N] [--write]

Prints the figures with the method; appends them to benchmarks/RESULTS.md only with --write. Without --data (the folder with five_year/ and
single_age/) the population is invented and only the times are measured.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from opensocle.projection.demography import project
from opensocle.projection.demography_inputs import Inputs
from opensocle.projection.demography_migration import model_pattern, spread_total
from opensocle.projection.demography_paths import project_paths
from opensocle.projection.un_files import mothers_ages, read_five_year, read_single_age

RESULTS = Path(__file__).resolve().parents[1] / "RESULTS.md"
YEARS = 75


def invented() -> Inputs:
    """A country of 20 million by single ages, with rates of 75 years that fall slowly."""
    ages = np.arange(101)
    fall = np.exp(-0.01 * np.arange(YEARS))[:, None]
    mortality = np.stack([(0.0004 + 0.00006 * np.exp(ages / 10.8)) * fall * level for level in (1.1, 0.9)], axis=1)
    mortality[:, :, 0] = 0.02 * fall
    return Inputs(
        2025,
        1,
        np.tile(250_000 * np.exp(-ages / 40), (2, 1)),
        2.4 * mothers_ages(101) * fall,
        np.full(YEARS, 1.05),
        mortality=mortality,
        migration=spread_total(np.full(YEARS, -20_000.0), model_pattern(tuple(range(101)))),
    )


def seconds(task: Callable[[], object], runs: int) -> tuple[float, float]:
    """Median and greatest time of `runs` runs, after one that is not counted."""
    task()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return statistics.median(times), max(times)


def speed(runs: int) -> list[str]:
    """Rows of the table of times."""
    inputs = invented()
    tasks: dict[str, tuple[Callable[[], object], int]] = {
        f"{YEARS} years, two sexes, ages 0-100+, one projection": (lambda: project(inputs), runs * 10),
        "the same, 1,000 stochastic paths, every age kept": (lambda: project_paths(inputs, paths=1000, seed=1), runs),
        "the same, 1,000 stochastic paths, totals kept": (lambda: project_paths(inputs, paths=1000, seed=1, keep="totals"), runs),
    }
    rows = ["| what | median | slowest |", "|---|---|---|"]
    for name, (task, times) in tasks.items():
        median, slowest = seconds(task, times)
        rows.append(f"| {name} | {median * 1000:,.1f} ms | {slowest * 1000:,.1f} ms |")
    return rows


def accuracy(data: Path) -> list[str]:
    """Rows of the table of differences from the United Nations' own population."""
    with (data / "five_year" / "population_1july_thousands.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    rows = ["| country | total 2050 | total 2100 | largest cell under 90 |", "|---|---|---|---|"]
    for country in sorted({line["iso3"] for line in lines}):
        projection = project(read_five_year(data / "five_year", country, 2025, 2100))
        own = {year: [line for line in lines if line["iso3"] == country and line["year"] == str(year)] for year in projection.years}
        theirs = {year: 1000 * np.array([[float(line["popM"]), float(line["popF"])] for line in each]).T for year, each in own.items()}
        off = {year: projection.at(year).sum() / theirs[year].sum() - 1 for year in (2050, 2100)}
        cell = max(abs(projection.at(year)[:, :18] / theirs[year][:, :18] - 1).max() for year in projection.years)
        rows.append(f"| {country}, five-year | {off[2050]:+.3%} | {off[2100]:+.3%} | {cell:.2%} |")
    return [*rows, india(data)]


def india(data: Path) -> str:
    """The row of India by single ages: 2050, 2099, and the largest cell of all years."""
    from pyarrow import parquet

    files = data / "single_age" / "two_sex_IND_wpp2024.parquet", data / "single_age" / "indicators_IND_wpp2024.csv"
    projection = project(read_single_age(*files, 2024, 2099))
    columns = {name: np.array(values) for name, values in parquet.read_table(files[0]).to_pydict().items()}
    theirs = np.zeros((76, 2, 101))
    inside = (columns["time"] >= 2024) & (columns["time"] <= 2099)
    for sex, name in enumerate(("popmale", "popfemale")):
        np.add.at(theirs[:, sex], (columns["time"][inside] - 2024, np.minimum(columns["age"][inside], 100)), columns[name][inside])
    off = projection.totals / theirs.sum(axis=(1, 2)) - 1
    cell = abs(projection.population[:, :, :90] / theirs[:, :, :90] - 1).max()
    return f"| IND, single ages | {off[26]:+.4%} | {off[75]:+.4%} (2099) | {cell:.3%} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with five_year/ and single_age/")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"append to {RESULTS.name}")
    told = parser.parse_args()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}"
    text = ["", "## Demography", ""]
    text += [f"Method: in one process on {machine}; the inputs are ready; one run is not counted. One projection: median of {told.runs * 10} runs;"]
    text += [f"paths: of {told.runs}. `python benchmarks/demography/bench.py --runs {told.runs}`", "", *speed(told.runs), ""]
    if told.data:
        text += [
            "Against the United Nations' own population (World Population Prospects 2024), from its own assumptions:",
            "",
            *accuracy(told.data),
            "",
        ]
    print("\n".join(text))
    if told.write:
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write("\n".join(text))


if __name__ == "__main__":
    main()
