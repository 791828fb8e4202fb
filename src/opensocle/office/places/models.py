"""The tree of administrative areas: country, region, district and whatever lies below; camps and sites of displaced persons are areas too."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Area(models.Model):
    """An area. `path` is the codes from the root, such as /XE/north/d01/. The areas at and below a district belong to it; those above to none."""

    class Kind(models.TextChoices):
        COUNTRY = "country"
        REGION = "region"
        DISTRICT = "district"
        LOCALITY = "locality"
        SITE = "site"  # a camp or another place of displacement

    code = models.CharField(max_length=40, unique=True)
    name_en = models.CharField(max_length=120)
    name_fr = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    district = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=400, unique=True)

    class Meta:
        ordering: ClassVar = ["path"]

    def __str__(self) -> str:
        return self.code

    def name(self, language: str) -> str:
        """The name in English or French."""
        return self.name_fr if language.startswith("fr") else self.name_en
