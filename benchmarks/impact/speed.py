"""How long a whole study takes on a survey of a million households: every figure with its standard error, for five splits of persons.

    python benchmarks/impact/speed.py [--households 1000000] [--times 3] [--keep]

The survey is invented from a seed: strata, clusters, weights, incomes, two transfers, persons with sex and age. What is timed is `study(…)` as a user
calls it, on tables in memory: columns and formulas read, figures, errors, intervals, curves. No law is run.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
from showing import Asked, asked_for, middle_of, show

from figures import Figure
from opensocle.analysis.impact.model import Impact
from opensocle.analysis.impact.reading import settings_of
from opensocle.analysis.impact.settings import Settings
from opensocle.analysis.impact.study import study
from opensocle.population.tables import Population, Table

TARGET = 20.0
FULL, QUICK = 1_000_000, 20_000
STRATA, PER_CLUSTER = 40, 20
SEED = 1
SETTINGS: Mapping[str, object] = {
    "title": {"en": "A million households"},
    "survey": {"folder": "nowhere"},
    "month": "2025-01",
    "welfare": {"persons": ["earnings"], "households": ["grant", "pension"], "includes": ["grant", "pension"]},
    "lines": {"national": {"value": 300, "source": "invented"}, "relative": {"share": Decimal("0.6")}},
    "transfers": {"grant": {"reported": "grant"}, "pension": {"reported": "pension"}},
    "groups": ["sex", "age_group", "region", "urban", {"name": "size", "of": "household_size", "bands": [1, 2, 3, 4, 5, 7]}],
    "few": 30,
}


def survey(households: int) -> Population:
    """Households of 1 to 9 persons, about four each, in clusters of twenty; transfers to about a third of them."""
    rng = np.random.default_rng(SEED)
    size = 1 + rng.binomial(8, 0.375, households)
    cluster = np.arange(households) // PER_CLUSTER
    stratum = cluster * STRATA // (int(cluster[-1]) + 1)
    level = np.exp(6.0 + 0.3 * rng.standard_normal(int(cluster[-1]) + 1)[cluster] + 0.6 * rng.standard_normal(households))
    of = np.repeat(np.arange(households), size)
    persons = len(of)
    age = rng.integers(0, 90, persons)
    earnings = np.rint(100 * level[of] * rng.exponential(1.0, persons)) / 100
    grant = np.where(rng.random(households) < 0.25, np.rint(30.0 * size), 0.0)
    pension = np.where(rng.random(households) < 0.12, np.rint(20_000 * rng.random(households)) / 100, 0.0)
    weight = np.rint(1000 * (5 + 10 * rng.random(int(cluster[-1]) + 1)))[cluster] / 1000
    regions = np.array([f"region {number}" for number in range(8)])
    homes = {
        "household_id": np.arange(households),
        "region": regions[stratum * len(regions) // STRATA],
        "urban": np.where(stratum % 2 == 0, "urban", "rural"),
        "grant": grant,
        "pension": pension,
    }
    people = {
        "person_id": np.arange(persons),
        "household_id": of,
        "weight": weight[of],
        "stratum": stratum[of],
        "cluster": cluster[of],
        "sex": np.where(rng.random(persons) < 0.5, "male", "female"),
        "age": age.astype(np.int32),
        "earnings": earnings,
    }
    tables = {name: Table(name, data=_as_stored(columns)) for name, columns in (("persons", people), ("households", homes))}
    return Population("survey", date(2025, 1, 1), tables, "XMU", 2)


def _as_stored(columns: Mapping[str, np.ndarray]) -> pa.Table:
    """Amounts and weights are decimals, as in a population's files."""
    made = pa.table(dict(columns))
    for place, field in enumerate(made.schema):
        if pa.types.is_floating(field.type):
            digits = 9 if field.name == "weight" else 2
            made = made.set_column(place, field.name, made.column(place).cast(pa.decimal128(18, digits)))
    return made


def settings() -> Settings:
    return settings_of(SETTINGS, folder=Path())


def timed(made: Population, told: Settings) -> tuple[float, float, Impact]:
    """Seconds by the clock and of the processor, and the study."""
    started, spent = time.perf_counter(), time.process_time()
    found = study(None, told, made)
    return time.perf_counter() - started, time.process_time() - spent, found


def figures(asked: Asked) -> list[Figure]:
    households = QUICK if asked.quick else FULL
    made, told = survey(households), settings()
    runs = [timed(made, told) for _ in range(asked.times)]
    seconds, processor, found = [run[0] for run in runs], [run[1] for run in runs], runs[0][2]
    groups = sum(len(grouping.groups) for grouping in found.groupings)
    what = f"study of {households:,} households, {made.tables['persons'].rows:,} persons"
    known = sum(1 for figure in found.figures if figure.se >= 0)
    return [
        Figure(f"{what}: figures, with a standard error, groups", f"{len(found.figures):,}, {known:,}, {groups}"),
        Figure(what, f"{middle_of(seconds):.1f} s", f"{min(seconds):.1f}–{max(seconds):.1f}", f"≤ {TARGET:g} s", middle_of(seconds) <= TARGET),
        Figure(f"{what}: processor", f"{middle_of(processor):.1f} s", f"{min(processor):.1f}–{max(processor):.1f}"),
    ]


if __name__ == "__main__":
    show(figures, asked_for(__doc__ or "", Path(__file__).name))
