"""The survey of a year: weights add up to the people, households stay whole, ages stay, money moves."""

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
from small_future import assume, small_law

from opensocle.errors import DataError, InputError
from opensocle.population.people import make_people
from opensocle.population.survey.calibration import BOUNDS, calibrate
from opensocle.population.tables import Population
from opensocle.projection.outlook import Outlook
from opensocle.projection.survey import BANDS, move_survey

PEOPLE = np.outer([1.02, 1.0], 1000 * np.exp(-0.02 * np.arange(101)))
METHODS = ("raking", "linear")


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Population:
    folder = tmp_path_factory.mktemp("survey") / "people"
    make_people(folder, persons=4000, seed=3, date=date(2025, 7, 1))
    return Population.open(folder, kind="survey")


def columns(population: Population, table: str = "persons") -> pa.Table:
    found = population.tables[table].data
    assert found is not None
    return found


@pytest.mark.parametrize("method", METHODS)
def test_weights_add_up_to_every_group(method: Literal["raking", "linear"]) -> None:
    rng = np.random.default_rng(1)
    counts = rng.integers(0, 3, (500, 6)).astype(float)
    totals = counts.sum(axis=0) * np.array([9, 10, 11, 12, 10, 8])
    found = calibrate(np.ones(500), counts, totals, method)
    assert found.converged and found.weights @ counts == pytest.approx(totals)
    assert found.weights.min() > 0


def test_raking_of_one_margin_is_post_stratification() -> None:
    counts = np.eye(3)[[0, 0, 1, 2]]
    found = calibrate(np.array([1.0, 2.0, 1.0, 1.0]), counts, np.array([30.0, 20.0, 10.0]))
    assert found.weights == pytest.approx([10, 20, 20, 10])


def test_raking_agrees_with_iterative_proportional_fitting() -> None:
    rng = np.random.default_rng(2)
    rows, cols = rng.integers(0, 3, 300), rng.integers(0, 4, 300)
    counts = np.hstack([np.eye(3)[rows], np.eye(4)[cols]])
    start = rng.uniform(1, 2, 300)
    totals = np.array([100.0, 150.0, 250.0, 80.0, 120.0, 140.0, 160.0])
    fitted = start.copy()
    for _ in range(500):
        for group, margin in ((rows, totals[:3]), (cols, totals[3:])):
            fitted *= (margin / np.bincount(group, fitted))[group]
    assert calibrate(start, counts, totals).weights == pytest.approx(fitted, rel=1e-6)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from(METHODS))
def test_bounds_are_kept_even_where_totals_cannot_be_met(seed: int, method: Literal["raking", "linear"]) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 3, (40, 4)).astype(float) + np.eye(4)[np.arange(40) % 4]
    totals = rng.uniform(1, 1000, 4)
    found = calibrate(rng.uniform(1, 3, 40), counts, totals, method)
    assert np.isfinite(found.weights).all() and (found.weights > 0).all()
    if found.converged:
        assert found.weights @ counts == pytest.approx(totals, rel=1e-6)
    assert found.factors.max() / found.factors.min() <= BOUNDS[1] / BOUNDS[0] * 1.001


def test_a_group_with_nobody_in_the_survey_is_refused() -> None:
    with pytest.raises(InputError, match="nobody in the survey is in group 1, of 5 persons"):
        calibrate(np.ones(2), np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([10.0, 5.0]))


@pytest.mark.parametrize("method", METHODS)
def test_a_moved_survey_has_the_people_of_the_year(survey: Population, method: Literal["raking", "linear"]) -> None:
    moved = move_survey(survey, small_law().vocabulary, 0, Decimal(1), PEOPLE, method)
    assert moved.calibrated.converged
    rows = columns(moved.population)
    weight = np.array(rows.column("weight").cast(pa.float64()))
    born = np.array(rows.column("birth_date").to_numpy()).astype("datetime64[D]")
    died = np.array(rows.column("death_date").to_numpy()).astype("datetime64[D]")
    alive = np.isnat(died) | (died > np.datetime64("2025-07-01"))
    young = (born > np.datetime64("2020-07-01")) & (np.array(rows.column("sex").to_pylist()) == "male") & alive
    assert PEOPLE[0, :5].sum() * 0.99 < weight[young].sum() < PEOPLE[0, :5].sum()  # the others' age is unknown
    assert weight[alive].sum() == pytest.approx(PEOPLE.sum(), rel=1e-8)


