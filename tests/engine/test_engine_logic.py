"""Three-valued logic, choices and comparisons, on every backend."""

from __future__ import annotations

from itertools import product

from engines import Backend, check

VALUES = (True, False, None)
TABLE = [{"p": p, "q": q} for p, q in product(VALUES, VALUES)]


def test_and_or_and_not_follow_three_valued_logic(backend: Backend) -> None:
    t, f, u = True, False, None
    check(
        backend,
        {
            "p and q": [t, f, u, f, f, f, u, f, u],
            "p or q": [t, t, t, t, f, u, t, u, u],
            "not p": [f, f, f, t, t, t, u, u, u],
            "not (p and q)": [f, t, u, t, t, t, u, t, u],
            "not p or q": [t, f, u, t, t, t, t, u, u],
            "p = q": [t, f, u, f, t, u, u, u, u],
            "p != q": [f, t, u, t, f, u, u, u, u],
            "p and true": [t, t, t, f, f, f, u, u, u],
            "p or true": [t] * 9,
            "p and false": [f] * 9,
            "p and q or not p": [t, f, u, t, t, t, u, u, u],
            "p or q and not q": [t, t, t, f, f, u, u, u, u],
        },
        TABLE,
    )


def test_is_null_asks_and_if_unknown_answers(backend: Backend) -> None:
    t, f = True, False
    check(
        backend,
        {
            "p is null": [f, f, f, f, f, f, t, t, t],
            "p is not null": [t, t, t, t, t, t, f, f, f],
            "(p and q) is null": [f, f, t, f, f, f, t, f, t],
            "if_unknown(p, q)": [t, t, t, f, f, f, t, f, None],
            "if_unknown(p, false)": [t, t, t, f, f, f, f, f, f],
            "if_unknown(p and q, true)": [t, f, t, f, f, f, t, f, t],
        },
        TABLE,
    )


def test_if_and_case_are_unknown_where_a_condition_that_counts_is(backend: Backend) -> None:
    check(
        backend,
        {
            "if(p, 1, 2)": [1, 1, 1, 2, 2, 2, None, None, None],
            "if(p, 1, if(q, 2, 3))": [1, 1, 1, 2, 3, None, None, None, None],
            "case when p then 1 when q then 2 else 3 end": [1, 1, 1, 2, 3, None, None, None, None],
            "case when p and q then 'both' when p or q then 'one' else 'none' end": ["both", "one", None, "one", "none", None, None, None, None],
            "if(p, 5, 5)": [5, 5, 5, 5, 5, 5, None, None, None],
            "if(p is null, 0, if(p, 1, 2))": [1, 1, 1, 2, 2, 2, 0, 0, 0],
            "if(p, q, not q)": [True, False, None, False, True, None, None, None, None],
        },
        TABLE,
    )


def test_the_branch_that_is_not_taken_may_be_unknown(backend: Backend) -> None:
    rows = [{"p": True, "x": "1", "y": None}, {"p": False, "x": "1", "y": None}, {"p": True, "x": None, "y": "2"}, {"p": False, "x": None, "y": "2"}]
    check(
        backend,
        {
            "if(p, x, y)": [1, None, None, 2],
            "if(p, x, 1 / 0)": [1, None, None, None],
            "if(p, i, x)": [None, 1, None, None],
            "if(p, 1, 2.5)": [1, "2.5", 1, "2.5"],
            "if(p, 'a', 'b')": ["a", "b", "a", "b"],
            "if(p, date('2020-02-29'), d)": ["2020-02-29", None, "2020-02-29", None],
            "if_unknown(x, y)": [1, 1, 2, 2],
            "if_unknown(x, 0) + if_unknown(y, 0)": [1, 1, 2, 2],
            "if_unknown(i, 2.5)": ["2.5"] * 4,
        },
        rows,
    )


def test_in_is_unknown_only_where_the_unknown_could_matter(backend: Backend) -> None:
    rows = [
        {"grade": "low", "i": 1, "j": 1},
        {"grade": "high", "i": 2, "j": None},
        {"grade": None, "i": None, "j": 3},
        {"grade": "top", "i": 3, "j": 1},
    ]
    check(
        backend,
        {
            "grade in ('low', 'high')": [True, True, None, False],
            "grade not in ('low')": [False, True, None, True],
            "grade = 'low'": [True, False, None, False],
            "grade != 'low'": [False, True, None, True],
            "i in (1, 2)": [True, True, None, False],
            "i in (1, j)": [True, None, None, False],
            "i not in (1, j)": [False, None, None, True],
            "i in (3, j)": [True, None, None, True],
            "i in (1.5, 2.0)": [False, True, None, False],
        },
        rows,
    )


def test_between_includes_both_ends(backend: Backend) -> None:
    rows = [{"x": "1"}, {"x": "0.999999"}, {"x": "2"}, {"x": "2.000001"}, {"x": None}]
    check(
        backend,
        {
            "x between 1 and 2": [True, False, True, False, None],
            "x not between 1 and 2": [False, True, False, True, None],
            "x between 2 and 1": [False, False, False, False, None],
            "1.5 between x and 2": [True, True, False, False, None],
            "x between i and 1": [None, None, False, False, None],
        },
        [{"i": None, **row} for row in rows],
    )


def test_dates_months_and_words_are_compared(backend: Backend) -> None:
    rows = [{"d": "2020-02-29", "e": "2020-03-01", "m": "2020-02", "n": "2020-03"}, {"d": "2021-01-01", "e": "2021-01-01", "m": "2021-01", "n": None}]
    check(
        backend,
        {
            "d < e": [True, False],
            "d = e": [False, True],
            "d between date('2020-02-29') and date('2020-12-31')": [True, False],
            "d in (date('2021-01-01'), e)": [False, True],
            "m < n": [True, None],
            "m = month('2020-02')": [True, False],
            "m <= period": [True, True],
            "month_of(d) = m": [True, True],
            "d >= reference_date": [False, False],
            "greatest(m, n)": ["2020-03", None],
            "if_unknown(n, m)": ["2020-03", "2021-01"],
        },
        rows,
    )


def test_a_fact_that_the_data_do_not_have_is_unknown(backend: Backend) -> None:
    check(
        backend,
        {"earnings": [None], "earnings > 0": [None], "earnings > 0 or p": [True], "earnings is null": [True], "if_unknown(earnings, 1)": [1]},
        [{"p": True}],
    )


def test_a_fact_that_may_be_derived_is_taken_where_it_is_given(backend: Backend) -> None:
    rows = [
        {"birth_date": "2000-03-02", "age": None},
        {"birth_date": "2000-03-01", "age": None},
        {"birth_date": None, "age": 40},
        {"birth_date": "2000-03-01", "age": 7},
    ]
    check(backend, {"age": [25, 26, 40, 7], "age >= 26": [False, True, True, False], "age = 25": [True, False, False, False]}, rows)
