"""Who works in a demonstration office: every role, each in an area, in English or French."""

from __future__ import annotations

from dataclasses import dataclass


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
