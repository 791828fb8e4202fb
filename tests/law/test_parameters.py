"""A parameter's value on a day, against examples computed by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensocle.errors import InputError
from opensocle.law.model import Band, Bracket, Dated, Indexation, Parameter, Value
from opensocle.law.parameters import course, value_on
from opensocle.periods import Month
from opensocle.vocabulary import Unit

D = Decimal


def parameter(
    values: dict[str, Value],
    unit: str = "XMU/month",
    index: Indexation | None = None,
    until: date | None = None,
    by: tuple[str, ...] = (),
    scale: Literal["marginal", "single"] | None = None,
    of: str = "",
) -> Parameter:
    dated = tuple(Dated(date.fromisoformat(day), value) for day, value in values.items())
    limits = Unit.parse(of) if of else None
    return Parameter("amount", "decimal", Unit.parse(unit), dated, "Decree 1", by, scale, limits, index, until)


YEARLY = Indexation("prices", "year", 1)
PRICES = {Month(2024, 1): D(100), Month(2025, 1): D(103), Month(2026, 1): D("107.12"), Month(2027, 1): D("107.12")}


def test_a_value_holds_from_its_date_until_the_next() -> None:
    figure = parameter({"2024-01-01": D(30), "2026-07-01": D(40)})
    assert value_on(figure, date(2023, 12, 31)).state == "absent"
    assert value_on(figure, date(2024, 1, 1)).value == 30
    assert value_on(figure, date(2026, 6, 30)).since == date(2024, 1, 1)
    known = value_on(figure, date(2026, 7, 1))
    assert (known.value, known.since, known.source, known.state) == (40, date(2026, 7, 1), "Decree 1", "enacted")
    assert value_on(figure, date(2099, 1, 1)).state == "enacted"


def test_a_repealed_or_ended_value_is_absent() -> None:
    repealed = parameter({"2024-01-01": D(30), "2025-01-01": None, "2026-01-01": D(35)}, index=YEARLY)
    known = value_on(repealed, date(2025, 6, 1), {"prices": PRICES})
    assert (known.value, known.state, known.since) == (None, "absent", date(2025, 1, 1))
    assert value_on(repealed, date(2026, 1, 1)).value == 35
    ended = parameter({"2024-01-01": D(30)}, until=date(2026, 1, 1))
    assert value_on(ended, date(2025, 12, 31)).value == 30
    assert value_on(ended, date(2026, 1, 1)).state == "absent"


def test_an_indexed_value_moves_each_year_and_is_rounded_each_time() -> None:
    figure = parameter({"2024-01-01": D("30.55")}, index=YEARLY)
    indices = {"prices": PRICES}
    assert value_on(figure, date(2024, 12, 31), indices).state == "enacted"
    # 30.55 × 103 / 100 = 31.4665 → 31.47;  31.47 × 107.12 / 103 = 32.7288 → 32.73
    first, second = value_on(figure, date(2025, 1, 1), indices), value_on(figure, date(2026, 12, 31), indices)
    assert (first.value, first.since, first.state) == (D("31.47"), date(2025, 1, 1), "indexed")
    assert (second.value, second.since, second.state) == (D("32.73"), date(2026, 1, 1), "indexed")
    assert value_on(figure, date(2027, 3, 1), indices).value == D("32.73")


def test_the_currency_says_how_many_decimals_money_keeps() -> None:
    figure = parameter({"2024-01-01": D(3055)}, index=YEARLY)
    assert value_on(figure, date(2025, 1, 1), {"prices": PRICES}, digits=0).value == 3147  # 3146.65
    rate = parameter({"2024-01-01": D(1)}, unit="rate", index=YEARLY)
    assert value_on(rate, date(2025, 1, 1), {"prices": {date(2024, 1, 1): D(3), date(2025, 1, 1): D(4)}}).value == D("1.3333333333")


def test_halves_are_rounded_away_from_zero() -> None:
    indices = {"prices": {Month(2024, 1): D(2), Month(2025, 1): D(3)}}
    assert value_on(parameter({"2024-01-01": D("0.03")}, index=YEARLY), date(2025, 1, 1), indices).value == D("0.05")  # 0.045
    assert value_on(parameter({"2024-01-01": D("-0.03")}, index=YEARLY), date(2025, 1, 1), indices).value == D("-0.05")


def test_the_month_of_indexation_is_the_rule_s() -> None:
    figure = parameter({"2024-01-01": D(100)}, index=Indexation("prices", "year", 7))
    levels = {Month(2024, 1): D(100), Month(2024, 7): D(110), Month(2025, 7): D(121)}
    assert value_on(figure, date(2024, 6, 30), {"prices": levels}).state == "enacted"
    assert value_on(figure, date(2024, 7, 1), {"prices": levels}).value == 110
    assert value_on(figure, date(2025, 7, 1), {"prices": levels}).value == 121


def test_a_monthly_rule_moves_each_month() -> None:
    figure = parameter({"2024-01-15": D(100)}, index=Indexation("prices", "month"))
    levels = {Month(2024, 1): D(100), Month(2024, 2): D(101), Month(2024, 3): D(102)}
    assert value_on(figure, date(2024, 1, 31), {"prices": levels}).state == "enacted"
    assert value_on(figure, date(2024, 2, 1), {"prices": levels}).value == 101
    known = value_on(figure, date(2024, 6, 1), {"prices": levels})
    assert (known.value, known.since, known.state) == (102, date(2024, 3, 1), "held")


def test_without_a_series_the_last_value_is_held() -> None:
    figure = parameter({"2024-01-01": D(30)}, index=YEARLY)
    for indices in (None, {}, {"wages": PRICES}, {"prices": {}}):
        known = value_on(figure, date(2026, 1, 1), indices)
        assert (known.value, known.since, known.state) == (30, date(2024, 1, 1), "held")


def test_a_series_that_starts_late_or_ends_early_holds_the_value() -> None:
    figure = parameter({"2024-01-01": D(30)}, index=YEARLY)
    late = value_on(figure, date(2026, 1, 1), {"prices": {Month(2024, 6): D(100), Month(2026, 1): D(110)}})
    assert (late.value, late.state) == (30, "held")
    ended = value_on(figure, date(2040, 1, 1), {"prices": PRICES})
    assert (ended.state, ended.since) == ("held", date(2027, 1, 1))


def test_between_enacted_values_the_rule_does_not_apply() -> None:
    figure = parameter({"2024-01-01": D(30), "2027-01-01": D(31)}, index=YEARLY)
    assert value_on(figure, date(2026, 6, 1), {"prices": PRICES}).value == 30


def test_tables_move_cell_by_cell_and_scales_by_what_is_money() -> None:
    indices = {"prices": PRICES}
    table = parameter({"2024-01-01": {(Band(60, 69),): D(600), (Band(70, None),): D("700.10")}}, by=("age",), index=YEARLY)
    assert value_on(table, date(2025, 1, 1), indices).value == {(Band(60, 69),): D(618), (Band(70, None),): D("721.10")}  # 721.103
    rates = parameter({"2024-01-01": (Bracket(D(0), D("0.1")), Bracket(D(1000), D("0.2")))}, "rate", YEARLY, scale="marginal", of="XMU/month")
    assert value_on(rates, date(2025, 1, 1), indices).value == (Bracket(D(0), D("0.1")), Bracket(D(1030), D("0.2")))
    fees = parameter({"2024-01-01": (Bracket(D(0), None, D(5)), Bracket(D(3), None, D(8)))}, "XMU", YEARLY, scale="single", of="year")
    assert value_on(fees, date(2025, 1, 1), indices).value == (Bracket(D(0), None, D("5.15")), Bracket(D(3), None, D("8.24")))


@pytest.mark.parametrize("level", [D(0), D(-1), D("NaN"), D("Infinity"), 1.03])
def test_a_level_that_is_no_positive_decimal_is_refused(level: Decimal) -> None:
    figure = parameter({"2024-01-01": D(30)}, index=YEARLY)
    with pytest.raises(InputError, match="P021"):
        value_on(figure, date(2025, 1, 1), {"prices": {Month(2024, 1): D(100), Month(2025, 1): level}})


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.integers(1, 30))
def test_a_constant_series_changes_nothing(amount: Decimal, years: int) -> None:
    figure = parameter({"2024-01-01": amount}, index=YEARLY)
    levels = {Month(2024 + n, 1): D("98.7") for n in range(years + 1)}
    known = value_on(figure, date(2024 + years, 1, 1), {"prices": levels})
    assert known.value == amount
    assert known.state == "indexed"


@given(
    st.dictionaries(st.dates(date(2022, 1, 1), date(2026, 12, 31)), st.one_of(st.none(), st.decimals(1, 99, places=2)), min_size=1, max_size=4),
    st.sampled_from([None, YEARLY, Indexation("prices", "month", 1), Indexation("prices", "year", 7)]),
    st.one_of(st.none(), st.dates(date(2027, 1, 1), date(2028, 12, 31))),
    st.dates(date(2021, 1, 1), date(2029, 12, 31)),
)
def test_the_course_of_a_parameter_gives_its_value_on_every_day(
    values: dict[date, Decimal | None], index: Indexation | None, until: date | None, day: date
) -> None:
    figure = parameter({since.isoformat(): value for since, value in sorted(values.items())}, index=index, until=until)
    indices = {"prices": {Month(2020 + at, 1): D(100) * D("1.03") ** at for at in range(8)}}
    before = [known for since, known in course(figure, date(2030, 1, 1), indices) if since <= day]
    assert (before[-1] if before else value_on(figure, day)) == value_on(figure, day, indices)
    assert course(figure, day, indices) == [change for change in course(figure, date(2030, 1, 1), indices) if change[0] <= day]
