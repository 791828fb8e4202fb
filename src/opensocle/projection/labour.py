"""The labour market: persons by sex, age and status in each year.

    labour force = population × participation            employed = labour force × (1 − unemployment)
    formal employees, self-employed = employed × their shares            informal = the rest of the employed

Where a total of employment is given, the labour force of all groups is multiplied by one factor, so that the employed add up to it; no
group has more workers than people: what is too much in one goes to the others. Method: docs/methods/labour.md.

API: `project_labour(population (sex, age), work, year) -> Labour`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from .model import Work
from .series import NO_LEVELS, Levels
from .tables import EMPLOYED, STATUSES, Array

ROUNDS = 200


@dataclass(frozen=True)
class Labour:
    """The people of a year by what they do. persons: (sex, age, status), in the order of `tables.STATUSES`.

    factor: by what the labour force was multiplied so that employment is the total given; 1 where none is.
    """

    year: int
    persons: Array
    factor: float = 1.0

    def total(self, *statuses: str) -> float:
        """Persons in these statuses; all of them where none is named."""
        wanted = [STATUSES.index(name) for name in statuses or STATUSES]
        return float(self.persons[:, :, wanted].sum())

    @property
    def employed(self) -> float:
        """Persons who work."""
        return self.total(*EMPLOYED)

    @property
    def labour_force(self) -> float:
        """Persons who work or are unemployed."""
        return self.total(*EMPLOYED, "unemployed")


def project_labour(population: Array, work: Work, year: int, levels: Levels = NO_LEVELS) -> Labour:
    """The statuses of a year's population, (sex, age), persons; they add up to it in every group.

    Raises InputError P062 where the employment that is given is more than there are people to work.
    """
    participation = _by_age(work.participation.grid(year, levels), population)
    unemployment = _by_age(work.unemployment.grid(year, levels), population)
    force = population * participation
    factor = 1.0
    if work.employment_total is not None:
        wanted = work.employment_total.rows[()].number(year, levels)
        force, factor = _scaled(force, unemployment, population, wanted, year)
    employed = force * (1 - unemployment)
    persons = np.empty((*population.shape, len(STATUSES)))
    persons[:, :, 0] = employed * _by_age(work.formal_employee.grid(year, levels), population)
    persons[:, :, 1] = employed * _by_age(work.self_employed.grid(year, levels), population)
    persons[:, :, 2] = np.maximum(employed - persons[:, :, 0] - persons[:, :, 1], 0)
    persons[:, :, 3] = force - employed
    persons[:, :, 4] = np.maximum(population - force, 0)
    return Labour(year, persons, factor)


def _by_age(grid: Array, population: Array) -> Array:
    return np.broadcast_to(grid[:, :, 0], population.shape)


def _scaled(force: Array, unemployment: Array, population: Array, wanted: float, year: int) -> tuple[Array, float]:
    """The labour force with which `wanted` persons work, at most everybody in a group, and the factor that gives it."""
    able = np.where(force > 0, population, 0) * (1 - unemployment)
    if wanted > float(able.sum()):
        what = f"employment in {year} is {wanted:,.0f}, but {float(able.sum()):,.0f} persons can work at most"
        raise InputError("P062", what, at="labour.employment_total", hint="lower it, or raise participation")
    now = float((force * (1 - unemployment)).sum())
    factor = wanted / now if now else 1.0
    for _ in range(ROUNDS):
        scaled = np.minimum(force * factor, population)
        gap = wanted / max(float((scaled * (1 - unemployment)).sum()), 1e-300)
        if abs(gap - 1) < 1e-14:
            break
        factor *= gap
    return np.minimum(force * factor, population), factor
