"""The backends as the tests see them: the same law on the same people must give the same values."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any, LiteralString, Protocol, cast

import psycopg
import pyarrow as pa
import yaml
from psycopg import sql

from opensocle.engine.deciding import Decider
from opensocle.engine.planning import find_outputs
from opensocle.engine.postgres import run_postgres
from opensocle.engine.results import Result
from opensocle.engine.running import column_name, run
from opensocle.law.law import Law, load
from opensocle.law.model import RESERVED
from opensocle.periods import Month, parse_period
from opensocle.population.households import households
from opensocle.population.tables import Population

BACKENDS = ("closures", "duckdb", "postgresql")
GAPS: dict[tuple[str, str], str] = {}
"""What a backend cannot do, by test and backend, with the reason."""

Rows = Sequence[Mapping[str, Any]]
Values = dict[Any, dict[str, Any]]
"""By person_id (or household_id) and variable."""

COUNTRY = """
country: XE
title: {en: Exemplia, fr: Exemplie}
currency: {code: XMU, digits: 2, title: {en: unit, fr: unité}}
birthday_29_february: %s
codes:
  region: {title: {en: Region, fr: Région}, values: {north: {en: N, fr: N}, south: {en: S, fr: S}, east: {en: E, fr: E}}}
  grade: {title: {en: Grade, fr: Grade}, values: {low: {en: L, fr: B}, high: {en: H, fr: H}, top: {en: T, fr: T}}}
variables:
  persons:
    x: {type: decimal, digits: 6, title: {en: x, fr: x}}
    y: {type: decimal, digits: 6, title: {en: y, fr: y}}
    pay: {unit: XMU/month, title: {en: pay, fr: paie}}
    i: {type: integer, minimum: -1000000, maximum: 1000000, title: {en: i, fr: i}}
    j: {type: integer, minimum: -1000000, maximum: 1000000, title: {en: j, fr: j}}
    p: {type: boolean, title: {en: p, fr: p}}
    q: {type: boolean, title: {en: q, fr: q}}
    d: {type: date, title: {en: d, fr: d}}
    e: {type: date, title: {en: e, fr: e}}
    m: {type: month, title: {en: m, fr: m}}
    n: {type: month, title: {en: n, fr: n}}
    grade: {codes: grade, title: {en: grade, fr: grade}}
  households:
    h: {type: decimal, digits: 6, title: {en: h, fr: h}}
    damp: {type: boolean, title: {en: damp, fr: humide}}
"""
HEAD = """
scheme: %s
title: {en: Test, fr: Essai}
branch: family
kind: non_contributory
contingency: %s
unit: %s
paid: monthly
from: 2020-01-01
legal: [{act: "Act 1"}]
"""


def scheme_of(
    variables: Mapping[str, Any],
    parameters: str = "{}",
    name: str = "test",
    contingency: str = "dependent_children",
    unit: str = "person",
    more: str = "",
) -> str:
    """A scheme's file. variables: formulas by name, or the whole entry; more: lines of its head, which replace those of HEAD."""
    head = yaml.safe_load(HEAD % (name, contingency, unit)) | (yaml.safe_load(more) or {})
    full = {
        key: entry if isinstance(entry, Mapping) and not isinstance(next(iter(entry)), date) else {"formula": entry}
        for key, entry in variables.items()
    }
    if not set(full) & set(RESERVED):
        full["eligible"] = {"type": "boolean", "formula": "true"}
    variables = {key: {"source": "Act 1", **entry} for key, entry in full.items()}
    return "\n".join([_yaml(head), f"parameters: {parameters}", _yaml({"variables": variables})])


def _yaml(data: object) -> str:
    """YAML without anchors."""
    dumper = yaml.SafeDumper
    return yaml.dump(copy.deepcopy(data), Dumper=type("Plain", (dumper,), {"ignore_aliases": lambda *_: True}), allow_unicode=True, sort_keys=False)


