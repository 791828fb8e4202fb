"""A law, ready to be applied: loaded, checked, compiled, and hashed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..errors import LawError, Problems
from ..vocabulary import Vocabulary, labels
from .compiling import Compiler, Rule, RuleName
from .depth import check_depth, depths
from .hashing import content_hash
from .loading import LawText, Source, read_country
from .model import Country, Place, Scheme
from .nodes import Node
from .overlays import Overlay, apply_overlay, read_overlay


@dataclass(frozen=True, eq=False)
class Law:
    """A country's law: `rules` are its variables in an order in which each can be computed, `hash` is that of its content."""

    country: Country
    vocabulary: Vocabulary
    concepts: Scheme
    schemes: Mapping[str, Scheme]
    rules: Mapping[RuleName, Rule]
    warnings: tuple[LawError, ...] = ()
    text: LawText | None = field(default=None, repr=False)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content; comments, order and layout do not count."""
        assert self.text is not None
        return content_hash(self.text.tree)

    def owner(self, name: str) -> Scheme:
        """A scheme, or the concepts."""
        return self.concepts if name == "concepts" else self.schemes[name]

    def with_(self, *overlays: Overlay | Mapping[str, object] | str) -> Law:
        """This law with reforms applied in turn: overlays, their files, or plain data. Raises Problems."""
        assert self.text is not None
        text = self.text
        for overlay in overlays:
            text = apply_overlay(text, overlay if isinstance(overlay, Overlay) else read_overlay(overlay))
        return compile_law(text)

    @cached_property
    def depth(self) -> int:
        """The most operators on top of each other between a result and the facts that it rests on."""
        return max(depths(self.rules).values(), default=0)

    @cached_property
    def events(self) -> Mapping[str, str]:
        """The contingency of each scheme that is claimed for an event."""
        return {name: scheme.contingency for name, scheme in self.schemes.items() if is_event(scheme.contingency)}


def is_event(contingency: str) -> bool:
    """Whether a contingency is an event, to be claimed, rather than a state."""
    label = labels("contingencies").get(contingency)
    return bool(label and label.nature == "event")


def load(source: Source) -> Law:
    """The law of a country folder, or of its files' texts by path. Raises Problems with everything that is wrong."""
    return compile_law(read_country(source))


def check(source: Source) -> tuple[list[LawError], list[LawError]]:
    """Every problem and every warning of a country's files, in the order of files and lines."""
    text = read_country(source)
    try:
        return [], list(compile_law(text).warnings)
    except Problems as found:
        return [p for p in found.problems if isinstance(p, LawError)], list(text.warnings)


def compile_law(text: LawText) -> Law:
    """The law of files that have been read. Raises Problems: those of the files and those of the formulas together."""
    problems: list[LawError] = list(text.problems)
    country, words = text.country, text.vocabulary
    if country is None or words is None:
        raise Problems(problems)
    owners = {"concepts": text.concepts, **text.schemes}
    events = {name: is_event(name) for name in labels("contingencies")}
    compiler = Compiler(country, words, owners, events, _formula_places(text))
    rules = compiler.run()
    problems += compiler.problems or check_depth(rules)
    if problems:
        raise Problems(sorted(dict.fromkeys(problems), key=_by_place))
    return Law(country, words, text.concepts, text.schemes, rules, tuple(text.warnings), text)


def _formula_places(text: LawText) -> dict[str, Place]:
    """Where the formulas of the country's own facts stand, by the fact's name."""
    country = text.tree.map.get("country", Node({}))
    tables = country.map.get("variables", Node({})).map
    facts = {name: fact for table in ("persons", "households") if table in tables for name, fact in tables[table].map.items()}
    return {name: fact.map["formula"].place for name, fact in facts.items() if "formula" in fact.map}


def _by_place(problem: LawError) -> tuple[str, int, int]:
    file, _, rest = problem.at.partition(":")
    line, _, column = rest.partition(":")
    return file, int(line) if line.isdigit() else 0, int(column) if column.isdigit() else 0
