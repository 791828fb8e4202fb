"""Units of measure and their algebra: XMU/month, day, XMU/day × day = XMU."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import InputError, nearest

TIME = ("day", "week", "month", "year")
COUNTS = ("person", "household", "point", "hour", "visit", "square_metre", "kilometre", "index")
PURE = ("rate", "percent", "number")


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers of base units, kept sorted; `Unit()` is a pure number.

    Bases are currency codes (three capitals), the times of TIME and the things of COUNTS. Those of PURE are pure numbers.
    """

    powers: tuple[tuple[str, int], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Unit:
        """The unit written `XMU`, `XMU/month`, `XMU/person/day` or `year`; `rate`, `percent`, `number` or nothing for a pure number.

        These three may be divided too: `rate/year` is what an accrual of 0.02 a year has. Raises InputError P010.
        """
        first, *below = (part.strip() for part in text.split("/"))
        pure = first in PURE or not (first or below)
        unit = cls()
        for base, power in (*(() if pure else ((first, 1),)), *((base, -1) for base in below)):
            if not (re.fullmatch(r"[A-Z]{3}", base) or base in TIME or base in COUNTS):
                hint = nearest(base[:40], [*TIME, *COUNTS, *(PURE if power > 0 else ())])
                raise InputError("P010", f"{base[:40]!r} is not a unit", hint=f"{hint}; money is written XMU/month")
            unit = unit * cls(((base, power),))
        return unit

    def __mul__(self, other: Unit) -> Unit:
        powers = dict(self.powers)
        for base, power in other.powers:
            powers[base] = powers.get(base, 0) + power
        return Unit(tuple(sorted((b, p) for b, p in powers.items() if p)))

    def __truediv__(self, other: Unit) -> Unit:
        return self * Unit(tuple((base, -power) for base, power in other.powers))

    @property
    def currency(self) -> str | None:
        """The currency code, if the unit is an amount of money."""
        return next((base for base, power in self.powers if power == 1 and len(base) == 3 and base.isupper()), None)

    def without_time(self) -> tuple[tuple[tuple[str, int], ...], int]:
        """The unit with all times counted as one dimension: equal for units that a literal factor may convert into each other."""
        rest = tuple((b, p) for b, p in self.powers if b not in TIME)
        return rest, sum(p for b, p in self.powers if b in TIME)

    def __str__(self) -> str:
        above = [b if p == 1 else f"{b}^{p}" for b, p in self.powers if p > 0]
        below = [b if p == -1 else f"{b}^{-p}" for b, p in self.powers if p < 0]
        above.sort(key=lambda b: not b.isupper())
        return "/".join(["·".join(above) or ("1" if below else ""), *below])
