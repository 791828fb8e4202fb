"""Samples made in a test, and the measures that are smooth in the weights: one list for all that must hold of each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from opensocle.analysis.impact.curves import concentration, lorenz
from opensocle.analysis.impact.decomposition import entropy_parts, fgt_by_group, fgt_parts
from opensocle.analysis.impact.inequality import atkinson, entropy, gini, palma, share_ratio
from opensocle.analysis.impact.measured import Array, Measured
from opensocle.analysis.impact.poverty import fgt, income_gap_ratio, relative_line, relative_median_gap, sen, sen_shorrocks_thon, watts
from opensocle.analysis.impact.sample import Sample
from opensocle.population.survey.design import Design

Measure = Callable[[Sample, Array], Measured]
LINE = 1.0


def sample_of(weights: object, *, influences: bool = True) -> Sample:
    """Rows with these weights, each its own cluster."""
    return replace(Sample.of(Design.of(np.asarray(weights, dtype=np.float64))), influences=influences)


def halves(column: Array) -> NDArray[np.str_]:
    """Two groups, by whether a row's place is even."""
    return np.where(np.arange(len(column)) % 2 == 0, "even", "odd")


def other(column: Array) -> Array:
    """A second column, with ties, that does not follow the first."""
    return np.arange(len(column), dtype=np.float64) * 7 % 5


def per_row(column: Array) -> Array:
    """A line for each row."""
    return 0.8 + other(column) / 10


POVERTY: dict[str, Measure] = {
    "headcount": lambda sample, column: fgt(sample, column, LINE, 0),
    "root gap": lambda sample, column: fgt(sample, column, LINE, 0.5),
    "gap": lambda sample, column: fgt(sample, column, LINE, 1),
    "severity": lambda sample, column: fgt(sample, column, LINE, 2),
    "gap by own lines": lambda sample, column: fgt(sample, column, per_row(column), 1),
    "gap by half the mean": lambda sample, column: fgt(sample, column, relative_line(sample, column, 0.5, "mean"), 1),
    "severity by half the mean": lambda sample, column: fgt(sample, column, relative_line(sample, column, 0.5, "mean"), 2),
    "severity of the even by all": lambda sample, column: fgt(
        sample, column, relative_line(sample, column, 0.8, "mean"), 2, halves(column) == "even"
    ),
    "watts": lambda sample, column: watts(sample, column, LINE),
    "watts by the mean": lambda sample, column: watts(sample, column, relative_line(sample, column, 0.9, "mean")),
    "sen": lambda sample, column: sen(sample, column, LINE),
    "sen by own lines": lambda sample, column: sen(sample, column, per_row(column)),
    "sst": lambda sample, column: sen_shorrocks_thon(sample, column, LINE),
    "sst by the mean": lambda sample, column: sen_shorrocks_thon(sample, column, relative_line(sample, column, 0.9, "mean")),
    "income gap ratio": lambda sample, column: income_gap_ratio(sample, column, LINE),
    "inequality of gaps": lambda sample, column: fgt_parts(sample, column, LINE, 3).inequality,
    "part of the odd": lambda sample, column: list(fgt_by_group(sample, column, LINE, halves(column), 1))[-1].part,
}
INEQUALITY: dict[str, Measure] = {
    "gini": gini,
    "entropy -1": lambda sample, column: entropy(sample, column, -1),
    "entropy 0": lambda sample, column: entropy(sample, column, 0),
    "entropy 0.5": lambda sample, column: entropy(sample, column, 0.5),
    "entropy 1": lambda sample, column: entropy(sample, column, 1),
    "entropy 2": lambda sample, column: entropy(sample, column, 2),
    "atkinson 0.5": lambda sample, column: atkinson(sample, column, 0.5),
    "atkinson 1": lambda sample, column: atkinson(sample, column, 1),
    "atkinson 2": lambda sample, column: atkinson(sample, column, 2),
    "lorenz": lambda sample, column: lorenz(sample, column, 0.4321),
    "palma": palma,
    **{
        f"between {alpha}": lambda sample, column, alpha=alpha: entropy_parts(sample, column, halves(column), alpha).between
        for alpha in (-1, 0, 1, 2)
    },
    "within 2": lambda sample, column: entropy_parts(sample, column, halves(column), 2).within,
}
SMOOTH: dict[str, Measure] = {
    **POVERTY,
    **INEQUALITY,
    "mean line": lambda sample, column: relative_line(sample, column, 0.6, "mean"),
    "concentration": lambda sample, column: concentration(sample, column, other(column)),
}
STEPS: dict[str, Measure] = {
    "median line": relative_line,
    "headcount by the median": lambda sample, column: fgt(sample, column, relative_line(sample, column), 0),
    "relative median gap": lambda sample, column: relative_median_gap(sample, column, relative_line(sample, column)),
    "s80/s20": share_ratio,
}
"""Measures with a quantile in them: their estimates jump, and their influences are those of the smoothed distribution."""


@st.composite
def weighted(draw: st.DrawFn, least: int = 6, most: int = 14, positive: bool = True) -> tuple[Array, Array]:
    """Values around the line, some of them equal, and weights."""
    rows = draw(st.integers(least, most))
    value = st.integers(1, 60).map(lambda number: number / 20 + 0.013) if positive else st.integers(-20, 60).map(lambda number: number / 20 + 0.013)
    values = draw(st.lists(value, min_size=rows, max_size=rows))
    weights = draw(st.lists(st.floats(0.5, 4), min_size=rows, max_size=rows))
    return np.array(values), np.array(weights)
