"""Makes the demographic data of Exemplia, a fictional country: run it to write src/opensocle/countries/exemplia/assumptions/data again.

    python tools/exemplia_demography.py

The population of 1 July 2025 has the ages and sexes of the people that `make_people` makes from seed 1 (400 000 of them, by five-year groups,
smoothed over three groups from 15 on), scaled to 8 million. Mortality is a line of Makeham that bends at the oldest ages, with more deaths of
infants and small children; it falls by 1.5 % a year, that of children under five by 3 %. Fertility falls from 2.9 to 2.1 children a woman in
2050, as a bell around the age of 28. A few young adults more leave than come. None of these figures is of a real country.
"""

from __future__ import annotations

import csv
import math
import tempfile
from datetime import date
from pathlib import Path

from opensocle.population.people import make_people
from opensocle.projection.demography_data import import_file

OUT = Path(__file__).parents[1] / "src/opensocle/countries/exemplia/assumptions/data"
SOURCE = "Exemplia Statistical Office 2025, population projections (invented: tools/exemplia_demography.py)"
TOTAL, START, PERIODS = 8_000_000, 2025, range(2025, 2075, 5)
GROUPS = range(0, 105, 5)
SEXES = ("male", "female")


def population(folder: Path) -> list[tuple]:
    """(year, sex, age, persons) on 1 July 2025."""
    import pyarrow.parquet as pq

    made = make_people(folder / "people", persons=400_000, seed=1, date=date(START, 7, 1))
    table = pq.read_table(Path(made) / "persons.parquet", columns=["sex", "birth_date", "death_date"]).to_pydict()
    counts = {(sex, age): 0.0 for sex in SEXES for age in GROUPS}
    for sex, born, died in zip(table["sex"], table["birth_date"], table["death_date"], strict=True):
        if died is None and born is not None:
            years = START - born.year - ((born.month, born.day) > (7, 1))
            counts[sex, min(years // 5 * 5, 100)] += 1
    smooth = {}
    for sex in SEXES:
        for age in GROUPS:
            near = [counts[sex, other] for other in (age - 5, age, age + 5) if (sex, other) in counts]
            smooth[sex, age] = sum(near) / len(near) if 15 <= age < 100 else counts[sex, age]
        smooth[sex, 100] = smooth[sex, 95] * 0.15
    scale = TOTAL / sum(smooth.values())
    return [(START, sex, age, round(count * scale)) for (sex, age), count in smooth.items()]


def mortality() -> list[tuple]:
    """(year, sex, age, deaths a person-year), of the five years that begin in the year."""
    rows = []
    for year in PERIODS:
        adults, children = 0.985 ** (year + 2.5 - START), 0.97 ** (year + 2.5 - START)
        for sex in SEXES:
            more = 1.25 if sex == "male" else 1.0
            for age in (0, 1, *GROUPS[1:]):
                middle = {0: 0.5, 1: 3, 100: 102}.get(age, age + 2.5)
                risk = 0.00003 * math.exp(0.0995 * middle) * more * adults
                line = 0.0004 * more * adults + risk / (1 + risk)
                child = {0: 0.024, 1: 0.0018}.get(age, 0) * more * children
                rows.append((year, sex, age, round(line + child, 7)))
    return rows


def fertility() -> list[tuple]:
    """(year, age, births a woman a year)."""
    shares = {age: math.exp(-0.5 * ((age + 2.5 - 28) / 6.2) ** 2) for age in range(15, 50, 5)}
    whole = sum(shares.values()) * 5
    return [(year, age, round(share / whole * max(2.9 - 0.032 * (year - START), 2.1), 7)) for year in PERIODS for age, share in shares.items()]


def migration() -> list[tuple]:
    """(year, sex, age, net migrants of the five years)."""
    pattern = {15: -2_000, 20: -6_500, 25: -5_500, 30: -2_500, 35: -800, 45: 400, 50: 700, 55: 900, 60: 700}
    return [(year, sex, age, round(pattern.get(age, 0) * (1.2 if sex == "male" else 0.8))) for year in PERIODS for sex in SEXES for age in GROUPS]


def main() -> None:
    """Writes all tables, each as a data folder with its heading and SHA-256."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tables = {
            "population": (("year", "sex", "age", "value"), population(folder)),
            "mortality": (("year", "sex", "age", "value"), mortality()),
            "fertility": (("year", "age", "value"), fertility()),
            "sex_ratio": (("year", "value"), [(year, 1.05) for year in PERIODS]),
            "migration": (("year", "sex", "age", "value"), migration()),
        }
        for kind, (columns, rows) in tables.items():
            path = folder / f"{kind}.csv"
            with path.open("w", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([columns, *rows])
            meant = {"width": 5, "stock": "mid_year", "flows": "interval", "timing": "evenly", "middle": "greville"}
            import_file(path, kind, OUT / kind, country="Exemplia", source=SOURCE, licence="Apache-2.0", **meant)


if __name__ == "__main__":
    main()
