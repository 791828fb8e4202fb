"""Reforms: an overlay holds only what changes, and is merged into a country's tree before it is read again.

Maps are merged key by key; a null removes the key; anything else replaces what stood there. Two things follow the law rather than
the file: a formula that was not dated stays in force until the first date of the overlay's dated formula; and a whole
new scheme, concept or parameter is taken as it is, so that its nulls mean what they mean in a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import Problems, nearest
from .loading import LawText, build
from .model import Place, Titles
from .names import check_name, titles
from .nodes import Findings, Node, check_keys, from_data
from .reading import read_file

START = "0001-01-01"
"""The date of a formula that is in force from the start."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """What a reform changes: nodes under `schemes` and `concepts`."""

    name: str
    title: Titles
    tree: Node


def read_overlay(source: str | Path | Mapping[str, object] | Overlay) -> Overlay:
    """The overlay of a file, or of Python's own maps (numbers as Decimal or int). Raises Problems with everything that is wrong."""
    if isinstance(source, Overlay):
        return source
    found = Findings()
    if isinstance(source, Mapping):
        node: Node | None = from_data(source)
        default = "overlay"
    else:
        path = Path(source)
        node, default = read_file(path, path.name, found), path.stem
    overlay = overlay_of(node, default, found) if node is not None else None
    if found.problems or overlay is None:
        raise Problems(found.problems)
    return overlay


def overlay_of(node: Node, default: str, found: Findings) -> Overlay | None:
    """The overlay of a node; None where it is not a map. `default` names one that does not name itself."""
    if not node.is_map(found, "an overlay"):
        return None
    check_keys(node, found, "the overlay", (), ("overlay", "title", "notes", "schemes", "concepts"))
    name_node = node.get("overlay")
    name = (name_node.as_text(found, "'overlay'") if name_node else None) or default
    if name_node is not None:
        check_name(name, name_node.place, found, "an overlay")
    parts = {}
    for key in ("schemes", "concepts"):
        child = node.get(key)
        if child is not None:
            child.as_map(found, f"{key!r} of the overlay")
            parts[key] = child
    if not parts:
        found.problem("L011", "the overlay changes nothing", node.place, "add schemes: or concepts:")
    return Overlay(name, titles(node.get("title"), found, (), "title of the overlay"), Node(parts, node.place, keys=node.keys))


def apply_overlay(law: LawText, overlay: Overlay) -> LawText:
    """The law with the overlay's changes, read again. What is wrong with them is in its `problems`."""
    found = Findings()
    changes = dict(overlay.tree.map)
    if "schemes" in changes:
        changes["schemes"] = _nameless(changes["schemes"], found)
    tree = merge(law.tree, Node(changes, overlay.tree.place, keys=overlay.tree.keys), found)
    return build(tree, found)


def _nameless(schemes: Node, found: Findings) -> Node:
    """The schemes of an overlay without their `scheme:` lines, which must agree with their keys."""
    kept = {}
    for key, node in schemes.map.items():
        name = node.get("scheme")
        if name is not None and name.text != key:
            found.problem("L018", f"the scheme under {key!r} is called {name.shown}", name.place, "give both the same name")
        rest = {word: child for word, child in node.map.items() if word != "scheme"}
        kept[key] = Node(rest, node.place, keys=node.keys) if isinstance(node.value, dict) else node
    return Node(kept, schemes.place, keys=schemes.keys)


def merge(base: Node, change: Node, found: Findings, path: tuple[str, ...] = ()) -> Node:
    """The base with the change: each kept node keeps its own place. A null for what is not there is a problem."""
    if not isinstance(change.value, dict):
        return change
    if not isinstance(base.value, dict):
        return _dated(base, change) if _is_formula(path) else change
    entries, places = dict(base.map), dict(base.keys)
    for key, child in change.map.items():
        if child.is_null:
            if entries.pop(key, None) is None:
                where = f" in {'.'.join(path)}" if path else ""
                found.problem("L024", f"there is no {key[:60]!r}{where} to remove", change.key_place(key), nearest(key, list(base.map)))
            places.pop(key, None)
        else:
            entries[key] = merge(entries[key], child, found, (*path, key)) if key in entries else child
            places[key] = change.key_place(key)
    return Node(entries, base.place if base.place != Place() else change.place, keys=places)


def _is_formula(path: tuple[str, ...]) -> bool:
    return len(path) >= 3 and path[-1] == "formula" and path[-3] == "variables"


def _dated(base: Node, change: Node) -> Node:
    """The dates of a changed formula after the formula that had none."""
    if base.is_null or not isinstance(base.value, str):
        return change
    return Node({START: base, **change.map}, change.place, keys={START: base.place, **change.keys})
