"""Numbers, on every backend: exact sums and products, quotients, roundings."""

from __future__ import annotations

import pytest
from engines import Backend, check, law_of, people

from opensocle.errors import Problems

PAIRS = [
    {"x": "1", "y": "3"},
    {"x": "-1", "y": "3"},
    {"x": "2", "y": "-3"},
    {"x": "-2", "y": "-3"},
    {"x": "0", "y": "7"},
    {"x": "7", "y": "0"},
    {"x": None, "y": "1"},
    {"x": "1", "y": None},
    {"x": "100000.000001", "y": "0.000007"},
    {"x": "999999999998.999999", "y": "0.000001"},
    {"x": "0.000001", "y": "999999999998.999999"},
]


def test_sums_and_differences_are_exact(backend: Backend) -> None:
    check(
        backend,
        {
            "x + y": [4, 2, -1, -5, 7, 7, None, None, "100000.000008", "999999999999", "999999999999"],
            "x - y": [-2, -4, 5, 1, -7, 7, None, None, "99999.999994", "999999999998.999998", "-999999999998.999998"],
            "-x": [-1, 1, -2, 2, 0, -7, None, -1, "-100000.000001", "-999999999998.999999", "-0.000001"],
            "abs(x)": [1, 1, 2, 2, 0, 7, None, 1, "100000.000001", "999999999998.999999", "0.000001"],
            "x - x": [0, 0, 0, 0, 0, 0, None, 0, 0, 0, 0],
            "0.1 + 0.2 + x": ["1.3", "-0.7", "2.3", "-1.7", "0.3", "7.3", None, "1.3", "100000.300001", "999999999999.299999", "0.300001"],
        },
        PAIRS,
    )


def test_products_are_exact_to_ten_decimals_and_rounded_half_away_from_zero_beyond(backend: Backend) -> None:
    check(
        backend,
        {
            "x * y": [3, -3, -6, 6, 0, 0, None, None, "0.7", "999999.999999", "999999.999999"],
            "x * 0.00001": ["0.00001", "-0.00001", "0.00002", "-0.00002", 0, "0.00007", None, "0.00001", "1.0000000000", "9999999.99999", 0],
            "x * y * 0.1": ["0.3", "-0.3", "-0.6", "0.6", 0, 0, None, None, "0.07", "99999.9999999", "99999.9999999"],
        },
        PAIRS,
    )


def test_ties_at_the_tenth_decimal_go_away_from_zero(backend: Backend) -> None:
    rows = [
        {"x": "0.00005", "y": "0.000001"},
        {"x": "-0.00005", "y": "0.000001"},
        {"x": "0.000049", "y": "0.000001"},
        {"x": "0.00015", "y": "-0.000001"},
    ]
    check(
        backend,
        {"x * y": ["0.0000000001", "-0.0000000001", "0", "-0.0000000002"], "x / 1000000": ["0.0000000001", "-0.0000000001", "0", "0.0000000002"]},
        rows,
    )


def test_quotients_are_rounded_half_away_from_zero_to_ten_decimals_and_by_zero_are_unknown(backend: Backend) -> None:
    third, two = "0.3333333333", "0.6666666667"
    check(
        backend,
        {
            "x / y": [third, "-" + third, "-" + two, two, 0, None, None, None, "14285714285.8571428571", "999999999998999999", 0],
            "x / 3": [
                third,
                "-" + third,
                two,
                "-" + two,
                0,
                "2.3333333333",
                None,
                third,
                "33333.3333336667",
                "333333333332.9999996667",
                "0.0000003333",
            ],
            "x / 0": [None] * 11,
            "1 / y": [third, third, "-" + third, "-" + third, "0.1428571429", None, 1, None, "142857.1428571429", 1000000, 0],
            "x / y * y": [
                "0.9999999999",
                "-0.9999999999",
                "2.0000000001",
                "-2.0000000001",
                0,
                None,
                None,
                None,
                "100000.000001",
                "999999999998.999999",
                0,
            ],
        },
        PAIRS,
    )


def test_quotients_of_whole_numbers_are_decimals(backend: Backend) -> None:
    rows = [
        {"i": 7, "j": 2},
        {"i": -7, "j": 2},
        {"i": 7, "j": -2},
        {"i": 1, "j": 3},
        {"i": 1000000, "j": 999999},
        {"i": 5, "j": 0},
        {"i": None, "j": 1},
    ]
    check(
        backend,
        {
            "i / j": ["3.5", "-3.5", "-3.5", "0.3333333333", "1.0000010000", None, None],
            "i / 4": ["1.75", "-1.75", "1.75", "0.25", "250000", "1.25", None],
            "i * j": [14, -14, -14, 3, 999999000000, 0, None],
            "i + j": [9, -5, 5, 4, 1999999, 5, None],
            "i - j * 2": [3, -11, 11, -5, -999998, 5, None],
            "-i": [-7, 7, -7, -1, -1000000, -5, None],
            "abs(i)": [7, 7, 7, 1, 1000000, 5, None],
            "i * i * i * i / 1000000": [
                "0.002401", "0.002401", "0.002401", "0.000001", "1000000000000000000", "0.000625", None,
            ],
        },
        rows,
    )  # fmt: skip


