"""Kills an office at work, again and again: nothing may be half done, nothing that was said to be done may be lost, and the audit has to verify.

    python benchmarks/office_kills.py [--times 100] [--database sqlite | postgresql | postgresql://…] [--seed 1] [--keep]

Processes that import a file, decide claims or join files are ended with `kill -9` at random moments, a third each, in one office. After each,
everything that is there is looked at from another process. At the end all work is done to its end. See docs/methods/benchmarks.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "office"), str(HERE.parent / "tools")]
import people_files  # noqa: E402

from figures import Figure, keep, table  # noqa: E402
from measuring import machine  # noqa: E402

WORKER = HERE / "office" / "killing.py"
KINDS = ("import", "decide", "merge")
PERSONS = 1_500
SHORTEST = 0.02


@dataclass
class Killed:
    """What came of it. kills: by kind, of processes that had begun and not ended; early: processes that had ended before, which do not count.

    told: acts that a process had said to be done; wrong: what was half done or lost; added: rows of the import that was run to its end; again: rows
    that the same file changed after that.
    """

    kills: Counter[str] = field(default_factory=Counter)
    told: int = 0
    wrong: list[str] = field(default_factory=list)
    added: int = 0
    again: int = 0
    early: int = 0


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("OPENSOCLE_OFFICE", "DJANGO"))}


def _start(*parts: str | Path) -> subprocess.Popen[str]:
    """A process of killing.py, when it is ready."""
    command = [sys.executable, str(WORKER), *map(str, parts)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_environment())
    assert process.stdout is not None
    if not process.stdout.readline():
        raise SystemExit(f"{parts[0]} did not begin")
    return process


def _lines(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    """What a process said until its end; a last line that it could not end is none."""
    text, _ = process.communicate()
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


class _Watcher:
    """The process that looks at the office."""

    def __init__(self, office: Path) -> None:
        self.process = _start("watch", office)
        self.last = self.look()

    def look(self) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write("look\n")
        self.process.stdin.flush()
        self.last: dict[str, Any] = json.loads(self.process.stdout.readline())
        return self.last

    def end(self) -> None:
        self.process.communicate()


def kill_many(folder: Path, database: str, times: int, seed: int, kinds: Sequence[str] = KINDS, persons: int = PERSONS) -> Killed:
    """`times` kills in an office of its own in a folder, of each kind in turn. persons: in the file of the import."""
    office, each = folder / "office", max(60, 5 * times)
    _start("make", office, database, str(each)).communicate()
    found, draw, files = Killed(), random.Random(seed), _Files(folder / "data", persons)
    longest = {"decide": 0.4, "merge": 0.2, "import": _duration(folder, files.folder) if "import" in kinds else 0.0}
    watcher = _Watcher(office)
    try:
        while found.kills.total() < times and found.early < times:
            kind = kinds[found.kills.total() % len(kinds)]
            if _kill(found, kind, _command(kind, office, files), draw.uniform(SHORTEST, longest[kind]), watcher):
                continue
            found.early += 1  # the machine had less to do than when the import was timed
            longest[kind] *= 0.7
            files.next()
        for kind in kinds:
            said = _lines(_start(*_command(kind, office, files)))
            found.told += sum("did" in line for line in said)
            found.added += sum(line.get("added", 0) for line in said)
        if "import" in kinds:
            said = _lines(_start(*_command("import", office, files)))
            found.again = sum(line.get("added", 0) + line.get("changed", 0) for line in said)
        last = watcher.look()
        found.wrong += last["wrong"]
        found.wrong += [
            f"at the end: {last[name]} {name}" for name, kind in (("waiting", "merge"), ("unclaimed", "decide")) if kind in kinds and last[name]
        ]
        if "import" in kinds and last["imports"][-2:] != [files.source] * 2:
            found.wrong.append(f"at the end: imports {last['imports']}")
    finally:
        watcher.end()
    return found


class _Files:
    """The files of an import, and others of the same kind: keys of another source, and other numbers of documents."""

    def __init__(self, folder: Path, persons: int) -> None:
        self.folder, self.persons, self.number = folder, persons, 0
        self.next()

    def next(self) -> None:
        self.number += 1
        people_files.write(self.persons, self.folder, seed=self.number)
        path = self.folder / "persons.csv"
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        at = head.index("NIN")
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *([*row[:at], row[at] and f"{self.number}-{row[at]}", *row[at + 1 :]] for row in rows)])

    @property
    def source(self) -> str:
        return f"file {self.number}"


def _command(kind: str, office: Path, files: _Files) -> list[str | Path]:
    return [kind, office, files.folder, files.source] if kind == "import" else [kind, office]


def _duration(folder: Path, data: Path) -> float:
    """Most of the seconds that the import takes where nobody kills it, on an office of its own."""
    office = folder / "tried"
    subprocess.run([sys.executable, HERE / "office" / "steps.py", "make", office, "sqlite"], check=True, stdout=subprocess.PIPE, env=_environment())
    process = _start("import", office, data, "tried")
    started = time.monotonic()
    process.communicate()
    taken = time.monotonic() - started
    shutil.rmtree(office)
    return 0.8 * taken


def _kill(found: Killed, kind: str, command: Sequence[str | Path], pause: float, watcher: _Watcher) -> bool:
    """Whether the process was at work when it was killed."""
    before = watcher.last
    process = _start(*command)
    time.sleep(pause)
    process.kill()
    said = _lines(process)
    after = watcher.look()
    found.wrong += after["wrong"]
    found.wrong += [f"lost: {line}" for line in said if "did" in line and not _is_there(line, after)]
    found.wrong += [f"lost: {name}" for name in before["merged"] if name not in after["merged"]]
    found.wrong += [f"lost: {name}" for name in before["states"] if name not in after["states"]]
    if before["imports"] == after["imports"] and before["persons"] != after["persons"]:
        found.wrong.append(f"import: {after['persons'] - before['persons']} persons remain")
    found.told += sum("did" in line for line in said)
    if kind == "import" and before["imports"] != after["imports"]:
        return False
    if any("done" in line for line in said):
        raise SystemExit(f"all of {kind} was at its end before it was killed: more kills make more work")
    found.kills[kind] += 1
    return True


ORDER = ("open", "ready", "proposed", "decided")


def _is_there(line: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether an act that was said to be done is in the registry."""
    if line["did"] == "import":
        return line["source"] in after["imports"]
    if line["did"] == "merged":
        return line["gone"] in after["merged"]
    return ORDER.index(after["states"].get(line["claim"], "open")) >= ORDER.index(line["did"])


