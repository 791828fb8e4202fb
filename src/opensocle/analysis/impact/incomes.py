"""Income concepts of a study: components named by the settings, added up as the CEQ handbook does, with poverty and inequality by each.

Transfers follow the scenario; all other components are those of the survey and of the law in force. docs/methods/impact.md#income-concepts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from .battery import Battery, Found, Key
from .concepts import concepts, names, terms
from .facts import Facts
from .inequality import gini
from .measured import Array
from .poverty import fgt
from .ranking import average
from .settings import Component, Income, Settings
from .transfers import Received
from .welfare import DIGITS, added_terms, equivalents

MEASURES = {"income_fgt0": 0, "income_fgt1": 1}


def formed(income: Income) -> tuple[str, ...]:
    """The concepts that a study shows: those asked for, or all whose components are given."""
    return income.wanted or tuple(name for name in names(income.treatment) if not lacking(income, name))


def lacking(income: Income, concept: str) -> list[str]:
    """The components of a concept that the settings do not give."""
    return [name for name in terms(concept, income.treatment) if name not in income.components]


def incomes(settings: Settings, facts: Facts, scenarios: Mapping[str, Received]) -> dict[str, dict[str, Array]]:
    """By scenario and concept: each household's income an adult equivalent, in the period's money; NaN where a component is unknown."""
    income = settings.income
    if income is None:
        return {}
    scale, wanted = equivalents(settings.scale, facts), formed(income)
    own = {name: added_terms(settings, facts, part.persons, part.households) for name, part in income.components.items()}
    found = {}
    for scenario, got in scenarios.items():
        amounts = {name: own[name] + _transfers(part, got, len(scale)) for name, part in income.components.items()}
        made = concepts(amounts, income.treatment, wanted)
        found[scenario] = {name: np.round(column, DIGITS) / scale for name, column in made.items()}
    return found


def _transfers(part: Component, got: Received, count: int) -> Array:
    return sum((got.amounts[name] for name in part.transfers), np.zeros(count))


def by_concept(battery: Battery) -> Iterator[Found]:
    """Mean, Gini coefficient and poverty by each concept and scenario, by the lines of the study, of those whose income is known."""
    people, added = battery.everyone, battery.added
    for scenario, columns in battery.columns.incomes.items():
        for concept, column in columns.items():
            income = column[people.rows]
            yield Key("income_mean", concept, "", scenario), added(average(people, np.nan_to_num(income), people.known(income)))
            yield Key("income_gini", concept, "", scenario), added(gini(people, income))
            for line in battery.columns.lines:
                at = battery.lines[line.name, scenario].whole
                for measure, alpha in MEASURES.items():
                    yield Key(measure, concept, line.name, scenario), added(fgt(people, income, at, alpha))
