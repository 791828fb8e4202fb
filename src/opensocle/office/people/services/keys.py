"""Search keys: made from the file, for one person or many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q

from ..models import Contact, Identifier, Person, SearchKey, Spelling
from ..naming import search_keys, sound

PIECE = 5_000
"""Persons whose keys are made together."""


def rebuild_keys(persons: Iterable[int]) -> None:
    """Makes the search keys of these persons (primary keys) anew, adding and deleting only what differs. Inside an act of the caller.

    A person who was joined to another has no keys; the other is found under both names. An erased one is found by her reference only.
    """
    numbers = sorted(set(persons))
    for at in range(0, len(numbers), PIECE):
        _rebuild(numbers[at : at + PIECE])


def _rebuild(numbers: Sequence[int]) -> None:
    names, districts = _names(numbers)
    identifiers = _grouped(Identifier.objects.filter(person__in=numbers, withdrawn=False).values_list("person_id", "normal"))
    phones = _grouped(Contact.objects.filter(person__in=numbers, withdrawn=False, kind="phone").values_list("person_id", "value"))
    wanted = {
        (person, district, *key)
        for person, district in districts.items()
        if names[person]
        for key in search_keys(names[person], identifiers[person], phones[person])
    }
    there = SearchKey.objects.filter(person__in=numbers)
    known = {row[1:]: row[0] for row in there.values_list("pk", "person_id", "district_id", "kind", "key")}
    gone = [pk for row, pk in known.items() if row not in wanted]
    for at in range(0, len(gone), 500):
        SearchKey.objects.filter(pk__in=gone[at : at + 500]).delete()
    new = sorted(wanted - set(known), key=str)
    SearchKey.objects.bulk_create([SearchKey(person_id=p, district_id=d, kind=kind, key=key) for p, d, kind, key in new], batch_size=1_000)
    spell(key for _, _, kind, key in new if kind == "w")


def spell(words: Iterable[str]) -> None:
    """Adds words to the spellings that are known."""
    rows = [Spelling(word=word, sound=sound(word)) for word in sorted(set(words))]
    Spelling.objects.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)


def forget(words: Iterable[str]) -> None:
    """Takes out the spellings that nobody has any more."""
    alone = [word for word in sorted(set(words)) if not SearchKey.objects.filter(kind="w", key=word).exists()]
    Spelling.objects.filter(word__in=alone).delete()


def _names(numbers: Sequence[int]) -> tuple[dict[int, list[str]], dict[int, int | None]]:
    """The names of each person, with those of the persons joined to her; and the district of each."""
    names: dict[int, list[str]] = {number: [] for number in numbers}
    districts: dict[int, int | None] = {}
    here = Person.plain.filter(Q(pk__in=numbers) | Q(merged_into__in=numbers), erased__isnull=True)
    fields = ("pk", "merged_into_id", "district_id", "given_name", "second_name", "surname", "maiden_name", "other_names")
    for pk, merged_into, district, *own, others in here.values_list(*fields):
        said = [" ".join(part for part in own[:3] if part), own[3], *others]
        if merged_into is None:
            districts[pk] = district
        target = pk if merged_into is None else merged_into
        if target in names:
            names[target] += [name for name in said if name]
    return names, districts


def _grouped(rows: Iterable[tuple[int, str]]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for person, value in rows:
        found[person].append(value)
    return found
