"""The end of a file: names, contacts and documents go, also from the audit; what decisions and payments stood on stays, under the reference."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from ....errors import InputError
from ....periods import add_months
from ...access.models import User
from ...audit.models import Entry, RowChange
from ...audit.services import act, note, redact
from ...cases.models import Appeal, Claim, Entitlement, Grievance, Letter, SentBack
from ..models import Account, Consent, Contact, Document, Household, Identifier, Membership, Merge, Pair, Person, SearchKey, SourceKey
from .documents import delete_files
from .files import open_file
from .keys import forget, rebuild_keys

OWN: tuple[tuple[type[Model], str], ...] = (
    (Identifier, "person"), (Contact, "person"), (Account, "person"), (Consent, "person"), (SourceKey, "person"), (Document, "person"),
    (Merge, "kept"), (Merge, "gone"), (Grievance, "person"), (Appeal, "decision__claim__person"), (SentBack, "claim__person"),
)  # fmt: skip
"""Rows with words about a person, and the way to her: those words go from the audit as well."""


def erasable_from(person: Person, months: int | None = None) -> date | None:
    """From which day the person's data may be erased; None while a right, a claim or a membership of hers goes on.

    months: after the last day that anything in the file happened; by default `files` of the office's retention.
    """
    rights, claims = Entitlement.objects.everyone().filter(person=person), Claim.objects.everyone().filter(person=person)
    if rights.exclude(state="ended").exists() or claims.exclude(state__in=("decided", "withdrawn")).exists():
        return None
    if person.death_date is None and person.memberships.filter(until__isnull=True).exists():
        return None
    days = [person.created.date(), person.death_date]
    days += rights.values_list("until", flat=True)
    days += claims.values_list("claimed_on", flat=True)
    days += person.memberships.values_list("until", flat=True)
    last = max(day for day in days if day is not None)
    return add_months(last, settings.PLACE.retention["files"] if months is None else months)


def erase_person(*, by: User | None, on: date, person: Person, months: int | None = None) -> Person:
    """Deletes names, address, identifiers, contacts, accounts, consents, documents, letters and complaints at the end of the retention time.

    The same goes for files that were joined to this one. The reference, sex, year of birth, facts, records, claims, decisions and entitlements
    stay: money was paid on them. What the rows said before goes from the audit too, whose seals stay good. Raises Refused, NotThere, InputError O056.
    """
    with act("person.erase", by=by, about=person) as entry:
        locked = open_file(by, "person.erase", on, person, even=("restricted", "merged"))
        free = erasable_from(locked, months)
        if free is None or on < free:
            raise InputError("O056", _("The time for which this file is kept has not ended."))
        people = _with_joined(locked)
        numbers = [one.pk for one in people]
        words = set(SearchKey.objects.filter(person__in=numbers, kind="w").values_list("key", flat=True))
        rows = _rows_of(people)  # before they are deleted
        for one in people:
            _empty(one, entry)
        counts = _delete(numbers, entry)
        _leave_addresses(people, rows)
        rebuild_keys([*numbers, *([locked.merged_into_id] if locked.merged_into_id else [])])
        forget(words)
        note(entry, **counts)
        redact(entry, RowChange.objects.filter(_any_of(rows)))
    return next(one for one in people if one.pk == locked.pk)


def _with_joined(person: Person) -> list[Person]:
    """The file and all that were joined to it."""
    found, new = [person], [person]
    while new:
        new = list(Person.plain.select_for_update().filter(merged_into__in=new))
        found += new
    return found


def _empty(person: Person, entry: Entry) -> None:
    """Takes out of a person's row what says who she was."""
    person.given_name = person.surname = person.second_name = person.maiden_name = person.address = ""
    person.other_names, person.erased = [], entry.at
    if person.birth_date is not None:
        person.birth_date, person.birth_precision = person.birth_date.replace(month=1, day=1), Person.Precision.YEAR
    person.save()


def _delete(people: Sequence[int], entry: Entry) -> dict[str, int]:
    """Rows, files and texts about the persons; how many of each."""
    counts = {
        f"{model.__name__.lower()}s": model._base_manager.filter(person__in=people).delete()[0] for model in (Identifier, Contact, Account, Consent)
    }
    counts["source_keys"] = SourceKey.objects.filter(person__in=people).delete()[0]
    Pair.objects.filter(Q(left__in=people) | Q(right__in=people)).delete()
    documents = list(Document.plain.filter(person__in=people, erased__isnull=True))
    Document.plain.filter(pk__in=[document.pk for document in documents]).update(erased=entry.at, title="")
    delete_files(documents)
    counts["letters"] = Letter.plain.filter(decision__claim__person__in=people).exclude(pdf=b"").update(pdf=b"")
    Merge.objects.filter(Q(kept__in=people) | Q(gone__in=people)).update(moved={})  # it cannot be undone any more
    Grievance.plain.filter(person__in=people).update(text="", answer="")
    Appeal.plain.filter(decision__claim__person__in=people).update(grounds="", reasons="")
    SentBack.objects.filter(claim__person__in=people).update(reason="")
    return counts | {"documents": len(documents)}


Rows = dict[str, set[int]]
"""Numbers of rows by table."""


def _rows_of(people: Iterable[Person]) -> Rows:
    """Every row with words about the persons that the audit knows: those that are there, and those that acts about them have taken out since."""
    numbers = {one.pk for one in people}
    acts = Entry.objects.filter(kind="person", reference__in=[one.reference for one in people]).values_list("pk", flat=True)
    found: Rows = {Person._meta.db_table: set(numbers)}
    for model, way in OWN:
        table, rows = model._meta.db_table, model._base_manager
        mine = set(rows.filter(**{f"{way}__in": numbers}).values_list("pk", flat=True))
        if "__" not in way:
            mine |= _gone(table, f"{way}_id", numbers, list(acts)) - set(rows.exclude(**{f"{way}__in": numbers}).values_list("pk", flat=True))
        found.setdefault(table, set()).update(mine)
    return found


def _gone(table: str, column: str, people: set[int], acts: Sequence[int]) -> set[int]:
    """Rows of the persons that acts about them have written."""
    changes = RowChange.objects.filter(table=table, entry_number__in=acts, digest="").values_list("row", "old", "new")
    return {row for row, old, new in changes if json.loads(new or old or "{}").get(column) in people}


def _leave_addresses(people: Sequence[Person], rows: Rows) -> None:
    """The address of a household goes when everybody who ever lived there is erased."""
    homes = set(Membership.objects.filter(person__in=people).values_list("household", flat=True))
    homes -= set(Membership.objects.filter(household__in=homes, person__erased__isnull=True).values_list("household", flat=True))
    Household.plain.filter(pk__in=homes).exclude(address="").update(address="")
    rows[Household._meta.db_table] = homes


def _any_of(rows: Rows) -> Q:
    found = Q(pk__in=[])
    for table, numbers in rows.items():
        found |= Q(table=table, row__in=numbers)
    return found


def erase_documents(*, by: User | None, on: date, person: Person, documents: Sequence[Document]) -> int:
    """Deletes documents of a file that stays, and their titles in the audit: when their own time has ended. How many they were."""
    with act("document.erase", by=by, about=person, documents=len(documents)) as entry:
        open_file(by, "person.erase", on, person, even=("restricted", "merged", "erased"))
        numbers: Any = [document.pk for document in documents]
        Document.plain.filter(pk__in=numbers, person=person).update(erased=entry.at, title="")
        delete_files(documents)
        redact(entry, RowChange.objects.filter(table=Document._meta.db_table, row__in=numbers))
    return len(documents)
