"""Charts of a study of impact in dots with their confidence intervals: poverty by group, what each scheme adds, redistribution in parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..analysis.impact.model import ALL, CURRENT, NONE, Figure, Impact
from . import look
from .charts import Rows, chart
from .drawing import Drawing
from .impact_curves import drawn, heading
from .impact_seen import Seen, number
from .impact_tables import MARK

COLOURS = (look.BAD, look.ACCENT)
SHAPES = ("circle", "diamond")
ROW = 25


def point(figure: Figure | None, **more: Any) -> list[dict[str, Any]]:
    """A row of a chart for a figure that is defined; without an error its interval is the estimate."""
    if figure is None or number(figure) is None:
        return []
    low, high = (getattr(figure, end) if number(figure, end) is not None else figure.estimate for end in ("low", "high"))
    return [{"value": figure.estimate, "low": low, "high": high, "few": figure.few, **more}]


def poverty_groups(made: Impact, lang: str, groupings: Sequence[str] | None = None, width: int = 330) -> Drawing:
    """The poverty rate of each group before and with transfers, with confidence intervals."""
    import altair as alt

    seen = Seen(made, lang)
    say, line = seen.say, seen.line
    wanted = [one for one in made.groupings if one.name == ALL or one.name in (groupings or [other.name for other in seen.groupings])]
    names = [seen.scenario(NONE), seen.scenario(CURRENT)]
    found = {one.name: _rows(seen, one, line) for one in wanted if one in [*seen.groupings, made.grouping(ALL)]}
    top = max((row["high"] for rows in found.values() for row in rows), default=1.0)
    blocks, marked = [], any(row["few"] for rows in found.values() for row in rows)
    shown = [one for one in wanted if found.get(one.name)]
    for at, one in enumerate(shown):
        last = at == len(shown) - 1
        across = {
            "scale": alt.Scale(domain=[0, min(1.0, top)], nice=True),
            "axis": alt.Axis(format=".0%", tickCount=6, grid=True, labels=last, ticks=last, domain=last),
        }
        blocks.append(
            _dots(found[one.name], names, across, width, heading(seen.title(one.title, one.name), width + 100) if one.name != ALL else None, at == 0)
        )
    bare = alt.vconcat(*blocks, spacing=4).resolve_scale(color="shared", shape="shared")
    rates = [say.pair(seen.scenario(name), say.percent(seen.value("fgt0", "", line, name))) for name in (NONE, CURRENT)]
    more = say("imp_chart_groups_more", line=seen.line_title(line)) + (f" {say('imp_hollow')}" if marked else "")
    return drawn(bare, seen, say("imp_chart_groups"), more, say("imp_alt_groups", found=say.chain(rates)), width + 150)


def _rows(seen: Seen, grouping: Any, line: str) -> Rows:
    rows: Rows = []
    for group in grouping.groups:
        found = [seen.find("fgt0", "", line, name, grouping.name, group.name) for name in (NONE, CURRENT)]
        mark = MARK if any(figure and figure.few for figure in found) else ""
        for name, figure in zip((NONE, CURRENT), found, strict=True):
            rows += point(figure, group=seen.title(group.title, group.name) + mark, name=seen.scenario(name))
    return rows


def _dots(rows: Rows, names: Sequence[str], across: dict[str, Any], width: int, title: Any, legend: bool) -> Any:
    """Dots with bars, told apart by colour and shape; hollow where observations are few."""
    import altair as alt

    order = list(dict.fromkeys(row["group"] for row in rows))
    x = alt.X("value:Q", title=None, **across)
    y = alt.Y("group:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=190, offset=6))
    offset = alt.YOffset("name:N", sort=list(names))
    words = alt.Legend(columns=2, offset=10) if legend else None
    colour = alt.Color("name:N", scale=alt.Scale(domain=list(names), range=list(COLOURS)), legend=words)
    shape = alt.Shape("name:N", scale=alt.Scale(domain=list(names), range=list(SHAPES)), legend=words)
    bars = chart(rows).mark_rule(strokeWidth=2).encode(
        y=y, yOffset=offset, x=alt.X("low:Q", title=None, **across), x2="high:Q", color=colour
    )  # fmt: skip
    full = chart([row for row in rows if not row["few"]]).mark_point(filled=True, size=58, opacity=1)
    hollow = chart([row for row in rows if row["few"]]).mark_point(filled=True, size=58, opacity=1, fill=look.PAPER, strokeWidth=1.8)
    layers = [bars, full.encode(y=y, yOffset=offset, x=x, color=colour, shape=shape)]
    if any(row["few"] for row in rows):
        stroke = alt.Stroke("name:N", scale=alt.Scale(domain=list(names), range=list(COLOURS)), legend=None)
        layers.append(hollow.encode(y=y, yOffset=offset, x=x, stroke=stroke, shape=alt.Shape("name:N", legend=None)))
    made = alt.layer(*layers).properties(width=width, height=ROW * len(order))
    return made.properties(title=title) if title else made


def marginal_contributions(made: Impact, lang: str, scenario: str = CURRENT, width: int = 150) -> Drawing:
    """What each scheme alone adds to the fall of the poverty rate and of the Gini coefficient."""
    import altair as alt

    seen = Seen(made, lang)
    say, line = seen.say, seen.line
    panels, told = [], []
    for at, (measure, where, form) in enumerate((("poverty_effect", line, ".1%"), ("gini_effect", "", ".3f"))):
        rows: Rows = []
        for name in seen.paid(scenario):
            figure = seen.find(measure, name, where, scenario)
            mark = MARK if seen.rare(name, scenario) else ""
            rows += [{**row, "few": seen.rare(name, scenario)} for row in point(figure, group=seen.transfer(name) + mark)]
            if not at and figure:
                told.append(say.pair(seen.transfer(name), say.percent(number(figure))))
        panels.append(_effects(rows, say(f"imp_head_{measure}"), form, width, not at))
    bare = alt.hconcat(*panels, spacing=18)
    more = say("imp_chart_effects_more", line=seen.line_title(line))
    more += f" {say('imp_hollow_rare')}" if any(seen.rare(name, scenario) for name in seen.paid(scenario)) else ""
    title = say("imp_chart_effects", scenario=seen.scenario(scenario))
    return drawn(bare, seen, title, more, say("imp_alt_effects", found=say.chain(told)), 2 * width + 220)


def _effects(rows: Rows, title: str, form: str, width: int, labelled: bool) -> Any:
    """Dots of one measure by scheme, around zero."""
    import altair as alt

    order = list(dict.fromkeys(row["group"] for row in rows))
    y = alt.Y("group:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, labels=labelled, labelLimit=270, offset=6))
    axis = alt.Axis(format=form, tickCount=4, grid=True)
    x = alt.X("value:Q", title=None, axis=axis)
    bars = chart(rows).mark_rule(strokeWidth=2, color=look.ACCENT).encode(y=y, x=alt.X("low:Q", title=None, axis=axis), x2="high:Q")
    zero = chart([{"zero": 0.0}]).mark_rule(color=look.SOFT, strokeWidth=1).encode(x="zero:Q")
    full = chart([row for row in rows if not row["few"]]).mark_point(filled=True, color=look.ACCENT, size=55, opacity=1).encode(y=y, x=x)
    hollow = chart([row for row in rows if row["few"]]).mark_point(
        filled=True, fill=look.PAPER, stroke=look.ACCENT, strokeWidth=1.8, size=55, opacity=1
    ).encode(y=y, x=x)  # fmt: skip
    return alt.layer(zero, bars, full, hollow).properties(width=width, height=22 * max(1, len(order)), title=heading(title, width))


def redistribution(made: Impact, lang: str, width: int = 330) -> Drawing:
    """The fall of the Gini coefficient from before transfers in each scenario, as vertical redistribution less reranking."""
    import altair as alt

    seen = Seen(made, lang)
    say = seen.say
    measures = ("redistributive_effect", "reynolds_smolensky", "reranking")
    names = [say(f"imp_head_{measure}") for measure in measures]
    scenarios = [name for name in made.scenarios if name != NONE]
    rows: Rows = []
    for scenario in scenarios:
        for measure, name in zip(measures, names, strict=True):
            rows += point(seen.find(measure, "", "", scenario), group=seen.scenario(scenario), name=name)
    order = [seen.scenario(name) for name in scenarios]
    y = alt.Y("group:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=190, offset=6))
    offset = alt.YOffset("name:N", sort=names)
    colour = alt.Color(
        "name:N",
        scale=alt.Scale(domain=names, range=[look.ACCENT, look.LOW, look.BAD]),
        legend=alt.Legend(columns=3, symbolType="square", symbolStrokeWidth=0, offset=10),
    )
    axis = alt.Axis(format=".3f", tickCount=5, grid=True)
    bars = chart(rows).mark_bar(height=13).encode(y=y, yOffset=offset, x=alt.X("value:Q", title=None, axis=axis), color=colour)
    errors = chart(rows).mark_rule(color=look.INK, strokeWidth=1.2).encode(y=y, yOffset=offset, x=alt.X("low:Q", title=None, axis=axis), x2="high:Q")
    bare = alt.layer(bars, errors).properties(width=width, height=60 * max(1, len(order)))
    told = [say.pair(seen.scenario(name), say.number(seen.value("redistributive_effect", "", "", name), 3)) for name in scenarios]
    return drawn(
        bare,
        seen,
        say("imp_chart_redistribution"),
        say("imp_chart_redistribution_more"),
        say("imp_alt_redistribution", found=say.chain(told)),
        width + 150,
    )
