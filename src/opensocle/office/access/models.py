"""Users and their postings: a role in an area, from a day to a day."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from .roles import ROLES


class User(AbstractUser):
    """A person who works with the office. What she may do comes from her postings only; `is_staff` and `is_superuser` give nothing here."""

    language = models.CharField(max_length=5, default="en")

    KIND = "user"

    @property
    def reference(self) -> str:
        return str(self.pk)

    @property
    def district_id(self) -> int | None:
        """A user's account lies in no district; her postings do."""
        return None


class Posting(models.Model):
    """A role that a user has in an area and everything below it, on the days from `since` to before `until`."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField(max_length=20, choices=[(role, role) for role in ROLES])
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="posting_ends_after_it_begins"),
            models.UniqueConstraint(fields=["user", "role", "area", "since"], name="posting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.area_id}"
