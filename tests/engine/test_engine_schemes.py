"""When a scheme is in force, and for whom: dates, presence, claims, given values, several schemes, on every backend."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from engines import Backend, check, expected, law_of, people, scheme_of

from opensocle.law.law import Law
from opensocle.population.tables import Population, Table

GRANT = {
    "eligible": {"type": "boolean", "formula": "p"},
    "benefit": {"unit": "XMU/month", "formula": "if(eligible, amount, 0)"},
    "duration": {"type": "integer", "unit": "month", "formula": "if(eligible, 6, 0)"},
    "step": "i + 1",
}
AMOUNT = "{amount: {unit: XMU/month, values: {2020-01-01: 30.5}, source: A}}"
OUTPUTS = [f"test.{name}" for name in GRANT]


def found(backend: Backend, law: Law, population: Population, period: str, outputs: list[str]) -> list[list[Any]]:
    """The results of each person in the outputs' order."""
    persons, _ = backend.values(law, population, period, outputs)
    return [[row[name] for name in outputs] for _, row in sorted(persons.items())]


def values(*rows: list[Any]) -> list[list[Any]]:
    return [[expected(value) for value in row] for row in rows]


def test_before_and_after_its_time_a_scheme_gives_nothing(backend: Backend) -> None:
    law = law_of(GRANT, AMOUNT, more="{from: 2026-03-01, until: 2026-05-01}")
    population = people(law, [{"p": True, "i": 1}, {"p": None, "i": None}])
    nothing = values([False, 0, 0, None], [False, 0, 0, None])
    inside = values([True, "30.5", 6, 2], [None, None, None, None])
    assert found(backend, law, population, "2026-02", OUTPUTS) == nothing
    assert found(backend, law, population, "2026-03", OUTPUTS) == inside
    assert found(backend, law, population, "2026-04", OUTPUTS) == inside
    assert found(backend, law, population, "2026-05", OUTPUTS) == nothing


def test_a_scheme_that_begins_within_the_month_holds_for_it_if_evaluated_on_the_last_day(backend: Backend) -> None:
    rows = [{"p": True, "i": 1}]
    for as_of, wanted in (("first_day", [False, 0, 0, None]), ("last_day", [True, "30.5", 6, 2])):
        law = law_of(GRANT, AMOUNT, more=f"{{from: 2026-03-15, as_of: {as_of}}}")
        assert found(backend, law, people(law, rows), "2026-03", OUTPUTS) == values(wanted)


def test_parameters_and_formulas_have_the_value_of_the_day_of_evaluation(backend: Backend) -> None:
    variables = {"benefit": {"unit": "XMU/month", "formula": {date(2025, 1, 1): "amount", date(2026, 3, 15): "amount * 2"}}, "a": "amount"}
    parameters = "{amount: {unit: XMU/month, values: {2020-01-01: 10, 2026-03-31: 12}, source: A}}"
    rows = [{"p": True}]
    for as_of, wanted in (("first_day", [10, 10]), ("last_day", [24, 12])):
        law = law_of(variables, parameters, more=f"as_of: {as_of}")
        assert found(backend, law, people(law, rows), "2026-03", ["test.benefit", "test.a"]) == values(wanted)


def test_a_dated_formula_gives_nothing_before_its_first_date(backend: Backend) -> None:
    dated = {date(2024, 1, 1): "contract_months", date(2026, 3, 1): "contract_months * 10"}
    law = law_of({"eligible": {"type": "boolean", "formula": "true"}, "step": {"formula": dated}, "duration": {"unit": "month", "formula": dated}})
    population = people(law, [{"contract_months": 2}, {"contract_months": None}])
    outputs = ["test.step", "test.duration"]
    assert found(backend, law, population, "2023-12", outputs) == values([None, 0], [None, 0])
    assert found(backend, law, population, "2026-02", outputs) == values([2, 2], [None, None])
    assert found(backend, law, population, "2026-03", outputs) == values([20, 20], [None, None])


def test_neither_the_dead_nor_the_unborn_have_a_right_of_their_own(backend: Backend) -> None:
    rows = [
        {"birth_date": "1960-01-01", "death_date": None},
        {"birth_date": "1960-01-01", "death_date": "2026-02-28"},
        {"birth_date": "1960-01-01", "death_date": "2026-03-01"},
        {"birth_date": "1960-01-01", "death_date": "2026-03-02"},
        {"birth_date": "2026-03-01", "death_date": None},
        {"birth_date": "2026-03-02", "death_date": None},
        {"birth_date": None, "death_date": None},
        {"birth_date": None, "death_date": "2020-01-01"},
    ]
    law = law_of(GRANT, AMOUNT)
    there, gone = [True, "30.5", 6, 2], [False, 0, 0, 2]
    wanted = values(there, gone, gone, there, there, gone, there, gone)
    assert found(backend, law, people(law, [{"p": True, "i": 1, **row} for row in rows]), "2026-03", OUTPUTS) == wanted
    unknown = [None, None, None, 2]
    wanted = values(unknown, gone, gone, unknown, unknown, gone, unknown, gone)
    assert found(backend, law, people(law, [{"p": None, "i": 1, **row} for row in rows]), "2026-03", OUTPUTS) == wanted
    law = law_of(GRANT, AMOUNT, more="as_of: last_day")
    wanted = values(there, gone, gone, gone, there, there, there, gone)
    assert found(backend, law, people(law, [{"p": True, "i": 1, **row} for row in rows]), "2026-03", OUTPUTS) == wanted


