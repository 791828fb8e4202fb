"""Income concepts of the Commitment to Equity handbook: one household's accounts, and what is missing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensocle.analysis.impact.concepts import COMPONENTS, PREFISCAL, Treatment, concepts, names, terms
from opensocle.errors import InputError, Problems

HOUSEHOLD: dict[str, np.ndarray | float] = {
    "factor_income": np.array([1000.0]),
    "private_transfers": np.array([50.0]),
    "imputed_rent": np.array([100.0]),
    "own_production": 20.0,
    "contributory_pensions": np.array([200.0]),
    "pension_contributions": np.array([80.0]),
    "other_contributions": np.array([40.0]),
    "direct_taxes": np.array([110.0]),
    "direct_transfers": np.array([60.0]),
    "non_taxable": np.array([160.0]),
    "indirect_subsidies": np.array([15.0]),
    "indirect_taxes": np.array([90.0]),
    "education": np.array([70.0]),
    "health": np.array([30.0]),
    "user_fees": np.array([5.0]),
}


def test_pensions_as_deferred_income_by_hand() -> None:
    assert {name: float(income[0]) for name, income in concepts(HOUSEHOLD).items()} == {
        "market": 1170,  # 1000 + 50 + 100 + 20
        "market_plus_pensions": 1290,  # + 200 - 80
        "net_market": 1140,  # - 110 - 40
        "gross": 1350,  # market plus pensions + 60
        "taxable": 1190,  # - 160
        "disposable": 1200,  # gross - 110 - 40
        "consumable": 1125,  # + 15 - 90
        "final": 1220,  # + 70 + 30 - 5
    }


def test_pensions_as_a_transfer_of_the_government_by_hand() -> None:
    assert {name: float(income[0]) for name, income in concepts(HOUSEHOLD, "transfer").items()} == {
        "market": 1170,
        "net_market": 940,  # - 110 - 40 - 80
        "gross": 1430,  # market + 60 + 200
        "taxable": 1270,
        "disposable": 1200,  # gross - 110 - 40 - 80
        "consumable": 1125,
        "final": 1220,
    }


@given(st.dictionaries(st.sampled_from(sorted(COMPONENTS)), st.floats(-1e6, 1e6), min_size=len(COMPONENTS)))
def test_what_people_have_in_the_end_does_not_depend_on_how_pensions_are_read(amounts: dict[str, float]) -> None:
    one, two = concepts(amounts), concepts(amounts, "transfer")
    for name in ("disposable", "consumable", "final"):
        assert one[name] == pytest.approx(two[name], abs=1e-6)


@pytest.mark.parametrize("treatment", ["deferred", "transfer"])
def test_income_before_any_act_of_the_government_is_one_of_the_concepts(treatment: Treatment) -> None:
    acts = {"direct_transfers", "direct_taxes", "indirect_taxes", "indirect_subsidies", "education", "health", "user_fees", "other_contributions"}
    assert PREFISCAL[treatment] in names(treatment)
    assert not acts & set(terms(PREFISCAL[treatment], treatment))


def test_only_the_components_of_the_wanted_concepts_are_needed() -> None:
    some = {name: 1.0 for name in ("factor_income", "private_transfers", "imputed_rent", "own_production")}
    assert concepts(some, wanted=["market"])["market"] == pytest.approx([4.0])
    assert set(terms("market")) == set(some)


def test_all_that_is_missing_is_named_at_once_with_what_it_is() -> None:
    with pytest.raises(Problems) as caught:
        concepts({"factor_income": np.ones(2), "private_transfers": 0.0, "imputed_rent": 0.0}, wanted=["disposable"])
    problems = caught.value.problems
    assert {problem.code for problem in problems} == {"A080"}
    assert {problem.at for problem in problems} == {
        *("own_production", "contributory_pensions", "pension_contributions", "direct_transfers", "direct_taxes", "other_contributions"),
    }
    assert "disposable income needs direct_taxes: taxes on income and property" in str(caught.value)


def test_a_name_that_is_not_known_is_refused_with_the_nearest() -> None:
    with pytest.raises(Problems) as caught:
        concepts({**HOUSEHOLD, "helth": 1.0}, wanted=["finall"])
    assert [problem.code for problem in caught.value.problems] == ["A081", "A081"]
    assert [problem.hint for problem in caught.value.problems] == ["did you mean 'final'?", "did you mean 'health'?"]
    with pytest.raises(Problems, match="market_plus_pensions"):
        concepts(HOUSEHOLD, "transfer", ["market_plus_pensions"])
    with pytest.raises(InputError) as wrong:
        names("defered")  # ty: ignore[invalid-argument-type]
    assert (wrong.value.code, wrong.value.hint) == ("A081", "did you mean 'deferred'?")


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(Problems) as caught:
        concepts({**HOUSEHOLD, "health": np.ones(3)})
    assert {problem.code for problem in caught.value.problems} == {"A080"}
    assert "health" not in {problem.at for problem in caught.value.problems}


def test_an_unknown_amount_makes_only_what_needs_it_unknown() -> None:
    incomes = concepts({**HOUSEHOLD, "direct_taxes": np.array([np.nan])})
    assert {name for name, income in incomes.items() if np.isnan(income[0])} == {"net_market", "disposable", "consumable", "final"}


def test_amounts_given_are_not_changed() -> None:
    wages = np.array([1.0, 2.0])
    components = {**dict.fromkeys(COMPONENTS, 1.0), "factor_income": wages}
    concepts(components)
    assert list(wages) == [1, 2]
