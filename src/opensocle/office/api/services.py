"""Making, finding and withdrawing tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date

from ...errors import InputError, nearest
from ..access.models import User
from ..access.rules import require
from ..audit.services import act, mark
from .models import Token

SCOPES = {
    "people:read": ("person.search", "person.read", "household.read"),
    "people:write": ("person.register", "person.change"),
    "rights:read": ("entitlement.check",),
    "claims:read": ("claim.read",),
    "claims:write": ("claim.open", "claim.determine", "decision.propose"),
}
"""What a token can be allowed, and the actions that each scope is for."""
LONGEST = 366


def make_token(*, user: User, title: str, scopes: Sequence[str], since: date, until: date, by: User | None = None) -> tuple[Token, str]:
    """A token and its text, which is told once. Raises InputError O310 for an unknown scope or more than a year."""
    if by is not None:
        require(by, "user.manage", since)
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        raise InputError("O310", f"there is no scope {unknown[0]!r}", hint=nearest(unknown[0], list(SCOPES)))
    if not scopes:
        raise InputError("O310", "a token needs a scope", hint=f"scopes: {', '.join(SCOPES)}")
    if not since < until or (until - since).days > LONGEST:
        raise InputError("O310", "a token holds a year at most", hint="make a new one each year")
    text = f"socle_{secrets.token_urlsafe(32)}"
    with act("token.make", by=by, scopes=list(scopes), until=until.isoformat()) as entry:
        token = Token.objects.create(user=user, title=title, digest=digest_of(text), scopes=list(scopes), since=since, until=until)
        mark(entry, token)
    return token, text


def withdraw_token(*, token: Token, on: date, by: User | None = None) -> None:
    """The token opens nothing from now on."""
    if by is not None and by.pk != token.user_id:
        require(by, "user.manage", on)
    with act("token.withdraw", by=by, about=token):
        Token.objects.filter(pk=token.pk).update(withdrawn=on)


def find_token(text: str, on: date) -> Token | None:
    """The token that holds on a day, of a user who is active; None for any other text."""
    found = Token.objects.filter(digest=digest_of(text), since__lte=on, until__gt=on, withdrawn__isnull=True, user__is_active=True)
    return found.select_related("user").first()


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
