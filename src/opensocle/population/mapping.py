"""How the columns of somebody's files become the words of the vocabulary: a mapping file, read and checked.

kind: survey
date: 2006-07-01
weight: RB050                       # short for persons' column `weight`
design: {single: centre, replicates: {columns: [RW*], kind: bootstrap}}      # optional: see survey/describing.py
tables:
  persons:
    file: silc.csv                  # or a list, or a pattern; sheet, delimiter, encoding, decimal where needed
    missing: [-9, NA]
    columns:
      age: AGE
      sex: {column: SEX, codes: {1: male, 2: female}}
      earnings: {column: PY010, divide: 12, round: true}
      birth_date: {column: BORN, format: "%d/%m/%Y"}
      urban: {value: urban}
      person_id: {row_number: true}
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..errors import DataError, Problems, SocleError, nearest
from ..periods import Month
from ..vocabulary.model import TABLES, TYPES, Fact, Vocabulary
from .marked import Marked, read_marked
from .survey.describing import DesignSaid, read_design

KINDS = ("registry", "survey", "cells")
TOP = ("kind", "date", "weight", "tables", "title", "design")
TABLE_OPTIONS = ("file", "sheet", "delimiter", "encoding", "decimal", "missing", "distinct", "columns")
COLUMN_OPTIONS = ("column", "value", "row_number", "codes", "labels", "multiply", "divide", "round", "format", "missing", "type")
GIVEN = re.compile(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*")
"""A law's variable given instead of computed: scheme.variable."""
NUMBERS = ("integer", "decimal")


@dataclass(frozen=True, slots=True)
class Rule:
    """How one column of the population is made: from a source column, a constant, or the row number."""

    target: str
    column: str | None = None
    value: str | None = None
    row_number: bool = False
    codes: Mapping[str, str | None] | None = None  # source text -> code; None: missing
    labels: bool = False  # use a Stata or SPSS file's value labels instead of its numbers
    factor: Fraction | None = None
    round: bool = False
    format: str = ""
    missing: tuple[str, ...] = ()
    type: str = ""  # for scheme.variable only
    at: str = ""


@dataclass(frozen=True, slots=True)
class TableRule:
    """How one table is read; `files` are names or patterns relative to the mapping or to the folder of the sources."""

    table: str
    rules: tuple[Rule, ...]
    files: tuple[str, ...] = ()
    sheet: str | None = None
    delimiter: str | None = None
    encoding: str = "utf-8"
    decimal: str = "."
    distinct: bool = False  # one row for each different combination of values: households out of a file of persons
    at: str = ""


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """A whole mapping."""

    kind: str | None
    date: date | None
    tables: Mapping[str, TableRule]
    folder: Path | None = None
    at: str = ""
    design: DesignSaid | None = None


@dataclass(slots=True)
class _Checker:
    """Builds the rules and collects every problem on the way."""

    marked: Marked
    vocabulary: Vocabulary
    problems: list[SocleError] = field(default_factory=list)

    def wrong(self, what: str, path: tuple[str | int, ...], hint: str = "", code: str = "D013") -> None:
        self.problems.append(DataError(code, what, at=self.marked.at(*path), hint=hint))

    def options(self, data: Any, known: Sequence[str], path: tuple[str | int, ...]) -> dict[str, Any]:
        """The map at a place, without the names that are not known there."""
        if not isinstance(data, dict):
            self.wrong("this must be a map of names and values", path)
            return {}
        for name in data:
            if name not in known:
                self.wrong(f"{name!r} is not an option here", (*path, str(name)), nearest(str(name), known))
        return {name: data[name] for name in data if name in known}

    def texts(self, data: Any, path: tuple[str | int, ...]) -> tuple[str, ...]:
        """A value or a list of values, each as the text it has in a file."""
        items = data if isinstance(data, list) else [data]
        if any(isinstance(item, dict | list) for item in items):
            self.wrong("this must be a list of plain values", path)
            return ()
        return tuple(as_text(item) or "" for item in items)


