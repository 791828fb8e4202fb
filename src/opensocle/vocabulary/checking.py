"""Plain data made into facts and code lists; every problem is kept, so that all can be raised at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..errors import InputError, SocleError, nearest
from .model import TABLES, TYPES, CodeList, Fact, Titles
from .units import Unit

_WORDS = "and or not in is null true false between case when then else end if period reference_date members"
_RESULTS = "eligible benefit duration worker_contribution employer_contribution state_contribution"
RESERVED = frozenset((*_WORDS.split(), *_RESULTS.split(), *TABLES))
"""Names that mean something else in a formula."""

DIGITS = 6
"""Decimals of a decimal that is not money, at most and by default."""
INTEGER_LIMIT = Decimal(2_000_000_000)
DECIMAL_LIMIT = Decimal(999_999_999_999)

FACT_KEYS = ("type", "unit", "codes", "minimum", "maximum", "digits", "none", "formula", "theme", "title", "description")
LIST_KEYS = ("title", "source", "values")


def check_currency(currency: object, digits: object) -> list[SocleError]:
    """What is wrong with a currency code and its decimals."""
    problems: list[SocleError] = []
    if not (isinstance(currency, str) and re.fullmatch(r"[A-Z]{3}", currency)):
        problems.append(InputError("P009", f"{currency!r} is not a currency", at="currency.code", hint="write three capitals: XMU"))
    if isinstance(digits, bool) or not isinstance(digits, int) or not 0 <= digits <= 4:
        problems.append(
            InputError("P009", f"a currency cannot have {digits!r} decimals", at="currency.digits", hint="write a whole number from 0 to 4")
        )
    return problems


class Checker:
    """Builds facts and code lists in a currency and collects what is wrong with them in `problems`."""

    def __init__(self, currency: str, digits: int, themes: tuple[str, ...] = ()) -> None:
        self.currency, self.digits, self.themes = currency, digits, themes
        self.problems: list[SocleError] = []

    def problem(self, code: str, what: str, at: str, hint: str = "") -> None:
        self.problems.append(InputError(code, what, at=at, hint=hint))

    def mapping(self, found: object, at: str) -> dict[Any, Any]:
        """The mapping as a dict, empty (with a problem) if it is something else; null is an empty one."""
        if found is None:
            return {}
        if isinstance(found, Mapping):
            return dict(found)
        self.problem("P013", f"a map is expected, not {found!r}", at, "write `name: value` lines")
        return {}

    def name(self, name: object, at: str) -> bool:
        """Whether a name can be used in formulas."""
        if not (isinstance(name, str) and re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)):
            self.problem("P012", f"{name!r} is not a name", at, "write lower-case words joined by underscores: plot_size")
            return False
        if name in RESERVED:
            self.problem("P012", f"the name {name!r} is reserved", at, "choose another")
            return False
        return True

    def titles(self, found: object, at: str) -> Titles:
        """Texts by language."""
        texts = self.mapping(found, at)
        for language, text in texts.items():
            if not (isinstance(language, str) and re.fullmatch(r"[a-z]{2,3}", language) and isinstance(text, str) and text.strip()):
                self.problem("P013", f"{language!r}: {text!r} is not a text in a language", at, "write {en: Region, fr: Région}")
        return texts

    def keys(self, entry: Mapping[Any, Any], known: tuple[str, ...], at: str) -> None:
        """Notes every key that is not known."""
        for key in entry:
            if key not in known:
                self.problem("P013", f"{key!r} means nothing here", at, nearest(str(key), known))

    def code_list(self, name: str, entry: object) -> CodeList | None:
        """The code list `{title, source, values: {code: {en, fr, standard}}}`; None if something is wrong."""
        at, before = f"codes.{name}", len(self.problems)
        found = self.mapping(entry, at)
        self.keys(found, LIST_KEYS, at)
        source = found.get("source", "")
        if not isinstance(source, str):
            self.problem("P019", f"{source!r} is not a text", f"{at}.source")
        if "values" not in found:
            self.problem("P019", f"the list {name!r} has no values", at, "add values: {north: {en: North, fr: Nord}}")
        values: dict[str, Titles] = {}
        standard: dict[str, str] = {}
        for code, titles in self.mapping(found.get("values"), f"{at}.values").items():
            place = f"{at}.values.{code}"
            if not (isinstance(code, str) and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", code)):
                self.problem(
                    "P019",
                    f"{code!r} is not a code",
                    place,
                    "write a word in letters, digits, - and _; in quotes if it looks like a number or yes/no",
                )
                continue
            titles = self.mapping(titles, place)
            if "standard" in titles:
                standard[code] = str(titles.pop("standard"))
            values[code] = self.titles(titles, place) or {"en": _plain(code)}
        title = self.titles(found.get("title"), f"{at}.title") or {"en": _plain(name)}
        return CodeList(name, title, values, source, standard) if len(self.problems) == before else None

    def fact(self, table: str, name: str, entry: object, lists: Mapping[str, CodeList]) -> Fact | None:
        """The fact of a table; None if something is wrong."""
        at, before = f"variables.{table}.{name}", len(self.problems)
        found = self.mapping(entry, at)
        self.keys(found, FACT_KEYS, at)
        unit, unit_text = self._unit(found.get("unit"), f"{at}.unit")
        kind = self._type(found, unit, at)
        self._shape(found, kind, unit, at)
        codes = self._codes(found.get("codes"), kind, lists, at)
        digits = self._digits(found.get("digits"), kind, unit, f"{at}.digits")
        minimum, maximum = self._bounds(found, kind, digits, at)
        none, formula = found.get("none", False), found.get("formula") or ""
        if not isinstance(none, bool):
            self.problem("P013", f"none is true or false, not {none!r}", f"{at}.none")
        if not isinstance(formula, str):
            self.problem("P013", f"{formula!r} is not a formula", f"{at}.formula", "write it in quotes")
        theme = found.get("theme", "other")
        if theme not in self.themes:
            self.problem("P013", f"{theme!r} is not a theme", f"{at}.theme", nearest(str(theme), self.themes))
        title = self.titles(found.get("title"), f"{at}.title") or {"en": _plain(name)}
        description = self.titles(found.get("description"), f"{at}.description")
        if len(self.problems) > before:
            return None
        return Fact(name, table, kind, title, unit, unit_text, codes, minimum, maximum, digits, none, formula, description, theme)

    def same(self, old: Fact, new: Fact, at: str) -> bool:
        """Whether a redefined fact is still of the same kind."""
        before = len(self.problems)
        for what, was, now in (("type", old.type, new.type), ("unit", old.unit, new.unit), ("codes", old.codes, new.codes)):
            if was != now:
                text = f"{old.name} is in the vocabulary with {what} {str(was) or 'none'}, not {str(now) or 'none'}"
                self.problem("P018", text, f"{at}.{what}", "keep it, or choose another name")
        return len(self.problems) == before

    def _unit(self, found: object, at: str) -> tuple[Unit, str]:
        """The unit and its text, with the country's currency."""
        if found is None:
            return Unit(), ""
        if not isinstance(found, str):
            self.problem("P010", f"{found!r} is not a unit", at, "write XMU/month, year, percent…")
            return Unit(), ""
        text = found.replace("{currency}", self.currency).strip()
        try:
            unit = Unit.parse(text)
        except InputError as error:
            self.problem(error.code, error.what, at, error.hint)
            return Unit(), text
        foreign = sorted(base for base, _ in unit.powers if base.isupper() and base != self.currency)
        if foreign:
            self.problem("P015", f"money is in {self.currency}, not in {', '.join(foreign)}", at, f"write {self.currency}")
        return unit, text

    def _type(self, found: Mapping[str, Any], unit: Unit, at: str) -> str:
        """The type, found from the unit or the codes where it is left out; empty (with a problem) if there is none."""
        kind = found.get("type")
        if kind is None:
            kind = "decimal" if unit.currency else "code" if found.get("codes") else None
        if kind is None:
            self.problem("P014", "the type is missing", at, f"add type: one of {', '.join(TYPES)}")
        elif kind not in TYPES:
            hints = {"money": f"write unit: {self.currency}/month and leave the type out", "rate": "write type: decimal"}
            self.problem("P014", f"{kind!r} is not a type", f"{at}.type", hints.get(str(kind)) or nearest(str(kind), TYPES))
        else:
            return kind
        return ""

    def _shape(self, found: Mapping[str, Any], kind: str, unit: Unit, at: str) -> None:
        """Notes what a type cannot have."""
        if not kind:
            return
        if any(base.isupper() for base, _ in unit.powers) and kind != "decimal":
            self.problem("P015", f"money cannot be of type {kind}", f"{at}.type", "write type: decimal")
        number = kind in ("integer", "decimal")
        for key in ("unit", "minimum", "maximum", "digits"):
            if found.get(key) is not None and (not number or (key == "digits" and kind == "integer")):
                self.problem("P014", f"type {kind} has no {key}", f"{at}.{key}", f"remove {key}, or change the type")

    def _codes(self, found: object, kind: str, lists: Mapping[str, CodeList], at: str) -> str:
        """The name of the code list."""
        if found is None:
            if kind == "code":
                self.problem("P016", "the code list is missing", at, "add codes: the name of a list")
            return ""
        if not isinstance(found, str) or found not in lists:
            self.problem("P016", f"{found!r} is not a code list", f"{at}.codes", nearest(str(found), list(lists)))
            return ""
        if kind and kind != "code":
            self.problem("P014", f"type {kind} has no codes", f"{at}.codes", "remove codes, or write type: code")
        return found

    def _digits(self, found: object, kind: str, unit: Unit, at: str) -> int:
        """Decimals: the currency's for money, at most 6 for others, 9 for the weight; 0 for what is no decimal."""
        if kind != "decimal":
            return 0
        if unit.currency:
            if found is not None:
                self.problem("P017", "money has the decimals of its currency", at, "remove digits")
            return self.digits
        if found is None:
            return DIGITS
        most = 9 if at == "variables.persons.weight.digits" else DIGITS
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= most:
            self.problem("P017", f"{found!r} decimals are not possible", at, f"write a whole number from 0 to {most}")
            return 0
        return found

    def _bounds(self, found: Mapping[str, Any], kind: str, digits: int, at: str) -> tuple[Decimal | None, Decimal | None]:
        """The least and the greatest value of a number, the widest possible where the entry says nothing; None for what is no number."""
        if kind not in ("integer", "decimal"):
            return None, None
        limit = INTEGER_LIMIT if kind == "integer" else min(DECIMAL_LIMIT, Decimal(10 ** (18 - digits) - 1))
        low = self._number(found.get("minimum"), -limit, limit, kind, f"{at}.minimum")
        high = self._number(found.get("maximum"), limit, limit, kind, f"{at}.maximum")
        if low > high:
            self.problem("P017", f"the minimum {low} is above the maximum {high}", f"{at}.minimum", "exchange them")
        return low, high

    def _number(self, found: object, default: Decimal, limit: Decimal, kind: str, at: str) -> Decimal:
        """A bound, within the limit."""
        if found is None:
            return default
        if isinstance(found, bool) or not isinstance(found, int | float | Decimal):
            self.problem("P017", f"{found!r} is not a number", at)
            return default
        number = Decimal(str(found))
        if not number.is_finite() or abs(number) > limit:
            self.problem("P017", f"{found} is out of bounds", at, f"numbers run from {-limit} to {limit}")
            return default
        if kind == "integer" and number != number.to_integral_value():
            self.problem("P017", f"{found} is not a whole number", at, "the type is integer")
        return number


def _plain(name: str) -> str:
    """A name as words, where there is no title."""
    return name.replace("_", " ").capitalize() if name.islower() else name
