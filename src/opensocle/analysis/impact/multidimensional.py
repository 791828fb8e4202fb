"""Multidimensional poverty by counting deprivations: who is deprived in enough indicators at once, and in how many.

`Deprivations` weighs a person's indicators (1 deprived, 0 not, unknown); the weighted share in which a person is deprived is the score. Who has a
score of at least the cutoff is poor. H is the share of the poor, A their mean score, M0 = H × A.

Methods: Alkire, S. and Foster, J. (2011), Counting and multidimensional poverty measurement, Journal of Public Economics 95, 476-487; Alkire, S.
et al. (2015), Multidimensional Poverty Measurement and Analysis, Oxford University Press, chapter 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from ...errors import InputError, Problems, SocleError, nearest
from .measured import Array, Measured
from .poverty import Inside
from .ranking import average
from .sample import Sample
from .totals import quotient

CLOSE = 1e-9  # sums of weights are not exact: a score this little below the cutoff reaches it


@dataclass(frozen=True, eq=False)
class Deprivations:
    """Indicators (row,) by name: 1 deprived, 0 not, NaN unknown. Raises Problems (A082).

    weights: above zero, in any unit: they are divided by their sum. cutoff: the share of the weights from which a person is poor, above 0 up to 1.
    dimensions: the dimension of each indicator; none: each is its own. missing: `leave_out` persons with an unknown indicator, as the global
    Multidimensional Poverty Index does, or `reweigh`: divide by the weights of the person's known indicators (a person with none is left out).
    """

    indicators: Mapping[str, Array]
    weights: Mapping[str, float]
    cutoff: float
    dimensions: Mapping[str, str] | None = None
    missing: Literal["leave_out", "reweigh"] = "leave_out"

    def __post_init__(self) -> None:
        problems = self._problems()
        if problems:
            raise Problems(problems)

    def _problems(self) -> list[SocleError]:
        names = set(self.indicators)
        found: list[SocleError] = [
            InputError(
                "A082", f"the weight of {name} is {self.weights.get(name, 'missing')}", at=name, hint="give each indicator a weight above zero"
            )
            for name in sorted(names)
            if not self.weights.get(name, 0) > 0
        ]
        found += [
            InputError("A082", f"{name} has a weight and is no indicator", at=name, hint=nearest(name, sorted(names)))
            for name in sorted(set(self.weights) - names)
        ]
        if not names:
            found.append(InputError("A082", "there is no indicator", at="indicators", hint="give at least one"))
        if not 0 < self.cutoff <= 1:
            found.append(InputError("A082", f"the cutoff is {self.cutoff}", at="cutoff", hint="give a share above 0 up to 1: a third is 0.3333"))
        if self.missing not in ("leave_out", "reweigh"):
            found.append(InputError("A082", f"no rule for unknown indicators is called {self.missing!r}", at="missing", hint="leave_out or reweigh"))
        if self.dimensions is not None and set(self.dimensions) != names:
            wrong = ", ".join(sorted(names ^ set(self.dimensions)))
            found.append(InputError("A082", f"indicators and dimensions do not agree on {wrong}", at="dimensions", hint="give each indicator one"))
        for name, column in self.indicators.items():
            if not np.all(np.isnan(column) | (column == 0) | (column == 1)):
                found.append(InputError("A082", f"{name} has values other than 0 and 1", at=name, hint="1 deprived, 0 not, nothing where unknown"))
        if len({len(column) for column in self.indicators.values()}) > 1:
            found.append(InputError("A082", "the indicators have different numbers of rows", at="indicators", hint="give one value for each person"))
        return found

    @cached_property
    def parts(self) -> dict[str, Array]:
        """Each indicator's part of a person's score, 0 for one not deprived in it or not known to be; NaN for a person who is left out."""
        counted = {name: self.weights[name] * ~np.isnan(column) for name, column in self.indicators.items()}
        known = np.sum(list(counted.values()), axis=0)
        whole = sum(self.weights[name] for name in self.indicators)
        kept = known > 0 if self.missing == "reweigh" else np.all([amount > 0 for amount in counted.values()], axis=0)
        divisor = np.where(kept, known if self.missing == "reweigh" else whole, np.nan)
        return {name: self.weights[name] * (column == 1) / divisor for name, column in self.indicators.items()}

    @cached_property
    def score(self) -> Array:
        """The weighted share in which each person is deprived, 0 to 1; NaN for a person who is left out."""
        return np.sum(list(self.parts.values()), axis=0)

    @cached_property
    def poor(self) -> Array:
        """1 for the poor, 0 for others, NaN for a person who is left out."""
        return np.where(np.isnan(self.score), np.nan, (self.score >= self.cutoff - CLOSE).astype(float))


def headcount(sample: Sample, deprivations: Deprivations, inside: Inside | None = None) -> Measured:
    """H: the poor as a share of persons. Undefined where no score is known."""
    return _mean(sample, deprivations.poor, inside)


def adjusted_headcount(sample: Sample, deprivations: Deprivations, inside: Inside | None = None) -> Measured:
    """M0: mean score, 0 for those not poor."""
    return _mean(sample, deprivations.poor * deprivations.score, inside)


def intensity(sample: Sample, deprivations: Deprivations, inside: Inside | None = None) -> Measured:
    """A: mean score of the poor. Undefined where nobody is poor."""
    return quotient(adjusted_headcount(sample, deprivations, inside), headcount(sample, deprivations, inside))


def uncensored_headcount(sample: Sample, deprivations: Deprivations, indicator: str, inside: Inside | None = None) -> Measured:
    """Share of persons deprived in an indicator, poor or not, among those for whom it is known and who are not left out."""
    return _mean(sample, np.where(np.isnan(deprivations.score), np.nan, deprivations.indicators[indicator]), inside)


def censored_headcount(sample: Sample, deprivations: Deprivations, indicator: str, inside: Inside | None = None) -> Measured:
    """Share of persons who are poor and deprived in an indicator, among those for whom it is known and who are not left out."""
    return _mean(sample, deprivations.poor * deprivations.indicators[indicator], inside)


def contribution(sample: Sample, deprivations: Deprivations, indicator: str, inside: Inside | None = None) -> Measured:
    """Share of M0 that an indicator makes up. The shares add up to 1. Undefined where nobody is poor."""
    return _contributed(sample, deprivations, (indicator,), inside)


def dimension_contributions(sample: Sample, deprivations: Deprivations, inside: Inside | None = None) -> dict[str, Measured]:
    """Share of M0 that each dimension makes up: that of its indicators together. The shares add up to 1."""
    of = deprivations.dimensions or {name: name for name in deprivations.indicators}
    members: dict[str, tuple[str, ...]] = {}
    for name in deprivations.indicators:
        members[of[name]] = (*members.get(of[name], ()), name)
    return {dimension: _contributed(sample, deprivations, names, inside) for dimension, names in members.items()}


def _contributed(sample: Sample, deprivations: Deprivations, names: tuple[str, ...], inside: Inside | None) -> Measured:
    part = np.sum([deprivations.parts[name] for name in names], axis=0)
    return quotient(_mean(sample, deprivations.poor * part, inside), adjusted_headcount(sample, deprivations, inside))


def _mean(sample: Sample, values: Array, inside: Inside | None) -> Measured:
    known = sample.known(values) if inside is None else sample.known(values) & inside
    return average(sample, values, known)
