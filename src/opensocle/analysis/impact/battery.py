"""Every measure of a study, on one set of weights: estimates with their influences by cluster, each under its key.

The whole survey gives lines and inequality; each group of each split gives poverty, the Gini coefficient, coverage and what transfers are worth.
What transfers and reforms do is in `effects.py`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import incidence as reach
from . import inequality
from .groups import Domain
from .measured import Array, Measured
from .model import ALL, CURRENT, NONE
from .poverty import fgt, relative_line, relative_median_gap, sen, sen_shorrocks_thon, watts
from .quantiles import density, quantile
from .sample import Sample, mean, size
from .settings import Line
from .view import View

ALPHAS = (0, 1, 2)


class Key(NamedTuple):
    """What a figure is of."""

    measure: str
    of: str = ""
    line: str = ""
    scenario: str = CURRENT
    grouping: str = ALL
    group: str = ALL


Found = tuple[Key, Measured]


@dataclass(frozen=True, eq=False)
class Columns:
    """What is measured, by household.

    welfare: by scenario, an adult equivalent; transfers: the same of each transfer. money: transfers a person, whose sum over persons is money spent.
    net: all transfers less contributions, a person, by scenario. factor: adult equivalents a person. incomes: by scenario and income concept.
    """

    welfare: Mapping[str, Array]
    transfers: Mapping[str, Mapping[str, Array]]
    money: Mapping[str, Mapping[str, Array]]
    net: Mapping[str, Array]
    factor: Array
    lines: Sequence[Line]
    reforms: Sequence[str] = ()
    quantiles: int = 10
    incomes: Mapping[str, Mapping[str, Array]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class LineAt:
    """A line in a scenario. whole: for measures of the whole sample; added: its influence by cluster, none where it is not estimated."""

    whole: float | Measured
    added: Measured | None

    @property
    def value(self) -> float:
        return self.whole.estimate if isinstance(self.whole, Measured) else self.whole


def together(tasks: Sequence[Callable[[], Iterable[Found]]]) -> list[list[Found]]:
    """The figures of each task, in their order, worked out on all cores: NumPy lets other threads run."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(lambda task: list(task()), tasks))


