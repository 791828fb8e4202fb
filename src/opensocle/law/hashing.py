"""The hash of a law's content: the same for the same law, whatever its comments, key order, quotes and layout."""

from __future__ import annotations

import hashlib
import json

from .nodes import Node, plain_data

PARTS = ("country", "concepts", "schemes", "agreements")


def content_hash(tree: Node) -> str:
    """SHA-256 (64 hexadecimal digits) of the canonical JSON of country, concepts, schemes and agreements.

    Keys are sorted; every value is its text as written, so 30 and 30.0 differ; null is null. Empty parts are left out.
    Worked cases are no part of it.
    """
    parts = {key: plain_data(tree.map[key]) for key in PARTS if key in tree.map and tree.map[key].value}
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
