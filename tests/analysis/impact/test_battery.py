"""A study's measures by cell: the same errors as those of the measures themselves, two stages and all; what is undefined stays so."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, nan

import numpy as np
import pytest
from small_samples import sample_of

from opensocle.analysis.impact.battery import Battery, Columns
from opensocle.analysis.impact.groups import Split
from opensocle.analysis.impact.inequality import gini
from opensocle.analysis.impact.measured import Measured, undefined
from opensocle.analysis.impact.model import CURRENT, Group, Grouping
from opensocle.analysis.impact.poverty import fgt, relative_line
from opensocle.analysis.impact.sample import Sample, error, mean
from opensocle.analysis.impact.settings import Line
from opensocle.analysis.impact.view import Ground, errors
from opensocle.population.survey.design import Design

HOMES = 400
RNG = np.random.default_rng(3)
WELFARE = np.exp(RNG.standard_normal(HOMES))
GROUP = RNG.integers(0, 2, HOMES)
CLUSTER = np.arange(HOMES) // 8
SPLIT = Split(Grouping("half", {}, (Group("first", {}), Group("second", {}))), GROUP, True)


def design() -> Design:
    """One person a household; half of the clusters were drawn, and households within them."""
    made = Design.of(RNG.uniform(1, 3, HOMES), CLUSTER // 10, CLUSTER, 0.5)
    return replace(made, homes=np.arange(HOMES))


@pytest.fixture(scope="module")
def ground() -> Ground:
    everybody = np.ones(HOMES, dtype=bool)
    return Ground(design(), np.arange(HOMES), everybody, everybody, (SPLIT,))


def battery(ground: Ground) -> Battery:
    return Battery(ground.view, Columns({CURRENT: WELFARE}, {}, {}, {}, np.ones(HOMES), (Line("at", {}, share=0.6),)))


@pytest.mark.parametrize("alpha", [0, 1, 2])
def test_a_groups_poverty_at_an_estimated_line_has_the_error_of_the_measure_inside_the_whole(ground: Ground, alpha: int) -> None:
    made, whole = battery(ground), Sample.of(ground.design)
    line = relative_line(whole, WELFARE)
    for number, domain in enumerate(ground.view.domains(SPLIT)):
        welfare = WELFARE[domain.rows]
        sample = made.sorted(made.view.sample(domain), CURRENT, welfare)
        found = made.fgts(sample, welfare, made.lines["at", CURRENT])[alpha]
        expected = fgt(whole, WELFARE, line, alpha, number == GROUP)
        assert found.estimate == pytest.approx(expected.estimate, rel=1e-12)
        assert errors(ground, [found])[0] == pytest.approx(error(whole, expected), rel=1e-9)


def test_errors_by_cell_are_those_of_the_whole_design_in_two_stages(ground: Ground) -> None:
    whole = Sample.of(ground.design)
    for measure in (mean, gini):
        found = battery(ground).added(measure(battery(ground).everyone, WELFARE))
        assert errors(ground, [found])[0] == pytest.approx(error(whole, measure(whole, WELFARE)), rel=1e-9)
    clusters_alone = replace(whole, design=replace(whole.design, homes=None))
    assert error(whole, mean(whole, WELFARE)) > 1.1 * error(clusters_alone, mean(clusters_alone, WELFARE))


def test_the_order_of_a_group_is_that_of_everyone(ground: Ground) -> None:
    made = battery(ground)
    for domain in ground.view.domains(SPLIT):
        welfare = WELFARE[domain.rows]
        order = made.sorted(made.view.sample(domain), CURRENT, welfare).order(welfare)
        assert order.tolist() == np.argsort(welfare, kind="stable").tolist()


def test_an_undefined_measure_has_no_known_error() -> None:
    sample = sample_of([1, 2, 3])
    assert isnan(error(sample, undefined(3)))
    assert error(sample, mean(sample, np.array([1.0, 2.0, 4.0]))) > 0


def test_what_is_made_of_an_undefined_measure_is_undefined_without_influence() -> None:
    known, none = Measured(2.0, np.array([1.0, -1.0]), 5), Measured(nan, np.array([3.0, 4.0]), 5)
    for made in (known + none, none - known, known * none, none / known, known / none, 1 - none, 2 * none, 1 / none, none.apply(abs, abs)):
        assert isnan(made.estimate) and made.observations == 0 and made.influence.tolist() == [0, 0]
    assert (known / 0).observations == 0
