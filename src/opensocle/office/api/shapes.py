"""What the API takes and gives: names of the Digital Convergence Initiative where it has them; amounts and dates as text."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Field, Schema

Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
"""Text of a fact, as the database can keep it."""


class Trouble(Schema):
    """What went wrong: a code of the page of errors, and what to do."""

    code: str
    what: str
    hint: str = ""


class Name(Schema):
    surname: str = ""
    given_name: str
    second_name: str = ""
    maiden_name: str = ""


class Identifier(Schema):
    identifier_type: str
    identifier_value: str


class PersonOut(Schema):
    """A person of the registry."""

    reference: str
    name: Name
    sex: str
    birth_date: date | None
    birth_precision: str
    death_date: date | None
    area: str
    identifier: list[Identifier]
    household: str | None


class SearchIn(Schema):
    """What to search for: a name in any spelling, a year or date of birth, a number of a document, a telephone or a reference."""

    text: str = Field(min_length=2, max_length=120, pattern=r"^[^\x00]*$")


class Found(Schema):
    """Persons that a search found, the best first."""

    persons: list[PersonOut]


class Member(Schema):
    person: str
    relationship_type: str
    since: date


class HouseholdOut(Schema):
    """A household (a group of the Digital Convergence Initiative)."""

    reference: str
    area: str
    group_size: int
    member_list: list[Member]


class Right(Schema):
    """What a scheme says to one member, or to the household."""

    scheme: str
    subject: str
    outcome: Literal["entitled", "not_entitled", "undecided", "due", "nothing_due"]
    amounts: dict[str, str]
    reasons: list[str]
    missing: list[str]


class Rights(Schema):
    """What every scheme of the law says in a month."""

    month: str
    law: str
    rights: list[Right]


class ClaimIn(Schema):
    """A claim to open. event: the event's own facts, where the scheme is claimed for one."""

    person: str
    scheme: str
    month: str | None = Field(default=None, pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")
    event: dict[str, Text] = Field(default_factory=dict)


class DecisionOut(Schema):
    """A decision; `decided_on` is null while a second officer has to approve."""

    reference: str
    outcome: str
    decided_on: date | None
    law: str
    amount: str | None
    currency: str | None
    since: date | None
    until: date | None


class ClaimOut(Schema):
    """A claim with its decisions."""

    reference: str
    person: str
    scheme: str
    month: str
    state: str
    claimed_on: date
    event: dict[str, Any]
    missing: list[str]
    decisions: list[DecisionOut]
