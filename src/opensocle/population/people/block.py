"""One block of households while its facts are being made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as Date

import numpy as np

from .draws import Draws, Numbers
from .shape import CHILD, GRANDCHILD, HEAD, IN_LAW, SPOUSE, Members
from .storing import NOTHING

YEAR = 365.25


@dataclass(slots=True)
class Block:
    """Draws, members and, as they are made, the columns of persons (`facts`) and households (`homes`) and some hidden traits."""

    draws: Draws
    members: Members
    date: Date
    months: int
    unknowns: float
    first_person: int
    first_household: int
    facts: dict[str, Numbers] = field(default_factory=dict)
    homes: dict[str, Numbers] = field(default_factory=dict)
    wealth: Numbers = field(default_factory=lambda: np.zeros(0))  # (household,) hidden: about standard normal
    death: Numbers = field(default_factory=lambda: np.zeros(0))  # (person,) day of death, NOTHING for the living

    @property
    def today(self) -> int:
        """The date as a day since 1970."""
        return day(self.date)

    @property
    def size(self) -> int:
        """Number of persons."""
        return len(self.members.age)

    @property
    def homes_count(self) -> int:
        return len(self.members.sizes)

    @property
    def dead(self) -> Numbers:
        """Persons who have died by the date."""
        return (self.death != NOTHING) & (self.death <= self.today)

    def of_home(self, trait: Numbers) -> Numbers:
        """A household's trait, for each of its members."""
        return trait[self.members.household]

    def id_of(self, position: Numbers) -> Numbers:
        """Identifiers of the persons at these positions of the block; none where the position is -1."""
        return np.where(position >= 0, position + self.first_person, NOTHING)

    def per_home(self, amount: Numbers) -> Numbers:
        """Sum over the members of each household."""
        return np.add.reduceat(amount, self.members.first)

    def is_child_of_head(self) -> Numbers:
        place = self.members.place
        return (place >= CHILD) & (place < CHILD + 6)

    def grown(self) -> Numbers:
        """Heads, spouses and the grown children with children of their own: those who run the household."""
        return np.isin(self.members.place, (HEAD, SPOUSE, IN_LAW)) | ((self.members.place == CHILD) & self._has_grandchild())

    def _has_grandchild(self) -> Numbers:
        return self.of_home(self.per_home((self.members.place == GRANDCHILD).astype(np.int32)) > 0)


def day(date: Date) -> int:
    """Days since 1970."""
    return date.toordinal() - Date(1970, 1, 1).toordinal()


def first_of_month(index: Numbers) -> Numbers:
    """Day since 1970 of the first day of months counted since January 1970."""
    return np.asarray(index).astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)


def cents(amount: Numbers, step: Numbers | int = 1) -> Numbers:
    """Money as whole cents, rounded to a multiple of `step` cents (int64)."""
    return (np.rint(amount * 100 / step).astype(np.int64)) * step


def millionths(number: Numbers, step: float) -> Numbers:
    """A decimal as whole millionths, rounded to a multiple of `step` (int64)."""
    return np.rint(number / step).astype(np.int64) * round(step * 1_000_000)


def optional(condition: Numbers, number: Numbers | int) -> Numbers:
    """The number where the condition is true, nothing elsewhere (int32; int64 for keys and money)."""
    number = np.asarray(number)
    wide = np.int64 if number.dtype == np.int64 else np.int32
    return np.where(condition, number, NOTHING).astype(wide)
