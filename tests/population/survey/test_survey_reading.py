"""The design of a survey out of its files and tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from opensocle.errors import DataError, Problems, SocleError
from opensocle.population import Population, RejectedRows, read, read_mapping
from opensocle.population.survey.reading import design_of, keys_of
from opensocle.population.survey.replication import replicate_variance
from opensocle.population.survey.variance import standard_errors
from opensocle.vocabulary import Vocabulary

CSV = """HH,PID,STRATE,ZD,NZD,W,W1,W2,W3
1,11,nord,1,40,2.5,5,0,2.5
1,12,nord,1,40,2.5,5,0,2.5
2,21,nord,2,40,4,4,8,0
3,31,sud,1,10,3,3,3,6
4,41,sud,7,10,1,0,1,2
"""
MAPPING = """kind: survey
date: 2024-07-01
weight: W
design:
  single: refuse
  replicates: {columns: ["W[1-9]"], kind: bootstrap, centre: mean, scale: 0.5}
tables:
  persons:
    file: s.csv
    columns: {person_id: PID, household_id: HH, stratum: STRATE, cluster: ZD, stratum_clusters: NZD}
"""


def survey(*, kind: str = "survey", households: object = None, **columns: list[object]) -> Population:
    rows = len(next(iter(columns.values())))
    persons: Mapping[str, Any] = {"person_id": list(range(1, rows + 1)), "household_id": list(range(1, rows + 1)), **columns}
    if kind == "survey":
        persons = {"weight": [1] * rows, **persons}
    return Population.of(persons=persons, kind=kind, date=date(2024, 7, 1), **({"households": households} if households else {}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "s.csv").write_text(CSV)
    (tmp_path / "s.yaml").write_text(MAPPING)
    return tmp_path


@pytest.mark.parametrize("stored", [False, True])
def test_a_mapping_brings_strata_clusters_and_replicate_weights(folder: Path, words: Vocabulary, stored: bool) -> None:
    population, _ = read(folder, folder / "s.yaml", vocabulary=words, out=folder / "made" if stored else None)
    design = design_of(population)
    assert keys_of(population).to_pylist() == [11, 12, 21, 31, 41]
    assert design.weights.tolist() == [2.5, 2.5, 4, 3, 1] and design.single == "refuse"
    assert list(design.names or ()) == ["nord", "sud"] and design.strata.tolist() == [0, 0, 0, 1, 1]
    assert design.clusters.tolist() == [0, 0, 1, 2, 3]  # area 1 of the north is not area 1 of the south
    assert design.fractions == pytest.approx([2 / 40] * 3 + [2 / 10] * 2)
    assert design.replicates is not None and design.replicates.weights.tolist()[2] == [4, 8, 0]
    assert (design.replicates.kind, design.replicates.scale, design.replicates.centre) == ("bootstrap", 0.5, "mean")
    # totals of the three replicates: 17, 12, 13; their mean is 14
    assert replicate_variance(design, lambda w: w.sum()).covariance[0, 0] == pytest.approx(0.5 * (9 + 4 + 1))
    if stored:
        said = yaml.safe_load((folder / "made" / "population.yaml").read_text())["design"]
        assert said["replicates"]["columns"] == ["replicate_weight_1", "replicate_weight_2", "replicate_weight_3"]
        again = population.save(folder / "again")
        assert again.design == population.design and again.hash() == population.hash()


def test_the_standard_error_of_a_total_is_that_worked_out_by_hand(folder: Path, words: Vocabulary) -> None:
    population, _ = read(folder, folder / "s.yaml", vocabulary=words)
    design = design_of(population)
    (error,) = standard_errors(design, np.arange(5), design.weights, np.ones(5))
    # totals of areas: north 5 and 4, south 3 and 1: (1 - 2/40) × 2 × 0.5 + (1 - 2/10) × 2 × 2 = 0.95 + 3.2
    assert error == pytest.approx((0.95 + 3.2) ** 0.5)


def test_households_have_one_row_each(folder: Path, words: Vocabulary) -> None:
    population, _ = read(folder, folder / "s.yaml", vocabulary=words)
    design = design_of(population, "households")
    assert keys_of(population, "households").to_pylist() == [1, 2, 3, 4]
    assert design.weights.tolist() == [2.5, 4, 3, 1] and design.clusters.tolist() == [0, 1, 2, 3]
    assert design.replicates is not None and design.replicates.weights[:, 0].tolist() == [5, 4, 3, 0]


def test_strata_of_households_are_those_of_their_persons() -> None:
    homes = {"household_id": [3, 1, 2], "stratum": ["b", "a", "a"], "cluster": [9, 1, 1], "stratum_clusters": [5, 7, 7]}
    population = survey(households=homes, household_id=[1, 2, 2, 3], weight=[1, 2, 3, 0])
    design = design_of(population)
    assert [(design.names or ())[at] for at in design.strata] == ["a", "a", "a", "b"] and design.clusters.tolist() == [0, 0, 0, 1]
    assert design.fractions == pytest.approx([1 / 7] * 3 + [1 / 5])
    by_home = design_of(population, "households")
    ids = keys_of(population, "households").to_pylist()
    assert dict(zip(ids, by_home.weights.tolist(), strict=True)) == {1: 1, 2: 3, 3: 0}  # the greatest of its members
    assert design.weights.tolist() == [1, 2, 3, 0]


def test_without_words_there_is_one_stratum_and_each_household_is_a_cluster() -> None:
    design = design_of(survey(household_id=[7, 7, 8, None]))
    assert design.strata.tolist() == [0, 0, 0, 0] and design.clusters.tolist() == [0, 0, 1, 2]  # who has no household is one
    assert design.fractions is None and design.single == "centre" and design.replicates is None
    alone = Population.of(persons={"person_id": [1, 2], "weight": [1, 1]}, kind="survey")
    assert design_of(alone).clusters.tolist() == [0, 1]


def test_a_registry_counts_everybody_so_that_nothing_is_uncertain() -> None:
    design = design_of(survey(kind="registry", age=[3, 40, 60]))
    assert design.weights.tolist() == [1, 1, 1]
    assert standard_errors(design, np.arange(3), design.weights, np.array([3.0, 40, 60])).tolist() == [0]


def problems(population: Population) -> list[SocleError]:
    with pytest.raises(Problems) as caught:
        design_of(population)
    return list(caught.value.problems)


def test_what_is_missing_is_counted_and_refused_all_at_once() -> None:
    import pyarrow as pa

    from opensocle.population.tables import Table

    rows = pa.table(
        {"person_id": [1, 2, 3], "household_id": [1, 2, 3], "weight": [1.0, None, -1.0], "stratum": ["a", None, None], "cluster": [1, 2, None]}
    )
    found = problems(Population("survey", None, {"persons": Table("persons", data=rows)}))
    assert [problem.code for problem in found] == ["D040"] * 4
    text = " ".join(problem.what for problem in found)
    assert "1 person has no weight" in text and "1 weights are below zero" in text and "2 persons have no stratum" in text
    assert "1 person has no cluster" in text


def test_contradictions_are_refused() -> None:
    (found,) = problems(survey(household_id=[1, 1, 2], stratum=["a", "b", "b"]))
    assert found.code == "D041" and "1 household is in several strata" in found.what
    (found,) = problems(survey(household_id=[1, 1, 2], stratum=["a", "a", "b"], cluster=[1, 2, 1]))
    assert "1 household is in several clusters" in found.what
    (found,) = problems(survey(stratum=["a", "a", "b"], stratum_clusters=[4, 5, 1]))
    assert "not one number in the strata a" in found.what
    (found,) = problems(survey(stratum=["a", "a", "b"], stratum_clusters=[1, 1, 1]))
    assert "less than the clusters that are in the survey: strata a" in found.what


def test_cells_are_no_sample() -> None:
    cells = Population.of(persons={"person_id": [1], "weight": [5]}, kind="cells")
    with pytest.raises(DataError, match="cells are no sample"):
        design_of(cells)


@pytest.mark.parametrize(
    ("design", "words_of"),
    [
        ("{single: ignore}", "'ignore' is not possible here"),
        ("{strata: X}", "'strata' is not an option here"),
        ("{replicates: {kind: brr}}", "replicates name no columns"),
        ("{replicates: {columns: [W1], kind: jacknife}}", "'jacknife' is not possible here"),
        ("{replicates: {columns: [W1]}}", "the kind of the replicate weights is missing"),
        ("{replicates: {columns: [W1], kind: jackknife, fay: 0.3}}", "a Fay factor of 0.3 is not possible here"),
        ("{replicates: {columns: [W1], kind: brr, fay: 0.3, scale: 1}}", "give scale or fay, not both"),
        ("{replicates: {columns: [W1], kind: brr, scale: much}}", "'much' is not a number from 0"),
        ("5", "this must be a map of names and values"),
    ],
)
def test_a_design_that_says_something_else_is_refused(folder: Path, words: Vocabulary, design: str, words_of: str) -> None:
    text = MAPPING.replace(MAPPING[MAPPING.index("design:") : MAPPING.index("tables:")], f"design: {design}\n")
    (folder / "wrong.yaml").write_text(text)
    with pytest.raises(Problems, match="D013") as caught:
        read_mapping(folder / "wrong.yaml", words)
    assert words_of in str(caught.value) and "wrong.yaml:4:" in str(caught.value)
    (folder / "population").mkdir()
    (folder / "population" / "population.yaml").write_text(f"kind: survey\ndesign: {design}\n")
    survey(age=[1]).save(folder / "other")
    (folder / "other" / "persons.parquet").rename(folder / "population" / "persons.parquet")
    with pytest.raises(Problems) as caught:
        Population.open(folder / "population")
    assert words_of in str(caught.value)


def test_replicate_weights_that_are_not_there_are_refused(folder: Path, words: Vocabulary) -> None:
    (folder / "s.yaml").write_text(MAPPING.replace('"W[1-9]"', "RW*"))
    with pytest.raises(DataError, match=r"D043 no column 'RW\*' of replicate weights"):
        read(folder, folder / "s.yaml", vocabulary=words)


def test_a_row_without_a_replicate_weight_is_rejected(folder: Path, words: Vocabulary) -> None:
    (folder / "s.csv").write_text(CSV.replace("1,0,1,2", "1,,1,2"))
    with pytest.raises(RejectedRows, match="replicate_weight_1"):
        read(folder, folder / "s.yaml", vocabulary=words)
