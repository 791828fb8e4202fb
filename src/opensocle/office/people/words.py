"""The vocabulary that facts are recorded in, and their canonical text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ...errors import InputError, nearest
from ...law.wording import unit
from ...vocabulary import vocabulary
from ...vocabulary.model import HOUSEHOLDS, PERSONS, Fact, Vocabulary
from ..laws.registry import OWN
from ..laws.values import PEOPLE, UNKNOWN, read, write
from ..references import read_reference

COMPUTED = ("weight", "stratum", "cluster", "stratum_clusters", "age", "alive", "household_size", "region", "district")
"""Words that a survey has, or that follow from the file itself."""


def words_on(day: date) -> Vocabulary:
    """The vocabulary of the law in force on a day; without a law that of every country."""
    from ..laws.deciding import law_of
    from ..laws.selectors import in_force_on

    entry = in_force_on(day)
    return law_of(entry.law.hash).vocabulary if entry else vocabulary()


def recordable(table: str, words: Vocabulary) -> Mapping[str, Fact]:
    """The facts of persons or households that may be recorded, by name."""
    return {name: word for name, word in words.tables[table].items() if name not in OWN and name not in COMPUTED}


def word_of(table: str, name: str, words: Vocabulary) -> Fact:
    """The word of a fact that may be recorded. Raises InputError O053."""
    known = recordable(table, words)
    if name not in known:
        raise InputError("O053", _("There is no fact of this name that can be recorded."), at="name", hint=nearest(name, list(known)))
    return known[name]


def canonical(word: Fact, value: Any, words: Vocabulary) -> str:
    """A value as its canonical text: ISO dates, decimal points, true and false, codes; "" where there is none. Raises InputError O053."""
    text = _tidy(word, value)
    found = UNKNOWN if word.name in PEOPLE and text and not read_reference(text) else read(word, text, words)
    if found is UNKNOWN:
        raise InputError("O053", _("This value does not fit: %(expected)s") % {"expected": expected(word, words)}, at="value")
    if isinstance(found, Decimal):
        return _plain(found)
    return write(found)


def _tidy(word: Fact, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return _plain(value)
    text = (value if isinstance(value, str) else write(value)).strip()
    return (read_reference(text) or text) if word.name in PEOPLE else text


def _plain(number: Decimal) -> str:
    """Without zeros that say nothing: 30.50 and 30.5 are one value."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def expected(word: Fact, words: Vocabulary) -> str:
    """What a value of this word looks like, for people."""
    match word.type:
        case "boolean":
            return _("choose yes or no.")
        case "integer":
            return _bounds(word) or _("write a whole number.")
        case "decimal":
            return _bounds(word) or _("write a number with at most %(digits)d decimals.") % {"digits": word.digits}
        case "date":
            return _("enter a date.")
        case "month":
            return _("enter a month.")
        case "code":
            return _("choose one of the list.")
    return _("enter the reference of a person.") if word.name in PEOPLE else _("enter a text.")


def _bounds(word: Fact) -> str:
    if word.minimum is None or word.maximum is None or word.maximum >= 10**9:
        return ""
    return _("write a number from %(low)s to %(high)s.") % {"low": _plain(word.minimum), "high": _plain(word.maximum)}


def in_reader_language(titles: Mapping[str, str]) -> str:
    """A title of the vocabulary in the reader's language."""
    return titles.get((get_language() or "en")[:2]) or titles.get("en") or next(iter(titles.values()), "")


def unit_of(word: Fact) -> str:
    """The unit of a number in the reader's language, such as `months`; empty where there is none."""
    return unit(word.unit_text, (get_language() or "en")[:2]) if word.type in ("integer", "decimal") and word.unit_text else ""


def shown(word: Fact | None, text: str, words: Vocabulary) -> Any:
    """A canonical text for a page: a code's title, yes or no, a date as a date; otherwise as it is."""
    if word is None:
        return text
    value = read(word, text, words)
    if value is UNKNOWN:
        return text
    if value is None:
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    codes = words.codes.get(word.codes)
    return in_reader_language(codes.values[value]) if codes and value in codes.values else value


def table_of(about: object) -> str:
    """The table of the vocabulary that a person's or household's facts are words of."""
    return PERSONS if getattr(about, "KIND", "") == "person" else HOUSEHOLDS
