"""Numbers, amounts and dates as the reader's language writes them. Never for the value of a form field."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language

from ...vocabulary.iso import currency_digits

NARROW, SOLID, MINUS = "\u202f", "\u00a0", "\u2212"
NONE = "–"
"""What stands where nothing is known."""
DAY_FIRST = {"en": "en_GB"}
"""English dates have the day first, as in 5 January 2026 and 05/01/2026."""


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(DAY_FIRST.get(language, language), sep="-" if "-" in language else "_")


def locale() -> Locale:
    """The reader's."""
    return _locale(get_language() or "en")


def _figure(number: Decimal, digits: int) -> str:
    pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
    text = format_decimal(number.quantize(Decimal(1).scaleb(-digits)) + 0, format=pattern, locale=locale(), decimal_quantization=False)
    return text.replace("-", MINUS).replace(SOLID, NARROW)


def number(value: Any, digits: int | None = None) -> str:
    """`1,234.5`, `1 234,5`; as many decimals as it has where `digits` is not said."""
    if value is None or value == "":
        return NONE
    exact = Decimal(str(value))
    exponent = exact.as_tuple().exponent
    return _figure(exact, max(0, -exponent if isinstance(exponent, int) else 0) if digits is None else digits)


def money(amount: int | None, currency: Any) -> str:
    """An amount in the smallest unit, `XMU 1,234.50` or `1 234,50 XMU`. currency: a code, or a law's Currency, which knows its decimals."""
    if amount is None or amount == "":
        return NONE
    code = getattr(currency, "code", currency)
    digits = getattr(currency, "digits", None)
    if digits is None:
        known = currency_digits(str(code))
        digits = 2 if known is None else known
    figure = _figure(Decimal(int(amount)).scaleb(-digits), digits)
    return f"{figure}{SOLID}{code}" if locale().language == "fr" else f"{code}{SOLID}{figure}"


def day(value: date | None, form: str = "long") -> str:
    """`5 January 2026`, `1er janvier 2026`; `short` is `05/01/2026`. A moment is shown as the day that it is here."""
    if not value:
        return NONE
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if form == "short":
        return format_date(value, "dd/MM/y", locale=locale())
    return _first(format_date(value, "d MMMM y", locale=locale()))


def moment(value: datetime | None) -> str:
    """`5 January 2026, 14:03`, in the office's time zone."""
    if not value:
        return NONE
    here = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(here)}, {format_datetime(here, 'HH:mm', locale=locale())}"


def month(value: Any) -> str:
    """`January 2026`, of a date or of a Month."""
    if not value:
        return NONE
    first = value if isinstance(value, date) else date(value.year, value.number, 1)
    return format_date(first, "LLLL y", locale=locale())


def _first(text: str) -> str:
    """French says `1er`, not `1`."""
    return f"1er{text[1:]}" if locale().language == "fr" and text.startswith("1 ") else text
