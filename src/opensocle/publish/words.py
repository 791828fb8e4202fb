"""What a publication says, in English and French: words from `data/*words.yaml`, numbers as each language writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import InputError, nearest
from ..law.wording import unit as law_unit
from ..money import CONTEXT
from ..vocabulary import labels

LANGUAGES = ("en", "fr")
NARROW = "\u202f"  # the narrow no-break space between French groups of three digits and before %
SOLID = "\u00a0"  # the no-break space
MINUS = "\u2212"
NONE = "–"
SHARES = ("rate", "share", "of GDP", "of the mean")
"""Units of assumptions that are written in percent."""

DATA = Path(__file__).parent / "data"
Number = Decimal | int


@cache
def entries() -> Mapping[str, Mapping[str, str]]:
    """Every word with its languages, by key."""
    import yaml

    found: dict[str, Mapping[str, str]] = {}
    for name in ("words.yaml", "impact_words.yaml"):
        for group in yaml.load((DATA / name).read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)).values():
            found |= {key: {**texts, "fr": french(texts["fr"])} for key, texts in group.items()}
    return found


def french(text: str) -> str:
    """The text with spaces that do not break before `: ; ! ? »` and after `«`."""
    for sign in ":;!?»":
        text = text.replace(f" {sign}", f"{SOLID if sign in ':»' else NARROW}{sign}")
    return text.replace("« ", f"«{SOLID}")


@dataclass(frozen=True, slots=True)
class Scale:
    """A power of ten that amounts are shown in, and what it is called with the currency."""

    exponent: int
    unit: str

    def __call__(self, amount: Number) -> Decimal:
        return Decimal(amount).scaleb(-self.exponent, CONTEXT)


def rounded(number: Number, digits: int) -> Decimal:
    """The number with so many decimals, half away from zero."""
    return Decimal(number).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, CONTEXT)


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words and numbers, and the currency that money is named in. Raises InputError U060 for a language that is not known."""

    lang: str
    currency: str = ""

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise InputError("U060", f"no publication in the language {self.lang!r}", hint=nearest(self.lang, LANGUAGES))

    def __call__(self, key: str, **values: object) -> str:
        """The word of that key, with its places filled in."""
        text = entries()[key][self.lang]
        return text.format(**values) if values else text

    def title(self, titles: Mapping[str, str]) -> str:
        """The title in this language, or in the first that there is."""
        return titles.get(self.lang) or next(iter(titles.values()), "")

    def label(self, kind: str, name: str | None) -> str:
        """The title of a word of the vocabulary's closed lists (`branches`, `kinds`, `guarantees`); the name itself if it is in none."""
        if not name:
            return NONE
        found = labels(kind).get(name)
        return self.title(found.title) if found else plain(name)

    def number(self, number: Number | None, digits: int = 0) -> str:
        """`1,234.5`, `1 234,5`; a dash where there is none."""
        if number is None:
            return NONE
        return _decimal(rounded(number, digits), digits, self.lang)

    def count(self, number: Number | None) -> str:
        """Persons or events: a whole number."""
        return self.number(number, 0)

    def year(self, year: int) -> str:
        return str(year)

    def percent(self, share: Number | None, digits: int = 1) -> str:
        """0.0215 as `2.2%`, `2,2 %`; a share too small to show is said to be so: `<0.1%`."""
        if share is None:
            return NONE
        points = Decimal(share) * 100
        sign = f"{NARROW}%" if self.lang == "fr" else "%"
        least = Decimal(1).scaleb(-digits)
        if points and not rounded(points, digits):
            return ("<" if points > 0 else f">{MINUS}") + _decimal(least, digits, self.lang) + sign
        return _decimal(rounded(points, digits), digits, self.lang) + sign

    def signed(self, share: Number, digits: int = 0) -> str:
        """A change in percent with its sign: `+31%`, `−17%`."""
        return ("+" if share > 0 else "") + self.percent(share, digits)

    def points(self, share: Number, digits: int = 1) -> str:
        """A difference of shares of GDP: `1.8 percentage points of GDP`, `1,8 point de PIB`."""
        number = rounded(Decimal(share) * 100, digits)
        return self("points_several" if abs(number) >= 2 else "points", number=_decimal(number, digits, self.lang))

    def money(self, amount: Number | None, digits: int | None = None) -> str:
        """`XMU 1.23 billion`, `1,23 milliard XMU`; below a million every unit, and small amounts with their decimals."""
        if amount is None:
            return NONE
        size = abs(Decimal(amount))
        power = 12 if size >= Decimal("999.5e9") else 9 if size >= Decimal("999.5e6") else 6 if size >= Decimal("999500") else 0
        shown = Decimal(amount).scaleb(-power, CONTEXT)
        if digits is None:
            digits = (2 if abs(shown) < 10 else 1 if abs(shown) < 100 else 0) if power or size < 100 else 0
        figure = self.number(shown, digits)
        if power:
            several = abs(rounded(shown, digits)) >= 2
            figure = f"{figure}{NARROW if self.lang == 'fr' else ' '}{self(f'power_{power}_several' if several else f'power_{power}')}"
        return f"{figure} {self.currency}" if self.lang == "fr" else f"{self.currency} {figure}"

    def scale(self, amounts: Iterable[Number], billions_from: Number = 10**11) -> Scale:
        """The scale for a table or an axis, from the largest of the amounts: units, millions or billions."""
        largest = max((abs(Decimal(a)) for a in amounts), default=Decimal(0))
        power = 9 if largest >= billions_from else 6 if largest >= 10**6 else 0
        return Scale(power, self(f"scale_{power}", currency=self.currency))

    def persons_scale(self, numbers: Iterable[Number]) -> Scale:
        """The same for persons: thousands where there are many."""
        largest = max((abs(Decimal(n)) for n in numbers), default=Decimal(0))
        return Scale(3, self("thousands")) if largest >= 100_000 else Scale(0, "")

    def unit(self, text: str) -> str:
        """`XMU/month` as `XMU/mois`, `of GDP` as `du PIB`; a rate or a share has none."""
        if text in ("rate", "share", "percent", "number", ""):
            return ""
        key = f"unit_{text.lower().replace(' ', '_')}"
        return self(key) if key in entries() else law_unit(text, self.lang)

    def measured(self, number: Number | None, unit: str) -> str:
        """A value of an assumption: a share in percent, a large amount of money in millions, anything else with at most four decimals."""
        if number is None:
            return NONE
        value = Decimal(number)
        if unit in SHARES:
            return self.percent(value, min(4 if abs(value) < Decimal("0.01") else 2, decimals(value * 100)))
        if self.currency and unit == self.currency and abs(value) >= 10**6:
            return self.money(value)
        return self.number(value, min(0 if abs(value) >= 1000 else 2 if abs(value) >= 10 else 4, decimals(value)))

    def pair(self, name: str, text: str) -> str:
        """`name: text`, with the language's space before the colon."""
        return self("pair", name=name, text=text)

    def chain(self, items: Iterable[str]) -> str:
        """`a; b; c`."""
        return f"{NARROW if self.lang == 'fr' else ''}; ".join(items)

    def listed(self, items: list[str]) -> str:
        """`a, b and c`."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self('and')} {items[-1]}"


def decimals(number: Decimal) -> int:
    """Decimals that the number needs."""
    exponent = number.normalize(CONTEXT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def plain(name: str) -> str:
    """A name of a file as words: `child_grant` as `Child grant`."""
    text = name.replace("_", " ").replace(".", ": ")
    return text[:1].upper() + text[1:]


@cache
def _locale(lang: str) -> Any:
    from babel import Locale

    return Locale.parse(lang)


def _decimal(number: Decimal, digits: int, lang: str) -> str:
    from babel.numbers import format_decimal

    pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
    text = format_decimal(number + 0, format=pattern, locale=_locale(lang), decimal_quantization=False)
    if text.startswith("-"):
        text = MINUS + text[1:]
    return text.replace("\u00a0", NARROW) if lang == "fr" else text
