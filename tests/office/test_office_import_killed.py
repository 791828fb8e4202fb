"""Imports, decisions and merges that are killed, and two imports of one file at once: each in processes of its own, on an office of its own."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1] / "benchmarks"), str(HERE.parents[1] / "benchmarks" / "office")]
import people_files  # noqa: E402

from office_kills import kill_many  # noqa: E402

PERSONS = 1_500
KILLS = 15
START = "import sys; from pathlib import Path; from opensocle.office import running; "
INIT = START + "running.init(Path(sys.argv[1]), {'country': 'XE', 'database': sys.argv[2]})"
AREAS = START + f"running.prepare(Path(sys.argv[1])); sys.path.insert(0, {str(HERE)!r}); from made_registry import load_country; load_country()"
Ask = Callable[[str], int]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return people_files.write(PERSONS, tmp_path_factory.mktemp("data")).parent


@pytest.fixture
def office(tmp_path: Path) -> Generator[tuple[Path, Ask]]:
    """A new office with Exemplia's areas, and a way to count in its database from outside."""
    folder, server = tmp_path / "office", os.environ.get("OPENSOCLE_OFFICE_DATABASE", "sqlite")
    with _database(server, folder) as (address, ask):
        for program, *more in ((INIT, address), (AREAS,)):
            subprocess.run([sys.executable, "-c", program, str(folder), *more], check=True, env=_environment())
        yield folder, ask


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("OPENSOCLE_OFFICE", "DJANGO"))}


class _database:
    """The address of a database of this test's own, gone at its end."""

    def __init__(self, server: str, folder: Path) -> None:
        self.server, self.folder, self.name = server, folder, f"killed_{os.getpid()}_{random.randrange(10**9)}"

    def __enter__(self) -> tuple[str, Ask]:
        if self.server == "sqlite":
            return "sqlite", self._sqlite
        self._server(f"CREATE DATABASE {self.name}")
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{self.name}")), self._postgresql

    def __exit__(self, *_: object) -> None:
        if self.server != "sqlite":
            self._server(f"DROP DATABASE {self.name} WITH (FORCE)")

    def _sqlite(self, query: str) -> int:
        import sqlite3

        connection = sqlite3.connect(self.folder / "office.sqlite3", timeout=20)
        try:
            assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
            return int(connection.execute(query).fetchone()[0])
        finally:
            connection.close()

    def _connect(self, name: str) -> Any:
        import psycopg

        parts = urlsplit(self.server)
        from urllib.parse import unquote

        return psycopg.connect(host=unquote(parts.hostname or parts.netloc.rpartition("@")[2]), user=parts.username, dbname=name, autocommit=True)

    def _server(self, statement: str) -> None:
        with self._connect("postgres") as connection:
            connection.execute(statement)

    def _postgresql(self, query: str) -> int:
        with self._connect(self.name) as connection:
            connection.execute("SET socle.districts = '*'")
            return int(connection.execute(query).fetchone()[0])


def start(office: Path, data: Path) -> subprocess.Popen[str]:
    """The process, when it is about to import."""
    process = subprocess.Popen(
        [sys.executable, str(HERE / "import_process.py"), str(office), str(data)], stdout=subprocess.PIPE, text=True, env=_environment()
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def finish(process: subprocess.Popen[str]) -> dict[str, Any]:
    text, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    answer: dict[str, Any] = json.loads(text)
    return answer


def remains(ask: Ask) -> int:
    """What is left in the tables of people, and of the import in the audit."""
    tables = ("person", "household", "membership", "fact", "identifier", "sourcekey", "searchkey", "import")
    left = sum(ask(f"SELECT count(*) FROM people_{table}") for table in tables)
    return left + ask("SELECT count(*) FROM audit_entry WHERE action = 'import.people'")


def test_an_import_that_is_killed_at_any_moment_leaves_nothing_and_can_be_run_again(office: tuple[Path, Ask], data: Path) -> None:
    folder, ask = office
    began = time.monotonic()
    process = start(folder, data)
    started = time.monotonic()
    process.kill()
    process.communicate()
    draw, killed = random.Random(7), 1
    for pause in sorted(draw.uniform(0, started - began) for _ in range(KILLS)):  # the import takes about as long as its process takes to start
        process = start(folder, data)
        time.sleep(pause)
        process.kill()
        text, _ = process.communicate()
        if text:  # it was done before it was killed
            break
        killed += 1
        assert remains(ask) == 0
    assert killed >= 3
    answer = finish(start(folder, data))
    assert answer["sound"] and ask("SELECT count(*) FROM people_person") == PERSONS
    assert ask("SELECT count(*) FROM people_sourcekey WHERE kind = 'person'") == PERSONS
    assert answer["added"] + answer["same"] == PERSONS + ask("SELECT count(*) FROM people_household")


def test_two_imports_of_one_file_at_once_register_everybody_once(office: tuple[Path, Ask], data: Path) -> None:
    folder, ask = office
    answers = [finish(process) for process in [start(folder, data), start(folder, data)]]
    assert ask("SELECT count(*) FROM people_person") == PERSONS
    assert sorted(answer["added"] for answer in answers) == [0, PERSONS + ask("SELECT count(*) FROM people_household")]
    assert finish(start(folder, data))["sound"]


def test_decisions_and_merges_that_are_killed_are_whole_or_not_there_and_what_was_done_is_never_lost(tmp_path: Path) -> None:
    with _database(os.environ.get("OPENSOCLE_OFFICE_DATABASE", "sqlite"), tmp_path / "office") as (address, _):
        found = kill_many(tmp_path, address, times=6, seed=11, kinds=("decide", "merge"))
    assert found.wrong == [] and found.kills == {"decide": 3, "merge": 3}
    assert found.told >= 60 * 3  # each of 60 children and adults is claimed for and decided, each of 60 pairs joined
