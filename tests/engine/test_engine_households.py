"""Functions of the members of a household, on every backend."""

from __future__ import annotations

from engines import Backend, check, expected, law_of, people

HOMES = [{"household_id": 1, "h": "100"}, {"household_id": 2, "h": None}, {"household_id": 3, "h": "1.5"}]
PERSONS = [
    {"household_id": 1, "p": True, "x": "10", "i": 1, "d": "2000-01-01"},
    {"household_id": 1, "p": False, "x": "20", "i": 2, "d": "2010-01-01"},
    {"household_id": 1, "p": None, "x": None, "i": 3, "d": None},
    {"household_id": 2, "p": True, "x": "-5", "i": -4, "d": "1990-06-30"},
    {"household_id": 2, "p": True, "x": "2.5", "i": 4, "d": "1980-06-30"},
    {"household_id": 3, "p": None, "x": None, "i": None, "d": "2020-02-29"},
    {"household_id": None, "p": True, "x": "7", "i": 7, "d": "2000-01-01"},
]


def by_home(*values: object) -> list[object]:
    """A value for each person out of those of the three households and of the person without one."""
    one, two, three, none = values
    return [one, one, one, two, two, three, none]


def test_counts_and_sums_of_members_are_unknown_where_a_member_is(backend: Backend) -> None:
    check(
        backend,
        {
            "count(members)": by_home(3, 2, 1, None),
            "count(members, p)": by_home(None, 2, None, None),
            "count(members, if_unknown(p, false))": by_home(1, 2, 0, None),
            "count(members, x is null)": by_home(1, 0, 1, None),
            "sum(members, x)": by_home(None, "-2.5", None, None),
            "sum(members, x, where => x is not null)": by_home(30, "-2.5", 0, None),
            "sum(members, if(p, x, 0))": by_home(None, "-2.5", None, None),
            "sum(members, if_unknown(x, 0))": by_home(30, "-2.5", 0, None),
            "sum(members, i)": by_home(6, 0, None, None),
            "sum(members, i * 2 + 1)": by_home(15, 2, None, None),
            "sum(members, 3)": by_home(9, 6, 3, None),
            "sum(members, -i, where => if_unknown(p, false))": by_home(-1, 0, 0, None),
            "average(members, x, where => x is not null)": by_home(15, "-1.25", None, None),
            "average(members, i)": by_home(2, 0, None, None),
            "average(members, i / 3)": by_home("0.6666666667", "0", None, None),
            "min(members, x, where => x is not null)": by_home(10, -5, None, None),
            "max(members, x)": by_home(None, "2.5", None, None),
            "min(members, d)": by_home(None, "1980-06-30", "2020-02-29", None),
            "max(members, d, where => d is not null)": by_home("2010-01-01", "1990-06-30", "2020-02-29", None),
            "sum(members, x) / count(members)": by_home(None, "-1.25", None, None),
        },
        PERSONS,
        households=HOMES,
    )


def test_any_and_all_members_follow_three_valued_logic(backend: Backend) -> None:
    check(
        backend,
        {
            "any(members, p)": by_home(True, True, None, None),
            "any(members, not p)": by_home(True, False, None, None),
            "any(members, x > 15)": by_home(True, False, None, None),
            "any(members, x > 25)": by_home(None, False, None, None),
            "any(members, x is null)": by_home(True, False, True, None),
            "all(members, p)": by_home(False, True, None, None),
            "all(members, x > 0)": by_home(None, False, None, None),
            "all(members, x > -6)": by_home(None, True, None, None),
            "any(members, i > 2)": by_home(True, True, None, None),
            "any(members, p, where => x is not null)": by_home(True, True, False, None),
            "all(members, p, where => x is not null)": by_home(False, True, True, None),
            "not any(members, i = 2)": by_home(False, True, None, None),
            "any(members, age(d) < 5)": by_home(None, False, False, None),
            "any(members, age(d) < 7)": by_home(None, False, True, None),
        },
        PERSONS,
        households=HOMES,
    )


def test_a_person_sees_the_household_and_the_household_its_members(backend: Backend) -> None:
    check(
        backend,
        {
            "h": by_home(100, None, "1.5", None),
            "h is null": by_home(False, True, False, True),
            "if_unknown(h, 7)": by_home(100, 7, "1.5", 7),
            "if_unknown(damp, p)": [True, False, None, True, True, None, True],
            "if_unknown(h * 2, 0) + i": [201, 202, 203, -4, 4, None, 7],
            "if_unknown(count(members), 1)": by_home(3, 2, 1, 1),
            "h + i": [101, 102, 103, None, None, None, None],
            "if(i = greatest(1, i), h, 0)": [100, 100, 100, 0, None, None, None],
            "sum(members, if_unknown(x, 0) + h)": by_home(330, None, "1.5", None),
            "i / sum(members, i)": ["0.1666666667", "0.3333333333", "0.5", None, None, None, None],
            "x - average(members, x, where => x is not null)": [-5, 5, None, "-3.75", "3.75", None, None],
            "count(members, x > h)": by_home(None, None, None, None),
            "count(members, i >= h / 50)": by_home(2, None, None, None),
        },
        PERSONS,
        households=HOMES,
    )


def test_a_person_without_household_has_no_members_to_add_up(backend: Backend) -> None:
    formulas = {"count(members)": [None], "any(members, true)": [None], "h is null": [True], "x + 1": [3], "if_unknown(sum(members, x), x)": [2]}
    check(backend, formulas, [{"x": "2"}])


