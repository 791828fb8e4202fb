"""Charts of a study of impact in bars: who has the money, who is reached, who gains and loses, who is excluded and why."""

from __future__ import annotations

from typing import Any

from ..analysis.impact.exclusion import Cause
from ..analysis.impact.model import CURRENT, QUANTILE, Impact
from . import look
from .charts import Rows, chart, columns
from .drawing import Drawing
from .impact_curves import drawn, faceted, layer, top_title
from .impact_schemes import MARK, theme
from .impact_seen import NOT_EXCLUDED, Seen, decimal, number

GAIN, SAME, LOSE = look.ACCENT, look.RULE, look.BAD
"""Dark, light and middle, so that they stay apart in grey."""
PARTS = ("#1b4965", "#88ccee", "#117733", "#999933", "#ddcc77", "#cc6677", "#882255", "#aa4499", "#332288", "#44aa99")


def incidence(made: Impact, lang: str, scenario: str = CURRENT, width: int = 150, height: int = 72) -> Drawing:
    """A small chart a scheme: bars of the share of its money that each quantile has, diamonds of the share of its beneficiaries."""
    import altair as alt

    seen = Seen(made, lang)
    say, told = seen.say, []
    paid = [name for name in seen.paid(scenario) if seen.find("incidence", name, "", scenario, QUANTILE, "1")]
    rows: Rows = []
    for name in paid:
        rare = seen.rare(name, scenario)
        panel = {"panel": seen.transfer(name) + (MARK if rare else ""), "hollow": rare}
        money, heads = (_by_quantile(seen, measure, name, scenario) for measure in ("incidence", "beneficiaries"))
        rows += [{**row, **panel, "kind": "money"} for row in money] + [{**row, **panel, "kind": "heads"} for row in heads]
        told.append(say.pair(seen.transfer(name), say.percent(decimal(money[0]["value"] if money else None), 0)))
    x, y = _panel_axes(seen)
    bars = _bars(layer().transform_filter("datum.kind === 'money'"), look.ACCENT).encode(x=x, y=y)
    fill = alt.condition("datum.hollow", alt.value(look.PAPER), alt.value(look.BAD))
    dots = layer().transform_filter("datum.kind === 'heads'").mark_point(size=30, opacity=1, shape="diamond", stroke=look.BAD, strokeWidth=1.3)
    bare = faceted([bars, dots.encode(x=x, y=y, fill=fill)], rows, list(dict.fromkeys(row["panel"] for row in rows)), 3, width, height, False)
    more = say("imp_chart_incidence_more", groups=seen.title(seen.quantiles.title, QUANTILE))
    more += f" {say('imp_hollow_rare')}" if any(row["hollow"] for row in rows) else ""
    title = say("imp_chart_incidence", scenario=seen.scenario(scenario))
    return drawn(bare, seen, title, more, say("imp_alt_incidence", found=say.chain(told)), 3 * width + 110)


def coverage(made: Impact, lang: str, scenario: str = CURRENT, width: int = 150, height: int = 72) -> Drawing:
    """A small chart a scheme: the share of persons in each quantile whose household has it, with confidence intervals."""
    import altair as alt

    seen = Seen(made, lang)
    say, told = seen.say, []
    paid = [name for name in seen.paid(scenario) if seen.find("coverage", name, "", scenario, QUANTILE, "1")]
    rows: Rows = []
    for name in paid:
        rows += [{**row, "panel": seen.transfer(name), "hollow": row["few"]} for row in _by_quantile(seen, "coverage", name, scenario)]
        told.append(say.pair(seen.transfer(name), say.percent(number(seen.find("coverage", name, "", scenario)), 0)))
    x, y = _panel_axes(seen)
    bars = _bars(layer(), look.LOW).encode(x=x, y=y)
    errors = layer().transform_filter("isValid(datum.low)").mark_rule(color=look.INK, strokeWidth=1).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    bare = faceted([bars, errors], rows, [seen.transfer(name) for name in paid], 3, width, height, False)
    marked = any(row["few"] for row in rows)
    more = say("imp_chart_coverage_more", groups=seen.title(seen.quantiles.title, QUANTILE)) + (f" {say('imp_hollow')}" if marked else "")
    title = say("imp_chart_coverage", scenario=seen.scenario(scenario))
    return drawn(bare, seen, title, more, say("imp_alt_coverage", found=say.chain(told)), 3 * width + 110)


def _panel_axes(seen: Seen) -> tuple[Any, Any]:
    """The axes of a small chart by quantile."""
    import altair as alt

    groups = [group.name for group in seen.quantiles.groups]
    x = alt.X("group:O", sort=groups, title=None, axis=alt.Axis(labelAngle=0, ticks=False), scale=alt.Scale(paddingInner=0.3))
    return x, alt.Y("value:Q", axis=top_title("", ".0%", 3), scale=alt.Scale(domainMin=0, nice=True))


def _bars(bare: Any, colour: str) -> Any:
    """Bars of one colour; outlines where the row is hollow."""
    import altair as alt

    return bare.mark_bar(stroke=colour, strokeWidth=1.1).encode(fill=alt.condition("datum.hollow", alt.value(look.PAPER), alt.value(colour)))


def _by_quantile(seen: Seen, measure: str, transfer: str, scenario: str) -> Rows:
    rows: Rows = []
    for group in seen.quantiles.groups:
        figure = seen.find(measure, transfer, "", scenario, QUANTILE, group.name)
        if figure and number(figure) is not None:
            ends = [None if number(figure, end) is None else getattr(figure, end) for end in ("low", "high")]
            rows.append({"group": group.name, "value": figure.estimate, "low": ends[0], "high": ends[1], "few": figure.few})
    return rows


