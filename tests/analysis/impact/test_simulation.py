"""The law on a survey: amounts by household, exact totals, events, unknown benefits, take-up, and what is reported."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_surveys import small_law, survey

from opensocle import country_folder
from opensocle.analysis.impact.facts import Facts
from opensocle.analysis.impact.settings import Settings, Survey, TakeUp, Transfer, Welfare, term
from opensocle.analysis.impact.simulation import simulate
from opensocle.analysis.impact.transfers import Takers, numbers_drawn, received, reported, takers
from opensocle.engine.running import run
from opensocle.law.law import load
from opensocle.periods import Month
from opensocle.population.tables import Population

JANUARY = Month(2025, 1)
FAMILIES = [
    {"household_id": 1, "age": 30, "earnings": 80.0},
    {"household_id": 1, "age": 3, "earnings": 0.0},
    {"household_id": 2, "age": 60, "earnings": 40.0, "weight": 2},
    {"household_id": 3, "age": 28, "earnings": 40.0, "weight": 3},
    {"household_id": 3, "age": 1, "earnings": 0.0, "weight": 3},
    {"household_id": 3, "age": 4, "earnings": 0.0, "weight": 3},
]
HOMES = [{"household_id": 1, "electricity": True}, {"household_id": 2, "electricity": True}, {"household_id": 3, "electricity": False}]


def settings(*transfers: Transfer, **more: object) -> Settings:
    return Settings({}, Survey(), Welfare(persons=(term("earnings"),)), (), transfers=transfers, **more)  # ty: ignore[invalid-argument-type]


def test_benefits_of_persons_and_households_add_up_by_household() -> None:
    law = small_law()
    people = survey(law, FAMILIES, HOMES)
    homes = Facts(people, law, JANUARY).homes
    made = simulate(law, people, homes, [JANUARY], ["child_grant", "heating"])
    assert made.amounts["child_grant", "benefit"].amount.tolist() == [30, 0, 60]
    assert made.amounts["heating", "benefit"].amount.tolist() == [10, 10, 0]  # 120 a year
    assert made.amounts["child_grant", "benefit"].total() == 30 + 3 * 60
    assert made.amounts["heating", "benefit"].total().quantize(Decimal("1e-9")) == 10 + 2 * 10  # a household's weight is its members'


def test_a_year_follows_the_law_through_its_months() -> None:
    law = small_law()
    people = survey(law, FAMILIES, HOMES)
    year = [Month(2025, number) for number in range(1, 13)]
    made = simulate(law, people, Facts(people, law, JANUARY).homes, year, ["heating"])
    assert made.amounts["heating", "benefit"].amount == pytest.approx([15, 15, 0])  # 10 a month to June, 20 from July


def test_an_event_of_the_reference_year_counts_benefit_times_duration() -> None:
    law = small_law()
    events = {
        "person_id": [1, 3, 4, 4],
        "contingency": ["sickness"] * 4,
        "event_date": [f"2024-{month:02d}-10" for month in (2, 7, 3, 12)],
        "certified_days": [10, 3, 6, 30],
    }
    people = survey(law, FAMILIES, HOMES, events=events)
    homes = Facts(people, law, JANUARY).homes
    asked = [Month(2024, number) for number in range(1, 13)]
    made = simulate(law, people, homes, [JANUARY], ["sickness"], asked)
    assert made.amounts["sickness", "benefit"].amount == pytest.approx([20 / 12, 0, 72 / 12])  # 2 a day: 10 days; three are too few; 6 + 30 days
    nothing = simulate(law, survey(law, FAMILIES, HOMES), homes, [JANUARY], ["sickness"], asked)
    assert nothing.left_out == {"sickness": "the survey has no events"} and not nothing.amounts


def test_an_unknown_benefit_makes_the_household_unknown_and_is_counted() -> None:
    law = small_law()
    people = survey(law, [*FAMILIES, {"household_id": 2, "age": None, "earnings": 0.0, "weight": 2}], HOMES)
    facts = Facts(people, law, JANUARY)
    made = simulate(law, people, facts.homes, [JANUARY], ["child_grant"])
    amounts = made.amounts["child_grant", "benefit"].amount
    assert amounts[[0, 2]].tolist() == [30, 60] and np.isnan(amounts[1])
    assert made.unknown() == {"child_grant.benefit": 1}
    one = Transfer("child_grant", {}, True)
    strict = received(settings(one), facts, {}, made, Takers({}))
    lenient = received(settings(one, unknown="reported"), facts, {"child_grant": np.array([7.0, 8.0, 9.0])}, made, Takers({}))
    assert np.isnan(strict.amounts["child_grant"][1])
    assert lenient.amounts["child_grant"].tolist() == [30, 8, 60]


def test_totals_are_those_of_the_engine_to_the_last_digit() -> None:
    folder = country_folder("exemplia")
    law, people = load(folder), Population.open(Path(folder) / "data" / "survey")
    schemes = [name for name in law.schemes if name not in law.events and "benefit" in law.schemes[name].variables]
    made = simulate(law, people, Facts(people, law, JANUARY).homes, [JANUARY], schemes)
    engine = {row["scheme"]: row for row in run(law, people, "2025-01", [f"{name}.benefit" for name in schemes]).totals()}
    assert set(engine) == set(schemes) and any(row["total"] for row in engine.values())
    for name in schemes:
        if law.schemes[name].paid == "monthly":
            found = made.amounts[name, "benefit"]
            assert (found.total(), found.unknown, found.positive) == (engine[name]["total"], engine[name]["unknown"], engine[name]["positive"]), name


@given(st.integers(0, 2**31 - 1), st.sampled_from(["child_grant", "heating"]), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_take_up_keeps_the_earlier_takers(seed: int, scheme: str, first: float, second: float) -> None:
    keys = pa.array(range(200))
    drawn = numbers_drawn(keys, scheme, seed)
    low, high = sorted((first, second))
    assert ((drawn < low) <= (drawn < high)).all()
    back = numbers_drawn(keys[::-1], scheme, seed)[::-1]
    assert (drawn == back).all() and (drawn >= 0).all() and (drawn < 1).all()


def test_the_draw_is_as_documented_and_uniform() -> None:
    drawn = numbers_drawn(pa.array(range(20_000)), "child_grant", 1)
    assert drawn[0] == 0x99ECA73772573 / 2**52  # printf '1:child_grant:0' | md5sum
    assert numbers_drawn(pa.array(["0"]), "child_grant", 1)[0] == drawn[0]
    shares = np.histogram(drawn, bins=10, range=(0, 1))[0] / 20_000
    assert np.abs(shares - 0.1).max() < 5 * np.sqrt(0.09 / 20_000)
    other = numbers_drawn(pa.array(range(20_000)), "heating", 1)
    assert abs(np.corrcoef(drawn, other)[0, 1]) < 5 / np.sqrt(20_000)


MODES = [("keep", [5.0, 0.0, 12.0]), ("replace", [30.0, 0.0, 60.0]), ("add", [5.0, 0.0, 12.0])]


@pytest.mark.parametrize(("mode", "expected"), MODES)
def test_reported_transfers_are_kept_replaced_or_added_to(mode: str, expected: list[float]) -> None:
    law = small_law()
    homes = [{**home, "reported.grant": amount} for home, amount in zip(HOMES, [5.0, 0.0, 12.0], strict=True)]
    people = survey(law, FAMILIES, homes)
    facts = Facts(people, law, JANUARY)
    one = Transfer("child_grant", {}, True, mode, term("reported.grant"))  # ty: ignore[invalid-argument-type]
    study = settings(one)
    said = {"child_grant": reported(one, facts, study)}
    made = simulate(law, people, facts.homes, [JANUARY], ["child_grant"])
    got = received(study, facts, said, made, Takers({}))
    assert got.amounts["child_grant"].tolist() == expected


def test_simulated_amounts_are_added_only_where_nothing_is_reported() -> None:
    law = small_law()
    homes = [{**home, "reported.grant": amount} for home, amount in zip(HOMES, [None, 0.0, 12.0], strict=True)]
    people = survey(law, FAMILIES, homes)
    facts = Facts(people, law, JANUARY)
    one = Transfer("child_grant", {}, True, "add", term("reported.grant"))
    study = settings(one)
    said = {"child_grant": reported(one, facts, study)}
    got = received(study, facts, said, simulate(law, people, facts.homes, [JANUARY], ["child_grant"]), Takers({}))
    assert got.amounts["child_grant"].tolist() == [30, 0, 12]
    assert got.totals["child_grant"] == 30  # the reported amount is no cost of the simulation


def test_take_up_by_rule_or_by_who_reports_receipt() -> None:
    law = small_law()
    homes = [{**home, "reported.grant": amount} for home, amount in zip(HOMES, [0.0, 0.0, 1.0], strict=True)]
    people = survey(law, FAMILIES, homes)
    facts = Facts(people, law, JANUARY)
    made = simulate(law, people, facts.homes, [JANUARY], ["child_grant"])
    expected = {"rule": [30, 0, 0], "reported": [0, 0, 60]}
    for kind, amounts in expected.items():
        rule = TakeUp("rule", rule=term("electricity")) if kind == "rule" else TakeUp("reported")
        one = Transfer("child_grant", {}, True, "replace", term("reported.grant"), rule)
        study = settings(one)
        said = {"child_grant": reported(one, facts, study)}
        got = received(study, facts, said, made, takers(study, facts, said, {}))
        assert got.amounts["child_grant"].tolist() == amounts
        assert got.totals["child_grant"] == (30 if kind == "rule" else 180)


def test_benefits_in_payment_are_those_that_run_in_the_month() -> None:
    law = small_law()
    paid = {
        "person_id": [1, 2, 3, 4],
        "scheme": ["child_grant", "child_grant", "child_grant", "heating"],
        "start_date": ["2024-01-01", "2024-06-01", "2025-02-01", "2024-01-01"],
        "end_date": [None, "2025-01-01", None, None],
        "amount": [Decimal(11), Decimal(13), Decimal(17), Decimal(19)],
    }
    people = survey(law, FAMILIES, HOMES, benefits_in_payment=paid)
    one = Transfer("child_grant", {}, True, "keep", term("benefits_in_payment"))
    assert reported(one, Facts(people, law, JANUARY), settings(one)).tolist() == [11, 0, 0]
