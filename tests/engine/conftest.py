"""What the tests of the engines share: a PostgreSQL cluster of their own, and each test on each backend."""

from __future__ import annotations

import os
from collections.abc import Generator

import psycopg
import pytest
from engines import BACKENDS, GAPS, Backend, Closures, DuckDB, PostgreSQL

from postgresql_server import NoServer, postgresql_server


@pytest.fixture(scope="session")
def cluster() -> Generator[str]:
    """The address of a PostgreSQL server that lives for the session. Without one the test is skipped; where tests must be complete, it fails."""
    try:
        with postgresql_server() as address:
            yield address
    except NoServer as error:
        if os.environ.get("CI"):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))


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
