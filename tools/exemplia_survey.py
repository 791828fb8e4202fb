"""Makes the household survey of Exemplia, a fictional country: run it to write src/opensocle/countries/exemplia/data/survey again.

    python tools/exemplia_survey.py

The survey is drawn from 500 000 people that `make_people` makes from seed 2025, as they are on 1 January 2025: 200 enumeration areas in
eight strata (region × town or country), drawn with probability proportional to their households, and 12 households in each; nine in ten
answer. What the households say they receive are the law's benefits of January 2025 and the take-up of assumptions/base.yaml. Only columns
that the law reads, or that describe living conditions, are kept. The truth is known: the whole population can be made again.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from opensocle.law.law import Law, load
from opensocle.population.people import make_people
from opensocle.population.survey.drawing import Plan
from opensocle.population.survey.sampled import draw_survey
from opensocle.population.tables import Population
from opensocle.projection.needs import needs_of
from opensocle.projection.receipts import add_receipts

COUNTRY = Path(__file__).parents[1] / "src/opensocle/countries/exemplia"
OUT = COUNTRY / "data/survey"
PERSONS, SEED, DAY = 500_000, 2025, date(2025, 1, 1)
PLAN = Plan(households=2_400, per_area=12, response=Decimal("0.9"), seed=SEED)
ALSO = {"person_id", "household_id", "region", "district", "urban", "marital_status", "education_level", "informal", "economic_activity"}
ALSO |= {"has_identity_document", "birth_registered", "has_account", "health_coverage", "chronically_ill", "nationality", "hours_worked"}
"""Columns of persons besides those that the law reads."""
CONTRIBUTIONS = ("person_id", "month", "earnings", "paid", "credited")


def people(folder: Path) -> Population:
    """The whole population, every fact known."""
    return Population.open(make_people(folder / "people", persons=PERSONS, seed=SEED, date=DAY, unknowns=0))


def survey(population: Population, law: Law) -> Population:
    """The survey drawn from it."""
    keep = {"persons": ALSO | needs_of(law, law.schemes).facts, "contributions": CONTRIBUTIONS, "employment": (), "events": ()}
    return add_receipts(draw_survey(population, PLAN, keep), law, COUNTRY, SEED)


def main() -> None:
    law = load(COUNTRY)
    with tempfile.TemporaryDirectory() as folder:
        made = survey(people(Path(folder)), law)
        shutil.rmtree(OUT, ignore_errors=True)
        OUT.parent.mkdir(exist_ok=True)
        made.save(OUT)
    size = sum(path.stat().st_size for path in OUT.iterdir())
    rows = {name: table.rows for name, table in made.tables.items()}
    print(f"{OUT}: {rows}, {size / 1e6:.2f} MB, {Population.open(OUT).hash()}")


if __name__ == "__main__":
    main()
