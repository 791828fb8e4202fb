"""A population opens fast, knows its bounds, keeps its hash, and gives the facts of a household."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opensocle.errors import DataError
from opensocle.periods import Month
from opensocle.population import Population, household_of, households, sample, sample_ids
from opensocle.vocabulary import Vocabulary


@pytest.fixture
def family(words: Vocabulary) -> Population:
    return Population.of(
        persons={
            "person_id": [1, 2, 3],
            "household_id": [7, 7, None],
            "birth_date": [date(1990, 1, 1), None, date(2000, 2, 29)],
            "earnings": [Decimal("12.5"), 100, None],
            "works": [True, False, None],
        },
        households={"household_id": [7], "region": ["north"]},
        contributions=[{"person_id": 2, "month": Month(2025, 3), "earnings": 4}, {"person_id": 2, "month": Month(2025, 1)}],
        date=date(2026, 1, 1),
        vocabulary=words,
    )


def test_the_facts_of_a_household_are_plain_values(family: Population) -> None:
    assert household_of(family, 1) == {
        "household": {"household_id": 7, "region": "north"},
        "members": {
            1: {"person_id": 1, "household_id": 7, "birth_date": date(1990, 1, 1), "earnings": Decimal("12.50"), "works": True},
            2: {"person_id": 2, "household_id": 7, "birth_date": None, "earnings": Decimal("100.00"), "works": False},
        },
        "contributions": {1: [], 2: [{"month": Month(2025, 1), "earnings": None}, {"month": Month(2025, 3), "earnings": Decimal("4.00")}]},
    }


def test_a_person_without_a_household_is_alone(family: Population) -> None:
    facts = family.person(3)
    assert facts["household"] is None and list(facts["members"]) == [3] and facts["contributions"] == {3: []}


def test_many_households_at_once_are_those_asked_for_one_by_one(family: Population, tmp_path: Path) -> None:
    saved = family.save(tmp_path / "saved")
    for population in (family, saved):
        assert households(population, [3, 1, 2]) == [family.person(3), family.person(1), family.person(2)]
    first, second = households(family, [1, 2])
    assert first is second


def test_a_sample_depends_on_the_seed_and_not_on_the_order(words: Vocabulary) -> None:
    ids = list(range(100))
    one = Population.of(persons={"person_id": ids}, vocabulary=words)
    other = Population.of(persons={"person_id": ids[::-1], "age": [1] * 100}, vocabulary=words)
    assert sample_ids(one, 10, 1) == sample_ids(other, 10, 1) != sample_ids(one, 10, 2)
    assert len(sample(one, 10, 1)) == 10 and len(sample(one, 1000, 1)) == 100


def test_two_sampled_members_of_one_household_give_it_once(family: Population) -> None:
    assert len(sample(family, 3, 0)) == 2


def test_a_person_who_is_not_there_is_an_error(family: Population) -> None:
    with pytest.raises(DataError, match="D021"):
        family.person(99)
    with pytest.raises(DataError, match="person_id is a number"):
        family.person("1")


def test_saving_keeps_the_hash_and_the_place_does_not_matter(family: Population, tmp_path: Path) -> None:
    one, two = family.save(tmp_path / "one"), family.save(tmp_path / "two")
    again = one.save(tmp_path / "three")
    assert family.hash() == one.hash() == two.hash() == again.hash()
    assert len(family.hash()) == 64
    assert one.heading == {"kind": "registry", "date": date(2026, 1, 1), "currency": "EUR", "digits": 2}


def test_the_hash_depends_on_values_and_date(family: Population, words: Vocabulary) -> None:
    base = Population.of(persons={"person_id": [1], "age": [3]}, date=date(2026, 1, 1), vocabulary=words)
    value = Population.of(persons={"person_id": [1], "age": [4]}, date=date(2026, 1, 1), vocabulary=words)
    day = Population.of(persons={"person_id": [1], "age": [3]}, date=date(2026, 1, 2), vocabulary=words)
    assert len({base.hash(), value.hash(), day.hash()}) == 3


def test_bounds_and_nulls_are_known_in_memory_and_from_the_files(family: Population, tmp_path: Path) -> None:
    saved = family.save(tmp_path / "saved")
    for population in (family, saved):
        persons = population.tables["persons"]
        assert persons.rows == 3
        assert persons.never_null("person_id") and not persons.never_null("earnings") and not persons.never_null("absent")
        assert persons.bounds("earnings") == (Decimal("12.50"), Decimal("100.00"))
        assert persons.bounds("birth_date") == (date(1990, 1, 1), date(2000, 2, 29))
        assert persons.bounds("works") == (False, True) and persons.bounds("absent") is None
        assert persons.columns["earnings"] == "decimal128(18, 2)"


def test_money_is_stored_as_whole_numbers(family: Population, tmp_path: Path) -> None:
    file = family.save(tmp_path / "saved").tables["persons"].files[0]
    schema = pq.ParquetFile(file).schema
    assert schema.column(schema.names.index("earnings")).physical_type == "INT64"


def test_a_folder_without_a_description_and_with_parts_opens(tmp_path: Path) -> None:
    (tmp_path / "persons").mkdir()
    for number in range(50):
        pq.write_table(pa.table({"person_id": [number], "weight": [1.5]}), tmp_path / "persons" / f"part-{number:02}.parquet")
    population = Population.open(tmp_path, date=date(2026, 1, 1))
    assert population.kind == "survey" and population.tables["persons"].rows == 50
    assert population.tables["persons"].bounds("person_id") == (0, 49)
    assert [household["members"].keys() for household in households(population, [3])] == [{3: None}.keys()]


def test_a_single_file_of_persons_opens_as_a_registry(tmp_path: Path) -> None:
    pq.write_table(pa.table({"person_id": [1]}), tmp_path / "p.parquet")
    population = Population.open(tmp_path / "p.parquet")
    assert (population.kind, population.date, list(population.tables)) == ("registry", None, ["persons"])


def test_files_of_one_table_must_have_the_same_columns(tmp_path: Path) -> None:
    (tmp_path / "persons").mkdir()
    pq.write_table(pa.table({"person_id": [1]}), tmp_path / "persons" / "a.parquet")
    pq.write_table(pa.table({"person_id": [1], "age": [2]}), tmp_path / "persons" / "b.parquet")
    with pytest.raises(DataError, match="D019"):
        Population.open(tmp_path)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kind: census\ntables: {persons: {files: [persons.parquet]}}", "D023"),
        ("kind: 3", "D013"),
        ("tables: {people: {files: [persons.parquet]}}", "D014"),
        ("tables: {persons: {files: []}}", "D013"),
        ("tables: {persons: {files: [../persons.parquet]}}", "D010"),
        ("tables: {persons: {files: [other.parquet]}}", "D010"),
        ("tables: {}", "D010"),
    ],
)
def test_a_wrong_description_is_refused(tmp_path: Path, text: str, code: str) -> None:
    folder = tmp_path / "population"
    folder.mkdir()
    for place in (tmp_path, folder):
        pq.write_table(pa.table({"person_id": [1]}), place / "persons.parquet")
    (folder / "population.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=code):
        Population.open(folder)


def test_saving_over_something_is_refused(family: Population, tmp_path: Path) -> None:
    family.save(tmp_path / "saved")
    with pytest.raises(DataError, match="D018"):
        family.save(tmp_path / "saved")
    assert not (tmp_path / "saved.part").exists()


def test_opening_does_not_load_duckdb(family: Population, tmp_path: Path) -> None:
    family.save(tmp_path / "saved")
    script = (
        "import sys; from opensocle.population import Population; assert 'pyarrow' not in sys.modules;"
        f"p = Population.open({str(tmp_path / 'saved')!r}); assert p.tables['persons'].rows == 3; assert 'duckdb' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
