"""Rows of the reference file that the measures of poverty and inequality reproduce: what each row's measure is called with."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from opensocle.analysis.impact.curves import concentration, lorenz
from opensocle.analysis.impact.decomposition import entropy_parts, fgt_parts
from opensocle.analysis.impact.inequality import atkinson, entropy, gini, palma, share_ratio
from opensocle.analysis.impact.measured import Array, Measured
from opensocle.analysis.impact.poverty import fgt, relative_line, relative_median_gap, sen, sen_shorrocks_thon, watts
from opensocle.analysis.impact.ranking import average
from opensocle.analysis.impact.sample import Sample
from opensocle.population.survey.design import Design

FOLDER = Path(__file__).resolve().parents[4] / "shared/data/distribution"
Row = dict[str, str]


@cache
def expected() -> list[Row]:
    """All rows of expected.csv; none where the data are absent."""
    if not (FOLDER / "expected.csv").is_file():
        return []
    with (FOLDER / "expected.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Persons:
    """The survey: every column as text, numbers on request (the same array each time)."""

    text: dict[str, list[str]]
    kept: dict[str, Array]

    def __getitem__(self, name: str) -> Array:
        if name not in self.kept:
            self.kept[name] = np.array([float(value) if value else np.nan for value in self.text[name]])
        return self.kept[name]

    def inside(self, domain: str) -> NDArray[np.bool_]:
        """Rows of a domain such as `sex=male`; every row of any other word."""
        name, _, value = domain.partition("=")
        rows = len(self.text["hid"])
        return np.array([one == value for one in self.text[name]]) if value else np.ones(rows, dtype=bool)

    @cached_property
    def design(self) -> Design:
        return Design.of(self["weight"], self.text["region"], self.text["hid"])


@cache
def persons() -> Persons:
    """Skips the test where the data are absent."""
    if not (FOLDER / "eusilc_person.csv").is_file():
        pytest.skip("the survey's microdata are not beside the project (../shared/data)")
    with (FOLDER / "eusilc_person.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return Persons({name: [row[name] for row in rows] for name in rows[0]}, {})


@dataclass(frozen=True)
class Case:
    """A row with its data, under some weights. The measure's domain is cut out unless the row's line is national."""

    row: Row
    whole: Sample
    persons: Persons

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        return self.persons.inside(self.row["domain"])

    @cached_property
    def sample(self) -> Sample:
        return self.whole if self.inside.all() else self.whole.where(self.inside)

    def column(self, name: str) -> Array:
        """The named column's values in the domain."""
        return self.persons[name] if self.inside.all() else self.persons[name][self.inside]

    @cached_property
    def welfare(self) -> Array:
        return self.column(self.row["param"].split(";")[0].removesuffix(">0"))

    @property
    def line(self) -> float:
        return float(self.row["param"].partition("z=")[2].split(";")[0])

    @property
    def relative(self) -> Measured:
        return relative_line(self.sample, self.welfare)

    def positive(self) -> Case:
        """Each person counts one, and only those with welfare above zero."""
        kept = self.persons[self.row["param"].split(";")[0].removesuffix(">0")] > 0
        text = {name: [value for value, keep in zip(column, kept, strict=True) if keep] for name, column in self.persons.text.items()}
        return Case(self.row, Sample.of(Design.of(np.ones(int(kept.sum())))), Persons(text, {}))


Calculation = Callable[[Case], Measured]


def headcount(case: Case) -> Measured:
    """At-risk-of-poverty rate, of the domain by its own line or by the national one."""
    if "NATIONAL" not in case.row["param"]:
        return fgt(case.sample, case.welfare, case.relative, 0)
    welfare = case.persons[case.row["param"].split(";")[0]]
    return fgt(case.whole, welfare, relative_line(case.whole, welfare), 0, case.inside)


def absolute(alpha: float) -> Calculation:
    return lambda case: fgt(case.sample, case.welfare, case.line, alpha)


def relative(alpha: float) -> Calculation:
    return lambda case: fgt(case.sample, case.welfare, case.relative, alpha)


def parts(name: str) -> Calculation:
    return lambda case: getattr(fgt_parts(case.sample, case.welfare, case.line, 2), name)


def theil(name: str) -> Calculation:
    return lambda case: getattr(entropy_parts(case.sample, case.welfare, np.array(case.persons.text["sex"])), name)


def by_ranking(case: Case) -> Measured:
    column, ranking = case.row["param"].split(" by ")
    return concentration(case.sample, case.column(column), case.column(ranking))


def unweighted(measure: Callable[[Sample, Array, float], Measured]) -> Calculation:
    def calculation(case: Case) -> Measured:
        one = case.positive()
        return measure(one.whole, one.persons["y_final"], one.line)

    return calculation


MEASURES: dict[str, Calculation] = {
    "mean": lambda case: average(case.sample, case.welfare, case.sample.known(case.welfare)),
    "arpt": lambda case: case.relative,
    "arpr": headcount,
    "arpr_laeken": relative(0),
    **{f"fgt{alpha}_abs": absolute(alpha) for alpha in (0, 1, 2)},
    **{f"fgt{alpha}": absolute(alpha) for alpha in (0, 1, 2)},
    **{f"fgt{alpha}_relmed60": relative(alpha) for alpha in (0, 1, 2)},
    "rmpg": lambda case: relative_median_gap(case.sample, case.welfare, case.relative),
    "watts_abs": lambda case: watts(case.sample, case.welfare, case.line),
    "sen": lambda case: sen(case.sample, case.welfare, case.line),
    "sen_closed": unweighted(sen),
    "sen_ineq": unweighted(sen),
    "sst": lambda case: sen_shorrocks_thon(case.sample, case.welfare, case.line),
    "sst_closed": unweighted(sen_shorrocks_thon),
    "sst_ineq": unweighted(sen_shorrocks_thon),
    **{f"gini{suffix}": lambda case: gini(case.sample, case.welfare) for suffix in ("", "_cov", "_laeken")},
    "gei1": lambda case: entropy(case.sample, case.welfare, 1),
    "gei2": lambda case: entropy(case.sample, case.welfare, 2),
    "atkinson0.5": lambda case: atkinson(case.sample, case.welfare, 0.5),
    "atkinson1": lambda case: atkinson(case.sample, case.welfare, 1),
    "lorenz_ordinate": lambda case: lorenz(case.sample, case.welfare, float(case.row["param"].partition("p=")[2])),
    "palma": lambda case: palma(case.sample, case.welfare),
    "qsr_s80s20": lambda case: share_ratio(case.sample, case.welfare),
    "qsr_laeken": lambda case: share_ratio(case.sample, case.welfare),
    "concentration": by_ranking,
    "conc_final_by_pre": by_ranking,
    "fgtdec_fgt2": parts("fgt"),
    "fgtdec_fgt0": parts("headcount"),
    "fgtdec_fgt1": parts("gap"),
    "fgtdec_igr": parts("gap_ratio"),
    "fgtdec_gei(poor;epsilon=2)": parts("inequality"),
    **{f"theil_{name}": theil(name) for name in ("total", "within", "between")},
}

OTHERWISE: dict[str, str] = {
    "concentration_IC2": "IC2 ranks equal persons by their order in the file, here they share a rank (see test_curves.py)",
    "concentration_rineq": "rineq ranks equal persons by their order in the file, and its variance knows no design",
}
"""Measures of the file that follow another definition, and which."""
