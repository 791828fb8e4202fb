"""The yardstick: the country template written by hand as one DuckDB query, months as columns, amounts exact.

    python benchmarks/openfisca/handwritten.py POPULATION OUTPUT 2026-01:2026-12          # runs it
    python benchmarks/openfisca/handwritten.py POPULATION OUTPUT 2026-01:2026-12 --print  # shows it

It writes `OUTPUT/households.parquet`: an id and `disposable_income`, `total_benefits` and `total_taxes` of each month, such as
`disposable_income_2026-01`, DECIMAL(18,2). Its author knows the law by heart and uses what no general engine can assume: that
taxes are linear in the persons' incomes, so that a household's sums are enough; that an age limit is a limit on the date of birth; and
that a household has a child under six if its youngest member is.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from opensocle.periods import Month, add_months, parse_period

MONEY = "DECIMAL(18,2)"
SUM = "DECIMAL(15,2)"
FINE = "DECIMAL(16,6)"
"""Of a household's amounts before they are rounded to cents: a twelfth of the housing tax is never within half a millionth of a tie
of cents, unless it is one. All types stay within 64 bits, as those of DuckDB's own sums do not: 128 bits are three times slower."""


def contribution(year: int) -> str:
    """A person's contribution in a year's months: the marginal scale in force on 1 January."""
    brackets = [("0", "0.02"), ("6000", "0.04"), ("12400", "0.06")] if year >= 2017 else [("0", "0.04"), ("12300", "0.08")]
    slices = [f"salary * {rate}" if start == "0" else f"GREATEST(salary - {start}, 0) * {rate}" for start, rate in brackets]
    return " + ".join(slices)


def born_by(month: Month, years: int, months: int = 0) -> str:
    """The last date of birth of those who have completed the age on the month's first day."""
    return f"DATE '{add_months(month.first_day, -12 * years - months)}'"


def person_sums(months: list[Month]) -> dict[str, str]:
    """What is summed over a household's members, by column name."""
    sums = {"salary": f"CAST(SUM(salary) AS {SUM})", "capital": f"CAST(SUM(capital_returns) AS {SUM})", "youngest": "MAX(birth_date)"}
    sums["adults"] = counted("relationship_to_head IN ('head', 'spouse')")
    for regime in sorted({min(m.year, 2017) for m in months}):
        sums[f"contribution_{regime}"] = f"CAST(SUM({contribution(regime)}) AS {FINE})"
    for m in months:
        workless = "" if m >= Month(2016, 12) else " AND salary = 0"
        sums[f"basic_{m.index}"] = counted(f"birth_date <= {born_by(m, 18)}{workless}")
        sums[f"retired_{m.index}"] = counted(f"birth_date <= {born_by(m, 62 if m.year >= 2017 else 61)}")
    return sums


def counted(condition: str) -> str:
    """The number of members for whom the condition is true."""
    return f"CAST(COUNT_IF({condition}) AS SMALLINT)"


def household_sums(months: list[Month]) -> dict[str, str]:
    """What is the same in all months of a year's rules, by column name."""
    sums = {"poor": "salary <= 500"}
    for regime in sorted({min(m.year, 2017) for m in months}):
        sums[f"taxes_{regime}"] = f"CAST((salary + capital) * 0.15 + contribution_{regime} + housing_tax AS {FINE})"
        sums[f"net_{regime}"] = f"CAST(salary + capital - taxes_{regime} AS {FINE})"
    return sums


def household_results(m: Month) -> dict[str, str]:
    """The month's three results of a household, from the sums and the household's own facts."""
    regime, count = min(m.year, 2017), f"basic_{m.index}"
    young = f"(youngest > {born_by(m, 6)} OR (adults = 1 AND youngest > {born_by(m, 8)}))"
    parenting = f"CASE WHEN poor AND {young} THEN 600 ELSE 0 END"
    housing = "" if m >= Month(2016, 12) else " + rent * 0.25"
    return {
        f"disposable_income_{m}": f"net_{regime} + ({count} * CAST(600 AS INTEGER) + {parenting} + retired_{m.index} * 0.85){housing}",
        f"total_benefits_{m}": f"{count} * CAST(600 AS INTEGER){housing}",
        f"total_taxes_{m}": f"taxes_{regime} + retired_{m.index} * 0.15",
    }


def query(population: Path, months: list[Month]) -> str:
    """The query that gives one row a household."""
    sums = ",\n    ".join(f"{text} AS {name}" for name, text in person_sums(months).items())
    constant = ",\n    ".join(f"{text} AS {name}" for name, text in household_sums(months).items())
    results = {name: text for m in months for name, text in household_results(m).items()}
    columns = ",\n  ".join(f'CAST({text} AS {MONEY}) AS "{name}"' for name, text in results.items())
    return f"""WITH members AS (
  SELECT household_id,
    {sums}
  FROM '{population / "persons.parquet"}'
  GROUP BY household_id
),
dwellings AS (
  SELECT household_id, CAST(rent AS {SUM}) AS rent,
    CASE WHEN housing_occupancy_status IN ('owner', 'tenant')
      THEN CAST(GREATEST(accommodation_size * 10, 200) / 12 AS {FINE}) ELSE 0 END AS housing_tax
  FROM '{population / "households.parquet"}'
),
accounts AS (
  SELECT *,
    {constant}
  FROM members JOIN dwellings USING (household_id)
)
SELECT household_id,
  {columns}
FROM accounts"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Calculate the country template with a query written by hand.")
    parser.add_argument("population", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("months", type=lambda text: list(parse_period(text)), help="2026-03 or 2026-01:2026-06, from 2016-01")
    parser.add_argument("--print", action="store_true", help="print the query instead of running it")
    given = parser.parse_args()
    text = f"COPY (\n{query(given.population, given.months)}\n) TO '{given.output / 'households.parquet'}' (FORMAT parquet)"
    if given.print:
        print(text)
        return
    import duckdb

    given.output.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"preserve_insertion_order": "false"}) as database:
        database.execute(text)


if __name__ == "__main__":
    main()
