"""Parameters, on every backend: tables, scales, indices and values on other dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engines import Backend, check, law_of, people

from opensocle.engine.deciding import Decider
from opensocle.engine.running import run
from opensocle.periods import Month

TABLES = """
  by_grade: {by: grade, unit: XMU/month, values: {2020-01-01: {low: 10, high: 20.5}, 2027-01-01: {low: 11, high: 21, top: 31}}, source: A}
  by_size: {by: i, values: {2020-01-01: {1: 25, 2: 32, 3: -1}}, source: A}
  by_age: {by: i, values: {2020-01-01: {0-4: 1, 5-17: 2.25, 60+: 3}}, source: A}
  by_two: {by: [region, i], values: {2020-01-01: {north: {1: 11, 2: 12}, south: {1: 21, 2: 22}}}, source: A}
  by_two_bands: {by: [grade, i], values: {2020-01-01: {low: {0-9: 1, 10+: 2}, high: {0-9: 3, 10+: 4}}}, source: A}
  gone: {by: grade, values: {2020-01-01: {low: 1}, 2025-01-01: null}, source: A}
"""


def test_a_table_gives_the_row_of_a_code_and_nothing_for_a_code_that_it_does_not_have(backend: Backend) -> None:
    rows = [{"grade": "low"}, {"grade": "high"}, {"grade": "top"}, {"grade": None}]
    check(
        backend,
        {
            "by_grade[grade]": [10, "20.5", None, None],
            "by_grade['high'] * 2": [41] * 4,
            "by_grade[grade] is null": [False, False, True, True],
            "gone[grade]": [None] * 4,
        },
        rows,
        TABLES,
    )
    check(backend, {"by_grade[grade]": [11, 21, 31, None]}, rows, TABLES, period="2027-01")
    check(backend, {"gone[grade]": [1, None, None, None]}, rows, TABLES, period="2024-12")


def test_a_table_of_numbers_gives_the_row_of_the_same_number_or_of_its_band(backend: Backend) -> None:
    values = [0, 1, 2, 3, 4, 5, 17, 18, 59, 60, 1000000, -1, None]
    check(
        backend,
        {
            "by_size[i]": [None, 25, 32, -1, *[None] * 9],
            "by_age[i]": [1, 1, 1, 1, 1, "2.25", "2.25", None, None, 3, 3, None, None],
            "by_age[i + 1]": [1, 1, 1, 1, "2.25", "2.25", None, None, 3, 3, 3, 1, None],
            "by_size[least(i, 3)]": [None, 25, 32, -1, -1, -1, -1, -1, -1, -1, -1, None, None],
        },
        [{"i": value} for value in values],
        TABLES,
    )


def test_a_table_by_two_keys_needs_both(backend: Backend) -> None:
    rows = [
        {"region": "north", "grade": "low", "i": 1},
        {"region": "south", "grade": "high", "i": 2},
        {"region": "east", "grade": "top", "i": 1},
        {"region": "north", "grade": "high", "i": 10},
        {"region": None, "grade": "low", "i": 1},
        {"region": "south", "grade": None, "i": None},
    ]
    check(
        backend,
        {"by_two[region, i]": [11, 22, None, None, None, None], "by_two_bands[grade, i]": [1, 3, None, 4, 1, None]},
        rows,
        TABLES,
    )


SCALES = """
  tax: {scale: marginal, of: XMU/month, values: {2020-01-01: [{from: 0, rate: 0}, {from: 1000, rate: 0.1}, {from: 3000, rate: 0.255}]}, source: A}
  falling: {scale: marginal, of: XMU/month, values: {2020-01-01: [{from: 0, rate: 0.2}, {from: 1000, rate: 0.1}, {from: 2000, rate: 0}]}, source: A}
  above: {scale: marginal, of: XMU/month, values: {2020-01-01: [{from: 500, rate: 0.5}]}, source: A}
  whole: {scale: single, of: XMU/month, values: {2020-01-01: [{from: 0, rate: 0.01}, {from: 1000, rate: 0.02}]}, source: A}
  fees: {scale: single, of: XMU/month, unit: XMU/month, values: {2020-01-01: [*fees]}, source: A}
  fine: {scale: marginal, of: XMU/month, values: {2020-01-01: [{from: 0, rate: 0.0000000001}, {from: 0.5, rate: 0.123456789}]}, source: A}
"""


def test_scales_apply_by_slice_or_as_a_whole_with_thresholds_included(backend: Backend) -> None:
    pays = ["0", "999.99", "1000", "1000.01", "3000", "5000", "-100", "99.99", "100", "2000", None]
    check(
        backend,
        {
            "scale(tax, pay)": [0, 0, 0, "0.001", 200, 710, 0, 0, 0, 100, None],
            "scale(falling, pay)": [0, "199.998", 200, "200.001", 300, 300, 0, "19.998", 20, 300, None],
            "scale(above, pay)": [0, "249.995", 250, "250.005", 1250, 2250, 0, 0, 0, 750, None],
            "scale(whole, pay)": [0, "9.9999", 20, "20.0002", 60, 100, None, "0.9999", 1, 40, None],
            "scale(fees, pay)": [None, 5, "8.5", "8.5", 0, 0, None, None, 5, 0, None],
            "scale(tax, pay * 2)": [0, "99.998", 100, "100.002", 965, 1985, 0, 0, 0, 455, None],
            "scale(fine, pay)": [
                0, "123.3938260377", "123.3950606056", "123.3962951734", "370.3086386056", "617.2222166056", 0, "12.2827159377", "12.2839505056",
                "246.8518496056", None,
            ],
        },
        [{"pay": pay} for pay in pays],
        SCALES,
    )  # fmt: skip


SCALES = SCALES.replace("*fees", "{from: 100, amount: 5}, {from: 1000, amount: 8.5}, {from: 2000, amount: 0}")
INDICES = """
  wage_index: {unit: index, values: {2020-01-01: 100, 2020-06-01: 103, 2021-01-01: 110.5, 2022-01-01: 0}, source: A}
  floor: {unit: XMU/month, values: {2020-01-01: 50, 2026-03-01: 60}, source: A}
  limit: {unit: XMU/month, values: {2020-01-01: 5, 2021-01-01: 7}, until: 2022-01-01, source: A}
