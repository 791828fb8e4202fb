"""Cells: everybody is in them once, fewer dimensions change no total, and the law gives what a hand would."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from small_future import EXEMPLIA, assume, edited, small_law

from opensocle.engine.running import run
from opensocle.law.law import load
from opensocle.population.tables import Population
from opensocle.projection.assumptions import read_assumptions
from opensocle.projection.cells import make_cells
from opensocle.projection.needs import needs_of
from opensocle.projection.outlook import Outlook
from opensocle.projection.tables import STATUSES


@cache
def exemplia() -> Outlook:
    law = load(EXEMPLIA)
    return Outlook(read_assumptions(EXEMPLIA, "base", law), law)


def persons(population: Population) -> pa.Table:
    table = population.tables["persons"].data
    assert table is not None
    return table


def total(table: pa.Table, column: str | None = None) -> float:
    weight = np.array(table.column("weight").cast(pa.float64()))
    return float(weight.sum() if column is None else (weight * np.array(table.column(column).cast(pa.float64()))).sum())


def test_everybody_is_in_the_cells_once() -> None:
    outlook = exemplia()
    table = persons(make_cells(outlook.ground(2030)))
    assert total(table) == pytest.approx(outlook.population(2030).sum(), abs=1e-4)
    assert len(set(table.column("person_id").to_pylist())) == table.num_rows
    assert "household_id" not in table.column_names and str(table.schema.field("weight").type) == "decimal128(18, 9)"


def test_cells_have_the_people_of_each_age_and_sex() -> None:
    outlook = exemplia()
    table = persons(make_cells(outlook.ground(2030))).select(["age", "sex", "weight"])
    found = {(row["sex"], row["age"]): float(row["weight_sum"]) for row in table.group_by(["sex", "age"]).aggregate([("weight", "sum")]).to_pylist()}
    people = outlook.population(2030)
    assert found["male", 30] == pytest.approx(people[0, 30], abs=1e-5) and found["female", 100] == pytest.approx(people[1, 100], abs=1e-5)


@pytest.mark.parametrize("wanted", [{"age"}, {"sex"}, {"insured"}, {"earnings"}, {"disability_degree"}, {"age", "sex", "earnings"}])
def test_leaving_out_dimensions_changes_no_total(wanted: set[str]) -> None:
    ground = exemplia().ground(2035)
    whole, few = persons(make_cells(ground)), persons(make_cells(ground, wanted))
    assert few.num_rows <= whole.num_rows
    assert total(few) == pytest.approx(total(whole), abs=1e-3)
    for column in wanted & {"age", "earnings", "disability_degree"}:
        assert total(few, column) == pytest.approx(total(whole, column), rel=1e-9)
    if "insured" in wanted:
        assert total(few.filter(few.column("insured"))) == pytest.approx(total(whole.filter(whole.column("insured"))), rel=1e-9)


def test_leaving_out_dimensions_changes_no_cost() -> None:
    outlook = exemplia()
    law, outputs = outlook.law, ["social_pension", "disability_grant", "social_insurance_contributions"]
    results = []
    for people in (make_cells(outlook.ground(2030)), outlook.cells(2030, outputs)):
        rows = run(law, people, "2030-01", outputs, indices=outlook.indices).totals()
        results.append({(row["scheme"], row["variable"]): (float(row["total"] or 0), float(row["positive"]), row["unknown"]) for row in rows})
    for variable, (amount, entitled, unknown) in results[0].items():
        assert results[1][variable][:2] == pytest.approx((amount, entitled), rel=1e-9)
        assert unknown == results[1][variable][2] == 0


def test_only_what_is_read_is_filled() -> None:
    outlook = exemplia()
    assert persons(outlook.cells(2030, ["child_grant"])).column_names == ["person_id", "age", "residence_status", "weight"]
    assert persons(outlook.cells(2030, ["child_grant"])).num_rows <= 101
    assert persons(outlook.cells(2030, ["social_insurance_contributions"])).num_rows < 1000


def test_batches_hold_every_state_scheme_once_in_few_cells() -> None:
    outlook = exemplia()
    wanted = ["child_grant", "social_pension", "sickness_benefit", "old_age_pension", "social_insurance_contributions"]
    batches = outlook.batches(wanted)
    assert sorted(name for batch in batches for name in batch) == sorted(set(wanted) - {"sickness_benefit"})
    assert all(persons(outlook.cells(2030, batch)).num_rows <= 2000 for batch in batches)


def test_earnings_follow_wages_and_have_the_digits_of_the_currency() -> None:
    outlook = exemplia()
    early, late = (persons(make_cells(outlook.ground(year), {"earnings", "labour_status"})) for year in (2025, 2035))
    assert str(early.schema.field("earnings").type) == "decimal128(18, 2)"
    ratio = float(pc.max(late.column("earnings")).as_py() / pc.max(early.column("earnings")).as_py())
    assert ratio == pytest.approx(float(outlook.economy.year(2035).wages), rel=1e-4)
    idle = early.filter(pc.not_equal(early.column("labour_status"), "employed"))
    assert pc.max(idle.column("earnings")).as_py() == 0


def test_workers_have_their_statuses_and_others_none(tmp_path: Path) -> None:
    outlook = Outlook(assume(tmp_path, people=True), small_law())
    table = persons(make_cells(outlook.ground(2026), {"labour_status", "status_in_employment", "informal"}))
    assert table.num_rows == len(STATUSES)
    found = {(row["labour_status"], row["status_in_employment"], row["informal"]): row["weight"] for row in table.to_pylist()}
    labour = outlook.labour(2026)
    assert float(found["employed", "own_account_worker", True]) == pytest.approx(labour.total("informal"))
    assert float(found["inactive", None, False]) == pytest.approx(labour.total("inactive"))


def test_a_part_of_the_people_has_its_facts() -> None:
    table = persons(make_cells(exemplia().ground(2030), {"disability_degree", "care_needs", "disabled"}))
    rows = {row["disability_degree"]: (row["care_needs"], row["disabled"]) for row in table.to_pylist()}
    assert rows == {0: ("no_need", False), 60: ("mild", True), 80: ("mild", True), 85: ("moderate", True)}


def test_variables_are_given_where_the_assumptions_say_so() -> None:
    table = persons(exemplia().cells(2030, ["old_age_pension"]))
    names = {"old_age_pension.years", "old_age_pension.reference_earnings", "survivors_pension.full_amount"}
    assert names <= set(table.column_names)
    assert str(table.schema.field("old_age_pension.reference_earnings").type) == "decimal128(18, 2)"


def test_a_country_without_labour_section_has_cells_of_age_and_sex(tmp_path: Path) -> None:
    made = assume(tmp_path, edited(labour=None, earnings=None, economy=None, contingencies=None), people=True)
    outlook = Outlook(made, small_law())
    table = persons(make_cells(outlook.ground(2026)))
    assert set(table.column_names) == {"person_id", "age", "sex", "disabled", "residence_status", "weight"}
    assert total(table) == pytest.approx(outlook.population(2026).sum(), abs=1e-5)


def test_the_cost_of_a_grant_is_children_times_amount(tmp_path: Path) -> None:
    outlook = Outlook(assume(tmp_path, people=True), small_law())
    rows = run(small_law(), outlook.cells(2025, ["child_grant"]), "2025-01", ["child_grant"]).totals()
    found = {row["variable"]: row for row in rows}
    children = float(outlook.population(2025)[:, :5].sum())
    assert float(found["benefit"]["total"]) == pytest.approx(30 * children)


def test_contributions_are_what_the_mean_earnings_give(tmp_path: Path) -> None:
    outlook = Outlook(assume(tmp_path, people=True), small_law())
    rows = run(small_law(), outlook.cells(2025, ["levy"]), "2025-01", ["levy"]).totals()
    expected = outlook.labour(2025).total("formal_employee") * 0.9 * 400 * 0.1
    assert float(rows[0]["total"]) == pytest.approx(expected, rel=1e-4)


def test_a_cell_of_a_billion_is_cut_into_several() -> None:
    outlook = exemplia()
    ground: Any = outlook.ground(2030)
    many = type(ground)(ground.assumptions, 2030, ground.population * 1000, None, None, {}, "XMU", 2)
    table = persons(make_cells(many, set()))
    assert table.num_rows == 9 and total(table) == pytest.approx(many.population.sum())
    assert max(table.column("weight").to_pylist()) < Decimal(10) ** 9


def test_what_a_scheme_reads_is_found_in_its_text() -> None:
    law = load(EXEMPLIA)
    assert needs_of(law, ["child_grant"]).facts >= {"age", "residence_status"}
    assert "contributions" in needs_of(law, ["sickness_benefit"]).tables and "certified_days" in needs_of(law, ["sickness_benefit"]).event
    assert "members" in needs_of(law, ["family_allowance"]).tables
    given = {"old_age_pension.years", "old_age_pension.reference_earnings", "survivors_pension.full_amount"}
    assert "contributions" in needs_of(law, ["old_age_pension"]).tables and "contributions" not in needs_of(law, ["old_age_pension"], given).tables
