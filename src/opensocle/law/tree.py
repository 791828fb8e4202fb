"""The typed tree of a formula: every name resolved, every type and unit known. Both engines start from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from ..periods import Month
from ..vocabulary.model import NUMBER
from ..vocabulary.units import Unit

Entity = Literal["person", "household"]
NUMERIC = ("integer", "decimal")


@dataclass(frozen=True, slots=True)
class Kind:
    """Type and unit of a value.

    free: a literal number, that takes the unit of its neighbour; loose: multiplied or divided by a literal that may convert
    time (12, 30, 365…), so that its unit of time may be another than computed; codes: the list that a code belongs to.
    """

    type: str  # boolean integer decimal date month text code error
    unit: Unit = NUMBER
    free: bool = False
    loose: bool = False
    codes: str = ""

    @property
    def numeric(self) -> bool:
        return self.type in NUMERIC

    def __str__(self) -> str:
        unit = str(self.unit)
        if self.type == "code":
            return f"code ({self.codes})" if self.codes else "code"
        return f"{self.type} ({unit})" if unit else self.type


ERROR = Kind("error")
BOOLEAN = Kind("boolean")
DATE = Kind("date")
MONTH = Kind("month")


@dataclass(frozen=True, slots=True)
class Expr:
    """A piece of a typed formula; `at` and `end` are its characters in the text."""

    kind: Kind
    at: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Const(Expr):
    value: bool | int | Decimal | str | date | Month


@dataclass(frozen=True, slots=True)
class Period(Expr):
    """The month for which the law is evaluated."""


@dataclass(frozen=True, slots=True)
class ReferenceDate(Expr):
    """The first (or last) day of the period."""


@dataclass(frozen=True, slots=True)
class Param(Expr):
    """A scalar parameter of a scheme (or of the concepts), on the reference date."""

    owner: str
    name: str


@dataclass(frozen=True, slots=True)
class Lookup(Expr):
    """A row of a table parameter; unknown where the table has no such key."""

    owner: str
    name: str
    keys: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Scaled(Expr):
    """A bracket scale applied to an amount."""

    owner: str
    name: str
    x: Expr


@dataclass(frozen=True, slots=True)
class OnDate(Expr):
    """A scalar parameter's value on another date or month."""

    owner: str
    name: str
    day: Expr


@dataclass(frozen=True, slots=True)
class Fact(Expr):
    """A column: of `persons`, of `households`, of the claim (`event`), or of the row at hand inside a table function."""

    table: str
    name: str
    none: bool = False


@dataclass(frozen=True, slots=True)
class Result(Expr):
    """Another variable: of a scheme, of the concepts, or a derived fact of the vocabulary (owner `vocabulary`)."""

    owner: str
    name: str
    entity: Entity


@dataclass(frozen=True, slots=True)
class Op(Expr):
    """An operator or a function of values. `if` takes condition, then, else; `case` is nested `if`s."""

    op: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows of a history count: `last` months before the end, which is the month of `before` (else the period); from `after` on."""

    last: Expr | None = None
    before: Expr | None = None
    after: Expr | None = None
    best: Expr | None = None


@dataclass(frozen=True, slots=True)
class Rows(Expr):
    """A function of the rows of a table: count sum average min max any all first last successive duration."""

    function: str
    table: str  # members or a history
    value: Expr | None
    where: Expr | None
    window: Window = Window()


def below(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly below one."""
    match expr:
        case Lookup():
            return expr.keys
        case Scaled():
            return (expr.x,)
        case OnDate():
            return (expr.day,)
        case Op():
            return expr.args
        case Rows():
            window = expr.window
            return tuple(e for e in (expr.value, expr.where, window.last, window.before, window.after, window.best) if e is not None)
    return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """The expression and all below it, the expression first."""
    stack = [expr]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(below(node)))
