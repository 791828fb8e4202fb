"""Replicate weights: for totals they give what linearisation gives, and for the reference survey what the reference says."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opensocle.errors import DataError, InputError
from opensocle.population.survey import replication
from opensocle.population.survey.describing import SingleUnit
from opensocle.population.survey.design import Array, Design, Replicates
from opensocle.population.survey.hadamard import hadamard
from opensocle.population.survey.replication import (
    bootstrap,
    brr,
    jackknife,
    random_groups,
    replicate_degrees,
    replicate_variance,
    replicates_given,
)
from opensocle.population.survey.variance import degrees_of_freedom, variance

RULES: tuple[SingleUnit, ...] = ("certain", "centre", "average")
LINE = 10_000


def replicated(design: Design, made: Replicates, y: Array) -> Array:
    return replicate_variance(replace(design, replicates=made), lambda weights: weights @ y).covariance


def taylor(design: Design, y: Array) -> Array:
    return variance(design, np.arange(design.rows), design.weights, y)


@st.composite
def paired(draw: st.DrawFn) -> tuple[Design, Array]:
    """Strata of two clusters, some of one; with and without a share drawn; by each rule."""
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    pairs, singles = draw(st.integers(1, 6)), draw(st.integers(0, 2))
    strata = np.repeat(np.arange(pairs + singles), [2] * pairs + [1] * singles)
    rows = random.integers(1, 4, len(strata))
    clusters, of = np.repeat(np.arange(len(strata)), rows), np.repeat(strata, rows)
    share = random.choice([0.1, 0.4], pairs + singles)[of] if draw(st.booleans()) else None
    design = Design.of(random.uniform(1, 5, len(of)), of, clusters, share, single=draw(st.sampled_from(RULES)))
    return design, random.normal(2, 3, (len(of), 2))


@settings(deadline=None, max_examples=60)
@given(paired(), st.sampled_from((0.0, 0.3, 0.5)))
def test_balanced_half_samples_of_a_total_equal_linearisation(made: tuple[Design, Array], fay: float) -> None:
    design, y = made
    found = brr(design, fay)
    assert replicated(design, found, y) == pytest.approx(taylor(design, y), rel=1e-9, abs=1e-9)
    assert found.weights.mean(axis=1) == pytest.approx(design.weights)


@settings(deadline=None, max_examples=60)
@given(paired())
def test_the_jackknife_of_a_total_equals_linearisation(made: tuple[Design, Array]) -> None:
    design, y = made
    assert replicated(design, jackknife(design), y) == pytest.approx(taylor(design, y), rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_the_jackknife_of_strata_of_any_size_equals_linearisation(seed: int, strata: int) -> None:
    random = np.random.default_rng(seed)
    of = np.repeat(np.arange(strata), random.integers(2, 7, strata))
    design = Design.of(random.uniform(1, 5, len(of)), of)
    y = random.normal(2, 3, (len(of), 2))
    assert replicated(design, jackknife(design), y) == pytest.approx(taylor(design, y), rel=1e-9, abs=1e-9)


def test_the_jackknife_of_a_mean_of_equal_weights_is_the_textbook_variance() -> None:
    y = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
    design = Design.of(np.full(8, 2.5))
    found = replicate_variance(replace(design, replicates=jackknife(design)), lambda w: w @ y / w.sum())
    assert found.estimates == pytest.approx([y.mean()])
    assert found.covariance[0, 0] == pytest.approx(y.var(ddof=1) / 8, rel=1e-12)  # Tukey 1958


def test_the_bootstrap_of_a_total_is_linearisation_on_average() -> None:
    random = np.random.default_rng(7)
    strata = np.repeat(np.arange(5), [2, 3, 4, 5, 1])
    design = Design.of(random.uniform(1, 5, 15), strata, fractions=np.array([0.1, 0.2, 0.3, 0.1, 0.1])[strata])
    y = random.normal(2, 3, 15)
    for rule in RULES:
        one = replace(design, single=rule)
        found = replicated(one, bootstrap(one, 20_000, seed=1), y)
        assert found[0, 0] == pytest.approx(taylor(one, y)[0, 0], rel=0.04)  # 4 standard errors of a variance of 20,000 draws


def test_the_bootstrap_draws_one_cluster_less_than_a_stratum_has() -> None:
    design = Design.of(np.ones(9), [0] * 4 + [1] * 5)
    weights = bootstrap(design, 200, seed=3).weights
    assert weights[:4].sum(axis=0) == pytest.approx(np.full(200, 4.0)) and weights[4:].sum(axis=0) == pytest.approx(np.full(200, 5.0))
    times = weights[:4] * 3 / 4
    assert times == pytest.approx(np.rint(times)) and set(np.rint(times).ravel()) <= {0, 1, 2, 3}


def test_the_same_seed_gives_the_same_weights() -> None:
    design = Design.of(np.ones(9), [0] * 4 + [1] * 5)
    assert (bootstrap(design, 20, seed=3).weights == bootstrap(design, 20, seed=3).weights).all()
    assert (bootstrap(design, 20, seed=3).weights != bootstrap(design, 20, seed=4).weights).any()


def test_delete_a_group_has_the_errors_of_the_reference(shared: Path) -> None:
    with (shared / "distribution" / "eusilc_person.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with (shared / "distribution" / "expected.csv").open(newline="") as file:
        wanted = [r for r in csv.DictReader(file) if "delete-a-group jackknife, 80 groups" in r["method"]]
    design = Design.of([float(r["weight"]) for r in rows], [r["region"] for r in rows], [r["hid"] for r in rows])
    made = jackknife(design, [r["jk_group"] for r in rows])
    home = np.unique([r["hid"] for r in rows], return_inverse=True)[1]
    y = {name: np.array([float(r[name]) for r in rows]) for name in rows[0] if name[:2] in ("t_", "y_")}
    columns, expected = [], []
    for row in wanted:
        name = row["param"].partition(";")[0]
        if row["domain"] == "all" and row["measure"] in ("fgt0", "fgt1", "fgt2") and name in y:
            columns.append(np.where(y[name] < LINE, (np.maximum(LINE - y[name], 0) / LINE) ** int(row["measure"][3]), 0.0))
        elif row["domain"] == "all" and row["measure"] == "coverage" and name in y:
            columns.append((np.bincount(home, y[name] > 0)[home] > 0).astype(float))
        else:
            continue
        expected.append((float(row["estimate"]), float(row["se"])))
    assert len(expected) >= 9 and made.count == 80
    found = replicate_variance(replace(design, replicates=made), lambda w: w @ np.stack(columns, axis=1) / w.sum())
    assert found.estimates == pytest.approx([estimate for estimate, _ in expected], rel=1e-9)
    assert found.errors == pytest.approx([error for _, error in expected], rel=1e-9)
    assert replicate_degrees(made) == 79


def test_random_groups_keep_clusters_whole_and_every_stratum_spread() -> None:
    design = Design.of(np.ones(60), np.repeat([0, 1], 30), np.repeat(np.arange(30), 2))
    groups = random_groups(design, 5, seed=1)
    assert (groups[::2] == groups[1::2]).all() and set(groups[:30]) == set(groups[30:]) == set(range(5))
    assert (random_groups(design, 5, seed=1) == groups).all()
    assert jackknife(design, groups).count == 5


def test_centred_at_the_mean_or_at_the_estimate() -> None:
    weights = np.array([[2.0, 0, 1], [0, 2, 1]])
    design = Design.of(np.ones(2))
    y = np.array([10.0, 4])
    for centre, away in (("estimate", (6, -6, 0)), ("mean", (6, -6, 0))):
        made = replicates_given(weights, "bootstrap", centre=centre)  # ty: ignore[invalid-argument-type]
        assert replicated(design, made, y)[0, 0] == pytest.approx(sum(a**2 for a in away) / 3)
    uneven = replicates_given(weights[:, 1:], "bootstrap", centre="mean")  # totals 8 and 14, their mean 11; the estimate is 14
    assert replicated(design, uneven, y)[0, 0] == pytest.approx((9 + 9) / 2)
    assert replicated(design, replicates_given(weights[:, 1:], "bootstrap"), y)[0, 0] == pytest.approx((36 + 0) / 2)


def test_given_weights_have_the_scale_of_their_kind() -> None:
    weights = np.ones((3, 5))
    assert replicates_given(weights, "bootstrap").scale == pytest.approx(1 / 5)
    assert replicates_given(weights, "jackknife").scale == pytest.approx(4 / 5)
    assert replicates_given(weights, "brr", fay=0.5).scale == pytest.approx(4 / 5)
    assert replicates_given(weights, "bootstrap", scale=0.3, factors=[0.5]).factors == pytest.approx(np.full(5, 0.5))


def test_a_measure_without_a_value_in_a_replicate_has_no_error() -> None:
    design = Design.of(np.ones(3))
    design = replace(design, replicates=jackknife(design))
    y = np.array([1.0, 0, 0])
    found = replicate_variance(design, lambda w: [w.sum(), w @ y / (w @ y) if w @ y else np.nan])
    assert np.isnan(found.errors[1]) and found.errors[0] == pytest.approx(0)


@pytest.mark.parametrize("least", range(1, 100))
def test_rows_of_a_hadamard_matrix_are_at_right_angles(least: int) -> None:
    found = hadamard(least)
    order = len(found)
    assert order >= least and set(np.unique(found)) <= {-1, 1} and (found[0] == 1).all()
    assert (found @ found.T == order * np.eye(order)).all() and order < least + 12


def test_degrees_of_freedom_of_a_jackknife_are_clusters_less_strata() -> None:
    design = Design.of(np.random.default_rng(1).uniform(1, 2, 14), [0] * 5 + [1] * 9)
    assert replicate_degrees(jackknife(design)) == degrees_of_freedom(design) == 12


def test_what_cannot_be_replicated_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    three = Design.of(np.ones(5), [0, 0, 0, 1, 1])
    with pytest.raises(DataError, match="D043 1 strata have not two clusters: 0"):
        brr(three)
    with pytest.raises(InputError, match="a Fay factor of 1 is not possible"):
        brr(Design.of(np.ones(4), [0, 0, 1, 1]), fay=1)
    with pytest.raises(DataError, match="D042 1 strata have one sampled cluster: b"):
        bootstrap(Design.of(np.ones(3), ["a", "a", "b"], single="refuse"), seed=1)
    with pytest.raises(DataError, match="some clusters are in several groups"):
        jackknife(Design.of(np.ones(4), clusters=[0, 0, 1, 1]), [0, 1, 0, 1])
    with pytest.raises(InputError, match="the design has no replicate weights"):
        replicate_variance(three, lambda w: w.sum())
    with pytest.raises(DataError, match="2 rows have a replicate weight that is missing or below zero"):
        replicates_given(np.array([[1, np.nan], [1.0, 1], [-1, 1]]), "brr")
    with pytest.raises(DataError, match="there are 2 factors for 3 replicates"):
        replicates_given(np.ones((2, 3)), "jackknife", factors=[1, 1])
    monkeypatch.setattr(replication, "MOST", 20)
    with pytest.raises(InputError, match="5 rows times 5 replicates do not fit in memory"):
        jackknife(three)
