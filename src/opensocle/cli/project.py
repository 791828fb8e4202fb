"""`socle project`: the people, the labour market and the economy of each year under a country's assumptions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from ..errors import InputError, nearest
from . import options
from .costs import scenarios_of
from .locating import find_country, load_law
from .reporting import say, say_json

if TYPE_CHECKING:
    from ..projection.outlook import Outlook
    from ..publish.words import Words

CHILD, OLD = 15, 65
FIVE = 5
"""Years of age in a row of the table of ages."""
WORDS = {
    "en": {
        "people": "{name}: people, mean of the year", "year": "Year", "population": "Population", "children": "0-14", "adults": "15-64",
        "old": "65+", "births": "Births", "child_dependency": "0-14 per 15-64", "old_dependency": "65+ per 15-64", "dependency": "Dependency",
        "work": "{name}: labour market, persons", "force": "Labour force", "employed": "Employed", "formal": "Formal employees",
        "self": "Self-employed", "informal": "Informal", "unemployed": "Unemployed", "rate": "Unemployment",
        "economy": "{name}: economy, amounts in {unit}", "gdp": "GDP", "growth": "Growth", "inflation": "Inflation", "prices": "Prices",
        "wages": "Wages", "interest": "Interest", "revenue": "Revenue", "expenditure": "Expenditure",
        "index": "Prices and wages: {year} = 1. Growth: GDP in volume.", "made": "Assumptions {name}, {hash}",
        "ages": "{name}: people by age and sex", "age": "Age", "men": "men", "women": "women", "total": "Total",
    },
    "fr": {
        "people": "{name} : population, moyenne de l'année", "year": "Année", "population": "Population", "children": "0-14", "adults": "15-64",
        "old": "65+", "births": "Naissances", "child_dependency": "0-14 par 15-64", "old_dependency": "65+ par 15-64", "dependency": "Dépendance",
        "work": "{name} : marché du travail, personnes", "force": "Actifs", "employed": "En emploi", "formal": "Salariés formels",
        "self": "Indépendants", "informal": "Informels", "unemployed": "Chômeurs", "rate": "Chômage",
        "economy": "{name} : économie, montants en {unit}", "gdp": "PIB", "growth": "Croissance", "inflation": "Inflation", "prices": "Prix",
        "wages": "Salaires", "interest": "Intérêt", "revenue": "Recettes", "expenditure": "Dépenses",
        "index": "Prix et salaires : {year} = 1. Croissance : PIB en volume.", "made": "Hypothèses {name}, {hash}",
        "ages": "{name} : population par âge et sexe", "age": "Âge", "men": "hommes", "women": "femmes", "total": "Total",
    },
}  # fmt: skip
PEOPLE = ("population", "children", "adults", "old", "births", "child_dependency", "old_dependency", "dependency")
WORK = ("force", "employed", "formal", "self", "informal", "unemployed", "rate")
ECONOMY = ("gdp", "growth", "inflation", "prices", "wages", "interest", "revenue", "expenditure")
SHARES = ("child_dependency", "old_dependency", "dependency", "rate", "growth", "inflation", "interest")
MONEY = ("gdp", "revenue", "expenditure")


@options.command("project")
@click.argument("country")
@click.option("--assumptions", metavar="NAME", default="base", show_default=True, help="Which assumptions, a file in assumptions/.")
@click.option("--scenario", metavar="NAME", help="Instead: the assumptions of this scenario, with its changes.")
@options.until
@options.data_root
@options.lang
@options.as_json
def command(country: str, assumptions: str, scenario: str | None, until: int | None, data_root: str | None, lang: str, as_json: bool) -> None:
    """Project a country's people, labour market and economy, year by year.

    The population follows the cohort-component method on the country's demographic data; labour and the economy follow the assumptions.

    \b
    Examples:
      socle project exemplia --until 2035
      socle project exemplia --scenario full_floor --json
    """
    outlook = _outlook(country, assumptions, scenario, data_root)
    years = [year for year in outlook.years if until is None or year <= until]
    if not years:
        first, last = outlook.years[0], outlook.years[-1]
        raise InputError("U050", f"there is no year up to {until}", hint=f"the assumptions run from {first} to {last}")
    rows = [_year(outlook, year) for year in years]
    name = scenario or assumptions
    if as_json:
        say_json({"country": outlook.law.country.code, "assumptions": outlook.hash, "name": name, "years": rows})
        return
    _print(outlook, name, rows, lang)


def _outlook(country: str, assumptions: str, scenario: str | None, data_root: str | None) -> Outlook:
    from ..projection.assumptions import read_assumptions
    from ..projection.outlook import Outlook

    law, folder = load_law(country), find_country(country)
    if scenario is None:
        known = sorted(path.stem for path in (folder / "assumptions").glob("*.yaml"))
        if assumptions not in known:
            hint = nearest(assumptions, known) if known else "write assumptions/base.yaml: docs/reference/projection.md"
            raise InputError("U052", f"the country has no assumptions {assumptions!r}", at=str(folder), hint=hint)
        return Outlook(read_assumptions(folder, assumptions, law, data_root), law)
    scenarios = scenarios_of(law, country, data_root)
    if scenario not in scenarios:
        raise InputError("U051", f"there is no scenario {scenario!r}", hint=nearest(scenario, list(scenarios)))
    chosen = scenarios[scenario]
    reformed = chosen.reform(law)
    return Outlook(chosen.assume(read_assumptions(folder, chosen.assumptions, reformed, data_root), reformed), reformed)


def _year(outlook: Outlook, year: int) -> dict[str, Any]:
    """A year's figures. Persons are rounded to whole ones, ratios to 6 decimals; what is not assumed is null."""
    persons = outlook.population(year).sum(axis=0)
    children, adults, old = float(persons[:CHILD].sum()), float(persons[CHILD:OLD].sum()), float(persons[OLD:].sum())
    found: dict[str, Any] = {
        "year": year,
        "population": _whole(children + adults + old),
        "children": _whole(children),
        "adults": _whole(adults),
        "old": _whole(old),
        "births": _whole(float(outlook.births(year).sum())),
        "child_dependency": _ratio(children, adults),
        "old_dependency": _ratio(old, adults),
        "dependency": _ratio(children + old, adults),
        "by_age": {sex: [_whole(float(number)) for number in row] for sex, row in zip(("men", "women"), outlook.population(year), strict=True)},
    }
    found |= dict.fromkeys((*WORK, "factor", *ECONOMY))
    if outlook.has_labour:
        labour = outlook.labour(year)
        statuses = {"formal": "formal_employee", "self": "self_employed", "informal": "informal", "unemployed": "unemployed"}
        found |= {"force": _whole(labour.labour_force), "employed": _whole(labour.employed), "factor": Decimal(f"{labour.factor:.6f}")}
        found |= {name: _whole(labour.total(status)) for name, status in statuses.items()}
        found["rate"] = _ratio(labour.total("unemployed"), labour.labour_force)
    if outlook.assumptions.macro:
        economy = outlook.economy.year(year)
        found |= {"gdp": economy.gdp, "growth": economy.growth, "inflation": economy.inflation, "prices": economy.consumer_prices}
        found |= {"wages": economy.wages, "interest": economy.interest, "revenue": economy.revenue, "expenditure": economy.expenditure}
    return found


