"""Reads yearly values and tables from positioned YAML, reporting every problem with its place and the next step.

Codes: P060 a year or a series, P061 bands and keys of a table, P062 a number outside its range, P063 a missing source, P064 a scheme or
variable that the law does not have, P065 a fact of a person or an event, P066 groups of people, P067 a path that does not exist,
P068 years and files, P069 economy.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ..errors import nearest
from ..law.law import Law
from ..law.model import Band, Place
from ..law.names import titles
from ..law.nodes import Findings, Node, check_keys
from .series import Series
from .tables import AGES, EMPLOYED, OLDEST, SEXES, STATUSES, Key, Table

FOLLOWED = ("consumer_prices", "wages", "gdp", "gdp_per_head")
_YEAR = re.compile(r"(19|20|21)\d\d", re.ASCII)
_LARGE = re.compile(r"-?\d+(\.\d+)?[eE]\+?\d{1,2}", re.ASCII)
_AGE = re.compile(r"(\d{1,3})(?:(\+)|-(\d{1,3}))?", re.ASCII)
_META = ("source", "title", "notes")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a number may be; `hint` says how to write it."""

    low: Decimal | None
    high: Decimal | None = None
    hint: str = ""
    strict: bool = False  # low itself is refused

    def allow(self, number: Decimal) -> bool:
        above = self.low is None or number > self.low or (number == self.low and not self.strict)
        return above and (self.high is None or number <= self.high)


