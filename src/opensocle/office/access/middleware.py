"""What every request of a user carries: where acts come from, and the districts that PostgreSQL lets her rows be of."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from ..audit.models import Entry
from ..audit.services import origin
from .models import User
from .row_security import work_for
from .rules import NOWHERE, Scope, postings, scope_of


class ScopeMiddleware:
    """Opens the second lock for the districts in which the user has a posting, and closes it for everybody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            if request.path.startswith("/api/"):
                return JsonResponse({"code": "not_found", "what": "there is nothing here that you may see", "hint": ""}, status=404)
            raise Http404  # no text of the office has this sign, and PostgreSQL cannot even look for it
        token = origin.set(Entry.Origin.API if request.path.startswith("/api/") else Entry.Origin.WEB)
        where = _scope(request)
        work_for(None if where.everywhere else where.districts)
        try:
            response = self.get_response(request)
        finally:
            work_for(None)
            origin.reset(token)
        if request.user.is_authenticated:
            response.setdefault("Cache-Control", "no-store, private")
        return response


def _scope(request: HttpRequest) -> Scope:
    """All districts of the user's postings of today, whatever the role."""
    user = request.user
    return scope_of(p.area for p in postings(user, timezone.localdate())) if isinstance(user, User) and user.is_active else NOWHERE
