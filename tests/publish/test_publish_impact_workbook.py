"""The workbook of a study: formulas give the program's numbers when LibreOffice calculates them anew, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from impact_sample import impact

from opensocle import publish
from opensocle.analysis.impact.model import CURRENT, QUANTILE
from opensocle.publish.impact_sheets import HEAD

SHEETS = {
    "en": ["Read me", "Indicators", "By group", "Incidence", "Winners and losers", "Causes of exclusion", "Budgets"],
    "fr": ["Lisez-moi", "Indicateurs", "Par groupe", "Incidence", "Gagnants et perdants", "Causes d'exclusion", "Budgets"],
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("impact")
    return {lang: publish.impact_workbook(impact(), home / f"impact-{lang}.xlsx", lang) for lang in SHEETS}


def formulas(path: Path) -> Iterator[tuple[str, str]]:
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate


def rows(path: Path, sheet: str) -> list[list[Any]]:
    page = openpyxl.load_workbook(path, data_only=True)[sheet]
    return [[cell.value for cell in row] for row in page.iter_rows(min_row=HEAD + 1)]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_libreoffice_calculates_what_the_study_found(books: dict[str, Path], recalculated: Callable[[Path], Path], lang: str) -> None:
    said = openpyxl.load_workbook(books[lang], data_only=True)
    again = openpyxl.load_workbook(recalculated(books[lang]), data_only=True)
    found = list(formulas(books[lang]))
    assert len(found) > 1000
    wrong = []
    for sheet, at in found:
        value, new = said[sheet][at].value, again[sheet][at].value
        if not isinstance(new, int | float) or abs(new - value) > 1e-9 * max(abs(value), 1.0):
            wrong.append((sheet, at, value, new))
    assert wrong[:5] == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_sheets_are_named_and_every_estimate_is_there_to_filter(books: dict[str, Path], lang: str) -> None:
    book = openpyxl.load_workbook(books[lang])
    assert book.sheetnames == SHEETS[lang]
    sheet = book[SHEETS[lang][1]]
    assert sheet.max_row == HEAD + 1 + len(impact().figures) and sheet.auto_filter.ref == f"A{HEAD + 1}:M{sheet.max_row}"
    told = rows(books[lang], SHEETS[lang][1])
    figure = impact().figure("gini")
    [row] = [row for row in told if row[12] == "gini" and row[3] == impact().scenarios[CURRENT][lang] and row[5] in ("Everyone", "Ensemble")]
    assert row[6:10] == pytest.approx([figure.estimate, figure.se, figure.low, figure.high], rel=1e-14)


def test_the_shares_of_the_money_are_formulas_on_coverage_and_means(books: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(books["en"])["Incidence"]
    start = next(cell.row for cell in book["A"] if str(cell.value).startswith("Universal child grant"))
    share = book.cell(start + 1, 8)
    assert share.data_type == "f" and "SUM(" in share.value
    told = openpyxl.load_workbook(books["en"], data_only=True)["Incidence"]
    for number in range(1, 11):
        figure = impact().figure("incidence", of="child_grant", grouping=QUANTILE, group=str(number))
        assert told.cell(start + number, 8).value == pytest.approx(figure.estimate, rel=1e-12)


def test_another_number_of_persons_changes_what_depends_on_it(books: dict[str, Path], recalculated: Callable[[Path], Path], tmp_path: Path) -> None:
    book = openpyxl.load_workbook(books["en"])
    sheet = book["Causes of exclusion"]
    first = next(cell.row for cell in sheet["A"] if cell.value == "Old-age pension") + 1
    before = sheet.cell(first, 4).value
    sheet.cell(first, 4).value = before * 3
    book.save(tmp_path / "more.xlsx")
    again = openpyxl.load_workbook(recalculated(tmp_path / "more.xlsx"), data_only=True)["Causes of exclusion"]
    other = again.cell(first + 1, 4).value
    assert again.cell(first, 5).value == pytest.approx(3 * before / (3 * before + other), rel=1e-9)
    assert again.cell(first + 2, 4).value == pytest.approx(3 * before + other, rel=1e-9)


def test_the_read_me_tells_the_study_its_measures_and_its_hashes(books: dict[str, Path]) -> None:
    told = [str(cell) for row in rows(books["fr"], "Lisez-moi") for cell in row if cell]
    stated = impact().statement
    assert {stated.law, stated.data, stated.settings} <= set(told)
    assert {figure.measure for figure in impact().figures} <= set(told)
    assert any(text == "30" for text in told) and stated.source in told
