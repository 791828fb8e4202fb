"""A small country in which one formula after the other is tried."""

from __future__ import annotations

from opensocle.errors import LawError
from opensocle.law import check

COUNTRY = """\
country: XE
title: {en: Exemplia}
currency: {code: XMU, digits: 2, title: {en: unit}}
languages: [en]
codes:
  region: {title: {en: Region}, values: {north: {en: North}, south: {en: South}}}
"""
CONCEPTS = """\
variables:
  poor: {of: household, type: boolean, formula: "sum(members, earnings) < 100"}
"""
HEAD = """\
title: {en: Test scheme}
branch: family
kind: non_contributory
contingency: dependent_children
unit: person
paid: monthly
from: 2024-01-01
legal: [{act: "Act 12/2023"}]
"""
PARAMETERS = """\
parameters:
  amount: {unit: XMU/month, values: {2024-01-01: 30}, source: A}
  age_limit: {unit: year, values: {2024-01-01: 5}, source: A}
  accrual: {unit: rate/year, values: {2024-01-01: 0.02}, source: A}
  window: {type: integer, unit: month, values: {2024-01-01: 24}, source: A}
  transfer: {unit: XMU/month, by: household_size, values: {2024-01-01: {1: 25, 2: 32}}, source: A}
  wage: {unit: XMU/month, by: [region, sex], values: {2024-01-01: {north: {male: 1, female: 1}, south: {male: 2, female: 2}}}, source: A}
  rates: {scale: marginal, of: XMU/month, values: {2024-01-01: [{from: 0, rate: 0}, {from: 1000, rate: 0.1}]}, source: A}
"""
VARIABLES = """\
variables:
  resident: {type: boolean, formula: residence_status = 'usual_resident'}
  benefit: {unit: XMU/month, formula: amount}
"""
FILE = "schemes/test.yaml"


def scheme(variables: str = VARIABLES, head: str = HEAD, parameters: str = PARAMETERS) -> str:
    """The text of a scheme named test."""
    return f"scheme: test\n{head}{parameters}{variables}"


def files(variables: str = VARIABLES, **other: str) -> dict[str, str]:
    """The country with a scheme of these variables; `other` are further schemes, or `country` and `concepts`."""
    tops = {name: other.pop(name, default) for name, default in (("country", COUNTRY), ("concepts", CONCEPTS))}
    schemes = {f"schemes/{name}.yaml": text for name, text in other.items()}
    return {"country.yaml": tops["country"], "concepts.yaml": tops["concepts"], FILE: scheme(variables), **schemes}


def problems(variables: str, **other: str) -> list[str]:
    """The problems as `place code`."""
    return [f"{problem.at} {problem.code}" for problem in check(files(variables, **other))[0]]


def escaped(text: str) -> str:
    """The text in double quotes of YAML, with escapes for what cannot stand in a file."""
    shown = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in shown) + '"'


def formula_faults(formula: str, more: str = "") -> list[LawError]:
    """What is wrong with a country of which one variable has this formula, the formula's first character at line 1 column 1 of its place."""
    text = VARIABLES + f"  probe:\n    formula: {escaped(formula)}\n{more}"
    return check(files(text))[0]


FIRST_LINE = scheme().count("\n") + 2
FIRST_COLUMN = len('    formula: "') + 1


def column(problem: LawError) -> int:
    """The column of a problem in the formula of `formula_faults`, counted from 1."""
    file, line, place = problem.at.split(":")
    assert (file, int(line)) == (FILE, FIRST_LINE), problem
    return int(place) - FIRST_COLUMN + 1
