"""Date fields with a box each for day, month and year; also for dates of which only the month or the year is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BOXES = ("day", "month", "year")
LABELS = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
WIDTH = {"day": 2, "month": 2, "year": 4}


class PartialDay(NamedTuple):
    """A date as far as it is known. `date` has 1 for a day or a month that is not; precision: day, month, year or estimated."""

    date: date
    precision: str


class DayWidget(forms.MultiWidget):
    """Three boxes: `name_0` day, `name_1` month, `name_2` year; with `partial` a fourth, to tick, for an estimate."""

    template_name = "design/day.html"
    use_fieldset = True

    def __init__(self, partial: bool = False, attrs: dict[str, Any] | None = None) -> None:
        self.partial = partial
        boxes: list[forms.Widget] = [forms.TextInput({"inputmode": "numeric", "maxlength": WIDTH[box], "autocomplete": "off"}) for box in BOXES]
        super().__init__([*boxes, forms.CheckboxInput()] if partial else boxes, attrs)

    def use_required_attribute(self, initial: Any) -> bool:
        """The browser cannot know which boxes may stay empty."""
        return False

    def decompress(self, value: Any) -> list[Any]:
        if not value:
            return ["", "", "", False]
        known, precision = value if isinstance(value, tuple) else (value, "day")
        month = known.month if precision != "year" else ""
        return [known.day if precision not in ("year", "month") else "", month, known.year, precision == "estimated"]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, self.decompress(value) if isinstance(value, tuple) else value, attrs)
        for box, part in zip(BOXES, context["widget"]["subwidgets"], strict=False):
            part["box"], part["label"] = box, LABELS[box]
        return context


class _Boxes(forms.Field):
    """Reads the boxes. Every fault of a date has its own sentence, which says what to do."""

    default_error_messages = {  # noqa: RUF012
        "required": _("Enter the date."),
        "figures": _("Write the day, the month and the year in figures, such as 27 3 1958."),
        "incomplete": _("The date must have a day, a month and a year."),
        "no_year": _("Enter the year, with four figures."),
        "day_without_month": _("Enter the month, or leave the day empty as well."),
        "no_such_day": _("There is no such date: check the day and the month."),
    }

    def _figures(self, typed: Sequence[Any]) -> list[int | None]:
        """Day, month and year; None for an empty box."""
        texts = [str(box or "").strip() for box in typed]
        if any(text and not (text.isascii() and text.isdigit()) for text in texts):
            raise ValidationError(self.error_messages["figures"], code="figures")
        return [int(text) if text else None for text in texts]

    def _date(self, year: int, month: int, day: int) -> date:
        if not 1000 <= year <= 9999:
            raise ValidationError(self.error_messages["no_year"], code="no_year")
        try:
            return date(year, month, day)
        except ValueError as error:
            raise ValidationError(self.error_messages["no_such_day"], code="no_such_day") from error


class DayField(_Boxes):
    """Gives a `date`, or None where nothing is typed and nothing is required."""

    widget = DayWidget

    def clean(self, value: Any) -> date | None:
        day, month, year = self._figures((value or ["", "", ""])[:3])
        if day is None and month is None and year is None:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if day is None or month is None or year is None:
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        found = self._date(year, month, day)
        self.run_validators(found)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _changed(self, initial, data)


class PartialDayField(_Boxes):
    """Gives a `PartialDay`: the day, or the day and the month, may be left empty where nobody knows them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": DayWidget(partial=True), **options})

    def clean(self, value: Any) -> PartialDay | None:
        typed = list(value or ["", "", "", False])
        day, month, year = self._figures(typed[:3])
        if day is None and month is None and year is None:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if year is None:
            raise ValidationError(self.error_messages["no_year"], code="no_year")
        if month is None and day is not None:
            raise ValidationError(self.error_messages["day_without_month"], code="day_without_month")
        found = self._date(year, 1 if month is None else month, 1 if day is None else day)
        self.run_validators(found)
        estimated = len(typed) > 3 and bool(typed[3])
        return PartialDay(found, "estimated" if estimated else "year" if month is None else "month" if day is None else "day")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _changed(self, initial, data)


def _changed(field: DayField | PartialDayField, initial: Any, data: Any) -> bool:
    try:
        return field.clean(data) != initial
    except ValidationError:
        return True
