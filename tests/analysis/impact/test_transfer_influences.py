"""What must hold of every measure of a transfer: its influence is its slope with a row's weight, and rows that are not known do not count."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from reference_rows import expected, persons
from reference_rows_incidence import MEASURES, Case
from small_samples import sample_of
from small_transfers import ALL, BALANCED, SMOOTH, STEPS, transferred

from opensocle.analysis.impact.measured import Array, Measured
from opensocle.analysis.impact.sample import Sample
from opensocle.population.survey.replication import bootstrap, replicate_variance
from opensocle.population.survey.variance import standard_errors

STEP = 1e-5
BEFORE = np.array([0.4, 0.7, 0.9, 1.3, 2.0, 2.6, 1.1, 0.6])
TRANSFER = np.array([0.9, 0.0, 0.4, 0.3, 0.0, 0.6, 0.0, 0.5])
WEIGHTS = np.array([1.0, 2.0, 1.5, 1.0, 2.5, 1.0, 0.7, 1.2])


def same(one: Measured, two: Measured) -> bool:
    return math.isclose(one.estimate, two.estimate, rel_tol=1e-9, abs_tol=1e-11) or not (one.defined or two.defined)


@pytest.mark.parametrize("name", SMOOTH)
@given(transferred())
@settings(deadline=None, max_examples=20)
def test_the_influence_of_a_row_is_the_slope_of_the_estimate_with_its_weight(name: str, data: tuple[Array, Array, Array]) -> None:
    before, transfer, weights = data
    measured = SMOOTH[name](sample_of(weights), before, transfer)
    assume(measured.defined)
    if "mean" in name:  # a person at the line enters or leaves with the least change
        for income in (before, before + transfer, before + transfer - 0.5):
            for base in (before, before + transfer):
                assume(abs(income - 0.9 * float(weights @ base) / float(weights.sum())).min() > 1e-3)
    slopes = np.zeros(len(before))
    for row in range(len(before)):
        step = np.eye(len(before))[row] * STEP
        above, below = (SMOOTH[name](sample_of(weights + sign * step, influences=False), before, transfer).estimate for sign in (1, -1))
        slopes[row] = (above - below) / (2 * STEP)
    assert measured.influence == pytest.approx(slopes, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("name", BALANCED)
@given(transferred())
@settings(deadline=None, max_examples=10)
def test_more_of_all_alike_changes_nothing_so_that_the_influences_balance(name: str, data: tuple[Array, Array, Array]) -> None:
    before, transfer, weights = data
    measured = SMOOTH[name](sample_of(weights), before, transfer)
    assume(measured.defined)
    assert float(weights @ measured.influence) == pytest.approx(0, abs=1e-8 * max(1, abs(measured.estimate)))


@pytest.mark.parametrize("name", [name for name in ALL if "own lines" not in name])
def test_rows_of_unknown_value_or_no_weight_are_left_out_and_have_no_influence(name: str) -> None:
    before = np.concatenate([BEFORE, [np.nan, 1.0, np.nan, 0.3, 5.0]])
    transfer = np.concatenate([TRANSFER, [0.5, np.nan, np.nan, 0.2, 1.0]])
    weights = np.concatenate([WEIGHTS, [1.0, 2.0, 3.0, 0.0, 0.0]])
    whole, part = ALL[name](sample_of(weights), before, transfer), ALL[name](sample_of(WEIGHTS), BEFORE, TRANSFER)
    assert part.defined
    assert same(whole, part)
    assert whole.influence[:8] == pytest.approx(part.influence)
    assert list(whole.influence[8:]) == [0] * 5


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("rows", [0, 3], ids=["no rows", "nothing known"])
def test_of_nobody_nothing_is_known(name: str, rows: int) -> None:
    nobody = np.full(rows, np.nan)
    measured = ALL[name](sample_of(np.ones(rows)), nobody, nobody)
    assert not measured.defined
    assert measured.observations == 0
    assert list(measured.influence) == [0] * rows


@pytest.mark.parametrize("name", ALL)
def test_where_all_weights_are_zero_nothing_is_known(name: str) -> None:
    assert not ALL[name](sample_of(np.zeros(8)), BEFORE, TRANSFER).defined


RECEIVED_BY_NOBODY = {
    "coverage": 0.0,
    "indirect coverage": 0.0,
    "coverage of the poorest": 0.0,
    "relative incidence": 0.0,
    "relative incidence of the poorest": 0.0,
    "exclusion error": 1.0,
    "exclusion error by the mean": 1.0,
    "average rate": 0.0,
    "redistributive effect": 0.0,
    "reynolds and smolensky": 0.0,
    "reranking": 0.0,
    "marginal gini": 0.0,
    "marginal headcount": 0.0,
    "marginal severity": 0.0,
    "marginal gap by the mean": 0.0,
    "poverty reduction": 0.0,
    "gap reduction": 0.0,
    "gap reduction by the mean": 0.0,
    "gap reduction by own lines": 0.0,
    "lifted": 0.0,
    "growth of a quantile": 0.0,
    "growth of the poorest": 0.0,
    "growth for the poorest": 0.0,
    "winners among the poorest": 0.0,
}
UNDEFINED = [
    *("average transfer", "adequacy", "adequacy of the poorest", "generosity", "inclusion error", "leakage", "kakwani of a transfer"),
    *("kakwani of a tax", "vertical part", "benefit-cost ratio", "cost-benefit ratio", "cost per person lifted"),
    *("beneficiary incidence", "benefit incidence", "cgh index"),
]


@pytest.mark.parametrize("name", [*RECEIVED_BY_NOBODY, *UNDEFINED])
def test_where_nobody_receives_a_measure_is_what_the_documentation_says(name: str) -> None:
    measured = ALL[name](sample_of(WEIGHTS), BEFORE, np.zeros(8))
    if name in UNDEFINED:
        assert not measured.defined
        assert list(measured.influence) == [0] * 8
    else:
        assert measured.estimate == pytest.approx(RECEIVED_BY_NOBODY[name], abs=1e-12)


@pytest.mark.parametrize("name", ALL)
def test_a_sample_without_influences_gives_the_same_estimate(name: str) -> None:
    with_them, without = (ALL[name](sample_of(WEIGHTS, influences=wanted), BEFORE, TRANSFER) for wanted in (True, False))
    assert with_them.estimate == without.estimate


@pytest.mark.parametrize("name", STEPS)
def test_weights_times_a_number_give_the_same_estimate(name: str) -> None:
    assert same(STEPS[name](sample_of(WEIGHTS), BEFORE, TRANSFER), STEPS[name](sample_of(WEIGHTS * 250), BEFORE, TRANSFER))


@pytest.mark.parametrize("name", STEPS)
def test_a_row_of_weight_two_is_two_rows(name: str) -> None:
    weights = np.concatenate([WEIGHTS, WEIGHTS]) / 2
    twice = STEPS[name](sample_of(weights), np.tile(BEFORE, 2), np.tile(TRANSFER, 2))
    assert twice.defined
    if name not in WITH_GROUPS:
        assert same(STEPS[name](sample_of(WEIGHTS), BEFORE, TRANSFER), twice)


WITH_GROUPS = [name for name in STEPS if "poorest" in name or name in ("beneficiary incidence", "benefit incidence", "cgh index")]
"""A row is in one group, and half of it may be in the next."""

BOUNDED = ["coverage_poorest20", "incidence_beneficiaries_poorest20", "incidence_benefits_poorest20", "incidence_benefits_share", "coverage_decile"]


@pytest.mark.skipif(not expected(), reason="the reference values are not beside the project (../shared/data)")
def test_the_error_of_a_boundary_set_by_the_sample_is_near_that_of_the_bootstrap() -> None:
    """A jackknife is not consistent where estimates jump; the bootstrap is."""
    survey = persons()
    rows = [row for row in expected() if row["measure"] in BOUNDED and row["param"].split()[0] in ("t_family", "t_nonpension")]
    rows = [row for row in rows if row["domain"] in ("all", "decile=5")]
    design = replace(survey.design, replicates=bootstrap(survey.design, 150, seed=1))
    whole = Sample.of(design)

    def estimates(weights: np.ndarray) -> list[float]:
        sample = replace(whole, weights=weights, influences=False)
        return [MEASURES[row["measure"]](Case(row, sample, survey)).estimate for row in rows]

    bootstrapped = replicate_variance(design, estimates).errors
    influences = [MEASURES[row["measure"]](Case(row, whole, survey)).influence for row in rows]
    linearised = standard_errors(survey.design, whole.rows, whole.weights, influences)
    assert len(rows) == 10
    assert linearised == pytest.approx(bootstrapped, rel=0.2)
