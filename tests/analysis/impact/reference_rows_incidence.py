"""Rows of the reference file that the measures of incidence, redistribution and contribution reproduce: what each row's measure is called with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from reference_rows import Persons, Row

from opensocle.analysis.impact.contribution import benefit_cost_ratio, marginal_gini, marginal_poverty, poverty_reduction
from opensocle.analysis.impact.curves import concentration
from opensocle.analysis.impact.incidence import (
    adequacy,
    beneficiary_incidence,
    benefit_incidence,
    cgh_index,
    coverage,
    exclusion_error,
    inclusion_error,
    relative_incidence,
)
from opensocle.analysis.impact.measured import Array, Measured
from opensocle.analysis.impact.mobility import fiscal_gains, fiscal_impoverishment, impoverished
from opensocle.analysis.impact.redistribution import average_rate, kakwani, redistribution
from opensocle.analysis.impact.sample import Sample
from opensocle.analysis.impact.totals import Place, group, poorest

BEFORE, AFTER, LINE = "y_pre_nonpens", "y_final", 10_000.0


@dataclass(frozen=True)
class Case:
    """A row with its data, under some weights."""

    row: Row
    whole: Sample
    persons: Persons

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        domain = self.row["domain"]
        if domain.startswith("age"):
            age = self.persons["age"]
            return age >= 65 if domain == "age>=65" else age < 18
        return self.persons.inside(domain if domain.startswith("citizenship") else "all")

    @cached_property
    def sample(self) -> Sample:
        return self.whole if self.inside.all() else self.whole.where(self.inside)

    def __getitem__(self, name: str) -> Array:
        column = self.persons[name]
        return column if self.inside.all() else column[self.inside]

    @cached_property
    def scheme(self) -> Array:
        """The transfer that the row's param names first."""
        return self[self.row["param"].replace(":", " ").replace(";", " ").replace("/", " ").split()[0]]

    @property
    def place(self) -> Place:
        """The decile that is the row's domain, or the poorest fifth, by income before the transfers."""
        _, _, decile = self.row["domain"].partition("decile=")
        return Place(self[BEFORE], group(int(decile)) if decile else poorest(0.2))

    @property
    def incomes(self) -> tuple[Array, Array]:
        """The two incomes of a row's param `z=…;before->after`."""
        before, after = self.row["param"].split(";")[-1].split("->")
        return self[before], self[after]

    @property
    def line(self) -> float:
        return float(self.row["param"].partition("z=")[2].split(";")[0])


Calculation = Callable[[Case], Measured]


def reduction(alpha: float) -> Calculation:
    return lambda case: poverty_reduction(case.sample, case[BEFORE], case[AFTER], LINE, alpha)


def marginal(alpha: float) -> Calculation:
    return lambda case: marginal_poverty(case.sample, case[AFTER], case.scheme, LINE, alpha)


def part(name: str) -> Calculation:
    return lambda case: getattr(redistribution(case.sample, *case.incomes), name)


def rate(case: Case) -> Measured:
    above, below = case.row["param"].split("/")
    return average_rate(case.sample, case[above], case[below])


def in_order_of_the_file(case: Case) -> Measured:
    """Equal persons ranked by their order in the file: every row is given a rank of its own."""
    places = np.empty(len(case[BEFORE]))
    places[np.argsort(case[BEFORE], kind="stable")] = np.arange(len(places))
    return concentration(case.sample, case["t_family"], places)


def as_rineq(case: Case) -> Measured:
    """The same times (1 - 1/n) / (1 - sum of squared shares of weights): rineq's unbiased weighted covariance with an unweighted variance."""
    shares = case.sample.weights / case.sample.weights.sum()
    factor = (1 - 1 / len(shares)) / (1 - float(shares @ shares))
    return in_order_of_the_file(Case(case.row, replace(case.whole, influences=False), case.persons)) * factor


MEASURES: dict[str, Calculation] = {
    "coverage": lambda case: coverage(case.sample, case.scheme),
    "coverage_decile": lambda case: coverage(case.sample, case.scheme, case.place),
    "coverage_poorest20": lambda case: coverage(case.sample, case.scheme, case.place),
    "incidence_beneficiaries_poorest20": lambda case: beneficiary_incidence(case.sample, case.scheme, case.place),
    "incidence_benefits_poorest20": lambda case: benefit_incidence(case.sample, case.scheme, case.place),
    "incidence_benefits_share": lambda case: benefit_incidence(case.sample, case.scheme, case.place),
    "relative_incidence": lambda case: relative_incidence(case.sample, case.scheme, case[BEFORE], case.place),
    "cgh_index": lambda case: cgh_index(case.sample, case.scheme, case.place),
    "adequacy": lambda case: adequacy(case.sample, case.scheme, case[AFTER]),
    "exclusion_error": lambda case: exclusion_error(case.sample, case.scheme, case[BEFORE], LINE),
    "inclusion_error": lambda case: inclusion_error(case.sample, case.scheme, case[BEFORE], LINE),
    "benefit_cost_ratio": lambda case: benefit_cost_ratio(case.sample, case[AFTER], case.scheme, LINE),
    "kakwani_transfer": lambda case: kakwani(case.sample, case.scheme, case[BEFORE], "transfer"),
    "kakwani_tax": lambda case: kakwani(case.sample, case.scheme, case[AFTER], "tax"),
    "avg_rate": rate,
    "redistributive_effect": part("effect"),
    "reynolds_smolensky": part("vertical"),
    "reranking_atkinson_plotnick": part("reranking"),
    "marginal_contrib_gini": lambda case: marginal_gini(case.sample, case[AFTER], case.scheme),
    "marginal_contrib_fgt0": marginal(0),
    "marginal_contrib_fgt1": marginal(1),
    **{f"fgt{alpha}_reduction_pp": reduction(alpha) for alpha in (0, 1, 2)},
    "fiscal_impoverishment_pc": lambda case: fiscal_impoverishment(case.sample, *case.incomes, case.line),
    "fiscal_gains_poor_pc": lambda case: fiscal_gains(case.sample, *case.incomes, case.line),
    "fi_headcount": lambda case: impoverished(case.sample, *case.incomes, case.line),
    "concentration_IC2": in_order_of_the_file,
    "concentration_rineq": as_rineq,
}
OTHERWISE = {"concentration_rineq": "its standard error knows no design"}
"""Measures whose standard error follows another definition, and which."""
