"""`{% load office %}`: numbers and dates as the reader's language writes them, and what the components ask about a form field."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, ClearableFileInput, Select, Textarea
from django.forms.forms import BaseForm
from django.forms.widgets import ChoiceWidget
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from ...design import wording
from ...design.dates import DayWidget

register = template.Library()
register.filter("number", wording.number)
register.filter("money", wording.money)
register.filter("day", wording.day)
register.filter("moment", wording.moment)
register.filter("month", wording.month)


@register.filter
def kind(field: BoundField) -> str:
    """How a field is laid out: `box` (one checkbox), `group` (choices to tick), `date` (boxes side by side), `file`, `select`, `textarea` or `line`."""
    widget = field.field.widget
    if isinstance(widget, DayWidget):
        return "date"
    if isinstance(widget, CheckboxInput):
        return "box"
    if isinstance(widget, ClearableFileInput):
        return "file"
    if isinstance(widget, ChoiceWidget):
        return "select" if isinstance(widget, Select) else "group"
    return "textarea" if isinstance(widget, Textarea) else "line"


@register.filter
def anchor(field: BoundField) -> str:
    """The id of the first thing in a field that takes the focus."""
    return f"{field.auto_id}_0" if field.use_fieldset and field.auto_id else field.auto_id


@register.filter
def inline_svg(text: str) -> SafeString:
    """An image that the program itself drew, as an element of the page: without its XML heading."""
    start = text.find("<svg")
    return mark_safe(text[start:]) if start >= 0 else SafeString("")


@register.simple_tag
def widget(field: BoundField, **attributes: Any) -> SafeString:
    """A field's widget; attributes that are empty are left out."""
    said: dict[str, Any] = {name: value for name, value in attributes.items() if value}
    if field.field.widget.attrs.get("placeholder"):
        said["placeholder"] = False
    return field.as_widget(attrs=said)


@register.simple_tag
def described(name: str, hint: Any = "", error: Any = "") -> str:
    """The ids of a plain field's hint and error, for aria-describedby."""
    return " ".join([f"id_{name}_helptext"] * bool(hint) + [f"id_{name}_error"] * bool(error))


@register.simple_tag
def wrong_fields(form: Any = None, forms: Any = None) -> list[tuple[str, SafeString]]:
    """(id of the field, what is wrong) of every error of one form or several, in their order; an error of the whole form has no id."""
    found: list[tuple[str, SafeString]] = []
    for one in [*([form] if form else []), *(forms or ())]:
        if isinstance(one, BaseForm) and one.errors:
            found += [("", conditional_escape(error)) for error in one.non_field_errors()]
            for field in one:
                target = "" if field.is_hidden else anchor(field)
                found += [(target, conditional_escape(error)) for error in field.errors]
    return found


@register.filter
def checked_in(value: Any, chosen: Any) -> bool:
    """Whether a value is the chosen one, or one of them."""
    several = isinstance(chosen, (list, tuple, set, frozenset))
    return str(value) in {str(one) for one in chosen} if several else str(value) == str(chosen) and chosen is not None


@register.filter
def part(value: Any, name: str) -> str:
    """Day, month or year of a date, or of what was typed for it."""
    found = value.get(name) if isinstance(value, dict) else getattr(value, name, "")
    return "" if found is None else str(found)
