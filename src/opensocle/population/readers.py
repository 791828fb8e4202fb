"""Somebody's files, or frames, into a population: read, converted, checked, written; with a report.

The work is done in DuckDB, which keeps to a limit of memory and uses the disk beyond it, so the files may be larger than memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import DataError, Problems, SocleError, nearest
from ..vocabulary.model import HOUSEHOLDS, PERSONS, TABLES, Vocabulary
from .converting import Target, plan, target_given, target_of
from .frames import as_arrow
from .mapping import GIVEN, KINDS, Rule, SourceMapping, TableRule, read_mapping
from .report import RejectedRows, Report
from .sources import FORMATS, Raw, Source, header, load, sheets
from .survey.describing import REPLICATE, DesignSaid
from .tables import Population, Table, new_folder
from .validating import ORDER, REQUIRED, UNREADABLE, Checked, accepted_rows, check_between, check_table, key_types, rejected_note, report_on
from .writing import describe, hash_files, write_parquet

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MEMORY = "2GB"
"""What DuckDB may hold in memory while it reads."""

Plan = dict[str, tuple[TableRule, list[Source]]]


def read(
    sources: Any,
    mapping: str | Path | Mapping[str, Any] | SourceMapping | None = None,
    *,
    vocabulary: Vocabulary,
    out: str | Path | None = None,
    rejected: str | Path | None = None,
    keep_going: bool = False,
    kind: str | None = None,
    date: date | None = None,
    memory: str = MEMORY,
) -> tuple[Population, Report]:
    """The population in somebody's files, and the report of what was read.

    sources: a file, a folder, or a map of tables to files, lists of files, or frames; None with a mapping: the files beside it.
    mapping: a YAML file, or the same as plain data; without it the columns must have the vocabulary's names.
    out: the new folder to write; without it the population stays in memory.
    rejected: a .csv or .parquet file for the rows that do not fit.
    kind, date: replace those of the mapping; the kind is `registry` if neither says.
    memory: what DuckDB may hold, such as 2GB.
    Raises RejectedRows (a DataError) if any row does not fit, unless `keep_going`; Problems or DataError if a file or the mapping is wrong.
    """
    with reading(sources, mapping, vocabulary=vocabulary, kind=kind, date=date, memory=memory) as found:
        report = found.report()
        if rejected is not None and report.rejected:
            write_rejected(found.connection, found.tables, Path(rejected))
        if report.rejected and not keep_going:
            raise RejectedRows(report)
        if report.rejected:
            report = replace(report, notes=(*report.notes, rejected_note(report)))
        return _finish(found.connection, found.tables, found.heading, Path(out) if out is not None else None), report


@dataclass(frozen=True, slots=True)
class Reading:
    """Tables whose rows have been converted and checked, each by itself, in a database of their own."""

    connection: duckdb.DuckDBPyConnection
    tables: dict[str, Checked]
    heading: dict[str, Any]
    files: tuple[Path, ...]

    def report(self) -> Report:
        """Checks the tables against each other, and says what was found. Once, after all that rejects rows."""
        return report_on(self.connection, self.tables, check_between(self.connection, self.tables))


@contextmanager
def reading(
    sources: Any,
    mapping: str | Path | Mapping[str, Any] | SourceMapping | None,
    *,
    vocabulary: Vocabulary,
    kind: str | None = None,
    date: date | None = None,
    memory: str = MEMORY,
    whole: bool = True,
) -> Generator[Reading]:
    """The files of `read`, converted and each row checked by itself; the database is gone at the end of the block.

    whole: there must be persons, and every history row must be of one of them.
    """
    if mapping is not None and not isinstance(mapping, SourceMapping):
        mapping = read_mapping(mapping, vocabulary)
    heading = _heading(mapping, vocabulary, kind, date)
    found = _plan(sources, mapping, vocabulary)
    if mapping is not None and mapping.design is not None:
        heading["design"] = _with_replicates(found, mapping.design)
    _complete(found, heading["kind"], whole)
    with tempfile.TemporaryDirectory(prefix="socle-") as folder, _database(Path(folder), memory) as connection:
        files = tuple(dict.fromkeys(source.data for _, sources in found.values() for source in sources if isinstance(source.data, Path)))
        yield Reading(connection, _check_all(connection, found, vocabulary, heading["date"]), heading, files)


def _heading(mapping: SourceMapping | None, vocabulary: Vocabulary, kind: str | None, day: date | None) -> dict[str, Any]:
    """What population.yaml says above the tables."""
    kind = kind or (mapping.kind if mapping else None) or "registry"
    if kind not in KINDS:
        raise DataError("D023", f"{kind!r} is not a kind of population", hint=f"use one of {', '.join(KINDS)}")
    day = day or (mapping.date if mapping else None)
    return {"kind": kind, "date": day, "currency": known_currency(vocabulary), "digits": vocabulary.currency_digits}


def _database(folder: Path, memory: str) -> duckdb.DuckDBPyConnection:
    """A database of its own in a temporary folder."""
    import duckdb

    settings = {"temp_directory": str(folder / "spill"), "memory_limit": memory}
    return duckdb.connect(str(folder / "reading.duckdb"), config=settings)


def _check_all(connection: duckdb.DuckDBPyConnection, found: Plan, vocabulary: Vocabulary, day: date | None) -> dict[str, Checked]:
    checked: dict[str, Checked] = {}
    for table in (table for table in ORDER if table in found):
        rule, sources = found[table]
        raw = load(connection, f"raw_{table}", sources, rule)
        targets = [(r, _target(connection, r, table, raw, vocabulary)) for r in rule.rules]
        checked[table] = check_table(connection, table, raw, plan(targets, raw, rule.decimal, day))
    return checked


def _target(connection: duckdb.DuckDBPyConnection, rule: Rule, table: str, raw: Raw, vocabulary: Vocabulary) -> Target:
    """What a rule's column becomes."""
    fact = vocabulary.fact(table, "weight" if table == PERSONS and rule.target.startswith(REPLICATE) else rule.target)
    if fact is not None:
        return target_of(fact, vocabulary)
    if rule.type or rule.codes is not None or rule.column is None:
        return target_given("VARCHAR", rule.type)
    alias = raw.columns[rule.column]
    return target_given(raw.types[alias], "" if raw.typed else _guess(connection, raw, alias, rule))


