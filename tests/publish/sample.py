"""An invented costing to publish: three scenarios, twelve schemes, thirty-one years. Every figure follows from the few given here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from opensocle.analysis.model import Account, BudgetYear, Costing, Lever, Line, People, ScenarioResult, SchemeLabel, Sourced, Swing
from opensocle.money import divide

YEARS = tuple(range(2025, 2056))
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Shape:
    """How a scheme of the sample runs: people in 2025, their yearly growth, money a head, contributions a head."""

    label: SchemeLabel
    people: int
    growth: str
    benefit: str
    take_up: tuple[str, str] = ("1", "1")  # in 2025 and from 2035
    since: int = 2025
    rate: str = "0.05"
    of: str = "benefits"
    worker: str = "0"
    employer: str = "0"
    current: bool = True  # part of the law as it stands


def shape(name: str, en: str, fr: str, branch: str, guarantee: str | None, kind: str, unit: str, legal: str, **given: object) -> Shape:
    rate, of = given.get("rate", "0.05"), given.get("of", "benefits")
    of_what = {"benefits": "benefits", "gross_expenditure": "gross expenditure"}[str(of)]
    said = f"{Decimal(str(rate)) * 100:f} % of {of_what}"
    return Shape(SchemeLabel(name, {"en": en, "fr": fr}, branch, guarantee, kind, unit, legal, said), **given)  # ty: ignore[invalid-argument-type]


SHAPES = (
    shape("child_grant", "Universal child grant", "Allocation universelle pour enfant", "family", "children", "non_contributory", "person",
          "Act 12/2023, art. 4-7", people=3_400_000, growth="0.004", benefit="96", take_up=("0.62", "0.95"), current=False),
    shape("birth_grant", "Birth grant", "Prime à la naissance", "maternity", "children", "non_contributory", "person",
          "Act 12/2023, art. 9", people=410_000, growth="0.006", benefit="150", take_up=("0.55", "0.9"), since=2027, current=False),
    shape("maternity_benefit", "Maternity benefit", "Indemnités de maternité", "maternity", "active_age", "contributory", "person",
          "Act 4/2015, art. 31-38", people=41_000, growth="0.021", benefit="612.4"),
    shape("sickness_benefit", "Sickness benefit", "Indemnités de maladie", "sickness", "active_age", "contributory", "person",
          "Act 4/2015, art. 22-30", people=96_000, growth="0.021", benefit="143.75"),
    shape("employment_injury_pension", "Employment injury pension", "Rente d'accident du travail", "employment_injury", None, "contributory",
          "person", "Act 4/2015, art. 50-66", people=8_700, growth="0.025", benefit="1180", of="gross_expenditure", rate="0.08"),
    shape("unemployment_benefit", "Unemployment benefit", "Allocation de chômage", "unemployment", "active_age", "contributory", "person",
          "Bill 7/2026, art. 3-12", people=52_000, growth="0.02", benefit="890", since=2028, current=False, of="gross_expenditure", rate="0.1"),
    shape("disability_grant", "Disability grant", "Allocation aux personnes handicapées", "invalidity", "active_age", "non_contributory",
          "person", "Act 12/2023, art. 12-15", people=262_000, growth="0.019", benefit="300", take_up=("0.4", "0.85")),
    shape("old_age_pension", "Old-age pension", "Pension de vieillesse", "old_age", None, "contributory", "person",
          "Act 4/2015, art. 67-80", people=151_000, growth="0.041", benefit="2150.5"),
    shape("social_pension", "Social pension", "Pension sociale", "old_age", "older_persons", "non_contributory", "person",
          "Act 12/2023, art. 16-19", people=705_000, growth="0.034", benefit="240", take_up=("0.7", "0.97")),
    shape("survivors_pension", "Survivors' pension", "Pension de survivants", "survivors", None, "contributory", "person",
          "Act 4/2015, art. 81-95", people=48_000, growth="0.03", benefit="980"),
    shape("national_health_package", "National health package", "Panier national de soins de santé", "medical_care", "health_care", "mixed",
          "person", "Act 30/2022, art. 2-8", people=14_200_000, growth="0.02", benefit="17.2", take_up=("0.8", "0.98"), rate="0.07",
          worker="4.1"),
    shape("social_insurance_contributions", "Social insurance contributions", "Cotisations d'assurance sociale", "old_age", None,
          "contributory", "person", "Act 4/2015, art. 10-21", people=1_310_000, growth="0.026", benefit="0", take_up=("0.88", "0.94"),
          worker="233.5", employer="417.25"),
)  # fmt: skip


def rising(first: str, last: str, year: int) -> Decimal:
    """Linear from 2025 to 2035, then constant; at most six decimals."""
    start, end = Decimal(first), Decimal(last)
    return (start + (end - start) * min(year - 2025, 10) / 10).quantize(Decimal("0.000001"))


def grown(base: Decimal | int | str, rate: str, year: int, digits: str = "0.01") -> Decimal:
    return (Decimal(base) * (1 + Decimal(rate)) ** (year - 2025)).quantize(Decimal(digits), ROUND_HALF_UP)


def line(of: Shape, scenario: str, year: int, pace: Decimal) -> Line:
    """The sample's scheme in a year; `pace` scales take-up above its start."""
    on = year >= of.since
    entitled = grown(of.people, of.growth, year) if on else Decimal(0)
    start, planned = Decimal(of.take_up[0]), rising(*of.take_up, year)
    take_up = start + (planned - start) * pace
    paid = entitled * take_up
    average = grown(of.benefit, "0.045", year, "0.0000000001")
    benefits = (paid * average).quantize(CENT, ROUND_HALF_UP)
    rate = Decimal(of.rate)
    cost = benefits * rate if of.of == "benefits" else benefits * rate / (1 - rate)
    payers = {"worker": of.worker, "employer": of.employer}
    paid_in = {name: (paid * grown(each, "0.05", year)).quantize(CENT, ROUND_HALF_UP) for name, each in payers.items() if Decimal(each)}
    unknown = Decimal(1250) if of.label.name == "disability_grant" else Decimal(0)
    return Line(scenario, of.label.name, year, grown(31_000_000, "0.02", year), entitled, paid, benefits, cost.quantize(CENT), paid_in, take_up,
                average if paid else Decimal(0), unknown)  # fmt: skip


