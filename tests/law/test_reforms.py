"""Reforms that end an indexation before their own values, without saying so."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from opensocle.law.loading import LawText, build, read_country
from opensocle.law.overlays import read_overlay
from opensocle.law.reforms import scenario_warnings, stopped, warnings_of

COUNTRY = "country: XE\ntitle: {en: X, fr: X}\ncurrency: {code: XMU, digits: 2, title: {en: unit, fr: unité}}\nlanguages: [en, fr]\n"
SCHEME = """
scheme: grant
title: {en: Grant, fr: Allocation}
branch: family
kind: non_contributory
contingency: dependent_children
unit: person
paid: monthly
from: 2020-01-01
legal: [{act: "Act 1", articles: "1"}]
parameters:
  amount: {unit: XMU/month, values: {2024-01-01: 30}, index: {by: consumer_prices, every: RHYTHM}, source: s}
  fixed: {unit: XMU/month, values: {2024-01-01: 5}, source: s}
variables:
  benefit: {unit: XMU/month, formula: amount + fixed, source: s}
"""


def law(rhythm: str = "year, month: 1") -> LawText:
    return read_country({"country.yaml": COUNTRY, "schemes/grant.yaml": SCHEME.replace("RHYTHM", rhythm)}).require()


def said(text: LawText, *reforms: dict[str, object]) -> list[str]:
    """What is warned of reforms that each enact values of the amount, in turn."""
    overlays = [read_overlay({"overlay": "bill", "schemes": {"grant": {"parameters": parameters}}}) for parameters in reforms]
    return [f"{warning.code} {warning.what}" for warning in warnings_of(text, overlays)]


def amount(*dates: str) -> dict[str, object]:
    return {"amount": {"values": {date: Decimal(40) for date in dates}}}


def test_a_later_value_ends_the_indexation_of_every_year_before_it() -> None:
    (text,) = said(law(), amount("2027-01-01"))
    assert text == "L034 grant.amount: the value of 2027-01-01 ends the indexation of 2025 to 2026, which the law before the reform has"


@pytest.mark.parametrize(
    "dates",
    [
        ("2025-01-01",),  # the first year of indexation
        ("2025-01-01", "2026-01-01", "2027-01-01"),  # a value for each year
        ("2024-06-01", "2025-06-01", "2026-06-01"),  # each enacted before the day of indexation that it stands for
        ("2024-07-01",),  # before any
    ],
)
def test_a_value_for_each_year_loses_nothing(dates: tuple[str, ...]) -> None:
    assert said(law(), amount(*dates)) == []


def test_a_value_in_the_middle_of_a_year_loses_the_indexation_of_its_january() -> None:
    (text,) = said(law(), amount("2025-07-01"))
    assert "the indexation of 2025," in text


def test_only_years_without_a_value_are_named() -> None:
    (text,) = said(law(), amount("2025-01-01", "2027-01-01"))
    assert "the value of 2027-01-01 ends the indexation of 2026," in text


def test_monthly_indexation_is_lost_by_the_month() -> None:
    assert said(law("month"), amount("2024-02-01")) == []
    (text,) = said(law("month"), amount("2024-04-01"))
    assert "the indexation of 2024," in text


def test_what_is_not_indexed_or_ends_has_nothing_to_lose() -> None:
    assert said(law(), {"fixed": {"values": {"2030-01-01": Decimal(9)}}}) == []
    assert said(law(), {"amount": {"until": "2025-01-01"}}, amount("2024-12-01")) == []
    assert said(law(), {"amount": None, "fixed": {"values": {"2030-01-01": Decimal(9)}}}) == []


def test_a_second_reform_is_measured_against_the_first() -> None:
    (text,) = said(law(), amount("2025-01-01", "2026-01-01"), amount("2029-01-01"))
    assert "ends the indexation of 2027 to 2028" in text


def test_a_law_that_does_not_change_stops_nothing() -> None:
    assert stopped(law(), build(law().tree)) == []


def test_the_reforms_of_a_folder_are_each_warned_of_once_with_their_place(tmp_path: Path) -> None:
    files = {
        "country.yaml": COUNTRY,
        "schemes/grant.yaml": SCHEME.replace("RHYTHM", "year, month: 1"),
        "overlays/bill.yaml": "overlay: bill\nschemes:\n  grant: {parameters: {amount: {values: {2028-01-01: 50}, source: Bill}}}\n",
        "scenarios/one.yaml": "scenario: one\nreforms: [overlays/bill.yaml]\n",
        "scenarios/two.yaml": "scenario: two\nreforms: [overlays/bill.yaml, overlays/none.yaml, ../bill.yaml]\n",
        "scenarios/three.yaml": "- no map\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (warning,) = scenario_warnings(tmp_path, read_country(tmp_path).require())
    assert warning.at == "overlays/bill.yaml:3:42" and "2025 to 2027" in warning.what and "values: {2025-01-01: …}" in warning.hint
