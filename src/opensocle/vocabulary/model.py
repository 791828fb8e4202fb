"""What a word of the vocabulary is: a fact of a person, a household or a history, and the code lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .units import Unit

Titles = Mapping[str, str]

PERSONS, HOUSEHOLDS = "persons", "households"
HISTORIES = ("contributions", "residence", "employment", "benefits_in_payment", "events")
TABLES = (PERSONS, HOUSEHOLDS, *HISTORIES)
NUMBER = Unit()
TYPES = ("boolean", "integer", "decimal", "date", "month", "text", "code", "key")


@dataclass(frozen=True, slots=True)
class CodeList:
    """A closed list of codes with titles; `source` names the standard it follows, `standard_codes` that standard's own code of each.

    A list without values waits for the country's own.
    """

    name: str
    title: Titles
    values: Mapping[str, Titles]
    source: str = ""
    standard_codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Label:
    """A word of a closed list that labels a scheme; `nature` is `state` or `event` for a contingency, empty for others.

    themes: of a contingency that is a state, what the conditions are about that make it.
    """

    name: str
    title: Titles
    source: str = ""
    nature: str = ""
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A column that a table of a population may have.

    Money has a currency in its unit and as many decimals as the currency; other decimals have at most 6 (a weight: 9). Integers and
    decimals always have a minimum and a maximum (decimals: at most 18 digits in all). `none` says that null means "there is none"
    (a date of death) rather than unknown. `formula` derives the fact from others where it is not given. `theme`: what a
    condition that reads the fact is about, one of the labels `themes`.
    """

    name: str
    table: str
    type: str
    title: Titles
    unit: Unit = NUMBER
    unit_text: str = ""
    codes: str = ""  # name of a code list
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    digits: int = 0  # decimals of a decimal
    none: bool = False
    formula: str = ""
    description: Titles = field(default_factory=dict)
    theme: str = "other"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All facts by table and all code lists, with a country's additions; money is in `currency`."""

    tables: Mapping[str, Mapping[str, Fact]]
    codes: Mapping[str, CodeList]
    currency: str
    currency_digits: int

    def fact(self, table: str, name: str) -> Fact | None:
        """The fact of that name, or None."""
        return self.tables[table].get(name)
