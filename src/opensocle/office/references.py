"""References that people read aloud: eleven random signs and a check sign, in groups of four, such as 7KQ2-M9XD-4TRC. They say nothing of anybody."""

from __future__ import annotations

import secrets

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
LENGTH = 11
_VALUES = {sign: value for value, sign in enumerate(SIGNS)}
_SAME = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})


def new_reference() -> str:
    """A reference nobody has: 55 random bits."""
    bits = secrets.randbits(5 * LENGTH)
    body = "".join([SIGNS[bits >> 5 * place & 31] for place in range(LENGTH)])
    return grouped(body + check_sign(body))


def new_references(count: int) -> list[str]:
    """Many different references at once."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[new_reference()] = None
    return list(found)


def check_sign(body: str) -> str:
    """The last sign (Luhn's method modulo 32), by which one wrong sign and nearly all swaps of neighbours are noticed."""
    added = 0
    for place, sign in enumerate(reversed(body)):
        value = _VALUES[sign] * (2 - place % 2)
        added += value // 32 + value % 32
    return SIGNS[-added % 32]


def grouped(signs: str) -> str:
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def read_reference(text: str) -> str | None:
    """A reference as it is kept, from what somebody typed; None where it is none."""
    signs = text.upper().translate(_SAME)
    if len(signs) != LENGTH + 1 or any(sign not in SIGNS for sign in signs) or check_sign(signs[:-1]) != signs[-1]:
        return None
    return grouped(signs)
