"""One question a page: which fact to ask for next, and the right input for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...engine.deciding import HOUSEHOLD
from ...engine.reasons import Missing, Verdict
from ...law.law import Law
from ...law.wording import unit as unit_words
from ...periods import Month
from ...vocabulary.model import HISTORIES, HOUSEHOLDS, PERSONS, Fact
from ..design.dates import DayField, PartialDay, PartialDayField
from .presenting import STRANGER, NamedWords
from .registry import NEVER_ASKED
from .values import PEOPLE, write

Key = tuple[str, str, str]
"""Whose fact (a member or `household`), the table, the word; the word is empty for a whole history."""
ELSEWHERE = "elsewhere"
"""The value of a person's reference that is somebody outside the household."""
MOST_RADIOS = 12


@dataclass(frozen=True)
class Question:
    """A fact to ask for. unblocks: how many answers wait for it."""

    subject: str
    table: str
    name: str
    word: Fact
    title: str
    hint: str
    who: str
    unit: str
    options: tuple[tuple[str, str], ...] = ()
    unblocks: int = 0

    @property
    def key(self) -> Key:
        return self.subject, self.table, self.name

    @property
    def path(self) -> str:
        """For an address: it says nothing but the word."""
        return f"{self.table}.{self.name}"


def waiting(verdicts: Iterable[Verdict], skipped: Collection[Key], *, tried: bool = False) -> list[tuple[Key, int]]:
    """The facts that can still change an answer, those that most answers wait for first; equal ones as the law asks for them.

    tried: about people without a file, who can be asked for everything, also whether they have any history.
    """
    asked: Counter[Key] = Counter()
    for verdict in verdicts:
        for missing in verdict.missing:
            if askable(missing, tried=tried) and key_of(missing) not in skipped:
                asked[key_of(missing)] += 1
    return asked.most_common()


def key_of(missing: Missing) -> Key:
    return missing.subject, missing.table, missing.name


def askable(missing: Missing, *, tried: bool = False) -> bool:
    """Whether one question settles it: a fact of a person or household that a file can have, or (tried) whether there is a history at all."""
    if missing.table in (PERSONS, HOUSEHOLDS):
        return bool(missing.name) and missing.subject != STRANGER and (tried or missing.name not in NEVER_ASKED)
    return tried and missing.table in HISTORIES and not missing.name


def progress(verdicts: Iterable[Verdict], skipped: Collection[Key], *, tried: bool = False) -> tuple[int, int]:
    """How many answers are settled, or can be no further by asking, of how many."""
    listed = list(verdicts)
    still = sum(any(askable(m, tried=tried) and key_of(m) not in skipped for m in verdict.missing) for verdict in listed)
    return len(listed) - still, len(listed)


def question_of(law: Law, key: Key, words: NamedWords, members: Mapping[str, str], unblocks: int = 0, *, tried: bool = False) -> Question | None:
    """The question for a fact; None where there is none to ask. members: names by subject."""
    subject, table, name = key
    if table in HISTORIES and not name and tried:
        word = Fact("", table, "boolean", {})
        title = _("Is there anything in this register: %(register)s?") % {"register": words(table)}
        return Question(subject, table, name, word, title, "", words.capital(words.subject(subject)), "", YES_NO, unblocks)
    found = law.vocabulary.tables.get(table, {}).get(name)
    if found is None or (subject == HOUSEHOLD) != (table == HOUSEHOLDS) or (name in NEVER_ASKED and not tried):
        return None
    unit = unit_words(found.unit_text, words.lang) if found.type in ("integer", "decimal") and found.unit_text else ""
    return Question(
        subject=subject,
        table=table,
        name=name,
        word=found,
        title=words.title(found.title, name),
        hint=words.title(found.description),
        who=words.capital(words.subject(subject)),
        unit=unit,
        options=_options(law, found, subject, words, members, tried),
        unblocks=unblocks,
    )


YES_NO: Any = (("true", gettext_lazy("Yes")), ("false", gettext_lazy("No")))


def _options(law: Law, word: Fact, subject: str, words: NamedWords, members: Mapping[str, str], tried: bool) -> Any:
    if word.type == "boolean":
        return YES_NO
    if word.name in PEOPLE:
        others = tuple((name, members[name]) for name in members if name != subject)
        return (*others, (ELSEWHERE, _("Somebody who does not live here"))) if tried else others
    if word.type == "code":
        codes = law.vocabulary.codes.get(word.codes)
        found = [(code, words.title(titles, code)) for code, titles in codes.values.items() if code != "not_known"] if codes else []
        return tuple(found if len(found) <= MOST_RADIOS else sorted(found, key=lambda pair: pair[1]))
    return ()


class AnswerForm(forms.Form):
    """The answer to one question; `text` is canonical."""

    def __init__(self, question: Question, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial={"answer": initial} if initial is not None else None)
        self.question = question
        self.fields["answer"] = _field(question)

    @property
    def text(self) -> str:
        value = self.cleaned_data["answer"]
        if isinstance(value, PartialDay):
            return write(value.date)
        return value if isinstance(value, str) else write(value)

    @property
    def precision(self) -> str:
        """Of a date of birth."""
        value = self.cleaned_data["answer"]
        return value.precision if isinstance(value, PartialDay) else "day"


def _field(question: Question) -> forms.Field:
    word = question.word
    common: dict[str, Any] = {"label": question.title, "help_text": question.hint}
    if question.options:
        choices = list(question.options)
        if len(choices) > MOST_RADIOS:
            return forms.ChoiceField(choices=[("", "—"), *choices], **common)
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    low, high = word.minimum, word.maximum
    match word.type:
        case "date" if word.name == "birth_date":
            return PartialDayField(**common)
        case "date":
            return DayField(**common)
        case "integer":
            return forms.IntegerField(min_value=None if low is None else int(low), max_value=None if high is None else int(high), **common)
        case "decimal":
            return forms.DecimalField(min_value=low, max_value=high, decimal_places=word.digits, max_digits=18, **common)
        case "month":
            return forms.RegexField(r"^[0-9]{4}-(0[1-9]|1[0-2])$", **{**common, "help_text": _("Write the year and the month: 2026-03.")})
    if word.name in PEOPLE:
        return forms.CharField(max_length=20, **{**common, "help_text": _("Write the reference of the person's file.")})
    return forms.CharField(max_length=200, **common)


def month_choices(around: Month, words: NamedWords, before: int = 12, after: int = 3) -> list[tuple[str, str]]:
    """Months to choose from, the latest first."""
    found = [Month.from_index(around.index + step) for step in range(after, -before - 1, -1)]
    return [(str(month), words.capital(words.month(month))) for month in found]


def set_choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """The choices of a field that depend on the law or the day."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
