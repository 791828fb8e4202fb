"""The tables of a costing, as data: schemes, assumptions, costs, comparison, budget, sensitivity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from ..analysis.model import BudgetYear, Costing, Line, People, ScenarioResult
from ..analysis.people import GROUPS, dependency
from ..errors import InputError
from . import figures
from .naming import administration, base_title, group_title, path_title, split, unit_of, value_text
from .tables import Cell, Column, Role, Row, Shape, Table
from .words import Scale, Words

PERCENT = Shape("percent", 1)
FINE = Shape("percent", 2)


def year_columns(first: str, years: Sequence[int], shape: Shape) -> tuple[Column, ...]:
    """A column of names and one for each year."""
    return (Column(first), *(Column(str(year), shape) for year in years))


def money_shape(scale: Scale, amounts: Iterable[Decimal] = ()) -> Shape:
    """Amounts of a table in its scale; without decimals where the largest has four digits."""
    large = max((abs(scale(amount)) for amount in amounts), default=Decimal(0)) >= 1000
    return Shape("number", 1 if scale.exponent and not large else 0, scale.exponent)


def schemes_table(costing: Costing, lang: str) -> Table:
    """The catalogue: every scheme with its branch, kind, guarantee and legal basis."""
    say = Words(lang, costing.currency)
    rows = [
        Row((say.title(label.title), say.label("branches", label.branch), say.label("kinds", label.kind), label.legal or None,
             administration(label.administration, say) or None))
        for label in costing.schemes
    ]  # fmt: skip
    heads = ("scheme", "branch", "kind", "legal_basis", "administration")
    return Table(say("table_schemes"), tuple(Column(say(head)) for head in heads), tuple(rows))


def comparison(costing: Costing, lang: str, years: Sequence[int] | None = None) -> Table:
    """Gross expenditure, net cost, the gap and what remains to be found in each scenario, as shares of GDP."""
    say = Words(lang, costing.currency)
    years = years or figures.milestones(costing.years)
    rows: list[Row] = []
    measures: list[tuple[str, Callable[[BudgetYear], Decimal]]] = [
        ("gross_expenditure", lambda year: year.gross),
        ("net_cost", lambda year: year.net),
        (figures.need(*costing.scenarios), lambda year: year.gap),
        ("remaining", lambda year: year.remaining),
    ]
    for key, of in measures:
        rows.append(Row((say(key),), "heading"))
        for result in costing.scenarios:
            rows.append(Row((say.title(result.title), *_shares(result, years, of))))
    notes = dict.fromkeys(say("note_baseline", scenario=say.title(result.baseline_title)) for result in costing.scenarios if result.baseline)
    return Table(say("table_comparison"), year_columns(say("scenario"), years, FINE), tuple(rows), (say("note_negative"), *notes))


def _shares(result: ScenarioResult, years: Sequence[int], of: Callable[[BudgetYear], Decimal]) -> list[Cell]:
    budgets, accounts = figures.budgets(result), figures.accounts(result)
    return [figures.ratio(of(budgets[year]), accounts[year].gdp) if year in budgets else None for year in years]


def cost_table(costing: Costing, lang: str, scenario: str | None = None, years: Sequence[int] | None = None) -> Table:
    """A scenario's gross expenditure by scheme, the total, contributions, the net cost and the share of GDP."""
    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    years = years or figures.milestones(costing.years)
    by = figures.lines_by(result)
    scale = say.scale([year.gross for year in result.budget])
    rows = []
    for label in figures.schemes_of(costing, result):
        if figures.pays(result, label.name):
            rows.append(Row((say.title(label.title), *(by[(label.name, y)].gross if (label.name, y) in by else None for y in years))))
    sums: list[tuple[str, Callable[[Line], Decimal]]] = [
        ("gross_expenditure", lambda line: line.gross),
        ("contributions", lambda line: line.contributed),
        ("net_cost", lambda line: line.net),
    ]
    for key, of in sums:
        role = "data" if key == "contributions" else "total"
        totals = [figures.total(of(line) for line in result.lines if line.year == year) for year in years]
        rows.append(Row((say(key), *totals), role))
    rows.append(Row((say("gross_share"), *_shares(result, years, lambda year: year.gross)), shape=FINE))
    columns = year_columns(say("scheme"), years, money_shape(scale, [year.gross for year in result.budget]))
    caption = say("table_cost", scenario=say.title(result.title), unit=scale.unit)
    return Table(caption, columns, tuple(rows), (say("note_nominal"),))