SHARE = Limits(Decimal(0), Decimal(1), "write a share as a fraction: 5 % is 0.05")
RATE = Limits(Decimal(0), None, "a rate is not negative")
GROWTH = Limits(Decimal(-1), Decimal(10), "write growth as a fraction: 3 % is 0.03", strict=True)
AMOUNT = Limits(Decimal(0), None, "an amount is not negative")
ANY = Limits(None)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A table of assumptions as it was read: its path and what it is."""

    path: str
    table: Table
    unit: str = ""
    title: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Reader:
    """What is known while assumptions are read. `sources`: what stands for the source below a path that a scenario changed."""

    found: Findings
    law: Law
    sources: Mapping[str, str] = field(default_factory=dict)
    leaves: list[Leaf] = field(default_factory=list)

    def problem(self, code: str, what: str, place: Place, hint: str = "") -> None:
        self.found.problem(code, what, place, hint)

    # --- tables

    def table(
        self,
        node: Node,
        path: str,
        limits: Limits,
        dimensions: Collection[str] = (),
        *,
        unit: str = "",
        more: Collection[str] = (),
        inherited: str = "",
    ) -> Table | None:
        """A value for all, or a table by some of the dimensions; kept as a leaf. `more`: keys that belong to the caller; None after a problem."""
        source = self.source(node, path, inherited)
        heading = node.get("title")
        title = titles(heading, self.found, self.law.country.languages, f"title of {path}") if heading else {}
        before = len(self.found.problems)
        if node.get("by") is None:
            series = self.series(node, path, limits, more)
            table = Table((), {(): series}, source) if series else None
        else:
            table = self._rows(node, path, limits, dimensions, source, more)
        if table is None or len(self.found.problems) > before:
            return None
        self.leaves.append(Leaf(path, table, unit, title))
        return table

    def source(self, node: Node, path: str, inherited: str = "") -> str:
        """The source of a value: its own, that of what is around it, or the scenario's that changed it. A problem where there is none."""
        own = node.get("source")
        text = (own.as_text(self.found, f"the source of {path}") or "?") if own else inherited
        changed = self._scenario(path)
        if not text and not changed:
            self.problem("P063", f"{path} has no source", node.place, 'add source: "who says so, and when"')
        return f"{text}; {changed}" if text and changed and not own else text or changed

    def _scenario(self, path: str) -> str:
        """What is said of a value that a scenario changed, or of a part of which it did."""
        around = [at for at in self.sources if path == at or path.startswith((at + ".", at + "["))]
        inside = [at for at in self.sources if at.startswith(path + ".")]
        return self.sources[max(around, key=len)] if around else self.sources[inside[0]] if inside else ""

    def _rows(self, node: Node, path: str, limits: Limits, dimensions: Collection[str], source: str, more: Collection[str]) -> Table | None:
        check_keys(node, self.found, path, ("by", "values"), (*_META, *more))
        by = self._by(node.map["by"], path, dimensions)
        values = node.get("values")
        if by is None or values is None:
            return None
        rows: dict[tuple[Key, ...], Series] = {}
        self._level(values, path, by, (), limits, rows)
        return Table(by, rows, source)

    def _by(self, node: Node, path: str, dimensions: Collection[str]) -> tuple[str, ...] | None:
        names = [item.text for item in node.items] or [node.text]
        wrong = [name for name in names if name not in dimensions]
        if wrong or len(set(names)) < len(names):
            hint = nearest(wrong[0], list(dimensions)) if wrong else "name each once"
            if not dimensions:
                hint = "give one value for all"
            self.problem("P061", f"{path} cannot be by {', '.join(map(repr, wrong or names))}", node.place, hint)
            return None
        return tuple(names)

    def _level(self, node: Node, path: str, by: Sequence[str], above: tuple[Key, ...], limits: Limits, rows: dict[tuple[Key, ...], Series]) -> None:
        """The keys of one dimension; below the last one stand the series."""
        name, rest = by[0], by[1:]
        keys = {text: self._key(name, text, node.key_place(text), path) for text in node.as_map(self.found, f"{path} by {name}")}
        if all(key is not None for key in keys.values()) and isinstance(node.value, dict):
            self._complete(name, node, keys, path)
        for text, key in keys.items():
            if key is None:
                continue
            child, label = node.map[text], f"{path}[{', '.join([*map(str, above), text])}]"
            if rest:
                self._level(child, path, rest, (*above, key), limits, rows)
            elif series := self.series(child, label, limits):
                rows[(*above, key)] = series

    def _key(self, name: str, text: str, place: Place, path: str) -> Key | None:
        if name != "age":
            words = (*SEXES, "both") if name == "sex" else STATUSES
            if text in words:
                return text
            self.problem("P061", f"{path}: {text[:40]!r} is no {name}", place, nearest(text, words))
            return None
        match = _AGE.fullmatch(text)
        low = int(match[1]) if match else 0
        high = (None if match[2] else int(match[3] or low)) if match else 0
        if match is None or low > OLDEST or (high is not None and high < low):
            self.problem("P061", f"{path}: {text[:40]!r} is no band of ages", place, "write 15-24, 65+ or 17, from 0 to 100")
            return None
        return Band(low, high)

    def _complete(self, name: str, node: Node, keys: Mapping[str, Key | None], path: str) -> None:
        """Report ages, sexes and statuses that are missing or given twice."""
        if name == "age":
            self._ages(node, {text: key for text, key in keys.items() if isinstance(key, Band)}, path)
            return
        if "both" in keys and len(keys) > 1:
            self.problem("P061", f"{path}: 'both' stands beside male or female", node.key_place("both"), "give both, or male and female")
        wanted = ("both",) if "both" in keys else SEXES if name == "sex" else EMPLOYED
        missing = [word for word in wanted if word not in keys]
        if missing:
            self.problem("P061", f"{path} says nothing of {', '.join(missing)}", node.place, f"add {missing[0]}:")

    def _ages(self, node: Node, bands: Mapping[str, Band], path: str) -> None:
        reached, before = -1, ""
        for text, band in sorted(bands.items(), key=lambda entry: entry[1].low):
            place = node.key_place(text)
            if band.low <= reached:
                self.problem("P061", f"{path}: the ages {before} and {text} overlap", place, "an age may stand in one band only")
            elif band.low > reached + 1:
                gap = f"{reached + 1}" if band.low == reached + 2 else f"{reached + 1}-{band.low - 1}"
                self.problem("P061", f"{path} says nothing of the ages {gap}", place, f"add {gap}:, with 0 if nobody counts")
            reached, before = max(reached, AGES if band.high is None else band.high), text
        if reached < OLDEST:
            self.problem("P061", f"{path} says nothing of the ages from {reached + 1}", node.place, f"add {reached + 1}+:")

    # --- series

    def series(self, node: Node, path: str, limits: Limits, more: Collection[str] = ()) -> Series | None:
        """A yearly value; None after a problem."""
        if not isinstance(node.value, dict):
            number = self.number(node, path, limits)
            return None if number is None else Series(((0, number),), place=node.place)
        if node.get("values") is not None:
            check_keys(node, self.found, path, ("values",), ("between", *_META, *more))
            return self._points(node, path, limits)
        check_keys(node, self.found, path, ("value",), ("year", "growth", "follows", *_META, *more))
        return self._level_series(node, path, limits)

    def number(self, node: Node, path: str, limits: Limits) -> Decimal | None:
        """A number inside its limits, also written 20e9; None after a problem."""
        if node.plain and _LARGE.fullmatch(node.text):
            number: Decimal | None = Decimal(node.text)
        else:
            number = node.as_decimal(self.found, path)
        if number is not None and not limits.allow(number):
            self.problem("P062", f"{path} is {node.text}", node.place, limits.hint)
            return None
        return number

    def _points(self, node: Node, path: str, limits: Limits) -> Series | None:
        points = []
        values = node.map["values"]
        for text, child in values.as_map(self.found, f"the years of {path}").items():
            if not _YEAR.fullmatch(text):
                hint = "write years as {2025: 0.05}; for a table, say by: [sex, age]"
                self.problem("P060", f"{path}: {text[:40]!r} is no year", values.key_place(text), hint)
                continue
            number = self.number(child, f"{path} in {text}", limits)
            if number is not None:
                points.append((int(text), number))
        if isinstance(values.value, dict) and not values.map:
            self.problem("P060", f"{path} gives no year", values.place, "write {2025: 0.05}")
        between = node.get("between")
        way = between.as_choice(self.found, f"'between' of {path}", ("linear", "step")) if between else "linear"
        if not points or way is None:
            return None
        return Series(tuple(sorted(points)), "step" if way == "step" else "linear", place=node.place)

    def _level_series(self, node: Node, path: str, limits: Limits) -> Series | None:
        value, year, growth, follows = (node.get(key) for key in ("value", "year", "growth", "follows"))
        number = self.number(value, path, limits) if value else None
        since = self.year(year, path) if year else 0
        if growth and follows:
            self.problem("P060", f"{path} grows and follows a series", follows.place, "keep one of growth: and follows:")
            return None
        if (growth or follows) and year is None:
            self.problem("P060", f"{path} does not say which year its value is of", node.place, "add year: 2025")
            return None
        moving = self.series(growth, f"{path}.growth", GROWTH) if growth else None
        word = follows.as_choice(self.found, f"what {path} follows", FOLLOWED) if follows else ""
        if number is None or since is None or word is None or (growth and moving is None):
            return None
        return Series(((since, number),), growth=moving, follows=word, place=node.place)

    def year(self, node: Node, path: str) -> int | None:
        """A year; None after a problem."""
        if node.plain and _YEAR.fullmatch(node.text):
            return int(node.text)
        self.problem("P060", f"{path}: {node.shown} is no year", node.place, "write 2025")
        return None