def law_of(
    variables: Mapping[str, Any] | None = None,
    parameters: str = "{}",
    *,
    others: Sequence[str] = (),
    concepts: str = "",
    february: str = "march_1",
    **head: str,
) -> Law:
    """A law of one scheme `test`, or of the schemes in `others` besides."""
    files = {"country.yaml": COUNTRY % february}
    if variables is not None:
        files["schemes/test.yaml"] = scheme_of(variables, parameters, **head)
    files |= {f"schemes/{text.split()[1]}.yaml": text for text in others}
    if concepts:
        files["concepts.yaml"] = concepts
    return load(files)


def people(law: Law, persons: Rows, **tables: Any) -> Population:
    """A population in memory; `person_id` counts from 1 where it is not given."""
    numbered = [{"person_id": number, **row} for number, row in enumerate(persons, 1)]
    names = dict.fromkeys(name for row in numbered for name in row)
    return Population.of(persons=[{name: row.get(name) for name in names} for row in numbered], vocabulary=law.vocabulary, **tables)


class Backend(Protocol):
    name: str

    def values(self, law: Law, population: Population, period: str, outputs: Sequence[str] | None = None) -> tuple[Values, Values]:
        """The results of persons and of households; money and numbers as Decimal, months as Month; None is unknown."""
        ...


class Closures:
    """One household after the other, in Python."""

    name = "closures"

    def values(self, law: Law, population: Population, period: str, outputs: Sequence[str] | None = None) -> tuple[Values, Values]:
        months = parse_period(period)
        data = population.tables["persons"].data
        assert data is not None
        ids = data.column("person_id").to_pylist()
        given = frozenset(
            name for table in ("persons", "households") if table in population.tables for name in population.tables[table].columns if "." in name
        )
        homes = list({id(home): home for home in households(population, ids, law.vocabulary)}.values())
        persons: Values = {key: {} for key in ids}
        together: Values = {home["household"]["household_id"]: {} for home in homes if home["household"]}
        for row in _rows(population, "households"):  # those where nobody lives
            if row["household_id"] not in together:
                together[row["household_id"]] = {}
                homes.append({"household": row, "members": {}})
        for month in months:
            decider = Decider(law, month, outputs, given)
            for home in homes:
                decision = decider.decide(home)
                for output in decider.plan.outputs:
                    short = column_name(decider.plan, output)
                    full = short if len(months) == 1 else f"{short}_{month}"
                    if output.level == "person":
                        for key in home["members"]:
                            persons[key][full] = _plain(decision.values[key][short])
                    elif home["household"]:
                        together[home["household"]["household_id"]][full] = _plain(decision.values["household"][short])
        return persons, together


def _rows(population: Population, table: str) -> list[dict[str, Any]]:
    data = population.tables[table].data if table in population.tables else None
    return [] if data is None else data.to_pylist()


class DuckDB:
    """All persons at once, in DuckDB."""

    name = "duckdb"

    def values(self, law: Law, population: Population, period: str, outputs: Sequence[str] | None = None) -> tuple[Values, Values]:
        return of_result(law, run(law, population, period, outputs))


class PostgreSQL:
    """All persons at once, in PostgreSQL."""

    name = "postgresql"
    numbers = count()

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def values(self, law: Law, population: Population, period: str, outputs: Sequence[str] | None = None) -> tuple[Values, Values]:
        schema = f"run {next(self.numbers)}"
        store(self.connection, schema, population)
        try:
            return of_result(law, run_postgres(law, self.connection, period, outputs, schema=schema))
        finally:
            self.connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


def of_result(law: Law, result: Result) -> tuple[Values, Values]:
    found = []
    kinds = {column.name: law.rules[find_outputs(law, [_rule(column.owner, column.variable)])[0]].kind.type for column in result.columns}
    for level in ("person", "household"):
        rows = result.table(level).to_pylist() if level in result.tables else []
        found.append({row[f"{level}_id"]: {name: _plain(value, kinds[name]) for name, value in row.items() if name in kinds} for row in rows})
    return found[0], found[1]


