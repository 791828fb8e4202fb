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
    (origin / name).write_bytes(gzip.compress(b"the file", mtime=0))
    got = download(name, tmp_path / "here", base=origin.as_uri() + "/")
    assert gzip.decompress(got.read_bytes()) == b"the file"
    (origin / name).unlink()
    assert download(name, tmp_path / "here", base=origin.as_uri() + "/") == got


def test_a_page_that_says_sorry_is_not_kept_as_a_table(tmp_path: Path) -> None:
    name = DOWNLOADS[0]
    (tmp_path / name).write_bytes(b"<html>moved</html>")
    with pytest.raises(DataError, match="D113 the file cannot be fetched: what came is no compressed table"):
        download(name, tmp_path / "here", base=tmp_path.as_uri() + "/")
    assert list((tmp_path / "here").iterdir()) == []


def test_without_a_network_the_message_says_what_to_fetch_by_hand(tmp_path: Path) -> None:
    name = DOWNLOADS[0]
    with pytest.raises(DataError, match=r"D113 the file cannot be fetched: .* on a machine that has a network, and put it into") as caught:
        download(name, tmp_path / "here", base=(tmp_path / "nowhere").as_uri() + "/")
    assert name in str(caught.value)
    assert list((tmp_path / "here").iterdir()) == []
    with pytest.raises(InputError, match="is no file to download"):
        download("WPP.csv", tmp_path)


PLACES = "SortOrder,LocID,Notes,ISO3_code,ISO2_code,SDMX_code,LocTypeID,LocTypeName,ParentID,Location,VarID,Variant,Time"
AGES = "MidPeriod,AgeGrp,AgeGrpStart,AgeGrpSpan"
SENEGAL = '109,686,"3,4",SEN,SN,686,4,Country/Area,914,Senegal,2,Medium'
REGION = ",5507,,,,,,,,ADB region: Central and West Asia,2,Medium"
INDICATORS = (
    "TPopulation1Jan,TPopulation1July,TPopulationMale1July,TPopulationFemale1July,PopDensity,PopSexRatio,MedianAgePop,NatChange,NatChangeRT,"
    "PopChange,PopGrowthRate,DoublingTime,Births,Births1519,CBR,TFR,NRR,MAC,SRB,Deaths,DeathsMale,DeathsFemale,CDR,LEx,LExMale,LExFemale,"
    "LE15,LE15Male,LE15Female,LE65,LE65Male,LE65Female,LE80,LE80Male,LE80Female,InfantDeaths,IMR,LBsurvivingAge1,Under5Deaths,Q5,Q0040,Q0040Male,"
    "Q0040Female,Q0060,Q0060Male,Q0060Female,Q1550,Q1550Male,Q1550Female,Q1560,Q1560Male,Q1560Female,NetMigrations,CNMR"
)
"""Headings of the files of the 2024 revision, as the United Nations publishes them. The files begin with a byte order mark."""


def published(path: Path, heading: str, rows: list[str]) -> Path:
    path.write_bytes(gzip.compress(("\ufeff" + "\r\n".join([heading, *rows]) + "\r\n").encode("utf-8"), mtime=0))
    return path


