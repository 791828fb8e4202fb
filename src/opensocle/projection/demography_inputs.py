"""What a projection of the population starts from: immutable, checked, with a hash. Sources: docs/methods/demography.md#inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from ..errors import InputError, Problems
from .demography_checks import problems
from .lifetables import INFANTS, MIDDLES, Array, Infant, Middle, average_years, group_years, mortality_ages, person_years

Variant = Literal["low", "medium", "high"]
ARRAYS = ("population", "fertility", "sex_ratio", "mortality", "survival", "migration", "births")
CONVENTIONS = ("start", "width", "stock", "flows", "averaged", "timing", "infant", "middle")


@dataclass(frozen=True, eq=False)
class Inputs:
    """A population and what is assumed of its future.

    Shapes: n is the number of intervals of `width` years, or of calendar years (`flows`); ages are groups of `width` years, the last one
    open; sex is males, females. Unit: persons (the floors of the method are in this unit). Everything is checked when an Inputs is made:
    Problems lists all that is wrong. Arrays are copied and cannot be written to.
    """

    start: int
    """Year of the stock."""
    width: int
    """Years of a step and of an age group: 1 or 5 (or any other)."""
    population: Array
    """(sex, age), persons at the start."""
    fertility: Array
    """(n, age): births a woman a year."""
    sex_ratio: Array
    """(n,): boys born for one girl, about 1.05."""
    mortality: Array | None = None
    """(n, sex, age): deaths a person-year. With five-year groups the ages are 0, 1, 5, 10…: one more than the groups."""
    survival: Array | None = None
    """(n, sex, age): survival ratios S(x), instead of mortality."""
    migration: Array | None = None
    """(n, sex, age): net migrants of each interval or calendar year, persons; None if the population is closed."""
    births: Array | None = None
    """(n,): births of each interval or calendar year, persons, where they are known: those of the rates are scaled to them."""
    stock: Literal["january", "mid_year"] = "january"
    """The day of the stocks: 1 January or 1 July."""
    flows: Literal["interval", "calendar"] = "interval"
    """What rates and flows are of: the intervals themselves or calendar years. From mid-year to mid-year, two calendar years are averaged:
    then n is one more than the steps. Between stocks of 1 January both are the same."""
    averaged: Literal["mx", "L"] = "mx"
    """What is averaged of mortality: death rates or person-years of the life tables."""
    timing: Literal["end", "evenly"] = "end"
    """When migrants come: at the end of the interval, or evenly (half at the start, half at the end)."""
    infant: Infant = "andreev_kingkade"
    """How a(0) is found from mortality at age 0."""
    middle: Middle = "half"
    """How a(x) is found in five-year groups from 15 on: the middle of the group, or Greville's formula."""
    total: float | None = None
    """The source's own total at the start, checked against the sum of the population."""
    tfr: Array | None = None
    """(n,): the source's own children a woman, checked against the sum of fertility."""
    source: str = ""
    """Where it is from: in words, for the reader of a report."""

    def __post_init__(self) -> None:
        faults = []
        for name in (*ARRAYS, "tfr"):
            value = getattr(self, name)
            if value is not None:
                try:
                    object.__setattr__(self, name, frozen(value))
                except (TypeError, ValueError):
                    faults.append(InputError("P110", f"{name} is no array of numbers", at=name, hint="give numbers of the same shape for each year"))
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                faults.append(InputError("P110", f"{getattr(self, name)!r} is no {name}", at=name, hint=f"use {' or '.join(known)}"))
        faults = faults or problems(self)
        if faults:
            raise Problems(faults)

    @property
    def groups(self) -> int:
        """Number of age groups."""
        return self.population.shape[1]

    @property
    def ages(self) -> tuple[int, ...]:
        """First ages of the groups."""
        return tuple(range(0, self.width * self.groups, self.width))

    @property
    def halves(self) -> bool:
        """Whether an interval spans two halves of calendar years."""
        return self.flows == "calendar" and self.stock == "mid_year"

    @property
    def steps(self) -> int:
        """Number of intervals that can be projected."""
        return len(self.fertility) - 1 if self.halves else len(self.fertility)

    @property
    def until(self) -> int:
        """Year of the last stock that can be projected."""
        return self.start + self.width * self.steps

    @cached_property
    def hash(self) -> str:
        """SHA-256 (64 hexadecimal digits) of the numbers and the conventions; not of the words of `source`, nor of what is only checked."""
        digest = hashlib.sha256(repr([getattr(self, name) for name in CONVENTIONS]).encode())
        for name in ARRAYS:
            value = getattr(self, name)
            if value is not None:
                digest.update(f"{name} {value.shape} ".encode() + value.astype("<f8").tobytes())
        return digest.hexdigest()

    def lived(self, mortality: Array) -> Array:
        """L(x) of the age groups from death rates of the ages of `mortality`."""
        widths = np.diff(np.array(mortality_ages(self.width, self.groups), dtype=float))
        years = average_years(mortality, widths, self.infant, self.middle)
        return group_years(person_years(mortality, widths, years)[1], self.width)


CHOICES = {
    "stock": ("january", "mid_year"),
    "flows": ("interval", "calendar"),
    "averaged": ("mx", "L"),
    "timing": ("end", "evenly"),
    "infant": INFANTS,
    "middle": MIDDLES,
}


def frozen(values: ArrayLike) -> Array:
    """A copy as floats that nobody can write to."""
    array = np.ascontiguousarray(values, dtype=np.float64)
    return np.frombuffer(array.tobytes(), dtype=np.float64).reshape(array.shape)


def variant(inputs: Inputs, name: Variant, changes: Sequence[float] = (0.25, 0.4, 0.5), every: int = 5) -> Inputs:
    """The inputs with fewer (low) or more (high) children a woman; medium leaves them as they are.

    changes: children a woman less or more in the first `every` years, the next, and so on; the last one stays. The age pattern of fertility is
    kept; births that are given change in proportion. Default: the low and high variants of the United Nations from the first projected year.
    """
    if name not in get_args(Variant):
        raise InputError("P110", f"{name!r} is no variant", at="variant", hint="use low, medium or high")
    if name == "medium":
        return inputs
    tfr = inputs.fertility.sum(axis=1) * inputs.width
    years = np.arange(len(tfr)) * inputs.width // every
    change = np.array(changes)[np.minimum(years, len(changes) - 1)] * (-1 if name == "low" else 1)
    factor = np.maximum(tfr + change, 0) / np.where(tfr > 0, tfr, 1)
    births = None if inputs.births is None else inputs.births * factor
    return replace(inputs, fertility=inputs.fertility * factor[:, None], births=births, tfr=None)


def without_migration(inputs: Inputs) -> Inputs:
    """The same population, closed."""
    return replace(inputs, migration=None)
