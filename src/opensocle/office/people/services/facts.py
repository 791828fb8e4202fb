"""Dated facts of persons and households, and rows of their histories: recorded, corrected, ended, taken back.

Of one name there is one value a day. What a new fact covers is taken from the facts that were there: their rows are withdrawn and what is left of
them is recorded anew, so that what was known before can still be read. A fact without an end holds until the next one that is known begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from ....errors import InputError, Problems, SocleError, nearest
from ....vocabulary.model import HISTORIES
from ...access.models import User
from ...audit.services import act
from ...laws.registry import moment_words
from ...laws.values import PEOPLE
from ..choices import PROOFS, REASONS
from ..models import Document, Fact, Household, Person, Record
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
    """What is true from `since` (None: always) to before `until` (None: until something else is known). Nothing new is written twice.

    value: canonical text, or a value of the word's type. Raises Refused, NotThere; InputError O053 (name, value), O054 (days), O056 (closed file).
    """
    _check_days(since, until, on)
    chosen(proof, PROOFS, "proof")
    with act("fact.record", by=by, about=about, fact=name):
        open_about(by, on, about)
        words = words_on(on)
        word = word_of(table_of(about), name, words)
        text = canonical(word, value, words)
        if name in PEOPLE and text:
            _check_person(by, on, about, text)
        if document is not None and (not isinstance(about, Person) or document.person_id != about.pk):
            raise InputError("O053", _("This document is not of this person."), at="document")
        return set_fact(about, name, text, since=since, until=until, at=_now(about), proof=proof, document=document)
