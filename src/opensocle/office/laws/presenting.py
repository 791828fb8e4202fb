"""Verdicts and explanations as a page shows them, in the reader's language; members by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ...engine.deciding import HOUSEHOLD
from ...engine.explaining import Explanation
from ...engine.reasons import Missing, Verdict
from ...engine.tracing import legal_basis
from ...engine.views import View, Viewer
from ...engine.wording import Words
from ...law.law import Law
from ...vocabulary import labels
from ...vocabulary.model import HOUSEHOLDS, PERSONS
from ..references import read_reference
from .registry import NEVER_ASKED

STRANGER = "stranger"
"""The subject that stands for a member of the household whose file is in another district."""
STATES = {"entitled": "good", "due": "info", "undecided": "wait", "not_entitled": "", "nothing_due": ""}


def language() -> str:
    """The reader's language, as explanations have it."""
    return "fr" if (get_language() or "").startswith("fr") else "en"


class NamedWords(Words):
    """The words of a language, with people called by their names."""

    def __init__(self, law: Law, names: Mapping[str, str]) -> None:
        super().__init__(language(), law.country.currency.digits)
        self.names = names

    def subject(self, name: str) -> str:
        """A member's name; of one whom the reader may not see, that she is somebody, and no reference."""
        if name == STRANGER or (name not in self.names and read_reference(name) == name):
            return _("a member whose file is in another district")
        return self.names.get(name) or super().subject(name)

    def capital(self, text: str) -> str:
        return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Ask:
    """A fact that is missing: whose, what, and whether a question settles it (else a register, a claim, or the file itself has to)."""

    text: str
    subject: str
    table: str
    name: str
    askable: bool


@dataclass(frozen=True)
class Line:
    """One verdict: a scheme, whose right, the answer, why, by which article, and what is missing. claimant: who could claim, by reference."""

    scheme: str
    title: str
    subject: str
    who: str
    outcome: str
    state: str
    answer: str
    reason: str
    source: str
    event: str = ""
    if_claimed: bool = False
    missing: tuple[Ask, ...] = ()
    claimant: str = ""


@dataclass(frozen=True)
class Groups:
    """The lines of a rights page, in the order in which they matter."""

    entitled: list[Line] = field(default_factory=list)
    open: list[Line] = field(default_factory=list)
    on_event: list[Line] = field(default_factory=list)
    due: list[Line] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)


def groups_of(law: Law, verdicts: Iterable[Verdict], if_claimed: Iterable[Verdict], words: NamedWords, claimant: str = "") -> Groups:
    """The verdicts, grouped. claimant: who would claim what belongs to the household."""
    found = Groups()
    place = {
        "entitled": found.entitled, "due": found.due, "undecided": found.open, "not_entitled": found.refused, "nothing_due": found.refused,
    }  # fmt: skip
    for verdict in verdicts:
        place[verdict.outcome].append(line_of(law, verdict, words, claimant=claimant))
    for verdict in if_claimed:
        if verdict.state not in ("not_alive", "not_born"):
            line = line_of(law, verdict, words, if_claimed=True, claimant=claimant)
            (found.refused if verdict.outcome == "not_entitled" else found.on_event).append(line)
    return found


def line_of(law: Law, verdict: Verdict, words: NamedWords, *, if_claimed: bool = False, claimant: str = "") -> Line:
    """A verdict in words."""
    scheme = law.schemes[verdict.scheme]
    viewer = Viewer(words, verdict.scheme, verdict.subject)
    failing = [(viewer.failing(item), item.source) for item in verdict.failing]
    reason = words.capital(failing[0][0]) if failing else words.capital(words(verdict.state)) if verdict.state != "computed" else ""
    contingency = labels("contingencies").get(law.events.get(verdict.scheme, ""))
    return Line(
        scheme=verdict.scheme,
        title=words.title(verdict.title, verdict.scheme),
        subject=verdict.subject,
        who=words.capital(words.subject(verdict.subject)),
        outcome=verdict.outcome,
        state=STATES[verdict.outcome],
        answer=amounts(verdict, words) if verdict.outcome in ("entitled", "due") else "",
        reason=reason,
        source=failing[0][1] if failing and failing[0][1] else legal_basis(scheme),
        event=words.title(contingency.title) if contingency else "",
        if_claimed=if_claimed,
        missing=tuple(ask_of(item, words) for item in verdict.missing),
        claimant=claimant if verdict.subject == HOUSEHOLD else verdict.subject,
    )


def ask_of(missing: Missing, words: NamedWords) -> Ask:
    """A missing fact in words: of a person or household, of a row of a register, or a register that the office does not keep."""
    of_file = missing.table in (PERSONS, HOUSEHOLDS) and bool(missing.name)
    title = words.title(missing.title, missing.name)
    if not missing.name:
        title = _("%(register)s (a register that this office does not keep)") % {"register": words(missing.table)}
    elif not of_file:
        title = f"{words(missing.table)}, {title}"
    text = f"{words.capital(words.subject(missing.subject))}{words('colon')}{title}"
    return Ask(text, missing.subject, missing.table, missing.name, of_file and missing.name not in NEVER_ASKED and missing.subject != STRANGER)


def amounts(verdict: Verdict, words: Words) -> str:
    """What is given or due: `30.00 XMU a month`; several parts with their names."""
    found = []
    for amount in verdict.amounts:
        if amount.name == "duration" or (verdict.outcome == "due" and amount.value == Decimal(0)):
            continue
        text = words.paid(amount.value, amount.unit, verdict.paid)
        found.append(text if amount.name == "benefit" else f"{words.title(amount.title, words(amount.name))}{words('colon')}{text}")
    text = "; ".join(found)
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Shown:
    """An explanation for the page: `failing` with its sources, facts to ask for, obstacles, and the tree of reasons."""

    line: Line
    failing: list[tuple[str, str]]
    missing: tuple[Ask, ...]
    obstacles: list[str]
    tree: list[View]
    law: str


def shown(law: Law, explanation: Explanation, words: NamedWords, *, if_claimed: bool = False) -> Shown:
    """A scheme's explanation in words."""
    verdict = explanation.verdict
    if verdict is None:
        raise AssertionError(explanation.name)
    viewer = Viewer(words, explanation.name, explanation.subject)
    return Shown(
        line=line_of(law, verdict, words, if_claimed=if_claimed),
        failing=[(words.capital(viewer.failing(item)), item.source) for item in verdict.failing],
        missing=tuple(ask_of(item, words) for item in verdict.missing),
        obstacles=[words.capital(viewer.obstacle(item)) for item in verdict.obstacles],
        tree=[viewer.view(step) for step in explanation.steps],
        law=law.hash[:12],
    )
