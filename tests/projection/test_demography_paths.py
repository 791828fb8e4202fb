"""Stochastic paths: reproducible from their seed, around the projection, and as wide as they should be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from demography_twin import invented

from opensocle.errors import InputError, Problems
from opensocle.projection.demography import project
from opensocle.projection.demography_inputs import variant, without_migration
from opensocle.projection.demography_paths import Deviation, Spread, deviations, fitted, project_paths

STILL = Deviation(0.0, 1.0)
CONVENTIONS = [
    {"width": 5, "timing": "evenly"},
    {"width": 1, "groups": 101, "stock": "mid_year", "flows": "calendar", "years": 12},
]


@pytest.mark.parametrize("conventions", CONVENTIONS, ids=str)
def test_paths_without_deviations_are_the_projection(conventions: dict) -> None:
    inputs = invented(1, **conventions)
    paths, projection = project_paths(inputs, paths=3, seed=1, spread=Spread(STILL, STILL, STILL)), project(inputs)
    assert paths.population is not None and paths.years == projection.years
    for n in range(3):
        np.testing.assert_allclose(paths.population[:, n], projection.population, rtol=1e-12)
    np.testing.assert_allclose(paths.births[:, 0], projection.births.sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(paths.deaths[:, 0], projection.deaths.sum(axis=(1, 2)), rtol=1e-12)


@pytest.mark.parametrize("conventions", CONVENTIONS, ids=str)
def test_a_seed_gives_the_same_paths_again_and_more_paths_begin_with_them(conventions: dict) -> None:
    inputs = invented(2, **conventions)
    first, again, more, other = (project_paths(inputs, paths=n, seed=seed) for n, seed in ((20, 7), (20, 7), (50, 7), (20, 8)))
    assert first.population is not None and again.population is not None and more.population is not None
    np.testing.assert_array_equal(first.population, again.population)
    np.testing.assert_allclose(more.population[:, :20], first.population, rtol=1e-12)
    assert first.hash == again.hash and len({first.hash, more.hash, other.hash}) == 3
    assert not np.array_equal(first.totals, other.totals)


def test_every_path_balances_births_deaths_and_migration() -> None:
    paths = project_paths(invented(3, width=1, groups=101, years=15), paths=40, seed=1)
    np.testing.assert_allclose(np.diff(paths.totals, axis=0), paths.births - paths.deaths + paths.migration, atol=1e-8 * paths.totals.max())


def test_totals_alone_are_the_same_totals() -> None:
    inputs = invented(4)
    full, slim = project_paths(inputs, paths=10, seed=1), project_paths(inputs, paths=10, seed=1, keep="totals")
    np.testing.assert_array_equal(full.totals, slim.totals)
    np.testing.assert_array_equal(full.at(full.years[2]).sum(axis=(1, 2)), full.totals[2])
    with pytest.raises(InputError, match="no ages and sexes"):
        slim.at(full.years[2])
    with pytest.raises(InputError, match="no ages and sexes"):
        full.at(full.years[2] + 1)


def test_intervals_are_in_order_and_widen() -> None:
    paths = project_paths(invented(5, width=1, groups=101, years=30), paths=400, seed=1)
    low, middle, high = paths.quantiles((0.1, 0.5, 0.9))
    assert (low[1:] < middle[1:]).all() and (middle[1:] < high[1:]).all()
    assert (np.diff(high - low)[3:] > 0).all()


@pytest.mark.parametrize(("width", "persistence"), [(1, 1.0), (1, 0.9), (5, 0.95), (5, 0.0)])
def test_deviations_have_the_standard_deviation_that_is_asked_for(width: int, persistence: float) -> None:
    asked = Deviation(0.02, persistence)
    made = deviations(asked, 20_000, 8, width, 1, 0)
    years = np.arange(1, 9) * float(width)
    np.testing.assert_allclose(made.std(axis=1), asked.spread(years), rtol=0.03)
    np.testing.assert_allclose(made.mean(axis=1), 0, atol=0.002)


def test_each_deviation_moves_its_own_flow() -> None:
    inputs = invented(6, width=1, groups=101, years=10)
    moving = Deviation(0.1, 0.9)
    only = {
        "births": project_paths(inputs, paths=30, seed=1, spread=Spread(moving, STILL, STILL)),
        "deaths": project_paths(inputs, paths=30, seed=1, spread=Spread(STILL, moving, STILL)),
        "migration": project_paths(inputs, paths=30, seed=1, spread=Spread(STILL, STILL, replace(moving, sd=0.01))),
    }
    for name, paths in only.items():
        varying = [flow for flow in only if getattr(paths, flow)[0].std() > 1e-9]
        assert name in varying
        assert ("migration" in varying) == (name == "migration")


def test_weights_by_age_hold_the_mortality_of_other_ages_still() -> None:
    inputs = invented(7, width=1, groups=101)
    weights = tuple(1.0 if age >= 60 else 0.0 for age in range(101))
    paths = project_paths(inputs, paths=10, seed=1, spread=Spread(STILL, Deviation(0.2), STILL, by_age=weights))
    after = paths.at(paths.years[1]) - project(inputs).population[1]
    assert abs(after[:, :, 1:60]).max() < 1e-9
    assert abs(after[:, :, 70:]).max() > 1


def test_a_closed_population_takes_the_model_pattern_for_migration() -> None:
    inputs = without_migration(invented(8, width=1, groups=101))
    paths = project_paths(inputs, paths=5, seed=1, spread=Spread(STILL, STILL, Deviation(0.01)))
    assert abs(paths.migration).max() > 0
    still = project_paths(inputs, paths=5, seed=1, spread=Spread(STILL, STILL, STILL))
    assert abs(still.migration).max() == 0


@pytest.mark.parametrize("true", [Deviation(0.05, 0.95), Deviation(0.02, 1.0), Deviation(0.03, 0.5)])
def test_a_deviation_is_found_again_from_its_intervals(true: Deviation) -> None:
    width = 1.2815515655446004 * true.spread(np.arange(1, 61, dtype=float))
    found = fitted(list(2 * np.exp(-width)), list(2 * np.exp(width)), 0.8)
    assert found.persistence == pytest.approx(true.persistence, abs=0.005)
    assert found.sd == pytest.approx(true.sd, rel=0.02)


def test_the_variants_lie_within_wide_paths() -> None:
    inputs = invented(9, width=1, groups=101, years=30)
    paths = project_paths(inputs, paths=200, seed=1, spread=Spread(Deviation(0.1, 0.98), STILL, STILL))
    low, high = (project(variant(inputs, name)).totals[-1] for name in ("low", "high"))
    assert paths.totals[-1].min() < low < np.median(paths.totals[-1]) < high < paths.totals[-1].max()


def test_everything_that_is_wrong_is_told_at_once() -> None:
    inputs = invented(10)
    spread = Spread(Deviation(-1), Deviation(0.1, 1.5), by_age=(1.0,))
    with pytest.raises(Problems) as caught:
        project_paths(inputs, paths=0, seed=1, spread=spread, keep="nothing")
    assert [problem.at for problem in caught.value.problems] == ["spread.fertility", "spread.mortality", "spread.by_age", "paths", "keep"]
    with pytest.raises(Problems, match="death rates for paths"):
        project_paths(replace(inputs, mortality=None, survival=np.full((6, 2, 21), 0.9)), seed=1)
    with pytest.raises(Problems, match="use mx"):
        project_paths(invented(10, averaged="L"), seed=1)
    with pytest.raises(InputError, match="no intervals to fit"):
        fitted([1, 2], [3, np.nan])
