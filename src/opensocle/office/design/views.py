"""The page that shows every component in every state. It holds no data, so anybody may see it."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from .forms import NEEDS, SEXES, Sample

SHOWN = date(2026, 1, 1)
"""The day that the examples are of."""
FILLED = {
    "name": "Awa N’Diaye-Ouédraogo",
    "phone": "",
    "earnings": "125000",
    "birth_0": "",
    "birth_1": "3",
    "birth_2": "1958",
    "birth_3": "on",
    "since_0": "1",
    "since_1": "12",
    "since_2": "2019",
    "sex": "female",
    "needs": ["food", "school"],
    "district": "d02",
    "remarks": "",
}


def show(request: HttpRequest) -> HttpResponse:
    """Every component: forms empty, filled in and refused; the rest in each of its states."""
    typed = {**FILLED, "name": "", "since_0": "31", "since_1": "2", "sex": "", "needs": [], "district": ""}
    wrong = Sample({f"wrong-{name}": value for name, value in typed.items()}, prefix="wrong")
    wrong.add_error(None, _("The date of birth is later than the day since when the person lives here."))
    context = {
        "empty": Sample(prefix="empty"),
        "filled": Sample(initial={**FILLED, "birth": (date(1958, 3, 1), "month"), "since": date(2019, 12, 1)}, prefix="filled"),
        "wrong": wrong,
        "sexes": SEXES,
        "needs": NEEDS,
        "chosen": ["food", "school"],
        "steps": [_("Person"), _("Household"), _("Facts"), _("Evidence"), _("Check")],
        "shown": SHOWN,
        "page": Paginator(range(230), 10).page(9),
        "colours": ["brand", "bar", "ink", "quiet", "ground", "surface", "line", "link", "good", "bad", "wait", "focus"],
    }
    return render(request, "design/show.html", context)
