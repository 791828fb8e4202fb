"""Finding people: by names in any spelling or script, numbers of documents, telephones, references, year of birth; in the user's districts only.

In steps, each only where the one before gave too little: the words as typed; the last word as the beginning of one; spellings that sound alike.
Each step reads an index from the rarest word on and stops early, so that it takes the same time in a registry of millions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import jellyfish
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from ....errors import InputError
from ...access.rules import Scope, require, scope
from ...audit.services import act
from ...references import read_reference
from ..models import Person, SearchKey, Spelling
from ..naming import digits, normal_identifier, sound, words
from ..services.values import phone_of

MOST = 25
"""People shown."""
LOOKED_AT = 200
"""People compared with what was typed, at each step."""
SPELLINGS = 40
RARE = 20_000
MOST_WORDS = 6
_ISO = r"\d{4}-\d{2}-\d{2}"
SHORTEST = 2
"""Letters from which on the last word is taken for the beginning of one."""


@dataclass(frozen=True)
class Filters:
    """What the people found have in common; None or "": anything."""

    sex: str = ""
    birth_year: int | None = None
    birth_date: date | None = None
    district: str = ""  # its code

    def q(self, way: str = "") -> Q:
        """The condition, on the way to the person."""
        found = Q(**{f"{way}sex": self.sex}) if self.sex else Q()
        if self.birth_year is not None:
            found &= Q(**{f"{way}birth_date__gte": date(self.birth_year, 1, 1), f"{way}birth_date__lt": date(self.birth_year + 1, 1, 1)})
        found &= Q(**{f"{way}birth_date": self.birth_date}) if self.birth_date else Q()
        return found & Q(**{f"{way}district__code": self.district}) if self.district else found


@dataclass(frozen=True)
class Hit:
    """Somebody found. likeness: 0 to 1, how near the names are to what was typed; 1 for a number or reference."""

    person: Person
    likeness: float


@dataclass(frozen=True)
class Found:
    """The people found, the likeliest first. more: there are others, so that more words are needed."""

    hits: tuple[Hit, ...] = ()
    more: bool = False

    @property
    def people(self) -> list[Person]:
        return [hit.person for hit in self.hits]


@dataclass
class _Asked:
    """What was typed, taken apart."""

    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    reference: str | None = None
    filters: Filters = field(default_factory=Filters)


def search(user: Any, text: str, on: date, filters: Filters | None = None) -> Found:
    """The people that somebody may mean, at most 25, in the districts where the user may search; records the act, with the references shown.

    Raises Refused where she may search nowhere.
    """
    require(user, "person.search", on)
    where = scope(user, "person.search", on)
    asked = _take_apart(text, filters or Filters())
    found = _found(where, asked)
    with act("person.search", by=user, shown=[hit.person.reference for hit in found.hits], more=found.more):
        return found


def _take_apart(text: str, filters: Filters) -> _Asked:
    text = text.strip()[:200]
    reference = read_reference(text)
    if reference:
        return _Asked(reference=reference, filters=filters)
    if re.fullmatch(r"[+\d][\d\s./()-]{5,}", text):
        return _Asked(numbers=_numbers([text]), filters=filters)
    parts = text.split()
    born = [day for part in parts if (day := _day(part))]
    parts = [part for part in parts if not _day(part)]
    figures = [part for part in parts if sum(sign.isdigit() for sign in part) >= 3]
    years = [int(part) for part in figures if re.fullmatch(r"(18|19|20)\d\d", part)]
    numbers = _numbers(part for part in figures if not re.fullmatch(r"(18|19|20)\d\d", part))
    said = words(" ".join(part for part in parts if part not in figures))[:MOST_WORDS]
    if born and said:
        filters = replace(filters, birth_date=born[0])
    elif years and said and filters.birth_year is None:
        filters = replace(filters, birth_year=years[0])
    elif years and not said:
        numbers += tuple(str(year) for year in years)
    return _Asked(said, numbers, None, filters)


def _day(text: str) -> date | None:
    """A date as people type it: 17/5/1990, 17.05.1990 or 1990-05-17."""
    found = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", text)
    parts = [int(part) for part in reversed(found.groups())] if found else [int(p) for p in text.split("-")] if re.fullmatch(_ISO, text) else []
    try:
        return date(*parts) if parts else None
    except ValueError:
        return None


def _numbers(texts: Iterable[str]) -> tuple[str, ...]:
    """What a typed number may be kept as: a number of a document, a telephone in international form."""
    found: list[str] = []
    for text in texts:
        found += [normal_identifier(text), digits(text)]
        try:
            found.append(digits(phone_of(text)))
        except InputError:
            continue
    return tuple(dict.fromkeys(number for number in found if len(number) >= 3))


def _found(where: Scope, asked: _Asked) -> Found:
    people = Person.objects.everyone().filter(where.q(), asked.filters.q(), merged_into__isnull=True).select_related("area")
    if asked.reference:
        gone = Person.objects.everyone().filter(where.q(), reference=asked.reference).select_related("merged_into").first()
        target = gone.merged_into if gone is not None and gone.merged_into is not None else gone
        return Found(tuple(Hit(person, 1.0) for person in people.filter(pk=target.pk if target else 0)))
    if asked.numbers:
        keys = SearchKey.objects.filter(where.q(), kind__in=("i", "p"), key__in=asked.numbers)
        rows = people.filter(pk__in=list(keys.order_by("person").values_list("person", flat=True).distinct()[: LOOKED_AT + 1]))
        return _ranked(rows, asked.words)
    if not asked.words:
        return Found()
    return _by_names(where, asked, people)


def _by_names(where: Scope, asked: _Asked, people: QuerySet[Person]) -> Found:
    chosen: dict[int, None] = {}
    more = False
    for step in (as_typed, _beginnings, alike):
        if len(chosen) >= MOST:
            break
        sets = step(asked.words)
        if all(sets):
            rows = candidates(where, sets, asked.filters.q("person__"))
            more = more or len(rows) >= LOOKED_AT
            chosen |= dict.fromkeys(rows)
    found = _ranked(people.filter(pk__in=list(chosen)), asked.words)
    return Found(found.hits, found.more or more)


def as_typed(said: Sequence[str]) -> list[list[str]]:
    return [[word] for word in said]


def _beginnings(said: Sequence[str]) -> list[list[str]]:
    """The last word may not be finished."""
    last = said[-1]
    if len(last) < SHORTEST:
        return [[]]
    known = Spelling.objects.filter(word__gte=last, word__lt=after(last)).order_by("word").values_list("word", flat=True)
    return [*([word] for word in said[:-1]), sorted(known[: SPELLINGS * 5], key=lambda word: (len(word), word))[:SPELLINGS]]


def alike(said: Sequence[str]) -> list[list[str]]:
    """The spellings that sound like each word, the nearest first."""
    return [_spellings(word) for word in said]


def _spellings(word: str) -> list[str]:
    known = Spelling.objects.filter(sound=sound(word)).order_by("word").values_list("word", flat=True)[:2_000]
    return sorted({word, *known}, key=lambda other: (-jellyfish.jaro_winkler_similarity(word, other), other))[:SPELLINGS]


def after(beginning: str) -> str:
    """The first text that comes after all that begin so, in the letters a to z and figures."""
    kept = beginning.rstrip("z")
    if not kept:
        return "~"
    return kept[:-1] + ("a" if kept[-1] == "9" else chr(ord(kept[-1]) + 1))


def candidates(where: Scope, sets: Sequence[Sequence[str]], condition: Q) -> list[int]:
    """Persons who have a word of each set, read from the rarest set on; at most LOOKED_AT of them."""
    order = sorted(range(len(sets)), key=lambda at: (_count(where, sets[at]) if len(sets) > 1 else 0, at))
    rows = _rows(where, sets[order[0]]).filter(condition)
    for at in order[1:]:
        theirs = SearchKey.objects.filter(person=OuterRef("person"), kind="w")
        if len(sets[at]) > 1:  # read the few words of the person, rather than look each of the many spellings up
            theirs = theirs.annotate(word=Coalesce("key", Value("")))
        rows = rows.filter(Exists(theirs.filter(**{"word__in" if len(sets[at]) > 1 else "key__in": sets[at]})))
    found: dict[int, None] = {}
    for person in rows.order_by("key", "district_id", "person_id").values_list("person", flat=True)[: LOOKED_AT * 2]:
        found[person] = None
    return list(found)[:LOOKED_AT]


def _rows(where: Scope, keys: Sequence[str]) -> QuerySet[SearchKey]:
    return SearchKey.objects.filter(where.q(), kind="w", key__in=keys)


def _count(where: Scope, keys: Sequence[str]) -> int:
    """How many have one of the words, counted to RARE."""
    return _rows(where, keys)[:RARE].count()


def _ranked(rows: Iterable[Person], said: Sequence[str]) -> Found:
    hits = [Hit(person, likeness(said, names_of(person))) for person in rows]
    hits.sort(key=lambda hit: (-round(hit.likeness, 6), hit.person.surname, hit.person.given_name, hit.person.reference))
    return Found(tuple(hits[:MOST]), len(hits) > MOST)


def names_of(person: Person) -> tuple[str, ...]:
    """The latinised words of a person's names."""
    return words(" ".join([person.name, person.maiden_name, *person.other_names]))


def likeness(said: Sequence[str], names: Sequence[str]) -> float:
    """How near words are to names, 0 to 1: the mean of each word's best (Jaro-Winkler), a beginning or a same sound counting a little more."""
    if not said or not names:
        return 0.0 if said else 1.0
    total = sum(max(_near(word, name) for name in names) for word in said)
    return 0.98 * total / len(said) + 0.02 * min(1.0, len(said) / len(names))


def _near(word: str, name: str) -> float:
    if word == name:
        return 1.0
    near = float(jellyfish.jaro_winkler_similarity(word, name))
    bonus = 0.5 if name.startswith(word) or sound(word) == sound(name) else 0.0
    return near + (0.99 - near) * bonus
