"""How many persons each condition excludes, by group: one query that adds up as it reads, so that no row is kept.

A household's right is counted by its members: every person is in one group and has one cause for each scheme. The same text runs on DuckDB
and on PostgreSQL (`causes_postgres`). Method: docs/methods/exclusion.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..errors import InputError, nearest
from ..law.law import Law
from ..law.parameters import Indices
from ..periods import Month
from ..vocabulary.model import HOUSEHOLDS, PERSONS
from . import ranges as r
from . import receipt
from .causes import CausePlan, given_columns, plan_causes
from .conditions import Condition, Standing
from .plan import HOUSEHOLD, PERSON
from .planning import BOUND, Context, Data, find_outputs, stored
from .sql.columns import Tables
from .sql.dialect import DIALECTS, Dialect
from .sql.query import Query

if TYPE_CHECKING:
    import pyarrow as pa

    from ..population.tables import Population

NOBODY = -1_000_000
"""Cause of a household's scheme for a person who belongs to no household, inside the query only."""
Numbers = Mapping[str, Sequence[int]]
Columns = Mapping[str, str]
_TYPES = {"boolean": r"bool.*", "integer": r"u?int(8|16|32|64)", "text": r"(large_)?string(_view)?|dictionary<.*", "date": r"date32.*"}


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups by a column of the persons or households, or a variable of the law (`age`, `concepts.poor`).

    edges: where the bands of a number begin: 15, 65 give `<15`, `15-64` and `65+`; none: a group for each value.
    """

    name: str
    edges: tuple[int, ...] = ()

    def label(self, value: Any) -> Any:
        """The group of a value of the query: the name of the band, or the value itself. None is unknown."""
        if not self.edges or value is None:
            return value
        if value == 0:
            return f"<{self.edges[0]}"
        low = self.edges[value - 1]
        return f"{low}+" if value == len(self.edges) else f"{low}-{self.edges[value] - 1}"


Groupings = Sequence[Sequence[Grouping]]


@dataclass(frozen=True, slots=True)
class Count:
    """Persons of a group with the same cause for a scheme.

    grouping and group: the names and values that tell the group, empty for everybody. cause: as in `causes`, None for a person of no household
    where the right is a household's. within: whether the conditions asked for are known to be met. beside: the column told apart, None if
    unknown. rows: persons in the data; persons: with their weights.
    """

    scheme: str
    grouping: tuple[str, ...]
    group: tuple[Any, ...]
    cause: int | None
    within: bool
    beside: bool | None
    rows: int
    persons: Decimal


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a population, with what the causes mean; left_out: schemes that were not counted, and why."""

    month: Month
    conditions: Mapping[str, tuple[Condition, ...]]
    left_out: Mapping[str, Standing]
    counts: tuple[Count, ...]


@dataclass(slots=True)
class Counter:
    """What a query counts: columns of the plan by person. `groups` are the distinct groupings, in the order of their columns."""

    made: CausePlan
    groupings: Groupings
    beside: Columns
    groups: list[Grouping] = field(default_factory=list)
    nodes: list[tuple[str, int]] = field(default_factory=list)

    @property
    def schemes(self) -> list[str]:
        return list(self.made.conditions)

    def rows(self, dialect: Dialect, store: Tables) -> str:
        """The query of one row a person: person_id, weight, then g<n> for groups, and c<n>, t<n>, b<n> for the schemes."""
        weighted = store.has_column(PERSONS, "weight")
        query = Query(self.made.plan, dialect, store, PERSON, [node for _, node in self.nodes], ["weight"] if weighted else [])
        parts = ["person_id", "CAST(weight AS DECIMAL(18,9)) AS weight" if weighted else "CAST(1 AS DECIMAL(1,0)) AS weight"]
        for name, node in self.nodes:
            parts.append(f"coalesce(v{node}, {NOBODY}) AS {name}" if name[0] == "c" else f"v{node} AS {name}")
        return f"SELECT {', '.join(parts)}\nFROM (\n{query.text()}\n) AS results"

    def sums(self, dialect: Dialect, store: Tables) -> str:
        """The query of the sums: one grouping set for each grouping and scheme, told apart by which columns it has."""
        told = [f"g{number}" for number in range(len(self.groups))]
        mask = f"GROUPING({', '.join(told)})" if told else "0"
        sets = []
        for grouping in self.groupings:
            keys = [f"g{self.groups.index(group)}" for group in grouping]
            for number in range(len(self.schemes)):
                sets.append(f"({', '.join([*keys, *self.of_scheme(number)])})")
        columns = [*told, *(name for number in range(len(self.schemes)) for name in self.of_scheme(number))]
        grouped = ",\n  ".join(sets)
        return (
            f"SELECT {', '.join([f'{mask} AS mask', *columns, 'count(*) AS n', 'sum(weight) AS w'])}\n"
            f"FROM (\n{self.rows(dialect, store)}\n) AS persons\nGROUP BY GROUPING SETS (\n  {grouped}\n)"
        )

    def of_scheme(self, number: int) -> list[str]:
        """The columns of a scheme."""
        return [f"c{number}", f"t{number}", *([f"b{number}"] if self.schemes[number] in self.beside else [])]

    def read(self, rows: Sequence[Sequence[Any]]) -> Iterator[Count]:
        """The counts of the rows that `sums` gives."""
        width = len(self.groups)
        masks = {self._mask(grouping): grouping for grouping in self.groupings}
        for mask, *row, n, weight in rows:
            grouping = masks[int(mask)]
            group = tuple(one.label(row[self.groups.index(one)]) for one in grouping)
            at = width
            for number, scheme in enumerate(self.schemes):
                names = self.of_scheme(number)
                if row[at] is not None:
                    cause = None if row[at] == NOBODY else int(row[at])
                    beside = row[at + 2] if len(names) > 2 else None
                    names_of = tuple(one.name for one in grouping)
                    yield Count(scheme, names_of, group, cause, bool(row[at + 1]), beside, int(n), Decimal(weight or 0))
                    break
                at += len(names)

    def _mask(self, grouping: Sequence[Grouping]) -> int:
        """What GROUPING gives for a set: a bit for each column that it does not have, the first column highest."""
        return sum(1 << (len(self.groups) - 1 - number) for number, group in enumerate(self.groups) if group not in grouping)


