"""Numbers of documents, telephones, e-mail addresses, and the accounts into which a person is paid."""

from __future__ import annotations

import re
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ....errors import InputError, Problems
from ...access.models import User
from ...audit.services import act
from ..choices import ACCOUNTS, REASONS
from ..models import Account, Contact, Identifier, Person
from . import values
from .files import chosen, open_file
from .keys import rebuild_keys
from .registering import identifier_row
from .values import Number


def add_identifier(*, by: User | None, on: date, person: Person, number: Number) -> Identifier:
    """A number by which an authority knows the person; the same one again changes nothing. Raises Problems O051, InputError O056."""
    number = number.complete()
    with act("identifier.add", by=by, about=person, type=number.type):
        open_file(by, "person.change", on, person)
        row = identifier_row(person, number)
        there = Identifier.objects.filter(person=person, type=row.type, country=row.country, normal=row.normal, withdrawn=False).first()
        if there is not None:
            return there
        problems = values.faults_of_numbers([number], own=person.pk)
        if problems:
            raise Problems(problems)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise InputError("O051", _("Somebody is registered with this number already."), at="value") from error
        rebuild_keys([person.pk])
    return row


def withdraw_identifier(*, by: User | None, on: date, identifier: Identifier, reason: str) -> None:
    """A number that is not the person's, or not any more. Raises InputError O050, O056."""
    chosen(reason, REASONS, "reason")
    with act("identifier.withdraw", by=by, about=identifier.person, type=identifier.type, reason=reason):
        open_file(by, "person.change", on, identifier.person)
        Identifier.objects.filter(pk=identifier.pk).update(withdrawn=True)
        rebuild_keys([identifier.person_id])


def add_contact(*, by: User | None, on: date, person: Person, kind: str, value: str) -> Contact:
    """A telephone (kept as E.164) or an e-mail address; the same one again changes nothing. Raises InputError O052, O056."""
    text = values.contact_of(kind, value)
    with act("contact.add", by=by, about=person, kind=kind):
        open_file(by, "person.change", on, person)
        row = Contact.objects.filter(person=person, kind=kind, value=text, withdrawn=False).first()
        if row is None:
            row = Contact.objects.create(person=person, kind=kind, value=text)
            rebuild_keys([person.pk])
    return row


def withdraw_contact(*, by: User | None, on: date, contact: Contact) -> None:
    """A telephone or address that the person has no more. Raises InputError O056."""
    with act("contact.withdraw", by=by, about=contact.person, kind=contact.kind):
        open_file(by, "person.change", on, contact.person)
        Contact.objects.filter(pk=contact.pk).update(withdrawn=True)
        rebuild_keys([contact.person_id])


def add_account(
    *, by: User | None, on: date, person: Person, kind: str, provider: str = "", number: str = "", holder: str = "", since: date | None = None
) -> Account:
    """Where the person is paid from a day on; the account before it ends that day. Raises InputError O050, O052, O056."""
    chosen(kind, ACCOUNTS, "kind")
    begins = since or on
    provider, holder = values.tidy(provider), values.tidy(holder)
    number = _account_number(kind, number)
    if kind == "bank" and not provider:
        raise InputError("O052", _("Enter the name of the bank."), at="provider")
    if len(provider) > 80 or len(holder) > 120:
        raise InputError("O052", _("This name is too long."), at="provider")
    with act("account.add", by=by, about=person, kind=kind):
        open_file(by, "person.change", on, person)
        current = person.accounts.select_for_update().filter(until__isnull=True).order_by("since").last()
        if current is not None and current.since > begins:
            raise InputError("O052", _("A later account is recorded already."), at="since")
        if current is not None and current.since == begins:
            current.delete()
        elif current is not None:
            current.until = begins
            current.save(update_fields=["until"])
        return Account.objects.create(person=person, kind=kind, provider=provider, number=number, holder=holder, since=begins)


def end_account(*, by: User | None, on: date, account: Account) -> None:
    """The person is not paid there from the day on. Raises InputError O052, O056."""
    with act("account.end", by=by, about=account.person, kind=account.kind):
        open_file(by, "person.change", on, account.person)
        locked = Account.objects.select_for_update().get(pk=account.pk)
        if locked.until is not None:
            raise InputError("O052", _("This account has ended already."))
        locked.until = max(on, locked.since)
        locked.save(update_fields=["until"])


def _account_number(kind: str, text: str) -> str:
    """An account's number: a telephone for mobile money, letters and figures for a bank."""
    if kind == "cash":
        return ""
    if kind == "mobile":
        return values.phone_of(text)
    number = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch(r"[A-Z0-9]{4,34}", number):
        raise InputError("O052", _("An account has 4 to 34 letters and figures."), at="number")
    return number
