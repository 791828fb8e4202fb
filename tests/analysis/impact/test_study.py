"""A whole study: hand calculations on a few households, the published figures of EU-SILC, Exemplia's own, and every wrong setting refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from small_surveys import BASE, small_law, survey

from opensocle import country_folder
from opensocle.analysis.impact.labels import MEASURES
from opensocle.analysis.impact.model import Impact
from opensocle.analysis.impact.reading import read_settings, settings_of
from opensocle.analysis.impact.study import Study, study
from opensocle.engine.running import run
from opensocle.errors import DataError, InputError, Problems, SocleError
from opensocle.law.law import load
from opensocle.population.survey.replication import bootstrap
from opensocle.population.tables import Population

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "distribution"
PEOPLE = [
    {"household_id": 1, "age": 30, "sex": "female", "earnings": 80.0, "relationship_to_head": "head"},
    {"household_id": 1, "age": 3, "sex": "male", "earnings": 0.0, "relationship_to_head": "child"},
    {"household_id": 2, "age": 60, "sex": "male", "earnings": 40.0, "relationship_to_head": "head"},
    {"household_id": 3, "age": 28, "sex": "male", "earnings": 300.0, "relationship_to_head": "head"},
    {"household_id": 3, "age": 25, "sex": "female", "earnings": 0.0, "relationship_to_head": "spouse"},
]
HOMES = [{"household_id": number, "electricity": number == 2, "region": None} for number in (1, 2, 3)]
GRANT: dict[str, object] = {"transfers": {"child_grant": {}}}


def small(persons: list[dict[str, object]] | None = None, overlay: Mapping[str, object] | None = None, **changes: object) -> Impact:
    law = small_law()
    return study(law, settings_of({**BASE, **changes}, law), survey(law, persons or PEOPLE, HOMES))


def test_a_household_of_two_is_lifted_by_a_grant_of_thirty() -> None:
    """Per head: 40, 40, 150 before; 55, 40, 150 with the grant. Of five persons three are poor below 50, then one."""
    made = small(**GRANT)
    assert made.figure("fgt0", line="national", scenario="none").estimate == pytest.approx(3 / 5)
    assert made.figure("fgt0", line="national").estimate == pytest.approx(1 / 5)
    assert made.figure("fgt1", line="national").estimate == pytest.approx(1 / 5 * 10 / 50)
    assert made.figure("fgt0_change", of="none", line="national").estimate == pytest.approx(-2 / 5)
    assert made.figure("poor", line="national", scenario="none").estimate == pytest.approx(3)
    assert made.figure("mean").estimate == pytest.approx((2 * 55 + 40 + 2 * 150) / 5)
    assert made.figure("coverage", of="child_grant").estimate == pytest.approx(2 / 5)
    assert made.figure("adequacy", of="child_grant").estimate == pytest.approx(15 / 55)
    assert made.figure("poverty_effect", of="child_grant", line="national").estimate == pytest.approx(2 / 5)
    assert made.figure("gap_closed", of="child_grant", line="national").estimate == pytest.approx(2 * 10 / 30)
    assert made.figure("to_poor", of="child_grant", line="national").estimate == 1
    assert made.budgets[0].amount == 30 and made.left_out == 0 and made.households == 3


def test_the_standard_error_is_that_of_persons_in_their_households() -> None:
    """p = 3/5; by household the totals of (poor - p) are 2 × 2/5, 2/5, -2 × 3/5, and 0 in all: var = 3/2 × Σ t² / 25."""
    totals = np.array([4 / 5, 2 / 5, -6 / 5])
    expected = np.sqrt(3 / 2 * (totals**2).sum()) / 5
    assert small(**GRANT).figure("fgt0", line="national", scenario="none").se == pytest.approx(expected)


def test_a_reform_costs_and_lifts_whom_it_reaches(tmp_path: Path) -> None:
    """A grant up to 70: 30 for each of the five; per head 70, 70, 180, so that the last poor person is lifted for 120 more a month."""
    (tmp_path / "old.yaml").write_text(
        "overlay: old\ntitle: {en: For all}\nschemes:\n  child_grant:\n    parameters:\n"
        '      age_limit: {values: {2025-01-01: 70}, source: "a bill"}\n',
        encoding="utf-8",
    )
    law = small_law()
    told = settings_of({**BASE, **GRANT, "quantiles": 2, "reforms": [{"overlay": "old.yaml"}]}, law, tmp_path)
    made = study(law, told, survey(law, PEOPLE, HOMES))
    assert made.figure("cost", of="current", scenario="old").estimate == pytest.approx(120)
    assert made.figure("lifted", of="current", line="national", scenario="old").estimate == pytest.approx(1)
    assert made.figure("cost_per_lifted", of="current", line="national", scenario="old").estimate == pytest.approx(120)
    assert made.figure("winners", of="current", scenario="old").estimate == 1
    assert made.figure("mean_change", of="current", scenario="old").estimate == pytest.approx(120 / 5)
    assert {b.scenario: b.amount for b in made.budgets} == {"current": 30, "old": 150}
    assert made.statement.reforms["old"] != made.statement.law and made.scenarios["old"] == {}
    assert sum(change.mean * change.persons for change in made.changes if change.scenario == "old") == pytest.approx(120)


def test_a_household_of_unknown_welfare_is_left_out_of_every_scenario() -> None:
    made = small([*PEOPLE, {"household_id": 2, "age": None, "sex": "male", "earnings": 0.0}], **GRANT)
    assert made.left_out == pytest.approx(2 / 6) and made.households == 2
    assert made.figure("persons", scenario="").estimate == 4
    assert [(one.variable, one.rows) for one in made.unknown] == [("child_grant.benefit", 1)]
    with pytest.raises(DataError, match="A079"):
        small([{**one, "earnings": None} for one in PEOPLE], **GRANT)
    zero = small([{**one, "earnings": None} for one in PEOPLE], **GRANT, welfare={"persons": ["earnings"], "missing": "zero"})
    assert zero.figure("mean", scenario="none").estimate == 0


SCALES: list[tuple[object, list[float]]] = [
    ("per_capita", [40, 40, 150]),
    ("oecd_modified", [80 / 1.3, 40, 200]),
    ("square_root", [80 / 2**0.5, 40, 300 / 2**0.5]),
    ({"other_adult": Decimal("0.7"), "child": Decimal("0.4"), "child_age": 26}, [80 / 1.4, 40, 300 / 1.4]),
]


@pytest.mark.parametrize(("scale", "expected"), SCALES)
def test_scales_count_adults_and_children(scale: object, expected: list[float]) -> None:
    made = small(**GRANT, scale=scale)
    first, second, third = expected
    assert made.figure("mean", scenario="none").estimate == pytest.approx((2 * first + second + 2 * third) / 5)


def test_groups_are_of_persons_households_heads_bands_and_formulas() -> None:
    groups = ["sex", "head_sex", "electricity", {"name": "age", "bands": [0, 18, 60]}, {"name": "earner", "of": "earnings > 0"}]
    made = small(**GRANT, groups=groups)
    persons = {(f.grouping, f.group): f.estimate for f in made.select("persons") if f.grouping != "quantile"}
    assert persons == {
        ("all", "all"): 5, ("sex", "female"): 2, ("sex", "male"): 3, ("head_sex", "female"): 2, ("head_sex", "male"): 3, ("electricity", "no"): 4,
        ("electricity", "yes"): 1, ("age", "0-17"): 1, ("age", "18-59"): 3, ("age", "60+"): 1, ("earner", "no"): 2, ("earner", "yes"): 3,
    }  # fmt: skip
    rate = made.figure("fgt0", line="national", scenario="none", grouping="sex", group="male").estimate
    assert rate == pytest.approx(2 / 3)
    parts = [made.figure("poor", line="national", grouping="age", group=group).estimate for group in ("0-17", "18-59", "60+")]
    assert sum(parts) == pytest.approx(made.figure("poor", line="national").estimate)
    assert made.grouping("sex").title["fr"] == "Sexe" and made.grouping("age").unknown == 0


def test_few_observations_are_marked() -> None:
    made = small(**GRANT, groups=["sex"], few=3)
    marked = {f.group: f.few for f in made.select("fgt0", scenario="current", grouping="sex")}
    assert marked == {"female": True, "male": False}  # two households with women, three with men


def test_pensions_are_transfers_or_income_before_transfers() -> None:
    """What is counted as income is there before transfers; reported transfers that welfare includes are taken out first."""
    homes = [{**home, "reported.pension": amount} for home, amount in zip(HOMES, [0.0, 25.0, 0.0], strict=True)]
    people = survey(None, PEOPLE, homes)
    found = {}
    for counted in ("transfer", "income", "no"):
        transfers = {"pension": {"reported": "reported.pension", "counted": counted}}
        for includes in (["pension"], []):
            told = settings_of({**BASE, "transfers": transfers, "welfare": {"persons": ["earnings"], "includes": includes}})
            made = study(None, told, people)
            found[counted, bool(includes)] = [made.figure("mean", scenario=name).estimate * 5 for name in ("none", "current")]
    assert found["transfer", True] == pytest.approx([395, 420]) and found["transfer", False] == pytest.approx([420, 445])
    assert found["income", True] == pytest.approx([420, 420]) and found["income", False] == pytest.approx([445, 445])
    assert found["no", False] == pytest.approx([420, 420])


def test_workers_contributions_are_taken_off_where_the_study_says_so() -> None:
    folder = Path(country_folder("exemplia"))
    law, people = load(folder), Population.open(folder / "data" / "survey")
    welfare = {"persons": ["earnings"], "missing": "zero", "contributions": True}
    made = study(law, settings_of({**BASE, "transfers": {}, "welfare": welfare}, law), people)
    names = [f"{scheme.name}.worker_contribution" for scheme in law.schemes.values() if "worker_contribution" in scheme.variables]
    paid = sum((row["total"] for row in run(law, people, "2025-01", names).totals()), Decimal(0))
    means = [made.figure("mean", scenario=name).estimate for name in ("none", "current")]
    assert made.left_out == 0 and paid > 0
    assert (means[0] - means[1]) * made.figure("persons", scenario="").estimate == pytest.approx(float(paid), rel=1e-9)


def test_a_reported_benefit_may_not_take_the_law_s_place() -> None:
    law = small_law()
    people = survey(law, [{**one, "child_grant.benefit": 5.0} for one in PEOPLE], HOMES)
    told = settings_of({**BASE, "transfers": {"child_grant": {"mode": "keep", "reported": "child_grant.benefit"}}}, law)
    with pytest.raises(DataError, match=r"A077.*reported\.NAME"):
        study(law, told, people)


def test_children_deprived_in_enough_indicators_are_counted() -> None:
    """Of the persons, only the one in household 2 has electricity; those without earnings are the child and the spouse."""
    told = {
        "cutoff": 1,
        "dimensions": {
            "light": {"weight": Decimal("0.5"), "indicators": {"dark": "not electricity"}},
            "work": {"weight": Decimal("0.5"), "indicators": {"idle": "earnings = 0"}},
        },
    }
    made = small(**GRANT, multidimensional=told)
    where = {"scenario": ""}
    assert made.figure("deprived", of="dark", **where).estimate == pytest.approx(4 / 5)
    assert made.figure("mpi_headcount", **where).estimate == pytest.approx(2 / 5)
    assert made.figure("mpi", **where).estimate == pytest.approx(2 / 5)
    young = small(**GRANT, multidimensional={**told, "who": "age < 18"})
    assert young.figure("mpi_headcount", **where).estimate == 1


# --- EU-SILC


MAPPING = """
kind: survey
date: 2006-07-01
weight: weight
tables:
  persons:
    file: eusilc_person.csv
    columns:
      person_id: pid
      household_id: hid
      age: age
      sex: sex
      stratum: region
      survey.region: region
      survey.citizenship: citizenship
      reported.income: y_final
      reported.family: t_family
      reported.old_age: t_oldage
      reported.pensions: t_pensions
      reported.nonpension: t_nonpension
