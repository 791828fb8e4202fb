"""Fills a new office whose areas are loaded: users, the law in force, people, cases. Everything goes through the services, as at a counter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ...periods import Month
from ..laws import services as laws
from ..laws.deciding import law_of
from .cases import tell_stories
from .people import SOURCE, Wanted, take_over
from .registrations import register_some
from .users import make_users

SINCE = date(2025, 1, 1)
"""Since when there are users, a law and facts."""
ON = date(2026, 3, 31)
"""The day until which the registry knows what happened."""
STEPS = 5

__all__ = ["ON", "SINCE", "SOURCE", "Filled", "fill"]


@dataclass(frozen=True)
class Filled:
    """persons imported; rows set aside, which a registry cannot hold; untold: stories of cases for which there is nobody."""

    persons: int
    refused: int
    untold: tuple[str, ...]


def fill(population: Path, country: Path, password: str, seed: int, progress: Callable[[int, int], None] | None = None) -> Filled:
    """Fills the office. population: the folder of people of the country whose law's folder `country` is. Raises what the services raise."""
    tell = progress or (lambda done, all: None)
    users = make_users(password, SINCE)
    tell(0, STEPS)
    david, nadia = users["david"], users["nadia"]
    installed = laws.install_law(country, by=david, on=SINCE)
    laws.approve(laws.propose(installed, Month.of(SINCE), by=david, on=SINCE), by=nadia, on=SINCE)
    tell(1, STEPS)
    done = take_over(Wanted(population, law_of(installed.hash), SINCE, ON, seed), by=david)
    tell(4, STEPS)
    register_some(users)
    untold = tell_stories(users)
    tell(5, STEPS)
    return Filled(done.report.tables["persons"].accepted, done.refused, tuple(untold))
