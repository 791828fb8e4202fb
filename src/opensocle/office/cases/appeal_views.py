"""Pages of appeals and grievances."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ...errors import InputError
from ..access.rules import require, scope
from ..audit.services import act
from ..places.models import Area
from . import services
from .forms import GRIEVANCES, AnswerGrievanceForm, GrievanceForm, OutcomeForm
from .messages import said
from .models import Appeal, Grievance
from .selectors import appeals_of, find, grievances_of, may, open_file
from .services.letters import explain_kept
from .views import scheme_title, user_of


@login_required
@require_GET
def appeals(request: HttpRequest) -> HttpResponse:
    """Appeals that wait."""
    today = timezone.localdate()
    page = Paginator(appeals_of(user_of(request), today), 25).get_page(request.GET.get("page"))
    rows = [(appeal, scheme_title(appeal.decision.claim), appeal.due < today) for appeal in page]
    return render(request, "cases/appeals.html", {"page": page, "rows": rows})


@login_required
@require_http_methods(["GET", "POST"])
def appeal(request: HttpRequest, reference: str) -> HttpResponse:
    """An appeal with the file of its claim, and its decision."""
    user, today = user_of(request), timezone.localdate()
    found = find(Appeal.objects, user, "appeal.read", reference, today)
    file = open_file(user, found.decision.claim.reference, today)
    can = "appeal.decide" in may(user, today, found.district_id) and found.decided_on is None
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(user, "appeal.decide", today, found)
        if form.is_valid():
            try:
                services.decide_appeal(by=user, on=today, appeal=found, **form.cleaned_data)
            except InputError as error:
                form.add_error(None, said(error))
            else:
                messages.success(request, _("The appeal is decided."))
                return redirect("cases:claim", file.claim.reference)
    context: dict[str, Any] = {"appeal": found, "file": file, "form": form, "can": can, "title": scheme_title(file.claim)}
    context["letter"] = explain_kept(found.decision.determination, file.claim.scheme).as_text((get_language() or "en")[:2])
    return render(request, "cases/appeal.html", context, status=422 if form.is_bound else 200)


@login_required
@require_GET
def grievances(request: HttpRequest) -> HttpResponse:
    """Grievances that wait."""
    today = timezone.localdate()
    page = Paginator(grievances_of(user_of(request), today), 25).get_page(request.GET.get("page"))
    rows = [(grievance, GRIEVANCES[grievance.kind], grievance.due < today) for grievance in page]
    return render(request, "cases/grievances.html", {"page": page, "rows": rows})


@login_required
@require_http_methods(["GET", "POST"])
def grievance_new(request: HttpRequest) -> HttpResponse:
    """Takes a grievance."""
    user, today = user_of(request), timezone.localdate()
    require(user, "grievance.open", today)
    where = scope(user, "grievance.open", today)
    districts = Area.objects.filter(kind=Area.Kind.DISTRICT)
    language = get_language() or "en"
    choices = [(area.code, area.name(language)) for area in districts if area.pk in where]
    form = GrievanceForm(choices, request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = services.receive_grievance(
                by=user, on=today, kind=given["kind"], text=given["text"], district=Area.objects.get(code=given["district"])
            )
        except InputError as error:
            form.add_error(None, said(error))
        else:
            messages.success(request, _("The grievance is received under the reference %(reference)s.") % {"reference": made.reference})
            return redirect("counter:home")
    return render(request, "cases/grievance_new.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def grievance(request: HttpRequest, reference: str) -> HttpResponse:
    """A grievance, and its answer."""
    user, today = user_of(request), timezone.localdate()
    found = find(Grievance.objects, user, "grievance.answer", reference, today)
    with act("grievance.read", by=user, about=found):
        form = AnswerGrievanceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.answer_grievance(by=user, on=today, grievance=found, answer=form.cleaned_data["answer"])
        except InputError as error:
            form.add_error(None, said(error))
        else:
            messages.success(request, _("The grievance is answered."))
            return redirect("cases:grievances")
    context = {"grievance": found, "kind": GRIEVANCES[found.kind], "form": form}
    return render(request, "cases/grievance.html", context, status=422 if form.is_bound else 200)
