"""What the tests of the engines share: a PostgreSQL cluster of their own, and each test on each backend."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
from engines import BACKENDS, GAPS, Backend, Closures, DuckDB, PostgreSQL

PROGRAMS = Path("/usr/lib/postgresql")


@pytest.fixture(scope="session")
def cluster() -> Generator[str]:
    """The address of a PostgreSQL server that lives for the session, on a socket in a folder of its own."""
    programs = _programs()
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="socle-pg-"))
    data = folder / "data"
    server: subprocess.Popen[bytes] | None = None
    try:
        if user:
            shutil.chown(folder, user, user)
        as_user: Any = {"user": user, "group": user, "extra_groups": []} if user else {}
        initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **as_user)
        settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", f"unix_socket_directories={folder}"]
        options = [option for setting in settings for option in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen[bytes](
                [programs / "postgres", "-D", data, *options], stdout=log, stderr=log, cwd=folder, preexec_fn=_end_with_parent, **as_user
            )
        address = f"host={folder} user=postgres dbname=postgres"
        _wait(address, server, folder / "log")
        yield address
    finally:
        if server:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _end_with_parent() -> None:
    """Linux ends the server when the tests are killed before they can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _programs() -> Path:
    """The folder of the newest server's programs."""
    found = [path.parent for path in PROGRAMS.glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: int(folder.parent.name.split(".")[0]))
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    _refuse("the PostgreSQL server is not installed: apt-get install postgresql")


def _user() -> str:
    """The user that the server must run as: PostgreSQL refuses root; empty for the user of the tests."""
    if os.geteuid() != 0:
        return ""
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        _refuse("there is no user `postgres`, and PostgreSQL does not run as root")


def _refuse(reason: str) -> NoReturn:
    """Skips; where the tests must be complete, fails."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None:
                break
            time.sleep(0.05)
    pytest.fail(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}", pytrace=False)


@pytest.fixture(scope="session")
def database(cluster: str) -> Generator[psycopg.Connection]:
    """A connection to the cluster."""
    with psycopg.connect(cluster, autocommit=True) as connection:
        yield connection


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each backend in turn; what one cannot do is in `engines.GAPS`, with its reason."""
    name = request.param
    reason = GAPS.get((request.node.originalname, name))
    if reason:
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    if name == "postgresql":
        return PostgreSQL(request.getfixturevalue("database"))
    return Closures() if name == "closures" else DuckDB()
