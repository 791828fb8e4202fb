"""Coverage, incidence, adequacy and targeting errors: hand calculations and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_samples import sample_of
from small_transfers import transferred

from opensocle.analysis.impact.curves import concentration
from opensocle.analysis.impact.incidence import (
    adequacy,
    average_transfer,
    before,
    beneficiary_incidence,
    benefit_incidence,
    cgh_index,
    coverage,
    exclusion_error,
    generosity,
    household_receives,
    household_total,
    inclusion_error,
    indirect_coverage,
    leakage,
    received,
    relative_incidence,
)
from opensocle.analysis.impact.measured import Array
from opensocle.analysis.impact.poverty import relative_line
from opensocle.analysis.impact.quantiles import quantile_groups
from opensocle.analysis.impact.totals import ALL, Part, Place, every, group, poorest
from opensocle.errors import InputError

# Ten persons of equal weight, welfare 1 … 10 before the transfer; four receive: 4 + 3 + 2 + 1 = 10.
WELFARE = np.arange(1.0, 11)
TRANSFER = np.array([4.0, 0, 3, 0, 2, 0, 0, 0, 0, 1])
TEN = sample_of(np.ones(10))
HALF = Place(WELFARE, poorest(0.5))


def test_incidence_of_ten_persons_by_hand() -> None:
    assert coverage(TEN, TRANSFER).estimate == pytest.approx(4 / 10)
    assert coverage(TEN, TRANSFER, HALF).estimate == pytest.approx(3 / 5)
    assert benefit_incidence(TEN, TRANSFER, HALF).estimate == pytest.approx(9 / 10)
    assert beneficiary_incidence(TEN, TRANSFER, HALF).estimate == pytest.approx(3 / 4)
    assert cgh_index(TEN, TRANSFER, HALF).estimate == pytest.approx(0.9 / 0.5)
    assert relative_incidence(TEN, TRANSFER, WELFARE).estimate == pytest.approx(10 / 55)
    assert relative_incidence(TEN, TRANSFER, WELFARE, HALF).estimate == pytest.approx(9 / 15)
    assert average_transfer(TEN, TRANSFER).estimate == pytest.approx(10 / 4)
    assert average_transfer(TEN, TRANSFER, HALF).estimate == pytest.approx(9 / 3)


def test_adequacy_is_a_ratio_of_sums_and_generosity_a_mean_of_ratios() -> None:
    after = WELFARE + TRANSFER  # of the four: 5, 6, 7 and 11
    assert adequacy(TEN, TRANSFER, after).estimate == pytest.approx(10 / 29)
    assert generosity(TEN, TRANSFER, after).estimate == pytest.approx((4 / 5 + 3 / 6 + 2 / 7 + 1 / 11) / 4)
    assert adequacy(TEN, TRANSFER, after).observations == 4


def test_targeting_errors_by_hand() -> None:
    """Poor are those with less than 4.5: four persons, of whom two receive 7; four receive 10 in all."""
    assert exclusion_error(TEN, TRANSFER, WELFARE, 4.5).estimate == pytest.approx(2 / 4)
    assert inclusion_error(TEN, TRANSFER, WELFARE, 4.5).estimate == pytest.approx(2 / 4)
    assert leakage(TEN, TRANSFER, WELFARE, 4.5).estimate == pytest.approx(3 / 10)
    own = np.where(WELFARE == 5, 6.0, 4.5)
    assert inclusion_error(TEN, TRANSFER, WELFARE, own).estimate == pytest.approx(1 / 4)
    estimated = relative_line(TEN, WELFARE, 0.8, "mean")  # 4.4
    assert exclusion_error(TEN, TRANSFER, WELFARE, estimated).estimate == pytest.approx(2 / 4)


def test_of_those_level_with_the_line_nobody_is_poor_and_without_poor_there_is_no_exclusion() -> None:
    assert not exclusion_error(TEN, TRANSFER, WELFARE, 1.0).defined
    assert inclusion_error(TEN, TRANSFER, WELFARE, 1.0).estimate == 1
    assert not exclusion_error(TEN, TRANSFER, WELFARE, 0.0).defined
    assert not inclusion_error(TEN, TRANSFER, WELFARE, -1.0).defined


@given(transferred())
@settings(deadline=None)
def test_a_transfer_alike_for_all_is_concentrated_on_nobody(data: tuple[Array, Array, Array]) -> None:
    welfare, _, weights = data
    sample, alike = sample_of(weights), np.full(len(welfare), 3.0)
    assert coverage(sample, alike).estimate == 1
    assert concentration(sample, alike, welfare).estimate == pytest.approx(0, abs=1e-12)
    whole = Place(welfare, Part(1, 3, 3))
    assert cgh_index(sample, alike, whole).estimate == pytest.approx(1)
    for part in every(3):
        place = Place(welfare, part)
        assert benefit_incidence(sample, alike, place).estimate == pytest.approx(beneficiary_incidence(sample, alike, place).estimate)


def test_a_transfer_alike_for_all_has_a_cgh_index_of_one() -> None:
    for share in (0.1, 0.2, 0.4, 0.5):
        assert cgh_index(TEN, np.ones(10), Place(WELFARE, poorest(share))).estimate == pytest.approx(1)


def test_a_transfer_to_the_poorest_only_is_all_theirs() -> None:
    only = np.where(WELFARE <= 2, 5.0, 0.0)
    place = Place(WELFARE, poorest(0.2))
    assert coverage(TEN, only, place).estimate == 1
    assert benefit_incidence(TEN, only, place).estimate == 1
    assert cgh_index(TEN, only, place).estimate == pytest.approx(5)
    assert exclusion_error(TEN, only, WELFARE, 2.5).estimate == 0
    assert inclusion_error(TEN, only, WELFARE, 2.5).estimate == pytest.approx(0, abs=1e-12)
    assert concentration(TEN, only, WELFARE).estimate == pytest.approx(-(1 - 0.2))


@given(transferred(), st.integers(1, 6))
@settings(deadline=None)
def test_the_groups_hold_everything_once(data: tuple[Array, Array, Array], groups: int) -> None:
    welfare, transfer, weights = data
    sample = sample_of(weights)
    if transfer.any():
        for measure in (benefit_incidence, beneficiary_incidence):
            shares = [measure(sample, transfer, Place(welfare, part)) for part in every(groups)]
            assert sum(share.estimate for share in shares) == pytest.approx(1)
            assert np.sum([share.influence for share in shares], axis=0) == pytest.approx(np.zeros(len(weights)), abs=1e-9)
    numbers = quantile_groups(sample, welfare, groups)
    for part in every(groups):
        inside = numbers == part.first
        if inside.any():
            expected = float(weights[inside] @ (transfer[inside] > 0) / weights[inside].sum())
            assert coverage(sample, transfer, Place(welfare, part)).estimate == pytest.approx(expected)


def test_a_group_that_nobody_is_in_has_no_coverage_and_no_share() -> None:
    two, transfer = sample_of([1.0, 1.0]), np.array([1.0, 1.0])
    place = Place(np.array([1.0, 2.0]), group(1, 10))  # the middles of the two lie at a quarter and three quarters
    assert not coverage(two, transfer, place).defined
    assert benefit_incidence(two, transfer, place).estimate == 0


def test_a_region_is_ranked_among_all_by_place_and_among_itself_by_where() -> None:
    region = WELFARE > 4
    national = coverage(TEN, TRANSFER, Place(WELFARE, poorest(0.5), region))
    assert national.estimate == 1  # only the fifth person is in the poorest half of all
    own = coverage(TEN.where(region), TRANSFER[region], Place(WELFARE[region], poorest(0.5)))
    assert own.estimate == pytest.approx(1 / 3)  # the fifth of the fifth to seventh
    within = beneficiary_incidence(TEN, TRANSFER, Place(WELFARE, poorest(0.5), region))
    assert within.estimate == pytest.approx(1 / 2)


def test_a_negative_transfer_is_no_receipt_but_lowers_the_sum() -> None:
    transfer = np.array([2.0, -1, 0, np.nan])
    sample, welfare = sample_of(np.ones(4)), np.array([4.0, 4, 4, 4])
    assert list(received(transfer)[:3]) == [1, 0, 0] and np.isnan(received(transfer)[3])
    assert coverage(sample, transfer).estimate == pytest.approx(1 / 3)
    assert relative_incidence(sample, transfer, welfare).estimate == pytest.approx(1 / 12)
    assert adequacy(sample, transfer, welfare).estimate == pytest.approx(2 / 4)


def test_generosity_leaves_out_those_without_welfare() -> None:
    sample = sample_of(np.ones(3))
    assert generosity(sample, np.array([1.0, 1.0, 1.0]), np.array([0.0, -2.0, 4.0])).estimate == pytest.approx(1 / 4)
    assert generosity(sample, np.array([1.0, 1.0, 1.0]), np.array([0.0, -2.0, 4.0])).observations == 1
    assert adequacy(sample, np.array([1.0, 1.0, 1.0]), np.array([0.0, 2.0, 4.0])).estimate == pytest.approx(3 / 6)


def test_a_household_receives_when_a_member_does() -> None:
    households = np.array([7, 7, 3, 3, 5, 5, 9])
    own = np.array([10.0, 0, 0, 0, 5, np.nan, np.nan])
    assert list(household_receives(households, own)[:6]) == [1, 1, 0, 0, 1, 1]
    assert np.isnan(household_receives(households, own)[6])
    totals = household_total(households, own)
    assert list(totals[:4]) == [10, 10, 0, 0] and np.isnan(totals[4:]).all()


def test_direct_and_indirect_beneficiaries_are_all_beneficiaries() -> None:
    households, own = np.array([1, 1, 2, 2, 3]), np.array([10.0, 0, 0, 0, 4])
    sample, held = sample_of([1.0, 2, 3, 4, 5]), household_total(households, own)
    direct, indirect, both = coverage(sample, own), indirect_coverage(sample, own, held), coverage(sample, held)
    assert (direct.estimate, indirect.estimate) == (pytest.approx(6 / 15), pytest.approx(2 / 15))
    assert both.estimate == pytest.approx((direct + indirect).estimate)
    assert both.influence == pytest.approx((direct + indirect).influence)


def test_income_before_a_transfer_may_have_a_floor() -> None:
    after, one, two = np.array([3.0, 1.0, np.nan]), np.array([1.0, 2.0, 1.0]), np.array([1.0, 0.0, 1.0])
    assert list(before(after, one, two)[:2]) == [1, -1]
    assert list(before(after, one, two, floor=0)[:2]) == [1, 0]
    assert np.isnan(before(after, one, two, floor=0)[2])


def test_parts_of_a_ranking_are_within_bounds() -> None:
    assert poorest(0.2) == group(1, 5) == Part(1, 1, 5)
    assert poorest(0.4) == Part(1, 2, 5)
    assert (ALL.share, poorest(0.4).share, group(3).share) == (1, 0.4, 0.1)
    assert [part.first for part in every(3)] == [1, 2, 3]
    for wrong in (
        lambda: group(11),
        lambda: Part(3, 2, 5),
        lambda: Part(0, 1, 5),
        lambda: poorest(0.0),
        lambda: poorest(1.2),
        lambda: every(0) or group(1, 0),
    ):
        with pytest.raises(InputError) as caught:
            wrong()
        assert caught.value.code == "A060"
