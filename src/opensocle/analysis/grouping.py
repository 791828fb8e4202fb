"""The lines of a costing added up by branch, by guarantee of the floor, or over all schemes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ..money import CONTEXT
from .model import Account, Costing, Line, ScenarioResult
from .scenarios import extension

NOTHING = Decimal(0)
By = Literal["branch", "guarantee"]


@dataclass(frozen=True, slots=True)
class Total:
    """What the schemes of a group spend and receive in a year. Amounts in the currency; shares of gross expenditure, None where nothing is known."""

    group: str  # a branch or a guarantee; "" for all schemes
    year: int
    schemes: tuple[str, ...]
    benefits: Decimal
    administration: Decimal
    contributions: Decimal
    share_of_gdp: Decimal | None
    share_of_expenditure: Decimal | None

    @property
    def gross(self) -> Decimal:
        """Benefits and administration."""
        return self.benefits + self.administration

    @property
    def net(self) -> Decimal:
        """Gross expenditure less contributions."""
        return self.gross - self.contributions


@dataclass(frozen=True, slots=True)
class Extension:
    """How a scenario extends a scheme in a year over another one; horizontal and vertical add up to the difference of benefits."""

    scheme: str
    year: int
    horizontal: Decimal
    vertical: Decimal

    @property
    def difference(self) -> Decimal:
        return self.horizontal + self.vertical


def total(group: str, account: Account, lines: Sequence[Line]) -> Total:
    """The lines of the account's year added up."""
    found = [line for line in lines if line.year == account.year]
    gross = sum((line.gross for line in found), NOTHING)
    return Total(
        group,
        account.year,
        tuple(line.scheme for line in found),
        sum((line.benefits for line in found), NOTHING),
        sum((line.administration for line in found), NOTHING),
        sum((line.contributed for line in found), NOTHING),
        share(gross, account.gdp),
        share(gross, account.expenditure),
    )


def totals_by(costing: Costing, result: ScenarioResult, by: By) -> tuple[Total, ...]:
    """A total for each year and group, in the costing's order of schemes. Schemes that are no part of the floor are in no guarantee."""
    groups: dict[str, set[str]] = {}
    for label in costing.schemes:
        group = label.branch if by == "branch" else label.guarantee
        if group:
            groups.setdefault(group, set()).add(label.name)
    present = {line.scheme for line in result.lines}
    return tuple(
        total(group, account, [line for line in result.lines if line.scheme in names])
        for account in result.accounts
        for group, names in groups.items()
        if names & present
    )


def extensions(before: ScenarioResult, after: ScenarioResult) -> tuple[Extension, ...]:
    """How `after` extends each scheme and year over `before`; schemes that it no longer has are horizontal cuts."""
    found = extension(before.lines, after.lines)
    gone = [line for line in before.lines if (line.scheme, line.year) not in found]
    cuts = [Extension(line.scheme, line.year, -line.benefits, NOTHING) for line in gone]
    return (*(Extension(scheme, year, *parts) for (scheme, year), parts in found.items()), *cuts)


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """The part as a fraction; None where the whole is nothing."""
    return CONTEXT.divide(part, whole) if whole else None
