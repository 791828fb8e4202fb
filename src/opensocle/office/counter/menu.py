"""The top menu: each application names its entries in its `apps.py`, and a user sees those for what she may do today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.urls import reverse

from ..access.roles import ROLES


@dataclass(frozen=True)
class Entry:
    """A page of the menu. url: the name of its address. actions: whoever may do one of them sees it; none: everybody who is signed in."""

    title: Any
    url: str
    actions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """An entry with its address; `here` where the page that is shown lies below it."""

    title: Any
    address: str
    here: bool


def entries() -> list[Entry]:
    """Every entry of every application, in the order of INSTALLED_APPS, the single window first."""
    found = [entry for config in apps.get_app_configs() for entry in getattr(config, "menu", ())]
    return sorted(found, key=lambda entry: not entry.url.startswith("counter:"))


def shown(user: Any, path: str, on: date) -> list[Shown]:
    """The menu for a user who is at an address."""
    from ..access.models import User  # `apps.py` reads this module before there are models
    from ..access.rules import postings

    if not isinstance(user, User):
        return []
    may = {action for posting in postings(user, on) for action in ROLES[posting.role]}
    pairs = [(entry, reverse(entry.url)) for entry in entries() if not entry.actions or may & set(entry.actions)]
    here = max((address for _, address in pairs if path == address or (address != "/" and path.startswith(address))), key=len, default="")
    return [Shown(entry.title, address, address == here) for entry, address in pairs]
