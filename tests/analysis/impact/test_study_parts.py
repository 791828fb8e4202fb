"""Targeting, decompositions, impoverishment, income concepts and errors of causes in a study: worked out by hand on five persons, and on Exemplia."""

from __future__ import annotations

from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest
from small_surveys import BASE, CHILD, COUNTRY, small_law, survey

from opensocle import country_folder
from opensocle.analysis.impact.curves import concentration_curve
from opensocle.analysis.impact.exclusion import exclusion
from opensocle.analysis.impact.model import Impact
from opensocle.analysis.impact.reading import read_settings, settings_of
from opensocle.analysis.impact.sample import Sample
from opensocle.analysis.impact.study import Study, open_survey, study
from opensocle.errors import Problems
from opensocle.law.law import load
from opensocle.population.survey.design import Design
from opensocle.population.survey.replication import bootstrap

PEOPLE = [
    {"household_id": 1, "age": 30, "sex": "female", "earnings": 80.0, "relationship_to_head": "head"},
    {"household_id": 1, "age": 3, "sex": "male", "earnings": 0.0, "relationship_to_head": "child"},
    {"household_id": 2, "age": 60, "sex": "male", "earnings": 40.0, "relationship_to_head": "head"},
    {"household_id": 3, "age": 28, "sex": "male", "earnings": 300.0, "relationship_to_head": "head"},
    {"household_id": 3, "age": 25, "sex": "female", "earnings": 0.0, "relationship_to_head": "spouse"},
]
"""Per head 40 (two persons), 40 and 150 (two persons); with the grant of 30 for the child 55, 40 and 150. The line is 50."""
HOMES = [{"household_id": number, "electricity": number == 2, "region": None} for number in (1, 2, 3)]
INCOME: dict[str, object] = {
    "factor_income": {"persons": ["earnings"]},
    "private_transfers": 0, "imputed_rent": 0, "own_production": 0, "contributory_pensions": 0, "pension_contributions": 0, "other_contributions": 0,
    "direct_taxes": 0,
    "direct_transfers": {"transfers": ["child_grant"]},
}  # fmt: skip
CUT = 'overlay: cut\ntitle: {en: Cut}\nschemes:\n  child_grant:\n    parameters:\n      amount: {values: {2025-01-01: 10}, source: "a bill"}\n'


def small(folder: Path | None = None, **changes: object) -> Impact:
    law = small_law()
    told = settings_of({**BASE, "transfers": {"child_grant": {}}, **changes}, law, folder)
    return study(law, told, survey(law, PEOPLE, HOMES))


@pytest.fixture(scope="module")
def exemplia() -> Impact:
    folder = country_folder("exemplia")
    law = load(folder)
    return study(law, read_settings(folder / "impact.yaml", law), folder=folder)


# --- targeting


def test_of_three_poor_persons_two_are_reached_and_nobody_else() -> None:
    made = small()
    assert made.figure("exclusion_error", of="child_grant", line="national").estimate == pytest.approx(1 / 3)
    assert made.figure("inclusion_error", of="child_grant", line="national").estimate == pytest.approx(0)
    assert made.figure("cost_per_person_lifted", of="child_grant", line="national").estimate == pytest.approx(30 / 2)


def test_the_cgh_index_is_the_share_of_the_poorest_two_fifths_over_two_fifths(exemplia: Impact) -> None:
    for transfer in ("child_grant", "social_assistance"):
        shares = [exemplia.figure("incidence", of=transfer, grouping="quantile", group=str(number)).estimate for number in range(1, 5)]
        assert exemplia.figure("cgh", of=transfer).estimate == pytest.approx(sum(shares) / 0.4)
    assert list(small(quantiles=4).select("cgh")) == [] and list(small(quantiles=5).select("cgh"))


# --- who is hurt


def test_a_grant_brings_the_poor_what_it_lacks_to_the_line() -> None:
    made = small()
    assert made.figure("gaining_poor", of="none", line="national").estimate == pytest.approx(2 / 5)
    assert made.figure("fiscal_gains", of="none", line="national").estimate == pytest.approx(2 * 10 / 5)
    assert made.figure("impoverished", of="none", line="national").estimate == 0


def test_a_cut_makes_two_persons_poor_and_they_lose_five_below_the_line(tmp_path: Path) -> None:
    (tmp_path / "cut.yaml").write_text(CUT, encoding="utf-8")
    made = small(tmp_path, reforms=[{"overlay": "cut.yaml"}])
    assert made.figure("impoverished", of="current", line="national", scenario="cut").estimate == pytest.approx(2 / 5)
    assert made.figure("fiscal_impoverishment", of="current", line="national", scenario="cut").estimate == pytest.approx(2 * 5 / 5)


