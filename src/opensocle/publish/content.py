"""What a report says, from the cover to the hashes, as blocks that the PDF and the page both write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..analysis.model import Costing, ScenarioResult
from . import budget_charts, charts, figures, results
from .drawing import Drawing
from .naming import administration, note_text, short_title, split
from .sentences import messages, population_sentence, scheme_sentence, tiles
from .tables import Column, Row, Table
from .words import Words


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str
    fresh: bool = False  # begins a new page


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Words and what they mean, or labels and their values."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tiles:
    """Large figures side by side."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Codes:
    """Labels with hashes, in a type of equal widths."""

    items: tuple[tuple[str, str], ...]


Block = Heading | Text | Bullets | Facts | Tiles | Figure | Codes | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A report: its cover and its blocks."""

    lang: str
    title: str
    subtitle: str
    lines: tuple[str, ...]
    blocks: tuple[Block, ...]


def document(costing: Costing, lang: str, scenario: str | None = None, date: str = "", chapter: Sequence[Block] = ()) -> Document:
    """The report on a costing; `scenario` is the one that messages and details speak of: the one that costs most where none is named.

    chapter: blocks of another chapter, before the pages of the schemes.
    """
    say = Words(lang, costing.currency)
    main = figures.scenario(costing, scenario)
    blocks = (
        *_summary(costing, main, say),
        *_reading(costing, say),
        *_schemes(costing, say),
        *_population(costing, say),
        *_assumptions(costing, main, say),
        *_results(costing, main, say),
        *_fiscal_space(costing, say),
        *_sensitivity(costing, say),
        *chapter,
        *_pages(costing, main, say),
        *_sources(costing, say),
        *_trace(costing, say),
    )
    country, first, last = say.title(costing.title), costing.years[0], costing.years[-1]
    listed = say.listed([say("quoted", text=say.title(result.title)) for result in costing.scenarios])
    lines = [say("cover_scenarios", listed=listed), say("cover_made", version=costing.version), *([date] if date else [])]
    return Document(lang, say("report_title", country=country), say("report_subtitle", first=first, last=last), tuple(lines), blocks)


def _summary(costing: Costing, main: ScenarioResult, say: Words) -> Iterator[Block]:
    year = figures.focus_year(costing)
    yield Heading(1, say("head_messages"), True)
    yield Text(say("summary_of", scenario=say.title(main.title), year=year))
    yield Tiles(tuple(tiles(costing, say.lang, main.name, year)))
    yield Bullets(tuple(messages(costing, say.lang, main.name, year)))
    yield Figure(charts.cost_share(costing, say.lang, height=220))


def _reading(costing: Costing, say: Words) -> Iterator[Block]:
    yield Heading(1, say("head_reading"), True)
    yield Text(say("reading_what"))
    needs = sorted({figures.need(result) for result in costing.scenarios}, reverse=True)
    words = ("gross_expenditure", "contributions", "net_cost", *needs, "fiscal_space", "take_up")
    yield Facts(tuple((say(word), say(f"reading_{word}")) for word in words))
    yield Text(say("reading_prices"))


def _schemes(costing: Costing, say: Words) -> Iterator[Block]:
    yield Heading(1, say("head_schemes"))
    yield Text(say("schemes_text", count=len(costing.schemes)))
    yield results.schemes_table(costing, say.lang)


def _population(costing: Costing, say: Words) -> Iterator[Block]:
    """The people by sex and age, once for all scenarios that have the same."""
    groups = figures.populations(costing)
    if not groups:
        return
    yield Heading(1, say("head_population"), True)
    yield Text(f"{say('population_text')} {say('population_same' if len(groups) == 1 else 'population_differs')}")
    for at, group in enumerate(groups):
        if len(groups) > 1:
            yield Heading(2, say.listed([say.title(result.title) for result in group]), at > 0)
        yield Text(population_sentence(costing, say.lang, group[0].name))
        yield Figure(budget_charts.population(costing, say.lang, group[0].name, width=430, height=290))
        yield results.population_table(costing, say.lang, group[0].name)


def _assumptions(costing: Costing, main: ScenarioResult, say: Words) -> Iterator[Block]:
    """Those of the main scenario in full; of the others only what differs from it."""
    yield Heading(1, say("head_assumptions"), True)
    yield Text(say("assumptions_text", scenario=say.title(main.title)))
    numbers = {source: at for at, source in enumerate(_cited(costing, say), 1)}
    yield results.assumptions_table(costing, say.lang, main.name, numbers=numbers)
    base = {item.path: item.values for item in main.assumptions}
    for result in costing.scenarios:
        if result.name == main.name:
            continue
        other = tuple(item for item in result.assumptions if base.get(item.path) != item.values)
        if other:
            yield Text(say("assumptions_differ", scenario=say.title(result.title)))
            changed = replace(costing, scenarios=(replace(result, assumptions=other),))
            yield results.assumptions_table(changed, say.lang, result.name, numbers=numbers)
        else:
            yield Text(say("assumptions_same", scenario=say.title(result.title)))


def _results(costing: Costing, main: ScenarioResult, say: Words) -> Iterator[Block]:
    yield Heading(1, say("head_results"), True)
    yield results.comparison(costing, say.lang)
    yield Figure(charts.cost_by(costing, say.lang, main.name, "scheme", width=520, height=180))
    yield Heading(2, say("paid_persons"), True)
    yield Figure(charts.beneficiaries(costing, say.lang, main.name, width=330))
    yield results.people_table(costing, say.lang, main.name)
    for result in costing.scenarios:
        yield Heading(2, say.title(result.title), True)
        yield Figure(charts.cost_by(costing, say.lang, result.name, width=520, height=230))
        yield results.cost_table(costing, say.lang, result.name)


def _fiscal_space(costing: Costing, say: Words) -> Iterator[Block]:
    yield Heading(1, say("head_fiscal_space"), True)
    yield Text(say("fiscal_space_text"))
    for at, result in enumerate(costing.scenarios):
        yield Heading(2, say.title(result.title), at > 0)
        yield Figure(budget_charts.fiscal_space(costing, say.lang, result.name, width=330))
        yield results.budget_table(costing, say.lang, result.name)
        if any(year.contributions for year in result.budget):
            yield Figure(charts.contributions(costing, say.lang, result.name, width=520, height=64))


def _sensitivity(costing: Costing, say: Words) -> Iterator[Block]:
    having = [result for result in costing.scenarios if result.sensitivity]
    if not having:
        return
    yield Heading(1, say("head_sensitivity"), True)
    yield Text(say("sensitivity_text"))
    for at, result in enumerate(having):
        yield Heading(2, say.title(result.title), at > 0)
        yield Figure(budget_charts.tornado(costing, say.lang, result.name, width=300))
        yield results.sensitivity_table(costing, say.lang, result.name)


def _pages(costing: Costing, main: ScenarioResult, say: Words) -> Iterator[Block]:
    """A page for each scheme that any scenario has."""
    yield Heading(1, say("head_pages"), True)
    for at, label in enumerate(costing.schemes):
        having = [result for result in costing.scenarios if any(line.scheme == label.name for line in result.lines)]
        if not having:
            continue
        shown = main if main in having else having[-1]
        yield Heading(2, say.title(label.title), at > 0)
        facts = [
            (say("branch"), say.label("branches", label.branch)),
            (say("kind"), say.label("kinds", label.kind)),
            (say("guarantee"), say.label("guarantees", label.guarantee) if label.guarantee else ""),
            (say("right_of"), say(f"right_of_{label.unit}") if label.unit in ("person", "household") else label.unit),
            (say("legal_basis"), label.legal),
            (say("administration"), administration(label.administration, say) if figures.pays(shown, label.name) else ""),
            (say("in_scenarios"), say.listed([say.title(result.title) for result in having])),
        ]
        yield Facts(tuple((name, text) for name, text in facts if text))
        sentence = scheme_sentence(costing, label.name, say.lang, shown.name)
        if sentence:
            yield Text(sentence)
        yield Figure(charts.scheme(costing, label.name, say.lang))
        yield results.scheme_table(costing, label.name, say.lang, shown.name)


def _sources(costing: Costing, say: Words) -> Iterator[Block]:
    yield Heading(1, say("head_sources"), True)
    cited = _cited(costing, say)
    rows = [Row((f"[{at}] {source}", say.chain(titles))) for at, (source, titles) in enumerate(cited.items(), 1)]
    yield Table(say("table_sources"), (Column(say("source_head")), Column(say("used_for"))), tuple(rows))
    missing = list(dict.fromkeys(title for result in costing.scenarios for source, title in _named(costing, result, say) if not source))
    if missing:
        yield Text(say("sources_missing", listed=say.listed(missing)))


def _cited(costing: Costing, say: Words) -> dict[str, list[str]]:
    """Every source, in the order of the alphabet, with what it is used for."""
    found: dict[str, list[str]] = {}
    for result in costing.scenarios:
        for source, title in _named(costing, result, say):
            if source and title not in found.setdefault(source, []):
                found[source].append(title)
    for label in costing.schemes:
        if label.legal:
            found.setdefault(label.legal, []).append(say.title(label.title))
    return {source: found[source] for source in sorted(found, key=lambda text: (text.lower(), text)) if found[source]}


def _named(costing: Costing, result: ScenarioResult, say: Words) -> list[tuple[str, str]]:
    """The source and the title of each assumption (without its group) and each lever."""
    found = [(item.source, say.title(item.title) or short_title(split(item.path)[0], costing, say)) for item in result.assumptions]
    return [*found, *((lever.source, say.title(lever.title)) for lever in result.levers)]


def _trace(costing: Costing, say: Words) -> Iterator[Block]:
    yield Heading(1, say("traceability"), True)
    yield Text(say("trace_text"))
    notes = list(dict.fromkeys(note_text(note, costing, say) for result in costing.scenarios for note in result.notes))
    if notes:
        yield Text(say("notes_follow"))
        yield Bullets(tuple(notes))
    codes = [(say("version"), costing.version)]
    if costing.data_hash:
        codes.append((say("data_hash"), costing.data_hash))
    for result in costing.scenarios:
        name = say.title(result.title)
        codes += [(say("law_hash_of", scenario=name), result.law_hash), (say("assumptions_hash_of", scenario=name), result.assumptions_hash)]
    yield Codes(tuple(codes))
