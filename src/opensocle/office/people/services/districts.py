"""A file's district, which is also the district of everything that hangs on the file: documents, claims, decisions, entitlements, letters…"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import models

from ...access.row_security import guarded
from ...places.models import Area
from ..models import Household, Person, SearchKey

LONGEST_WAY = 4


def move_to(person: Person, area: Area, address: str) -> None:
    """Gives a person, locked, another area and address; everything that hangs on her file gets the area's district. Inside an act."""
    before = person.district_id
    person.area, person.district_id, person.address = area, area.district_id, address
    person.save(update_fields=["area", "district", "address"])
    if before == area.district_id:
        return
    people = [person.pk, *Person.plain.filter(merged_into=person.pk).values_list("pk", flat=True)]
    Person.plain.filter(pk__in=people[1:]).update(district=area.district_id)
    SearchKey.objects.filter(person=person).update(district=area.district_id)
    for model, way in followers():
        rows = model._base_manager.filter(**{f"{way}__in": people}).exclude(district=area.district_id)
        model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True))).update(district=area.district_id)


@cache
def followers() -> tuple[tuple[type[models.Model], str], ...]:
    """The models whose rows lie in the district of a person, with the way to her: (Claim, "person"), (Letter, "decision__claim__person")…

    The first step of the way is always a column `person`: who asks for somebody else, or may be the same, moves nothing.
    """
    found: dict[type[models.Model], str] = {}
    known = set(guarded()) - {Person, Household, SearchKey}
    for model, way in _ways(Person, "", known):
        found.setdefault(model, way)
    return tuple(found.items())


def pointing_to(target: type[models.Model]) -> Iterator[tuple[type[models.Model], models.ForeignKey[Any, Any]]]:
    """Every model that has a column with a row of another, also where nothing leads back."""
    for relation in target._meta.get_fields(include_hidden=True):
        model, field = relation.related_model, getattr(relation, "field", None)
        if not relation.concrete and isinstance(field, models.ForeignKey) and isinstance(model, type):
            yield model, field


def _ways(target: type[models.Model], rest: str, known: set[type[models.Model]]) -> Iterator[tuple[type[models.Model], str]]:
    if rest.count("__") + 1 > LONGEST_WAY:
        return
    for model, field in pointing_to(target):
        name = field.name
        if model not in known or (target is Person and name != "person") or model is target:
            continue
        way = f"{name}__{rest}" if rest else name
        yield model, way
        yield from _ways(model, way, known)