def read_mapping(source: str | Path | Mapping[str, Any], vocabulary: Vocabulary) -> SourceMapping:
    """The mapping in a YAML file or in plain data. Raises Problems with everything that is wrong."""
    if isinstance(source, Mapping):
        marked, folder = Marked(dict(source), "mapping"), None
    else:
        marked, folder = read_marked(Path(source)), Path(source).parent
    checker = _Checker(marked, vocabulary)
    top = checker.options(marked.data, TOP, ())
    kind, day = top.get("kind"), top.get("date")
    if kind is not None and kind not in KINDS:
        checker.wrong(f"{kind!r} is not a kind of population", ("kind",), f"use one of {', '.join(KINDS)}")
    if day is not None and type(day) is not date:
        checker.wrong(f"{day!r} is not a date", ("date",), "write 2026-01-01 without quotes")
    data = checker.options(top.get("tables", {}), TABLES, ("tables",))
    if not data:
        checker.wrong("the mapping names no table", ("tables",), "write tables: {persons: {file: …, columns: {…}}}")
    tables = {table: _table(checker, table, data[table]) for table in TABLES if table in data}
    if "weight" in top and "persons" in tables:
        tables["persons"] = _with_weight(checker, tables["persons"], top["weight"])
    design = read_design(top["design"], ("design",), checker.wrong) if "design" in top else None
    if checker.problems:
        raise Problems(checker.problems)
    return SourceMapping(kind, day, tables, folder, marked.file, design)


def _with_weight(checker: _Checker, rule: TableRule, data: Any) -> TableRule:
    """The persons' table with the weight that the heading names."""
    if any(r.target == "weight" for r in rule.rules):
        checker.wrong("the weight is given twice: here and among the persons' columns", ("weight",), "keep one of them")
    weight = _rule(checker, "persons", "weight", data, ("weight",), ())
    rules = (*rule.rules, *([weight] if weight else []))
    return TableRule(rule.table, rules, rule.files, rule.sheet, rule.delimiter, rule.encoding, rule.decimal, rule.distinct, rule.at)


def _table(checker: _Checker, table: str, data: Any) -> TableRule:
    path = ("tables", table)
    options = checker.options(data, TABLE_OPTIONS, path)
    files = checker.texts(options["file"], (*path, "file")) if "file" in options else ()
    missing = checker.texts(options["missing"], (*path, "missing")) if "missing" in options else ()
    columns = options.get("columns", {})
    if not isinstance(columns, dict) or not columns:
        checker.wrong(f"table {table!r} has no columns", (*path, "columns"), "write columns: {person_id: ID, age: AGE}")
        columns = {}
    made = [_rule(checker, table, str(target), rule, (*path, "columns", str(target)), missing) for target, rule in columns.items()]
    for name in ("sheet", "delimiter", "encoding", "decimal"):
        if name in options and not isinstance(options[name], str):
            checker.wrong(f"{name} must be a text", (*path, name), "put it in quotes")
    for name, longest in (("delimiter", 1), ("decimal", 1)):
        if len(str(options.get(name, "."))) != longest:
            checker.wrong(f"{name} must be one character", (*path, name))
    distinct = options.get("distinct", False)
    if not isinstance(distinct, bool):
        checker.wrong("distinct must be true or false", (*path, "distinct"))
    return TableRule(
        table,
        tuple(rule for rule in made if rule),
        files,
        options.get("sheet"),
        options.get("delimiter"),
        str(options.get("encoding", "utf-8")),
        str(options.get("decimal", ".")),
        distinct is True,
        checker.marked.at(*path),
    )


