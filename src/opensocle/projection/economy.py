"""The economy of each year: prices, wages, GDP, interest, the accounts of general government; and the indices that move the law's figures.

    prices(t) = prices(t − 1) × (1 + inflation(t))             wages(t) = wages(t − 1) × (1 + real growth(t)) × (1 + inflation(t))
    GDP(t) = GDP(t − 1) × (1 + growth in volume(t)) × (1 + deflator(t))
    growth in volume = given, or (1 + growth of employment) × (1 + growth of productivity) − 1

Levels are 1 in the base year. They reach back 25 years before it, with the rates of those years, because the law's figures may have been
enacted earlier: an index compares the level of the year of enactment with that of the year of indexation. Method: docs/methods/economy.md.

API: `project_economy(macro, years, employed {year: persons} | None, population {year: persons}) -> Economy`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ..errors import InputError
from ..money import CONTEXT
from .model import Amount, Macro
from .series import Levels, Series, fine, levels_of

BACK = 25
"""Years before the base year that the levels reach back."""


@dataclass(frozen=True)
class EconomyYear:
    """The economy of a year: amounts in the currency, rates as fractions, levels with base year 1. None: nothing is assumed."""

    year: int
    gdp: Decimal
    growth: Decimal
    consumer_prices: Decimal
    wages: Decimal
    inflation: Decimal
    interest: Decimal | None = None
    revenue: Decimal | None = None
    expenditure: Decimal | None = None
    social_protection: Decimal | None = None


@dataclass(frozen=True)
class Economy:
    """All years. levels: by series and year, the base year 1; from BACK years before the base year to the horizon."""

    base_year: int
    years: Mapping[int, EconomyYear]
    levels: Levels = field(repr=False)

    def year(self, year: int) -> EconomyYear:
        """A year's economy. Raises InputError P069."""
        if year not in self.years:
            raise InputError("P069", f"the economy has no year {year}", hint=f"it runs from {min(self.years)} to {max(self.years)}")
        return self.years[year]

    def value(self, series: Series, year: int) -> Decimal:
        """A yearly value, which may follow a series."""
        return series.value(year, self.levels)

    def money(self, amount: Amount, year: int) -> Decimal:
        """An amount that may be a share of GDP."""
        return amount.money(year, self.levels, self.year(year).gdp)

    @property
    def indices(self) -> dict[str, dict[date, Decimal]]:
        """The levels as `law.parameters` takes them: by series and 1 January."""
        return {name: {date(year, 1, 1): level for year, level in levels.items()} for name, levels in self.levels.items()}


def project_economy(macro: Macro, base_year: int, horizon: int, employed: Mapping[int, float] | None, population: Mapping[int, float]) -> Economy:
    """The economy from the base year to the horizon; `employed` and `population` are persons by year."""
    first = base_year - BACK
    prices = levels_of(macro.consumer_prices, base_year, first, horizon)
    wages = levels_of(macro.wages, base_year, first, horizon)
    if macro.wages_are == "real":
        wages = {year: fine(CONTEXT.multiply(level, prices[year])) for year, level in wages.items()}
    growth = {year: _growth(macro, year, employed, base_year) for year in range(first, horizon + 1)}
    deflator = levels_of(macro.deflator, base_year, first, horizon) if macro.deflator else prices
    volume = {base_year: Decimal(1)}
    for year in range(base_year + 1, horizon + 1):
        volume[year] = fine(CONTEXT.multiply(volume[year - 1], 1 + growth[year]))
    for year in range(base_year - 1, first - 1, -1):
        volume[year] = fine(CONTEXT.divide(volume[year + 1], 1 + growth[year + 1]))
    gdp = {year: fine(CONTEXT.multiply(volume[year], deflator[year])) for year in range(first, horizon + 1)}
    levels = {"consumer_prices": prices, "wages": wages, "gdp": gdp}
    levels["prices_and_wages"] = {year: (prices[year] + wages[year]) / 2 for year in prices}
    base_people = population.get(base_year, 0)
    if base_people:
        heads = {year: _ratio(population[year], base_people) for year in population}
        levels["gdp_per_head"] = {year: fine(CONTEXT.divide(gdp[year], share)) for year, share in sorted(heads.items()) if year in gdp}
    for name, rate in macro.series.items():
        levels[name] = levels_of(rate, base_year, first, horizon)
    since = macro.gdp.points[0][0] or base_year
    if not first <= since <= horizon:
        raise InputError("P069", f"GDP is of {since}", at="economy.gdp", hint=f"give that of a year from {first} to {horizon}, best the base year")
    at_base = macro.gdp.value(base_year) if len(macro.gdp.points) > 1 else fine(CONTEXT.divide(macro.gdp.points[0][1], gdp[since]))
    return Economy(base_year, {year: _year(macro, year, at_base, levels, growth) for year in range(base_year, horizon + 1)}, levels)


def _year(macro: Macro, year: int, at_base: Decimal, levels: Levels, growth: Mapping[int, Decimal]) -> EconomyYear:
    gdp = fine(CONTEXT.multiply(at_base, levels["gdp"][year]))
    amounts = (macro.revenue, macro.expenditure, macro.social_protection)
    revenue, expenditure, spent = (amount.money(year, levels, gdp) if amount else None for amount in amounts)
    interest = macro.interest.value(year, levels) if macro.interest else None
    inflation = macro.consumer_prices.value(year)
    return EconomyYear(
        year, gdp, growth[year], levels["consumer_prices"][year], levels["wages"][year], inflation, interest, revenue, expenditure, spent
    )


def _growth(macro: Macro, year: int, employed: Mapping[int, float] | None, base_year: int) -> Decimal:
    """Growth of GDP in volume; before the base year, where employment is not known, that of productivity alone."""
    rate = macro.growth.value(year)
    if macro.growth_of == "gdp" or employed is None or year <= base_year:
        return rate
    return fine(CONTEXT.multiply(_ratio(employed[year], employed[year - 1]), 1 + rate) - 1)


def _ratio(above: float, below: float) -> Decimal:
    """The quotient of two numbers of persons with 12 decimals."""
    return Decimal(f"{above / below:.12f}")
