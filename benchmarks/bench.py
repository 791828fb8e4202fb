"""Measures OpenSocle against its targets, beside OpenFisca and a query written by hand. `make bench` runs it; see docs/methods/benchmarks.md.

    python benchmarks/bench.py [--quick] [--persons 1000000] [--large 5000000] [--nation 50000000] [--times 5] [--only speed,large]

It makes what is missing (OpenFisca's environment, populations under build/bench), measures, prints a table and puts it into
benchmarks/RESULTS.md. It ends with 1 where a target is missed or results differ. Needs Linux or macOS.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from figures import Figure, keep, table
from measuring import MIB, Cost, ProcessFailed, as_installed, machine, measure, middle, spread, taking_turns

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
OPENFISCA = HERE / "openfisca"
YEAR = "2026-01:2026-12"
CHANGE = "2016-10:2017-02"
"""Months in which the template's law changes four times."""
BYTES = 120
"""Of disk that a person takes for a while: the population, the results and what spills over from memory."""
QUICK = {"persons": 20_000, "large": 60_000, "nation": 200_000, "change": 5_000, "times": 1}
FULL = {"persons": 1_000_000, "large": 5_000_000, "nation": 50_000_000, "change": 100_000, "times": 5}
PARTS = ("equal", "speed", "query", "large", "small_memory", "household", "command", "nation", "impact", "costing")


@dataclass(frozen=True)
class Bench:
    """The sizes, and where things are."""

    persons: int
    large: int
    nation: int
    change: int
    times: int
    folder: Path
    openfisca: Path

    def population(self, persons: int, on: str = "2026-01-01") -> Path:
        """The folder of a made-up population, made first if it is missing."""
        folder = self.folder / f"{persons}-persons-{on}"
        if not (folder / "population.yaml").is_file():
            tell(f"making {persons:,} persons")
            command([sys.executable, OPENFISCA / "data.py", str(persons), folder, "--on", on])
        return folder

    @property
    def environment(self) -> dict[str, str]:
        return as_installed(self.folder / "bytecode")

    def out(self, name: str) -> Path:
        return self.folder / "results" / name

    def commands(self, population: Path, months: str, names: str = "openfisca opensocle handwritten") -> dict[str, list[str | Path]]:
        """How each program is run on a population, as whole processes."""
        runners = {"openfisca": self.openfisca, "opensocle": Path(sys.executable), "handwritten": Path(sys.executable)}
        scripts = {"openfisca": "run_openfisca.py", "opensocle": "run_opensocle.py", "handwritten": "handwritten.py"}
        return {name: [runners[name], OPENFISCA / scripts[name], population, self.out(name), months] for name in names.split()}


