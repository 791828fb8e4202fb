"""A small, valid country to start from: two schemes with comments, and worked cases that pass."""

from __future__ import annotations

from pathlib import Path

from ..errors import InputError

COUNTRY = """\
# The heading of the country's folder. Every text of the law's pages is given in each of the languages.
country: XX                    # ISO 3166-1 alpha-2; XA to XZ for an invented country
title: {{en: {name}}}
currency: {{code: XMU, digits: 2, title: {{en: Monetary unit}}}}   # with a code of ISO 4217, leave out digits
languages: [en]
birthday_29_february: march_1  # or february_28
# What the country adds to the vocabulary:
# codes:
#   region: {{title: {{en: Region}}, values: {{north: {{en: North}}, south: {{en: South}}}}}}
"""

CONCEPTS = """\
# Figures and formulas that several schemes share, by their bare names.
variables:
  resident:
    title: {en: Lives in the country}
    type: boolean
    of: person
    formula: residence_status = 'usual_resident'
    source: "Example: Residence Act, s. 2"
"""

CHILD_GRANT = """\
scheme: child_grant            # the name of this file
title: {en: Child grant}
branch: family
guarantee: children            # the guarantee of the social protection floor; leave out where it is no part of it
kind: non_contributory
contingency: dependent_children
unit: person                   # what the right belongs to: person or household
paid: monthly
from: 2024-01-01
legal: [{act: "Example: Child Grant Act 2023", articles: "1-9"}]
finance: {sources: {general_revenue: 1.0}, administration: {rate: 0.05, of: benefits}}

parameters:                    # figures of the law, each with its dates and its source
  age_limit:
    unit: year
    values: {2024-01-01: 5}
    source: "Example: Child Grant Act 2023, s. 3"
  amount:
    unit: XMU/month
    values: {2024-01-01: 30}
    index: {by: consumer_prices, every: year, month: 1}   # used only past the last date
    source: "Example: Child Grant Regulations 2023, r. 2"

variables:                     # rules: formulas that read like Excel or SQL
  eligible:                    # reserved name: who has the right
    type: boolean
    formula: age < age_limit and resident
    source: "Example: Child Grant Act 2023, s. 3"
  benefit:                     # reserved name: the amount of the month
    unit: XMU/month
    formula: if(eligible, amount, 0)
    source: "Example: Child Grant Act 2023, s. 4"
"""

PENSION = """\
scheme: old_age_pension
title: {en: Old-age pension}
branch: old_age
kind: contributory
contingency: old_age
unit: person
paid: monthly
from: 2024-01-01
legal: [{act: "Example: Social Insurance Act 2010", articles: "20-35"}]
finance: {sources: {worker_contributions: 0.4, employer_contributions: 0.6}, administration: {rate: 0.04, of: gross_expenditure}}

parameters:
  pension_age:
    unit: year
    values: {2024-01-01: 60}
    source: "Example: Social Insurance Act 2010, s. 21"
  qualifying_months:
    unit: month
    values: {2024-01-01: 180}
    source: "Example: Social Insurance Act 2010, s. 21"
  accrual:                     # of the average for each year
    unit: rate
    values: {2024-01-01: 0.02}
    source: "Example: Social Insurance Act 2010, s. 23"
  maximum_rate:
    unit: rate
    values: {2024-01-01: 0.8}
    source: "Example: Social Insurance Act 2010, s. 23"
  worker_rate:
    unit: rate
    values: {2024-01-01: 0.04}
    source: "Example: Social Insurance Act 2010, s. 8"
  employer_rate:
    unit: rate
    values: {2024-01-01: 0.06}
    source: "Example: Social Insurance Act 2010, s. 8"

variables:
  insured_months:
    type: integer
    unit: month
    formula: count(contributions, paid)
    source: "Example: Social Insurance Act 2010, s. 22"
  average_earnings:            # of the last five years
    unit: XMU/month
    formula: "average(contributions.earnings, where => paid, last => months(60))"
    source: "Example: Social Insurance Act 2010, s. 23"
  rate:
    type: rate
    formula: least(insured_months / 12 * accrual, maximum_rate)
    source: "Example: Social Insurance Act 2010, s. 23"
  eligible:
    type: boolean
    formula: age >= pension_age and insured_months >= qualifying_months
    source: "Example: Social Insurance Act 2010, s. 21"
  benefit:
    unit: XMU/month
    formula: if(eligible, average_earnings * rate, 0)
    rounding: {to: 1, way: up, source: "Example: Social Insurance Act 2010, s. 24"}
    source: "Example: Social Insurance Act 2010, s. 23"
  worker_contribution:         # reserved name: what is withheld from earnings
    unit: XMU/month
    formula: earnings * worker_rate
    source: "Example: Social Insurance Act 2010, s. 8"
  employer_contribution:
    unit: XMU/month
    formula: earnings * employer_rate
    source: "Example: Social Insurance Act 2010, s. 8"
"""

