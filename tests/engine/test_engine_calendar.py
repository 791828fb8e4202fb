"""Dates, on every backend: ages, months, leap days, month ends, far past and future."""

from __future__ import annotations

from engines import Backend, check


def test_age_is_in_completed_years(backend: Backend) -> None:
    births = ["2000-03-01", "2000-03-02", "2026-03-01", "2026-03-02", "2025-03-01", "2024-02-29", "1900-01-01", "0001-01-01", "9999-12-31", None]
    check(
        backend,
        {
            "age(d)": [26, 25, 0, -1, 1, 2, 126, 2025, -7974, None],
            "age(d) >= 18": [True, True, False, False, False, False, True, True, False, None],
            "age(d) = 0": [False, False, True, False, False, False, False, False, False, None],
            "age(d) < 2": [False, False, True, True, True, False, False, False, True, None],
            "age(d) != 26": [False, True, True, True, True, True, True, True, True, None],
            "age(d) between 1 and 25": [False, True, False, False, True, True, False, False, False, None],
            "2 < age(d)": [True, True, False, False, False, False, True, True, False, None],
            "age(d) > -1": [True, True, True, False, True, True, True, True, False, None],
        },
        [{"d": birth} for birth in births],
    )


def test_someone_born_on_29_february_has_the_birthday_on_1_march(backend: Backend) -> None:
    rows = [{"d": "2004-02-29", "e": day} for day in ("2026-02-28", "2026-03-01", "2024-02-28", "2024-02-29", "2100-02-28", "2100-03-01")]
    check(
        backend,
        {"age(d, e)": [21, 22, 19, 20, 95, 96], "months_between(d, e)": [263, 264, 239, 240, 1151, 1152]},
        rows,
    )


def test_or_on_28_february_where_the_country_says_so(backend: Backend) -> None:
    rows = [
        {"d": "2004-02-29", "e": day} for day in ("2026-02-28", "2026-02-27", "2024-02-28", "2024-02-29", "2100-02-28", "2026-03-28", "2026-03-29")
    ]
    check(
        backend,
        {"age(d, e)": [22, 21, 19, 20, 96, 22, 22], "months_between(d, e)": [264, 263, 239, 240, 1152, 264, 265]},
        rows,
        law={"february": "february_28"},
    )


def test_the_birthday_rule_holds_for_comparisons_of_ages_too(backend: Backend) -> None:
    rows = [{"birth_date": day} for day in ("2008-02-29", "2008-02-28", "2008-03-01", "2008-03-02")]
    period = "2026-02"
    ages = {"age(birth_date, last_day(period)) >= 18": [False, True, False, False]}
    check(backend, ages, rows, period=period)
    check(backend, {"age(birth_date, last_day(period)) >= 18": [True, True, False, False]}, rows, period=period, law={"february": "february_28"})
    march = {"age(birth_date) >= 18": [True, True, True, False], "age(birth_date) < 18": [False, False, False, True]}
    check(backend, march, rows)
    check(backend, march, rows, law={"february": "february_28"})


def test_months_between_counts_completed_months_and_rounds_down(backend: Backend) -> None:
    rows = [
        {"d": "2026-01-31", "e": "2026-02-28"},
        {"d": "2026-01-31", "e": "2026-03-31"},
        {"d": "2026-01-15", "e": "2026-02-14"},
        {"d": "2026-01-15", "e": "2026-02-15"},
        {"d": "2026-02-15", "e": "2026-01-15"},
        {"d": "2026-02-15", "e": "2026-01-14"},
        {"d": "2026-02-15", "e": "2026-01-16"},
        {"d": "2026-02-15", "e": "2026-02-14"},
        {"d": "0001-01-01", "e": "9999-12-31"},
        {"d": None, "e": "2026-01-01"},
    ]
    check(
        backend,
        {
            "months_between(d, e)": [0, 2, 0, 1, -1, -2, -1, -1, 119987, None],
            "days_between(d, e)": [28, 59, 30, 31, -31, -32, -30, -1, 3652058, None],
            "age(d, e)": [0, 0, 0, 0, -1, -1, -1, -1, 9998, None],
            "days_between(e, e)": [0] * 10,
        },
        rows,
    )


def test_months_between_two_months_is_their_difference(backend: Backend) -> None:
    rows = [{"m": "2026-01", "n": "2026-03"}, {"m": "2026-03", "n": "2025-12"}, {"m": "0001-01", "n": "9999-12"}, {"m": "2026-03", "n": None}]
    check(
        backend,
        {
            "months_between(m, n)": [2, -3, 119987, None],
            "months_between(m, period)": [2, 0, 24302, 0],
            "months_between(month_of(first_day(m)), m)": [0] * 4,
        },
        rows,
    )


