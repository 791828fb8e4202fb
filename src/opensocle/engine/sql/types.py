"""The column types of the SQL engines: as narrow as the ranges of the plan allow, so that decimals stay in 64 bits where they can."""

from __future__ import annotations

from dataclasses import dataclass

from ..plan import Node
from ..ranges import Range

WIDEST = 38
NARROW = 18
"""Digits of a decimal that fits 64 bits."""


@dataclass(frozen=True, slots=True)
class Type:
    """BOOLEAN, INTEGER, BIGINT, DATE, VARCHAR, or DECIMAL of `width` digits, `scale` of them after the point."""

    base: str
    width: int = 0
    scale: int = 0

    @property
    def decimal(self) -> bool:
        return self.base == "DECIMAL"

    def as_decimal(self) -> Type:
        """The decimal type that engines read a whole number as."""
        return self if self.decimal else Type("DECIMAL", {"INTEGER": 10, "BIGINT": 19}.get(self.base, WIDEST), 0)


BOOLEAN, INTEGER, BIGINT, DATE, VARCHAR = (Type(name) for name in ("BOOLEAN", "INTEGER", "BIGINT", "DATE", "VARCHAR"))


def decimal(digits: int, scale: int) -> Type:
    """A decimal with that many digits before and after the point, at most 38."""
    return Type("DECIMAL", min(max(digits + scale, 1), WIDEST), scale)


def type_for(type: str, size: Range) -> Type:
    """The narrowest type of numbers in a range."""
    if type == "integer":
        return INTEGER if size.digits <= 9 else BIGINT if size.digits <= NARROW else decimal(size.digits, 0)
    return decimal(size.digits, size.decimals)


def type_of(node: Node) -> Type:
    """The narrowest type that holds every value of a node."""
    if node.type in ("integer", "decimal"):
        assert node.range is not None
        return type_for(node.type, node.range)
    return {"boolean": BOOLEAN, "date": DATE, "month": DATE, "text": VARCHAR}[node.type]


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL that stands by itself (a name, a call, or in brackets), and its type."""

    text: str
    type: Type


def sum_type(a: Type, b: Type) -> Type:
    """What engines make of a + b or a - b: one digit more than the wider."""
    a, b = a.as_decimal(), b.as_decimal()
    scale = max(a.scale, b.scale)
    return Type("DECIMAL", min(max(a.width - a.scale, b.width - b.scale) + scale + 1, WIDEST), scale)


def product_type(a: Type, b: Type) -> Type:
    """What engines make of a * b: as many digits as both, kept to 64 bits where both fit them."""
    a, b = a.as_decimal(), b.as_decimal()
    width = a.width + b.width
    limit = NARROW if max(a.width, b.width) <= NARROW and a.scale + b.scale < NARROW else WIDEST
    return Type("DECIMAL", min(width, limit), a.scale + b.scale)


def common_type(types: list[Type]) -> Type:
    """What engines make of a CASE with such branches."""
    if all(t == types[0] for t in types):
        return types[0]
    if all(t.base in ("INTEGER", "BIGINT") for t in types):
        return BIGINT
    wide = [t.as_decimal() for t in types]
    scale = max(t.scale for t in wide)
    return Type("DECIMAL", min(max(t.width - t.scale for t in wide) + scale, WIDEST), scale)
