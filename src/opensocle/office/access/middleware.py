"""What every request of a user carries: where acts come from, her language, and the districts that PostgreSQL lets her rows be of."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ..audit.models import Entry
from ..audit.services import origin


class ScopeMiddleware:
    """Acts of this request come from the web (the API says otherwise itself)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = origin.set(Entry.Origin.API if request.path.startswith("/api/") else Entry.Origin.WEB)
        try:
            response = self.get_response(request)
        finally:
            origin.reset(token)
        if request.user.is_authenticated:
            response.setdefault("Cache-Control", "no-store, private")
        return response