"""
SILC = """
title: {en: EU-SILC}
survey: {mapping: mapping.yaml, files: DATA, source: laeken}
welfare: {persons: [reported.income], period: year, floor: 0, includes: [nonpension]}
scale: given
lines:
  absolute: {value: 10000, source: the reference}
  relative: {share: 0.6, of: median, anchor: own}
transfers:
  nonpension: {reported: reported.nonpension}
  family: {reported: reported.family, counted: no}
  old_age: {reported: reported.old_age, counted: no}
  pensions: {reported: reported.pensions, counted: no}
groups: [sex, survey.region, survey.citizenship, {name: age, bands: [-1, 18, 65]}]
"""


@pytest.fixture(scope="module")
def silc(tmp_path_factory: pytest.TempPathFactory) -> Impact:
    if not (DATA / "eusilc_person.csv").is_file():
        pytest.skip("the data of ../shared/data/distribution are not here")
    folder = tmp_path_factory.mktemp("silc")
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "impact.yaml").write_text(SILC.replace("DATA", str(DATA / "eusilc_person.csv")), encoding="utf-8")
    return study(None, read_settings(folder / "impact.yaml"))


def reference() -> dict[tuple[str, str, str], tuple[float, float]]:
    with (DATA / "expected.csv").open(encoding="utf-8") as file:
        found: dict[tuple[str, str, str], tuple[float, float]] = {}
        for row in csv.DictReader(file):  # of rows that stand twice the first is by linearisation, the second by a jackknife
            error = float(row["se"]) if row["se"] not in ("", "NA") else float("nan")
            found.setdefault((row["domain"], row["measure"], row["param"]), (float(row["estimate"]), error))
        return found


NATIONAL = "y_final; NATIONAL 60% median line"
ROWS: list[tuple[tuple[str, str, str], str, dict[str, str]]] = [
    (("all", "mean", "y_final"), "mean", {}),
    (("all", "arpt", "y_final;60% median"), "line", {"line": "relative"}),
    (("all", "arpr", "y_final;60% median"), "fgt0", {"line": "relative"}),
    (("all", "fgt0_abs", "y_final;z=10000"), "fgt0", {"line": "absolute"}),
    (("all", "fgt1_abs", "y_final;z=10000"), "fgt1", {"line": "absolute"}),
    (("all", "fgt1_relmed60", "y_final"), "fgt1", {"line": "relative"}),
    (("all", "fgt2_relmed60", "y_final"), "fgt2", {"line": "relative"}),
    (("all", "watts_abs", "y_final>0;z=10000"), "watts", {"line": "absolute"}),
    (("all", "rmpg", "y_final"), "median_gap", {"line": "relative"}),
    (("all", "qsr_s80s20", "y_final"), "s80s20", {}),
    (("all", "gini", "y_final"), "gini", {}),
    (("all", "gei1", "y_final>0"), "theil", {}),
    (("all", "atkinson1", "y_final>0"), "atkinson1", {}),
    (("all", "mean", "y_pre_nonpens"), "mean", {"scenario": "none"}),
    (("all", "arpr", "y_pre_nonpens;60% median"), "fgt0", {"scenario": "none", "line": "relative"}),
    (("all", "fgt2_abs", "y_pre_nonpens;z=10000"), "fgt2", {"scenario": "none", "line": "absolute"}),
    (("all", "gini", "y_pre_nonpens"), "gini", {"scenario": "none"}),
    (("sex=male", "mean", "y_final"), "mean", {"grouping": "sex", "group": "male"}),
    (("sex=male", "fgt0_abs", "y_final;z=10000"), "fgt0", {"line": "absolute", "grouping": "sex", "group": "male"}),
    (("sex=female", "gini", "y_final"), "gini", {"grouping": "sex", "group": "female"}),
    (("sex=female", "arpr", NATIONAL), "fgt0", {"line": "relative", "grouping": "sex", "group": "female"}),
    (("region=Vienna", "arpr", NATIONAL), "fgt0", {"line": "relative", "grouping": "survey.region", "group": "Vienna"}),
    (("region=Vienna", "gini", "y_final"), "gini", {"grouping": "survey.region", "group": "Vienna"}),
    (("all", "coverage", "t_family"), "coverage", {"of": "family"}),
    (("all", "coverage", "t_nonpension"), "coverage", {"of": "nonpension"}),
    (("citizenship=AT", "coverage", "t_family"), "coverage", {"of": "family", "grouping": "survey.citizenship", "group": "AT"}),
    (("age>=65", "coverage", "t_pensions"), "coverage", {"of": "pensions", "grouping": "age", "group": "65+"}),
    (("age<18", "coverage", "t_family"), "coverage", {"of": "family", "grouping": "age", "group": "-1-17"}),
]


@pytest.mark.parametrize(("row", "measure", "where"), ROWS, ids=[" ".join(row[0]) for row in ROWS])
def test_a_study_without_a_law_gives_the_published_figures(silc: Impact, row: tuple[str, str, str], measure: str, where: dict[str, str]) -> None:
    """Estimates to 1e-9; standard errors of totals and poverty to 1e-9 by an absolute line, others to 1 %."""
    estimate, error = reference()[row]
    figure = silc.figure(measure, **where)
    assert figure.estimate == pytest.approx(estimate, rel=1e-9)
    exact = measure in ("mean", "coverage") or where.get("line") == "absolute"
    assert figure.se == pytest.approx(error, rel=1e-7 if exact else 0.01)


def test_what_a_transfer_does_is_as_published(silc: Impact) -> None:
    """The reference takes y - t without a floor for the transfer's own effect, and 0 as the floor before all transfers."""
    found = reference()
    pairs = [
        ("redistributive_effect", {}, ("all", "redistributive_effect", "y_pre_nonpens->y_final")),
        ("reynolds_smolensky", {}, ("all", "reynolds_smolensky", "y_pre_nonpens->y_final")),
        ("reranking", {}, ("all", "reranking_atkinson_plotnick", "y_pre_nonpens->y_final")),
        ("concentration", {"of": "family"}, ("all", "concentration", "t_family by y_pre_nonpens")),
        ("kakwani", {"of": "family"}, ("all", "kakwani_transfer", "t_family: G(y_pre_nonpens)-C(t)")),
        ("gini_effect", {"of": "family"}, ("all", "marginal_contrib_gini", "t_family: G(final-t)-G(final)")),
        ("poverty_effect", {"of": "family", "line": "absolute"}, ("all", "marginal_contrib_fgt0", "t_family;z=10000")),
        ("gap_effect", {"of": "family", "line": "absolute"}, ("all", "marginal_contrib_fgt1", "t_family;z=10000")),
        ("gap_closed", {"of": "family", "line": "absolute"}, ("all", "benefit_cost_ratio", "t_family: gap reduction / spending;z=10000")),
        ("adequacy", {"of": "family"}, ("all", "adequacy", "t_family: mean t/y_final, beneficiaries (ratio of sums)")),
    ]
    for measure, where, row in pairs:
        assert silc.figure(measure, **where).estimate == pytest.approx(found[row][0], rel=1e-6), measure


