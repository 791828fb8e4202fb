"""A parameter's value on a day: enacted, held, indexed or absent, and from which date and source.

**Enacted**: the last value with a date not after the day. **Absent**: before the first value, from `until` on, or repealed (null).

**Indexed**: a parameter with an `index` rule moves past its last enacted value. Its steps are the first days of the rule's month
(`every: year`) or of every month, after the last enacted date. At each step

    value = previous value × level on the step's date / level on the previous step's date

and the result is rounded, half away from zero, to the decimals of the currency if it is money and to 10 decimals otherwise; the
next step starts from the rounded value, as the law's own tables do. The first step compares with the level on the last enacted date.
The level on a date is the last one of the series dated not after it. Tables move cell by cell; of a scale, whatever is money moves
(thresholds, amounts) and rates stay.

**Held**: the value of the last step that the series reaches, where it ends before the day, starts after the last enacted date, or is not given.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from ..errors import InputError
from ..money import CONTEXT, DIGITS
from ..periods import Month
from .model import Bracket, Dated, Indexation, Parameter, Value

State = Literal["enacted", "held", "indexed", "absent"]
Levels = Mapping[date, Decimal] | Mapping[Month, Decimal]
Indices = Mapping[str, Levels]


@dataclass(frozen=True, slots=True)
class Known:
    """A parameter's value on a day. `since`: the enacted date, or the date of the last indexation; None where it is absent from the start."""

    value: Value
    since: date | None
    source: str
    state: State


def value_on(parameter: Parameter, day: date, indices: Indices | None = None, digits: int = 2) -> Known:
    """The value in force on a day; `digits` are the decimals of the country's currency.

    `indices`: levels of a series by its name and date or month (a month counts from its first day). Raises InputError P021 for a
    level that is not a positive Decimal.
    """
    position = bisect_right([dated.since for dated in parameter.values], day) - 1
    if position < 0:
        return Known(None, None, parameter.source, "absent")
    last = parameter.values[position]
    if parameter.until is not None and day >= parameter.until:
        return Known(None, parameter.until, parameter.source, "absent")
    if last.value is None:
        return Known(None, last.since, parameter.source, "absent")
    if parameter.index is None or position < len(parameter.values) - 1:
        return Known(last.value, last.since, parameter.source, "enacted")
    return _indexed(parameter, parameter.index, last, day, indices or {}, digits)


def course(parameter: Parameter, end: date, indices: Indices | None = None, digits: int = 2) -> list[tuple[date, Known]]:
    """Every change of a parameter up to a day, each with its date: what `value_on` gives from that date to the next."""
    changes = [*(dated.since for dated in parameter.values), *([parameter.until] if parameter.until else [])]
    found = {day: value_on(parameter, day, indices, digits) for day in changes if day <= end}
    if parameter.index and parameter.values and parameter.values[-1].value is not None:
        stop = end if parameter.until is None else min(end, parameter.until - timedelta(days=1))
        found |= dict(_moves(parameter, parameter.index, parameter.values[-1], stop, indices or {}, digits))
    return sorted(found.items(), key=lambda change: change[0])


def _indexed(parameter: Parameter, rule: Indexation, last: Dated, day: date, indices: Indices, digits: int) -> Known:
    moves = list(_moves(parameter, rule, last, day, indices, digits))
    return moves[-1][1] if moves else Known(last.value, last.since, parameter.source, "enacted")


def _moves(parameter: Parameter, rule: Indexation, last: Dated, day: date, indices: Indices, digits: int) -> Iterator[tuple[date, Known]]:
    """What the value is from each date of indexation up to the day, to the first that the series does not reach."""
    series = None
    value, since = last.value, last.since
    for step in steps(rule, last.since, day):
        series = _series(rule.by, indices.get(rule.by, {})) if series is None else series
        before, after = _level(series, since), _level(series, step)
        if before is None or after is None or step > _end(series, rule):
            yield step, Known(value, since, parameter.source, "held")
            return
        value, since = move(parameter, value, after, before, digits), step
        yield step, Known(value, since, parameter.source, "indexed")


def steps(rule: Indexation, since: date, day: date) -> Iterator[date]:
    """The dates of indexation after `since`, up to `day`."""
    first, end = Month.of(since).index + 1, Month.of(day).index
    for index in range(first, end + 1):
        month = Month.from_index(index)
        if rule.every == "month" or month.number == rule.month:
            yield month.first_day


def _series(name: str, levels: Levels) -> list[tuple[date, Decimal]]:
    series: list[tuple[date, Decimal]] = []
    for when, level in levels.items():
        if not isinstance(level, Decimal) or not level.is_finite() or level <= 0:
            raise InputError("P021", f"the level of {name!r} in {when} is {level!r}", hint="give a positive Decimal")
        series.append((when.first_day if isinstance(when, Month) else when, level))
    return sorted(series)


def _level(series: list[tuple[date, Decimal]], day: date) -> Decimal | None:
    position = bisect_right(series, day, key=lambda entry: entry[0]) - 1
    return series[position][1] if position >= 0 else None


def _end(series: list[tuple[date, Decimal]], rule: Indexation) -> date:
    """The last day that the series speaks for: its last level holds until the next step would need a new one."""
    last = Month.of(series[-1][0])
    return last.plus(11 if rule.every == "year" else 0).last_day


def move(parameter: Parameter, value: Value, after: Decimal, before: Decimal, digits: int) -> Value:
    """A value times `after / before`: a number, each cell of a table, or the money of a scale."""
    if isinstance(value, Decimal):
        return _scaled(value, after, before, digits if parameter.unit.currency else DIGITS)
    if isinstance(value, Mapping):
        return {key: _scaled(cell, after, before, digits if parameter.unit.currency else DIGITS) for key, cell in value.items()}
    if isinstance(value, tuple):
        return tuple(_moved_bracket(parameter, bracket, after, before, digits) for bracket in value)
    return value


def _moved_bracket(parameter: Parameter, bracket: Bracket, after: Decimal, before: Decimal, digits: int) -> Bracket:
    threshold, amount = bracket.threshold, bracket.amount
    if parameter.of is not None and parameter.of.currency:
        threshold = _scaled(threshold, after, before, digits)
    if amount is not None and parameter.unit.currency:
        amount = _scaled(amount, after, before, digits)
    return Bracket(threshold, bracket.rate, amount)


def _scaled(number: Decimal, after: Decimal, before: Decimal, digits: int) -> Decimal:
    """number × after / before, rounded once, half away from zero."""
    exact = Fraction(number) * Fraction(after) / Fraction(before) * 10**digits
    whole = int(abs(exact) + Fraction(1, 2))
    return Decimal(whole if exact >= 0 else -whole).scaleb(-digits, CONTEXT)
