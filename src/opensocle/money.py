"""Exact numbers: the decimal rules that every engine keeps, and rounding as the law says it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Literal

DIGITS = 10
"""Decimals that a quotient is rounded to, and that a product keeps at most."""

CONTEXT = Context(prec=90, rounding=ROUND_HALF_UP)
"""Wide enough that sums and products of bounded numbers are exact before they are rounded."""

STEP = Decimal(1).scaleb(-DIGITS)
_MODES = {"nearest": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}

Way = Literal["nearest", "up", "down"]


def settle(number: Decimal) -> Decimal:
    """The number with at most 10 decimals, rounded half away from zero."""
    return number.quantize(STEP, ROUND_HALF_UP, CONTEXT)


def divide(numerator: Decimal | int, denominator: Decimal | int) -> Decimal | None:
    """The quotient rounded half away from zero to 10 decimals, exactly; None when the denominator is zero."""
    top, bottom = Decimal(numerator), Decimal(denominator)
    if not bottom:
        return None
    shift = max(0, -int(top.as_tuple().exponent), -int(bottom.as_tuple().exponent))
    over = int(top.scaleb(shift + DIGITS, CONTEXT))
    under = int(bottom.scaleb(shift, CONTEXT))
    whole, rest = divmod(abs(over), abs(under))
    if 2 * rest >= abs(under):
        whole += 1
    return Decimal(whole if (over < 0) == (under < 0) else -whole).scaleb(-DIGITS, CONTEXT)


def round_to(number: Decimal, to: Decimal, way: Way = "nearest") -> Decimal:
    """The multiple of `to` that is nearest (half away from zero), not below (`up`) or not above (`down`).

    `to` must be positive; the number of multiples is found with `divide`'s 10 decimals.
    """
    if to == 1:
        return number.quantize(Decimal(1), _MODES[way], CONTEXT)
    share = divide(number, to)
    assert share is not None
    return CONTEXT.multiply(share.quantize(Decimal(1), _MODES[way], CONTEXT), to)


@dataclass(frozen=True, slots=True)
class Rounding:
    """A rule of rounding and the article that orders it."""

    to: Decimal
    way: Way
    source: str

    def __call__(self, amount: Decimal) -> Decimal:
        return round_to(amount, self.to, self.way)