def test_households_need_no_table_of_their_own(backend: Backend) -> None:
    rows = [{"household_id": 5, "x": "1"}, {"household_id": 5, "x": "2"}, {"household_id": 6, "x": "4"}]
    check(backend, {"sum(members, x)": [3, 3, 4], "h": [None, None, None], "household_size": [2, 2, 1]}, rows)


def test_the_dead_are_members_and_the_unborn_are_not(backend: Backend) -> None:
    rows = [
        {"household_id": 1, "birth_date": "1960-01-01", "death_date": "2020-01-01", "x": "1"},
        {"household_id": 1, "birth_date": "1962-01-01", "death_date": None, "x": "2"},
        {"household_id": 1, "birth_date": "2026-03-02", "death_date": None, "x": "4"},
        {"household_id": 1, "birth_date": None, "death_date": "2026-03-02", "x": "8"},
        {"household_id": 1, "birth_date": "2026-03-01", "death_date": "2026-03-01", "x": "16"},
    ]
    formulas = {
        "count(members)": [4] * 5,
        "sum(members, x)": [27] * 5,
        "sum(members, x, where => alive)": [10] * 5,
        "household_size": [2] * 5,
        "any(members, x = 4)": [False] * 5,
        "all(members, x != 4)": [True] * 5,
        "max(members, birth_date, where => birth_date is not null)": ["2026-03-01"] * 5,
    }
    check(backend, formulas, rows)
    check(backend, {"count(members)": [5] * 5, "household_size": [2] * 5, "sum(members, x, where => alive)": [6] * 5}, rows, period="2026-04")


HOUSEHOLD_LAW = {
    "benefit": {"unit": "XMU/month", "formula": "sum(members, if(if_unknown(p, false), 10, 0)) * unit_amount + if_unknown(h, 0) * unit_amount"},
    "eligible": {"type": "boolean", "formula": "any(members, p)"},
    "n": "count(members)",
    "total": "sum(members, x)",
    "mean": "average(members, x)",
    "everybody": "all(members, p)",
    "share": {"of": "person", "formula": "benefit / n"},
    "twice": "sum(members, share)",
    "above": {"of": "person", "formula": "share > 5 and total > 0"},
    "richer": "count(members, above)",
}


def test_a_household_where_nobody_lives_has_sums_of_zero(backend: Backend) -> None:
    law = law_of(HOUSEHOLD_LAW, "{unit_amount: {unit: XMU/month, values: {2020-01-01: 1}, source: A}}", unit="household")
    homes = [*HOMES, {"household_id": 4, "h": "9"}]
    outputs = [f"test.{name}" for name in HOUSEHOLD_LAW]
    persons, together = backend.values(law, people(law, PERSONS, households=homes), "2026-03", outputs)
    wanted = {
        1: {"benefit": 110, "eligible": True, "n": 3, "total": None, "mean": None, "everybody": False, "twice": "110.0000000001", "richer": None},
        2: {"benefit": 20, "eligible": True, "n": 2, "total": "-2.5", "mean": "-1.25", "everybody": True, "twice": 20, "richer": 0},
        3: {"benefit": "1.5", "eligible": None, "n": 1, "total": None, "mean": None, "everybody": None, "twice": "1.5", "richer": 0},
        4: {"benefit": 9, "eligible": False, "n": 0, "total": 0, "mean": None, "everybody": True, "twice": 0, "richer": 0},
    }
    assert together == {key: {f"test.{name}": expected(value) for name, value in row.items()} for key, row in wanted.items()}
    assert [row["test.share"] for row in persons.values()] == [expected(v) for v in ["36.6666666667"] * 3 + [10, 10, "1.5", None]]
    assert [row["test.above"] for row in persons.values()] == [None, None, None, False, False, False, None]


def test_results_of_households_alone_need_no_persons_column(backend: Backend) -> None:
    law = law_of({"benefit": {"unit": "XMU/month", "formula": "if(damp, 5, rent)"}}, unit="household")
    homes = [
        {"household_id": 1, "damp": True, "rent": "1"},
        {"household_id": 2, "damp": False, "rent": "2.25"},
        {"household_id": 3, "damp": None, "rent": "3"},
    ]
    _, together = backend.values(law, people(law, [{"household_id": 1}], households=homes), "2026-03")
    assert [together[key]["test.benefit"] for key in (1, 2, 3)] == [expected(5), expected("2.25"), None]


def test_identifiers_may_be_texts(backend: Backend) -> None:
    law = law_of({"a": "sum(members, x)", "b": "count(contributions, paid)"})
    rows = [{"person_id": "A'1", "household_id": "h 1", "x": "1"}, {"person_id": "b", "household_id": "h 1", "x": "2"}]
    paid = [{"person_id": "b", "month": "2026-01-01", "paid": True}]
    population = people(law, rows, households=[{"household_id": "h 1"}], contributions=paid)
    persons, _ = backend.values(law, population, "2026-03", ["test.a", "test.b"])
    assert persons == {"A'1": {"test.a": 3, "test.b": 0}, "b": {"test.a": 3, "test.b": 1}}


def test_members_may_be_counted_without_looking_at_them(backend: Backend) -> None:
    law = law_of({"eligible": {"type": "boolean", "formula": "count(members) > 1"}}, unit="household")
    _, together = backend.values(law, people(law, PERSONS, households=HOMES), "2026-03")
    assert together == {key: {"test.eligible": wanted} for key, wanted in ((1, True), (2, True), (3, False))}
