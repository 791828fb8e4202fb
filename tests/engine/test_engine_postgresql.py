"""Runs inside PostgreSQL: what the catalogue tells, what is refused, where the results go, and what they can be traced to."""

from __future__ import annotations

import json
from collections.abc import Generator
from datetime import date
from decimal import Decimal
from importlib import import_module
from itertools import count
from types import ModuleType
from typing import Any

import psycopg
import pytest
from engines import law_of, people, store
from psycopg import sql
from psycopg.rows import dict_row

from opensocle.engine import postgres
from opensocle.engine.catalogue import read_catalogue
from opensocle.engine.postgres import run_postgres
from opensocle.errors import DataError, EngineError, InputError, Problems, SocleError
from opensocle.law.law import Law

VARIABLES = {
    "eligible": {"type": "boolean", "formula": "age(birth_date) < 18 and region != 'south'"},
    "benefit": {"unit": "XMU/month", "formula": "if(eligible, amount + pay, 0)"},
    "family": {"of": "household", "unit": "XMU/month", "formula": "sum(members, benefit) * if_unknown(h, 1)"},
    "months": "count(contributions, paid)",
}
AMOUNT = "{amount: {unit: XMU/month, values: {2020-01-01: 30.33}, source: A}}"
OUTPUTS = ["test.eligible", "test.benefit", "test.family", "test.months"]
SETUP = """
CREATE TABLE households (household_id integer PRIMARY KEY, h numeric(18, 6));
CREATE TABLE persons (person_id bigint PRIMARY KEY, household_id integer NOT NULL REFERENCES households, birth_date date, region varchar(20),
  pay numeric(18, 2), note text, weight numeric(18, 9) NOT NULL);
CREATE TABLE contributions (person_id bigint REFERENCES persons, month date, paid boolean NOT NULL, PRIMARY KEY (person_id, month));
INSERT INTO households VALUES (1, NULL), (2, 2);
INSERT INTO persons VALUES (1, 1, '2020-01-01', 'north', 0.5, 'a', 1.5), (2, 1, '1980-01-01', 'north', NULL, 'b', 1.5),
  (3, 2, '2015-06-30', NULL, 1, 'c', 2), (4, 2, NULL, 'south', 1, 'd', 2);
INSERT INTO contributions VALUES (1, '2026-01-01', true), (1, '2026-02-01', false), (4, '2026-02-01', true);
"""
ROWS = [
    (1, 1, Decimal("1.5"), True, Decimal("30.83"), 1),
    (2, 1, Decimal("1.5"), False, Decimal("0.00"), 0),
    (3, 2, Decimal("2"), None, None, 0),
    (4, 2, Decimal("2"), False, Decimal("0.00"), 1),
]


@pytest.fixture(scope="module")
def law() -> Law:
    return law_of(VARIABLES, AMOUNT)


NUMBERS = count()


@pytest.fixture
def schema(database: psycopg.Connection) -> Generator[str]:
    """A schema with the tables of SETUP; its name needs quotes."""
    name = f'registry "{next(NUMBERS)}"'
    database.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    change(database, name, SETUP)
    yield name
    database.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


def change(database: psycopg.Connection, schema: str, statements: str) -> None:
    database.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
    database.execute(statements.encode())
    database.execute("RESET search_path")


def persons(result: Any) -> list[tuple[Any, ...]]:
    columns = ["person_id", "household_id", "weight", "test.eligible", "test.benefit", "test.months"]
    return sorted(tuple(row[name] for name in columns) for row in result.table().to_pylist())


def codes(caught: pytest.ExceptionInfo[Problems]) -> list[str]:
    return sorted(problem.code for problem in caught.value.problems)


# --- results


