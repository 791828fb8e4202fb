"""The United Nations' tables become weighted cells, and nobody is lost on the way."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensocle.errors import DataError, InputError, Problems
from opensocle.population import Population
from opensocle.population.splitting import split_sprague, split_uniform
from opensocle.population.united_nations import read_united_nations

TIDY = "demography/five_year/population_1july_thousands.csv"


def cells(population: Population) -> dict[tuple[str, int], Decimal]:
    data = population.tables["persons"].data
    assert data is not None
    return {(row["sex"], row["age"]): row["weight"] for row in data.to_pylist()}


@pytest.mark.parametrize("split", ["sprague", "uniform", "none"])
def test_thailand_keeps_the_total_of_every_group_exactly(shared: Path, split: str) -> None:
    population = read_united_nations(shared / TIDY, "THA", 2025, split=split)  # ty: ignore[invalid-argument-type]
    found = cells(population)
    with (shared / TIDY).open(newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["iso3"] == "THA" and row["year"] == "2025"]
    assert len(rows) == 21
    for row in rows:
        first = int(row["age"].rstrip("+").partition("-")[0])
        ages = range(first, first + 5 if first < 100 else 101)
        for sex, column in (("male", "popM"), ("female", "popF")):
            assert sum((found.get((sex, age), Decimal()) for age in ages), Decimal()) == Decimal(row[column]) * 1000
    assert population.kind == "cells" and population.date == date(2025, 7, 1)
    assert len(found) == (42 if split == "none" else 202)


def test_low_and_high_variants_differ_from_the_medium(shared: Path) -> None:
    totals = [sum(cells(read_united_nations(shared / TIDY, "THA", 2050, variant=v)).values()) for v in ("low", "medium", "high")]
    assert totals == sorted(totals) and len(set(totals)) == 3
    with pytest.raises(DataError, match="variant low"):
        read_united_nations(shared / TIDY, "THA", 1950, variant="low")


def test_single_ages_of_india_stay_as_they_are(shared: Path) -> None:
    path = shared / "demography/single_age/two_sex_IND_wpp2024.parquet"
    found = cells(read_united_nations(path, "IND", 2024))
    given_rows = [row for row in pq.read_table(path).to_pylist() if row["time"] == 2024]
    assert sum(found.values()) == sum(row["popmale"] + row["popfemale"] for row in given_rows)
    assert all(found["male", row["age"]] == row["popmale"] for row in given_rows)


HEAD = "SortOrder,LocID,ISO3_code,Location,Variant,Time,MidPeriod,AgeGrp,AgeGrpStart,AgeGrpSpan,PopMale,PopFemale,PopTotal\n"


def write_un(path: Path, middle: str = "2024.5") -> Path:
    """A file as the United Nations publish them, with two countries."""
    lines = [HEAD]
    for country in ("TGO", "BEN"):
        for first in range(0, 101, 5):
            group, span = (f"{first}-{first + 4}", 5) if first < 100 else ("100+", -1)
            lines.append(f"1,768,{country},Somewhere,Medium,2024,{middle},{group},{first},{span},{110 - first}.125,{111 - first},0\n")
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8-sig") as stream:
        stream.writelines(lines)
    return path


@pytest.mark.parametrize("name", ["un.csv", "un.csv.gz"])
def test_the_uns_own_layout_is_read_in_thousands(tmp_path: Path, name: str) -> None:
    population = read_united_nations(write_un(tmp_path / name), "TGO", 2024, extra={"nationality": "TG"})
    found = cells(population)
    assert (
        sum(weight for (sex, _), weight in found.items() if sex == "male")
        == sum(Decimal(110 - first) + Decimal("0.125") for first in range(0, 101, 5)) * 1000
    )
    assert found["male", 100] == Decimal("10125")
    assert population.tables["persons"].columns == {
        "person_id": "int64",
        "age": "int32",
        "sex": "string",
        "weight": "decimal128(18, 9)",
        "nationality": "string",
    }


def test_a_table_of_the_first_of_january_has_that_date(tmp_path: Path) -> None:
    path = write_un(tmp_path / "un.csv", middle="2024")
    assert read_united_nations(path, "TGO", 2024).date == date(2024, 1, 1)
    assert read_united_nations(path, "TGO", 2024, date=date(2024, 2, 1)).date == date(2024, 2, 1)


def test_what_is_not_there_or_not_understood_is_an_error(tmp_path: Path) -> None:
    path = write_un(tmp_path / "un.csv")
    with pytest.raises(DataError, match="did you mean 'TGO'"):
        read_united_nations(path, "TOG", 2024)
    with pytest.raises(DataError, match="nothing on TGO in 1800"):
        read_united_nations(path, "TGO", 1800)
    with pytest.raises(InputError, match="did you mean 'medium'"):
        read_united_nations(path, "TGO", 2024, variant="medum")
    with pytest.raises(InputError, match="age comes from the file"):
        read_united_nations(path, "TGO", 2024, extra={"age": 3})
    with pytest.raises(Problems, match="D014"):
        read_united_nations(path, "TGO", 2024, extra={"nationalty": "TG"})
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="no table of population"):
        read_united_nations(tmp_path / "other.csv", "TGO", 2024)


persons = st.integers(0, 10**8).map(lambda number: Decimal(number) / 1000)


@given(st.lists(persons, min_size=5, max_size=20))
def test_splitting_keeps_every_group_and_is_never_negative(groups: list[Decimal]) -> None:
    for split in (split_sprague, split_uniform):
        ages = split(groups)
        assert [sum(ages[5 * n : 5 * n + 5]) for n in range(len(groups))] == groups
        assert min(ages) >= 0


@given(st.integers(0, 50), st.integers(0, 20), st.integers(0, 9))
def test_sprague_gives_a_population_that_is_a_cubic_of_age_back(a: int, b: int, c: int) -> None:
    """Groups of a polynomial of degree three are interpolated without error in the middle, and of degree two everywhere."""

    def below(age: int) -> Decimal:  # persons younger than `age`: a polynomial of degree four
        return Decimal(1000 * age + a * age**2 + b * age**3 + c * age**4)

    groups = [below(first + 5) - below(first) for first in range(0, 50, 5)]
    exact = [below(age + 1) - below(age) for age in range(50)]
    assert split_sprague(groups)[10:40] == exact[10:40]


def test_sprague_gives_the_published_first_multipliers() -> None:
    ages = split_sprague([Decimal(1000), Decimal(1000), Decimal(1000), Decimal(1000), Decimal(1000)])
    assert ages == [Decimal(200)] * 25
    first = split_sprague([Decimal(10000), Decimal(9000), Decimal(8000), Decimal(7000), Decimal(6000)])
    assert first[0] == Decimal("3616") - Decimal("0.2768") * 9000 + Decimal("0.1488") * 8000 - Decimal("0.0336") * 7000
