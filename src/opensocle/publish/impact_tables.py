"""Tables of a study of impact: poverty and inequality, groups, what reforms do, concepts of income, budgets, what is unknown.

Each gives a `Table`; `tables.write` writes it. Standard errors stand beside their estimates; a star marks figures on few observed households.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..analysis.impact.model import CURRENT, NONE, QUANTILE, Figure, Grouping, Impact
from .impact_seen import Seen, decimal, number
from .tables import Cell, Column, Row, Shape, Table
from .words import NONE as DASH
from .words import SOLID

PERCENT, COUNT, ONE, TWO, THREE = Shape("percent", 1), Shape("count"), Shape("number", 1), Shape("number", 2), Shape("number", 3)
MARK = f"{SOLID}*"
ERROR = "±"


def made_table(seen: Seen, caption: str, columns: Sequence[Column], rows: Sequence[Row], notes: Sequence[str] = ()) -> Table:
    """A table with the study's line of sources."""
    return Table(caption, tuple(columns), tuple(rows), tuple(notes), seen.source)


def interval(figure: Figure | None, shape: Shape, seen: Seen) -> str:
    """The confidence interval as `30.8 – 36.7`, in percent without the sign."""
    low, high = number(figure, "low"), number(figure, "high")
    if low is None or high is None:
        return DASH
    times = 100 if shape.kind == "percent" else 1
    return f"{seen.say.number(low * times, shape.digits)} – {seen.say.number(high * times, shape.digits)}"


def headline_table(made: Impact, lang: str, scenarios: Sequence[str] = (NONE, CURRENT)) -> Table:
    """Lines, rates, gaps and inequality in some scenarios, each with its standard error and interval."""
    seen = Seen(made, lang)
    say = seen.say
    rows: list[Row] = []

    def add(measure: str, line: str, shape: Shape) -> None:
        cells: list[Cell] = [seen.measure(measure)]
        for name in scenarios:
            figure = seen.find(measure, "", line, name)
            cells += [number(figure), number(figure, "se"), interval(figure, shape, seen)]
        rows.append(Row(tuple(cells), "data", shape))

    for line in made.lines:
        rows.append(Row((seen.line_title(line),), "heading"))
        add("line", line, ONE)
        for measure in ("fgt0", "fgt1", "fgt2"):
            add(measure, line, PERCENT)
        add("poor", line, COUNT)
    rows.append(Row((say("imp_inequality"),), "heading"))
    for measure in ("mean", "median"):
        add(measure, "", ONE)
    for measure in ("gini", "theil", "palma", "s80s20"):
        add(measure, "", THREE)
    columns = [Column(say("imp_indicator"))]
    for name in scenarios:
        columns += [Column(seen.scenario(name), THREE), Column(ERROR, THREE), Column(seen.say("imp_interval", level=level(seen)), THREE)]
    return made_table(seen, say("imp_table_headline"), columns, rows, (say("imp_units", unit=seen.unit, concept=say(f"imp_as_{made.concept}")),))


def level(seen: Seen) -> str:
    """The level of the intervals: `95%`."""
    return seen.say.percent(Decimal(repr(seen.made.level)), 0)


def group_table(made: Impact, lang: str, groupings: Sequence[str] | None = None) -> Table:
    """The poverty rate of each group (of all groupings, or those named) before and with transfers, with errors, and its share of the poor."""
    seen = Seen(made, lang)
    say, line = seen.say, seen.line
    rows: list[Row] = []
    marked = False
    for grouping in (one for one in seen.groupings if groupings is None or one.name in groupings):
        rows.append(Row((_between(seen, grouping),), "heading"))
        for group in grouping.groups:
            found = [seen.find("fgt0", "", line, name, grouping.name, group.name) for name in (NONE, CURRENT)]
            few = any(figure and figure.few for figure in found)
            marked = marked or few
            cells: list[Cell] = [seen.title(group.title, group.name) + (MARK if few else "")]
            cells.append(seen.value("persons", "", "", "", grouping.name, group.name))
            for figure in found:
                cells += [number(figure), number(figure, "se"), interval(figure, PERCENT, seen)]
            cells.append(seen.value("poor_share", "", line, CURRENT, grouping.name, group.name))
            rows.append(Row(tuple(cells)))
    columns = [Column(say("imp_col_group")), Column(say("persons"), COUNT)]
    for name in (NONE, CURRENT):
        columns += [Column(seen.scenario(name), PERCENT), Column(ERROR, PERCENT), Column(say("imp_interval", level=level(seen)), PERCENT)]
    columns.append(Column(say("imp_of_the_poor"), PERCENT))
    caption = say("imp_table_group", line=seen.line_title(line), measure=seen.measure("fgt0"))
    return made_table(seen, caption, columns, rows, [seen.few] if marked else [])


