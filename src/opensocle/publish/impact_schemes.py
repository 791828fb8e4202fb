"""Tables of a study of impact by scheme: targeting, what a transfer is worth, who has it by quantile, what it adds, who is excluded and why."""

from __future__ import annotations

from decimal import Decimal

from ..analysis.impact.curve_points import POINTS
from ..analysis.impact.model import CURRENT, NONE, QUANTILE, Figure, Impact
from ..vocabulary import labels
from .impact_seen import Seen, decimal, number
from .impact_tables import COUNT, ERROR, MARK, PERCENT, THREE, TWO, level, made_table
from .tables import Cell, Column, Row, Shape, Table
from .words import NONE as DASH

MANY = 1000
"""From this many persons or units of money on, numbers have no decimals."""


def with_error(figure: Figure | None, shape: Shape, seen: Seen) -> str:
    """`12.3 ± 0.5`, in percent without the sign; a dash where there is no estimate."""
    estimate, error = number(figure), number(figure, "se")
    if estimate is None:
        return DASH
    times = 100 if shape.kind == "percent" else 1
    digits = 0 if abs(estimate) * times >= MANY else shape.digits
    text = seen.say.number(estimate * times, digits)
    return text if error is None else f"{text} {ERROR} {seen.say.number(error * times, digits)}"


def _schemes(seen: Seen, scenario: str) -> list[tuple[str, str]]:
    """Each transfer that is paid, with its title, starred where few observed households have it."""
    return [(name, seen.transfer(name) + (MARK if seen.rare(name, scenario) else "")) for name in seen.paid(scenario)]


def _notes(seen: Seen, scenario: str, *more: str) -> list[str]:
    return [*more, *([seen.say("imp_rare", few=seen.made.few)] if any(seen.rare(name, scenario) for name in seen.paid(scenario)) else [])]


def targeting_table(made: Impact, lang: str, scenario: str = CURRENT) -> Table:
    """Coverage, errors of exclusion and inclusion, the CGH index, the money that goes to the poor; each with its standard error."""
    seen = Seen(made, lang)
    say, line = seen.say, seen.line
    measures = (
        ("coverage", "", PERCENT),
        ("exclusion_error", line, PERCENT),
        ("inclusion_error", line, PERCENT),
        ("to_poor", line, PERCENT),
        ("cgh", "", TWO),
    )
    rows = []
    for name, title in _schemes(seen, scenario):
        rows.append(Row((title, *(with_error(seen.find(measure, name, at, scenario), shape, seen) for measure, at, shape in measures))))
    columns = [Column(say("scheme")), *(Column(say(f"imp_head_{measure}"), shape, "%" if shape is PERCENT else "") for measure, _, shape in measures)]
    notes = _notes(seen, scenario, say("imp_targeting_note", line=seen.line_title(line)))
    return made_table(seen, say("imp_table_targeting", scenario=seen.scenario(scenario)), columns, rows, notes)


def worth_table(made: Impact, lang: str, scenario: str = CURRENT) -> Table:
    """What a transfer is worth to those who have it, and what poverty falls for the money."""
    seen = Seen(made, lang)
    say, line = seen.say, seen.line
    measures = (("mean_transfer", "", TWO), ("adequacy", "", PERCENT), ("gap_closed", line, TWO), ("cost_per_person_lifted", line, TWO))
    units = {"mean_transfer": seen.unit, "adequacy": "%", "cost_per_person_lifted": seen.unit}
    rows = []
    for name, title in _schemes(seen, scenario):
        rows.append(Row((title, *(with_error(seen.find(measure, name, at, scenario), shape, seen) for measure, at, shape in measures))))
    columns = [Column(say("scheme")), *(Column(say(f"imp_head_{measure}"), shape, units.get(measure, "")) for measure, _, shape in measures)]
    notes = _notes(seen, scenario, say("imp_worth_note", line=seen.line_title(line)))
    return made_table(seen, say("imp_table_worth", scenario=seen.scenario(scenario)), columns, rows, notes)


def quantile_table(made: Impact, lang: str, measure: str, scenario: str = CURRENT) -> Table:
    """A measure of each transfer (coverage, beneficiaries, incidence) by quantile of persons."""
    seen = Seen(made, lang)
    rows, marked = [], False
    for name, title in _schemes(seen, scenario):
        cells: list[Cell] = [title]
        for group in seen.quantiles.groups:
            figure = seen.find(measure, name, "", scenario, QUANTILE, group.name)
            value = number(figure)
            few = bool(figure and figure.few)
            marked = marked or few
            cells.append(seen.say.percent(value, 0) + MARK if few and value is not None else value)
        rows.append(Row(tuple(cells)))
    columns = [Column(seen.say("scheme")), *(Column(group.name, Shape("percent", 0)) for group in seen.quantiles.groups)]
    caption = seen.say("imp_table_quantile", measure=seen.measure(measure), groups=seen.title(seen.quantiles.title, QUANTILE))
    return made_table(seen, caption, columns, rows, [*_notes(seen, scenario), *([seen.few] if marked else [])])


def effects_table(made: Impact, lang: str, scenario: str = CURRENT) -> Table:
    """What each scheme alone adds to the fall of poverty and inequality."""
    seen = Seen(made, lang)
    say, line = seen.say, seen.line
    measures = (
        ("poverty_effect", line, PERCENT),
        ("gap_effect", line, PERCENT),
        ("gini_effect", "", THREE),
        ("concentration", "", TWO),
        ("kakwani", "", TWO),
    )
    rows = []
    for name, title in _schemes(seen, scenario):
        rows.append(Row((title, *(with_error(seen.find(measure, name, at, scenario), shape, seen) for measure, at, shape in measures))))
    columns = [Column(say("scheme"))]
    for measure, _, shape in measures:
        columns.append(Column(say(f"imp_head_{measure}"), shape, say("imp_points") if shape is PERCENT else ""))
    notes = _notes(seen, scenario, say("imp_effects_note", line=seen.line_title(line)))
    return made_table(seen, say("imp_table_effects", scenario=seen.scenario(scenario)), columns, rows, notes)


