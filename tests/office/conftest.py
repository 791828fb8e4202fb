"""An office in memory with Exemplia's areas, users of every role, and triggers. PostgreSQL: OPENSOCLE_OFFICE_DATABASE=postgresql://…"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from made_districts import World, made_world, make_areas, make_user
from pytest_django.plugin import DjangoDbBlocker

from opensocle.office.access import row_security
from opensocle.office.access.models import User
from opensocle.office.audit.triggers import install
from opensocle.office.places.models import Area


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database, with the audit's triggers."""
    with django_db_blocker.unblock():
        install()
        row_security.install()


@pytest.fixture
def areas(db: None) -> dict[str, Area]:
    """Two regions and four districts of Exemplia, by code."""
    return make_areas()


@pytest.fixture
def user(areas: dict[str, Area]) -> Callable[..., User]:
    """Makes a user: user("caseworker", "d01")."""

    def make(role: str, area: str = "XE", name: str = "", **more: Any) -> User:
        return make_user(areas, role, area, name, **more)

    return make


@pytest.fixture(scope="module")
def two_districts(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two districts with a file of every kind each, made once for a module."""
    with django_db_blocker.unblock(), made_world(tmp_path_factory.mktemp("documents")) as world:
        yield world


@pytest.fixture
def world(two_districts: World, db: None) -> World:
    """The same, as they were made, for each test."""
    return two_districts
