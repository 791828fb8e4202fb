"""A PostgreSQL server of one's own, for as long as a command or the tests run: on a socket in a new folder, gone at the end.

python tools/postgresql_server.py pytest tests/office     # with OPENSOCLE_OFFICE_DATABASE set to its address
"""

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
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

PROGRAMS = Path("/usr/lib/postgresql")
VARIABLE = "OPENSOCLE_OFFICE_DATABASE"


class NoServer(RuntimeError):
    """There is no PostgreSQL server here, or it cannot start; says what to do."""


@contextmanager
def postgresql_server() -> Generator[str]:
    """Its address, as libpq takes it. Raises NoServer."""
    programs, user = _programs(), _user()
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
        _wait(programs, folder, server)
        yield f"host={folder} user=postgres dbname=postgres"
    finally:
        if server:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def as_url(address: str) -> str:
    """The address as the office's settings take it."""
    parts = dict(part.split("=", 1) for part in address.split())
    return f"postgresql://{parts['user']}@{quote(parts['host'], safe='')}/{parts['dbname']}"


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
    raise NoServer("the PostgreSQL server is not installed: apt-get install postgresql")


def _user() -> str:
    """The user that the server must run as: PostgreSQL refuses root; empty for the user of the tests."""
    if os.geteuid() != 0:
        return ""
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise NoServer("there is no user `postgres`, and PostgreSQL does not run as root") from None


def _wait(programs: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        ready = subprocess.run([programs / "pg_isready", "-q", "-h", folder, "-U", "postgres"], check=False)
        if ready.returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise NoServer(f"PostgreSQL did not start:\n{(folder / 'log').read_text(errors='replace')}")


if __name__ == "__main__":
    with postgresql_server() as here:
        sys.exit(subprocess.run(sys.argv[1:], check=False, env={**os.environ, VARIABLE: as_url(here)}).returncode)