def _guess(connection: duckdb.DuckDBPyConnection, raw: Raw, alias: str, rule: Rule) -> str:
    """The type of a scheme.variable in a file of texts: the first of these that every value fits."""
    words = ", ".join("'" + word.replace("'", "''") + "'" for word in (*rule.missing, ""))
    tests = {
        "boolean": "lower(x) IN ('true', 'false')",
        "integer": "coalesce(try_cast(x AS BIGINT)::VARCHAR = x, false)",
        "decimal": "regexp_full_match(x, '-?[0-9]{1,18}([.][0-9]{1,10})?')",
        "date": "regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND try_cast(x AS DATE) IS NOT NULL",
    }
    chosen = ", ".join(f"bool_and({test})" for test in tests.values())
    values = f'SELECT trim({alias}) AS x FROM "{raw.name}" WHERE {alias} IS NOT NULL AND trim({alias}) NOT IN ({words})'
    row = connection.execute(f"SELECT {chosen} FROM ({values})").fetchall()[0]
    return next((name for name, fits in zip(tests, row, strict=False) if fits), "text")


def _complete(found: Plan, kind: str, whole: bool) -> None:
    """The columns without which a population cannot be: persons and their identifiers, weights in a survey and in cells."""
    problems: list[SocleError] = []
    if whole and PERSONS not in found:
        problems.append(DataError("D010", "there is no table of persons", hint="a population needs persons"))
    for table, (rule, _) in found.items():
        names = {r.target for r in rule.rules}
        for key in REQUIRED[table]:
            if key not in names:
                hint = "write person_id: {row_number: true} if the source has none" if key == "person_id" and table == PERSONS else ""
                problems.append(DataError("D015", f"{table} must have {key}", at=rule.at, hint=hint))
        if table == PERSONS and kind != "registry" and "weight" not in names:
            problems.append(
                DataError(
                    "D015",
                    f"a population of kind {kind} needs the persons' weight",
                    at=rule.at,
                    hint="write weight: {value: 1} if all count the same",
                )
            )
        if table == HOUSEHOLDS and PERSONS in found and not any(r.target == "household_id" for r in found[PERSONS][0].rules):
            problems.append(DataError("D015", "persons must have household_id, since there are households", at=rule.at))
    if problems:
        raise Problems(problems)


# Where the rows are ----------------------------------------------------------------------------------------------------------