def test_deciles_of_households_are_nearly_those_of_persons(silc: Impact) -> None:
    """A household stays whole at a boundary, where the reference parts its members."""
    found = reference()
    for group in range(1, 11):
        figure = silc.figure("incidence", of="family", grouping="quantile", group=str(group))
        assert figure.estimate == pytest.approx(found[f"decile={group}", "incidence_benefits_share", "t_family"][0], abs=2e-3)


# --- Exemplia


@pytest.fixture(scope="module")
def exemplia() -> Impact:
    folder = country_folder("exemplia")
    law = load(folder)
    return study(law, read_settings(Path(folder) / "impact.yaml", law), folder=Path(folder))


def test_exemplia_s_grants_lower_poverty_and_its_reform_lowers_it_further(exemplia: Impact) -> None:
    rates = [exemplia.figure("fgt0", line="national", scenario=name).estimate for name in exemplia.scenarios]
    assert rates[0] > rates[1] > rates[2]
    (reform,) = [name for name in exemplia.scenarios if name not in ("none", "current")]
    spent = {scenario: sum(b.amount for b in exemplia.budgets if b.scenario == scenario) for scenario in ("current", reform)}
    cost = exemplia.figure("cost", of="current", scenario=reform).estimate
    assert exemplia.left_out == 0 and cost == pytest.approx(float(spent[reform] - spent["current"]), rel=1e-9)
    shares = [exemplia.figure("incidence", of="child_grant", grouping="quantile", group=str(n)).estimate for n in range(1, 11)]
    assert sum(shares) == pytest.approx(1)
    assert {cause.scheme for cause in exemplia.causes} >= {"social_pension", "child_grant"} and exemplia.statement.law


