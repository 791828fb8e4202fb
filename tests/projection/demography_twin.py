"""An independent slow twin of the projection, in plain loops, and inputs that nobody has seen."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import numpy as np

from opensocle.projection.demography_inputs import Inputs


def invented(seed: int = 1, *, groups: int = 21, width: int = 5, years: int = 6, migration: float = 0.01, **conventions: Any) -> Inputs:
    """Inputs from a seed: smooth enough to be rates, otherwise arbitrary."""
    random = Random(seed)
    start = 2020 + seed
    ages = [0, 1, *range(5, width * groups, 5)] if width == 5 else [width * n for n in range(groups)]
    population = [[random.uniform(200, 1000) * math.exp(-width * n / 60) for n in range(groups)] for _ in range(2)]
    mortality = [
        [[(0.04 if age == 0 else 0.0004) * random.uniform(0.5, 1.5) + 0.0002 * math.exp(age / 13) for age in ages] for _ in range(2)]
        for _ in range(years)
    ]
    fertility = [[random.uniform(0.01, 0.2) if 15 <= width * n < 50 else 0.0 for n in range(groups)] for _ in range(years)]
    moved = [[[random.uniform(-migration, migration) * population[s][n] for n in range(groups)] for s in range(2)] for _ in range(years)]
    return Inputs(
        start,
        width,
        np.array(population),
        np.array(fertility),
        np.array([random.uniform(1.01, 1.1) for _ in range(years)]),
        mortality=np.array(mortality),
        migration=np.array(moved) if migration else None,
        **conventions,
    )


def lived_of(mx: list[float], ages: list[int], sex: int) -> tuple[list[float], list[float]]:
    """l(x) and L(x) of one birth. a(0): Andreev and Kingkade; a(1), 1-4 years: Coale and Demeny; else the middle; open group 1/m."""
    low, high = ((0.0230, 0.08307), (0.01724, 0.06891))[sex]
    lines = (((0.14929, -1.99545), (0.02832, 3.26021)), ((0.14903, -2.05527), (0.04667, 3.88089)))[sex]
    alive, lived, survivors = 1.0, [], []
    for n, (age, m) in enumerate(zip(ages, mx, strict=True)):
        survivors.append(alive)
        if n == len(ages) - 1:
            lived.append(alive / m)
            break
        width = ages[n + 1] - age
        if age == 0 and width == 1:
            a = lines[0][0] + lines[0][1] * m if m < low else lines[1][0] + lines[1][1] * m if m < high else (0.29915, 0.31411)[sex]
        elif age == 1 and width == 4:
            fixed, line = ((1.352, (1.651, -2.816)), (1.361, (1.522, -1.518)))[sex]
            a = line[0] + line[1] * mx[0] if mx[0] < 0.107 else fixed
        else:
            a = width / 2
        q = width * m / (1 + (width - a) * m)
        dead = alive * q
        lived.append(width * (alive - dead) + a * dead)
        alive -= dead
    return survivors, lived


def survival_of(mx: list[float], ages: list[int], sex: int, width: int) -> list[float]:
    """S(0) = L(0) / (z l0), S(x) = L(x) / L(x - z), open group T(w) / T(w - z)."""
    return ratios_of(grouped(lived_of(mx, ages, sex)[1], width), width)


def grouped(lived: list[float], width: int) -> list[float]:
    return [lived[0] + lived[1], *lived[2:]] if width == 5 else lived


def ratios_of(lived: list[float], width: int) -> list[float]:
    ratios = [lived[0] / (width * 1.0)]
    for n in range(1, len(lived) - 1):
        ratios.append(lived[n] / lived[n - 1])
    ratios.append(lived[-1] / (lived[-1] + lived[-2]))
    return ratios


def twin_step(
    people: list[list[float]],
    ratios: list[list[float]],
    fertility: list[float],
    sex_ratio: float,
    moving: list[list[float]] | None,
    width: int,
    evenly: bool,
    births: float | None = None,
) -> tuple[list[list[float]], list[float]]:
    """People at the end, and births by age of the mother."""
    groups = len(fertility)
    moved = [[max(moving[s][x], 1e-5 - people[s][x]) if moving else 0.0 for x in range(groups)] for s in range(2)]
    start = [[people[s][x] + (moved[s][x] / 2 if evenly else 0.0) for x in range(groups)] for s in range(2)]
    end = [[0.0] * groups for _ in range(2)]
    for s in range(2):
        for x in range(1, groups):
            end[s][x] = start[s][x - 1] * ratios[s][x]
        end[s][groups - 1] = (start[s][groups - 2] + start[s][groups - 1]) * ratios[s][groups - 1]
        for x in range(1, groups):
            end[s][x] += moved[s][x] / 2 if evenly else 0.0
    born = [width * fertility[x] * (start[1][x] + end[1][x]) / 2 for x in range(groups)]
    if births is not None:
        scale = births / sum(born)
        born = [each * scale for each in born]
    girls = sum(born) / (1 + sex_ratio)
    end[1][0] = girls * ratios[1][0] + (moved[1][0] / 2 if evenly else 0.0)
    end[0][0] = (sum(born) - girls) * ratios[0][0] + (moved[0][0] / 2 if evenly else 0.0)
    for s in range(2):
        for x in range(groups):
            end[s][x] += 0.0 if evenly else moved[s][x]
            if end[s][x] < 0:
                end[s][x] = 5e-4
    return end, born


def twin(inputs: Inputs) -> list[list[list[float]]]:
    """Every stock of a projection."""
    assert inputs.mortality is not None
    width, groups = inputs.width, inputs.population.shape[1]
    ages = [0, 1, *range(5, width * groups, 5)] if width == 5 else [width * n for n in range(groups)]
    halves = inputs.stock == "mid_year" and inputs.flows == "calendar"
    people = inputs.population.tolist()
    stocks = [people]
    for n in range(len(inputs.fertility) - (1 if halves else 0)):

        def of(values: Any, n: int = n) -> Any:
            """The value of the interval: its own, or the mean of two calendar years."""
            return None if values is None else ((values[n] + values[n + 1]) / 2 if halves else values[n]).tolist()

        if inputs.averaged == "mx" or not halves:
            ratios = [survival_of(of(inputs.mortality)[s], ages, s, width) for s in range(2)]
        else:
            both = [[grouped(lived_of(inputs.mortality[n + k, s].tolist(), ages, s)[1], width) for k in (0, 1)] for s in range(2)]
            ratios = [ratios_of([(a + b) / 2 for a, b in zip(*pair, strict=True)], width) for pair in both]
        people, _ = twin_step(
            people, ratios, of(inputs.fertility), of(inputs.sex_ratio), of(inputs.migration), width, inputs.timing == "evenly", of(inputs.births)
        )
        stocks.append(people)
    return stocks
