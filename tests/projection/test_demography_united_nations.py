"""Projections from the United Nations' own assumptions, against the United Nations' own results."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from opensocle.errors import DataError, Problems
from opensocle.projection.demography import project
from opensocle.projection.demography_inputs import without_migration
from opensocle.projection.demography_paths import fitted
from opensocle.projection.lifetables import life_table, mortality_ages
from opensocle.projection.un_files import read_annual, read_five_year, read_single_age

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "demography"
COUNTRIES = ("ARG", "BRA", "CPV", "FRA", "IDN", "JOR", "KHM", "MOZ", "SEN", "TGO", "THA", "VNM", "ZAF")
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the United Nations' data are not beside the project (../shared/data)")


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    with (DATA / name).open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def stocks_of(country: str, variant: str = "") -> dict[int, np.ndarray]:
    """year -> (sex, age), persons."""
    stocks: dict[int, list[list[float]]] = {}
    for line in table("five_year/population_1july_thousands.csv"):
        if line["iso3"] == country and line[f"popM{variant}"]:
            stocks.setdefault(int(line["year"]), []).append([1000 * float(line[f"pop{sex}{variant}"]) for sex in "MF"])
    return {year: np.array(rows).T for year, rows in stocks.items()}


@pytest.mark.parametrize("country", COUNTRIES)
def test_five_year_projections_reach_the_totals_of_the_united_nations(country: str) -> None:
    projection, stocks = project(read_five_year(DATA / "five_year", country, 2025, 2100)), stocks_of(country)
    for year, tolerance in ((2030, 0.0015), (2050, 0.005), (2075, 0.0075), (2100, 0.01)):
        assert projection.at(year).sum() == pytest.approx(stocks[year].sum(), rel=tolerance), year
    for year in projection.years:
        np.testing.assert_allclose(projection.at(year)[:, :18], stocks[year][:, :18], rtol=0.04)


@pytest.mark.parametrize("country", COUNTRIES)
def test_life_expectancy_is_that_of_the_united_nations(country: str) -> None:
    inputs = read_five_year(DATA / "five_year", country, 2025, 2100)
    assert inputs.mortality is not None
    found = life_table(inputs.mortality, mortality_ages(5, 21), middle="greville").ex[:, :, 0]
    expected = [[float(line["e0M"]), float(line["e0F"])] for line in table("five_year/e0.csv") if line["iso3"] == country][15:]
    np.testing.assert_allclose(found, expected, atol=0.01)


@pytest.mark.parametrize(("variant", "tolerance"), [("low", 0.01), ("high", 0.025)])
def test_the_low_and_high_variants_come_near_those_of_the_united_nations(variant: str, tolerance: float) -> None:
    for country in COUNTRIES:
        projection = project(read_five_year(DATA / "five_year", country, 2025, 2100, variant=variant))
        assert projection.totals[-1] == pytest.approx(stocks_of(country, f"_{variant}")[2100].sum(), rel=tolerance), country


def test_without_migration_south_africa_would_be_a_fourth_smaller() -> None:
    inputs = read_five_year(DATA / "five_year", "ZAF", 2025, 2100)
    assert project(without_migration(inputs)).totals[-1] / stocks_of("ZAF")[2100].sum() == pytest.approx(0.75, abs=0.02)


def test_india_by_single_ages_follows_the_united_nations_to_2099() -> None:
    """Death rates are deaths over mid-year population, births those published, migration by age the residual, scaled to the published totals."""
    from pyarrow import parquet

    files = DATA / "single_age" / "two_sex_IND_wpp2024.parquet", DATA / "single_age" / "indicators_IND_wpp2024.csv"
    projection = project(read_single_age(*files, 2024, 2099))
    columns = {name: np.array(column) for name, column in parquet.read_table(files[0]).to_pydict().items()}
    assert projection.years == tuple(range(2024, 2100))
    for year in projection.years:
        own = projection.at(year)
        theirs = np.zeros((2, 101))
        chosen = columns["time"] == year
        for sex, name in enumerate(("popmale", "popfemale")):
            np.add.at(theirs[sex], np.minimum(columns["age"][chosen], 100), columns[name][chosen])
        assert own.sum() == pytest.approx(theirs.sum(), rel=0.0002), year
        np.testing.assert_allclose(own[:, :90], theirs[:, :90], rtol=0.001)


def test_yearly_indicators_give_the_spread_of_fertility() -> None:
    yearly = read_annual(DATA / "annual", "SEN")
    assert yearly["srb"][2030] == pytest.approx(1.03, abs=0.02)
    years = range(2024, 2100)
    found = fitted([yearly["tfr_80l"][year] for year in years], [yearly["tfr_80u"][year] for year in years])
    assert 0.01 < found.sd < 0.1 and 0.9 < found.persistence <= 1


def test_a_country_or_a_year_that_is_not_in_the_files_is_told() -> None:
    with pytest.raises(DataError, match="there is nothing on ATL"):
        read_five_year(DATA / "five_year", "ATL", 2025, 2100)
    with pytest.raises(DataError, match="there is nothing on ATL"):
        read_annual(DATA / "annual", "ATL")
    with pytest.raises(Problems, match="migration: P118 the year 2015 is missing"):
        read_five_year(DATA / "five_year", "SEN", 2015, 2100)
    with pytest.raises(Problems, match="no steps of 5 years lead from 2025 to 2099"):
        read_five_year(DATA / "five_year", "SEN", 2025, 2099)