def test_every_measure_has_a_title_in_both_languages(exemplia: Impact) -> None:
    assert {figure.measure for figure in exemplia.figures} <= set(MEASURES)
    assert all(set(title) == {"en", "fr"} for title in MEASURES.values())


def test_tables_and_files_hold_every_figure(exemplia: Impact, tmp_path: Path) -> None:
    made = exemplia.table("figures", "fr")
    assert made.num_rows == len(exemplia.figures) and "Taux de pauvreté" in made.column("measure_title").to_pylist()
    names = [exemplia.write(tmp_path / f"impact.{ending}") for ending in ("csv", "parquet", "json")]
    with names[0].open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == made.num_rows
    assert pq.read_table(names[1]).drop_columns([]).num_rows == made.num_rows
    data = json.loads(names[2].read_text(encoding="utf-8"))
    assert len(data["figures"]) == made.num_rows and data["causes"] and data["statement"]["settings"] == exemplia.statement.settings
    for of in ("curves", "changes", "causes", "budgets", "unknown"):
        assert exemplia.table(of).column_names
    for wrong in (lambda: exemplia.write(tmp_path / "impact.doc"), lambda: exemplia.table("figure")):
        with pytest.raises(InputError, match="A078"):
            wrong()


def test_replicate_weights_give_errors_near_linearisation() -> None:
    folder = Path(country_folder("exemplia"))
    told = {**BASE, "transfers": {"pension": {"reported": "pension_income"}}, "welfare": {"persons": ["earnings"], "missing": "zero"}}
    people = Population.open(folder / "data" / "survey")
    linear = study(None, settings_of(told), people)
    one = Study(None, settings_of({**told, "errors": "replicates"}), people, None, None)
    one.design = replace(one.design, replicates=bootstrap(one.design, 60, seed=1))
    found = one.impact()
    for measure, line in (("fgt0", "national"), ("mean", ""), ("gini", "")):
        assert found.figure(measure, line=line).se == pytest.approx(linear.figure(measure, line=line).se, rel=0.35), measure


