"""Small surveys with a transfer, and every measure of it: one list for all that must hold of each of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st
from small_samples import weighted

from opensocle.analysis.impact import contribution, incidence, mobility, redistribution
from opensocle.analysis.impact.measured import Array, Measured
from opensocle.analysis.impact.poverty import relative_line
from opensocle.analysis.impact.sample import Sample
from opensocle.analysis.impact.totals import Place, poorest

Measure = Callable[[Sample, Array, Array], Measured]
"""Of a sample, income before, and the transfer that is added to it."""
LINE = 1.2


def most_of_the_mean(sample: Sample, income: Array) -> Measured:
    return relative_line(sample, income, 0.9, "mean")


def lowest(before: Array) -> Place:
    return Place(before, poorest(0.4))


SMOOTH: dict[str, Measure] = {
    "coverage": lambda s, b, t: incidence.coverage(s, t + 0 * b),
    "indirect coverage": lambda s, b, t: incidence.indirect_coverage(s, np.minimum(t, b - 1), t),
    "relative incidence": lambda s, b, t: incidence.relative_incidence(s, t, b),
    "average transfer": lambda s, b, t: incidence.average_transfer(s, t + 0 * b),
    "adequacy": lambda s, b, t: incidence.adequacy(s, t, b + t),
    "generosity": lambda s, b, t: incidence.generosity(s, t, b),
    "exclusion error": lambda s, b, t: incidence.exclusion_error(s, t, b, LINE),
    "inclusion error": lambda s, b, t: incidence.inclusion_error(s, t, b, LINE),
    "leakage": lambda s, b, t: incidence.leakage(s, t, b, LINE),
    "kakwani of a transfer": lambda s, b, t: redistribution.kakwani(s, t, b, "transfer"),
    "kakwani of a tax": lambda s, b, t: redistribution.kakwani(s, t, b, "tax"),
    "average rate": lambda s, b, t: redistribution.average_rate(s, t, b),
    "redistributive effect": lambda s, b, t: redistribution.redistributive_effect(s, b, b + t),
    "reynolds and smolensky": lambda s, b, t: redistribution.reynolds_smolensky(s, b, b + t),
    "reranking": lambda s, b, t: redistribution.reranking(s, b, b + t),
    "vertical part": lambda s, b, t: redistribution.vertical_part(s, t, b, b + t, "transfer"),
    "marginal gini": lambda s, b, t: contribution.marginal_gini(s, b + t, t),
    "marginal headcount": lambda s, b, t: contribution.marginal_poverty(s, b + t, t, LINE, 0),
    "marginal severity": lambda s, b, t: contribution.marginal_poverty(s, b + t, t, LINE, 2),
    "marginal gap by the mean": lambda s, b, t: contribution.marginal_poverty(s, b + t, t, most_of_the_mean(s, b + t), 1),
    "poverty reduction": lambda s, b, t: contribution.poverty_reduction(s, b, b + t, LINE, 1),
    "gap reduction": lambda s, b, t: contribution.gap_reduction(s, b + t, t, LINE),
    "gap reduction by the mean": lambda s, b, t: contribution.gap_reduction(s, b + t, t, most_of_the_mean(s, b + t)),
    "gap reduction by own lines": lambda s, b, t: contribution.gap_reduction(s, b + t, t, np.linspace(1, 1.5, len(b))),
    "benefit-cost ratio": lambda s, b, t: contribution.benefit_cost_ratio(s, b + t, t, LINE),
    "cost-benefit ratio": lambda s, b, t: contribution.cost_benefit_ratio(s, b + t, t, LINE),
    "lifted": lambda s, b, t: contribution.lifted(s, b + t, t, LINE),
    "cost per person lifted": lambda s, b, t: contribution.cost_per_person_lifted(s, b + t, t, LINE),
    "fiscal impoverishment": lambda s, b, t: mobility.fiscal_impoverishment(s, b, b + t - 0.5, LINE),
    "fiscal impoverishment by the mean": lambda s, b, t: mobility.fiscal_impoverishment(s, b, b + t - 0.5, most_of_the_mean(s, b + 0 * t)),
    "fiscal gains": lambda s, b, t: mobility.fiscal_gains(s, b, b + t - 0.5, LINE),
    "impoverished": lambda s, b, t: mobility.impoverished(s, b, b + t - 0.5, LINE),
    "gaining poor": lambda s, b, t: mobility.gaining_poor(s, b, b + t - 0.5, LINE),
    "winners": lambda s, b, t: mobility.winners(s, b, b + t - 0.5, 0.2),
    "winners of a tenth": lambda s, b, t: mobility.winners(s, b, b + t - 0.5, 0.1, relative=True),
    "losers": lambda s, b, t: mobility.losers(s, b, b + t - 0.5),
    "mean gain": lambda s, b, t: mobility.mean_gain(s, b, b + t - 0.5),
    "mean loss": lambda s, b, t: mobility.mean_loss(s, b, b + t - 0.5),
}
STEPS: dict[str, Measure] = {
    "coverage of the poorest": lambda s, b, t: incidence.coverage(s, t, lowest(b)),
    "beneficiary incidence": lambda s, b, t: incidence.beneficiary_incidence(s, t, lowest(b)),
    "benefit incidence": lambda s, b, t: incidence.benefit_incidence(s, t, lowest(b)),
    "cgh index": lambda s, b, t: incidence.cgh_index(s, t, lowest(b)),
    "relative incidence of the poorest": lambda s, b, t: incidence.relative_incidence(s, t, b, lowest(b)),
    "adequacy of the poorest": lambda s, b, t: incidence.adequacy(s, t, b + t, lowest(b)),
    "growth of a quantile": lambda s, b, t: mobility.growth_at(s, b, b + t, 0.3),
    "growth of the poorest": lambda s, b, t: mobility.growth(s, b, b + t, poorest(0.4)),
    "growth for the poorest": lambda s, b, t: mobility.growth(s, b, b + t, poorest(0.4), "persons"),
    "winners among the poorest": lambda s, b, t: mobility.winners(s, b, b + t, place=lowest(b)),
    "exclusion error by the mean": lambda s, b, t: incidence.exclusion_error(s, t, b, most_of_the_mean(s, b + 0 * t)),
    "impoverished by the mean": lambda s, b, t: mobility.impoverished(s, b, b + t - 0.5, most_of_the_mean(s, b + 0 * t)),
}
"""Measures with a boundary that the sample itself sets: their estimates jump, and their influences are those of the smoothed distribution."""
ALL = {**SMOOTH, **STEPS}
BALANCED = [name for name in SMOOTH if name not in ("gap reduction", "gap reduction by the mean", "gap reduction by own lines", "lifted")]
"""Those that do not grow with the population."""


@st.composite
def transferred(draw: st.DrawFn) -> tuple[Array, Array, Array]:
    """Income before, a transfer that some receive, and weights."""
    before, weights = draw(weighted())
    amount = st.sampled_from([0.0, 0.0, 0.31, 0.77, 1.43])
    return before, np.array(draw(st.lists(amount, min_size=len(before), max_size=len(before)))), weights
