from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ..counter.menu import Entry


class CasesConfig(AppConfig):
    name = "opensocle.office.cases"
    label = "cases"
    menu = (
        Entry(_("Claims"), "cases:index", ("claim.read",)),
        Entry(_("Appeals"), "cases:appeals", ("appeal.read",)),
        Entry(_("Grievances"), "cases:grievances", ("grievance.answer",)),
    )
