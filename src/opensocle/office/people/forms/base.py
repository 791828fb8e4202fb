"""What every form of a file has: for whom it is, and how the services' faults come to its fields."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ....errors import InputError, Problems
from ...access.models import User
from ...places.models import Area
from ..choices import Titles
from ..words import in_reader_language, words_on

EMPTY = ("", "–")
REQUIRED: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.ChoiceField, _("Choose one of the list.")),
    (forms.FileField, _("Choose a file.")),
    (forms.CharField, _("Fill this in.")),
)
"""What is said of a field that is left empty, by its kind."""


class FileForm(forms.Form):
    """A form about a person or household; row: what of the file it is about, such as an identifier."""

    def __init__(self, data: Any = None, files: Any = None, *, user: User, on: date, about: Any = None, row: Any = None, **more: Any) -> None:
        self.user, self.on, self.about, self.row = user, on, about, row
        super().__init__(data, files, **more)
        self.prepare()
        for field in self.fields.values():
            said = next((text for kind, text in REQUIRED if isinstance(field, kind)), None)
            if said is not None:
                field.error_messages["required"] = said

    def prepare(self) -> None:
        """Gives fields their choices and values."""

    def give(self, name: str, choices: Any, initial: Any = None) -> None:
        """Choices of a field, and the one that is there."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        if initial is not None:
            self.fields[name].initial = initial


def pairs(titles: Titles, only: Any = None) -> list[tuple[str, str]]:
    """The choices of a list, in its order."""
    return [(code, str(title)) for code, title in titles.items() if only is None or code in only]


def codes(name: str, on: date) -> list[tuple[str, str]]:
    """The choices of a code list of the vocabulary, in its order."""
    return [(code, in_reader_language(titles)) for code, titles in words_on(on).codes[name].values.items()]


def areas(found: list[Area], language: str) -> list[tuple[str, str]]:
    """Districts, and what lies in them."""
    return [EMPTY, *((area.code, area.name(language) if area.kind == "district" else f"— {area.name(language)}") for area in found)]


def add_faults(form: forms.Form, error: InputError | Problems) -> None:
    """Puts what a service refused at the field that it names, or above the form."""
    for one in error.problems if isinstance(error, Problems) else (error,):
        text = f"{one.what} {one.hint}".strip() if one.hint else one.what
        form.add_error(one.at if one.at in form.fields else None, text)
