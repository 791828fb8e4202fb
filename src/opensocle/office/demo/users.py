"""The users of a demonstration office."""

from __future__ import annotations

from datetime import date

from ..access.models import User
from ..access.services import make_user, post
from ..places.models import Area
from .staff import STAFF


def make_users(password: str, since: date) -> dict[str, User]:
    """All of them, with one password, by name."""
    areas = {area.code: area for area in Area.objects.all()}
    found: dict[str, User] = {}
    for member in STAFF:
        found[member.name] = make_user(username=member.name, password=password, language=member.language)
        post(user=found[member.name], role=member.role, area=areas[member.area], since=since)
    return found