def plan_counts(
    made: CausePlan,
    data: Data,
    by: Groupings = (),
    within: Numbers | None = None,
    beside: Columns | None = None,
    types: Mapping[str, Columns] | None = None,
) -> Counter:
    """What to count of a plan of causes, always with everybody as one group. Raises InputError P052, P056.

    within: numbers of the conditions that must be met, by scheme. beside: a boolean column of the data for each scheme, told apart (reported
    receipt), or `benefits_in_payment`: the history of that name tells. types: the Arrow types of columns that the vocabulary does not know, by table.
    """
    groupings = list(dict.fromkeys([(), *(tuple(grouping) for grouping in by)]))
    groups = list(dict.fromkeys(group for grouping in groupings for group in grouping))
    for name in {group.name for group in groups if sum(group.name == other.name for other in groups) > 1}:
        raise InputError("P056", f"{name!r} is cut into bands in two ways", hint="count it twice, or use the finer bands")
    for scheme in [*made.conditions] if not data.has_column(PERSONS, "household_id") else ():
        if made.level(scheme) == HOUSEHOLD:  # nobody's household is known
            made.conditions.pop(scheme)
            made.left_out[scheme] = "no_households"
    beside = {scheme: column for scheme, column in (beside or {}).items() if scheme in made.conditions}
    counter = Counter(made, groupings, beside, groups)
    for number, group in enumerate(counter.groups):
        counter.nodes.append((f"g{number}", _group(made, data, group, types or {})))
    for number, scheme in enumerate(made.conditions):
        counter.nodes.append((f"c{number}", _cause(made, data, scheme)))
        counter.nodes.append((f"t{number}", made.met(scheme, (within or {}).get(scheme, ()), PERSON)))
        if scheme in beside:
            counter.nodes.append((f"b{number}", _beside(made, data, scheme, beside[scheme], types or {})))
    return counter


def _cause(made: CausePlan, data: Data, scheme: str) -> int:
    """The node of a scheme's cause by person: of a household's scheme that of the household, NOBODY or null without one."""
    graph, level = made.graph, made.level(scheme)
    node = graph.lift(made.cause(scheme), PERSON)
    if level == PERSON or graph[node].level == PERSON or data.never_null(PERSONS, "household_id"):
        return node
    home = graph.fact(PERSONS, "household_id", "text", PERSON, None, True)  # the cause is the same for every household
    return graph.op("if", (graph.op("is_null", (home,), "boolean"), graph.const(NOBODY, "integer"), node), "integer")


def _beside(made: CausePlan, data: Data, scheme: str, column: str, types: Mapping[str, Columns]) -> int:
    """The node of the boolean column that is told apart, or of whether the scheme's benefit is in payment."""
    if column == receipt.TABLE:
        level = made.level(scheme)
        expr = receipt.in_payment(scheme) if level == PERSON else receipt.in_payment_at_home(scheme)
        return made.graph.lift(made.lowering.expr(expr, Context(made.month, "first_day", scheme, level)), PERSON)
    node = _column(made, data, column, types)
    if made.graph[node].type != "boolean":
        raise InputError("P056", f"{column!r} is not yes or no", hint="give a boolean column for each scheme")
    return node


