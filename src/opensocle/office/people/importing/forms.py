"""The form that sends files for an import."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ....population.sources import FORMATS
from ...access.models import User
from ...access.rules import scope
from ...design.dates import DayField
from ...places.models import Area
from .running import ACTION
from .uploads import MOST_BYTES


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        found = [super(FilesField, self).clean(one, initial) for one in (data if isinstance(data, list | tuple) else [data])]
        if sum(one.size or 0 for one in found) > MOST_BYTES:
            raise forms.ValidationError(_("The files are too large for this page: use the command socle office import."))
        for one in found:
            if "." + str(one.name).rpartition(".")[2].lower() not in FORMATS:
                raise forms.ValidationError(_("Send CSV, Excel or Parquet files."))
        return found


class ImportForm(forms.Form):
    """Files, their mapping, and where they come from."""

    tables = FilesField(label=gettext_lazy("Files"), help_text=gettext_lazy("CSV, Excel or Parquet, with the names that the mapping gives them."))
    mapping = forms.FileField(
        label=gettext_lazy("Mapping"),
        required=False,
        help_text=gettext_lazy("Says what each column means. Not needed where the columns have the office's names."),
    )
    source = forms.CharField(
        label=gettext_lazy("System that the files come from"),
        max_length=60,
        help_text=gettext_lazy("Always the same name for the same system, for example: civil register."),
    )
    area = forms.ChoiceField(
        label=gettext_lazy("Area"), required=False, help_text=gettext_lazy("For persons and households of whom the files do not say where they live.")
    )
    since = DayField(
        label=gettext_lazy("Facts hold from"),
        required=False,
        help_text=gettext_lazy("For facts of which the files do not say it. Empty: from today."),
    )

    def __init__(self, *arguments: Any, user: User, on: date, language: str, **more: Any) -> None:
        super().__init__(*arguments, **more)
        areas = Area.objects.filter(scope(user, ACTION, on).q(), district__isnull=False)
        self.fields["area"].choices = [("", "–"), *((area.code, area.name(language)) for area in areas)]  # type: ignore[attr-defined]