CLAIM = {
    "eligible": {"type": "boolean", "formula": "certified_days >= 3 and count(contributions, paid, before => event_date) >= 2"},
    "benefit": {"unit": "XMU", "formula": "if(eligible, daily * certified_days, 0)"},
    "months": "successive(contributions, paid, before => event_date)",
    "since": "days_between(event_date, reference_date)",
}
EVENTS = [
    {"person_id": 1, "contingency": "sickness", "event_date": "2026-03-31", "certified_days": 10},
    {"person_id": 2, "contingency": "sickness", "event_date": "2026-02-28", "certified_days": 10},
    {"person_id": 3, "contingency": "birth", "event_date": "2026-03-10", "certified_days": 10},
    {"person_id": 4, "contingency": "sickness", "event_date": "2026-03-01", "certified_days": None},
    {"person_id": 5, "contingency": "sickness", "event_date": "2026-03-02", "certified_days": 3},
    {"person_id": 7, "contingency": "sickness", "event_date": "2026-04-01", "certified_days": 3},
    {"person_id": 7, "contingency": "birth", "event_date": "2026-03-01", "certified_days": 3},
]


def test_an_event_must_be_claimed_in_the_month(backend: Backend) -> None:
    law = law_of(CLAIM, "{daily: {unit: XMU/day, values: {2020-01-01: 1.25}, source: A}}", contingency="sickness", more="paid: per_claim")
    paid = [{"person_id": key, "month": f"2026-0{month}-01", "paid": True} for key in (1, 2, 3, 4) for month in (1, 2)]
    paid += [{"person_id": 5, "month": "2026-02-01", "paid": True}, {"person_id": 6, "month": "2026-02-01", "paid": True}]
    population = people(law, [{"p": True}] * 7, events=EVENTS, contributions=paid)
    outputs = [f"test.{name}" for name in CLAIM]
    wanted = values(
        [True, "12.5", 2, -30],
        [False, 0, None, None],
        [False, 0, None, None],
        [None, None, 2, 0],
        [False, 0, 1, -1],
        [False, 0, None, None],
        [False, 0, 0, None],
    )
    assert found(backend, law, population, "2026-03", outputs) == wanted
    assert [row[:2] for row in found(backend, law, population, "2026-03", outputs[:2])] == [row[:2] for row in wanted]
    assert found(backend, law, population, "2026-02", outputs)[1] == expected_row([False, 0, 1, 27 - 54])


def expected_row(row: list[Any]) -> list[Any]:
    return values(row)[0]


def test_months_paid_before_an_event_are_unknown_without_one_but_the_right_is_refused(backend: Backend) -> None:
    variables = {
        "eligible": {"type": "boolean", "formula": "successive(contributions, paid, before => event_date) >= 2"},
        "duration": {"unit": "month", "formula": "successive(contributions, paid, before => event_date)"},
        "seen": "successive(contributions, paid, before => event_date)",
    }
    law = law_of(variables, contingency="sickness", more="paid: per_claim")
    paid = [{"person_id": key, "month": f"2026-0{month}-01", "paid": True} for key in (1, 2) for month in (1, 2)]
    population = people(
        law, [{"p": True}] * 4, events=[EVENTS[0], {"person_id": 3, **{k: v for k, v in EVENTS[0].items() if k != "person_id"}}], contributions=paid
    )
    rights = values([True, 2], [False, 0], [False, 0], [False, 0])
    assert found(backend, law, population, "2026-03", ["test.eligible", "test.duration"]) == rights
    assert found(backend, law, population, "2026-03", ["test.seen"]) == values([2], [None], [0], [0])
    assert found(backend, law, population, "2026-03", ["test.eligible", "test.seen"]) == values([True, 2], [False, None], [False, 0], [False, 0])


def test_without_a_table_of_events_a_claim_is_unknown(backend: Backend) -> None:
    law = law_of({"eligible": {"type": "boolean", "formula": "certified_days >= 3"}}, contingency="sickness", more="paid: per_claim")
    assert found(backend, law, people(law, [{"p": True}]), "2026-03", ["test.eligible"]) == [[None]]
    never = law_of({"eligible": {"type": "boolean", "formula": "certified_days >= 3 and false"}}, contingency="sickness", more="paid: per_claim")
    assert found(backend, never, people(never, [{"p": True}]), "2026-03", ["test.eligible"]) == [[False]]