def people_table(costing: Costing, lang: str, scenario: str | None = None, years: Sequence[int] | None = None) -> Table:
    """Who is paid (or contributes) under each scheme of a scenario."""
    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    years = years or figures.milestones(costing.years)
    by = figures.lines_by(result)
    scale = say.persons_scale([line.paid for line in result.lines])
    rows = []
    for label in figures.schemes_of(costing, result):
        name = say.title(label.title)
        cells = [by[(label.name, y)].paid if (label.name, y) in by else None for y in years]
        if not figures.pays(result, label.name):
            name = say("name_contributors", name=name)
        elif label.unit == "household":
            name = say("name_households", name=name)
        rows.append(Row((name, *cells)))
    caption = say("table_people", scenario=say.title(result.title), unit=scale.unit or say("persons").lower())
    shape = Shape("number", 1 if scale.exponent else 0, scale.exponent)
    unknown = figures.total(line.unknown for line in result.lines if line.year == figures.focus_year(costing))
    notes = (say("note_unknown", count=say.count(unknown), year=figures.focus_year(costing)),) if unknown else ()
    return Table(caption, year_columns(say("scheme"), years, shape), tuple(rows), notes)


def budget_table(costing: Costing, lang: str, scenario: str | None = None, years: Sequence[int] | None = None) -> Table:
    """From gross expenditure to the gap, through the levers to what remains, in money and as a share of GDP."""
    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    years = years or figures.milestones(costing.years)
    budgets = figures.budgets(result)
    scale = say.scale([year.gross for year in result.budget])

    def row(key: str, of: Callable[[BudgetYear], Decimal], role: str = "data") -> Row:
        return Row((say(key), *(of(budgets[year]) for year in years)), "total" if role == "total" else "data")

    rows = [
        row("gross_expenditure", lambda b: b.gross),
        row("less_contributions", lambda b: -b.contributions),
        *([row("net_cost", lambda b: b.net, "total")] if result.baseline else []),
        *_already(result, years, say),
        *([row("less_offset", lambda b: -b.offset)] if any(b.offset for b in result.budget) else []),
        row(figures.need(result), lambda b: b.gap, "total"),
        *(Row((say("less", name=say.title(lever.title)), *(-lever.amounts.get(year, figures.ZERO) for year in years))) for lever in result.levers),
        row("remaining", lambda b: b.remaining, "total"),
        Row((say("additional_share" if result.baseline else "gap_share"), *_shares(result, years, lambda b: b.gap)), shape=FINE),
        Row((say("remaining_share"), *_shares(result, years, lambda b: b.remaining)), shape=FINE),
        Row((say("share_of_expenditure"), *(budgets[year].share_of_expenditure for year in years)), shape=PERCENT),
    ]
    caption = say("table_budget", scenario=say.title(result.title), unit=scale.unit)
    source = say.chain(dict.fromkeys(say.pair(say.title(lever.title), lever.source) for lever in result.levers if lever.source))
    return Table(
        caption,
        year_columns(say("item"), years, money_shape(scale, [year.gross for year in result.budget])),
        tuple(rows),
        (say("note_negative"),),
        source,
    )


def _already(result: ScenarioResult, years: Sequence[int], say: Words) -> list[Row]:
    """The row of what is already financed: the net cost of the baseline; none where nothing is."""
    budgets = figures.budgets(result)
    if not result.baseline and not any(budget.already for budget in result.budget):
        return []
    name = say("less_already_of", scenario=say.title(result.baseline_title)) if result.baseline else say("less_already")
    return [Row((name, *(-budgets[year].already for year in years)))]


def population_table(costing: Costing, lang: str, scenario: str | None = None, years: Sequence[int] | None = None) -> Table:
    """The people of a scenario by sex and broad age group, and children and older persons for 100 aged 15 to 64. Raises InputError U065."""
    say = Words(lang, costing.currency)
    people = {item.year: item for item in figures.scenario(costing, scenario).people}
    years = [year for year in years or figures.milestones(costing.years) if year in people]
    if not years:
        raise InputError("U065", "the costing has no people by age", hint="cost the scenario again")
    scale = say.persons_scale([people[year].total for year in years])
    hundred = Shape("number", 1, -2)

    def row(name: str, of: Callable[[People], Decimal], role: Role = "data", shape: Shape | None = None) -> Row:
        return Row((name, *(of(people[year]) for year in years)), role, shape)

    rows = [row(say("population"), lambda each: each.total, "total"), Row((say("by_sex"),), "heading")]
    rows += [row(say("men"), lambda each: figures.total(each.men)), row(say("women"), lambda each: figures.total(each.women))]
    rows.append(Row((say("by_age"),), "heading"))
    rows += [row(age_title(group, say), lambda each, group=group: each.between(*group)) for group in GROUPS]
    rows.append(Row((say("dependency"),), "heading"))
    for at, key in enumerate(("dependency_child", "dependency_old", "dependency_total")):
        rows.append(row(say(key), lambda each, at=at: dependency(each)[at], shape=hundred))
    caption = say("table_population", unit=scale.unit or say("persons").lower())
    columns = year_columns(say("item"), years, Shape("number", 0, scale.exponent))
    return Table(caption, columns, tuple(rows), (say("note_people"),))


def age_title(group: tuple[int, int | None], say: Words) -> str:
    """`0–4 years`, `80 years and over`; the group ends below its second age."""
    first, until = group
    return say("ages_from", first=first) if until is None else say("ages", ages=f"{first}–{until - 1}" if until > first + 1 else first)


