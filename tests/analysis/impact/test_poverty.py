"""Poverty measures against hand calculations, slow twins and the axioms that each keeps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from small_samples import LINE, POVERTY, sample_of, weighted

from opensocle.analysis.impact.measured import Array
from opensocle.analysis.impact.poverty import (
    fgt,
    income_gap_ratio,
    relative_line,
    relative_median_gap,
    sen,
    sen_shorrocks_thon,
    watts,
)
from opensocle.analysis.impact.quantiles import density, quantile
from opensocle.errors import InputError

FOUR = np.array([2.0, 6.0, 10.0, 14.0])  # with a line of 8: gaps of 3/4 and 1/4


def gini_twin(values: Array, weights: Array) -> float:
    """Mean absolute difference over twice the mean."""
    share = weights / weights.sum()
    return float(share @ np.abs(values[:, None] - values) @ share / (2 * (share @ values)))


@pytest.mark.parametrize(("alpha", "value"), [(0, 1 / 2), (1, 1 / 4), (2, 10 / 64), (3, 28 / 256), (0.5, (math.sqrt(3) / 2 + 1 / 2) / 4)])
def test_fgt_is_the_mean_of_powers_of_the_gaps(alpha: float, value: float) -> None:
    assert fgt(sample_of(np.ones(4)), FOUR, 8.0, alpha).estimate == pytest.approx(value)


def test_by_hand_the_other_measures_of_four_persons() -> None:
    """Poor: gaps 3/4 and 1/4, mean 1/2, their welfare's Gini (6 - 2)/(2 × 8) = 1/4. Gaps of all: mean 1/4, Gini 5/8."""
    sample = sample_of(np.ones(4))
    assert income_gap_ratio(sample, FOUR, 8.0).estimate == pytest.approx(1 / 2)
    assert watts(sample, FOUR, 8.0).estimate == pytest.approx((math.log(4) + math.log(8 / 6)) / 4)
    assert sen(sample, FOUR, 8.0).estimate == pytest.approx(1 / 2 * (1 / 2 + 1 / 2 * 1 / 4))
    assert sen_shorrocks_thon(sample, FOUR, 8.0).estimate == pytest.approx(1 / 4 * (1 + 5 / 8))
    assert relative_median_gap(sample, FOUR, 8.0).estimate == pytest.approx(1 - 2 / 8)


@given(weighted())
@settings(deadline=None, max_examples=60)
def test_sen_and_sst_are_their_closed_forms(data: tuple[Array, Array]) -> None:
    """Sen: H (I + (1 - I) G of the poor); Sen, Shorrocks and Thon: mean gap × (1 + G of the gaps)."""
    values, weights = data
    poor = values < LINE
    assume(poor.any())
    sample = sample_of(weights)
    head, ratio = fgt(sample, values, LINE, 0).estimate, income_gap_ratio(sample, values, LINE).estimate
    assert sen(sample, values, LINE).estimate == pytest.approx(head * (ratio + (1 - ratio) * gini_twin(values[poor], weights[poor])))
    gaps = np.where(poor, 1 - values / LINE, 0)
    assert sen_shorrocks_thon(sample, values, LINE).estimate == pytest.approx(head * ratio * (1 + gini_twin(gaps, weights)))


def test_a_person_at_the_line_is_not_poor() -> None:
    assert fgt(sample_of([1.0, 1.0]), np.array([8.0, 7.999]), 8.0, 0).estimate == 0.5


@pytest.mark.parametrize("name", [name for name in POVERTY if name not in ("income gap ratio", "inequality of gaps", "part of the odd")])
def test_where_nobody_is_poor_poverty_is_nothing_and_has_no_error(name: str) -> None:
    values = np.array([5.0, 5.1, 5.2, 5.3])
    measured = POVERTY[name](sample_of(np.ones(4)), values)
    assert measured.estimate == 0
    assert measured.influence == pytest.approx(np.zeros(4))


def test_where_nobody_is_poor_the_poor_have_no_gap_and_no_median() -> None:
    sample, values = sample_of(np.ones(2)), np.array([5.0, 6.0])
    for measured in (income_gap_ratio(sample, values, LINE), relative_median_gap(sample, values, LINE)):
        assert not measured.defined
        assert list(measured.influence) == [0, 0]


def test_zero_welfare_is_the_whole_gap_and_watts_leaves_it_out() -> None:
    sample, values = sample_of(np.ones(3)), np.array([0.0, 0.5, 2.0])
    assert [fgt(sample, values, 1.0, alpha).estimate for alpha in (0, 1, 2)] == pytest.approx([2 / 3, 1.5 / 3, 1.25 / 3])
    measured = watts(sample, values, 1.0)
    assert (measured.estimate, measured.observations) == (pytest.approx(math.log(2) / 2), 2)
    assert measured.influence[0] == 0
    assert not watts(sample, np.zeros(3), 1.0).defined


def test_negative_welfare_is_a_gap_above_the_line() -> None:
    """A loss of half the line: a gap of 3/2. Sen: H (I + 2 cov(y, r) / z), which needs no mean above zero."""
    sample, values = sample_of(np.ones(2)), np.array([-0.5, 2.0])
    assert [fgt(sample, values, 1.0, alpha).estimate for alpha in (0, 1, 2)] == pytest.approx([1 / 2, 3 / 4, 9 / 8])
    assert sen(sample, values, 1.0).estimate == pytest.approx(3 / 4)
    assert sen_shorrocks_thon(sample, values, 1.0).estimate == pytest.approx(3 / 4 * 3 / 2)
    assert watts(sample, values, 1.0).estimate == 0


