"""Triggers that write every change of a row to the audit, and refuse changes of the audit itself. Made anew by `install` after each migration.

SQLite and PostgreSQL have the same ones: whoever writes, through this program, in bulk or by hand, leaves a `RowChange`.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.models import BinaryField, Model

from .services import ERASURES

APPS = ("places", "access", "people", "laws", "cases", "api")
"""Applications whose tables are audited."""
DERIVED = ("people_searchkey", "people_spelling", "people_draft")
"""Tables that are not: what can be made again from audited rows, and what a user has typed and not sent."""
QUIET = {"access_user": ("last_login",)}
"""Columns whose change alone is no change."""
ALLOWED = ", ".join(f"'{action}'" for action in ERASURES)
FORBIDDEN = "the audit is only added to"


def audited() -> list[type[Model]]:
    """The models whose rows are audited."""
    found = [model for name in APPS for model in apps.get_app_config(name).get_models(include_auto_created=True) if model._meta.managed]
    return [model for model in found if model._meta.db_table not in DERIVED]


def install() -> None:
    """Makes the triggers of every audited table, replacing those that are there."""
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def missing() -> list[str]:
    """Names of triggers that should be in the database and are not, or have been changed."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')")
            there = {name: "" for (name,) in cursor.fetchall()}
            return sorted({f"{_name(model)}_{part}" for model in audited() for part in ("row", "added")} - set(there))
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        there = dict(cursor.fetchall())
    wanted = {statement.split('"')[1]: statement for statement in _sqlite() if statement.startswith("CREATE TRIGGER")}
    return sorted(name for name, statement in wanted.items() if there.get(name) != statement)


def _name(model: type[Model]) -> str:
    return f"audit_{model._meta.db_table}"


def _columns(model: type[Model]) -> list[str]:
    """The columns that the audit keeps: all but the bytes of files, for which their digest stands."""
    return [field.column for field in model._meta.concrete_fields if field.column and not isinstance(field, BinaryField)]


def _bytes(model: type[Model]) -> list[str]:
    return [field.column for field in model._meta.concrete_fields if field.column and isinstance(field, BinaryField)]


def _key(model: type[Model]) -> str:
    key = model._meta.pk
    if key is None or key.column is None:
        raise LookupError(model)
    return key.column


# --- SQLite


def _sqlite() -> Iterator[str]:
    for model in audited():
        table, key, columns = model._meta.db_table, _key(model), _columns(model)
        quiet = QUIET.get(table, ())
        for operation, event in (("I", "INSERT"), ("U", "UPDATE"), ("D", "DELETE")):
            name = f"{_name(model)}_{event.lower()}"
            old = "NULL" if operation == "I" else _json("OLD", columns)
            new = "NULL" if operation == "D" else _json("NEW", columns)
            row = f'{"OLD" if operation == "D" else "NEW"}."{key}"'
            different = " OR ".join(f'OLD."{c}" IS NOT NEW."{c}"' for c in columns if c not in quiet)
            when = f" WHEN {different}" if operation == "U" else ""
            yield f'DROP TRIGGER IF EXISTS "{name}"'
            yield (
                f'CREATE TRIGGER "{name}" AFTER {event} ON "{table}"{when} BEGIN '
                f'INSERT INTO audit_rowchange (entry_number, at, "table", row, operation, old, new, salt, digest) VALUES '
                f"((SELECT entry_number FROM audit_open), strftime('%Y-%m-%d %H:%M:%f', 'now'), '{table}', {row}, '{operation}', {old}, {new}, "
                "lower(hex(randomblob(16))), ''); END"
            )
    for table in ("audit_entry", "audit_rowchange", "audit_seal"):
        for event in ("UPDATE", "DELETE"):
            name = f"{table}_no_{event.lower()}"
            when = _EXCEPT.get((table, event), "")
            yield f'DROP TRIGGER IF EXISTS "{name}"'
            yield f"CREATE TRIGGER \"{name}\" BEFORE {event} ON {table}{when} BEGIN SELECT RAISE(ABORT, '{FORBIDDEN}'); END"
    yield "INSERT INTO audit_open (id, entry_number) SELECT 1, 0 WHERE NOT EXISTS (SELECT 1 FROM audit_open)"


_REDACTS = """NEW.old IS NULL AND NEW.new IS NULL AND NEW.salt = '' AND length(NEW.digest) = 64 AND OLD.digest = ''
  AND NEW.id = OLD.id AND NEW.entry_number = OLD.entry_number AND NEW.at = OLD.at AND NEW."table" = OLD."table" AND NEW.row = OLD.row
  AND NEW.operation = OLD.operation AND EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.redacted_by AND action IN ({allowed}))"""
