"""Reading a workbook back as a scenario."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sample
from hypothesis import given, settings
from hypothesis import strategies as st

from opensocle.analysis.model import Costing
from opensocle.errors import DataError, Problems
from opensocle.publish.readback import changes, in_file, read_back, series
from opensocle.publish.sheets import BASE, FIRST
from opensocle.publish.workbooks import workbook


@pytest.fixture(scope="module")
def book(costing: Costing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workbook(sample.small(costing, 6), tmp_path_factory.mktemp("book") / "costing.xlsx", "fr")


def changed(book: Path, folder: Path, cells: dict[tuple[str, int], Any]) -> Path:
    """The workbook with other values in the cells of a key and a year."""
    file = openpyxl.load_workbook(book)
    for sheet in file:
        for row in sheet.iter_rows() if sheet.title != BASE else ():
            for (key, year), value in cells.items():
                if row[0].value == key:
                    row[FIRST + year - 2025].value = value
    file.save(folder / "changed.xlsx")
    return folder / "changed.xlsx"


def test_a_workbook_without_changes_gives_no_scenario(book: Path) -> None:
    assert read_back(book) == {} and changes(book) == ()


def test_changes_become_paths_in_the_assumptions(book: Path, tmp_path: Path) -> None:
    cells: dict[tuple[str, int], Any] = {("full_floor|take_up.child_grant", year): 0.8 for year in range(2025, 2031)}
    cells[("gradual|economy.consumer_prices.growth", 2027)] = 0.06
    assert read_back(changed(book, tmp_path, cells)) == {
        "gradual": {
            "change": {"economy.consumer_prices.growth": {"values": {2026: Decimal("0.045"), 2027: Decimal("0.06"), 2028: Decimal("0.045")}}}
        },
        "full_floor": {"change": {"take_up.child_grant": Decimal("0.8")}},
    }


def test_a_lever_is_read_back_with_its_title_and_source(costing: Costing, book: Path, tmp_path: Path) -> None:
    found = read_back(changed(book, tmp_path, {("gradual|@lever.0", year): 5e7 for year in range(2025, 2031)}))
    first, second = found["gradual"]["levers"]
    assert first == {"lever": "reallocation", "title": sample.LEVERS[0].title, "source": sample.LEVERS[0].source, "value": Decimal(50_000_000)}
    assert second["value"]["values"][2030] == sample.LEVERS[1].amounts[2030]
    assert "change" not in found["gradual"]


def test_what_no_assumption_stands_for_is_named_and_not_lost(book: Path, tmp_path: Path) -> None:
    path = changed(book, tmp_path, {("gradual|@average_benefit.social_pension", 2026): 999, ("gradual|@gdp", 2026): 1e9})
    with pytest.raises(Problems) as raised:
        read_back(path)
    assert [error.code for error in raised.value.problems] == ["D071", "D071"]
    assert "a reform's overlay" in str(raised.value) and "Socle progressif, row" in str(raised.value)
    assert {row.path for row in changes(path)} == {"@average_benefit.social_pension", "@gdp"}


@pytest.mark.parametrize(
    ("value", "message"),
    [("much", "'much' is not a number"), (1.2, "1.2 is not a share"), (-0.1, "is not a share"), (True, "is not a number"), (None, "2026 is missing")],
)
def test_a_value_that_cannot_be_meant_is_named_with_its_cell(book: Path, tmp_path: Path, value: Any, message: str) -> None:
    with pytest.raises(Problems, match=message) as raised:
        read_back(changed(book, tmp_path, {("full_floor|take_up.social_pension", 2026): value}))
    assert "Hypothèses" in str(raised.value)


def damage_row(file: Any) -> None:
    sheet = file["Hypothèses"]
    sheet.delete_rows(next(row[0].row for row in sheet.iter_rows() if row[0].value == "gradual|take_up.child_grant"))


def damage_year(file: Any) -> None:
    file["Hypothèses"].delete_cols(FIRST + 3)


def damage_twice(file: Any) -> None:
    sheet = file["Hypothèses"]
    rows = [row[0] for row in sheet.iter_rows() if row[0].value]
    rows[2].value = rows[1].value


def damage_sheet(file: Any) -> None:
    del file["Budget"]


def damage_base(file: Any) -> None:
    file[BASE]["B8"].value = "{"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (damage_row, "the row of 'take_up.child_grant' is missing"),
        (damage_year, "the columns of 2027 are missing"),
        (damage_twice, "stands twice"),
        (damage_sheet, "the row of '@offset' is missing"),
    ],
)
def test_a_damaged_sheet_is_named(book: Path, tmp_path: Path, damage: Callable[[Any], None], message: str) -> None:
    file = openpyxl.load_workbook(book)
    damage(file)
    file.save(tmp_path / "damaged.xlsx")
    with pytest.raises(Problems, match=message):
        read_back(tmp_path / "damaged.xlsx")


def test_a_file_that_is_no_workbook_of_ours_is_refused(book: Path, tmp_path: Path) -> None:
    (tmp_path / "text.xlsx").write_text("no workbook", encoding="utf-8")
    (tmp_path / "cut.xlsx").write_bytes(book.read_bytes()[:5000])
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    file = openpyxl.load_workbook(book)
    damage_base(file)
    file.save(tmp_path / "base.xlsx")
    for name in ("text", "cut", "other", "base", "absent"):
        with pytest.raises(DataError, match="D070"):
            read_back(tmp_path / f"{name}.xlsx")


def test_rows_may_be_moved_and_columns_inserted(book: Path, tmp_path: Path) -> None:
    file = openpyxl.load_workbook(book)
    file["Hypothèses"].insert_rows(8, 2)
    file["Hypothèses"].insert_cols(FIRST)
    file.save(tmp_path / "moved.xlsx")
    assert read_back(tmp_path / "moved.xlsx") == {}


def test_no_value_has_more_than_ten_decimals() -> None:
    assert series({2025: Decimal(1) / 3, 2026: Decimal("0.50")}) == {"values": {2025: Decimal("0.3333333333"), 2026: Decimal("0.5")}}


def test_a_group_is_named_as_a_scenario_names_it() -> None:
    assert in_file("labour.participation[female, 15-24]") == "labour.participation.values.female.15-24"
    assert in_file("take_up.child_grant") == "take_up.child_grant"


def test_a_workbook_that_libreoffice_saved_is_unchanged(book: Path, recalculated: Callable[[Path], Path]) -> None:
    assert read_back(recalculated(book)) == {}


@settings(max_examples=100)
@given(st.lists(st.decimals(0, 1, places=3), min_size=1, max_size=12))
def test_a_series_means_the_values_it_was_made_of(values: list[Decimal]) -> None:
    given_ = {2025 + at: value for at, value in enumerate(values)}
    found = series(given_)
    known = found["values"] if isinstance(found, dict) else {2025: found}
    first, last = min(known), max(known)
    assert {year: known[min(max(year, first), last)] for year in given_} == given_