TIES = [
    "0.5",
    "-0.5",
    "1.5",
    "-1.5",
    "2.5",
    "0.05",
    "-0.05",
    "1.005",
    "-1.005",
    "0.000005",
    "-7",
    "0",
    None,
    "12.499999",
    "-12.500001",
    "999999999998.5",
]


def test_rounding_goes_half_away_from_zero_floor_down_and_ceil_up(backend: Backend) -> None:
    big = "999999999998"
    check(
        backend,
        {
            "round(x)": [1, -1, 2, -2, 3, 0, 0, 1, -1, 0, -7, 0, None, 12, -13, "999999999999"],
            "floor(x)": [0, -1, 1, -2, 2, 0, -1, 1, -2, 0, -7, 0, None, 12, -13, "999999999998"],
            "ceil(x)": [1, 0, 2, -1, 3, 1, 0, 2, -1, 1, -7, 0, None, 13, -12, "999999999999"],
            "round(x, 0.01)": ["0.5", "-0.5", "1.5", "-1.5", "2.5", "0.05", "-0.05", "1.01", "-1.01", 0, -7, 0, None, "12.5", "-12.5", big + ".5"],
            "floor(x, 0.01)": ["0.5", "-0.5", "1.5", "-1.5", "2.5", "0.05", "-0.05", "1", "-1.01", 0, -7, 0, None, "12.49", "-12.51", big + ".5"],
            "ceil(x, 0.01)": ["0.5", "-0.5", "1.5", "-1.5", "2.5", "0.05", "-0.05", "1.01", "-1", "0.01", -7, 0, None, "12.5", "-12.5", big + ".5"],
            "round(x, 0.1)": ["0.5", "-0.5", "1.5", "-1.5", "2.5", "0.1", "-0.1", 1, -1, 0, -7, 0, None, "12.5", "-12.5", big + ".5"],
            "round(x, 0.05)": ["0.5", "-0.5", "1.5", "-1.5", "2.5", "0.05", "-0.05", 1, -1, 0, -7, 0, None, "12.5", "-12.5", big + ".5"],
            "floor(x, 0.05)": ["0.5", "-0.5", "1.5", "-1.5", "2.5", "0.05", "-0.05", 1, "-1.05", 0, -7, 0, None, "12.45", "-12.55", big + ".5"],
            "ceil(x, 0.05)": ["0.5", "-0.5", "1.5", "-1.5", "2.5", "0.05", "-0.05", "1.05", -1, "0.05", -7, 0, None, "12.5", "-12.5", big + ".5"],
            "round(x, 0.25)": ["0.5", "-0.5", "1.5", "-1.5", "2.5", 0, 0, 1, -1, 0, -7, 0, None, "12.5", "-12.5", big + ".5"],
            "ceil(x, 0.25)": ["0.5", "-0.5", "1.5", "-1.5", "2.5", "0.25", 0, "1.25", -1, "0.25", -7, 0, None, "12.5", "-12.5", big + ".5"],
            "round(x, 3)": [0, 0, 3, -3, 3, 0, 0, 0, 0, 0, -6, 0, None, 12, -12, "999999999999"],
            "floor(x, 3)": [0, -3, 0, -3, 0, 0, -3, 0, -3, 0, -9, 0, None, 12, -15, "999999999996"],
            "ceil(x, 3)": [3, 0, 3, 0, 3, 3, 0, 3, 0, 3, -6, 0, None, 15, -12, "999999999999"],
            "round(x, 10)": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -10, 0, None, 10, -10, "1000000000000"],
            "floor(x, 10)": [0, -10, 0, -10, 0, 0, -10, 0, -10, 0, -10, 0, None, 10, -20, "999999999990"],
            "ceil(x, 1000)": [1000, 0, 1000, 0, 1000, 1000, 0, 1000, 0, 1000, 0, 0, None, 1000, 0, "1000000000000"],
        },
        [{"x": tie} for tie in TIES],
    )


def test_whole_numbers_are_rounded_to_multiples_too(backend: Backend) -> None:
    check(
        backend,
        {
            "round(i, 10)": [10, -10, 0, None],
            "floor(i, 10)": [0, -10, 0, None],
            "ceil(i, 10)": [10, 0, 10, None],
            "round(i, 0.5)": [5, -5, 4, None],
            "ceil(i / 2)": [3, -2, 2, None],
            "round(i)": [5, -5, 4, None],
        },
        [{"i": 5}, {"i": -5}, {"i": 4}, {"i": None}],
    )


def test_the_step_of_a_rounding_may_be_a_parameter(backend: Backend) -> None:
    parameters = "{step: {values: {2020-01-01: 0.25, 2026-01-01: 5}, source: A}}"
    check(backend, {"round(x, step)": [15, -15, None], "ceil(x, step)": [15, -10, None]}, [{"x": "12.5"}, {"x": "-12.5"}, {"x": None}], parameters)
    check(backend, {"round(x, step)": ["12.75"]}, [{"x": "12.7"}], parameters, period="2025-12")


