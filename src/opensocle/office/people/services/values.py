"""What people say of themselves, checked: names, birth, numbers of documents, telephones. Each check gives all faults."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext as _

from ....errors import InputError, SocleError
from ..choices import IDENTIFIERS, PRECISIONS, SEXES
from ..models import Identifier
from ..naming import digits, normal_identifier, words

LONGEST_NAME = 120
OLDEST = timedelta(days=366 * 130)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")


@dataclass(frozen=True)
class Names:
    """The names of a person in any script; one of given name and surname is enough."""

    given_name: str = ""
    surname: str = ""
    second_name: str = ""
    maiden_name: str = ""
    other_names: tuple[str, ...] = ()

    def tidy(self) -> Names:
        """Without signs that nobody sees and with single spaces, in composed letters (Unicode NFC)."""
        others = tuple(dict.fromkeys(name for given in self.other_names if (name := tidy(given))))
        return Names(tidy(self.given_name), tidy(self.surname), tidy(self.second_name), tidy(self.maiden_name), others)


@dataclass(frozen=True)
class Birth:
    """A date of birth as far as it is known. precision: day, month, year or estimated; what is not known of `date` is 1."""

    date: date | None = None
    precision: str = "day"


@dataclass(frozen=True)
class Number:
    """A number by which an authority knows a person. country: ISO 3166-1 alpha-2, by default the office's own."""

    type: str
    value: str
    country: str = ""
    since: date | None = None
    until: date | None = None
    verified: bool = False

    def complete(self) -> Number:
        """With the country, and in the form that is kept."""
        return replace(self, value=tidy(self.value), country=(self.country or settings.PLACE.country).upper())


def tidy(text: str) -> str:
    """A text in one line, as it is kept. Joiners within words of Arabic and Indic scripts stay."""
    kept = "".join(
        sign if sign in "\u200c\u200d" or unicodedata.category(sign) not in _INVISIBLE else " " for sign in unicodedata.normalize("NFC", text)
    )
    return " ".join(kept.split())


def faults_of_names(names: Names) -> list[SocleError]:
    """What is wrong with names (O050)."""
    found: list[SocleError] = []
    if not names.given_name and not names.surname:
        found.append(InputError("O050", _("Enter a given name or a surname."), at="given_name"))
    said = {"given_name": names.given_name, "surname": names.surname, "second_name": names.second_name, "maiden_name": names.maiden_name}
    for at, name in [*said.items(), *(("other_names", name) for name in names.other_names)]:
        if len(name) > LONGEST_NAME:
            found.append(InputError("O050", _("A name has at most %(most)d letters.") % {"most": LONGEST_NAME}, at=at))
        elif name and not any(sign.isalpha() for sign in name):
            found.append(InputError("O050", _("A name has letters."), at=at))
        elif name and not words(name):
            found.append(InputError("O050", _("This name has no letter that can be read."), at=at))
    return found


def faults_of_birth(birth: Birth, on: date, death: date | None = None) -> list[SocleError]:
    """What is wrong with a date of birth, on the day that it is said (O050)."""
    if birth.precision not in PRECISIONS:
        return [InputError("O050", _("Choose one of the list."), at="birth")]
    if birth.date is None:
        return []
    if birth.date > on:
        return [InputError("O050", _("The date of birth lies in the future."), at="birth")]
    if birth.date < on - OLDEST:
        return [InputError("O050", _("Nobody is that old: check the year of birth."), at="birth")]
    if death is not None and birth.date > death:
        return [InputError("O050", _("The date of birth lies after the date of death."), at="birth")]
    if (birth.precision == "year" and (birth.date.month, birth.date.day) != (1, 1)) or (birth.precision == "month" and birth.date.day != 1):
        return [InputError("O050", _("What is not known of a date is written as 1."), at="birth")]
    return []


def faults_of_sex(sex: str) -> list[SocleError]:
    return [] if sex in SEXES else [InputError("O050", _("Choose one of the list."), at="sex")]


def faults_of_numbers(numbers: Iterable[Number], own: int | None = None) -> list[SocleError]:
    """What is wrong with numbers of documents (O051): a number belongs to one person. own: the primary key of the person who has them."""
    found: list[SocleError] = []
    seen: set[tuple[str, str, str]] = set()
    for number in numbers:
        normal = normal_identifier(number.value)
        key = (number.type, number.country, normal)
        if number.type not in IDENTIFIERS:
            found.append(InputError("O051", _("Choose the type of the document."), at="type"))
        elif len(normal) < 3 or len(number.value) > 60:
            found.append(InputError("O051", _("A number of a document has 3 to 60 letters and figures."), at="value"))
        elif not re.fullmatch("[A-Z]{2}", number.country):
            found.append(InputError("O051", _("Choose the country of the document."), at="country"))
        elif number.since and number.until and number.until <= number.since:
            found.append(InputError("O051", _("The document ends before it begins."), at="until"))
        elif key in seen or _taken(key, own):
            found.append(
                InputError(
                    "O051", _("Somebody is registered with this number already."), at="value", hint=_("Ask a supervisor where you do not find her.")
                )
            )
        seen.add(key)
    return found


def _taken(key: tuple[str, str, str], own: int | None) -> bool:
    rows = Identifier.objects.filter(type=key[0], country=key[1], normal=key[2], withdrawn=False)
    return rows.exclude(person=own).exists()


def phone_of(text: str) -> str:
    """A telephone in E.164 by the numbering plan of the office's country. Raises InputError O052.

    Where the library does not know the country, a number without + is kept in its figures.
    """
    region = settings.PLACE.country
    known = region in phonenumbers.SUPPORTED_REGIONS
    figures = digits(text)
    if not known and not text.strip().startswith(("+", "00")):
        if 6 <= len(figures) <= 15 and not re.search(r"[^\W\d]", text):
            return figures
        raise InputError("O052", _("This is no telephone number."), at="phone")
    said = "+" + figures[2:] if not known and text.strip().startswith("00") else text
    try:
        number = phonenumbers.parse(said, region if known else None)
    except phonenumbers.NumberParseException as error:
        raise InputError("O052", _("This is no telephone number."), at="phone") from error
    if not phonenumbers.is_possible_number(number) or number.extension:
        raise InputError("O052", _("This is no telephone number: figures are missing or too many."), at="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_of(text: str) -> str:
    """An e-mail address as it is kept. Raises InputError O052."""
    said = tidy(text)
    if len(said) > LONGEST_NAME or not _EMAIL.fullmatch(said):
        raise InputError("O052", _("This is no e-mail address."), at="email")
    return said


def contact_of(kind: str, text: str) -> str:
    """A telephone or an e-mail address as it is kept. Raises InputError O052."""
    if kind not in ("phone", "email"):
        raise InputError("O052", _("Choose telephone or e-mail."), at="kind")
    return phone_of(text) if kind == "phone" else email_of(text)


def faults_of_contacts(phones: Sequence[str], emails: Sequence[str]) -> tuple[list[tuple[str, str]], list[SocleError]]:
    """The contacts as they are kept, and what is wrong with the others."""
    good: list[tuple[str, str]] = []
    found: list[SocleError] = []
    for kind, texts in (("phone", phones), ("email", emails)):
        for text in texts:
            try:
                good.append((kind, contact_of(kind, text)))
            except InputError as error:
                found.append(error)
    return list(dict.fromkeys(good)), found
