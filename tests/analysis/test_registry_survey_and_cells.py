"""The same law for the same people costs the same, whether they stand in a registry, in a survey or in cells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from opensocle import country_folder
from opensocle.engine.results import Result
from opensocle.engine.running import run
from opensocle.law.law import Law, load
from opensocle.population.people import make_people
from opensocle.population.survey.areas import make_frame
from opensocle.population.survey.drawing import Plan, draw
from opensocle.population.survey.reading import design_of
from opensocle.population.survey.rows import read_table
from opensocle.population.survey.sampled import draw_survey, take
from opensocle.population.survey.variance import standard_errors
from opensocle.population.tables import Population, Table
from opensocle.projection.needs import needs_of

MONTH = "2026-01"
AMOUNTS = ("benefit", "worker_contribution", "employer_contribution", "state_contribution")
DRAWN = (
    "child_grant", "social_pension", "disability_grant", "long_term_care_allowance", "social_assistance", "cash_transfer", "family_allowance",
    "old_age_pension", "mutual_membership", "social_insurance_contributions",
)  # fmt: skip
"""Schemes that a sample of households finds enough people in."""
CELLS = {
    "child_grant": (),
    "social_pension": ("old_age_pension.benefit", "survivors_pension.benefit", "concepts.resident_months"),
    "disability_grant": ("invalidity_pension.eligible", "concepts.resident_months"),
    "long_term_care_allowance": ("long_term_care_allowance.share_paid",),
    "migrant_welfare_fund": (),
}
"""Schemes, and the variables that cells are given because they come from a history or the household."""


@pytest.fixture(scope="module")
def law() -> Law:
    return load(country_folder("exemplia"))


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Population:
    """With unknown facts, as registries have."""
    return Population.open(make_people(tmp_path_factory.mktemp("registry") / "people", persons=8_000, seed=11, unknowns=0.05))


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Population:
    """Large enough to draw samples from; every fact known."""
    return Population.open(make_people(tmp_path_factory.mktemp("country") / "people", persons=150_000, seed=12, months=24, unknowns=0))


def totals(result: Result) -> dict[tuple[str, str], tuple[Any, ...]]:
    """By scheme and variable: the total, and the weights of those entitled and of those unknown."""
    return {(row["scheme"], row["variable"]): (row["total"], row["positive"], row["unknown"]) for row in result.totals()}


def test_a_survey_of_everybody_costs_what_the_registry_costs_for_every_scheme(law: Law, registry: Population) -> None:
    survey = draw_survey(registry, Plan(households=registry.tables["households"].rows))
    assert survey.kind == "survey" and survey.tables["persons"].rows == 8_000
    found, truth = totals(run(law, survey, MONTH)), totals(run(law, registry, MONTH))
    assert found == truth
    assert {scheme for scheme, _ in truth} == set(law.schemes)
    assert sum(1 for total, *_ in truth.values() if total) > 20 and sum(unknown for *_, unknown in truth.values()) > 100


@pytest.mark.parametrize("scheme", CELLS)
def test_cells_of_the_same_persons_cost_what_the_registry_costs(law: Law, registry: Population, scheme: str) -> None:
    cells = cells_of(law, registry, scheme, CELLS[scheme])
    assert cells.tables["persons"].rows < 8_000
    outputs = [f"{scheme}.{name}" for name in ("eligible", *AMOUNTS) if name in law.schemes[scheme].variables]
    found, truth = (totals(run(law, people, MONTH, outputs)) for people in (cells, registry))
    for key, (total, positive, _) in truth.items():
        assert found[key][:2] == (total, positive), key
    assert any(positive for _, positive, _ in truth.values()) or scheme == "migrant_welfare_fund"


def cells_of(law: Law, registry: Population, scheme: str, given: tuple[str, ...]) -> Population:
    """The registry's persons counted by what the scheme reads of them."""
    needs = needs_of(law, [scheme], given)
    assert not needs.tables, f"{scheme} also reads {needs.tables}"
    persons = read_table(registry.tables["persons"])
    names = [name for name in persons.column_names if name in needs.facts | {"birth_date", "death_date"}]
    facts = persons.select(names)
    results = run(law, registry, MONTH, given).table("person").sort_by("person_id") if given else None
    for name in given:
        assert results is not None
        assert results.column("person_id").equals(persons.column("person_id"))
        facts = facts.append_column(name, results.column(name.removeprefix("concepts.")))
    facts = facts.append_column("one", pa.array(np.ones(len(facts), np.int64)))
    cells = facts.group_by([*names, *given]).aggregate([("one", "sum")])
    weight = pa.array([Decimal(count) for count in cells.column("one_sum").to_pylist()], pa.decimal128(18, 9))
    cells = cells.drop_columns(["one_sum"]).append_column("weight", weight).append_column("person_id", pa.array(range(len(cells))))
    return Population("cells", registry.date, {"persons": Table("persons", data=cells)}, registry.currency, registry.digits)


def test_a_drawn_survey_costs_what_the_registry_costs_as_nearly_as_its_standard_error_says(law: Law, country: Population) -> None:
    outputs = [f"{name}.{amount}" for name in DRAWN for amount in AMOUNTS if amount in law.schemes[name].variables]
    truth = {key: float(total) for key, (total, *_) in totals(run(law, country, MONTH, outputs)).items()}
    frame = make_frame(country)
    misses: list[float] = []
    for seed in range(4):
        survey = take(country, frame, draw(frame, Plan(households=960, per_area=12, seed=seed)))
        result = run(law, survey, MONTH, outputs)
        estimates = {key: float(total) for key, (total, *_) in totals(result).items()}
        errors = errors_of(survey, result)
        for key, total in truth.items():
            assert total > 0 and errors[key] < total, key
            misses.append((estimates[key] - total) / errors[key])
    assert max(map(abs, misses)) < 4
    assert np.mean(np.square(misses)) < 1.8  # a miss is one standard error, on average


def errors_of(survey: Population, result: Result) -> dict[tuple[str, str], float]:
    """The standard error of each total."""
    found: dict[tuple[str, str], float] = {}
    for level, unit in (("person", "persons"), ("household", "households")):
        if level not in result.tables:
            continue
        design = design_of(survey, "persons" if unit == "persons" else "households")
        table = result.table(level).sort_by(f"{level}_id")  # a run gives its rows in any order
        for column in (column for column in result.columns if column.level == level):
            values = table.column(column.name).cast("float64").fill_null(0).to_numpy()
            error = standard_errors(design, np.arange(design.rows), design.weights, values)
            found[column.owner, column.variable] = float(error[0])
    return found


def test_the_weights_of_a_drawn_survey_count_the_people_on_average(country: Population) -> None:
    """Persons, of whom households have different numbers, over many samples."""
    frame = make_frame(country)
    alive = int(frame.size.sum())
    counts = []
    for seed in range(150):
        drawn = draw(frame, Plan(households=240, per_area=12, seed=seed))
        counts.append(float(sum(weight * int(frame.size[row]) for row, weight in zip(drawn.rows, drawn.weights, strict=True))))
    assert abs(np.mean(counts) - alive) < 4 * np.std(counts, ddof=1) / len(counts) ** 0.5
    assert country.date == date(2026, 1, 1) and alive < 150_000