def _whole(persons: float) -> Decimal:
    return Decimal(f"{persons:.0f}")


def _ratio(part: float, whole: float) -> Decimal | None:
    return Decimal(f"{part / whole:.6f}") if whole else None


def _print(outlook: Outlook, name: str, rows: list[dict[str, Any]], lang: str) -> None:
    from ..publish.words import Words

    say_, w = Words(lang, outlook.law.country.currency.code), WORDS[lang]
    say(_table(say_, w["people"].format(name=name), PEOPLE, rows, lang))
    say(_ages(w["ages"].format(name=name), rows, lang))
    if outlook.has_labour:
        say(_table(say_, w["work"].format(name=name), WORK, rows, lang))
    if outlook.assumptions.macro:
        unit = say_.scale([row["gdp"] for row in rows]).unit
        note = w["index"].format(year=outlook.assumptions.base_year)
        say(_table(say_, w["economy"].format(name=name, unit=unit), ECONOMY, rows, lang, note))
    say(w["made"].format(name=name, hash=outlook.hash))


def _table(say_: Words, caption: str, names: tuple[str, ...], rows: list[dict[str, Any]], lang: str, note: str = "") -> str:
    from ..publish.tables import Column, Row, Shape, Table, write

    w = WORDS[lang]
    exponent = say_.scale([row["gdp"] for row in rows]).exponent if "gdp" in names else 0
    shapes = {name: Shape("percent", 1) for name in SHARES} | {name: Shape("number", 0, exponent) for name in MONEY}
    shapes |= {name: Shape("number", 3) for name in ("prices", "wages")}
    columns = (Column(w["year"]), *(Column(w[name], shapes.get(name, Shape("count"))) for name in names))
    found = tuple(Row((str(row["year"]), *(row[name] for name in names))) for row in rows)
    return write(Table(caption, columns, found, (note,) if note else ()), "text", lang)


def _ages(caption: str, rows: list[dict[str, Any]], lang: str) -> str:
    """Men and women by five-year age groups in the first, the middle and the last year."""
    from ..publish.tables import Column, Row, Shape, Table, write

    w, count = WORDS[lang], Shape("count")
    chosen = list({row["year"]: row for row in (rows[0], rows[len(rows) // 2], rows[-1])}.values())
    sides = [(f"{row['year']}, {w[sex]}", row["by_age"][sex]) for row in chosen for sex in ("men", "women")]
    oldest = len(sides[0][1]) - 1
    found = []
    for start in range(0, oldest + 1, FIVE):
        name = f"{start}-{start + FIVE - 1}" if start + FIVE <= oldest else f"{start}+"
        found.append(Row((name, *(sum(numbers[start : start + FIVE]) for _, numbers in sides))))
    found.append(Row((w["total"], *(sum(numbers) for _, numbers in sides)), "total"))
    return write(Table(caption, (Column(w["age"]), *(Column(head, count) for head, _ in sides)), tuple(found)), "text", lang)
