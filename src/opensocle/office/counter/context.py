"""What every page knows: the office's name, its languages, and the menu of the user."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from .menu import shown


def office_title() -> str:
    """The office's name in the reader's language."""
    titles = settings.PLACE.title
    return titles.get(get_language() or "en") or next(iter(titles.values()), "")


def office(request: HttpRequest) -> dict[str, Any]:
    """The office's title in the reader's language, the other languages that there are, and the menu, which is made only where it is shown."""
    others = [get_language_info(code) for code, _ in settings.LANGUAGES if code != get_language()]
    user = getattr(request, "user", None)
    menu = SimpleLazyObject(lambda: shown(user, request.path, timezone.localdate()))
    return {"office_title": office_title(), "other_languages": others, "menu": menu}
