"""Charts of a costing. Each function gives a `Drawing`: `.chart` is the Altair chart, `drawing.save` writes it.

Shares are of GDP. Years stand on the horizontal axis as plain numbers. Widths and heights are in points of the plot, without labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from ..analysis.model import Costing, ScenarioResult
from . import figures, look
from .drawing import Drawing
from .words import Words

if TYPE_CHECKING:
    import altair

Rows = list[dict[str, Any]]
Measure = Literal["gross", "benefits", "net"]


def source_line(costing: Costing, say: Words) -> str:
    """The line under a chart: who calculated it, from which data."""
    return say("source_line", country=say.title(costing.title), version=costing.version)


def drawing(bare: Any, costing: Costing, say: Words, title: str, subtitle: str, alt: str, width: int) -> Drawing:
    return Drawing(bare, say.lang, title, subtitle, source_line(costing, say), alt, width)


def chart(rows: Rows) -> Any:
    """An Altair chart of the rows, which travel inside it. (Any: Altair's marks do not tell their type.)"""
    import altair as alt

    return alt.Chart(alt.InlineData(tuple(rows)))


def years_axis(years: Sequence[int], width: int) -> altair.X:
    """Years as plain numbers, no more than fit."""
    import altair as alt

    return alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[years[0], years[-1]], nice=False),
        axis=alt.Axis(format="d", values=ticks(years, width), labelFlush=True),
    )


def ticks(years: Sequence[int], width: int) -> list[int]:
    """Round years between the first and the last, about one for every 55 points."""
    room = max(2, width // 55)
    step = next((s for s in (1, 2, 5, 10, 20, 50) if (years[-1] - years[0]) / s <= room), 100)
    inner = [year for year in years if year % step == 0]
    return inner if len(inner) > 1 else [years[0], years[-1]]


def percent_axis(title: str, digits: int = 1) -> altair.Axis:
    import altair as alt

    return alt.Axis(format=f".{digits}%", title=title, titleAngle=0, titleAlign="left", titleAnchor="start", titleX=0, titleY=-14, tickCount=5)


def digits_of(shares: Sequence[float]) -> int:
    """Decimals of percent that let five ticks differ."""
    largest = max((abs(share) for share in shares), default=0.0)
    return 0 if largest >= 0.08 else 1 if largest >= 0.008 else 2 if largest >= 0.0008 else 3


def lines(
    rows: Rows, order: Sequence[str], years: Sequence[int], axis_title: str, width: int, height: int, places: Sequence[int] = (), panels: int = 1
) -> Any:
    """Lines over years, told apart by colour and dash; `name` is the series, `value` a share; `places`: which colour each has."""
    import altair as alt

    shown = alt.Legend(columns=columns(order, panels * width), symbolType="stroke", offset=30)
    places = places or range(len(order))
    colours = [look.LINES[at % len(look.LINES)] for at in places]
    dashes = [list(look.DASHES[at % len(look.DASHES)]) for at in places]
    top = max([row["value"] for row in rows], default=0.0)
    bottom = min([0.0, *(row["value"] for row in rows)])
    return (
        chart(rows)
        .mark_line(point=alt.OverlayMarkDef(size=45) if len(years) <= 2 else False, clip=False)
        .encode(
            x=years_axis(years, width),
            y=alt.Y("value:Q", axis=percent_axis(axis_title, digits_of([top, bottom])), scale=alt.Scale(domain=[bottom, top or 0.01], nice=True)),
            color=alt.Color("name:N", scale=alt.Scale(domain=list(order), range=colours), legend=shown, sort=list(order)),
            strokeDash=alt.StrokeDash("name:N", scale=alt.Scale(domain=list(order), range=dashes), legend=shown, sort=list(order)),
        )
        .properties(width=width, height=height)
    )


def columns(names: Sequence[str], width: int) -> int:
    """The most columns of a legend (filled row by row) that fit beside each other."""
    for count in range(len(names), 1, -1):
        if sum(max(5.9 * min(54, len(name)) + 42 for name in names[at::count]) for at in range(count)) <= width:
            return count
    return 1


def cost_share(costing: Costing, lang: str, width: int = 560, height: int = 260) -> Drawing:
    """What each scenario spends, gross, as a share of GDP."""
    say = Words(lang, costing.currency)
    order = [say.title(item.title) for item in costing.scenarios]
    rows: Rows = []
    for result in costing.scenarios:
        for year in result.budget:
            rows.append({"year": year.year, "name": say.title(result.title), "value": float(year.share_of_gdp)})
    last = costing.years[-1]
    ends = [f"{row['name']} {say.percent(Decimal(str(row['value'])))}" for row in rows if row["year"] == last]
    alt = say("alt_cost_share", first=costing.years[0], last=last, ends=say.chain(ends))
    bare = lines(rows, order, costing.years, say("share_of_gdp"), width, height)
    return drawing(bare, costing, say, say("chart_cost_share"), say("chart_cost_share_more"), alt, width)


def cost_by(
    costing: Costing, lang: str, scenario: str | None = None, by: Literal["branch", "scheme"] = "branch", width: int = 560, height: int = 280
) -> Drawing:
    """A scenario's gross spending, stacked by branch or by scheme (the largest, and the rest as one), as a share of GDP."""
    import altair as alt

    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    sums = _spending(costing, result, say, by)
    order, rows = _stack(sums, say("other_schemes"), figures.accounts(result))
    names = {name: at for at, name in enumerate(order)}
    colours = [look.REST if name == say("other_schemes") else look.STACK[at % 9] for name, at in names.items()]
    rows = [{**row, "place": names[row["name"]]} for row in rows]
    by_year = {year: sum(row["value"] for row in rows if row["year"] == year) for year in costing.years}
    bare = (
        chart(rows)
        .mark_bar(stroke=look.PAPER, strokeWidth=0.6)
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(values=ticks(costing.years, width), labelAngle=0), scale=alt.Scale(paddingInner=0.12)),
            y=alt.Y("value:Q", axis=percent_axis(say("share_of_gdp"), digits_of(list(by_year.values()))), stack="zero"),
            color=alt.Color(
                "name:N",
                scale=alt.Scale(domain=order, range=colours),
                sort=order,
                legend=alt.Legend(columns=columns(order, width), symbolType="square", symbolStrokeWidth=0, offset=30),
            ),
            order=alt.Order("place:Q"),
        )
        .properties(width=width, height=height)
    )
    title = say(f"chart_cost_by_{by}", scenario=say.title(result.title))
    last = costing.years[-1]
    largest = max(order, key=lambda name: sum(row["value"] for row in rows if row["name"] == name and row["year"] == last), default="")
    alt_text = say("alt_cost_by", title=title, largest=largest, year=last, total=say.percent(Decimal(str(by_year[last]))))
    return drawing(bare, costing, say, title, say("chart_cost_share_more"), alt_text, width)


