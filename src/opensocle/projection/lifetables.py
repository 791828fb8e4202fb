"""Life tables from central death rates, and the survival ratios of a projection.

Arrays end in (sex, age): males first, then females. A life table starts from one birth (l0 = 1). The last age group is open.
Method and sources: docs/methods/demography.md#life-tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError

Array = NDArray[np.float64]
Infant = Literal["andreev_kingkade", "coale_demeny", "half"]
Middle = Literal["half", "greville"]
INFANTS = ("andreev_kingkade", "coale_demeny", "half")
MIDDLES = ("half", "greville")

KINGKADE_LIMITS = np.array([[0.02300, 0.08307], [0.01724, 0.06891]])
KINGKADE_LOW = np.array([[0.14929, -1.99545], [0.14903, -2.05527]])
KINGKADE_MIDDLE = np.array([[0.02832, 3.26021], [0.04667, 3.88089]])
KINGKADE_HIGH = np.array([0.29915, 0.31411])
"""Andreev and Kingkade (2015), for m0: limits, (constant, slope) under and between them, constant over them; males, females."""

DEMENY_LIMIT = 0.107
DEMENY_INFANT = np.array([[0.045, 2.684], [0.053, 2.800]])
DEMENY_INFANT_HIGH = np.array([0.33, 0.35])
DEMENY_CHILD = np.array([[1.651, -2.816], [1.522, -1.518]])
DEMENY_CHILD_HIGH = np.array([1.352, 1.361])
"""Coale and Demeny (1983), model West, as in Preston, Heuveline, Guillot (2001), table 3.3: by m0; males, females."""


@dataclass(frozen=True)
class LifeTable:
    """The columns of a life table, each (..., sex, age): `ages` are the first ages of the groups."""

    ages: tuple[int, ...]
    mx: Array
    ax: Array
    qx: Array
    lx: Array
    dx: Array
    Lx: Array
    Tx: Array
    ex: Array


def mortality_ages(width: int, groups: int) -> tuple[int, ...]:
    """First ages of death rates that serve a projection of `groups` age groups: single ages, or 0, 1, 5, 10… for five-year groups."""
    ages = tuple(range(0, width * groups, width))
    return ages if width != 5 else (0, 1, *ages[1:])


def average_years(mx: Array, widths: Array, infant: Infant = "andreev_kingkade", middle: Middle = "half") -> Array:
    """a(x): years lived in the age group by those who die in it; same shape as mx.

    widths: years of the closed groups, so one fewer than ages. Infants by `infant`; ages 1-4 by Coale and Demeny; the open group 1/m;
    the middle of the group elsewhere, or by Greville's formula in five-year groups from age 15, as in the United Nations' abridged tables.
    Never above 1/m, so that no more than everybody dies.
    """
    if middle not in MIDDLES:
        raise InputError("P111", f"{middle!r} is no way to find a(x)", at="middle", hint=f"use {', '.join(MIDDLES)}")
    ax = np.empty(mx.shape)
    ax[..., :-1] = widths / 2
    if middle == "greville":
        _greville(ax, mx, widths)
    first = mx[..., 0]
    if widths[0] == 1:
        ax[..., 0] = _infants(first, infant)
    if len(widths) > 1 and widths[0] == 1 and widths[1] == 4:
        ax[..., 1] = np.where(first < DEMENY_LIMIT, DEMENY_CHILD[:, 0] + DEMENY_CHILD[:, 1] * first, DEMENY_CHILD_HIGH)
    ax[..., -1] = 1 / mx[..., -1]
    if (mx[..., :-1] * ax[..., :-1]).max(initial=0) > 1:
        ax[..., :-1] = np.minimum(ax[..., :-1], 1 / np.maximum(mx[..., :-1], 1e-300))
    return ax


def _greville(ax: Array, mx: Array, widths: Array) -> None:
    """a(x) = 2.5 - 25/12 · (m(x) - k), k = ln(m(x + 5) / m(x - 5)) / 10, in the five-year groups from 15 that have neighbours. Fills ax."""
    starts = np.concatenate([[0], np.cumsum(widths)])
    inside = [n for n in range(1, len(widths)) if starts[n] >= 15 and widths[n] == widths[n - 1] == 5]
    if not inside:
        return
    part = slice(inside[0], inside[-1] + 1)
    before, rate, after = mx[..., inside[0] - 1 : inside[-1]], mx[..., part], mx[..., inside[0] + 1 : inside[-1] + 2]
    known = (before > 0) & (after > 0)
    slope = (np.log(np.where(known, after, 1)) - np.log(np.where(known, before, 1))) / 10
    ax[..., part] = np.where(known, np.clip(2.5 - 25 / 12 * (rate - slope), 0, 5), 2.5)


def _infants(m0: Array, infant: Infant) -> Array | float:
    """a(0) from m0; the last axis is sex."""
    if infant == "half":
        return 0.5
    if infant == "coale_demeny":
        return np.where(m0 < DEMENY_LIMIT, DEMENY_INFANT[:, 0] + DEMENY_INFANT[:, 1] * m0, DEMENY_INFANT_HIGH)
    if infant != "andreev_kingkade":
        raise InputError("P111", f"{infant!r} is no way to find a(0)", at="infant", hint=f"use {', '.join(INFANTS)}")
    low = KINGKADE_LOW[:, 0] + KINGKADE_LOW[:, 1] * m0
    middle = KINGKADE_MIDDLE[:, 0] + KINGKADE_MIDDLE[:, 1] * m0
    return np.where(m0 < KINGKADE_LIMITS[:, 0], low, np.where(m0 < KINGKADE_LIMITS[:, 1], middle, KINGKADE_HIGH))


def person_years(mx: Array, widths: Array, ax: Array) -> tuple[Array, Array]:
    """l(x) and L(x) of one birth, each of the shape of mx and ax (..., sex, age)."""
    rate, years = mx[..., :-1], ax[..., :-1]
    surviving = 1 - widths * rate / (1 + (widths - years) * rate)
    lx = np.empty(mx.shape)
    lx[..., 0] = 1
    np.cumprod(np.maximum(surviving, 0, out=surviving), axis=-1, out=lx[..., 1:])
    lived = np.empty(mx.shape)
    lived[..., :-1] = widths * lx[..., 1:] + years * (lx[..., :-1] - lx[..., 1:])
    lived[..., -1] = lx[..., -1] * ax[..., -1]
    return lx, lived


def life_table(
    mx: Array, ages: tuple[int, ...], *, infant: Infant = "andreev_kingkade", middle: Middle = "half", ax: Array | None = None
) -> LifeTable:
    """The life table of central death rates mx (..., sex, age): deaths a person-year. The last of `ages` is open.

    infant: how a(0) is found, if the first group is one year: `andreev_kingkade`, `coale_demeny` or `half`.
    middle: a(x) of other groups (see average_years). ax: your own a(x) instead.
    Raises InputError P111 for rates that are negative, not finite or, in the open group, zero.
    """
    mx = np.asarray(mx, dtype=float)
    if mx.shape[-2:] != (2, len(ages)):
        raise InputError("P111", f"death rates have the shape {mx.shape}", at="mx", hint=f"the last two axes are sex and age: (2, {len(ages)})")
    if not np.isfinite(mx).all() or (mx < 0).any() or not (mx[..., -1] > 0).all():
        raise InputError("P111", "a death rate is negative, not finite, or zero in the open age group", at="mx", hint="give deaths a person-year")
    widths = np.diff(np.array(ages, dtype=float))
    years = average_years(mx, widths, infant, middle) if ax is None else np.broadcast_to(np.asarray(ax, dtype=float), mx.shape)
    lx, lived = person_years(mx, widths, years)
    dx = lx.copy()
    dx[..., :-1] -= lx[..., 1:]
    total = np.cumsum(lived[..., ::-1], axis=-1)[..., ::-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        qx, ex = np.where(lx > 0, dx / lx, 1.0), np.where(lx > 0, total / lx, 0.0)
    return LifeTable(tuple(ages), mx, years, qx, lx, dx, lived, total, ex)


def group_years(lived: Array, width: int) -> Array:
    """L(x) in the age groups of a projection: ages 0 and 1-4 of an abridged table become one group of five years."""
    if width != 5:
        return lived
    grouped = lived[..., 1:].copy()
    grouped[..., 0] += lived[..., 0]
    return grouped


def survival(lived: Array, width: int) -> Array:
    """Survival ratios S(x), the shape of `lived`, the L(x) of age groups of `width` years from one birth.

    S(0) = L(0) / (width · l(0)): from births to the first group. S(x) = L(x) / L(x - width). Open group: T(w) / T(w - width), for those of
    the group before it and of the open group together. Where nobody is left to survive, S is 0.
    """
    ratio = np.empty(lived.shape)
    ratio[..., 0] = lived[..., 0] / width
    before = lived[..., :-1].copy()
    before[..., -1] += lived[..., -1]
    if before.min() > 0:
        np.divide(lived[..., 1:], before, out=ratio[..., 1:])
    else:
        ratio[..., 1:] = np.where(before > 0, lived[..., 1:] / np.where(before > 0, before, 1), 0)
    return ratio
