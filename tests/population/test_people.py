"""The people of Exemplia: one population made once, and looked at from all sides."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml

from opensocle.errors import DataError, Problems
from opensocle.population import Population, read
from opensocle.population.people import make_people
from opensocle.population.people.columns import LAYOUTS
from opensocle.vocabulary.loading import vocabulary
from opensocle.vocabulary.model import HISTORIES, TABLES, Fact, Vocabulary

COUNTRY = Path(__file__).parents[2] / "src/opensocle/countries/exemplia/country.yaml"
PERSONS = 60_000
TODAY = "DATE '2026-01-01'"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_people(tmp_path_factory.mktemp("people") / "exemplia", PERSONS, seed=7)


@pytest.fixture(scope="module")
def people(folder: Path) -> duckdb.DuckDBPyConnection:
    return opened(folder)


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for table in TABLES:
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM '{folder / table}.parquet'")
    return connection


def one(people: duckdb.DuckDBPyConnection, sql: str) -> Any:
    row = people.execute(sql).fetchone()
    assert row is not None
    return row[0]


def exemplia() -> Vocabulary:
    country = yaml.safe_load(COUNTRY.read_text(encoding="utf-8"))
    return vocabulary("XMU", 2, country["codes"], country["variables"])


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


class TestTheFolder:
    def test_holds_exactly_the_persons_that_were_asked_for(self, people: duckdb.DuckDBPyConnection) -> None:
        assert one(people, "SELECT count(*) FROM persons") == PERSONS

    def test_describes_each_file_with_its_rows_and_digest(self, folder: Path, people: duckdb.DuckDBPyConnection) -> None:
        described = yaml.safe_load((folder / "population.yaml").read_text(encoding="utf-8"))
        assert {key: described[key] for key in ("kind", "date", "currency", "digits")} == {
            "kind": "registry",
            "date": date(2026, 1, 1),
            "currency": "XMU",
            "digits": 2,
        }
        assert set(described["tables"]) == set(TABLES)
        for name, table in described["tables"].items():
            assert table["rows"] == one(people, f"SELECT count(*) FROM {name}")
            assert [hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in table["files"]] == [table["sha256"]]

    def test_is_the_same_to_the_last_byte_for_the_same_seed(self, tmp_path: Path) -> None:
        for name in ("first", "second"):
            make_people(tmp_path / name, 3_000, seed=5)
        make_people(tmp_path / "other", 3_000, seed=6)
        assert digests(tmp_path / "first") == digests(tmp_path / "second")
        assert digests(tmp_path / "first")["persons.parquet"] != digests(tmp_path / "other")["persons.parquet"]

    def test_of_fewer_people_is_the_beginning_of_one_of_more(self, folder: Path, tmp_path: Path) -> None:
        fewer = opened(make_people(tmp_path / "fewer", 35_000, seed=7))
        fewer.execute(f"CREATE VIEW more AS SELECT * FROM '{folder / 'persons.parquet'}'")
        assert one(fewer, "SELECT count(*) FROM (FROM persons WHERE person_id <= 25000 EXCEPT FROM more)") == 0

    @pytest.mark.parametrize("persons", [1, 2, 17])
    def test_may_be_tiny(self, tmp_path: Path, persons: int) -> None:
        tiny = opened(make_people(tmp_path / "tiny", persons))
        assert one(tiny, "SELECT count(*) FROM persons") == persons

    def test_has_empty_contributions_when_none_are_wanted(self, tmp_path: Path) -> None:
        none = opened(make_people(tmp_path / "none", 500, contributions=False))
        assert one(none, "SELECT count(*) FROM contributions") == 0

    def test_knows_everything_when_there_are_no_unknowns(self, tmp_path: Path) -> None:
        known = opened(make_people(tmp_path / "known", 2_000, unknowns=0))
        assert one(known, "SELECT count(*) FROM persons WHERE birth_date IS NULL OR earnings IS NULL") == 0

    def test_tells_how_far_the_making_is(self, tmp_path: Path) -> None:
        seen: list[tuple[int, int]] = []
        make_people(tmp_path / "told", 40_000, contributions=False, progress=lambda done, wanted: seen.append((done, wanted)))
        assert seen[-1] == (40_000, 40_000)
        assert [done for done, _ in seen] == sorted({done for done, _ in seen})

    def test_is_not_overwritten(self, tmp_path: Path) -> None:
        make_people(tmp_path / "once", 100)
        with pytest.raises(DataError, match="D018"):
            make_people(tmp_path / "once", 100)

    def test_does_not_appear_when_its_making_is_interrupted(self, tmp_path: Path) -> None:
        def stop(done: int, wanted: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            make_people(tmp_path / "stopped", 100, progress=stop)
        assert list(tmp_path.iterdir()) == []

    def test_opens_as_a_population(self, folder: Path) -> None:
        population = Population.open(folder)
        assert population.heading == {"kind": "registry", "date": date(2026, 1, 1), "currency": "XMU", "digits": 2}
        assert {name: table.rows for name, table in population.tables.items()} == {
            name: entry["rows"] for name, entry in yaml.safe_load((folder / "population.yaml").read_text(encoding="utf-8"))["tables"].items()
        }

    @pytest.mark.parametrize("day", [date(2026, 1, 1), date(2024, 2, 29), date(2025, 12, 31)])
    def test_passes_the_checks_of_anybodys_files(self, tmp_path: Path, day: date) -> None:
        made = make_people(tmp_path / "made", 5_000, seed=day.day, date=day)
        files = {table: made / f"{table}.parquet" for table in TABLES}
        _, report = read(files, vocabulary=exemplia(), date=day)
        assert report.rejected == 0

    def test_reports_every_wrong_argument_at_once(self, tmp_path: Path) -> None:
        with pytest.raises(Problems) as raised:
            make_people(tmp_path / "wrong", 0, seed=-1, months=601, unknowns=2)
        assert [problem.code for problem in raised.value.problems] == ["P040", "P041", "P042", "P043"]


def stored_as(fact: Fact) -> str:
    """The Parquet type that the vocabulary promises for a fact."""
    if fact.type == "decimal":
        return f"decimal128(18, {2 if fact.unit.currency else 6})"
    return {"key": "int64", "integer": "int32", "date": "date32[day]", "month": "date32[day]", "boolean": "bool"}.get(fact.type, "string")


@pytest.mark.parametrize("table", TABLES)
class TestEachTable:
    def test_has_the_types_of_the_vocabulary(self, folder: Path, table: str) -> None:
        facts = exemplia().tables[table]
        schema = pq.read_schema(folder / f"{table}.parquet")
        assert {field.name: str(field.type) for field in schema} == {name: stored_as(facts[name]) for name in LAYOUTS[table]}

    def test_uses_the_codes_of_the_vocabulary(self, people: duckdb.DuckDBPyConnection, table: str) -> None:
        words = exemplia()
        for name in LAYOUTS[table]:
            fact = words.tables[table][name]
            if fact.codes:
                used = {row[0] for row in people.execute(f"SELECT DISTINCT {name} FROM {table} WHERE {name} IS NOT NULL").fetchall()}
                assert used <= set(words.codes[fact.codes].values), name

    def test_stays_within_the_limits_of_the_vocabulary(self, people: duckdb.DuckDBPyConnection, table: str) -> None:
        for name in LAYOUTS[table]:
            fact = exemplia().tables[table][name]
            low, high = (people.execute(f"SELECT min({name}), max({name}) FROM {table}").fetchone() or (None, None))[:2]
            if fact.minimum is not None and low is not None:
                assert low >= fact.minimum, name
            if fact.maximum is not None and high is not None:
                assert high <= fact.maximum, name

    def test_says_nothing_twice_of_the_same_person(self, people: duckdb.DuckDBPyConnection, table: str) -> None:
        keys = {"persons": "person_id", "households": "household_id", "contributions": "person_id, month"}
        keys |= {"events": "person_id, contingency, date_trunc('month', event_date)"}
        key = keys.get(table, "person_id, start_date")
        assert one(people, f"SELECT count(*) FROM (SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1)") == 0

    def test_is_in_row_groups_of_one_piece_of_work(self, folder: Path, table: str) -> None:
        file = pq.ParquetFile(folder / f"{table}.parquet")
        sizes = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
        assert all(size == 122_880 for size in sizes[:-1])
        assert file.metadata.row_group(0).column(0).statistics is not None


class TestReferences:
    @pytest.mark.parametrize("table", HISTORIES)
    def test_histories_are_about_persons_of_the_registry(self, people: duckdb.DuckDBPyConnection, table: str) -> None:
        assert one(people, f"SELECT count(*) FROM {table} ANTI JOIN persons USING (person_id)") == 0

    @pytest.mark.parametrize("key", ["spouse_id", "mother_id", "father_id", "breadwinner_id"])
    def test_kin_live_in_the_same_household(self, people: duckdb.DuckDBPyConnection, key: str) -> None:
        other = f"SELECT count(*) FROM persons p LEFT JOIN persons q ON q.person_id = p.{key} WHERE p.{key} IS NOT NULL"
        assert one(people, f"{other} AND q.household_id IS DISTINCT FROM p.household_id") == 0
        assert one(people, f"{other} AND p.person_id = q.person_id") == 0
        assert one(people, other) > 1_000

    def test_each_household_has_one_head_and_its_members_stand_together(self, people: duckdb.DuckDBPyConnection) -> None:
        heads = "SELECT household_id, count_if(relationship_to_head = 'head') AS heads, max(person_id) - min(person_id) + 1 = count(*) AS together"
        assert one(people, f"SELECT count(*) FROM ({heads} FROM persons GROUP BY 1) WHERE heads <> 1 OR NOT together") == 0
        assert one(people, "SELECT count(*) FROM persons FULL JOIN households USING (household_id) WHERE person_id IS NULL OR tenure IS NULL") == 0

    def test_spouses_are_each_others(self, people: duckdb.DuckDBPyConnection) -> None:
        assert (
            one(people, "SELECT count(*) FROM persons p JOIN persons q ON q.person_id = p.spouse_id WHERE q.spouse_id IS DISTINCT FROM p.person_id")
            == 0
        )

    def test_mothers_are_women_at_least_twelve_years_older(self, people: duckdb.DuckDBPyConnection) -> None:
        joined = "FROM persons c JOIN persons m ON m.person_id = c.mother_id"
        assert one(people, f"SELECT count(*) {joined} WHERE m.sex <> 'female' OR m.birth_date + INTERVAL 12 YEAR > c.birth_date") == 0
        assert one(people, f"SELECT max(date_diff('year', m.birth_date, c.birth_date)) {joined}") < 50

    def test_no_child_is_born_after_its_parent_has_died(self, people: duckdb.DuckDBPyConnection) -> None:
        joined = "FROM persons c JOIN persons p ON p.person_id IN (c.mother_id, c.father_id)"
        assert one(people, f"SELECT count(*) {joined} WHERE p.death_date < c.birth_date") == 0


class TestTime:
    @pytest.mark.parametrize("table", ["residence", "employment", "benefits_in_payment"])
    def test_spells_end_after_they_start(self, people: duckdb.DuckDBPyConnection, table: str) -> None:
        assert one(people, f"SELECT count(*) FROM {table} WHERE end_date <= start_date OR start_date > {TODAY}") == 0

    @pytest.mark.parametrize("table", ["residence", "employment"])
    def test_spells_do_not_overlap(self, people: duckdb.DuckDBPyConnection, table: str) -> None:
        after = (
            f"SELECT start_date, lag(coalesce(end_date, DATE '9999-01-01')) OVER (PARTITION BY person_id ORDER BY start_date) AS ended FROM {table}"
        )
        assert one(people, f"SELECT count(*) FROM ({after}) WHERE start_date < ended") == 0

    def test_contributions_are_of_the_sixty_months_before_the_date_and_end_with_death(self, people: duckdb.DuckDBPyConnection) -> None:
        assert one(people, "SELECT count(*) FROM contributions WHERE month < DATE '2021-01-01' OR month > DATE '2025-12-01' OR day(month) <> 1") == 0
        assert one(people, "SELECT count(*) FROM contributions JOIN persons USING (person_id) WHERE month >= death_date") == 0
        assert (
            one(people, "SELECT count(DISTINCT person_id) FROM contributions JOIN persons USING (person_id) WHERE death_date < DATE '2026-01-01'")
            > 20
        )

    def test_a_credited_month_has_a_reason_and_is_not_paid(self, people: duckdb.DuckDBPyConnection) -> None:
        assert one(people, "SELECT count(*) FROM contributions WHERE credited <> (credit_reason IS NOT NULL) OR (credited AND paid)") == 0
        assert one(people, "SELECT count(DISTINCT credit_reason) FROM contributions") == 3

    def test_events_are_of_the_calendar_year_and_of_the_living(self, people: duckdb.DuckDBPyConnection) -> None:
        assert one(people, "SELECT count(*) FROM events WHERE year(event_date) <> 2026 OR claim_date < event_date") == 0
        assert one(people, "SELECT count(*) FROM events JOIN persons USING (person_id) WHERE death_date < event_date OR birth_date > event_date") == 0
        assert one(people, "SELECT count(DISTINCT contingency) FROM events") == 11

    def test_events_of_a_date_within_the_year_name_the_children_born_since_new_year(self, tmp_path: Path) -> None:
        later = opened(make_people(tmp_path / "later", 20_000, date=date(2026, 7, 15)))
        born = (
            "SELECT count(*) FROM events JOIN persons c ON c.person_id = child_id WHERE c.birth_date = event_date AND c.mother_id = events.person_id"
        )
        assert one(later, born) == one(later, "SELECT count(child_id) FROM events") > 50
        assert one(later, "SELECT max(birth_date) FROM persons") < date(2026, 7, 15)


AGE = f"date_diff('year', birth_date, {TODAY})"
SHARES = {  # what: (SQL of a share or number, lowest, highest)
    "median age": (f"SELECT median({AGE}) FROM persons", 22, 27),
    "under 15": (f"SELECT avg(({AGE} < 15)::INT) FROM persons", 0.26, 0.36),
    "60 and over": (f"SELECT avg(({AGE} >= 60)::INT) FROM persons", 0.06, 0.12),
    "women": ("SELECT avg((sex = 'female')::INT) FROM persons", 0.49, 0.54),
    "household size": ("SELECT count(*) / count(DISTINCT household_id) FROM persons", 3.2, 4.5),
    "migrants": ("SELECT avg((nationality <> 'XE')::INT) FROM persons", 0.03, 0.05),
    "internally displaced": ("SELECT avg((migration_status = 'internally_displaced')::INT) FROM persons", 0.008, 0.022),
    "informal": ("SELECT avg(informal::INT) FROM persons WHERE labour_status = 'employed'", 0.66, 0.76),
    "insured of the employed": ("SELECT avg(insured::INT) FROM persons WHERE labour_status = 'employed'", 0.22, 0.36),
    "births not registered": ("SELECT avg((NOT birth_registered)::INT) FROM persons", 0.02, 0.04),
    "birth dates unknown": ("SELECT avg((birth_date IS NULL)::INT) FROM persons", 0.002, 0.008),
    "earnings unknown": ("SELECT avg((earnings IS NULL)::INT) FROM persons WHERE labour_status = 'employed'", 0.005, 0.015),
    "heads who have died": (f"SELECT count_if(death_date < {TODAY}) / count(DISTINCT household_id) FROM persons", 0.01, 0.02),
    "disabled": ("SELECT avg((disability_degree >= 40)::INT) FROM persons", 0.02, 0.08),
    "disabled at 80": (f"SELECT avg((disability_degree >= 40)::INT) FROM persons WHERE {AGE} >= 80", 0.25, 0.55),
    "pregnant women": ("SELECT avg(pregnant::INT) FROM persons WHERE sex = 'female'", 0.015, 0.045),
    "births a year": ("SELECT count_if(contingency = 'birth') / (SELECT count(*) FROM persons) FROM events", 0.012, 0.03),
    "children headed": (f"SELECT count_if({AGE} < 18) / count(*) FROM persons WHERE relationship_to_head = 'head'", 0.001, 0.008),
    "months a contributor": ("SELECT count(*) / count(DISTINCT person_id) FROM contributions", 35, 60),
    "formal over informal pay": (
        "SELECT median(earnings) FILTER (NOT informal) / median(earnings) FILTER (informal) FROM persons WHERE earnings > 0",
        1.8,
        4,
    ),
    "women over men's pay": (
        "SELECT avg(earnings) FILTER (sex = 'female') / avg(earnings) FILTER (sex = 'male') FROM persons WHERE earnings > 0",
        0.6,
        0.95,
    ),
    "told in round numbers": ("SELECT avg((earnings % 10 = 0)::INT) FROM persons WHERE informal AND earnings > 0", 0.6, 0.95),
    "electricity": ("SELECT avg(electricity::INT) FROM households", 0.5, 0.85),
    "spouses of the dead widowed": (
        f"SELECT avg((q.marital_status = 'widowed')::INT) FROM persons p JOIN persons q ON q.person_id = p.spouse_id WHERE p.death_date < {TODAY}",
        1,
        1,
    ),
    "work of the dead": (f"SELECT count(*) FROM persons WHERE death_date < {TODAY} AND (labour_status = 'employed' OR earnings > 0)", 0, 0),
}


@pytest.mark.parametrize("what", SHARES)
def test_the_people_are_plausible(people: duckdb.DuckDBPyConnection, what: str) -> None:
    sql, lowest, highest = SHARES[what]
    assert lowest <= one(people, sql) <= highest


def test_education_and_means_go_with_earnings(people: duckdb.DuckDBPyConnection) -> None:
    by_level = "SELECT median(earnings) FROM persons WHERE earnings > 0 AND education_level = "
    assert one(people, f"{by_level} 'bachelor'") > one(people, f"{by_level} 'upper_secondary'") > one(people, f"{by_level} 'less_than_primary'")
    assert one(people, "SELECT corr(consumption, has_refrigerator::INT) FROM households") > 0.1