def test_a_run_in_the_database_says_what_made_it(law: Law, database: psycopg.Connection, schema: str) -> None:
    result = run_postgres(law, database, "2026-03", OUTPUTS, schema=schema, keep=["note"])
    assert persons(result) == ROWS
    assert sorted(result.table().column("note").to_pylist()) == ["a", "b", "c", "d"]
    homes = {row["household_id"]: row for row in result.table("household").to_pylist()}
    assert homes[1]["test.family"] == Decimal("30.83") and homes[2]["test.family"] is None and homes[2]["weight"] == 2
    statement = result.statement()
    assert statement["engine"].startswith("postgresql 1") and statement["law"] == law.hash and len(statement["data"]) == 64
    assert statement["rows"] == {"person": 4, "household": 2} and statement["unknown"]["test.benefit"] == 1
    assert {row["variable"]: row["total"] for row in result.totals(names=["test.benefit"])} == {"benefit": Decimal("30.83") * Decimal("1.5")}


def test_an_address_will_do_and_a_connection_stays_as_it_was(law: Law, cluster: str, schema: str) -> None:
    assert persons(run_postgres(law, cluster, "2026-03", OUTPUTS, schema=schema)) == ROWS
    for autocommit in (True, False):
        with psycopg.connect(cluster, autocommit=autocommit) as connection:
            connection.row_factory = dict_row  # ty: ignore[invalid-assignment]
            assert persons(run_postgres(law, connection, "2026-03", OUTPUTS, schema=schema)) == ROWS
            assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
            found = connection.execute(
                "SELECT current_setting('search_path') AS path, current_setting('transaction_read_only') AS readonly"
            ).fetchone()
            assert found == {"path": '"$user", public', "readonly": "off"}


def test_results_may_stay_in_the_database(law: Law, database: psycopg.Connection, schema: str) -> None:
    into = f"{schema} results"
    result = run_postgres(law, database, "2026-03", OUTPUTS, schema=schema, keep=["note"], into=into)
    assert result.rows == {"person": 4, "household": 2} and result.tables == {}
    table = sql.Identifier(into, "person_results")
    columns = sql.SQL(", ").join(
        sql.Identifier(name) for name in ("person_id", "household_id", "weight", "test.eligible", "test.benefit", "test.months")
    )
    assert database.execute(sql.SQL("SELECT {} FROM {} ORDER BY 1").format(columns, table)).fetchall() == ROWS
    type = database.execute("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attname = 'test.benefit'").fetchone()
    assert type and type[0].startswith("numeric(") and type[0].endswith(",2)")
    comment = database.execute("SELECT obj_description(c.oid) FROM pg_class c WHERE relname = 'household_results'").fetchone()
    assert comment and json.loads(comment[0])["law"] == law.hash and json.loads(comment[0])["data"] == result.data_hash
    with pytest.raises(DataError, match="D018") as caught:
        run_postgres(law, database, "2026-03", OUTPUTS, schema=schema, into=into)
    assert caught.value.hint
    database.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(into)))


def test_a_run_that_fails_leaves_nothing_behind(law: Law, database: psycopg.Connection, schema: str) -> None:
    too_much = law_of({"benefit": {"unit": "XMU/month", "formula": "pay * " + " * ".join(["i"] * 6)}})
    change(database, schema, "ALTER TABLE persons ADD i integer DEFAULT 1000000; UPDATE persons SET pay = 999999999")
    with pytest.raises(EngineError, match="E001") as caught:
        run_postgres(too_much, database, "2026-03", schema=schema, into="never made")
    assert "larger than any" in caught.value.hint
    assert database.execute("SELECT FROM pg_namespace WHERE nspname = 'never made'").fetchall() == []


