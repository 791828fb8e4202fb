"""Charts of the budget, of what the result depends on, and of the population."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ..analysis.model import Costing, Sourced, Swing
from ..errors import InputError
from . import figures, look
from .charts import Rows, chart, digits_of, drawing
from .drawing import Drawing
from .naming import path_title, unit_of, value_text
from .words import Scale, Words

FIVE = 5
"""Years of age in a bar of the pyramid."""


def fiscal_space(costing: Costing, lang: str, scenario: str | None = None, year: int | None = None, width: int = 420) -> Drawing:
    """A waterfall: from gross spending down to the gap, and through the levers to what remains to be found; shares of GDP of one year."""
    import altair as alt

    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    year = year or figures.focus_year(costing)
    if year not in figures.budgets(result):
        raise InputError("U065", f"the costing has no year {year}", hint=f"{costing.years[0]} to {costing.years[-1]}")
    steps = waterfall(costing, lang, result.name, year)
    order = [step["name"] for step in steps]
    kinds, colours = ["sum", "less"], [look.NEUTRAL, look.GOOD]
    values = [abs(step["value"]) for step in steps]
    digits = max(1, digits_of(values))
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=260))
    low, high = min(0.0, *(min(s["from"], s["to"]) for s in steps)), max(s["to"] for s in steps)
    span = (high - low) or 0.01
    ends = [low - (0.06 * span if low < 0 else 0), high + span * 52 / max(60, width - 52)]  # with room for the figures beside the bars
    axis = alt.Axis(format=f".{digits_of(values)}%", grid=True, tickCount=5)
    x = alt.X("from:Q", title=say("share_of_gdp"), axis=axis, scale=alt.Scale(domain=ends, nice=False, zero=True))
    base = chart(steps)
    bars = base.mark_bar(size=12).encode(y=y, x=x, x2="to:Q", color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=colours), legend=None))
    texts = base.mark_text(align="left", dx=5, color=look.INK, fontSize=11).encode(y=y, x=alt.X("end:Q"), text="said:N")
    for step in steps:
        sign = "\u2212" if step["kind"] == "less" and step["value"] > 0 else ""
        step["said"] = sign + say.percent(Decimal(str(step["value"])), digits)
        step["end"] = max(step["from"], step["to"])
    bare = alt.layer(bars, texts).properties(width=width, height=17 * len(steps))
    title = say("chart_fiscal_space", scenario=say.title(result.title), year=year)
    alt_text = say.pair(title, say.chain(f"{step['name']} {step['said']}" for step in steps))
    return drawing(bare, costing, say, title, say("chart_fiscal_space_more"), alt_text, width + 150)


def waterfall(costing: Costing, lang: str, scenario: str, year: int) -> Rows:
    """The steps from gross spending to what remains, each with `name`, `kind` (sum or less), `from`, `to` and `value`, shares of GDP."""
    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    budget, gdp = figures.budgets(result)[year], figures.accounts(result)[year].gdp
    parts = [(say("already"), budget.already), (say("offset"), budget.offset)]
    levers = [(say.title(lever.title), lever.amounts.get(year, figures.ZERO)) for lever in result.levers]
    steps: Rows = []
    level = 0.0

    def add(name: str, amount: Decimal, kind: str) -> None:
        nonlocal level
        value = float(figures.ratio(amount, gdp) or 0)
        start, end = (0.0, value) if kind == "sum" else (level - value, level)
        level = value if kind == "sum" else level - value
        steps.append({"name": name, "kind": kind, "from": start, "to": end, "value": value})

    add(say("gross_expenditure"), budget.gross, "sum")
    if budget.contributions:
        add(say("contributions"), budget.contributions, "less")
    if result.baseline:
        add(say("net_cost"), budget.net, "sum")
    for name, amount in parts:
        if amount:
            add(name, amount, "less")
    add(say(figures.need(result)), budget.gap, "sum")
    for name, amount in levers:
        if amount:
            add(name, amount, "less")
    if budget.levers:
        add(say("remaining"), budget.remaining, "sum")
    return steps


def tornado(costing: Costing, lang: str, scenario: str | None = None, width: int = 380) -> Drawing:
    """How far each assumption moves the net cost, low and high, from the widest down."""
    import altair as alt

    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    if not result.sensitivity:
        raise InputError("U066", f"the scenario {result.name!r} has no sensitivity", hint="write sensitivity: into the scenario")
    swings = sorted(result.sensitivity, key=lambda swing: -abs(swing.high - swing.low))
    scale = say.scale([value for swing in swings for value in (swing.low, swing.base, swing.high)], 10**10)
    known = {item.path: item for item in result.assumptions}
    rows = _bars(costing, swings, known, say, scale)
    order = list(dict.fromkeys(row["name"] for row in rows))
    base = float(scale(swings[0].base))
    ends = [row["to"] for row in rows]
    reach = (max(ends) - min(ends)) or 1.0
    room = reach * 48 / max(60, width - 96)  # for the values beside the bars
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=300))
    x = alt.X("from:Q", title=say("net_cost_in", unit=scale.unit), axis=alt.Axis(format=",d" if reach >= 5 else ",.1f", grid=True, tickCount=4),
              scale=alt.Scale(domain=[min(*ends, base) - room, max(*ends, base) + room], zero=False, nice=False))  # fmt: skip
    sides = [say("low_value"), say("high_value")]
    colour = alt.Color("side:N", scale=alt.Scale(domain=sides, range=[look.LOW, look.HIGH]), legend=alt.Legend(columns=2, symbolType="square"))
    swung = chart(rows)
    bars = swung.mark_bar(size=18).encode(y=y, x=x, x2="to:Q", color=colour)
    left = swung.transform_filter("datum.left").mark_text(align="right", dx=-5, fontSize=11, color=look.INK)
    right = swung.transform_filter("!datum.left").mark_text(align="left", dx=5, fontSize=11, color=look.INK)
    texts = [side.encode(y=y, x=alt.X("at:Q"), text="said:N") for side in (left, right)]
    rule = chart([{"base": base}]).mark_rule(color=look.INK, strokeWidth=1.2).encode(x="base:Q")
    bare = alt.layer(bars, *texts, rule).properties(width=width, height=30 * len(order))
    title = say("chart_tornado", scenario=say.title(result.title))
    ends_said = (say.pair(f"{row['name']} {row['said']}", say.number(Decimal(str(row["to"])), 1)) for row in rows)
    alt_text = say.pair(title, say.chain(ends_said))
    return drawing(bare, costing, say, title, say("chart_tornado_more"), alt_text, width + 170)


def _bars(costing: Costing, swings: Sequence[Swing], known: dict[str, Sourced], say: Words, scale: Any) -> Rows:
    rows: Rows = []
    for swing in swings:
        name = path_title(swing.path, costing, known, say)
        unit = unit_of(swing.path, known)
        sides = (("low_value", swing.low_value, swing.low, swing.high), ("high_value", swing.high_value, swing.high, swing.low))
        for side, value, end, other in sides:
            left = (end, side == "high_value") < (other, side == "low_value")  # its value stands beside the bars, one on each side
            at = min(end, swing.base) if left else max(end, swing.base)
            rows.append({"name": name, "side": say(side), "from": float(scale(swing.base)), "to": float(scale(end)), "left": left,
                         "at": float(scale(at)), "said": value_text(value, swing.path, unit, say)})  # fmt: skip
    return rows


def population(
    costing: Costing, lang: str, scenario: str | None = None, years: tuple[int, int] | None = None, width: int = 480, height: int = 300
) -> Drawing:
    """The pyramid of a scenario's people by five-year age groups in two years, the first and the last where none are named.

    Raises InputError U065 where the costing has no people by age, or not of these years.
    """
    found = {item.year: item for item in figures.scenario(costing, scenario).people}
    chosen = years or (costing.years[0], costing.years[-1])
    missing = [year for year in chosen if year not in found]
    if missing:
        raise InputError("U065", f"the costing has no people by age of {missing[0]}", hint="cost the scenario again, or take another year")
    oldest = len(found[chosen[0]].men) - 1
    starts = range(0, oldest + 1, FIVE)
    ages = [f"{start}–{start + FIVE - 1}" if start + FIVE <= oldest else f"{start}+" for start in starts]
    men, women = (
        tuple([figures.total(getattr(found[year], side)[start : start + FIVE]) for start in starts] for year in chosen) for side in ("men", "women")
    )
    return pyramid(costing, lang, ages, (men[0], men[1]), (women[0], women[1]), chosen, width, height)


def pyramid(
    costing: Costing,
    lang: str,
    ages: Sequence[str],
    men: tuple[Sequence[Decimal], Sequence[Decimal]],
    women: tuple[Sequence[Decimal], Sequence[Decimal]],
    years: tuple[int, int],
    width: int = 480,
    height: int = 300,
) -> Drawing:
    """Men and women by age group (youngest first), persons, in a first year (outline) and a last year (filled). Raises InputError U067."""
    import altair as alt

    say = Words(lang, costing.currency)
    columns = (*men, *women)
    if any(len(column) != len(ages) for column in columns):
        raise InputError("U067", f"the columns of the pyramid do not all have {len(ages)} age groups")
    scale = say.persons_scale([number for column in columns for number in column])
    rows = _sides(ages, men, women, years, scale, say)
    limit = max([abs(row["value"]) for row in rows], default=1.0) or 1.0
    y = alt.Y(
        "age:O", sort=list(reversed(ages)), title=None, axis=alt.Axis(domain=False, ticks=False, labelOverlap=True), scale=alt.Scale(paddingInner=0.1)
    )
    form = ",d" if limit >= 5 else ",.1f"
    axis = alt.Axis(labelExpr=f"format(abs(datum.value), '{form}')", grid=True, tickCount=7)
    x = alt.X("value:Q", title=say("persons_unit", unit=scale.unit), scale=alt.Scale(domain=[-limit, limit], nice=True), axis=axis)
    sexes = [say("men"), say("women")]
    colour = alt.Color("sex:N", scale=alt.Scale(domain=sexes, range=[look.ACCENT, look.BAD]), legend=alt.Legend(columns=2, symbolType="square"))
    filled = chart([row for row in rows if row["year"] == say.year(years[1])]).mark_bar(opacity=0.75).encode(y=y, x=x, color=colour)
    outline = (
        chart([row for row in rows if row["year"] == say.year(years[0])])
        .mark_bar(filled=False, stroke=look.INK, strokeWidth=1.1)
        .encode(y=y, x=x, detail="sex:N")
    )
    bare = alt.layer(filled, outline).properties(width=width, height=height)
    title = say("chart_pyramid", first=years[0], last=years[1])
    sums = [say.count(sum((*men[at], *women[at]), Decimal(0))) for at in (0, 1)]
    return drawing(bare, costing, say, title, say("chart_pyramid_more", first=years[0], last=years[1]),
                   say("alt_pyramid", first=years[0], last=years[1], before=sums[0], after=sums[1]), width)  # fmt: skip


def _sides(
    ages: Sequence[str],
    men: tuple[Sequence[Decimal], Sequence[Decimal]],
    women: tuple[Sequence[Decimal], Sequence[Decimal]],
    years: tuple[int, int],
    scale: Scale,
    say: Words,
) -> Rows:
    """The bars of a pyramid: men to the left of zero, women to the right."""
    rows: Rows = []
    for at, year in enumerate(years):
        for side, column, sign in (("men", men[at], -1), ("women", women[at], 1)):
            rows += [{"age": age, "place": place, "year": say.year(year), "sex": say(side), "value": sign * float(scale(column[place]))}
                     for place, age in enumerate(ages)]  # fmt: skip
    return rows
