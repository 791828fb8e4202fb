"""Units of measure and their algebra: XMU/month, day, XMU/day × day = XMU."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import InputError

TIME = ("day", "week", "month", "year")
COUNTS = ("person", "household", "point", "hour", "visit", "square_metre", "kilometre", "index")


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers of base units, kept sorted; `Unit()` is a pure number.

    Bases are currency codes (three capitals), the times of TIME and the things of COUNTS. `percent` is a pure number.
    """

    powers: tuple[tuple[str, int], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Unit:
        """The unit written `XMU`, `XMU/month`, `XMU/person/day`, `year`, or `rate` / `percent` / `` for none. Raises InputError P010."""
        text = text.strip()
        if text in ("", "rate", "percent", "number"):
            return cls()
        unit = cls()
        for position, base in enumerate(text.split("/")):
            base = base.strip()
            if not (re.fullmatch(r"[A-Z]{3}", base) or base in TIME or base in COUNTS):
                from ..errors import nearest

                raise InputError(
                    "P010", f"{base!r} is not a unit", hint=nearest(base, [*TIME, *COUNTS, "rate", "percent"]) + "; money is written XMU/month"
                )
            unit = unit * cls(((base, 1 if position == 0 else -1),))
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