def _spending(costing: Costing, result: ScenarioResult, say: Words, by: str) -> Mapping[str, Mapping[int, Decimal]]:
    """Gross spending by branch or scheme title, and year."""
    found: dict[str, dict[int, Decimal]] = {}
    labels = {label.name: label for label in costing.schemes}
    for line in result.lines:
        label = labels[line.scheme]
        name = say.label("branches", label.branch) if by == "branch" else say.title(label.title)
        years = found.setdefault(name, {})
        years[line.year] = years.get(line.year, figures.ZERO) + line.gross
    return found


def _stack(sums: Mapping[str, Mapping[int, Decimal]], rest: str, accounts: Mapping[int, Any]) -> tuple[list[str], Rows]:
    """The names from the largest to the smallest (beyond nine, the smallest become one) and their shares of GDP."""
    ranked = sorted((name for name in sums if any(sums[name].values())), key=lambda name: -sum(sums[name].values()))
    shown = ranked if len(ranked) <= 9 else ranked[:8]
    order = [*shown, rest] if len(ranked) > len(shown) else shown
    rows: Rows = []
    for year, account in accounts.items():
        for name in order:
            parts = [name] if name in sums else ranked[len(shown) :]
            spent = figures.total(sums[part].get(year, figures.ZERO) for part in parts)
            rows.append({"year": year, "name": name, "value": float(figures.ratio(spent, account.gdp) or 0)})
    return order, rows


