from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CounterConfig(AppConfig):
    name = "opensocle.office.counter"
    label = "counter"
    menu: ClassVar[tuple[object, ...]] = ()

    def ready(self) -> None:
        from .menu import Entry

        type(self).menu = (Entry(_("Single window"), "counter:home"),)