def redistribution_table(made: Impact, lang: str) -> Table:
    """The fall of the Gini coefficient from before transfers, as vertical redistribution less reranking."""
    seen = Seen(made, lang)
    rows = []
    for scenario in (name for name in made.scenarios if name != NONE):
        cells: list[Cell] = [seen.scenario(scenario)]
        for measure in ("redistributive_effect", "reynolds_smolensky", "reranking"):
            figure = seen.find(measure, "", "", scenario)
            cells += [number(figure), number(figure, "se")]
        rows.append(Row(tuple(cells)))
    columns = [Column(seen.say("scenario"))]
    for measure in ("redistributive_effect", "reynolds_smolensky", "reranking"):
        columns += [Column(seen.say(f"imp_head_{measure}"), THREE), Column(ERROR, THREE)]
    return made_table(seen, seen.say("imp_table_redistribution"), columns, rows, (seen.say("imp_redistribution_note"),))


def causes_table(made: Impact, lang: str, scheme: str | None = None) -> Table:
    """Every answer of the law of each scheme (or of one), among those whom it is for: the condition that fails first, its article, how many."""
    seen = Seen(made, lang)
    say, rows, marked = seen.say, [], False
    for name, causes in seen.causes().items():
        if scheme not in (None, name):
            continue
        rows.append(Row((seen.transfer(name),), "heading"))
        for cause in causes:
            marked = marked or cause.few
            told = say("imp_undecided", condition=seen.cause(cause)) if cause.kind == "undecided" else seen.cause(cause)
            share, error = decimal(cause.share), decimal(cause.se)
            rows.append(
                Row((told + (MARK if cause.few else ""), cause.source or DASH, cause.persons, share, error, _interval(cause.low, cause.high, seen)))
            )
    columns = [Column(say("imp_why")), Column(say("imp_article")), Column(say("persons"), COUNT), Column(say("imp_share"), PERCENT)]
    columns += [Column(ERROR, PERCENT), Column(say("imp_interval", level=level(seen)), PERCENT)]
    return made_table(
        seen, say("imp_table_causes"), columns, rows, [say("imp_causes_note"), *([say("imp_few_persons", few=made.few)] if marked else [])]
    )


def _interval(low: float | None, high: float | None, seen: Seen) -> str:
    ends = [decimal(low), decimal(high)]
    return DASH if None in ends else " – ".join(seen.say.number(100 * end, 1) for end in ends if end is not None)


def theme(cause_theme: str, seen: Seen) -> str:
    """What a theme of conditions is called."""
    return seen.title(labels("themes")[cause_theme].title, cause_theme) if cause_theme in labels("themes") else cause_theme


def lorenz_table(made: Impact, lang: str) -> Table:
    """Shares of welfare that the poorest have, at each tenth: the Lorenz curve of each scenario."""
    seen = Seen(made, lang)
    names = list(made.scenarios)
    found = [seen.curve("lorenz", "", name) for name in names]
    rows = []
    for at in range(2, POINTS + 1, 2):
        rows.append(Row((seen.say.percent(Decimal(at) / POINTS, 0), *(decimal(one.y[at]) if one else None for one in found))))
    columns = [Column(seen.say("imp_poorest")), *(Column(seen.scenario(name), PERCENT) for name in names)]
    return made_table(seen, seen.say("imp_table_lorenz"), columns, rows)


def concentration_table(made: Impact, lang: str, scenario: str = CURRENT) -> Table:
    """Shares of each transfer's money that the poorest before transfers have."""
    seen = Seen(made, lang)
    steps = (2, 4, 8, 12, 16)
    rows = []
    for name, title in _schemes(seen, scenario):
        one = seen.curve("concentration", name, scenario)
        rows.append(Row((title, *(decimal(one.y[at]) if one else None for at in steps), number(seen.find("concentration", name, "", scenario)))))
    heads = [Column(seen.say("imp_to_poorest", share=seen.say.percent(Decimal(at) / POINTS, 0)), PERCENT) for at in steps]
    columns = [Column(seen.say("scheme")), *heads, Column(seen.say("imp_head_concentration"), TWO)]
    caption = seen.say("imp_table_concentration", scenario=seen.scenario(scenario))
    return made_table(seen, caption, columns, rows, _notes(seen, scenario))


def growth_table(made: Impact, lang: str) -> Table:
    """The change of mean welfare of each twentieth of persons, ranked before transfers, as a rate."""
    seen = Seen(made, lang)
    found = [seen.curve("growth_rate", against, scenario) for scenario, against in seen.pairs]
    rows = []
    for at in range(POINTS):
        first, last = (seen.say.number(Decimal(100 * edge) / POINTS) for edge in (at, at + 1))
        rows.append(Row((f"{first}–{last}", *(decimal(one.y[at]) if one else None for one in found))))
    heads = [Column(seen.scenario(scenario), PERCENT) for scenario, _ in seen.pairs]
    columns = [Column(seen.say("imp_twentieth")), *heads]
    return made_table(seen, seen.say("imp_table_growth"), columns, rows, (seen.say("imp_growth_note"),))
