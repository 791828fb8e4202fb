"""Households as plain dicts, for the engine that decides one person's right, and for tests that compare the engines.

    {"household": {…} or None, "members": {person_id: {…}}, "contributions": {person_id: [{…}, …]}, …}

Values are Decimal, date, Month, bool, str, int or None (unknown). A history is there if the population has its table, with a list for every member.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import DataError
from ..periods import Month
from ..vocabulary.model import HISTORIES, HOUSEHOLDS, PERSONS, Vocabulary

if TYPE_CHECKING:
    import duckdb

    from .tables import Population

ORDERED_BY = ("month", "start_date", "event_date")
Key = int | str


def household_of(population: Population, person_id: Key, vocabulary: Vocabulary | None = None) -> dict[str, Any]:
    """The household of a person, with its members and their histories. Raises DataError D021.

    A person without a household_id is alone, and `household` is None. `vocabulary` says which columns are months; by default the package's own.
    """
    return households(population, [person_id], vocabulary)[0]


def households(population: Population, ids: Sequence[Key], vocabulary: Vocabulary | None = None) -> list[dict[str, Any]]:
    """The household of each of the persons, in their order; persons of one household share one dict. Raises DataError D021.

    Each table is read once, however many persons are asked for.
    """
    months = _months(vocabulary)
    with _connected(population) as connection:
        _pick(connection, population, ids)
        members = _rows(connection, population, PERSONS, months, "person_id")
        people: dict[Key, dict[str, Any]] = {row["person_id"]: row for row in members}
        absent = [key for key in ids if key not in people]
        if absent:
            raise DataError(
                "D021", f"{len(absent)} of the persons asked for are not in the population", hint="look at the type of person_id: number or text"
            )
        homes = {row["household_id"]: row for row in _rows(connection, population, HOUSEHOLDS, months, "household_id")}
        histories = {table: _rows(connection, population, table, months, "person_id") for table in HISTORIES if table in population.tables}
    return _assemble(ids, people, homes, histories)


def sample(population: Population, n: int, seed: int, vocabulary: Vocabulary | None = None) -> list[dict[str, Any]]:
    """The different households of n persons drawn without replacement; the same for the same seed, whatever the order of the rows."""
    drawn = households(population, sample_ids(population, n, seed), vocabulary)
    return list({id(household): household for household in drawn}.values())


def sample_ids(population: Population, n: int, seed: int) -> list[Key]:
    """The identifiers of n persons (all, if there are fewer): those with the smallest MD5 of seed and identifier."""
    with _connected(population) as connection:
        drawn = f"SELECT person_id FROM persons ORDER BY md5('{int(seed)}:' || person_id), person_id LIMIT {int(n)}"
        return [row[0] for row in connection.execute(drawn).fetchall()]


def _months(vocabulary: Vocabulary | None) -> set[tuple[str, str]]:
    """(table, column) of the columns that are months."""
    if vocabulary is None:
        from ..vocabulary import vocabulary as base

        vocabulary = base()
    return {(table, fact.name) for table, facts in vocabulary.tables.items() for fact in facts.values() if fact.type == "month"}


def _connected(population: Population) -> duckdb.DuckDBPyConnection:
    """DuckDB with a view of each table, under its name."""
    import duckdb

    connection = duckdb.connect()
    for name, table in population.tables.items():
        if table.data is not None:
            connection.register(name, table.data)
        else:
            files = ", ".join("'" + str(path).replace("'", "''") + "'" for path in table.files)
            connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet([{files}])')
    return connection


def _pick(connection: duckdb.DuckDBPyConnection, population: Population, ids: Sequence[Key]) -> None:
    """Tables of the persons and households that are wanted: everybody who lives with one of `ids`."""
    kinds = {type(key) for key in ids}
    if len(kinds) > 1:
        raise DataError("D021", "the identifiers are of several types")
    key_type = "VARCHAR" if kinds == {str} else "BIGINT"
    connection.execute(f"CREATE TABLE asked AS SELECT unnest(CAST(? AS {key_type}[])) AS person_id", [list(ids)])
    text = population.tables[PERSONS].columns["person_id"] in ("string", "large_string")
    if (kinds == {str}) != text and ids:
        raise DataError("D021", f"person_id is a {'text' if text else 'number'}", hint="give identifiers of that type")
    if "household_id" in population.tables[PERSONS].columns:
        connection.execute(
            "CREATE TABLE homes AS SELECT DISTINCT household_id FROM persons SEMI JOIN asked USING (person_id) WHERE household_id IS NOT NULL"
        )
        live = "household_id IN (SELECT household_id FROM homes) OR person_id IN (SELECT person_id FROM asked)"
        connection.execute(f"CREATE TABLE wanted AS SELECT person_id FROM persons WHERE {live}")
    else:
        connection.execute("CREATE TABLE homes AS SELECT NULL AS household_id WHERE false")
        connection.execute("CREATE TABLE wanted AS SELECT person_id FROM persons SEMI JOIN asked USING (person_id)")


def _rows(connection: duckdb.DuckDBPyConnection, population: Population, table: str, months: set[tuple[str, str]], key: str) -> list[dict[str, Any]]:
    """The rows of a table that belong to the wanted persons or households, in a fixed order."""
    if table not in population.tables:
        return []
    names = list(population.tables[table].columns)
    picked = "homes" if table == HOUSEHOLDS else "wanted"
    order = ", ".join(f'"{name}"' for name in (key, *ORDERED_BY) if name in names)
    rows = connection.execute(f'SELECT * FROM "{table}" SEMI JOIN {picked} USING ("{key}") ORDER BY {order}').fetchall()
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for name in (name for name in names if (table, name) in months):
        for row in found:
            row[name] = Month.of(row[name]) if row[name] is not None else None
    return found


def _assemble(
    ids: Sequence[Key], people: dict[Key, dict[str, Any]], homes: dict[Key, dict[str, Any]], histories: dict[str, list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Put the rows of each household together."""
    together: dict[Key, dict[str, Any]] = {}  # by household_id
    alone: dict[Key, dict[str, Any]] = {}  # by person_id, without a household
    for person_id, person in people.items():
        home = person.get("household_id")
        if home is None:
            place: dict[str, Any] = {"household": None, "members": {}}
            alone[person_id] = place
        else:
            place = together.setdefault(home, {"household": homes.get(home, {"household_id": home}), "members": {}})
        place["members"][person_id] = person
        for table in histories:
            place.setdefault(table, {})[person_id] = []
    found = {key: alone[key] if key in alone else together[person["household_id"]] for key, person in people.items()}
    for table, rows in histories.items():
        for row in rows:
            found[row["person_id"]][table][row["person_id"]].append({name: value for name, value in row.items() if name != "person_id"})
    return [found[key] for key in ids]