def test_a_claim_of_each_month_is_a_claim_of_its_own(backend: Backend) -> None:
    law = law_of({"benefit": {"unit": "XMU", "formula": "daily * certified_days"}},
                 "{daily: {unit: XMU/day, values: {2020-01-01: 2}, source: A}}", contingency="sickness", more="paid: per_claim")  # fmt: skip
    events = [{"person_id": 1, "contingency": "sickness", "event_date": f"2026-0{month}-15", "certified_days": month} for month in (1, 3)]
    persons, _ = backend.values(law, people(law, [{"p": True}], events=events), "2026-01:2026-03")
    assert persons[1] == {"test.benefit_2026-01": 2, "test.benefit_2026-02": 0, "test.benefit_2026-03": 6}


def test_a_value_that_is_given_is_not_computed(backend: Backend) -> None:
    law = law_of(GRANT, AMOUNT)
    columns = {
        "person_id": pa.array([1, 2, 3, 4]),
        "p": pa.array([True, True, False, None]),
        "test.eligible": pa.array([None, False, True, True]),
        "test.benefit": pa.array([None, None, None, Decimal("7.25")], pa.decimal128(18, 2)),
    }
    population = Population("registry", date(2026, 3, 1), {"persons": Table("persons", data=pa.table(columns))}, "XMU", 2)
    wanted = values([True, "30.5"], [False, 0], [True, "30.5"], [True, "7.25"])
    assert found(backend, law, population, "2026-03", ["test.eligible", "test.benefit"]) == wanted


OTHER = scheme_of(
    {
        "eligible": {"type": "boolean", "formula": "not if_unknown(test.eligible, false) and basic > 5"},
        "benefit": {"unit": "XMU/month", "formula": "if(eligible, greatest(0, basic - test.benefit), 0) + shared"},
    },
    "{basic: {unit: XMU/month, values: {2020-01-01: 50}, source: A}}",
    name="second",
)
CONCEPTS = """
variables:
  shared: {of: person, unit: XMU/month, formula: "if(test.eligible, 1, 0) * base", source: A}
  together: {of: household, unit: XMU/month, formula: "sum(members, test.benefit + second.benefit)", source: A}
parameters:
  base: {unit: XMU/month, values: {2020-01-01: 2}, source: A}
"""


def test_schemes_and_concepts_use_each_other(backend: Backend) -> None:
    law = law_of(GRANT, AMOUNT, others=[OTHER], concepts=CONCEPTS)
    rows = [{"household_id": 1, "p": True}, {"household_id": 1, "p": False}, {"household_id": 2, "p": None}, {"household_id": 3, "p": True}]
    population = people(law, [{**row, "i": 1} for row in rows])
    outputs = ["test.benefit", "second.eligible", "second.benefit", "shared"]
    persons, together = backend.values(law, population, "2026-03", [*outputs, "together"])
    wanted = values(["30.5", False, 2, 2], [0, True, 50, 0], [None, True, None, None], ["30.5", False, 2, 2])
    assert [[row[name] for name in outputs] for _, row in sorted(persons.items())] == wanted
    assert {key: row["together"] for key, row in together.items()} == {1: Decimal("82.5"), 2: None, 3: Decimal("32.5")}


def test_a_right_of_a_person_counts_in_the_household_only_where_the_person_has_it(backend: Backend) -> None:
    rows = [
        {"household_id": 1, "p": True, "birth_date": "1950-01-01", "death_date": "2026-01-01"},
        {"household_id": 1, "p": True, "birth_date": "1950-01-01", "death_date": None},
        {"household_id": 1, "p": True, "birth_date": "2027-01-01", "death_date": None},
    ]
    check(
        backend,
        {"sum(members, other.benefit)": ["30.5"] * 3, "count(members, other.eligible)": [1] * 3, "any(members, other.duration > 5)": [True] * 3},
        rows,
        law={"others": [scheme_of(GRANT, AMOUNT, name="other")]},
    )


@pytest.mark.parametrize("paid", ["monthly", "yearly", "once", "in_kind"])
def test_a_benefit_is_rounded_whatever_the_rhythm_of_payment(backend: Backend, paid: str) -> None:
    unit = {"monthly": "XMU/month", "yearly": "XMU/year"}.get(paid, "XMU")
    law = law_of(
        {"benefit": {"unit": unit, "formula": "amount / 3"}},
        f"{{amount: {{unit: {unit}, values: {{2020-01-01: 100}}, source: A}}}}",
        more=f"paid: {paid}",
    )
    assert found(backend, law, people(law, [{"p": True}]), "2026-03", ["test.benefit"]) == values(["33.33"])