def test_nothing_can_be_written_where_no_results_are_kept(
    law: Law, database: psycopg.Connection, schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def watched(connection: psycopg.Connection, name: str) -> Any:
        seen.append(connection.execute("SELECT current_setting('transaction_read_only'), current_setting('transaction_isolation')").fetchone())
        return read_catalogue(connection, name)

    monkeypatch.setattr(postgres, "read_catalogue", watched)
    run_postgres(law, database, "2026-03", OUTPUTS, schema=schema)
    assert seen == [("on", "repeatable read")]


def test_long_names_stay_apart(database: psycopg.Connection, schema: str) -> None:
    long = "a_rather_long_name_of_a_step_on_the_way_to_a_benefit_number_"
    law = law_of({f"{long}{number}": f"month_number(birth_date) * {number + 2}" for number in range(3)} | {"total": f"{long}0 + {long}1 + {long}2"})
    outputs = [*(f"test.{long}{number}" for number in range(3)), "test.total"]
    result = run_postgres(law, database, "2026-03", outputs, schema=schema)
    (row,) = [row for row in result.table().to_pylist() if row["person_id"] == 3]
    assert [row[name] for name in outputs] == [12, 18, 24, 54]
    result = run_postgres(law, database, "2026-03", outputs, schema=schema, into="long names")
    found = database.execute('SELECT * FROM "long names".person_results WHERE person_id = 3').fetchone()
    assert found and found[-4:] == (12, 18, 24, 54)
    database.execute('DROP SCHEMA "long names" CASCADE')


def test_texts_come_out_as_they_are(database: psycopg.Connection, schema: str) -> None:
    texts = ["", "a,b", 'say "yes"', "two\nlines", "\\.", "NULL", "été", None]
    law = law_of({"a": "1"})
    name = f"{schema} texts"
    store(database, name, people(law, [{"person_id": f"p{number}", "x": "1"} for number in range(len(texts))]), strict=False)
    change(database, name, "ALTER TABLE persons ADD note text")
    for number, text in enumerate(texts):
        database.execute(sql.SQL("UPDATE {} SET note = %s WHERE person_id = %s").format(sql.Identifier(name, "persons")), [text, f"p{number}"])
    table = run_postgres(law, database, "2026-03", ["test.a"], schema=name, keep=["note"]).table()
    assert dict(zip(table.column("person_id").to_pylist(), table.column("note").to_pylist(), strict=True)) == {
        f"p{n}": text for n, text in enumerate(texts)
    }
    database.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


def test_tables_without_rows_give_results_without_rows(law: Law, database: psycopg.Connection, schema: str) -> None:
    change(database, schema, "TRUNCATE persons, households, contributions")
    result = run_postgres(law, database, "2026-03", OUTPUTS, schema=schema)
    assert result.rows == {"person": 0, "household": 0} and "test.benefit" in result.table().column_names


# --- the hash


def test_the_hash_of_the_data_is_that_of_the_values_that_are_used(law: Law, database: psycopg.Connection, schema: str) -> None:
    def hashed() -> str:
        return run_postgres(law, database, "2026-03", OUTPUTS, schema=schema).data_hash

    first = hashed()
    assert hashed() == first
    change(database, schema, "UPDATE persons SET note = 'changed'; UPDATE persons SET pay = pay WHERE person_id = 1; SET datestyle = 'SQL, DMY'")
    assert hashed() == first, "columns that are not used, the order of rows and the session's settings do not count"
    database.execute("RESET datestyle")
    seen = {first}
    for statement in (
        "UPDATE persons SET pay = 0.51 WHERE person_id = 1",
        "UPDATE persons SET pay = NULL WHERE person_id = 1",
        "UPDATE persons SET region = '' WHERE person_id = 99; DELETE FROM contributions WHERE person_id = 4",
        "UPDATE households SET h = 3 WHERE household_id = 2",
        "UPDATE persons SET weight = 3 WHERE person_id = 2",
    ):
        change(database, schema, statement)
        seen.add(hashed())
    assert len(seen) == 6


def test_rows_of_two_tables_that_swap_a_value_have_another_hash(law: Law, database: psycopg.Connection, schema: str) -> None:
    first = run_postgres(law, database, "2026-03", OUTPUTS, schema=schema).data_hash
    change(
        database,
        schema,
        "UPDATE persons SET birth_date = CASE person_id WHEN 1 THEN DATE '1980-01-01' ELSE DATE '2020-01-01' END WHERE person_id < 3",
    )
    assert run_postgres(law, database, "2026-03", OUTPUTS, schema=schema).data_hash != first


# --- the catalogue


def test_what_is_never_null_is_read_from_the_constraints(database: psycopg.Connection, schema: str) -> None:
    database.execute("BEGIN")
    catalogue = read_catalogue(database, schema)
    database.execute("ROLLBACK")
    assert catalogue.complete_households and catalogue.never_null("contributions", "paid") and not catalogue.never_null("persons", "pay")
    assert not catalogue.has_table("residence") and not catalogue.has_column("persons", "paid")
    assert catalogue.latest("persons", "birth_date") == date(2020, 1, 1)


def test_enumerations_domains_identifiers_and_views_are_understood(law: Law, database: psycopg.Connection, schema: str) -> None:
    change(
        database,
        schema,
        """
        CREATE TYPE place AS ENUM ('north', 'south', 'east');
        CREATE DOMAIN money2 AS numeric(12, 2) CHECK (VALUE >= 0);
        ALTER TABLE persons ALTER region TYPE place USING region::place, ALTER pay TYPE money2;
        ALTER TABLE persons RENAME TO people;
        CREATE VIEW persons AS SELECT person_id, household_id, birth_date::timestamp::date AS birth_date, region, pay, weight FROM people;
        """,
    )
    assert persons(run_postgres(law, database, "2026-03", OUTPUTS, schema=schema, keep=["region"])) == ROWS
    change(
        database,
        schema,
        """
        ALTER TABLE contributions DROP CONSTRAINT contributions_person_id_fkey;
        CREATE OR REPLACE VIEW contributions_text AS SELECT md5(person_id::text)::uuid AS person_id, month, paid FROM contributions;
        ALTER TABLE contributions RENAME TO old; ALTER VIEW contributions_text RENAME TO contributions;
        DROP VIEW persons;
        CREATE VIEW persons AS SELECT md5(person_id::text)::uuid AS person_id, household_id, birth_date, region, pay, weight FROM people;
        """,
    )
    table = run_postgres(law, database, "2026-03", OUTPUTS, schema=schema).table()
    assert sorted(row["test.months"] for row in table.to_pylist()) == [0, 0, 1, 1]
    assert all(len(key) == 36 for key in table.column("person_id").to_pylist())


def test_functions_of_the_schema_are_never_called(law: Law, database: psycopg.Connection, schema: str) -> None:
    change(
        database,
        schema,
        "CREATE FUNCTION date_trunc(text, date) RETURNS timestamp LANGUAGE sql AS $$ SELECT 1 / 0, now()::timestamp $$".replace("1 / 0, ", ""),
    )
    database.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
    try:
        assert persons(run_postgres(law, database, "2026-03", OUTPUTS, schema=schema)) == ROWS
    finally:
        database.execute("RESET search_path")


# --- what is refused


def test_every_column_that_does_not_fit_is_reported(law: Law, database: psycopg.Connection, schema: str) -> None:
    change(
        database,
        schema,
        """
        ALTER TABLE persons ALTER birth_date TYPE timestamp, ALTER pay TYPE double precision, ALTER region TYPE integer USING 1;
        ALTER TABLE contributions ALTER paid TYPE integer USING 1, DROP CONSTRAINT contributions_pkey, DROP month;
        ALTER TABLE households ALTER h TYPE numeric(18, 7);
        """,
    )
    with pytest.raises(Problems) as caught:
        run_postgres(law, database, "2026-03", OUTPUTS, schema=schema, keep=["notes"])
    said = "\n".join(str(problem) for problem in caught.value.problems)
    assert codes(caught) == ["D020"] * 6 + ["P052"]
    for part in (
        "persons.birth_date is stored as timestamp without time zone, not as a date",
        "persons.pay is stored as double precision",
        "persons.region is stored as integer",
        "contributions.paid is stored as integer, not as a boolean",
        "contributions has no column 'month'",
        "households.h is stored as numeric(18,7), not as numeric with at most 6 decimals",
        "did you mean 'note'?",
    ):
        assert part in said, said


def test_every_kind_of_row_that_breaks_the_vocabulary_is_counted(law: Law, database: psycopg.Connection, schema: str) -> None:
    change(
        database,
        schema,
        """
        ALTER TABLE contributions DROP CONSTRAINT contributions_pkey, ALTER month DROP NOT NULL;
        ALTER TABLE persons DROP CONSTRAINT persons_household_id_fkey, ALTER pay TYPE numeric;
        UPDATE persons SET region = 'nowhere', household_id = 9 WHERE person_id = 1;
        UPDATE persons SET birth_date = 'infinity', pay = 'NaN' WHERE person_id = 2;
        UPDATE persons SET pay = 0.001 WHERE person_id = 3;
        UPDATE persons SET weight = -1 WHERE person_id = 4;
        INSERT INTO contributions VALUES (1, '2026-01-01', true), (2, '2026-01-15', true), (3, NULL, true);
        """,
    )
    with pytest.raises(Problems) as caught:
        run_postgres(law, database, "2026-03", OUTPUTS, schema=schema)
    said = "\n".join(str(problem) for problem in caught.value.problems)
    assert codes(caught) == ["D030"] * 7 + ["D031", "D032"], said
    for part in (
        "persons.region: 1 values that are no code of region",
        "persons.birth_date: 1 values outside the years 1 to 9999",
        "persons.pay: 1 values not between",
        "persons.pay: 1 values with more than 2 decimals",
        "persons.weight: 1 values not between 0 and",
        "contributions.month: 1 values without a value",
        "contributions.month: 1 values that are not the first of a month",
        "contributions: 1 times several rows have the same person_id and month",
        "1 persons are of households",
    ):
        assert part in said, said


def test_a_schema_without_persons_is_named(law: Law, cluster: str) -> None:
    with pytest.raises(DataError, match="D010"):
        run_postgres(law, cluster, "2026-03", schema="nothing here")


def test_a_user_without_rights_is_told_which(law: Law, database: psycopg.Connection, cluster: str, schema: str) -> None:
    role = sql.Identifier(f"{schema} reader")
    database.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
    database.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(schema), role))
    try:
        with psycopg.connect(cluster) as connection:
            connection.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(role))
            connection.commit()
            with pytest.raises(EngineError, match="permission denied for table persons") as caught:
                run_postgres(law, connection, "2026-03", OUTPUTS, schema=schema)
            assert "SELECT" in caught.value.hint
    finally:
        database.execute(sql.SQL("DROP OWNED BY {}").format(role))
        database.execute(sql.SQL("DROP ROLE {}").format(role))


