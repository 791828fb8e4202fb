"""What is done at the counter in more than one application at once, and what a user sets for herself."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction

from ..access.models import User
from ..audit.services import act
from ..cases.services import end_for_death
from ..people.models import Person
from ..people.services import record_death


def choose_language(*, by: User, language: str) -> None:
    """The language of her pages from now on; nothing where the office does not have it or she reads it already."""
    if language not in dict(settings.LANGUAGES) or language == by.language:
        return
    with act("user.language", by=by, about=by, language=language):
        User.objects.select_for_update().filter(pk=by.pk).update(language=language)
    by.language = language


def report_death(*, by: User, on: date, person: Person, died: date, reason: str) -> Person:
    """A death and what it ends, at once: her place in the household, her rights with the month of death, her open claims.

    Raises Refused, NotThere, InputError O050, O056.
    """
    with transaction.atomic():
        dead = record_death(by=by, on=on, person=person, died=died, reason=reason)
        end_for_death(by=by, on=on, person=dead)
    return dead
