"""How long the future takes: a population of 75 years, a thousand paths of it, a costing and a report from the command line.

    python benchmarks/costing.py [--quick] [--times 5] [--folder FOLDER] [--keep]

Prints a table with the targets; --keep puts it into benchmarks/RESULTS.md. Ends with 1 where a target is missed. See docs/methods/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np

import opensocle.countries
from figures import Figure, keep, table
from measuring import MIB, Cost, as_installed, machine, measure, middle, spread
from opensocle.projection.demography import Array, project
from opensocle.projection.demography_inputs import Inputs
from opensocle.projection.demography_paths import project_paths
from opensocle.projection.lifetables import survival

HERE = Path(__file__).resolve().parent
EXEMPLIA = Path(opensocle.countries.__path__[0]) / "exemplia"
TWELVE = (
    "child_grant", "birth_grant", "social_pension", "disability_grant", "long_term_care_allowance", "old_age_pension", "invalidity_pension",
    "maternity_benefit", "sickness_benefit", "unemployment_benefit", "employment_injury_benefit", "social_insurance_contributions",
)  # fmt: skip
YEARS, PATHS = 75, 1_000


def seconds(task: Callable[[], object], runs: int) -> list[float]:
    """The time of each run, after one that is not counted."""
    task()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        task()
        taken.append(time.perf_counter() - start)
    return taken


def timed(what: str, taken: Sequence[float], limit: float | None, unit: str = "s") -> Figure:
    """The median in s or ms beside its limit, in the same unit."""
    values = [value * (1000 if unit == "ms" else 1) for value in taken]
    asked = "" if limit is None else f"≤ {limit:g} {unit}"
    return Figure(what, f"{middle(values):.2f} {unit}", spread(values), asked, None if limit is None else middle(values) <= limit)


# --- the population


def invented() -> Inputs:
    """The country of the demographic benchmark: 20 million by single ages, rates of 75 years."""
    found = spec_from_file_location("demography_bench", HERE / "demography" / "bench.py")
    assert found is not None and found.loader is not None
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module.invented()


def by_hand(inputs: Inputs, ratios: Array) -> Array:
    """(year, sex, age): the same projection as anyone may write it: a matrix of Leslie for each year, both sexes in one, times the population.

    ratios: (year, sex, age) survival ratios by age at the end. Births are those of the women at the start and at the end, half each.
    """
    ages = inputs.groups
    assert inputs.migration is not None
    people = [inputs.population.ravel()]
    for fertility, ratio, boys, migrants in zip(inputs.fertility, ratios, inputs.sex_ratio, inputs.migration, strict=True):
        matrix = np.zeros((2 * ages, 2 * ages))
        for sex in range(2):
            at = sex * ages
            matrix[np.arange(at + 1, at + ages), np.arange(at, at + ages - 1)] = ratio[sex, 1:]
            matrix[at + ages - 1, at + ages - 1] = ratio[sex, -1]
        births = fertility / 2 @ (np.eye(ages) + matrix[ages:, ages:])
        matrix[0, ages:] = births * boys / (1 + boys) * ratio[0, 0]
        matrix[ages, ages:] = births / (1 + boys) * ratio[1, 0]
        people.append(matrix @ people[-1] + migrants.ravel())
    return np.array(people).reshape(-1, 2, ages)


def population(times: int) -> list[Figure]:
    """One projection, the same by hand, and many paths; in one process, the inputs ready."""
    inputs = invented()
    assert inputs.mortality is not None
    ratios = survival(inputs.lived(inputs.mortality), width=1)
    ready = replace(inputs, mortality=None, survival=ratios)
    ours, theirs = project(ready).population, by_hand(inputs, ratios)
    off = float(np.abs(ours / theirs - 1).max())
    what = f"{YEARS} years, two sexes, ages 0-100+"
    return [
        timed(f"{what}: one projection, from death rates", seconds(lambda: project(inputs), 10 * times), 5, "ms"),
        timed(f"{what}: from survival ratios", seconds(lambda: project(ready), 10 * times), None, "ms"),
        timed(f"{what}: from survival ratios, a matrix a year by hand", seconds(lambda: by_hand(inputs, ratios), 10 * times), None, "ms"),
        Figure(f"{what}: largest difference from the matrices", f"{off:.0e}", "relative", "≤ 1e-09", off <= 1e-9),
        timed(f"{PATHS:,} stochastic paths, every age kept", seconds(lambda: project_paths(inputs, paths=PATHS, seed=1), times), None),
        timed(f"{PATHS:,} stochastic paths, totals kept", seconds(lambda: project_paths(inputs, paths=PATHS, seed=1, keep="totals"), times), 1),
    ]


# --- the command line


def twelve(folder: Path) -> Path:
    """Exemplia with twelve schemes in each of its scenarios."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(EXEMPLIA, folder)
    for file in (folder / "scenarios").glob("*.yaml"):
        text, count = re.subn(r"^schemes: \[[^\]]*\]", f"schemes: [{', '.join(TWELVE)}]", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert count == 1, file
        file.write_text(text, encoding="utf-8")
    return folder


def forget(*folders: Path) -> None:
    """Asks the system to read these folders' files from disk again, as after a start of the machine; where it cannot be asked, nothing happens."""
    if not hasattr(os, "posix_fadvise"):
        return
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        try:
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        except OSError:
            continue


def commands(times: int, folder: Path, quick: bool) -> list[Figure]:
    """Whole processes, one after the other."""
    program, bytecode = Path(sys.executable).with_name("socle"), folder / "bytecode-costing"
    until = ["--until", "2028"] if quick else []
    small = twelve(folder / "exemplia-12")
    out = folder / "report"
    shutil.rmtree(bytecode, ignore_errors=True)

    def run(*arguments: str | Path) -> Cost:
        return measure([program, *arguments, *until], as_installed(bytecode))

    first = run("cost", small)
    cold = []
    for _ in range(times):
        forget(Path(sys.prefix), Path(sys.base_prefix) / "lib", EXEMPLIA.parents[1], bytecode, small)
        cold.append(run("cost", small))
    again = [run("cost", small) for _ in range(times)]
    whole = [run("cost", EXEMPLIA) for _ in range(max(1, times // 2))]
    report = [run("report", small, "--out", out) for _ in range(times)]
    large = [run("report", EXEMPLIA, "--out", out) for _ in range(max(1, times // 2))]
    shutil.rmtree(out, ignore_errors=True)
    size = f"{4 if quick else 31} years, 3 scenarios"
    name = f"`socle cost`, 12 schemes, {size}"
    return [
        timed(f"{name}: the very first time, nothing compiled", [first.seconds], None),
        timed(f"{name}: cold", [cost.seconds for cost in cold], 3),
        timed(f"{name}: warm", [cost.seconds for cost in again], 3),
        timed(f"{name}: warm, processor", [cost.processor for cost in again], None),
        Figure(f"{name}: peak memory", f"{max(cost.memory for cost in again) / MIB:.0f} MiB"),
        timed(f"`socle cost exemplia`, 19 schemes, 4 of them on a survey, {size}", [cost.seconds for cost in whole], None),
        timed(f"`socle report`, 12 schemes, a study on a survey, two languages, all forms, {size}", [cost.seconds for cost in report], 10),
        timed(f"`socle report exemplia`, the same of 19 schemes, {size}", [cost.seconds for cost in large], None),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a few years, to see that everything runs; targets do not count")
    parser.add_argument("--times", type=int, default=5, help="runs of what is timed (5)")
    parser.add_argument("--folder", type=Path, default=HERE.parent / "build" / "bench", help="where copies of the country are kept")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON, for bench.py")
    parser.add_argument("--keep", action="store_true", help="put the figures into RESULTS.md")
    told = parser.parse_args()
    told.folder.mkdir(parents=True, exist_ok=True)
    started, busy = datetime.now(UTC), f"; load of the machine at the start: {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    figures = [*population(told.times), *commands(told.times, told.folder, told.quick)]
    if told.quick:
        figures = [figure if "difference" in figure.what else replace(figure, target="", met=None) for figure in figures]
    if told.json:
        print(json.dumps([asdict(figure) for figure in figures]))
        return
    own = f"OpenSocle {version('opensocle')}, DuckDB {version('duckdb')}, NumPy {np.__version__}, Python {platform.python_version()}"
    heading = [machine(), own, f"`python benchmarks/costing.py --times {told.times}`{busy}"]
    print("\n".join([*heading, "", table(figures)]))
    if told.keep and not told.quick:
        keep(figures, started, heading)
    sys.exit(1 if not told.quick and any(figure.met is False for figure in figures) else 0)


if __name__ == "__main__":
    main()
