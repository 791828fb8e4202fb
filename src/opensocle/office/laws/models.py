"""Laws that the office has: the whole text by its hash, and from when to when each is the one that is applied."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class InstalledLaw(models.Model):
    """A law folder as it was installed: files as text, by the hash of the law's content. Kept as long as a decision cites it."""

    KIND = "law"

    hash = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=120)
    files = models.JSONField()  # path -> text
    installed = models.DateTimeField()
    installed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    cases_passed = models.PositiveIntegerField()
    comparison = models.JSONField(default=dict)  # who gains, who loses, what it costs, district by district

    district_id: ClassVar[None] = None

    @property
    def reference(self) -> str:
        return self.hash[:12]

    def __str__(self) -> str:
        return self.reference


class InForce(models.Model):
    """A law applied to the months from `since` on, until another one is: proposed by one person, approved by another, or withdrawn."""

    law = models.ForeignKey(InstalledLaw, on_delete=models.PROTECT, related_name="in_force")
    since = models.DateField()  # the first of a month
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")), name="law_approved_by_another"),
            models.UniqueConstraint(fields=["since"], condition=Q(withdrawn__isnull=True, approved__isnull=False), name="one_law_from_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.law_id} {self.since}"
