"""Functions of histories, on every backend: windows, gaps, the best months, spells, no rows and unknown rows."""

from __future__ import annotations

from typing import Any

from engines import Backend, check


def months(person: int, *rows: tuple[str, Any, bool | None]) -> list[dict[str, Any]]:
    return [{"person_id": person, "month": f"{month}-01", "earnings": earnings, "paid": paid} for month, earnings, paid in rows]


PERSONS = [
    {"d": "2026-01-15", "pay": "250", "m": "2025-12"},
    {"d": None, "x": "1", "m": None},
    {"d": "2020-01-01", "x": "1", "m": "2026-02"},
    {"d": None, "pay": None, "m": None},
]
CONTRIBUTIONS = [
    *months(
        1,
        ("2025-10", 100, True),
        ("2025-11", 200, True),
        ("2025-12", 300, False),
        ("2026-01", 400, True),
        ("2026-02", 500, True),
        ("2026-03", 999, True),
    ),
    *months(3, ("2026-01", 50, None), ("2026-02", None, True)),
    *months(4, ("2025-12", 10, True), ("2026-02", 30, True), ("2024-01", 7, True)),
]


def test_rows_before_the_month_are_counted_and_added_up(backend: Backend) -> None:
    check(
        backend,
        {
            "count(contributions)": [5, 0, 2, 3],
            "count(contributions, paid)": [4, 0, None, 3],
            "count(contributions, paid and earnings > 100)": [3, 0, None, 0],
            "sum(contributions, earnings)": [1500, 0, None, 47],
            "sum(contributions.earnings)": [1500, 0, None, 47],
            "sum(contributions, earnings, where => paid)": [1200, 0, None, 47],
            "sum(contributions, earnings, where => earnings is not null)": [1500, 0, 50, 47],
            "sum(contributions, if(paid, earnings, 0))": [1200, 0, None, 47],
            "sum(contributions.earnings * 2 - 1)": [2995, 0, None, 91],
            "average(contributions.earnings)": [300, None, None, "15.6666666667"],
            "average(contributions.earnings * 2)": [600, None, None, "31.3333333333"],
            "average(contributions.earnings, where => paid)": [300, None, None, "15.6666666667"],
            "min(contributions, earnings)": [100, None, None, 7],
            "max(contributions.earnings)": [500, None, None, 30],
            "max(contributions.month)": ["2026-02", None, "2026-02", "2026-02"],
            "min(contributions.month, where => paid)": ["2025-10", None, None, "2024-01"],
            "first(contributions.earnings)": [100, None, 50, 7],
            "last(contributions.earnings)": [500, None, None, 30],
            "last(contributions.earnings, where => not paid)": [300, None, None, None],
            "first(contributions.month)": ["2025-10", None, "2026-01", "2024-01"],
            "last(contributions.paid)": [True, None, True, True],
            "any(contributions, earnings > 400)": [True, False, None, False],
            "any(contributions, earnings < 60)": [False, False, True, True],
            "all(contributions, paid)": [False, True, None, True],
            "all(contributions, earnings > 60)": [True, True, False, False],
            "any(contributions, paid is null)": [False, False, True, False],
        },
        PERSONS,
        contributions=CONTRIBUTIONS,
    )


def test_windows_end_before_the_month_or_another_date_and_start_so_many_months_before(backend: Backend) -> None:
    check(
        backend,
        {
            "count(contributions, paid, last => months(2))": [2, 0, None, 1],
            "count(contributions, paid, within => months(3))": [2, 0, None, 2],
            "count(contributions, last => years(1))": [5, 0, 2, 2],
            "sum(contributions, earnings, last => months(1))": [500, 0, None, 30],
            "count(contributions, paid, before => d)": [2, 0, 0, None],
            "count(contributions, before => d)": [3, 0, 0, None],
            "count(contributions, before => m)": [2, 0, 1, None],
            "count(contributions, before => date('2026-01-31'))": [3, 0, 0, 2],
            "count(contributions, after => d)": [2, 0, 2, None],
            "count(contributions, after => m)": [3, 0, 1, None],
            "count(contributions, after => month('2025-12'))": [3, 0, 2, 2],
            "count(contributions, after => month('2025-11'), before => month('2026-02'))": [3, 0, 1, 1],
            "count(contributions, before => d, last => months(2))": [2, 0, 0, None],
            "count(contributions, before => d, last => months(2), after => m)": [1, 0, 0, None],
            "count(contributions, before => add_months(period, 1))": [6, 0, 2, 3],
            "average(contributions.earnings, last => months(2))": [450, None, None, 30],
            "last(contributions.earnings, before => d)": [300, None, None, None],
            "any(contributions, earnings > 400, last => months(1))": [True, False, None, False],
            "all(contributions, paid, last => months(3))": [False, True, None, True],
            "max(contributions.earnings, before => m)": [200, None, 50, None],
        },
        PERSONS,
        contributions=CONTRIBUTIONS,
    )