def account(year: int) -> Account:
    gdp = grown("24600000000", "0.078", year)
    return Account(year, grown(31_000_000, "0.02", year), gdp, (gdp * Decimal("0.221")).quantize(CENT), (gdp * Decimal("0.254")).quantize(CENT),
                   grown(1, "0.045", year, "0.00000001"), grown(1, "0.055", year, "0.00000001"), (gdp * Decimal("0.012")).quantize(CENT))  # fmt: skip


def people(year: int) -> People:
    """The account's population by age: fewer with each age, women a little more; whoever is left over is a girl of age 0."""
    whole = account(year).population
    weights = [Decimal(101 - age) for age in range(101)]
    men = tuple((whole * Decimal("0.49") * weight / sum(weights)).quantize(CENT) for weight in weights)
    women = tuple((whole * Decimal("0.51") * weight / sum(weights)).quantize(CENT) for weight in weights)
    return People(year, men, (women[0] + whole - sum(men) - sum(women), *women[1:]))


def budget(lines: Sequence[Line], levers: Sequence[Lever], accounts: Sequence[Account], replaced: Decimal) -> tuple[BudgetYear, ...]:
    found = []
    for each in accounts:
        year = [item for item in lines if item.year == each.year]
        gross = sum((item.gross for item in year), Decimal(0))
        paid_in = sum((item.contributed for item in year), Decimal(0))
        offset = (replaced * (1 if each.year >= 2027 else 0)).quantize(CENT)
        already = (each.gdp * Decimal("0.004")).quantize(CENT)
        gap = gross - paid_in - offset - already
        space = sum((lever.amounts.get(each.year, Decimal(0)) for lever in levers), Decimal(0))
        found.append(BudgetYear(each.year, gross, paid_in, offset, gap, space, gap - space, divide(gross, each.gdp) or Decimal(0),
                                divide(gross, each.expenditure) or Decimal(0), already))  # fmt: skip
    return tuple(found)


def share_of_gdp(rate: str, since: int) -> dict[int, Decimal]:
    return {year: (account(year).gdp * Decimal(rate)).quantize(CENT) for year in YEARS if year >= since}


LEVERS = (
    Lever("reallocation", {"en": "End of fuel subsidies", "fr": "Fin des subventions aux carburants"}, share_of_gdp("0.004", 2026),
          "Budget law 2025, annex 3"),
    Lever("tax_increase", {"en": "Excise on tobacco and alcohol", "fr": "Accises sur le tabac et l'alcool"}, share_of_gdp("0.0025", 2027),
          "Ministry of Finance, tax note 2024"),
    Lever("contribution_coverage", {"en": "Insurance of the self-employed", "fr": "Affiliation des travailleurs indépendants"},
          share_of_gdp("0.0015", 2028), "Actuarial report 2024"),
    Lever("aid", {"en": "Programme grants", "fr": "Dons-programmes"}, {y: a for y, a in share_of_gdp("0.001", 2026).items() if y < 2036},
          "Development partners' pledges, 2025"),
)  # fmt: skip


