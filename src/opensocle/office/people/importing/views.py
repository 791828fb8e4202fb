"""Pages of an import: send the files, look at what they would do, take them over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ....errors import Problems, SocleError
from ...access.models import User
from ...access.rules import NotThere, require
from . import uploads
from .forms import ImportForm
from .reasons import finding_said, said
from .running import ACTION, Preview, import_people, preview_people


@login_required
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """The form for the files."""
    user, today = _user(request), timezone.localdate()
    require(user, ACTION, today)
    form = ImportForm(request.POST or None, request.FILES or None, user=user, on=today, language=get_language() or "en")
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("mapping", "source", "area", "since")}
        upload = uploads.receive(by=user, files=form.cleaned_data["tables"], now=timezone.now(), **told)
        return redirect("exchange:import_look", upload.reference)
    return render(request, "people/import_send.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def look(request: HttpRequest, reference: str) -> HttpResponse:
    """What the import would do, or what it did."""
    user, today = _user(request), timezone.localdate()
    require(user, ACTION, today)
    upload = uploads.find(reference, user)
    if upload.result:
        notes = [said(note) for note in upload.result["notes"]]
        return render(
            request, "people/import_done.html", {"upload": upload, "done": upload.result, "aside": upload.rejected.is_file(), "notes": notes}
        )
    try:
        preview = preview_people(by=user, on=today, **upload.arguments)
    except SocleError as error:
        return render(request, "people/import_look.html", {"upload": upload, "problems": _texts(error)}, status=422)
    return render(
        request,
        "people/import_look.html",
        {
            "upload": upload,
            "preview": preview,
            "counts": _counts(preview),
            "rejected": preview.report.rejected,
            "reasons": [finding_said(finding) for finding in preview.report.findings],
            "notes": [said(note) for note in preview.notes],
        },
    )


@login_required
@require_POST
def run(request: HttpRequest, reference: str) -> HttpResponse:
    """Takes the files over."""
    user, today = _user(request), timezone.localdate()
    require(user, ACTION, today)
    upload = uploads.find(reference, user)
    if upload.result:
        return redirect("exchange:import_look", upload.reference)
    try:
        done = import_people(by=user, on=today, rejected=upload.rejected, **upload.arguments)
    except SocleError as error:
        return render(request, "people/import_look.html", {"upload": upload, "problems": _texts(error)}, status=422)
    names = ("rows", "added", "changed", "same", "refused")
    result: dict[str, Any] = {name: getattr(done, name) for name in names} | {"words": dict(done.words), "notes": list(done.notes)}
    uploads.finish(upload, {**result, "reference": done.reference})
    return redirect("exchange:import_look", upload.reference)


@login_required
@require_GET
def rejected(request: HttpRequest, reference: str) -> FileResponse:
    """The rows that were set aside, with their reasons."""
    upload = uploads.find(reference, _user(request))
    if not upload.rejected.is_file():
        raise NotThere(reference)
    return FileResponse(upload.rejected.open("rb"), as_attachment=True, filename="rejected.csv")


@login_required
@require_POST
def forget(request: HttpRequest, reference: str) -> HttpResponse:
    """Deletes files that were sent, or the rows that were set aside."""
    uploads.forget(uploads.find(reference, _user(request)))
    messages.success(request, _("The files were deleted."))
    return redirect("exchange:import")


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotThere(ACTION)
    return request.user


def _counts(preview: Preview) -> list[dict[str, Any]]:
    titles = {"persons": _("Persons"), "households": _("Households"), "histories": _("Rows of histories")}
    return [
        {"title": titles[name], "new": preview.new[name], "changed": preview.changed[name], "same": preview.same[name]}
        for name in titles
        if name in preview.new
    ]


def _texts(error: SocleError) -> list[str]:
    """What is wrong, one line each."""
    found = error.problems if isinstance(error, Problems) else (error,)
    return [line.strip() for one in found for line in str(one).splitlines() if line.strip()]
