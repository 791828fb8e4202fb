"""The end of a file: names, contacts and documents are deleted, what decisions and payments stood on stays, under the reference alone."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from ....errors import InputError
from ...access.models import User
from ...audit.services import act, note
from ...cases.models import Claim, Entitlement
from ..models import Document, Identifier, Person, SearchKey
from .documents import delete_files
from .files import open_file
from .keys import forget, rebuild_keys

YEARS = 10
"""Years for which a file is kept after the last day that anything in it happened: the retention rule, unless a country says otherwise."""


def erasable_from(person: Person, years: int = YEARS) -> date | None:
    """From which day the person's data may be erased; None while a right, a claim or a membership of hers goes on."""
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
    return date(last.year + years, last.month, 28 if (last.month, last.day) == (2, 29) else last.day)


def erase_person(*, by: User | None, on: date, person: Person, years: int = YEARS) -> Person:
    """Deletes names, address, identifiers, contacts, accounts, consents and documents at the end of the retention time.

    The reference, sex, year of birth, facts, records, claims, decisions and entitlements stay: money was paid on them. The audit keeps who did
    it; the rows' earlier content in the audit is deleted with the audit's own retention. Raises Refused, NotThere, InputError O056.
    """
    with act("person.erase", by=by, about=person) as entry:
        locked = open_file(by, "person.erase", on, person, even=("restricted", "merged"))
        free = erasable_from(locked, years)
        if free is None or on < free:
            raise InputError("O056", _("The time for which this file is kept has not ended."))
        words = set(SearchKey.objects.filter(person=locked, kind="w").values_list("key", flat=True))
        locked.given_name = locked.surname = locked.second_name = locked.maiden_name = locked.address = ""
        locked.other_names, locked.erased = [], entry.at
        if locked.birth_date is not None:
            locked.birth_date, locked.birth_precision = locked.birth_date.replace(month=1, day=1), Person.Precision.YEAR
        locked.save()
        counts = {"identifiers": Identifier.objects.filter(person=locked).delete()[0], "contacts": locked.contacts.all().delete()[0]}
        counts |= {"accounts": locked.accounts.all().delete()[0], "consents": locked.consents.all().delete()[0]}
        documents = list(Document.plain.filter(person=locked, erased__isnull=True))
        Document.plain.filter(pk__in=[document.pk for document in documents]).update(erased=entry.at, title="")
        delete_files(documents)
        rebuild_keys([locked.pk, *([locked.merged_into_id] if locked.merged_into_id else [])])
        forget(words)
        note(entry, documents=len(documents), **counts)
    return locked
