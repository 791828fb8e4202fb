"""Inequality and poverty in parts: parts add up, and each is what it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_samples import LINE, halves, sample_of, weighted

from opensocle.analysis.impact.decomposition import Contribution, entropy_parts, fgt_by_group, fgt_parts
from opensocle.analysis.impact.inequality import entropy
from opensocle.analysis.impact.measured import Array
from opensocle.analysis.impact.poverty import fgt, relative_line
from opensocle.errors import InputError

ALPHAS = st.sampled_from([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0])


@given(weighted(), ALPHAS)
@settings(deadline=None, max_examples=50)
def test_within_is_the_groups_own_inequality_by_their_shares_and_between_that_of_their_means(data: tuple[Array, Array], alpha: float) -> None:
    """Shorrocks: within = Σ population share^(1 - alpha) × income share^alpha × GE of the group."""
    values, weights = data
    groups = halves(values)
    parts = entropy_parts(sample_of(weights), values, groups, alpha)
    mean = float(weights @ values / weights.sum())
    within, means = 0.0, np.zeros(len(values))
    for group in ("even", "odd"):
        own = groups == group
        size, income = weights[own].sum() / weights.sum(), (weights[own] @ values[own]) / (weights @ values)
        within += size ** (1 - alpha) * income**alpha * entropy(sample_of(weights[own]), values[own], alpha).estimate
        means[own] = income / size * mean
    assert parts.within.estimate == pytest.approx(within, abs=1e-10)
    assert parts.between.estimate == pytest.approx(entropy(sample_of(weights), means, alpha).estimate, abs=1e-10)
    assert parts.total.estimate == pytest.approx(parts.within.estimate + parts.between.estimate)
    assert parts.total.influence == pytest.approx(parts.within.influence + parts.between.influence)


def test_of_one_group_all_is_within_and_of_groups_of_equals_all_is_between() -> None:
    values, sample = np.array([1.0, 1.0, 3.0, 3.0]), sample_of([1.0, 2.0, 1.0, 1.0])
    for alpha in (0, 1, 2):
        assert entropy_parts(sample, values, np.ones(4), alpha).between.estimate == pytest.approx(0, abs=1e-12)
        assert entropy_parts(sample, values, values, alpha).within.estimate == pytest.approx(0, abs=1e-12)


def test_who_has_no_welfare_above_zero_or_no_known_group_is_left_out() -> None:
    values, weights = np.array([1.0, 2.0, 4.0, 0.0, 5.0, np.nan]), np.ones(6)
    unknown: list[np.ndarray] = [
        np.array([1.0, 2.0, 2.0, 1.0, np.nan, 1.0]),
        np.array(["a", "b", "b", "a", "", "a"]),
        np.array(["a", "b", "b", "a", None, "a"], dtype=object),
    ]
    for groups in unknown:
        parts = entropy_parts(sample_of(weights), values, groups)
        kept = entropy_parts(sample_of(np.ones(3)), values[:3], groups[:3])
        for part, own in ((parts.total, kept.total), (parts.within, kept.within), (parts.between, kept.between)):
            assert part.estimate == pytest.approx(own.estimate)
            assert part.influence[:3] == pytest.approx(own.influence)
            assert list(part.influence[3:]) == [0, 0, 0]
        assert [one.group for one in fgt_by_group(sample_of(weights), values, LINE, groups)] == [groups[0], groups[1]]
    assert not entropy_parts(sample_of(weights), np.zeros(6), np.ones(6)).between.defined


@given(weighted(), st.sampled_from([2.0, 2.5, 3.0]))
@settings(deadline=None, max_examples=40)
def test_the_parts_of_an_fgt_measure_multiply_to_it(data: tuple[Array, Array], alpha: float) -> None:
    values, weights = data
    values = np.append(values, 0.5)
    sample = sample_of(np.append(weights, 1.0))
    parts = fgt_parts(sample, values, LINE, alpha)
    depth = 1 + (alpha**2 - alpha) * parts.inequality.estimate
    assert parts.headcount.estimate * parts.gap_ratio.estimate**alpha * depth == pytest.approx(parts.fgt.estimate)
    poor = values < LINE
    gaps = entropy(sample.where(poor), 1 - values[poor] / LINE, alpha)
    assert parts.inequality.estimate == pytest.approx(gaps.estimate, abs=1e-10)
    assert parts.inequality.influence[poor] == pytest.approx(gaps.influence, rel=1e-6, abs=1e-9)


def test_where_nobody_is_poor_the_poor_have_no_parts() -> None:
    parts = fgt_parts(sample_of([1.0, 1.0]), np.array([2.0, 3.0]), LINE)
    assert (parts.fgt.estimate, parts.headcount.estimate, parts.gap.estimate) == (0, 0, 0)
    assert not parts.gap_ratio.defined
    assert not parts.inequality.defined
    assert list(parts.inequality.influence) == [0, 0]


@given(weighted(), st.sampled_from([0.0, 1.0, 2.0]))
@settings(deadline=None, max_examples=40)
def test_the_groups_parts_add_up_to_the_poverty_of_all(data: tuple[Array, Array], alpha: float) -> None:
    """Subgroup decomposability: FGT = Σ population share × FGT of the group, errors included."""
    values, weights = data
    values = np.append(values, 0.5)
    sample = sample_of(np.append(weights, 1.0))
    for line in (LINE, relative_line(sample, values, 0.9, "mean")):
        whole, groups = fgt(sample, values, line, alpha), list(fgt_by_group(sample, values, line, halves(values), alpha))
        assert sum(one.share.estimate for one in groups) == pytest.approx(1)
        assert sum(one.adds.estimate for one in groups) == pytest.approx(whole.estimate)
        if alpha or line == LINE:  # each group's density at a line of its own bandwidth: only nearly the whole's
            assert sum(one.adds.influence for one in groups) == pytest.approx(whole.influence, abs=1e-10)
        if whole.estimate:
            assert sum(one.part.estimate for one in groups) == pytest.approx(1)


def test_by_hand_a_region_of_a_third_has_two_thirds_of_the_poor() -> None:
    values, groups = np.array([0.5, 0.5, 2.0, 0.5, 2.0, 2.0, 2.0, 2.0, 2.0]), np.array([1, 1, 1, 2, 2, 2, 2, 2, 2])
    found: list[Contribution] = list(fgt_by_group(sample_of(np.ones(9)), values, LINE, groups))
    assert [one.group for one in found] == [1, 2]
    assert [one.share.estimate for one in found] == pytest.approx([1 / 3, 2 / 3])
    assert [one.poverty.estimate for one in found] == pytest.approx([2 / 3, 1 / 6])
    assert [one.adds.estimate for one in found] == pytest.approx([2 / 9, 1 / 9])
    assert [one.part.estimate for one in found] == pytest.approx([2 / 3, 1 / 3])


def test_groups_may_be_numbers_with_gaps_negative_numbers_or_words() -> None:
    values, sample = np.array([0.5, 0.7, 2.0, 0.2]), sample_of([1.0, 2.0, 1.0, 1.0])
    words = np.array(["a", "b", "c", "b"])
    for groups in (np.array([0, 2, 4, 2]), np.array([-7, 2, 4, 2]), np.array([10, 200, 300, 200]), np.array([0.5, 1.5, 2.5, 1.5])):
        for one, other in zip(fgt_by_group(sample, values, LINE, groups), fgt_by_group(sample, values, LINE, words), strict=True):
            assert one.group == groups[list(words).index(other.group)]
            assert (one.share.estimate, one.adds.estimate) == (other.share.estimate, other.adds.estimate)
        assert entropy_parts(sample, values, groups).between.estimate == entropy_parts(sample, values, words).between.estimate


def test_of_nobody_there_are_no_groups() -> None:
    assert list(fgt_by_group(sample_of([1.0]), np.array([np.nan]), LINE, np.array(["a"]))) == []


def test_an_alpha_below_two_has_no_parts() -> None:
    with pytest.raises(InputError, match="A060 alpha is 1"):
        fgt_parts(sample_of([1.0]), np.array([1.0]), LINE, 1)
