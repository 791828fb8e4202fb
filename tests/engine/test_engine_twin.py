"""Random arithmetic against a slow twin with fractions: sums exact, products and quotients rounded to 10 decimals half away from zero."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from engines import Closures, DuckDB, law_of, people
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Value = Fraction | None
Facts = Mapping[str, Value]
Expression = tuple[str, Callable[[Facts], Value]]
"""The text of a formula, and its value worked out in fractions."""
FACTS = ("x", "y", "i", "j")
STEPS = ("1", "0.01", "0.05", "0.25", "10", "3")
COMPARISONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, "=": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip


def half_away(number: Fraction) -> int:
    """The nearest whole number; a half goes away from zero."""
    whole = (2 * abs(number.numerator) + number.denominator) // (2 * number.denominator)
    return whole if number >= 0 else -whole


def settled(number: Fraction) -> Fraction:
    return Fraction(half_away(number * 10**10), 10**10)


def rounded(number: Fraction, step: Fraction, way: str) -> Fraction:
    share = settled(number / step)
    multiple = {"round": half_away(share), "floor": share.numerator // share.denominator, "ceil": -(-share.numerator // share.denominator)}[way]
    return multiple * step


def strictly(function: Callable[..., Value], *args: Callable[[Facts], Value]) -> Callable[[Facts], Value]:
    """Unknown as soon as one argument is."""

    def value(facts: Facts) -> Value:
        values = [arg(facts) for arg in args]
        return None if any(v is None for v in values) else function(*values)

    return value


def chosen(sign: str, a: Callable, b: Callable, then: Callable, otherwise: Callable, facts: Facts) -> Value:
    left, right = a(facts), b(facts)
    if left is None or right is None:
        return None
    return then(facts) if COMPARISONS[sign](left, right) else otherwise(facts)


def quotient(a: Fraction, b: Fraction) -> Value:
    return None if b == 0 else settled(a / b)


def fact(name: str) -> Expression:
    return name, lambda facts: facts[name]


def literal(text: str) -> Expression:
    number = Fraction(text)
    return text, lambda _: number


def combined(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Larger expressions of smaller ones."""
    pair, steps = st.tuples(parts, parts), st.sampled_from(STEPS)

    def binary(sign: str, function: Callable[..., Value]) -> st.SearchStrategy[Expression]:
        return pair.map(lambda ab: (f"({ab[0][0]} {sign} {ab[1][0]})", strictly(function, ab[0][1], ab[1][1])))

    def call(name: str, function: Callable[..., Value]) -> st.SearchStrategy[Expression]:
        return pair.map(lambda ab: (f"{name}({ab[0][0]}, {ab[1][0]})", strictly(function, ab[0][1], ab[1][1])))

    return st.one_of(
        binary("+", lambda a, b: a + b),
        binary("-", lambda a, b: a - b),
        binary("*", lambda a, b: settled(a * b)),
        binary("/", quotient),
        call("least", min),
        call("greatest", max),
        parts.map(lambda a: (f"(-{a[0]})", strictly(lambda v: -v, a[1]))),
        parts.map(lambda a: (f"abs({a[0]})", strictly(abs, a[1]))),
        st.tuples(pair, pair, st.sampled_from(list(COMPARISONS))).map(
            lambda t: (
                f"if({t[0][0][0]} {t[2]} {t[0][1][0]}, {t[1][0][0]}, {t[1][1][0]})",
                partial(chosen, t[2], t[0][0][1], t[0][1][1], t[1][0][1], t[1][1][1]),
            )
        ),
        pair.map(lambda ab: (f"if_unknown({ab[0][0]}, {ab[1][0]})", lambda f: ab[1][1](f) if ab[0][1](f) is None else ab[0][1](f))),
        st.tuples(parts, st.sampled_from(("round", "floor", "ceil")), steps).map(
            lambda t: (f"{t[1]}({t[0][0]}, {t[2]})", strictly(lambda v: rounded(v, Fraction(t[2]), t[1]), t[0][1]))
        ),
    )


NUMBERS = st.decimals(min_value=-999, max_value=999, places=6) | st.sampled_from(
    [Decimal(v) for v in ("0", "0.5", "-0.5", "0.05", "1.005", "-1", "3")]
)
LITERALS = st.sampled_from(["2", "3", "7", "0.1", "0.075", "12", "1.000001", "0.3333333333"]).map(literal)
EXPRESSIONS = st.recursive(st.sampled_from(FACTS).map(fact) | LITERALS, combined, max_leaves=7)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "x": st.none() | NUMBERS,
            "y": st.none() | NUMBERS,
            "i": st.none() | st.integers(-20, 20),
            "j": st.none() | st.integers(-3, 3),
        }
    ),
    min_size=3,
    max_size=6,
)


@pytest.mark.parametrize("backend", [Closures(), DuckDB()], ids=lambda backend: backend.name)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(EXPRESSIONS, min_size=4, max_size=8), PEOPLE)
def test_arithmetic_is_that_of_fractions(backend: Closures | DuckDB, expressions: list[Expression], rows: list[dict[str, Any]]) -> None:
    law = law_of({f"v{number}": f"{text} * 1" for number, (text, _) in enumerate(expressions)})
    persons, _ = backend.values(law, people(law, rows), "2026-03", [f"test.v{number}" for number in range(len(expressions))])
    for number, (text, value) in enumerate(expressions):
        for key, row in enumerate(rows, 1):
            facts = {name: None if fact is None else Fraction(fact) for name, fact in row.items()}
            there = persons[key][f"test.v{number}"]
            wanted = value(facts)
            assert (None if there is None else Fraction(there)) == wanted, f"{text} of {row}"
