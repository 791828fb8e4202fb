"""What a study of impact gives, as immutable data: `publish` and the command line show it, `writing.py` makes tables and files of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from .exclusion import Cause

Titles = Mapping[str, str]
NONE, CURRENT = "none", "current"
"""Scenarios that are always there: before transfers, and with those of today. Reforms have their own names."""
ALL = "all"
"""The grouping of everyone."""
QUANTILE = "quantile"
"""The grouping by tenths (or other shares) of the persons, ranked by welfare before transfers."""


@dataclass(frozen=True, slots=True)
class Figure:
    """An estimate with its error. All statistics are of persons.

    of: the transfer, dimension or indicator that it is of, or nothing. line: the poverty line. observations: sampled households on which it rests;
    few: fewer than the study asks for. NaN: not defined (nobody to measure). Shares are fractions; amounts are of the study's period.
    """

    measure: str
    of: str
    line: str
    scenario: str
    grouping: str
    group: str
    estimate: float
    se: float
    low: float
    high: float
    observations: int
    few: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a curve: shares of persons and of welfare, or welfare and the share of persons below it.

    name: lorenz; concentration (of the transfer `of`, or of welfare, ranked before transfers); incidence (of poverty: persons with less than x);
    growth and growth_rate (mean change by hundredths, in money, and by twentieths, as a rate; `of`: the scenario compared with).
    """

    name: str
    of: str
    scenario: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """How a scenario changes the welfare of a quantile of persons over another one: shares who gain and lose, and the mean change of all."""

    scenario: str
    against: str
    group: str
    persons: float
    winners: float
    losers: float
    mean: float
    few: bool


@dataclass(frozen=True, slots=True)
class Budget:
    """What a transfer costs a month in a scenario, exactly: Σ weight × amount of those who take it up. Unknown amounts are left out."""

    scenario: str
    transfer: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Unknown:
    """A variable that could not be computed for some rows (persons or households), in a scenario."""

    scenario: str
    variable: str
    rows: int


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader of the study should know. `text` is English; `publish` has words for the kind, of a transfer or concept, and the names.

    kind: not_simulated (of a scheme), absent (names: facts that the survey lacks), kept (of a transfer that reforms, the names, do not change),
    concept (of an income concept that is not shown; names: the components that are missing).
    """

    kind: str
    of: str
    names: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a grouping with its title."""

    name: str
    title: Titles


@dataclass(frozen=True, slots=True)
class Grouping:
    """A split of persons. unknown: share of persons whose group is not known."""

    name: str
    title: Titles
    groups: tuple[Group, ...]
    unknown: float = 0.0


@dataclass(frozen=True, slots=True)
class Statement:
    """What made a study: hashes of law, data and settings, the program, the month, the survey."""

    law: str
    data: str
    settings: str
    program: str
    months: tuple[str, ...]
    source: str
    reforms: Mapping[str, str] = field(default_factory=dict)  # name: hash of the reformed law

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("law", "data", "settings", "program", "source")} | {
            "months": list(self.months),
            "reforms": dict(self.reforms),
        }


@dataclass(frozen=True, slots=True)
class Impact:
    """A whole study. period: month or year, of all amounts but the budgets'. left_out: share of persons of unknown welfare in some scenario."""

    title: Titles
    country: str
    currency: str
    period: str
    concept: str
    statement: Statement
    scenarios: Mapping[str, Titles]
    transfers: Mapping[str, Titles]
    lines: Mapping[str, Titles]
    groupings: tuple[Grouping, ...]
    figures: tuple[Figure, ...]
    curves: tuple[Curve, ...] = ()
    changes: tuple[Change, ...] = ()
    causes: tuple[Cause, ...] = ()
    budgets: tuple[Budget, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    left_out: float = 0.0
    households: int = 0
    notes: tuple[Note, ...] = ()
    level: float = 0.95
    few: int = 30
    indicators: Mapping[str, Titles] = field(default_factory=dict)

    def figure(self, measure: str, **where: str) -> Figure:
        """The one figure of a measure with these fields; of everyone in the current scenario unless told otherwise. Raises KeyError."""
        wanted = {"of": "", "line": "", "scenario": CURRENT, "grouping": ALL, "group": ALL} | where
        for figure in self.figures:
            if figure.measure == measure and all(getattr(figure, name) == value for name, value in wanted.items()):
                return figure
        raise KeyError(f"{measure} {wanted}")

    def select(self, measure: str, **where: str) -> Iterator[Figure]:
        """The figures of a measure with these fields."""
        return (f for f in self.figures if f.measure == measure and all(getattr(f, name) == value for name, value in where.items()))

    def grouping(self, name: str) -> Grouping:
        """The grouping of that name. Raises KeyError."""
        for grouping in self.groupings:
            if grouping.name == name:
                return grouping
        raise KeyError(name)

    def table(self, of: str = "figures", lang: str = "") -> Any:
        """Figures (or curves, changes, causes, budgets, unknown) as an Arrow table; with a language, titles stand beside the names."""
        from .writing import table

        return table(self, of, lang)

    def write(self, path: str | Path, lang: str = "") -> Path:
        """Writes a .csv or .parquet file of the figures, or a .json file of everything. Raises InputError A078 for another ending."""
        from .writing import write

        return write(self, Path(path), lang)
