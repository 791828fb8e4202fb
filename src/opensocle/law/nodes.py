"""The positioned tree of a law file: every value knows where it stands, and is read as what the place asks for.

YAML's own guesses (NO for false, 12:30 for 750, 010 for 8) never apply: a scalar is kept as written, and becomes
a number, a date or a boolean only where one is expected. Problems are gathered in `Findings`, never raised one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from ..errors import InputError, LawError, nearest
from ..periods import Month, parse_date
from .model import Place

MAX_DIGITS, MAX_DECIMALS = 28, 10
NOWHERE, IN_PYTHON = Place(), Place("overlay")
NULLS = ("", "~", "null", "Null", "NULL")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_LOOSE_NUMBER = re.compile(r"[-+]?[0-9._,' ]*[0-9][0-9._,' ]*%?|[-+]?\.?(inf|nan)|0[xob][0-9a-f]+|[-+]?[0-9.]+e[-+]?[0-9]+|[0-9:]+", re.IGNORECASE)
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(slots=True)
class Findings:
    """The problems and the warnings of a reading, in the order in which they were met."""

    problems: list[LawError] = field(default_factory=list)
    warnings: list[LawError] = field(default_factory=list)

    def problem(self, code: str, what: str, place: Place, hint: str = "") -> None:
        self.problems.append(LawError(code, what, at=str(place), hint=hint))

    def warn(self, code: str, what: str, place: Place, hint: str = "") -> None:
        self.warnings.append(LawError(code, what, at=str(place), hint=hint))


@dataclass(frozen=True, slots=True)
class Node:
    """A map, a list or a scalar of a law file, and its place.

    `plain`: a scalar written without quotes; `single_line`: the text starts at `place` and lies on one line, so that an
    offset in the text is an offset in the file. `keys`: where each key of a map stands.
    """

    value: dict[str, Node] | list[Node] | str
    place: Place = NOWHERE
    plain: bool = False
    single_line: bool = True
    keys: Mapping[str, Place] = field(default_factory=dict)

    @property
    def map(self) -> dict[str, Node]:
        """The entries of a map; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """The items of a list; empty for anything else."""
        return self.value if isinstance(self.value, list) else []

    @property
    def text(self) -> str:
        """The text of a scalar as written; empty for anything else."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in NULLS and isinstance(self.value, str)

    @property
    def shape(self) -> str:
        """`a map`, `a list`, `nothing` or `a value`, for messages."""
        if isinstance(self.value, dict):
            return "a map"
        if isinstance(self.value, list):
            return "a list"
        return "nothing" if self.is_null else "a value"

    def get(self, key: str) -> Node | None:
        """The entry of a map, or None where it is absent or null."""
        found = self.map.get(key)
        return None if found is None or found.is_null else found

    def key_place(self, key: str) -> Place:
        return self.keys.get(key, self.place)

    def is_map(self, found: Findings, what: str) -> bool:
        """Whether it is a map, if only an empty one; a problem where it is not."""
        if isinstance(self.value, dict):
            return True
        found.problem("L012", f"{what} must be a map, not {self.shape}", self.place, "write key: value on lines of their own, or {key: value}")
        return False

    def as_map(self, found: Findings, what: str) -> dict[str, Node]:
        """The entries of a map; a problem and nothing where it is not one."""
        return self.map if self.is_map(found, what) else {}

    def as_list(self, found: Findings, what: str) -> list[Node]:
        """The items of a list; a problem and nothing where it is not one."""
        if not isinstance(self.value, list):
            found.problem("L012", f"{what} must be a list, not {self.shape}", self.place, "write [a, b], or one '- item' a line")
        return self.items

    def as_text(self, found: Findings, what: str) -> str | None:
        """The text of a scalar, never empty; a problem and None otherwise."""
        if not isinstance(self.value, str) or self.is_null or not self.text.strip():
            shape = "empty" if isinstance(self.value, str) and not self.is_null else self.shape
            found.problem("L012", f"{what} must be a text, not {shape}", self.place, "write a text")
            return None
        return self.text.strip()

    def as_boolean(self, found: Findings, what: str) -> bool | None:
        """True or false, written `true` or `false`; a problem and None otherwise."""
        if self.plain and self.text in ("true", "false"):
            return self.text == "true"
        found.problem("L013", f"{what} must be true or false, not {self.shown}", self.place, "write true or false, without quotes")
        return None

    def as_decimal(self, found: Findings, what: str) -> Decimal | None:
        """The exact number; a problem and None otherwise. At most 28 digits, 10 of them decimals."""
        if not self.plain or not _NUMBER.fullmatch(self.text):
            found.problem("L013", f"{what} must be a number, not {self.shown}", self.place, self._number_hint())
            return None
        whole, _, decimals = self.text.lstrip("-").partition(".")
        if len(whole) + len(decimals) > MAX_DIGITS or len(decimals) > MAX_DECIMALS:
            hint = f"a number has at most {MAX_DIGITS} digits, {MAX_DECIMALS} of them after the point"
            found.problem("L013", f"{what} has too many digits: {self.shown}", self.place, hint)
            return None
        return Decimal(self.text) + 0

    def as_integer(self, found: Findings, what: str, low: int | None = None, high: int | None = None) -> int | None:
        """The whole number between `low` and `high` (both allowed); a problem and None otherwise."""
        number = self.as_decimal(found, what)
        if number is None:
            return None
        if number != int(number) or (low is not None and number < low) or (high is not None and number > high):
            bounds = f" from {low} to {high}" if low is not None and high is not None else f" not below {low}" if low is not None else ""
            found.problem("L013", f"{what} must be a whole number{bounds}, not {self.text}", self.place, "mend the number")
            return None
        return int(number)

    def as_date(self, found: Findings, what: str) -> date | None:
        """The day written `2026-03-01`; a problem and None otherwise."""
        return read_date(self.text, self.place, found, what) if isinstance(self.value, str) else self._not(found, what, "a date", "write 2026-03-01")

    def as_month(self, found: Findings, what: str) -> Month | None:
        """The month written `2026-03`; a problem and None otherwise."""
        try:
            return Month.parse(self.text)
        except InputError:
            return self._not(found, what, "a month", "write 2026-03")

    def as_choice(self, found: Findings, what: str, known: Iterable[str]) -> str | None:
        """One of the known words; a problem with the nearest one, and None, otherwise."""
        names = list(known)
        if self.text in names:
            return self.text
        found.problem("L015", f"{what} cannot be {self.shown}", self.place, nearest(self.text, names))
        return None

    @property
    def shown(self) -> str:
        """The value as a message shows it: short, and never more than a line."""
        if not isinstance(self.value, str) or self.is_null:
            return self.shape
        text = self.text if len(self.text) <= 60 else self.text[:57] + "…"
        return repr(text) if not self.plain else text.replace("\n", " ")

    def _not(self, found: Findings, what: str, wanted: str, hint: str) -> None:
        found.problem("L013", f"{what} must be {wanted}, not {self.shown}", self.place, hint)

    def _number_hint(self) -> str:
        text = self.text.strip()
        if not self.plain and _NUMBER.fullmatch(text):
            return "leave out the quotes"
        if text.endswith("%") and _NUMBER.fullmatch(text[:-1].strip()) and len(text) <= MAX_DIGITS:
            return f"write it as a fraction: {format((Decimal(text[:-1].strip()) / 100).normalize(), 'f')}"
        if _LOOSE_NUMBER.fullmatch(text):
            return "write digits and a point only, such as 1000 or 0.05: no separators, exponents or other bases"
        return "write a number such as 1000 or 0.05"


def read_date(text: str, place: Place, found: Findings, what: str) -> date | None:
    """The day written in `text`; a problem and None otherwise."""
    try:
        return parse_date(text)
    except InputError:
        shown = text if len(text) <= 60 else text[:57] + "…"
        found.problem("L013", f"{what} must be a date, not {shown!r}", place, "write 2026-03-01")
        return None


def check_keys(node: Node, found: Findings, what: str, required: Sequence[str], optional: Sequence[str] = ()) -> None:
    """Report the keys of a map that nobody reads, and the required ones that are missing or empty."""
    known = [*required, *optional]
    for key in node.map:
        if key not in known:
            found.problem("L010", f"{what} has no key {key!r}", node.key_place(key), nearest(key, known))
    for key in required:
        if node.get(key) is None:
            found.problem("L011", f"{what} has no {key!r}", node.key_place(key), f"add {key}:")


def plain_data(node: Node) -> Any:
    """The tree as maps, lists and texts of Python, null as None: what is hashed and compared."""
    if isinstance(node.value, dict):
        return {key: plain_data(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain_data(child) for child in node.value]
    return None if node.is_null else node.value


def from_data(data: object, place: Place = IN_PYTHON) -> Node:
    """A tree from Python's own maps, lists, texts, whole numbers, Decimals, dates and booleans; each node at `place`.

    Raises InputError P020 for anything else: a float, whose decimals are not those that were written, above all.
    """
    return _from_data(data, place, 0)


def _from_data(data: object, place: Place, depth: int) -> Node:
    if depth > 20:
        raise InputError("P020", "the data are more than 20 levels deep", at=str(place), hint="flatten them")
    if isinstance(data, Mapping):
        return Node({_data_key(key): _from_data(value, place, depth + 1) for key, value in data.items()}, place)
    if isinstance(data, list | tuple):
        return Node([_from_data(value, place, depth + 1) for value in data], place)
    if data is None:
        return Node("", place, plain=True)
    if isinstance(data, bool):
        return Node("true" if data else "false", place, plain=True)
    if isinstance(data, Decimal) and data.is_finite():
        return Node(format(data, "f"), place, plain=True)
    if isinstance(data, int | date | Month):
        return Node(str(data), place, plain=True)
    if isinstance(data, str):
        return Node(data, place, plain=data not in NULLS)
    hint = "write Decimal('0.05')" if isinstance(data, float) else "use maps, lists, texts, whole numbers, Decimals, dates and booleans"
    raise InputError("P020", f"{data!r} cannot stand in a law", at=str(place), hint=hint)


def _data_key(key: object) -> str:
    if isinstance(key, bool) or not isinstance(key, str | int | date):
        raise InputError("P020", f"{key!r} cannot be a key of a law", hint="use a text, a whole number or a date")
    return str(key)


def is_name(text: str) -> bool:
    """Whether a key can be written in a path after a point (`a.b`) rather than in brackets (`a[2026-01-01]`)."""
    return bool(_KEY.fullmatch(text))


def walk(node: Node) -> Iterator[Node]:
    """The node and everything under it, depth first."""
    yield node
    for child in node.map.values() if isinstance(node.value, dict) else node.items:
        yield from walk(child)
