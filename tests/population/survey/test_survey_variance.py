"""Variances by linearisation: against R's survey package, against closed forms, and by their own laws."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opensocle.errors import DataError, InputError
from opensocle.population.survey.describing import SingleUnit
from opensocle.population.survey.design import Array, Design
from opensocle.population.survey.variance import degrees_of_freedom, interval, standard_errors, variance

DOMAINS = {
    "all": lambda row: True,
    "sex=male": lambda row: row["sex"] == "male",
    "sex=female": lambda row: row["sex"] == "female",
    "citizenship=AT": lambda row: row["citizenship"] == "AT",
    "region=Vienna": lambda row: row["region"] == "Vienna",
    "age>=65": lambda row: int(row["age"]) >= 65,
    "age<18": lambda row: int(row["age"]) < 18,
}
LINE = 10_000


@pytest.fixture(scope="module")
def austria(shared: Path) -> tuple[list[dict[str, str]], Design]:
    """The synthetic EU-SILC of the R package laeken: strata are regions, clusters households."""
    with (shared / "distribution" / "eusilc_person.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return rows, Design.of([float(r["weight"]) for r in rows], [r["region"] for r in rows], [r["hid"] for r in rows])


def expected(shared: Path) -> list[dict[str, str]]:
    """The rows of the reference that are means of a column or of a share of the persons, by linearisation."""
    with (shared / "distribution" / "expected.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    linear = ("mean", "fgt0_abs", "fgt1_abs", "fgt2_abs", "coverage")
    return [r for r in rows if r["measure"] in linear and "jackknife" not in r["method"]]


def column(rows: list[dict[str, str]], measure: str, name: str) -> Array:
    """What the measure is the mean of. Coverage: persons whose household receives the transfer."""
    values = np.array([float(r[name]) for r in rows])
    if measure == "mean":
        return values
    if measure == "coverage":
        home = np.unique([r["hid"] for r in rows], return_inverse=True)[1]
        return (np.bincount(home, values > 0)[home] > 0).astype(float)
    gaps = np.maximum(LINE - values, 0) / LINE
    return np.where(values < LINE, gaps ** int(measure[3]), 0.0)


def test_means_poverty_and_coverage_of_all_domains_have_the_errors_of_r(shared: Path, austria: tuple[list[dict[str, str]], Design]) -> None:
    rows, design = austria
    checked = set()
    for row in expected(shared):
        inside = np.flatnonzero([DOMAINS[row["domain"]](r) for r in rows])
        values = column(rows, row["measure"], row["param"].partition(";")[0])[inside]
        weights = design.weights[inside]
        mean = float(weights @ values / weights.sum())
        (error,) = standard_errors(design, inside, weights, (values - mean) / weights.sum())
        assert mean == pytest.approx(float(row["estimate"]), rel=1e-9)
        assert error == pytest.approx(float(row["se"]), rel=1e-9)
        checked.add((row["domain"], row["measure"]))
    assert len(checked) >= 23 and {domain for domain, _ in checked} == set(DOMAINS)


def test_degrees_of_freedom_are_clusters_less_strata(austria: tuple[list[dict[str, str]], Design]) -> None:
    rows, design = austria
    assert degrees_of_freedom(design) == 6_000 - 9
    vienna = np.flatnonzero([r["region"] == "Vienna" for r in rows])
    assert degrees_of_freedom(design, vienna) == len({rows[at]["hid"] for at in vienna}) - 1


def everything(design: Design) -> tuple[Design, Array, Array]:
    return design, np.arange(design.rows), design.weights


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30), st.integers(0, 500))
def test_a_total_of_a_simple_random_sample_has_the_textbook_variance(values: list[float], others: int) -> None:
    n, whole = len(values), len(values) + others
    y = np.array(values)
    design = Design.of(np.full(n, whole / n), fractions=n / whole)
    textbook = whole**2 * (1 - n / whole) * y.var(ddof=1) / n  # Cochran (1977), Sampling Techniques, 2.6
    assert variance(*everything(design), y)[0, 0] == pytest.approx(textbook, rel=1e-9, abs=1e-6)


def test_a_stratified_mean_has_the_textbook_variance() -> None:
    y = np.array([1.0, 2, 4, 9, 7, 5, 6])
    strata, sizes = np.array([0, 0, 0, 1, 1, 1, 1]), {0: 30, 1: 50}
    weights = np.array([sizes[h] / (strata == h).sum() for h in strata])
    design = Design.of(weights, strata, fractions=1 / weights)
    textbook = sum(  # Cochran (1977), 5.6
        (size / 80) ** 2 * (1 - (strata == h).sum() / size) * y[strata == h].var(ddof=1) / (strata == h).sum() for h, size in sizes.items()
    )
    assert variance(*everything(design), y / 80)[0, 0] == pytest.approx(textbook, rel=1e-12)


@st.composite
def designs(draw: st.DrawFn, fraction: bool = True) -> tuple[Design, Array]:
    """Some strata of some clusters of some rows, and two columns."""
    seed, strata = draw(st.integers(0, 10_000)), draw(st.integers(1, 5))
    random = np.random.default_rng(seed)
    sizes = random.integers(2, 5, strata)
    clusters = np.repeat(np.arange(sizes.sum()), random.integers(1, 4, sizes.sum()))
    of = np.repeat(np.arange(strata), sizes)[clusters]
    share = random.choice([0.1, 0.5, 1.0], strata)[of] if fraction and draw(st.booleans()) else None
    return Design.of(random.uniform(0, 5, len(clusters)), of, clusters, share), random.normal(2, 3, (len(clusters), 2))


@settings(deadline=None, max_examples=60)
@given(designs(), st.integers(0, 1000))
def test_the_order_of_the_rows_does_not_matter(made: tuple[Design, Array], seed: int) -> None:
    design, y = made
    order = np.random.default_rng(seed).permutation(design.rows)
    share = None if design.fractions is None else design.fractions[order]
    mixed = Design.of(design.weights[order], design.strata[order], design.clusters[order], share)
    assert variance(*everything(mixed), y[order]) == pytest.approx(variance(*everything(design), y), rel=1e-9, abs=1e-9)
    assert variance(design, order, design.weights[order], y[order]) == pytest.approx(variance(*everything(design), y), rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(designs(), st.floats(-10, 10), st.floats(-10, 10))
def test_a_sum_of_estimates_has_the_variance_that_their_covariance_gives(made: tuple[Design, Array], a: float, b: float) -> None:
    design, y = made
    covariance = variance(*everything(design), y)
    factors = np.array([a, b])
    assert variance(*everything(design), y @ factors)[0, 0] == pytest.approx(factors @ covariance @ factors, rel=1e-8, abs=1e-8)
    assert covariance == pytest.approx(covariance.T) and np.linalg.eigvalsh(covariance).min() > -1e-8
    assert variance(*everything(design), [y[:, 0], y[:, 1]]) == pytest.approx(covariance)


@settings(deadline=None, max_examples=60)
@given(designs(), st.integers(0, 1000))
def test_a_domain_is_the_whole_design_with_zeros_outside(made: tuple[Design, Array], seed: int) -> None:
    design, y = made
    inside = np.random.default_rng(seed).random(design.rows) < 0.5
    rows = np.flatnonzero(inside)
    alone = variance(design, rows, design.weights[rows], y[rows])
    assert alone == pytest.approx(variance(*everything(design), y * inside[:, None]), rel=1e-9, abs=1e-9)


def test_a_stratum_that_was_taken_whole_adds_nothing() -> None:
    design = Design.of(np.ones(5), [0, 0, 1, 1, 2], fractions=[1, 1, 0.5, 0.5, 1.0], single="refuse")
    assert variance(*everything(design), np.array([3.0, 9, 1, 1, 100]))[0, 0] == 0


# Strata 0 and 1 have two clusters, strata 2 one. Totals of clusters: 1, 5 | 2, 2 | 10. Worked out by hand: 2/1 × (4 + 4) = 16 of stratum 0,
# 0 of stratum 1; the mean of the five is 4, so the single cluster is 6 away: 36. The mean of the two known strata is 8, of three: 24.
SINGLE = Design.of(np.ones(5), ["a", "a", "b", "b", "c"])
TOTALS = np.array([1.0, 5, 2, 2, 10])


@pytest.mark.parametrize(("rule", "found"), [("certain", 16), ("centre", 16 + 36), ("average", 24)])
def test_a_stratum_with_one_cluster_follows_the_rule(rule: SingleUnit, found: float) -> None:
    assert variance(*everything(replace(SINGLE, single=rule)), TOTALS)[0, 0] == pytest.approx(found)


def test_a_stratum_with_one_cluster_can_be_refused_by_name() -> None:
    with pytest.raises(DataError, match="D042 1 strata have one sampled cluster: c"):
        variance(*everything(replace(SINGLE, single="refuse")), TOTALS)


def test_the_rule_centre_is_what_r_calls_adjust() -> None:
    # three strata of two, one and three clusters; the mean of y is 30/7. By hand in units of 1/73.5: cluster totals 1, -3 | 53 | -46, -16, 11
    # so 2 × (10 - 4/2) + 53² + 3/2 × (2493 - 51²/3) = 5264. R's survey 4.5 with lonely.psu = "adjust": standard error 0.987121477399568.
    weights = np.array([1.0, 2, 1.5, 1, 0.5, 2, 1, 1, 0.5])
    y = np.array([3.0, 5, 4, 10, 8, 1, 2, 6, 4])
    design = Design.of(weights, [1, 1, 1, 2, 2, 3, 3, 3, 3], [11, 11, 12, 21, 21, 31, 32, 33, 33])
    (error,) = standard_errors(*everything(design), (y - 30 / 7) / weights.sum())
    assert error == pytest.approx(math.sqrt(5264) / 73.5, rel=1e-12) and error == pytest.approx(0.987121477399568, rel=1e-12)


def test_one_cluster_in_all_says_nothing() -> None:
    assert np.isnan(variance(*everything(Design.of(np.ones(3), clusters=[1, 1, 1])), np.ones(3))).all()
    assert np.isnan(variance(*everything(Design.of(np.ones(2), strata=[1, 2], single="average")), np.ones(2))).all()


def test_weights_of_zero_keep_their_cluster_in_the_design() -> None:
    y = np.array([1.0, 4, 7])
    with_zero = variance(*everything(Design.of([1.0, 1, 0])), y)[0, 0]
    assert with_zero == pytest.approx(3 / 2 * ((1 - 5 / 3) ** 2 + (4 - 5 / 3) ** 2 + (5 / 3) ** 2))


@pytest.mark.parametrize(
    ("design", "words"),
    [
        (Design(np.ones(3), np.array([0, 0, 1]), np.array([0, 1, 1])), "1 clusters are in several strata"),
        (Design(np.ones(3), np.array([0, 0, 2]), np.array([0, 1, 2])), "the strata are not numbered from 0 without gaps"),
        (Design(np.ones(3), np.array([0, 0, 0]), np.array([0, -1, 2])), "the clusters have numbers below 0"),
        (Design(np.ones(3), np.array([0, 0]), np.array([0, 1, 2])), "the strata have 2 rows and the weights 3"),
        (Design.of(np.ones(3), fractions=[0.5, 0.5, 0.4]), "not one number above 0 and up to 1 in 1 strata"),
        (Design.of(np.ones(3), fractions=1.5), "not one number above 0 and up to 1 in 1 strata"),
    ],
)
def test_a_design_that_contradicts_itself_is_refused(design: Design, words: str) -> None:
    with pytest.raises(DataError, match=f"D041.*{words}"):
        variance(*everything(design), np.ones(3))


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(InputError, match="a column has 2 values for the domain's 3 rows"):
        variance(*everything(Design.of(np.ones(3))), np.ones(2))


def test_clusters_of_the_same_number_in_two_strata_are_two() -> None:
    assert Design.of(np.ones(4), ["n", "n", "s", "s"], [1, 2, 1, 2]).units.count == 4


def test_an_interval_is_student_s() -> None:
    low, high = interval(10.0, 2.0, 10)
    assert (low, high) == pytest.approx((10 - 2 * 2.228138852, 10 + 2 * 2.228138852), rel=1e-10)  # t table: 2.228
    assert interval(10.0, 2.0, math.inf) == pytest.approx((10 - 2 * 1.959963984540054, 10 + 2 * 1.959963984540054), rel=1e-12)


@given(st.floats(0.001, 0.999), st.floats(0.0001, 0.2), st.integers(1, 1000))
def test_a_logit_interval_stays_between_0_and_1_and_around_the_share(share: float, error: float, degrees: int) -> None:
    low, high = interval(share, error, degrees, logit=True)
    assert 0 <= low <= share <= high <= 1
    mirrored = interval(1 - share, error, degrees, logit=True)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_a_logit_interval_by_hand() -> None:
    # p = 0.2, error 0.04, 30 degrees: logit -1.386294, half width 2.042272 × 0.04 / 0.16 = 0.510568
    assert interval(0.2, 0.04, 30, logit=True) == pytest.approx((0.130464, 0.294064), abs=2e-6)


@pytest.mark.parametrize(
    ("estimate", "error", "degrees", "logit"), [(math.nan, 1, 5, False), (1, math.nan, 5, False), (1, 1, 0, False), (0, 0, 5, True)]
)
def test_an_interval_that_cannot_be_known_is_unknown(estimate: float, error: float, degrees: int, logit: bool) -> None:
    assert all(math.isnan(side) for side in interval(estimate, error, degrees, logit=logit))


def test_a_confidence_of_95_is_refused() -> None:
    with pytest.raises(InputError, match=r"write 0\.95"):
        interval(1, 1, 5, confidence=95)
