"""What must hold of every measure: its influence is its slope with a row's weight, and a weight of two is two rows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from small_samples import INEQUALITY, POVERTY, SMOOTH, STEPS, sample_of, weighted

from opensocle.analysis.impact.measured import Array, Measured
from opensocle.analysis.impact.quantiles import quantile_groups
from opensocle.analysis.impact.sample import Sample

ALL = {**SMOOTH, **STEPS}
STEP = 1e-5
PLACED = ("even", "odd", "own", "between", "within", "concentration")
"""Words in the names of measures with a second column that follows a row's place."""


def same(one: Measured, two: Measured, tolerance: float = 1e-9) -> bool:
    return math.isclose(one.estimate, two.estimate, rel_tol=tolerance, abs_tol=1e-11) or not (one.defined or two.defined)


def slopes(name: str, values: Array, weights: Array) -> Array:
    """Central differences of the estimate by each weight."""
    found = []
    for row in range(len(values)):
        step = np.zeros(len(values))
        step[row] = STEP
        above, below = (SMOOTH[name](sample_of(weights + sign * step, influences=False), values).estimate for sign in (1, -1))
        found.append((above - below) / (2 * STEP))
    return np.array(found)


@pytest.mark.parametrize("name", SMOOTH)
@given(weighted())
@settings(deadline=None, max_examples=25)
def test_the_influence_of_a_row_is_the_slope_of_the_estimate_with_its_weight(name: str, data: tuple[Array, Array]) -> None:
    values, weights = data
    measured = SMOOTH[name](sample_of(weights), values)
    assume(measured.defined)
    if name in ("lorenz", "palma"):  # a corner of the curve has two slopes
        shares = np.cumsum(weights[np.argsort(values, kind="stable")]) / weights.sum()
        assume(min(abs(shares - corner).min() for corner in (0.4, 0.4321, 0.9)) > 1e-3)
    if "mean" in name:  # a person at the line enters or leaves with the least change
        mean = float(weights @ values) / float(weights.sum())
        assume(all(abs(values - share * mean).min() > 1e-3 for share in (0.5, 0.8, 0.9)))
    assert measured.influence == pytest.approx(slopes(name, values, weights), rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("name", [*POVERTY, *INEQUALITY])
@given(weighted())
@settings(deadline=None, max_examples=15)
def test_more_of_all_alike_changes_nothing_so_that_the_influences_balance(name: str, data: tuple[Array, Array]) -> None:
    values, weights = data
    measured = SMOOTH[name](sample_of(weights), values)
    assume(measured.defined)
    assert float(weights @ measured.influence) == pytest.approx(0, abs=1e-8 * max(1, abs(measured.estimate)))


@pytest.mark.parametrize("name", ALL)
@given(weighted())
@settings(deadline=None, max_examples=15)
def test_weights_times_a_number_give_the_same_estimate(name: str, data: tuple[Array, Array]) -> None:
    values, weights = data
    assert same(ALL[name](sample_of(weights), values), ALL[name](sample_of(weights * 250), values))


@pytest.mark.parametrize("name", [name for name in ALL if not any(word in name for word in PLACED)])
@given(weighted())
@settings(deadline=None, max_examples=15)
def test_a_row_of_weight_two_is_two_rows_in_any_order(name: str, data: tuple[Array, Array]) -> None:
    values, weights = data
    one = ALL[name](sample_of(weights), values)
    two = ALL[name](sample_of(np.concatenate([weights, weights])[::-1] / 2), np.concatenate([values, values])[::-1])
    assert same(one, two)


@pytest.mark.parametrize("name", ALL)
def test_rows_of_unknown_value_or_no_weight_are_left_out_and_have_no_influence(name: str) -> None:
    values = np.array([0.4, 0.7, 0.9, 1.3, 2.0, 2.6, np.nan, np.nan, 5.0, 0.1])
    weights = np.array([1.0, 2.0, 1.5, 1.0, 2.5, 1.0, 3.0, 1.0, 0.0, 0.0])
    whole, part = ALL[name](sample_of(weights), values), ALL[name](sample_of(weights[:6]), values[:6])
    assert part.defined
    assert same(whole, part)
    assert whole.observations == part.observations
    assert whole.influence[:6] == pytest.approx(part.influence)
    assert list(whole.influence[6:]) == [0, 0, 0, 0]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("nobody", [np.zeros(0), np.full(3, np.nan)], ids=["no rows", "no known value"])
def test_of_nobody_nothing_is_known(name: str, nobody: Array) -> None:
    if name == "part of the odd":
        return  # there is no group to speak of: see test_decomposition.py
    measured = ALL[name](sample_of(np.ones(len(nobody))), nobody)
    assert not measured.defined
    assert measured.observations == 0
    assert list(measured.influence) == [0] * len(nobody)


@pytest.mark.parametrize("name", INEQUALITY)
def test_a_single_person_is_equal_to_himself(name: str) -> None:
    measured = INEQUALITY[name](sample_of([3.0]), np.array([1.5]))
    equal = {"lorenz": 0.4321, "palma": 0.25}.get(name, 0.0)
    assert measured.estimate == pytest.approx(equal, abs=1e-12)
    assert measured.influence == pytest.approx([0], abs=1e-12)


@pytest.mark.parametrize("name", ALL)
def test_a_sample_without_influences_gives_the_same_estimate(name: str) -> None:
    values, weights = np.array([0.4, 0.7, 0.9, 1.3, 2.0, 2.6, 0.7]), np.array([1.0, 2.0, 1.5, 1.0, 2.5, 1.0, 0.7])
    assert ALL[name](sample_of(weights, influences=False), values).estimate == ALL[name](sample_of(weights), values).estimate


def test_a_column_is_sorted_once_for_all_measures_of_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    sorts: list[int] = []
    argsort = np.argsort
    monkeypatch.setattr(np, "argsort", lambda *arguments, **options: (sorts.append(1), argsort(*arguments, **options))[1])
    sample, values = sample_of(np.ones(50)), np.linspace(0.2, 4, 50)
    for name in INEQUALITY:
        INEQUALITY[name](sample, values)
    quantile_groups(sample, values, 10)
    assert len(sorts) == 1


def test_what_is_kept_of_a_sample_goes_with_it() -> None:
    from opensocle.analysis.impact import ranking

    values = np.array([3.0, 1.0, 2.0])
    before = len(ranking._KEPT)
    sample: Sample | None = sample_of(np.ones(3))
    assert sample is not None and list(ranking.ranked(sample, values).rows) == [1, 2, 0]
    assert len(ranking._KEPT) == before + 1
    del sample
    assert len(ranking._KEPT) == before
