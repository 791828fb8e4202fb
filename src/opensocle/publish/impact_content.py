"""The chapter of a report that says whom social protection helps, and the document of a study alone, as blocks that the PDF and the page write."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ..analysis.impact.model import ALL, CURRENT, NONE, Impact
from . import impact_bars, impact_curves, impact_dots, impact_schemes, impact_tables
from .content import Block, Bullets, Codes, Document, Figure, Heading, Text, Tiles
from .impact_schemes import theme
from .impact_seen import NOT_EXCLUDED, Seen, decimal, number
from .impact_tables import level

ROWS = 26
"""Groups that one chart of poverty by group shows, so that it fits on a page."""
MOST = Decimal("0.9")
"""A scheme for more than this share of all persons is for everybody."""


def chapter(made: Impact, lang: str, level: int = 1) -> tuple[Block, ...]:
    """The chapter on a study. level: of its heading; its sections are one below."""
    seen = Seen(made, lang)
    say = seen.say
    text = say("imp_chapter_text", survey=made.statement.source or say("imp_survey"), households=say.count(made.households), months=months(seen))
    head = [Heading(level, say("imp_head_chapter"), True)] if level == 1 else []
    return (
        *head,
        Text(text),
        Tiles(tuple(_tiles(seen))),
        Bullets(tuple([*messages(made, lang), say("imp_note_sum")])),
        *_poverty(seen, lang),
        *_groups(seen, lang),
        *(_schemes(seen, lang) if seen.paid() else ()),
        *(_reforms(seen, lang) if seen.reforms else ()),
        *(_causes(seen, lang) if seen.causes() else ()),
        *_unknown(seen),
        *_trace(seen),
    )


def impact_document(made: Impact, lang: str, date: str = "") -> Document:
    """A document on the study alone."""
    seen = Seen(made, lang)
    say = seen.say
    lines = [say("imp_cover_survey", survey=made.statement.source or say("imp_survey")), say("cover_made", version=made.statement.program)]
    subtitle = say("imp_document_subtitle", months=months(seen))
    return Document(lang, seen.country(), subtitle, tuple([*lines, *([date] if date else [])]), chapter(made, lang))


def months(seen: Seen) -> str:
    """The month or the year of the law."""
    found = seen.made.statement.months
    return found[0] if len(found) == 1 else f"{found[0]} – {found[-1]}"


def _tiles(seen: Seen) -> Iterator[tuple[str, str]]:
    say, line = seen.say, seen.line
    before, after = (seen.value("fgt0", "", line, name) for name in (NONE, CURRENT))
    yield say.percent(after), say("imp_tile_poverty", before=say.percent(before))
    before, after = (seen.value("gini", "", "", name) for name in (NONE, CURRENT))
    yield say.number(after, 3), say("imp_tile_gini", before=say.number(before, 3))
    gain = seen.value("winners", NONE, "", CURRENT)
    if gain is not None:
        yield say.percent(gain, 0), say("imp_tile_gain")


def messages(made: Impact, lang: str) -> list[str]:
    """What the study found, in sentences: poverty, inequality, the scheme that does most, each reform, the scheme that excludes most."""
    seen = Seen(made, lang)
    return [
        text
        for text in (_of_poverty(seen), _of_gini(seen), _of_scheme(seen), *(_of_reform(seen, name) for name in seen.reforms), _of_causes(seen))
        if text
    ]


def _of_poverty(seen: Seen) -> str:
    say, line = seen.say, seen.line
    changed = seen.find("fgt0_change", NONE, line, CURRENT)
    change, low, high = (number(changed, what) for what in ("estimate", "low", "high"))
    if change is None or low is None or high is None:
        return ""
    before, after = (say.percent(seen.value("fgt0", "", line, name)) for name in (NONE, CURRENT))
    points = {"change": say.number(100 * change, 1), "low": say.number(100 * low, 1), "high": say.number(100 * high, 1)}
    return say("imp_msg_poverty", line=seen.line_title(line), before=before, after=after, level=level(seen), **points)


def _of_gini(seen: Seen) -> str:
    before, after = (seen.value("gini", "", "", name) for name in (NONE, CURRENT))
    if before is None or after is None:
        return ""
    return seen.say("imp_msg_gini", before=seen.say.number(before, 3), after=seen.say.number(after, 3))


def _of_scheme(seen: Seen) -> str:
    found = {name: seen.value("poverty_effect", name, seen.line) or decimal(0.0) for name in seen.paid() if not seen.rare(name)}
    best = max(found, key=lambda name: found[name] or 0, default="")
    effect = found.get(best)
    return seen.say("imp_msg_scheme", scheme=seen.transfer(best), effect=seen.say.number(100 * effect, 1)) if effect and effect > 0 else ""


def _of_reform(seen: Seen, reform: str) -> str:
    say = seen.say
    changed, cost = seen.find("fgt0_change", CURRENT, seen.line, reform), seen.value("cost", CURRENT, "", reform)
    change, low, high = (number(changed, what) for what in ("estimate", "low", "high"))
    if change is None or low is None or high is None:
        return ""
    shares = {key: say.percent(seen.value(measure, CURRENT, "", reform), 0) for key, measure in (("gain", "winners"), ("lose", "losers"))}
    points = {"change": say.number(100 * change, 1), "low": say.number(100 * low, 1), "high": say.number(100 * high, 1)}
    return say("imp_msg_reform", reform=seen.scenario(reform), cost=say.count(cost), unit=seen.unit, **points, **shares)


def _of_causes(seen: Seen) -> str:
    """The scheme of which most persons are excluded, and why; schemes whose law does not say whom they are for are passed over."""
    everyone = (seen.value("persons", "", "", "") or 0) * MOST
    meant = {name: found for name, found in seen.causes().items() if sum(cause.persons for cause in found) < everyone}
    out = {name: [cause for cause in found if cause.kind not in NOT_EXCLUDED and not cause.few] for name, found in meant.items()}
    worst = max(out, key=lambda name: sum(cause.persons for cause in out[name]), default="")
    if not out.get(worst):
        return ""
    first = max(out[worst], key=lambda cause: cause.persons)
    share = decimal(sum(cause.share or 0.0 for cause in out[worst]))
    said = {"cause": seen.cause(first), "part": seen.say.percent(decimal(first.share)), "source": first.source or theme(first.theme, seen)}
    return seen.say("imp_msg_excluded", scheme=seen.transfer(worst), share=seen.say.percent(share), **said)


def _poverty(seen: Seen, lang: str) -> Iterator[Block]:
    made = seen.made
    yield Heading(2, seen.say("imp_section_poverty"))
    yield impact_tables.headline_table(made, lang)
    yield Figure(impact_curves.lorenz(made, lang, width=270))
    yield impact_schemes.lorenz_table(made, lang)
    if impact_tables.concepts_of(made):
        yield impact_tables.concepts_table(made, lang)
    if seen.find("mpi_headcount", "", "", ""):
        yield impact_tables.deprived_table(made, lang)


def _groups(seen: Seen, lang: str) -> Iterator[Block]:
    """Charts of as many groups as a page takes, then a table for each grouping."""
    if not seen.groupings:
        return
    yield Heading(2, seen.say("imp_section_groups"), True)
    bunch: list[str] = [ALL]
    count = 0
    for one in seen.groupings:
        if count and count + len(one.groups) > ROWS:
            yield Figure(impact_dots.poverty_groups(seen.made, lang, bunch))
            bunch, count = [], 0
        bunch.append(one.name)
        count += len(one.groups) + 1
    yield Figure(impact_dots.poverty_groups(seen.made, lang, bunch))
    yield impact_tables.group_table(seen.made, lang)


def _schemes(seen: Seen, lang: str) -> Iterator[Block]:
    made, say = seen.made, seen.say
    yield Heading(2, say("imp_section_schemes"), True)
    yield impact_schemes.targeting_table(made, lang)
    yield impact_schemes.worth_table(made, lang)
    yield Figure(impact_bars.coverage(made, lang))
    yield impact_schemes.quantile_table(made, lang, "coverage")
    yield Figure(impact_bars.incidence(made, lang))
    yield impact_schemes.quantile_table(made, lang, "incidence")
    yield impact_schemes.quantile_table(made, lang, "beneficiaries")
    yield Figure(impact_curves.concentration(made, lang))
    yield impact_schemes.concentration_table(made, lang)
    yield Heading(2, say("imp_section_effects"), True)
    yield Figure(impact_dots.marginal_contributions(made, lang))
    yield impact_schemes.effects_table(made, lang)
    yield Figure(impact_dots.redistribution(made, lang))
    yield impact_schemes.redistribution_table(made, lang)
    if made.budgets:
        yield impact_tables.budgets_table(made, lang)


def _reforms(seen: Seen, lang: str) -> Iterator[Block]:
    made = seen.made
    yield Heading(2, seen.say("imp_section_reforms"), True)
    yield impact_tables.reforms_table(made, lang)
    for reform in seen.reforms:
        yield Figure(impact_bars.winners(made, lang, reform))
        yield impact_tables.winners_table(made, lang, reform)
    yield impact_tables.hurt_table(made, lang)
    yield Figure(impact_curves.growth_incidence(made, lang, width=205, height=140))
    yield impact_schemes.growth_table(made, lang)


def _causes(seen: Seen, lang: str) -> Iterator[Block]:
    yield Heading(2, seen.say("imp_section_causes"), True)
    yield Figure(impact_bars.causes(seen.made, lang))
    yield impact_schemes.causes_table(seen.made, lang)


def _unknown(seen: Seen) -> Iterator[Block]:
    found = seen.notes()
    if found:
        yield Heading(2, seen.say("imp_section_unknown"))
        yield Bullets(tuple(found))


def _trace(seen: Seen) -> Iterator[Block]:
    stated, say = seen.made.statement, seen.say
    yield Heading(2, say("imp_section_trace"))
    codes = [(say("version"), stated.program)]
    codes += [(say("imp_law_hash"), stated.law)] if stated.law else []
    codes += [(say("imp_law_hash_of", scenario=seen.scenario(name)), found) for name, found in stated.reforms.items()]
    codes += [(say("imp_survey_hash"), stated.data), (say("imp_settings_hash"), stated.settings)]
    yield Codes(tuple((name, text) for name, text in codes if text))
