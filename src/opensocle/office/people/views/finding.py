"""The search for people."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from ...access.rules import require, scope
from ..choices import SEXES, title
from ..models import Person
from ..selectors import Filters, actions_of, search
from .base import user_of

LOOKED_FOR = "looked_for"
"""Where the session keeps what was looked for last."""
SHORTEST = 3
"""Letters from which on a search is made while typing."""


@login_required
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The search box with what was found. What is looked for is sent and kept in the session: names and numbers stand in no address."""
    user, today = user_of(request), timezone.localdate()
    require(user, "person.search", today)
    if request.method == "POST":
        request.session[LOOKED_FOR] = request.POST.get("q", "")[:200]
        return redirect("people:search")
    context = _found(request, request.GET.get("q", request.session.get(LOOKED_FOR, ""))[:200])
    context["may_register"] = bool(scope(user, "person.register", today).districts or scope(user, "person.register", today).everywhere)
    return render(request, "people/find.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def results(request: HttpRequest) -> HttpResponse:
    """What was found so far, while somebody types."""
    text = (request.POST if request.method == "POST" else request.GET).get("q", "")[:200]
    return render(request, "people/results.html", _found(request, text if len(text.strip()) >= SHORTEST else ""))


def _found(request: HttpRequest, text: str) -> dict[str, Any]:
    user, today = user_of(request), timezone.localdate()
    require(user, "person.search", today)
    if not text.strip():
        return {"q": text}
    found = search(user, text, today, Filters())
    rows = [row(hit.person) for hit in found.hits]
    opens = {row["person"].pk for row in rows if "person.read" in actions_of(user, today, row["person"].district_id)}
    return {"q": text, "rows": rows, "more": found.more, "opens": opens}


def row(person: Person) -> dict[str, Any]:
    """A person in a list."""
    return {"person": person, "sex": title(SEXES, person.sex), "area": person.area.name(get_language() or "en")}
