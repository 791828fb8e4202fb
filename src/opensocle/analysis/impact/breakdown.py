"""What inequality and poverty are made of, and who is hurt: Theil within and between groups, each group's part of poverty, fiscal impoverishment.

Methods: docs/methods/impact.md (Shorrocks 1984; Foster, Greer and Thorbecke 1984; Higgins and Lustig 2016).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from . import mobility
from .battery import Battery, Found, Key
from .decomposition import entropy_parts
from .groups import Split
from .measured import Measured
from .sample import Sample

SHARES = {0: "poor_share", 1: "gap_share"}
"""Each group's part of the poor, and of the whole gap, by the alpha of the measure that is parted."""


def breakdown(battery: Battery) -> Iterator[Found]:
    """Every decomposition, by the splits of the study, and what the poor lose and gain. Needs the figures of groups to have been worked out."""
    for split in battery.view.ground.splits:
        yield from _theil(battery, split)
        yield from _shares(battery, split)
    yield from _impoverished(battery)


def _theil(battery: Battery, split: Split) -> Iterator[Found]:
    """Theil = within + between, among those whose group is known. A household with persons of several groups is a row in each."""
    view, name = battery.view, split.named.name
    domains = view.domains(split)
    if not domains:
        return
    rows, weights = np.concatenate([one.rows for one in domains]), np.concatenate([one.weights for one in domains])
    labels = np.repeat(np.arange(len(domains)), [len(one.rows) for one in domains])
    people = Sample(view.ground.households, rows, weights, view.influences)
    for scenario in battery.scenarios:
        found = entropy_parts(people, battery.columns.welfare[scenario][rows], labels, 1)
        between, total = view.by_cluster(people, found.between), view.by_cluster(people, found.total)
        where = {"scenario": scenario, "grouping": name}
        yield Key("theil_within", **where), view.by_cluster(people, found.within)
        yield Key("theil_between", **where), between
        yield Key("theil_between_share", **where), between / total


def _shares(battery: Battery, split: Split) -> Iterator[Found]:
    """Each group's part of the poor and of the gap: share of persons × poverty there, divided by the sum over groups."""
    name, groups = split.named.name, [domain.group for domain in battery.view.domains(split)]
    for line in battery.columns.lines:
        for scenario in battery.scenarios:
            for alpha, measure in SHARES.items():
                adds = [battery.held(name, group) * battery.rate(scenario, line.name, alpha, name, group) for group in groups]
                whole = total_of(adds)
                for group, part in zip(groups, adds, strict=True):
                    yield Key(measure, "", line.name, scenario, name, group), part / whole


def _impoverished(battery: Battery) -> Iterator[Found]:
    """Persons made poor or poorer and what they lose; the poor who gain and what they gain up to the line, an adult equivalent of all."""
    people, added, columns = battery.everyone, battery.added, battery.columns
    for line in columns.lines:
        for scenario, against in battery.pairs():
            before, after = battery.whole(columns.welfare[against]), battery.whole(columns.welfare[scenario])
            at = battery.lines[line.name, scenario].whole
            yield Key("impoverished", against, line.name, scenario), added(mobility.impoverished(people, before, after, at))
            yield Key("fiscal_impoverishment", against, line.name, scenario), added(mobility.fiscal_impoverishment(people, before, after, at))
            yield Key("gaining_poor", against, line.name, scenario), added(mobility.gaining_poor(people, before, after, at))
            yield Key("fiscal_gains", against, line.name, scenario), added(mobility.fiscal_gains(people, before, after, at))


def total_of(parts: list[Measured]) -> Measured:
    """The sum of the parts."""
    influence = np.sum([part.influence for part in parts], axis=0)
    return Measured(sum(part.estimate for part in parts), influence, max((part.observations for part in parts), default=0))