def _rule(checker: _Checker, table: str, target: str, data: Any, path: tuple[str | int, ...], missing: tuple[str, ...]) -> Rule | None:
    """One column's rule, or None where it cannot be made."""
    fact = checker.vocabulary.fact(table, target)
    if fact is None and not GIVEN.fullmatch(target):
        known = list(checker.vocabulary.tables[table])
        checker.wrong(f"{target!r} is not a word of the vocabulary for {table}", path, nearest(target, known), "D014")
        return None
    if not isinstance(data, dict):
        if data is None or isinstance(data, list):
            checker.wrong(f"{target}: name a source column", path)
            return None
        return Rule(target, str(data), missing=missing, at=checker.marked.at(*path))
    options = checker.options(data, COLUMN_OPTIONS, path)
    if sum(name in options for name in ("column", "value", "row_number")) != 1:
        checker.wrong(f"{target}: give exactly one of column, value and row_number", path)
        return None
    _suits(checker, fact, target, options, path)
    own = checker.texts(options["missing"], (*path, "missing")) if "missing" in options else ()
    return Rule(
        target,
        str(options["column"]) if "column" in options else None,
        as_text(options["value"]) if "value" in options else None,
        options.get("row_number") is True,
        _codes(checker, fact, options.get("codes"), (*path, "codes")),
        options.get("labels") is True,
        _factor(checker, options, path),
        options.get("round") is True,
        str(options.get("format", "")),
        (*missing, *own),
        str(options.get("type", "")),
        checker.marked.at(*path),
    )


def _suits(checker: _Checker, fact: Fact | None, target: str, options: dict[str, Any], path: tuple[str | int, ...]) -> None:
    """Options that make no sense for the type of the column."""
    kind = fact.type if fact else options.get("type", "")
    for name in ("multiply", "divide", "round"):
        if name in options and kind and kind not in NUMBERS:
            checker.wrong(f"{target} is no number: {name} cannot be used", (*path, name))
    if "format" in options and kind and kind not in ("date", "month"):
        checker.wrong(f"{target} is neither a date nor a month: format cannot be used", (*path, "format"))
    for name in ("round", "labels", "row_number"):
        if name in options and not isinstance(options[name], bool):
            checker.wrong(f"{name} must be true or false", (*path, name))
    if "type" in options and fact:
        checker.wrong(f"the vocabulary says the type of {target}", (*path, "type"), "leave type out")
    elif "type" in options and options["type"] not in TYPES:
        checker.wrong(f"{options['type']!r} is not a type", (*path, "type"), nearest(str(options["type"]), TYPES))
    if "value" in options and isinstance(options["value"], dict | list | None):
        checker.wrong(f"{target}: a constant is one plain value", (*path, "value"))


def _codes(checker: _Checker, fact: Fact | None, data: Any, path: tuple[str | int, ...]) -> dict[str, str | None] | None:
    """Source text -> code of the vocabulary, each checked against the code list."""
    if data is None:
        return None
    if not isinstance(data, dict) or any(isinstance(value, dict | list) for value in data.values()):
        checker.wrong("codes must be a map of the source's codes and the vocabulary's", path)
        return None
    known = list(checker.vocabulary.codes[fact.codes].values) if fact and fact.codes in checker.vocabulary.codes else None
    for key, value in data.items():
        if value is not None and known is not None and as_text(value) not in known:
            hint = nearest(str(value), known)
            checker.wrong(f"{value!r} is not in the code list {fact.codes if fact else ''}", (*path, str(key)), hint, "D014")
    return {as_text(key) or "": as_text(value) for key, value in data.items()}


def _factor(checker: _Checker, options: dict[str, Any], path: tuple[str | int, ...]) -> Fraction | None:
    """multiply / divide as one exact factor."""
    factor = Fraction(1)
    for name in ("multiply", "divide"):
        number = options.get(name, 1)
        if isinstance(number, bool) or not isinstance(number, int | Decimal) or not number:
            checker.wrong(f"{name} must be a number other than 0", (*path, name), "write 12 or 0.5")
            return None
        factor = factor * Fraction(number) if name == "multiply" else factor / Fraction(number)
    return factor if "multiply" in options or "divide" in options else None


def as_text(value: Any) -> str | None:
    """A plain value as it is written in a file: true, 2026-03-01, 0.5."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, Month | str | int) else repr(value)
