"""Exporting persons: those whom the user may see, with the columns that she chose; an act says what was taken and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db.models import QuerySet

from ....errors import InputError
from ...access.models import User
from ...access.rules import NotThere, require, scope
from ...audit.services import act
from ...places.models import Area
from ..models import Person
from ..words import words_on
from .columns import chosen_columns, known_columns
from .files import open_file
from .rows import Numbers, persons_in_pieces, values_of

ACTION = "export.people"


@dataclass(frozen=True)
class Exported:
    """A file that was written, and how many persons it holds."""

    path: Path
    persons: int


def columns_for(on: date, *, names: bool) -> list[str]:
    """The columns that an export may have, by the law's vocabulary of the day."""
    return list(known_columns(words_on(on), names=names))


def export_people(*, by: User | None, on: date, out: Path, columns: Sequence[str], why: str, area: str | None = None, names: bool = True) -> Exported:
    """Writes a file of the persons whom the user may export, with the facts in force on the day.

    out: a new file, .csv, .parquet or .xlsx. why: what for, kept in the audit. area: the code of an area, to take only its people.
    names False: for analysis; no name, number, address, reference or date of birth, and numbers made for this file only.
    Raises Refused, NotThere; O113 (columns), O114 (form), O115 (no reason). Nothing remains of a file that fails.
    """
    if by is not None:
        require(by, ACTION, on)
    if not why.strip():
        raise InputError("O115", "an export has a reason", at="why", hint="say what the file is for")
    words = words_on(on)
    chosen = chosen_columns(columns, words, names=names)
    persons = _persons(by, on, area)
    numbers, count = (Numbers(), Numbers()), 0
    try:
        with open_file(out, chosen) as write:
            for piece in persons_in_pieces(persons, mixed=not names):
                write(values_of(piece, chosen, words, on, numbers))
                count += len(piece)
        with act(ACTION, by=by, why=why.strip()[:200], columns=list(columns), persons=count, names=names, area=area or "", form=out.suffix.lower()):
            pass
    except BaseException:
        out.unlink(missing_ok=True)
        raise
    return Exported(out, count)


def _persons(by: User | None, on: date, area: str | None) -> QuerySet[Person]:
    persons = Person.objects.everyone() if by is None else Person.objects.visible_to(by, ACTION, on)
    persons = persons.filter(merged_into__isnull=True, erased__isnull=True)
    if area is None:
        return persons
    found = Area.objects.filter(code=area).first()
    where = scope(by, ACTION, on)
    inside = found is not None and (by is None or where.everywhere or found.district_id in where.districts)
    if found is None or not inside:
        raise NotThere(ACTION)
    return persons.filter(area__path__startswith=found.path)
