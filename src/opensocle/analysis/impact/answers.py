"""The causes of exclusion of a study with the standard errors of their shares: counted and measured from one run of the law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.counting import NOBODY, Count, causes_by_person
from ...law.law import Law
from ...periods import Month
from ...population.survey.design import Design
from ...population.survey.replication import replicate_degrees, replicate_variance
from ...population.survey.variance import interval, standard_errors
from ...population.tables import Population
from .exclusion import Cause, Excluded, causes_of_counts, excluded_of, target
from .measured import Array
from .sample import Sample
from .settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa


def answers(
    law: Law, survey: Population, month: Month, schemes: Sequence[str], received: Mapping[str, str] | None, design: Design, settings: Settings
) -> tuple[Cause, ...]:
    """The causes among those whom each scheme is for, with errors, intervals and marks as the settings ask. received: as in `exclusion`."""
    within = {scheme: [condition.number for condition in target(law, scheme, month)] for scheme in schemes}
    counter, table = causes_by_person(law, survey, month, schemes, within=within, beside=received)
    counts = [count for at, scheme in enumerate(counter.schemes) for count in _counts(table, at, scheme) if count.within]
    found = causes_of_counts(counter.made.conditions, counts)
    if settings.errors == "none" or not found:
        return tuple(replace(cause, few=_base(found, cause) < settings.few) for cause in found)
    people = excluded_of(survey, counter, table)
    errors, degrees = _errors(design, people, found, settings.errors == "replicates")
    made = []
    for cause, error in zip(found, errors.tolist(), strict=True):
        share = cause.share if cause.share is not None else float("nan")
        low, high = interval(share, error, degrees[cause.scheme], settings.level, 0 < share < 1)
        made.append(replace(cause, se=error, low=low, high=high, few=_base(found, cause) < settings.few))
    return tuple(made)


def _counts(table: pa.Table, at: int, scheme: str) -> list[Count]:
    """What the query counts, from its rows of persons; sums of weights are exact."""
    names = [name for name in (f"c{at}", f"t{at}", f"b{at}") if name in table.column_names]
    sums = table.group_by(names, use_threads=False).aggregate([("weight", "sum"), ("weight", "count")])
    made = []
    for row in sums.to_pylist():
        cause, beside = row[names[0]], row[names[2]] if len(names) > 2 else None
        weight = Decimal(row["weight_sum"] or 0)
        made.append(Count(scheme, (), (), None if cause == NOBODY else int(cause), bool(row[names[1]]), beside, row["weight_count"], weight))
    return made


def _base(found: Sequence[Cause], cause: Cause) -> int:
    """Persons observed among those of whom the share is taken."""
    return sum(one.observations for one in found if one.scheme == cause.scheme)


def _errors(design: Design, people: Excluded, found: Sequence[Cause], replicated: bool) -> tuple[Array, dict[str, float]]:
    """The standard error of each share, and the degrees of freedom of each scheme."""
    if replicated and design.replicates is not None:

        def again(weights: Array) -> Array:
            sample = Sample(design, np.arange(design.rows), weights, False)
            return np.array([people.share(cause, sample).estimate for cause in found])

        with np.errstate(invalid="ignore"):
            errors = replicate_variance(design, again).errors
        freedom = float(replicate_degrees(design.replicates))
        return errors, {cause.scheme: freedom for cause in found}
    whole = Sample.of(design)
    errors, degrees = np.full(len(found), np.nan), {}
    for scheme in dict.fromkeys(cause.scheme for cause in found):
        at = [number for number, cause in enumerate(found) if cause.scheme == scheme]
        rows = np.flatnonzero(people.domain(found[at[0]]))
        influences = [people.share(found[number], whole).influence for number in at]
        errors[at] = standard_errors(design, rows, design.weights[rows], influences)
        degrees[scheme] = _degrees(design, rows)
    return errors, degrees


def _degrees(design: Design, rows: Any) -> float:
    """Clusters less strata that have someone of the domain."""
    clusters = np.unique(design.clusters[rows])
    return float(len(clusters) - len(np.unique(design.units.strata[clusters])))
