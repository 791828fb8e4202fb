"""What a law is made of, as immutable data. Built by `law.loading`, completed by `law.compiling`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from ..money import Rounding
from ..vocabulary.units import Unit

Titles = Mapping[str, str]
RESERVED = ("eligible", "benefit", "duration", "worker_contribution", "employer_contribution", "state_contribution")
AMOUNTS = ("benefit", "worker_contribution", "employer_contribution", "state_contribution")


Spot = tuple[int, int, int]
"""An offset in a text, and the line and column where that character stands in the file."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the country's files; line and column start at 1.

    `spots`: for a text that the file has on several lines or with escapes, where each of its pieces starts; see `law.positions`.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    spots: tuple[Spot, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Band:
    """Whole numbers from `low` to `high`, both included; `high` None means and over."""

    low: int
    high: int | None

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int | Decimal) and self.low <= number and (self.high is None or number <= self.high)

    def __str__(self) -> str:
        return f"{self.low}+" if self.high is None else f"{self.low}-{self.high}"


@dataclass(frozen=True, slots=True)
class Bracket:
    """A slice of a scale: from `threshold` on, a rate of the base or a fixed amount."""

    threshold: Decimal
    rate: Decimal | None = None
    amount: Decimal | None = None


Key = str | int | Band
Table = Mapping[tuple[Key, ...], Decimal]
Scalar = Decimal | bool | str | date | None
Value = Scalar | Table | tuple[Bracket, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """A value in force from a date on."""

    since: date
    value: Value
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Indexation:
    """How a value moves past its last enacted date: by a series of the scenario, each `every`, in `month`."""

    by: str
    every: Literal["year", "month"] = "year"
    month: int = 1


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the law over time: a scalar, a table (by one or two keys) or a bracket scale."""

    name: str
    type: str  # boolean | integer | decimal | date | text | code
    unit: Unit
    values: tuple[Dated, ...]  # sorted by date
    source: str
    by: tuple[str, ...] = ()  # a table's key names
    scale: Literal["marginal", "single"] | None = None
    of: Unit | None = None  # unit of a scale's thresholds
    index: Indexation | None = None
    until: date | None = None
    title: Titles = field(default_factory=dict)
    unit_text: str = ""
    place: Place = field(default=Place(), compare=False)

    @property
    def shape(self) -> Literal["scalar", "table", "scale"]:
        return "scale" if self.scale else "table" if self.by else "scalar"


@dataclass(frozen=True, slots=True)
class DatedFormula:
    """The text of a formula in force from a date on (`date.min` where it is not dated)."""

    since: date
    text: str
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Variable:
    """Something that a scheme or the concepts compute."""

    name: str
    type: str | None  # declared; None: by its unit, or by its formula
    unit: Unit | None  # declared; None: by its formula
    formulas: tuple[DatedFormula, ...]  # sorted by date
    entity: Literal["person", "household"]
    source: str = ""
    rounding: Rounding | None = None
    title: Titles = field(default_factory=dict)
    unit_text: str = ""
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Article:
    """A legal basis: the act and its articles."""

    act: str
    articles: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Finance:
    """Who pays, as shares that add up to 1, and what administration costs."""

    sources: Mapping[str, Decimal]
    administration_rate: Decimal | None = None
    administration_of: Literal["benefits", "gross_expenditure"] | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """How a claim is decided and contested: officers (0 automatic, 2 four eyes), days to decide, to ask for reconsideration and to appeal.

    review: months after which a right is looked at again; None: it is not.
    """

    officers: int = 1
    answer: int = 30
    reconsideration: int = 30
    appeal: int = 60
    review: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One benefit or contribution of the law. The concepts are a scheme named `concepts` without the labels."""

    name: str
    title: Titles
    parameters: Mapping[str, Parameter]
    variables: Mapping[str, Variable]
    branch: str = ""
    guarantee: str | None = None
    kind: str = ""
    contingency: str = ""
    unit: Literal["person", "household"] = "person"
    paid: str = "monthly"
    since: date = date.min
    until: date | None = None
    as_of: Literal["first_day", "last_day"] = "first_day"
    legal: tuple[Article, ...] = ()
    finance: Finance | None = None
    procedure: Procedure = field(default=Procedure())
    notes: Titles = field(default_factory=dict)
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency and the number of decimals of its smallest unit."""

    code: str
    digits: int
    title: Titles = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Country:
    """The heading of a country folder."""

    code: str
    title: Titles
    currency: Currency
    languages: tuple[str, ...] = ("en",)
    february_29: Literal["march_1", "february_28"] = "march_1"
    place: Place = field(default=Place(), compare=False)