def test_least_and_greatest_are_unknown_as_soon_as_one_value_is(backend: Backend) -> None:
    rows = [{"x": "1", "y": "2", "i": 3}, {"x": "-1", "y": "-2", "i": -3}, {"x": None, "y": "2", "i": 3}, {"x": "1", "y": "1", "i": None}]
    check(
        backend,
        {
            "least(x, y)": [1, -2, None, 1],
            "greatest(x, y)": [2, -1, None, 1],
            "min(x, y, 0)": [0, -2, None, 0],
            "max(x, y, i)": [3, -1, None, None],
            "least(i, 0)": [0, -3, 0, None],
            "greatest(i, 2)": [3, 2, 3, None],
            "greatest(0, least(x, 0.5))": ["0.5", 0, None, "0.5"],
        },
        rows,
    )


def test_least_and_greatest_choose_among_dates(backend: Backend) -> None:
    check(
        backend,
        {"least(d, e)": ["2020-02-29", None], "greatest(d, e, date('2019-01-01'))": ["2021-01-01", None]},
        [{"d": "2021-01-01", "e": "2020-02-29"}, {"d": "2021-01-01", "e": None}],
    )


def test_numbers_are_compared_by_value_whatever_their_decimals(backend: Backend) -> None:
    rows = [{"x": "1.5", "i": 1}, {"x": "1.000000", "i": 1}, {"x": "-2", "i": -1}, {"x": None, "i": 1}]
    check(
        backend,
        {
            "x = i": [False, True, False, None],
            "x != i": [True, False, True, None],
            "x <> i": [True, False, True, None],
            "x < i": [False, False, True, None],
            "x <= i": [False, True, True, None],
            "x > i": [True, False, False, None],
            "x >= i": [True, True, False, None],
            "1.5 = x": [True, False, False, None],
            "x > 1.4999999999": [True, False, False, None],
        },
        rows,
    )


def test_sums_of_many_terms_do_not_depend_on_their_order(backend: Backend) -> None:
    check(
        backend,
        {
            "x + i + y - x - y": [3, None],
            "y - 1 + x - i + 1": ["-2.499999", None],
            "(x - y) - (i - x)": ["-2.750001", None],
            "i - x - y": ["2.499999", None],
        },
        [{"x": "0.25", "y": "0.250001", "i": 3}, {"x": "1", "y": "1", "i": None}],
    )


def test_money_of_a_reserved_name_is_rounded_to_the_smallest_unit_of_the_currency(backend: Backend) -> None:
    law = law_of({"benefit": {"unit": "XMU/month", "formula": "pay / 3"}, "worker_contribution": {"unit": "XMU/month", "formula": "pay * 0.0725"}})
    population = people(law, [{"pay": "100"}, {"pay": "200"}, {"pay": "-0.50"}, {"pay": "0.02"}, {"pay": "2"}, {"pay": None}])
    persons, _ = backend.values(law, population, "2026-03")
    found = [(str(row["test.benefit"]), str(row["test.worker_contribution"])) for row in persons.values()]
    assert found == [("33.33", "7.25"), ("66.67", "14.50"), ("-0.17", "-0.04"), ("0.01", "0.00"), ("0.67", "0.15"), ("None", "None")]


@pytest.mark.parametrize(
    ("to", "way", "wanted"),
    [
        ("1", "nearest", ["100", "101", "-101", "100"]),
        ("1", "up", ["101", "101", "-100", "101"]),
        ("1", "down", ["100", "100", "-101", "100"]),
        ("10", "nearest", ["100", "100", "-100", "100"]),
        ("10", "up", ["110", "110", "-100", "110"]),
        ("0.05", "nearest", ["100.35", "100.50", "-100.50", "100.00"]),
        ("0.05", "down", ["100.30", "100.50", "-100.50", "100.00"]),
        ("0.25", "nearest", ["100.25", "100.50", "-100.50", "100.00"]),
        ("0.25", "up", ["100.50", "100.50", "-100.50", "100.25"]),
        ("3", "nearest", ["99", "102", "-102", "99"]),
        ("3", "up", ["102", "102", "-99", "102"]),
        ("3", "down", ["99", "99", "-102", "99"]),
    ],
)
def test_a_rounding_of_the_law_is_kept(backend: Backend, to: str, way: str, wanted: list[str]) -> None:
    entry = {"unit": "XMU/month", "formula": "pay", "rounding": {"to": float(to) if "." in to else int(to), "way": way, "source": "A"}}
    law = law_of({"benefit": entry, "step": entry})
    population = people(law, [{"pay": "100.33"}, {"pay": "100.50"}, {"pay": "-100.50"}, {"pay": "100.01"}])
    persons, _ = backend.values(law, population, "2026-03", ["test.benefit", "test.step"])
    for found, value in zip(persons.values(), wanted, strict=True):
        assert found["test.benefit"] == found["test.step"] == type(found["test.step"])(value)


def test_a_step_of_zero_or_less_is_refused_when_the_law_is_read() -> None:
    with pytest.raises(Problems, match="F020"):
        law_of({"a": "round(x, 0)"})
