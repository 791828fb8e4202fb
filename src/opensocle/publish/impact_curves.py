"""Charts of the curves of a study of impact: Lorenz curves, concentration curves by scheme, growth along the distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..analysis.impact.model import CURRENT, NONE, Impact
from . import look
from .charts import Rows, chart, columns
from .drawing import Drawing, wrapped
from .impact_schemes import MARK
from .impact_seen import Seen, decimal

DIAGONAL = [{"x": 0.0, "y": 0.0}, {"x": 1.0, "y": 1.0}]


def drawn(bare: Any, seen: Seen, title: str, subtitle: str, alt: str, width: int) -> Drawing:
    return Drawing(bare, seen.say.lang, title, subtitle, seen.source, alt, width)


def _axes(x_title: str, y_title: str, ticks: int = 5) -> tuple[Any, Any]:
    """Both axes of a curve of shares."""
    import altair as alt

    scale = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("x:Q", scale=scale, axis=alt.Axis(format=".0%", title=x_title or None, tickCount=ticks, grid=False))
    y = alt.Y("y:Q", scale=scale, axis=top_title(y_title, ".0%", ticks))
    return x, y


def top_title(title: str, form: str, ticks: int = 5) -> Any:
    """An axis whose title stands above it, in the reader's direction."""
    import altair as alt

    return alt.Axis(format=form, title=title or None, titleAngle=0, titleAlign="left", titleAnchor="start", titleX=0, titleY=-14, tickCount=ticks)


def points(curve: Any, name: str) -> Rows:
    """The points of a curve that are numbers."""
    return [{"x": x, "y": y, "name": name} for x, y in zip(curve.x, curve.y, strict=True) if decimal(y) is not None]


def lorenz(made: Impact, lang: str, width: int = 330) -> Drawing:
    """The share of all welfare that the poorest have, before and with transfers, against equal shares."""
    import altair as alt

    seen = Seen(made, lang)
    say = seen.say
    names = [name for name in made.scenarios if seen.curve("lorenz", "", name)]
    order = [seen.scenario(name) for name in names]
    rows = [row for name in names for row in points(seen.curve("lorenz", "", name), seen.scenario(name))]
    x, y = _axes(say("imp_persons_from_poorest"), say("imp_share_of_welfare"))
    legend = alt.Legend(columns=columns(order, width), symbolType="stroke", offset=26)
    colours = [look.LINES[at % len(look.LINES)] for at in range(len(order))]
    dashes = [list(look.DASHES[at % len(look.DASHES)]) for at in range(len(order))]
    curves = (
        chart(rows)
        .mark_line()
        .encode(
            x=x,
            y=y,
            color=alt.Color("name:N", scale=alt.Scale(domain=order, range=colours), legend=legend, sort=order),
            strokeDash=alt.StrokeDash("name:N", scale=alt.Scale(domain=order, range=dashes), legend=legend, sort=order),
        )
    )
    bare = alt.layer(chart(DIAGONAL).mark_line(color=look.RULE, strokeWidth=1.5).encode(x=x, y=y), curves).properties(width=width, height=width)
    ginis = [say.pair(seen.scenario(name), say.number(seen.value("gini", "", "", name), 3)) for name in names]
    return drawn(bare, seen, say("imp_chart_lorenz"), say("imp_chart_lorenz_more"), say("imp_alt_lorenz", ginis=say.chain(ginis)), width)


def layer() -> Any:
    """A layer of a small chart, without data of its own."""
    import altair as alt

    return alt.Chart()


def faceted(layers: Sequence[Any], rows: Rows, names: Sequence[str], across: int, width: int, height: int, shared: bool = True) -> Any:
    """Small charts side by side, one a name, from rows with `panel`. shared: whether all have the same vertical axis."""
    import altair as alt

    lines = {name: two_lines(name, width) for name in names}
    rows = [{**row, "panel": lines[row["panel"]]} for row in rows]
    header = alt.Header(
        title=None, labelExpr="split(datum.label, '|')", labelAnchor="start", labelFontSize=10.5, labelFontWeight="bold", labelPadding=4,
        labelAlign="left", labelLimit=width + 16, labelColor=look.INK, labelLineHeight=12,
    )  # fmt: skip
    each = alt.layer(*layers).properties(width=width, height=height)
    facet = alt.Facet("panel:N", sort=[lines[name] for name in names], header=header)
    made = each.facet(facet, columns=across, data=alt.InlineData(tuple(rows)), spacing={"row": 14, "column": 22})
    return made if shared else made.resolve_scale(y="independent")


