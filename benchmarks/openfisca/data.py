"""A made-up population for the comparison: persons in households, from a seed, without a missing value.

    python benchmarks/openfisca/data.py 1000000 /tmp/population --on 2026-01-01

writes `persons.parquet`, `households.parquet` and `population.yaml`, rows sorted by household. Nobody is born on or after
`--on`, because OpenFisca counts the unborn as members of their household. The same number, seed and date give the same files.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

SIZES = np.arange(1, 8)
SHARES = (0.27, 0.29, 0.17, 0.15, 0.07, 0.03, 0.02)  # of households, by size
BATCH = 120_000  # persons in a batch, about one row group
ROLES = ("head", "spouse", "child")
STATUSES = ("owner", "tenant", "free_lodger", "homeless")
DIGITS = 18

PERSONS = pa.schema(
    [
        pa.field("person_id", pa.int64(), nullable=False),
        pa.field("household_id", pa.int64(), nullable=False),
        pa.field("birth_date", pa.date32(), nullable=False),
        pa.field("relationship_to_head", pa.string(), nullable=False),
        pa.field("salary", pa.decimal128(DIGITS, 2), nullable=False),
        pa.field("capital_returns", pa.decimal128(DIGITS, 2), nullable=False),
    ]
)
HOUSEHOLDS = pa.schema(
    [
        pa.field("household_id", pa.int64(), nullable=False),
        pa.field("rent", pa.decimal128(DIGITS, 2), nullable=False),
        pa.field("accommodation_size", pa.decimal128(DIGITS, 6), nullable=False),
        pa.field("housing_occupancy_status", pa.string(), nullable=False),
    ]
)


def decimals(smallest: np.ndarray, digits: int) -> pa.Array:
    """A column of DECIMAL(18, digits) from whole numbers of its smallest unit."""
    halves = np.empty((len(smallest), 2), dtype=np.int64)
    halves[:, 0] = smallest
    halves[:, 1] = smallest >> 63
    return pa.Array.from_buffers(pa.decimal128(DIGITS, digits), len(smallest), [None, pa.py_buffer(halves)])


def words(codes: np.ndarray, names: tuple[str, ...]) -> pa.Array:
    """A column of text from positions in `names`."""
    return pa.array(names).take(pa.array(codes))


def sizes(persons: int, seed: int) -> Iterator[np.ndarray]:
    """Numbers of members of the households, batch by batch; each batch's last household is cut to fit."""
    left, batch = persons, 0
    while left > 0:
        random = np.random.default_rng([seed, batch, 0])
        drawn = random.choice(SIZES, size=BATCH * 2 // 5, p=SHARES)
        ends = np.cumsum(drawn)
        wanted = min(left, BATCH)
        last = int(np.searchsorted(ends, wanted))
        drawn = drawn[: last + 1]
        drawn[-1] -= ends[last] - wanted
        yield drawn
        left -= wanted
        batch += 1


def members(size: np.ndarray, first_person: int, first_household: int, on: date, random: np.random.Generator) -> pa.RecordBatch:
    """The persons of households of these sizes: a head, often a spouse, children; incomes in cents."""
    household = np.repeat(np.arange(len(size)), size)
    people = len(household)
    position = np.arange(people) - np.repeat(np.cumsum(size) - size, size)
    couple = (random.random(len(size)) < 0.78)[household]
    role = np.where(position == 0, 0, np.where((position == 1) & couple, 1, 2)).astype(np.int8)
    head_age = random.triangular(18, 38, 96, len(size))[household]
    youngest = np.maximum(head_age - 42, 0)
    child_age = youngest + random.random(people) * np.maximum(head_age - 17 - youngest, 0)
    age = np.select([role == 0, role == 1], [head_age, np.maximum(head_age + random.normal(0, 4, people), 18)], child_age)
    today = np.datetime64(on).astype(np.int64)
    birth = today - 1 - np.floor(age * 365.25).astype(np.int64)
    works = (age >= 17) & (age < 68) & (random.random(people) < 0.72)
    pay = np.minimum(random.lognormal(7.6, 0.75, people), 14_900)
    small = random.random(people) < 0.06
    salary = np.where(works, np.where(small, random.random(people) * 600, pay) * 100, 0).astype(np.int64)
    owns = (age >= 18) & (random.random(people) < 0.3)
    capital = np.where(owns, np.minimum(random.exponential(90, people), 5_000) * 100, 0).astype(np.int64)
    columns = [
        pa.array(first_person + np.arange(people)),
        pa.array(first_household + household),
        pa.array(birth.astype(np.int32)).cast(pa.date32()),
        words(role, ROLES),
        decimals(salary, 2),
        decimals(capital, 2),
    ]
    return pa.record_batch(columns, schema=PERSONS)


def dwellings(size: np.ndarray, first_household: int, random: np.random.Generator) -> pa.RecordBatch:
    """The households: rent in cents, accommodation in tenths of a square metre, occupancy status."""
    number = len(size)
    status = random.choice(len(STATUSES), size=number, p=(0.42, 0.45, 0.1, 0.03)).astype(np.int8)
    tenths = np.where(status == 3, 0, 90 + random.gamma(3, 150, number) + 80 * size).astype(np.int64)
    rent = np.where(status == 1, tenths * random.uniform(60, 180, number), 0).astype(np.int64)
    columns = [
        pa.array(first_household + np.arange(number)),
        decimals(rent, 2),
        decimals(tenths * 100_000, 6),
        words(status, STATUSES),
    ]
    return pa.record_batch(columns, schema=HOUSEHOLDS)


def described(file: Path, rows: int) -> dict[str, object]:
    """A table's entry in population.yaml."""
    with file.open("rb") as opened:
        return {"files": [file.name], "rows": rows, "sha256": hashlib.file_digest(opened, "sha256").hexdigest()}


def write(persons: int, folder: Path, on: date, seed: int = 1) -> int:
    """Writes the population's files in `folder`; gives the number of households. Memory does not grow with `persons`."""
    folder.mkdir(parents=True, exist_ok=True)
    first_person = first_household = 1
    with (
        pq.ParquetWriter(folder / "persons.parquet", PERSONS, store_decimal_as_integer=True) as person_file,
        pq.ParquetWriter(folder / "households.parquet", HOUSEHOLDS, store_decimal_as_integer=True) as household_file,
    ):
        for batch, size in enumerate(sizes(persons, seed)):
            random = np.random.default_rng([seed, batch, 1])
            person_file.write_batch(members(size, first_person, first_household, on, random))
            household_file.write_batch(dwellings(size, first_household, random))
            first_person += int(size.sum())
            first_household += len(size)
    tables = {name: described(folder / f"{name}.parquet", rows) for name, rows in (("persons", persons), ("households", first_household - 1))}
    heading = {"kind": "registry", "date": on, "currency": "EUR", "digits": 2, "tables": tables}
    (folder / "population.yaml").write_text(yaml.safe_dump(heading, sort_keys=False), encoding="utf-8")
    return first_household - 1


def main() -> None:
    parser = argparse.ArgumentParser(description="Make up a population for the comparison with OpenFisca.")
    parser.add_argument("persons", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 1, 1), help="the day before which all are born")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    households = write(given.persons, given.folder, given.on, given.seed)
    print(f"{given.persons} persons in {households} households in {given.folder}")


if __name__ == "__main__":
    main()
