"""What officers read of people: a person, a household, a search. Each within the user's districts; what is opened or found is written down."""

from __future__ import annotations

from datetime import date

from django.db.models import Count

from ..access.models import User
from ..access.rules import NotThere, require
from ..audit.services import act
from ..references import read_reference
from .models import Household, Person, SearchKey
from .naming import search_keys

MOST = 25
"""Persons that a search gives at most."""


def get_person(user: User, reference: str, on: date) -> Person:
    """A person's file; that it was read is written down. Raises NotThere alike for what is missing and what the user may not see."""
    require(user, "person.read", on)
    there = Person.objects.visible_to(user, "person.read", on).select_related("area")
    found = there.filter(reference=read_reference(reference) or "").first()
    if found is None:
        raise NotThere(reference)
    with act("person.read", by=user, about=found):
        return found


def get_household(user: User, reference: str, on: date) -> Household:
    """A household's file; that it was read is written down."""
    require(user, "household.read", on)
    there = Household.objects.visible_to(user, "household.read", on).select_related("area")
    found = there.filter(reference=read_reference(reference) or "").first()
    if found is None:
        raise NotThere(reference)
    with act("household.read", by=user, about=found):
        return found


def search(user: User, text: str, on: date) -> list[Person]:
    """Persons whose words, sounds, numbers or reference match what was typed, those with most matches first; 25 at most."""
    require(user, "person.search", on)
    visible = Person.objects.visible_to(user, "person.search", on).select_related("area").filter(merged_into__isnull=True)
    reference = read_reference(text)
    if reference:
        found = list(visible.filter(reference=reference))
    else:
        keys = search_keys([text], [text], [text])
        matches = SearchKey.objects.filter(key__in=[key for _, key in keys], kind__in={kind for kind, _ in keys})
        best = matches.values("person").annotate(number=Count("key", distinct=True)).order_by("-number").values_list("person", "number")
        numbers = dict(best[: MOST * 8])
        found = sorted(visible.filter(pk__in=numbers), key=lambda person: (-numbers[person.pk], person.pk))[:MOST]
    with act("person.search", by=user, found=[person.reference for person in found]):
        return found