def _group(made: CausePlan, data: Data, group: Grouping, types: Mapping[str, Columns]) -> int:
    """The node of a grouping: its value, or the number of its band."""
    graph, node = made.graph, _column(made, data, group.name, types)
    if not group.edges:
        if graph[node].type not in ("boolean", "integer", "text"):
            raise InputError("P056", f"{group.name!r} is a {graph[node].type}: it has no groups", hint="give the edges of its bands")
        return node
    if graph[node].type not in ("integer", "decimal") or list(group.edges) != sorted(set(group.edges)):
        raise InputError("P056", f"{group.name!r} cannot be cut at {group.edges}", hint="edges are rising whole numbers, for a number")
    found = graph.const(len(group.edges), "integer")
    for band, edge in reversed([*enumerate(group.edges)]):
        low = graph.op("lt", (node, graph.const(edge, graph[node].type)), "boolean")
        found = graph.op("if", (low, graph.const(band, "integer"), found), "integer")
    return found


def _column(made: CausePlan, data: Data, name: str, types: Mapping[str, Columns]) -> int:
    """The node of a column of the persons or the households, or of a variable of the law, by person. Raises InputError P052."""
    law, lowering, graph = made.plan.law, made.lowering, made.graph
    for table, level in ((PERSONS, PERSON), (HOUSEHOLDS, HOUSEHOLD)):
        if ("vocabulary", name) in law.rules or not data.has_column(table, name):
            continue
        word = law.vocabulary.fact(table, name)
        arrow = types.get(table, {}).get(name, "")
        type = stored(word.type) if word else next((known for known, pattern in _TYPES.items() if re.fullmatch(pattern, arrow)), "")
        if not type:
            raise InputError("P056", f"{name!r} is stored as {arrow or 'something unknown'}: it has no groups", hint="use whole numbers or texts")
        size = lowering.range_of(word) if word else r.Range(-BOUND, BOUND) if type == "integer" else None
        return graph.lift(graph.fact(table, name, type, level, size, not data.never_null(table, name)), PERSON)
    try:
        (key, *more) = find_outputs(law, [name])
    except InputError as error:
        hint = nearest(name, [*law.vocabulary.tables[PERSONS], *law.vocabulary.tables[HOUSEHOLDS], *map(str, law.rules.values())])
        raise InputError("P052", f"neither the data nor the law have {name!r}", hint=hint) from error
    if more:
        raise InputError("P052", f"{name!r} is a scheme", hint=f"write {name}.eligible")
    return graph.lift(lowering.rule(law.rules[key], made.month, lowering.as_of(key[0], "first_day")), PERSON)


# --- DuckDB


def _planned(
    law: Law,
    population: Population,
    month: Month | str,
    schemes: Sequence[str] | None,
    by: Groupings,
    within: Numbers | None,
    beside: Columns | None,
    indices: Indices | None,
) -> Counter:
    from .data import KnownData, check_columns

    data = KnownData(population)
    made = plan_causes(law, month, schemes, data, given_columns(population), indices)
    types = {table: population.tables[table].columns for table in (PERSONS, HOUSEHOLDS) if table in population.tables}
    counter = plan_counts(made, data, by, within, beside, types)
    check_columns(law, made.plan, population)
    return counter


def count_causes(
    law: Law,
    population: Population,
    month: Month | str,
    schemes: Sequence[str] | None = None,
    *,
    by: Groupings = (),
    within: Numbers | None = None,
    beside: Columns | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    indices: Indices | None = None,
) -> Counts:
    """Persons by scheme, group and cause, unweighted and weighted (exact: weights are decimals), in no order.

    by: groupings, each of one or more `Grouping`; everybody is always counted too. within, beside: see `plan_counts`.
    Raises Problems, InputError, DataError, EngineError.
    """
    from .running import connected, duckdb_store

    counter = _planned(law, population, month, schemes, by, within, beside, indices)
    if not counter.schemes:
        return Counts(counter.made.month, {}, counter.made.left_out, ())
    with connected(None, memory_limit, threads) as connection:
        rows = connection.execute(counter.sums(DIALECTS["duckdb"], duckdb_store(connection, population))).fetchall()
    return Counts(counter.made.month, counter.made.conditions, counter.made.left_out, tuple(counter.read(rows)))


def causes_by_person(
    law: Law,
    population: Population,
    month: Month | str,
    schemes: Sequence[str] | None = None,
    *,
    by: Sequence[Grouping] = (),
    within: Numbers | None = None,
    beside: Columns | None = None,
    indices: Indices | None = None,
) -> tuple[Counter, pa.Table]:
    """What `count_causes` counts, person by person: person_id, weight, g<n> for each grouping, c<n>, t<n>, b<n> for each scheme, in no order."""
    from .running import connected, duckdb_store

    counter = _planned(law, population, month, schemes, [(group,) for group in by], within, beside, indices)
    with connected() as connection:
        return counter, connection.sql(counter.rows(DIALECTS["duckdb"], duckdb_store(connection, population))).to_arrow_table()