def two_lines(text: str, width: int) -> str:
    """The title of a small chart, in two lines at most, parted by a bar."""
    room = int(width / 5.6)
    lines = wrapped(text, room)
    return "|".join(lines if len(lines) < 3 else [lines[0], lines[1][: room - 1].rstrip() + "…"])


def heading(text: str, width: int) -> Any:
    """The title of a chart among others."""
    import altair as alt

    return alt.TitleParams(text=two_lines(text, width).split("|"), fontSize=10.5, fontWeight="bold", anchor="start", offset=6)


def side_by_side(panels: Sequence[Any], across: int) -> Any:
    """Charts in rows of so many."""
    import altair as alt

    lines = [alt.hconcat(*panels[at : at + across], spacing=22) for at in range(0, len(panels), across)]
    return alt.vconcat(*lines, spacing=16)


def concentration(made: Impact, lang: str, scenario: str = CURRENT, width: int = 108) -> Drawing:
    """A small chart a scheme: the share of its money that the poorest have, with the Lorenz curve before transfers and the line of equal shares."""
    import altair as alt

    seen = Seen(made, lang)
    say = seen.say
    paid = [name for name in seen.paid(scenario) if seen.curve("concentration", name, scenario)]
    titles = {name: seen.transfer(name) + (MARK if seen.rare(name, scenario) else "") for name in paid}
    kinds = (("equal", DIAGONAL), ("before", points(seen.curve("lorenz", "", NONE), "")))
    rows: Rows = []
    for name in paid:
        rows += [{**row, "kind": kind, "panel": titles[name]} for kind, found in kinds for row in found]
        kind = "rare" if seen.rare(name, scenario) else "money"
        rows += [{**row, "kind": kind, "panel": titles[name]} for row in points(seen.curve("concentration", name, scenario), "")]
    x, y = _axes("", "", 2)
    order = ["equal", "before", "money", "rare"]
    styles = {
        "color": alt.Color("kind:N", scale=alt.Scale(domain=order, range=[look.RULE, look.SOFT, look.ACCENT, look.ACCENT]), legend=None),
        "strokeDash": alt.StrokeDash("kind:N", scale=alt.Scale(domain=order, range=[[1, 0], [2, 2], [1, 0], [5, 3]]), legend=None),
        "strokeWidth": alt.StrokeWidth("kind:N", scale=alt.Scale(domain=order, range=[1.2, 1.2, 2.4, 1.4]), legend=None),
    }
    bare = faceted([layer().mark_line().encode(x=x, y=y, **styles)], rows, [titles[name] for name in paid], 4, width, width)
    told = [say.pair(seen.transfer(name), say.number(seen.value("concentration", name, "", scenario), 2)) for name in paid]
    more = say("imp_chart_concentration_more") + (f" {say('imp_hollow_line')}" if any(seen.rare(name, scenario) for name in paid) else "")
    title = say("imp_chart_concentration", scenario=seen.scenario(scenario))
    return drawn(bare, seen, title, more, say("imp_alt_concentration", found=say.chain(told)), 4 * width + 100)


def growth_incidence(made: Impact, lang: str, width: int = 250, height: int = 170) -> Drawing:
    """By how much mean welfare changes in each twentieth of persons, ranked before transfers: a chart for each scenario."""
    import altair as alt

    seen = Seen(made, lang)
    say, panels, told = seen.say, [], []
    for scenario, against in seen.pairs:
        rows = points(seen.curve("growth_rate", against, scenario), "")
        x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", title=say("imp_persons_from_poorest"), tickCount=5))
        top, low = max([0.0, *(row["y"] for row in rows)]), min([0.0, *(row["y"] for row in rows)])
        y = alt.Y("y:Q", scale=alt.Scale(domain=[low, top or 0.01], nice=True), axis=top_title(say("imp_change"), "+.0%"))
        lines = chart(rows).mark_line(color=look.ACCENT, point=alt.OverlayMarkDef(color=look.ACCENT, size=28)).encode(x=x, y=y)
        zero = chart([{"y": 0.0}]).mark_rule(color=look.SOFT, strokeWidth=1).encode(y=alt.Y("y:Q"))
        name = say("imp_against", scenario=seen.scenario(scenario), against=seen.scenario(against))
        panels.append(alt.layer(zero, lines).properties(width=width, height=height, title=heading(seen.scenario(scenario), width)))
        if rows:
            first, last = (say.percent(decimal(rows[at]["y"]), 0) for at in (0, -1))
            told.append(say("imp_alt_growth_one", name=name, first=first, last=last))
    alt_text = say("imp_alt_growth", found=say.chain(told))
    return drawn(side_by_side(panels, 2), seen, say("imp_chart_growth"), say("imp_chart_growth_more"), alt_text, min(len(panels), 2) * (width + 40))
