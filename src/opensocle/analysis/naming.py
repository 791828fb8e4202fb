"""What the names in the paths of assumptions are called: titles of the law's schemes and variables, of facts, and of parts that have their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..law.law import Law
from ..law.nodes import Node, plain_data

if TYPE_CHECKING:
    from ..projection.assumptions import Assumptions

Titles = Mapping[str, str]


def names_of(law: Law, assumptions: Assumptions) -> dict[str, Titles]:
    """Titles by what a path says: a word (`disability_degree`), `scheme.variable`, or the whole path down to a part that has a title of its own."""
    found = dict(_own(assumptions.tree, ""))
    for leaf in assumptions.leaves:
        words = leaf.path.split(".")
        for word, after in zip(words, [*words[1:], ""], strict=True):
            found |= _of_word(law, word, after)
    return found


def _of_word(law: Law, word: str, after: str) -> dict[str, Titles]:
    if word in law.schemes or word == "concepts":
        owner = law.owner(word)
        variable = owner.variables.get(after)
        own = {word: owner.title} if word in law.schemes else {}
        return own | ({f"{word}.{after}": variable.title} if variable and variable.title else {})
    fact = next((fact for table in law.vocabulary.tables if (fact := law.vocabulary.fact(table, word))), None)
    return {word: fact.title} if fact else {}


def _own(node: Node, path: str) -> Iterator[tuple[str, Titles]]:
    """The titles that stand in the assumptions themselves, by path."""
    for name, child in node.map.items():
        here = f"{path}.{name}" if path else name
        if name == "title" and path and child.map:
            yield path, {lang: str(text) for lang, text in plain_data(child).items()}
        elif name != "title":
            yield from _own(child, here)