def _rule(owner: str, variable: str) -> str:
    return variable if owner in ("concepts", "vocabulary") else f"{owner}.{variable}"


def _plain(value: Any, type: str = "") -> Any:
    if type == "month" and isinstance(value, date):
        return Month.of(value)
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


# --- a population in PostgreSQL


def store(connection: psycopg.Connection, schema: str, population: Population, strict: bool = True) -> None:
    """The population as tables of a new schema, with keys and NOT NULL where it has no nulls (strict)."""
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    for name in sorted(population.tables, key=lambda name: (name != "households", name != "persons")):
        data = population.tables[name].data
        assert data is not None
        columns = [_column(field, strict and not data.column(field.name).null_count) for field in data.schema]
        if strict:
            columns += _constraints(name, set(data.column_names), population, schema)
        table = sql.Identifier(schema, name)
        connection.execute(sql.SQL("CREATE TABLE {} ({})").format(table, sql.SQL(", ").join(columns)))
        with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
            for row in zip(*(column.to_pylist() for column in data.columns), strict=True):
                copy.write_row(row)


def _column(field: pa.Field, never_null: bool) -> sql.Composable:
    types = {"bool": "boolean", "int32": "integer", "int64": "bigint", "date32[day]": "date", "string": "text", "large_string": "text"}
    type = f"numeric({field.type.precision}, {field.type.scale})" if pa.types.is_decimal(field.type) else types[str(field.type)]
    return sql.SQL("{} {}").format(sql.Identifier(field.name), _verbatim(f"{type} NOT NULL" if never_null else type))


def _verbatim(text: str) -> sql.Composable:
    """SQL put together from words of our own."""
    return sql.SQL(cast(LiteralString, text))


def _constraints(table: str, columns: set[str], population: Population, schema: str) -> list[sql.Composable]:
    keys = {"persons": "person_id", "households": "household_id", "contributions": "person_id, month"}
    found: list[sql.Composable] = [_verbatim(f"PRIMARY KEY ({keys[table]})")] if table in keys else []
    if table == "persons" and "household_id" in columns and "households" in population.tables:
        found.append(sql.SQL("FOREIGN KEY (household_id) REFERENCES {}").format(sql.Identifier(schema, "households")))
    return found


# --- expectations


def expected(written: Any) -> Any:
    """A value as tests write it: numbers (also as text), dates and months as text, booleans, None for unknown."""
    if written is None or isinstance(written, bool | date | Month):
        return written
    text = str(written)
    for read in (Decimal, date.fromisoformat, Month.parse):
        try:
            return read(text)
        except (ArithmeticError, ValueError):
            continue
    return text


def check(
    backend: Backend,
    formulas: Mapping[str, Sequence[Any]],
    persons: Rows,
    parameters: str = "{}",
    period: str = "2026-03",
    law: Mapping[str, Any] | None = None,
    **tables: Rows,
) -> None:
    """Each formula must give its values, one a person, in the persons' order."""
    made = law_of({f"v{number}": formula for number, formula in enumerate(formulas)}, parameters, **(law or {}))
    found, _ = backend.values(made, people(made, persons, **tables), period, [f"test.v{number}" for number in range(len(formulas))])
    wrong = []
    for number, (formula, wanted) in enumerate(formulas.items()):
        assert len(wanted) == len(persons), f"{formula}: {len(wanted)} values for {len(persons)} persons"
        for row, (facts, value) in enumerate(zip(persons, wanted, strict=True), 1):
            there = found[row][f"test.v{number}"]
            if there is None or value is None or isinstance(value, bool) or isinstance(there, bool):
                same = there is value or (there is None and value is None)
            else:
                same = there == expected(value)
            if not same:
                wrong.append(f"{formula} of {dict(facts)}: {there!r}, not {value!r}")
    assert not wrong, "\n".join(wrong)
