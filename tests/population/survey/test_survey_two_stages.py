"""Households drawn within clusters: what the correction for clusters takes away too much, against R's survey package and closed forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opensocle.population.survey.design import Design
from opensocle.population.survey.reading import design_of
from opensocle.population.survey.variance import standard_errors, variance
from opensocle.population.tables import Population, Table

STRATUM = [1] * 7 + [2] * 6
CLUSTER = [1, 1, 1, 2, 2, 3, 3, 4, 4, 4, 5, 5, 5]
HOME = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11])
WEIGHT = np.array([10, 10, 10, 12, 12, 9, 9, 20, 20, 20, 15, 15, 15], dtype=np.float64)
VALUE = np.array([1, 4, 2, 8, 5, 7, 3, 2, 9, 4, 6, 1, 5], dtype=np.float64)
FRACTION = np.where(np.array(STRATUM) == 1, 3 / 6, 2 / 8)
ROWS = np.arange(13)


def two_stages() -> Design:
    return replace(Design.of(WEIGHT, STRATUM, CLUSTER, FRACTION), homes=HOME)


def both(design: Design) -> np.ndarray:
    """Standard errors of the total and of the mean."""
    mean = WEIGHT @ VALUE / WEIGHT.sum()
    return standard_errors(design, ROWS, WEIGHT, [VALUE, (VALUE - mean) / WEIGHT.sum()])


def test_errors_are_those_of_r_with_clusters_and_households() -> None:
    """survey 4.1: svydesign(ids=~c+h, strata=~s, fpc=~N1+N2, weights=~w), N1 = 6 and 8 clusters, N2 = 1e12 households; svytotal, svymean."""
    assert both(two_stages()) == pytest.approx([139.226434271602, 0.661132291112299], rel=1e-12)


def test_errors_are_those_of_r_with_clusters_alone() -> None:
    """The same, svydesign(ids=~c, strata=~s, fpc=~N1, weights=~w)."""
    assert both(replace(two_stages(), homes=None)) == pytest.approx([117.635028796698, 0.473031680201268], rel=1e-12)


def test_where_every_cluster_was_drawn_the_households_are_a_stratified_sample() -> None:
    """Three clusters, all of them: the variance of a total is Σ m s² over the clusters, of household totals."""
    cluster, home = np.repeat([0, 1, 2], 4), np.arange(12)
    values = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], dtype=np.float64)
    design = replace(Design.of(np.full(12, 10.0), np.zeros(12), cluster, 1.0), homes=home)
    expected = sum(4 * np.var(10 * values[cluster == at], ddof=1) for at in range(3)) ** 0.5
    assert standard_errors(design, home, design.weights, values)[0] == pytest.approx(expected, rel=1e-12)
    assert standard_errors(replace(design, homes=None), home, design.weights, values)[0] == 0


def test_a_cluster_of_one_household_adds_nothing_within() -> None:
    design = Design.of(WEIGHT, STRATUM, CLUSTER, FRACTION)
    alone = replace(design, homes=design.clusters)
    assert both(alone) == pytest.approx(both(design), rel=1e-12)


def test_drawn_with_replacement_the_households_are_in_the_clusters_totals_already() -> None:
    design = Design.of(WEIGHT, STRATUM, CLUSTER)
    assert both(replace(design, homes=HOME)).tolist() == both(design).tolist()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(-50, 50), min_size=13, max_size=13), st.sets(st.integers(0, 12), min_size=1))
def test_the_second_stage_never_lowers_an_error_and_errors_are_roots_of_variances(values: list[float], inside: set[int]) -> None:
    rows = np.array(sorted(inside))
    column, weights = np.array(values)[rows], WEIGHT[rows]
    design = two_stages()
    first, found = (variance(one, rows, weights, column)[0, 0] for one in (replace(design, homes=None), design))
    assert first <= found + 1e-9
    assert standard_errors(design, rows, weights, column)[0] ** 2 == pytest.approx(found, rel=1e-9, abs=1e-9)


def survey(**columns: list[object]) -> Population:
    data = pa.table({"person_id": [1, 2, 3, 4], "household_id": [7, 7, 8, 9], "weight": [1.0] * 4, **columns})
    return Population("survey", date(2025, 1, 1), {"persons": Table("persons", data=data)})


def test_the_design_of_a_survey_has_households_where_clusters_and_their_number_are_known() -> None:
    cluster: dict[str, list[object]] = {"cluster": [1, 1, 1, 2]}
    read = design_of(survey(**cluster, stratum_clusters=[5] * 4))
    assert read.homes is not None and read.homes.tolist() == [0, 0, 1, 2]
    assert design_of(survey(**cluster)).homes is None
    assert design_of(survey(stratum_clusters=[5] * 4)).homes is None
