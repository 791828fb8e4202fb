"""What assumptions are made of, as immutable data; `assumptions.py` reads them, the other modules compute with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from .series import Levels, Series
from .tables import Table

Titles = Mapping[str, str]
OWN_EARNINGS = "earnings"
"""Written as the value of an amount: the person's own earnings."""


@dataclass(frozen=True)
class Column:
    """A column of cells or claims: a constant (boolean, code, text, date), a number by groups, or the person's own earnings.

    name: a fact of the vocabulary, or `scheme.variable`; type: boolean | integer | decimal | code | text | date; digits: of a decimal.
    """

    name: str
    type: str
    value: bool | str | date | Table
    digits: int = 0

    @property
    def own_earnings(self) -> bool:
        return self.type == "decimal" and self.value == OWN_EARNINGS

    @property
    def table(self) -> Table | None:
        return self.value if isinstance(self.value, Table) else None


@dataclass(frozen=True)
class Member:
    """A part of the people: its share, and what holds for it."""

    name: str
    share: Table
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Split:
    """A division of the people into parts by shares; the rest is `otherwise`."""

    name: str
    members: tuple[Member, ...]
    otherwise: tuple[Column, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The columns that it fills."""
        return frozenset(column.name for part in (*(m.columns for m in self.members), self.otherwise) for column in part)


@dataclass(frozen=True)
class Demography:
    """Where the population comes from: `kind` of data, its path below the country's folder or the data root, country and variant."""

    kind: str
    path: str
    country: str = ""
    variant: str = "medium"
    source: str = ""


@dataclass(frozen=True)
class Work:
    """The labour market: shares of the population, of the labour force and of the employed."""

    participation: Table
    unemployment: Table
    formal_employee: Table
    self_employed: Table
    codes: Mapping[str, str]  # status_in_employment of each employed status
    employment_total: Table | None = None


@dataclass(frozen=True)
class Pay:
    """Monthly earnings in the base year: mean, profile by age, and spread (log-normal, in groups of equal size)."""

    mean: Table
    profile: Table | None = None
    groups: int = 1
    sigma: Decimal = Decimal(0)


@dataclass(frozen=True)
class Amount:
    """Money of a year: a level, or a share of GDP."""

    series: Series
    of_gdp: bool = False
    source: str = ""

    def money(self, year: int, levels: Levels, gdp: Decimal) -> Decimal:
        """The amount of a year in the currency; `gdp` is the year's."""
        value = self.series.value(year, levels)
        return value * gdp if self.of_gdp else value


@dataclass(frozen=True)
class Macro:
    """The economy. Growth rates are by year; `growth` is that of GDP in volume, or of labour productivity."""

    gdp: Series
    growth: Series
    growth_of: Literal["gdp", "productivity"]
    consumer_prices: Series
    wages: Series
    wages_are: Literal["real", "nominal"]
    deflator: Series | None = None
    interest: Series | None = None
    revenue: Amount | None = None
    expenditure: Amount | None = None
    social_protection: Amount | None = None
    series: Mapping[str, Series] = field(default_factory=dict)  # growth rates of further series


@dataclass(frozen=True)
class Claim:
    """Events of a contingency in a year: how many, to whom, with which facts; `kind` tells several of one contingency apart.

    incidence: events for each person of `among`; or births by the mother's age, or deaths. `months`: paid months of contributions before
    the year; None where no history is assumed. `given`: variables of the law and facts of the person that hold for the claim.
    """

    contingency: str
    kind: str
    incidence: Table | Literal["births", "deaths"]
    among: str
    facts: tuple[Column, ...] = ()
    given: tuple[Column, ...] = ()
    months: int | None = None
    source: str = ""


@dataclass(frozen=True)
class Homes:
    """The survey for rules that look at the household, and how its weights are calibrated."""

    path: str
    year: int
    method: Literal["raking", "linear"] = "raking"
    uprate: str = "wages"
    source: str = ""


@dataclass(frozen=True)
class SourcedValues:
    """An assumption as a reader checks it: its path, its values by year, its source."""

    path: str
    title: Titles
    values: Mapping[int, Decimal]
    unit: str
    source: str
