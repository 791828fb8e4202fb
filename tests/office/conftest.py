"""An office in memory with Exemplia's areas, users of every role, and triggers. PostgreSQL: OPENSOCLE_OFFICE_DATABASE=postgresql://…"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from opensocle.office.access import row_security
from opensocle.office.access.models import Posting, User
from opensocle.office.audit.services import act
from opensocle.office.audit.triggers import install
from opensocle.office.places.models import Area

SINCE = date(2020, 1, 1)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database, with the audit's triggers."""
    with django_db_blocker.unblock():
        install()
        row_security.install()


@pytest.fixture
def areas(db: None) -> dict[str, Area]:
    """Two regions and four districts of Exemplia, by code."""
    with act("place.load", by=None):
        country = Area.objects.create(code="XE", name_en="Exemplia", name_fr="Exemplie", kind="country", path="/XE/")
        found = {"XE": country}
        for region, districts in {"north": ("d01", "d02"), "south": ("d04", "d05")}.items():
            found[region] = Area.objects.create(code=region, name_en=region, name_fr=region, kind="region", parent=country, path=f"/XE/{region}/")
            for code in districts:
                area = Area.objects.create(code=code, name_en=code, name_fr=code, kind="district", parent=found[region], path=f"/XE/{region}/{code}/")
                area.district = area
                area.save()
                found[code] = area
    return found


@pytest.fixture
def user(areas: dict[str, Area]) -> Callable[..., User]:
    """Makes a user: user("caseworker", "d01")."""

    def make(role: str, area: str = "XE", name: str = "", **more: Any) -> User:
        with act("user.make", by=None):
            made, _ = User.objects.get_or_create(username=name or f"{role}-{area}")
            Posting.objects.get_or_create(user=made, role=role, area=areas[area], since=more.get("since", SINCE), until=more.get("until"))
        return made

    return make
