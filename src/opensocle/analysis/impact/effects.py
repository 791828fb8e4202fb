"""What transfers and reforms do: who receives what by quantile, what each transfer adds, who gains and loses, what it costs.

Quantiles are of persons ranked by welfare before transfers, with the influence of their boundaries (`parts.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from . import mobility
from .battery import ALPHAS, Battery, Found, Key, LineAt, together
from .curves import concentration
from .incidence import received
from .inequality import gini
from .measured import Array, Measured
from .model import CURRENT, NONE, QUANTILE
from .parts import Parts
from .redistribution import kakwani, redistribution
from .sample import size, total
from .targeting import cgh, errors_of_targeting
from .totals import poor_total


def effects(battery: Battery) -> Iterator[Found]:
    """Every figure of transfers, quantiles and reforms."""
    transfers = [(scenario, name, one) for scenario, made in battery.columns.transfers.items() for name, one in made.items()]
    parts = Parts(battery.view, battery.everyone, battery.whole(battery.columns.welfare[NONE]), battery.columns.quantiles)
    tasks = [partial(_redistribution, battery), *(partial(_transfer, battery, *one) for one in transfers)]
    for found in together([*tasks, partial(_quantiles, battery, parts), partial(_gains, battery, parts)]):
        yield from found
    for reform in battery.columns.reforms:
        yield from _cost(battery, reform)


def _redistribution(battery: Battery) -> Iterator[Found]:
    """The change of inequality from before transfers, and its two parts."""
    start = battery.whole(battery.columns.welfare[NONE])
    for scenario in battery.scenarios:
        if scenario != NONE:
            found = redistribution(battery.everyone, start, battery.whole(battery.columns.welfare[scenario]))
            yield Key("redistributive_effect", scenario=scenario), battery.added(found.effect)
            yield Key("reynolds_smolensky", scenario=scenario), battery.added(found.vertical)
            yield Key("reranking", scenario=scenario), battery.added(found.reranking)


def _transfer(battery: Battery, scenario: str, name: str, transfer: Array) -> Iterator[Found]:
    """What one transfer adds: inequality and poverty without it, less with it; who is helped by the money."""
    people, added, amount = battery.everyone, battery.added, battery.whole(transfer)
    start, after = battery.whole(battery.columns.welfare[NONE]), battery.whole(battery.columns.welfare[scenario])
    money = battery.whole(battery.columns.money[scenario][name])
    spent = added(total(people, money))
    if not spent.estimate:
        return
    without, ginis = after - amount, battery.ginis[scenario]
    yield Key("concentration", name, scenario=scenario), added(concentration(people, amount, start))
    yield Key("kakwani", name, scenario=scenario), added(kakwani(people, amount, start, "transfer"))
    yield Key("gini_effect", name, scenario=scenario), added(gini(people, without)) - ginis
    for line in battery.columns.lines:
        at = battery.lines[line.name, scenario]
        before = battery.fgts(people, without, at)
        now = [battery.rate(scenario, line.name, alpha) for alpha in ALPHAS]
        yield Key("poverty_effect", name, line.name, scenario), battery.keep_effect(scenario, name, line.name, before[0] - now[0])
        yield Key("gap_effect", name, line.name, scenario), before[1] - now[1]
        yield Key("gap_closed", name, line.name, scenario), (_gap(battery, without, at) - _gap(battery, after, at)) / spent
        poor = poor_total(people, money, start, battery.lines[line.name, NONE].whole)
        yield Key("to_poor", name, line.name, scenario), added(poor) / spent
    yield from errors_of_targeting(battery, scenario, name, spent)


def _gap(battery: Battery, welfare: Array, line: LineAt) -> Measured:
    """What it would take to lift every poor household to the line, in money."""
    poor = (welfare < line.value) * battery.whole(battery.columns.factor)
    found = battery.added(total(battery.everyone, poor * (line.value - welfare)))
    if line.added is None:
        return found
    return Measured(found.estimate, found.influence + float(battery.everyone.weights @ poor) * line.added.influence, found.observations)


def _quantiles(battery: Battery, parts: Parts) -> Iterator[Found]:
    """By quantile: mean welfare, and for each transfer coverage, shares of beneficiaries and money, the mean of recipients."""
    columns = battery.columns
    heads = parts.totals(np.ones(len(battery.everyone.rows)))
    for number, head in enumerate(heads, 1):
        yield Key("persons", scenario="", grouping=QUANTILE, group=str(number)), head
    for scenario, welfare in columns.welfare.items():
        for number, held in enumerate(parts.totals(battery.whole(welfare)), 1):
            yield Key("mean", scenario=scenario, grouping=QUANTILE, group=str(number)), held / heads[number - 1]
    for scenario, transfers in columns.money.items():
        for of, transfer in transfers.items():
            amount = battery.whole(transfer)
            moneys, whos = parts.totals(amount), parts.totals(received(amount))
            spent, reached = _sum(moneys), _sum(whos)
            if not spent.estimate:
                continue
            if (index := cgh(moneys, spent)) is not None:
                yield Key("cgh", of, scenario=scenario), index
            for number, (money, who) in enumerate(zip(moneys, whos, strict=True), 1):
                where = {"scenario": scenario, "grouping": QUANTILE, "group": str(number)}
                yield Key("coverage", of, **where), who / heads[number - 1]
                yield Key("beneficiaries", of, **where), who / reached
                yield Key("incidence", of, **where), money / spent
                yield Key("mean_transfer", of, **where), money / who


def _sum(parts: list[Measured]) -> Measured:
    """The whole of the parts."""
    influence = np.sum([part.influence for part in parts], axis=0)
    return Measured(sum(part.estimate for part in parts), influence, sum(part.observations for part in parts))


def _gains(battery: Battery, parts: Parts) -> Iterator[Found]:
    """Shares who gain and lose and the mean change, of all and by quantile."""
    columns = battery.columns
    heads = parts.totals(np.ones(len(battery.everyone.rows)))
    everyone = _sum(heads)
    for scenario, against in battery.pairs():
        moves = mobility.change(battery.whole(columns.welfare[against]), battery.whole(columns.welfare[scenario]))
        told = {"winners": (moves > 0).astype(float), "losers": (moves < 0).astype(float), "mean_change": moves}
        for measure, column in told.items():
            found = parts.totals(column)
            yield Key(measure, against, "", scenario), _sum(found) / everyone
            for number, held in enumerate(found, 1):
                yield Key(measure, against, "", scenario, QUANTILE, str(number)), held / heads[number - 1]


def _cost(battery: Battery, reform: str) -> Iterator[Found]:
    """What a reform costs more than the law in force, and for each person whom it lifts out of poverty."""
    net = battery.columns.net
    spent = battery.added(total(battery.everyone, battery.whole(net[reform]) - battery.whole(net[CURRENT])))
    yield Key("cost", CURRENT, "", reform), spent
    persons = battery.added(size(battery.everyone))
    for line in battery.columns.lines:
        rates = [battery.rate(scenario, line.name) for scenario in (CURRENT, reform)]
        lifted = (rates[0] - rates[1]) * persons
        yield Key("lifted", CURRENT, line.name, reform), lifted
        yield Key("cost_per_lifted", CURRENT, line.name, reform), spent / lifted
