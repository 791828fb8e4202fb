"""People of several months in one population, each person with a month of their own: the law is planned and run once for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from ..engine.data import KnownData
from ..engine.planning import OWN_MONTH
from ..periods import Month
from ..population.tables import Population, Table
from ..projection.arrow import same_day, wholes
from ..vocabulary.model import HOUSEHOLDS, PERSONS

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

MOST = 250_000
"""Persons in one stack at most."""
EVENTS = "events"
KEYS = ("person_id", "household_id")
Looked = tuple[Month, Population]
"""People, and the month that they are looked at."""


@dataclass(frozen=True)
class Stack:
    """What is looked at together. `answers`: rows by query, so that scenarios which share people and rules share results."""

    looked: tuple[Looked, ...]
    population: Population
    answers: dict[str, Future[list[tuple[Decimal | None, ...]]]] = field(default_factory=dict)

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(month for month, _ in self.looked)

    @property
    def together(self) -> bool:
        """Whether each person has a month of their own."""
        return OWN_MONTH in self.population.tables[PERSONS].columns


def groups(looked: Sequence[Looked]) -> Iterator[tuple[Looked, ...]]:
    """The people in groups that can be stacked: the same columns, not too many; months in order, each once."""
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
    return _stackable(one) and (one is other or (_stackable(other) and _columns(one) == _columns(other)))


def _stackable(people: Population) -> bool:
    """In memory, with whole numbers as keys that are never missing, and a row for every household that there is."""
    if "household_id" in people.tables[PERSONS].columns and not (HOUSEHOLDS in people.tables and KnownData(people).complete_households):
        return False
    for table in people.tables.values():
        keys = [key for key in KEYS if key in table.columns]
        if table.data is None or not keys or not all(table.columns[key].startswith("int") and table.never_null(key) for key in keys):
            return False
    return True


def _columns(people: Population) -> dict[str, dict[str, str]]:
    return {name: dict(table.columns) for name, table in people.tables.items()}


def stack(looked: tuple[Looked, ...], claims: bool) -> Stack:
    """The people together; one month's alone stay as they are. claims: every event is dated in the month that is looked at."""
    month, people = looked[0]
    if len(looked) == 1:
        return Stack(looked, _with(people, {EVENTS: _dated(_data(people, EVENTS), month)}) if claims else people)
    parts: dict[str, list[pa.Table]] = {name: [] for name in people.tables}
    first = dict.fromkeys(KEYS, 0)
    for month, each in looked:
        by = {key: first[key] - least for key, (least, _) in _spans(each).items()}
        for name in parts:
            table = _moved(_data(each, name), by)
            if name == EVENTS and claims:
                table = _dated(table, month)
            elif name in (PERSONS, HOUSEHOLDS):
                table = table.append_column(OWN_MONTH, same_day(month.first_day, table.num_rows))
            parts[name].append(table.select(parts[name][0].column_names) if parts[name] else table)
        first |= {key: by[key] + greatest + 1 for key, (_, greatest) in _spans(each).items()}
    return Stack(looked, _with(people, {name: _joined(tables) for name, tables in parts.items()}))


def _joined(tables: list[pa.Table]) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(tables).unify_dictionaries()


def _spans(people: Population) -> dict[str, tuple[int, int]]:
    """The least and the greatest of each key: of persons in their table, of households in theirs."""
    found = {}
    for key, name in zip(KEYS, (PERSONS, HOUSEHOLDS), strict=True):
        ids = _ids(_data(people, name), key) if name in people.tables else None
        found[key] = (int(ids.min()), int(ids.max())) if ids is not None and len(ids) else (0, 0)
    return found


def _moved(table: pa.Table, by: dict[str, int]) -> pa.Table:
    """The table with keys that no other table of the stack has."""
    for key in KEYS:
        if key in table.column_names:
            table = table.set_column(table.column_names.index(key), key, wholes(_ids(table, key) + by[key]))
    return table


def _ids(table: pa.Table, key: str) -> NDArray[np.int64]:
    import numpy as np

    return np.concatenate([np.from_dlpack(part) for part in table.column(key).chunks] or [np.empty(0)]).astype(np.int64)


def _dated(events: pa.Table, month: Month) -> pa.Table:
    """Claims dated in the month that is looked at."""
    return events.set_column(events.column_names.index("event_date"), "event_date", same_day(month.first_day, events.num_rows))


def _data(people: Population, name: str) -> pa.Table:
    table = people.tables[name].data
    assert table is not None
    return table


def _with(people: Population, changed: dict[str, pa.Table]) -> Population:
    tables = {**people.tables, **{name: Table(name, data=table) for name, table in changed.items()}}
    return Population(people.kind, people.date, tables, people.currency, people.digits, people.design)
