from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from ..counter.menu import Entry


class LawsConfig(AppConfig):
    name = "opensocle.office.laws"
    label = "laws"

    @property
    def menu(self) -> tuple[Entry, ...]:
        """Entries of the top menu; made when the applications are loaded."""
        from ..counter.menu import Entry

        return (
            Entry(_("Rights"), "laws:try", ("entitlement.check",)),
            Entry(_("Laws"), "laws:index", ("law.install", "law.approve", "audit.read")),
        )
