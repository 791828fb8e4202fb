"""Tokens by which other programs work for a user: only their digest is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Token(models.Model):
    """A token of a user: it may do what both its scopes and the user's postings allow, until a day."""

    KIND = "token"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens")
    title = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the token
    scopes = models.JSONField(default=list)
    since = models.DateField()
    until = models.DateField()
    withdrawn = models.DateField(null=True)

    @property
    def district_id(self) -> int | None:
        """A token lies in no district."""
        return None

    @property
    def reference(self) -> str:
        return str(self.pk)

    def __str__(self) -> str:
        return f"{self.user_id} {self.title}"
