"""The people of a sample as a survey: persons, households and histories of the households drawn, with weights and the design.

API: `draw_survey(population, plan) -> Population`; `take(population, frame, drawn)`; `with_receipts(survey, receipts, share, seed, day)`: what
households say that they receive. Method: docs/methods/drawing.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from ...vocabulary.model import HOUSEHOLDS, PERSONS
from ..tables import Population, Table
from .areas import Frame, make_frame
from .drawing import Drawn, Plan, draw
from .rows import read_table

if TYPE_CHECKING:
    import pyarrow as pa

RECEIPTS = "benefits_in_payment"
DESIGN = ("weight", "stratum", "cluster", "stratum_clusters")
"""What a survey has and a registry has not, of persons and of households."""

Receipt = tuple[Any, Decimal]
"""Who is paid, and how much a month."""


def draw_survey(population: Population, plan: Plan, keep: Mapping[str, Collection[str]] | None = None) -> Population:
    """A survey drawn from a population, in memory. keep: the columns to keep of a table, all where it is not named; () leaves the table out.

    Raises Problems (P048, D048), InputError P049.
    """
    frame = make_frame(population)
    return take(population, frame, draw(frame, plan), keep)


def take(population: Population, frame: Frame, drawn: Drawn, keep: Mapping[str, Collection[str]] | None = None) -> Population:
    """The rows of all tables that belong to the households drawn, in the order of the population."""
    import pyarrow.compute as pc

    homes = frame.ids.take(_positions(drawn))
    persons = _rows(population.tables[PERSONS], "household_id", homes)
    place = pc.call_function("index_in", [persons.column("household_id")], pc.SetLookupOptions(homes)).combine_chunks()
    made = {PERSONS: _designed(persons, drawn, np.asarray(place.to_numpy()))}
    for name, table in population.tables.items():
        if name == HOUSEHOLDS:
            found = _rows(table, "household_id", homes)
            place = pc.call_function("index_in", [found.column("household_id")], pc.SetLookupOptions(homes)).combine_chunks()
            made[name] = _designed(found, drawn, np.asarray(place.to_numpy()))
        elif name != PERSONS:
            made[name] = _rows(table, "person_id", persons.column("person_id").combine_chunks())
    for name, columns in (keep or {}).items():
        made[name] = made[name].select([column for column in made[name].column_names if column in {*columns, *DESIGN}])
    kept = {name: Table(name, data=table) for name, table in made.items() if table.num_columns}
    return Population("survey", population.date, kept, population.currency, population.digits)


def _positions(drawn: Drawn) -> pa.Array:
    import pyarrow as pa

    return pa.array(drawn.rows)


def _rows(table: Table, key: str, wanted: pa.Array) -> pa.Table:
    """The rows whose key is wanted, read batch by batch: a history may be larger than memory."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    options = pc.SetLookupOptions(wanted)
    batches = table.data.to_batches() if table.data is not None else (b for path in table.files for b in pq.ParquetFile(path).iter_batches(1 << 17))
    kept = [batch.filter(pc.call_function("is_in", [batch.column(key)], options)) for batch in batches]
    return pa.Table.from_batches([batch for batch in kept if batch.num_rows], table.schema).combine_chunks()


def _designed(table: pa.Table, drawn: Drawn, place: np.ndarray) -> pa.Table:
    """The table with weight, stratum, cluster and the number of the stratum's clusters; place: (row,) the household among those drawn."""
    import pyarrow as pa

    table = table.drop_columns([name for name in DESIGN if name in table.column_names])
    columns = (
        pa.array(drawn.weights, pa.decimal128(18, 9)),
        pa.array(drawn.strata, pa.string()),
        pa.array(drawn.clusters, pa.string()),
        pa.array(drawn.stratum_clusters.astype(np.int32)),
    )
    for name, column in zip(DESIGN, columns, strict=True):
        table = table.append_column(name, column.take(pa.array(place)))
    return table


def with_receipts(
    survey: Population,
    receipts: Mapping[str, Collection[Receipt]],
    share: Callable[[str], Decimal],
    seed: int,
    day: date,
    country: str | None = None,
) -> Population:
    """The survey with what its households say they receive, added to `benefits_in_payment`.

    receipts: by scheme, who is entitled to how much a month. share: of those entitled, who are paid (take-up); a household gets a scheme for all of
    its members or for none, by chance. Schemes that the table has already are as they were. day: since when they are paid.
    """
    import pyarrow as pa

    homes = _homes_of(survey)
    before = read_table(survey.tables[RECEIPTS]) if RECEIPTS in survey.tables else None
    known = set(before.column("scheme").to_pylist()) if before else set()
    rows = []
    for number, (scheme, entitled) in enumerate(receipts.items()):
        if scheme in known:
            continue
        rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(number,))))
        paid = dict(zip(dict.fromkeys(homes.values()), rng.random(len(set(homes.values()))) < float(share(scheme)), strict=True))
        rows += [(person, scheme, amount) for person, amount in entitled if paid[homes[person]]]
    persons, schemes, amounts = ([row[at] for row in rows] for at in range(3))
    data = survey.tables[PERSONS].schema
    columns = {
        "person_id": pa.array(persons, data.field("person_id").type),
        "start_date": pa.array([day] * len(rows), pa.date32()),
        "end_date": pa.array([None] * len(rows), pa.date32()),
        "country": pa.array([country] * len(rows), pa.string()),
        "scheme": pa.array(schemes, pa.string()),
        "amount": pa.array(amounts, pa.decimal128(18, survey.digits if survey.digits is not None else 2)),
    }
    added = pa.table(columns)
    table = pa.concat_tables([before.select(added.column_names).cast(added.schema), added]) if before else added
    order = [("person_id", "ascending"), ("scheme", "ascending")]
    tables = {**survey.tables, RECEIPTS: Table(RECEIPTS, data=table.sort_by(order).combine_chunks())}
    return replace(survey, tables=tables)


def _homes_of(survey: Population) -> dict[Any, Any]:
    """person -> household."""
    table = read_table(survey.tables[PERSONS], ["person_id", "household_id"])
    return dict(zip(table.column("person_id").to_pylist(), table.column("household_id").to_pylist(), strict=True))
