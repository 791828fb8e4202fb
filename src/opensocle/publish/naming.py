"""What assumptions, schemes and administration are called in a publication."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from ..analysis.model import Costing, Sourced
from .words import Words, entries, plain

RATES = ("take_up", "compliance", "unemployment", "participation", "growth", "real_growth", "productivity", "interest", "prevalence", "insured")
_ADMINISTRATION = re.compile(r"\s*([\d.,]+)\s*%\s*(?:of|du|des|de)?\s*(.*?)\s*")


def path_title(path: str, costing: Costing, known: Mapping[str, Sourced], say: Words) -> str:
    """The title of an assumption: its own, or one made from its path."""
    if path in known:
        return say.title(known[path].title)
    group, _, name = path.partition(".")
    schemes = {label.name: label for label in costing.schemes}
    if group in ("take_up", "compliance") and name in schemes:
        return say(f"path_{group}", scheme=say.title(schemes[name].title))
    key = "path_" + path.replace(".", "_")
    return say(key) if key in entries() else plain(path)


def value_text(text: str, path: str, unit: str, say: Words) -> str:
    """The value of an assumption as a reader expects it: rates in percent, numbers in the language's way, anything else as it is."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if unit == "rate" or (not unit and path.split(".")[0] in RATES) or (not unit and path.rsplit(".", 1)[-1] in RATES):
        return say.measured(number, "rate")
    return say.measured(number, unit)


def administration(text: str, say: Words) -> str:
    """`5 % of benefits` in the language of the publication; a text of another form as it is."""
    found = _ADMINISTRATION.fullmatch(text)
    if not found:
        return text
    try:
        rate = Decimal(found[1].replace(",", ".")) / 100
    except InvalidOperation:
        return text
    of = "of_gross" if "gross" in found[2] or "brut" in found[2] else "of_benefits"
    return say(of, rate=say.measured(rate, "rate"))


def is_gross_up(text: str) -> bool:
    """Whether administration is a share of gross expenditure rather than of benefits."""
    return "gross" in text or "brut" in text
