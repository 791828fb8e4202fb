"""The laws of countries on random people, and Exemplia's on made people: every variable must be the same on all engines."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import psycopg
import pytest
from engines import store
from psycopg import sql
from random_people import make_population
from twins import by_id, compare, differences

from opensocle.engine.postgres import run_postgres
from opensocle.law.cases import read_cases
from opensocle.law.law import Law, load
from opensocle.periods import Month
from opensocle.population.people import make_people
from opensocle.population.tables import Population

ROOT = Path(__file__).parents[2]
FOLDERS = [path.parent for path in sorted(ROOT.glob("src/opensocle/countries/*/country.yaml"))]
LAWS = [*FOLDERS, ROOT / "benchmarks/openfisca/law"]


def name(folder: Path) -> str:
    return "benchmark" if folder.name == "law" else folder.name


def months_of(folder: Path, most: int) -> list[Month]:
    """The months that most of the law's worked cases are about, where there are some; else those of the benchmark."""
    found = Counter(case.period for case in read_cases(folder)[0])
    chosen = [month for month, _ in found.most_common(most)] or [Month(2016, 11), Month(2016, 12)][:most]
    return sorted(chosen)


def variables(law: Law) -> list[str]:
    """Everything that the law computes, steps on the way included."""
    return [str(rule) for rule in law.rules.values() if rule.owner != "vocabulary"]


@pytest.mark.parametrize("folder", LAWS, ids=name)
def test_duckdb_and_the_closures_agree_on_ten_thousand_random_people(folder: Path) -> None:
    law, months = load(folder), months_of(folder, 2)
    population = make_population(law, 10_000, seed=20, months=months)
    assert differences(law, population, months) == []


@pytest.mark.parametrize("folder", LAWS, ids=name)
def test_they_agree_on_every_step_of_people_without_households_too(folder: Path) -> None:
    law, months = load(folder), months_of(folder, 1)
    population = make_population(law, 1_500, seed=21, months=months, unknown=0.1, alone=0.05)
    assert differences(law, population, months, variables(law)) == []


@pytest.mark.parametrize("folder", LAWS, ids=name)
def test_postgresql_and_the_closures_agree_on_random_people(folder: Path, database: psycopg.Connection) -> None:
    law, months = load(folder), months_of(folder, 1)
    population = make_population(law, 1_500, seed=22, months=months, alone=0.02)
    schema = f"law {folder.name}"
    store(database, schema, population)
    try:
        result = run_postgres(law, database, months, variables(law), schema=schema)
    finally:
        database.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
    assert compare(law, population, months, by_id(result), variables(law)) == []


def test_the_engines_agree_on_the_people_of_exemplia(tmp_path: Path) -> None:
    law = load(ROOT / "src/opensocle/countries/exemplia")
    population = Population.open(make_people(tmp_path / "people", 12_000))
    assert differences(law, population, [Month(2026, 1)]) == []
