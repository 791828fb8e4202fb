"""A small country with assumptions, scenarios and invented people, for the tests of projection."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml

from opensocle.errors import Problems, SocleError
from opensocle.law.law import Law, load
from opensocle.projection.assumptions import Assumptions, read_assumptions
from opensocle.projection.demography_data import import_file

COUNTRIES = Path(__file__).parents[2] / "src/opensocle/countries"
EXEMPLIA = COUNTRIES / "exemplia"
PLACE = "assumptions/base.yaml"
COUNTRY = """
country: XE
title: {en: Exemplia}
currency: {code: XMU, digits: 2, title: {en: unit}}
languages: [en]
"""
GRANT = """
scheme: child_grant
title: {en: Child grant}
branch: family
kind: non_contributory
contingency: dependent_children
unit: person
paid: monthly
from: 2020-01-01
legal: [{act: "Act 1"}]
parameters:
  age_limit: {unit: year, values: {2020-01-01: 5}, source: "Act 1"}
  amount: {unit: XMU/month, values: {2020-01-01: 30}, index: {by: consumer_prices, every: year, month: 1}, source: "Act 1"}
variables:
  eligible: {type: boolean, formula: "age < age_limit and residence_status = 'usual_resident'", source: "Act 1"}
  benefit: {unit: XMU/month, formula: "if(eligible, amount, 0)", source: "Act 1"}
"""
SICKNESS = """
scheme: sickness_benefit
title: {en: Sickness benefit}
branch: sickness
kind: contributory
contingency: sickness
unit: person
paid: per_claim
from: 2020-01-01
legal: [{act: "Act 2"}]
parameters:
  least_months: {unit: month, values: {2020-01-01: 6}, source: "Act 2"}
variables:
  record: {type: integer, unit: month, formula: "count(contributions, paid, last => months(12), before => event_date)", source: "Act 2"}
  eligible: {type: boolean, formula: "insured and record >= least_months", source: "Act 2"}
  wage: {unit: XMU/month, formula: "average(contributions.earnings, last => months(6), before => event_date)", source: "Act 2"}
  benefit: {unit: XMU, formula: "if(eligible, wage / 30 * certified_days, 0)", source: "Act 2"}
"""
LEVY = """
scheme: levy
title: {en: Contributions}
branch: old_age
kind: contributory
contingency: insured_work
unit: person
paid: monthly
from: 2020-01-01
legal: [{act: "Act 3"}]
parameters:
  rate: {unit: rate, values: {2020-01-01: 0.1}, source: "Act 3"}
variables:
  worker_contribution: {unit: XMU/month, formula: "if(insured and employee, earnings * rate, 0)", source: "Act 3"}
"""
BASE = """
assumptions: base
title: {en: Base}
base_year: 2025
horizon: 2030
demography:
  data: {kind: dataset, path: data}
  source: "Invented"
labour:
  participation: {by: [sex, age], values: {male: {0-14: 0, 15-64: 0.9, 65+: 0.2}, female: {0-14: 0, 15+: 0.5}}, source: "Invented"}
  unemployment: {by: [sex], values: {male: 0.05, female: 0.1}, source: "Invented"}
  formal_employee: {value: 0.4, source: "Invented"}
  self_employed: {value: 0.1, source: "Invented"}
  insured: {by: [status], values: {formal_employee: 0.9, self_employed: 0.2, informal: 0}, source: "Invented"}
earnings:
  mean: {by: [status], values: {formal_employee: 400, self_employed: 250, informal: 150}, source: "Invented"}
  profile: {by: [age], values: {0-24: 0.6, 25-54: 1.1, 55+: 1}, source: "Invented"}
  spread: {groups: 5, sigma: 0.6, source: "Invented"}
disability:
  prevalence: {by: [age], values: {0-59: 0.02, 60+: 0.1}, source: "Invented"}
facts: {residence_status: usual_resident}
economy:
  gdp: {value: 2e9, year: 2025, source: "Invented"}
  growth: {labour_and_productivity: {productivity: 0.02}, source: "Invented"}
  consumer_prices: {growth: 0.05, source: "Invented"}
  wages: {real_growth: 0.01, source: "Invented"}
  revenue: {value: 0.2, of: gdp, source: "Invented"}
contingencies:
  sickness: {incidence: 0.25, among: insured, contributions: {months: 24}, facts: {certified_days: 12}, source: "Invented"}
take_up:
  child_grant: {values: {2025: 0.6, 2030: 1}, source: "Invented"}
"""


@cache
def small_law() -> Law:
    texts = {"country.yaml": COUNTRY, "schemes/child_grant.yaml": GRANT, "schemes/sickness_benefit.yaml": SICKNESS, "schemes/levy.yaml": LEVY}
    return load(texts)


def write_people(folder: Path) -> None:
    """Single ages, stocks of 1 July, of 2025 to 2031: the same rates in each year."""
    years = range(2025, 2032)
    tables = {
        "population": [(2025, sex, age, round(1000 * 0.97**age + 5)) for sex in ("male", "female") for age in range(101)],
        "mortality": [(y, sex, age, round(0.002 * 1.05**age, 6)) for y in years for sex in ("male", "female") for age in range(101)],
        "fertility": [(y, age, 0.08) for y in years for age in range(15, 45)],
        "sex_ratio": [(y, 1.05) for y in years],
    }
    columns = {"fertility": ("year", "age", "value"), "sex_ratio": ("year", "value")}
    for kind, rows in tables.items():
        path = folder / f"{kind}.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([columns.get(kind, ("year", "sex", "age", "value")), *rows])
        import_file(path, kind, folder / "data" / kind, source="Invented", licence="None", stock="mid_year", flows="interval")


def make_country(folder: Path, change: Callable[[str], str] = lambda text: text, people: bool = False) -> Path:
    (folder / "assumptions").mkdir(parents=True, exist_ok=True)
    (folder / PLACE).write_text(change(BASE), encoding="utf-8")
    if people:
        write_people(folder)
    return folder


def replacing(old: str, new: str) -> Callable[[str], str]:
    """A change of the text; the old text must be there once."""
    assert BASE.count(old) == 1, old
    return lambda text: text.replace(old, new)


def assume(folder: Path, change: Callable[[str], str] = lambda text: text, people: bool = False) -> Assumptions:
    return read_assumptions(make_country(folder, change, people), "base", small_law())


def problems_of(folder: Path, change: Callable[[str], str]) -> list[SocleError]:
    with pytest.raises(Problems) as caught:
        assume(folder, change)
    return list(caught.value.problems)


def edited(**sections: object) -> Callable[[str], str]:
    """The text with whole sections replaced, or removed (None)."""

    def change(text: str) -> str:
        tree = yaml.safe_load(text.replace("2e9", "2000000000")) | sections
        return yaml.safe_dump({key: value for key, value in tree.items() if value is not None}, sort_keys=False)

    return change
