"""A population: tables of persons, households and histories, with a kind and a date, in Parquet files or in memory.

A folder holds `population.yaml` and, for each table, `<table>.parquet` or `<table>/part-*.parquet`. Opening reads the files' footers only.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import DataError, Problems, SocleError, nearest
from ..vocabulary.model import PERSONS, TABLES, Vocabulary
from .mapping import KINDS
from .marked import Marked, Path_, read_marked
from .survey.describing import DesignSaid, read_design
from .writing import DESCRIPTION, HashingSink, describe, hash_files, write_parquet

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


@dataclass(frozen=True)
class Table:
    """One table: Parquet files, or an Arrow table in memory."""

    name: str
    files: tuple[Path, ...] = ()
    data: pa.Table | None = None

    @cached_property
    def schema(self) -> pa.Schema:
        """Column names and Arrow types; the files of one table must agree."""
        if self.data is not None:
            return self.data.schema
        first = self._footers[0].schema.to_arrow_schema().remove_metadata()
        for path, footer in zip(self.files[1:], self._footers[1:], strict=True):
            other = footer.schema.to_arrow_schema().remove_metadata()
            if other != first:
                what = ", ".join(sorted(set(first.names) ^ set(other.names))) or "types"
                raise DataError("D019", f"the columns are not those of {self.files[0].name}: {what}", at=str(path))
        return first

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """Column name -> Arrow type, such as decimal128(18, 2)."""
        return {f.name: str(f.type) for f in self.schema}

    @cached_property
    def rows(self) -> int:
        """Number of rows."""
        return self.data.num_rows if self.data is not None else sum(footer.num_rows for footer in self._footers)

    @cached_property
    def _footers(self) -> tuple[pq.FileMetaData, ...]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        footers = []
        for path in self.files:
            try:
                footers.append(pq.read_metadata(path))
            except (OSError, pa.ArrowInvalid) as error:
                raise DataError("D016", "this is not a Parquet file", at=str(path)) from error
        return tuple(footers)

    def never_null(self, column: str) -> bool:
        """Whether the column is known to hold no null; False where the files do not say."""
        if column not in self.columns:
            return False
        if self.data is not None:
            return self.data.column(column).null_count == 0
        return all(s is not None and s.has_null_count and s.null_count == 0 for s in self._statistics(column))

    def bounds(self, column: str) -> tuple[Any, Any] | None:
        """The least and the greatest value (Decimal, date, int, str, bool); None where unknown or where no row has a value."""
        if column not in self.columns:
            return None
        if self.data is not None:
            import pyarrow.compute as pc

            found = pc.call_function("min_max", [self.data.column(column)]).as_py()
            return None if found["min"] is None else (found["min"], found["max"])
        pairs = []
        for footer, statistics in self._chunks(column):
            if statistics is not None and statistics.has_null_count and statistics.null_count == footer:
                continue  # nothing but nulls
            if statistics is None or not statistics.has_min_max:
                return None
            pairs.append((statistics.min, statistics.max))
        return (min(low for low, _ in pairs), max(high for _, high in pairs)) if pairs else None

    def _statistics(self, column: str) -> Iterator[Any]:
        for _, statistics in self._chunks(column):
            yield statistics

    def _chunks(self, column: str) -> Iterator[tuple[int, Any]]:
        """(rows, statistics or None) of the column in every row group."""
        at = list(self.schema.names).index(column)
        for footer in self._footers:
            for number in range(footer.num_row_groups):
                group = footer.row_group(number)
                chunk = group.column(at)
                yield group.num_rows, chunk.statistics if chunk.is_stats_set else None

    def hash(self) -> str:
        """SHA-256 of the files' bytes in order; for a table in memory, of the one file that `save` would write."""
        if self.data is None:
            return hash_files(self.files)
        sink = HashingSink()
        write_parquet(self.data.to_batches(), self.data.schema, sink)  # ty: ignore[invalid-argument-type]
        return sink.digest.hexdigest()


