"""What only the database can promise of two rows at once: nobody is in two households on the same day, whoever writes."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MESSAGE = "a person is in one household at a time"
_SQLITE = """
CREATE TRIGGER people_membership_{event} BEFORE {when} ON people_membership
WHEN EXISTS (SELECT 1 FROM people_membership AS m WHERE m.person_id = NEW.person_id AND m.id <> coalesce(NEW.id, -1)
  AND m.since < coalesce(NEW.until, '9999-12-31') AND NEW.since < coalesce(m.until, '9999-12-31'))
BEGIN SELECT RAISE(ABORT, '{message}'); END"""
_POSTGRESQL = """
ALTER TABLE people_membership ADD CONSTRAINT people_membership_one_at_a_time
EXCLUDE USING gist (person_id WITH =, daterange(since, until, '[)') WITH &&)"""


def add(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Makes the rule in the database's own way."""
    if editor.connection.vendor == "postgresql":
        editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        editor.execute(_POSTGRESQL)
        return
    editor.execute(_SQLITE.format(event="added", when="INSERT", message=MESSAGE))
    editor.execute(_SQLITE.format(event="changed", when="UPDATE", message=MESSAGE))


def remove(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE people_membership DROP CONSTRAINT people_membership_one_at_a_time")
        return
    editor.execute("DROP TRIGGER people_membership_added")
    editor.execute("DROP TRIGGER people_membership_changed")
