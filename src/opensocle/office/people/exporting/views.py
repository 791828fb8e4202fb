"""The page of an export."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ....errors import InputError, Problems
from ...access.models import User
from ...access.rules import NotThere, require, scope
from ...places.models import Area
from .running import ACTION, columns_for, export_people

FORMS = [("csv", gettext_lazy("CSV")), ("xlsx", gettext_lazy("Excel")), ("parquet", gettext_lazy("Parquet"))]


class ExportForm(forms.Form):
    """What to export, of whom, and why."""

    names = forms.ChoiceField(
        label=gettext_lazy("With names?"),
        choices=[("no", gettext_lazy("No: for analysis, nobody can be told from it by name or number")), ("yes", gettext_lazy("Yes"))],
        widget=forms.RadioSelect,
        initial="no",
    )
    columns = forms.MultipleChoiceField(label=gettext_lazy("Columns"), widget=forms.CheckboxSelectMultiple)
    area = forms.ChoiceField(label=gettext_lazy("Area"), required=False, help_text=gettext_lazy("Empty: everywhere you work."))
    form = forms.ChoiceField(label=gettext_lazy("Form of the file"), choices=FORMS)
    why = forms.CharField(label=gettext_lazy("What is the file for?"), max_length=200, help_text=gettext_lazy("It is kept in the audit."))

    def __init__(self, *arguments: Any, user: User, on: date, language: str, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["columns"].choices = [(name, name) for name in columns_for(on, names=True)]  # type: ignore[attr-defined]
        where = scope(user, ACTION, on)
        areas = Area.objects.all() if where.everywhere else Area.objects.filter(where.q())
        self.fields["area"].choices = [("", "–"), *((area.code, area.name(language)) for area in areas)]  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The form, and the file."""
    today, user = timezone.localdate(), request.user
    if not isinstance(user, User):
        raise NotThere(ACTION)
    require(user, ACTION, today)
    form = ExportForm(request.POST or None, user=user, on=today, language=get_language() or "en")
    if request.method == "POST" and form.is_valid():
        try:
            return _file(form.cleaned_data, user, today)
        except Problems as error:
            named = ", ".join(str(one) for one in error.problems if isinstance(one, InputError))
            form.add_error("columns", _("These columns cannot be exported: %(columns)s") % {"columns": named})
        except InputError as error:
            form.add_error(None, str(error))
    return render(request, "people/export.html", {"form": form}, status=422 if form.errors else 200)


def _file(said: dict[str, Any], user: User, on: date) -> FileResponse:
    """The file, which is deleted as soon as it is open: the system keeps its bytes until it is sent."""
    with tempfile.TemporaryDirectory(prefix="socle-export-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / f"persons.{said['form']}"
        export_people(by=user, on=on, out=path, columns=said["columns"], why=said["why"], area=said["area"] or None, names=said["names"] == "yes")
        return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
