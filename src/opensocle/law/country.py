"""Reads country.yaml: the name, the currency, the languages and what the country adds to the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, cast

from ..errors import Problems, nearest
from ..vocabulary import Vocabulary, currency_digits, vocabulary
from ..vocabulary.iso import COUNTRIES, USER_ASSIGNED
from .model import Country, Currency, Place
from .names import titles
from .nodes import Findings, Node, check_keys, plain_data

REQUIRED = ("country", "title", "currency")
OPTIONAL = ("languages", "birthday_29_february", "codes", "variables")
_NOTHING = Node({})
_CURRENCY = re.compile(r"[A-Z]{3}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?")


@dataclass(frozen=True, slots=True)
class Heading:
    """What country.yaml says: the country and the vocabulary are None where they cannot be read.

    `additions`: its `codes` and `variables` as plain data, as `vocabulary.vocabulary` takes them.
    """

    country: Country | None
    vocabulary: Vocabulary | None
    additions: dict[str, dict[str, Any]]


def read_heading(node: Node, found: Findings) -> Heading:
    """The country's heading and vocabulary."""
    if not node.is_map(found, "country.yaml"):
        return Heading(None, None, {"codes": {}, "variables": {}})
    check_keys(node, found, "country.yaml", REQUIRED, OPTIONAL)
    languages = _languages(node.get("languages"), found)
    currency = _currency(node.get("currency"), found, languages)
    code, birthday = _code(node.get("country"), found), node.get("birthday_29_february")
    rule = birthday.as_choice(found, "'birthday_29_february'", ("march_1", "february_28")) if birthday else "march_1"
    title = titles(node.get("title"), found, languages, "title of the country")
    additions = _additions(node, found, languages)
    words = _vocabulary(node, currency, additions, found)
    if code is None or currency is None:
        return Heading(None, words, additions)
    leap = cast('Literal["march_1", "february_28"]', rule or "march_1")
    return Heading(Country(code, title, currency, languages, leap, node.place), words, additions)


def _code(node: Node | None, found: Findings) -> str | None:
    code = node.as_text(found, "'country'") if node else None
    if node and code is not None and code not in (*COUNTRIES, *USER_ASSIGNED):
        hint = nearest(code.upper()[:40], COUNTRIES) if len(code) > 1 else "write the code of ISO 3166-1, or XA to XZ"
        found.problem("L013", f"'country' must be a code of ISO 3166-1, such as NG, or XA to XZ, not {code[:40]!r}", node.place, hint)
        return None
    return code


def _languages(node: Node | None, found: Findings) -> tuple[str, ...]:
    if node is None:
        return ("en",)
    languages: list[str] = []
    for item in node.as_list(found, "'languages'"):
        language = item.as_text(found, "a language")
        if language is None:
            continue
        if not _LANGUAGE.fullmatch(language) or language in languages:
            found.problem("L013", f"{language[:40]!r} is not a language, or stands twice", item.place, "write codes such as en, fr")
            continue
        languages.append(language)
    if isinstance(node.value, list) and not node.items:
        found.problem("L011", "'languages' is empty", node.place, "write [en], or [en, fr]")
    return tuple(languages) or ("en",)


def _currency(node: Node | None, found: Findings, languages: Collection[str]) -> Currency | None:
    if node is None or not node.is_map(found, "'currency'"):
        return None
    check_keys(node, found, "'currency'", ("code",), ("digits", "title"))
    code_node, digits_node = node.get("code"), node.get("digits")
    code = code_node.as_text(found, "the code of the currency") if code_node else None
    title = titles(node.get("title"), found, languages, "title of the currency")
    given = digits_node.as_integer(found, "the digits of the currency", 0, 4) if digits_node else None
    if code_node is None or code is None:
        return None
    if not _CURRENCY.fullmatch(code):
        what = f"the code of the currency must be three capital letters, not {code[:40]!r}"
        found.problem("L013", what, code_node.place, "write the code of ISO 4217")
        return None
    listed = currency_digits(code)
    if listed is None and digits_node is None:
        what = f"the currency {code} has no 'digits', and ISO 4217 does not list it"
        found.problem("L011", what, code_node.place, "add digits: 2, or correct the code")
        return None
    if listed is not None and digits_node is not None and given != listed:
        found.problem("L013", f"{code} has {listed} decimals in ISO 4217, not {given}", digits_node.place, "leave out 'digits'")
    digits = listed if listed is not None else given
    return None if digits is None else Currency(code, digits, title)


def _additions(node: Node, found: Findings, languages: Collection[str]) -> dict[str, dict[str, Any]]:
    """The entries `codes` and `variables` as plain data, titles checked for the country's languages."""
    codes, variables = node.get("codes"), node.get("variables")
    additions: dict[str, dict[str, Any]] = {"codes": {}, "variables": {}}
    for name, entry in codes.as_map(found, "'codes'").items() if codes else ():
        additions["codes"][name] = plain_data(entry)
        for code, title in entry.map.get("values", _NOTHING).map.items():
            own = {key: child for key, child in title.map.items() if key != "standard"}
            titles(Node(own, title.place, keys=title.keys), found, languages, f"title of {code[:40]!r} in code list {name!r}")
        titles(entry.get("title"), found, languages, f"title of code list {name!r}")
    for table, facts in variables.as_map(found, "'variables'").items() if variables else ():
        additions["variables"][table] = {name: _fact(name, fact, found, languages) for name, fact in facts.map.items()}
    return additions


def _fact(name: str, node: Node, found: Findings, languages: Collection[str]) -> Any:
    """A fact as plain data: numbers as Decimal, `digits` as int, `none` as bool, the rest as it is written."""
    if not isinstance(node.value, dict):
        return plain_data(node)
    fact: dict[str, Any] = {}
    for key, child in node.map.items():
        what = f"{key!r} of variable {name!r}"
        if key in ("minimum", "maximum"):
            fact[key] = child.as_decimal(found, what)
        elif key == "digits":
            fact[key] = child.as_integer(found, what)
        elif key == "none":
            fact[key] = child.as_boolean(found, what) or False
        else:
            fact[key] = titles(child, found, languages, what) if key in ("title", "description") else plain_data(child)
    return fact


def _vocabulary(node: Node, currency: Currency | None, additions: dict[str, dict[str, Any]], found: Findings) -> Vocabulary | None:
    """The vocabulary with the country's additions; its problems get their places in the file."""
    if currency is None:
        return None
    try:
        return vocabulary(currency.code, currency.digits, **additions)
    except Problems as raised:
        for problem in raised.problems:
            found.problem(problem.code, f"{problem.at}: {problem.what}", place_of(node, problem.at), problem.hint)
    return None


def place_of(node: Node, path: str) -> Place:
    """Where the thing of a path such as `variables.persons.plot_size.unit` stands, or the nearest thing above it."""
    place = node.place
    for key in path.split("."):
        if key not in node.map:
            break
        place, node = node.key_place(key), node.map[key]
    return place
