"""The economy: levels, GDP by labour and productivity, accounts, and the indices of the law."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from small_future import assume, edited, replacing, small_law

from opensocle.errors import InputError
from opensocle.law.parameters import value_on
from opensocle.projection.economy import BACK, project_economy
from opensocle.projection.model import Amount, Macro
from opensocle.projection.outlook import Outlook
from opensocle.projection.series import Series


def rate(value: str) -> Series:
    return Series.constant(Decimal(value))


def macro(**changes: object) -> Macro:
    parts = {
        "gdp": Series(((2025, Decimal(1000)),)),
        "growth": rate("0.02"),
        "growth_of": "productivity",
        "consumer_prices": rate("0.05"),
        "wages": rate("0.01"),
        "wages_are": "real",
    }
    return Macro(**(parts | changes))  # ty: ignore[invalid-argument-type]


EMPLOYED = {2025: 100.0, 2026: 110.0, 2027: 110.0}
PEOPLE = {2025: 200.0, 2026: 200.0, 2027: 400.0}


def test_gdp_grows_with_workers_productivity_and_prices() -> None:
    economy = project_economy(macro(), 2025, 2027, EMPLOYED, PEOPLE)
    assert economy.year(2026).growth == Decimal("0.122")
    assert economy.year(2026).gdp == Decimal("1178.1")
    assert economy.year(2027).gdp == Decimal("1178.1") * Decimal("1.02") * Decimal("1.05")


def test_growth_may_be_given_and_the_deflator_its_own() -> None:
    economy = project_economy(macro(growth_of="gdp", deflator=rate("0")), 2025, 2027, None, PEOPLE)
    assert economy.year(2027).gdp == Decimal("1040.4")


def test_wages_rise_above_prices_or_by_their_own_rate() -> None:
    assert project_economy(macro(), 2025, 2027, EMPLOYED, PEOPLE).year(2026).wages == Decimal("1.0605")
    assert project_economy(macro(wages_are="nominal"), 2025, 2027, EMPLOYED, PEOPLE).year(2026).wages == Decimal("1.01")


def test_levels_are_one_in_the_base_year_and_reach_back() -> None:
    levels = project_economy(macro(), 2025, 2027, EMPLOYED, PEOPLE).levels
    assert {name: by_year[2025] for name, by_year in levels.items()} == dict.fromkeys(levels, Decimal(1))
    assert min(levels["wages"]) == 2025 - BACK and max(levels["wages"]) == 2027
    assert levels["prices_and_wages"][2026] == (levels["consumer_prices"][2026] + levels["wages"][2026]) / 2
    assert levels["gdp_per_head"][2027] * 2 == pytest.approx(levels["gdp"][2027])


def test_gdp_of_an_earlier_year_is_moved_to_the_base_year() -> None:
    economy = project_economy(macro(gdp=Series(((2020, Decimal(1000)),))), 2025, 2026, EMPLOYED, PEOPLE)
    assert economy.year(2025).gdp == pytest.approx(Decimal(1000) * (Decimal("1.05") * Decimal("1.02")) ** 5)
    with pytest.raises(InputError, match="GDP is of 1990"):
        project_economy(macro(gdp=Series(((1990, Decimal(1000)),))), 2025, 2026, EMPLOYED, PEOPLE)


def test_accounts_are_levels_or_shares_of_gdp() -> None:
    economy = project_economy(
        macro(revenue=Amount(rate("0.2"), True), expenditure=Amount(Series(((2025, Decimal(300)),)))), 2025, 2026, EMPLOYED, PEOPLE
    )
    assert (economy.year(2025).revenue, economy.year(2026).expenditure, economy.year(2026).interest) == (200, 300, None)
    assert economy.money(Amount(rate("0.01"), True), 2026) == Decimal("11.781")
    with pytest.raises(InputError, match="the economy has no year 2030"):
        economy.year(2030)


def test_the_laws_figures_follow_the_indices(tmp_path: Path) -> None:
    outlook = Outlook(assume(tmp_path, people=True), small_law())
    amount = small_law().schemes["child_grant"].parameters["amount"]
    known = value_on(amount, date(2026, 1, 1), outlook.indices)
    assert known.state == "indexed"
    assert known.value == pytest.approx(Decimal(30) * Decimal("1.05") ** 6, abs=Decimal("0.02"))


def test_an_outlook_without_economy_has_no_indices(tmp_path: Path) -> None:
    made = assume(tmp_path, edited(economy=None, earnings=None), people=True)
    outlook = Outlook(made, small_law())
    assert outlook.indices == {} and outlook.levels == {}
    with pytest.raises(InputError, match="nothing is assumed of the economy"):
        _ = outlook.economy


def test_growth_by_labour_uses_the_projected_employment(tmp_path: Path) -> None:
    outlook = Outlook(assume(tmp_path, people=True), small_law())
    ratio = outlook.labour(2026).employed / outlook.labour(2025).employed
    assert float(outlook.economy.year(2026).growth) == pytest.approx(ratio * 1.02 - 1, abs=1e-9)
    given = Outlook(assume(tmp_path, replacing("{labour_and_productivity: {productivity: 0.02}", "{given: 0.03")), small_law())
    assert given.economy.year(2026).growth == Decimal("0.03")
