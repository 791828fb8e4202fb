"""A year's people as cells with weights: sex × age × status × parts of the people × earnings group, only as far as the law looks.

A dimension that no wanted column depends on is added up, so the cells are few; totals do not change. Method: docs/methods/cells.md.

API: `Ground(…)`: what a year's cells are made from; `make_cells(ground, wanted) -> Population` (kind `cells`, table `persons`);
`lay_out(ground, wanted, …) -> Layout`: weights and columns, which claims use too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..population.tables import Population
from ..population.tables import Table as Data
from .arrow import LARGEST_WEIGHT, WEIGHT_DIGITS, booleans, decimals, integers, same_day, wholes, words
from .assumptions import Assumptions
from .earnings import Earnings
from .labour import Labour
from .model import Column, Split
from .series import NO_LEVELS, Levels
from .tables import AGES, DIMENSIONS, EMPLOYED, SEXES, STATUSES, Array
from .tables import Table as Figures

if TYPE_CHECKING:
    import pyarrow as pa

SMALLEST = 0.5 * 10**-WEIGHT_DIGITS
"""A cell of fewer persons is left out: its weight would be zero."""
LABOUR_STATUS = ("employed", "unemployed", "inactive")
OF_STATUS = {"formal_employee": 0, "self_employed": 0, "informal": 0, "unemployed": 1, "inactive": 2}
BUILT_IN = {
    "age": frozenset({"age"}),
    "sex": frozenset({"sex"}),
    "labour_status": frozenset({"status"}),
    "status_in_employment": frozenset({"status"}),
    "informal": frozenset({"status"}),
}
COVERED = ("insured", "uninsured")


@dataclass(frozen=True)
class Ground:
    """A year: its people (sex, age), labour market, earnings and levels; `digits` of the currency."""

    assumptions: Assumptions
    year: int
    population: Array
    labour: Labour | None = None
    earnings: Earnings | None = None
    levels: Levels = field(default_factory=lambda: NO_LEVELS)
    currency: str = "XXX"
    digits: int = 2

    @property
    def wages(self) -> float:
        """Level of wages, base year 1."""
        return float(self.levels["wages"][self.year]) if "wages" in self.levels else 1.0

    @cached_property
    def persons(self) -> Array:
        """(sex, age, status); where there is no labour section, one status for all."""
        return self.labour.persons if self.labour else self.population[:, :, None]

    @cached_property
    def fixed(self) -> dict[str, Column]:
        """What `facts` and `given` say of everybody."""
        return {column.name: column for column in (*self.assumptions.facts, *self.assumptions.given)}

    @cached_property
    def filled(self) -> frozenset[str]:
        """The columns that cells can have."""
        names = {"age", "sex"} | ({"labour_status", "status_in_employment", "informal"} if self.labour else set())
        names |= {"earnings"} if self.earnings else set()
        return frozenset(names | set(self.fixed)).union(*(split.names for split in self.assumptions.splits))

    @cached_property
    def complete(self) -> frozenset[str]:
        """Those of them that no cell leaves unknown: the law need not be asked further."""
        by_status = {column.name for column in self.fixed.values() if column.table and "status" in column.table.by}
        return self.filled - by_status - {"status_in_employment"}


@dataclass
class Layout:
    """The cells: for each, its position on every axis (sex, age, status, parts…, earnings group), its weight, and its columns."""

    ground: Ground
    splits: tuple[Split, ...]
    positions: tuple[NDArray[np.int64], ...]
    weight: Array
    earned: Array | None
    columns: dict[str, pa.Array] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return len(self.weight)

    def numbers(self, table: Figures) -> Array:
        """A table's value in each cell."""
        grid = table.grid(self.ground.year, self.ground.levels)
        at = tuple(position if grid.shape[axis] > 1 else np.zeros_like(position) for axis, position in enumerate(self.positions[:3]))
        return grid[at]

    def fill(self, column: Column) -> pa.Array:
        """A column that is the same rule for every cell."""
        if column.own_earnings:
            assert self.earned is not None
            return decimals(self.earned, column.digits)
        if column.table:
            numbers = self.numbers(column.table)
            return integers(numbers) if column.type == "integer" else decimals(numbers, column.digits)
        if column.type in ("code", "text"):
            return words(np.zeros(self.rows, dtype=np.int64), [str(column.value)])
        if isinstance(column.value, date):
            return same_day(column.value, self.rows)
        return booleans(np.full(self.rows, int(bool(column.value)), dtype=np.int8))

    def fill_parts(self, name: str, split: Split, axis: int) -> pa.Array:
        """A column whose rule depends on the part of the people."""
        parts = [next((c for c in held if c.name == name), None) for held in (*(m.columns for m in split.members), split.otherwise)]
        position = self.positions[axis]
        one = next(column for column in parts if column)
        if one.type in ("code", "text"):
            known = list(dict.fromkeys(str(column.value) for column in parts if column))
            return words(np.array([known.index(str(c.value)) if c else -1 for c in parts])[position], known)
        if one.type == "boolean":
            return booleans(np.array([-1 if c is None else int(bool(c.value)) for c in parts], dtype=np.int8)[position])
        numbers = np.full(self.rows, np.nan)
        for number, column in enumerate(parts):
            if column and (column.table or column.own_earnings):
                here = position == number
                values = self.earned if column.own_earnings else self.numbers(column.table) if column.table else None
                assert values is not None
                numbers[here] = values[here]
        return integers(numbers) if one.type == "integer" else decimals(numbers, one.digits)


