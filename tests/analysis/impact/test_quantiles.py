"""Quantiles, the density behind their errors, and quantile groups."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_samples import sample_of, weighted

from opensocle.analysis.impact.measured import Array
from opensocle.analysis.impact.quantiles import bandwidth, density, local_mean, quantile, quantile_groups
from opensocle.errors import InputError


@pytest.mark.parametrize(("share", "value"), [(0.0, 1.0), (0.1, 1.0), (0.100001, 2.0), (0.3, 2.0), (0.6, 3.0), (0.61, 7.0), (1.0, 7.0)])
def test_a_quantile_is_the_lowest_value_with_which_the_share_is_reached(share: float, value: float) -> None:
    column = np.array([7.0, 1.0, 3.0, 2.0])
    assert quantile(sample_of([4.0, 1.0, 3.0, 2.0]), column, share).estimate == value


def test_a_share_that_is_reached_but_for_rounding_is_reached() -> None:
    """Ten times 0.1 and 1.0 are not the same to a computer."""
    weights = np.full(10, 0.1)
    for tenth in range(1, 11):
        assert quantile(sample_of(weights), np.arange(1.0, 11.0), tenth / 10).estimate == tenth


def test_the_density_is_that_of_the_kernel_worked_out_by_hand() -> None:
    column, weights = np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 1.0])
    width = math.sqrt((1 * 1.25**2 + 2 * 0.25**2 + 1.75**2) / 4) / 4**0.2
    heights = [weight * math.exp(-(((value - 2.5) / width) ** 2) / 2) for value, weight in zip(column, weights, strict=True)]
    sample = sample_of(weights)
    assert bandwidth(sample, column) == pytest.approx(width)
    assert density(sample, column, 2.5) == pytest.approx(sum(heights) / (4 * width * math.sqrt(2 * math.pi)))
    influence = quantile(sample, column, 0.5).influence
    assert influence == pytest.approx((0.5 - np.array([1, 1, 0])) / (4 * density(sample, column, 2.0)))


def test_the_density_of_a_domain_has_the_domains_own_bandwidth() -> None:
    column, inside = np.array([1.0, 2.0, 4.0, 50.0]), np.array([True, True, True, False])
    sample = sample_of([1.0, 2.0, 1.0, 3.0])
    assert density(sample, column, 2.5, inside) == density(sample.where(inside), column[inside], 2.5)


def test_the_density_of_a_known_distribution_is_found() -> None:
    """A standard normal sample at its quantiles; the bandwidth of the sum of weights 100,000 blurs by h²/2 × f'' at most."""
    column = np.array([math.sqrt(2) * value for value in _inverse_error(np.linspace(-1, 1, 20001)[1:-1])])
    sample = sample_of(np.full(len(column), 5.0))
    for at in (-1.0, 0.0, 0.7):
        assert density(sample, column, at) == pytest.approx(math.exp(-(at**2) / 2) / math.sqrt(2 * math.pi), rel=0.01)


def _inverse_error(targets: Array) -> list[float]:
    """The inverse of the error function by bisection."""
    found = []
    for target in targets:
        low, high = -6.0, 6.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if math.erf(middle) < target else (low, middle)
        found.append(low)
    return found


def test_where_all_are_equal_the_quantile_has_no_error() -> None:
    measured = quantile(sample_of([1.0, 2.0]), np.array([5.0, 5.0]))
    assert (measured.estimate, list(measured.influence)) == (5.0, [0.0, 0.0])


def test_the_mean_near_a_rank_is_that_of_those_near() -> None:
    ranking = np.array([1.0, 1.0, 500.0, 500.0, 500.0, 900.0])
    column = np.array([1.0, 3.0, 10.0, np.nan, 40.0, 7.0])
    sample = sample_of([1.0, 3.0, 2.0, 1.0, 1.0, 1.0] * np.array(1e6))
    assert local_mean(sample, column, ranking, 1.0) == pytest.approx(2.5)
    assert local_mean(sample, column, ranking, 500.0) == pytest.approx(20.0)
    assert math.isnan(local_mean(sample, column, ranking, 700.0))
    assert local_mean(sample_of([1.0, 3.0]), np.array([2.0, 6.0]), np.array([4.0, 4.0]), 4.0) == 5.0


def test_a_row_is_in_the_group_of_the_middle_of_its_weight() -> None:
    """Weights 3, 1, 4, 2 of 10: the middles stand at 0.15, 0.35, 0.6 and 0.9."""
    column = np.array([1.0, 2.0, 3.0, 4.0, np.nan, 9.0])
    weights = np.array([3.0, 1.0, 4.0, 2.0, 5.0, 0.0])
    assert list(quantile_groups(sample_of(weights), column, 5)) == [1, 2, 4, 5, 0, 0]
    assert list(quantile_groups(sample_of(weights), column, 2)) == [1, 1, 2, 2, 0, 0]
    assert list(quantile_groups(sample_of(np.zeros(2)), np.array([1.0, 2.0]), 2)) == [0, 0]


def test_of_equal_rows_the_earlier_one_is_in_the_lower_group() -> None:
    assert list(quantile_groups(sample_of(np.ones(4)), np.full(4, 3.0), 2)) == [1, 1, 2, 2]


@given(weighted(least=10, most=40), st.integers(1, 10))
@settings(deadline=None, max_examples=50)
def test_groups_follow_the_column_and_are_equal_up_to_the_rows_at_their_borders(data: tuple[Array, Array], groups: int) -> None:
    values, weights = data
    found = quantile_groups(sample_of(weights), values, groups)
    order = np.argsort(values, kind="stable")
    assert (np.diff(found[order]) >= 0).all()
    assert found.min() >= 1 and found.max() <= groups
    upto = np.cumsum(np.bincount(found, weights, groups + 1)[1:])
    assert np.abs(upto - weights.sum() * np.arange(1, groups + 1) / groups).max() <= weights.max() / 2 + 1e-9


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_outside_of_nothing_and_all_is_refused(share: float) -> None:
    with pytest.raises(InputError, match="A060 share is"):
        quantile(sample_of([1.0]), np.array([1.0]), share)


def test_less_than_one_group_is_refused() -> None:
    with pytest.raises(InputError, match="A060 groups is 0"):
        quantile_groups(sample_of([1.0]), np.array([1.0]), 0)
