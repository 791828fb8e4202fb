"""People of several months in one population, each person with a month of their own: the law is planned and run once for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from ..engine.planning import OWN_MONTH
from ..periods import Month
from ..population.tables import Population, Table
from ..projection.arrow import same_day, wholes
from ..vocabulary.model import PERSONS

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

MOST = 250_000
"""Persons in one stack at most."""
EVENTS = "events"
Looked = tuple[Month, Population]
"""People, and the month that they are looked at."""


@dataclass(frozen=True)
class Stack:
    """What is looked at together. `answers`: rows by query, so that scenarios which share people and rules share results."""

    looked: tuple[Looked, ...]
    population: Population
    answers: dict[str, list[tuple[Decimal | None, ...]]] = field(default_factory=dict)

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(month for month, _ in self.looked)

    @property
    def together(self) -> bool:
        """Whether each person has a month of their own."""
        return OWN_MONTH in self.population.tables[PERSONS].columns


def groups(looked: Sequence[Looked]) -> Iterator[tuple[Looked, ...]]:
    """The people in groups that can be stacked: no households, the same columns, not too many; months in order, each once."""
    group: list[Looked] = []
    rows = 0
    for month, people in looked:
        count = people.tables[PERSONS].rows
        if group and not (rows + count <= MOST and group[-1][0] < month and _alike(group[-1][1], people)):
            yield tuple(group)
            group, rows = [], 0
        group.append((month, people))
        rows += count
    if group:
        yield tuple(group)


def _alike(one: Population, other: Population) -> bool:
    return one is other and _stackable(other) or (_stackable(other) and _columns(one) == _columns(other))


def _stackable(people: Population) -> bool:
    """In memory, persons alone or with histories, with whole numbers as keys."""
    if "household_id" in people.tables[PERSONS].columns:
        return False
    return all(table.data is not None and table.columns.get("person_id", "").startswith("int") for table in people.tables.values())


def _columns(people: Population) -> dict[str, dict[str, str]]:
    return {name: dict(table.columns) for name, table in people.tables.items()}


def stack(looked: tuple[Looked, ...], claims: bool) -> Stack:
    """The people together; one month's alone stay as they are. claims: every event is dated in the month that is looked at."""
    month, people = looked[0]
    if len(looked) == 1:
        return Stack(looked, _with(people, {EVENTS: _dated(_data(people, EVENTS), month)}) if claims else people)
    parts: dict[str, list[pa.Table]] = {name: [] for name in people.tables}
    first = 0
    for month, each in looked:
        ids = _ids(_data(each, PERSONS))
        least, greatest = (int(ids.min()), int(ids.max())) if len(ids) else (0, 0)
        for name in parts:
            table = _moved(_data(each, name), first - least)
            parts[name].append(_dated(table, month) if claims and name == EVENTS else _marked(table, month) if name == PERSONS else table)
        first += greatest - least + 1
    return Stack(looked, _with(people, {name: _joined(tables) for name, tables in parts.items()}))


def _joined(tables: list[pa.Table]) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(tables).unify_dictionaries()


def _moved(table: pa.Table, by: int) -> pa.Table:
    """The table with keys that no other table of the stack has."""
    return table.set_column(table.schema.names.index("person_id"), "person_id", wholes(_ids(table) + by))


def _ids(table: pa.Table) -> NDArray[np.int64]:
    import numpy as np

    return np.concatenate([np.from_dlpack(part) for part in table.column("person_id").chunks] or [np.empty(0)]).astype(np.int64)


def _dated(events: pa.Table, month: Month) -> pa.Table:
    """Claims dated in the month that is looked at."""
    return events.set_column(events.schema.names.index("event_date"), "event_date", same_day(month.first_day, events.num_rows))


def _marked(persons: pa.Table, month: Month) -> pa.Table:
    return persons.append_column(OWN_MONTH, same_day(month.first_day, persons.num_rows))


def _data(people: Population, name: str) -> pa.Table:
    table = people.tables[name].data
    assert table is not None
    return table


def _with(people: Population, changed: dict[str, pa.Table]) -> Population:
    tables = {**people.tables, **{name: Table(name, data=table) for name, table in changed.items()}}
    return Population(people.kind, people.date, tables, people.currency, people.digits)
