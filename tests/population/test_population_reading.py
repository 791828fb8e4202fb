"""Files and frames of every kind become the same population, exactly."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from opensocle.errors import DataError, Problems
from opensocle.population import Population, RejectedRows, read
from opensocle.vocabulary import Vocabulary, vocabulary

EUROS = vocabulary("EUR", 2)

COLUMNS: dict[str, list[Any]] = {
    "PID": [1, 2, 3],
    "SEX": [1, 2, None],
    "BORN": [date(1990, 1, 1), date(2000, 2, 29), None],
    "PAY": [1200.5, 0.1, None],
    "PLACE": ["north", "south", None],
}
MAPPING: dict[str, Any] = {
    "kind": "registry",
    "date": date(2026, 1, 1),
    "tables": {
        "persons": {
            "columns": {
                "person_id": "PID",
                "sex": {"column": "SEX", "codes": {1: "male", 2: "female"}},
                "birth_date": "BORN",
                "earnings": "PAY",
                "region": "PLACE",
                "urban": {"value": "urban"},
            }
        }
    },
}
EXPECTED = [
    {"person_id": 1, "sex": "male", "birth_date": date(1990, 1, 1), "earnings": Decimal("1200.50"), "region": "north", "urban": "urban"},
    {"person_id": 2, "sex": "female", "birth_date": date(2000, 2, 29), "earnings": Decimal("0.10"), "region": "south", "urban": "urban"},
    {"person_id": 3, "sex": None, "birth_date": None, "earnings": None, "region": None, "urban": "urban"},
]


def rows(population: Population, table: str = "persons") -> list[dict[str, Any]]:
    """All rows of a table, as Python values."""
    one = population.tables[table]
    data = one.data if one.data is not None else pa.concat_tables(pq.read_table(path) for path in one.files)
    return data.to_pylist()


def write_csv(folder: Path) -> Path:
    path = folder / "people.csv"
    path.write_text("PID,SEX,BORN,PAY,PLACE\n1,1,1990-01-01,1200.50,north\n2,2,2000-02-29,0.10,south\n3,,,,\n", encoding="utf-8")
    return path


def write_latin_csv(folder: Path) -> Path:
    path = folder / "people.txt"
    path.write_text("PID;SEX;BORN;PAY;PLACE;TOWN\n1;1;1990-01-01;1200,50;north;Évora\n2;2;2000-02-29;0,10;south;\n3;;;;;\n", encoding="windows-1252")
    return path


def write_parquet(folder: Path) -> Path:
    path = folder / "people.parquet"
    pq.write_table(pa.table(COLUMNS), path)
    return path


def write_excel(folder: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(COLUMNS))
    for row in zip(*COLUMNS.values(), strict=True):
        sheet.append(row)
    sheet.append([None] * 5)
    book.save(folder / "people.xlsx")
    return folder / "people.xlsx"


def frame() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values, dtype=object if name in ("BORN", "PLACE") else None) for name, values in COLUMNS.items()})


def write_stata(folder: Path) -> Path:
    pyreadstat.write_dta(frame(), str(folder / "people.dta"))
    return folder / "people.dta"


def write_spss(folder: Path) -> Path:
    pyreadstat.write_sav(frame(), str(folder / "people.sav"))
    return folder / "people.sav"


@pytest.mark.parametrize("write", [write_csv, write_parquet, write_excel, write_stata, write_spss])
def test_every_kind_of_file_gives_the_same_rows(write: Any, tmp_path: Path, words: Vocabulary) -> None:
    population, report = read(write(tmp_path), MAPPING, vocabulary=words)
    assert rows(population) == EXPECTED
    assert report.rejected == 0 and report.tables["persons"].read == 3
    assert population.kind == "registry" and population.date == date(2026, 1, 1)


def test_a_file_in_another_encoding_with_decimal_commas_is_read(tmp_path: Path, words: Vocabulary) -> None:
    table = {**MAPPING["tables"]["persons"], "delimiter": ";", "encoding": "windows-1252", "decimal": ","}
    population, _ = read(write_latin_csv(tmp_path), {**MAPPING, "tables": {"persons": table}}, vocabulary=words)
    assert rows(population) == EXPECTED


@pytest.mark.parametrize("make", [dict, pa.table, pl.DataFrame, lambda _: frame()])
def test_every_kind_of_frame_gives_the_same_rows(make: Any, words: Vocabulary) -> None:
    population, _ = read({"persons": make(COLUMNS)}, MAPPING, vocabulary=words)
    assert rows(population) == EXPECTED


def test_value_labels_can_be_used_as_codes(tmp_path: Path, words: Vocabulary) -> None:
    data = pd.DataFrame({"PID": [1.0, 2.0, 3.0], "SEX": [1.0, 2.0, 9.0]})
    labels: dict[str, dict[int | float, str]] = {"SEX": {1: "Homme", 2: "Femme"}}
    pyreadstat.write_dta(data, str(tmp_path / "a.dta"), variable_value_labels=labels)
    pyreadstat.write_sav(data, str(tmp_path / "a.sav"), variable_value_labels=labels)
    sex = {"column": "SEX", "labels": True, "codes": {"Homme": "male", "Femme": "female", 9: None}}
    for name in ("a.dta", "a.sav"):
        population, _ = read(tmp_path / name, {"tables": {"persons": {"columns": {"person_id": "PID", "sex": sex}}}}, vocabulary=words)
        assert [row["sex"] for row in rows(population)] == ["male", "female", None]


def test_several_files_make_one_table_and_rows_keep_their_file_and_number(tmp_path: Path, words: Vocabulary) -> None:
    for number in range(3):
        (tmp_path / f"part-{number}.csv").write_text(f"person_id,age\n{number}1,30\n{number}2,{'x' if number == 1 else 40}\n")
    mapping = {"tables": {"persons": {"file": "part-*.csv", "columns": {"person_id": "person_id", "age": "age"}}}}
    with pytest.raises(RejectedRows) as error:
        read(tmp_path, mapping, vocabulary=words)
    assert error.value.report.findings[0].examples == (("part-1.csv", 2, "a text"),)
    assert error.value.report.tables["persons"].read == 6


def test_a_row_number_stays_right_below_a_line_that_cannot_be_read(tmp_path: Path, words: Vocabulary) -> None:
    (tmp_path / "persons.csv").write_text("person_id,age\n1,30\n2\n3,40,50\n4,x\n5,50\n")
    population, report = read(tmp_path / "persons.csv", vocabulary=words, keep_going=True)
    assert [row["person_id"] for row in rows(population)] == [1, 5]
    assert {(f.column, tuple(row for _, row, _ in f.examples)) for f in report.findings} == {("(line)", (2, 3)), ("age", (4,))}
    assert report.tables["persons"].read == 5 and report.rejected == 3


def test_identifiers_with_leading_zeros_stay_texts_in_all_tables(words: Vocabulary) -> None:
    population, _ = read({"persons": {"person_id": ["007", "8"], "mother_id": ["8", None]}}, vocabulary=words)
    assert population.tables["persons"].columns == {"person_id": "string", "mother_id": "string"}


def test_identifiers_are_numbers_where_every_table_can_hold_them_as_numbers(tmp_path: Path, words: Vocabulary) -> None:
    (tmp_path / "persons.csv").write_text("person_id,household_id\n1,a\n2,b\n")
    (tmp_path / "contributions.csv").write_text("person_id,month,paid\n2,2025-01,true\n")
    population, _ = read(tmp_path, vocabulary=words)
    assert population.tables["persons"].columns == {"person_id": "int64", "household_id": "string"}
    assert population.tables["contributions"].columns["person_id"] == "int64"


def test_rows_of_a_household_stand_together_and_histories_are_in_order(words: Vocabulary) -> None:
    persons = {"person_id": [1, 2, 3, 4], "household_id": [20, 10, 20, 10]}
    contributions = {"person_id": [2, 1, 2], "month": ["2025-02", "2025-01", "2025-01"]}
    population, _ = read({"persons": persons, "contributions": contributions}, vocabulary=words)
    assert [row["person_id"] for row in rows(population)] == [2, 4, 1, 3]
    assert [(r["person_id"], r["month"].month) for r in rows(population, "contributions")] == [(1, 1), (2, 1), (2, 2)]


def test_a_variable_of_the_law_may_be_given_and_keeps_its_type(tmp_path: Path, words: Vocabulary) -> None:
    typed, _ = read({"persons": {"person_id": [1], "pension.years": [12], "pension.eligible": [True], "pension.rate": [0.25]}}, vocabulary=words)
    assert rows(typed) == [{"person_id": 1, "pension.years": 12, "pension.eligible": True, "pension.rate": Decimal("0.25")}]
    (tmp_path / "p.csv").write_text(
        "person_id,pension.years,pension.rate,pension.eligible,pension.since,pension.note\n1,12,0.25,true,2020-01-31,x1\n"
    )
    untyped, _ = read(tmp_path / "p.csv", vocabulary=words)
    values = {"years": 12, "rate": Decimal("0.25"), "eligible": True, "since": date(2020, 1, 31), "note": "x1"}
    assert rows(untyped) == [{"person_id": 1} | {f"pension.{name}": value for name, value in values.items()}]


def test_dates_and_months_are_read_in_the_format_that_is_given(words: Vocabulary) -> None:
    mapping = {
        "tables": {
            "persons": {"columns": {"person_id": "id", "birth_date": {"column": "born", "format": "%d/%m/%Y"}}},
            "contributions": {"columns": {"person_id": "id", "month": {"column": "m", "format": "%Y%m"}}},
        }
    }
    frames = {"persons": {"id": [1], "born": ["03/02/2001"]}, "contributions": {"id": [1, 1], "m": [202501, 202512]}}
    population, _ = read(frames, mapping, vocabulary=words)
    assert rows(population)[0]["birth_date"] == date(2001, 2, 3)
    assert [row["month"] for row in rows(population, "contributions")] == [date(2025, 1, 1), date(2025, 12, 1)]


def test_missing_values_are_missing_and_not_zero(words: Vocabulary) -> None:
    columns = {"person_id": "id", "earnings": "pay", "sex": {"column": "s", "missing": ["?"]}}
    frames = {"persons": {"id": [1, 2, 3], "pay": ["-9", "-9.00", "0"], "s": ["?", "NA", "male"]}}
    population, _ = read(frames, {"tables": {"persons": {"missing": [-9, "NA"], "columns": columns}}}, vocabulary=words)
    assert [(row["earnings"], row["sex"]) for row in rows(population)] == [(None, None), (None, None), (Decimal("0.00"), "male")]


def test_equal_rows_of_a_file_of_persons_make_one_household(words: Vocabulary) -> None:
    frame = {"id": [1, 2, 3], "h": [5, 5, 6], "size": [2, 2, 1]}
    mapping = {
        "tables": {
            "persons": {"columns": {"person_id": "id", "household_id": "h"}},
            "households": {"distinct": True, "columns": {"household_id": "h", "household_size": "size"}},
        }
    }
    population, _ = read({"persons": frame, "households": frame}, mapping, vocabulary=words)
    assert rows(population, "households") == [{"household_id": 5, "household_size": 2}, {"household_id": 6, "household_size": 1}]


numbers = st.decimals(min_value=0, max_value=10**9, places=4)


@settings(max_examples=40, deadline=None)
@given(st.lists(numbers, min_size=1, max_size=8), st.integers(1, 400), st.integers(1, 400))
def test_a_conversion_is_exact_and_rounds_once_half_away_from_zero(values: list[Decimal], multiply: int, divide: int) -> None:
    rule = {"column": "y", "multiply": multiply, "divide": divide, "round": True}
    mapping = {"tables": {"persons": {"columns": {"person_id": {"row_number": True}, "other_income": rule}}}}
    signed = [value * (-1) ** number for number, value in enumerate(values)]
    population, _ = read({"persons": {"y": [str(value) for value in signed]}}, mapping, vocabulary=EUROS)
    for row, value in zip(rows(population), signed, strict=True):
        exact = Fraction(value) * multiply / divide * 100
        whole = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
        assert row["other_income"] == Decimal(whole if exact >= 0 else -whole) / 100


@settings(max_examples=40, deadline=None)
@given(st.lists(st.decimals(min_value=-(10**11), max_value=10**11, places=6, allow_nan=False), min_size=1, max_size=20))
def test_amounts_are_kept_to_the_last_digit_or_refused(values: list[Decimal]) -> None:
    frame = {"person_id": list(range(len(values))), "other_income": [str(value) for value in values]}
    population, report = read({"persons": frame}, vocabulary=EUROS, keep_going=True)
    good = [value for value in values if value == value.quantize(Decimal("0.01"), ROUND_HALF_UP)]
    assert [row["other_income"] for row in rows(population)] == good
    assert report.rejected == len(values) - len(good)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_doubles_are_read_by_their_shortest_text(cents: list[int]) -> None:
    frame = {"person_id": list(range(len(cents))), "savings": [cent / 100 for cent in cents]}
    population, _ = read({"persons": pa.table(frame)}, vocabulary=EUROS)
    assert [row["savings"] for row in rows(population)] == [Decimal(cent) / 100 for cent in cents]


def test_an_unknown_column_or_format_is_refused_with_a_hint(tmp_path: Path, words: Vocabulary) -> None:
    with pytest.raises(Problems, match="did you mean 'earnings'"):
        read({"persons": {"person_id": [1], "earning": [1]}}, vocabulary=words)
    (tmp_path / "a.odt").write_text("x")
    with pytest.raises(DataError, match="D016"):
        read(tmp_path / "a.odt", vocabulary=words)
    with pytest.raises(DataError, match="set delimiter"):
        (tmp_path / "a.csv").write_text("PID;SEX\n1;1\n")
        read(tmp_path / "a.csv", {"tables": {"persons": {"columns": {"person_id": "PID"}}}}, vocabulary=words)
    with pytest.raises(DataError, match="there is no column 'PIDD'"):
        read(write_csv(tmp_path), {"tables": {"persons": {"columns": {"person_id": "PIDD"}}}}, vocabulary=words)


def test_files_of_one_table_with_other_types_are_refused(tmp_path: Path, words: Vocabulary) -> None:
    pq.write_table(pa.table({"person_id": [1]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"person_id": ["x"]}), tmp_path / "b.parquet")
    with pytest.raises(DataError, match="D019"):
        read({"persons": [tmp_path / "a.parquet", tmp_path / "b.parquet"]}, vocabulary=words)


def test_a_survey_needs_weights_and_a_population_needs_persons(words: Vocabulary) -> None:
    with pytest.raises(Problems, match="needs the persons' weight"):
        read({"persons": {"person_id": [1]}}, vocabulary=words, kind="survey")
    with pytest.raises(Problems, match="no table of persons"):
        read({"households": {"household_id": [1]}}, vocabulary=words)
    with pytest.raises(Problems, match="contributions must have month"):
        read({"persons": {"person_id": [1]}, "contributions": {"person_id": [1]}}, vocabulary=words)


def test_a_large_file_of_texts_keeps_its_order_and_its_rows(tmp_path: Path, words: Vocabulary) -> None:
    count = 300_000
    lines = "\n".join(f"{number},{number % 100 if number != 200_000 else 'x'}" for number in range(1, count + 1))
    (tmp_path / "persons.csv").write_text(f"person_id,age\n{lines}\n")
    population, report = read(tmp_path / "persons.csv", vocabulary=words, keep_going=True, out=tmp_path / "out")
    assert report.findings[0].examples == (("persons.csv", 200_000, "a text"),)
    assert population.tables["persons"].rows == count - 1
    assert population.tables["persons"].bounds("person_id") == (1, count)


def test_the_austrian_survey_is_read_with_its_mapping(shared: Path, words: Vocabulary) -> None:
    mapping = Path(__file__).parent / "eusilc.yaml"
    population, report = read(shared / "distribution", mapping, vocabulary=words)
    assert (population.kind, population.date) == ("survey", date(2006, 7, 1))
    assert report.tables["persons"].accepted == 14_827 and report.tables["households"].accepted == 6_000
    first = next(row for row in rows(population) if row["person_id"] == 101)
    assert first["other_income"] == Decimal("1340.89")  # 16090.6944 / 12 = 1340.8912
    assert first["weight"] == Decimal("504.569620253")
    assert first["labour_status"] == "employed" and population.tables["households"].columns["region"] == "string"