def test_the_best_months_are_the_highest_values(backend: Backend) -> None:
    check(
        backend,
        {
            "sum(contributions, earnings, best => months(2))": [900, 0, None, 40],
            "average(contributions.earnings, best => months(2))": [450, None, None, 20],
            "average(contributions.earnings, best => months(60))": [300, None, None, "15.6666666667"],
            "sum(contributions, earnings, where => paid, best => months(3))": [1100, 0, None, 47],
            "sum(contributions, -earnings, best => months(2))": [-300, 0, None, -17],
            "average(contributions.earnings, best => months(1), last => months(4))": [500, None, None, 30],
            "sum(contributions, earnings, where => earnings is not null, best => years(1))": [1500, 0, 50, 47],
            "average(contributions.earnings, best => months(n_best))": [450, None, None, 20],
        },
        PERSONS,
        "{n_best: {type: integer, unit: month, values: {2020-01-01: 2}, source: A}}",
        contributions=CONTRIBUTIONS,
    )


def test_successive_months_end_just_before_the_window_ends(backend: Backend) -> None:
    check(
        backend,
        {
            "successive(contributions, paid)": [2, 0, None, 1],
            "successive(contributions, true)": [5, 0, 2, 1],
            "successive(contributions, earnings >= 200)": [4, 0, None, 0],
            "successive(contributions, paid, before => d)": [0, 0, 0, None],
            "successive(contributions, true, before => d)": [3, 0, 0, None],
            "successive(contributions, true, before => month('2025-12'))": [2, 0, 0, 0],
            "successive(contributions, true, last => months(3))": [3, 0, 2, 1],
            "successive(contributions, paid, before => add_months(period, 1))": [3, 0, None, 0],
        },
        PERSONS,
        contributions=CONTRIBUTIONS,
    )


def test_rows_look_at_their_person(backend: Backend) -> None:
    check(
        backend,
        {
            "count(contributions, earnings > pay)": [3, 0, None, None],
            "sum(contributions, least(earnings, pay))": [1050, 0, None, None],
            "sum(contributions.earnings * wage_index(contributions.month, period))": [2100, 0, None, 57],
            "count(contributions, month >= m)": [3, 0, 1, None],
            "sum(contributions, earnings) / count(contributions)": [300, None, None, "15.6666666667"],
            "any(contributions, earnings = pay)": [False, False, None, None],
        },
        PERSONS,
        "{wage_index: {unit: index, values: {2020-01-01: 100, 2025-10-01: 50, 2026-01-01: 100}, source: A}}",
        contributions=CONTRIBUTIONS,
    )


def test_a_history_that_the_data_do_not_have_is_unknown(backend: Backend) -> None:
    check(
        backend,
        {
            "count(contributions)": [None],
            "any(contributions, true)": [None],
            "sum(contributions.earnings) * x": [None],
            "duration(residence)": [None],
            "successive(contributions, paid)": [None],
            "count(contributions) is null": [True],
        },
        [{"x": "1"}],
    )


def test_a_column_that_the_history_does_not_have_is_unknown_where_there_are_rows(backend: Backend) -> None:
    rows = [{"person_id": 1, "month": "2026-01-01"}]
    check(
        backend,
        {
            "count(contributions)": [1, 0],
            "count(contributions, paid)": [None, 0],
            "sum(contributions.earnings)": [None, 0],
            "any(contributions, paid)": [None, False],
        },
        [{"x": "1"}, {"x": "1"}],
        contributions=rows,
    )


RESIDENCE = [
    {"person_id": 1, "start_date": "2020-01-01", "end_date": None, "country": "XE"},
    {"person_id": 3, "start_date": "2010-05-20", "end_date": "2012-05-19", "country": "XE"},
    {"person_id": 3, "start_date": "2020-03-15", "end_date": "2021-03-15", "country": None},
    {"person_id": 4, "start_date": None, "end_date": "2021-03-15", "country": "XE"},
    {"person_id": 5, "start_date": "2030-01-01", "end_date": None, "country": "FR"},
    {"person_id": 6, "start_date": "2025-09-30", "end_date": "2026-02-28", "country": "XE"},
    {"person_id": 7, "start_date": "2021-01-01", "end_date": "2021-01-01", "country": "FR"},
    {"person_id": 8, "start_date": "2021-01-01", "end_date": "2022-01-01", "country": "FR"},
]
SPELLS = [
    {"d": "2024-07-01"},
    {"d": None},
    {"d": "2012-01-20"},
    {"d": None},
    {"d": "2040-01-01"},
    {"d": "2026-01-31"},
    {"d": "2020-07-01"},
    {"d": None},
]