# --- wrong settings


WRONG: list[tuple[dict[str, object], str]] = [
    ({"survey": {}}, "A072"),
    ({"survey": {"folder": "a", "mapping": "b"}}, "A072"),
    ({"survey": {"folder": "a", "events": "2024-01:2024-05"}}, "A072"),
    ({"welfare": {}}, "L011"),
    ({"welfare": {"persons": ["earnings"], "missing": "none"}}, "L015"),
    ({"welfare": {"persons": ["earnings"], "includes": ["child_grant"]}}, "A077"),
    ({"lines": {}}, "A066|A076"),
    ({"lines": {"a": {"value": 3}}}, "A076"),
    ({"lines": {"a": {"value": 3, "share": 1, "source": "x"}}}, "A076"),
    ({"lines": {"a": {"value": 3, "source": "x", "index": [1]}}}, "A076"),
    ({"lines": {"a": {"parameter": "nothing"}}}, "A076"),
    ({"lines": {"a": {"share": 60}}}, "A073"),
    ({"scale": "oecd"}, "L015"),
    ({"scale": {"adult": 0, "other_adult": 1, "child": 1, "child_age": 14}}, "A073"),
    ({"transfers": {"nothing": {}}}, "A077"),
    ({"transfers": {"child_grant": {"mode": "keep"}}}, "A077"),
    ({"transfers": {"child_grant": {"take_up": Decimal("1.5")}}}, "A073"),
    ({"transfers": {"child_grant": {"take_up": "reported"}}}, "A077"),
    ({"transfers": {"child_grant": {"take_up": {}}}}, "A077"),
    ({"groups": ["sex", "sex"]}, "A074"),
    ({"groups": [{"name": "age", "bands": [5, 0]}]}, "A074"),
    ({"groups": [{"name": "age", "band": [5]}]}, "L010"),
    ({"causes": ["nothing"]}, "A077"),
    ({"reforms": [{"overlay": "nothing.yaml"}]}, "A075"),
    ({"reforms": [{}]}, "A075"),
    ({"multidimensional": {"cutoff": 2, "dimensions": {"a": {"weight": 1, "indicators": {"x": "age > 1"}}}}}, "A073"),
    ({"multidimensional": {"cutoff": 1, "dimensions": {"a": {"weight": Decimal("0.3"), "indicators": {"x": "age > 1"}}}}}, "A073"),
    ({"month": "2025-13"}, "L013"),
    ({"month": "2025-01", "year": 2025}, "L010"),
    ({"level": 2}, "A073"),
    ({"quantiles": 1}, "L013"),
    ({"few": "many"}, "L013"),
    ({"colour": "red"}, "L010"),
]


