"""What a user sets for herself."""

from __future__ import annotations

from django.conf import settings

from ..access.models import User
from ..audit.services import act


def choose_language(*, by: User, language: str) -> None:
    """The language of her pages from now on; nothing where the office does not have it or she reads it already."""
    if language not in dict(settings.LANGUAGES) or language == by.language:
        return
    with act("user.language", by=by, about=by, language=language):
        User.objects.select_for_update().filter(pk=by.pk).update(language=language)
    by.language = language