"""


def test_an_index_is_the_value_on_one_date_divided_by_that_on_another(backend: Backend) -> None:
    rows = [
        {"m": "2020-01", "d": "2020-05-31"},
        {"m": "2020-07", "d": "2020-06-01"},
        {"m": "2021-12", "d": "2019-12-31"},
        {"m": "2022-01", "d": "2030-01-01"},
        {"m": None, "d": None},
    ]
    check(
        backend,
        {
            "wage_index(m, month('2021-01'))": ["1.105", "1.0728155340", 1, None, None],
            "wage_index(d, date('2020-01-01'))": [1, "0.9708737864", None, None, None],
            "wage_index(m, period)": [0, 0, 0, None, None],
            "wage_index(d, m)": [1, 1, None, None, None],
        },
        rows,
        INDICES,
    )


def test_a_value_on_another_date_is_the_one_that_was_in_force(backend: Backend) -> None:
    rows = [{"d": "2019-12-31"}, {"d": "2020-01-01"}, {"d": "2021-06-30"}, {"d": "2022-01-01"}, {"d": "2026-03-01"}, {"d": None}]
    check(
        backend,
        {
            "value_on(floor, d)": [None, 50, 50, 50, 60, None],
            "value_on(limit, d)": [None, 5, 7, None, None, None],
            "value_on(floor, month_of(d))": [None, 50, 50, 50, 60, None],
            "value_on(floor, date('2025-01-01'))": [50] * 6,
            "value_on(floor, date('2019-01-01'))": [None] * 6,
            "floor": [60] * 6,
            "limit": [None] * 6,
            "limit is null": [True] * 6,
        },
        rows,
        INDICES,
    )


def test_a_parameter_has_the_value_of_the_month(backend: Backend) -> None:
    law = law_of({"a": "floor", "b": "limit"}, INDICES)
    found, _ = backend.values(law, people(law, [{}]), "2026-02:2026-03", ["test.a", "test.b"])
    assert found[1] == {"test.a_2026-02": 50, "test.a_2026-03": 60, "test.b_2026-02": None, "test.b_2026-03": None}
    found, _ = backend.values(law, people(law, [{}]), "2019-12", ["test.a"])
    assert found[1] == {"test.a": None}


def test_an_indexed_parameter_follows_the_series_that_is_given() -> None:
    """Only runs and decisions take indices: the levels of the scenario."""
    parameters = """
  amount: {unit: XMU/month, values: {2025-01-01: 30}, index: {by: consumer_prices, every: year, month: 1}, source: A}
"""
    law = law_of({"benefit": {"unit": "XMU/month", "formula": "amount"}, "past": {"unit": "XMU/month", "formula": "value_on(amount, d)"}}, parameters)
    indices = {"consumer_prices": {date(2025, 1, 1): Decimal(100), date(2026, 1, 1): Decimal(103), date(2027, 1, 1): Decimal("106.09")}}
    people_ = people(law, [{"d": "2025-12-31"}, {"d": "2026-01-01"}, {"d": "2027-06-01"}])
    table = run(law, people_, "2027-02", ["test.benefit", "test.past"], indices=indices).table()
    assert table.column("test.benefit").to_pylist() == [Decimal("31.83")] * 3
    past = dict(zip(table.column("person_id").to_pylist(), table.column("test.past").to_pylist(), strict=True))
    assert past == {1: Decimal("30.00"), 2: Decimal("30.90"), 3: Decimal("31.83")}
    decider = Decider(law, Month(2027, 2), ["test.benefit", "test.past"], indices=indices)
    assert decider.decide({"person": {"d": date(2026, 1, 1)}}).values["person"] == {"test.benefit": Decimal("31.83"), "test.past": Decimal("30.90")}
    assert run(law, people_, "2027-02", ["test.benefit"]).table().column("test.benefit").to_pylist() == [Decimal("30.00")] * 3


def test_an_index_of_whole_numbers_keeps_the_decimals_that_its_own_indexation_gives() -> None:
    """126 × 1.031 = 129.906, and 200 × 129.906 / 100 = 259.812: the month that it is looked up by may be known beforehand or not."""
    law = law_of(
        {"known": "pay * wages(date('2021-01-01'), period)", "looked_up": "pay * wages(date('2021-01-01'), first_day(m))"},
        "\n  wages: {unit: index, values: {2021-01-01: 100, 2026-01-01: 126}, index: {by: wages, every: year, month: 1}, source: A}\n",
    )
    indices = {"wages": {date(2026, 1, 1): Decimal(1), date(2027, 1, 1): Decimal("1.031")}}
    found = run(law, people(law, [{"pay": 200, "m": "2027-03"}]), "2027-03", ["test.known", "test.looked_up"], indices=indices).table()
    assert [found.column(name).to_pylist() for name in ("test.known", "test.looked_up")] == [[Decimal("259.812")]] * 2
    decision = Decider(law, Month(2027, 3), ["test.known", "test.looked_up"], indices=indices).decide({"person": {"pay": "200", "m": "2027-03"}})
    assert {decision.value("test.known"), decision.value("test.looked_up")} == {Decimal("259.812")}
