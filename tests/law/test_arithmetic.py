"""The arithmetic of expected values."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensocle.errors import InputError
from opensocle.law.arithmetic import evaluate


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30", "30"),
        ("12 * .08 * 100000", "96000"),
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 3 - 2", "5"),
        ("100 / 10 / 5", "2"),
        ("-(2 - 5)", "3"),
        ("2 * -3", "-6"),
        ("1 / 3", "0.3333333333"),
        ("2 / 3", "0.6666666667"),
        ("1 / 3 * 3", "1"),
        ("0.1 + 0.2", "0.3"),
        ("1000 * 1000", "1000000"),
    ],
)
def test_arithmetic_is_exact(text: str, value: str) -> None:
    assert str(evaluate(text)) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "* 2",
        "(1",
        "1)",
        "1 2",
        "1 / 0",
        "2 ** 3",
        "2 // 3",
        "1e3",
        "1_000",
        "a + 1",
        "__import__('os')",
        "9" * 400,
        "9" * 600,
        "(" * 40 + "1" + ")" * 40,
        "-" * 100 + "1",
        "1.2.3",
        "1,5",
        "٣ + 1",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="C010"):
        evaluate(text)


@given(st.lists(st.tuples(st.sampled_from("+-*"), st.integers(0, 999)), max_size=8), st.integers(0, 999))
def test_it_agrees_with_python(tail: list[tuple[str, int]], first: int) -> None:
    text = " ".join([str(first), *(f"{sign} {number}" for sign, number in tail)])
    expected = Fraction(eval(text))
    assert Fraction(evaluate(text)) == expected
    assert evaluate(text) == Decimal(int(expected))