def winners(made: Impact, lang: str, scenario: str = CURRENT, width: int = 430, height: int = 190) -> Drawing:
    """Shares of persons in each quantile who gain, stay as they are, and lose."""
    import altair as alt

    seen = Seen(made, lang)
    say, against = seen.say, dict(seen.pairs)[scenario]
    parts = (say("imp_gain"), say("imp_same"), say("imp_lose"))
    rows: Rows = []
    for group in seen.quantiles.groups:
        found = [seen.find(measure, against, "", scenario, QUANTILE, group.name) for measure in ("winners", "losers")]
        gain, lose = (figure.estimate if figure and number(figure) is not None else 0.0 for figure in found)
        few = any(figure and figure.few for figure in found)
        for place, (name, value) in enumerate(zip(parts, (gain, max(1 - gain - lose, 0.0), lose), strict=True)):
            rows.append({"group": group.name + ("*" if few else ""), "name": name, "value": value, "place": place, "few": few})
    groups = list(dict.fromkeys(row["group"] for row in rows))
    bare = _stacked(rows, parts, (GAIN, SAME, LOSE), width, upright=True).properties(width=width, height=height)
    name = say("imp_against", scenario=seen.scenario(scenario), against=seen.scenario(against))
    all_ = [say.percent(number(seen.find(measure, against, "", scenario)), 0) for measure in ("winners", "losers")]
    more = say("imp_chart_winners_more", groups=seen.title(seen.quantiles.title, QUANTILE))
    more += f" {say('imp_hollow')}" if any(row["few"] for row in rows) else ""
    return drawn(
        bare.encode(x=alt.X("group:O", sort=groups, title=None, axis=alt.Axis(labelAngle=0, ticks=False))),
        seen, say("imp_chart_winners", name=name), more, say("imp_alt_winners", name=name, gain=all_[0], lose=all_[1]), width,
    )  # fmt: skip


def _stacked(rows: Rows, parts: Any, colours: Any, width: int, upright: bool) -> Any:
    """Bars of shares that add up to 1; those on few observations are drawn as outlines."""
    import altair as alt

    legend = alt.Legend(columns=columns(list(parts), width), symbolType="square", symbolStrokeWidth=0, offset=16 if upright else 10)
    shown = alt.Color("name:N", scale=alt.Scale(domain=list(parts), range=list(colours)), sort=list(parts), legend=legend)
    axis = alt.Axis(format=".0%", title=None, tickCount=5)
    value = {"y" if upright else "x": (alt.Y if upright else alt.X)("value:Q", axis=axis, stack="zero", scale=alt.Scale(domain=[0, 1]))}
    return chart(rows).mark_bar(strokeWidth=1.2).encode(
        color=shown,
        fillOpacity=alt.condition("datum.few", alt.value(0), alt.value(1)),
        stroke=alt.condition("datum.few", "name:N", alt.value(look.PAPER), scale=alt.Scale(domain=list(parts), range=list(colours)), legend=None),
        order=alt.Order("place:Q"),
        **value,
    )  # fmt: skip


def causes(made: Impact, lang: str, width: int = 300) -> Drawing:
    """A bar a scheme: those whom it is for who are entitled, and those who are not by the theme of the first condition that fails."""
    import altair as alt

    seen = Seen(made, lang)
    say = seen.say
    rows: Rows = []
    for scheme, found in seen.causes().items():
        few = any(cause.few for cause in found)
        sums: dict[str, float] = {}
        for cause in found:
            key = part_of(cause, seen)
            sums[key] = sums.get(key, 0.0) + (cause.share or 0.0)
        rows += [{"scheme": seen.transfer(scheme) + ("*" if few else ""), "name": name, "value": value, "few": few} for name, value in sums.items()]
    order = _order(rows, seen)
    rows = [{**row, "place": order.index(row["name"])} for row in rows]
    schemes = list(dict.fromkeys(row["scheme"] for row in rows))
    bare = _stacked(rows, order, [PARTS[at % len(PARTS)] for at in range(len(order))], width + 150, upright=False)
    y = alt.Y("scheme:N", sort=schemes, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=280, offset=6))
    bare = bare.encode(y=y).properties(width=width, height=24 * max(1, len(schemes)))
    out = {scheme: sum(cause.share or 0.0 for cause in found if cause.kind not in NOT_EXCLUDED) for scheme, found in seen.causes().items()}
    told = [say.pair(seen.transfer(name), say.percent(decimal(share), 0)) for name, share in out.items()]
    more = say("imp_chart_causes_more") + (f" {say('imp_hollow')}" if any(row["few"] for row in rows) else "")
    return drawn(bare, seen, say("imp_chart_causes"), more, say("imp_alt_causes", found=say.chain(told)), width + 200)


def part_of(cause: Cause, seen: Seen) -> str:
    """The part of a bar in which a cause is counted: its theme, or what it is where it is no condition."""
    if cause.kind in ("condition", "undecided"):
        name = theme(cause.theme or "other", seen)
        return name if cause.kind == "condition" else seen.say("imp_undecided", condition=name)
    return seen.say(f"imp_answer_{cause.kind}")


def _order(rows: Rows, seen: Seen) -> list[str]:
    """Those who are entitled first, then the parts from the largest."""
    first = [seen.say(f"imp_answer_{kind}") for kind in ("entitled", "receives", "not_taken_up")]
    sums: dict[str, float] = {}
    for row in rows:
        sums[row["name"]] = sums.get(row["name"], 0.0) + row["value"]
    return [*(name for name in first if name in sums), *sorted((name for name in sums if name not in first), key=lambda name: -sums[name])]
