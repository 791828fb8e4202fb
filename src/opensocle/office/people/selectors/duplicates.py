"""Somebody who may be registered already, looked for while a registration is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from django.db.models import Q

from ...access.row_security import everywhere
from ...access.rules import Scope, require, scope
from ...audit.services import act
from ..models import Contact, Identifier, Person
from ..naming import normal_identifier, words
from ..services.values import Birth, Names, Number
from .searching import alike, candidates, likeness, names_of

LIKELY = 0.8
"""From this likeness on somebody is shown."""
MOST = 10


@dataclass(frozen=True)
class Likeness:
    """Somebody who may be the same. score: 0 to 1; reasons: codes same_identifier, same_phone, same_name, similar_name, same_birth, close_birth."""

    person: Person
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Duplicates:
    """The likeliest first. elsewhere: a number of a document is registered in a district that the user does not see; she learns no more."""

    found: tuple[Likeness, ...] = ()
    elsewhere: bool = False


@dataclass(frozen=True)
class Typed:
    """What is known so far of the person to be registered. phones: in E.164."""

    names: Names
    birth: Birth = Birth()  # noqa: RUF009
    identifiers: tuple[Number, ...] = ()
    phones: tuple[str, ...] = ()


def possible_duplicates(user: Any, typed: Typed, on: date) -> Duplicates:
    """People in the user's districts who may be the one who is being registered; records the act. Raises Refused."""
    require(user, "person.search", on)
    where = scope(user, "person.search", on)
    numbers = [number.complete() for number in typed.identifiers]
    same = set(_with_numbers(where, numbers)) | set(_with_phones(where, typed.phones))
    people = Person.objects.everyone().filter(where.q(), pk__in=same | set(_with_names(where, typed)), merged_into__isnull=True, erased__isnull=True)
    scored = [_compared(person, typed, numbers) for person in people.select_related("area").prefetch_related("identifiers", "contacts")]
    scored = sorted((one for one in scored if one.score >= LIKELY), key=lambda one: (-round(one.score, 6), one.person.reference))
    found = Duplicates(tuple(scored[:MOST]), _elsewhere(where, numbers))
    with act("person.duplicates", by=user, shown=[one.person.reference for one in found.found], elsewhere=found.elsewhere):
        return found


def _with_numbers(where: Scope, numbers: Sequence[Number]) -> list[int]:
    rows = Identifier.objects.filter(_same_number(numbers), where.q("person__district_id"), withdrawn=False) if numbers else Identifier.objects.none()
    return list(rows.values_list("person_id", flat=True))


def _same_number(numbers: Sequence[Number]) -> Q:
    condition = Q(pk=0)
    for number in numbers:
        condition |= Q(type=number.type, country=number.country, normal=normal_identifier(number.value))
    return condition


def _elsewhere(where: Scope, numbers: Sequence[Number]) -> bool:
    """Whether a number is registered where the user does not see it."""
    if not numbers or where.everywhere:
        return False
    with everywhere():
        return Identifier.objects.filter(_same_number(numbers), withdrawn=False).exclude(where.q("person__district_id")).exists()


def _with_phones(where: Scope, phones: Sequence[str]) -> list[int]:
    if not phones:
        return []
    rows = Contact.objects.filter(where.q("person__district_id"), kind="phone", value__in=phones, withdrawn=False)
    return list(rows.values_list("person_id", flat=True)[:50])


def _with_names(where: Scope, typed: Typed) -> list[int]:
    """People who have two words of the name in some spelling, or one of them and nearly the same year of birth."""
    said = list(dict.fromkeys(words(" ".join((typed.names.given_name, typed.names.second_name, typed.names.surname, *typed.names.other_names)))))[:4]
    sets = alike(said)
    found: list[int] = []
    for pair in combinations(sets, 2):
        found += candidates(where, pair, Q())
    if typed.birth.date is not None:
        year = typed.birth.date.year
        near = Q(person__birth_date__gte=date(max(year - 2, 1), 1, 1), person__birth_date__lt=date(year + 3, 1, 1))
        for one in sets:
            found += candidates(where, [one], near)
    return found


def _compared(person: Person, typed: Typed, numbers: Sequence[Number]) -> Likeness:
    reasons: list[str] = []
    wanted = {(number.type, number.country, normal_identifier(number.value)) for number in numbers}
    if any((row.type, row.country, row.normal) in wanted for row in person.identifiers.all() if not row.withdrawn):
        reasons.append("same_identifier")
    if any(row.value in typed.phones for row in person.contacts.all() if row.kind == "phone" and not row.withdrawn):
        reasons.append("same_phone")
    said = words(" ".join((typed.names.given_name, typed.names.second_name, typed.names.surname)))
    others = names_of(person)
    name = likeness(said, others)
    if set(said) <= set(others):
        reasons.append("same_name")
    elif name >= 0.8:
        reasons.append("similar_name")
    born = birth_likeness(typed.birth, Birth(person.birth_date, person.birth_precision))
    if born == 1.0:
        reasons.append("same_birth")
    elif born >= 0.7:
        reasons.append("close_birth")
    if "same_identifier" in reasons:
        return Likeness(person, 1.0, tuple(reasons))
    score = 0.6 * name + 0.4 * born + (0.15 if "same_phone" in reasons and name >= 0.6 else 0.0)
    return Likeness(person, min(score, 0.999), tuple(reasons))


def birth_likeness(left: Birth, right: Birth) -> float:
    """How well two dates of birth go together, 0 to 1; 0.5 where one is not known."""
    if left.date is None or right.date is None:
        return 0.5
    one, two = left.date, right.date
    coarse = {left.precision, right.precision} - {"day"}
    years = abs(one.year - two.year)
    if not coarse:
        if one == two:
            return 1.0
        if one.year == two.year and (one.month, one.day) == (two.day, two.month):
            return 0.9
        return _one_slip(one, two) if abs((one - two).days) > 31 else 0.75
    if "estimated" in coarse:
        return max(0.0, 0.9 - 0.1 * years)
    if "year" in coarse:
        return 0.85 if years == 0 else max(0.0, 0.6 - 0.2 * years)
    return 0.9 if (one.year, one.month) == (two.year, two.month) else max(0.0, 0.5 - 0.2 * years)


def _one_slip(one: date, two: date) -> float:
    """Two of year, month and day are the same."""
    same = sum((one.year == two.year, one.month == two.month, one.day == two.day))
    return 0.7 if same == 2 else 0.3 if same == 1 else 0.0