def of_2024(folder: Path) -> list[str | Path]:
    """Files with the names, headings and forms of the 2024 revision: stocks of 1 January in two files, by life tables, by variants."""
    span = [(age, "100+" if age == 100 else str(age), -1 if age == 100 else 1) for age in range(101)]
    halves = {"1950-2023": range(2022, 2024), "2024-2100": range(2024, 2027)}
    made: list[str | Path] = []
    for half, years in halves.items():
        # the first row of the published file: a region without codes, in thousands
        rows = [f"{REGION},1950,1950,0,0,1,1222.011,1190.3,2412.311"] if half.startswith("1950") else []
        rows += [f"{SENEGAL},{year},{year},{name},{age},{wide},{300 - 2.5 * age},{290.25 - 2.5 * age},{590.25 - 5 * age}"
                 for year in years for age, name, wide in span]  # fmt: skip
        name = f"WPP2024_Population1JanuaryBySingleAgeSex_Medium_{half}.csv.gz"
        made.append(published(folder / name, f"{PLACES},{AGES},PopMale,PopFemale,PopTotal", rows))
        for number, sex in ((1, "Male"), (2, "Female")):
            rows = [f"{SENEGAL},{year},{year}.5,{number},{sex},{name},{age},{wide},{0.002 + age / 1000},0.1,0.9,100000,10,99000,0.99,6500000,65,0.5"
                    for year in years for age, name, wide in span]  # fmt: skip
            heading = f"{PLACES},MidPeriod,SexID,Sex,AgeGrp,AgeGrpStart,AgeGrpSpan,mx,qx,px,lx,dx,Lx,Sx,Tx,ex,ax"
            made.append(published(folder / f"WPP2024_Life_Table_Complete_Medium_{sex}_{half}.csv.gz", heading, rows))
    years = [year for half in halves.values() for year in half]
    other = SENEGAL.replace(",2,Medium", ",202,Median PI")
    rows = [f"{place},{year},{year}.5,{age},{age},1,{rate},2.5,1.25"
            for place, rate in ((SENEGAL, 120.5), (other, 1)) for year in years for age in range(15, 50)]  # fmt: skip
    made.append(published(folder / "WPP2024_Fertility_by_Age1.csv.gz", f"{PLACES},{AGES},ASFR,PASFR,Births", rows))
    names = INDICATORS.split(",")
    figures = ["" if name.startswith("Q") else {"SRB": "103.1", "NetMigrations": "-24.5", "TFR": "4.2175"}.get(name, "1") for name in names]
    rows = [f"{SENEGAL},{year},{','.join(figures)}" for year in years]
    made.append(published(folder / "WPP2024_Demographic_Indicators_Medium.csv.gz", f"{PLACES},{INDICATORS}", rows))
    return made


def test_the_files_of_the_2024_revision_are_read_as_they_are_published(tmp_path: Path) -> None:
    files = of_2024(tmp_path)
    assert {Path(file).name for file in files} <= set(DOWNLOADS)
    inputs = read_un(files, "SEN", 2023, 2026)
    assert (inputs.start, inputs.until, inputs.stock, inputs.width) == (2023, 2026, "january", 1)
    assert inputs.population[0, 40] == pytest.approx(200_000) and inputs.population[1, 100] == pytest.approx(40_250)
    assert inputs.fertility[0, 30] == pytest.approx(0.1205) and inputs.sex_ratio[0] == pytest.approx(1.031)
    assert inputs.migration is not None
    np.testing.assert_allclose(inputs.migration.sum(axis=(1, 2)), -24_500)
    assert len(project(inputs).years) == 4
    region = un_rows(files[0], "population", "ADB region: Central and West Asia")
    assert [(row.sex, round(row.value)) for row in region] == [("female", 1_190_300), ("male", 1_222_011)]


def test_each_file_of_the_2024_revision_can_be_imported(tmp_path: Path) -> None:
    files = {Path(file).name: Path(file) for file in of_2024(tmp_path)}
    stocks = import_file(files[DOWNLOADS[1]], "population", tmp_path / "data/population", country="SEN")
    assert stocks.heading["stock"] == "january" and stocks.heading["years"] == [2024, 2026] and "Medium" in stocks.heading["source"]
    for kind in ("sex_ratio", "migration_total", "tfr", "births"):
        file = files["WPP2024_Demographic_Indicators_Medium.csv.gz"]
        assert len(import_file(file, kind, tmp_path / "data" / kind, country="SEN").rows) == 5


def test_the_five_year_groups_of_the_2024_revision_are_refused_with_the_file_to_take(tmp_path: Path) -> None:
    groups = [(first, f"{first}-{first + 4}" if first < 100 else "100+", 5 if first < 100 else -1) for first in range(0, 105, 5)]
    rows = [f"{SENEGAL},{year},{year}.5,{name},{first},{wide},10,11,21" for year in range(2022, 2027) for first, name, wide in groups]
    five = published(tmp_path / "WPP2024_PopulationByAge5GroupSex_Medium.csv.gz", f"{PLACES},{AGES},PopMale,PopFemale,PopTotal", rows)
    others = [file for file in of_2024(tmp_path) if "Population1January" not in str(file)]
    with pytest.raises(DataError, match=r"five-year age groups.* give the file PopulationBySingleAgeSex"):
        read_un([five, *others], "SEN", 2023, 2026)
