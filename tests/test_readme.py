"""The examples of the README on real data give what the README says."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from opensocle.engine.running import run
from opensocle.law.law import load
from opensocle.population import read, read_united_nations

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DATA = ROOT / ".." / "shared" / "data"
UNITED_NATIONS = DATA / "demography" / "five_year" / "population_1july_thousands.csv"
SURVEY = DATA / "distribution" / "eusilc_person.csv"


@pytest.mark.skipif(not UNITED_NATIONS.exists(), reason="the United Nations' population is not beside the project (../shared/data)")
def test_the_thai_allowance_on_the_united_nations_population_costs_what_the_readme_says() -> None:
    law = load(ROOT / "src" / "opensocle" / "countries" / "thailand")
    facts = {"migration_status": "national", "public_pension": False, "in_public_home_for_older_persons": False}
    people = read_united_nations(UNITED_NATIONS, "THA", 2025, extra=facts, vocabulary=law.vocabulary)
    rows = [row for row in run(law, people, "2025").totals() if row["variable"] == "benefit"]
    persons, baht = rows[0]["positive"], sum(row["total"] for row in rows)
    assert len(rows) == 12
    assert f"{persons:,.0f}" in README
    assert f"{baht:,.2f}" in README
    by_hand = {600: range(60, 70), 700: range(70, 80), 800: range(80, 90), 1000: range(90, 101)}
    table = people.tables["persons"].data
    assert table is not None
    weights: dict[int, Decimal] = {}
    for row in table.to_pylist():
        weights[row["age"]] = weights.get(row["age"], Decimal(0)) + row["weight"]
    assert baht == 12 * sum(amount * weights[age] for amount, ages in by_hand.items() for age in ages)


@pytest.mark.skipif(not SURVEY.exists(), reason="the survey's microdata are not beside the project (../shared/data)")
def test_the_child_grant_on_survey_microdata_costs_what_the_readme_says() -> None:
    law = load(ROOT / "examples" / "child_grant")
    people, report = read(SURVEY, ROOT / "examples" / "eusilc.yaml", vocabulary=law.vocabulary)
    assert not report.findings
    rows = [row for row in run(law, people, "2006-07", keep=["sex"]).totals(by=["sex"]) if row["variable"] == "benefit"]
    for row in rows:
        assert f"{row['positive']:,.0f}" in README
        assert f"{row['total']:,.2f}" in README
    assert {row["sex"] for row in rows} == {"female", "male"}
