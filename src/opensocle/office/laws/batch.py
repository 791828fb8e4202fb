"""A law on the whole registry for a month: the same answers as the counter gives to each person, in set-based queries."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.plan import HOUSEHOLD, PERSON
from ...engine.running import run
from ...law.law import Law
from ...law.model import RESERVED
from ...periods import Month
from ..access.rules import Scope
from .registry import days_of
from .tables import DISTRICT, registry_population

if TYPE_CHECKING:
    import pyarrow as pa

KEYS = {PERSON: "person_id", HOUSEHOLD: "household_id"}


@dataclass(frozen=True)
class Batch:
    """The results for everybody. tables: by level, with `person_id` (or `household_id`, references), `office_district` and a column for each
    reserved variable of each scheme (`child_grant.benefit`). persons, households: how many there are.
    """

    law: Law
    month: Month
    tables: dict[str, pa.Table]
    persons: int
    households: int


def run_registry(
    law: Law,
    month: Month,
    *,
    scope: Scope | None = None,
    registers: Sequence[str] | None = None,
    memory_limit: str | None = None,
) -> Batch:
    """The law on every person and household of the registry, or of some districts."""
    tables: dict[str, pa.Table] = {}
    persons = households = 0
    for day, schemes in days_of(law, month).items():
        with tempfile.TemporaryDirectory(prefix="socle-registry-") as folder:
            population = registry_population(law, month, on=day, scope=scope, registers=registers, folder=Path(folder) / "people")
            persons = population.tables["persons"].rows
            households = population.tables["households"].rows if "households" in population.tables else 0
            wanted = [f"{name}.{variable}" for name in schemes for variable in RESERVED if (name, variable) in law.rules]
            result = run(law, population, month, wanted, keep=[DISTRICT], memory_limit=memory_limit)
            for level, table in result.tables.items():
                tables[level] = _joined(tables.get(level), table, KEYS[level])
    return Batch(law, month, tables, persons, households)


def _joined(before: pa.Table | None, table: pa.Table, key: str) -> pa.Table:
    """The columns of schemes that look at facts on another day, beside those that there are; in the order of the keys."""
    table = table.sort_by(key)
    if before is None:
        return table
    for name in table.column_names:
        if name not in before.column_names:
            before = before.append_column(name, table.column(name))
    return before


