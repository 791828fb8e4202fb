"""Files and frames brought into DuckDB as they are, row by row in their order: CSV, Parquet, Excel, Stata, SPSS, Arrow, pandas, Polars.

A raw table has columns c0, c1, … (the source columns that are used, in order of first use) and DuckDB's own row ids, which start at 0.
Nothing is converted here: CSV and Excel values stay texts, the others keep their types.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import DataError, InputError, nearest
from .mapping import TableRule

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".dta": "stata",
    ".sav": "spss",
    ".zsav": "spss",
}
CHUNK = 50_000
STATISTICS_CHUNK = 500_000


@dataclass(frozen=True, slots=True)
class Source:
    """One file, or one frame in memory."""

    data: Any
    label: str

    @property
    def format(self) -> str:
        """csv, parquet, excel, stata, spss or arrow. Raises DataError D016 for anything else."""
        if not isinstance(self.data, Path):
            return "arrow"
        if self.data.suffix.lower() not in FORMATS:
            known = ", ".join(FORMATS)
            raise DataError("D016", f"files that end in {self.data.suffix or 'nothing'} cannot be read", at=self.label, hint=f"use one of {known}")
        return FORMATS[self.data.suffix.lower()]


@dataclass(frozen=True, slots=True)
class Segment:
    """The rows of a raw table that come from one source: row ids first … first + rows - 1."""

    label: str
    first: int
    rows: int
    unreadable: tuple[int, ...] = ()  # row numbers of lines that could not be read, counted from 1 below the header

    def row(self, seq: int) -> int:
        """The number of a row in its file, the first below the header being 1."""
        rank = seq - self.first + 1
        return rank + sum(1 for number, bad in enumerate(self.unreadable, 1) if bad - number < rank)


@dataclass(slots=True)
class Raw:
    """A raw table: where its columns come from and their DuckDB types."""

    name: str
    columns: dict[str, str]  # source column -> c0, c1, …
    types: dict[str, str] = field(default_factory=dict)  # c0 -> DuckDB type
    typed: bool = True
    segments: list[Segment] = field(default_factory=list)
    row_id: str = "rowid"  # or `origin` where equal rows were made one

    def place(self, seq: int) -> tuple[str, int]:
        """The file and row number of a row id."""
        segment = next(s for s in reversed(self.segments) if s.first <= seq)
        return segment.label, segment.row(seq)


def header(source: Source, rule: TableRule) -> list[str]:
    """The names of a source's columns, in order."""
    kind = source.format
    if kind == "csv":
        return _csv_header(source, rule)
    if kind == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return list(pq.read_schema(source.data).names)
        except (OSError, pa.ArrowInvalid) as error:
            raise DataError("D016", "this is not a Parquet file", at=source.label) from error
    if kind == "excel":
        return [str(cell).strip() if cell is not None else "" for cell in next(_sheet_rows(source, rule), ())]
    if kind in ("stata", "spss"):
        return list(_pyreadstat(source, metadata=True).column_names)
    return list(source.data.schema.names)


def load(connection: duckdb.DuckDBPyConnection, name: str, sources: Sequence[Source], rule: TableRule) -> Raw:
    """A raw table made of the sources, one below the other."""
    used = list(dict.fromkeys(r.column for r in rule.rules if r.column is not None))
    raw = Raw(name, {column: f"c{number}" for number, column in enumerate(used)})
    raw.typed = all(source.format not in ("csv", "excel") for source in sources)
    for source in sources:
        names = header(source, rule)
        _present(source, rule, names)
        before = _count(connection, name) if raw.segments else 0
        unreadable = _bring(connection, raw, source, rule, names)
        raw.segments.append(Segment(source.label, before, _count(connection, name) - before, unreadable))
    for column, alias in raw.columns.items():
        if any(mark in raw.types[alias] for mark in ("[", "STRUCT", "MAP", "UNION", "BLOB")):
            raise DataError("D016", f"column {column!r} does not hold plain values", at=sources[0].label)
    if rule.distinct:
        _make_distinct(connection, raw)
    return raw