def _between(seen: Seen, grouping: Grouping) -> str:
    """What a grouping is called, with the part of inequality that is between its groups."""
    title, share = seen.title(grouping.title, grouping.name), seen.value("theil_between_share", "", "", CURRENT, grouping.name)
    return title if share is None else seen.say("imp_between", title=title, share=seen.say.percent(share))


def reforms_table(made: Impact, lang: str) -> Table:
    """What each reform changes, whom it lifts out of poverty, what it costs in all and for each of them."""
    seen = Seen(made, lang)
    say, rows = seen.say, []
    for reform in seen.reforms:
        for line in made.lines:
            changed = seen.find("fgt0_change", CURRENT, line, reform)
            each = seen.find("cost_per_lifted", CURRENT, line, reform)
            cells: list[Cell] = [
                seen.scenario(reform),
                seen.line_title(line),
                number(changed),
                number(changed, "se"),
                interval(changed, PERCENT, seen),
            ]
            cells += [seen.value("lifted", CURRENT, line, reform), seen.value("cost", CURRENT, "", reform), number(each)]
            rows.append(Row(tuple(cells)))
    columns = [Column(say("imp_reform")), Column(say("imp_line")), Column(seen.measure("fgt0_change"), PERCENT), Column(ERROR, PERCENT)]
    columns += [Column(say("imp_interval", level=level(seen)), PERCENT), Column(say("imp_lifted"), COUNT)]
    columns += [Column(say("imp_cost"), COUNT, seen.unit), Column(say("imp_cost_each"), TWO, seen.unit)]
    return made_table(seen, say("imp_table_reforms"), columns, rows)


def winners_table(made: Impact, lang: str, scenario: str = CURRENT) -> Table:
    """Who gains and loses in each quantile of persons, and by how much; then of all."""
    seen = Seen(made, lang)
    say, against = seen.say, dict(seen.pairs)[scenario]
    rows, marked = [], False
    for group in (*seen.quantiles.groups, None):
        where = (QUANTILE, group.name) if group else ()
        found = [seen.find(measure, against, "", scenario, *where) for measure in ("winners", "losers", "mean_change")]
        few = any(figure and figure.few for figure in found)
        marked = marked or few
        name = (seen.title(group.title, group.name) if group else say("imp_all")) + (MARK if few else "")
        cells: list[Cell] = [name]
        for figure in found:
            cells += [number(figure), number(figure, "se")]
        rows.append(Row(tuple(cells), "data" if group else "total"))
    columns = [Column(seen.title(seen.quantiles.title, QUANTILE)), Column(say("imp_gain"), PERCENT), Column(ERROR, PERCENT)]
    columns += [Column(say("imp_lose"), PERCENT), Column(ERROR, PERCENT), Column(seen.measure("mean_change"), TWO, seen.unit), Column(ERROR, TWO)]
    caption = say("imp_table_winners", scenario=seen.scenario(scenario), against=seen.scenario(against))
    return made_table(seen, caption, columns, rows, [seen.few] if marked else [])