def sensitivity_table(costing: Costing, lang: str, scenario: str | None = None) -> Table:
    """What one assumption, low and high, makes of the net cost of all years."""
    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    known = {item.path: item for item in result.assumptions}
    ends = [value for swing in result.sensitivity for value in (swing.low, swing.base, swing.high)]
    scale = say.scale(ends)
    money = money_shape(scale, ends)
    rows = []
    for swing in sorted(result.sensitivity, key=lambda swing: -abs(swing.high - swing.low)):
        unit = unit_of(swing.path, known)
        said = [value_text(value, swing.path, unit, say) for value in (swing.low_value, swing.high_value)]
        changes = [figures.ratio(end - swing.base, swing.base) for end in (swing.low, swing.high)]
        rows.append(Row((path_title(swing.path, costing, known, say), f"{said[0]} – {said[1]}", swing.low, swing.high, *changes)))
    columns = (
        Column(say("assumption")), Column(say("low_high")), Column(say("cost_low"), money), Column(say("cost_high"), money),
        Column(say("change_low"), PERCENT), Column(say("change_high"), PERCENT),
    )  # fmt: skip
    caption = say("table_sensitivity", scenario=say.title(result.title), unit=scale.unit)
    return Table(caption, columns, tuple(rows))


def assumptions_table(
    costing: Costing, lang: str, scenario: str | None = None, years: Sequence[int] | None = None, numbers: Mapping[str, int] | None = None
) -> Table:
    """What a scenario assumes: values in some years, unit and source of each; `numbers`: the sources' numbers in a list elsewhere."""
    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    years = years or figures.milestones(costing.years, 4)
    rows: list[Row] = []
    counts = Counter(split(item.path)[0] for item in result.assumptions)
    known = {item.path: item for item in result.assumptions}
    above = ""
    for item in sorted(result.assumptions, key=lambda item: counts[split(item.path)[0]] > 1):  # those without groups come first
        base, group = split(item.path)
        unit = say.unit(item.unit)
        tail = f" ({unit})" if unit else ""
        name = path_title(item.path, costing, known, say) + tail
        if counts[base] > 1:
            if base != above:
                rows.append(Row(((say.title(item.title) or base_title(base, costing, say)) + tail,), "heading"))
            name, above = group_title(group, say), base
        values: list[Cell] = [say.measured(item.values[year], item.unit) if year in item.values else None for year in years]
        cited = item.source if numbers is None or not item.source else f"[{numbers[item.source]}]"
        rows.append(Row((name, *values, cited or None)))
    columns = (
        Column(say("assumption")),
        *(Column(str(year), PERCENT) for year in years),
        Column(say("source_head"), PERCENT if numbers else Shape()),
    )
    return Table(say("table_assumptions", scenario=say.title(result.title)), columns, tuple(rows))


def scheme_table(costing: Costing, name: str, lang: str, scenario: str | None = None, years: Sequence[int] | None = None) -> Table:
    """A scheme of a scenario in full: people, take-up, average benefit, benefits, administration, contributions, net cost, share of GDP."""
    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    years = years or figures.milestones(costing.years, 6)
    found = {line.year: line for line in result.lines if line.scheme == name}
    pays = figures.pays(result, name)
    amounts = [max(line.gross, line.contributed) for line in found.values()]
    scale = say.scale(amounts)
    money, gdp = money_shape(scale, amounts), {item.year: item.gdp for item in result.accounts}

    def row(key: str, of: Callable[[Line], Decimal | None], shape: Shape, role: str = "data") -> Row:
        values = [of(found[year]) if year in found else None for year in years]
        return Row((say(key), *values), "total" if role == "total" else "data", shape)

    count, rows = Shape("count"), []
    label = figures.label_of(costing, name)
    rows.append(row(figures.word(label, "entitled") if pays else "liable", lambda line: line.entitled, count))
    rows.append(row("take_up" if pays else "compliance", lambda line: line.take_up, PERCENT))
    rows.append(row(figures.word(label, "paid_persons") if pays else "contributors", lambda line: line.paid, count))
    if pays:
        rows.append(row("average_benefit", lambda line: line.average_benefit if line.paid else None, Shape("number", costing.digits)))
        rows.append(row("benefits_in", lambda line: line.benefits, money))
        rows.append(row("administration_in", lambda line: line.administration, money))
    if any(line.contributions for line in found.values()):
        rows.append(row("contributions_in", lambda line: line.contributed, money))
    rows.append(row("net_cost_amount", lambda line: line.net, money, "total"))
    rows.append(row("gross_share" if pays else "contributions_share", lambda line: _of(line, pays, gdp), FINE))
    rows = [Row((str(r.cells[0]).format(unit=scale.unit, currency=costing.currency), *r.cells[1:]), r.role, r.shape) for r in rows]
    caption = say("table_scheme", scheme=say.title(label.title), scenario=say.title(result.title))
    return Table(caption, year_columns(say("item"), years, count), tuple(rows))


def _of(line: Line, pays: bool, gdp: dict[int, Decimal]) -> Decimal | None:
    return figures.ratio(line.gross if pays else line.contributed, gdp[line.year])
