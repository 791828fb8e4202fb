"""A projected population as cells: single ages and sex, with the number of persons."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from ..population.splitting import WIDTH, split_sprague, split_uniform
from .lifetables import Array

SEXES = ("male", "female")


class Cells(TypedDict):
    """Columns of equal length, a row for each single age and sex; the open age group is at its first age."""

    age: NDArray[np.int64]
    sex: NDArray[Any]
    persons: Array


def single_ages(population: Array, ages: tuple[int, ...]) -> Cells:
    """The cells of a population (sex, age), persons: males by age, then females. Totals of age groups are kept."""
    width = ages[1]
    rows = population if width == 1 else np.array([_split(row, width) for row in population])
    count = rows.shape[1]
    return {"age": np.tile(np.arange(count), 2), "sex": np.repeat(np.array(SEXES), count), "persons": rows.reshape(-1).copy()}


def _split(row: Array, width: int) -> list[float]:
    """Single ages of closed groups, Sprague's where there are five groups of five years, then the open group."""
    groups = [Decimal(repr(float(value))) for value in row[:-1]]
    if width == WIDTH:
        ages = split_sprague(groups) if len(groups) >= 5 else split_uniform(groups)
    else:
        ages = [total / width for total in groups for _ in range(width)]
    return [*map(float, ages), float(row[-1])]
