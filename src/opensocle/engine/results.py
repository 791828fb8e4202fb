"""What a run gives: a table of persons and one of households, with what made them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError, nearest
from ..periods import Month

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Column:
    """A result column: a variable of the law in a month."""

    name: str
    owner: str
    variable: str
    month: Month
    level: str
    unit: str = ""


@dataclass(frozen=True)
class Result:
    """The results of a run.

    tables: Arrow tables in memory or Parquet files, by level (`person`, `household`). `absent`: columns that the law asked for and the
    data did not have, which left results unknown. Money columns are DECIMAL with the currency's decimals; null is unknown.
    """

    law_hash: str
    data_hash: str
    version: str
    engine: str
    period: tuple[Month, ...]
    columns: tuple[Column, ...]
    tables: Mapping[str, Any]
    rows: Mapping[str, int]
    weighted: bool = False
    keep: tuple[str, ...] = ()
    absent: tuple[tuple[str, str], ...] = ()
    country: str = ""
    currency: str = ""
    indices: Mapping[str, Any] = field(default_factory=dict)

    def table(self, level: str = "person") -> pa.Table:
        """The results of a level as an Arrow table, columns as in `columns`. Raises InputError P050."""
        if level not in self.tables:
            raise InputError("P050", f"the run has no results by {level}", hint=f"it has: {', '.join(self.tables) or 'none'}")
        found = self.tables[level]
        if isinstance(found, Path):
            import pyarrow.parquet as pq

            return pq.read_table(found)
        return found

    def to_pandas(self, level: str = "person") -> Any:
        """The results of a level as a pandas frame; decimals stay exact."""
        return self.table(level).to_pandas()

    def to_polars(self, level: str = "person") -> Any:
        """The results of a level as a Polars frame."""
        from importlib import import_module

        try:
            return import_module("polars").from_arrow(self.table(level))
        except ModuleNotFoundError as error:
            raise InputError("D002", "polars is not installed", hint="pip install 'opensocle[frames]'") from error

    def unknown(self) -> dict[str, int]:
        """How many rows of each column are unknown, where some are."""
        counts: dict[str, int] = {}
        for level, found in self.tables.items():
            nulls = _parquet_nulls(found) if isinstance(found, Path) else {name: found.column(name).null_count for name in found.column_names}
            counts |= {c.name: nulls[c.name] for c in self.columns if c.level == level and nulls.get(c.name)}
        return counts

    def totals(self, by: Sequence[str] = (), names: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """Totals of every amount and number of those entitled, over all persons or households and by group.

        by: columns kept in the run (`keep=`); None stands for a column that a level does not have (a household has no sex).
        One row a variable, month and group:
        total (Decimal: amounts times weights), positive (number with a value above zero or true, weighted), unknown (rows).
        """
        from .totals import totals

        for name in by:
            if name not in self.keep:
                raise InputError("P051", f"the run did not keep {name!r}", hint=nearest(name, list(self.keep)) or "name it in keep=")
        return totals(self, by, names)

    def statement(self) -> dict[str, Any]:
        """What made these results, as plain data."""
        return {
            "law": self.law_hash,
            "data": self.data_hash,
            "program": self.version,
            "engine": self.engine,
            "period": [str(month) for month in self.period],
            "country": self.country,
            "currency": self.currency,
            "rows": dict(self.rows),
            "unknown": self.unknown(),
            "not_in_the_data": [f"{table}.{name}" if name else table for table, name in self.absent],
        }

    def write(self, folder: str | Path) -> Path:
        """Writes persons.parquet, households.parquet and run.json into a folder, made if missing."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for level, found in self.tables.items():
            target = folder / f"{level}s.parquet"
            if isinstance(found, Path):
                if found.resolve() != target.resolve():
                    target.write_bytes(found.read_bytes())
            else:
                import pyarrow.parquet as pq

                pq.write_table(found, target)
        (folder / "run.json").write_text(json.dumps(self.statement(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        return folder


def _parquet_nulls(path: Path) -> dict[str, int]:
    import pyarrow.parquet as pq

    footer = pq.read_metadata(path)
    names = footer.schema.to_arrow_schema().names
    counts = dict.fromkeys(names, 0)
    for number in range(footer.num_row_groups):
        group = footer.row_group(number)
        for at, name in enumerate(names):
            statistics = group.column(at).statistics
            counts[name] += statistics.null_count if statistics is not None and statistics.has_null_count else 0
    return counts


def as_decimal(value: Any) -> Decimal:
    """A total as DuckDB gives it."""
    return value if isinstance(value, Decimal) else Decimal(value or 0)
