"""What does not fit is found, counted, shown without names, and never guessed."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from opensocle.errors import Problems, SocleError
from opensocle.population import Population, RejectedRows, Report, read, read_mapping
from opensocle.vocabulary import Vocabulary


def found(words: Vocabulary, **tables: Any) -> tuple[dict[tuple[str, str], int], Population]:
    """(column, reason) -> rows, and the population of the rows that fit."""
    population, report = read(tables, vocabulary=words, keep_going=True, date=date(2026, 1, 1))
    return {(f"{f.table}.{f.column}", f.reason): f.rows for f in report.findings}, population


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("age", "abc", "is not a whole number"),
        ("age", "12.5", "is not a whole number"),
        ("age", "1_0", "is not a whole number"),
        ("age", "0x10", "is not a whole number"),
        ("age", "151", "is more than 150"),
        ("hours_worked", "-2", "is less than 0"),
        ("earnings", "12,50", "is not a number"),
        ("earnings", "1.005", "has more than 2 decimals"),
        ("earnings", "0.10000000000000000001", "has more than 2 decimals"),
        ("earnings", "-1", "is less than 0"),
        ("earnings", "99999999999999999999", "is too large"),
        ("hours_worked", "37.333", "has more than 2 decimals"),
        ("sex", "woman", "is not in the code list sex"),
        ("sex", "Female", "is not in the code list sex"),
        ("birth_date", "31/12/1990", "is not a date as 2026-03-01"),
        ("birth_date", "1990-02-30", "is not a date as 2026-03-01"),
        ("birth_date", "infinity", "is not a date as 2026-03-01"),
        ("birth_date", "2026-01-02", "is after the population's date 2026-01-01"),
        ("informal", "yes", "is neither true, false, 1 nor 0 (map other codes)"),
    ],
)
def test_a_value_that_does_not_fit_is_rejected_with_its_reason(words: Vocabulary, column: str, value: str, reason: str) -> None:
    findings, population = found(words, persons={"person_id": [1, 2], column: [value, None]})
    assert (f"persons.{column}", reason) in findings
    assert population.tables["persons"].rows == 1


def test_values_at_the_edge_are_accepted(words: Vocabulary) -> None:
    persons = {"person_id": [1], "age": ["-1"], "earnings": ["1e2"], "sex": [" female "], "birth_date": ["2026-01-01"], "informal": ["TRUE"]}
    findings, _ = found(words, persons=persons)
    assert not findings


def test_rows_with_the_same_key_are_all_rejected(words: Vocabulary) -> None:
    findings, population = found(
        words,
        persons={"person_id": [1, 2, 2, None]},
        contributions={"person_id": [1, 1, 1], "month": ["2025-01", "2025-01", "2025-02"]},
        events={"person_id": [1, 1], "contingency": ["birth", "birth"], "event_date": [date(2025, 3, 1), date(2025, 3, 31)]},
    )
    assert findings == {
        ("persons.person_id", "several rows have the same person_id"): 2,
        ("persons.person_id", "is missing"): 1,
        ("contributions.person_id", "several rows have the same person_id and month"): 2,
        ("events.person_id", "several rows have the same person_id and contingency and month"): 2,
    }
    assert {name: table.rows for name, table in population.tables.items()} == {"persons": 1, "contributions": 1, "events": 0}


def test_a_rejected_household_takes_its_persons_and_their_histories_with_it(words: Vocabulary) -> None:
    tables = {
        "households": {"household_id": [1, 2], "rooms": ["3", "three"]},
        "persons": {"person_id": [1, 2, 3, 4], "household_id": [1, 2, 9, None]},
        "contributions": {"person_id": [1, 2, 7], "month": ["2025-01"] * 3},
    }
    findings, population = found(words, **tables)
    assert findings[("persons.household_id", "no accepted row of households has this household_id")] == 2
    assert findings[("contributions.person_id", "no accepted row of persons has this person_id")] == 2
    assert {name: table.rows for name, table in population.tables.items()} == {"persons": 2, "households": 1, "contributions": 1}


def test_a_household_that_has_lost_a_member_is_noted(words: Vocabulary) -> None:
    persons = {"person_id": [1, 2, 3], "household_id": [1, 1, 2], "age": ["4", "x", "5"]}
    _, report = read({"persons": persons}, vocabulary=words, keep_going=True)
    assert any("persons: 1 households have lost a member" in note for note in report.notes)


def test_an_end_before_the_start_and_a_death_before_the_birth_are_rejected(words: Vocabulary) -> None:
    findings, _ = found(
        words,
        persons={"person_id": [1, 2], "birth_date": [date(1990, 1, 2), None], "death_date": [date(1990, 1, 1), date(2020, 1, 1)]},
        residence={"person_id": [2, 2], "start_date": [date(2020, 1, 1)] * 2, "end_date": [date(2019, 1, 1), date(2020, 1, 1)]},
    )
    assert findings[("persons.death_date", "is before the birth")] == 1
    assert findings[("residence.end_date", "is before the start")] == 1


def test_a_month_is_a_month_or_its_first_day(words: Vocabulary) -> None:
    contributions = {"person_id": [1] * 4, "month": ["2025-01", "2025-02-01", "2025-03-02", "2025-13"]}
    findings, population = found(words, persons={"person_id": [1]}, contributions=contributions)
    assert findings == {("contributions.month", "is not a month as 2026-03, nor the first day of one"): 2}
    assert population.tables["contributions"].columns["month"] == "date32[day]"


def test_by_default_nothing_is_accepted_if_anything_is_wrong(tmp_path: Path, words: Vocabulary) -> None:
    with pytest.raises(RejectedRows, match="D020 1 row rejected") as error:
        read({"persons": {"person_id": [1, 2], "age": ["1", "x"]}}, vocabulary=words, out=tmp_path / "out", rejected=tmp_path / "r.csv")
    assert not (tmp_path / "out").exists()
    assert (tmp_path / "r.csv").exists()
    assert isinstance(error.value.report, Report) and "persons.age: is not a whole number: 1 row, row 2 (a text)" in error.value.report.as_text()


def test_the_rejected_rows_are_written_with_their_reasons_and_used_values_only(tmp_path: Path, words: Vocabulary) -> None:
    (tmp_path / "persons.csv").write_text("ID,AGE,NAME\n1,x,Anna\n1,200,Bob\n2,20,Cy\n3\n")
    mapping = {"tables": {"persons": {"columns": {"person_id": "ID", "age": "AGE"}}}}
    for name in ("r.csv", "r.parquet"):
        read(tmp_path / "persons.csv", mapping, vocabulary=words, keep_going=True, rejected=tmp_path / name)
    with (tmp_path / "r.csv").open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [line["row"] for line in lines] == ["4", "1", "2"]
    assert json.loads(lines[1]["values"]) == {"ID": "1", "AGE": "x"}
    assert lines[2]["reasons"] == "age is more than 150; person_id several rows have the same person_id"
    assert pq.read_table(tmp_path / "r.parquet").column("reasons").to_pylist() == [line["reasons"] for line in lines]


def test_a_report_never_shows_words_of_a_text_column_mapped_by_mistake(words: Vocabulary) -> None:
    persons = {"person_id": [1, 2, 3], "age": ["Anna Smith", "Bob", "12.5"], "sex": ["Anna Smith", None, None], "birth_date": ["Cy", None, None]}
    with pytest.raises(RejectedRows) as error:
        read({"persons": persons}, vocabulary=words)
    text = str(error.value) + json.dumps(error.value.report.as_dict())
    assert not any(name in text for name in ("Anna", "Smith", "Bob", "Cy"))
    assert "12.5" in text


def test_every_problem_of_a_mapping_is_reported_with_its_line(tmp_path: Path, words: Vocabulary) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(
        "kind: census\n"
        "date: '2026'\n"
        "tables:\n"
        "  persons:\n"
        "    file: a.csv\n"
        "    columns:\n"
        "      agee: AGE\n"
        "      sex: {column: SEX, codes: {1: man}}\n"
        "      earnings: {column: Y, divide: 0}\n"
        "      informal: {column: I, multiply: 2}\n"
        "      urban: {column: U, value: urban}\n"
        "      works: {colum: W}\n"
        "  person: {}\n",
        encoding="utf-8",
    )
    with pytest.raises(Problems) as error:
        read_mapping(path, words)
    lines = {problem.at.removeprefix(str(path)): problem.what for problem in error.value.problems}
    assert {place.split(":")[1] for place in lines} == {"1", "2", "7", "8", "9", "10", "11", "12", "13"}
    assert "did you mean 'age'?" in str(error.value) and "did you mean 'persons'?" in str(error.value)


def test_the_code_of_norway_and_leading_zeros_stay_texts(tmp_path: Path, words: Vocabulary) -> None:
    path = tmp_path / "map.yaml"
    path.write_text("tables: {persons: {columns: {person_id: ID, nationality: {column: N, codes: {NO: NO, 010: SE, 1: null}}}}}", encoding="utf-8")
    rule = read_mapping(path, words).tables["persons"].rules[1]
    assert rule.codes == {"NO": "NO", "010": "SE", "1": None}


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: &x 1\nb: *x", "a: [", "!!python/object:os.system {}", "a: 2026-02-30"])
def test_yaml_that_is_not_plain_is_refused(tmp_path: Path, words: Vocabulary, text: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SocleError, match=r"D01[23]"):
        read_mapping(path, words)


def test_a_number_is_rounded_only_where_the_mapping_says_so(words: Vocabulary) -> None:
    rule = {"column": "y", "divide": 12}
    mapping = {"tables": {"persons": {"columns": {"person_id": {"row_number": True}, "earnings": rule}}}}
    with pytest.raises(RejectedRows, match="has more than 2 decimals after the conversion"):
        read({"persons": {"y": ["100"]}}, mapping, vocabulary=words)
    population, _ = read({"persons": {"y": ["120"]}}, mapping, vocabulary=words)
    data = population.tables["persons"].data
    assert data is not None and data.column("earnings").to_pylist() == [Decimal("10.00")]