def test_the_total_is_exact_to_the_last_digit(survey: Population) -> None:
    moved = move_survey(survey, small_law().vocabulary, 0, Decimal(1), PEOPLE)
    assert abs(moved.total - Decimal(repr(float(PEOPLE.sum())))) < Decimal("1e-8")


def test_a_household_stays_whole(survey: Population) -> None:
    moved = move_survey(survey, small_law().vocabulary, 0, Decimal(1), PEOPLE)
    rows = columns(moved.population)
    by_home: dict[object, set[Decimal]] = {}
    for home, weight in zip(rows.column("household_id").to_pylist(), rows.column("weight").to_pylist(), strict=True):
        by_home.setdefault(home, set()).add(weight)
    assert all(len(weights) == 1 for weights in by_home.values())
    homes = columns(moved.population, "households")
    for home, weight in zip(homes.column("household_id").to_pylist(), homes.column("weight").to_pylist(), strict=True):
        assert {weight} == by_home[home]


def test_later_years_keep_ages_and_raise_amounts(survey: Population) -> None:
    now, later = (move_survey(survey, small_law().vocabulary, years, factor, PEOPLE) for years, factor in ((0, Decimal(1)), (7, Decimal("1.5"))))
    assert later.population.date == date(2032, 7, 1)
    before, after = columns(now.population), columns(later.population)
    born, shifted = (table.column("birth_date").to_pylist() for table in (before, after))
    assert all((a is None and b is None) or b.year == a.year + 7 for a, b in zip(born, shifted, strict=True))
    for old, new in zip(before.column("earnings").to_pylist(), after.column("earnings").to_pylist(), strict=True):
        assert (old is None and new is None) or new == (old * Decimal("1.5")).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    assert before.column("weight").to_pylist() == after.column("weight").to_pylist()
    paid = columns(later.population, "contributions")
    assert max(paid.column("month").to_pylist()).year == 2032


def test_an_outlook_moves_its_survey_by_wages(tmp_path: Path, survey: Population) -> None:
    survey.save(tmp_path / "survey")
    section = '\nhouseholds: {survey: {path: survey, year: 2025, source: "Invented"}, method: linear}\n'
    outlook = Outlook(assume(tmp_path, lambda text: text + section, people=True), small_law())
    report = outlook.survey_report(2028)
    assert report is not None and report.calibrated.converged
    assert report.total == pytest.approx(Decimal(repr(float(outlook.population(2028).sum()))))
    now, later = outlook.survey(2025), outlook.survey(2028)
    assert now is not None and later is not None
    wages = float(outlook.economy.year(2028).wages)
    most = [max(v for v in columns(p).column("earnings").to_pylist() if v is not None) for p in (now, later)]
    assert float(most[1] / most[0]) == pytest.approx(wages, rel=1e-4)


def test_a_survey_without_sex_or_age_is_refused() -> None:
    rows = Population.of(persons=[{"person_id": 1, "sex": "male", "weight": 1}], kind="survey", date=date(2025, 1, 1))
    with pytest.raises(DataError, match="neither age nor birth_date"):
        move_survey(rows, small_law().vocabulary, 0, Decimal(1), PEOPLE)
    rows = Population.of(persons=[{"person_id": 1, "age": 3, "sex": None, "weight": 1}], kind="survey", date=date(2025, 1, 1))
    with pytest.raises(DataError, match="nobody whose sex and age are known"):
        move_survey(rows, small_law().vocabulary, 0, Decimal(1), PEOPLE)


def test_who_cannot_be_placed_counts_in_proportion(survey: Population) -> None:
    moved = move_survey(survey, small_law().vocabulary, 0, Decimal(1), PEOPLE)
    unknown = columns(moved.population).column("birth_date").null_count
    assert 0 < moved.unplaced <= unknown


def test_bands_begin_at_birth() -> None:
    assert BANDS[0] == 0 and list(BANDS) == sorted(set(BANDS))
