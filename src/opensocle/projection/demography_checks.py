"""Every problem in the inputs of a projection: place, reason, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from ..errors import InputError
from .lifetables import Array, mortality_ages

if TYPE_CHECKING:
    from .demography_inputs import Inputs

MOST_SHOWN = 3
"""Cells that a problem names; of the others it says how many there are."""
SEX_RATIO = (0.9, 1.3)
FERTILE = (10, 60)
HIGHEST_DEATH_RATE = 3.0
HIGHEST_FERTILITY = 1.0
SEXES = ("males", "females")


def problems(inputs: Inputs) -> list[InputError]:
    """All that is wrong, in the order of the fields; empty if the inputs can be projected."""
    found = list(_scalars(inputs)) + list(_shapes(inputs))
    return found or list(_values(inputs)) + list(_sums(inputs))


def _scalars(inputs: Inputs) -> Iterator[InputError]:
    for name in ("start", "width"):
        value = getattr(inputs, name)
        if isinstance(value, bool) or not isinstance(value, int):
            yield InputError("P113", f"{name} is {value!r}", at=name, hint="give a whole number of years")
        elif name == "width" and value < 1:
            yield InputError("P113", f"width is {value}", at=name, hint="give 1 for single ages, 5 for five-year groups")
    if inputs.mortality is None and inputs.survival is None:
        yield InputError("P113", "mortality is missing", at="mortality", hint="give death rates, or survival ratios")
    if inputs.mortality is not None and inputs.survival is not None:
        yield InputError("P113", "there are both death rates and survival ratios", at="survival", hint="give one of them")


def _shapes(inputs: Inputs) -> Iterator[InputError]:
    """Problems of shape: the others are looked for when there are none."""
    population = inputs.population
    if population.ndim != 2 or population.shape[0] != 2 or population.shape[1] < 3:
        yield InputError("P114", f"population has the shape {population.shape}", at="population", hint="give males and females by age: (2, ages)")
        return
    years, groups = len(np.atleast_1d(inputs.fertility)), population.shape[1]
    ages = len(mortality_ages(inputs.width, groups)) if isinstance(inputs.width, int) and inputs.width > 0 else groups
    expected = {
        "fertility": (years, groups),
        "sex_ratio": (years,),
        "mortality": (years, 2, ages),
        "survival": (years, 2, groups),
        "migration": (years, 2, groups),
        "births": (years,),
        "tfr": (years,),
    }
    for name, shape in expected.items():
        value = getattr(inputs, name)
        if value is not None and value.shape != shape:
            yield InputError("P114", f"{name} has the shape {value.shape}, not {shape}", at=name, hint=_mend(value, shape))
    least = 2 if inputs.halves else 1
    if years < least:
        yield InputError("P114", f"there are rates of {years} years", at="fertility", hint=f"give at least {least}")


def _mend(value: Array, shape: tuple[int, ...]) -> str:
    """What to do about an array of the wrong shape."""
    if value.ndim == len(shape):
        if value.shape[0] != shape[0]:
            return f"give {shape[0]} years, as fertility has: none may be missing or too many"
        if value.shape[-1] != shape[-1]:
            return f"give {shape[-1]} ages, as follow from the population: none may be missing or too many"
    return "the axes are years, then sex (males, females), then ages"


def _values(inputs: Inputs) -> Iterator[InputError]:
    """Numbers that are not finite, negative or beyond what can be."""
    for name in ("population", "fertility", "sex_ratio", "mortality", "survival", "migration", "births"):
        value = getattr(inputs, name)
        if value is None:
            continue
        yield from _where(inputs, name, ~np.isfinite(value), "not a finite number", "a missing value is not zero: find it or estimate it")
        if name != "migration":
            yield from _where(inputs, name, value < 0, "negative", "only migration can be negative")
    low, high = SEX_RATIO
    ratio = inputs.sex_ratio
    far = f"give boys for one girl, from {low} to {high}, such as 1.05 (not 105)"
    yield from _where(inputs, "sex_ratio", (ratio >= 0) & ((ratio < low) | (ratio > high)), "out of range", far)
    yield from _where(inputs, "fertility", inputs.fertility > HIGHEST_FERTILITY, "too high", "give births a woman a year, not a thousand women")
    infertile = [n for n, age in enumerate(inputs.ages) if age >= FERTILE[1] or age + inputs.width <= FERTILE[0]]
    outside = np.zeros(inputs.fertility.shape, dtype=bool)
    outside[:, infertile] = inputs.fertility[:, infertile] > 0
    yield from _where(
        inputs, "fertility", outside, "at an age without births", f"births are from {FERTILE[0]} to {FERTILE[1] - 1} years: check the ages"
    )
    if inputs.mortality is not None:
        high_rate = "give deaths a person-year, not a thousand persons"
        yield from _where(inputs, "mortality", inputs.mortality > HIGHEST_DEATH_RATE, "too high", high_rate)
        last = np.zeros(inputs.mortality.shape, dtype=bool)
        last[..., -1] = inputs.mortality[..., -1] == 0
        yield from _where(inputs, "mortality", last, "zero in the open age group", "nobody lives for ever: give the death rate of the oldest")
    if inputs.survival is not None:
        yield from _where(inputs, "survival", inputs.survival > 1, "above 1", "give the share that survives")


def _sums(inputs: Inputs) -> Iterator[InputError]:
    """Totals of the source that are not the sums of its parts."""
    total = float(inputs.population.sum())
    if total == 0:
        yield InputError("P116", "nobody is in the population", at="population", hint="give persons by sex and age")
    if inputs.total is not None and abs(total - inputs.total) > 1e-4 * abs(inputs.total) + 1:
        hint = "an age group is missing or there twice, or the unit is another"
        yield InputError(
            "P116", f"the population adds up to {total:,.0f}, its total is {inputs.total:,.0f}", at=f"population {inputs.start}", hint=hint
        )
    if inputs.tfr is not None:
        sums = inputs.fertility.sum(axis=1) * inputs.width
        wrong = ~(abs(sums - inputs.tfr) <= 2e-3 * abs(inputs.tfr) + 1e-3)
        for n in np.flatnonzero(wrong)[:MOST_SHOWN]:
            text = f"fertility adds up to {sums[n]:.3f} children a woman, the total is {inputs.tfr[n]:.3f}"
            yield InputError("P116", text, at=f"fertility {_year(inputs, n)}", hint="an age is missing or there twice, or the unit is another")
        if wrong.sum() > MOST_SHOWN:
            yield InputError("P116", f"so it is in {int(wrong.sum()) - MOST_SHOWN} other years", at="fertility", hint="mend these too")


def _where(inputs: Inputs, name: str, wrong: Array | np.ndarray, what: str, hint: str) -> Iterator[InputError]:
    """A problem for each of the first cells that are wrong, and one that counts the others."""
    value = getattr(inputs, name)
    cells = np.argwhere(wrong)
    for cell in cells[:MOST_SHOWN]:
        yield InputError("P115", f"{name} is {what}: {value[tuple(cell)]:g}", at=f"{name} {_place(inputs, name, tuple(cell))}", hint=hint)
    if len(cells) > MOST_SHOWN:
        yield InputError("P115", f"{name} is {what} in {len(cells) - MOST_SHOWN} other cells", at=name, hint=hint)


def _place(inputs: Inputs, name: str, cell: tuple[int, ...]) -> str:
    """Where a cell is, in words: `2031, females, age 27`."""
    ages = mortality_ages(inputs.width, inputs.groups) if name == "mortality" else inputs.ages
    axes: dict[str, Callable[[int], str]] = {
        "year": lambda n: str(_year(inputs, n)),
        "sex": lambda n: SEXES[n],
        "age": lambda n: f"age {ages[n]}" + ("+" if n == len(ages) - 1 else ""),
    }
    names = {"population": ("sex", "age"), "fertility": ("year", "age"), "sex_ratio": ("year",), "births": ("year",)}
    return ", ".join(axes[axis](int(n)) for axis, n in zip(names.get(name, ("year", "sex", "age")), cell, strict=True))


def _year(inputs: Inputs, n: int) -> int:
    return inputs.start + inputs.width * int(n)
