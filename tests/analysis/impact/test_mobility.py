"""The impoverished, gains of the poor, growth along the distribution, winners and losers: hand calculations and identities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_samples import sample_of
from small_transfers import transferred

from opensocle.analysis.impact.measured import Array
from opensocle.analysis.impact.mobility import (
    change,
    fiscal_gains,
    fiscal_impoverishment,
    gaining_poor,
    growth,
    growth_at,
    impoverished,
    losers,
    mean_gain,
    mean_loss,
    winners,
)
from opensocle.analysis.impact.poverty import fgt, relative_line
from opensocle.analysis.impact.totals import Place, group, poorest

# A line of 10. Poor and poorer (6 → 4), made poor (12 → 9), poor and better off (5 → 8), lifted (7 → 15), rich and poorer (30 → 20), poor, no change.
BEFORE = np.array([6.0, 12, 5, 7, 30, 3])
AFTER = np.array([4.0, 9, 8, 15, 20, 3])
SIX = sample_of(np.ones(6))


def test_impoverishment_and_gains_of_six_persons_by_hand() -> None:
    assert fiscal_impoverishment(SIX, BEFORE, AFTER, 10.0).estimate == pytest.approx((2 + 1) / 6)
    assert fiscal_gains(SIX, BEFORE, AFTER, 10.0).estimate == pytest.approx((3 + 3) / 6)
    assert impoverished(SIX, BEFORE, AFTER, 10.0).estimate == pytest.approx(2 / 6)
    assert gaining_poor(SIX, BEFORE, AFTER, 10.0).estimate == pytest.approx(2 / 6)
    each = fiscal_impoverishment(SIX, BEFORE, AFTER, 10.0) / impoverished(SIX, BEFORE, AFTER, 10.0)
    assert each.estimate == pytest.approx(3 / 2)


def test_poverty_may_fall_while_poor_people_lose() -> None:
    """The point of Higgins and Lustig: the headcount does not show the impoverished."""
    assert fgt(SIX, AFTER, 10.0, 1).estimate < fgt(SIX, BEFORE, 10.0, 1).estimate
    assert fiscal_impoverishment(SIX, BEFORE, AFTER, 10.0).estimate > 0


@given(transferred(), st.booleans())
@settings(deadline=None)
def test_the_change_of_the_gap_is_impoverishment_less_gains(data: tuple[Array, Array, Array], estimated: bool) -> None:
    """Higgins and Lustig (2016): the two are the parts of the change of the poverty gap."""
    before, transfer, weights = data
    after, sample = before + transfer - 0.5, sample_of(weights)
    line = relative_line(sample, before, 0.9, "mean") if estimated else 1.2
    parts = fiscal_impoverishment(sample, before, after, line) - fiscal_gains(sample, before, after, line)
    whole = line * (fgt(sample, after, line, 1) - fgt(sample, before, line, 1))
    assert parts.estimate == pytest.approx(whole.estimate, abs=1e-12)
    assert parts.influence == pytest.approx(whole.influence, abs=1e-10)


@given(transferred())
@settings(deadline=None)
def test_the_change_of_the_gap_holds_with_a_line_for_each_person(data: tuple[Array, Array, Array]) -> None:
    before, transfer, weights = data
    after, sample, lines = before + transfer - 0.5, sample_of(weights), 1 + before / 3
    parts = fiscal_impoverishment(sample, before, after, lines) - fiscal_gains(sample, before, after, lines)
    gaps = np.maximum(lines - after, 0) - np.maximum(lines - before, 0)
    assert parts.estimate == pytest.approx(float(weights @ gaps) / float(weights.sum()), abs=1e-12)


def test_without_a_line_above_zero_nobody_is_measured() -> None:
    unknown = relative_line(sample_of(np.zeros(6)), BEFORE)
    for line in (0.0, -3.0, np.nan, unknown, np.array([10.0, 10, 10, 10, 10, 0])):
        for measure in (fiscal_impoverishment, fiscal_gains, impoverished, gaining_poor):
            assert not measure(SIX, BEFORE, AFTER, line).defined
    some = np.array([10.0, 10, 10, 10, 10, np.nan])
    assert impoverished(SIX, BEFORE, AFTER, some).estimate == pytest.approx(2 / 5)


def test_a_domain_is_measured_by_the_line_of_all() -> None:
    line, inside = relative_line(SIX, BEFORE, 1.0, "mean"), BEFORE > 4  # 10.5
    cut = SIX.where(inside)
    for measure in (fiscal_impoverishment, fiscal_gains, impoverished, gaining_poor):
        of_all = measure(SIX, BEFORE, AFTER, line, inside)
        assert of_all.estimate == pytest.approx(measure(cut, BEFORE[inside], AFTER[inside], line.estimate).estimate)
        assert len(of_all.influence) == 6


def test_a_change_of_rounding_is_none() -> None:
    assert list(change(np.array([0.3, 1e6, 5.0, 0.0]), np.array([0.1 + 0.2, 1e6 + 1e-5, 5.1, 1e-12]))) == pytest.approx([0, 0, 0.1, 1e-12])
    assert impoverished(sample_of([1.0]), np.array([0.1 + 0.2]), np.array([0.3]), 1.0).estimate == 0


def test_winners_and_losers_of_six_persons_by_hand() -> None:
    assert (winners(SIX, BEFORE, AFTER).estimate, losers(SIX, BEFORE, AFTER).estimate) == (pytest.approx(2 / 6), pytest.approx(3 / 6))
    assert (mean_gain(SIX, BEFORE, AFTER).estimate, mean_loss(SIX, BEFORE, AFTER).estimate) == (pytest.approx(11 / 2), pytest.approx(15 / 3))
    assert winners(SIX, BEFORE, AFTER, 3.0).estimate == pytest.approx(1 / 6)  # 3 is not more than 3
    assert losers(SIX, BEFORE, AFTER, 0.3, relative=True).estimate == pytest.approx(2 / 6)  # a third of 6 and of 30
    assert mean_loss(SIX, BEFORE, AFTER, 0.3, relative=True).estimate == pytest.approx(12 / 2)
    lowest = Place(BEFORE, poorest(0.5))  # 3, 5 and 6
    assert (winners(SIX, BEFORE, AFTER, place=lowest).estimate, losers(SIX, BEFORE, AFTER, place=lowest).estimate) == (
        pytest.approx(1 / 3),
        pytest.approx(1 / 3),
    )
    assert not mean_gain(SIX, BEFORE, BEFORE).defined


def test_who_had_nothing_wins_by_any_gain() -> None:
    before, after = np.array([0.0, -1.0, 10.0]), np.array([1.0, -0.5, 11.0])
    assert winners(sample_of(np.ones(3)), before, after, 0.5, relative=True).estimate == pytest.approx(2 / 3)


@given(transferred())
@settings(deadline=None)
def test_gains_less_losses_are_the_change_of_the_mean(data: tuple[Array, Array, Array]) -> None:
    before, transfer, weights = data
    after, sample = before + transfer - 0.5, sample_of(weights)
    gains, losses = np.maximum(after - before, 0), np.maximum(before - after, 0)
    size = float(weights.sum())
    if gains.any():
        found = winners(sample, before, after) * mean_gain(sample, before, after)
        assert found.estimate == pytest.approx(float(weights @ gains) / size)
    if losses.any():
        found = losers(sample, before, after) * mean_loss(sample, before, after)
        assert found.estimate == pytest.approx(float(weights @ losses) / size)


def test_growth_of_groups_and_of_persons_by_hand() -> None:
    """The poorest half is 3, 5 and 6 before (mean 14/3) and 3, 4 and 8 after (mean 5); the same persons have 3, 8 and 4 after."""
    assert growth(SIX, BEFORE, AFTER, poorest(0.5)).estimate == pytest.approx(5 / (14 / 3) - 1)
    assert growth(SIX, BEFORE, AFTER, poorest(0.5), "persons").estimate == pytest.approx(5 / (14 / 3) - 1)
    assert growth(SIX, BEFORE, AFTER, group(2, 2)).estimate == pytest.approx(44 / 49 - 1)
    assert growth(SIX, BEFORE, AFTER, group(3, 3), "persons").estimate == pytest.approx(29 / 42 - 1)
    assert growth(SIX, BEFORE, AFTER, group(3, 3)).estimate == pytest.approx(35 / 42 - 1)
    assert growth_at(SIX, BEFORE, AFTER, 0.5).estimate == pytest.approx(8 / 6 - 1)


def test_growth_alike_for_all_is_the_same_everywhere() -> None:
    for share in (0.1, 0.5, 1.0):
        assert growth_at(SIX, BEFORE, 1.1 * BEFORE, share).estimate == pytest.approx(0.1)
        for way in ("groups", "persons"):
            assert growth(SIX, BEFORE, 1.1 * BEFORE, poorest(share), way).estimate == pytest.approx(0.1)


def test_growth_from_nothing_is_not_defined() -> None:
    before = np.array([0.0, -1.0, 5.0])
    assert not growth_at(sample_of(np.ones(3)), before, before + 1, 0.3).defined
    assert not growth(sample_of(np.ones(3)), before, before + 1, group(1, 3)).defined
