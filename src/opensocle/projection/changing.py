"""Changes assumptions by path: `take_up.child_grant`, `economy.consumer_prices.growth`, `labour.participation.values.female.15-24`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..errors import nearest
from ..law.model import Place
from ..law.nodes import Findings, Node, from_data

FREE = ("take_up", "compliance", "given")
"""Sections whose entries are named by schemes: an entry may be new."""


def changed(tree: Node, changes: Mapping[str, object], found: Findings, places: Mapping[str, Place] | None = None) -> Node:
    """The tree with the values at these paths replaced; a problem P067 for a path whose beginning does not exist.

    Values are nodes, or Python's own maps, texts, whole numbers and Decimals. `places`: where each change stands, for messages.
    """
    for path, value in changes.items():
        place = (places or {}).get(path, Place("change"))
        node = value if isinstance(value, Node) else from_data(value, place)
        tree = _replaced(tree, path, path.split("."), node, place, found, tree)
    return tree


def _replaced(node: Node, path: str, words: list[str], value: Node, place: Place, found: Findings, root: Node) -> Node:
    if not isinstance(node.value, dict):
        return _unknown(node, path, place, found, root)
    for count in range(len(words), 0, -1):
        key, rest = ".".join(words[:count]), words[count:]
        if key in node.map:
            child = _replaced(node.map[key], path, rest, value, place, found, root) if rest else value
            return _with(node, key, child, node.key_place(key) if rest else place)
    section = path.split(".")[0]
    if len(words) == 1 or (section in FREE and section == path.removesuffix("." + ".".join(words))):
        return _with(node, ".".join(words), value, place)
    if section in FREE and words[0] == section and len(words) > 1:
        return _with(node, section, Node({".".join(words[1:]): value}, place, keys={".".join(words[1:]): place}), place)
    return _unknown(node, path, place, found, root)


def _with(node: Node, key: str, child: Node, place: Place) -> Node:
    return Node({**node.map, key: child}, node.place, keys={**node.keys, key: place})


def _unknown(node: Node, path: str, place: Place, found: Findings, root: Node) -> Node:
    found.problem("P067", f"the assumptions have no {path!r}", place, nearest(path, list(paths(root))))
    return node


def paths(node: Node, above: str = "") -> Iterator[str]:
    """Every path of a tree, without sources and titles."""
    for key, child in node.map.items():
        if key in ("source", "title", "notes", "by"):
            continue
        here = f"{above}.{key}" if above else key
        yield here
        yield from paths(child, here)
