"""How well each transfer finds the poor: errors of exclusion and inclusion, the CGH index, and what it costs to lift a person out of poverty.

The poor are those before all transfers. Definitions: docs/methods/impact.md#incidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isclose

from .battery import Battery, Found, Key
from .incidence import exclusion_error, inclusion_error
from .measured import Measured
from .model import NONE
from .sample import size

POOREST = 0.4
"""The share of persons whose part of the money the CGH index looks at, as Coady, Grosh and Hoddinott do."""


def cgh(moneys: Sequence[Measured], spent: Measured) -> Measured | None:
    """Share of the money that goes to the poorest two fifths, divided by two fifths; None where quantiles do not make them.

    moneys: by quantile, the poorest first.
    """
    chosen = round(POOREST * len(moneys))
    if not isclose(chosen, POOREST * len(moneys)):
        return None
    return sum(moneys[1:chosen], moneys[0]) / spent / POOREST


def errors_of_targeting(battery: Battery, scenario: str, name: str, spent: Measured) -> Iterator[Found]:
    """The poor who are missed, the beneficiaries who are not poor, and the cost for each person whom the transfer lifts out of poverty."""
    people, added = battery.everyone, battery.added
    start, amount = (battery.whole(column) for column in (battery.columns.welfare[NONE], battery.columns.transfers[scenario][name]))
    persons = added(size(people))
    for line in battery.columns.lines:
        at = battery.lines[line.name, NONE].whole
        yield Key("exclusion_error", name, line.name, scenario), added(exclusion_error(people, amount, start, at))
        yield Key("inclusion_error", name, line.name, scenario), added(inclusion_error(people, amount, start, at))
        lifted = battery.effect(scenario, name, line.name) * persons
        yield Key("cost_per_person_lifted", name, line.name, scenario), spent / lifted