def hurt_table(made: Impact, lang: str) -> Table:
    """Fiscal impoverishment and gains of the poor, by line and scenario."""
    seen = Seen(made, lang)
    say, rows = seen.say, []
    for line in made.lines:
        rows.append(Row((seen.line_title(line),), "heading"))
        for scenario, against in seen.pairs:
            cells: list[Cell] = [seen.scenario(scenario)]
            for measure in ("impoverished", "gaining_poor", "fiscal_impoverishment", "fiscal_gains"):
                figure = seen.find(measure, against, line, scenario)
                cells += [number(figure), number(figure, "se")]
            rows.append(Row(tuple(cells)))
    columns = [Column(say("scenario"))]
    for measure, shape in (("impoverished", PERCENT), ("gaining_poor", PERCENT), ("fiscal_impoverishment", TWO), ("fiscal_gains", TWO)):
        columns += [Column(seen.measure(measure), shape), Column(ERROR, shape)]
    return made_table(seen, say("imp_table_hurt"), columns, rows, (say("imp_hurt_note", unit=seen.unit),))


def concepts_table(made: Impact, lang: str, scenario: str = CURRENT) -> Table:
    """Mean, inequality and poverty by income concept."""
    seen = Seen(made, lang)
    say, line = seen.say, seen.line
    shapes = {"income_mean": ONE, "income_gini": THREE, "income_fgt0": PERCENT, "income_fgt1": PERCENT}
    rows = []
    for concept in concepts_of(made, scenario):
        cells: list[Cell] = [seen.concept(concept)]
        for measure in shapes:
            figure = seen.find(measure, concept, line if measure.startswith("income_fgt") else "", scenario)
            cells += [number(figure), number(figure, "se")]
        rows.append(Row(tuple(cells)))
    columns = [Column(say("imp_concept"))]
    for measure, shape in shapes.items():
        columns += [Column(say(f"imp_head_{measure}"), shape), Column(ERROR, shape)]
    caption = say("imp_table_concepts", scenario=seen.scenario(scenario))
    return made_table(seen, caption, columns, rows, (say("imp_concepts_note", unit=seen.unit, line=seen.line_title(line)),))


def concepts_of(made: Impact, scenario: str = CURRENT) -> list[str]:
    """The income concepts that a study has."""
    return [figure.of for figure in made.select("income_gini", scenario=scenario)]


def budgets_table(made: Impact, lang: str) -> Table:
    """What each transfer costs a month in each scenario, exactly, and its part of all."""
    seen = Seen(made, lang)
    say = seen.say
    amounts = {(one.scenario, one.transfer): one.amount for one in made.budgets}
    names = [name for name in made.scenarios if any(scenario == name for scenario, _ in amounts)]
    totals = {name: sum((amount for (scenario, _), amount in amounts.items() if scenario == name), Decimal(0)) for name in names}
    rows = []
    for transfer in dict.fromkeys(transfer for _, transfer in amounts):
        cells: list[Cell] = [seen.transfer(transfer)]
        for name in names:
            amount = amounts.get((name, transfer))
            cells += [amount, None if amount is None or not totals[name] else decimal(float(amount / totals[name]))]
        rows.append(Row(tuple(cells)))
    rows.append(Row((say("imp_total"), *(cell for name in names for cell in (totals[name], Decimal(1)))), "total"))
    columns = [Column(say("imp_transfer"))]
    for name in names:
        columns += [Column(seen.scenario(name), COUNT, say("imp_unit_month", currency=made.currency)), Column(say("imp_share"), PERCENT)]
    return made_table(seen, say("imp_table_budgets"), columns, rows, (say("imp_budgets_note"),))


def deprived_table(made: Impact, lang: str) -> Table:
    """Multidimensional poverty: headcount, intensity, M0, and who is deprived in each indicator."""
    seen = Seen(made, lang)
    rows = []
    for measure in ("mpi_headcount", "mpi_intensity", "mpi"):
        figure = seen.find(measure, "", "", "")
        rows.append(Row((seen.measure(measure), number(figure), number(figure, "se"), interval(figure, PERCENT, seen))))
    for figure in made.select("deprived", scenario="", grouping="all"):
        name = seen.say("imp_deprived", indicator=seen.indicator(figure.of))
        rows.append(Row((name, number(figure), number(figure, "se"), interval(figure, PERCENT, seen))))
    columns = [Column(seen.say("imp_indicator")), Column(seen.say("imp_share"), PERCENT), Column(ERROR, PERCENT)]
    columns.append(Column(seen.say("imp_interval", level=level(seen)), PERCENT))
    return made_table(seen, seen.say("imp_table_deprived"), columns, rows)
