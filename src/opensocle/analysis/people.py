"""The people of a projection by sex and age, as a costing keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from .model import People

if TYPE_CHECKING:
    from ..projection.outlook import Outlook

GROUPS: tuple[tuple[int, int | None], ...] = ((0, 5), (5, 15), (15, 25), (25, 65), (65, 80), (80, None))
"""Broad age groups, first age and the age at which each ends; the first two are children and the last two old age in the ratios below."""
CHILD, OLD = 15, 65
"""Children are below 15 and old age begins at 65, as in the World Population Prospects of the United Nations."""


def people_of(outlook: Outlook, years: Sequence[int]) -> tuple[People, ...]:
    """The people of these years."""
    found = []
    for year in years:
        men, women = (tuple(Decimal(repr(float(persons))) for persons in side) for side in outlook.population(year))
        found.append(People(year, men, women))
    return tuple(found)


def dependency(people: People) -> tuple[Decimal, Decimal, Decimal]:
    """Children, persons of old age, and both, for each person from 15 to 64. Zero where there is nobody of that age."""
    children, adults, old = people.between(0, CHILD), people.between(CHILD, OLD), people.between(OLD)
    if not adults:
        return Decimal(0), Decimal(0), Decimal(0)
    return children / adults, old / adults, (children + old) / adults
