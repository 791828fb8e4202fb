"""Numbers of documents and telephones in a file, in the form in which they are kept, beside those of the registry.

A number of a document leads to the person of the registry who has it, if names and birth do not contradict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....errors import InputError
from ....population.sources import quoted
from ....population.validating import Checked, reject
from ..naming import normal_identifier, sound, words
from ..services.values import phone_of
from .storing import PIECE, bring, pieces_of, rows_of
from .words import NAMES, NUMBER

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

SINGLE = ("given_name", "second_name", "surname", "maiden_name", "birth_date")


def reject_numbers(duck: duckdb.DuckDBPyConnection, persons: Checked, identifiers: Sequence[str], country: str) -> None:
    """Makes the tables numbers (seq, type, country, normal) and candidates (seq, person), and rejects rows whose number is another's."""
    _make_numbers(duck, persons, identifiers, country)
    if not identifiers:
        duck.execute("CREATE TABLE candidates (seq BIGINT, person BIGINT)")
        return
    for name in identifiers:
        mine = f"type = {quoted(name.removeprefix(NUMBER))}"
        reject(duck, persons, name, "is no number of a document", f"SELECT seq FROM numbers WHERE {mine} AND length(normal) < 3")
        good = f"(SELECT * FROM numbers SEMI JOIN {persons.good} g USING (seq))"
        twice = f"SELECT normal FROM {good} WHERE {mine} GROUP BY country, normal HAVING count(DISTINCT seq) > 1"
        reject(duck, persons, name, "several rows have the same number", f"SELECT seq FROM numbers WHERE {mine} AND normal IN ({twice})")
    types = ", ".join(quoted(name.removeprefix(NUMBER)) for name in identifiers)
    there = f"SELECT type, country, normal, person_id FROM people_identifier WHERE NOT withdrawn AND type IN ({types})"
    columns = [("type", "VARCHAR"), ("country", "VARCHAR"), ("normal", "VARCHAR"), ("person", "BIGINT")]
    bring(duck, "taken", columns, rows_of(there))
    key = persons.column("person_id")
    duck.execute(
        f"CREATE TABLE candidates AS SELECT DISTINCT n.seq, t.person FROM numbers n JOIN taken t USING (type, country, normal)"
        f" JOIN {persons.name} c USING (seq) LEFT JOIN known_persons k ON k.key = c.{key} WHERE k.id IS DISTINCT FROM t.person"
    )
    wrong = _contradicting(duck, persons)
    bring(duck, "contradicting", [("seq", "BIGINT")], pieces_of([(seq,) for seq in wrong]))
    known = f"SELECT seq FROM candidates JOIN {persons.name} c USING (seq) WHERE c.{key} IN (SELECT key FROM known_persons)"
    several = "SELECT seq FROM candidates GROUP BY seq HAVING count(*) > 1"
    shared = "SELECT seq FROM candidates WHERE person IN (SELECT person FROM candidates GROUP BY person HAVING count(*) > 1)"
    for rows in (known, several, shared, "SELECT seq FROM contradicting"):
        reject(duck, persons, identifiers[0], "another person of the registry has a number of this row", f"SELECT DISTINCT seq FROM ({rows})")


def _make_numbers(duck: duckdb.DuckDBPyConnection, persons: Checked, identifiers: Sequence[str], country: str) -> None:
    duck.execute("CREATE TABLE numbers (seq BIGINT, type VARCHAR, country VARCHAR, value VARCHAR, normal VARCHAR)")
    foreign = [f"SELECT {persons.column(name)} FROM {persons.name}" for name in identifiers]
    if not foreign:
        return
    found = duck.execute(
        f"SELECT DISTINCT * FROM ({' UNION ALL '.join(foreign)}) AS v(value) WHERE NOT regexp_full_match(value, '[ -~]*')"
    ).fetchall()
    bring(
        duck, "foreign_numbers", [("value", "VARCHAR"), ("normal", "VARCHAR")], pieces_of([(value, normal_identifier(value)) for (value,) in found])
    )
    for name in identifiers:
        value = f"c.{persons.column(name)}"
        normal = f"coalesce(f.normal, left(regexp_replace(upper({value}), '[^A-Z0-9]', '', 'g'), 60))"
        duck.execute(
            f"INSERT INTO numbers SELECT c.seq, {quoted(name.removeprefix(NUMBER))}, {quoted(country)}, {value}, {normal}"
            f" FROM {persons.name} c LEFT JOIN foreign_numbers f ON f.value = {value} WHERE {value} IS NOT NULL"
        )


def reject_phones(duck: duckdb.DuckDBPyConnection, persons: Checked) -> None:
    """Makes the table phones (said, value), and rejects rows whose telephone is none."""
    column = persons.column("phone")
    if not column:
        return
    said = duck.cursor().execute(f"SELECT DISTINCT {column} FROM {persons.name} WHERE {column} IS NOT NULL")
    pieces = iter(lambda: said.fetchmany(PIECE), [])
    bring(duck, "phones", [("said", "VARCHAR"), ("value", "VARCHAR")], ([(text, _phone(text)) for (text,) in piece] for piece in pieces))
    wrong = f"SELECT c.seq FROM {persons.name} c JOIN phones f ON f.said = c.{column} WHERE f.value IS NULL"
    reject(duck, persons, "phone", "is no telephone number", wrong)


def _phone(text: str) -> str | None:
    try:
        return phone_of(text)
    except InputError:
        return None


def _contradicting(duck: duckdb.DuckDBPyConnection, persons: Checked) -> list[int]:
    """Rows whose names share no sound with those of the person who has the number, or whose year of birth is another, or who may not be changed."""
    columns = [f"CAST(c.{column} AS VARCHAR)" if (column := persons.column(name)) else "NULL" for name in SINGLE]
    rows = duck.execute(f"SELECT seq, person, {', '.join(columns)} FROM candidates JOIN {persons.name} c USING (seq)").fetchall()
    known: dict[int, tuple[object, ...]] = {}
    allowed = {district for (district,) in duck.execute("FROM districts").fetchall()}
    numbers = sorted({row[1] for row in rows})
    for at in range(0, len(numbers), 500):
        some = numbers[at : at + 500]
        asked = ", ".join(["%s"] * len(some))
        query = (
            "SELECT id, given_name, second_name, surname, maiden_name, birth_date, district_id,"
            f" restricted IS NULL AND erased IS NULL AND merged_into_id IS NULL FROM people_person WHERE id IN ({asked})"
        )
        known |= {row[0]: row[1:] for piece in rows_of(query, some) for row in piece}
    return [seq for seq, person, *said in rows if person not in known or not _agree(said, known[person], allowed)]


def _agree(said: Sequence[str | None], there: Sequence[object], allowed: set[int]) -> bool:
    *names, birth, district, may = there
    if district not in allowed or not may:
        return False
    ours, theirs = _sounds(said[:4]), _sounds([str(name or "") for name in names])
    if birth is not None and said[4] is not None and str(birth)[:4] != said[4][:4]:
        return False
    return not ours or bool(ours & theirs)


def _sounds(names: Sequence[str | None]) -> set[str]:
    return {sound(word) for name in names[: len(NAMES)] if name for word in words(name)}


def link_numbers(duck: duckdb.DuckDBPyConnection, persons: Checked) -> None:
    """The table `linked` (seq, person): accepted rows of persons whom the registry knows by a number only."""
    duck.execute(f"CREATE TABLE linked AS SELECT seq, person FROM candidates SEMI JOIN {persons.good} g USING (seq)")
