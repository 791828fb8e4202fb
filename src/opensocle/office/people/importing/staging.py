"""The rows of a file beside what the registry knows, in DuckDB: every row that cannot be taken is rejected with its reason, the others are compared.

Tables that are made here: known_persons and known_households (by the source's keys), taken (numbers of documents), rows_persons and rows_households
(the accepted rows in canonical text, each with its fingerprint), and for histories rows_<table>.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ....population.converting import Target
from ....population.readers import Reading
from ....population.report import Report
from ....population.sources import quoted
from ....population.validating import Checked, reject
from ....vocabulary.model import HISTORIES, HOUSEHOLDS, PERSONS, Vocabulary
from ...access.rules import Scope
from ...laws.registry import moment_words
from ...laws.values import PEOPLE
from ..services.values import OLDEST
from . import numbers
from .storing import bring, rows_of
from .words import IDENTIFIERS, LONGEST_FACT, LONGEST_IDENTIFIER, LONGEST_KEY, NAMES, TEXTS, Targets, targets_of

if TYPE_CHECKING:
    import duckdb

BESIDE = {"events": ("contingency",), "employment": ("employer_id",), "benefits_in_payment": ("scheme",)}
"""Words that, beside person and moment, tell rows of a history apart."""
UNSEEN = "[\\s\\x{00AD}\\x{200B}\\x{200E}\\x{200F}\\x{202A}-\\x{202E}\\x{2060}-\\x{206F}\\x{FEFF}]"
"""Spaces and signs that nobody sees; joiners within words of Arabic and Indic scripts are not among them."""
PRINT = 12
"""Signs of a fingerprint for each column: five of the column's name, seven of its value."""


@dataclass
class Staged:
    """A file that has been read and is being compared. since: the day from which facts hold where no column says so."""

    reading: Reading
    source: str
    words: Vocabulary
    scope: Scope
    on: date
    since: date
    area: str | None
    country: str
    notes: list[str] = field(default_factory=list)

    @property
    def duck(self) -> duckdb.DuckDBPyConnection:
        return self.reading.connection

    @property
    def tables(self) -> dict[str, Checked]:
        return self.reading.tables

    def targets(self, table: str) -> Targets:
        return targets_of(table, self.tables[table].conversion.names if table in self.tables else (), self.words)

    def number(self, query: str) -> int:
        return int(self.duck.execute(query).fetchall()[0][0])


def stage(staged: Staged) -> Report:
    """Makes the tables above; the report says which rows cannot be taken, and why."""
    _bring_known(staged)
    for table, checked in staged.tables.items():
        _reject_texts(staged, checked, table)
    if HOUSEHOLDS in staged.tables:
        _reject_households(staged, staged.tables[HOUSEHOLDS])
    if PERSONS in staged.tables:
        persons = staged.tables[PERSONS]
        _reject_persons(staged, persons)
        numbers.reject_numbers(staged.duck, persons, staged.targets(PERSONS).identifiers, staged.country)
        new = f"c.{persons.column('person_id')} NOT IN (SELECT key FROM known_persons) AND c.seq NOT IN (SELECT seq FROM candidates)"
        nowhere = f"SELECT c.seq FROM {_placed(staged)} WHERE {new} AND {_area(staged)} IS NULL"
        reject(staged.duck, persons, "area", "no area is given", nowhere)
        _reject_heads(staged, persons)
    for table in HISTORIES:
        if table in staged.tables:
            _reject_records(staged, staged.tables[table], table)
    report = staged.reading.report()
    _make_rows(staged)
    return report


# --- what the registry knows


def _bring_known(staged: Staged) -> None:
    persons = (
        "SELECT s.key, p.id, p.reference, s.digest, p.district_id, p.restricted IS NULL AND p.erased IS NULL FROM people_sourcekey s"
        " JOIN people_person q ON q.id = s.person_id JOIN people_person p ON p.id = coalesce(q.merged_into_id, q.id)"
        " WHERE s.source = %s AND s.kind = 'person'"
    )
    homes = (
        "SELECT s.key, h.id, h.reference, s.digest, h.district_id, h.until IS NULL FROM people_sourcekey s"
        " JOIN people_household h ON h.id = s.household_id WHERE s.source = %s AND s.kind = 'household'"
    )
    kinds = ("VARCHAR", "BIGINT", "VARCHAR", "VARCHAR", "BIGINT", "BOOLEAN")
    columns = list(zip(("key", "id", "reference", "digest", "district", "open"), kinds, strict=True))
    bring(staged.duck, "known_persons", columns, rows_of(persons, [staged.source]))
    bring(staged.duck, "known_households", columns, rows_of(homes, [staged.source]))
    bring(
        staged.duck,
        "areas",
        [("code", "VARCHAR"), ("id", "BIGINT"), ("district", "BIGINT")],
        rows_of("SELECT code, id, district_id FROM places_area"),
    )
    allowed = "true" if staged.scope.everywhere else f"district IN ({', '.join(map(str, sorted(staged.scope.districts))) or 'NULL'})"
    staged.duck.execute(f"CREATE TABLE districts AS SELECT DISTINCT district FROM areas WHERE district IS NOT NULL AND {allowed}")


