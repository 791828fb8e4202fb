"""What assumptions and administration are called."""

from __future__ import annotations

from decimal import Decimal

import pytest

from opensocle.analysis.model import Costing, Sourced
from opensocle.publish.naming import administration, path_title, unit_of, value_text
from opensocle.publish.results import assumptions_table
from opensocle.publish.tables import write
from opensocle.publish.words import Words

EN, FR = Words("en", "XMU"), Words("fr", "XMU")


@pytest.mark.parametrize(
    ("path", "english", "french"),
    [
        ("take_up.child_grant", "Take-up: Universal child grant", "Recours\u00a0: Allocation universelle pour enfant"),
        ("labour.participation[female, 15-24]", "Participation in the labour force (women, 15–24 years)", "Taux d'activité (femmes, 15–24 ans)"),
        ("labour.insured[self_employed]", "Persons insured (self-employed)", "Personnes assurées (indépendants)"),
        ("earnings.profile[55+]", "Earnings by age (55 years and over)", "Gains par âge (55 ans et plus)"),
        ("economy.consumer_prices.growth", "Inflation", "Inflation"),
        (
            "contingencies.birth.kinds.insured.incidence",
            "Events: Birth, insured, events a year and person",
            "Événements\u00a0: Naissance, insured, événements par an et par personne",
        ),
    ],
)
def test_a_path_has_a_title_in_both_languages(costing: Costing, path: str, english: str, french: str) -> None:
    assert path_title(path, costing, {}, EN) == english
    assert path_title(path, costing, {}, FR) == french


def test_an_assumption_s_own_title_comes_first(costing: Costing) -> None:
    known = {"x.y[male]": Sourced("x.y[male]", {"en": "Mine", "fr": "Mien"}, {}, "share", "")}
    assert path_title("x.y[male]", costing, known, FR) == "Mien (hommes)"
    assert unit_of("x.y", known) == "share" and unit_of("z", known) == ""


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("5 % of benefits", "5% of benefits", "5\u202f% des prestations"),
        ("0.065 of benefits", "6.5% of benefits", "6,5\u202f% des prestations"),
        ("0.1 of gross expenditure", "10% of gross expenditure", "10\u202f% des dépenses brutes"),
        ("by agreement", "by agreement", "by agreement"),
        ("", "", ""),
    ],
)
def test_administration_is_said_in_both_languages(text: str, english: str, french: str) -> None:
    assert administration(text, EN) == english and administration(text, FR) == french


def test_values_are_written_by_their_unit() -> None:
    assert value_text("0.7", "take_up.child_grant", "", FR) == "70\u202f%"
    assert value_text("0.215", "economy.revenue", "of GDP", EN) == "21.5%"
    assert value_text("18600000000", "economy.gdp", "XMU", FR) == "18,6\u202fmilliards XMU"
    assert EN.measured(Decimal("3244284.5794"), "persons") == "3,244,285" and EN.measured(Decimal("0.0006"), "a year") == "0.0006"
    assert value_text("linear", "households.method", "", EN) == "linear"


def test_groups_of_an_assumption_stand_under_one_heading(costing: Costing) -> None:
    from dataclasses import replace

    rows = [Sourced(f"labour.participation[{sex}]", {}, {2025: Decimal("0.5")}, "share", "Survey") for sex in ("male", "female")]
    rows.append(Sourced("economy.gdp", {}, {2025: Decimal(10**10)}, "XMU", "Accounts"))
    changed = replace(costing, scenarios=(replace(costing.scenarios[0], assumptions=tuple(rows)),))
    text = write(assumptions_table(changed, "en", years=[2025]), "text", "en").splitlines()[4:]
    assert [" ".join(line.split()) for line in text] == [
        "Gross domestic product (XMU) XMU 10.0 billion Accounts",
        "Participation in the labour force",
        "men 50% Survey",
        "women 50% Survey",
    ]
    assert "[7]" in write(assumptions_table(changed, "en", years=[2025], numbers={"Survey": 7, "Accounts": 1}), "text", "en")
