"""Reading laws: which is in force on a day, which are installed, how a new one differs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from ...errors import InputError
from ..access.rules import NotThere, Refused, scope
from .models import InForce, InstalledLaw

READERS = ("law.install", "law.approve", "audit.read", "entitlement.check")
"""Actions of those who may read laws: whoever applies, keeps or audits them."""


def in_force_on(day: date) -> InForce | None:
    """The approved entry for a day, or None where the office has no law yet."""
    rows = InForce.objects.filter(since__lte=day, approved__isnull=False, withdrawn__isnull=True)
    return rows.select_related("law").defer("law__files").order_by("-since").first()


def law_hash_on(day: date) -> str:
    """The hash of the law in force on a day. Raises InputError O041 where there is none."""
    found = InForce.objects.filter(since__lte=day, approved__isnull=False, withdrawn__isnull=True).order_by("-since")
    hash = found.values_list("law__hash", flat=True).first()
    if hash is None:
        raise InputError("O041", f"no law is in force on {day}", hint="install one, propose it from a month on, and let a second person approve it")
    return hash


def require_reader(user: Any, on: date) -> None:
    """Raises Refused where the user neither applies nor keeps laws."""
    for action in READERS:
        where = scope(user, action, on)
        if where.everywhere or where.districts:
            return
    raise Refused("law.read")


def list_laws(user: Any, on: date) -> QuerySet[InstalledLaw]:
    """The installed laws, the latest first, without their texts."""
    require_reader(user, on)
    return InstalledLaw.objects.defer("files").select_related("installed_by").prefetch_related("in_force").order_by("-installed", "-pk")


def get_law(user: Any, reference: str, on: date) -> InstalledLaw:
    """A law by the beginning of its hash. Raises NotThere."""
    require_reader(user, on)
    found = InstalledLaw.objects.filter(hash__startswith=reference).first() if len(reference) >= 8 else None
    if found is None:
        raise NotThere(reference)
    return found


def entries(law: InstalledLaw) -> QuerySet[InForce]:
    """From when a law is proposed, approved, withdrawn."""
    return law.in_force.select_related("proposed_by", "approved_by").order_by("since", "pk")
