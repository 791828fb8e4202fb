from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ..counter.menu import Entry


class PeopleConfig(AppConfig):
    name = "opensocle.office.people"
    label = "people"
    menu = (
        Entry(_("People"), "people:search", ("person.search",)),
        Entry(_("Register"), "people:register", ("person.register",)),
        Entry(_("Import"), "exchange:import", ("import.people",)),
        Entry(_("Export"), "exchange:export", ("export.people",)),
        Entry(_("Duplicates"), "exchange:duplicates", ("person.merge",)),
    )
