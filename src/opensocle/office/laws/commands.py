"""What `socle office law …` does: the same services, for whoever is at the office's own machine. Everything comes back as plain data."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...periods import Month
from ..access.models import User
from . import services
from .models import InForce, InstalledLaw


def install(source: Path, *, on: date, by: str | None = None, title: str = "") -> dict[str, Any]:
    """Installs the law of a folder. by: a user's name; None is the operator of the machine. Raises Problems with file and line."""
    return as_dict(services.install_law(source, by=_user(by), on=on, title=title))


def compare(law: str, month: str, *, on: date, by: str | None = None) -> dict[str, Any]:
    """Tries a law (the beginning of its hash) on the registry beside the law in force in a month; gives the comparison."""
    return services.compare_with_current(find(law), Month.parse(month), by=_user(by), on=on).comparison


def propose(law: str, since: str, *, on: date, by: str | None = None) -> dict[str, Any]:
    """Proposes a law from a month on."""
    found = find(law)
    services.propose(found, Month.parse(since), by=_user(by), on=on)
    return as_dict(found)


def approve(law: str, since: str, *, on: date, by: str) -> dict[str, Any]:
    """Approves the proposal of a law from a month on; a user with the right to approve, who is not the one that proposed."""
    found, day = find(law), Month.parse(since).first_day
    entry = InForce.objects.filter(law=found, since=day, approved__isnull=True, withdrawn__isnull=True).first()
    if entry is None:
        raise InputError("O047", f"this law is not proposed from {since} on", hint="propose it first")
    user = _user(by)
    if user is None:
        raise InputError("O048", "approving needs a person", hint="give the name of a user who may approve laws")
    services.approve(entry, by=user, on=on)
    return as_dict(found)


def listing() -> list[dict[str, Any]]:
    """The installed laws, the latest first, with the months from which each is proposed or approved."""
    return [as_dict(law) for law in InstalledLaw.objects.defer("files").order_by("-installed", "-pk")]


def find(law: str) -> InstalledLaw:
    """A law by the beginning of its hash, 6 signs or more. Raises InputError O040."""
    rows = list(InstalledLaw.objects.filter(hash__startswith=law.lower())[:2]) if len(law) >= 6 else []
    if len(rows) != 1:
        raise InputError("O040", f"the office has no law {law!r}", hint="give the first signs of its hash, 6 or more: socle office law list")
    return rows[0]


def as_dict(law: InstalledLaw) -> dict[str, Any]:
    """A law for people and `--json`."""
    return {
        "hash": law.hash,
        "title": law.title,
        "installed": law.installed.isoformat(),
        "cases": law.cases_passed,
        "compared": law.comparison.get("month", ""),
        "in_force": [{"since": str(Month.of(entry.since)), "state": state_of(entry)} for entry in law.in_force.order_by("since", "pk")],
    }


def state_of(entry: InForce) -> str:
    """proposed, approved or withdrawn."""
    return "withdrawn" if entry.withdrawn else "approved" if entry.approved else "proposed"


def _user(name: str | None) -> User | None:
    if name is None:
        return None
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise InputError("O021", f"there is no user {name!r}", hint="list them: socle office users")
    return found
