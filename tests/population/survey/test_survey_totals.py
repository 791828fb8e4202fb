"""Weights moved to known totals given as a table, and a survey moved to another year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opensocle.errors import DataError, InputError, Problems
from opensocle.population import Population
from opensocle.population.survey.calibration import calibrate
from opensocle.population.survey.describing import DesignSaid, ReplicatesSaid
from opensocle.population.survey.reading import design_of
from opensocle.population.survey.totals import calibrate_survey, read_totals
from opensocle.population.survey.uprating import uprate
from opensocle.vocabulary import Vocabulary

METHODS: tuple[Literal["raking", "linear"], ...] = ("raking", "linear")
TOTALS = """unit,sex,age,region,of,total
persons,male,,,,40
persons,female,0-14,,,12
persons,female,15+,,,33
households,,,north,,18
persons,,,,earnings,9000
"""


@pytest.fixture
def people(words: Vocabulary) -> Population:
    """Sixty persons in twenty households of three, north and south in turn."""
    random = np.random.default_rng(5)
    persons = {
        "person_id": list(range(60)),
        "household_id": [n // 3 for n in range(60)],
        "weight": [Decimal(1) + n // 3 % 3 for n in range(60)],
        "sex": [["male", "female"][n] for n in random.integers(0, 2, 60)],
        "age": random.integers(0, 80, 60).tolist(),
        "earnings": [int(n) for n in random.integers(0, 200, 60)],
    }
    homes = {"household_id": list(range(20)), "region": ["north", "south"] * 10}
    return Population.of(persons=persons, households=homes, kind="survey", date=date(2024, 7, 1), vocabulary=words)


def rows(population: Population, table: str = "persons") -> dict[str, list[object]]:
    found = population.tables[table].data
    assert found is not None
    return found.to_pydict()


@pytest.mark.parametrize("method", METHODS)
def test_the_new_weights_add_up_to_every_total(people: Population, words: Vocabulary, tmp_path: Path, method: Literal["raking", "linear"]) -> None:
    (tmp_path / "totals.csv").write_text(TOTALS)
    fitted = calibrate_survey(people, read_totals(tmp_path / "totals.csv", words), method)
    assert fitted.calibrated.converged and fitted.after == pytest.approx([40, 12, 33, 18, 9000])
    data = rows(fitted.population)
    weight = np.array([float(w) for w in data["weight"]])  # ty: ignore[invalid-argument-type]
    sex, age = np.array(data["sex"]), np.array(data["age"])
    assert weight[sex == "male"].sum() == pytest.approx(40, rel=1e-7)
    assert weight[(sex == "female") & (age < 15)].sum() == pytest.approx(12, rel=1e-7)
    assert weight @ np.array([float(e) for e in data["earnings"]]) == pytest.approx(9000, rel=1e-7)  # ty: ignore[invalid-argument-type]
    assert (weight.reshape(20, 3) == weight[::3, None]).all()  # a household stays whole
    assert weight[::6].sum() == pytest.approx(18, rel=1e-7)  # households of the north


def test_a_linear_calibration_is_the_regression_estimator() -> None:
    random = np.random.default_rng(3)
    weights, x, y = random.uniform(5, 9, 50), random.uniform(0, 4, (50, 3)), random.normal(10, 2, 50)
    totals = weights @ x * np.array([1.1, 0.95, 1.02])
    found = calibrate(weights, x, totals, "linear", level=False)
    slope = np.linalg.solve((x * weights[:, None]).T @ x, (x * weights[:, None]).T @ y)  # Särndal, Swensson and Wretman (1992), 6.4
    assert found.weights @ y == pytest.approx(weights @ y + (totals - weights @ x) @ slope, rel=1e-10)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from(METHODS), st.floats(0.2, 0.9), st.floats(1.1, 5))
def test_no_weight_changes_by_more_than_the_bounds(seed: int, method: Literal["raking", "linear"], low: float, high: float) -> None:
    random = np.random.default_rng(seed)
    weights, x = random.uniform(5, 9, 40), random.integers(0, 3, (40, 3)) + np.eye(3)[np.arange(40) % 3]
    found = calibrate(weights, x, weights @ x * random.uniform(0.5, 2, 3), method, (low, high), level=False)
    assert low - 1e-12 <= found.factors.min() and found.factors.max() <= high + 1e-12


def test_bounds_that_do_not_hold_the_old_weight_are_refused() -> None:
    with pytest.raises(InputError, match=r"P065 weights cannot change between 1\.2 and 3 times"):
        calibrate(np.ones(2), np.ones((2, 1)), np.array([2.0]), bounds=(1.2, 3))


def test_replicate_weights_do_not_belong_to_new_weights(people: Population, words: Vocabulary) -> None:
    said = DesignSaid("certain", ReplicatesSaid(("replicate_weight_1",), "brr"))
    moved = Population(people.kind, people.date, people.tables, people.currency, people.digits, said)
    fitted = calibrate_survey(moved, read_totals([{"sex": "male", "total": 40}], words))
    assert fitted.population.design == DesignSaid("certain") and design_of(fitted.population).single == "certain"


def test_every_wrong_row_of_a_table_of_totals_is_named(words: Vocabulary) -> None:
    table = [
        {"unit": "families", "total": 5},
        {"sex": "man", "total": 5},
        {"sexe": "male", "total": 5},
        {"age": "old", "total": 5},
        {"age": "0-4", "total": "many"},
        {"of": "sex", "total": 5},
        {"sex": "male", "total": -1},
    ]
    with pytest.raises(Problems) as caught:
        read_totals(table, words)
    assert [problem.at for problem in caught.value.problems] == [f"totals, row {n}" for n in range(1, 8)]
    assert {problem.code for problem in caught.value.problems} == {"D044"}
    with pytest.raises(Problems, match="there are no totals"):
        read_totals([], words)
    with pytest.raises(DataError, match="D010"):
        read_totals("nothing.csv", words)


def test_totals_that_the_survey_cannot_meet_are_refused(people: Population, words: Vocabulary) -> None:
    with pytest.raises(Problems, match="nobody in the survey is in this group"):
        calibrate_survey(people, read_totals([{"age": "90+", "total": 5}], words))
    with pytest.raises(Problems, match="the survey has no urban for persons"):
        calibrate_survey(people, read_totals([{"urban": "urban", "total": 5}], words))


def test_a_value_that_is_unknown_is_in_no_group(words: Vocabulary) -> None:
    persons = {"person_id": [1, 2], "household_id": [1, 2], "weight": [1, 1], "sex": ["male", None]}
    unknown = Population.of(persons=persons, kind="survey", vocabulary=words)
    with pytest.raises(Problems, match="sex is unknown for 1 persons, who could be in this group or not"):
        calibrate_survey(unknown, read_totals([{"sex": "male", "total": 5}], words))


def test_ages_follow_from_dates_of_birth_and_the_dead_do_not_count(words: Vocabulary) -> None:
    persons = {
        "person_id": [1, 2, 3],
        "weight": [1, 1, 1],
        "birth_date": [date(2010, 7, 2), date(2009, 7, 1), date(1950, 1, 1)],
        "death_date": [None, None, date(2020, 1, 1)],
    }
    survey = Population.of(persons=persons, kind="survey", date=date(2024, 7, 1), vocabulary=words)
    totals = read_totals([{"age": "13", "total": 7}, {"age": "15+", "total": 3}], words)  # 13 on 1 July 2024, 15, and the dead
    assert [float(str(w)) for w in rows(calibrate_survey(survey, totals).population)["weight"]] == pytest.approx([7, 3, 1])


def test_uprating_multiplies_amounts_moves_dates_and_leaves_weights(words: Vocabulary) -> None:
    persons = {
        "person_id": [1, 2],
        "weight": [Decimal("2.5"), 1],
        "birth_date": [date(2000, 2, 29), None],
        "earnings": [Decimal("10.01"), None],
        "other_income": [Decimal("-10.01"), Decimal("0.30")],
        "age": [24, 7],
    }
    survey = Population.of(persons=persons, kind="survey", date=date(2024, 7, 31), vocabulary=words)
    later = uprate(survey, words, Decimal("1.05"), years=3)
    data = rows(later)
    assert later.date == date(2027, 7, 28)
    assert data["earnings"] == [Decimal("10.51"), None] and data["other_income"] == [Decimal("-10.51"), Decimal("0.32")]  # 0.315: away from zero
    assert data["birth_date"] == [date(2003, 3, 1), None] and data["age"] == [24, 7]
    assert data["weight"] == [Decimal("2.5"), Decimal(1)]
    assert pa.types.is_decimal(pa.array(data["earnings"]).type)
    with pytest.raises(DataError, match="D024 the survey has no date"):
        uprate(Population.of(persons={"person_id": [1], "weight": [1]}, kind="survey"), words, Decimal(1), 1)
