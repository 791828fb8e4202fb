"""The second lock, on PostgreSQL: row security with the same districts as `rules`, whatever a query forgets to say.

A connection says which districts it works for: `*` for commands and batches, a list for a user's request, nothing for whoever connects by
hand and does not know: that sees no row. SQLite has no such lock; `rules` and the managers are the first one on both.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, models

EVERYWHERE = "*"
POLICY = "socle_districts"
_FUNCTION = """
CREATE OR REPLACE FUNCTION socle_districts() RETURNS bigint[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_to_array(nullif(nullif(current_setting('socle.districts', true), ''), '*'), ',')::bigint[], '{}') $$"""
_EVERYWHERE = """
CREATE OR REPLACE FUNCTION socle_everywhere() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('socle.districts', true) = '*', false) $$"""


def guarded() -> list[type[models.Model]]:
    """The models whose rows lie in a district."""
    found = [*apps.get_app_config("people").get_models(), *apps.get_app_config("cases").get_models()]
    return [model for model in found if any(field.name == "district" for field in model._meta.fields)]


def install() -> None:
    """Makes the policies, on PostgreSQL."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for statement in _statements():
                cursor.execute(statement)


def missing() -> list[str]:
    """Tables whose rows are not guarded, on PostgreSQL."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE p.polname = %s AND c.relrowsecurity AND c.relforcerowsecurity",
            [POLICY],
        )
        there = {name for (name,) in cursor.fetchall()}
    return sorted(model._meta.db_table for model in guarded() if model._meta.db_table not in there)


def _statements() -> Iterator[str]:
    yield _FUNCTION
    yield _EVERYWHERE
    for model in guarded():
        table = model._meta.db_table
        rule = "(SELECT socle_everywhere()) OR district_id = ANY ((SELECT socle_districts())::bigint[])"
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
        yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'  # the owner of the table as well
        yield f'DROP POLICY IF EXISTS {POLICY} ON "{table}"'
        yield f'CREATE POLICY {POLICY} ON "{table}" USING ({rule}) WITH CHECK ({rule})'


def work_for(districts: Iterable[int] | None) -> None:
    """Says for which districts this connection works from now on; None: everywhere."""
    if connection.vendor == "postgresql":
        said = EVERYWHERE if districts is None else ",".join(map(str, sorted(districts)))
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('socle.districts', %s, false)", [said])


@contextmanager
def everywhere() -> Generator[None]:
    """Opens the lock for a step of a service that has to look or write beyond the user's districts, such as a transfer."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('socle.districts', true)")
        (before,) = cursor.fetchone() or ("",)
        cursor.execute("SELECT set_config('socle.districts', %s, false)", [EVERYWHERE])
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('socle.districts', %s, false)", [before or ""])
