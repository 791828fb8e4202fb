"""What a person agrees to, and takes back."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from ....errors import InputError
from ...access.models import User
from ...audit.services import act
from ..choices import PURPOSES
from ..models import Consent, Person
from .files import chosen, open_file


def give_consent(*, by: User | None, on: date, person: Person, purpose: str, until: date | None = None) -> Consent:
    """The person agrees to a purpose from today on; again while it holds changes nothing. Raises InputError O050, O054, O056."""
    chosen(purpose, PURPOSES, "purpose")
    if until is not None and until <= on:
        raise InputError("O054", _("It ends before it begins."), at="until")
    with act("consent.give", by=by, about=person, purpose=purpose):
        open_file(by, "consent.give", on, person)
        holding = person.consents.filter(Q(until__isnull=True) | Q(until__gt=on), purpose=purpose, withdrawn__isnull=True)
        there = holding.filter(until=until).first()
        return there or Consent.objects.create(person=person, purpose=purpose, given=on, until=until)


def withdraw_consent(*, by: User | None, on: date, consent: Consent) -> None:
    """The person takes it back from today on: also where the file is restricted. Raises InputError O056."""
    with act("consent.withdraw", by=by, about=consent.person, purpose=consent.purpose):
        open_file(by, "consent.give", on, consent.person, even=("restricted",))
        Consent.objects.filter(pk=consent.pk, withdrawn__isnull=True).update(withdrawn=on)
