"""Alkire and Foster's measures: a hand calculation, identities, slopes, and unknown indicators."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_samples import sample_of

from opensocle.analysis.impact.measured import Array, Measured
from opensocle.analysis.impact.multidimensional import (
    Deprivations,
    adjusted_headcount,
    censored_headcount,
    contribution,
    dimension_contributions,
    headcount,
    intensity,
    uncensored_headcount,
)
from opensocle.analysis.impact.sample import Sample
from opensocle.errors import Problems

NAN = float("nan")
# Four children, three dimensions of a third each; education has two indicators. Scores: 0, 1/6 + 1/3 = 1/2, 1, 1/3.
INDICATORS = {
    "water": np.array([0.0, 1, 1, 0]),
    "food": np.array([0.0, 0, 1, 1]),
    "school": np.array([0.0, 1, 1, 0]),
    "books": np.array([0.0, 0, 1, 0]),
}
WEIGHTS = {"water": 2.0, "food": 2.0, "school": 1.0, "books": 1.0}
DIMENSIONS = {"water": "housing", "food": "nutrition", "school": "education", "books": "education"}
CHILDREN = Deprivations(INDICATORS, WEIGHTS, 0.5, DIMENSIONS)
FOUR = sample_of(np.ones(4))


def test_four_children_by_hand() -> None:
    """Poor from half of the weights: the second and the third."""
    assert list(CHILDREN.score) == pytest.approx([0, 1 / 2, 1, 1 / 3])
    assert headcount(FOUR, CHILDREN).estimate == pytest.approx(2 / 4)
    assert intensity(FOUR, CHILDREN).estimate == pytest.approx((1 / 2 + 1) / 2)
    assert adjusted_headcount(FOUR, CHILDREN).estimate == pytest.approx(3 / 8)
    assert uncensored_headcount(FOUR, CHILDREN, "food").estimate == pytest.approx(2 / 4)
    assert censored_headcount(FOUR, CHILDREN, "food").estimate == pytest.approx(1 / 4)
    assert contribution(FOUR, CHILDREN, "food").estimate == pytest.approx((1 / 3 * 1 / 4) / (3 / 8))
    shares = {name: share.estimate for name, share in dimension_contributions(FOUR, CHILDREN).items()}
    assert shares == pytest.approx({"housing": 4 / 9, "nutrition": 2 / 9, "education": 3 / 9})


def test_the_cutoffs_from_union_to_intersection() -> None:
    counts = [headcount(FOUR, Deprivations(INDICATORS, WEIGHTS, cutoff)).estimate for cutoff in (0.01, 1 / 3, 0.5, 1.0)]
    assert counts == pytest.approx([3 / 4, 3 / 4, 2 / 4, 1 / 4])


def test_a_cutoff_of_a_third_is_reached_by_a_third() -> None:
    """1/6 + 1/6 is less than 1/3 in some sums of binary numbers."""
    tenths = {name: np.array([1.0 if name in "abc" else 0.0]) for name in "abcdefghij"}
    assert headcount(sample_of([1.0]), Deprivations(tenths, dict.fromkeys(tenths, 0.1), 0.3)).estimate == 1


@st.composite
def deprived(draw: st.DrawFn) -> tuple[Deprivations, Array]:
    rows = draw(st.integers(2, 8))
    value = st.sampled_from([0.0, 1.0, 1.0, NAN] if draw(st.booleans()) else [0.0, 1.0])
    indicators = {name: np.array(draw(st.lists(value, min_size=rows, max_size=rows))) for name in "abc"}
    weights = {name: draw(st.floats(0.1, 3)) for name in "abc"}
    rule = draw(st.sampled_from(["leave_out", "reweigh"]))
    cutoff = draw(st.sampled_from([0.2, 0.5, 0.9]))
    made = Deprivations(indicators, weights, cutoff, {"a": "one", "b": "two", "c": "two"}, rule)  # ty: ignore[invalid-argument-type]
    return made, np.array(draw(st.lists(st.floats(0.5, 4), min_size=rows, max_size=rows)))


@given(deprived())
@settings(deadline=None)
def test_identities_hold_for_any_indicators_weights_and_rule(data: tuple[Deprivations, Array]) -> None:
    made, weights = data
    sample = sample_of(weights)
    count, depth, adjusted = headcount(sample, made), intensity(sample, made), adjusted_headcount(sample, made)
    if not depth.defined:
        assert not count.defined or count.estimate == 0
        return
    assert (count * depth).estimate == pytest.approx(adjusted.estimate)
    assert (count * depth).influence == pytest.approx(adjusted.influence, abs=1e-12)
    for shares in (dimension_contributions(sample, made).values(), [contribution(sample, made, name) for name in "abc"]):
        assert sum(share.estimate for share in shares) == pytest.approx(1)
        assert np.sum([share.influence for share in shares], axis=0) == pytest.approx(np.zeros(len(weights)), abs=1e-12)
    assert made.cutoff - 1e-9 <= depth.estimate <= 1 + 1e-12
    for name in "abc":
        if made.missing == "leave_out":
            assert censored_headcount(sample, made, name).estimate <= uncensored_headcount(sample, made, name).estimate + 1e-12


@given(deprived(), st.sampled_from(["headcount", "intensity", "adjusted", "contribution", "censored", "uncensored"]))
@settings(deadline=None)
def test_the_influence_of_a_row_is_the_slope_of_the_estimate_with_its_weight(data: tuple[Deprivations, Array], name: str) -> None:
    made, weights = data

    def measure(sample: Sample) -> Measured:
        plain = {"headcount": headcount, "intensity": intensity, "adjusted": adjusted_headcount}
        of_one = {"contribution": contribution, "censored": censored_headcount, "uncensored": uncensored_headcount}
        return plain[name](sample, made) if name in plain else of_one[name](sample, made, "b")

    measured = measure(sample_of(weights))
    if not measured.defined:
        assert list(measured.influence) == [0] * len(weights)
        return
    for row in range(len(weights)):
        step = np.eye(len(weights))[row] * 1e-5
        slope = (measure(sample_of(weights + step)).estimate - measure(sample_of(weights - step)).estimate) / 2e-5
        assert measured.influence[row] == pytest.approx(slope, abs=1e-6)


def test_an_unknown_indicator_leaves_the_person_out_or_is_shared_among_the_known() -> None:
    indicators = {"a": np.array([1.0, 1, 0, NAN]), "b": np.array([1.0, NAN, NAN, NAN])}
    weights = {"a": 1.0, "b": 3.0}
    left = Deprivations(indicators, weights, 0.5)
    assert headcount(FOUR, left).estimate == 1 and headcount(FOUR, left).observations == 1
    shared = Deprivations(indicators, weights, 0.5, missing="reweigh")
    assert list(shared.score[:3]) == [1, 1, 0] and np.isnan(shared.score[3])
    assert headcount(FOUR, shared).estimate == pytest.approx(2 / 3)
    assert censored_headcount(FOUR, shared, "b").observations == 1
    assert contribution(FOUR, shared, "a").estimate == pytest.approx((1 / 4 + 1) / 2)


def test_nobody_poor_has_no_intensity_and_no_contributions() -> None:
    none = Deprivations({name: np.zeros(4) for name in INDICATORS}, WEIGHTS, 0.5)
    assert headcount(FOUR, none).estimate == adjusted_headcount(FOUR, none).estimate == 0
    for measured in (intensity(FOUR, none), contribution(FOUR, none, "food"), *dimension_contributions(FOUR, none).values()):
        assert not measured.defined and list(measured.influence) == [0] * 4


def test_of_nobody_nothing_is_known() -> None:
    for sample, rows in ((sample_of([]), 0), (sample_of(np.zeros(2)), 2)):
        empty = Deprivations({"a": np.ones(rows)}, {"a": 1.0}, 0.5)
        for measured in (headcount(sample, empty), adjusted_headcount(sample, empty), intensity(sample, empty)):
            assert not measured.defined and measured.observations == 0


def test_a_domain_keeps_the_rows_of_the_whole() -> None:
    inside = np.array([True, True, True, False])
    assert headcount(FOUR, CHILDREN, inside).estimate == pytest.approx(2 / 3)
    assert headcount(FOUR, CHILDREN, inside).influence[3] == 0


def test_all_problems_of_a_description_are_told_at_once() -> None:
    with pytest.raises(Problems) as caught:
        Deprivations({"a": np.array([2.0, 0]), "b": np.zeros(3)}, {"a": 0.0, "c": 1.0}, 1.5, {"a": "one"}, "drop")  # ty: ignore[invalid-argument-type]
    assert {problem.code for problem in caught.value.problems} == {"A082"}
    assert [problem.at for problem in caught.value.problems] == ["a", "b", "c", "cutoff", "missing", "dimensions", "a", "indicators"]
    with pytest.raises(Problems, match="there is no indicator"):
        Deprivations({}, {}, 0.5)
