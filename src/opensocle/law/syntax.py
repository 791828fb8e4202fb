"""The syntax tree of a formula: what was written, before it is known what the names mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a formula, from character `at` to `end` (exclusive)."""

    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Number(Node):
    value: Decimal
    whole: bool


@dataclass(frozen=True, slots=True)
class Text(Node):
    value: str


@dataclass(frozen=True, slots=True)
class Truth(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class Name(Node):
    """`name`, or `owner.name`."""

    owner: str
    name: str


@dataclass(frozen=True, slots=True)
class Call(Node):
    name: str  # in small letters
    args: tuple[Node, ...]
    named: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Index(Node):
    """`table[key]` or `table[key, key]`."""

    base: Name
    keys: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unary(Node):
    op: str  # not | neg
    x: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    op: str  # and or = != < <= > >= + - * /
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Member(Node):
    x: Node
    items: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Between(Node):
    x: Node
    low: Node
    high: Node
    negated: bool


@dataclass(frozen=True, slots=True)
class IsNull(Node):
    x: Node
    negated: bool


@dataclass(frozen=True, slots=True)
class Case(Node):
    whens: tuple[tuple[Node, Node], ...]
    otherwise: Node


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node."""
    match node:
        case Call():
            return (*node.args, *(value for _, value in node.named))
        case Index():
            return node.keys
        case Unary() | IsNull():
            return (node.x,)
        case Binary():
            return (node.left, node.right)
        case Member():
            return (node.x, *node.items)
        case Between():
            return (node.x, node.low, node.high)
        case Case():
            return (*(part for when in node.whens for part in when), node.otherwise)
    return ()


def depths(root: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its level in the typed tree, the root's being 1: there a `case` is an `if` within an `if`."""
    pending = [(root, 1)]
    while pending:
        node, level = pending.pop()
        yield node, level
        for number, child in enumerate(children(node)):
            pending.append((child, level + 1 + (min(number // 2, len(node.whens) - 1) if isinstance(node, Case) else 0)))
