"""A study of impact with its figures at hand and the titles of everything in one language: what tables, charts, sheets and texts are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import isfinite

from ..analysis.impact.exclusion import Cause
from ..analysis.impact.labels import COMPONENTS, CONCEPTS, MEASURES
from ..analysis.impact.model import ALL, CURRENT, NONE, QUANTILE, Curve, Figure, Grouping, Impact, Note
from ..vocabulary import vocabulary
from .words import Words, french, plain

NOT_EXCLUDED = ("entitled", "receives", "leakage")
"""Kinds of answers that exclude nobody."""


class Seen:
    """One study in one language. Raises InputError U060 for a language that is not known."""

    def __init__(self, made: Impact, lang: str) -> None:
        self.made, self.say = made, Words(lang, made.currency)
        self._kept = {(f.measure, f.of, f.line, f.scenario, f.grouping, f.group): f for f in made.figures}

    # --- figures

    def find(self, measure: str, of: str = "", line: str = "", scenario: str = CURRENT, grouping: str = ALL, group: str = ALL) -> Figure | None:
        """The figure, if the study has it."""
        return self._kept.get((measure, of, line, scenario, grouping, group))

    def value(self, *where: str, what: str = "estimate") -> Decimal | None:
        """A number of a figure as a decimal; None where it is not defined."""
        return number(self.find(*where), what)

    def curve(self, name: str, of: str = "", scenario: str = CURRENT) -> Curve | None:
        return next((one for one in self.made.curves if (one.name, one.of, one.scenario) == (name, of, scenario)), None)

    @property
    def line(self) -> str:
        """The line that tables and charts speak of where they have room for one: the first."""
        return next(iter(self.made.lines))

    @property
    def reforms(self) -> list[str]:
        return [name for name in self.made.scenarios if name not in (NONE, CURRENT)]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each scenario with the one that it is compared with."""
        return [(CURRENT, NONE), *((reform, CURRENT) for reform in self.reforms)]

    @property
    def groupings(self) -> list[Grouping]:
        """The groupings of the settings."""
        return [one for one in self.made.groupings if one.name not in (ALL, QUANTILE)]

    @property
    def quantiles(self) -> Grouping:
        return self.made.grouping(QUANTILE)

    def paid(self, scenario: str = CURRENT) -> list[str]:
        """The transfers that somebody has in a scenario, in the order of the settings."""
        found = ((name, self.find("coverage", name, "", scenario)) for name in self.made.transfers)
        return [name for name, figure in found if figure and figure.estimate > 0]

    def rare(self, transfer: str, scenario: str = CURRENT) -> bool:
        """Whether few observed households have the transfer."""
        figure = self.find("mean_transfer", transfer, "", scenario)
        return bool(figure and figure.few)

    def causes(self) -> Mapping[str, Sequence[Cause]]:
        """The causes of each scheme among those whom it is for, everybody together."""
        found: dict[str, list[Cause]] = {}
        for cause in self.made.causes:
            if not cause.grouping:
                found.setdefault(cause.scheme, []).append(cause)
        return found

    # --- titles

    def title(self, titles: Mapping[str, str], name: str) -> str:
        text = titles.get(self.say.lang) or titles.get("en") or plain(name)
        return french(text) if self.say.lang == "fr" else text

    def measure(self, name: str) -> str:
        return self.title(MEASURES.get(name, {}), name)

    def scenario(self, name: str) -> str:
        return self.title(self.made.scenarios.get(name, {}), name)

    def transfer(self, name: str) -> str:
        return self.title(self.made.transfers.get(name, {}), name)

    def line_title(self, name: str) -> str:
        """What a line is called; its name beside it where several are called the same."""
        title = self.title(self.made.lines[name], name)
        alike = [one for one in self.made.lines if self.title(self.made.lines[one], one) == title]
        return title if len(alike) == 1 else f"{title} ({name})"

    def concept(self, name: str) -> str:
        return self.title(CONCEPTS.get(name, {}), name)

    def cause(self, cause: Cause) -> str:
        """What an answer is called: the condition's title, or its text in the law."""
        return self.title(cause.titles, cause.kind) if cause.titles or not cause.text else cause.text

    def indicator(self, name: str) -> str:
        """What an indicator of deprivation is called."""
        return self.title(self.made.indicators.get(name, {}), name)

    @property
    def unit(self) -> str:
        """`XMU a month`."""
        return self.say(f"imp_unit_{self.made.period}", currency=self.made.currency)

    @property
    def source(self) -> str:
        """The line of sources of tables and charts."""
        stated = self.made.statement
        return self.say("imp_source", survey=stated.source or self.say("imp_survey"), version=stated.program)

    @property
    def few(self) -> str:
        return self.say("imp_few", few=self.made.few)

    def country(self) -> str:
        return self.title(self.made.title, "impact")

    def note(self, note: Note) -> str:
        """A note of the study in this language."""
        if note.kind == "absent":
            return self.say("imp_note_absent", names=self.say.listed([self._fact(name) for name in note.names]))
        if note.kind == "kept":
            return self.say("imp_note_kept", scheme=self.transfer(note.of), names=self.say.listed([self.scenario(name) for name in note.names]))
        if note.kind == "concept":
            named = [self.title(COMPONENTS.get(name, {}), name) for name in note.names]
            return self.say("imp_note_concept", concept=self.concept(note.of), names=self.say.listed(named))
        return self.say("imp_note_not_simulated", scheme=self.transfer(note.of))

    def _fact(self, path: str) -> str:
        table, _, name = path.partition(".")
        fact = vocabulary().fact(table, name) if name else None
        return self.title(fact.title, name) if fact else plain(name or table)

    def notes(self) -> list[str]:
        """Everything that a reader must know: who is left out, what is unknown, what the study could not do."""
        made, say = self.made, self.say
        found = [say("imp_left_out", share=say.percent(Decimal(repr(made.left_out))))] if made.left_out > 0 else []
        for one in made.unknown:
            scheme = one.variable.partition(".")[0]
            found.append(say("imp_unknown", scenario=self.scenario(one.scenario), scheme=self.transfer(scheme), rows=say.count(one.rows)))
        for grouping in self.groupings:
            if grouping.unknown > 0.0005:
                share = say.percent(Decimal(repr(grouping.unknown)))
                found.append(say("imp_unknown_group", grouping=self.title(grouping.title, grouping.name), share=share))
        return [*found, *(self.note(note) for note in made.notes)]


def number(figure: Figure | None, what: str = "estimate") -> Decimal | None:
    """A number of a figure as a decimal; None where it is not defined."""
    return decimal(getattr(figure, what)) if figure else None


def decimal(value: float | None) -> Decimal | None:
    """A float as a decimal; None for what is no number."""
    return Decimal(repr(value)) if value is not None and isfinite(value) else None
