"""`{% load office %}`: numbers and dates as the reader's language writes them, and what the components ask about a form field."""

from __future__ import annotations

from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, ClearableFileInput, Select, Textarea
from django.forms.forms import BaseForm
from django.forms.widgets import ChoiceWidget
from django.http import HttpRequest, QueryDict
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

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
    """How a field is laid out: `box` one checkbox, `group` choices to tick, `date` boxes side by side; else `file`, `select`, `textarea`, `line`."""
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
def as_list(value: Any) -> list[Any]:
    """One error, several or none, as a list."""
    return list(value) if isinstance(value, (list, tuple)) else [value] if value else []


@register.filter
def as_typed(value: Any) -> str:
    """A value as a form or a machine has it, never localised: 2026-01-05, 1234.5."""
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


@register.filter
def whole(value: Any) -> int:
    """A number given to a component as text."""
    return int(value)


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
def page_address(request: HttpRequest | None, name: str, number: int) -> str:
    """The same address with another page."""
    words = request.GET.copy() if request else QueryDict(mutable=True)
    words[name] = str(number)
    return f"?{words.urlencode()}"


@register.filter
def pages_near(page: Page[Any]) -> list[int]:
    """The pages to link to: the first, the last and those beside this one; 0 stands for those left out."""
    last = page.paginator.num_pages
    shown = sorted({1, last, *range(max(1, page.number - 2), min(last, page.number + 2) + 1)})
    found: list[int] = []
    for before, number in zip([0, *shown], shown, strict=False):
        found += [0] * (number - before > 1) + [number]
    return found


@register.simple_tag
def wrong_fields(form: Any = None, forms: Any = None) -> list[tuple[str, SafeString]]:
    """(id of the field, what is wrong) of every error of one form or several, in their order; an error of the whole form has no id."""
    found: list[tuple[str, SafeString]] = []
    for one in [*([form] if form else []), *(forms or ())]:
        if isinstance(one, BaseForm) and one.errors:
            found += [("", conditional_escape(str(error))) for error in one.non_field_errors()]
            for field in one:
                target = "" if field.is_hidden else anchor(field)
                found += [(target, named(field.label, error)) for error in field.errors]
    return found


def named(label: Any, error: Any) -> SafeString:
    """What is wrong, with the name of the field before it, since the summary stands away from the field."""
    if not label:
        return conditional_escape(error)
    ends = str(label).endswith(("?", ":", "…"))
    return format_html("{field} {error}" if ends else gettext("{field}: {error}"), field=label, error=error)


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