def test_spells_last_their_completed_months_inside_the_window(backend: Backend) -> None:
    check(
        backend,
        {
            "duration(residence)": [74, 0, 35, None, 0, 4, 0, 12],
            "duration(residence, country = 'XE')": [74, 0, None, None, 0, 4, 0, 0],
            "duration(residence, country = 'FR')": [0, 0, None, 0, 0, 0, 0, 12],
            "duration(residence, last => years(2))": [24, 0, 0, None, 0, 4, 0, 0],
            "duration(residence, last => months(3))": [3, 0, 0, None, 0, 2, 0, 0],
            "duration(residence, before => d)": [54, 0, 20, None, 120, 4, 0, None],
            "duration(residence, after => d)": [20, 0, 15, None, 0, 0, 0, None],
            "duration(residence, before => d, last => months(6))": [6, 0, 6, None, 6, 4, 0, None],
        },
        SPELLS,
        residence=RESIDENCE,
    )


def test_spells_and_events_are_placed_by_their_start(backend: Backend) -> None:
    paid = [
        {"person_id": 1, "scheme": "pension", "start_date": "2020-01-01", "end_date": None, "amount": 100},
        {"person_id": 1, "scheme": "pension", "start_date": "2020-01-01", "end_date": "2021-01-01", "amount": 120},
        {"person_id": 1, "scheme": "grant", "start_date": "2026-03-01", "end_date": None, "amount": 9},
        {"person_id": 2, "scheme": "grant", "start_date": "2026-02-28", "end_date": None, "amount": None},
        {"person_id": 3, "scheme": "grant", "start_date": None, "end_date": None, "amount": 3},
    ]
    events = [
        {"person_id": 1, "contingency": "birth", "event_date": "2025-03-01"},
        {"person_id": 1, "contingency": "birth", "event_date": "2026-02-28"},
        {"person_id": 1, "contingency": "unemployment", "event_date": "2026-02-01"},
        {"person_id": 2, "contingency": "birth", "event_date": "2026-03-01"},
    ]
    jobs = [
        {"person_id": 1, "start_date": "2019-01-01", "end_date": "2020-01-01", "hazardous": True},
        {"person_id": 1, "start_date": "2020-01-01", "end_date": None, "hazardous": None},
        {"person_id": 2, "start_date": "2020-01-01", "end_date": None, "hazardous": False},
    ]
    check(
        backend,
        {
            "count(benefits_in_payment)": [2, 1, None],
            "any(benefits_in_payment, scheme = 'grant')": [False, True, None],
            "last(benefits_in_payment.amount)": [120, None, None],
            "first(benefits_in_payment.amount)": [120, None, None],
            "sum(benefits_in_payment, amount, where => end_date is null)": [100, None, None],
            "any(benefits_in_payment, scheme = 'pension' and end_date is null)": [True, False, False],
            "count(events, contingency = 'birth')": [2, 0, 0],
            "count(events, contingency = 'birth', last => months(12))": [2, 0, 0],
            "count(events, contingency = 'birth', last => months(11))": [1, 0, 0],
            "last(events.event_date)": ["2026-02-28", None, None],
            "any(employment, hazardous)": [True, False, False],
            "duration(employment, hazardous)": [None, 0, 0],
            "duration(employment, if_unknown(hazardous, false))": [12, 0, 0],
        },
        [{"x": "1"}] * 3,
        benefits_in_payment=paid,
        events=events,
        employment=jobs,
    )


def test_long_histories_are_worked_through(backend: Backend) -> None:
    rows = [
        {"person_id": 1, "month": f"{year}-{month:02}-01", "earnings": year, "paid": month != 7}
        for year in range(1966, 2026)
        for month in range(1, 13)
    ]
    check(
        backend,
        {
            "count(contributions, paid)": [660],
            "sum(contributions.earnings)": [12 * sum(range(1966, 2026))],
            "average(contributions.earnings, best => months(18))": ["2024.6666666667"],
            "successive(contributions, paid)": [0],
            "successive(contributions, paid, before => month('2026-01'))": [5],
            "successive(contributions, true, before => month('2026-01'))": [720],
            "count(contributions, earnings >= 2000, last => years(30))": [312],
        },
        [{"x": "1"}],
        contributions=rows,
    )