def _make_distinct(connection: duckdb.DuckDBPyConnection, raw: Raw) -> None:
    """Keep the first of the rows that are equal; `origin` remembers its row id."""
    columns = ", ".join(raw.types)
    made = f'SELECT {columns}, min(rowid) AS origin FROM "{raw.name}" GROUP BY {columns} ORDER BY origin'
    connection.execute(f'CREATE TABLE "{raw.name}_distinct" AS {made}')
    raw.name, raw.row_id = f"{raw.name}_distinct", "origin"


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    row = connection.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0]
    return int(row[0])


def _present(source: Source, rule: TableRule, names: Sequence[str]) -> None:
    """Every column that the rule uses is there, once."""
    problems = []
    for r in rule.rules:
        if r.column is not None and names.count(r.column) != 1:
            what = "there is no column" if r.column not in names else "there are several columns"
            problems.append(f"{what} {r.column!r} for {r.target}")
    if not problems:
        return
    hint = nearest(next(r.column for r in rule.rules if r.column is not None and names.count(r.column) != 1), names)
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|,"):
        hint = "the columns seem to be separated by another character: set delimiter"
    raise DataError("D015", "; ".join(problems), at=source.label, hint=hint)


def _bring(connection: duckdb.DuckDBPyConnection, raw: Raw, source: Source, rule: TableRule, names: Sequence[str]) -> tuple[int, ...]:
    """Append a source's rows; gives the row numbers of CSV lines that could not be read."""
    kind = source.format
    if kind == "csv":
        return _bring_csv(connection, raw, source, rule, names)
    if kind == "parquet":
        aliases = ", ".join(f"s{number}" for number in range(len(names)))
        picked = [f"s{names.index(column)} AS {alias}" for column, alias in raw.columns.items()]
        _append(connection, raw, source, f"SELECT {', '.join(picked) or '1 AS c0'} FROM read_parquet({quoted(str(source.data))}) AS s({aliases})")
        return ()
    if kind == "excel":
        _bring_batches(connection, raw, source, _excel_batches(source, rule, raw, names))
    elif kind in ("stata", "spss"):
        _bring_batches(connection, raw, source, _statistics_batches(source, rule, raw))
    else:
        table = source.data.select(list(raw.columns)) if raw.columns else source.data.select(source.data.schema.names[:1])
        _bring_batches(connection, raw, source, iter([table.rename_columns(list(raw.columns.values()) or ["c0"])]))
    return ()


def _append(connection: duckdb.DuckDBPyConnection, raw: Raw, source: Source, select: str) -> None:
    """Create the raw table from a query, or append to it if the types are the same."""
    described = {str(row[0]): str(row[1]) for row in connection.execute(f"DESCRIBE {select}").fetchall()}
    if not raw.types:
        connection.execute(f'CREATE TABLE "{raw.name}" AS {select}')
        raw.types.update(described)
        return
    for alias, kind in raw.types.items():
        if described[alias] != kind:
            column = next((c for c, a in raw.columns.items() if a == alias), alias)
            raise DataError("D019", f"column {column!r} is {described[alias]} here and {kind} in the files before", at=source.label)
    connection.execute(f'INSERT INTO "{raw.name}" {select}')


def _bring_batches(connection: duckdb.DuckDBPyConnection, raw: Raw, source: Source, batches: Iterator[pa.Table]) -> None:
    for batch in batches:
        connection.register("batch_in", batch)
        _append(connection, raw, source, f"SELECT {', '.join(batch.schema.names)} FROM batch_in")
        connection.unregister("batch_in")


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


# CSV -------------------------------------------------------------------------------------------------------------------------


