"""The one place that says who may do what, and where: `require` for an action, `Scope` for what a query may give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from ..places.models import Area
from .models import Posting, User
from .roles import ROLES


class Refused(PermissionDenied):
    """The user's roles do not include the action anywhere."""


class NotThere(Http404):
    """For this user it does not exist: it lies in a district that she does not work in. Said like that of a thing that is not there at all."""


class Unscoped(RuntimeError):
    """A query that does not say for whom it is."""


@dataclass(frozen=True)
class Scope:
    """Districts in which a user may do something; `everywhere` includes what lies in no district."""

    districts: frozenset[int]
    everywhere: bool = False

    def __contains__(self, district: int | None) -> bool:
        return self.everywhere or district in self.districts

    def q(self, field: str = "district_id") -> Q:
        """The condition of a query."""
        return Q() if self.everywhere else Q(**{f"{field}__in": self.districts})


NOWHERE = Scope(frozenset())


def scope(user: Any, action: str, on: date) -> Scope:
    """Where a user may do an action on a day."""
    if not isinstance(user, User) or not user.is_active:
        return NOWHERE
    areas = [posting.area for posting in postings(user, on) if action in ROLES[posting.role]]
    return scope_of(areas)


def scope_of(areas: Iterable[Area]) -> Scope:
    """The districts at, below or around these areas."""
    found: set[int] = set()
    for area in areas:
        if area.parent_id is None:
            return Scope(frozenset(), everywhere=True)
        if area.district_id is not None:
            found.add(area.district_id)
        else:
            found |= set(Area.objects.filter(path__startswith=area.path, kind=Area.Kind.DISTRICT).values_list("pk", flat=True))
    return Scope(frozenset(found))


def postings(user: User, on: date) -> list[Posting]:
    """The postings in force on a day; asked once a request."""
    kept = user.__dict__.setdefault("_postings", {})
    if on not in kept:
        current = Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))
        kept[on] = list(user.postings.filter(current).select_related("area"))
    return kept[on]


def require(user: Any, action: str, on: date, about: Any = None) -> None:
    """Raises Refused where the user has no role for the action, NotThere where she has it but not in the district of what it is about."""
    where = scope(user, action, on)
    if not where.everywhere and not where.districts:
        raise Refused(action)
    if about is not None and about.district_id not in where:
        raise NotThere(action)