def _plan(sources: Any, mapping: SourceMapping | None, vocabulary: Vocabulary) -> Plan:
    """Each table's rule and its files or frames."""
    if isinstance(sources, Mapping):
        given = {str(table): _listed(table, data) for table, data in sources.items()}
        for table in given:
            if table not in TABLES:
                raise DataError("D014", f"{table!r} is not a table", hint=nearest(table, TABLES))
    elif mapping is None:
        given = _by_name(Path(sources))
    else:
        given = {}
    if mapping is None:
        return {table: (_identity(table, files, vocabulary), files) for table, files in given.items()}
    base = mapping.folder if sources is None or isinstance(sources, Mapping) else Path(sources)
    return {table: (rule, given.get(table) or _named(rule, base)) for table, rule in mapping.tables.items()}


def _with_replicates(found: Plan, design: DesignSaid) -> DesignSaid:
    """The design with the persons' columns in which the replicate weights are kept; the rules that make them are added to the plan."""
    said = design.replicates
    if said is None or PERSONS not in found:
        return design
    rule, sources = found[PERSONS]
    names = header(sources[0], rule)
    columns: list[str] = []
    for pattern in said.columns:
        matched = [name for name in names if fnmatchcase(name, pattern)]
        if not matched:
            raise DataError("D043", f"no column {pattern!r} of replicate weights", at=sources[0].label, hint=nearest(pattern, names))
        columns += [name for name in matched if name not in columns]
    made = tuple(Rule(f"{REPLICATE}{number}", name, at=rule.at) for number, name in enumerate(columns, 1))
    found[PERSONS] = replace(rule, rules=(*rule.rules, *made)), sources
    return replace(design, replicates=replace(said, columns=tuple(one.target for one in made)))


def _listed(table: str, data: Any) -> list[Source]:
    """The sources given for one table: a path, several, or a frame."""
    if isinstance(data, str | Path):
        data = [data]
    if isinstance(data, Sequence) and data and all(isinstance(item, str | Path) for item in data):
        absent = [str(item) for item in data if not Path(item).is_file()]
        if absent:
            raise DataError("D010", "there is no such file", at=", ".join(absent))
        return [Source(Path(item), Path(item).name) for item in data]
    return [Source(as_arrow(data, table), table)]


def _named(rule: TableRule, base: Path | None) -> list[Source]:
    """The files that a mapping's table names, in a folder; or the one file given."""
    if base is not None and base.is_file():
        return [Source(base, base.name)]
    if not rule.files:
        raise DataError("D013", f"table {rule.table!r} names no file", at=rule.at, hint="write file: persons.csv")
    folder, found = base or Path(), []
    for name in rule.files:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise DataError("D013", f"the file {name!r} must be in the folder of the sources", at=rule.at)
        paths = sorted(folder.glob(name)) if any(mark in name for mark in "*?[") else [folder / name]
        if not paths or not all(path.is_file() for path in paths):
            raise DataError("D010", f"there is no file {name!r} in {folder}", at=rule.at)
        found += [Source(path, path.name) for path in paths]
    return found


def _by_name(path: Path) -> dict[str, list[Source]]:
    """Files named after the tables: persons.csv, contributions/*.parquet, a workbook with sheets of these names; or one file of persons."""
    if not path.exists():
        raise DataError("D010", "there is no such file or folder", at=str(path))
    if path.is_file():
        if FORMATS.get(path.suffix.lower()) == "excel":
            names = sheets(Source(path, path.name))
            return {table: [Source(path, path.name)] for table in TABLES if table in names} or {PERSONS: [Source(path, path.name)]}
        return {PERSONS: [Source(path, path.name)]}
    found: dict[str, list[Source]] = {}
    for table in TABLES:
        files = [file for file in sorted(path.glob(f"{table}.*")) if file.suffix.lower() in FORMATS]
        if len(files) > 1:
            raise DataError("D019", f"{table} is there several times: {', '.join(file.name for file in files)}", at=str(path), hint="keep one")
        files = files or [file for file in sorted((path / table).glob("*")) if file.suffix.lower() in FORMATS]
        if files:
            found[table] = [Source(file, file.name) for file in files]
    if not found:
        raise DataError("D010", "no file here is named after a table", at=str(path), hint="name it persons.csv, or write a mapping")
    return found


