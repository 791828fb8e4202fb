"""Inequality measures against closed forms, slow twins and the axioms that each keeps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small_samples import INEQUALITY, Measure, sample_of, weighted

from opensocle.analysis.impact.inequality import atkinson, entropy, gini, palma, share_ratio
from opensocle.analysis.impact.measured import Array
from opensocle.errors import InputError

WHOLE: dict[str, Measure] = {name: measure for name, measure in INEQUALITY.items() if name.split()[0] in ("gini", "entropy", "atkinson")}


@given(st.floats(0.05, 0.95))
@settings(deadline=None, max_examples=30)
def test_two_persons_have_the_closed_forms(share: float) -> None:
    """Welfare s and 1 - s of a total of 1, mean 1/2: every measure by its formula."""
    low, high = min(share, 1 - share), max(share, 1 - share)
    sample, values = sample_of([1.0, 1.0]), np.array([high, low])
    assert gini(sample, values).estimate == pytest.approx((high - low) / 2, abs=1e-12)
    assert entropy(sample, values, 0).estimate == pytest.approx(-math.log(4 * high * low) / 2, abs=1e-12)
    assert entropy(sample, values, 1).estimate == pytest.approx(high * math.log(2 * high) + low * math.log(2 * low), abs=1e-12)
    assert entropy(sample, values, 2).estimate == pytest.approx((high - low) ** 2 / 2, abs=1e-12)
    assert atkinson(sample, values, 1).estimate == pytest.approx(1 - 2 * math.sqrt(high * low), abs=1e-12)
    assert atkinson(sample, values, 2).estimate == pytest.approx(1 - 4 * high * low, abs=1e-12)
    assert atkinson(sample, values, 0).estimate == pytest.approx(0, abs=1e-12)


def test_a_uniform_distribution_has_the_closed_forms() -> None:
    """Uniform on (0, 1): G = 1/3, L(p) = p², GE(2) = 1/6, Theil ln 2 - 1/2, mean log deviation 1 - ln 2, Atkinson(1) 1 - 2/e."""
    values = (np.arange(200_000) + 0.5) / 200_000
    sample = sample_of(np.ones(len(values)))
    assert gini(sample, values).estimate == pytest.approx(1 / 3, abs=1e-9)
    assert entropy(sample, values, 2).estimate == pytest.approx(1 / 6, abs=1e-9)
    assert entropy(sample, values, 1).estimate == pytest.approx(math.log(2) - 1 / 2, abs=1e-9)
    assert entropy(sample, values, 0).estimate == pytest.approx(1 - math.log(2), abs=1e-5)
    assert atkinson(sample, values, 1).estimate == pytest.approx(1 - 2 / math.e, abs=1e-5)
    assert palma(sample, values).estimate == pytest.approx((1 - 0.81) / 0.16, abs=1e-4)
    assert share_ratio(sample, values).estimate == pytest.approx((1 - 0.64) / 0.04, abs=1e-3)


@given(weighted(positive=False))
@settings(deadline=None, max_examples=50)
def test_gini_is_half_the_relative_mean_difference(data: tuple[Array, Array]) -> None:
    values, weights = data
    share = weights / weights.sum()
    mean = float(share @ values)
    assume(mean > 1e-3)
    assert gini(sample_of(weights), values).estimate == pytest.approx(float(share @ np.abs(values[:, None] - values) @ share) / (2 * mean), abs=1e-9)


@given(weighted(), st.sampled_from([0.25, 0.5, 1.5, 2.0, 3.0]))
@settings(deadline=None, max_examples=30)
def test_atkinson_is_a_function_of_generalised_entropy(data: tuple[Array, Array], epsilon: float) -> None:
    """With alpha = 1 - epsilon: A = 1 - (1 + alpha (alpha - 1) GE)^(1 / alpha)."""
    values, weights = data
    sample, alpha = sample_of(weights), 1 - epsilon
    related = 1 - (1 + alpha * (alpha - 1) * entropy(sample, values, alpha).estimate) ** (1 / alpha)
    assert atkinson(sample, values, epsilon).estimate == pytest.approx(related, abs=1e-10)


@pytest.mark.parametrize("alpha", [0, 1])
def test_general_formulas_run_into_the_limits_at_zero_and_one(alpha: float) -> None:
    sample, values = sample_of([1.0, 2.0, 1.0, 3.0]), np.array([0.5, 1.0, 2.5, 4.0])
    assert entropy(sample, values, alpha + 1e-6).estimate == pytest.approx(entropy(sample, values, alpha).estimate, rel=1e-4)
    assert atkinson(sample, values, 1 + 1e-6).estimate == pytest.approx(atkinson(sample, values, 1).estimate, rel=1e-4)
    near, limit = entropy(sample, values, alpha + 1e-6).influence, entropy(sample, values, alpha).influence
    assert near == pytest.approx(limit, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("name", INEQUALITY)
@given(weighted())
@settings(deadline=None, max_examples=15)
def test_money_in_another_unit_gives_the_same_inequality(name: str, data: tuple[Array, Array]) -> None:
    values, weights = data
    one, other = INEQUALITY[name](sample_of(weights), values), INEQUALITY[name](sample_of(weights), values * 1024)
    assert other.estimate == pytest.approx(one.estimate, rel=1e-9, abs=1e-11)
    assert other.influence == pytest.approx(one.influence, rel=1e-7, abs=1e-10)


@pytest.mark.parametrize("name", WHOLE)
@given(weighted())
@settings(deadline=None, max_examples=20)
def test_a_transfer_from_richer_to_poorer_lowers_inequality(name: str, data: tuple[Array, Array]) -> None:
    """Pigou and Dalton, for persons of equal weight who do not change places."""
    values, weights = data
    order = np.argsort(values)
    poorest, richest = order[0], order[-1]
    amount = (values[richest] - values[poorest]) / 4
    assume(amount > 0.01)
    moved = values.copy()
    moved[poorest] += amount
    moved[richest] -= amount
    sample = sample_of(np.ones(len(weights)))
    assert WHOLE[name](sample, moved).estimate < WHOLE[name](sample, values).estimate


@pytest.mark.parametrize("name", WHOLE)
def test_equal_persons_have_no_inequality(name: str) -> None:
    measured = WHOLE[name](sample_of([1.0, 2.0, 3.0]), np.full(3, 7.0))
    assert measured.estimate == pytest.approx(0, abs=1e-12)
    assert measured.influence == pytest.approx(np.zeros(3), abs=1e-12)


def test_shares_count_whole_persons_at_the_quantile_and_lines_between_them() -> None:
    """Ten persons: S80/S20 (9 + 10) / (1 + 2); Palma 10 / (1 + 2 + 3 + 4). With one double, the lowest quantile counts whole."""
    values = np.arange(1.0, 11.0)
    assert share_ratio(sample_of(np.ones(10)), values).estimate == pytest.approx(19 / 3)
    assert palma(sample_of(np.ones(10)), values).estimate == pytest.approx(10 / 10)
    assert share_ratio(sample_of(np.ones(4)), np.array([1.0, 2.0, 3.0, 4.0]), 0.5).estimate == pytest.approx(7 / 3)
    assert share_ratio(sample_of([1.0, 1.0, 1.0]), np.array([1.0, 2.0, 3.0])).estimate == 0


def test_zeros_count_in_gini_and_ratios_and_not_in_entropy_and_atkinson() -> None:
    sample, some = sample_of(np.ones(3)), sample_of(np.ones(2))
    values = np.array([0.0, 1.0, 3.0])
    assert gini(sample, values).estimate == pytest.approx(1 / 2)
    for measure in (entropy, atkinson):
        measured = measure(sample, values)
        assert measured.estimate == pytest.approx(measure(some, values[1:]).estimate)
        assert (measured.observations, measured.influence[0]) == (2, 0)
    assert not share_ratio(sample, values).defined
    assert not palma(sample, np.array([0.0, 0.0, 3.0])).defined


def test_negative_values_count_in_gini_while_the_total_is_above_zero() -> None:
    sample = sample_of(np.ones(2))
    assert gini(sample, np.array([-1.0, 3.0])).estimate == pytest.approx(1.0)
    assert gini(sample, np.array([-2.0, 3.0])).estimate == pytest.approx(2.5)
    for nothing in ([-1.0, 1.0], [-2.0, 1.0], [0.0, 0.0]):
        for measure in (gini, palma, share_ratio):
            assert not measure(sample, np.array(nothing)).defined
    assert not entropy(sample, np.array([-2.0, 0.0])).defined
    assert not atkinson(sample, np.array([-2.0, 0.0])).defined


def test_great_aversion_and_great_numbers_stay_within_bounds() -> None:
    sample, values = sample_of([1.0, 1.0]), np.array([1e12, 3e12])
    assert atkinson(sample, values, 30).estimate == pytest.approx(1 - (1 / 2) * (1 / 2) ** (-1 / 29), rel=1e-6)


def test_parameters_out_of_bounds_are_refused() -> None:
    with pytest.raises(InputError, match="A060 epsilon is -1"):
        atkinson(sample_of([1.0]), np.array([1.0]), -1)
    with pytest.raises(InputError, match=r"A060 share is 0\.6"):
        share_ratio(sample_of([1.0]), np.array([1.0]), 0.6)
