"""What may be called how: names, titles, units and the closed lists, as they are written in law files."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from ..errors import InputError
from ..vocabulary import TABLES as WORD_TABLES
from ..vocabulary import CodeList, Fact, Unit, Vocabulary, labels
from .model import RESERVED, Place
from .nodes import Findings, Node
from .words import WORDS

TABLES = ("members", "contributions", "residence", "employment", "benefits_in_payment", "events")
RESERVED_WORDS = WORDS | {*TABLES, "concepts", "person", "persons", "household", "households", "unknown"}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?")


@dataclass(frozen=True, slots=True)
class Context:
    """What is known while a country is read: its languages, its currency, its vocabulary; and where problems are gathered."""

    found: Findings
    languages: tuple[str, ...] = ("en",)
    currency: str = ""
    vocabulary: Vocabulary | None = None

    def word(self, name: str) -> Fact | CodeList | None:
        """The vocabulary's fact or code list of that name: a person's fact first, a list last."""
        if self.vocabulary is None:
            return None
        for table in WORD_TABLES:
            if fact := self.vocabulary.fact(table, name):
                return fact
        return self.vocabulary.codes.get(name)


def known(kind: str) -> list[str]:
    """The codes of a closed list of the vocabulary: branches, guarantees, kinds, contingencies, periodicities, sources, series."""
    return list(labels(kind))


def check_name(name: str, place: Place, found: Findings, what: str) -> None:
    """Report a name that a formula could not use. Names of functions may be used: `floor` is the parameter, `floor(x)` the function."""
    if not _NAME.fullmatch(name):
        hint = "use small letters a-z, digits and _, starting with a letter, at most 63 characters"
        found.problem("L017", f"{name[:70]!r} cannot be the name of {what}", place, hint)
    elif name in RESERVED_WORDS:
        found.problem("L017", f"{name!r} cannot be the name of {what}: it is a word of the language", place, "choose another name")


def check_parameter_name(name: str, place: Place, found: Findings) -> None:
    """Report a parameter's name that a formula could not use, or that other rooms expect to be a variable."""
    if name in RESERVED:
        found.problem("L017", f"{name!r} cannot be the name of a parameter: it is reserved for a variable", place, "choose another name")
    else:
        check_name(name, place, found, "a parameter")


def titles(node: Node | None, found: Findings, languages: Collection[str], what: str) -> dict[str, str]:
    """A title in each of the country's languages, reporting those that are missing; empty where there is none."""
    if node is None:
        return {}
    result = {}
    for language, child in node.as_map(found, f"the {what}").items():
        if not _LANGUAGE.fullmatch(language):
            found.problem(
                "L016", f"{language[:20]!r} is not a language", node.key_place(language), f"write {', '.join(f'{c}: …' for c in languages)}"
            )
            continue
        text = child.as_text(found, f"the {what} in {language}")
        if text is not None:
            result[language] = text
    for language in languages:
        if node.map and language not in node.map:
            found.problem("L016", f"the {what} is missing in {language}", node.place, f"add {language}: …")
    return result


def read_unit(node: Node | None, context: Context, what: str) -> tuple[Unit, str]:
    """A unit and its text; a pure number where there is none or where it cannot be read (a problem). Money is in the country's currency."""
    found = context.found
    if node is None:
        return Unit(), ""
    text = node.as_text(found, f"the unit of {what}")
    if text is None:
        return Unit(), ""
    try:
        unit = Unit.parse(text)
    except InputError as error:
        found.problem("L019", f"{what}: {error.what}", node.place, error.hint)
        return Unit(), ""
    foreign = [base for base, _ in unit.powers if base.isupper() and base != context.currency]
    if foreign and context.currency:
        found.problem("L019", f"{what} is in {foreign[0]}, the country's currency is {context.currency}", node.place, f"write {context.currency}")
    return unit, text


def read_span(node: Node, found: Findings, since: date | None = None, first: str = "from") -> tuple[date | None, date | None]:
    """`from` and `until` of something, where they are given; a problem where it ends before it starts."""
    start, end = node.get(first), node.get("until")
    begins = start.as_date(found, f"{first!r}") if start else since
    ends = end.as_date(found, "'until'") if end else None
    if begins and ends and end and ends <= begins:
        found.problem("L023", f"'until' ({ends}) is not after {begins}", end.place, "it is the first day on which this is no longer in force")
    return begins, ends