def lay_out(
    ground: Ground,
    wanted: Collection[str] | None,
    *,
    rates: Array | None = None,
    among: str = "all",
    told: Sequence[Column] = (),
    history: bool = False,
) -> Layout:
    """The cells with the wanted columns that can be filled (all of them for None), dimensions that they do not need added up.

    rates: broadcasts to (sex, age, status): what weights are multiplied by. among: only these people. told: columns that the caller fills
    itself, by rules that may depend on the dimensions. history: earnings are needed for contributions. Where ages are needed only for bands
    within which every figure is the same, the band is one cell, at its first age.
    """
    own = {column.name for column in told}
    names = [name for name in sorted(ground.filled) if (wanted is None or name in wanted) and name not in own]
    splits = tuple(s for s in ground.assumptions.splits if s.names & set(names) or (s.name == "insured" and among in COVERED))
    rules = [*told, *_columns(ground, names)]
    paid = history or "earnings" in names or any(column.own_earnings for column in rules)
    weights, axes = _weights(ground, splits, paid, rates, among)
    means = ground.earnings.depends if paid and ground.earnings else frozenset()
    needed = means.union(*(BUILT_IN.get(name, ()) for name in names), *(column.table.by for column in rules if column.table))
    for axis, dimension in enumerate(DIMENSIONS):
        if dimension not in needed:
            weights = weights.sum(axis=axis, keepdims=True)
    starts = np.arange(weights.shape[1])
    if "age" in needed and "age" not in names:
        starts = _age_classes(ground, rules, paid)
        weights = np.add.reduceat(weights, starts, axis=1)
    positions, weight = _filled(weights, starts)
    layout = Layout(ground, splits, positions, weight, _earned(ground, positions, axes) if paid else None)
    for name in names:
        layout.columns[name] = _column(layout, name)
    return layout


def _filled(weights: Array, ages: NDArray[np.int64]) -> tuple[tuple[NDArray[np.int64], ...], Array]:
    """Positions and weights of the cells that have anybody; `ages` are the ages along the second axis. A weight too large is cut into equal ones."""
    positions = np.nonzero(weights > SMALLEST)
    weight = weights[positions]
    positions = (positions[0], ages[positions[1]], *positions[2:])
    if len(weight) and weight.max() > LARGEST_WEIGHT:
        copies = np.ceil(weight / LARGEST_WEIGHT).astype(np.int64)
        positions = tuple(np.repeat(position, copies) for position in positions)
        weight = np.repeat(weight / copies, copies)
    return positions, weight


def _columns(ground: Ground, names: Collection[str]) -> list[Column]:
    """The rules behind these columns."""
    parts = [part for split in ground.assumptions.splits for part in (*(member.columns for member in split.members), split.otherwise)]
    return [column for column in (*ground.fixed.values(), *(c for part in parts for c in part)) if column.name in names]


def _age_classes(ground: Ground, rules: Sequence[Column], paid: bool) -> NDArray[np.int64]:
    """First ages of the runs of ages within which every figure is the same."""
    grids = [column.table.grid(ground.year, ground.levels) for column in rules if column.table and "age" in column.table.by]
    grids += [ground.earnings.means] if paid and ground.earnings else []
    new = np.zeros(AGES, dtype=bool)
    new[0] = True
    for grid in grids:
        before, after = grid[:, :-1], grid[:, 1:]
        new[1:] |= ((before != after) & ~(np.isnan(before) & np.isnan(after))).any(axis=(0, 2))
    return np.flatnonzero(new)


