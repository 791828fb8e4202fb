"""Assumptions: read, checked as a whole, hashed, changed by path, listed with their sources."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from decimal import Decimal
from pathlib import Path

import pytest
from small_future import BASE, COUNTRIES, EXEMPLIA, assume, edited, make_country, problems_of, replacing, small_law

from opensocle.errors import InputError, Problems
from opensocle.law.law import load
from opensocle.projection.assumptions import read_assumptions


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    made = assume(tmp_path)
    assert (made.name, made.base_year, made.horizon, made.years[-1]) == ("base", 2025, 2030, 2030)
    assert [split.name for split in made.splits] == ["insured", "disability"]
    assert made.claims[0].months == 24 and made.take_up_of("child_grant", 2025) == Decimal("0.6")
    assert made.take_up_of("levy", 2025) == made.compliance_of("levy", 2025) == 1


def test_assumptions_cannot_be_altered(tmp_path: Path) -> None:
    with pytest.raises(FrozenInstanceError):
        assume(tmp_path).base_year = 2030  # ty: ignore[invalid-assignment]


def test_the_hash_is_of_the_content_only(tmp_path: Path) -> None:
    first = assume(tmp_path / "a")
    assert assume(tmp_path / "b", lambda text: "# a comment\n" + text).hash == first.hash
    assert assume(tmp_path / "c", replacing("{value: 0.1,", "{value: 0.11,")).hash != first.hash
    assert first.with_({"take_up.child_grant": Decimal("0.7")}).hash != first.hash


def test_every_figure_is_listed_with_its_source(tmp_path: Path) -> None:
    rows = {row.path: row for row in assume(tmp_path).sourced([2025, 2027])}
    assert rows["labour.participation[male, 15-64]"].values == {2025: Decimal("0.9"), 2027: Decimal("0.9")}
    assert rows["take_up.child_grant"].values[2027] == Decimal("0.76")
    assert rows["economy.gdp"].unit == "XMU" and all(row.source == "Invented" for row in rows.values())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (replacing("horizon: 2030", "horizon: 2020"), "the horizon 2020 is before the base year 2025"),
        (replacing("assumptions: base", "assumptions: bse"), "the assumptions are called bse, the file base.yaml"),
        (replacing("take_up:", "takeup:"), "did you mean 'take_up'?"),
        (replacing("  child_grant: {values", "  child_grnt: {values"), "the law has no scheme 'child_grnt' — did you mean 'child_grant'?"),
        (replacing("  self_employed: {value: 0.1,", "  self_employed: {value: 0.7,"), "the shares of males aged 0 add up to 1.1 in 2025"),
        (replacing("0-59: 0.02", "0-50: 0.02"), "says nothing of the ages 51-59"),
        (replacing("facts: {residence_status: usual_resident}", "facts: {residence_statu: usual_resident}"), "did you mean 'residence_status'?"),
        (replacing("facts: {residence_status: usual_resident}", "facts: {residence_status: usual_residents}"), "did you mean 'usual_resident'?"),
        (replacing("facts: {residence_status: usual_resident}", "facts: {earnings: 3}"), "the cells fill it themselves"),
        (replacing("facts: {residence_status: usual_resident}", "facts: {disabled: true}"), "disabled is given in 2 places"),
        (replacing("facts: {residence_status: usual_resident}", "given: {levy.worker_contributions: {value: 1, source: x}}"), "has no variable"),
        (replacing("facts: {residence_status: usual_resident}", "given: {levy.worker_contribution: 1}"), "has no source"),
        (replacing("  sickness: {", "  sicknes: {"), "'sicknes' is no event — did you mean 'sickness'?"),
        (replacing("  sickness: {", "  old_age: {"), "it is a state, not an event"),
        (replacing("among: insured", "among: insureds"), "did you mean 'insured'?"),
        (replacing("facts: {certified_days: 12}", "facts: {certified_days: 12.5}"), "must be a whole number"),
        (replacing("facts: {certified_days: 12}", "facts: {certified_day: 12}"), "did you mean 'certified_days'?"),
        (replacing("path: data}", "path: ../data}"), "the path of the data leaves the folder"),
        (replacing("kind: dataset", "kind: data"), "demography.data.kind cannot be data"),
        (replacing("growth: {labour_and_productivity: {productivity: 0.02}", "growth: {labour: 1"), "economy.growth has no key 'labour'"),
        (replacing("wages: {real_growth: 0.01,", "wages: {real_growth: 0.01, growth: 0.02,"), "needs one of real_growth, growth"),
        (replacing("of: gdp", "of: gpd"), "did you mean 'gdp'?"),
        (replacing("{value: 0.1, source", "{value: 0.1, year: 2025, follows: wages, source"), "a share does not follow prices"),
        (replacing("{value: 0.1, source", "{value: 0.5, year: 2025, growth: 0.2, source"), "labour.self_employed is over 1 from 2029"),
        (replacing("base_year: 2025", "base_year: 2025\nhorizon: 2026"), "stands twice"),
        (edited(economy=None), "earnings follow wages, but there is no economy section"),
        (edited(labour=None), "there is no labour section"),
        (edited(demography=None), "has no 'demography'"),
        (edited(title={"fr": "Base"}), "the title is missing in en"),
        (edited(economy={"gdp": 1}), "economy has no 'growth'"),
        (edited(disability={"parts": {"a": {"share": 0.1, "facts": {"disabled": True}, "source": "x"}}}), "otherwise says nothing of disabled"),
        (edited(households={"survey": {"path": "../x", "year": 2025, "source": "x"}}), "the path of the survey leaves the folder"),
    ],
)
def test_a_fault_is_said_with_its_place(tmp_path: Path, change: object, said: str) -> None:
    problems = problems_of(tmp_path, change)  # ty: ignore[invalid-argument-type]
    assert any(said in str(problem) for problem in problems), [str(p) for p in problems]
    assert all(problem.at.startswith("assumptions/base.yaml:") for problem in problems)


def test_faults_of_all_sections_are_found_together(tmp_path: Path) -> None:
    def change(text: str) -> str:
        return (
            text.replace("0-59: 0.02", "0-50: 0.02").replace("among: insured", "among: nobody").replace("revenue: {value: 0.2", "revenue: {value: 2")
        )

    assert {problem.code for problem in problems_of(tmp_path, change)} >= {"P061", "P062", "L015"}


def test_a_figure_that_the_law_indexes_by_an_unknown_series_is_a_warning() -> None:
    law = load(EXEMPLIA)
    made = read_assumptions(EXEMPLIA, "base", law)
    assert not made.warnings
    without = made.with_({"economy.series": {}})
    assert any("cash_transfer.transfer is indexed by food_prices" in str(warning) for warning in without.warnings)


def test_values_by_year_that_lie_beyond_the_horizon_are_a_warning(tmp_path: Path) -> None:
    made = assume(tmp_path, replacing("{values: {2025: 0.6, 2030: 1}", "{values: {2045: 0.6, 2050: 1}"))
    assert "gives 2045 to 2050 only" in str(made.warnings[0])


# --- changes


def test_a_change_replaces_the_value_at_a_path_and_leaves_the_original(tmp_path: Path) -> None:
    base = assume(tmp_path)
    changed = base.with_(
        {"take_up.child_grant": Decimal("0.7"), "economy.consumer_prices.growth": Decimal("0.02"), "labour.participation.values.female.15+": 1},
        source="Scenario x",
    )
    assert (changed.take_up_of("child_grant", 2025), base.take_up_of("child_grant", 2025)) == (Decimal("0.7"), Decimal("0.6"))
    rows = {row.path: row for row in changed.sourced([2025])}
    assert rows["labour.participation[female, 15+]"].values[2025] == 1
    assert rows["take_up.child_grant"].source == "Scenario x"
    assert rows["economy.consumer_prices.growth"].source == "Invented; Scenario x"


def test_a_scheme_may_get_a_take_up_that_it_did_not_have(tmp_path: Path) -> None:
    base = assume(tmp_path)
    assert base.with_({"take_up.levy": {"values": {2025: Decimal("0.5")}}}).take_up_of("levy", 2028) == Decimal("0.5")
    assert base.with_({"compliance.levy": Decimal("0.5")}).compliance_of("levy", 2028) == Decimal("0.5")
    given = base.with_({"given.levy.worker_contribution": 3})
    assert given.given[0].name == "levy.worker_contribution"


def test_changes_add_up_over_several_steps(tmp_path: Path) -> None:
    changed = (
        assume(tmp_path).with_({"take_up.child_grant": Decimal("0.7")}, source="One").with_({"labour.self_employed": Decimal("0.2")}, source="Two")
    )
    sources = {row.path: row.source for row in changed.sourced([2025])}
    assert (sources["take_up.child_grant"], sources["labour.self_employed"]) == ("One", "Two")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("take_upp.child_grant", 1, "the assumptions have no 'take_upp.child_grant' — did you mean 'take_up.child_grant'?"),
        ("economy.consumer_price.growth", 1, "did you mean 'economy.consumer_prices.growth'?"),
        ("take_up.grant", 1, "the law has no scheme 'grant'"),
        ("labour.insuredd", 1, "labour has no key 'insuredd' — did you mean 'insured'?"),
        ("take_up.child_grant", Decimal("1.2"), "take_up.child_grant is 1.2"),
        ("base_year.x", 1, "the assumptions have no 'base_year.x'"),
    ],
)
def test_a_change_that_leads_nowhere_is_refused(tmp_path: Path, path: str, value: object, said: str) -> None:
    with pytest.raises(Problems) as caught:
        assume(tmp_path).with_({path: value})
    assert any(said in str(problem) for problem in caught.value.problems), str(caught.value)


def test_numbers_of_changes_must_be_exact(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="write Decimal"):
        assume(tmp_path).with_({"take_up.child_grant": 0.7})


# --- files


def test_data_are_looked_for_in_the_country_and_then_below_the_data_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    country, root = make_country(tmp_path / "country"), tmp_path / "root"
    made = read_assumptions(country, "base", small_law(), root)
    with pytest.raises(InputError, match="OPENSOCLE_DATA"):
        made.data_path("data")
    (root / "data").mkdir(parents=True)
    assert made.data_path("data") == root / "data"
    monkeypatch.setenv("OPENSOCLE_DATA", str(root))
    assert read_assumptions(country, "base", small_law()).data_path("data") == root / "data"
    (country / "data").mkdir()
    assert made.data_path("data") == country / "data"


def test_a_name_without_a_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="there is no such file"):
        read_assumptions(make_country(tmp_path), "high", small_law())


@pytest.mark.parametrize("country", ["exemplia", "thailand", "mozambique"])
def test_the_assumptions_of_the_countries_are_sound(country: str) -> None:
    made = read_assumptions(COUNTRIES / country, "base", load(COUNTRIES / country))
    assert not made.warnings, [str(w) for w in made.warnings]
    assert all(leaf.table.source for leaf in made.leaves)


def test_the_example_of_these_tests_is_sound() -> None:
    assert "source" in BASE
