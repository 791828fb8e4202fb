"""Pages of possible duplicates: those that wait, and two files side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ....errors import InputError
from ...access.models import User
from ...access.rules import NotThere
from ...audit.services import act
from ..choices import IDENTIFIERS, PRECISIONS, SEXES, title
from ..models import Pair, Person
from .finding import find_duplicates
from .judging import ACTION, compared, judge_pair, open_pairs

PAGE = 25


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The pairs that wait, the most probable first."""
    user = _user(request)
    page = Paginator(open_pairs(user, timezone.localdate()), PAGE).get_page(request.GET.get("page"))
    shown = sorted({person.reference for pair in page for person in (pair.left, pair.right)})
    with act("pair.list", by=user, references=shown):
        pass
    return render(request, "people/duplicates.html", {"page": page, "rows": [(pair, round(100 * pair.probability)) for pair in page]})


@login_required
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Looks for duplicates in the user's districts."""
    found = find_duplicates(by=_user(request), on=timezone.localdate())
    text = ngettext("%(number)d new pair was found.", "%(number)d new pairs were found.", found.new)
    messages.success(request, text % {"number": found.new})
    return redirect("exchange:duplicates")


@login_required
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, number: int) -> HttpResponse:
    """Two files side by side, and what the officer says of them."""
    user, today = _user(request), timezone.localdate()
    if request.method == "GET":
        one = compared(user, number, today)
        return render(request, "people/duplicate.html", {"pair": one, "rows": _beside(one), "percent": round(100 * one.probability)})
    found = open_pairs(user, today).filter(pk=number).first()
    if found is None:
        raise NotThere(ACTION)
    keep = {"left": found.left, "right": found.right}.get(request.POST.get("verdict", ""))
    if keep is None and request.POST.get("verdict") != "different":
        messages.error(request, _("Choose one of the answers."))
        return redirect("exchange:duplicate", number)
    try:
        judge_pair(by=user, on=today, pair=found, same=keep is not None, keep=keep)
    except InputError as error:
        messages.error(request, error.what)
        return redirect("exchange:duplicates")
    messages.success(request, _("The two files were joined.") if keep else _("It is noted that these are two persons."))
    return redirect("exchange:duplicates")


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotThere(ACTION)
    return request.user


def _beside(one: Pair) -> list[dict[str, Any]]:
    """What both files say, with what is different marked."""
    left, right = _said(one.left), _said(one.right)
    return [{"label": label, "left": left[label], "right": right[label], "differs": left[label] != right[label]} for label in left]


def _said(person: Person) -> dict[str, Any]:
    numbers = [f"{title(IDENTIFIERS, row.type)}: {row.value}" for row in person.identifiers.filter(withdrawn=False).order_by("pk")]
    phones = [row.value for row in person.contacts.filter(withdrawn=False).order_by("pk")]
    home = person.memberships.filter(until__isnull=True).select_related("household").first()
    mother = person.facts.filter(name="mother_id", withdrawn__isnull=True).order_by("-pk").values_list("value", flat=True).first()
    return {
        _("Reference"): person.reference,
        _("Name"): person.name,
        _("Maiden name"): person.maiden_name,
        _("Sex"): title(SEXES, person.sex),
        _("Date of birth"): person.birth_date,
        _("Precision of the date"): title(PRECISIONS, person.birth_precision) if person.birth_date else "",
        _("Area"): person.area.name(get_language() or "en"),
        _("Address"): person.address,
        _("Documents"): ", ".join(numbers),
        _("Telephone and e-mail"): ", ".join(phones),
        _("Household"): home.household.reference if home else "",
        _("Mother"): mother or "",
        _("Registered on"): person.created,
    }
