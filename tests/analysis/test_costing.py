"""Costs that a hand calculation gives as well: each kind of contingency, administration, contributions, and changes of the law."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_costs import always, cells, claims, cost, law_of

from opensocle.population.tables import Population

SHARED = Path(__file__).resolve().parents[3] / "shared/data/costing/thailand_rap.csv"
GRANT = '{eligible: {type: boolean, formula: "age < 5", source: s}, benefit: {unit: XMU/month, formula: "if(eligible, amount, 0)", source: s}}'
AMOUNT = "{amount: {unit: XMU/month, values: {2020-01-01: 30}, source: s}}"


def test_sixty_percent_of_the_children_of_thailand_cost_what_the_rapid_assessment_protocol_printed() -> None:
    if not SHARED.is_file():
        pytest.skip("the published example is not here: ../shared/data/costing/thailand_rap.csv")
    with SHARED.open(encoding="utf-8") as file:
        rows = {row["quantity"]: Decimal(row["value"]) for row in csv.DictReader(file) if row["scheme"].startswith("Scenario 1")}
    law = law_of(
        '{eligible: {type: boolean, formula: "age <= 3", source: s}, benefit: {unit: THB/month, formula: "if(eligible, amount, 0)", source: s}}',
        f"{{amount: {{unit: THB/month, values: {{2010-01-01: {rows['allowance per month']}}}, source: s}}}}",
        finance=f"{{sources: {{general_revenue: 1.0}}, administration: {{rate: {rows['administration cost'] / 100}, of: benefits}}}}",
        country="country: TH\ntitle: {en: Thailand, fr: Thaïlande}\ncurrency: {code: THB}\nlanguages: [en, fr]\n",
    )
    people = cells(
        law, [{"birth_date": date(2008, 1, 1), "weight": rows["children 0-3"]}, {"birth_date": date(1980, 1, 1), "weight": 60_000_000}], 2010
    )
    line = cost(law, people, 2010, take_up=always(str(rows["take-up rate, first step"] / 100)))
    assert line.gross == rows["total cost (first step)"] == Decimal("7236432000")
    assert line.average_benefit == rows["allowance per year"]
    assert (line.entitled, line.paid) == (2_393_000, Decimal("1435800"))


def test_a_monthly_benefit_of_a_state_is_paid_for_twelve_months() -> None:
    law = law_of(GRANT, AMOUNT)
    line = cost(law, cells(law, [{"birth_date": date(2024, 6, 1), "weight": Decimal("1000.5")}, {"birth_date": date(1990, 1, 1), "weight": 7}]))
    assert line.benefits == Decimal("1000.5") * 30 * 12
    assert (line.population, line.entitled, line.administration) == (Decimal("1007.5"), Decimal("1000.5"), 0)


def test_a_yearly_benefit_is_paid_once_a_year() -> None:
    law = law_of(GRANT.replace("XMU/month", "XMU/year"), AMOUNT.replace("XMU/month", "XMU/year"), paid="yearly")
    line = cost(law, cells(law, [{"birth_date": date(2024, 6, 1), "weight": 1000}]))
    assert line.benefits == 30_000


def test_a_claim_without_a_duration_costs_its_amount_for_each_event() -> None:
    law = law_of(
        '{eligible: {type: boolean, formula: "children_born >= 1", source: s}, benefit: {unit: XMU, formula: "if(eligible, amount, 0)", source: s}}',
        "{amount: {unit: XMU, values: {2020-01-01: 100}, source: s}}",
        contingency="birth",
        paid="once",
    )
    line = cost(law, claims(law, "birth", [{"birth_date": date(1995, 1, 1), "weight": Decimal("207.25"), "event": {"children_born": 1}}]))
    assert (line.entitled, line.benefits) == (Decimal("207.25"), 20_725)


DURATIONS = [
    ("XMU/day", "day", Decimal(1)),
    ("XMU/day", "week", Decimal(7)),
    ("XMU/week", "week", Decimal(1)),
    ("XMU/month", "month", Decimal(1)),
    ("XMU/day", "month", Decimal("30.4375")),
    ("XMU/month", "week", Decimal("0.229979466")),  # 7 / 30.4375
]


@pytest.mark.parametrize(("unit", "length", "factor"), DURATIONS)
def test_a_claim_with_a_duration_costs_amount_times_duration(unit: str, length: str, factor: Decimal) -> None:
    law = law_of(
        f'{{eligible: {{type: boolean, formula: "age >= 15", source: s}}, benefit: {{unit: {unit}, formula: "if(eligible, amount, 0)", source: s}}, '
        f'duration: {{type: integer, unit: {length}, formula: "if(eligible, weeks, 0)", source: s}}}}',
        f"{{amount: {{unit: {unit}, values: {{2020-01-01: 20}}, source: s}}, weeks: {{unit: {length}, values: {{2020-01-01: 14}}, source: s}}}}",
        contingency="birth",
        paid="per_claim",
    )
    line = cost(law, claims(law, "birth", [{"birth_date": date(1995, 1, 1), "weight": 50}]), take_up=always("0.8"))
    assert line.benefits == 20 * 14 * 50 * factor * Decimal("0.8")
    assert line.paid == 40


def test_contributions_are_due_each_month_and_paid_as_far_as_compliance_goes() -> None:
    law = law_of(
        '{worker_contribution: {unit: XMU/month, formula: "earnings * 0.05", source: s}, '
        'employer_contribution: {unit: XMU/month, formula: "earnings * 0.1", source: s}}'
    )
    line = cost(law, cells(law, [{"earnings": Decimal(200), "weight": 300}, {"earnings": Decimal(0), "weight": 9}]), compliance=always("0.9"))
    assert line.contributions == {"worker": 200 * 300 * 12 * Decimal("0.045"), "employer": 200 * 300 * 12 * Decimal("0.09")}
    assert (line.entitled, line.paid, line.take_up) == (300, 270, Decimal("0.9"))
    assert (line.benefits, line.net) == (0, -line.contributed)


def test_administration_of_gross_expenditure_is_its_share_of_benefits_and_administration() -> None:
    law = law_of(GRANT, AMOUNT, finance="{sources: {general_revenue: 1.0}, administration: {rate: 0.1, of: gross_expenditure}}")
    line = cost(law, cells(law, [{"birth_date": date(2024, 6, 1), "weight": 900}]))
    assert (line.benefits, line.administration, line.gross) == (324_000, 36_000, 360_000)


def test_a_value_that_changes_in_the_middle_of_the_year_is_paid_from_the_month_it_holds_for() -> None:
    law = law_of(GRANT, "{amount: {unit: XMU/month, values: {2020-01-01: 30, 2026-07-01: 45, 2026-10-15: 60}, source: s}}")
    line = cost(law, cells(law, [{"birth_date": date(2024, 6, 1), "weight": 100}]))
    assert line.benefits == 100 * (6 * 30 + 4 * 45 + 2 * 60)  # a change on 15 October holds from November


def test_a_scheme_that_begins_in_the_year_is_paid_from_then_on() -> None:
    law = law_of(GRANT, AMOUNT, since="2026-09-01")
    line = cost(law, cells(law, [{"birth_date": date(2024, 6, 1), "weight": 300}]))
    assert line.benefits == 300 * 30 * 4
    assert line.entitled == 100  # the mean of the year's months


def test_an_indexed_amount_moves_past_its_last_enacted_value_and_not_before() -> None:
    parameters = (
        "{amount: {unit: XMU/month, values: {2024-01-01: 30, 2025-01-01: 40}, index: {by: consumer_prices, every: year, month: 4}, source: s}}"
    )
    law = law_of(GRANT, parameters)
    indices = {"consumer_prices": {date(2023 + at, 1, 1): Decimal(1) + Decimal(at) / 10 for at in range(5)}}
    paid = {year: cost(law, cells(law, [{"birth_date": date(year - 1, 6, 1), "weight": 100}], year), year, indices=indices) for year in (2024, 2026)}
    assert paid[2024].benefits == 100 * 30 * 12
    risen = Decimal("1.3") / Decimal("1.2")  # April 2026 beside 2025
    assert abs(paid[2026].benefits - (100 * (3 * 40 + 9 * 40 * risen))) < 10 * Decimal("0.01") * 100


def test_a_right_that_cannot_be_computed_is_counted_and_not_paid() -> None:
    law = law_of(GRANT, AMOUNT)
    line = cost(law, cells(law, [{"birth_date": date(2024, 6, 1), "weight": 10}, {"birth_date": None, "weight": 3}]))
    assert (line.entitled, line.unknown, line.benefits) == (10, 3, 3600)


@given(st.lists(st.tuples(st.integers(2005, 2025), st.sampled_from(["male", "female"])), min_size=1, max_size=40))
@settings(max_examples=8, deadline=None)
def test_cells_cost_what_the_registry_of_the_same_people_costs(people: list[tuple[int, str]]) -> None:
    amounts = "{amount: {unit: XMU/month, by: sex, values: {2020-01-01: {male: 30.25, female: 31.75}}, source: s}}"
    law = law_of(GRANT.replace("if(eligible, amount, 0)", "if(eligible, amount[sex], 0)").replace("age < 5", "age < 18"), amounts)
    rows = [{"person_id": at, "birth_date": date(born, 3, 1), "sex": sex} for at, (born, sex) in enumerate(people, 1)]
    registry = Population.of(persons=rows, date=date(2026, 1, 1), vocabulary=law.vocabulary)
    grouped: dict[tuple[int, str], int] = {}
    for key in people:
        grouped[key] = grouped.get(key, 0) + 1
    same = cells(law, [{"birth_date": date(born, 3, 1), "sex": sex, "weight": count} for (born, sex), count in grouped.items()])
    one, other = cost(law, registry), cost(law, same)
    assert (one.benefits, one.entitled, one.population) == (other.benefits, other.entitled, other.population)