# --- rows that cannot be taken


def _reject_texts(staged: Staged, checked: Checked, table: str) -> None:
    """Texts that are too long, and signs that no text has."""
    for name, target in checked.conversion.targets.items():
        if target.kind in ("text", "key", "code"):
            longest = (
                LONGEST_KEY if name in ("person_id", "household_id") else LONGEST_IDENTIFIER if name in IDENTIFIERS else TEXTS.get(name, LONGEST_FACT)
            )
            value = checked.column(name)
            reject(staged.duck, checked, name, f"has more than {longest} signs", f"SELECT seq FROM {checked.name} WHERE length({value}) > {longest}")
            signs = f"SELECT seq FROM {checked.name} WHERE regexp_matches({value}, '[\\x00-\\x1f\\x7f]')"
            reject(staged.duck, checked, name, "has signs that cannot be printed", signs)
        if name in NAMES:
            nothing = f"SELECT seq FROM {checked.name} WHERE NOT regexp_matches({checked.column(name)}, '\\p{{L}}')"
            reject(staged.duck, checked, name, "a name has letters", nothing)


def _reject_households(staged: Staged, homes: Checked) -> None:
    key = homes.column("household_id")
    elsewhere = f"SELECT c.seq FROM {homes.name} c JOIN known_households k ON k.key = c.{key} WHERE k.district NOT IN (FROM districts)"
    reject(staged.duck, homes, "household_id", "the household is of a district that you do not import for", elsewhere)


def _reject_persons(staged: Staged, persons: Checked) -> None:
    duck, key = staged.duck, persons.column("person_id")
    known = f"{persons.name} c JOIN known_persons k ON k.key = c.{key}"
    unnamed = " AND ".join(f"c.{column} IS NULL" for name in NAMES[:3] if name != "second_name" and (column := persons.column(name))) or "true"
    new = f"c.{key} NOT IN (SELECT key FROM known_persons)"
    reject(duck, persons, "given_name", "neither given name nor surname", f"SELECT c.seq FROM {persons.name} c WHERE {unnamed} AND {new}")
    elsewhere = f"SELECT c.seq FROM {known} WHERE k.district IS NULL OR k.district NOT IN (FROM districts)"
    reject(duck, persons, "person_id", "the person is of a district that you do not import for", elsewhere)
    reject(duck, persons, "person_id", "the file of this person is restricted or erased", f"SELECT c.seq FROM {known} WHERE NOT k.open")
    home = persons.column("household_id")
    if home:
        ended = f"SELECT c.seq FROM {persons.name} c JOIN known_households k ON k.key = c.{home} WHERE NOT k.open AND {new}"
        reject(duck, persons, "household_id", "the household has ended in the registry", ended)
    numbers.reject_phones(duck, persons)
    _reject_births(staged, persons)
    email = persons.column("email")
    if email:
        reject(
            duck,
            persons,
            "email",
            "is no e-mail address",
            f"SELECT seq FROM {persons.name} WHERE NOT regexp_full_match({email}, '[^@ ]+@[^@ ]+[.][^@ ]+')",
        )


def _reject_births(staged: Staged, persons: Checked) -> None:
    """Deaths to come, births longer ago than anybody lives, and dates that say more than their precision."""
    birth, precision, death = (persons.column(name) for name in ("birth_date", "birth_precision", "death_date"))
    if death:
        late = f"SELECT seq FROM {persons.name} WHERE {death} > DATE '{staged.on.isoformat()}'"
        reject(staged.duck, persons, "death_date", "lies in the future", late)
    if not birth:
        return
    old = f"SELECT seq FROM {persons.name} WHERE {birth} < DATE '{(staged.on - OLDEST).isoformat()}'"
    reject(staged.duck, persons, "birth_date", "nobody is that old", old)
    if precision:
        more = f"{precision} = 'year' AND (month({birth}), day({birth})) <> (1, 1) OR {precision} = 'month' AND day({birth}) <> 1"
        said = "what is not known of a date is written as 1"
        reject(staged.duck, persons, "birth_date", said, f"SELECT seq FROM {persons.name} WHERE {more}")


