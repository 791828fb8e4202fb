"""YAML that remembers where each value stands, so that a problem in a mapping can be shown with its line.

Only plain values: texts, whole numbers, exact decimals, `true` and `false`, days, lists and maps. `NO` stays the code of Norway and `010` a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..periods import parse_date

LIMIT = 1_000_000
DEPTH = 20
Path_ = tuple[str | int, ...]

_NULL = re.compile(r"~|null|")
_TRUTH = re.compile(r"true|false")
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Marked:
    """A YAML document as plain data, and the place (file:line:column) of every value in it."""

    data: Any
    file: str
    places: dict[Path_, str] = field(default_factory=dict)

    def at(self, *path: str | int) -> str:
        """The place of a value, or of the nearest thing around it; its path where the data came from no file."""
        if not self.places and path:
            return f"{self.file}.{'.'.join(str(step) for step in path)}"
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return self.file


def read_marked(path: Path) -> Marked:
    """The YAML file at `path`. Raises DataError D010 to D012."""
    if not path.is_file():
        raise DataError("D010", "there is no such file", at=str(path))
    if path.stat().st_size > LIMIT:
        raise DataError("D011", "the file is larger than 1 MB", at=str(path))
    return parse_marked(path.read_text(encoding="utf-8"), str(path))


def parse_marked(text: str, file: str) -> Marked:
    """The same from a text; `file` is its name in messages."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if _depth(yaml.parse(text, Loader=loader)) > DEPTH:
            raise DataError("D012", f"more than {DEPTH} levels deep", at=file)
        node = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else file
        raise DataError("D012", f"this is not YAML: {getattr(error, 'problem', None) or 'it cannot be read'}", at=at) from None
    marked = Marked({}, file)
    data = _plain(node, (), marked, set()) if node is not None else {}
    return Marked(data, file, marked.places)


def _depth(events: Iterable[Any]) -> int:
    """How deep maps and lists are nested; no further than one level too many is looked at."""
    import yaml

    depth = deepest = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        deepest = max(deepest, depth)
        if deepest > DEPTH:
            break
    return deepest


def _plain(node: Any, path: Path_, marked: Marked, seen: set[int]) -> Any:
    """The plain value of a node; notes the places of all values below it."""
    import yaml

    place = f"{marked.file}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"
    if path in marked.places:
        raise DataError("D012", f"{path[-1]!r} is written twice", at=place, hint="keep one of them")
    if id(node) in seen:
        raise DataError("D012", "anchors and aliases are not read", at=place, hint="write the value out")
    marked.places[path] = place
    seen.add(id(node))
    if len(path) > DEPTH:
        raise DataError("D012", f"more than {DEPTH} levels deep", at=place)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, number), marked, seen) for number, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, path, marked, seen))
    return _scalar(node.value, node.style, place)


def _pairs(node: Any, path: Path_, marked: Marked, seen: set[int]) -> Iterator[tuple[Any, Any]]:
    import yaml

    for key, value in node.value:
        place = f"{marked.file}:{key.start_mark.line + 1}:{key.start_mark.column + 1}"
        if not isinstance(key, yaml.ScalarNode):
            raise DataError("D012", "a name must be a word or a number", at=place)
        name = _scalar(key.value, key.style, place)
        yield name, _plain(value, (*path, str(name)), marked, seen)


def _scalar(text: str, style: str | None, place: str) -> str | int | Decimal | bool | date | None:
    """The value of a scalar: a quoted one is a text."""
    if style:
        return text
    if _NULL.fullmatch(text):
        return None
    if _TRUTH.fullmatch(text):
        return text == "true"
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    if _DAY.fullmatch(text):
        try:
            return parse_date(text)
        except ValueError as error:
            raise DataError("D012", f"{text!r} is not a date", at=place, hint="write 2026-03-01") from error
    return text
