"""The people of a population in the form in which another system would send them, and taken over by the office's own import.

The file has what the law asks for, and what the vocabulary has not: names, numbers of documents, telephones, areas. Nobody is in it who was born,
and nothing that happened, after the day of the office.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.running import plan_run
from ...law.law import Law
from ...periods import Month
from ...population.sources import quoted
from ...population.tables import Population
from ...vocabulary.model import HISTORIES, HOUSEHOLDS, PERSONS
from ..access.models import User
from ..laws.registry import OWN, PLACES, moment_words
from ..laws.values import PEOPLE
from ..people.importing import import_people
from ..people.importing.running import Done
from .names import name_people

if TYPE_CHECKING:
    import duckdb

SOURCE = "civil register"
MOST, WHOLE = 20_000, 50_000
"""Up to WHOLE persons all of a population are taken; of a larger one the first households, MOST persons."""
SHOWN = ("nationality", "country_of_birth", "spouse_id", "mother_id", "father_id")
"""Words of a person that the law of Exemplia does not ask for, but an officer expects in a file."""
_LAST_YEAR = "death_date - 365"
"""Who died before the day of the office is in its files with her last year: the rights of survivors derive from her."""
_SITES = "CASE WHEN place_type = 'camp' AND district IN ('d03', 'd09') THEN 'camp-' || district ELSE district END"


@dataclass(frozen=True)
class Wanted:
    """The people to take, and from when to when. since: the first day of facts; on: the day of the office; seed: of the names."""

    population: Path
    law: Law
    since: date
    on: date
    seed: int = 1


def take_over(wanted: Wanted, *, by: User | None) -> Done:
    """Imports the people. Rows that a registry cannot hold (a spell without a first day) are set aside, as in any import."""
    with tempfile.TemporaryDirectory(prefix="socle-demo-") as folder:
        write_files(wanted, Path(folder))
        return import_people(by=by, on=wanted.on, files=Path(folder), source=SOURCE, since=wanted.since)


def write_files(wanted: Wanted, folder: Path) -> None:
    """One Parquet file for each table, its columns named by the words that an import takes."""
    import duckdb

    population = Population.open(wanted.population)
    used = words_asked(wanted.law, population)
    with duckdb.connect() as duck:
        duck.execute("SET preserve_insertion_order = true")
        for name, table in population.tables.items():
            files = ", ".join(quoted(str(path)) for path in table.files)
            duck.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{files}])")
        duck.execute(f"CREATE TABLE chosen AS {_chosen(population.tables[PERSONS].rows)}")
        _add_names(duck, wanted.seed)
        queries = {PERSONS: _persons(duck, wanted, used), HOUSEHOLDS: _households(duck, wanted, used)}
        queries |= {table: _history(duck, table, wanted.on) for table in HISTORIES if table in population.tables}
        for name, query in queries.items():
            duck.execute(f"COPY ({query}) TO {quoted(str(folder / f'{name}.parquet'))} (FORMAT parquet)")


def words_asked(law: Law, population: Population) -> dict[str, set[str]]:
    """The words of persons and households that the law reads, by table."""
    found: dict[str, set[str]] = {PERSONS: set(), HOUSEHOLDS: set()}
    for node in plan_run(law, population, [Month(2026, 1), Month(2026, 12)]).graph.nodes:
        if node.op == "fact" and node.data[0] in found:
            found[node.data[0]].add(node.data[1])
    return found


def _chosen(persons: int) -> str:
    """The keys of the persons to take, whole households."""
    if persons <= WHOLE:
        return f"SELECT person_id FROM {PERSONS}"
    sizes = f"SELECT household_id, count(*) AS size FROM {PERSONS} GROUP BY 1"
    return (
        f"SELECT person_id FROM {PERSONS} SEMI JOIN (SELECT household_id FROM"
        f" (SELECT household_id, sum(size) OVER (ORDER BY household_id) AS persons FROM ({sizes})) WHERE persons <= {MOST}) USING (household_id)"
    )


def _add_names(duck: duckdb.DuckDBPyConnection, seed: int) -> None:
    import pyarrow as pa

    rows = duck.execute(
        f"SELECT person_id, household_id, sex, relationship_to_head FROM {PERSONS} SEMI JOIN chosen USING (person_id) ORDER BY person_id"
    ).fetchall()
    names = name_people([(home, sex, relationship) for _, home, sex, relationship in rows], seed)
    given, second, surname = zip(*names, strict=True)
    table = {"person_id": [row[0] for row in rows], "given_name": given, "second_name": second, "surname": surname}
    duck.register("named", pa.table({name: pa.array(column) for name, column in table.items()}))


def _persons(duck: duckdb.DuckDBPyConnection, wanted: Wanted, used: dict[str, set[str]]) -> str:
    day = f"DATE '{wanted.on}'"
    facts = _facts(duck, PERSONS, used[PERSONS] | set(SHOWN))
    since = f"greatest(least(DATE '{wanted.since}', {_LAST_YEAR}), birth_date)"
    number = "CASE WHEN has_identity_document THEN printf('XE%07d', 1000000 + person_id * 7) END"
    phone = "CASE WHEN relationship_to_head = 'head' AND h.has_telephone THEN printf('70%06d', person_id * 31 % 1000000) END"
    return (
        f"SELECT person_id, household_id, relationship_to_head, nullif(sex, 'not_known') AS sex, birth_date,"
        f" CASE WHEN death_date <= {day} THEN death_date END AS death_date, n.given_name, nullif(n.second_name, '') AS second_name, n.surname,"
        f" {since} AS since, {number} AS identifier_national_id, {phone} AS phone, {_SITES.replace('district', 'p.district')} AS area, {facts}"
        f" FROM {PERSONS} p SEMI JOIN chosen USING (person_id) JOIN named n USING (person_id) LEFT JOIN {HOUSEHOLDS} h USING (household_id)"
        " ORDER BY person_id"
    )


def _households(duck: duckdb.DuckDBPyConnection, wanted: Wanted, used: dict[str, set[str]]) -> str:
    facts = _facts(duck, HOUSEHOLDS, used[HOUSEHOLDS] | {"place_type", "displaced_since"}).replace("p.", "h.")
    homes = f"SELECT household_id FROM {PERSONS} SEMI JOIN chosen USING (person_id)"
    died = f"SELECT household_id, min({_LAST_YEAR}) AS first FROM {PERSONS} GROUP BY 1"
    since = f"least(DATE '{wanted.since}', d.first)"
    return (
        f"SELECT household_id, {_SITES} AS area, 'House ' || household_id AS address, {since} AS since, {facts} FROM {HOUSEHOLDS} h"
        f" LEFT JOIN ({died}) d USING (household_id) WHERE household_id IN ({homes}) ORDER BY household_id"
    )


def _facts(duck: duckdb.DuckDBPyConnection, table: str, used: set[str]) -> str:
    """The columns that become dated facts."""
    left = {*OWN, *PLACES, "weight", "household_size"}
    there = [name for name in _columns(duck, table) if name not in left]
    return ", ".join(f'p."{name}"' for name in there if name in used)


def _history(duck: duckdb.DuckDBPyConnection, table: str, on: date) -> str:
    """The rows of a history that begin by the day; nobody outside the chosen is named."""
    start = moment_words(table)[0]
    columns = _columns(duck, table)
    said = [f'CASE WHEN "{name}" IN (FROM chosen) THEN "{name}" END AS "{name}"' if name in PEOPLE else f'"{name}"' for name in columns]
    return (
        f'SELECT {", ".join(said)} FROM {table} SEMI JOIN chosen USING (person_id) WHERE "{start}" IS NULL OR "{start}" <= DATE \'{on}\''
        f' ORDER BY person_id, "{start}"'
    )


def _columns(duck: duckdb.DuckDBPyConnection, table: str) -> Sequence[str]:
    return [row[0] for row in duck.execute(f"DESCRIBE {table}").fetchall()]
