"""An office of a nation's size: how long its users wait, imports, backups, its audit; and whether anything survives being killed.

    python benchmarks/office.py [--quick] [--persons 1000000] [--database sqlite] [--only import,…] [--kills 100] [--keep]

Makes an office of invented people under build/bench/office (kept for the next run; --fresh makes it anew), measures, prints a table with the targets;
--keep puts it into benchmarks/RESULTS.md. Ends with 1 where a target is missed. --database postgresql runs a server of its own, without fsync.
Each step is a process of its own. See docs/methods/benchmarks.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "office"), str(HERE.parent / "tools")]
import people_files  # noqa: E402
import stepping  # noqa: E402

import office_kills  # noqa: E402
from figures import Figure, keep, table  # noqa: E402
from measuring import MIB, Cost, as_installed, machine, measure, middle  # noqa: E402

PARTS = ("thousands", "build", "search", "pages", "rights", "verify", "backup", "kills", "peer")
FULL, QUICK = 1_000_000, 3_000
IMPORTED = 100_000
"""Persons of the import that has a target in seconds."""


@dataclass(frozen=True)
class Bench:
    """The sizes, where things are, and the database: its kind, and its address as office.yaml has it."""

    persons: int
    imported: int
    requests: int
    kills: int
    folder: Path
    kind: str
    address: str
    fresh: bool

    @property
    def office(self) -> Path:
        return self.folder / f"office-{self.kind}-{self.persons}"

    def what(self, persons: int | None = None) -> str:
        return f"{sizes(persons or self.persons)} persons, {self.kind}"

    def data(self, persons: int) -> Path:
        """The files of invented persons, made first where they are missing."""
        folder = self.folder / f"data-{persons}"
        if not (folder / "mapping.yaml").is_file():
            people_files.write(persons, folder)
        return folder


def sizes(persons: int) -> str:
    return f"{persons / 1e6:g} M" if persons >= 100_000 else f"{persons:,}"


def tell(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def waits(what: str, runs: Sequence[dict[str, Any]], most: float | None) -> list[Figure]:
    """The 95th percentile of the clock in ms beside its target, and of the processor; the range is the median and the longest."""
    found = []
    for part, name, limit in (("clock", "95 %", most), ("processor", "95 %, processor", None)):
        values = [run[part] * 1000 for run in runs]
        high = percentile(values, 0.95)
        asked, met = ("", None) if limit is None else (f"≤ {limit:g} ms", high <= limit)
        found.append(Figure(f"{what}: {name}", f"{high:.0f} ms", f"{middle(values):.0f}–{max(values):.0f}", asked, met))
    return found


# --- the parts


def thousands(bench: Bench) -> list[Figure]:
    """The import that has a target in seconds, with its audit; the same file again."""
    office, persons = bench.folder / f"import-{bench.kind}", bench.imported
    tell(f"import of {sizes(persons)}")
    with _another(bench) as address:
        found = _import(bench, office, address, persons, 60 if persons == IMPORTED else None)
    shutil.rmtree(office)
    return found


def build(bench: Bench) -> list[Figure]:
    """The office of all others, where it is not there from an earlier run."""
    if bench.office.is_dir() and not bench.fresh:
        tell(f"{bench.office.name} is there already")
        return []
    tell(f"import of {sizes(bench.persons)}")
    found = _import(bench, bench.office, bench.address, bench.persons, None)
    stepping.ask("people", bench.office)
    return found


def _import(bench: Bench, office: Path, address: str, persons: int, most: float | None) -> list[Figure]:
    data, what = bench.data(persons), bench.what(persons)
    shutil.rmtree(office, ignore_errors=True)
    stepping.step("make", office, address)
    first = stepping.step("import", office, data)
    there = stepping.ask("verify", office).said
    again = stepping.step("again", office, data)
    new = again.said["added"] + again.said["changed"]
    if not there["sound"] or there["rows"] < persons:
        raise SystemExit(f"{what}: the audit does not verify")
    asked, met = ("", None) if most is None else (f"≤ {most:g} s", first.said["seconds"] <= most)
    return [
        Figure(f"{what}: import, {there['rows']:,} rows of audit, sealed", f"{first.said['seconds']:.1f} s", "", asked, met),
        Figure(f"{what}: import, processor", f"{first.processor:.1f} s"),
        Figure(f"{what}: import, peak memory", f"{first.memory / MIB:.0f} MiB"),
        Figure(f"{what}: the same file again, rows that it adds or changes", str(new), f"{again.said['seconds']:.1f} s", "0", new == 0),
        Figure(f"{what}: the same file again, peak memory", f"{again.memory / MIB:.0f} MiB"),
    ]


def search(bench: Bench) -> list[Figure]:
    """Searches of sixteen kinds, by two users."""
    tell("search")
    found = []
    names = {"district": "a caseworker of one district", "country": "a user of the whole country"}
    for user, said in stepping.ask("search", bench.office, 16 * bench.requests).said.items():
        found += waits(f"{bench.what()}: search, {names[user]}", said["runs"], 100)
        kinds = {run["kind"] for run in said["runs"]}
        slowest = max(kinds, key=lambda kind: percentile([run["clock"] for run in said["runs"] if run["kind"] == kind], 0.95))
        high = percentile([run["clock"] for run in said["runs"] if run["kind"] == slowest], 0.95)
        found.append(Figure(f"{bench.what()}: search, {names[user]}, the slowest kind ({slowest}): 95 %", f"{high * 1000:.0f} ms"))
        found.append(Figure(f"{bench.what()}: search, {names[user]}: who was meant is shown", f"{said['found']:.0%}"))
    return found


def pages(bench: Bench) -> list[Figure]:
    tell("pages")
    said = stepping.ask("pages", bench.office, 10 * bench.requests).said
    return waits(f"{bench.what()}: a person's page, whole request, {said['acts']} acts recorded", said["runs"], 150)


def rights(bench: Bench) -> list[Figure]:
    """All schemes of Exemplia's law on the registry's facts."""
    tell("rights")
    said = stepping.ask("rights", bench.office, 10 * bench.requests).said
    return [
        *waits(f"{bench.what()}: all schemes for a person and her household", said["checks"], 50),
        *waits(f"{bench.what()}: the same, whole request", said["pages"], None),
        *waits(f"{bench.what()}: all schemes for every member, the largest tenth of households (to {said['most']})", said["large"], 50),
        *waits(f"{bench.what()}: all schemes for every member of any household, whole request", said["homes"], None),
    ]


def verify(bench: Bench) -> list[Figure]:
    tell("audit")
    ran = stepping.ask("verify", bench.office)
    what = f"{bench.what()}: audit verified, {ran.said['entries']:,} acts, {ran.said['rows']:,} rows"
    return [
        Figure(what, f"{ran.said['clock']:.0f} s", f"{ran.said['processor']:.0f} s processor", "sound", ran.said["sound"]),
        Figure(f"{bench.what()}: audit verified, peak memory", f"{ran.memory / MIB:.0f} MiB"),
    ]


def backup(bench: Bench) -> list[Figure]:
    """By the commands that an institution uses: backup, restore into another folder, check of what was restored."""
    tell("backup, restore, check")
    archive, restored = bench.folder / "backup.zip", bench.folder / "restored"
    archive.unlink(missing_ok=True)
    shutil.rmtree(restored, ignore_errors=True)
    secret = bench.office / "secret.key"
    steps: dict[str, list[str | Path]] = {
        "backup": ["backup", archive, "--office", bench.office],
        "restore": ["restore", archive, restored, "--secret", secret],
        "check": ["check", "--office", restored if bench.kind == "sqlite" else bench.office],
    }
    found: list[Figure] = []
    for name, arguments in steps.items():
        cost: Cost = measure([Path(sys.executable).with_name("socle"), "office", *arguments], as_installed(bench.folder / "bytecode"))
        found.append(_cost(f"{bench.what()}: `socle office {name}`", cost))
    size = archive.stat().st_size
    before = sum(path.stat().st_size for path in bench.office.glob("office.sqlite3"))
    found.insert(1, Figure(f"{bench.what()}: size of the backup", f"{size / 1e9:.2f} GB", f"of {before / 1e9:.2f} GB" if before else ""))
    archive.unlink()
    shutil.rmtree(restored)
    return found


def _cost(what: str, cost: Cost) -> Figure:
    return Figure(what, f"{cost.seconds:.0f} s", f"{cost.processor:.0f} s processor, {cost.memory / MIB:.0f} MiB", "right", True)


def kills(bench: Bench) -> list[Figure]:
    tell(f"{bench.kills} kills")
    folder, started = bench.folder / "kills", time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with _another(bench) as address:
        found = office_kills.kill_many(folder, address, bench.kills, seed=1)
    shutil.rmtree(folder)
    for text in found.wrong:
        tell(text)
    return office_kills.figures(bench.kind, found, bench.kills, time.monotonic() - started)


def peer(bench: Bench) -> list[Figure]:
    """People registered one by one, with a history of each row: here, and in plain Django with django-simple-history."""
    tell("peer")
    ours = [run["clock"] for run in stepping.ask("register", bench.office, 10 * bench.requests).said["runs"]]
    theirs = stepping.peer(bench.folder, 10 * bench.requests)
    return [
        Figure(f"one registration into {bench.what()}: act, seal, audit of each row, search keys", f"{middle(ours) * 1000:.1f} ms"),
        Figure("one registration by plain Django with django-simple-history, empty sqlite, nothing sealed", f"{middle(theirs['one']) * 1000:.1f} ms"),
        Figure(f"{sizes(bench.imported)} persons one by one at that rate", f"{middle(theirs['one']) * bench.imported:.0f} s"),
        Figure(f"{sizes(bench.imported)} persons by its bulk_create_with_history, no checks, no search", f"{theirs['bulk'] * bench.imported:.0f} s"),
    ]


@contextmanager
def _another(bench: Bench) -> Iterator[str]:
    """The address of another, empty database of the same kind."""
    with office_kills.database(bench.kind) as address:
        yield address


# --- the whole


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a small office, to see that everything runs; targets of time do not count")
    parser.add_argument("--persons", type=int, help=f"persons of the office ({FULL:,})")
    parser.add_argument("--imported", type=int, help=f"persons of the import that has a target in seconds ({IMPORTED:,})")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--only", default=",".join(PARTS), help="parts to run, by name; all by default")
    parser.add_argument("--kills", type=int, help="processes that are killed (100)")
    parser.add_argument("--fresh", action="store_true", help="make the office anew")
    parser.add_argument("--folder", type=Path, default=HERE.parent / "build" / "bench" / "office", help="where offices are kept")
    parser.add_argument("--keep", action="store_true", help="put the figures into RESULTS.md")
    given = parser.parse_args()
    unknown = set(given.only.split(",")) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return given


def main() -> None:
    given = options()
    given.folder.mkdir(parents=True, exist_ok=True)
    parts: dict[str, Callable[[Bench], list[Figure]]] = {
        "thousands": thousands, "build": build, "search": search, "pages": pages, "rights": rights, "verify": verify, "backup": backup,
        "kills": kills, "peer": peer,
    }  # fmt: skip
    started, busy = datetime.now(UTC), os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    persons, imported = given.persons or (QUICK if given.quick else FULL), given.imported or (QUICK if given.quick else IMPORTED)
    number, requests = given.kills or (6 if given.quick else 100), 3 if given.quick else 40
    asked = set(given.only.split(","))
    wanted = [name for name in PARTS if name in asked or (name == "build" and asked - {"thousands", "kills"})]
    with office_kills.database(given.database) as address:
        fresh = given.fresh or given.database != "sqlite"
        bench = Bench(persons, imported, requests, number, given.folder, given.database, address, fresh)
        figures: list[Figure] = []
        for name in wanted:
            found = parts[name](bench)
            figures += found
            print("\n".join(f"  {figure.what}: {figure.figure} {figure.spread}" for figure in found), file=sys.stderr, flush=True)
    if given.quick or given.database != "sqlite":
        shutil.rmtree(bench.office, ignore_errors=True)
    if given.quick:
        figures = [figure if figure.target in ("0", "sound", "right") else replace(figure, target="", met=None) for figure in figures]
    names = ("opensocle", "django", "duckdb", "pyarrow")
    own = f"{', '.join(f'{name} {version(name)}' for name in names)}, Python {platform.python_version()}"
    called = f"`python benchmarks/office.py --database {given.database} --persons {persons} --only {','.join(wanted)}`"
    heading = [machine(), own, f"{called}; load of the machine at the start: {busy:.1f}"]
    print("\n".join([*heading, "", table(figures)]))
    if given.keep and not given.quick:
        keep(figures, started, heading)
    sys.exit(1 if any(figure.met is False for figure in figures) else 0)


if __name__ == "__main__":
    main()
