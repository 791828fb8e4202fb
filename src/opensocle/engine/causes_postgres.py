"""Counts the causes of refusals inside PostgreSQL, where a registry is: the same query as on DuckDB, and nothing but sums leaves the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..law.law import Law
from ..law.parameters import Indices
from ..periods import Month
from ..vocabulary.model import HOUSEHOLDS, PERSONS
from .catalogue import SQL, check_rows, check_types, fetch, read_catalogue, used_columns
from .causes import plan_causes
from .counting import Columns, Counts, Groupings, Numbers, plan_counts
from .postgres import transaction

if TYPE_CHECKING:
    import psycopg


def count_causes_postgres(
    law: Law,
    url_or_connection: str | psycopg.Connection[Any],
    month: Month | str,
    schemes: Sequence[str] | None = None,
    *,
    schema: str = "public",
    by: Groupings = (),
    within: Numbers | None = None,
    beside: Columns | None = None,
    indices: Indices | None = None,
) -> Counts:
    """What `counting.count_causes` gives, of the persons of a PostgreSQL database; groups are facts of the vocabulary or variables of the law.

    url_or_connection, schema: as in `postgres.run_postgres`. Nothing is written. Raises Problems, InputError, DataError, EngineError.
    """
    with transaction(url_or_connection, writes=False) as connection:
        catalogue = read_catalogue(connection, schema)
        given = frozenset(name for table in (PERSONS, HOUSEHOLDS) for name in catalogue.tables.get(table, {}) if "." in name)
        made = plan_causes(law, month, schemes, catalogue, given, indices)
        counter = plan_counts(made, catalogue, by, within, beside)
        used = used_columns(made.plan, catalogue, ())
        check_types(law, catalogue, used, ())
        check_rows(connection, law, catalogue, used)
        rows = fetch(connection, counter.sums(SQL, catalogue)) if counter.schemes else []
        return Counts(made.month, made.conditions, made.left_out, tuple(counter.read(rows)))
