"""Safe YAML: the text of a file to a positioned tree.

A law may come from a stranger. PyYAML's events are read one by one, so that nothing is ever constructed: no tags, anchors,
aliases, merge keys or second documents; no duplicate keys; at most 1 MB, 20 levels and 100 000 values a file.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from ..errors import LawError
from .model import Place
from .nodes import Findings, Node
from .positions import spots_of
from .words import LONGEST

MAX_BYTES, MAX_DEPTH, MAX_NODES = 1_000_000, 20, 100_000
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")


def below(path: str) -> bool:
    """Whether a path stays below the folder that it starts from."""
    return not path.startswith(("/", "\\", "~")) and ".." not in path.replace("\\", "/").split("/") and ":" not in path


def read_file(path: Path, name: str, found: Findings, inside: Path | None = None) -> Node | None:
    """The tree of a file; None and a problem where it cannot be read.

    `name` is how messages call the file. With `inside`, a file that is really elsewhere (a symbolic link out of the
    country's folder) is refused. The size is looked at before the file is read.
    """
    try:
        if inside is not None and not path.resolve().is_relative_to(inside.resolve()):
            found.problem("L001", "the file is a link that leaves the folder", Place(name), "copy the file into the folder")
            return None
        if not path.is_file():
            found.problem("L001", "there is no such file", Place(name), "create it, or correct the name")
            return None
        if path.stat().st_size > MAX_BYTES:
            return _too_large(name, found)
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        found.problem("L001", f"the file cannot be read: {error.strerror or type(error).__name__}", Place(name), "check its name and permissions")
        return None
    return read_text(data, name, found)


def read_text(text: str | bytes, name: str, found: Findings) -> Node | None:
    """The tree of a text in YAML; None and a problem where it is not one that a law may use."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    if len(data) > MAX_BYTES:
        return _too_large(name, found)
    try:
        decoded = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        found.problem("L001", "the file is not UTF-8", Place(name, line, column), "save it as UTF-8")
        return None
    bad = _FORBIDDEN.search(decoded)
    if bad:
        line = decoded.count("\n", 0, bad.start()) + 1
        column = bad.start() - decoded.rfind("\n", 0, bad.start())
        found.problem("L001", f"the character U+{ord(bad[0]):04X} is not allowed", Place(name, line, column), "delete it: it cannot be seen")
        return None
    try:
        return _Builder(name).build(decoded)
    except LawError as error:
        found.problems.append(error)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name, 1, 1)
        fault = getattr(error, "problem", None) or "unreadable text"
        found.problem("L002", f"this is not YAML: {fault}", place, "check indentation, colons, quotes and brackets")
    return None


def _too_large(name: str, found: Findings) -> None:
    found.problem("L001", "the file is larger than 1 MB", Place(name), "split it, or move data to data/")


class _Builder:
    """Turns the stream of events into nodes with a stack of its own: no recursion, and the limits hold from the first event."""

    def __init__(self, name: str) -> None:
        self.name, self.source = name, ""
        self.count = 0
        self.stack: list[tuple[Node, dict[str, Place]]] = []
        self.pending: list[tuple[str, Place] | None] = []
        self.root: Node | None = None
        self.documents = 0

    def build(self, text: str) -> Node:
        self.source = text
        for event in yaml.parse(text, Loader=_LOADER):
            self._event(event)
        return self.root if self.root is not None else Node("", Place(self.name, 1, 1), plain=True)

    def _event(self, event: Any) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._refuse("L003", "a second document starts here", event, "keep one document a file: remove the line ---")
        elif isinstance(event, yaml.AliasEvent):
            self._refuse("L003", f"an alias (*{event.anchor}) is not allowed", event, "write the value itself")
        elif isinstance(event, yaml.NodeEvent):
            self._check(event)
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            else:
                self._open(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()
            self.pending.pop()

    def _check(self, event: Any) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            self._refuse("L005", f"the file has more than {MAX_NODES} values", event, "split it")
        if event.anchor is not None:
            self._refuse("L003", f"an anchor (&{event.anchor}) is not allowed", event, "remove it, and write values where they are used")
        if event.tag is not None:
            self._refuse("L003", f"a tag ({event.tag[:60]}) is not allowed", event, "remove the word that starts with '!', or put the text in quotes")

    def _open(self, event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self._refuse("L005", f"the file is more than {MAX_DEPTH} levels deep", event, "flatten it")
        places: dict[str, Place] = {}
        is_map = isinstance(event, yaml.MappingStartEvent)
        node = Node({} if is_map else [], self._place(event), keys=places)
        self._add(node, event)
        self.stack.append((node, places))
        self.pending.append(None)

    def _scalar(self, event: Any) -> None:
        plain, style = event.style in (None, ""), event.style
        if _FORBIDDEN.search(event.value):
            self._refuse("L001", "the text holds a character that cannot be seen", event, "remove the escape")
        place = self._place(event)
        single = event.start_mark.line == event.end_mark.line and style not in ("|", ">")
        if single and not plain:
            place = Place(place.file, place.line, place.column + 1)
        if self.stack and isinstance(self.stack[-1][0].value, dict) and self.pending[-1] is None:
            self._key(event, place, plain)
        else:
            self._add(Node(event.value, self._exact(event, place), plain, single), event)

    def _exact(self, event: Any, place: Place) -> Place:
        """The place with those of the pieces of a text that does not read as it is written."""
        written = self.source[event.start_mark.index : event.end_mark.index]
        if event.value in (written, written[1:-1]) or len(event.value) > LONGEST:
            return place
        spots = spots_of(event.value, written, event.style or "", event.start_mark.line + 1, event.start_mark.column + 1)
        return Place(place.file, place.line, place.column, spots)

    def _key(self, event: Any, place: Place, plain: bool) -> None:
        node, places = self.stack[-1]
        key: str = event.value
        if plain and key == "<<":
            self._refuse("L003", "a merge key (<<) is not allowed", event, "write the values where they are used")
        if not key.strip() or (plain and key in ("~", "null")):
            self._refuse("L002", "a key is empty", event, "write key: value")
        if key in node.map:
            self._refuse("L004", f"the key {key[:60]!r} stands twice in the same map", event, f"its first place is line {places[key].line}; keep one")
        places[key] = place
        self.pending[-1] = (key, place)

    def _add(self, node: Node, event: Any) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1][0].value
        if isinstance(parent, dict):
            waiting = self.pending[-1]
            if waiting is None:
                self._refuse("L002", "a map or a list cannot be a key", event, "write a word as the key")
            else:
                parent[waiting[0]] = node
                self.pending[-1] = None
        elif isinstance(parent, list):
            parent.append(node)

    def _place(self, event: Any) -> Place:
        return Place(self.name, event.start_mark.line + 1, event.start_mark.column + 1)

    def _refuse(self, code: str, what: str, event: Any, hint: str) -> None:
        raise LawError(code, what, at=str(self._place(event)), hint=hint)
