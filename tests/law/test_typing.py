"""The type and the unit of every formula that the language allows, and of those that differ by one word."""

from __future__ import annotations

import pytest
from formula_laws import VARIABLES, column, files, formula_faults

from opensocle.law import load, parse
from opensocle.law import tree as t
from opensocle.law.functions import SCALARS
from opensocle.law.rows import ROW_FUNCTIONS


def typed(formula: str, more: str = "") -> t.Expr:
    """The typed tree of a formula that is right."""
    quoted = formula.replace("'", "''")
    law = load(files(VARIABLES + f"  probe:\n    formula: '{quoted}'\n{more}"))
    return law.rules["test", "probe"].formulas[0].expr


def kind(formula: str) -> str:
    return str(typed(formula).kind)


KINDS = {
    "age": "integer (year)",
    "1": "integer",
    "1.0": "decimal",
    "amount * 2": "decimal (XMU/month)",
    "amount / 12": "decimal (XMU/month)",
    "amount + 100": "decimal (XMU/month)",
    "age + 0.5": "decimal (year)",
    "age - age_limit": "integer (year)",
    "age * 2": "integer (year)",
    "age / 2": "decimal (year)",
    "amount * accrual": "decimal (XMU/month/year)",
    "amount * accrual * age": "decimal (XMU/month)",
    "accrual * age": "decimal",
    "amount / amount": "decimal",
    "1 / age": "decimal (1/year)",
    "-age": "integer (year)",
    "- 3": "integer",
    "abs(-age)": "integer (year)",
    "household_size * amount": "decimal (XMU/month)",
    "age < 3": "boolean",
    "not age between 1 and age_limit": "boolean",
    "sex in ('male', 'female')": "boolean",
    "birth_date < date('2020-01-01')": "boolean",
    "period >= month('2024-01')": "boolean",
    "death_date is null": "boolean",
    "if(resident, amount, 0)": "decimal (XMU/month)",
    "if(resident, 0, amount)": "decimal (XMU/month)",
    "if(resident, 1, 0)": "integer",
    "if(resident, 1, 0.5)": "decimal",
    "if(resident, sex, 'male')": "code (sex)",
    "case when resident then birth_date else reference_date end": "date",
    "if_unknown(earnings, 0)": "decimal (XMU/month)",
    "least(amount, 10, earnings)": "decimal (XMU/month)",
    "max(birth_date, date('2020-01-01'))": "date",
    "max(members, birth_date)": "date",
    "round(amount)": "integer (XMU/month)",
    "round(amount, 0.05)": "decimal (XMU/month)",
    "floor(age / 2)": "integer (year)",
    "ceil(age_limit)": "integer (year)",
    "transfer[household_size]": "decimal (XMU/month)",
    "test.transfer[3]": "decimal (XMU/month)",
    "wage['north', sex]": "decimal (XMU/month)",
    "scale(rates, amount)": "decimal (XMU/month)",
    "value_on(amount, period)": "decimal (XMU/month)",
    "value_on(test.amount, birth_date)": "decimal (XMU/month)",
    "amount(birth_date, period)": "decimal",
    "age(birth_date)": "integer (year)",
    "age(birth_date, date('2024-05-05'))": "integer (year)",
    "months_between(birth_date, reference_date)": "integer (month)",
    "months_between(month_of(birth_date), period)": "integer (month)",
    "days_between(birth_date, reference_date)": "integer (day)",
    "add_months(period, 3)": "month",
    "add_months(birth_date, window)": "date",
    "add_days(birth_date, -3)": "date",
    "year(period) - year(birth_date)": "integer",
    "month_number(birth_date)": "integer",
    "first_day(period)": "date",
    "last_day(month_of(birth_date))": "date",
    "count(members, age < 18)": "integer",
    "count(members)": "integer",
    "count(members, where => resident and age > 3)": "integer",
    "sum(members, earnings)": "decimal (XMU/month)",
    "sum(members, if(resident, 1, 0))": "integer",
    "average(members, age)": "decimal (year)",
    "any(members, age < 3)": "boolean",
    "all(members, resident, where => age > 3)": "boolean",
    "count(contributions, paid, last => months(24))": "integer (month)",
    "count(contributions, paid, last => years(2), before => birth_date)": "integer (month)",
    "count(contributions, paid, last => months(window), after => period)": "integer (month)",
    "sum(contributions.earnings)": "decimal (XMU)",
    "sum(contributions, earnings, where => paid)": "decimal (XMU)",
    "average(contributions.earnings, best => months(60))": "decimal (XMU/month)",
    "average(contributions.earnings * amount(contributions.month, period))": "decimal (XMU/month)",
    "last(contributions.earnings)": "decimal (XMU/month)",
    "first(events.event_date)": "date",
    "successive(contributions, paid)": "integer (month)",
    "duration(residence, country = 'XE')": "integer (month)",
    "sum(members, sum(contributions.earnings))": "decimal (XMU)",
    "PERIOD": "month",
}


