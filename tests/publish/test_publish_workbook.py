"""The workbook: live formulas that give the program's numbers, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sample

from opensocle.analysis.model import Costing, Line, Sourced
from opensocle.errors import InputError, Problems
from opensocle.publish.sheets import BASE, FIRST, HEAD, Book, letters, range_name
from opensocle.publish.words import Words
from opensocle.publish.workbooks import workbook

NASTY = {"en": "=1+1 [Plan]: 'A'/B? * \\ a very long title that no sheet can bear", "fr": '=HYPERLINK("x") : plan d\'État'}


@pytest.fixture(scope="module")
def book(costing: Costing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workbook(costing, tmp_path_factory.mktemp("book") / "costing.xlsx", "en")


def year_cells(path: Path, values: bool = False) -> Iterator[tuple[str, Any, Any]]:
    """Sheet, hidden key and cell of everything under a year."""
    for sheet in openpyxl.load_workbook(path, data_only=values):
        if sheet.title == BASE or not isinstance(sheet.cell(HEAD + 1, FIRST + 1).value, int):
            continue
        for row in sheet.iter_rows(min_row=HEAD + 2):
            for cell in row[FIRST:]:
                if cell.value is not None:
                    yield sheet.title, row[0].value, cell


@cache
def loaded(path: Path) -> Any:
    return openpyxl.load_workbook(path, data_only=True)


def row_of(path: Path, name: str) -> list[float]:
    """The values of a named range."""
    file = loaded(path)
    [(sheet, cells)] = list(file.defined_names[name].destinations)
    return [cell.value for cell in file[sheet][cells.replace("$", "")][0]]


def line(costing: Costing, scenario: str, scheme: str, year: int) -> Line:
    return next(item for item in costing.scenario(scenario).lines if (item.scheme, item.year) == (scheme, year))


def test_every_figure_under_a_year_is_an_input_with_a_key_or_a_formula(book: Path) -> None:
    formulas = 0
    for sheet, key, cell in year_cells(book):
        assert bool(key) == (cell.data_type != "f"), f"{sheet}!{cell.coordinate}: {cell.value!r}"
        formulas += cell.data_type == "f"
    assert formulas > 7000


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_libreoffice_calculates_what_the_program_calculated(
    costing: Costing, recalculated: Callable[[Path], Path], tmp_path: Path, lang: str
) -> None:
    path = workbook(costing, tmp_path / f"exact-{lang}.xlsx", lang)
    found = {(sheet, cell.coordinate): cell.value for sheet, _, cell in year_cells(recalculated(path), values=True)}
    formulas = {(sheet, cell.coordinate) for sheet, _, cell in year_cells(path) if cell.data_type == "f"}
    wrong = []
    for sheet, _, cell in year_cells(path, values=True):
        place = (sheet, cell.coordinate)
        if place in formulas and not abs(found[place] - cell.value) <= 1e-9 * max(abs(cell.value), 1e-9):
            wrong.append((place, cell.value, found[place]))
    assert not wrong[:5]


def test_the_values_that_the_formulas_carry_are_the_costing_s(costing: Costing, book: Path) -> None:
    for scenario in costing.scenarios:
        for scheme in {item.scheme for item in scenario.lines}:
            lines = [line(costing, scenario.name, scheme, year) for year in costing.years]
            assert row_of(book, f"paid_{scenario.name}_{scheme}") == [float(item.paid) for item in lines]
            assert row_of(book, f"net_{scenario.name}_{scheme}") == [float(item.net) for item in lines]
        assert row_of(book, f"remaining_{scenario.name}") == [float(item.remaining) for item in scenario.budget]
        assert row_of(book, f"total_gross_{scenario.name}") == [float(item.gross) for item in scenario.budget]


def test_another_take_up_and_another_benefit_change_the_totals(
    costing: Costing, book: Path, recalculated: Callable[[Path], Path], tmp_path: Path
) -> None:
    file = openpyxl.load_workbook(book)
    at = costing.years.index(2030)
    for name, value in (("full_floor_take_up_child_grant", 1), ("average_benefit_full_floor_child_grant", 200)):
        [(sheet, cells)] = list(file.defined_names[name].destinations)
        file[sheet][cells.replace("$", "")][0][at].value = value
    file.save(tmp_path / "changed.xlsx")
    out = recalculated(tmp_path / "changed.xlsx")
    was = line(costing, "full_floor", "child_grant", 2030)
    benefits = was.entitled * 200
    more = float(benefits * Decimal("1.05") - was.gross)
    assert row_of(out, "benefits_full_floor_child_grant")[at] == pytest.approx(float(benefits), rel=1e-12)
    for name, sign in (("total_gross_full_floor", 1), ("gap_full_floor", 1), ("remaining_full_floor", 1), ("compared_total_net_full_floor", 1)):
        assert row_of(out, name)[at] - row_of(book, name)[at] == pytest.approx(sign * more, rel=1e-9)
        assert row_of(out, name)[at + 1] == pytest.approx(row_of(book, name)[at + 1], rel=1e-9)
    gdp = row_of(book, "gdp_full_floor")[at]
    assert row_of(out, "gross_share_full_floor")[at] == pytest.approx(row_of(out, "total_gross_full_floor")[at] / gdp, rel=1e-12)


def test_what_is_already_financed_follows_the_baseline(costing: Costing, recalculated: Callable[[Path], Path], tmp_path: Path) -> None:
    found = sample.additional(sample.small(costing, 6), "current_law")
    path = workbook(found, tmp_path / "additional.xlsx", "fr")
    for result in found.scenarios:
        assert row_of(path, f"already_{result.name}") == [float(year.already) for year in result.budget]
    file = openpyxl.load_workbook(path)
    [(sheet, cells)] = list(file.defined_names["average_benefit_current_law_social_pension"].destinations)
    file[sheet][cells.replace("$", "")][0][5].value = 0
    file.save(tmp_path / "less.xlsx")
    same, less = recalculated(path), recalculated(tmp_path / "less.xlsx")
    saved = float(line(found, "current_law", "social_pension", 2030).gross)
    for name, sign in (("already_full_floor", -1), ("gap_full_floor", 1), ("remaining_full_floor", 1), ("gap_current_law", 0)):
        assert row_of(same, name) == pytest.approx(row_of(path, name), rel=1e-9, abs=1e-3)
        assert row_of(less, name)[5] - row_of(path, name)[5] == pytest.approx(sign * saved, rel=1e-9, abs=1e-3)
    alone = sample.additional(sample.small(costing, 2), "current_law")
    kept = replace(alone, scenarios=alone.scenarios[2:])  # without the baseline in the book, what it costs is an input
    book = openpyxl.load_workbook(workbook(kept, tmp_path / "alone.xlsx"))["Budget"]
    assert "full_floor|@already" in {row[0].value for row in book.iter_rows()}


def test_the_people_of_the_book_add_up_by_formulas(costing: Costing, book: Path, recalculated: Callable[[Path], Path], tmp_path: Path) -> None:
    file = openpyxl.load_workbook(book)
    [(sheet, cells)] = list(file.defined_names["women_30_current_law"].destinations)
    file[sheet][cells.replace("$", "")][0][0].value += 1000
    file.save(tmp_path / "people.xlsx")
    out = recalculated(tmp_path / "people.xlsx")
    names = ("people_current_law", "women_current_law", "people_from_25_current_law", "women_from_30_current_law", "population_full_floor")
    for name in names:
        assert row_of(out, name)[0] - row_of(book, name)[0] == pytest.approx(1000, rel=1e-6)
        assert row_of(out, name)[1] == pytest.approx(row_of(book, name)[1], rel=1e-9)
    first = costing.scenarios[0].people[0]
    assert row_of(book, "dependency_old_current_law")[0] == pytest.approx(float(100 * first.between(65) / first.between(15, 65)), rel=1e-12)
    assert row_of(out, "men_current_law")[0] == pytest.approx(float(sum(first.men)), rel=1e-9)


def test_scenarios_with_other_people_have_a_block_of_their_own(costing: Costing, tmp_path: Path) -> None:
    small = sample.small(costing, 2)
    last = small.scenarios[2]
    other = replace(last, people=tuple(replace(item, men=item.women, women=item.men) for item in last.people))
    names = openpyxl.load_workbook(workbook(replace(small, scenarios=(*small.scenarios[:2], other)), tmp_path / "two.xlsx")).defined_names
    assert "people_current_law" in names and "people_full_floor" in names and "people_gradual" not in names
    bare = replace(small, scenarios=tuple(replace(item, people=()) for item in small.scenarios))
    assert "People by age" not in openpyxl.load_workbook(workbook(bare, tmp_path / "bare.xlsx")).sheetnames


def test_administration_of_gross_expenditure_is_grossed_up(book: Path) -> None:
    file = openpyxl.load_workbook(book)
    [(sheet, cells)] = list(file.defined_names["administration_full_floor_unemployment_benefit"].destinations)
    formula = file[sheet][cells.replace("$", "")][0][5].value
    assert re.fullmatch(r"=J(\d+)\*J(\d+)/\(1-J\2\)", formula)
    assert row_of(book, "administration_rate_full_floor_unemployment_benefit")[5] == pytest.approx(0.1, rel=1e-8)


def test_both_languages_have_the_same_rows_and_formulas(costing: Costing, book: Path, tmp_path: Path) -> None:
    def shape(path: Path) -> list[tuple[str, Any]]:
        return [(cell.coordinate, key or re.sub(r"'[^']+'!", "", str(cell.value))) for _, key, cell in year_cells(path)]

    french = workbook(costing, tmp_path / "costing.xlsx", "fr")
    assert shape(french) == shape(book)
    assert openpyxl.load_workbook(french).sheetnames[:6] == [
        "Lisez-moi",
        "Comparaison",
        "Hypothèses",
        "Population par âge",
        "Population et comptes",
        "Budget",
    ]


def test_the_same_costing_gives_the_same_bytes(costing: Costing, book: Path, tmp_path: Path) -> None:
    assert workbook(costing, tmp_path / "again.xlsx", "en").read_bytes() == book.read_bytes()


def test_sheets_are_ready_for_reading_and_printing(book: Path) -> None:
    file = openpyxl.load_workbook(book)
    for sheet in file.worksheets[1:-1]:
        assert sheet.freeze_panes == f"C{HEAD + 2}" and sheet.print_title_rows == f"${HEAD + 1}:${HEAD + 1}"
        assert sheet.page_setup.orientation == "landscape" and sheet.column_dimensions["A"].hidden
    assert file[BASE].sheet_state == "veryHidden" and file.active.title == "Read me"
    inputs = {cell.fill.fgColor.rgb for _, key, cell in year_cells(book) if key}
    formulas = {cell.fill.fgColor.rgb for _, key, cell in year_cells(book) if not key}
    assert inputs == {"FFFFF3C4", "FFE3EDF7"} and not inputs & formulas


def test_every_input_of_an_assumption_says_its_source(costing: Costing, book: Path) -> None:
    file = openpyxl.load_workbook(book)["Assumptions"]
    sources = {row[0].value: row[3].value for row in file.iter_rows(min_row=HEAD + 2) if row[0].value}
    for item in costing.scenario("gradual").assumptions:
        assert sources[f"gradual|{item.path}"] == item.source


def test_titles_can_be_anything(costing: Costing, tmp_path: Path) -> None:
    small = sample.small(costing, 2)
    scenarios = tuple(replace(item, title={"en": NASTY["en"] + str(at)}) for at, item in enumerate(small.scenarios))
    odd = replace(small, title=NASTY, scenarios=scenarios)
    odd = replace(odd, schemes=tuple(replace(label, title=NASTY, legal="=cmd|' /C calc'!A0") for label in odd.schemes))
    file = openpyxl.load_workbook(workbook(odd, tmp_path / "odd.xlsx", "en"))
    assert len(set(file.sheetnames)) == len(file.sheetnames) and all(len(name) <= 31 for name in file.sheetnames)
    texts = [cell for sheet in file for row in sheet.iter_rows() for cell in row if cell.column in (2, 3, 4)]
    assert not [cell.coordinate for cell in texts if cell.data_type == "f"]


def test_a_costing_that_contradicts_itself_is_not_published(costing: Costing, tmp_path: Path) -> None:
    result = costing.scenarios[0]
    bad = replace(result, budget=(replace(result.budget[0], gross=Decimal(1)), *result.budget[1:]))
    with pytest.raises(Problems, match="U073 gross expenditure"):
        workbook(replace(costing, scenarios=(bad,)), tmp_path / "bad.xlsx")
    assert not (tmp_path / "bad.xlsx").exists()


def test_contributions_of_a_state_that_the_budget_leaves_out_are_left_out(
    costing: Costing, recalculated: Callable[[Path], Path], tmp_path: Path
) -> None:
    small = sample.small(costing, 2, ["full_floor"])
    result = small.scenarios[0]
    lines = tuple(replace(x, contributions={**x.contributions, "state": Decimal(1000)}) if x.contributions else x for x in result.lines)
    path = workbook(replace(small, scenarios=(replace(result, lines=lines),)), tmp_path / "state.xlsx")
    assert row_of(recalculated(path), "gap_full_floor") == pytest.approx([float(year.gap) for year in result.budget], rel=1e-9)


def test_contributions_follow_a_compliance_of_their_own(costing: Costing, recalculated: Callable[[Path], Path], tmp_path: Path) -> None:
    small = sample.small(costing, 2, ["full_floor"])
    result = small.scenarios[0]
    share = Sourced("compliance.national_health_package", {}, {2025: Decimal("0.8"), 2026: Decimal("0.9")}, "share", "Audit")
    path = workbook(replace(small, scenarios=(replace(result, assumptions=(*result.assumptions, share)),)), tmp_path / "compliance.xlsx")
    file = openpyxl.load_workbook(path)
    [(sheet, cells)] = list(file.defined_names["full_floor_compliance_national_health_package"].destinations)
    file[sheet][cells.replace("$", "")][0][0].value = 0.4
    file.save(tmp_path / "half.xlsx")
    was = line(costing, "full_floor", "national_health_package", 2025).contributions["worker"]
    assert row_of(path, "contributions_worker_full_floor_national_health_package")[0] == float(was)
    found = row_of(recalculated(tmp_path / "half.xlsx"), "contributions_worker_full_floor_national_health_package")
    assert found[0] == pytest.approx(float(was) / 2, rel=1e-12)
    assert found[1] == pytest.approx(row_of(path, "contributions_worker_full_floor_national_health_package")[1], rel=1e-12)


def test_benefits_without_anybody_counted_are_given_as_amounts(costing: Costing, recalculated: Callable[[Path], Path], tmp_path: Path) -> None:
    small = sample.small(costing, 2, ["full_floor"])
    result = small.scenarios[0]
    nobody = tuple(
        replace(x, entitled=Decimal(0), paid=Decimal(0)) if x.scheme == "birth_grant" or x.scheme == "child_grant" else x for x in result.lines
    )
    path = workbook(replace(small, scenarios=(replace(result, lines=nobody),)), tmp_path / "amounts.xlsx")
    out = recalculated(path)
    assert row_of(out, "total_gross_full_floor") == pytest.approx([float(year.gross) for year in result.budget], rel=1e-9)
    assert "average_benefit_full_floor_child_grant" not in openpyxl.load_workbook(path).defined_names


def test_names_and_letters_are_those_of_excel(tmp_path: Path) -> None:
    assert [letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert range_name("gdp_full.floor") == "gdp_full_floor" and range_name("a1") == "r_a1"
    book = Book(tmp_path / "x.xlsx", Words("en"), (2025,))
    assert [book.sheet_name("Plan: A"), book.sheet_name("PLAN  A"), book.sheet_name("plan: a"), book.sheet_name("'")] == [
        "Plan  A",
        "PLAN  A 2",
        "plan  a 3",
        "Sheet",
    ]


def test_a_language_that_is_not_known_is_refused(costing: Costing, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="U060"):
        workbook(costing, tmp_path / "x.xlsx", "es")
