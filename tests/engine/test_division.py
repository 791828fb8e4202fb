"""Division in DuckDB is exact at every width: in 64 bits at once, in two steps, through a DOUBLE, and in 128 bits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensocle.engine.ranges import Range
from opensocle.engine.sql.dialect import DIALECTS
from opensocle.engine.sql.types import Sql, Type
from opensocle.money import DIGITS

STEP, ROOM = Decimal(1).scaleb(-DIGITS), Context(prec=100)


@pytest.fixture(scope="module")
def database() -> Iterator[Any]:
    with duckdb.connect() as connection:
        yield connection


@st.composite
def numbers(draw: st.DrawFn, least: int) -> tuple[Decimal, int, int]:
    """A number, with its digits before and after the point."""
    whole, scale = draw(st.integers(1, 12)), draw(st.integers(0, 10))
    most = 10 ** (whole + scale) - 1
    return Decimal(draw(st.integers(-most if least < 0 else least, most))).scaleb(-scale), whole, scale


@given(numbers(-1), numbers(1), st.booleans())
def test_the_quotient_is_the_exact_one_rounded_half_away_from_zero(
    database: Any, top: tuple[Decimal, int, int], bottom: tuple[Decimal, int, int], negative: bool
) -> None:
    (a, a_whole, a_scale), (b, b_whole, b_scale) = top, bottom
    b = -b if negative else b
    ranges = [
        Range(min(value, Decimal(0)) if least is None else min(value, least), Decimal(10) ** whole - Decimal(1).scaleb(-scale), scale)
        for value, whole, scale, least in ((a, a_whole, a_scale, None), (b, b_whole, b_scale, Decimal(1).scaleb(-b_scale)))
    ]
    sides = [
        Sql(f"CAST({value} AS DECIMAL({whole + scale},{scale}))", Type("DECIMAL", whole + scale, scale)) for value, whole, scale in (top, bottom)
    ]
    if negative:
        sides[1] = Sql(f"(- {sides[1].text})", sides[1].type)
    want = Type("DECIMAL", min(a_whole + b_scale + DIGITS, 38), DIGITS)
    written = DIALECTS["duckdb"].divide(sides[0], sides[1], (ranges[0], ranges[1]), want).text
    assert database.execute(f"SELECT {written}").fetchone()[0] == ROOM.divide(a, b).quantize(STEP, ROUND_HALF_UP, ROOM)
