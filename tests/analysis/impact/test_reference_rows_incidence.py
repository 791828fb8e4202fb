"""Every row of the reference file that names a measure of incidence, redistribution or contribution: estimates and standard errors."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from reference_rows import Row, expected, persons
from reference_rows_incidence import MEASURES, OTHERWISE, Case

from opensocle.analysis.impact.measured import Measured
from opensocle.analysis.impact.sample import Sample
from opensocle.population.survey.replication import jackknife, replicate_variance
from opensocle.population.survey.variance import standard_errors

ROWS = [row for row in expected() if row["measure"] in MEASURES]
REASON = "the reference values are not beside the project (../shared/data)"
pytestmark = pytest.mark.skipif(not ROWS, reason=REASON)


def title(row: Row) -> str:
    return f"{row['domain']} {row['measure']} {row['param']}"


def linearised(case: Case, measured: Measured) -> float:
    return float(standard_errors(case.whole.design, case.sample.rows, case.sample.weights, measured.influence)[0])


def replicated(row: Row) -> float:
    """By the groups of the file; replicates work out no influences."""
    survey = persons()
    design = replace(survey.design, replicates=jackknife(survey.design, survey.text["jk_group"]))
    whole = Sample.of(design)

    def estimate(weights: np.ndarray) -> float:
        return MEASURES[row["measure"]](Case(row, replace(whole, weights=weights, influences=False), survey)).estimate

    return float(replicate_variance(design, estimate).errors[0])


@pytest.mark.parametrize("row", ROWS, ids=title)
def test_a_row_of_the_reference_file_is_reproduced(row: Row) -> None:
    survey = persons()
    case = Case(row, Sample.of(survey.design), survey)
    measured = MEASURES[row["measure"]](case)
    assert math.isclose(measured.estimate, float(row["estimate"]), rel_tol=1e-9)
    if row["se"] == "NA" or row["measure"] in OTHERWISE:
        return
    if "jackknife" in row["method"]:
        assert math.isclose(replicated(row), float(row["se"]), rel_tol=1e-9)
    else:
        assert math.isclose(linearised(case, measured), float(row["se"]), rel_tol=1e-9)
