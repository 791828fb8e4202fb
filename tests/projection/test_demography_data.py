"""The United Nations' own files, data folders of a country, and the download."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from opensocle.errors import DataError, InputError, Problems
from opensocle.projection.demography import project
from opensocle.projection.demography_data import DOWNLOADS, download, import_file, read_dataset, read_inputs
from opensocle.projection.demography_rows import Row, assemble
from opensocle.projection.un_files import read_un, un_rows

YEARS = range(2024, 2029)
PLACE = {"SortOrder": 1, "LocID": 686, "ISO3_code": "SEN", "Location": "Senegal", "VarID": 2, "Variant": "Medium"}
OTHER = PLACE | {"ISO3_code": "BRA", "Location": "Brazil"}


def write(path: Path, lines: list[dict]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8-sig", newline="") if path.suffix == ".gz" else path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    return path


def population(day: float = 0.0, skip: tuple[int, int] | None = None) -> list[dict]:
    return [
        place
        | {"Time": year, "MidPeriod": year + day, "AgeGrp": "100+" if age == 100 else age, "AgeGrpStart": age, "AgeGrpSpan": 1}
        | {"PopMale": 10 + age / 10, "PopFemale": 11.0, "PopTotal": 21 + age / 10}
        for place in (PLACE, OTHER)
        for year in YEARS
        for age in range(101)
        if (year, age) != skip
    ]


def mortality(sex: str, years: range = YEARS) -> list[dict]:
    return [
        PLACE | {"Time": year, "Sex": sex, "AgeGrpStart": age, "mx": 0.001 + 0.00005 * np.exp(age / 11), "ex": 1}
        for year in years
        for age in range(101)
    ]


def fertility() -> list[dict]:
    return [
        PLACE | {"Variant": name, "Time": year, "AgeGrpStart": age, "ASFR": value, "PASFR": 1}
        for name, value in (("Medium", 80.0), ("High", 96.0))
        for year in YEARS
        for age in range(15, 50)
        if name == "Medium" or year > 2025
    ]


def indicators() -> list[dict]:
    return [PLACE | {"Time": year, "TFR": 2.8, "SRB": 103.0, "NetMigrations": -5.5, "Births": 40, "CBR": 30, "LEx": 70} for year in YEARS]


@pytest.fixture
def files(tmp_path: Path) -> list[str | Path]:
    made: dict[str, list[dict]] = {
        "WPP2024_Population1JanuaryBySingleAgeSex.csv.gz": population(),
        "WPP2024_Life_Table_Complete_Male.csv": mortality("Male"),
        "WPP2024_Life_Table_Complete_Female.csv.gz": mortality("Female"),
        "WPP2024_Fertility_by_Age1.csv": fertility(),
        "WPP2024_Demographic_Indicators.csv.gz": indicators(),
    }
    return [write(tmp_path / name, lines) for name, lines in made.items()]


def test_the_files_of_the_united_nations_become_inputs_in_persons_and_rates(files: list[str | Path]) -> None:
    inputs = read_un(files, "SEN", 2024, 2028)
    assert (inputs.start, inputs.until, inputs.stock, inputs.timing, inputs.width) == (2024, 2028, "january", "end", 1)
    assert inputs.population[0, 10] == pytest.approx(11_000) and inputs.population[1, 100] == pytest.approx(11_000)
    assert inputs.fertility[0, 30] == pytest.approx(0.08) and inputs.fertility[:, :15].sum() == 0
    assert inputs.sex_ratio[0] == pytest.approx(1.03)
    assert inputs.migration is not None
    np.testing.assert_allclose(inputs.migration.sum(axis=(1, 2)), -5500)
    assert "Senegal" in inputs.source or "SEN" in inputs.source
    assert len(project(inputs).years) == 5


def test_stocks_of_1_july_need_the_rates_of_one_year_more(files: list[str | Path], tmp_path: Path) -> None:
    files[0] = write(tmp_path / "july.csv", population(0.5))
    inputs = read_un(files, "SEN", 2024, 2027)
    assert (inputs.stock, inputs.halves, inputs.steps, len(inputs.fertility)) == ("mid_year", True, 3, 4)
    with pytest.raises(Problems, match="the year 2029 is missing"):
        read_un(files, "SEN", 2024, 2029)


def test_another_variant_changes_the_years_that_it_has(files: list[str | Path]) -> None:
    rows = un_rows(files[3], "fertility", "SEN", "High")
    assert {row.year: round(row.value, 3) for row in rows} == {2024: 0.08, 2025: 0.08, 2026: 0.096, 2027: 0.096, 2028: 0.096}


def test_every_gap_is_reported_at_once(files: list[str | Path], tmp_path: Path) -> None:
    files[0] = write(tmp_path / "gap.csv", population(skip=(2024, 37)))
    files[1] = write(tmp_path / "short.csv", mortality("Male", range(2024, 2027)))
    with pytest.raises(Problems) as caught:
        read_un([*files, files[3]], "SEN", 2024, 2028)
    text = str(caught.value)
    assert "population: P118 2024, male, age 37 is missing" in text
    assert "mortality: P118 2027, male, age 0 is missing" in text
    assert "fertility: P118 2024, age 15 is there twice" in text and "others" in text


@pytest.mark.parametrize("top", [10, 30])
def test_mothers_who_are_older_than_the_population_are_told(top: int) -> None:
    sexes = ("male", "female")
    rows = {kind: [Row(2024, sex, age, 0.1) for sex in sexes for age in range(top)] for kind in ("population", "mortality")}
    rows |= {"fertility": [Row(2024, "", age, 0.1) for age in range(15, 50)], "sex_ratio": [Row(2024, "", -1, 1.05)]}
    with pytest.raises(Problems, match=f"fertility: P118 age {max(top, 15)} is not expected"):
        assemble(rows, 2024, 2025)


def test_a_missing_file_another_country_and_a_strange_file_are_told(files: list[str | Path], tmp_path: Path) -> None:
    with pytest.raises(Problems, match="there is no table of fertility"):
        read_un([*files[:3], files[4]], "SEN", 2024, 2028)
    with pytest.raises(DataError, match="there is nothing on XYZ"):
        read_un(files, "XYZ", 2024, 2028)
    with pytest.raises(DataError, match="no file of the United Nations"):
        read_un([write(tmp_path / "x.csv", [{"a": 1}])], "SEN", 2024, 2028)
    five = [line for line in population() if line["AgeGrpStart"] % 5 == 0]
    with pytest.raises(DataError, match="give the file PopulationBySingleAgeSex"):
        read_un([write(tmp_path / "five.csv", five), *files[1:]], "SEN", 2024, 2028)
    (tmp_path / "broken.csv.gz").write_bytes(b"not gzip")
    with pytest.raises(DataError, match="D111"):
        un_rows(tmp_path / "broken.csv.gz", "fertility", "SEN")


def test_a_file_is_imported_into_a_folder_and_read_back_unchanged(files: list[str | Path], tmp_path: Path) -> None:
    data = import_file(files[1], "mortality", tmp_path / "data" / "mortality", country="SEN")
    assert data.kind == "mortality" and len(data.rows) == 505
    assert data.heading["source"].startswith("United Nations") and data.heading["licence"] == "CC BY 3.0 IGO"
    assert data.heading["years"] == [2024, 2028] and len(data.hash) == 64 and len(data.heading["file_sha256"]) == 64
    rows = un_rows(files[1], "mortality", "SEN")
    assert [row[:4] for row in data.rows] == [row[:4] for row in rows]
    assert read_dataset(tmp_path / "data" / "mortality") == data


def test_data_folders_give_the_same_inputs_as_the_files(files: list[str | Path], tmp_path: Path) -> None:
    kinds = {"population": [files[0]], "fertility": [files[3]], "sex_ratio": [files[4]], "migration_total": [files[4]]}
    for kind, (path,) in kinds.items():
        import_file(path, kind, tmp_path / "data" / kind, country="SEN")
    both = write(tmp_path / "both.csv", mortality("Male") + mortality("Female"))
    import_file(both, "mortality", tmp_path / "data" / "mortality", country="SEN")
    inputs = read_inputs(tmp_path / "data", 2024, 2028)
    assert inputs.hash == read_un(files, "SEN", 2024, 2028).hash
    assert inputs.stock == "january" and "United Nations" in inputs.source


def test_a_table_of_the_country_itself_needs_a_source_and_a_licence(tmp_path: Path) -> None:
    path = write(tmp_path / "ratio.csv", [{"year": year, "value": 1.05} for year in YEARS])
    with pytest.raises(Problems) as caught:
        import_file(path, "sex_ratio", tmp_path / "out")
    assert [problem.at for problem in caught.value.problems] == ["source", "licence"]
    assert not (tmp_path / "out").exists()
    data = import_file(path, "sex_ratio", tmp_path / "out", source="Registrar, 2025", licence="CC BY 4.0")
    assert [row.value for row in data.rows] == [1.05] * 5 and data.heading["unit"] == "boys for one girl"


def test_lines_that_are_wrong_are_all_told_with_their_number(tmp_path: Path) -> None:
    lines = [
        {"year": 2024, "sex": "male", "age": 0, "value": 1},
        {"year": "20x4", "sex": "male", "age": 0, "value": 1},
        {"year": 2024, "sex": "m", "age": 0, "value": 1},
        {"year": 2024, "sex": "male", "age": 1, "value": ""},
    ]
    with pytest.raises(Problems) as caught:
        import_file(write(tmp_path / "a.csv", lines), "population", tmp_path / "out", source="s", licence="l")
    assert [problem.at for problem in caught.value.problems] == ["a.csv:3", "a.csv:4", "a.csv:5"]


def test_data_that_were_changed_after_the_import_are_refused(files: list[str | Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    import_file(files[3], "fertility", out, country="SEN")
    table = out / "data.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("0.08", "0.09", 1), encoding="utf-8")
    with pytest.raises(DataError, match="D112 the data are not those of the heading"):
        read_dataset(out)
    (out / "data.yaml").write_text("kind: fertility\n", encoding="utf-8")
    with pytest.raises(DataError, match="the heading has no unit, source, licence, sha256"):
        read_dataset(out)
    with pytest.raises(DataError, match="this is no data folder"):
        read_dataset(tmp_path / "nowhere")


def test_what_cannot_be_imported_is_refused(files: list[str | Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'fertility'"):
        import_file(files[3], "fertillity", tmp_path / "out")
    with pytest.raises(DataError, match="this is no table of mortality"):
        import_file(files[3], "mortality", tmp_path / "out", country="SEN")
    with pytest.raises(DataError, match="the file is not there"):
        import_file(tmp_path / "none.csv", "mortality", tmp_path / "out")
    with pytest.raises(InputError, match="is no convention"):
        import_file(files[3], "fertility", tmp_path / "out", country="SEN", widht=5)


def test_a_download_is_kept_and_not_fetched_twice(tmp_path: Path) -> None:
    name = DOWNLOADS[-1]
    origin = tmp_path / "origin"
    origin.mkdir()
    (origin / name).write_bytes(b"the file")
    got = download(name, tmp_path / "here", base=origin.as_uri() + "/")
    assert got.read_bytes() == b"the file"
    (origin / name).unlink()
    assert download(name, tmp_path / "here", base=origin.as_uri() + "/") == got


def test_without_a_network_the_message_says_what_to_fetch_by_hand(tmp_path: Path) -> None:
    name = DOWNLOADS[0]
    with pytest.raises(DataError, match=r"D113 the file cannot be fetched: .* on a machine that has a network, and put it into") as caught:
        download(name, tmp_path / "here", base=(tmp_path / "nowhere").as_uri() + "/")
    assert name in str(caught.value)
    assert list((tmp_path / "here").iterdir()) == []
    with pytest.raises(InputError, match="is no file to download"):
        download("WPP.csv", tmp_path)