def _delimiter(source: Source, rule: TableRule) -> str:
    return rule.delimiter or ("\t" if source.data.suffix.lower() == ".tsv" else ",")


def _csv_header(source: Source, rule: TableRule) -> list[str]:
    import csv

    try:
        with source.data.open(encoding="utf-8-sig" if rule.encoding.lower() in ("utf-8", "utf8") else rule.encoding, newline="") as stream:
            return [name.strip() for name in next(csv.reader(stream, delimiter=_delimiter(source, rule)), [])]
    except OSError:
        raise DataError("D010", "there is no such file", at=source.label) from None
    except (UnicodeDecodeError, LookupError) as error:
        raise DataError("D016", f"this is not a text in {rule.encoding}", at=source.label, hint="set encoding, such as windows-1252") from error


def _as_utf8(source: Source, rule: TableRule, connection: duckdb.DuckDBPyConnection) -> Path:
    """The file, or a copy of it in UTF-8 beside the database's temporary files; copied piece by piece."""
    if rule.encoding.lower() in ("utf-8", "utf8", "ascii"):
        return source.data
    row = connection.execute("SELECT current_setting('temp_directory')").fetchall()[0]
    copy = Path(str(row[0])) / f"{source.data.stem}.utf8.csv"
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        with source.data.open(encoding=rule.encoding, newline="") as given, copy.open("w", encoding="utf-8", newline="") as made:
            while piece := given.read(1 << 20):
                made.write(piece)
    except UnicodeDecodeError as error:
        raise DataError("D016", f"this is not a text in {rule.encoding}", at=source.label, hint="set another encoding") from error
    return copy


def _bring_csv(connection: duckdb.DuckDBPyConnection, raw: Raw, source: Source, rule: TableRule, names: Sequence[str]) -> tuple[int, ...]:
    import duckdb

    path = _as_utf8(source, rule, connection)
    columns = ", ".join(f"s{number}: 'VARCHAR'" for number in range(len(names)))
    picked = [f"s{names.index(column)} AS {alias}" for column, alias in raw.columns.items()]
    select = (
        f"SELECT {', '.join(picked) or 's0 AS c0'} FROM read_csv({quoted(str(path))}, auto_detect=false, header=true, columns={{{columns}}},"
        f" delim={quoted(_delimiter(source, rule))}, quote='\"', escape='\"', store_rejects=true)"
    )
    try:
        connection.execute("DROP TABLE IF EXISTS reject_errors")
        connection.execute("DROP TABLE IF EXISTS reject_scans")
        _append(connection, raw, source, select)
        lines = connection.execute("SELECT DISTINCT line FROM reject_errors ORDER BY line").fetchall()
    except duckdb.Error as error:
        what = f"the file cannot be read: {str(error).splitlines()[0]}"
        raise DataError("D016", what, at=source.label, hint="check delimiter and encoding") from error
    return tuple(int(line) - 1 for (line,) in lines)


# Excel -----------------------------------------------------------------------------------------------------------------------


def _workbook(source: Source) -> Any:
    """The open workbook."""
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise InputError("D017", "Excel files need openpyxl", at=source.label, hint="pip install 'opensocle[excel]'") from error
    import zipfile

    try:
        return openpyxl.load_workbook(source.data, read_only=True, data_only=True)
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise DataError("D016", "this is not an Excel workbook", at=source.label) from error


def sheets(source: Source) -> list[str]:
    """The names of a workbook's sheets."""
    book = _workbook(source)
    try:
        return list(book.sheetnames)
    finally:
        book.close()


def _sheet_rows(source: Source, rule: TableRule) -> Iterator[tuple[Any, ...]]:
    """The rows of the sheet, its header first: the sheet that the mapping names, or that is named as the table, or the only one."""
    book = _workbook(source)
    try:
        wanted = rule.sheet or (rule.table if rule.table in book.sheetnames else None)
        if (wanted is None and len(book.sheetnames) > 1) or (wanted is not None and wanted not in book.sheetnames):
            hint = f"the workbook has {', '.join(book.sheetnames)}"
            raise DataError("D016", f"there is no sheet {wanted or rule.table!r}", at=source.label, hint=hint)
        yield from book[wanted or book.sheetnames[0]].iter_rows(values_only=True)
    finally:
        book.close()


