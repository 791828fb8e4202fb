"""Measures imports of persons and the search for duplicates, on SQLite and on PostgreSQL; results go into benchmarks/RESULTS.md.

    python benchmarks/office/import.py [--persons 100000] [--only sqlite,postgresql] [--no-keep]

Each step is a process of its own. Every row is in the audit and the act is sealed. PostgreSQL runs without fsync, as in the tests; needs Linux.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "tools")]
import people_files  # noqa: E402

from figures import Figure, keep, table  # noqa: E402
from measuring import MIB, machine  # noqa: E402
from postgresql_server import as_url, postgresql_server  # noqa: E402

TARGETS = {"import": 60.0, "match": 90.0}
"""Seconds for 100,000 persons."""


@dataclass(frozen=True)
class Ran:
    """A step: what it said, and the memory of its process at its peak, bytes."""

    said: dict[str, Any]
    memory: int


def step(name: str, office: Path, *more: str | Path) -> Ran:
    process = subprocess.Popen([sys.executable, str(HERE / "steps.py"), name, str(office), *map(str, more)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    text = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name} failed")
    return Ran(json.loads(text.splitlines()[-1]), used.ru_maxrss * (1 if sys.platform == "darwin" else 1024))


@contextmanager
def database(kind: str) -> Generator[str]:
    """Its address, as office.yaml has it."""
    if kind == "sqlite":
        yield "sqlite"
        return
    with postgresql_server() as address:
        yield as_url(address)


def change(data: Path, share: float) -> None:
    """Other earnings for some of the persons."""
    draw = random.Random(2)
    with (data / "persons.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    at = head.index("EARNINGS")
    for row in rows:
        if draw.random() < share:
            row[at] = str(int(row[at]) + 1)
    with (data / "persons.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def measured(kind: str, persons: int, folder: Path) -> list[Figure]:
    """The figures of one database."""
    office, data = folder / f"office-{kind}", folder / f"data-{kind}"
    for old in (office, data):
        shutil.rmtree(old, ignore_errors=True)
    people_files.write(persons, data)
    what, whole = f"{persons:,} persons, {kind}", persons == 100_000
    found = []
    with database(kind) as address:
        step("make", office, address)
        first = step("import", office, data)
        there = step("count", office).said
        if there["persons"] != persons or not there["sound"]:
            raise SystemExit(f"{kind}: the registry is not what was imported")
        seconds = first.said["seconds"]
        target = (f"≤ {TARGETS['import']:g} s", seconds <= TARGETS["import"]) if whole else ("", None)
        found.append(Figure(f"{what}: import, with {there['changes']:,} rows of audit, sealed", f"{seconds:.1f} s", "", *target))
        found.append(Figure(f"{what}: peak memory of the import", f"{first.memory / MIB:.0f} MiB"))
        again = step("again", office, data)
        found.append(
            Figure(f"{what}: the same file again, nothing changed", f"{again.said['seconds']:.1f} s", "", "0 rows", again.said["changed"] == 0)
        )
        change(data, 0.01)
        found.append(Figure(f"{what}: preview of the file with 1 % changed", f"{step('preview', office, data).said['seconds']:.1f} s"))
        changed = step("again", office, data).said
        found.append(Figure(f"{what}: the file with 1 % changed ({changed['changed']:,} rows)", f"{changed['seconds']:.1f} s"))
        matched = step("match", office)
        seconds = matched.said["seconds"]
        target = (f"≤ {TARGETS['match']:g} s", seconds <= TARGETS["match"]) if whole else ("", None)
        found.append(Figure(f"{what}: search for duplicates", f"{seconds:.1f} s", "", *target))
        found.append(Figure(f"{what}: peak memory of the search", f"{matched.memory / MIB:.0f} MiB"))
    shutil.rmtree(office)
    shutil.rmtree(data)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures imports of persons and the search for duplicates.")
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--only", default="sqlite,postgresql")
    parser.add_argument("--folder", type=Path, default=HERE.parents[1] / "build" / "bench-office")
    parser.add_argument("--no-keep", action="store_true", help="do not write RESULTS.md")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    started, load, figures = datetime.now(UTC), os.getloadavg()[0], []
    for kind in given.only.split(","):
        figures += measured(kind, given.persons, given.folder)
    names = ("opensocle", "django", "duckdb", "pyarrow", "splink")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    heading = [machine(), f"{versions}, Python {platform.python_version()}", f"load of the machine before: {load:.1f}; PostgreSQL without fsync"]
    print("\n".join([*heading, "", table(figures)]))
    if not given.no_keep:
        keep(figures, started, heading)
    sys.exit(1 if any(figure.met is False for figure in figures) else 0)


if __name__ == "__main__":
    main()