@pytest.mark.parametrize("formula", KINDS)
def test_a_formula_has_the_type_and_unit_that_its_parts_give(formula: str) -> None:
    assert kind(formula) == KINDS[formula]


def test_every_function_of_the_language_is_tried_above() -> None:
    text = " ".join(KINDS)
    assert [name for name in (*SCALARS, *ROW_FUNCTIONS) if f"{name}(" not in text and name not in ("greatest", "min")] == []


@pytest.mark.parametrize("factor", ["3.99", "2", "1"])
def test_only_a_factor_of_4_or_more_converts_a_unit_of_time(factor: str) -> None:
    more = "    unit: XMU/day\n"
    assert typed("amount / 4", more)
    assert typed("amount * 12 / 365", more)
    assert [fault.code for fault in formula_faults(f"amount / {factor}", more)] == ["F024"]
    assert [fault.code for fault in formula_faults("amount / 30", "    unit: day\n")] == ["F024"]
    assert [fault.code for fault in formula_faults(f"amount / {factor} + age * amount")] == ["F021"]


def test_counts_label_a_number_but_forbid_no_sum() -> None:
    assert typed("household_size + 1 + count(members)")
    assert typed("amount + amount * household_size", "    unit: XMU/month/person\n")


@pytest.mark.parametrize(
    ("formula", "columns"),
    [
        ("agee + birth_dat", [1, 8]),
        ("if(agee, birth_dat, sexx)", [4, 10, 21]),
        ("case when agee then 1 when birth_dat then 2 else sexx end", [11, 28, 50]),
        ("agee between birth_dat and sexx", [1, 14, 28]),
        ("agee in (1, birth_dat, sexx)", [1, 13, 24]),
        ("sex in ('male', 'femal', 'mal')", [17, 26]),
        ("sum(members, agee, where => birth_dat)", [14, 29]),
        ("wage[agee, birth_dat]", [6, 12]),
        ("least(agee, birth_dat)", [7, 13]),
        ("1 + 'a' + resident * (sex + 1)", [5, 11, 23]),
        ("not 1 and not 'a'", [5, 15]),
        ("sum(contributions, earnngs, last => months(0), before => 3)", [20, 44, 58]),
    ],
)
def test_all_faults_of_a_formula_are_found(formula: str, columns: list[int]) -> None:
    assert [column(fault) for fault in formula_faults(formula)] == columns


def test_what_a_part_came_from_can_be_shown() -> None:
    text = "if(age < 18 and resident, amount * 2, 0)"
    pieces = {text[part.at : part.end] for part in t.walk(typed(text)) if part.end > part.at}
    assert {text, "age < 18 and resident", "age < 18", "age", "18", "resident", "amount * 2", "amount", "2", "0"} == pieces


def test_a_negative_number_is_a_constant() -> None:
    assert typed("-3.5") == t.Const(t.Kind("decimal", free=True), 0, 4, -parse("3.5").value)  # ty: ignore


def test_a_derived_fact_is_a_result_others_are_facts() -> None:
    assert isinstance(typed("age"), t.Result)
    assert isinstance(typed("birth_date"), t.Fact)
    assert typed("death_date") == t.Fact(t.DATE, 0, 10, "persons", "death_date", none=True)
