"""What `socle office import`, `export` and `match` do: the same services, for whoever is at the office's own machine. All answers are plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ...errors import InputError
from ..access.models import User
from .exporting import columns_for, export_people
from .importing import import_people, preview_people
from .importing.running import LIMIT
from .matching import find_duplicates
from .matching.finding import THRESHOLD


def preview(
    files: Path | None,
    *,
    source: str,
    on: date,
    mapping: Path | None = None,
    by: str | None = None,
    area: str | None = None,
    since: date | None = None,
) -> dict[str, Any]:
    """What an import of a file or folder would do. by: a user's name; None is the operator of the machine."""
    found = preview_people(by=_user(by), on=on, files=files, mapping=mapping, source=source, area=area, since=since)
    return {**asdict(found), "report": found.report.as_dict(), "text": found.report.as_text()}


def import_file(
    files: Path | None,
    *,
    source: str,
    on: date,
    mapping: Path | None = None,
    by: str | None = None,
    area: str | None = None,
    since: date | None = None,
    limit: Decimal = LIMIT,
    rejected: Path | None = None,
) -> dict[str, Any]:
    """Takes a file or folder over. Raises Problems, DataError, InputError O110 (arguments) and O111 (too many rows do not fit)."""
    done = import_people(by=_user(by), on=on, files=files, mapping=mapping, source=source, area=area, since=since, limit=limit, rejected=rejected)
    return {**asdict(done), "report": done.report.as_dict(), "text": done.report.as_text()}


def export_file(
    out: Path, *, columns: Sequence[str], why: str, on: date, by: str | None = None, area: str | None = None, names: bool = True
) -> dict[str, Any]:
    """Writes a .csv, .parquet or .xlsx file of persons. Raises O113 (columns), O114 (form), O115 (no reason)."""
    done = export_people(by=_user(by), on=on, out=out, columns=columns, why=why, area=area, names=names)
    return {"path": str(done.path), "persons": done.persons}


def export_columns(*, on: date, names: bool = True) -> list[str]:
    """The columns that an export may have."""
    return columns_for(on, names=names)


def match(*, on: date, by: str | None = None, threshold: float = THRESHOLD) -> dict[str, Any]:
    """Looks for persons who are registered twice; officers judge the pairs."""
    return asdict(find_duplicates(by=_user(by), on=on, threshold=threshold))


def _user(name: str | None) -> User | None:
    if name is None:
        return None
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise InputError("O021", f"there is no active user {name!r}", hint="socle office user list")
    return found
