"""Progressivity, redistribution and contributions of schemes: hand calculations and identities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from small_samples import sample_of
from small_transfers import transferred

from opensocle.analysis.impact.contribution import (
    benefit_cost_ratio,
    cost_benefit_ratio,
    cost_per_person_lifted,
    gap_reduction,
    lifted,
    marginal,
    marginal_contributions,
    marginal_gini,
    marginal_poverty,
    poverty_reduction,
)
from opensocle.analysis.impact.curves import concentration
from opensocle.analysis.impact.inequality import gini
from opensocle.analysis.impact.measured import Array
from opensocle.analysis.impact.poverty import fgt, relative_line
from opensocle.analysis.impact.redistribution import average_rate, kakwani, redistribution, vertical_part


def test_redistribution_between_two_persons_by_hand() -> None:
    """Incomes 1 and 3: G = 1/4. The poorer gets 4: incomes 5 and 3, G = 1/8, and the ranks are turned round: C = -1/8."""
    found = redistribution(sample_of([1.0, 1.0]), np.array([1.0, 3.0]), np.array([5.0, 3.0]))
    assert found.effect.estimate == pytest.approx(1 / 8)
    assert found.vertical.estimate == pytest.approx(3 / 8)
    assert found.reranking.estimate == pytest.approx(1 / 4)


def test_a_tax_in_proportion_is_neither_progressive_nor_redistributive() -> None:
    sample, income = sample_of([1.0, 2.0, 1.5]), np.array([1.0, 4.0, 9.0])
    assert kakwani(sample, 0.2 * income, income, "tax").estimate == pytest.approx(0, abs=1e-12)
    found = redistribution(sample, income, 0.8 * income)
    assert [found.effect.estimate, found.vertical.estimate, found.reranking.estimate] == pytest.approx([0, 0, 0], abs=1e-12)
    assert average_rate(sample, 0.2 * income, income).estimate == pytest.approx(0.2)


def test_a_tax_on_the_richest_only_and_a_transfer_to_the_poorest_only_by_hand() -> None:
    """Of incomes 1, 2, 3 and 4 (G = 1/4) the ranks are 1/8, 3/8, 5/8 and 7/8: all on the highest is C = 3/4, all on the lowest C = -3/4."""
    sample, income = sample_of(np.ones(4)), np.array([1.0, 2, 3, 4])
    assert kakwani(sample, np.array([0.0, 0, 0, 1]), income, "tax").estimate == pytest.approx(3 / 4 - 1 / 4)
    assert kakwani(sample, np.array([1.0, 0, 0, 0]), income, "transfer").estimate == pytest.approx(1 / 4 + 3 / 4)


@given(transferred())
@settings(deadline=None)
def test_the_effect_is_the_vertical_part_less_reranking_which_is_not_negative(data: tuple[Array, Array, Array]) -> None:
    before, transfer, weights = data
    found = redistribution(sample_of(weights), before, before + transfer)
    assert found.effect.estimate == pytest.approx((found.vertical - found.reranking).estimate, abs=1e-12)
    assert found.effect.influence == pytest.approx((found.vertical - found.reranking).influence, abs=1e-12)
    assert found.reranking.estimate >= -1e-12


@given(transferred())
@settings(deadline=None)
def test_the_vertical_parts_of_taxes_and_transfers_add_up(data: tuple[Array, Array, Array]) -> None:
    before, transfer, weights = data
    assume(transfer.any())
    sample, tax = sample_of(weights), 0.05 * before**2 + 0.01
    after = before - tax + transfer
    assume(float(weights @ after) > 0.1)
    parts = vertical_part(sample, tax, before, after, "tax") + vertical_part(sample, transfer, before, after, "transfer")
    whole = redistribution(sample, before, after).vertical
    assert parts.estimate == pytest.approx(whole.estimate, abs=1e-10)
    assert parts.influence == pytest.approx(whole.influence, abs=1e-8)


def test_unknown_amounts_leave_a_person_out_of_both_incomes() -> None:
    before, after = np.array([1.0, 3.0, 7.0, np.nan]), np.array([2.0, 3.0, np.nan, 4.0])
    whole, part = redistribution(sample_of(np.ones(4)), before, after), redistribution(sample_of(np.ones(2)), before[:2], after[:2])
    assert whole.effect.estimate == pytest.approx(part.effect.estimate)
    assert list(whole.effect.influence[2:]) == [0, 0]


def test_negative_incomes_have_a_gini_coefficient_as_long_as_the_total_is_above_zero() -> None:
    sample = sample_of(np.ones(3))
    found = redistribution(sample, np.array([-1.0, 1, 6]), np.array([0.0, 1, 6]))
    assert found.effect.estimate == pytest.approx(gini(sample, np.array([-1.0, 1, 6])).estimate - gini(sample, np.array([0.0, 1, 6])).estimate)
    nothing = redistribution(sample, np.array([-1.0, 0, 1]), np.array([0.0, 1, 6]))
    assert not nothing.effect.defined and not nothing.vertical.defined
    assert nothing.reranking.estimate == pytest.approx(0, abs=1e-12)


def test_contributions_of_a_scheme_by_hand() -> None:
    """Incomes without the scheme 2, 4, 8 and 12 with a line of 5; the two lowest get 4 and 1, the highest 5."""
    sample, without, scheme = sample_of(np.ones(4)), np.array([2.0, 4, 8, 12]), np.array([4.0, 1, 0, 5])
    after = without + scheme  # 6, 5, 8, 17: nobody is below the line
    assert marginal_poverty(sample, after, scheme, 5.0, 0).estimate == pytest.approx(2 / 4)
    assert marginal_poverty(sample, after, scheme, 5.0, 1).estimate == pytest.approx((3 / 5 + 1 / 5) / 4)
    assert marginal_poverty(sample, after, scheme, 5.0, 2).estimate == pytest.approx((9 / 25 + 1 / 25) / 4)
    assert gap_reduction(sample, after, scheme, 5.0).estimate == pytest.approx(4)
    assert benefit_cost_ratio(sample, after, scheme, 5.0).estimate == pytest.approx(4 / 10)
    assert cost_benefit_ratio(sample, after, scheme, 5.0).estimate == pytest.approx(10 / 4)
    assert lifted(sample, after, scheme, 5.0).estimate == pytest.approx(2)
    assert cost_per_person_lifted(sample, after, scheme, 5.0).estimate == pytest.approx(10 / 2)
    assert marginal_gini(sample, after, scheme).estimate == pytest.approx(gini(sample, without).estimate - gini(sample, after).estimate)


def test_where_a_scheme_moves_nobody_over_the_line_the_cost_of_it_is_not_defined() -> None:
    sample, without, scheme = sample_of(np.ones(3)), np.array([1.0, 6, 9]), np.array([1.0, 1, 1])
    assert lifted(sample, without + scheme, scheme, 5.0).estimate == 0
    assert not cost_per_person_lifted(sample, without + scheme, scheme, 5.0).defined
    assert not cost_benefit_ratio(sample, np.array([7.0, 8, 9]), scheme, 5.0).defined
    assert benefit_cost_ratio(sample, np.array([7.0, 8, 9]), scheme, 5.0).estimate == 0
    assert not benefit_cost_ratio(sample, without, scheme, 0.0).defined


@given(transferred())
@settings(deadline=None)
def test_the_contribution_of_the_only_scheme_is_the_whole_effect(data: tuple[Array, Array, Array]) -> None:
    before, transfer, weights = data
    sample, after = sample_of(weights), before + transfer
    before = after - transfer  # the same to the last bit
    found = marginal_contributions(sample, after, {"grant": transfer}, gini)
    effect = redistribution(sample, before, after).effect
    for measured in (*found.values(), marginal_gini(sample, after, transfer)):
        assert measured.estimate == pytest.approx(effect.estimate, abs=1e-12)
        assert measured.influence == pytest.approx(effect.influence, abs=1e-12)
    for alpha in (0, 1, 2):
        one, other = marginal_poverty(sample, after, transfer, 1.2, alpha), poverty_reduction(sample, before, after, 1.2, alpha)
        assert one.estimate == pytest.approx(other.estimate, abs=1e-12)


def test_contributions_of_several_schemes_are_on_the_same_persons_and_all_together() -> None:
    sample, after = sample_of(np.ones(4)), np.array([6.0, 5, 8, 17])
    schemes = {"one": np.array([4.0, 1, 0, 0]), "two": np.array([1.0, 0, 0, np.nan])}
    found = marginal_contributions(sample, after, schemes, lambda some, income: fgt(some, income, 5.0, 1))
    assert list(found) == ["one", "two", "all"]
    assert found["one"].estimate == pytest.approx((3 / 5 + 1 / 5) / 3)
    assert found["two"].estimate == 0
    assert found["all"].estimate == pytest.approx((4 / 5 + 1 / 5) / 3)
    assert found["all"].influence[3] == 0
    assert marginal_contributions(sample, after, {}, gini)["all"].estimate == 0


def test_a_tax_is_a_scheme_with_a_negative_amount() -> None:
    sample, before, tax = sample_of(np.ones(3)), np.array([3.0, 5, 10]), np.array([1.0, 0, 2])
    after = before - tax
    assert marginal(sample, after, -tax, gini).estimate == pytest.approx(gini(sample, before).estimate - gini(sample, after).estimate)
    assert marginal_poverty(sample, after, -tax, 2.5, 0).estimate == pytest.approx(-1 / 3)


def test_a_line_that_is_estimated_moves_both_measures() -> None:
    sample, before, after = sample_of([1.0, 2, 1, 1]), np.array([1.0, 3, 6, 9]), np.array([2.0, 3, 6, 9])
    line = relative_line(sample, after, 0.7, "mean")
    found = poverty_reduction(sample, before, after, line, 1)
    assert found.estimate == pytest.approx(1 / line.estimate / 5)
    fixed = poverty_reduction(sample, before, after, line.estimate, 1)
    assert found.influence - fixed.influence == pytest.approx(-found.estimate / line.estimate * line.influence)


def test_the_concentration_of_a_transfer_links_the_two_kakwani_indices() -> None:
    sample, income, amount = sample_of([1.0, 2, 3]), np.array([1.0, 2, 5]), np.array([0.0, 1, 2])
    tax, transfer = (kakwani(sample, amount, income, kind).estimate for kind in ("tax", "transfer"))
    assert tax == -transfer == pytest.approx(concentration(sample, amount, income).estimate - gini(sample, income).estimate)
