"""What an explanation is made of, as immutable data: steps, conditions, figures of the law, known facts and rows looked at.

Every reason keeps its value as the engine has it (None is unknown), its type and unit, its titles in the languages that there are, and
the reasons below it. Words for the reader are added by `rendering` only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from ..periods import Month
from .operators import Value

Titles = Mapping[str, str]
State = Literal["computed", "given", "not_in_force", "no_formula", "no_claim", "claims_unknown", "not_born", "not_alive"]
Outcome = Literal["entitled", "not_entitled", "undecided", "due", "nothing_due"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Something that a result rests on. `code`: the titles of the value where it is a code; `subject`: the member, or `household`."""

    name: str = ""
    title: Titles = field(default_factory=dict)
    subject: str = ""
    value: Value = None
    type: str = ""
    unit: str = ""
    code: Titles = field(default_factory=dict)
    source: str = ""
    children: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounded:
    """How a value was rounded. `source` is empty where the law says nothing and the currency's smallest unit is used."""

    before: Value
    to: Decimal
    way: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Reason):
    """A variable: its formula in force, since when and where it is written. `repeated`: its reasons were given before."""

    owner: str
    formula: str = ""
    since: date | None = None
    place: str = ""
    rounding: Rounded | None = None
    state: State = "computed"
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Reason):
    """A piece of a formula: a condition, or the branch that was taken. `matters`: whether it led to the result."""

    text: str
    branch: bool = False
    matters: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A bracket of a scale that applies: its rate or amount, and what it gives."""

    since: Decimal
    until: Decimal | None
    rate: Decimal | None
    amount: Decimal | None
    gives: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Reason):
    """A parameter of the law in force from `since`, and its state. `keys`: where in a table it was looked up; `day`: on another date."""

    owner: str
    since: date | None = None
    state: str = "enacted"  # enacted held indexed absent no_key below
    keys: tuple[Value, ...] = ()
    day: date | None = None
    slices: tuple[Slice, ...] = ()
    of: str = ""  # unit of the slices' thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class FactUsed(Reason):
    """A fact of a person, a household, a claim or a row. `none`: unknown here means that there is none."""

    table: str
    none: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowUsed(Reason):
    """A member or a row of a history: `key` is the member's name, or the month or dates of the row; `kept` as the condition says."""

    key: str
    start: date | Month | None = None
    end: date | Month | None = None
    kept: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsUsed(Reason):
    """A function of a table: how many rows were looked at, kept, and unknown. Its children are at most 12 of them.

    given: false where the facts have no such table at all.
    """

    text: str
    function: str
    table: str
    looked: int
    kept: int
    unknown: int
    given: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A fact to ask for. `rows`: the rows of a history that lack it; `name` is empty where the whole table is missing."""

    subject: str
    table: str
    name: str
    title: Titles
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why a value is unknown although no fact is missing.

    kind: zero (division by zero), no_key (of a table), below (the first bracket), absent (parameter without a value), not_in_force,
    no_formula, no_rows (average of nothing), none (a fact of which there is none), range (a date outside the calendar).
    """

    kind: str
    subject: str
    name: str
    text: str
    source: str = ""
    keys: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A condition that is not met: its text, the variable whose formula has it, that formula's source, and the values it rests on.

    title: of the condition, where it is a variable of its own.
    """

    text: str
    variable: str
    title: Titles
    source: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A reserved amount or duration of a scheme."""

    name: str
    title: Titles
    value: Value
    unit: str
    type: str = "decimal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a scheme gives to a subject in a month.

    outcome: entitled, not entitled, undecided; for a scheme without `eligible` (contributions): due, nothing due, undecided.
    failing: from the first condition not met down to what it rests on. missing: facts that can still change the right or the amount.
    """

    scheme: str
    title: Titles
    subject: str
    month: Month
    paid: str
    outcome: Outcome
    state: State
    amounts: tuple[Amount, ...]
    failing: tuple[Failing, ...] = ()
    missing: tuple[Missing, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def amount(self) -> Value:
        """The benefit; None where it is unknown or where the scheme has none."""
        return next((amount.value for amount in self.amounts if amount.name == "benefit"), None)

    def as_dict(self) -> dict[str, Any]:
        return as_data(self)


def as_data(item: Any) -> Any:
    """Plain data for JSON: decimals as text, dates in ISO form, every field always there, `is` tells what a reason is."""
    if is_dataclass(item) and not isinstance(item, type | Month):
        data: dict[str, Any] = {"is": _KINDS[type(item)]} if type(item) in _KINDS else {}
        return data | {f.name: as_data(getattr(item, f.name)) for f in fields(item)}
    if isinstance(item, Mapping):
        return {str(key): as_data(value) for key, value in item.items()}
    if isinstance(item, tuple | list):
        return [as_data(value) for value in item]
    if isinstance(item, Decimal):
        return f"{item.normalize():f}" if item else "0"
    return item if item is None or isinstance(item, bool | int | str) else str(item)


_KINDS: Mapping[type, str] = {Step: "step", Part: "part", Figure: "figure", FactUsed: "fact", RowsUsed: "rows", RowUsed: "row"}