@dataclass(frozen=True, eq=False)
class Battery:
    """The measures of some columns on a view."""

    view: View
    columns: Columns
    ginis: dict[str, Measured] = field(default_factory=dict, repr=False)
    _poverty: dict[tuple[str, str, int], Measured] = field(default_factory=dict, repr=False)
    _persons: dict[tuple[str, str], Measured] = field(default_factory=dict, repr=False)
    _effects: dict[tuple[str, str, str], Measured] = field(default_factory=dict, repr=False)
    _cut: dict[int, Array] = field(default_factory=dict, repr=False)

    @cached_property
    def everyone(self) -> Sample:
        return self.view.sample(self.view.everyone)

    def whole(self, column: Array) -> Array:
        """The column on the households that are measured. Kept, so that it is sorted once."""
        kept = self._cut.get(id(column))
        if kept is None:
            kept = self._cut[id(column)] = column[self.view.everyone.rows]
        return kept

    def added(self, measured: Measured) -> Measured:
        return self.view.by_cluster(self.everyone, measured)

    @cached_property
    def scenarios(self) -> list[str]:
        return list(self.columns.welfare)

    @cached_property
    def lines(self) -> dict[tuple[str, str], LineAt]:
        """Each line in each scenario."""
        made: dict[tuple[str, str], LineAt] = {}
        for line in self.columns.lines:
            anchored: LineAt | None = None
            for scenario in self.scenarios:
                if line.share is None:
                    assert line.value is not None
                    made[line.name, scenario] = LineAt(line.value, None)
                    continue
                if anchored is None or line.anchor == "own":
                    base = scenario if line.anchor == "own" else CURRENT
                    found = relative_line(self.everyone, self.whole(self.columns.welfare[base]), line.share, line.of)
                    anchored = LineAt(found, self.added(found))
                made[line.name, scenario] = anchored
        return made

    def groups(self) -> Iterator[Found]:
        """The figures of everyone and of every group."""
        everyone = list(self.of_group(self.view.everyone, ALL))
        _ = self.rising  # once, before threads ask for it
        jobs = [(domain, split.named.name) for split in self.view.ground.splits for domain in self.view.domains(split)]
        first, *others = together([self.overall, *(partial(self.of_group, *job) for job in jobs)])
        yield from first
        yield from everyone
        for found in others:
            yield from found

    # --- everyone

    def overall(self) -> Iterator[Found]:
        """Lines, inequality and the poverty measures that only the whole has."""
        for scenario in self.scenarios:
            welfare, people = self.whole(self.columns.welfare[scenario]), self.everyone
            yield Key("median", scenario=scenario), self.added(quantile(people, welfare))
            found = {
                "theil": inequality.entropy(people, welfare, 1),
                "mean_log_deviation": inequality.entropy(people, welfare, 0),
                "atkinson1": inequality.atkinson(people, welfare, 1),
                "palma": inequality.palma(people, welfare),
                "s80s20": inequality.share_ratio(people, welfare),
            }
            for name, measured in found.items():
                yield Key(name, scenario=scenario), self.added(measured)
            for line in self.columns.lines:
                at = self.lines[line.name, scenario]
                key = Key("line", line=line.name, scenario=scenario)
                yield key, at.added or self.added(Measured(at.value, np.zeros(len(people.rows)), len(people.rows)))
                for name, measure in (("watts", watts), ("sen", sen), ("sst", sen_shorrocks_thon), ("median_gap", relative_median_gap)):
                    yield Key(name, line=line.name, scenario=scenario), self.added(measure(people, welfare, at.whole))

    # --- a group

    def of_group(self, domain: Domain, grouping: str) -> Iterator[Found]:
        """Persons, mean, Gini coefficient, poverty and coverage of a group."""
        sample, where = self.view.sample(domain), {"grouping": grouping, "group": domain.group}

        def added(measured: Measured) -> Measured:
            return self.view.by_cluster(sample, measured)

        persons = self._persons[grouping, domain.group] = added(size(sample))
        yield Key("persons", scenario="", **where), persons
        for scenario in self.scenarios:
            welfare = self.cut(self.columns.welfare[scenario], domain)
            yield Key("mean", scenario=scenario, **where), added(mean(sample, welfare))
            ordered = self.sorted(sample, scenario, welfare)
            found = added(inequality.gini(ordered, welfare))
            if grouping == ALL:
                self.ginis[scenario] = found
            yield Key("gini", scenario=scenario, **where), found
            for line in self.columns.lines:
                at = self.lines[line.name, scenario]
                rates = self.fgts(ordered, welfare, at)
                yield Key("poor", "", line.name, scenario, **where), rates[0] * persons
                for alpha, rate in zip(ALPHAS, rates, strict=True):
                    yield Key(f"fgt{alpha}", "", line.name, scenario, **where), rate
                    self._poverty[scenario, f"{line.name} {grouping} {domain.group}", alpha] = rate
        yield from self.poverty_changes(where)
        for scenario, transfers in self.columns.transfers.items():
            welfare = self.cut(self.columns.welfare[scenario], domain)
            for name, transfer in transfers.items():
                amount, money = self.cut(transfer, domain), self.cut(self.columns.money[scenario][name], domain)
                yield Key("coverage", name, "", scenario, **where), added(reach.coverage(sample, amount))
                yield Key("mean_transfer", name, "", scenario, **where), added(reach.average_transfer(sample, money))
                yield Key("adequacy", name, "", scenario, **where), added(reach.adequacy(sample, amount, welfare))

    def sorted(self, sample: Sample, scenario: str, welfare: Array) -> Sample:
        """The sample, with the order of its welfare taken from that of everyone."""
        whole = self.everyone
        if sample.rows is whole.rows or len(sample.rows) * 20 < len(whole.rows):
            return sample
        place = np.full(len(self.view.ground.known), -1, dtype=np.int32)
        place[sample.rows] = np.arange(len(sample.rows), dtype=np.int32)
        order = place[self.rising[scenario]]
        return Sample(sample.design, sample.rows, sample.weights, sample.influences, {id(welfare): (welfare, order[order >= 0].astype(np.int64))})

    @cached_property
    def rising(self) -> dict[str, NDArray[np.int64]]:
        """The households that are measured, the poorest first, by scenario."""
        return {name: self.everyone.rows[self.everyone.order(self.whole(column))] for name, column in self.columns.welfare.items()}

    def cut(self, column: Array, domain: Domain) -> Array:
        return self.whole(column) if domain is self.view.everyone else column[domain.rows]

    def fgts(self, sample: Sample, welfare: Array, line: LineAt) -> list[Measured]:
        """FGT(0), (1), (2) of a domain at a line; the error of an estimated line is carried on, through the domain's density at the line."""
        found = [self.view.by_cluster(sample, fgt(sample, welfare, line.value, alpha)) for alpha in ALPHAS]
        if line.added is None or not self.view.influences or not all(one.defined for one in found):
            return found
        dense = density(sample, welfare, line.value)
        dense = dense if isfinite(dense) else 0.0  # all have the same welfare
        slopes = [dense, *(alpha * (found[alpha - 1].estimate - found[alpha].estimate) / line.value for alpha in (1, 2))]
        return [
            Measured(one.estimate, one.influence + slope * line.added.influence, one.observations) for one, slope in zip(found, slopes, strict=True)
        ]

    def poverty_changes(self, where: Mapping[str, str]) -> Iterator[Found]:
        """Poverty in each scenario less that in the one before it: today's less that before transfers, a reform's less today's."""
        for line in self.columns.lines:
            at = f"{line.name} {where['grouping']} {where['group']}"
            for scenario, against in self.pairs():
                for alpha in ALPHAS:
                    moved = self._poverty[scenario, at, alpha] - self._poverty[against, at, alpha]
                    yield Key(f"fgt{alpha}_change", against, line.name, scenario, **where), moved

    def rate(self, scenario: str, line: str, alpha: int = 0, grouping: str = ALL, group: str = ALL) -> Measured:
        """FGT(alpha) of everyone or a group, once the groups have been worked out."""
        return self._poverty[scenario, f"{line} {grouping} {group}", alpha]

    def held(self, grouping: str, group: str) -> Measured:
        """Persons of a group, once the groups have been worked out."""
        return self._persons[grouping, group]

    def effect(self, scenario: str, transfer: str, line: str) -> Measured:
        """The poverty rate without a transfer less that with it, once `effects` has worked it out."""
        return self._effects[scenario, transfer, line]

    def keep_effect(self, scenario: str, transfer: str, line: str, found: Measured) -> Measured:
        self._effects[scenario, transfer, line] = found
        return found

    def pairs(self) -> list[tuple[str, str]]:
        """Each scenario with the one that it is compared with."""
        return [(CURRENT, NONE), *((reform, CURRENT) for reform in self.columns.reforms)]