def _placed(staged: Staged) -> str:
    """Persons c beside the rows h of their households."""
    persons, homes = staged.tables[PERSONS], staged.tables.get(HOUSEHOLDS)
    own = persons.column("household_id")
    if homes is None or own is None:
        return f"{persons.name} c"
    return f"{persons.name} c LEFT JOIN {homes.good} h ON h.{homes.column('household_id')} = c.{own}"


def _area(staged: Staged) -> str:
    """The code of a person's area: her own, her household's, or the one for all."""
    persons, homes = staged.tables[PERSONS], staged.tables.get(HOUSEHOLDS)
    own, shared = persons.column("area"), homes.column("area") if homes and persons.column("household_id") else None
    parts = [f"c.{own}" if own else "", f"h.{shared}" if shared else "", quoted(staged.area) if staged.area else ""]
    return f"coalesce({', '.join([part for part in parts if part] + ['NULL'])})"


def _reject_heads(staged: Staged, persons: Checked) -> None:
    """Households with several heads: in the file, or in the file and in the registry. None of their persons is taken."""
    home, relationship = persons.column("household_id"), persons.column("relationship_to_head")
    if not home or not relationship:
        return
    heads = f"SELECT {home} FROM {persons.good} WHERE {relationship} = 'head' GROUP BY 1 HAVING count(*) > 1"
    reject(
        staged.duck, persons, "relationship_to_head", "the household has several heads", f"SELECT seq FROM {persons.name} WHERE {home} IN ({heads})"
    )
    current = (
        "SELECT k.key, m.person_id FROM people_membership m JOIN people_sourcekey k ON k.household_id = m.household_id"
        " WHERE k.source = %s AND m.until IS NULL AND m.relationship = 'head'"
    )
    bring(staged.duck, "known_heads", [("home", "VARCHAR"), ("person", "BIGINT")], rows_of(current, [staged.source]))
    key = persons.column("person_id")
    found = f"SELECT k.id, c.{home} AS home, c.{relationship} AS said FROM {persons.name} c JOIN known_persons k ON k.key = c.{key}"
    stays = "f.id IS NULL OR (coalesce(f.home, h.home) = h.home AND f.said IS NULL)"
    staying = f"SELECT h.home FROM known_heads h LEFT JOIN ({found}) f ON f.id = h.person WHERE {stays}"
    new = f"c.{key} NOT IN (SELECT key FROM known_persons JOIN known_heads ON person = id)"
    other = f"SELECT c.seq FROM {persons.name} c WHERE c.{relationship} = 'head' AND {new} AND c.{home} IN ({staying})"
    reject(staged.duck, persons, "relationship_to_head", "the household has another head in the registry, who is not in the file", other)


def _reject_records(staged: Staged, checked: Checked, table: str) -> None:
    """History rows of nobody, and without the moment at which they begin."""
    key, start = checked.column("person_id"), checked.column(moment_words(table)[0])
    alike = [f"{column}" for name in ("person_id", moment_words(table)[0], *BESIDE.get(table, ())) if (column := checked.column(name))]
    twice = f"SELECT {', '.join(alike)} FROM {checked.good} GROUP BY ALL HAVING count(*) > 1"
    same = " AND ".join(f"c.{column} IS NOT DISTINCT FROM t.{column}" for column in alike)
    reject(
        staged.duck,
        checked,
        "person_id",
        "several rows say the same moment of the same person",
        f"SELECT c.seq FROM {checked.name} c JOIN ({twice}) t ON {same}",
    )
    missing = f"SELECT seq FROM {checked.name} WHERE {start} IS NULL" if start else f"SELECT seq FROM {checked.name}"
    reject(staged.duck, checked, moment_words(table)[0], "is missing", missing)
    if PERSONS not in staged.tables:
        nobody = f"SELECT seq FROM {checked.name} WHERE {key} NOT IN (SELECT key FROM known_persons)"
        reject(staged.duck, checked, "person_id", "nobody in the registry has this key of the source", nobody)
        open_ = "SELECT key FROM known_persons WHERE open AND district IN (FROM districts)"
        closed = f"SELECT seq FROM {checked.name} WHERE {key} IN (SELECT key FROM known_persons) AND {key} NOT IN ({open_})"
        reject(staged.duck, checked, "person_id", "the file of this person is closed, or of a district that you do not import for", closed)


