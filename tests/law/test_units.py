"""The algebra of units."""

from __future__ import annotations

import pytest
from formula_laws import VARIABLES, files, problems
from hypothesis import given
from hypothesis import strategies as st

from opensocle.errors import InputError
from opensocle.law import load
from opensocle.law.kinds import fits, join, product, quotient, same_unit
from opensocle.law.tree import Kind
from opensocle.vocabulary.units import COUNTS, PURE, TIME, Unit

BASES = st.sampled_from(["XMU", *TIME, *COUNTS])
UNITS = st.lists(st.tuples(BASES, st.integers(-3, 3)), max_size=4).map(
    lambda powers: Unit(tuple(sorted((base, power) for base, power in dict(powers).items() if power))),
)
KINDS = st.builds(Kind, st.sampled_from(["integer", "decimal"]), UNITS, st.booleans(), st.booleans())


@given(UNITS, UNITS, UNITS)
def test_units_multiply_and_divide_like_numbers(a: Unit, b: Unit, c: Unit) -> None:
    assert a * b == b * a
    assert (a * b) * c == a * (b * c)
    assert a * Unit() == a / Unit() == a
    assert a * b / b == a
    assert a / a == Unit()


@given(st.lists(BASES, min_size=1, max_size=4, unique=True))
def test_a_unit_is_read_as_it_is_shown(bases: list[str]) -> None:
    first, *below = bases
    unit = Unit.parse("/".join([first, *below]))
    assert Unit.parse(str(unit)) == unit


@pytest.mark.parametrize("pure", PURE)
def test_a_pure_number_may_be_divided_by_a_time(pure: str) -> None:
    assert Unit.parse(pure) == Unit()
    assert Unit.parse(f"{pure}/year") == Unit((("year", -1),))
    assert str(Unit.parse(f"{pure}/year")) == "1/year"
    assert str(Unit.parse(f"{pure}/person/month")) == "1/month/person"
    assert Unit.parse(f" {pure} / year ") * Unit.parse("year") == Unit()


@pytest.mark.parametrize(
    "text", ["rate/", "/year", "rate/rate", "year/rate", "XMU//month", "xmu", "XMUU", "months", "rate*year", "year^2", "1/year", "é", "a" * 900]
)
def test_what_is_no_unit_is_refused_with_a_near_one(text: str) -> None:
    with pytest.raises(InputError, match="P010") as raised:
        Unit.parse(text)
    assert raised.value.hint.endswith("money is written XMU/month")
    assert len(str(raised.value)) < 300


def test_currencies_are_shown_first_and_powers_short() -> None:
    assert str(Unit.parse("XMU") * Unit.parse("year")) == "XMU·year"
    assert str(Unit.parse("year") * Unit.parse("year") / Unit.parse("day")) == "year^2/day"
    assert str(Unit.parse("XMU/month/person")) == "XMU/month/person"
    assert Unit.parse("XMU/month").currency == "XMU"
    assert Unit.parse("year/XMU").currency is None
    assert (Unit.parse("XMU") * Unit.parse("XMU")).currency is None


def test_times_count_as_one_dimension_for_literal_factors() -> None:
    assert Unit.parse("XMU/month").without_time() == Unit.parse("XMU/day").without_time()
    assert Unit.parse("XMU/month").without_time() != Unit.parse("XMU").without_time()
    assert Unit.parse("rate/year").without_time() != Unit.parse("year").without_time()


@given(KINDS, KINDS)
def test_what_may_be_added_may_be_added_the_other_way_round(a: Kind, b: Kind) -> None:
    assert (same_unit(a, b) is None) == (same_unit(b, a) is None)
    assert (join(a, b) is None) == (join(b, a) is None)
    assert product(a, b).unit == product(b, a).unit
    assert quotient(a, a).unit == Unit()


@given(KINDS)
def test_a_kind_goes_with_itself(a: Kind) -> None:
    assert join(a, a) == a
    assert fits(a, a) == ""


def test_an_accrual_by_the_year_gives_a_rate_when_multiplied_by_years() -> None:
    law = load(files(VARIABLES + "  share: {type: rate, formula: accrual * age}\n  pay: {unit: XMU/month, formula: amount * accrual * age}\n"))
    assert str(law.rules["test", "share"].kind) == "decimal"
    assert str(law.schemes["test"].parameters["accrual"].unit) == "1/year"
    assert law.schemes["test"].parameters["accrual"].unit_text == "rate/year"
    assert [fault.split()[-1] for fault in problems(VARIABLES + "  pay: {unit: XMU/month, formula: amount * accrual}\n")] == ["F024"]
    assert [fault.split()[-1] for fault in problems(VARIABLES + "  pay: {formula: amount + accrual}\n")] == ["F021"]


def test_a_fact_of_the_country_may_be_a_rate_by_the_year() -> None:
    own = files()
    own["country.yaml"] += "variables: {persons: {pace: {type: decimal, unit: percent/year, title: {en: Pace}}}}\n"
    assert str(load(own).vocabulary.tables["persons"]["pace"].unit) == "1/year"
