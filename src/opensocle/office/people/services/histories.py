"""Rows of a person's histories: events, benefits in payment, residence, employment, contributions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from ....errors import InputError, Problems, SocleError, nearest
from ....vocabulary.model import HISTORIES
from ...access.models import User
from ...audit.services import act
from ...laws.registry import moment_words
from ..choices import REASONS
from ..models import Person, Record
from ..words import canonical, words_on
from .facts import check_days
from .files import chosen, open_file


def add_record(
    *, by: User | None, on: date, person: Person, table: str, start: date, end: date | None = None, values: Mapping[str, Any] | None = None
) -> Record:
    """A row of a history. start: the first of the month, the first day or the event's day; values: the other columns.

    A row that says the same is not written twice. Raises Problems or InputError O053 (table, columns), O054 (days), O056.
    """
    if table not in HISTORIES:
        raise InputError("O053", _("There is no history of this name."), at="table", hint=nearest(table, HISTORIES))
    check_days(start, end, on)
    if table == "contributions":
        start = start.replace(day=1)
    texts = _texts(table, values or {}, on)
    with act("record.add", by=by, about=person, table=table) as entry:
        open_file(by, "person.change", on, person)
        for row in Record.objects.filter(person=person, table=table, start=start, end=end, withdrawn__isnull=True):
            if row.values == texts:
                return row
        return Record.objects.create(person=person, table=table, start=start, end=end, values=texts, recorded=entry.at)


def withdraw_record(*, by: User | None, on: date, record: Record, reason: str) -> None:
    """A row that should not be there; it can still be read as what was known. Raises InputError O050, O056."""
    chosen(reason, REASONS, "reason")
    with act("record.withdraw", by=by, about=record.person, table=record.table, reason=reason) as entry:
        open_file(by, "person.change", on, record.person)
        row = Record.objects.select_for_update().filter(pk=record.pk, withdrawn__isnull=True).first()
        if row is None:
            raise InputError("O056", _("Somebody has taken this row out already."))
        row.withdrawn = entry.at
        row.save(update_fields=["withdrawn"])


def _texts(table: str, values: Mapping[str, Any], on: date) -> dict[str, str]:
    words = words_on(on)
    known = {name: word for name, word in words.tables[table].items() if name != "person_id" and name not in moment_words(table)}
    problems: list[SocleError] = []
    texts: dict[str, str] = {}
    for name, value in values.items():
        if name not in known:
            problems.append(InputError("O053", _("This history has no such column."), at=name, hint=nearest(name, list(known))))
            continue
        try:
            text = canonical(known[name], value, words)
        except InputError as error:
            problems.append(InputError("O053", error.what, at=name))
            continue
        if text:
            texts[name] = text
    if problems:
        raise Problems(problems)
    return texts
