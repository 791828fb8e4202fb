"""What a costing and a social budget give, as immutable data: the analysis makes it, `publish` shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Titles = Mapping[str, str]
NoteKind = Literal["no_claims", "not_in_cells", "needs_survey"]
NOTES: Mapping[NoteKind, str] = {
    "no_claims": "{scheme}: no claims of {names} are assumed; it is not costed",
    "not_in_cells": "{scheme}: not in the cells: {names}; results that need it are unknown",
    "needs_survey": "{scheme}: needs {names}, which cells do not have; give a survey",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One scheme in one year of one scenario. Amounts in the currency's units, a year; persons and events are numbers, not thousands."""

    scenario: str
    scheme: str
    year: int
    population: Decimal  # persons (or households) that the law looks at
    entitled: Decimal  # persons or households entitled (a month's average), or events that give a right (a year)
    paid: Decimal  # entitled × take-up
    benefits: Decimal
    administration: Decimal
    contributions: Mapping[str, Decimal] = field(default_factory=dict)  # by payer: worker, employer, state
    take_up: Decimal = Decimal(1)
    average_benefit: Decimal = Decimal(0)  # benefits / paid, a year
    unknown: Decimal = Decimal(0)  # persons whose right could not be computed

    @property
    def gross(self) -> Decimal:
        """Benefits and administration."""
        return self.benefits + self.administration

    @property
    def contributed(self) -> Decimal:
        return sum(self.contributions.values(), Decimal(0))

    @property
    def net(self) -> Decimal:
        """Gross expenditure less contributions."""
        return self.gross - self.contributed


@dataclass(frozen=True, slots=True)
class SchemeLabel:
    """What a report says of a scheme besides figures."""

    name: str
    title: Titles
    branch: str
    guarantee: str | None
    kind: str
    unit: str
    legal: str = ""
    administration: str = ""  # "5 % of benefits"


@dataclass(frozen=True, slots=True)
class Sourced:
    """An assumption as a reader checks it: its path, its values by year, its source."""

    path: str
    title: Titles
    values: Mapping[int, Decimal]
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Account:
    """The economy and the general government account of one year of a scenario."""

    year: int
    population: Decimal
    gdp: Decimal
    revenue: Decimal
    expenditure: Decimal
    consumer_prices: Decimal  # index, base year 1
    wages: Decimal  # index, base year 1
    social_protection: Decimal = Decimal(0)  # today's spending outside the law's schemes


@dataclass(frozen=True, slots=True)
class People:
    """The people of a year by sex and completed age: persons, mean of the year, age 0 first; the last age stands for itself and all above."""

    year: int
    men: tuple[Decimal, ...]
    women: tuple[Decimal, ...]

    def between(self, first: int, until: int | None = None) -> Decimal:
        """Persons of both sexes from the age `first` to below `until`, or to the oldest."""
        return sum(self.men[first:until], Decimal(0)) + sum(self.women[first:until], Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.between(0)


@dataclass(frozen=True, slots=True)
class Note:
    """What a costing could not do, said in English by `str`; `kind` and its values let a publication say it in its language."""

    kind: NoteKind
    scheme: str
    names: tuple[str, ...] = ()  # facts or tables that are missing, or the contingency

    def __str__(self) -> str:
        return NOTES[self.kind].format(scheme=self.scheme, names=", ".join(self.names))


@dataclass(frozen=True, slots=True)
class Lever:
    """An option of fiscal space: its amount by year."""

    kind: str
    title: Titles
    amounts: Mapping[int, Decimal]
    source: str


@dataclass(frozen=True, slots=True)
class BudgetYear:
    """The social budget of a year: what the schemes spend and receive, what is offset or already financed, the gap, and what levers leave of it."""

    year: int
    gross: Decimal
    contributions: Decimal
    offset: Decimal  # spending that the scenario replaces
    gap: Decimal  # gross − contributions − already − offset
    levers: Decimal
    remaining: Decimal  # gap − levers
    share_of_gdp: Decimal  # gross
    share_of_expenditure: Decimal
    already: Decimal = Decimal(0)  # net cost of the baseline, which the government's account holds; nothing without a baseline

    @property
    def net(self) -> Decimal:
        """Gross expenditure less contributions."""
        return self.gross - self.contributions


@dataclass(frozen=True, slots=True)
class Swing:
    """One bar of a tornado: the net cost (present sum over the years) with one assumption low and high."""

    path: str
    low_value: str
    high_value: str
    low: Decimal
    base: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """Everything about one scenario."""

    name: str
    title: Titles
    law_hash: str
    assumptions_hash: str
    lines: tuple[Line, ...]
    accounts: tuple[Account, ...]
    budget: tuple[BudgetYear, ...]
    levers: tuple[Lever, ...] = ()
    assumptions: tuple[Sourced, ...] = ()
    sensitivity: tuple[Swing, ...] = ()
    notes: tuple[Note | str, ...] = ()
    people: tuple[People, ...] = ()  # a year each; none where it is not projected
    baseline: str = ""  # the scenario whose net cost is already financed
    baseline_title: Titles = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Costing:
    """A costing of any number of scenarios of one country."""

    country: str
    title: Titles
    currency: str
    digits: int
    years: tuple[int, ...]
    schemes: tuple[SchemeLabel, ...]
    scenarios: tuple[ScenarioResult, ...]
    version: str
    data_hash: str = ""
    names: Mapping[str, Titles] = field(default_factory=dict)  # what the words in the paths of assumptions are called

    def scenario(self, name: str) -> ScenarioResult:
        """The result of a scenario. Raises KeyError."""
        return next(s for s in self.scenarios if s.name == name)