@dataclass(frozen=True)
class Population:
    """Whom the law applies to. `kind` is registry (weight 1), survey (sampling weights) or cells (numbers of persons).

    design: what a survey says of how it was drawn, besides its columns stratum, cluster and stratum_clusters.
    """

    kind: str
    date: date | None
    tables: Mapping[str, Table]
    currency: str | None = None
    digits: int | None = None
    design: DesignSaid | None = None

    @classmethod
    def open(cls, path: str | Path, *, kind: str | None = None, date: date | None = None) -> Population:
        """The population in a folder, or with its persons in one Parquet file. Raises DataError D010 to D019.

        `kind` and `date` replace those of population.yaml. Without either, the kind is `survey` where the persons have a weight, else `registry`.
        """
        path = Path(path)
        if path.is_file():
            marked, tables = Marked({}, str(path)), {PERSONS: Table(PERSONS, (path,))}
        elif path.is_dir():
            described = path / DESCRIPTION
            marked = read_marked(described) if described.is_file() else Marked({}, str(path))
            tables = _tables(path, marked)
        else:
            raise DataError("D010", "there is no such file or folder", at=str(path))
        if PERSONS not in tables:
            raise DataError("D010", "there is no table of persons", at=str(path), hint="a population needs persons.parquet")
        heading = _heading(marked)
        found = kind or heading.get("kind") or ("survey" if "weight" in tables[PERSONS].columns else "registry")
        kind, day, design = _known_kind(found, marked.at("kind")), date or heading.get("date"), _design(marked)
        return cls(kind, day, tables, heading.get("currency"), heading.get("digits"), design)

    @classmethod
    def of(
        cls,
        *,
        persons: Any,
        kind: str = "registry",
        date: date | None = None,
        vocabulary: Vocabulary | None = None,
        **others: Any,
    ) -> Population:
        """A population in memory from Arrow, pandas or Polars frames, maps of columns, or lists of rows; `others` are households, contributions…

        Checked as files are. `vocabulary` is the country's; by default the package's own, with amounts in XXX with 2 decimals.
        Raises DataError where a name is unknown or a row does not fit.
        """
        from ..vocabulary import vocabulary as base
        from .readers import read

        frames = {PERSONS: persons, **{name: data for name, data in others.items() if data is not None}}
        population, _ = read(frames, vocabulary=vocabulary or base(), kind=kind, date=date)
        return population

    @cached_property
    def _hash(self) -> str:
        lines = [f"{self.kind} {self.date}", *(f"{name} {self.tables[name].hash()}" for name in sorted(self.tables))]
        lines += [f"design {self.design.as_data()}"] if self.design else []
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def hash(self) -> str:
        """SHA-256 (hex) of kind, date, each table's `Table.hash` in the order of their names, and the design; paths do not matter.

        The same rows cut into other files, or written by another program, have another hash.
        """
        return self._hash

    def save(self, folder: str | Path) -> Population:
        """Write the population to a new or empty folder, and open it there. Raises DataError D018."""
        folder = Path(folder)
        with new_folder(folder) as made:
            entries = {name: _save(table, made) for name, table in self.tables.items()}
            describe(made, self.heading, entries)
        return Population.open(folder)

    @property
    def heading(self) -> dict[str, Any]:
        """What population.yaml says above the tables."""
        heading: dict[str, Any] = {"kind": self.kind, "date": self.date, "currency": self.currency, "digits": self.digits}
        return heading | ({"design": self.design.as_data()} if self.design else {})

    def person(self, person_id: int | str, vocabulary: Vocabulary | None = None) -> dict[str, Any]:
        """The facts of a person's household: see `households.household_of`."""
        from .households import household_of

        return household_of(self, person_id, vocabulary)


def _heading(marked: Marked) -> dict[str, Any]:
    """kind, date, currency and digits of population.yaml, each of its type."""
    types = {"kind": str, "date": date, "currency": str, "digits": int}
    heading = {name: marked.data[name] for name in types if marked.data.get(name) is not None}
    for name, value in heading.items():
        if not isinstance(value, types[name]):
            raise DataError("D013", f"{name} cannot be {value!r}", at=marked.at(name))
    return heading


def _design(marked: Marked) -> DesignSaid | None:
    """What population.yaml says of the survey's design."""
    if not isinstance(marked.data, dict) or marked.data.get("design") is None:
        return None
    problems: list[SocleError] = []

    def wrong(what: str, path: Path_, hint: str) -> None:
        problems.append(DataError("D013", what, at=marked.at(*path), hint=hint))

    design = read_design(marked.data["design"], ("design",), wrong)
    if problems:
        raise Problems(problems)
    return design


def _known_kind(kind: str, at: str) -> str:
    if kind not in KINDS:
        raise DataError("D023", f"{kind!r} is not a kind of population", at=at, hint=f"use one of {', '.join(KINDS)}")
    return kind


def _tables(folder: Path, marked: Marked) -> dict[str, Table]:
    """The tables that population.yaml lists, or else those whose files are there."""
    if not isinstance(marked.data, dict):
        raise DataError("D013", "population.yaml must be a map", at=marked.file)
    listed = marked.data.get("tables")
    if listed is None:
        found = {table: _files(folder, table) for table in TABLES}
        return {table: Table(table, files) for table, files in found.items() if files}
    tables: dict[str, Table] = {}
    for name in listed if isinstance(listed, dict) else ():
        if name not in TABLES:
            raise DataError("D014", f"{name!r} is not a table", at=marked.at("tables", name), hint=nearest(str(name), TABLES))
        names = listed[name].get("files") if isinstance(listed[name], dict) else None
        if not isinstance(names, list) or not names:
            raise DataError("D013", f"table {name!r} has no list of files", at=marked.at("tables", name), hint="write files: [persons.parquet]")
        files = tuple(folder / str(file) for file in names)
        for number, file in enumerate(files):
            if not file.resolve().is_relative_to(folder.resolve()) or not file.is_file():
                raise DataError("D010", f"there is no file {names[number]!r} in the folder", at=marked.at("tables", name, "files", number))
        tables[name] = Table(name, files)
    return tables


def _files(folder: Path, table: str) -> tuple[Path, ...]:
    one = folder / f"{table}.parquet"
    return (one,) if one.is_file() else tuple(sorted((folder / table).glob("*.parquet")))


def _save(table: Table, folder: Path) -> dict[str, object]:
    """Write or copy a table; gives its entry in population.yaml. The files keep their bytes, so the hash stays."""
    if table.data is not None:
        target = folder / f"{table.name}.parquet"
        rows = write_parquet(table.data.to_batches(), table.data.schema, target)
        return {"files": [target.name], "rows": rows, "sha256": hash_files([target])}
    names = [f"{table.name}.parquet"] if len(table.files) == 1 else [f"{table.name}/part-{n:04d}.parquet" for n in range(len(table.files))]
    for source, name in zip(table.files, names, strict=True):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(source, folder / name)
    return {"files": names, "rows": table.rows, "sha256": table.hash()}


@contextmanager
def new_folder(folder: Path) -> Generator[Path]:
    """A folder that appears under its name only when everything in it is written. Raises DataError D018 if it exists and is not empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DataError("D018", "there is something here already", at=str(folder), hint="choose a new folder, or remove this one first")
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
