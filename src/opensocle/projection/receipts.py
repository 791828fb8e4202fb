"""What the households of a survey receive: the law's benefits of a month, for as many of those entitled as take them up.

API: `add_receipts(survey, law, folder, seed) -> Population`. Method: docs/methods/drawing.md#receipts.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engine.running import run
from ..errors import DataError
from ..law.law import Law
from ..periods import Month
from ..population.survey.rows import read_table
from ..population.survey.sampled import Receipt, with_receipts
from ..population.tables import Population
from .assumptions import read_assumptions

if TYPE_CHECKING:
    import pyarrow as pa

PAID = ("monthly",)
"""Only what is paid by the month is asked about: a survey's day catches no single payment."""


def add_receipts(survey: Population, law: Law, folder: str | Path, seed: int, names: str = "base") -> Population:
    """The survey with the receipts of its month. A household's benefit is paid to its head.

    Take-up is that of assumptions/{names}.yaml, of the survey's year; 1 where there are none. Raises DataError D048 where the survey has no date.
    """
    if survey.date is None:
        raise DataError("D048", "the survey has no date", hint="say date: in its population.yaml")
    month = Month(survey.date.year, survey.date.month)
    schemes = [name for name, its in law.schemes.items() if its.paid in PAID and name not in law.events and "benefit" in its.variables]
    result = run(law, survey, month, [f"{name}.benefit" for name in schemes])
    heads = _heads(survey)
    receipts: dict[str, list[Receipt]] = {}
    for name in schemes:
        level = law.rules[name, "benefit"].entity
        receipts[name] = _paid(result.table(level), f"{level}_id", f"{name}.benefit", heads if level == "household" else None)
    known = (Path(folder) / "assumptions" / f"{names}.yaml").is_file()
    assumed = read_assumptions(folder, names, law) if known else None

    def share(scheme: str) -> Decimal:
        return assumed.take_up_of(scheme, month.year) if assumed else Decimal(1)

    return with_receipts(survey, receipts, share, seed, date(month.year, month.number, 1), law.country.code)


def _paid(table: pa.Table, key: str, column: str, heads: dict[Any, Any] | None) -> list[Receipt]:
    """Who gets how much, where it is more than nothing."""
    pairs = zip(table.column(key).to_pylist(), table.column(column).to_pylist(), strict=True)
    return [(heads[one] if heads is not None else one, amount) for one, amount in pairs if amount]


def _heads(survey: Population) -> dict[Any, Any]:
    """household -> its head, where that is alive; else the first of its living members; else its first member."""
    table = survey.tables["persons"]
    also = [name for name in ("relationship_to_head", "death_date") if name in table.columns]
    found: dict[Any, tuple[int, Any]] = {}
    for row in read_table(table, ["person_id", "household_id", *also]).to_pylist():
        rank = 2 if row.get("death_date") else int(row.get("relationship_to_head") != "head")
        if row["household_id"] not in found or rank < found[row["household_id"]][0]:
            found[row["household_id"]] = rank, row["person_id"]
    return {home: person for home, (_, person) in found.items()}
