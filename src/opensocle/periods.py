"""Months, dates and the arithmetic of the law's calendar. Nothing here reads the clock."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from .errors import InputError


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written `2026-03`. Raises InputError T001."""
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text, re.ASCII) or text.startswith("0000"):
            raise InputError("T001", f"{text!r} is not a month", hint="write 2026-03")
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def from_index(cls, index: int) -> Month:
        return cls(index // 12, index % 12 + 1)

    @property
    def index(self) -> int:
        """Months since January of year 0: differences are numbers of months."""
        return self.year * 12 + self.number - 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    def plus(self, months: int) -> Month:
        return Month.from_index(self.index + months)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def parse_period(text: str) -> tuple[Month, ...]:
    """The months of `2026-03`, `2026` or `2026-01:2026-06` (both ends included). Raises InputError T002."""
    if re.fullmatch(r"\d{4}", text, re.ASCII) and text != "0000":
        return tuple(Month(int(text), n) for n in range(1, 13))
    first, colon, last = text.partition(":")
    start = Month.parse(first)
    end = Month.parse(last) if colon else start
    if end < start:
        raise InputError("T002", f"the period {text!r} ends before it starts", hint="write 2026-01:2026-06")
    return tuple(months(start, end.plus(1)))


def months(start: Month, end: Month) -> Iterator[Month]:
    """The months of the half-open interval [start, end)."""
    for index in range(start.index, end.index):
        yield Month.from_index(index)


def parse_date(text: str) -> date:
    """The day written `2026-03-01`. Raises InputError T003."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise InputError("T003", f"{text!r} is not a date", hint="write 2026-03-01")


def age(birth: date, on: date, february_29: str = "march_1") -> int:
    """Completed years from `birth` to `on`; negative before birth.

    Someone born on 29 February has the birthday of other years on 1 March, or on 28 February (`february_29="february_28"`).
    """
    return months_between(birth, on, february_29) // 12


def months_between(start: date, end: date, february_29: str = "march_1") -> int:
    """Completed months from `start` to `end`, rounded down (so negative when `end` is earlier).

    A month is complete when the day of the month is reached. With `february_28`, 29 February is completed on the 28th of a common year.
    """
    count = (end.year - start.year) * 12 + end.month - start.month
    complete = end.day >= start.day
    if february_29 == "february_28" and start.day == 29 and start.month == 2 and end.month == 2 and end.day == 28:
        complete = complete or monthrange(end.year, 2)[1] == 28
    return count if complete else count - 1


def add_months(day: date, count: int) -> date:
    """The same day `count` months later, or that month's last day if it is shorter."""
    index = day.year * 12 + day.month - 1 + count
    year, month = index // 12, index % 12 + 1
    if not 1 <= year <= 9999:
        raise InputError("T004", f"{day} plus {count} months is outside the calendar", hint="years run from 1 to 9999")
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add_days(day: date, count: int) -> date:
    """The day `count` days later."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        raise InputError("T004", f"{day} plus {count} days is outside the calendar", hint="years run from 1 to 9999") from None