def test_impoverishment_less_gains_is_the_change_of_the_gap(exemplia: Impact) -> None:
    """Higgins and Lustig (2016): FI - FGP = z × (gap after - gap before)."""
    z = exemplia.figure("line", line="national").estimate
    hurt, gained = (exemplia.figure(name, of="none", line="national") for name in ("fiscal_impoverishment", "fiscal_gains"))
    change = exemplia.figure("fgt1_change", of="none", line="national")
    assert hurt.estimate - gained.estimate == pytest.approx(z * change.estimate, rel=1e-9)
    assert gained.se == pytest.approx(z * change.se, rel=1e-9)


# --- decompositions


def test_inequality_between_women_and_men_is_that_of_their_means() -> None:
    """Women 40 and 150, men 40, 40 and 150: households are in both groups."""
    made = small(groups=["sex"])
    values = np.array([40, 40, 40, 150, 150.0])
    total = float(np.mean(values / 84 * np.log(values / 84)))
    between = sum(size * mean / (5 * 84) * log(mean / 84) for size, mean in ((2, 95), (3, 230 / 3)))
    figures = {name: made.figure(name, scenario="none", grouping="sex").estimate for name in ("theil_within", "theil_between", "theil_between_share")}
    assert figures == pytest.approx({"theil_within": total - between, "theil_between": between, "theil_between_share": between / total})
    assert made.figure("theil", scenario="none").estimate == pytest.approx(total)


def test_groups_have_the_poor_that_are_in_them() -> None:
    made = small(groups=["sex"])
    found = {f.group: f.estimate for f in made.select("poor_share", scenario="none", grouping="sex")}
    assert found == pytest.approx({"female": 1 / 3, "male": 2 / 3})
    assert made.figure("gap_share", line="national", scenario="none", grouping="sex", group="male").estimate == pytest.approx(2 / 3)
    assert made.figure("poor_share", line="national", grouping="sex", group="male").estimate == pytest.approx(1)


def test_parts_of_all_groups_add_up(exemplia: Impact) -> None:
    for grouping in ("age_group", "region"):
        for measure in ("poor_share", "gap_share"):
            assert sum(f.estimate for f in exemplia.select(measure, line="relative", scenario="current", grouping=grouping)) == pytest.approx(1)
        parts = [exemplia.figure(name, grouping=grouping).estimate for name in ("theil_within", "theil_between")]
        assert sum(parts) == pytest.approx(exemplia.figure("theil").estimate)


# --- income concepts


def test_the_grant_stands_between_market_and_gross_income() -> None:
    made = small(income={"components": INCOME})
    means = {f.of: f.estimate for f in made.select("income_mean", scenario="current")}
    assert means == pytest.approx({"market": 84, "market_plus_pensions": 84, "net_market": 84, "gross": 90, "disposable": 90})
    rates = {f.of: f.estimate for f in made.select("income_fgt0", scenario="current")}
    assert rates["market"] == pytest.approx(3 / 5) and rates["disposable"] == pytest.approx(1 / 5)
    assert made.figure("income_gini", of="disposable").estimate == pytest.approx(made.figure("gini").estimate)
    assert [str(note) for note in made.notes if note.kind == "concept"][-1] == (
        "final income is not shown: it needs indirect_subsidies, indirect_taxes, education, health, user_fees"
    )


def test_pensions_as_transfers_give_other_concepts() -> None:
    made = small(
        income={
            "components": {**INCOME, "contributory_pensions": {"persons": ["0.5 * earnings"]}},
            "pensions": "transfer",
            "concepts": ["market", "gross"],
        }
    )
    means = {f.of: f.estimate for f in made.select("income_mean", scenario="current")}
    assert means == pytest.approx({"market": 84, "gross": 1.5 * 84 + 6})


def test_an_unknown_component_leaves_its_household_out_of_the_concept_only() -> None:
    law = small_law()
    people = [{**row, "other_income": None if row["household_id"] == 3 else 10.0} for row in PEOPLE]
    told = {**BASE, "transfers": {"child_grant": {}}, "income": {"components": {**INCOME, "private_transfers": {"persons": ["other_income"]}}}}
    made = study(law, settings_of(told, law), survey(law, people, HOMES))
    assert (
        made.figure("income_mean", of="market").estimate == pytest.approx(50)
        and made.figure("income_fgt0", of="market", line="national").estimate == 0
    )
    assert made.figure("mean").estimate == pytest.approx(90) and made.left_out == 0


@pytest.mark.parametrize(
    ("income", "code", "told"),
    [
        ({"components": INCOME, "concepts": ["final"]}, "A080", "public health care, at what it costs"),
        ({"components": INCOME, "concepts": ["netto"]}, "A081", "netto"),
        ({"components": {**INCOME, "taxes": 0}}, "A081", "taxes"),
        ({"components": {**INCOME, "direct_taxes": 5}}, "A073", "direct_taxes"),
        ({"components": {**INCOME, "direct_transfers": {"transfers": ["child_grunt"]}}}, "A077", "child_grunt"),
        ({"components": {"direct_taxes": 0}}, "A080", "market income needs factor_income"),
    ],
)
def test_what_is_missing_for_a_concept_is_told(income: dict[str, object], code: str, told: str) -> None:
    with pytest.raises(Problems) as error:
        small(income=income)
    assert [problem.code for problem in error.value.problems] == [code] and told in error.value.problems[0].what


