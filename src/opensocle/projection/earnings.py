"""Earnings of a year's workers: mean by group, profile by age, spread in groups of equal size, moved by wages.

    earnings = mean × profile(age) / average profile of the base year's workers × share of the group × level of wages

API: `group_means(groups, sigma) -> factors`; `Earnings.of(pay, labour, base_year) -> Earnings`; `.grid(wages) -> (sex, age, status, group)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from .labour import Labour
from .model import Pay
from .tables import EMPLOYED, SHAPE, Array

WORKING = len(EMPLOYED)


def group_means(groups: int, sigma: float) -> Array:
    """Mean of each of `groups` groups of equal size of a log-normal distribution with mean 1, lowest first; their mean is 1.

    sigma: standard deviation of the logarithm. The mean of the values between the quantiles p and q is (Φ(z(q) − σ) − Φ(z(p) − σ)) / (q − p).
    """
    normal = NormalDist()
    bounds = [0.0, *(normal.cdf(normal.inv_cdf(k / groups) - sigma) for k in range(1, groups)), 1.0]
    return np.diff(np.array(bounds)) * groups


@dataclass(frozen=True)
class Earnings:
    """Monthly earnings by sex, age, status and group in the base year; those who do not work earn 0.

    means: broadcasts to (sex, age, status); factors: (group,); `depends`: the dimensions on which the means depend.
    """

    means: Array
    factors: Array
    depends: frozenset[str]

    @classmethod
    def of(cls, pay: Pay, labour: Labour, year: int) -> Earnings:
        """The earnings of the base year, so that its workers earn the mean of their group of sex, age and status on average."""
        mean = np.nan_to_num(pay.mean.grid(year))
        depends = {"status", *pay.mean.by}
        means = np.broadcast_to(mean, SHAPE).copy()
        if pay.profile is not None:
            profile = np.broadcast_to(pay.profile.grid(year), SHAPE)
            means *= profile / _average(profile, labour, pay.mean.by)
            depends |= set(pay.profile.by)
        means[:, :, WORKING:] = 0
        return cls(means, group_means(pay.groups, float(pay.sigma)), frozenset(depends))

    def grid(self, wages: float) -> Array:
        """(sex, age, status, group): monthly earnings where wages are at this level (base year 1)."""
        return self.means[..., None] * self.factors * wages


def _average(profile: Array, labour: Labour, by: tuple[str, ...]) -> Array:
    """Mean of the profile over the workers of each group that has a mean of its own."""
    axes = tuple(axis for axis, name in enumerate(("sex", "age", "status")) if name not in by)
    workers = labour.persons.copy()
    workers[:, :, WORKING:] = 0
    count = workers.sum(axis=axes, keepdims=True)
    total = (workers * profile).sum(axis=axes, keepdims=True)
    return np.where((count > 0) & (total > 0), total / np.where(count > 0, count, 1), 1)
