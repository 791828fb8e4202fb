"""Lorenz and concentration curves, and the concentration coefficient."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_samples import other, sample_of, weighted

from opensocle.analysis.impact.curves import concentration, concentration_curve, lorenz
from opensocle.analysis.impact.inequality import gini
from opensocle.analysis.impact.measured import Array, Measured
from opensocle.errors import InputError


def covariance_twin(column: Array, ranking: Array, weights: Array) -> float:
    """2 cov(x, r) / mean(x), each person's rank counted one by one."""
    share = weights / weights.sum()
    rank = np.array([share @ ((ranking < own) + (ranking == own) / 2) for own in ranking])
    mean = share @ column
    return float(2 * (share @ (column * rank) - mean * (share @ rank)) / mean)


@given(weighted())
@settings(deadline=None, max_examples=50)
def test_concentration_is_twice_the_covariance_with_the_rank_over_the_mean(data: tuple[Array, Array]) -> None:
    values, weights = data
    sample = sample_of(weights)
    assert concentration(sample, values, other(values)).estimate == pytest.approx(covariance_twin(values, other(values), weights), abs=1e-12)
    assert concentration(sample, values, values).estimate == pytest.approx(covariance_twin(values, values, weights), abs=1e-12)


def test_a_benefit_for_the_poorest_alone_is_concentrated_below_zero() -> None:
    """Of n equal weights, the poorest gets all: C = 1/n - 1; the richest: 1 - 1/n."""
    sample, welfare = sample_of(np.ones(5)), np.array([3.0, 1.0, 4.0, 2.0, 5.0])
    assert concentration(sample, np.array([0.0, 7.0, 0, 0, 0]), welfare).estimate == pytest.approx(-0.8)
    assert concentration(sample, np.array([0.0, 0.0, 0, 0, 7]), welfare).estimate == pytest.approx(0.8)
    assert concentration(sample, np.full(5, 7.0), welfare).estimate == pytest.approx(0)


def test_ranked_backwards_the_concentration_turns_its_sign() -> None:
    column, ranking, sample = np.array([3.0, 0.0, 4.0, 4.0]), np.array([1.0, 2.0, 2.0, 7.0]), sample_of([1.0, 2.0, 1.0, 0.5])
    assert concentration(sample, column, -ranking).estimate == pytest.approx(-concentration(sample, column, ranking).estimate)


def test_the_order_of_equal_persons_does_not_matter() -> None:
    """Equal persons share a rank. Ranked in the order of the rows, a benefit of the first of two equals would be at 0.25 - 0.5."""
    sample = sample_of([1.0, 1.0])
    assert concentration(sample, np.array([1.0, 0.0]), np.array([5.0, 5.0])).estimate == 0
    assert concentration(sample, np.array([0.0, 1.0]), np.array([5.0, 5.0])).estimate == 0


def test_rows_where_either_is_unknown_are_left_out() -> None:
    column, ranking = np.array([1.0, np.nan, 4.0, 2.0]), np.array([2.0, 1.0, 3.0, np.nan])
    measured = concentration(sample_of(np.ones(4)), column, ranking)
    assert measured.estimate == concentration(sample_of(np.ones(2)), np.array([1.0, 4.0]), np.array([2.0, 3.0])).estimate
    assert measured.observations == 2
    assert list(measured.influence[[1, 3]]) == [0, 0]


def test_of_a_total_of_nothing_there_is_no_concentration() -> None:
    sample, ranking = sample_of([1.0, 1.0]), np.array([1.0, 2.0])
    assert not concentration(sample, np.zeros(2), ranking).defined
    assert not concentration(sample, np.array([1.0, -1.0]), ranking).defined
    assert not concentration_curve(sample, np.zeros(2), ranking, 0.5).defined