"""A row change whose words are taken out, and nothing else, by an act of erasure."""
_EXCEPT = {
    ("audit_entry", "UPDATE"): " WHEN EXISTS (SELECT 1 FROM audit_seal WHERE entry_id = OLD.id)",
    ("audit_rowchange", "UPDATE"): f" WHEN NOT ({_REDACTS.format(allowed=ALLOWED)} AND NEW.redacted_by = (SELECT entry_number FROM audit_open))",
}


def _json(row: str, columns: list[str]) -> str:
    return "json_object(" + ", ".join(f"'{column}', {row}.\"{column}\"" for column in columns) + ")"


# --- PostgreSQL

_FUNCTION = """
CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE old_row jsonb; new_row jsonb; number bigint;
BEGIN
  IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
  IF TG_OP = 'UPDATE' AND old_row - string_to_array(TG_ARGV[1], ',') = new_row - string_to_array(TG_ARGV[1], ',') THEN RETURN NULL; END IF;
  number := (coalesce(new_row, old_row) ->> TG_ARGV[0])::bigint;
  INSERT INTO audit_rowchange (entry_number, at, "table", row, operation, old, new, salt, digest)
    VALUES (coalesce(nullif(current_setting('socle.entry', true), ''), '0')::bigint, clock_timestamp(), TG_TABLE_NAME, number, left(TG_OP, 1),
      (old_row - string_to_array(TG_ARGV[2], ','))::text, (new_row - string_to_array(TG_ARGV[2], ','))::text,
      replace(gen_random_uuid()::text, '-', ''), '');
  RETURN NULL;
END $$"""
_ADDED = """
CREATE OR REPLACE FUNCTION audit_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO audit_rowchange (entry_number, at, "table", row, operation, old, new, salt, digest)
    SELECT coalesce(nullif(current_setting('socle.entry', true), ''), '0')::bigint, clock_timestamp(), TG_TABLE_NAME,
      (said ->> TG_ARGV[0])::bigint, 'I', NULL,
      (CASE TG_ARGV[1] WHEN '' THEN said ELSE said - string_to_array(TG_ARGV[1], ',') END)::text, replace(gen_random_uuid()::text, '-', ''), ''
    FROM (SELECT to_jsonb(rows_added) AS said FROM rows_added) AS found;
  RETURN NULL;
END $$"""
"""Rows that one statement adds, together: an import by COPY takes half the time."""
_REFUSAL = f"""
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_TABLE_NAME = 'audit_entry' AND TG_OP = 'UPDATE' THEN
    IF NOT EXISTS (SELECT 1 FROM audit_seal WHERE entry_id = OLD.id) THEN RETURN NEW; END IF;
  ELSIF TG_TABLE_NAME = 'audit_rowchange' AND TG_OP = 'UPDATE' THEN
    IF {_REDACTS.format(allowed=ALLOWED)} AND NEW.redacted_by::text = current_setting('socle.entry', true) THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION '{FORBIDDEN}';
END $$"""


def _postgresql() -> Iterator[str]:
    yield _FUNCTION
    yield _ADDED
    yield _REFUSAL
    for model in audited():
        table, name = model._meta.db_table, f"{_name(model)}_row"
        quiet = ",".join(QUIET.get(table, ()))
        yield f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'
        yield (
            f'CREATE TRIGGER "{name}" AFTER UPDATE OR DELETE ON "{table}" FOR EACH ROW '
            f"EXECUTE FUNCTION audit_row('{_key(model)}', '{quiet}', '{','.join(_bytes(model))}')"
        )
        yield f'DROP TRIGGER IF EXISTS "{_name(model)}_added" ON "{table}"'
        yield (
            f'CREATE TRIGGER "{_name(model)}_added" AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS rows_added FOR EACH STATEMENT '
            f"EXECUTE FUNCTION audit_added('{_key(model)}', '{','.join(_bytes(model))}')"
        )
    for table in ("audit_entry", "audit_rowchange", "audit_seal"):
        yield f'DROP TRIGGER IF EXISTS "{table}_no_change" ON {table}'
        yield f'CREATE TRIGGER "{table}_no_change" BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse()'
        yield f'DROP TRIGGER IF EXISTS "{table}_no_truncate" ON {table}'
        yield f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()'
