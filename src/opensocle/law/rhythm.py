"""Warnings about dates that look like slips: nothing is wrong with them for certain, but values may stay in force that should not.

A date typed 2024-01-07 for 2024-07-01, or a value that was not updated for years although it is indexed, gives no error
anywhere: the law runs, with the wrong amount.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from .model import Parameter, Scheme
from .nodes import Findings

STALE_MONTHS = 36
USUAL = 3
"""How many other values must share a day of the year before one that does not is called out of rhythm."""


def check_rhythm(schemes: Sequence[Scheme], found: Findings) -> None:
    """Warn of dates out of rhythm (L030) and of indexed parameters without a recent value (L031).

    Recent is measured against the newest value of an indexed parameter and the newest scheme: figures that are not indexed may be
    enacted years ahead (a pension age that rises in steps).
    """
    parameters = [parameter for scheme in schemes for parameter in scheme.parameters.values()]
    updates = [dated.since for parameter in parameters if parameter.index for dated in parameter.values]
    newest = max([*updates, *(scheme.since for scheme in schemes)], default=None)
    for parameter in parameters:
        _check_days(parameter, found)
        if newest is not None:
            _check_stale(parameter, newest, found)


def _check_days(parameter: Parameter, found: Findings) -> None:
    days = Counter((dated.since.month, dated.since.day) for dated in parameter.values)
    firsts = sum(count for (_, day), count in days.items() if day == 1)
    for dated in parameter.values:
        own = (dated.since.month, dated.since.day)
        if own[1] != 1 and firsts >= 2 and firsts == len(parameter.values) - 1:
            hint = f"did you mean {swapped}?" if (swapped := _swapped(dated.since)) else "check the date"
            found.warn("L030", f"parameter {parameter.name!r}: {dated.since} is not the first of a month, unlike its other dates", dated.place, hint)
        elif days[own] == 1 and max(days.values()) >= USUAL and max(days.values()) == len(parameter.values) - 1:
            (month, day), _ = days.most_common(1)[0]
            what = f"parameter {parameter.name!r}: {dated.since} is out of rhythm, the other dates are {month:02d}-{day:02d}"
            found.warn("L030", what, dated.place, "check the date")


def _swapped(day: date) -> date | None:
    """The date with day and month exchanged, where that is a first of a month."""
    return date(day.year, day.day, 1) if day.month == 1 and 1 < day.day <= 12 else None


def _check_stale(parameter: Parameter, newest: date, found: Findings) -> None:
    if parameter.index is None or not parameter.values or parameter.values[-1].value is None or (parameter.until and parameter.until <= newest):
        return
    last = parameter.values[-1]
    months = (newest.year - last.since.year) * 12 + newest.month - last.since.month
    if months > STALE_MONTHS:
        what = f"parameter {parameter.name!r} is indexed, but has no value since {last.since}, while the law was changed on {newest}"
        found.warn("L031", what, last.place, "add the values enacted since")