# --- the accepted rows


def text_of(value: str, target: Target, none: bool = False) -> str:
    """SQL: a checked value as its canonical text; `none`: where it is missing, there is none."""
    match target.kind:
        case "decimal":
            text = f"CAST({value} AS VARCHAR)"
            text = f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"
            text = f"CASE {text} WHEN '-0' THEN '0' ELSE {text} END"
        case "month":
            text = f"strftime({value}, '%Y-%m')"
        case "text" | "key" | "code":
            text = f"{value}"
        case _:
            text = f"CAST({value} AS VARCHAR)"
    return f"coalesce({text}, '')" if none else text


def fingerprint(name: str, key: str, text: str) -> str:
    """SQL: the signs of one column in a row's fingerprint."""
    return f"left(md5({quoted(name)}), 5) || coalesce(left(md5({key} || chr(31) || {text}), 7), '-------')"


def tag(name: str) -> str:
    """The signs by which a column is known in a fingerprint."""
    from hashlib import md5

    return md5(name.encode(), usedforsecurity=False).hexdigest()[:5]


def _make_rows(staged: Staged) -> None:
    duck = staged.duck
    if PERSONS in staged.tables:
        names = f"SELECT {staged.tables[PERSONS].column('person_id')} AS key FROM {staged.tables[PERSONS].good}"
        duck.execute(f"CREATE TABLE all_keys AS SELECT key FROM known_persons UNION {names}")
    else:
        duck.execute("CREATE TABLE all_keys AS SELECT key FROM known_persons")
    if HOUSEHOLDS in staged.tables:
        _rows(staged, HOUSEHOLDS, "household_id", "known_households")
    if PERSONS in staged.tables:
        numbers.link_numbers(duck, staged.tables[PERSONS])
        _rows(staged, PERSONS, "person_id", "known_persons")
    for table in HISTORIES:
        if table in staged.tables:
            values = ", ".join(_values(staged, table))
            duck.execute(f"CREATE TABLE rows_{table} AS SELECT seq, {values} FROM {staged.tables[table].good} c")


def _values(staged: Staged, table: str) -> list[str]:
    """SQL: each word of a table as text; who is named and not known stays out."""
    checked, found = staged.tables[table], []
    for name, target in checked.conversion.targets.items():
        value, word = f"c.{checked.column(name)}", staged.words.tables[table].get(name)
        fact = name in staged.targets(table).facts
        if name in TEXTS:
            value = f"trim(regexp_replace(nfc_normalize({value}), '{UNSEEN}+', ' ', 'g'))"
        text = text_of(value, target, bool(word and word.none and fact and table not in HISTORIES))
        if name in PEOPLE:
            nobody = f"{value} IS NOT NULL AND {value} NOT IN (SELECT key FROM all_keys)"
            count = staged.number(f"SELECT count(*) FROM {checked.good} c WHERE {nobody}")
            if count:
                staged.notes.append(f"{table}.{name}: {count} keys are of nobody in the file or the registry, and stay unknown")
            text = f"CASE WHEN NOT ({nobody}) THEN {text} END"
        found.append(f'{text} AS "{name}"')
    return found


def _rows(staged: Staged, table: str, key: str, known: str) -> None:
    """rows_<table>: seq, id and before (of the registry, where it is known), now (the fingerprint), and all words as text."""
    checked = staged.tables[table]
    printed = sorted(set(checked.conversion.names) - {key, "since"})
    words = [fingerprint(name, f'"{key}"', f'"{name}"') for name in printed]
    texts = f"SELECT seq, {', '.join(_values(staged, table))} FROM {checked.good} c"
    linked = "LEFT JOIN linked l ON l.seq = r.seq" if table == PERSONS else ""
    number = "coalesce(k.id, l.person)" if table == PERSONS else "k.id"
    staged.duck.execute(
        f"CREATE TABLE rows_{table} AS SELECT r.*, {number} AS id, k.digest AS before, {' || '.join(words) or quoted('')} AS now"
        f' FROM ({texts}) r LEFT JOIN {known} k ON k.key = r."{key}" {linked}'
    )