# --- causes


def women_only(**changes: object) -> Impact:
    """A pension from 25 for women: of the four persons of that age two are men."""
    text = CHILD.replace("contingency: dependent_children", "contingency: old_age").replace("age < age_limit", "age >= 25 and sex = 'female'")
    law = load({"country.yaml": COUNTRY, "schemes/child_grant.yaml": text})
    return study(law, settings_of({**BASE, **changes}, law), survey(law, PEOPLE, HOMES))


def test_the_error_of_a_cause_is_that_of_persons_in_their_households() -> None:
    """By household the totals of (cause - 1/2) over those of 25 and more are 1/2, -1/2 and 0: var = 3/2 × Σ t² / 16."""
    found = {cause.kind: cause for cause in women_only().causes}
    assert {kind: cause.share for kind, cause in found.items()} == {"entitled": 0.5, "condition": 0.5}
    assert all(cause.se == pytest.approx(np.sqrt(3 / 2 * 0.5) / 4) and not cause.few for cause in found.values())
    low, high = found["entitled"].low, found["entitled"].high
    assert low is not None and high is not None and 0 < low < 0.5 < high < 1


def test_causes_without_errors_have_none_and_few_persons_are_marked() -> None:
    assert [(cause.se, cause.low, cause.few) for cause in women_only(errors="none", few=5).causes] == [(None, None, True)] * 2
    assert [cause.few for cause in women_only(few=4).causes] == [False] * 2


def test_replicate_weights_give_errors_of_causes_near_linearisation(exemplia: Impact) -> None:
    folder = country_folder("exemplia")
    law = load(folder)
    told = replace(
        read_settings(folder / "impact.yaml", law), errors="replicates", causes=("disability_grant",), groups=(), reforms=(), deprivations=None
    )
    steps = Study(law, told, open_survey(told, law), folder, None)
    steps.design = replace(steps.design, replicates=bootstrap(steps.design, 40, seed=2))
    linear = {cause.text: cause for cause in exemplia.causes if cause.scheme == "disability_grant"}
    found = [cause for cause in steps.impact().causes if cause.observations > 50]
    assert len(found) == 2 and all(cause.se == pytest.approx(linear[cause.text].se, rel=0.4) for cause in found)


def test_the_causes_of_a_study_are_those_that_are_counted(exemplia: Impact) -> None:
    folder = country_folder("exemplia")
    law = load(folder)
    population = open_survey(read_settings(folder / "impact.yaml", law), law)
    counted = exclusion(law, population, "2025-01", list(dict.fromkeys(cause.scheme for cause in exemplia.causes)))
    told = [(c.scheme, c.kind, c.number, c.persons, c.share, c.observations) for c in exemplia.causes]
    assert told == [(c.scheme, c.kind, c.number, c.persons, c.share, c.observations) for c in counted]
    assert all(cause.se is not None and cause.se >= 0 for cause in exemplia.causes)


# --- curves


def test_the_concentration_curves_of_a_study_are_those_of_the_measure(exemplia: Impact) -> None:
    made = small()
    [curve] = [one for one in made.curves if (one.name, one.of) == ("concentration", "child_grant")]
    design = Design.of(weights=np.array([2.0, 1.0, 2.0]))
    sample = Sample(design, np.arange(3), design.weights, False)
    money, rank = np.array([15.0, 0, 0]), np.array([40.0, 40, 150])
    expected = [concentration_curve(sample, money, rank, share).estimate for share in curve.x]
    assert curve.y == pytest.approx(expected)
    gini = exemplia.figure("concentration", of="child_grant").estimate
    [whole] = [one for one in exemplia.curves if (one.name, one.of, one.scenario) == ("concentration", "child_grant", "current")]
    assert 1 - 2 * float(np.trapezoid(whole.y, whole.x)) == pytest.approx(gini, abs=0.01)


def test_growth_rates_are_not_given_where_there_was_almost_nothing(exemplia: Impact) -> None:
    [curve] = [one for one in exemplia.curves if (one.name, one.scenario) == ("growth_rate", "current")]
    assert np.isnan(curve.y[0]) and all(rate >= 0 for rate in curve.y[1:])
    [reform] = [one for one in exemplia.curves if (one.name, one.scenario) == ("growth_rate", "child_grant_to_18")]
    assert all(np.isfinite(reform.y)) and reform.y[0] > reform.y[-1] > 0
