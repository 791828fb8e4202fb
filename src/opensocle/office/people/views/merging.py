"""Joining two files of one person, side by side, and undoing it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ....errors import InputError
from ...access.rules import NotThere, require
from ...references import read_reference
from ..choices import IDENTIFIERS, SEXES, title
from ..forms.base import add_faults
from ..models import Merge, Person
from ..selectors import contacts_of, get_person, identifiers_of, memberships_of
from ..services import Birth, merge, undo_merge
from ..services.merging import TAKEN
from .base import crumbs_of, user_of

TAKE = {
    "names": gettext_lazy("Names"),
    "birth": gettext_lazy("Date of birth"),
    "sex": gettext_lazy("Sex"),
    "death": gettext_lazy("Date of death"),
    "place": gettext_lazy("Place"),
}


class OtherForm(forms.Form):
    """The other file."""

    other = forms.CharField(label=gettext_lazy("Reference of the other file of this person"), max_length=20)


class MergeForm(forms.Form):
    """What the file that stays takes over."""

    take = forms.MultipleChoiceField(
        label=gettext_lazy("What does the file that stays take over from the other?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(TAKE.items()),
    )
    sure = forms.BooleanField(label=gettext_lazy("Both files are of one and the same person"))


@login_required
@require_http_methods(["GET"])
def choose(request: HttpRequest, reference: str) -> HttpResponse:
    """Which is the other file."""
    user, today = user_of(request), timezone.localdate()
    person = get_person(user, reference, today, action="person.merge", part="merge")
    form = OtherForm(request.GET if "other" in request.GET else None)
    if form.is_bound and form.is_valid():
        other = read_reference(form.cleaned_data["other"]) or ""
        found = Person.objects.visible_to(user, "person.merge", today).filter(reference=other, merged_into=None)
        if found.exclude(pk=person.pk).exists():
            return redirect("people:merge", person.reference, other)
        form.add_error("other", _("There is nobody with this reference."))
    context = {
        "form": form,
        "title": _("Which is the other file?"),
        "button": _("Compare"),
        "about": person,
        "crumbs": crumbs_of(person),
        "method": "get",
    }
    return render(request, "people/question.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, reference: str, other: str) -> HttpResponse:
    """Both files side by side, and the question."""
    user, today = user_of(request), timezone.localdate()
    kept = get_person(user, reference, today, action="person.merge", part="merge")
    gone = get_person(user, other, today, action="person.merge", part="merge")
    form = MergeForm(request.POST if request.method == "POST" else None)
    _offer(form, [name for name, columns in TAKEN.items() if any(getattr(kept, one) != getattr(gone, one) for one in columns)])
    if request.method == "POST" and form.is_valid():
        try:
            merge(by=user, on=today, kept=kept, gone=gone, take=form.cleaned_data.get("take", []))
        except InputError as error:
            add_faults(form, error)
        else:
            messages.success(request, _("The two files are one now."))
            return redirect("people:person", kept.reference)
    rows = [(label, left, right, left != right) for (label, left), (_label, right) in zip(_said(kept), _said(gone), strict=True)]
    context = {"form": form, "kept": kept, "gone": gone, "rows": rows, "crumbs": crumbs_of(kept)}
    return render(request, "people/merge.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def undo(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Makes two files of one again."""
    user, today = user_of(request), timezone.localdate()
    person = get_person(user, reference, today, action="person.merge", part="merge")
    require(user, "person.merge", today, person)
    found = Merge.objects.filter(kept=person, pk=number).select_related("kept", "gone").first()
    if found is None:
        raise NotThere("merge")
    try:
        undo_merge(by=user, on=today, merge=found)
    except InputError as error:
        messages.error(request, error.what)
    else:
        messages.success(request, _("There are two files again."))
    return redirect("people:person", person.reference)


def _offer(form: MergeForm, different: list[str]) -> None:
    """Only what the two files say differently can be taken over."""
    if different:
        form.fields["take"].choices = [(name, TAKE[name]) for name in different]  # type: ignore[attr-defined]
    else:
        del form.fields["take"]


def _said(person: Person) -> list[tuple[str, Any]]:
    """What a file says, for the comparison."""
    language = get_language() or "en"
    return [
        (_("Reference"), person.reference),
        (_("Given names"), " ".join(filter(None, [person.given_name, person.second_name]))),
        (_("Surname"), person.surname),
        (_("Other names"), ", ".join(filter(None, [person.maiden_name, *person.other_names]))),
        (_("Date of birth"), Birth(person.birth_date, person.birth_precision)),
        (_("Date of death"), person.death_date or ""),
        (_("Sex"), title(SEXES, person.sex)),
        (_("Place"), person.area.name(language)),
        (_("Address"), person.address),
        (_("Documents"), ", ".join(f"{title(IDENTIFIERS, row.type)} {row.value}" for row in identifiers_of(person))),
        (_("Telephone and e-mail"), ", ".join(row.value for row in contacts_of(person))),
        (_("Household"), ", ".join(place.household.reference for place in memberships_of(person))),
    ]
