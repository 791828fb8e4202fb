"""The users of a demonstration office: every role, each in an area, in English or French."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..access.models import User
from ..access.services import make_user, post
from ..places.models import Area


@dataclass(frozen=True)
class Member:
    """Somebody who works in the office. area: the code of an area."""

    name: str
    role: str
    area: str
    language: str = "en"


STAFF = (
    Member("amina", "intake", "d01"),
    Member("moussa", "intake", "south", "fr"),
    Member("karim", "caseworker", "north"),
    Member("lucie", "caseworker", "south", "fr"),
    Member("sofia", "supervisor", "north"),
    Member("nadia", "supervisor", "XE"),
    Member("omar", "appeals", "XE"),
    Member("ines", "appeals", "XE", "fr"),
    Member("paul", "payments", "XE"),
    Member("halima", "auditor", "XE"),
    Member("david", "administrator", "XE"),
    Member("ana", "analyst", "XE", "fr"),
)


def make_users(password: str, since: date) -> dict[str, User]:
    """All of them, with one password, by name."""
    areas = {area.code: area for area in Area.objects.all()}
    found: dict[str, User] = {}
    for member in STAFF:
        found[member.name] = make_user(username=member.name, password=password, language=member.language)
        post(user=found[member.name], role=member.role, area=areas[member.area], since=since)
    return found
