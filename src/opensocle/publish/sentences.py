"""What a costing says, in plain sentences. Every figure is taken from the data; a sentence without its data is not written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ..analysis.model import Costing, ScenarioResult
from ..analysis.people import dependency
from . import figures
from .naming import path_title, unit_of, value_text
from .words import Words

SAME = Decimal("0.0005")  # of GDP: what is shown as no difference


def messages(costing: Costing, lang: str, scenario: str | None = None, year: int | None = None) -> list[str]:
    """The key messages on a scenario (the one that costs most, where none is named) in a year (ten years after the first)."""
    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    year = year or figures.focus_year(costing)
    return [
        *_cost(costing, result, year, say),
        *_distance(costing, result, year, say),
        *_largest(costing, result, year, say),
        *_financing(result, year, say),
        *_sensitivity(costing, result, say),
        *_unknown(result, year, say),
    ]


def tiles(costing: Costing, lang: str, scenario: str | None = None, year: int | None = None) -> list[tuple[str, str]]:
    """A few large figures with their words: cost, what contributions cover, gap, what remains."""
    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    year = year or figures.focus_year(costing)
    budget, account = figures.budgets(result)[year], figures.accounts(result)[year]
    of_gdp = say("of_gdp")
    found = [(say.percent(budget.share_of_gdp), f"{say('gross_expenditure')}, {of_gdp}")]
    covered = figures.ratio(budget.contributions, budget.gross)
    if covered:
        found.append((say.percent(covered, 0), say("tile_contributions")))
    found.append((say.percent(figures.ratio(budget.gap, account.gdp)), f"{say(figures.need(result))}, {of_gdp}"))
    if budget.levers:
        found.append((say.percent(figures.ratio(budget.remaining, account.gdp)), f"{say('remaining')}, {of_gdp}"))
    return found


def _cost(costing: Costing, result: ScenarioResult, year: int, say: Words) -> Iterator[str]:
    budgets, last = figures.budgets(result), costing.years[-1]
    text = say(
        "msg_cost", scenario=say.title(result.title), amount=say.money(budgets[year].gross), year=year, share=say.percent(budgets[year].share_of_gdp)
    )
    if last != year:
        text += " " + say("msg_cost_last", last=last, share=say.percent(budgets[last].share_of_gdp))
    yield text


def _distance(costing: Costing, result: ScenarioResult, year: int, say: Words) -> Iterator[str]:
    first = figures.reference(costing)
    if first.name == result.name:
        return
    more = figures.budgets(result)[year].share_of_gdp - figures.budgets(first)[year].share_of_gdp
    key = "msg_same" if abs(more) < SAME else "msg_more" if more > 0 else "msg_less"
    yield say(key, first=say.title(first.title), points=say.points(abs(more)), year=year)


def _largest(costing: Costing, result: ScenarioResult, year: int, say: Words) -> Iterator[str]:
    lines = [line for line in result.lines if line.year == year]
    gross = figures.total(line.gross for line in lines)
    if not gross:
        return
    branches: dict[str, Decimal] = {}
    labels = {label.name: label for label in costing.schemes}
    for line in lines:
        branches[labels[line.scheme].branch] = branches.get(labels[line.scheme].branch, figures.ZERO) + line.gross
    branch = max(branches, key=branches.__getitem__)
    yield say("msg_branch", branch=say.label("branches", branch), share=say.percent(figures.ratio(branches[branch], gross), 0), year=year)
    largest = max((line for line in lines if line.benefits and labels[line.scheme].unit == "person"), key=lambda line: line.paid, default=None)
    before = figures.line(result, largest.scheme, costing.years[0]) if largest else None
    if largest and before:
        values = {"scheme": say.title(labels[largest.scheme].title), "count": say.count(largest.paid), "year": year}
        yield say("msg_people", before=say.count(before.paid), first=costing.years[0], **values)


def _financing(result: ScenarioResult, year: int, say: Words) -> Iterator[str]:
    budget, account = figures.budgets(result)[year], figures.accounts(result)[year]
    covered = figures.ratio(budget.contributions, budget.gross)
    if covered:
        yield say("msg_contributions", share=say.percent(covered, 0), year=year)
    share = say.percent(figures.ratio(abs(budget.gap), account.gdp))
    kept = say("after_already_of", scenario=say.title(result.baseline_title)) if result.baseline else say("after_already")
    parts = ((say("after_contributions"), budget.contributions), (kept, budget.already), (say("after_offset"), budget.offset))
    named = say.listed([text for text, amount in parts if amount])
    after = say("after", parts=named) if named else say("after_nothing")
    key = "msg_surplus" if budget.gap < 0 else "msg_gap" if not result.baseline else "msg_need" if budget.gap else "msg_no_need"
    yield say(key, after=after, amount=say.money(abs(budget.gap)), share=share, year=year)
    if budget.gap <= 0:
        return
    if not budget.levers:
        yield say("msg_no_levers", year=year)
        return
    covers = say.percent(figures.ratio(budget.levers, budget.gap), 0)
    key = "msg_levers" if budget.remaining > 0 else "msg_levers_enough"
    yield say(key, amount=say.money(budget.levers), share=covers, remaining=say.money(budget.remaining), year=year)


def _sensitivity(costing: Costing, result: ScenarioResult, say: Words) -> Iterator[str]:
    swings = [swing for swing in result.sensitivity if swing.base]
    if not swings:
        return
    widest = max(swings, key=lambda swing: abs(swing.high - swing.low))
    known = {item.path: item for item in result.assumptions}
    unit = unit_of(widest.path, known)
    ends = [value_text(value, widest.path, unit, say) for value in (widest.low_value, widest.high_value)]
    moves = [say.signed((end - widest.base) / abs(widest.base)) for end in (widest.low, widest.high)]
    yield say("msg_sensitivity", assumption=path_title(widest.path, costing, known, say), low=ends[0], high=ends[1], down=moves[0], up=moves[1])


def _unknown(result: ScenarioResult, year: int, say: Words) -> Iterator[str]:
    unknown = figures.total(line.unknown for line in result.lines if line.year == year)
    if unknown:
        yield say("msg_unknown", count=say.count(unknown), year=year)


def scheme_sentence(costing: Costing, name: str, lang: str, scenario: str | None = None, year: int | None = None) -> str:
    """What a scheme does in a year of a scenario, in one sentence; empty where the scenario does not have it."""
    say = Words(lang, costing.currency)
    result = figures.scenario(costing, scenario)
    year = year or figures.focus_year(costing)
    line = figures.line(result, name, year)
    if line is None:
        return ""
    gdp = figures.accounts(result)[year].gdp
    pays = figures.pays(result, name)
    amount = line.gross if pays else line.contributed
    values = {"year": year, "count": say.count(line.paid), "amount": say.money(amount), "share": say.percent(figures.ratio(amount, gdp), 2)}
    key = "scheme_collects" if not pays else "scheme_pays_homes" if figures.label_of(costing, name).unit == "household" else "scheme_pays"
    return say(key, scenario=say.title(result.title), take_up=say.percent(line.take_up, 0), **values)


def population_sentence(costing: Costing, lang: str, scenario: str | None = None) -> str:
    """How many people there are in the first and the last year, and how many children and older persons for 100 of the others."""
    say = Words(lang, costing.currency)
    people = figures.scenario(costing, scenario).people
    if not people:
        return ""
    first, last = people[0], people[-1]
    ratios = [say.count(ratio * 100) for each in (first, last) for ratio in dependency(each)[:2]]
    names = ("children", "old", "children_after", "old_after")
    values = {"first": first.year, "last": last.year, "before": say.count(first.total), "after": say.count(last.total)}
    return say("msg_population", **values, **dict(zip(names, ratios, strict=True)))
