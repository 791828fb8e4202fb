"""Recording facts of persons and households, and correcting, ending or taking them back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ....errors import InputError
from ...access.rules import NotThere, require
from .. import services
from ..forms import identity, matters
from ..forms.base import FileForm
from ..models import Document, Fact, Person
from ..selectors import household_fact, own_row
from .base import back_to, open_about, question, user_of


@login_required
@require_http_methods(["GET"])
def fact_name(request: HttpRequest, kind: str, reference: str) -> HttpResponse:
    """Which fact is recorded."""
    about = open_about(request, kind, reference, "facts")
    require(user_of(request), f"{kind}.change", timezone.localdate(), about)
    form = matters.FactNameForm(request.GET if "name" in request.GET else None, user=user_of(request), on=timezone.localdate(), about=about)
    if form.is_bound and form.is_valid():
        return redirect(f"people:{kind}_fact", reference, form.cleaned_data["name"])
    return _ask(request, form, lambda _form: None, _("Which fact?"), about, button=_("Continue"), method="get")


@login_required
@require_http_methods(["GET", "POST"])
def fact_new(request: HttpRequest, kind: str, reference: str, name: str) -> HttpResponse:
    """A fact's value and days."""
    about = open_about(request, kind, reference, "facts")
    require(user_of(request), f"{kind}.change", timezone.localdate(), about)
    form = _fact_form(request, matters.FactForm, about, name, None)

    def record(form: Any) -> object:
        said = _fact_said(about, form)
        return services.record_fact(by=user_of(request), on=timezone.localdate(), about=about, name=name, **said)

    return _ask(request, form, record, form.fields["value"].label, about)


@login_required
@require_http_methods(["GET", "POST"])
def fact_do(request: HttpRequest, kind: str, reference: str, number: int, name: str) -> HttpResponse:
    """A fact that is corrected, ended or taken back."""
    user, today = user_of(request), timezone.localdate()
    about = open_about(request, kind, reference, "facts")
    require(user, f"{kind}.change", today, about)
    fact = own_row(about, Fact, number) if isinstance(about, Person) else household_fact(about, number)
    if name == "correct":
        form: Any = _fact_form(request, matters.CorrectFact, about, fact.name, fact)
        title: Any = _("What is right?")
        do: Any = partial(_correct, user, today, about, fact)
    elif name == "end":
        form, title = _plain_form(request, matters.EndForm, about, fact), _("From when is it not so any more?")
        do = partial(_end, user, today, fact)
    else:
        form, title = _plain_form(request, identity.ReasonForm, about, fact), _("Why is this fact taken out?")
        do = partial(_retract, user, today, fact)
    return _ask(request, form, do, title, about, danger=name == "retract", button=_("Take it out") if name == "retract" else "")


def _correct(user: Any, today: Any, about: Any, fact: Fact, form: Any) -> object:
    said = _fact_said(about, form)
    said.pop("document")  # the document of a fact stays
    return services.correct_fact(by=user, on=today, fact=fact, reason=form.cleaned_data["reason"], **said)


def _end(user: Any, today: Any, fact: Fact, form: Any) -> object:
    return services.end_fact(by=user, on=today, fact=fact, until=form.cleaned_data["until"])


def _retract(user: Any, today: Any, fact: Fact, form: Any) -> None:
    services.retract_fact(by=user, on=today, fact=fact, reason=form.cleaned_data["reason"])


def _fact_said(about: Any, form: Any) -> dict[str, Any]:
    said = form.cleaned_data
    document = Document.plain.filter(person=about, reference=said["document"]).first() if said.get("document") else None
    return {"value": form.text(), "since": said["since"], "until": said["until"], "proof": said["proof"], "document": document}


def _fact_form(request: HttpRequest, form: Any, about: Any, name: str, row: Any) -> Any:
    try:
        return form(
            request.POST if request.method == "POST" else None, name=name, user=user_of(request), on=timezone.localdate(), about=about, row=row
        )
    except InputError as error:
        raise NotThere(name) from error


def _plain_form(request: HttpRequest, form: type[FileForm], about: Any, row: Any) -> FileForm:
    return form(request.POST if request.method == "POST" else None, user=user_of(request), on=timezone.localdate(), about=about, row=row)


def _ask(request: HttpRequest, form: Any, do: Any, title: Any, about: Any, **more: Any) -> HttpResponse:
    return question(
        request,
        form,
        do,
        title=title,
        back=back_to(about, "facts"),
        done=_("The fact was recorded."),
        about=about,
        **more,
    )
