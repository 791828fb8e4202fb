"""Small laws as texts, and the real ones with their cases, for the tests of explanations."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from opensocle.engine.cases import facts_of
from opensocle.engine.deciding import Decision, decide
from opensocle.errors import Problems
from opensocle.law.cases import Case, read_cases
from opensocle.law.law import Law, load

AMINA = {"person": {"birth_date": "2022-01-15", "residence_status": "usual_resident"}}
COUNTRIES = Path(__file__).parents[2] / "src/opensocle/countries"
REAL = ("thailand", "jordan", "mozambique", "cambodia", "exemplia")
COUNTRY = """
country: XE
title: {en: Exemplia, fr: Exemplie}
currency: {code: XMU, digits: 2, title: {en: unit, fr: unité}}
languages: [en, fr]
"""
HEAD = """
title: {en: Test scheme, fr: Régime d'essai}
branch: family
kind: non_contributory
contingency: %s
unit: %s
paid: monthly
from: 2024-01-01
legal: [{act: "Act 12/2023", articles: "4-7"}]
"""
CHILD = """
scheme: child_grant
%s
parameters:
  age_limit: {unit: year, values: {2024-01-01: 5}, source: "Act 12/2023, art. 5"}
  amount: {unit: XMU/month, values: {2024-01-01: 30.40}, source: "Decree 118/2023, art. 2"}
variables:
  eligible: {type: boolean, formula: "age < age_limit and residence_status = 'usual_resident'", source: "Act 12/2023, art. 4"}
  benefit:
    unit: XMU/month
    formula: {2024-01-01: "if(eligible, amount, 0)"}
    rounding: {to: 1, way: nearest, source: "Decree 118/2023, art. 3"}
    source: "Act 12/2023, art. 6"
"""


def law_of(text: str) -> Law:
    """A law of one scheme, a child grant."""
    return load({"country.yaml": COUNTRY, "schemes/child_grant.yaml": text % (HEAD % ("dependent_children", "person"))})


def scheme_of(variables: str, parameters: str = "{}", contingency: str = "dependent_children", unit: str = "person") -> Law:
    head = HEAD % (contingency, unit)
    return load({"country.yaml": COUNTRY, "schemes/test.yaml": f"scheme: test\n{head}\nparameters: {parameters}\nvariables:\n{variables}"})


def variable(name: str, formula: str, more: str = "") -> str:
    return f'  {name}: {{formula: "{formula}", source: "Act 1, art. 2"{", " + more if more else ""}}}\n'


@cache
def country(name: str) -> tuple[Law, tuple[Case, ...]]:
    try:
        law = load(str(COUNTRIES / name))
    except Problems as problems:
        pytest.skip(f"the law of {name} cannot be loaded: {problems.problems[0]}")
    return law, tuple(read_cases(str(COUNTRIES / name))[0])


def decision_of(law: Law, case: Case) -> Decision:
    return decide(law, facts_of(case), case.period)
