"""The cohort-component method: exact against a slow twin, true to its identities, and as in the textbook."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pytest
from demography_twin import invented, twin
from hypothesis import given, settings
from hypothesis import strategies as st

from opensocle.errors import InputError
from opensocle.projection.demography import FLOOR, LEFT, Interval, intervals, project, step
from opensocle.projection.demography_inputs import variant, without_migration
from opensocle.projection.demography_migration import by_interval, model_pattern, spread_total, with_residual_migration

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "demography"

CONVENTIONS = [
    {"width": 5, "timing": "end"},
    {"width": 5, "timing": "evenly"},
    {"width": 5, "timing": "evenly", "flows": "calendar", "stock": "mid_year"},
    {"width": 1, "groups": 101, "timing": "end"},
    {"width": 1, "groups": 101, "timing": "evenly"},
    {"width": 1, "groups": 101, "timing": "end", "flows": "calendar", "stock": "january"},
    {"width": 1, "groups": 101, "timing": "end", "flows": "calendar", "stock": "mid_year"},
    {"width": 1, "groups": 101, "timing": "end", "flows": "calendar", "stock": "mid_year", "averaged": "L"},
    {"width": 1, "groups": 86, "timing": "evenly", "flows": "calendar", "stock": "mid_year", "averaged": "L"},
    {"width": 10, "groups": 9, "timing": "evenly"},
]


@pytest.mark.parametrize("conventions", CONVENTIONS, ids=str)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_projection_is_that_of_the_slow_twin(conventions: dict, seed: int) -> None:
    inputs = invented(seed, **conventions)
    expected = np.array(twin(inputs))
    projection = project(inputs)
    assert projection.population.shape == expected.shape
    np.testing.assert_allclose(projection.population, expected, rtol=1e-12, atol=1e-9)


def test_births_that_are_given_replace_those_of_the_rates() -> None:
    inputs = replace(invented(4, width=1, groups=101, flows="calendar", stock="mid_year"), births=np.arange(900.0, 906.0))
    projection = project(inputs)
    np.testing.assert_allclose(projection.births.sum(axis=1), [900.5, 901.5, 902.5, 903.5, 904.5], rtol=1e-12)
    np.testing.assert_allclose(projection.population, np.array(twin(inputs)), rtol=1e-12, atol=1e-9)


def test_heavy_emigration_stops_at_the_floors_as_in_the_twin() -> None:
    inputs = invented(5, migration=3.0, timing="end")
    projection = project(inputs)
    np.testing.assert_allclose(projection.population, np.array(twin(inputs)), rtol=1e-12, atol=1e-9)
    assert (projection.population == FLOOR).any()
    assert (projection.population > 0).all()


def test_emigration_never_takes_more_than_all_who_are_there() -> None:
    inputs = invented(6)
    gone = replace(inputs, migration=np.full((len(inputs.fertility), 2, 21), -1e9), timing="evenly")
    projection = project(gone)
    least = LEFT - projection.population[:-1]
    assert (projection.migration >= least - 1e-9).all()
    assert np.isclose(projection.migration[0], least[0], atol=1e-9).any()
    assert (projection.population > 0).all()


def test_migrants_at_the_end_neither_die_nor_give_birth_in_the_interval() -> None:
    inputs = invented(7, timing="end")
    with_migrants, closed = project(inputs, inputs.start + 5), project(without_migration(inputs), inputs.start + 5)
    assert inputs.migration is not None
    np.testing.assert_allclose(with_migrants.population[1] - closed.population[1], inputs.migration[0], atol=1e-9)
    np.testing.assert_array_equal(with_migrants.births, closed.births)
    np.testing.assert_array_equal(with_migrants.deaths, closed.deaths)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(CONVENTIONS), st.floats(0, 3))
def test_the_population_changes_by_births_less_deaths_and_net_migration(seed: int, conventions: dict, migration: float) -> None:
    projection = project(invented(seed, migration=migration, years=4, **conventions))
    totals = projection.totals
    change = projection.births.sum(axis=1) - projection.deaths.sum(axis=(1, 2)) + projection.migration.sum(axis=(1, 2))
    np.testing.assert_allclose(np.diff(totals), change, rtol=0, atol=1e-9 * totals.max())
    np.testing.assert_allclose(projection.born.sum(axis=1), projection.births.sum(axis=1), rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(CONVENTIONS))
def test_each_cell_changes_by_its_own_flows(seed: int, conventions: dict) -> None:
    projection = project(invented(seed, years=4, **conventions))
    for n in range(len(projection.births)):
        start, end = projection.population[n], projection.population[n + 1]
        aged = np.zeros_like(start)
        aged[:, 0], aged[:, 1:] = projection.born[n], start[:, :-1]
        aged[:, -1] += start[:, -1]
        balance = end - (aged - projection.deaths[n] + projection.migration[n])
        evenly = invented(seed, years=4, **conventions).timing == "evenly"
        if evenly:
            assert abs(balance.sum()) < 1e-9 * start.sum()
        else:
            np.testing.assert_allclose(balance, 0, atol=1e-9 * start.max())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(CONVENTIONS))
def test_without_births_and_migration_every_cohort_only_shrinks(seed: int, conventions: dict) -> None:
    inputs = invented(seed, migration=0, years=4, **conventions)
    projection = project(replace(inputs, fertility=np.zeros(inputs.fertility.shape)))
    assert (np.diff(projection.totals) < 0).all()
    assert (projection.population[1:, :, 1:-1] <= projection.population[:-1, :, :-2]).all()
    assert (projection.population[1:, :, 0] == 0).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(CONVENTIONS), st.floats(0.01, 100))
def test_the_method_is_additive_and_does_not_depend_on_the_unit(seed: int, conventions: dict, factor: float) -> None:
    inputs = invented(seed, years=4, **conventions)
    assert inputs.migration is not None
    inputs = replace(inputs, migration=abs(inputs.migration))  # so that no floor is reached: the floors are numbers of persons
    assert inputs.migration is not None
    other = np.roll(inputs.population, 1, axis=0)
    one = project(inputs).population
    more = project(replace(inputs, population=other, migration=np.zeros(inputs.migration.shape))).population
    both = project(replace(inputs, population=inputs.population + other)).population
    scaled = project(replace(inputs, population=factor * inputs.population, migration=factor * inputs.migration)).population
    np.testing.assert_allclose(both, one + more, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(scaled, factor * one, rtol=1e-9, atol=1e-9)


def test_a_step_carries_any_axes_before_sex_and_age_and_leaves_its_input_alone() -> None:
    inputs = invented(8, timing="evenly")
    (interval, *_) = intervals(inputs, 1)
    states = np.stack([inputs.population * k for k in (1.0, 2.0, 3.0)])
    before = states.copy()
    wide = interval._replace(fertility=np.stack([interval.fertility] * 3), sex_ratio=np.full(3, inputs.sex_ratio[0]))
    ends, flows = step(states, wide)
    np.testing.assert_array_equal(states, before)
    for n in range(3):
        end, flow = step(states[n], interval)
        np.testing.assert_allclose(ends[n], end, rtol=1e-14)
        np.testing.assert_allclose(flows.deaths[n], flow.deaths, rtol=1e-14)


def test_one_step_of_sweden_1993_is_that_of_the_textbook() -> None:
    """Preston, Heuveline, Guillot (2001), box 6.2. The male arrays of the file repeat the female ones: all but the newborn are the same."""
    path = DATA / "preston_sweden_1993_5x5.json"
    if not path.is_file():
        pytest.skip(f"{path.name} of ../shared/data is not here")
    book = {name: np.array(values) for name, values in json.loads(path.read_text(encoding="utf-8")).items()}
    both = {
        name: np.stack([book[name.format("m")], book[name.format("f")]])
        for name in ("pop_count_age_{}_begin", "survival_ratio_age_{}", "mig_net_count_age_{}", "pop_count_age_{}_end")
    }
    interval = Interval(5, both["survival_ratio_age_{}"], book["fert_rate_age_f"], book["srb"][0], both["mig_net_count_age_{}"], evenly=True)
    end, flows = step(both["pop_count_age_{}_begin"], interval)
    np.testing.assert_allclose(flows.births, book["birth_count_age_b"], atol=0.5)
    np.testing.assert_allclose(end, both["pop_count_age_{}_end"], atol=1)


def test_a_projection_tells_its_years_ages_and_stocks() -> None:
    inputs = invented(9, width=5)
    projection = project(inputs, inputs.start + 20)
    assert projection.years == tuple(range(inputs.start, inputs.start + 21, 5))
    assert projection.ages == tuple(range(0, 101, 5))
    np.testing.assert_array_equal(projection.at(inputs.start + 10), projection.population[2])
    middle = 0.6 * projection.population[1] + 0.4 * projection.population[2]
    np.testing.assert_allclose(projection.at(inputs.start + 7), middle, rtol=1e-14)
    with pytest.raises(InputError, match="P112"):
        projection.at(inputs.start + 21)


@pytest.mark.parametrize("until", [-5, 0, 3, 35])
def test_a_year_that_the_inputs_do_not_reach_is_refused(until: int) -> None:
    inputs = invented(9)
    with pytest.raises(InputError, match=r"P112 .* every 5 years from 2029 to 2059"):
        project(inputs, inputs.start + until)


@pytest.mark.parametrize("conventions", [{"width": 5}, {"width": 1, "groups": 101}, {"width": 10, "groups": 11}], ids=str)
def test_cells_are_single_ages_that_add_up_to_the_groups(conventions: dict) -> None:
    projection = project(invented(10, **conventions))
    year = projection.years[-1]
    cells = projection.cells(year)
    assert [len(column) for column in cells.values()] == [202] * 3
    assert set(cells["sex"]) == {"male", "female"}
    assert (cells["persons"] >= 0).all()
    groups = np.minimum(cells["age"] // projection.width, len(projection.ages) - 1)
    sums = [np.bincount(groups[cells["sex"] == sex], weights=cells["persons"][cells["sex"] == sex]) for sex in ("male", "female")]
    np.testing.assert_allclose(sums, projection.at(year), rtol=1e-9)


def test_inputs_and_results_cannot_be_written_to() -> None:
    inputs = invented(11)
    projection = project(inputs)
    for values in (inputs.population, inputs.mortality, inputs.fertility, projection.population, projection.deaths):
        assert values is not None
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0
    with pytest.raises(ValueError, match="WRITEABLE"):
        inputs.population.flags.writeable = True
    with pytest.raises(FrozenInstanceError):
        inputs.start = 2000


def test_the_hash_is_of_numbers_and_conventions() -> None:
    inputs = invented(12)
    assert len(inputs.hash) == 64
    assert inputs.hash == invented(12).hash == replace(inputs, source="a better description").hash
    others = [replace(inputs, timing="evenly"), replace(inputs, sex_ratio=inputs.sex_ratio + 1e-12), replace(inputs, start=1999), invented(13)]
    assert len({inputs.hash, *(other.hash for other in others)}) == 5
    first = project(inputs)
    assert first.hash == project(inputs).hash != project(inputs, inputs.start + 10).hash


def test_the_low_and_high_variants_have_half_a_child_less_and_more_in_the_end() -> None:
    inputs = invented(14, width=1, groups=101, years=30)
    children = inputs.fertility.sum(axis=1)
    low, high = (variant(inputs, name).fertility.sum(axis=1) - children for name in ("low", "high"))
    np.testing.assert_allclose(high, [0.25] * 5 + [0.4] * 5 + [0.5] * 20, atol=1e-12)
    np.testing.assert_allclose(low, -high, atol=1e-12)
    assert variant(inputs, "medium") is inputs
    assert project(variant(inputs, "low")).totals[-1] < project(inputs).totals[-1] < project(variant(inputs, "high")).totals[-1]


def test_the_model_pattern_of_migrants_peaks_in_the_twenties_and_adds_up_to_one() -> None:
    for width in (1, 5):
        pattern = model_pattern(tuple(range(0, 101, width)), female=0.4)
        np.testing.assert_allclose(pattern.sum(axis=1), [0.6, 0.4])
        assert 20 <= pattern[0].argmax() * width <= 29
        np.testing.assert_allclose(spread_total(np.array([10.0, -4.0]), pattern).sum(axis=(1, 2)), [10, -4])


@pytest.mark.parametrize("conventions", [CONVENTIONS[2], CONVENTIONS[3], CONVENTIONS[7]], ids=str)
def test_inputs_by_interval_give_the_same_projection(conventions: dict) -> None:
    inputs = invented(15, **conventions)
    np.testing.assert_allclose(project(by_interval(inputs)).population, project(inputs).population, rtol=1e-12)


def test_residual_migration_explains_the_stocks_that_it_is_taken_from() -> None:
    inputs = invented(16, width=1, groups=101, timing="end", stock="mid_year", flows="calendar")
    projection = project(inputs)
    found = with_residual_migration(without_migration(inputs), projection.population)
    assert inputs.migration is not None and found.migration is not None
    np.testing.assert_allclose(found.migration, (inputs.migration[1:] + inputs.migration[:-1]) / 2, atol=1e-9)
    np.testing.assert_allclose(project(found).population, projection.population, rtol=1e-12)
    with pytest.raises(InputError, match="stocks have the shape"):
        with_residual_migration(inputs, projection.population[1:])
