"""Dated facts of persons and households: recorded, corrected, ended, taken back.

Of one name there is one value a day. What a new fact covers is taken from the facts that were there: their rows are withdrawn and what is left of
them is recorded anew, so that what was known before can still be read. A fact without an end holds until the next one that is known begins.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from ....errors import InputError
from ...access.models import User
from ...access.rules import scope
from ...audit.services import act
from ...laws.values import PEOPLE
from ..choices import PROOFS, REASONS
from ..models import Document, Fact, Household, Person
from ..words import canonical, table_of, word_of, words_on
from .files import chosen, open_file, open_household

EARLIEST = date(1850, 1, 1)


def record_fact(
    *,
    by: User | None,
    on: date,
    about: Person | Household,
    name: str,
    value: Any,
    since: date | None,
    until: date | None = None,
    proof: str = "declared",
    document: Document | None = None,
) -> Fact:
    """What is true from `since` (None: always) to before `until` (None: until something else is known). Nothing is written twice.

    value: canonical text, or a value of the word's type. Raises Refused, NotThere; InputError O053 (name, value), O054 (days), O056 (closed file).
    """
    check_days(since, until, on)
    chosen(proof, PROOFS, "proof")
    with act("fact.record", by=by, about=about, fact=name) as entry:
        open_about(by, on, about)
        text = _text(by, on, about, name, value)
        if document is not None and (not isinstance(about, Person) or document.person_id != about.pk):
            raise InputError("O053", _("This document is not of this person."), at="document")
        return set_fact(about, name, text, since=since, until=until, at=entry.at, proof=proof, document=document)


def correct_fact(
    *, by: User | None, on: date, fact: Fact, value: Any, since: date | None, until: date | None, reason: str, proof: str = "declared"
) -> Fact:
    """Something that was recorded wrongly: another value, or other days. What was known before stays readable. Raises as `record_fact`."""
    check_days(since, until, on)
    chosen(reason, REASONS, "reason")
    chosen(proof, PROOFS, "proof")
    with act("fact.correct", by=by, about=about_of(fact), fact=fact.name, reason=reason) as entry:
        about = open_about(by, on, about_of(fact))
        row = _live(fact)
        text = _text(by, on, about, fact.name, value)
        _withdraw(row, entry.at)
        return set_fact(about, fact.name, text, since=since, until=until, at=entry.at, proof=proof, document=row.document)


def end_fact(*, by: User | None, on: date, fact: Fact, until: date) -> Fact:
    """A fact holds no longer from a day on, and nothing else is known from then. Raises InputError O054, O056."""
    with act("fact.end", by=by, about=about_of(fact), fact=fact.name) as entry:
        open_about(by, on, about_of(fact))
        row = _live(fact)
        if (row.since is not None and until <= row.since) or (row.until is not None and until > row.until):
            raise InputError("O054", _("A fact ends after it begins, and not later than it was to end."), at="until")
        if until == row.until:
            return row
        _withdraw(row, entry.at)
        return _again(row, row.since, until, entry.at)


def retract_fact(*, by: User | None, on: date, fact: Fact, reason: str) -> None:
    """A fact that should never have been recorded; it can still be read as what was known. Raises InputError O050, O056."""
    chosen(reason, REASONS, "reason")
    with act("fact.retract", by=by, about=about_of(fact), fact=fact.name, reason=reason) as entry:
        open_about(by, on, about_of(fact))
        _withdraw(_live(fact), entry.at)


def set_fact(
    about: Person | Household,
    name: str,
    text: str,
    *,
    since: date | None,
    until: date | None,
    at: datetime,
    proof: str = "declared",
    document: Document | None = None,
) -> Fact:
    """Writes a fact, checked already, inside an act; cuts what overlaps. `at`: the act's time. Gives the row that is there where it says the same."""
    rows = list(_of(about).filter(name=name, withdrawn__isnull=True).select_for_update())
    if until is None:
        later = [row.since for row in rows if row.since is not None and (since is None or row.since > since)]
        until = min(later, default=None)
    overlapping = [row for row in rows if _overlap(row, since, until)]
    for row in overlapping:
        if row.value == text and _covers(row, since, until) and (proof, document) == ("declared", None):
            return row
    for row in overlapping:
        _withdraw(row, at)
        if since is not None and (row.since is None or row.since < since):
            _again(row, row.since, since, at)
        if until is not None and (row.until is None or row.until > until):
            _again(row, until, row.until, at)
    owner: dict[str, Any] = {"person": about} if isinstance(about, Person) else {"household": about}
    return Fact.objects.create(**owner, name=name, value=text, since=since, until=until, proof=proof, document=document, recorded=at)


def check_days(since: date | None, until: date | None, on: date) -> None:
    """Raises InputError O054: days in the wrong order, before anybody lived, or a beginning more than a year ahead."""
    if since is not None and until is not None and until <= since:
        raise InputError("O054", _("It ends before it begins."), at="until")
    for at, day in (("since", since), ("until", until)):
        if day is not None and day < EARLIEST:
            raise InputError("O054", _("This day is too long ago: check the year."), at=at)
    if since is not None and (since - on).days > 366:
        raise InputError("O054", _("This day is too far in the future: check the year."), at="since")


def open_about(by: User | None, on: date, about: Person | Household) -> Person | Household:
    """The locked person or household, for a change."""
    if isinstance(about, Person):
        return open_file(by, "person.change", on, about)
    return open_household(by, "household.change", on, about)


def about_of(row: Fact) -> Person | Household:
    """Whom a fact is about."""
    about = row.person or row.household
    if about is None:
        raise LookupError(row.pk)
    return about


def _text(by: User | None, on: date, about: Person | Household, name: str, value: Any) -> str:
    """The canonical text of a value; a reference is of somebody else whom the user may see."""
    words = words_on(on)
    text = canonical(word_of(table_of(about), name, words), value, words)
    if name in PEOPLE and text:
        other = Person.plain.filter(reference=text).first()
        if other is None or other == about or (by is not None and other.district_id not in scope(by, "person.read", on)):
            raise InputError("O053", _("There is nobody with this reference."), at="value")
    return text


def _of(about: Person | Household) -> Any:
    return Fact.objects.filter(person=about) if isinstance(about, Person) else Fact.objects.filter(household=about)


def _overlap(row: Fact, since: date | None, until: date | None) -> bool:
    return (row.since is None or until is None or row.since < until) and (row.until is None or since is None or row.until > since)


def _covers(row: Fact, since: date | None, until: date | None) -> bool:
    begins = row.since is None or (since is not None and row.since <= since)
    return begins and (row.until is None or (until is not None and row.until >= until))


def _live(fact: Fact) -> Fact:
    """The row, locked. Raises InputError O056 where somebody corrected it in the meantime."""
    row = Fact.objects.select_for_update().filter(Q(withdrawn__isnull=True), pk=fact.pk).first()
    if row is None:
        raise InputError("O056", _("Somebody has corrected this fact in the meantime: look at the file again."))
    return row


def _withdraw(row: Fact, at: datetime) -> None:
    row.withdrawn = at
    row.save(update_fields=["withdrawn"])


def _again(row: Fact, since: date | None, until: date | None, at: datetime) -> Fact:
    """What is left of a fact that was cut."""
    return Fact.objects.create(
        person_id=row.person_id,
        household_id=row.household_id,
        name=row.name,
        value=row.value,
        since=since,
        until=until,
        proof=row.proof,
        document_id=row.document_id,
        recorded=at,
    )
