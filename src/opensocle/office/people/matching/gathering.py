"""Persons of the registry as rows that can be compared, in DuckDB."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

from ..importing.storing import PIECE, rows_of
from ..naming import sound, words

if TYPE_CHECKING:
    import duckdb

COLUMNS = {
    "unique_id": "BIGINT",
    "names": "STRUCT(w VARCHAR, s VARCHAR, v VARCHAR)[]",
    "said": "VARCHAR",
    "sounds": "VARCHAR[]",
    "pairs": "VARCHAR[]",
    "born": "VARCHAR",
    "swapped": "VARCHAR",
    "precision": "VARCHAR",
    "year": "INTEGER",
    "sex": "VARCHAR",
    "area": "BIGINT",
    "district": "BIGINT",
    "mother": "VARCHAR",
    "number_type": "VARCHAR",
    "number": "VARCHAR",
    "phone": "VARCHAR",
}
"""One row a person. names: words, how each sounds, and its first vowel; said: all words of the names in the order of the alphabet; sounds and pairs:
for blocking; swapped: the birth with day and month exchanged, where both can be; number: of the first document that she has."""
_PERSONS = """
SELECT id, given_name, second_name, surname, maiden_name, birth_date, birth_precision, sex, area_id, district_id FROM people_person
WHERE merged_into_id IS NULL AND erased IS NULL AND {where}"""
_VOWELS = str.maketrans("eyo", "iiu")
_BESIDE = {
    "mothers": "SELECT person_id, value FROM people_fact WHERE name = 'mother_id' AND withdrawn IS NULL AND until IS NULL AND value <> ''",
    "numbers": "SELECT person_id, type || ' ' || normal FROM people_identifier WHERE NOT withdrawn AND type <> 'provisional'",
    "phones": "SELECT person_id, value FROM people_contact WHERE kind = 'phone' AND NOT withdrawn",
}


def gather(duck: duckdb.DuckDBPyConnection, districts: Sequence[int] | None) -> int:
    """Makes the table `persons` with everybody of these districts (None: of all); returns how many."""
    for table, query in _BESIDE.items():
        duck.execute(f"CREATE TABLE all_{table} (person BIGINT, value VARCHAR)")
        _insert(duck, f"all_{table}", rows_of(query))
        duck.execute(f"CREATE TABLE {table} AS SELECT person, min(value) AS value FROM all_{table} GROUP BY person")
    where = "district_id IN ({})".format(", ".join(map(str, districts)) or "NULL") if districts is not None else "1 = 1"
    kinds = [f"{name} {kind}" for name, kind in COLUMNS.items() if name not in ("mother", "number_type", "number", "phone")]
    duck.execute(f"CREATE TABLE plain ({', '.join(kinds)})")
    _insert(duck, "plain", ([_row(row) for row in piece] for piece in rows_of(_PERSONS.format(where=where))))
    duck.execute(
        "CREATE TABLE persons AS SELECT p.*, m.value AS mother, split_part(n.value, ' ', 1) AS number_type, split_part(n.value, ' ', 2) AS number,"
        " f.value AS phone FROM plain p LEFT JOIN mothers m ON m.person = unique_id LEFT JOIN numbers n ON n.person = unique_id"
        " LEFT JOIN phones f ON f.person = unique_id WHERE len(names) > 0"
    )
    return int(duck.execute("SELECT count(*) FROM persons").fetchall()[0][0])


def _insert(duck: duckdb.DuckDBPyConnection, table: str, pieces: Iterator[list[Any]]) -> None:
    import pyarrow as pa

    names = [row[0] for row in duck.execute(f"DESCRIBE {table}").fetchall()]
    for rows in pieces:
        for at in range(0, len(rows), PIECE):
            columns = [pa.array(values) for values in zip(*rows[at : at + PIECE], strict=True)]
            duck.register("piece_in", pa.Table.from_arrays(columns, names=names))
            duck.execute(f"INSERT INTO {table} SELECT * FROM piece_in")
            duck.unregister("piece_in")


@lru_cache(maxsize=200_000)
def _words(name: str) -> tuple[str, ...]:
    return words(name)


def first_vowel(word: str) -> str:
    """The first vowel of a latinised word: a, i (also e, y) or u (also o, ou); empty where it is written without vowels."""
    found = re.search("[aeiou]|(?<!^)y", word)
    return found[0].translate(_VOWELS) if found else ""


def _row(row: Sequence[Any]) -> tuple[Any, ...]:
    pk, given, second, surname, maiden, birth, precision, sex, area, district = row
    said = sorted({word for name in (given, second, surname, maiden) if name for word in _words(name)})
    sounds = sorted({sound(word) for word in said})
    pairs = [f"{a} {b}" for a, b in combinations(sounds, 2)] or sounds
    born = str(birth)[:10] if birth else None
    day, month = (int(born[8:]), int(born[5:7])) if born else (0, 0)
    swapped = f"{born[:4]}-{day:02d}-{month:02d}" if born and precision == "day" and day <= 12 and day != month else None
    names = [{"w": word, "s": sound(word), "v": first_vowel(word)} for word in said]
    known = None if sex in ("not_known", "not_applicable") else sex
    return pk, names, " ".join(said), sounds, pairs, born, swapped, precision, int(born[:4]) if born else None, known, area, district
