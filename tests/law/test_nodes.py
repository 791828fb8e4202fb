"""How the scalars of a law file are read: exact, without guessing, and with a problem for everything else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensocle.errors import InputError
from opensocle.law.model import Place
from opensocle.law.nodes import Findings, Node, check_keys, from_data, plain_data
from opensocle.periods import Month


def scalar(text: str, plain: bool = True) -> Node:
    return Node(text, Place("f.yaml", 3, 7), plain)


@pytest.mark.parametrize("text", ["0", "-0", "30", "0.05", "-12.5", "0.0000000001", "123456789012345678.0123456789"])
def test_a_number_is_exact(text: str) -> None:
    found = Findings()
    number = scalar(text).as_decimal(found, "x")
    assert not found.problems
    assert number == Decimal(text)
    assert str(number) != "-0"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1_000", "no separators"),
        ("1,000", "no separators"),
        ("1 000", "no separators"),
        ("0x10", "other bases"),
        ("0o7", "other bases"),
        ("010", "no separators"),
        ("1e400", "exponents"),
        ("1E3", "exponents"),
        (".inf", "digits and a point"),
        ("-.inf", "digits and a point"),
        (".nan", "digits and a point"),
        ("12:30", "digits and a point"),
        (".5", "digits and a point"),
        ("5.", "digits and a point"),
        ("+5", "digits and a point"),
        ("5%", "0.05"),
        ("5 %", "0.05"),
        ("thirty", "write a number"),
        ("٣٠", "write a number"),
        ("１", "write a number"),
        ("true", "write a number"),
        ("12 * 3", "write a number"),
    ],
)
def test_what_is_no_plain_number_is_refused_with_a_hint(text: str, hint: str) -> None:
    found = Findings()
    assert scalar(text).as_decimal(found, "the amount") is None
    [problem] = found.problems
    assert problem.code == "L013"
    assert problem.at == "f.yaml:3:7"
    assert hint in problem.hint


def test_a_number_in_quotes_is_a_text() -> None:
    found = Findings()
    assert scalar("30", plain=False).as_decimal(found, "x") is None
    assert found.problems[0].hint == "leave out the quotes"


@pytest.mark.parametrize("text", ["9" * 29, "9" * 5000, "0." + "1" * 11, "123456789012345678901.12345678"])
def test_numbers_have_at_most_28_digits_and_10_decimals(text: str) -> None:
    found = Findings()
    assert scalar(text).as_decimal(found, "x") is None
    assert "too many digits" in found.problems[0].what
    assert len(str(found.problems[0])) < 250


@given(st.decimals(min_value=-(10**17), max_value=10**17, places=10))
def test_every_number_with_ten_decimals_comes_back_exactly(number: Decimal) -> None:
    found = Findings()
    assert scalar(format(number, "f")).as_decimal(found, "x") == number
    assert not found.problems


def test_only_true_and_false_are_booleans() -> None:
    found = Findings()
    assert scalar("true").as_boolean(found, "x") is True
    assert scalar("false").as_boolean(found, "x") is False
    for node in (scalar("yes"), scalar("True"), scalar("on"), scalar("1"), scalar("true", plain=False)):
        assert node.as_boolean(found, "x") is None
    assert len(found.problems) == 5


def test_dates_and_months_are_iso() -> None:
    found = Findings()
    assert scalar("2024-02-29").as_date(found, "x") == date(2024, 2, 29)
    assert scalar("2024-02-29", plain=False).as_date(found, "x") == date(2024, 2, 29)
    assert scalar("2024-02").as_month(found, "x") == Month(2024, 2)
    assert not found.problems
    for text in ("2023-02-29", "2024-2-1", "01/02/2024", "2024-02-29T00:00:00", "0000-01-01", "20240229"):
        assert scalar(text).as_date(found, "x") is None
    for text in ("2024-13", "2024", "2024-02-01"):
        assert scalar(text).as_month(found, "x") is None
    assert Node([], Place()).as_date(found, "x") is None
    assert len(found.problems) == 10


def test_whole_numbers_have_bounds() -> None:
    found = Findings()
    assert scalar("12").as_integer(found, "x", 1, 12) == 12
    for text in ("13", "0", "1.5"):
        assert scalar(text).as_integer(found, "x", 1, 12) is None
    assert found.problems[0].what == "x must be a whole number from 1 to 12, not 13"


def test_a_text_is_whatever_is_written_but_not_nothing() -> None:
    found = Findings()
    assert scalar("NO").as_text(found, "x") == "NO"
    assert scalar("4.10").as_text(found, "x") == "4.10"
    assert scalar("null", plain=False).as_text(found, "x") == "null"
    assert not found.problems
    for node in (scalar(""), scalar("null"), scalar("  ", plain=False), Node({}, Place()), Node([], Place())):
        assert node.as_text(found, "x") is None
    assert len(found.problems) == 5


def test_a_wrong_word_names_the_nearest_one() -> None:
    found = Findings()
    assert scalar("familly").as_choice(found, "'branch'", ["family", "sickness"]) is None
    assert str(found.problems[0]) == "f.yaml:3:7: L015 'branch' cannot be familly — did you mean 'family'?"


def test_unknown_and_missing_keys_are_all_reported() -> None:
    found = Findings()
    node = Node({"titel": scalar("x"), "source": scalar("")}, Place("f.yaml", 1, 1), keys={"titel": Place("f.yaml", 2, 3)})
    check_keys(node, found, "it", ("title", "source"), ("notes",))
    assert [problem.code for problem in found.problems] == ["L010", "L011", "L011"]
    assert found.problems[0].at == "f.yaml:2:3"
    assert found.problems[0].hint == "did you mean 'title'?"


def test_python_data_become_a_tree() -> None:
    data = {"a": [1, Decimal("0.50"), True, None, "x", "null"], date(2026, 1, 1): Month(2026, 1), 3: Decimal("1E+3")}
    assert plain_data(from_data(data)) == {"a": ["1", "0.50", "true", None, "x", "null"], "2026-01-01": "2026-01", "3": "1000"}


@pytest.mark.parametrize("data", [0.1, {"a": float("nan")}, [object()], {True: 1}, {1.5: 2}, Decimal("NaN"), b"x", {None: 1}])
def test_python_data_that_are_no_law_are_refused(data: object) -> None:
    with pytest.raises(InputError, match="P020"):
        from_data(data)


def test_endless_python_data_are_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(InputError, match="levels deep"):
        from_data(loop)
