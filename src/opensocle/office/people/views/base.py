"""What the pages share: the user, the page with one question, what a user may do with a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ....errors import InputError, Problems
from ...access.models import User
from ...access.rules import NotThere
from ..forms.base import add_faults
from ..models import Household, Person
from ..selectors import get_household, get_person


def user_of(request: HttpRequest) -> User:
    """The user who is signed in."""
    if not isinstance(request.user, User):
        raise NotThere("user")
    return request.user


def question(
    request: HttpRequest,
    form: forms.Form,
    do: Callable[[Any], object],
    *,
    title: Any,
    back: str,
    done: Any,
    about: Person | Household,
    button: Any = "",
    danger: bool = False,
    notice: Any = "",
    method: str = "post",
) -> HttpResponse:
    """A page with one question: shown, shown again with what is wrong (422), or answered and gone back from."""
    if request.method == "POST" and form.is_valid():
        try:
            do(form)
        except (InputError, Problems) as error:
            add_faults(form, error)
        else:
            messages.success(request, str(done))
            return redirect(back if still_seen(request, about) else "people:search")
    context = {"form": form, "title": title, "back": back, "about": about, "crumbs": crumbs_of(about)}
    context |= {"button": button, "danger": danger, "notice": notice, "method": method}
    return render(request, "people/question.html", context, status=422 if form.is_bound else 200)


def still_seen(request: HttpRequest, about: Person | Household) -> bool:
    """Whether the user may still open a file that she has just changed: it may have gone to another district."""
    action = "person.read" if isinstance(about, Person) else "household.read"
    rows = Person.objects if isinstance(about, Person) else Household.objects
    return rows.visible_to(request.user, action, timezone.localdate()).filter(pk=about.pk).exists()


def open_about(request: HttpRequest, kind: str, reference: str, part: str) -> Person | Household:
    """The person or household of a page; opening it is an act."""
    user, today = user_of(request), timezone.localdate()
    return get_person(user, reference, today, part=part) if kind == "person" else get_household(user, reference, today)


def back_to(about: Person | Household, part: str) -> str:
    if part == "search":
        return reverse("people:search")
    if isinstance(about, Household):
        return reverse("people:household", args=[about.reference])
    return reverse("people:person" if part == "person" else f"people:{part}", args=[about.reference])


def crumbs_of(about: Person | Household) -> list[tuple[str, str]]:
    """The way to a page: address, title."""
    if isinstance(about, Household):
        return [(back_to(about, "household"), _("Household %(reference)s") % {"reference": about.reference})]
    return [(back_to(about, "person"), about.name or about.reference)]
