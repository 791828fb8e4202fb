"""New persons, households and source keys from the accepted rows: prepared by DuckDB, added in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from ....population.sources import quoted
from ....vocabulary.model import HOUSEHOLDS, PERSONS
from ...references import new_references
from ..naming import digits, name_words
from ..services.keys import spell
from .staging import Staged
from .storing import bring, copy_query, copy_rows, moment, pieces_of, reserve

KEYS = 20_000
"""Persons whose search keys are made together."""


def prepare(staged: Staged, *, real: bool = True) -> None:
    """The tables homes and people (key, id, reference of everybody, `new` of those to add), and final_<table>: rows that name persons by reference.

    real: new primary keys are reserved; otherwise they are negative, for a preview.
    """
    duck = staged.duck
    homes, people = "SELECT key, id, reference, false AS new FROM known_households", "SELECT key, id, reference, false AS new FROM known_persons"
    duck.execute(f"CREATE TABLE homes AS {homes}")
    duck.execute(f"CREATE TABLE people AS {people}")
    named = []
    if HOUSEHOLDS in staged.tables:
        named.append('SELECT household_id AS key FROM rows_households WHERE "id" IS NULL')
    if "household_id" in staged.targets(PERSONS):
        named.append("SELECT household_id AS key FROM rows_persons WHERE household_id IS NOT NULL")
    if named:
        _number(
            staged,
            "homes",
            "people_household",
            f"SELECT DISTINCT key FROM ({' UNION ALL '.join(named)}) WHERE key NOT IN (SELECT key FROM known_households)",
            real,
        )
    if PERSONS in staged.tables:
        _number(staged, "people", "people_person", "SELECT person_id FROM rows_persons WHERE id IS NULL", real)
        linked = "SELECT r.person_id, r.id, NULL, false FROM rows_persons r WHERE r.id IS NOT NULL AND r.before IS NULL"
        duck.execute(f"INSERT INTO people {linked}")
    for table in staged.tables:
        _name_people(staged, table)


def _number(staged: Staged, into: str, table: str, keys: str, real: bool) -> None:
    """Keys, primary keys and references of rows that are to be added. H9 comes before H10: who lives together is mostly stored together."""
    staged.duck.execute(f"CREATE TABLE fresh AS SELECT row_number() OVER (ORDER BY length(key), key) AS place, key FROM ({keys}) AS k(key)")
    count = staged.number("SELECT count(*) FROM fresh")
    numbers = ((place, number) for place, number in enumerate(reserve(table, count) if real else range(-count, 0), start=1))
    given = ([(place, number, reference) for (place, number), reference in _refer(piece)] for piece in pieces_of(numbers))
    bring(staged.duck, "numbered", [("place", "BIGINT"), ("id", "BIGINT"), ("reference", "VARCHAR")], given)
    staged.duck.execute(f"INSERT INTO {into} SELECT key, id, reference, true FROM fresh JOIN numbered USING (place)")
    staged.duck.execute("DROP TABLE fresh; DROP TABLE numbered")


def _refer(piece: Sequence[Sequence[int]]) -> Iterator[tuple[Sequence[int], str]]:
    return zip(piece, new_references(len(piece)), strict=True)


def _name_people(staged: Staged, table: str) -> None:
    """final_<table>: words that name persons hold their references."""
    people = staged.targets(table).people
    joins = " ".join(f'LEFT JOIN people p{number} ON p{number}.key = r."{name}"' for number, name in enumerate(people))
    said = ", ".join(f"CASE WHEN r.\"{name}\" = '' THEN '' ELSE p{number}.reference END AS \"{name}\"" for number, name in enumerate(people))
    replaced = f"r.* REPLACE ({said})" if said else "r.*"
    staged.duck.execute(f"CREATE VIEW final_{table} AS SELECT {replaced} FROM rows_{table} r {joins}")


def add_new(staged: Staged, now: datetime) -> dict[str, int]:
    """Adds households and persons with their numbers, telephones and facts; memberships come later. Returns how many of each."""
    added = {"households": _add_households(staged), "persons": 0}
    if PERSONS in staged.tables:
        added["persons"] = _add_persons(staged, now)
        _add_numbers(staged)
        _add_contacts(staged)
        _add_search_keys(staged)
    added["facts"] = sum(_add_facts(staged, table, key, column, now) for table, key, column in _FACTS if table in staged.tables)
    _add_source_keys(staged)
    return added


_FACTS = ((HOUSEHOLDS, "household_id", "household_id"), (PERSONS, "person_id", "person_id"))


def _column(staged: Staged, table: str, name: str, otherwise: str) -> str:
    """SQL: a word of a row r, or what is said where the file does not have it."""
    return f'coalesce(r."{name}", {quoted(otherwise)})' if name in staged.targets(table) else quoted(otherwise)


def _optional(staged: Staged, table: str, name: str) -> str:
    return f'r."{name}"' if name in staged.targets(table) else "CAST(NULL AS VARCHAR)"


def _since(staged: Staged, table: str) -> str:
    return _column(staged, table, "since", staged.since.isoformat())


def _area_of(staged: Staged) -> str:
    """SQL: the code of the area of a person's row r, whose household's row is h."""
    own = _optional(staged, PERSONS, "area")
    shared = "h.area" if "area" in staged.targets(HOUSEHOLDS) and "household_id" in staged.targets(PERSONS) else "NULL"
    return f"coalesce({own}, {shared}, {quoted(staged.area) if staged.area else 'NULL'})"


def _with_home(staged: Staged) -> str:
    joined = "area" in staged.targets(HOUSEHOLDS) and "household_id" in staged.targets(PERSONS)
    return "final_persons r" + (" LEFT JOIN rows_households h ON h.household_id = r.household_id" if joined else "")


def _add_households(staged: Staged) -> int:
    rows = HOUSEHOLDS in staged.tables
    areas = [_optional(staged, HOUSEHOLDS, "area")] if rows else []
    joins = "LEFT JOIN rows_households r ON r.household_id = n.key" if rows else ""
    if "household_id" in staged.targets(PERSONS):
        persons = f"SELECT r.household_id AS key, arg_min({_area_of(staged)}, r.seq) AS area FROM {_with_home(staged)} GROUP BY 1"
        joins += f" LEFT JOIN ({persons}) m ON m.key = n.key"
        areas.append("m.area")
    areas.append(quoted(staged.area) if staged.area else "NULL")
    since = _since(staged, HOUSEHOLDS) if rows else quoted(staged.since.isoformat())
    if not rows and "since" in staged.targets(PERSONS):
        joins += " LEFT JOIN (SELECT household_id AS key, min(since) AS since FROM rows_persons GROUP BY 1) s ON s.key = n.key"
        since = f"coalesce(s.since, {since})"
    address = _column(staged, HOUSEHOLDS, "address", "") if rows else "''"
    query = (
        f"SELECT n.id, n.reference, a.id, a.district, {address}, {since} FROM homes n {joins}"
        f" JOIN areas a ON a.code = coalesce({', '.join(areas)}, NULL) WHERE n.new ORDER BY n.id"
    )
    return copy_query(staged.duck, query, "people_household", ("id", "reference", "area_id", "district_id", "address", "since"))


def _add_persons(staged: Staged, now: datetime) -> int:
    names = ("surname", "given_name", "second_name", "maiden_name", "address")
    texts = [_column(staged, PERSONS, name, "") for name in names]
    codes = [_column(staged, PERSONS, "sex", "not_known"), _column(staged, PERSONS, "birth_precision", "day")]
    dates = [_optional(staged, PERSONS, name) for name in ("birth_date", "death_date")]
    query = (
        f"SELECT n.id, n.reference, {', '.join(texts + codes + dates)}, a.id, a.district, '[]', {quoted(moment(now))} FROM {_with_home(staged)}"
        f" JOIN people n ON n.key = r.person_id JOIN areas a ON a.code = {_area_of(staged)} WHERE n.new ORDER BY n.id"
    )
    own = ("id", "reference", *names, "sex", "birth_precision", "birth_date", "death_date", "area_id", "district_id", "other_names", "created")
    return copy_query(staged.duck, query, "people_person", own)


def _add_numbers(staged: Staged) -> None:
    if staged.targets(PERSONS).identifiers:
        query = (
            "SELECT p.id, n.type, n.value, n.normal, n.country, false, false FROM numbers n JOIN rows_persons r USING (seq)"
            " JOIN people p ON p.key = r.person_id WHERE p.new ORDER BY p.id"
        )
        copy_query(staged.duck, query, "people_identifier", ("person_id", "type", "value", "normal", "country", "verified", "withdrawn"))


def _add_contacts(staged: Staged) -> None:
    for kind, value, join in (("phone", "f.value", "JOIN phones f ON f.said = r.phone"), ("email", "r.email", "")):
        if kind in staged.targets(PERSONS):
            mine = f"SELECT p.id, '{kind}', {value}, false FROM rows_persons r JOIN people p ON p.key = r.person_id {join}"
            query = f"{mine} WHERE p.new AND {value} IS NOT NULL ORDER BY p.id"
            copy_query(staged.duck, query, "people_contact", ("person_id", "kind", "value", "withdrawn"))


def _add_facts(staged: Staged, table: str, key: str, column: str, now: datetime) -> int:
    facts = staged.targets(table).facts
    if not facts:
        return 0
    names, values = ", ".join(quoted(name) for name in facts), ", ".join(f'r."{name}"' for name in facts)
    everybody = "homes" if table == HOUSEHOLDS else "people"
    listed = (
        f"SELECT n.id, {_since(staged, table)} AS since, unnest([{names}]) AS name, unnest([{values}]) AS value"
        f' FROM final_{table} r JOIN {everybody} n ON n.key = r."{key}" WHERE n.new'
    )
    query = f"SELECT id, name, value, since, 'register', {quoted(moment(now))} FROM ({listed}) WHERE value IS NOT NULL ORDER BY id"
    return copy_query(staged.duck, query, "people_fact", (column, "name", "value", "since", "proof", "recorded"))


def _add_source_keys(staged: Staged) -> None:
    columns = ("source", "kind", "key", "household_id", "digest")
    rows = "LEFT JOIN rows_households r ON r.household_id = n.key" if HOUSEHOLDS in staged.tables else ""
    digest = "coalesce(r.now, '')" if rows else "''"
    homes = f"SELECT {quoted(staged.source)}, 'household', n.key, n.id, {digest} FROM homes n {rows} WHERE n.new ORDER BY n.id"
    copy_query(staged.duck, homes, "people_sourcekey", columns)
    if PERSONS in staged.tables:
        new = "people n JOIN rows_persons r ON r.person_id = n.key WHERE n.new OR (r.id IS NOT NULL AND r.before IS NULL)"
        people = f"SELECT {quoted(staged.source)}, 'person', n.key, n.id, r.now FROM {new} ORDER BY n.id"
        copy_query(staged.duck, people, "people_sourcekey", ("source", "kind", "key", "person_id", "digest"))


def add_memberships(staged: Staged) -> int:
    """Puts new persons into their households; after those who leave them have left."""
    if "household_id" not in staged.targets(PERSONS):
        return 0
    since, died = _since(staged, PERSONS), _optional(staged, PERSONS, "death_date")
    until = f"CAST(CAST({died} AS DATE) + 1 AS VARCHAR)"  # as at the counter: a membership ends the day after the death
    query = (
        f"SELECT n.id, h.id, {_column(staged, PERSONS, 'relationship_to_head', '')}, {since}, {until} FROM rows_persons r"
        " JOIN people n ON n.key = r.person_id JOIN homes h ON h.key = r.household_id"
        f" WHERE n.new AND ({died} IS NULL OR {until} > {since}) ORDER BY n.id"
    )
    return copy_query(staged.duck, query, "people_membership", ("person_id", "household_id", "relationship", "since", "until"))


@lru_cache(maxsize=200_000)
def _words(name: str) -> frozenset[str]:
    return frozenset(name_words([name]))


def _add_search_keys(staged: Staged) -> None:
    """Words of names, numbers and telephones by which new persons are found, as `services.rebuild_keys` makes them."""
    full = (
        "concat_ws(' ', " + ", ".join(f"nullif({_column(staged, PERSONS, name, '')}, '')" for name in ("given_name", "second_name", "surname")) + ")"
    )
    numbers = "LEFT JOIN (SELECT seq, list(DISTINCT normal) AS normals FROM numbers GROUP BY seq) i ON i.seq = r.seq"
    phones, phone = ("LEFT JOIN phones f ON f.said = r.phone", "f.value") if "phone" in staged.targets(PERSONS) else ("", "NULL")
    query = (
        f"SELECT n.id, a.district, {full}, {_column(staged, PERSONS, 'maiden_name', '')}, i.normals, {phone} FROM {_with_home(staged)}"
        f" JOIN people n ON n.key = r.person_id JOIN areas a ON a.code = {_area_of(staged)} {numbers} {phones}"
        " WHERE n.new ORDER BY n.id"
    )
    found = staged.duck.cursor().execute(query)
    spelled: set[str] = set()
    while rows := found.fetchmany(KEYS):
        keys = sorted(_keys(rows), key=lambda key: (key[2], key[3]))
        copy_rows(keys, "people_searchkey", ("person_id", "district_id", "kind", "key"))
        new = {key for *_, kind, key in keys if kind == "w"} - spelled
        spell(new)
        spelled |= new


def _keys(rows: Sequence[tuple[int, int, str, str, list[str] | None, str | None]]) -> Iterator[tuple[int, int, str, str]]:
    for person, district, name, maiden, normals, phone in rows:
        for word in _words(name) | _words(maiden) if maiden else _words(name):
            yield person, district, "w", word
        for normal in normals or ():
            yield person, district, "i", normal
        if phone:
            yield person, district, "p", digits(phone)
