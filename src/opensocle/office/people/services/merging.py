"""Two files of one person become one, and two again where that was wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ....errors import InputError
from ...access.models import User
from ...access.row_security import everywhere
from ...access.rules import require
from ...audit.services import act, note
from ...cases.models import Claim, Entitlement
from ...laws.values import PEOPLE
from ..models import Account, Contact, Fact, Membership, Merge, Pair, Person, Record, SearchKey
from .districts import followers, pointing_to
from .files import open_file
from .keys import rebuild_keys
from .ledger import Ledger, undo

TAKEN: dict[str, tuple[str, ...]] = {
    "names": ("given_name", "surname", "second_name", "maiden_name", "other_names"),
    "birth": ("birth_date", "birth_precision"),
    "sex": ("sex",),
    "death": ("death_date",),
    "place": ("area_id", "address"),
}
"""What of the file that goes may be taken over into the one that stays."""
_OWN_WAY = (SearchKey, Merge, Pair, Person, Membership, Fact, Record, Contact, Account)


def merge(*, by: User | None, on: date, kept: Person, gone: Person, take: Iterable[str] = ()) -> Merge:
    """Joins `gone` to `kept`, to which everything that hung on it moves; take: keys of TAKEN that the kept file gets from the other.

    On days of which both say something, the kept file is right: facts, memberships. Nobody is in two households. `undo_merge` reverses it.
    Raises Refused, NotThere, InputError O056 (a closed file), O058 where the two cannot be one or something has to be settled first.
    """
    if kept.pk == gone.pk:
        raise InputError("O058", _("A file cannot be joined to itself."))
    if by is not None:
        require(by, "person.merge", on, gone)
    with act("person.merge", by=by, about=kept, gone=gone.reference) as entry, everywhere():
        first, second = sorted((kept, gone), key=lambda person: person.pk)
        locked = {person.pk: open_file(by, "person.merge", on, person) for person in (first, second)}
        stays, goes = locked[kept.pk], locked[gone.pk]
        _check(stays, goes)
        ledger = Ledger()
        _columns(ledger, stays, goes, take)
        _households(ledger, stays, goes)
        _facts(ledger, stays, goes, entry.at)
        _records(ledger, stays, goes, entry.at)
        _contacts(ledger, stays, goes, on)
        try:
            _everything_else(ledger, stays, goes)
        except IntegrityError as error:
            raise InputError("O058", _("Both files have the same thing at the same time: settle that first.")) from error
        _mentions(ledger, stays, goes)
        ledger.change(goes, merged_into_id=stays.pk)
        _pairs(ledger, stays, goes)
        done = Merge.objects.create(kept=stays, gone=goes, moved=ledger.as_json(), at=entry.at)
        rebuild_keys([stays.pk, goes.pk])
        with act("person.merged", by=by, about=goes, kept=stays.reference):
            note(entry, rows=len(ledger.changed) + len(ledger.added) + len(ledger.removed))
    return done


def undo_merge(*, by: User | None, on: date, merge: Merge) -> None:
    """Makes two files of one again: every row as it was, but for what was changed since; what was added since stays with the kept file.

    Raises Refused, NotThere, InputError O058 where it was undone already or a later merge has to be undone first.
    """
    kept = merge.kept
    with act("person.unmerge", by=by, about=kept, gone=merge.gone.reference), everywhere():
        stays = open_file(by, "person.merge", on, kept, even=("merged",))
        row = Merge.objects.select_for_update().select_related("gone").get(pk=merge.pk)
        if row.undone is not None or not row.moved:
            raise InputError("O058", _("This was undone already."))
        later = Merge.objects.filter(Q(kept__in=(row.kept_id, row.gone_id)) | Q(gone=row.kept_id), pk__gt=row.pk, undone__isnull=True)
        if stays.merged_into_id is not None or later.exists():
            raise InputError("O058", _("This file was joined with another one later: undo that first."))
        try:
            undo(row.moved)
        except IntegrityError as error:
            raise InputError("O058", _("A household of this person has changed since: change its head or members back first.")) from error
        with act("person.unmerged", by=by, about=row.gone, kept=kept.reference) as entry:
            row.undone = entry.at
            row.save(update_fields=["undone"])
        rebuild_keys([row.kept_id, row.gone_id])


def _check(stays: Person, goes: Person) -> None:
    """What has to be settled first, said at once (O058)."""
    faults: list[str] = []
    mentions = Fact.objects.filter(name__in=PEOPLE, withdrawn__isnull=True)
    if mentions.filter(Q(person=stays, value=goes.reference) | Q(person=goes, value=stays.reference)).exists():
        faults.append(_("One file names the other as a relative: they are two persons."))
    claims = {person: set(_claims(person).values_list("scheme", "month")) for person in (stays, goes)}
    if claims[stays] & claims[goes]:
        faults.append(_("Both files have a claim for the same benefit and month: withdraw one of them first."))
    rights = {person: set(_rights(person).values_list("scheme", flat=True)) for person in (stays, goes)}
    if rights[stays] & rights[goes]:
        faults.append(_("Both files have a right to the same benefit in force: end one of them first."))
    if faults:
        raise InputError("O058", " ".join(faults))


def _claims(person: Person) -> QuerySet[Claim]:
    return Claim.objects.everyone().filter(person=person).exclude(state="withdrawn")


def _rights(person: Person) -> QuerySet[Entitlement]:
    return Entitlement.objects.everyone().filter(person=person).exclude(state="ended")


def _columns(ledger: Ledger, stays: Person, goes: Person, take: Iterable[str]) -> None:
    """What the kept file takes over."""
    columns = [column for name in take for column in TAKEN.get(name, ())]
    ledger.change(stays, **{column: getattr(goes, column) for column in columns if column != "area_id" or goes.district_id == stays.district_id})


def _households(ledger: Ledger, stays: Person, goes: Person) -> None:
    """The days on which the kept file is in no household are filled from the other one."""
    taken = [(place.since, place.until) for place in stays.memberships.all()]
    for place in goes.memberships.order_by("since"):
        left = _without((place.since, place.until), taken)
        if left == [(place.since, place.until)]:
            ledger.change(place, person_id=stays.pk)
            continue
        ledger.remove(place)
        for since, until in left:
            if since is not None:
                ledger.add(Membership(person=stays, household_id=place.household_id, relationship=place.relationship, since=since, until=until))


def _facts(ledger: Ledger, stays: Person, goes: Person, at: datetime) -> None:
    """The days of which the kept file says nothing are filled from the other one."""
    known: dict[str, list[tuple[date | None, date | None]]] = {}
    for fact in stays.facts.filter(withdrawn__isnull=True):
        known.setdefault(fact.name, []).append((fact.since, fact.until))
    for fact in goes.facts.filter(withdrawn__isnull=True).order_by("pk"):
        left = _without((fact.since, fact.until), known.get(fact.name, []))
        if left == [(fact.since, fact.until)]:
            ledger.change(fact, person_id=stays.pk)
            continue
        ledger.change(fact, withdrawn=at)
        for since, until in left:
            more = {"proof": fact.proof, "document_id": fact.document_id, "recorded": at}
            ledger.add(Fact(person=stays, name=fact.name, value=fact.value, since=since, until=until, **more))


def _records(ledger: Ledger, stays: Person, goes: Person, at: datetime) -> None:
    """The histories go over; a row that both have counts once."""
    there = [(row.table, row.start, row.end, row.values) for row in stays.records.filter(withdrawn__isnull=True)]
    for row in goes.records.filter(withdrawn__isnull=True).order_by("pk"):
        if (row.table, row.start, row.end, row.values) in there:
            ledger.change(row, withdrawn=at)
        else:
            ledger.change(row, person_id=stays.pk)


def _contacts(ledger: Ledger, stays: Person, goes: Person, on: date) -> None:
    """Telephones once each; one account at a time."""
    there = set(stays.contacts.filter(withdrawn=False).values_list("kind", "value"))
    for contact in goes.contacts.order_by("pk"):
        twice = not contact.withdrawn and (contact.kind, contact.value) in there
        ledger.change(contact, person_id=stays.pk, withdrawn=contact.withdrawn or twice)
    open_now = stays.accounts.filter(until__isnull=True).exists()
    for account in goes.accounts.order_by("pk"):
        ends = max(on, account.since) if open_now and account.until is None else account.until
        ledger.change(account, person_id=stays.pk, until=ends)


def _everything_else(ledger: Ledger, stays: Person, goes: Person) -> None:
    """Identifiers, documents, consents, claims, entitlements and whatever else has a column with the person; then what hangs on these."""
    if stays.district_id != goes.district_id:
        for model, way in followers():
            for row in model._base_manager.filter(**{way: goes.pk}):
                ledger.change(row, district_id=stays.district_id)
    for model, field in pointing_to(Person):
        if model in _OWN_WAY:
            continue
        for row in model._base_manager.filter(**{field.name: goes.pk}).order_by("pk"):
            ledger.change(row, **{field.attname: stays.pk})
    for earlier in Person.plain.filter(merged_into=goes.pk).order_by("pk"):
        ledger.change(earlier, merged_into_id=stays.pk)


def _mentions(ledger: Ledger, stays: Person, goes: Person) -> None:
    """Facts and records of others that name the person."""
    for fact in Fact.objects.filter(name__in=PEOPLE, value=goes.reference).order_by("pk"):
        ledger.change(fact, value=stays.reference)
    named = Q()
    for name in PEOPLE:
        named |= Q(**{f"values__{name}": goes.reference})
    for row in Record.objects.filter(named).order_by("pk"):
        values: dict[str, Any] = {key: stays.reference if key in PEOPLE and value == goes.reference else value for key, value in row.values.items()}
        ledger.change(row, values=values)


def _pairs(ledger: Ledger, stays: Person, goes: Person) -> None:
    """The pair was the same person."""
    for pair in Pair.objects.filter(left=min(stays.pk, goes.pk), right=max(stays.pk, goes.pk)):
        ledger.change(pair, verdict="same")


Days = tuple[date | None, date | None]


def _without(days: Days, others: Sequence[Days]) -> list[Days]:
    """What is left of some days without others; half-open, None for no beginning or no end."""
    left = [days]
    for since, until in others:
        rest: list[Days] = []
        for begin, end in left:
            if (until is not None and begin is not None and until <= begin) or (since is not None and end is not None and end <= since):
                rest.append((begin, end))
                continue
            if since is not None and (begin is None or begin < since):
                rest.append((begin, since))
            if until is not None and (end is None or until < end):
                rest.append((until, end))
        left = rest
    return left


def reversible(merge: Merge) -> bool:
    """Whether a merge stands and is the last one of its file."""
    return (
        merge.undone is None
        and bool(merge.moved)
        and not Merge.objects.filter(Q(kept=merge.kept_id) | Q(gone=merge.kept_id), pk__gt=merge.pk, undone=None).exists()
    )