@contextmanager
def database(kind: str) -> Generator[str]:
    """The address of a database, as office.yaml has it."""
    if kind != "postgresql":
        yield kind
        return
    from postgresql_server import as_url, postgresql_server

    with postgresql_server() as address:
        yield as_url(address)


def figures(kind: str, found: Killed, times: int, seconds: float) -> list[Figure]:
    what = f"{times} times kill -9 ({', '.join(f'{found.kills[name]} in {name}' for name in KINDS)}), {kind}"
    return [
        Figure(f"{what}: half done, lost, or not verified", str(len(found.wrong)), f"{seconds:.0f} s", "0", not found.wrong),
        Figure(f"{what}: acts that had ended and are all there", f"{found.told:,}", "", "", None),
        Figure(f"{what}: the import run to its end; rows that it changes again", f"{found.added:,}; {found.again}", "", "0", found.again == 0),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--database", default="sqlite", help="sqlite, postgresql (a server of its own, without fsync), or an address")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=HERE.parent / "build" / "bench" / "office-kills")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON, for office.py")
    parser.add_argument("--keep", action="store_true", help="put the figures into RESULTS.md")
    given = parser.parse_args()
    shutil.rmtree(given.folder, ignore_errors=True)
    given.folder.mkdir(parents=True)
    started, clock = datetime.now(UTC), time.monotonic()
    with database(given.database) as address:
        found = kill_many(given.folder, address, given.times, given.seed)
    shutil.rmtree(given.folder)
    kind = given.database.partition(":")[0]
    made = figures(kind, found, given.times, time.monotonic() - clock)
    if given.json:
        print(json.dumps([vars(figure) for figure in made]))
        return
    heading = [machine(), f"`python benchmarks/office_kills.py --times {given.times} --database {kind} --seed {given.seed}`"]
    print("\n".join([*heading, "", table(made), *found.wrong]))
    if given.keep:
        keep(made, started, heading)
    sys.exit(1 if found.wrong or found.again else 0)


if __name__ == "__main__":
    main()
