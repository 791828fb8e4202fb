"""Compares, for everybody of a demonstration office and every scheme, the counter, the batch over the registry and the engine on the people's files.

    python benchmarks/office_same.py [--persons 20000] [--month 2026-01] [--folder FOLDER] [--no-keep]

The office is made in the folder, or used again, as by `make demo`. Processor times: of this process, other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import platform
import resource
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from figures import Figure, keep, table  # noqa: E402
from measuring import MIB, machine  # noqa: E402
from opensocle import country_folder  # noqa: E402
from opensocle.law.law import load  # noqa: E402
from opensocle.periods import Month  # noqa: E402
from opensocle.population.people import make_people  # noqa: E402
from opensocle.population.tables import Population  # noqa: E402

FILLED = 60.0
"""Seconds of the processor in which an office of 20,000 persons is made."""


def made(persons: int, folder: Path) -> list[Figure]:
    """The people and the office, in the folder; figures where it was made just now."""
    from opensocle.office.demo.building import MadeOf, build
    from opensocle.office.running import prepare

    country, people = country_folder("exemplia"), folder / "people"
    if not (people / "population.yaml").is_file():
        make_people(people, persons)
    law, started = load(country), time.process_time()
    office = build(folder / "office", MadeOf(people, country, law.hash, {"en": "Exemplia", "fr": "Exemplie"}, 1))
    seconds = time.process_time() - started
    prepare(office.folder)
    if not office.made:
        return []
    whole = persons == 20_000
    target = (f"≤ {FILLED:g} s", seconds <= FILLED) if whole else ("", None)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    size = (office.folder / "office.sqlite3").stat().st_size
    return [
        Figure(f"demonstration office of {office.persons:,} persons: processor", f"{seconds:.1f} s", "", *target),
        Figure(f"demonstration office of {office.persons:,} persons: peak memory", f"{memory / MIB:.0f} MiB"),
        Figure(f"demonstration office of {office.persons:,} persons: database, with its audit", f"{size / MIB:.0f} MiB"),
    ]


def compared(folder: Path, month: Month) -> list[Figure]:
    """Everybody and every scheme, three ways."""
    from opensocle.office.demo.same import compare

    law, started = load(country_folder("exemplia")), time.process_time()
    found = compare(Population.open(folder / "people"), law, month)
    seconds = time.process_time() - started
    for reference, variable, engine, counter, batch in found.wrong:
        print(f"{reference} {variable}: engine {engine}, counter {counter}, batch {batch}")
    what = f"{month}, counter, batch and engine, {found.persons:,} persons × {len(law.schemes)} schemes"
    return [
        Figure(f"{what}: values compared", f"{found.values:,}"),
        Figure(f"{what}: of them above zero or true", f"{found.given:,}"),
        Figure(f"{what}: values that differ", f"{found.differences:,}", "", "0", found.differences == 0),
        Figure(f"{what}: persons left out, whose files officers have changed since", f"{found.left_out}"),
        Figure(f"{what}: processor, all three", f"{seconds:.0f} s"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Compares the counter, the batch and the engine for everybody of a demonstration office.")
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--month", type=Month.parse, default=Month(2026, 1))
    parser.add_argument("--folder", type=Path, default=HERE.parent / "build" / "bench-same")
    parser.add_argument("--no-keep", action="store_true", help="do not write RESULTS.md")
    given = parser.parse_args()
    started = datetime.now(UTC)
    figures = made(given.persons, given.folder) + compared(given.folder, given.month)
    versions = ", ".join(f"{name} {version(name)}" for name in ("opensocle", "django", "duckdb", "pyarrow"))
    heading = [machine(), f"{versions}, Python {platform.python_version()}", "`python benchmarks/office_same.py`, SQLite"]
    print("\n".join([*heading, "", table(figures)]))
    if not given.no_keep:
        keep(figures, started, heading)
    sys.exit(1 if any(figure.met is False for figure in figures) else 0)


if __name__ == "__main__":
    main()
