"""What every page knows: the office's name and languages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def office(request: HttpRequest) -> dict[str, Any]:
    """The office's title in the reader's language."""
    titles = settings.PLACE.title
    return {"office_title": titles.get(get_language() or "en") or next(iter(titles.values()), "")}
