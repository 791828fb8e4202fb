"""An interview about people who are not in the registry: what was answered is kept in the visitor's session, and where she saves it for later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from ...engine.deciding import HOUSEHOLD
from ...law.law import Law
from ...periods import Month
from ...vocabulary.model import HISTORIES, HOUSEHOLDS, PERSONS
from .registry import Facts, days_of, known_only
from .values import read

SESSION = "interview"
MOST_MEMBERS = 15


@dataclass
class Draft:
    """facts: texts by subject and word. none: histories that a member has nothing in. asked: keys in the order of the questions, to go back."""

    month: Month
    members: list[str]
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    none: dict[str, list[str]] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str, str]] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    saved: str = ""  # the reference of what was saved for later

    @classmethod
    def new(cls, month: Month, count: int, events: list[str]) -> Draft:
        """People of whom nothing is known but what happened to the first this month."""
        return cls(month, [f"p{number}" for number in range(1, count + 1)], events=events)

    @classmethod
    def of(cls, session: Any) -> Draft | None:
        """The draft of a session."""
        said = session.get(SESSION)
        return cls.read(said) if said else None

    @classmethod
    def read(cls, said: Mapping[str, Any], saved: str = "") -> Draft:
        """A draft from the plain data of one."""
        keys = {name: [tuple(key) for key in said[name]] for name in ("skipped", "asked")}
        month = Month.parse(said["month"])
        return cls(month, said["members"], said["facts"], said["none"], said["events"], **keys, saved=saved or said.get("saved", ""))

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {**vars(self), "month": str(self.month)}

    def keep(self, session: Any) -> None:
        session[SESSION] = self.plain()

    def names(self) -> dict[str, str]:
        """How the members are called on the page."""
        return {name: _("Person %(number)s") % {"number": name[1:]} for name in self.members}

    # --- answers

    def answer(self, key: tuple[str, str, str], text: str) -> None:
        """Keeps an answer. Of a history, "no" means that there is none of it; "yes" leaves it unknown."""
        subject, table, name = key
        self.forget(key)
        if name:
            self.facts.setdefault(subject, {})[name] = text
        elif text == "false":
            self.none.setdefault(table, []).append(subject)
        else:
            self.skipped.append(key)
        self.asked.append(key)

    def skip(self, key: tuple[str, str, str]) -> None:
        """It is not known: not asked again."""
        self.forget(key)
        self.skipped.append(key)
        self.asked.append(key)

    def forget(self, key: tuple[str, str, str]) -> None:
        """Takes an answer back."""
        subject, table, name = key
        self.facts.get(subject, {}).pop(name, None)
        if not name:
            self.none[table] = [other for other in self.none.get(table, []) if other != subject]
        self.skipped = [other for other in self.skipped if other != key]
        self.asked = [other for other in self.asked if other != key]

    # --- for the engine

    def given(self, law: Law) -> Mapping[Any, Facts]:
        """The facts, by each day on which the law looks at them."""
        return {day: self._facts(law, day) for day in days_of(law, self.month)}

    def _facts(self, law: Law, day: Any) -> Facts:
        facts: Facts = {
            "household": _read(law, HOUSEHOLDS, self.facts.get(HOUSEHOLD, {})),
            "members": {name: {"death_date": None} | _read(law, PERSONS, self.facts.get(name, {})) | {"person_id": name} for name in self.members},
            "events": {name: [] for name in self.members},
        }
        facts["events"][self.members[0]] = [{"contingency": event, "event_date": day, "claim_date": day} for event in self.events]
        for table in HISTORIES:
            if self.none.get(table):
                facts[table] = {name: [] for name in self.none[table]}
        return facts


def _read(law: Law, table: str, texts: Mapping[str, str]) -> Facts:
    words = law.vocabulary
    return known_only({name: read(words.tables[table][name], text, words) for name, text in texts.items() if name in words.tables[table]})