def tell(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


def command(parts: list[str | Path]) -> str:
    """What a command writes. Raises ProcessFailed."""
    ended = subprocess.run([str(part) for part in parts], capture_output=True, text=True)
    if ended.returncode:
        raise ProcessFailed((ended.stderr or ended.stdout).strip()[-2000:])
    return ended.stdout


def sizes(persons: int) -> str:
    return f"{persons / 1e6:g} M" if persons >= 100_000 else f"{persons:,}"


# --- the parts, each a list of figures


def equal(bench: Bench) -> list[Figure]:
    """Whether the three programs agree, on a year and on months in which the law changes."""
    found = []
    for persons, on, months in ((bench.change, "2016-10-01", CHANGE), (bench.persons, "2026-01-01", YEAR)):
        commands = bench.commands(bench.population(persons, on), months)
        for name, run in commands.items():
            tell(f"{name}, {sizes(persons)} persons, {months}")
            measure(run, bench.environment)
        for other, margin, asked in (("openfisca", "0.01", "≤ 0.01"), ("handwritten", "0", "none")):
            difference, agree = compared(bench.out(other), bench.out("opensocle"), margin)
            found.append(Figure(f"largest difference from {other}, {sizes(persons)}, {months}", difference, "", asked, agree))
    return found


def compared(first: Path, second: Path, margin: str) -> tuple[str, bool]:
    """The largest difference between two results, and whether they agree to the margin in every row."""
    parts = [sys.executable, OPENFISCA / "compare.py", first / "households.parquet", second / "households.parquet", "--margin", margin]
    ended = subprocess.run([str(part) for part in parts], capture_output=True, text=True)
    found = re.search(r"largest difference is ([\d.]+)", ended.stdout)
    return (found.group(1) if found else ended.stderr.strip()[-200:] or "no answer"), ended.returncode == 0


def speed(bench: Bench) -> list[Figure]:
    """Whole processes on a population, twelve months: all three in turn."""
    tell(f"{bench.times} rounds of three programs, {sizes(bench.persons)} persons")
    costs = taking_turns(bench.commands(bench.population(bench.persons), YEAR), bench.times, bench.environment)
    return processes(costs, f"{sizes(bench.persons)} × 12 months", 2.0)


def large(bench: Bench) -> list[Figure]:
    """The same with more persons."""
    rounds = max(1, bench.times // 2)
    tell(f"{rounds} rounds of three programs, {sizes(bench.large)} persons")
    costs = taking_turns(bench.commands(bench.population(bench.large), YEAR), rounds, bench.environment)
    return processes(costs, f"{sizes(bench.large)} × 12 months", 3.0)


def processes(costs: dict[str, list[Cost]], what: str, target: float) -> list[Figure]:
    """The figures of programs that took turns, and OpenSocle's ratio to OpenFisca."""
    found = []
    for name, runs in costs.items():
        seconds, processor, memory = ([getattr(cost, part) for cost in runs] for part in ("seconds", "processor", "memory"))
        found.append(Figure(f"{what}: {name}, whole process", f"{middle(seconds):.2f} s", spread(seconds)))
        found.append(Figure(f"{what}: {name}, processor", f"{middle(processor):.2f} s", spread(processor)))
        found.append(Figure(f"{what}: {name}, peak memory", f"{middle(memory) / MIB:.0f} MiB", spread([m / MIB for m in memory], 0)))
    ours, theirs = costs["opensocle"], costs["openfisca"]
    ratio = middle([c.seconds for c in theirs]) / middle([c.seconds for c in ours])
    each = [b.seconds / a.seconds for a, b in zip(ours, theirs, strict=True)]
    found.append(Figure(f"{what}: faster than OpenFisca", f"{ratio:.2f} ×", spread(each), f"≥ {target:g} ×", ratio >= target))
    share = middle([c.memory for c in ours]) / middle([c.memory for c in theirs])
    found.append(Figure(f"{what}: memory, share of OpenFisca's", f"{share:.2f}", "", "< 1", share < 1))
    return found


def query(bench: Bench) -> list[Figure]:
    """Our query against the one written by hand, in one process."""
    rounds = 2 * bench.times - 1
    tell(f"{rounds} rounds of both queries")
    answer = command([sys.executable, OPENFISCA / "queries.py", bench.population(bench.persons), bench.out("queries"), YEAR, "--times", str(rounds)])
    taken: dict[str, list[tuple[float, float]]] = json.loads(answer)
    ours, theirs = taken["opensocle"], taken["handwritten"]
    found = [
        Figure(f"query alone, {name}", f"{middle([clock for clock, _ in runs]):.3f} s", spread([clock for clock, _ in runs], 3))
        for name, runs in taken.items()
    ]
    for part, name, target in ((0, "time", 1.3), (1, "processor time", None)):
        ratio = middle([run[part] for run in ours]) / middle([run[part] for run in theirs])
        each = [a[part] / b[part] for a, b in zip(ours, theirs, strict=True)]
        asked, met = ("", None) if target is None else (f"≤ {target}", ratio <= target)
        found.append(Figure(f"query alone, {name} beside the one by hand", f"{ratio:.2f}", spread(each), asked, met))
    return found


def small_memory(bench: Bench) -> list[Figure]:
    """Twelve months of many persons with little memory: work goes to disk."""
    limit = "1GB" if bench.large >= 1_000_000 else "200MB"
    return limited(bench, bench.large, YEAR, limit, None, f"{sizes(bench.large)} × 12 months, memory limit {limit}")


def nation(bench: Bench) -> list[Figure]:
    """A nation's month in less than 4 GB; its files are removed afterwards."""
    needed = bench.nation * BYTES
    free = shutil.disk_usage(bench.folder).free
    what = f"{sizes(bench.nation)} × 1 month, memory limit 3GB"
    if free < needed:
        return [Figure(what, f"not measured: {needed >> 30} GiB of disk are needed, {free >> 30} are free")]
    try:
        return limited(bench, bench.nation, "2026-01", "3GB", 4_000_000_000, what)
    finally:
        for folder in (bench.folder / f"{bench.nation}-persons-2026-01-01", bench.out("limited")):
            shutil.rmtree(folder, ignore_errors=True)


def limited(bench: Bench, persons: int, months: str, limit: str, most: int | None, what: str) -> list[Figure]:
    population = bench.population(persons)
    tell(what)
    run = [sys.executable, OPENFISCA / "run_opensocle.py", population, bench.out("limited"), months, "--memory-limit", limit]
    try:
        cost = measure(run, bench.environment)
    except ProcessFailed as problem:
        return [Figure(what, str(problem).splitlines()[-1][:120], "", "finishes", False)]
    asked, met = ("", None) if most is None else (f"< {most / 1e9:g} GB", cost.memory < most)
    return [
        Figure(f"{what}: whole process", f"{cost.seconds:.1f} s", "", "finishes", True),
        Figure(f"{what}: peak memory", f"{cost.memory / MIB:.0f} MiB", "", asked, met),
    ]


def household(bench: Bench) -> list[Figure]:
    """One household, once the law is loaded."""
    tell("one household")
    answer: dict[str, dict[str, list[float]]] = json.loads(command([sys.executable, HERE / "households.py"]))
    names = {
        "template": ("one household, the template's law, three results", 50.0),
        "cases": ("one household, Exemplia's cases, one scheme each, median case", 50.0),
        "family": ("one household of four, all 25 schemes of Exemplia", None),
    }
    found = []
    for kind, (name, target) in names.items():
        for part, way in (("frames", "facts read before"), ("facts", "facts read each time")):
            value = middle(answer[kind][part])
            asked = target if part == "frames" else None
            met = None if asked is None else value <= asked
            found.append(Figure(f"{name}, {way}", f"{value:.0f} µs", spread(answer[kind][part], 0), f"≤ {asked:g} µs" if asked else "", met))
    return found


def commands(bench: Bench) -> list[Figure]:
    """Commands from a cold start: a new process each time, its files in the system's cache."""
    program = Path(sys.executable).with_name("socle")
    case = "a child of four in Exemplia receives the grant"
    person = ["explain", OPENFISCA / "law", bench.population(bench.persons), "--person", "7", "--month", "2026-03", "--scheme", "basic_income"]
    asked: list[tuple[str, list[str | Path], float]] = [
        ("socle check exemplia", ["check", "exemplia"], 1.0),
        ("socle explain exemplia --case …", ["explain", "exemplia", "--case", case, "--scheme", "child_grant"], 0.8),
        (f"socle explain … --person 7, of {sizes(bench.persons)}", person, 0.8),
    ]
    found = []
    for name, arguments, target in asked:
        try:
            seconds = [measure([program, *arguments], bench.environment).seconds for _ in range(max(3, bench.times) + 1)][1:]
        except (ProcessFailed, OSError) as problem:
            found.append(Figure(f"`{name}`", f"not measured: {str(problem).splitlines()[-1][:100]}", "", f"≤ {target:g} s"))
            continue
        found.append(Figure(f"`{name}`", f"{middle(seconds):.2f} s", spread(seconds), f"≤ {target:g} s", middle(seconds) <= target))
    return found


def impact(bench: Bench) -> list[Figure]:
    """Surveys: whether intervals hold the truth, how long a study takes, and the same figures by R. Scripts of their own, as users may run them."""
    found = []
    for name in ("coverage", "speed", "peers"):
        tell(f"impact, {name}")
        small = ["--quick"] if bench.persons < FULL["persons"] else []
        run: list[str | Path] = [sys.executable, HERE / "impact" / f"{name}.py", "--json", "--times", str(bench.times), "--folder", bench.folder]
        found += [Figure(**row) for row in json.loads(command([*run, *small]))]
    return found


def costing(bench: Bench) -> list[Figure]:
    """Population, paths, a costing and a report: a script of its own, as users may run it."""
    tell("population, paths, costing, report")
    small = ["--quick"] if bench.persons < FULL["persons"] else []
    run: list[str | Path] = [sys.executable, HERE / "costing.py", "--json", "--times", str(bench.times), "--folder", bench.folder]
    return [Figure(**row) for row in json.loads(command([*run, *small]))]


# --- the whole


def versions(openfisca: Path) -> str:
    """What was compared with what."""
    asked = "from importlib.metadata import version as v; print(v('openfisca-core'), v('openfisca-country-template'), v('numpy'))"
    core, template, numpy = command([openfisca, "-c", asked]).split()
    own = f"OpenSocle {version('opensocle')}, DuckDB {version('duckdb')}, PyArrow {version('pyarrow')}, Python {platform.python_version()}"
    return f"{own}; OpenFisca-Core {core}, country template {template}, numpy {numpy}"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure OpenSocle against its targets, beside OpenFisca and a query written by hand.")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that everything runs; nothing is kept and targets do not count")
    for name, what in (
        ("persons", "persons"),
        ("large", "persons of the larger run"),
        ("nation", "persons of a nation's month"),
        ("change", "persons"),
    ):
        parser.add_argument(f"--{name}", type=int, help=f"persons{what} ({FULL[name]:,})")
    parser.add_argument("--times", type=int, help=f"rounds, each program once in a round ({FULL['times']})")
    parser.add_argument("--only", default=",".join(PARTS), help="parts to run, by name; all by default")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench", help="where populations are kept")
    parser.add_argument("--no-keep", action="store_true", help="do not write RESULTS.md")
    given = parser.parse_args()
    for name, value in (QUICK if given.quick else FULL).items():
        if getattr(given, name) is None:
            setattr(given, name, value)
    unknown = set(given.only.split(",")) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return given


def main() -> None:
    given = options()
    given.folder.mkdir(parents=True, exist_ok=True)
    openfisca = Path(command([sys.executable, OPENFISCA / "environment.py"]).strip())
    bench = Bench(given.persons, given.large, given.nation, given.change, given.times, given.folder, openfisca)
    parts: dict[str, Any] = {
        "equal": equal, "speed": speed, "query": query, "large": large, "small_memory": small_memory,
        "household": household, "command": commands, "nation": nation, "impact": impact,
        "costing": costing,
    }  # fmt: skip
    started = datetime.now(UTC)
    figures = [figure for name in PARTS if name in given.only.split(",") for figure in parts[name](bench)]
    if given.quick:  # at these sizes only equality has a meaning
        figures = [figure if "difference" in figure.what else replace(figure, target="", met=None) for figure in figures]
    shutil.rmtree(bench.folder / "results", ignore_errors=True)
    heading = [machine(), versions(openfisca), f"{bench.times} rounds; {datetime.now(UTC) - started} in all".split(".")[0]]
    print("\n".join([*heading, "", table(figures)]))
    if not given.no_keep and not given.quick:
        keep(figures, started, heading)
    sys.exit(1 if any(figure.met is False for figure in figures) else 0)


if __name__ == "__main__":
    main()