@pytest.mark.parametrize("line", [0.0, -3.0, math.nan, math.inf])
def test_without_a_line_above_zero_nobody_is_known_to_be_poor(line: float) -> None:
    sample = sample_of(np.ones(4))
    for measure in (fgt, income_gap_ratio, watts, sen, sen_shorrocks_thon, relative_median_gap):
        assert not measure(sample, FOUR, line).defined
        assert not measure(sample, FOUR, np.full(4, line)).defined


def test_each_row_may_have_its_own_line_and_an_unknown_one_leaves_it_out() -> None:
    """Welfare in capital prices and elsewhere: what counts is welfare / line."""
    lines = np.array([4.0, 12.0, 5.0, np.nan])
    sample, three = sample_of([1.0, 2.0, 1.0, 3.0]), sample_of([1.0, 2.0, 1.0])
    ratios = FOUR[:3] / lines[:3]
    for measure in (fgt, income_gap_ratio, watts, sen, sen_shorrocks_thon, relative_median_gap):
        own, one = measure(sample, FOUR, lines), measure(three, ratios, 1.0)
        assert own.estimate == pytest.approx(one.estimate)
        assert own.influence[:3] == pytest.approx(one.influence)
        assert own.influence[3] == 0
        assert own.observations == one.observations == 3


@given(weighted())
@settings(deadline=None, max_examples=30)
def test_the_same_line_for_each_row_is_one_line(data: tuple[Array, Array]) -> None:
    values, weights = data
    sample, lines = sample_of(weights), np.full(len(values), LINE)
    for measure in (fgt, watts, sen, sen_shorrocks_thon, relative_median_gap):
        one, own = measure(sample, values, LINE), measure(sample, values, lines)
        assert own.estimate == pytest.approx(one.estimate, nan_ok=True)
        assert own.influence == pytest.approx(one.influence)


def test_a_relative_line_carries_its_own_error_into_the_headcount() -> None:
    """Influence: (1[poor] - H) / N + density at the line × the line's influence."""
    sample, values = sample_of([1.0, 2.0, 1.0, 1.0, 2.0]), np.array([0.3, 0.7, 1.0, 1.4, 2.2])
    line = relative_line(sample, values, 0.9)
    assert line.estimate == pytest.approx(0.9 * 1.0)
    assert line.influence == pytest.approx(0.9 * quantile(sample, values).influence)
    fixed, moving = fgt(sample, values, line.estimate, 0), fgt(sample, values, line, 0)
    assert moving.estimate == fixed.estimate
    assert moving.influence == pytest.approx(fixed.influence + density(sample, values, line.estimate) * line.influence)


def test_in_a_domain_the_national_line_has_influence_of_rows_outside() -> None:
    sample, values = sample_of(np.ones(6)), np.array([0.3, 0.7, 1.0, 1.4, 2.2, 3.0])
    inside = np.array([True, False, True, False, True, False])
    line = relative_line(sample, values, 0.7, "mean")
    national = fgt(sample, values, line, 1, inside)
    domain = fgt(sample.where(inside), values[inside], line.estimate, 1)
    assert national.estimate == pytest.approx(domain.estimate)
    assert national.observations == domain.observations == 3
    slope = 0.3 / line.estimate**2 / 3 + (1.0 / line.estimate**2 / 3)
    assert national.influence[inside] == pytest.approx(domain.influence + slope * line.influence[inside])
    assert national.influence[~inside] == pytest.approx(slope * line.influence[~inside])
    assert not fgt(sample, values, line, 1, np.zeros(6, dtype=bool)).defined


@given(weighted())
@settings(deadline=None, max_examples=40)
def test_the_median_gap_is_that_of_the_poor_alone(data: tuple[Array, Array]) -> None:
    values, weights = data
    poor = values < LINE
    assume(poor.any())
    middle = quantile(sample_of(weights[poor]), values[poor]).estimate
    assert relative_median_gap(sample_of(weights), values, LINE).estimate == pytest.approx(1 - middle / LINE)


@given(weighted())
@settings(deadline=None, max_examples=40)
def test_a_transfer_from_a_poor_person_to_a_less_poor_one_raises_what_looks_at_depth(data: tuple[Array, Array]) -> None:
    """Sen's transfer axiom, both staying poor: the gap does not see it, the others do."""
    values, weights = data
    weights = np.ones_like(weights)
    order = np.argsort(values)
    first, second = order[0], order[1]
    amount = values[first] / 4
    assume(values[second] + amount < LINE)
    moved = values.copy()
    moved[first] -= amount
    moved[second] += amount
    sample = sample_of(weights)
    assert fgt(sample, moved, LINE, 1).estimate == pytest.approx(fgt(sample, values, LINE, 1).estimate)
    for measure in (lambda s, c: fgt(s, c, LINE, 2), lambda s, c: watts(s, c, LINE), lambda s, c: sen(s, c, LINE)):
        assert measure(sample, moved).estimate > measure(sample, values).estimate
    assert sen_shorrocks_thon(sample, moved, LINE).estimate > sen_shorrocks_thon(sample, values, LINE).estimate


@given(weighted())
@settings(deadline=None, max_examples=30)
def test_money_in_another_unit_gives_the_same_poverty(data: tuple[Array, Array]) -> None:
    values, weights = data
    sample = sample_of(weights)
    for measure in (fgt, watts, sen, sen_shorrocks_thon, relative_median_gap, income_gap_ratio):
        one, other = measure(sample, values, LINE), measure(sample, values * 512, LINE * 512)
        assert other.estimate == pytest.approx(one.estimate, nan_ok=True)


def test_parameters_out_of_bounds_are_refused() -> None:
    sample = sample_of(np.ones(4))
    with pytest.raises(InputError, match="A060 alpha is -1"):
        fgt(sample, FOUR, 8.0, -1)
    with pytest.raises(InputError, match="A060 share is"):
        relative_line(sample, FOUR, -0.6)
