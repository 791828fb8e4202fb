"""A small country as texts by path, which the tests of the files change and break."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from opensocle.law.loading import LawText, read_country

COUNTRY = """\
country: XE
title: {en: Exemplia, fr: Exemplie}
currency: {code: XMU, digits: 2, title: {en: Exemplian unit, fr: unité exemplienne}}
languages: [en, fr]
codes:
  region: {title: {en: Region, fr: Région}, values: {north: {en: North, fr: Nord}, south: {en: South, fr: Sud}}}
"""

CONCEPTS = """\
variables:
  resident:
    type: boolean
    of: person
    formula: residence_status = 'usual_resident'
"""

SCHEME = """\
scheme: child_grant
title: {en: Universal child grant, fr: Allocation universelle pour enfant}
branch: family
guarantee: children
kind: non_contributory
contingency: dependent_children
unit: person
paid: monthly
from: 2024-01-01
legal: [{act: "Act 12/2023", articles: "4-7", url: "https://law.example/12"}]
finance: {sources: {general_revenue: 0.9, donations: 0.1}, administration: {rate: 0.05, of: benefits}}
notes: {en: Without the supplement., fr: Sans le supplément.}
parameters:
  age_limit:
    unit: year
    values: {2024-01-01: 5, 2027-01-01: 8}
    source: "Act 12/2023, art. 5"
  amount:
    title: {en: Monthly amount, fr: Montant mensuel}
    unit: XMU/month
    values: {2024-01-01: 30}
    index: {by: consumer_prices, every: year, month: 1}
    source: "Decree 118/2023, art. 2"
  transfer:
    unit: XMU/month
    by: household_size
    values: {2024-01-01: {1: 25, 2: 32}}
    source: "Decree 118/2023, art. 4"
  allowance:
    unit: XMU/month
    by: age
    values: {2024-01-01: {60-69: 600, 70-79: 700, 80+: 1000}}
    source: "Decree 118/2023, art. 5"
  minimum_wage:
    unit: XMU/month
    by: [region, sex]
    values: {2024-01-01: {north: {male: 1, female: 1}, south: {male: 2, female: 2}}}
    source: "Decree 118/2023, art. 6"
  rates:
    scale: marginal
    of: XMU/month
    values: {2024-01-01: [{from: 0, rate: 0}, {from: 1000, rate: 0.1}]}
    source: "Decree 118/2023, art. 7"
  fees:
    scale: single
    of: XMU/month
    unit: XMU/month
    values: {2024-01-01: [{from: 0, amount: 5}, {from: 1000, amount: 8}]}
    source: "Decree 118/2023, art. 8"
variables:
  eligible:
    type: boolean
    formula: age < age_limit and resident
    source: "Act 12/2023, art. 4"
  benefit:
    unit: XMU/month
    formula: {2024-01-01: "if(eligible, amount, 0)", 2026-12-01: "if(eligible, amount * 2, 0)"}
    rounding: {to: 1, way: nearest, source: "Decree 118/2023, art. 3"}
    source: "Act 12/2023, art. 6"
"""

Files = dict[str, str]
Broken = Callable[..., LawText]


@pytest.fixture
def files() -> Files:
    """The texts of a country without a fault."""
    return {"country.yaml": COUNTRY, "concepts.yaml": CONCEPTS, "schemes/child_grant.yaml": SCHEME}


@pytest.fixture
def changed(files: Files) -> Broken:
    """The country after a piece of one of its files was replaced: `changed("old", "new")`, in the scheme unless `file` says."""

    def change(old: str, new: str, file: str = "schemes/child_grant.yaml") -> LawText:
        assert old in files[file], old
        return read_country({**files, file: files[file].replace(old, new, 1)})

    return change
