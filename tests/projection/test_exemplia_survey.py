"""Exemplia's household survey: what is in the folder is what the tool makes, and its household schemes are costed from it."""

from __future__ import annotations

import importlib.util
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from opensocle import country_folder
from opensocle.analysis.scenarios import cost_country
from opensocle.engine.running import run
from opensocle.law.law import Law, load
from opensocle.population.people import make_people
from opensocle.population.survey.drawing import Plan
from opensocle.population.survey.reading import design_of
from opensocle.population.survey.rows import read_table
from opensocle.population.survey.sampled import draw_survey
from opensocle.population.tables import Population
from opensocle.projection.assumptions import read_assumptions
from opensocle.projection.outlook import Outlook
from opensocle.projection.receipts import add_receipts

TOOL = Path(__file__).parents[2] / "tools" / "exemplia_survey.py"
EXEMPLIA = country_folder("exemplia")
FOLDER = EXEMPLIA / "data" / "survey"
OF_HOUSEHOLDS = ("social_assistance", "cash_transfer", "family_allowance", "mutual_membership")


@pytest.fixture(scope="module")
def law() -> Law:
    return load(EXEMPLIA)


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("exemplia_survey", TOOL)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def everybody(tool: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Population:
    """The people from whom the survey was drawn."""
    return tool.people(tmp_path_factory.mktemp("everybody"))


@pytest.fixture(scope="module")
def outlook(law: Law) -> Outlook:
    return Outlook(read_assumptions(EXEMPLIA, "base", law), law)


def test_the_tool_makes_the_survey_that_is_in_the_folder(law: Law, tool: ModuleType, everybody: Population) -> None:
    made = tool.survey(everybody, law)
    kept = Population.open(FOLDER)
    again = "the survey of Exemplia is not what tools/exemplia_survey.py makes now: run it, and look at what has changed"
    assert set(made.tables) == set(kept.tables), again
    for name, table in made.tables.items():
        assert read_table(kept.tables[name]).cast(table.schema).equals(table.data), f"{name}: {again}"
    assert kept.heading == made.heading, again


def test_the_survey_is_small_and_stands_for_the_people_it_was_drawn_from(tool: ModuleType) -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_500_000
    survey = Population.open(FOLDER)
    homes = read_table(survey.tables["households"], ["weight", "stratum", "cluster"])
    assert 2_000 < homes.num_rows < 2_400
    design = design_of(survey)
    assert len(design.units.sizes) == 8 and 190 <= design.units.count <= 200 and design.units.sizes.min() >= 2
    assert float(design.weights.sum()) == pytest.approx(tool.PERSONS, rel=0.02)


def test_the_law_of_exemplia_is_the_same_without_its_survey(law: Law, tmp_path: Path) -> None:
    shutil.copytree(EXEMPLIA, tmp_path / "exemplia", ignore=lambda folder, names: ["data"] if Path(folder) == EXEMPLIA else [])
    assert not (tmp_path / "exemplia" / "data").exists()
    assert load(tmp_path / "exemplia").hash == law.hash


def test_schemes_that_look_at_the_household_are_costed_from_the_survey(law: Law, outlook: Outlook) -> None:
    result = cost_country(EXEMPLIA, law, ["status_quo"], until=2025).scenarios[0]
    lines = {line.scheme: line for line in result.lines}
    assert not result.notes and set(OF_HOUSEHOLDS) < set(lines)
    survey = outlook.survey(2025)
    assert survey is not None
    outputs = [f"{name}.{amount}" for name in OF_HOUSEHOLDS for amount in ("benefit", "worker_contribution") if amount in law.schemes[name].variables]
    for row in run(law, survey, "2025-01", outputs).totals():
        assert lines[row["scheme"]].entitled == row["positive"] > 0, row["scheme"]


@pytest.mark.parametrize("year", [2025, 2040, 2055])
def test_the_survey_reaches_the_people_of_every_year(outlook: Outlook, year: int) -> None:
    report = outlook.survey_report(year)
    assert report is not None and report.calibrated.converged
    assert float(report.total) == pytest.approx(float(outlook.population(year).sum()), rel=1e-6)


def test_entitlements_of_the_survey_are_near_those_of_the_people(law: Law, everybody: Population) -> None:
    """The truth, from everybody the survey was drawn from: within a fifth for schemes that reach one household in twenty or more."""
    outputs = [f"{name}.benefit" for name in ("social_assistance", "family_allowance", "child_grant", "social_pension")]
    truth, found = (
        {row["scheme"]: float(row["total"]) for row in run(law, people, "2025-01", outputs).totals()}
        for people in (everybody, Population.open(FOLDER))
    )
    assert found == pytest.approx(truth, rel=0.2)


def test_only_some_of_those_entitled_say_that_they_receive(law: Law) -> None:
    survey = Population.open(FOLDER)
    paid = Counter(read_table(survey.tables["benefits_in_payment"]).column("scheme").to_pylist())
    result = run(law, survey, "2025-01", ["child_grant.benefit", "social_assistance.benefit"])
    entitled = {row["scheme"]: row["positive"] for row in result.totals()}
    weights = Decimal(1) * sum(read_table(survey.tables["persons"], ["weight"]).column(0).to_pylist()) / survey.tables["persons"].rows
    for scheme, take_up in (("child_grant", 0.62), ("social_assistance", 0.12)):
        assert float(paid[scheme] * weights / entitled[scheme]) == pytest.approx(take_up, abs=0.08), scheme
    assert {"old_age_pension", "social_pension", "family_allowance"} <= set(paid)


def test_a_benefit_of_the_household_is_received_by_its_head_for_the_amount_of_the_law(law: Law, tmp_path: Path) -> None:
    """Without assumptions everybody takes up."""
    people = Population.open(make_people(tmp_path / "people", persons=3_000, seed=8, unknowns=0))
    survey = add_receipts(draw_survey(people, Plan(households=5_000)), law, tmp_path, seed=1)
    heads = {r["person_id"] for r in read_table(people.tables["persons"]).to_pylist() if r["relationship_to_head"] == "head"}
    received = [row for row in read_table(survey.tables["benefits_in_payment"]).to_pylist() if row["scheme"] == "social_assistance"]
    total = next(row for row in run(law, people, "2026-01", ["social_assistance.benefit"]).totals() if row["variable"] == "benefit")
    assert sum(row["amount"] for row in received) == total["total"] and len(received) == total["positive"]
    assert sum(row["person_id"] in heads for row in received) > 0.97 * len(received)  # others have lost their head