@pytest.mark.parametrize(("share", "value"), [(0, 0), (0.25, 0.05), (0.5, 0.1), (0.75, 0.55), (1, 1)])
def test_the_lorenz_curve_of_two_persons_is_two_straight_lines(share: float, value: float) -> None:
    assert lorenz(sample_of([1.0, 1.0]), np.array([9.0, 1.0]), share).estimate == pytest.approx(value)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_ends_of_the_curves_have_no_error(share: float) -> None:
    sample, values = sample_of([1.0, 2.0, 3.0]), np.array([4.0, 1.0, 2.0])
    assert lorenz(sample, values, share).influence == pytest.approx([0, 0, 0])
    assert concentration_curve(sample, np.array([1.0, 0.0, 5.0]), values, share).influence == pytest.approx([0, 0, 0])


@given(weighted(), st.floats(0, 1))
@settings(deadline=None, max_examples=50)
def test_the_gini_coefficient_is_twice_the_area_above_the_lorenz_curve(data: tuple[Array, Array], share: float) -> None:
    values, weights = data
    sample = sample_of(weights)
    corners = np.concatenate([[0], np.cumsum(weights[np.argsort(values, kind="stable")]) / weights.sum()])
    heights = [lorenz(sample, values, min(corner, 1)).estimate for corner in corners]
    area = float(np.sum(np.diff(corners) * (np.array(heights[1:]) + heights[:-1]) / 2))
    assert gini(sample, values).estimate == pytest.approx(1 - 2 * area, abs=1e-9)
    assert lorenz(sample, values, share).estimate <= share + 1e-12


def test_the_lorenz_curve_of_a_uniform_distribution_is_the_square_of_the_share() -> None:
    """Uniform on (0, 1): L(p) = p² and G = 1/3."""
    values = (np.arange(10_000) + 0.5) / 10_000
    sample = sample_of(np.ones(len(values)))
    for share in (0.1, 0.5, 0.9):
        assert lorenz(sample, values, share).estimate == pytest.approx(share**2, abs=1e-8)
    assert gini(sample, values).estimate == pytest.approx(1 / 3, abs=1e-8)


def test_those_level_with_each_other_share_a_concentration_curve_evenly() -> None:
    """The poorest half of four, three of whom are level: a third of the three's benefits for each."""
    sample, ranking, column = sample_of(np.ones(4)), np.array([1.0, 2.0, 2.0, 2.0]), np.array([4.0, 0.0, 6.0, 0.0])
    assert concentration_curve(sample, column, ranking, 0.5).estimate == pytest.approx((4 + 2) / 10)


def test_the_concentration_curve_by_the_column_itself_is_the_lorenz_curve() -> None:
    sample, values = sample_of([1.0, 2.0, 3.0]), np.array([4.0, 1.0, 2.0])
    assert concentration_curve(sample, values, values, 0.3).estimate == lorenz(sample, values, 0.3).estimate
    assert concentration_curve(sample, values, values.copy(), 0.3).estimate == pytest.approx(lorenz(sample, values, 0.3).estimate)


def test_the_influence_on_a_concentration_curve_by_steps_far_apart_is_its_slope_with_the_weights() -> None:
    """Where only equals are near each other, the mean near the border is that of the equals, and the curve is smooth in the weights."""
    ranking, column = np.array([0.0, 0.0, 1e3, 1e3, 1e3, 2e3, 3e3]), np.array([1.0, 4.0, 2.0, 0.0, 5.0, 3.0, 1.0])
    weights = np.array([1.0, 2.0, 1.5, 1.0, 0.5, 2.0, 1.0]) * 1e8
    found = []
    for row in range(len(weights)):
        step = np.zeros(len(weights))
        step[row] = 1e4
        above, below = (concentration_curve(sample_of(weights + sign * step), column, ranking, 0.5).estimate for sign in (1, -1))
        found.append((above - below) / 2e4)
    assert concentration_curve(sample_of(weights), column, ranking, 0.5).influence == pytest.approx(found, rel=1e-5)


@pytest.mark.parametrize("curve", [lambda *given: lorenz(*given[:2], given[3]), concentration_curve])
def test_a_share_above_one_is_refused(curve: Callable[..., Measured]) -> None:
    with pytest.raises(InputError, match="A060"):
        curve(sample_of([1.0]), np.ones(1), np.zeros(1), 1.5)
    assert math.isnan(lorenz(sample_of([1.0]), np.array([-1.0]), 0.5).estimate)