def _cell(value: Any) -> str | None:
    """An Excel cell as text: whole numbers without a point, days as 2026-03-01."""
    from datetime import date, datetime, time

    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _excel_batches(source: Source, rule: TableRule, raw: Raw, names: Sequence[str]) -> Iterator[pa.Table]:
    """Texts, in pieces; rows without any value are left out at the end of the sheet only (they keep their number elsewhere)."""
    import pyarrow as pa

    places = {alias: names.index(column) for column, alias in raw.columns.items()} or {"c0": 0}
    rows = _sheet_rows(source, rule)
    next(rows, None)
    schema = pa.schema([(alias, pa.string()) for alias in places])
    held: list[tuple[Any, ...]] = []
    full = 0
    for row in rows:
        held.append(row)
        if any(cell is not None for cell in row):
            full = len(held)
        if full >= CHUNK:
            yield _texts(held[:full], places, schema)
            held, full = held[full:], 0
    yield _texts(held[:full], places, schema)


def _texts(rows: Sequence[tuple[Any, ...]], places: dict[str, int], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    return pa.table({alias: [_cell(row[at]) if at < len(row) else None for row in rows] for alias, at in places.items()}, schema=schema)


# Stata and SPSS --------------------------------------------------------------------------------------------------------------


def _pyreadstat(source: Source, *, metadata: bool = False, **options: Any) -> Any:
    """The file's metadata, or its frame and metadata."""
    try:
        import pyreadstat
    except ModuleNotFoundError as error:
        raise InputError("D017", "Stata and SPSS files need pyreadstat", at=source.label, hint="pip install 'opensocle[statistics]'") from error
    read = pyreadstat.read_dta if source.format == "stata" else pyreadstat.read_sav
    try:
        frame, meta = read(str(source.data), metadataonly=metadata, **options)
    except (OSError, pyreadstat.ReadstatError) as error:
        raise DataError("D016", f"the file cannot be read: {error}", at=source.label) from error
    return meta if metadata else (frame, meta)


def _statistics_batches(source: Source, rule: TableRule, raw: Raw) -> Iterator[pa.Table]:
    """The used columns, in pieces; numbers as doubles, the rest as texts; SPSS' user-missing values are missing.

    With `labels: true` a value that has a label becomes its label.
    """
    import pyarrow as pa

    used = list(raw.columns) or header(source, rule)[:1]
    labelled = {r.column for r in rule.rules if r.labels}
    start = 0
    while True:
        frame, meta = _pyreadstat(source, usecols=used, row_offset=start, row_limit=STATISTICS_CHUNK)
        if start and not len(frame):
            return
        columns: dict[str, pa.Array] = {}
        for column in used:
            names = meta.variable_value_labels.get(column, {}) if column in labelled else {}
            columns[raw.columns.get(column, "c0")] = _statistics_column(frame[column], names)
        yield pa.table(columns)
        start += len(frame)
        if len(frame) < STATISTICS_CHUNK:
            return


def _statistics_column(series: Any, labels: dict[Any, str]) -> pa.Array:
    """A column of a Stata or SPSS file: doubles, or texts for words, days and labels."""
    import pyarrow as pa
    from pandas.api.types import is_numeric_dtype

    if is_numeric_dtype(series.dtype) and not labels:
        return pa.array(series.to_numpy(dtype="float64", na_value=float("nan")), pa.float64(), from_pandas=True)
    values = [None if value is None or value != value else value for value in series.tolist()]
    return pa.array([None if value is None else _cell(labels.get(value, value)) for value in values], pa.string())
