"""A law on the whole registry for a month: the same answers as the counter gives to each person, in set-based queries."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.plan import HOUSEHOLD, PERSON
from ...engine.results import Result
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
    """The results for everybody: one `Result` for each day on which the law looks at facts, nearly always one.

    Their tables, by level, have `person_id` (or `household_id`), which are references, `office_district`, and a column for each reserved
    variable of each scheme (`child_grant.benefit`).
    """

    law: Law
    month: Month
    results: tuple[Result, ...]
    persons: int
    households: int

    def table(self, level: str) -> pa.Table:
        """All schemes' columns of a level, in the order of the references."""
        key = KEYS[level]
        whole: pa.Table | None = None
        for result in self.results:
            if level not in result.tables:
                continue
            table = result.table(level).sort_by(key)
            if whole is None:
                whole = table
                continue
            for name in table.column_names:
                if name not in whole.column_names:
                    whole = whole.append_column(name, table.column(name))
        if whole is None:
            raise LookupError(level)
        return whole


def run_registry(
    law: Law,
    month: Month,
    *,
    scope: Scope | None = None,
    registers: Sequence[str] | None = None,
    folder: Path | None = None,
    memory_limit: str | None = None,
) -> Batch:
    """The law on every person and household of the registry, or of some districts.

    folder: for results as Parquet files, written as they are computed; without it they are kept in memory. The registry's tables are
    always read into files, piece by piece. memory_limit: of the calculation, such as `1GB`.
    """
    results: list[Result] = []
    persons = households = 0
    for number, (day, schemes) in enumerate(days_of(law, month).items()):
        with tempfile.TemporaryDirectory(prefix="socle-registry-") as place:
            population = registry_population(law, month, on=day, scope=scope, registers=registers, folder=Path(place) / "people")
            persons = population.tables["persons"].rows
            households = population.tables["households"].rows if "households" in population.tables else 0
            wanted = [f"{name}.{variable}" for name in schemes for variable in RESERVED if (name, variable) in law.rules]
            out = folder / str(number) if folder else None
            results.append(run(law, population, month, wanted, keep=[DISTRICT], out=out, memory_limit=memory_limit))
    return Batch(law, month, tuple(results), persons, households)