def _identity(table: str, sources: Sequence[Source], vocabulary: Vocabulary) -> TableRule:
    """The rule of a table whose columns have the vocabulary's names."""
    rule = TableRule(table, (), at=sources[0].label)
    known = list(vocabulary.tables[table])
    names = header(sources[0], rule)
    problems = [
        DataError(
            "D014", f"{name!r} is not a word of the vocabulary for {table}", at=sources[0].label, hint=nearest(name, known) + "; or write a mapping"
        )
        for name in names
        if name not in known and not GIVEN.fullmatch(name)
    ]
    if problems:
        raise Problems(problems)
    return replace(rule, rules=tuple(Rule(name, name) for name in names))


# What is written -------------------------------------------------------------------------------------------------------------


def _finish(connection: duckdb.DuckDBPyConnection, checked: dict[str, Checked], heading: dict[str, Any], out: Path | None) -> Population:
    """The accepted rows, in a new folder or in memory."""
    types = key_types(connection, checked)
    queries = {table: accepted_rows(checked[table], types) for table in TABLES if table in checked}
    if out is None:
        tables = {table: Table(table, data=connection.sql(query).to_arrow_table()) for table, query in queries.items()}
        return Population(heading["kind"], heading["date"], tables, heading["currency"], heading["digits"], heading.get("design"))
    with new_folder(out) as folder:
        entries = {}
        for table, query in queries.items():
            path = folder / f"{table}.parquet"
            rows = _write(connection, query, path)
            entries[table] = {"files": [path.name], "rows": rows, "sha256": hash_files([path])}
        said = {"design": heading["design"].as_data()} if "design" in heading else {}
        describe(folder, heading | said, entries)
    return Population.open(out)


def _write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    reader = connection.sql(query).to_arrow_reader(100_000)
    return write_parquet(_batches(reader), reader.schema, path)


def _batches(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    yield from reader


def write_rejected(connection: duckdb.DuckDBPyConnection, checked: dict[str, Checked], path: Path) -> None:
    """A CSV or Parquet file of the rejected rows: table, file, row, reasons, and the used columns' values (JSON) as they were given."""
    import pyarrow as pa

    if path.suffix.lower() not in (".csv", ".parquet"):
        raise DataError("D016", "rejected rows are written as CSV or Parquet", at=str(path), hint="end the name with .csv or .parquet")
    schema = pa.schema([("table", pa.string()), ("file", pa.string()), ("row", pa.int64()), ("reasons", pa.string()), ("values", pa.string())])

    def batches() -> Iterator[pa.RecordBatch]:
        for table, one in checked.items():
            for segment in one.raw.segments:
                for row in segment.unreadable:
                    yield pa.RecordBatch.from_pylist(
                        [dict(zip(schema.names, (table, segment.label, row, f"(line) {UNREADABLE}", None), strict=True))], schema
                    )
            yield from _rejected(connection, one, schema)

    if path.suffix.lower() == ".parquet":
        write_parquet(batches(), schema, path)
        return
    from pyarrow import csv

    with csv.CSVWriter(path, schema) as writer:
        for batch in batches():
            writer.write_batch(batch)


def _rejected(connection: duckdb.DuckDBPyConnection, checked: Checked, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rejected rows of one table, in pieces."""
    import pyarrow as pa

    raw = checked.raw
    if not checked.reasons:
        return
    values = ", ".join(f"'{name.replace(chr(39), chr(39) * 2)}': {alias}" for name, alias in raw.columns.items())
    reasons = f"SELECT seq, list_sort(list(DISTINCT reason)) AS reasons FROM {checked.found} GROUP BY seq"
    query = f'SELECT f.seq, f.reasons, to_json({{{values}}})::VARCHAR FROM "{raw.name}" r JOIN ({reasons}) f ON f.seq = r.{raw.row_id} ORDER BY f.seq'
    found = connection.cursor().execute(query)
    while rows := found.fetchmany(10_000):
        made = []
        for seq, numbers, data in rows:
            file, row = raw.place(seq)
            words = "; ".join(f"{column} {reason}" for column, reason in (checked.reasons[number] for number in numbers))
            made.append({"table": checked.table, "file": file, "row": row, "reasons": words, "values": data})
        yield pa.RecordBatch.from_pylist(made, schema)


def known_currency(vocabulary: Vocabulary) -> str | None:
    """The currency of the amounts; None for ISO 4217's XXX, no currency."""
    return None if vocabulary.currency == "XXX" else vocabulary.currency
