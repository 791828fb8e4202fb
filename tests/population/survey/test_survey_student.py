"""Student's t against closed forms, published tables and a finite sum."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opensocle.population.survey.student import beyond, quantile

TABLE = {  # NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2: upper critical values of Student's t distribution
    1: (3.078, 6.314, 12.706, 31.821, 63.657),
    2: (1.886, 2.920, 4.303, 6.965, 9.925),
    5: (1.476, 2.015, 2.571, 3.365, 4.032),
    10: (1.372, 1.812, 2.228, 2.764, 3.169),
    20: (1.325, 1.725, 2.086, 2.528, 2.845),
    30: (1.310, 1.697, 2.042, 2.457, 2.750),
    60: (1.296, 1.671, 2.000, 2.390, 2.660),
    100: (1.290, 1.660, 1.984, 2.364, 2.626),
}
LEVELS = (0.90, 0.95, 0.975, 0.99, 0.995)
PROBABILITIES = (0.6, 0.9, 0.975, 0.995, 0.9995)


@pytest.mark.parametrize("degrees", TABLE)
def test_quantiles_are_those_of_the_published_table(degrees: int) -> None:
    for level, value in zip(LEVELS, TABLE[degrees], strict=True):
        assert quantile(level, degrees) == pytest.approx(value, abs=5.01e-4)


@pytest.mark.parametrize("p", PROBABILITIES)
def test_quantiles_of_one_two_and_four_degrees_are_the_closed_forms(p: float) -> None:
    assert quantile(p, 1) == pytest.approx(math.tan(math.pi * (p - 0.5)), rel=1e-12)
    assert quantile(p, 2) == pytest.approx((2 * p - 1) / math.sqrt(2 * p * (1 - p)), rel=1e-12)
    part = 4 * p * (1 - p)
    q = math.cos(math.acos(math.sqrt(part)) / 3) / math.sqrt(part)
    assert quantile(p, 4) == pytest.approx(2 * math.sqrt(q - 1), rel=1e-12)


@pytest.mark.parametrize("degrees", (1_000, 5_991, 100_000, 3_000_000))
@pytest.mark.parametrize("p", PROBABILITIES)
def test_quantiles_of_many_degrees_are_the_expansion_around_the_normal(p: float, degrees: int) -> None:
    z = NormalDist().inv_cdf(p)  # Abramowitz and Stegun 26.7.5
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    assert quantile(p, degrees) == pytest.approx(z + sum(g / degrees**n for n, g in enumerate(terms, 1)), rel=1e-11)


def finite_sum(point: float, degrees: int) -> float:
    """P(T > point) by Abramowitz and Stegun 26.7.3 and 26.7.4, for whole degrees of freedom."""
    angle = math.atan(point / math.sqrt(degrees))
    if degrees % 2:
        term, total = math.cos(angle), 0.0
        for k in range(1, (degrees - 1) // 2 + 1):
            total += term
            term *= math.cos(angle) ** 2 * 2 * k / (2 * k + 1)
        return (1 - 2 / math.pi * (angle + math.sin(angle) * total)) / 2
    term, total = 1.0, 0.0
    for k in range(1, degrees // 2 + 1):
        total += term
        term *= math.cos(angle) ** 2 * (2 * k - 1) / (2 * k)
    return (1 - math.sin(angle) * total) / 2


@settings(deadline=None, max_examples=200)
@given(st.floats(0, 8), st.integers(1, 300))
def test_the_tail_is_the_finite_sum(point: float, degrees: int) -> None:
    assert beyond(point, degrees) == pytest.approx(finite_sum(point, degrees), rel=1e-10, abs=1e-13)


@settings(deadline=None, max_examples=200)
@given(st.floats(0.5001, 0.9999), st.floats(0.5, 1e7))
def test_a_quantile_leaves_what_it_should_beyond_it(p: float, degrees: float) -> None:
    assert beyond(quantile(p, degrees), degrees) == pytest.approx(1 - p, rel=1e-10)
    assert quantile(1 - p, degrees) == pytest.approx(-quantile(p, degrees), rel=1e-9)
    assert quantile(p, degrees) > NormalDist().inv_cdf(p)


def test_without_end_of_degrees_it_is_normal() -> None:
    assert quantile(0.975, math.inf) == NormalDist().inv_cdf(0.975)
    assert quantile(0.5, 7) == 0