def beneficiaries(costing: Costing, lang: str, scenario: str | None = None, width: int = 380) -> Drawing:
    """Who is paid by each scheme of a scenario in the first and in the last year."""
    import altair as alt

    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    points, ends = _paid(costing, result, say)
    order = [row["name"] for row in ends]
    first, last = say.year(costing.years[0]), say.year(costing.years[-1])
    scale = say.persons_scale([row["value"] for row in points])
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=300, offset=8))
    x = alt.X("value:Q", title=say("persons_unit", unit=scale.unit) if scale.unit else say("persons"),
              axis=alt.Axis(grid=True, tickCount=max(2, width // 80), format=",d"))  # fmt: skip
    marks = [{**row, "value": float(scale(row["value"]))} for row in points]
    spans = [
        {"name": row["name"], "value": float(scale(row["from"])), "to": float(scale(row["to"])), "end": float(scale(max(row["from"], row["to"]))),
         "said": f"{_short(scale(row['from']), say)} → {_short(scale(row['to']), say)}"}
        for row in ends
    ]  # fmt: skip
    rule = chart(spans).mark_rule(color=look.RULE, strokeWidth=4).encode(y=y, x=x, x2="to:Q")
    texts = chart(spans).mark_text(align="left", dx=10, fontSize=10.5, color=look.SOFT).encode(y=y, x=alt.X("end:Q"), text="said:N")
    colour = alt.Color("year:N", scale=alt.Scale(domain=[first, last], range=[look.LOW, look.ACCENT]), legend=alt.Legend(columns=2))
    shape = alt.Shape("year:N", scale=alt.Scale(domain=[first, last], range=["circle", "diamond"]), legend=alt.Legend(columns=2))
    dots = chart(marks).mark_point(filled=True, size=80, opacity=1).encode(y=y, x=x, color=colour, shape=shape)
    bare = alt.layer(rule, texts, dots).properties(width=width, height=(24 if len(order) <= 12 else 19) * max(1, len(order)))
    said = [say.pair(row["name"], say.count(row["to"])) for row in ends[:3]]
    alt_text = say("alt_beneficiaries", scenario=say.title(result.title), first=first, last=last, ends=say.chain(said))
    title = say("chart_beneficiaries", scenario=say.title(result.title))
    return drawing(bare, costing, say, title, say("chart_beneficiaries_more"), alt_text, width + 140)


def _short(number: Decimal, say: Words) -> str:
    """A number of an axis: small ones with a decimal."""
    return say.number(number, 1 if 0 < number < 100 else 0)


def _paid(costing: Costing, result: ScenarioResult, say: Words) -> tuple[Rows, Rows]:
    """Points (name, year, value) and, by scheme from the largest, both ends; schemes that pay benefits only."""
    by = figures.lines_by(result)
    first, last = costing.years[0], costing.years[-1]
    points: Rows = []
    ends: Rows = []
    for label in figures.schemes_of(costing, result):
        if not figures.pays(result, label.name):
            continue
        values = [by[(label.name, year)].paid if (label.name, year) in by else figures.ZERO for year in (first, last)]
        name = say.title(label.title)
        name = say("name_households", name=name) if label.unit == "household" else name
        points += [{"name": name, "year": say.year(year), "value": value} for year, value in zip((first, last), values, strict=True)]
        ends.append({"name": name, "from": values[0], "to": values[1]})
    return points, sorted(ends, key=lambda row: -row["to"])


def contributions(costing: Costing, lang: str, scenario: str | None = None, width: int = 560, height: int = 260) -> Drawing:
    """A scenario's gross spending and what contributions bring, as shares of GDP."""
    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    accounts = figures.accounts(result)
    spent, received = say("gross_expenditure"), say("contributions")
    rows: Rows = []
    for year in result.budget:
        gdp = accounts[year.year].gdp
        rows.append({"year": year.year, "name": spent, "value": float(figures.ratio(year.gross, gdp) or 0)})
        rows.append({"year": year.year, "name": received, "value": float(figures.ratio(year.contributions, gdp) or 0)})
    last = rows[-2:]
    alt_text = say("alt_contributions", scenario=say.title(result.title), year=costing.years[-1],
                   spent=say.percent(Decimal(str(last[0]["value"]))), received=say.percent(Decimal(str(last[1]["value"]))))  # fmt: skip
    bare = lines(rows, [spent, received], costing.years, say("share_of_gdp"), width, height)
    title = say("chart_contributions", scenario=say.title(result.title))
    return drawing(bare, costing, say, title, say("chart_contributions_more"), alt_text, width)


def scheme(costing: Costing, name: str, lang: str, width: int = 250, height: int = 170) -> Drawing:
    """Two panels: what a scheme costs as a share of GDP, and how many it pays, in each scenario that has it."""
    import altair as alt

    say = Words(lang, costing.currency)
    label = figures.label_of(costing, name)
    having = [result for result in costing.scenarios if any(line.scheme == name for line in result.lines)]
    order = [say.title(result.title) for result in having]
    pays = any(figures.pays(result, name) for result in having)
    costs: Rows = []
    people: Rows = []
    for result in having:
        accounts = figures.accounts(result)
        for line in (item for item in result.lines if item.scheme == name):
            amount = line.gross if pays else line.contributed
            costs.append({"year": line.year, "name": say.title(result.title), "value": float(figures.ratio(amount, accounts[line.year].gdp) or 0)})
            people.append({"year": line.year, "name": say.title(result.title), "value": float(line.paid)})
    places = [costing.scenarios.index(result) for result in having]
    left = lines(costs, order, costing.years, say("gross_share" if pays else "contributions_share"), width, height, places, 2)
    right = lines(people, order, costing.years, "", width, height, places, 2)
    many = max([row["value"] for row in people], default=0.0) >= 100_000
    unit = f"{say(figures.word(label, 'paid_persons') if pays else 'contributors')}{say('in_thousands') if many else ''}"
    for row in people:
        row["value"] = row["value"] / 1000 if many else row["value"]
    top = max([row["value"] for row in people], default=1.0) or 1.0
    axis = percent_axis(unit)
    axis.format = ",d" if top >= 5 else ",.1f"
    right = right.encode(y=alt.Y("value:Q", axis=axis, scale=alt.Scale(domain=[0, top], nice=True)))
    right.data = alt.InlineData(tuple(people))
    bare = alt.hconcat(left, right, spacing=30)
    title = say.title(label.title)
    alt_text = say("alt_scheme", scheme=title, first=costing.years[0], last=costing.years[-1])
    return drawing(bare, costing, say, title, say("chart_scheme_more" if pays else "chart_contributors_more"), alt_text, 2 * width + 60)
