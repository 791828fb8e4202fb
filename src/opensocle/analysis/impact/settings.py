"""What a study is told: the survey, what welfare is, the lines, the transfers and how they are simulated, the groups. Read by `reading.py`.

Method: docs/reference/impact.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal

from ...law.nodes import NOWHERE, Node
from ...periods import Month

Titles = Mapping[str, str]
Mode = Literal["keep", "replace", "add"]
Period = Literal["month", "year"]
IN_PAYMENT = "benefits_in_payment"
"""The word that stands for the survey's table of benefits in payment, where a transfer is reported there."""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A column of the survey, or a formula of the law language over its facts; `node` is where it is written."""

    text: str
    node: Node = field(default_factory=lambda: Node("", NOWHERE))


def term(text: str) -> Term:
    """A term written in Python."""
    return Term(text, Node(text, NOWHERE, plain=True))


@dataclass(frozen=True, slots=True)
class Survey:
    """Where the survey lies: a folder of a population, or a mapping with the files that it reads. events: the months that it asks about.

    factor, years: what brings its amounts and dates to the law's month (`uprate`), with their source.
    """

    folder: Path | None = None
    mapping: Path | None = None
    files: Path | None = None
    events: tuple[Month, ...] = ()
    source: str = ""
    factor: Decimal = Decimal(1)
    years: int = 0
    prices: str = ""


@dataclass(frozen=True, slots=True)
class Welfare:
    """A household's income or consumption: terms summed over its members and terms of its own, in the period's money.

    includes: transfers that the terms already contain. missing: whether an empty column is unknown or nothing. floor: the least welfare.
    contributions: whether workers' contributions are taken off in the scenarios with the law.
    """

    persons: tuple[Term, ...] = ()
    households: tuple[Term, ...] = ()
    concept: Literal["income", "consumption"] = "income"
    period: Period = "month"
    missing: Literal["unknown", "zero"] = "unknown"
    includes: tuple[str, ...] = ()
    floor: float | None = None
    contributions: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Adult equivalents. `given`: the survey's amounts are already each member's own, the same for all members of a household."""

    kind: Literal["per_capita", "oecd_modified", "square_root", "weights", "given"] = "per_capita"
    adult: float = 1.0
    other_adult: float = 1.0
    child: float = 1.0
    child_age: int = 14


@dataclass(frozen=True, slots=True)
class Line:
    """A poverty line: an amount an adult equivalent a period, or a share of the median or mean. anchor: whose distribution it follows."""

    name: str
    title: Titles
    value: float | None = None
    parameter: str = ""
    share: float | None = None
    of: Literal["median", "mean"] = "median"
    anchor: Literal["current", "own"] = "current"
    source: str = ""


@dataclass(frozen=True, slots=True)
class TakeUp:
    """Who of those entitled is paid: a share of households, those for whom a rule holds, those who report receipt, or as is assumed."""

    kind: Literal["share", "rule", "reported", "assumptions"] = "share"
    share: Decimal = Decimal(1)
    rule: Term | None = None
    assumptions: str = "base"


@dataclass(frozen=True, slots=True)
class Transfer:
    """A scheme of the law, or a transfer that the survey reports.

    counted: a transfer; `income`: part of welfare before transfers too, as pensions may be seen; `no`: measured, and left where it is in welfare.
    """

    name: str
    title: Titles
    simulated: bool
    mode: Mode = "replace"
    reported: Term | None = None
    take_up: TakeUp | None = None
    counted: Literal["transfer", "income", "no"] = "transfer"


@dataclass(frozen=True, slots=True)
class Grouping:
    """What the results are split by: a built-in name, a fact, or a formula that is true or false. bands: first ages or numbers of the groups."""

    name: str
    title: Titles
    of: Term
    bands: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """A deprivation: a formula that is true for a deprived person, with its weight in the whole."""

    name: str
    dimension: str
    weight: Decimal
    of: Term


@dataclass(frozen=True, slots=True)
class Deprivations:
    """Alkire and Foster's count of deprivations among some persons. cutoff: the weighted share from which a person is poor.

    titles: of dimensions and indicators.
    """

    who: Term | None
    indicators: tuple[Indicator, ...]
    cutoff: Decimal
    titles: Mapping[str, Titles] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reform:
    """A reform to compare with the law in force: an overlay's file, or a scenario of the country."""

    name: str
    title: Titles
    overlay: Path | None = None
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class Component:
    """A component of income: terms as those of welfare, and transfers of the study as they are in each scenario; nothing at all is zero."""

    persons: tuple[Term, ...] = ()
    households: tuple[Term, ...] = ()
    transfers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Income:
    """Income concepts of the CEQ handbook: what is known of their components. wanted: concepts asked for; none for all that can be formed."""

    components: Mapping[str, Component]
    treatment: Literal["deferred", "transfer"] = "deferred"
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """A whole study. few: observations below which a figure is marked. level: of the intervals. hash: of the content.

    causes: schemes of which it is asked who is excluded and why; None for all that are simulated.
    """

    title: Titles
    survey: Survey
    welfare: Welfare
    lines: tuple[Line, ...]
    scale: Scale = field(default_factory=Scale)
    months: tuple[Month, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    groups: tuple[Grouping, ...] = ()
    causes: tuple[str, ...] | None = None
    reforms: tuple[Reform, ...] = ()
    deprivations: Deprivations | None = None
    income: Income | None = None
    unknown: Literal["leave_out", "reported"] = "leave_out"
    errors: Literal["taylor", "replicates", "none"] = "taylor"
    quantiles: int = 10
    few: int = 30
    level: float = 0.95
    seed: int = 1
    folder: Path | None = None
    hash: str = ""

    def transfer(self, name: str) -> Transfer:
        """The transfer of that name. Raises KeyError."""
        return next(one for one in self.transfers if one.name == name)
