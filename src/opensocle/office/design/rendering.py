"""How Django shows a form: each field through the component `<c-field>`, so that `{{ form }}` and a page written field by field look alike."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class OfficeRenderer(TemplatesSetting):
    """Templates of forms come from the office's own."""

    form_template_name = "design/form.html"
    field_template_name = "design/field.html"
