"""The closures as the twin of the SQL engines: on the same people every result must be the same, unknowns included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from opensocle.engine.deciding import Decider, Decision
from opensocle.engine.running import column_name, run
from opensocle.law.law import Law
from opensocle.periods import Month
from opensocle.population.households import households
from opensocle.population.tables import Population


def differences(
    law: Law, population: Population, months: Sequence[Month], outputs: Sequence[str] | None = None, given: Sequence[str] = (), most: int = 5
) -> list[str]:
    """The results of DuckDB that are not those of the closures, described; at most so many."""
    return compare(law, population, months, by_id(run(law, population, months, outputs)), outputs, given, most)


def by_id(result: Any) -> dict[str, dict[Any, dict[str, Any]]]:
    """The rows of a run's results by level and identifier."""
    return {level: {row[f"{level}_id"]: row for row in result.table(level).to_pylist()} for level in result.tables}


def compare(
    law: Law,
    population: Population,
    months: Sequence[Month],
    tables: Mapping[str, Mapping[Any, Any]],
    outputs: Sequence[str] | None = None,
    given: Sequence[str] = (),
    most: int = 5,
) -> list[str]:
    """The results in `tables` (by level and identifier) that are not those of the closures."""
    data = population.tables["persons"].data
    ids = list(tables["person"]) if data is None else data.column("person_id").to_pylist()
    homes = list({id(home): home for home in households(population, ids, law.vocabulary)}.values())
    found: list[str] = []
    for month in months:
        decider = Decider(law, month, outputs, frozenset(given))
        suffix = f"_{month}" if len(months) > 1 else ""
        names = [(column_name(decider.plan, output), output.level) for output in decider.plan.outputs]
        for home in homes:
            decision = decider.decide(home)
            for name, level in names:
                for key, value in _results(decision, home, name, level):
                    there = tables[level][key][name + suffix]
                    if (there is None) != (value is None) or there != value:
                        found.append(f"{level} {key} {name}{suffix}: closures {value!r}, SQL {there!r}")
            if len(found) >= most:
                return found[:most]
    return found


def _results(decision: Decision, home: Mapping[str, Any], name: str, level: str) -> list[tuple[Any, Any]]:
    """(identifier, value) of a result for each member, or for the household."""
    if level == "person":
        return [(key, decision.values[key][name]) for key in home["members"]]
    return [(home["household"]["household_id"], decision.values["household"][name])] if home["household"] else []
