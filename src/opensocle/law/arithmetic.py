"""Arithmetic on numbers as worked cases write it: `12 * .08 * 100000`, exact, and nothing else than + - * / and parentheses."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from ..errors import InputError
from ..money import CONTEXT, divide

LONGEST, DEEPEST, MAX_DIGITS = 500, 30, 28
_TOKEN = re.compile(r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)|(?P<sign>[-+*/()]))")


def evaluate(text: str) -> Decimal:
    """The value, exact as long as it can be and rounded half away from zero to 10 decimals where it has more. Raises InputError C010."""
    if len(text) > LONGEST:
        raise InputError("C010", f"the arithmetic is longer than {LONGEST} characters", hint="write its result")
    signs = _Signs(_tokens(text), text)
    value = signs.sum(0)
    if signs.peek():
        raise _fault(text, f"{signs.peek()!r} is out of place")
    if abs(value) >= 10**MAX_DIGITS:
        raise _fault(text, "the result is too large")
    exact = Decimal(value.numerator) if value.denominator == 1 else divide(value.numerator, value.denominator)
    return _short(exact if exact is not None else Decimal(0))


def _short(number: Decimal) -> Decimal:
    """The number without zeros at the end of its decimals."""
    return number.quantize(Decimal(1), context=CONTEXT) if number == number.to_integral_value() else number.normalize(CONTEXT)


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise _fault(text, f"{text[at:].strip()[:20]!r} is not arithmetic")
        tokens.append(found["number"] or found["sign"])
        at = found.end()
    return tokens


class _Signs:
    """A reader of the tokens, from the weakest operator to the strongest."""

    def __init__(self, tokens: list[str], text: str) -> None:
        self.tokens, self.text, self.at = tokens, text, 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self, depth: int) -> Fraction:
        value = self.product(depth)
        while self.peek() in ("+", "-"):
            value = value + self.product(depth) if self.take() == "+" else value - self.product(depth)
        return value

    def product(self, depth: int) -> Fraction:
        value = self.factor(depth)
        while self.peek() in ("*", "/"):
            if self.take() == "*":
                value *= self.factor(depth)
                continue
            divisor = self.factor(depth)
            if not divisor:
                raise _fault(self.text, "a division by zero")
            value /= divisor
        return value

    def factor(self, depth: int) -> Fraction:
        if depth > DEEPEST:
            raise _fault(self.text, "too many brackets")
        token = self.take() if self.peek() else ""
        if token in ("+", "-"):
            value = self.factor(depth + 1)
            return -value if token == "-" else value
        if token == "(":
            value = self.sum(depth + 1)
            if not self.peek() or self.take() != ")":
                raise _fault(self.text, "a bracket is not closed")
            return value
        if not token or token in "*/)":
            raise _fault(self.text, f"a number is missing{f' before {token!r}' if token else ''}")
        return Fraction(token)


def _fault(text: str, what: str) -> InputError:
    return InputError("C010", f"{what} in {text[:60]!r}", hint="write numbers with + - * / and parentheses")
