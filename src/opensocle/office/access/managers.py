"""Managers of what lies in a district: a query has to say for whom it is."""

from __future__ import annotations

from datetime import date
from typing import Any, Generic, TypeVar

from django.db import models
from django.utils import timezone

from .rules import Unscoped, scope

M = TypeVar("M", bound=models.Model)


class ScopedManager(models.Manager[M], Generic[M]):
    """`visible_to` for users, `everyone` for the program itself; any other query is refused. `field`: the way to the district."""

    def __init__(self, field: str = "district_id") -> None:
        super().__init__()
        self.field = field

    def get_queryset(self) -> models.QuerySet[M]:
        raise Unscoped(f"{self.model.__name__}: say visible_to(user, action) or everyone()")

    def visible_to(self, user: Any, action: str, on: date | None = None) -> models.QuerySet[M]:
        """The rows that a user may see for an action (`person.read`)."""
        return self.everyone().filter(scope(user, action, on or timezone.localdate()).q(self.field))

    def everyone(self) -> models.QuerySet[M]:
        """All rows: for batches, imports and checks that no user's page shows."""
        return super().get_queryset()