def test_adding_months_keeps_the_day_or_takes_the_last_of_a_shorter_month(backend: Backend) -> None:
    rows = [
        {"d": "2026-01-31", "i": 1},
        {"d": "2024-01-31", "i": 1},
        {"d": "2024-02-29", "i": 12},
        {"d": "2024-02-29", "i": 48},
        {"d": "2026-03-31", "i": -1},
        {"d": "2026-03-31", "i": -13},
        {"d": "2026-03-15", "i": 0},
        {"d": "2026-12-31", "i": 2},
        {"d": None, "i": 1},
        {"d": "2026-01-31", "i": None},
    ]
    check(
        backend,
        {
            "add_months(d, i)": [
                "2026-02-28", "2024-02-29", "2025-02-28", "2028-02-29", "2026-02-28", "2025-02-28", "2026-03-15", "2027-02-28", None, None,
            ],
            "add_months(d, 1)": [
                "2026-02-28", "2024-02-29", "2024-03-29", "2024-03-29", "2026-04-30", "2026-04-30", "2026-04-15", "2027-01-31", None, "2026-02-28",
            ],
            "add_months(d, -12)": [
                "2025-01-31", "2023-01-31", "2023-02-28", "2023-02-28", "2025-03-31", "2025-03-31", "2025-03-15", "2025-12-31", None, "2025-01-31",
            ],
            "add_months(period, i)": ["2026-04", "2026-04", "2027-03", "2030-03", "2026-02", "2025-02", "2026-03", "2026-05", "2026-04", None],
        },
        rows,
    )  # fmt: skip


def test_adding_days_crosses_months_and_leap_days(backend: Backend) -> None:
    rows = [
        {"d": "2024-02-28", "i": 1},
        {"d": "2023-02-28", "i": 1},
        {"d": "2026-01-01", "i": -1},
        {"d": "2026-01-01", "i": 365},
        {"d": "2026-01-01", "i": None},
    ]
    check(
        backend,
        {
            "add_days(d, i)": ["2024-02-29", "2023-03-01", "2025-12-31", "2027-01-01", None],
            "add_days(d, 2)": ["2024-03-01", "2023-03-02", "2026-01-03", "2026-01-03", "2026-01-03"],
            "add_days(reference_date, 30)": ["2026-03-31"] * 5,
        },
        rows,
    )


def test_a_date_outside_the_calendar_is_unknown(backend: Backend) -> None:
    rows = [
        {"d": "9999-12-31", "i": 1},
        {"d": "0001-01-01", "i": -1},
        {"d": "2026-01-01", "i": 1000000},
        {"d": "2026-01-01", "i": -1000000},
        {"d": "9999-11-30", "i": 1},
    ]
    check(
        backend,
        {
            "add_months(d, i)": [None, None, None, None, "9999-12-30"],
            "add_days(d, i)": [None, None, "4763-11-29", None, "9999-12-01"],
            "add_months(d, i) is null": [True, True, True, True, False],
            "add_months(d, i) > d": [None, None, None, None, True],
            "year(add_months(d, i))": [None, None, None, None, 9999],
            "add_months(month_of(d), i)": [None, None, None, None, "9999-12"],
        },
        rows,
    )


def test_parts_of_dates_and_months(backend: Backend) -> None:
    rows = [{"d": "2024-02-29", "m": "2024-02"}, {"d": "1999-12-31", "m": "2023-02"}, {"d": "0001-01-01", "m": "2100-02"}, {"d": None, "m": None}]
    check(
        backend,
        {
            "year(d)": [2024, 1999, 1, None],
            "month_number(d)": [2, 12, 1, None],
            "month_of(d)": ["2024-02", "1999-12", "0001-01", None],
            "year(m)": [2024, 2023, 2100, None],
            "month_number(m)": [2, 2, 2, None],
            "first_day(m)": ["2024-02-01", "2023-02-01", "2100-02-01", None],
            "last_day(m)": ["2024-02-29", "2023-02-28", "2100-02-28", None],
            "last_day(month_of(d))": ["2024-02-29", "1999-12-31", "0001-01-31", None],
            "first_day(month_of(d))": ["2024-02-01", "1999-12-01", "0001-01-01", None],
            "last_day(month('9999-12'))": ["9999-12-31"] * 4,
            "period": ["2026-03"] * 4,
            "reference_date": ["2026-03-01"] * 4,
            "year(period) * 100 + month_number(reference_date)": [202603] * 4,
        },
        rows,
    )


def test_the_reference_date_is_the_last_day_where_the_scheme_says_so(backend: Backend) -> None:
    rows = [{"birth_date": "2008-02-29"}, {"birth_date": "2008-02-28"}, {"birth_date": "2008-02-01"}, {"birth_date": "2008-03-01"}]
    formulas = {"reference_date": ["2026-02-28"] * 4, "age": [17, 18, 18, 17], "age(birth_date) >= 18": [False, True, True, False]}
    check(backend, formulas, rows, period="2026-02", law={"more": "as_of: last_day"})
    check(backend, {"reference_date": ["2026-02-01"] * 4, "age": [17, 17, 18, 17]}, rows, period="2026-02")


def test_several_months_are_worked_out_each_by_itself(backend: Backend) -> None:
    from engines import law_of, people

    law = law_of({"a": "age(d)", "b": "months_between(d, reference_date)", "c": "period"})
    found, _ = backend.values(law, people(law, [{"d": "2000-02-02"}]), "2026-01:2026-03", ["test.a", "test.b", "test.c"])
    assert [found[1][f"test.a_2026-0{month}"] for month in (1, 2, 3)] == [25, 25, 26]
    assert [found[1][f"test.b_2026-0{month}"] for month in (1, 2, 3)] == [310, 311, 312]
    assert [str(found[1][f"test.c_2026-0{month}"]) for month in (1, 2, 3)] == ["2026-01", "2026-02", "2026-03"]
