"""The page on which a document is put to a claim: what it proves, and which document it is."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ...errors import InputError, Problems
from ...periods import Month
from ..access.rules import require
from ..people.choices import DOCUMENTS, title
from ..people.forms.base import add_faults
from ..people.services import add_document
from . import services
from .forms import EvidenceForm
from .models import Claim
from .proving import choices_of
from .selectors import documents_for, find
from .views import scheme_title, user_of


@login_required
@require_http_methods(["GET", "POST"])
def evidence_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Takes a document of the file, or a new one, for a claim."""
    user, today = user_of(request), timezone.localdate()
    claim = find(Claim.objects, user, "claim.read", reference, today)
    require(user, "claim.evidence", today, claim)
    there = {one.reference: one for one in documents_for(user, claim, today)}
    documents = [(one.reference, f"{title(DOCUMENTS, one.kind)} {one.title} – {one.person.name}") for one in there.values()]
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = EvidenceForm(data, files, user=user, on=today, about=claim, facts=choices_of(claim), documents=documents)
    if form.is_valid():
        said = form.cleaned_data
        try:
            document = there.get(said.get("document", "")) or add_document(
                by=user, on=today, person=claim.person, kind=said["kind"], content=said["file"], title=said["title"]
            )
            services.add_evidence(by=user, on=today, claim=claim, document=document, proves=said["proves"])
        except (InputError, Problems) as error:
            add_faults(form, error)
        else:
            messages.success(request, _("The document is in the file of the claim."))
            return redirect("cases:claim", claim.reference)
    context = {"form": form, "claim": claim, "person": claim.person, "title": scheme_title(claim), "month": Month.of(claim.month)}
    return render(request, "cases/evidence_new.html", context, status=422 if form.is_bound else 200)
