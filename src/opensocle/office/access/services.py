"""Users and postings: made by an administrator, or by a command when there is none yet."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q

from ...errors import InputError, nearest
from ..audit.services import act, mark
from ..places.models import Area
from .models import Posting, User
from .roles import INCOMPATIBLE, ROLES
from .rules import require


def make_user(*, username: str, password: str | None, language: str = "en", by: User | None = None, on: date | None = None) -> User:
    """A user without any right yet. `by` None: a command. password None: she signs in through the identity provider only. Raises InputError O020."""
    if by is not None and on is not None:
        require(by, "user.manage", on)
    user = User(username=username, language=language)
    try:
        user.full_clean(exclude=["password"])
        if password is not None:
            validate_password(password, user)
    except ValidationError as error:
        raise InputError("O020", " ".join(error.messages)) from error
    user.set_password(password)
    with act("user.make", by=by) as entry:
        user.save()
        mark(entry, user)
    return user


def post(*, user: User, role: str, area: Area, since: date, until: date | None = None, by: User | None = None) -> Posting:
    """Gives a user a role in an area. Raises InputError O021 for an unknown role, O022 for one that does not go with another she has there."""
    if by is not None:
        require(by, "user.manage", since)
        if by.pk == user.pk:
            raise InputError("O022", "nobody posts herself", hint="ask another administrator")
    if role not in ROLES:
        raise InputError("O021", f"there is no role {role!r}", hint=nearest(role, list(ROLES)) or f"use one of {', '.join(ROLES)}")
    for other in _overlapping(user, area, since, until):
        if (role, other.role) in INCOMPATIBLE or (other.role, role) in INCOMPATIBLE:
            raise InputError("O022", f"{user.username} is {other.role} there, which does not go with {role}", hint="end the other posting first")
    with act("user.post", by=by, about=user, role=role, area=area.code):
        return Posting.objects.create(user=user, role=role, area=area, since=since, until=until)


def end_posting(*, posting: Posting, on: date, by: User | None = None) -> None:
    """Ends a posting: its last day is the one before."""
    if by is not None:
        require(by, "user.manage", on)
    with act("user.unpost", by=by, about=posting.user, role=posting.role, area=posting.area.code):
        locked = Posting.objects.select_for_update().get(pk=posting.pk)
        if on <= locked.since:
            locked.delete()
        else:
            locked.until = on
            locked.save(update_fields=["until"])


def close_user(*, user: User, on: date, by: User | None = None) -> None:
    """Ends all postings of a user, who can no longer sign in; her acts stay."""
    if by is not None:
        require(by, "user.manage", on)
    with act("user.close", by=by, about=user):
        for posting in user.postings.filter(Q(until__isnull=True) | Q(until__gt=on)):
            end_posting(posting=posting, on=on)
        User.objects.filter(pk=user.pk).update(is_active=False)


def _overlapping(user: User, area: Area, since: date, until: date | None) -> list[Posting]:
    """Her postings in an area above or below, on days that both have."""
    days = Q(until__isnull=True) | Q(until__gt=since)
    if until:
        days &= Q(since__lt=until)
    return [p for p in user.postings.filter(days).select_related("area") if p.area.path.startswith(area.path) or area.path.startswith(p.area.path)]
