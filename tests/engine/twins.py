"""Both engines on the same people: every result must be the same, unknowns included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from opensocle.engine.deciding import Decider
from opensocle.engine.running import column_name, run
from opensocle.law.law import Law
from opensocle.periods import Month
from opensocle.population.households import households
from opensocle.population.tables import Population


def differences(law: Law, population: Population, months: Sequence[Month], outputs: Sequence[str] | None = None, given: Sequence[str] = (), most: int = 5) -> list[str]:
    """The results of DuckDB that are not those of the closures, described; at most so many."""
    result = run(law, population, months, outputs)
    tables = {level: {row[f"{level}_id"]: row for row in result.table(level).to_pylist()} for level in result.tables}
    return compare(law, population, months, tables, outputs, given, most)


def compare(law: Law, population: Population, months: Sequence[Month], tables: Mapping[str, Mapping[Any, Any]], outputs: Sequence[str] | None, given: Sequence[str], most: int) -> list[str]:
    """The results in `tables` (by level and id) that are not those of the closures."""
    ids = population.tables["persons"].data.column("person_id").to_pylist() if population.tables["persons"].data is not None else list(tables["person"])
    homes = list({id(home): home for home in households(population, ids, law.vocabulary)}.values())
    found: list[str] = []
    for month in months:
        decider = Decider(law, month, outputs, frozenset(given))
        names = {column_name(decider.plan, o): (column_name(decider.plan, o) + (f"_{month}" if len(months) > 1 else ""), o.level) for o in decider.plan.outputs}
        for home in homes:
            decision = decider.decide(home)
            for name, (column, level) in names.items():
                rows = [(k, decision.values[k]) for k in home["members"]] if level == "person" else [(home["household"]["household_id"], decision.values["household"])] if home["household"] else []
                for key, values in rows:
                    there = tables[level][key][column]
                    if (there is None) != (values[name] is None) or there != values[name]:
                        found.append(f"{level} {key} {column}: closures {values[name]!r}, SQL {there!r}")
                        if len(found) >= most:
                            return found
    return found
