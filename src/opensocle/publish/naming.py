"""What assumptions, schemes and administration are called in a publication."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from ..analysis.model import Costing, Note, Sourced
from ..vocabulary import labels, vocabulary
from .words import SHARES, Words, entries, plain

_ADMINISTRATION = re.compile(r"\s*([\d.,]+)\s*(%?)\s*(?:of|du|des|de)?\s*(.*?)\s*")
_GROUP = re.compile(r"(.*?)\[(.*)\]")
_AGES = re.compile(r"(\d+)(?:-(\d+)|(\+))?")
HIDDEN = ("parts", "kinds", "facts", "values", "concepts")
"""Words of a path that say nothing to a reader."""


def split(path: str) -> tuple[str, str]:
    """`labour.participation[male, 0-14]` as the path and its group; the group is empty for a path without one."""
    found = _GROUP.fullmatch(path)
    return (found[1], found[2]) if found else (path, "")


def path_title(path: str, costing: Costing, known: Mapping[str, Sourced], say: Words) -> str:
    """The title of an assumption: its own, or one made from its path; with the group that it is of."""
    base, group = split(path)
    own = say.title(known[path].title) if path in known else ""
    title = own or base_title(base, costing, say)
    return f"{title} ({group_title(group, say)})" if group else title


def base_title(base: str, costing: Costing, say: Words) -> str:
    """A title made from a path: what is known in words, and the rest as its files name it."""
    schemes = {label.name: say.title(label.title) for label in costing.schemes}
    group, _, name = base.partition(".")
    if group in ("take_up", "compliance"):
        return say(f"path_{group}", scheme=schemes.get(name, _segment(name, schemes, say)))
    key = "path_" + base.replace(".", "_")
    if key in entries():
        return say(key)
    words = _words(base.split("."), costing, schemes, say)
    text = say.pair(words[0], ", ".join(words[1:])) if len(words) > 1 else words[0]
    return text[:1].upper() + text[1:]


def short_title(base: str, costing: Costing, say: Words) -> str:
    """The title of an assumption as a list of sources names it: no longer than the section and what it is about."""
    if "path_" + base.replace(".", "_") in entries() or base.split(".")[0] in ("take_up", "compliance"):
        return base_title(base, costing, say)
    words = _words(base.split("."), costing, {label.name: say.title(label.title) for label in costing.schemes}, say)[:2]
    text = say.pair(*words) if len(words) > 1 else words[0]
    return text[:1].upper() + text[1:]


def _words(path: list[str], costing: Costing, schemes: Mapping[str, str], say: Words) -> list[str]:
    """What each part of a path is called: titles of the assumptions' own come first, then those of the law's variables."""
    found: list[str] = []
    for at, word in enumerate(path):
        own = costing.names.get(".".join(path[: at + 1])) or costing.names.get(".".join(path[max(0, at - 1) : at + 1])) or costing.names.get(word)
        if own and f"segment_{word}" not in entries():
            found.append(_small(say.title(own)) if found else say.title(own))
        elif word not in HIDDEN and not (found and word == "given"):
            found.append(_segment(word, schemes, say))
    return found


def _segment(word: str, schemes: Mapping[str, str], say: Words) -> str:
    if word in schemes:
        return schemes[word]
    if f"segment_{word}" in entries():
        return say(f"segment_{word}")
    found = labels("contingencies").get(word)
    return say.title(found.title) if found else word.replace("_", " ")


def group_title(group: str, say: Words) -> str:
    """`male, 0-14` as `men, 0–14 years`."""
    return ", ".join(_member(member.strip(), say) for member in group.split(","))


def _member(member: str, say: Words) -> str:
    ages = _AGES.fullmatch(member)
    if ages:
        first, last, more = ages.groups()
        return say("ages_from", first=first) if more else say("ages", ages=f"{first}–{last}" if last else first)
    return say(f"member_{member}") if f"member_{member}" in entries() else member.replace("_", " ")


def unit_of(path: str, known: Mapping[str, Sourced]) -> str:
    """The unit of an assumption, or of the groups of it."""
    if path in known:
        return known[path].unit
    return next((item.unit for name, item in known.items() if split(name)[0] == path), "")


def value_text(text: str, path: str, unit: str, say: Words) -> str:
    """The value of an assumption as a reader expects it: shares in percent, numbers in the language's way, anything else as it is."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not unit and (path.split(".")[0] in ("take_up", "compliance") or path.rsplit(".", 1)[-1] in ("growth", "real_growth", "productivity")):
        unit = SHARES[0]
    return say.measured(number, unit)


def administration(text: str, say: Words) -> str:
    """`5 % of benefits` or `0.05 of benefits` in the language of the publication; a text of another form as it is."""
    found = _ADMINISTRATION.fullmatch(text)
    if not found:
        return text
    try:
        rate = Decimal(found[1].replace(",", ".")) / (100 if found[2] else 1)
    except InvalidOperation:
        return text
    return say("of_gross" if is_gross_up(found[3]) else "of_benefits", rate=say.measured(rate, "rate"))


def is_gross_up(text: str) -> bool:
    """Whether administration is a share of gross expenditure rather than of benefits."""
    return "gross" in text or "brut" in text


def note_text(note: Note | str, costing: Costing, say: Words) -> str:
    """A note of the calculation in the language of the publication; a text that stands for itself as it is."""
    if isinstance(note, str):
        return note
    schemes = {label.name: say.title(label.title) for label in costing.schemes}
    names = [_data_title(name, say) for name in note.names]
    return say(f"note_{note.kind}", scheme=schemes.get(note.scheme, plain(note.scheme)), names=say.listed(names))


def _data_title(name: str, say: Words) -> str:
    """What a table, a fact or a contingency is called: its title, with a small letter at its beginning as it stands within a sentence."""
    if f"data_{name}" in entries():
        return say(f"data_{name}")
    words = vocabulary()
    title = next((fact.title for table in words.tables if (fact := words.fact(table, name))), None)
    found = labels("contingencies").get(name)
    return _small(say.title(found.title if found else title or {}) or plain(name))


def _small(text: str) -> str:
    """The text as it stands within a sentence: with a small letter at its beginning, unless it begins with an abbreviation."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
