"""Multidimensional poverty in a study: indicators as formulas over the survey's facts, for everyone or for some persons, in all groups."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from . import multidimensional as counting
from .battery import Found, Key
from .facts import Facts, added_up
from .measured import Array, Measured
from .model import ALL
from .sample import Sample
from .settings import Deprivations, Term
from .view import View


def deprived(view: View, told: Deprivations, facts: Facts) -> Iterator[Found]:
    """The share of the poor, their intensity, M0, and the share deprived in each indicator, by group. Persons are the rows."""
    who = view.persons > 0
    if told.who is not None:
        who &= _of_persons(told.who, facts) == 1
    found = counting.Deprivations(
        {one.name: _of_persons(one.of, facts) for one in told.indicators},
        {one.name: float(one.weight) for one in told.indicators},
        float(told.cutoff),
        {one.name: one.dimension for one in told.indicators},
    )
    yield from _of(view, found, who, ALL, ALL)
    for split in view.ground.splits:
        codes = split.codes[view.ground.of] if split.of_households else split.codes
        for position, group in enumerate(split.named.groups):
            inside = who & (codes == position)
            if inside.any():
                yield from _of(view, found, inside, split.named.name, group.name)


def _of_persons(one: Term, facts: Facts) -> Array:
    """A condition for each person: 1, 0, or unknown; a household's holds for its members."""
    level = facts.level_of(one)
    values = facts.truths(one, level)
    return values[facts.homes.of] if level == "households" else values


def _of(view: View, found: counting.Deprivations, inside: np.ndarray, grouping: str, group: str) -> Iterator[Found]:
    rows = np.flatnonzero(inside)
    sample = Sample(view.ground.design, rows, view.persons[rows], view.influences)
    here = counting.Deprivations(
        {name: column[rows] for name, column in found.indicators.items()}, found.weights, found.cutoff, found.dimensions, found.missing
    )
    where = {"grouping": grouping, "group": group, "scenario": ""}
    yield Key("mpi_headcount", **where), _added(view, sample, counting.headcount(sample, here))
    yield Key("mpi_intensity", **where), _added(view, sample, counting.intensity(sample, here))
    yield Key("mpi", **where), _added(view, sample, counting.adjusted_headcount(sample, here))
    for name in here.indicators:
        yield Key("deprived", name, **where), _added(view, sample, counting.uncensored_headcount(sample, here, name))


def _added(view: View, sample: Sample, measured: Measured) -> Measured:
    """The measure with its influence added up by cluster."""
    if not view.influences:
        return Measured(measured.estimate, np.zeros(1), measured.observations)
    cells = view.ground.cell_of[sample.rows]
    influence = np.broadcast_to(measured.influence, len(sample.rows))
    return Measured(measured.estimate, added_up(cells, sample.weights * influence, view.ground.size), measured.observations)