@pytest.mark.parametrize(("change", "code"), WRONG, ids=[f"{next(iter(change))} {at}" for at, (change, _) in enumerate(WRONG)])
def test_a_wrong_setting_is_refused(change: dict[str, object], code: str, tmp_path: Path) -> None:
    with pytest.raises(Problems) as raised:
        settings_of({**BASE, **change}, small_law(), tmp_path)
    assert any(problem.code in code.split("|") and problem.hint for problem in raised.value.problems), raised.value


def test_all_problems_are_told_at_once_with_their_places(tmp_path: Path) -> None:
    text = "survey: {folder: a, year: 3}\nwelfare: {persons: [earnings], floor: x}\nlines: {a: {share: 60}}\ngroups: 3\n"
    (tmp_path / "impact.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as raised:
        read_settings(tmp_path / "impact.yaml")
    places = {problem.at.rsplit(":", 1)[0] for problem in raised.value.problems}
    assert places == {f"impact.yaml:{line}" for line in (1, 2, 3, 4)}


LATER: list[tuple[dict[str, object], str]] = [
    ({"welfare": {"persons": ["earnigs"]}}, "did you mean 'earnings'"),
    ({"welfare": {"persons": ["earnings + age"]}}, "A071"),
    ({"welfare": {"persons": ["sex"]}}, "A071"),
    ({"groups": ["head_colour"]}, "A071"),
    ({"transfers": {"child_grant": {"take_up": "assumptions"}}}, "A077"),
    ({"reforms": [{"scenario": "nothing"}]}, "A075"),
]


@pytest.mark.parametrize(("change", "told"), LATER, ids=[told for _, told in LATER])
def test_what_the_survey_cannot_give_is_refused(change: dict[str, object], told: str, tmp_path: Path) -> None:
    law = small_law()
    with pytest.raises(SocleError, match=told):
        study(law, settings_of({**BASE, **GRANT, **change}, law, tmp_path), survey(law, PEOPLE, HOMES))
