"""The words of a formula: its text cut into tokens, or a LawError at the first character that cannot stand in one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import LawError
from .model import Place
from .positions import locate

LONGEST = 4_000
"""Characters in a formula."""

WORDS = frozenset(
    ("and", "or", "not", "if", "case", "when", "then", "else", "end", "in", "between", "is", "null", "true", "false", "period", "reference_date")
)
"""Words that cannot be names; they may be written in small letters or capitals."""

_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<comment>--|/\*)|(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<text>'(?:[^'\n]|'')*+')|(?P<sign>=>|<=|>=|<>|!=|[-+*/=<>()\[\],.])",
    re.ASCII,
)
_HINTS = {
    '"': "write text between single quotes: 'female'",
    "'": "the text has no closing quote",
    "`": "a name is written without quotes",
    ";": "a formula is one expression",
    ":": "a type cannot be forced here; declare the variable's type",
    "%": "write 3 % as 0.03",
    "^": "write a product instead",
    "&": "write and",
    "|": "write or",
    "!": "write not, or !=",
    "#": "write comments outside the formula",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, text or sign of a formula, from character `at` to `end` (exclusive)."""

    kind: str  # number word text sign end
    text: str
    at: int
    end: int


def tokens(text: str, place: Place) -> list[Token]:
    """The tokens of a formula, the last of kind `end`. Raises LawError F001, or F003 for a text that is too long."""
    if len(text) > LONGEST:
        raise LawError("F003", f"a formula of {len(text):,} characters", at=str(place), hint=f"split it into variables; {LONGEST:,} is the limit")
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _stranger(text, at, place)
        token = Token(str(match.lastgroup), match.group(), at, match.end())
        _check(token, text, place)
        if token.kind != "space":
            found.append(token)
        at = token.end
    return [*found, Token("end", "the end of the formula", at, at)]


def fault(code: str, what: str, text: str, at: int, place: Place, hint: str) -> LawError:
    """The error for a character of a formula."""
    return LawError(code, what, at=str(locate(place, text, at)), hint=hint)


def _check(token: Token, text: str, place: Place) -> None:
    if token.kind == "comment":
        raise fault("F001", f"{token.text!r} cannot stand in a formula", text, token.at, place, "write comments outside the formula")
    if token.kind == "number":
        _check_number(token, text, place)
    if token.kind == "text" and not token.text.isprintable():
        at = next(token.at + offset for offset, character in enumerate(token.text) if not character.isprintable())
        raise fault("F001", f"the character U+{ord(text[at]):04X} cannot be seen", text, at, place, "delete it")


def _check_number(token: Token, text: str, place: Place) -> None:
    rest = re.compile(r"[A-Za-z0-9_.]*", re.ASCII).match(text, token.end)
    if rest and rest.group():
        shown = (token.text + rest.group())[:40]
        raise fault("F001", f"{shown!r} is not a number", text, token.at, place, "write 1000 or 0.05: no separators, no exponent")
    if len(token.text.replace(".", "")) > 28 or len(token.text.partition(".")[2]) > 10:
        raise fault("F001", "a number with too many digits", text, token.at, place, "at most 28 digits, 10 of them decimals")


def _stranger(text: str, at: int, place: Place) -> LawError:
    """The error for a character that begins no token."""
    character = text[at]
    what = f"{character!r} cannot stand in a formula"
    if not character.isascii():
        import unicodedata

        what = f"U+{ord(character):04X} ({unicodedata.name(character, 'a character without a name')}) cannot stand in a formula"
        return fault("F001", what, text, at, place, "write names, numbers and signs with the plain letters, digits and spaces of a keyboard")
    return fault("F001", what, text, at, place, _HINTS.get(character, "see docs/reference/language.md"))
