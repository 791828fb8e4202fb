"""A costing asks the law once for the people of all years: each year gets what its people, decided one by one, are given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from small_costs import COUNTRY, cells

from opensocle.analysis.costing import YearOfPeople, cost_years
from opensocle.analysis.evaluation import Evaluator, stretches
from opensocle.analysis.stacking import MOST, groups
from opensocle.engine.deciding import Decider
from opensocle.law.law import Law, load
from opensocle.population.tables import Population

LEVELS = {"consumer_prices": {date(2020 + at, 1, 1): Decimal("1.04") ** at for at in range(20)}}
YEARS = (2025, 2026, 2027, 2028)
MOVING = """
scheme: moving
title: {en: Test, fr: Essai}
branch: family
kind: non_contributory
contingency: dependent_children
unit: person
paid: monthly
from: 2020-01-01
as_of: last_day
legal: [{act: "Act 1", articles: "1"}]
parameters:
  from_age: {unit: year, values: {2020-01-01: 3, 2027-05-10: 4}, source: s}
  flat: {unit: XMU/month, values: {2020-01-01: 30.5, 2026-01-01: 33}, index: {by: consumer_prices, every: year, month: 4}, source: s}
  by_age: {unit: XMU/month, by: age, values: {2020-01-01: {0-17: 5, 18-64: 7.25, 65+: 9}, 2026-07-01: {0-39: 6, 40+: 11.5}},
    index: {by: consumer_prices, every: year, month: 1}, source: s}
  by_sex: {unit: XMU/month, by: sex, values: {2020-01-01: {male: 1, female: 2}, 2026-03-01: {female: 3}}, source: s}
  tax: {scale: marginal, of: XMU/month, unit: rate, values: {2020-01-01: [{from: 0, rate: 0.1}, {from: 50, rate: 0.3}],
    2027-01-01: [{from: 0, rate: 0.05}, {from: 80, rate: 0.35}]}, source: s}
  class: {scale: single, of: XMU/month, unit: XMU/month, values: {2020-01-01: [{from: 0, amount: 1}, {from: 60, amount: 4}],
    2026-01-01: [{from: 0, amount: 2.5}]}, source: s}
  step: {unit: XMU/month, values: {2020-01-01: 0.5, 2027-01-01: 0.25}, source: s}
  bonus: {unit: XMU/month, values: {2026-10-01: 12}, until: 2028-03-01, source: s}
variables:
  eligible: {type: boolean, source: s, formula: {2020-01-01: "age >= from_age", 2027-09-01: "age >= from_age and age < 60"}}
  benefit:
    unit: XMU/month
    source: s
    formula: "if(eligible, floor(flat + by_age[age] + if_unknown(by_sex[sex], 0) + by_sex['female'] + if_unknown(bonus, 0)
      + scale(class, earnings) + year(period) * 0.01 * flat + if_unknown(value_on(flat, birth_date), 7) * 0.1, step), 0)"
  worker_contribution: {unit: XMU/month, source: s, formula: "scale(tax, earnings)"}
"""


def law_of_many_changes() -> Law:
    return load({"country.yaml": COUNTRY, "schemes/moving.yaml": MOVING})


def people_of(year: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    """One to four persons born by 1 January of the year, or on a day that is not known."""
    person = {
        "birth_date": st.one_of(st.none(), st.dates(date(1940, 1, 1), date(year, 1, 1))),
        "sex": st.sampled_from(["male", "female", None]),
        "earnings": st.decimals(0, 200, places=2),
        "weight": st.decimals("0.5", 900, places=3),
    }
    return st.lists(st.fixed_dictionaries(person), min_size=1, max_size=4)


def costs_one_by_one(law: Law, years: Sequence[YearOfPeople], rows: dict[int, list[dict[str, Any]]]) -> dict[int, tuple[Decimal, Decimal, Decimal]]:
    """Benefits, workers' contributions and weights of the unknown of each year, from decisions on each person in each stretch."""
    found = {}
    for year in (each.year for each in years):
        benefits = contributions = unknown = Decimal(0)
        for month, length in stretches(law, year):
            decider = Decider(law, month, None, indices=LEVELS)
            for row in rows[year]:
                facts = {name: value for name, value in row.items() if name != "weight"}
                decision = decider.decide({"person": facts})
                benefit, due = decision.value("moving.benefit"), decision.value("moving.worker_contribution")
                benefits += (benefit if isinstance(benefit, Decimal) else 0) * row["weight"] * length
                contributions += (due if isinstance(due, Decimal) else 0) * row["weight"] * length
                unknown += row["weight"] * length if decision.value("moving.eligible") is None else 0
        found[year] = (benefits, contributions, unknown / 12)
    return found


@given(st.tuples(*map(people_of, YEARS)))
@settings(max_examples=12, deadline=None)
def test_all_years_at_once_cost_what_decisions_person_by_person_add_up_to(people: tuple[list[dict[str, Any]], ...]) -> None:
    law, rows = law_of_many_changes(), dict(zip(YEARS, people, strict=True))
    years = [YearOfPeople(year, cells=cells(law, rows[year], year)) for year in YEARS]
    with Evaluator.open() as evaluator:
        lines, notes = cost_years(law, years, evaluator, indices=LEVELS)
    assert not notes
    expected = costs_one_by_one(law, years, rows)
    for line in lines:
        benefits, contributions, unknown = expected[line.year]
        assert (line.benefits, line.contributions["worker"]) == (benefits, contributions)
        assert abs(line.unknown - unknown) < Decimal("1e-20")


def test_a_reform_on_the_same_people_is_computed_anew_and_the_first_law_is_not() -> None:
    law = law_of_many_changes()
    reformed = law.with_({"overlay": "more", "schemes": {"moving": {"parameters": {"flat": {"values": {"2026-01-01": 90}, "source": "s"}}}}})
    people = cells(law, [{"birth_date": date(1990, 1, 1), "sex": "male", "earnings": Decimal(70), "weight": 100}])
    outputs = [("moving", "benefit")]
    with Evaluator.open() as evaluator:
        looked = [(month, people) for month, _ in stretches(law, 2026)]
        before, after, again = (evaluator.totals(one, looked, outputs, LEVELS) for one in (law, reformed, law))
    assert before == again
    assert after[0].sums["moving", "benefit"].total > before[0].sums["moving", "benefit"].total


def test_people_are_stacked_where_they_are_alike_and_not_too_many() -> None:
    law = law_of_many_changes()
    row = {"birth_date": date(1990, 1, 1), "weight": 1}
    one, other = cells(law, [row], 2025), cells(law, [{**row, "sex": "male"}], 2026)
    months = [month for year in YEARS for month, _ in stretches(law, year)]
    assert [len(group) for group in groups([(month, one) for month in months])] == [len(months)]
    assert [len(group) for group in groups([(months[0], one), (months[1], other)])] == [1, 1]
    assert [len(group) for group in groups([(months[0], one), (months[0], one)])] == [1, 1]
    many = cells(law, [row] * 300)
    assert [len(group) for group in groups([(month, many) for month in months])] == [len(months)]
    assert len(months) < MOST // 300


def test_people_with_households_stay_alone_where_a_household_may_be_missing() -> None:
    law = law_of_many_changes()
    rows = [{"birth_date": date(1990, 1, 1), "household_id": 1, "weight": 1}, {"birth_date": date(2020, 1, 1), "household_id": None, "weight": 1}]
    people: Population = cells(law, rows, households=[{"household_id": 1}])
    (first, _), (second, _) = stretches(law, 2026)[:2]
    assert [len(group) for group in groups([(first, people), (second, people)])] == [1, 1]
