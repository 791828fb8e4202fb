"""OpenFisca's answer: the country template on the comparison's population, months as columns.

    .venv-openfisca/bin/python benchmarks/openfisca/run_openfisca.py POPULATION OUTPUT 2026-01:2026-12

writes `OUTPUT/households.parquet` (and `OUTPUT/persons.parquet` with `--persons`): an id and one column a variable and
month, such as `disposable_income_2026-01`. It does what OpenFisca's documentation recommends for data: entities declared and
joined with `SimulationBuilder`, roles and enumerations as arrays of indices, inputs set as whole numpy arrays, no trace.
OpenFisca stores amounts as float32: seven significant digits.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.simulations import Simulation
from openfisca_country_template import CountryTaxBenefitSystem
from openfisca_country_template.variables.housing import HousingOccupancyStatus

HOUSEHOLD_RESULTS = ("disposable_income", "total_benefits", "total_taxes")
PERSON_RESULTS = ("income_tax", "social_security_contribution", "basic_income")
ROLES = {"head": 0, "spouse": 0, "child": 1}
"""Positions in the household's roles, adult and child, by relationship to the head."""


def months(text: str) -> list[str]:
    """The months of `2026-03` or `2026-01:2026-06`, both ends included."""
    first, _, last = text.partition(":")
    start, end = (int(m[:4]) * 12 + int(m[5:]) - 1 for m in (first, last or first))
    return [f"{i // 12:04d}-{i % 12 + 1:02d}" for i in range(start, end + 1)]


def floats(column: pa.ChunkedArray) -> np.ndarray:
    """A decimal column as float32, OpenFisca's own type."""
    return column.cast(pa.float32()).to_numpy()


def positions(column: pa.ChunkedArray, places: dict[str, int]) -> np.ndarray:
    """A column of words as the place of each word."""
    encoded = column.dictionary_encode().combine_chunks()
    return np.array([places[word] for word in encoded.dictionary.to_pylist()])[encoded.indices.to_numpy()]


def simulate(persons: pa.Table, households: pa.Table, periods: list[str]) -> Simulation:
    """The simulation with all its inputs."""
    system = CountryTaxBenefitSystem()
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("person", persons["person_id"].to_numpy())
    group = builder.declare_entity("household", households["household_id"].to_numpy())
    roles = positions(persons["relationship_to_head"], ROLES)
    builder.join_with_persons(group, persons["household_id"].to_numpy(), roles=roles)
    simulation = builder.build(system)

    simulation.set_input("birth", "ETERNITY", persons["birth_date"].to_numpy())
    statuses = {item.name: item.index for item in HousingOccupancyStatus}
    status = positions(households["housing_occupancy_status"], statuses)
    monthly = {name: floats(persons[name]) for name in ("salary", "capital_returns")}
    monthly["rent"] = floats(households["rent"])
    for period in periods:
        for name, values in monthly.items():
            simulation.set_input(name, period, values)
    size = floats(households["accommodation_size"])
    for january in sorted({f"{period[:4]}-01" for period in periods}):  # the yearly housing tax looks at January only
        simulation.set_input("accommodation_size", january, size)
        simulation.set_input("housing_occupancy_status", january, status)
    return simulation


def write(simulation: Simulation, key: str, ids: pa.ChunkedArray, results: tuple[str, ...], periods: list[str], file: Path) -> None:
    """Calculates and writes the results, one column a variable and month."""
    columns = {key: ids} | {f"{name}_{period}": simulation.calculate(name, period) for name in results for period in periods}
    pq.write_table(pa.table(columns), file, use_dictionary=False)  # dictionaries of amounts only cost time


def main() -> None:
    parser = argparse.ArgumentParser(description="Calculate the country template with OpenFisca.")
    parser.add_argument("population", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("months", type=months, help="2026-03 or 2026-01:2026-06")
    parser.add_argument("--persons", action="store_true", help="write the persons' results too")
    given = parser.parse_args()
    persons = pq.read_table(given.population / "persons.parquet")
    households = pq.read_table(given.population / "households.parquet")
    simulation = simulate(persons, households, given.months)
    given.output.mkdir(parents=True, exist_ok=True)
    write(simulation, "household_id", households["household_id"], HOUSEHOLD_RESULTS, given.months, given.output / "households.parquet")
    if given.persons:
        write(simulation, "person_id", persons["person_id"], PERSON_RESULTS, given.months, given.output / "persons.parquet")


if __name__ == "__main__":
    main()