def _weights(ground: Ground, splits: tuple[Split, ...], paid: bool, rates: Array | None, among: str) -> tuple[Array, int]:
    """Persons by sex, age, status, the parts of each division, and earnings group where earnings are needed; and the number of axes."""
    weights = ground.persons if rates is None else ground.persons * rates
    weights = weights * _mask(among, ground)
    shares = [_parts(ground, split, among) for split in splits]
    if paid:
        shares.append(_groups(ground))
    for share in shares:
        middle = (1,) * (weights.ndim - len(DIMENSIONS))
        weights = weights[..., None] * share.reshape(*share.shape[:3], *middle, share.shape[3])
    return weights, weights.ndim


def _parts(ground: Ground, split: Split, among: str) -> Array:
    """(sex, age, status, part): the share of each part, the rest last; only the insured, or the others, where events are among these."""
    shares = [np.nan_to_num(member.share.grid(ground.year, ground.levels)) for member in split.members]
    shape = np.broadcast_shapes(*(share.shape for share in shares))
    parts = [np.broadcast_to(share, shape) for share in (*shares, np.maximum(1 - sum(shares), 0))]
    if split.name == "insured" and among in COVERED:
        parts[COVERED.index(among) - 1] = np.zeros(shape)
    return np.stack(parts, axis=-1)


def _groups(ground: Ground) -> Array:
    """(1, 1, status, group): workers are spread evenly over the groups; others are in the first."""
    assert ground.earnings is not None
    count = len(ground.earnings.factors)
    made = np.zeros((1, 1, len(STATUSES), count))
    made[:, :, : len(EMPLOYED)] = 1 / count
    made[:, :, len(EMPLOYED) :, 0] = 1
    return made


def _mask(among: str, ground: Ground) -> Array:
    """1 for those among whom something happens, 0 for others; broadcasts to (sex, age, status)."""
    if among in ("women", "men"):
        return np.array([among == "men", among == "women"], dtype=float)[:, None, None]
    if among == "employed" or among in STATUSES:
        return np.array([name == among or (among == "employed" and name in EMPLOYED) for name in STATUSES], dtype=float)[None, None, :]
    return np.ones((1, 1, 1))


def _earned(ground: Ground, positions: tuple[Any, ...], axes: int) -> Array:
    """Monthly earnings of each cell, rounded to the smallest unit of the currency."""
    assert ground.earnings is not None
    means, factors = ground.earnings.means, ground.earnings.factors
    amount = means[positions[0], positions[1], positions[2]] * factors[positions[axes - 1]] * ground.wages
    return np.rint(amount * 10**ground.digits) / 10**ground.digits


def _column(layout: Layout, name: str) -> pa.Array:
    ground, (sex, age, status, *_) = layout.ground, layout.positions
    for number, split in enumerate(layout.splits):
        if name in split.names:
            return layout.fill_parts(name, split, len(DIMENSIONS) + number)
    if name in ground.fixed:
        return layout.fill(ground.fixed[name])
    if name == "age":
        return integers(np.arange(AGES, dtype=float)[age])
    if name == "sex":
        return words(sex, SEXES)
    if name == "earnings":
        assert layout.earned is not None
        return decimals(layout.earned, ground.digits)
    if name == "labour_status":
        return words(np.array([OF_STATUS[s] for s in STATUSES])[status], LABOUR_STATUS)
    work = ground.assumptions.work
    assert work is not None
    if name == "informal":
        return booleans(np.array([int(s == "informal") for s in STATUSES], dtype=np.int8)[status])
    codes = list(dict.fromkeys(work.codes[s] for s in EMPLOYED))
    return words(np.array([codes.index(work.codes[s]) if s in EMPLOYED else -1 for s in STATUSES])[status], codes)


def make_cells(ground: Ground, wanted: Collection[str] | None = None) -> Population:
    """The cells of a year as a population: `person_id`, `weight` DECIMAL(18,9), and the wanted columns that can be filled."""
    import pyarrow as pa

    layout = lay_out(ground, wanted)
    persons = pa.table({"person_id": wholes(np.arange(layout.rows)), **layout.columns, "weight": decimals(layout.weight, WEIGHT_DIGITS)})
    return Population("cells", date(ground.year, 1, 1), {"persons": Data("persons", data=persons)}, ground.currency, ground.digits)
