"""Scenarios: reforms, changes, what they replace, levers and sensitivities, all problems at once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from small_future import COUNTRIES, EXEMPLIA, make_country, small_law

from opensocle.errors import Problems
from opensocle.law.law import load
from opensocle.projection.assumptions import read_assumptions
from opensocle.projection.outlook import Outlook
from opensocle.projection.scenarios import Scenario, read_scenarios

GOOD = """
scenario: more
title: {en: More}
assumptions: base
reforms: [overlays/double.yaml]
law: {schemes: {child_grant: {parameters: {age_limit: {values: {2026-01-01: 10}, source: "Bill 1"}}}}}
change:
  take_up.child_grant: {values: {2026: 0.7, 2030: 1.0}}
  economy.growth: {given: 0.05}
schemes: [child_grant]
replaces: {food_aid: {value: 30e6, year: 2025, growth: 0.02, source: "Budget"}}
levers:
  - {lever: reallocation, title: {en: Fuel}, value: 0.003, of: gdp, source: "Budget"}
sensitivity:
  - {path: take_up.child_grant, low: 0.7, high: 1.0}
"""
OVERLAY = 'overlay: double\ntitle: {en: Double}\nschemes: {child_grant: {parameters: {amount: {values: {2026-01-01: 60}, source: "Bill 2"}}}}\n'


def read(folder: Path, text: str = GOOD) -> dict[str, Scenario]:
    make_country(folder)
    for name, content in {"scenarios/more.yaml": text, "overlays/double.yaml": OVERLAY}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return read_scenarios(folder, small_law())


def test_a_scenario_reforms_the_law_and_changes_assumptions(tmp_path: Path) -> None:
    scenario = read(tmp_path)["more"]
    law = scenario.reform(small_law())
    grant = law.schemes["child_grant"].parameters
    assert (grant["amount"].values[-1].value, grant["age_limit"].values[-1].value) == (60, 10)
    made = scenario.assume(read_assumptions(tmp_path, "base", small_law()), law)
    assert made.take_up_of("child_grant", 2026) == Decimal("0.7")
    assert {row.path: row.source for row in made.sourced([2025], {})}["take_up.child_grant"] == "assumed in scenario 'more'"
    assert scenario.schemes == ("child_grant",)
    assert (scenario.sensitivity[0].path, scenario.sensitivity[0].texts) == ("take_up.child_grant", ("0.7", "1.0"))
    low = made.with_({scenario.sensitivity[0].path: scenario.sensitivity[0].low}, source="low")
    assert low.take_up_of("child_grant", 2030) == Decimal("0.7")


def test_a_baseline_is_a_scenario_of_the_country_with_the_same_years(tmp_path: Path) -> None:
    assert read(tmp_path / "itself", GOOD + "baseline: more\n")["more"].baseline == "more"
    with pytest.raises(Problems, match=r"P068 the baseline 'mor' is no scenario .* did you mean 'more'"):
        read(tmp_path / "unknown", GOOD + "baseline: mor\n")
    folder = tmp_path / "shorter"
    read(folder)
    short = (folder / "assumptions/base.yaml").read_text(encoding="utf-8").replace("assumptions: base", "assumptions: short")
    horizon = next(line for line in short.splitlines() if line.startswith("horizon:"))
    (folder / "assumptions/short.yaml").write_text(short.replace(horizon, "horizon: 2026"), encoding="utf-8")
    now = "scenario: now\ntitle: {en: Now}\nassumptions: short\n"
    (folder / "scenarios/now.yaml").write_text(now, encoding="utf-8")
    (folder / "scenarios/more.yaml").write_text(GOOD + "baseline: now\n", encoding="utf-8")
    with pytest.raises(Problems, match="P068 the baseline 'now' runs from 2025 to 2026, this scenario from 2025 to"):
        read_scenarios(folder, small_law())


def test_reading_a_scenario_warns_of_indexation_that_its_reform_ends(tmp_path: Path) -> None:
    text = GOOD.replace("{age_limit: {values: {2026-01-01: 10}", "{amount: {values: {2029-01-01: 90}")
    first, second = read(tmp_path, text)["more"].warnings
    assert (first.code, second.code) == ("L034", "L034")
    assert "child_grant.amount: the value of 2026-01-01 ends the indexation of 2021 to 2025" in first.what
    assert "child_grant.amount: the value of 2029-01-01 ends the indexation of 2027 to 2028" in second.what


def test_of_the_base_year_s_figures_no_later_value_is_assumed() -> None:
    law = load(EXEMPLIA)
    base = read_assumptions(EXEMPLIA, "base", law)
    rows = {row.path: row.values for row in base.sourced([2024, 2025, 2030], Outlook(base, law).levels)}
    assert rows["economy.gdp"] == {2025: 18_000_000_000}
    assert set(rows["earnings.mean[informal, male]"]) == {2025} and set(rows["economy.interest"]) == {2024, 2025, 2030}


def test_amounts_are_levels_or_shares_of_gdp(tmp_path: Path) -> None:
    scenario = read(tmp_path)["more"]
    assert scenario.replaces["food_aid"].money(2026, {}, Decimal(0)) == 30_600_000
    lever = scenario.levers[0]
    assert (lever.kind, lever.amount.money(2026, {}, Decimal(1000))) == ("reallocation", 3)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("take_up.child_grant: {values: {2026", "take_up.child_gran: {values: {2026", "no scheme 'child_gran' — did you mean 'child_grant'?"),
        ("economy.growth: {given", "econmy.growth: {given", "the assumptions have no 'econmy.growth' — did you mean 'economy.growth'?"),
        ("schemes: [child_grant]", "schemes: [chld_grant]", "the law has no scheme 'chld_grant'"),
        ("lever: reallocation", "lever: realocation", "did you mean 'reallocation'?"),
        ("  - {path: take_up.child_grant, low: 0.7", "  - {path: take_up.child_grant, low: 1.7", "take_up.child_grant is 1.7"),
        ('growth: 0.02, source: "Budget"}', "growth: 0.02}", "replaces.food_aid has no source"),
        ("reforms: [overlays/double.yaml]", "reforms: [overlays/tripple.yaml]", "there is no such file"),
        ("reforms: [overlays/double.yaml]", "reforms: [../double.yaml]", "the path of the reform leaves the folder"),
        ("assumptions: base", "assumptions: bas", "there are no assumptions 'bas' — did you mean 'base'?"),
        ("scenario: more", "scenario: less", "the scenario is called less, the file more.yaml"),
        ("{values: {2026-01-01: 10}", "{values: {2026-13-01: 10}", "must be a date"),
    ],
)
def test_a_fault_in_a_scenario_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(Problems) as caught:
        read(tmp_path, GOOD.replace(old, new))
    assert any(said in str(problem) for problem in caught.value.problems), str(caught.value)


def test_the_problems_of_all_scenarios_come_together(tmp_path: Path) -> None:
    make_country(tmp_path)
    (tmp_path / "scenarios").mkdir()
    for name in ("a", "b"):
        text = f"scenario: {name}\ntitle: {{en: X}}\nassumptions: base\nchange: {{take_up.{name}: 1}}\n"
        (tmp_path / f"scenarios/{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as caught:
        read_scenarios(tmp_path, small_law())
    assert sorted(problem.at.split(":")[0] for problem in caught.value.problems) == ["scenarios/a.yaml", "scenarios/b.yaml"]


@pytest.mark.parametrize("country", ["exemplia", "thailand", "mozambique"])
def test_the_scenarios_of_the_countries_are_sound(country: str) -> None:
    assert read_scenarios(COUNTRIES / country, load(COUNTRIES / country))


def test_exemplia_has_three_scenarios_that_cost_the_same_schemes() -> None:
    scenarios = read_scenarios(EXEMPLIA, load(EXEMPLIA))
    assert set(scenarios) == {"status_quo", "basic_floor", "full_floor"}
    assert len({scenario.schemes for scenario in scenarios.values()}) == 1


def test_cells_serve_again_where_only_take_up_differs() -> None:
    law = load(EXEMPLIA)
    base = read_assumptions(EXEMPLIA, "base", law)
    first = Outlook(base, law)
    same = Outlook(base.with_({"take_up.child_grant": Decimal("0.7")}), law, like=[first])
    other = Outlook(base.with_({"labour.self_employed": {"value": Decimal("0.2")}}), law, like=[first])
    wanted = ["social_insurance_contributions"]
    assert same.cells(2030, wanted) is first.cells(2030, wanted) and same.hash != first.hash
    assert other.people is first.people and other.cells(2030, wanted) is not first.cells(2030, wanted)


def test_what_is_the_same_serves_again_from_whichever_outlook_has_it() -> None:
    law = load(EXEMPLIA)
    base = read_assumptions(EXEMPLIA, "base", law)
    first = Outlook(base, law)
    wider = Outlook(base.with_({"labour.insured.values.self_employed": {"value": Decimal("0.6")}}), law, like=[first])
    last = Outlook(base, law, like=[wider, first])
    wanted = ["social_insurance_contributions"]
    assert wider.labour(2030) is first.labour(2030) and wider.survey(2030) is first.survey(2030)
    assert wider.cells(2030, wanted) is not first.cells(2030, wanted)
    assert last.cells(2030, wanted) is first.cells(2030, wanted)
