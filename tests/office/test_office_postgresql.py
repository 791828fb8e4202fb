"""The same tests on PostgreSQL, where the database itself keeps districts apart: on a server of their own, for as long as they run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from postgresql_server import VARIABLE, NoServer, as_url, postgresql_server

HERE = Path(__file__).parent
FILES = ("test_office_access.py", "test_office_audit.py", "test_office_retention.py", "test_office_isolation.py", "test_office_isolation_lists.py")
CHOSEN = "not test_the_same_page and not test_a_file_of_another_district or (test_a_file_of_another and (person or claim or letter) and not do)"
"""Of the many cases of addresses, a part: what is peculiar to the database is the same for all."""


def test_who_sees_what_is_the_same_on_postgresql() -> None:
    if os.environ.get(VARIABLE):
        pytest.skip("these tests run on that database already")
    try:
        with postgresql_server() as server:
            command = [
                sys.executable,
                "-m",
                "pytest",
                "-n0",
                "-q",
                "-rs",
                "--tb=short",
                "--show-capture=no",
                "-k",
                CHOSEN,
                *(str(HERE / file) for file in FILES),
            ]
            done = subprocess.run(
                command, capture_output=True, text=True, env={**os.environ, VARIABLE: as_url(server)}, cwd=HERE.parents[1], check=False
            )
    except NoServer as error:
        pytest.skip(str(error))
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    assert "SKIPPED" not in done.stdout, "row security was not tried"