def test_a_connection_in_a_transaction_is_refused(law: Law, cluster: str, schema: str) -> None:
    with psycopg.connect(cluster) as connection:
        connection.execute("SELECT 1")
        with pytest.raises(InputError, match="P054"):
            run_postgres(law, connection, "2026-03", OUTPUTS, schema=schema)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://amina:s3cr%26t@127.0.0.1:1/base", "D003"),
        ("host=/nowhere user=amina password=s3cr&t", "D003"),
        ("postgresql://amina:s3cr&t@[::1", "P055"),
        ("postgres s3cr&t", "P055"),
        ("postgresql://127.0.0.1:1/?pasword=s3cr%26t", "P055"),
    ],
)
def test_a_database_that_does_not_answer_never_shows_the_password(law: Law, url: str, code: str) -> None:
    with pytest.raises(SocleError) as caught:
        run_postgres(law, url, "2026-03")
    assert caught.value.code == code and caught.value.hint
    error: BaseException | None = caught.value
    while error is not None:
        assert "s3cr" not in str(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_without_the_driver_the_extra_is_named(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> ModuleType:
        if name == "psycopg":
            raise ModuleNotFoundError(name)
        return import_module(name)

    monkeypatch.setattr(postgres, "import_module", absent)
    with pytest.raises(InputError, match=r"pip install 'opensocle\[postgres\]'"):
        run_postgres(law, "postgresql://localhost/base", "2026-03")
