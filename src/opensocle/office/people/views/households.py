"""The file of a household."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from ..models import Membership
from ..selectors import actions_of, get_household, home, past_members
from ..words import in_reader_language, words_on
from .base import user_of
from .file import fact_groups


@login_required
@require_GET
def household(request: HttpRequest, reference: str) -> HttpResponse:
    """Who lives in it now and lived in it before, where, and what is known of it."""
    user, today = user_of(request), timezone.localdate()
    found = get_household(user, reference, today)
    titles = words_on(today).codes["relationship_to_head"].values

    def said(place: Membership) -> str:
        return in_reader_language(titles[place.relationship]) if place.relationship in titles else place.relationship

    members = home(user, found, today).members
    staying = [place for place in members if place.until is None]
    may = actions_of(user, today, found.district_id)
    context = {
        "household": found,
        "area": found.area.name(get_language() or "en"),
        "members": [(place, said(place)) for place in members],
        "past": [(place, said(place)) for place in past_members(user, found, today)],
        "groups": fact_groups(user, found, today),
        "may": may,
        "changes": "household.change" in may and (found.until is None or found.until > today),
        "head": next((place.person for place in members if place.relationship == "head"), None),
        "headless": bool(staying) and not any(place.relationship == "head" for place in staying),
        "heirs": [place for place in staying if place.relationship != "head"],
    }
    return render(request, "people/household.html", context)