def assumptions(lines: Sequence[Line]) -> tuple[Sourced, ...]:
    """What the scenario assumes, as a reader checks it."""

    def every(value: str) -> dict[int, Decimal]:
        return dict.fromkeys(YEARS, Decimal(value))

    found = [
        Sourced("economy.consumer_prices.growth", {"en": "Inflation", "fr": "Inflation"}, every("0.045"), "rate", "Central bank, 2025 outlook"),
        Sourced("economy.wages.real_growth", {"en": "Real growth of wages", "fr": "Croissance réelle des salaires"}, every("0.0096"), "rate",
                "ILOSTAT, mean of 2014-2024"),
        Sourced("economy.growth.labour_and_productivity.productivity", {"en": "Growth of productivity", "fr": "Croissance de la productivité"},
                every("0.012"), "rate", "World Bank, country memorandum 2024"),
        Sourced("economy.gdp", {"en": "Gross domestic product", "fr": "Produit intérieur brut"}, {2025: Decimal(24_600_000_000)}, "XMU",
                "National accounts 2025"),
        Sourced("labour.unemployment.female", {"en": "Unemployment of women", "fr": "Chômage des femmes"}, every("0.071"), "rate",
                "Labour force survey 2023"),
        Sourced("labour.unemployment.male", {"en": "Unemployment of men", "fr": "Chômage des hommes"}, every("0.054"), "rate",
                "Labour force survey 2023"),
        Sourced("contingencies.health_care_use.incidence", {"en": "Visits a year and person", "fr": "Consultations par an et par personne"},
                every("1.8"), "", "Health accounts 2022"),
    ]  # fmt: skip
    for shape_ in SHAPES:
        of = [item for item in lines if item.scheme == shape_.label.name]
        if not of or shape_.take_up == ("1", "1"):
            continue
        kind = "compliance" if shape_.label.name == "social_insurance_contributions" else "take_up"
        en, fr = ("Compliance", "Respect des obligations") if kind == "compliance" else ("Take-up", "Recours")
        title = {"en": f"{en}: {shape_.label.title['en']}", "fr": f"{fr} : {shape_.label.title['fr']}"}
        found.append(Sourced(f"{kind}.{shape_.label.name}", title, {item.year: item.take_up for item in of}, "rate", "Administrative data 2024"))
    return tuple(found)


def swings(lines: Sequence[Line]) -> tuple[Swing, ...]:
    base = sum((item.net for item in lines), Decimal(0)) / 3

    def swing(path: str, low: str, high: str, down: str, up: str) -> Swing:
        return Swing(path, low, high, (base * Decimal(down)).quantize(CENT), base.quantize(CENT), (base * Decimal(up)).quantize(CENT))

    return (
        swing("economy.consumer_prices.growth", "0.03", "0.08", "0.83", "1.31"),
        swing("take_up.child_grant", "0.7", "1", "0.88", "1.06"),
        swing("take_up.social_pension", "0.8", "1", "0.93", "1.02"),
        swing("economy.wages.real_growth", "0", "0.02", "1.05", "0.95"),
        swing("labour.unemployment.female", "0.05", "0.1", "0.995", "1.008"),
    )


def result(name: str, en: str, fr: str, pace: str, of: Sequence[Shape], levers: Sequence[Lever], replaced: str, digest: str) -> ScenarioResult:
    lines = tuple(line(item, name, year, Decimal(pace)) for item in of for year in YEARS)
    accounts = tuple(account(year) for year in YEARS)
    return ScenarioResult(name, {"en": en, "fr": fr}, digest * 8, digest[::-1] * 8, lines, accounts,
                          budget(lines, levers, accounts, Decimal(replaced)), tuple(levers), assumptions(lines), swings(lines) if levers else (),
                          ("Benefits of people who live in institutions are not counted.",), tuple(people(year) for year in YEARS))  # fmt: skip


def costing() -> Costing:
    """The invented costing."""
    return Costing(
        "XE", {"en": "Exemplia", "fr": "Exemplie"}, "XMU", 2, YEARS, tuple(item.label for item in SHAPES),
        (
            result("current_law", "Current law", "Législation actuelle", "0.3", [item for item in SHAPES if item.current], (), "0", "3f9a01c7"),
            result("gradual", "Gradual floor", "Socle progressif", "0.7", SHAPES, LEVERS[:2], "30000000", "77b2e4d0"),
            result("full_floor", "Full floor by 2035", "Socle complet en 2035", "1", SHAPES, LEVERS, "30000000", "a1c45e9b"),
        ),
        "0.1.0", "5be1d3c2" * 8,
    )  # fmt: skip


def small(costing_: Costing, years: int, scenarios: Sequence[str] | None = None) -> Costing:
    """The same costing with fewer years and scenarios."""
    from dataclasses import replace

    kept = costing_.years[:years]

    def cut(of: ScenarioResult) -> ScenarioResult:
        return replace(
            of,
            lines=tuple(item for item in of.lines if item.year in kept),
            accounts=tuple(item for item in of.accounts if item.year in kept),
            people=tuple(item for item in of.people if item.year in kept),
            budget=tuple(item for item in of.budget if item.year in kept),
            levers=tuple(replace(item, amounts={y: a for y, a in item.amounts.items() if y in kept}) for item in of.levers),
            assumptions=tuple(replace(item, values={y: v for y, v in item.values.items() if y in kept}) for item in of.assumptions),
        )

    found = tuple(cut(item) for item in costing_.scenarios if scenarios is None or item.name in scenarios)
    return replace(costing_, years=kept, scenarios=found)


def additional(costing_: Costing, baseline: str) -> Costing:
    """The same costing, where the net cost of a scenario is already financed in all of them."""
    from dataclasses import replace

    from opensocle.analysis.budget import against

    of = costing_.scenario(baseline)
    return replace(costing_, scenarios=tuple(against(item, of.name, of.title, of.lines) for item in costing_.scenarios))
