"""The words that the law and the population share: facts of persons, households and histories, units, code lists, labels of schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .iso import currency_digits
from .loading import LABELS, labels, vocabulary
from .model import HISTORIES, HOUSEHOLDS, PERSONS, TABLES, TYPES, CodeList, Fact, Label, Titles, Vocabulary
from .units import Unit

if TYPE_CHECKING:
    from .reference import page

__all__ = [
    "HISTORIES",
    "HOUSEHOLDS",
    "LABELS",
    "PERSONS",
    "TABLES",
    "TYPES",
    "CodeList",
    "Fact",
    "Label",
    "Titles",
    "Unit",
    "Vocabulary",
    "currency_digits",
    "labels",
    "page",
    "vocabulary",
]


def __getattr__(name: str) -> object:
    if name == "page":
        from .reference import page

        return page
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
