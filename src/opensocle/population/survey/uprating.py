"""A survey of one year as of another: amounts times a factor, dates later by the same years, so that ages and lengths stay. Weights stay too.

API: `uprate(survey, vocabulary, factor, years) -> Population`. Method: docs/methods/survey.md#uprating.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from ...errors import DataError
from ...vocabulary.model import Vocabulary
from ..tables import Population, Table
from .rows import read_table

if TYPE_CHECKING:
    import pyarrow as pa


def uprate(survey: Population, vocabulary: Vocabulary, factor: Decimal, years: int = 0) -> Population:
    """The survey `years` later, in memory: money times the factor (6 decimals of it), rounded half away from zero; dates `years` later.

    Raises DataError D024 where the survey has no date.
    """
    day = later(survey.date, years)
    tables = {name: _moved(name, read_table(table), vocabulary, years, factor) for name, table in survey.tables.items()}
    made = {name: Table(name, data=table) for name, table in tables.items()}
    return Population(survey.kind, day, made, survey.currency, survey.digits, survey.design)


def later(day: date | None, years: int) -> date:
    """The day `years` later, at most the 28th of its month; a survey without a date is refused."""
    if day is None:
        raise DataError("D024", "the survey has no date", hint="say date: in its population.yaml")
    return date(day.year + years, day.month, min(day.day, 28))


def _moved(name: str, table: pa.Table, vocabulary: Vocabulary, years: int, factor: Decimal) -> pa.Table:
    """The table with its amounts times the factor and its dates later."""
    import pyarrow as pa
    import pyarrow.compute as pc

    words = vocabulary.tables.get(name, {})
    for position, column in enumerate(table.schema):
        word = words.get(column.name)
        if word and word.unit.currency and pa.types.is_decimal(column.type):
            scale = column.type.scale
            ratio = pa.scalar(factor.quantize(Decimal("1e-6")), pa.decimal128(12, 6))
            exact = pc.call_function("multiply", [table.column(position).cast(pa.decimal128(18, scale)), ratio])
            rounded = pc.call_function("round", [exact], pc.RoundOptions(scale, "half_towards_infinity"))
            table = table.set_column(position, column.name, rounded.cast(pa.decimal128(18, scale)))
        elif pa.types.is_date(column.type) and years:
            table = table.set_column(position, column.name, _shifted(table.column(position), years))
    return table


def _shifted(column: pa.ChunkedArray, years: int) -> pa.Array:
    """Dates the same day `years` later; 29 February becomes 1 March in other years."""
    import pyarrow as pa

    days = np.asarray(column.to_numpy()).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    moved = (months + 12 * years).astype("datetime64[D]") + (days - months.astype("datetime64[D]"))
    return pa.array(moved, pa.date32(), mask=np.isnat(days))