CHILD_CASES = """\
# Worked cases: what the law gives in a situation. Lawyers write them; `socle cases` runs them.
scheme: child_grant
cases:
  - case: a child of four who lives in the country
    source: "Example: Child Grant Act 2023, s. 3 and 4"
    period: 2026-03
    person: {birth_date: 2022-01-15, residence_status: usual_resident}
    expect: {eligible: true, benefit: 30}
  - case: a child on the fifth birthday
    source: "Example: Child Grant Act 2023, s. 3"
    period: 2026-03
    person: {birth_date: 2021-03-01, residence_status: usual_resident}
    expect: {eligible: false, benefit: 0}
  - case: a child of two of whom we do not know where it lives
    period: 2026-03
    person: {birth_date: 2024-01-15}
    expect: {eligible: unknown}
"""

PENSION_CASES = """\
scheme: old_age_pension
cases:
  - case: twenty years of contributions at age sixty-one
    source: "Example: Social Insurance Act 2010, s. 21 to 24"
    period: 2026-03
    person: {birth_date: 1965-01-15}
    contributions: [{from: 2006-03, until: 2026-03, earnings: 251, paid: true}]    # until: the first month no longer paid
    expect: {insured_months: 240, rate: 20 * 0.02, eligible: true, benefit: 101}   # 100.40, rounded up
  - case: fourteen years of contributions are not enough
    source: "Example: Social Insurance Act 2010, s. 21"
    period: 2026-03
    person: {birth_date: 1965-01-15}
    contributions: [{from: 2012-03, until: 2026-03, earnings: 250, paid: true}]
    expect: {insured_months: 14 * 12, eligible: false, benefit: 0}
  - case: the contributions of a month
    source: "Example: Social Insurance Act 2010, s. 8"
    period: 2026-03
    person: {earnings: 250}
    expect: {worker_contribution: 250 * 0.04, employer_contribution: 250 * 0.06}
"""

README = """\
# The law of {name}

`country.yaml` is the heading, `concepts.yaml` holds what several schemes share, `schemes/` one file a scheme and `cases/` the worked
cases. Everything in this folder is an example: replace it, scheme by scheme, with the law and its sources.

    socle check .      # every problem, with its place
    socle cases .      # the worked cases
"""

FILES = {
    "country.yaml": COUNTRY,
    "concepts.yaml": CONCEPTS,
    "schemes/child_grant.yaml": CHILD_GRANT,
    "schemes/old_age_pension.yaml": PENSION,
    "cases/child_grant.yaml": CHILD_CASES,
    "cases/old_age_pension.yaml": PENSION_CASES,
    "README.md": README,
}


def new_country(folder: str | Path, name: str) -> tuple[Path, ...]:
    """Writes a small valid country called `name` into a new or empty folder, and gives the paths of its files.

    Raises InputError P024 where the folder holds something or is a file, and for a name that is not one line of text.
    """
    root = Path(folder)
    if not name.strip() or len(name) > 100 or not name.isprintable():
        raise InputError("P024", f"{name[:60]!r} cannot be the name of a country", hint="write one line of text")
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise InputError("P024", f"{root} is not an empty folder", hint="name a new one: nothing is overwritten")
    written = []
    for path, text in FILES.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled(path, text, name.strip()), encoding="utf-8")
        written.append(target)
    return tuple(written)


def _filled(path: str, text: str, name: str) -> str:
    if path == "country.yaml":
        return text.format(name=_quoted(name))
    return text.format(name=name) if path == "README.md" else text


def _quoted(name: str) -> str:
    """The name as a text in YAML."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
