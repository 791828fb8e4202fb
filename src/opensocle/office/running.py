"""An office as a whole: made, brought up to date, checked, served. The commands of `socle office` call these."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ..errors import InputError
from .place import VARIABLE, Place, make_place, read_place

HERE = {"localhost", "127.0.0.1", "[::1]", "testserver"}


def prepare(folder: Path) -> Place:
    """Makes Django ready for the office in a folder. Only one office for each process."""
    place = read_place(folder)
    os.environ[VARIABLE] = str(folder.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "opensocle.office.settings"
    import django

    django.setup()
    return place


def init(folder: Path, said: Mapping[str, object]) -> Place:
    """A new office with its database. Raises InputError O004 where one is."""
    make_place(folder, said)
    place = prepare(folder)
    upgrade()
    return place


def upgrade() -> None:
    """Brings the database to this version's form, and makes the audit's triggers anew."""
    from django.core.management import call_command

    from .access import row_security
    from .audit import triggers

    call_command("migrate", verbosity=0, interactive=False)
    triggers.install()
    row_security.install()
    from django.conf import settings

    if settings.STATIC_ROOT:
        call_command("collectstatic", verbosity=0, interactive=False)


@dataclass(frozen=True)
class Finding:
    """One thing that `check` looked at. `fine` False: what to do stands in `said`."""

    name: str
    fine: bool
    said: str


def check() -> list[Finding]:
    """Whether the office can be trusted: the database's form, its own consistency, triggers, the audit's chain, secrets, Django's own checks."""
    looks: list[Callable[[], Finding]] = [_migrations, _consistency, _triggers, _rows, _audit, _secret, _deployment]
    return [look() for look in looks]


def _migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Finding("database", not waiting, f"{len(waiting)} migrations wait: socle office upgrade" if waiting else "of this version")


def _consistency() -> Finding:
    from django.db import connection

    if connection.vendor != "sqlite":
        return Finding("consistency", True, "PostgreSQL watches over it")
    with connection.cursor() as cursor:
        faults = [row[0] for row in cursor.execute("PRAGMA integrity_check").fetchall() if row[0] != "ok"]
        loose = cursor.execute("PRAGMA foreign_key_check").fetchall()
    return Finding("consistency", not faults and not loose, "; ".join(faults[:3]) or (f"{len(loose)} rows point nowhere" if loose else "sound"))


def _triggers() -> Finding:
    from .audit.triggers import missing

    absent = missing()
    return Finding("triggers", not absent, f"missing or changed: {', '.join(absent[:5])}: socle office upgrade" if absent else "all there")


def _rows() -> Finding:
    from django.db import connection

    from .access.row_security import missing

    if connection.vendor == "sqlite":
        return Finding("row security", True, "SQLite has none: the program alone keeps districts apart")
    absent = missing()
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        free = bool((cursor.fetchone() or (False,))[0])
    said = (
        f"missing on {', '.join(absent)}: socle office upgrade"
        if absent
        else "the database's user is above it: give it no superuser"
        if free
        else "on"
    )
    return Finding("row security", not absent and not free, said)


def _audit() -> Finding:
    from .audit.selectors import verify

    verdict = verify()
    if verdict.sound:
        return Finding("audit", True, f"{verdict.entries} acts, chain ends in {verdict.end[:12]}")
    said = f"{len(verdict.broken)} seals broken, {len(verdict.unsealed)} acts without one, {len(verdict.outside)} rows changed past the program"
    return Finding("audit", False, said + ": socle office audit verify")


def _secret() -> Finding:
    from django.conf import settings

    path = settings.PLACE.path("secret.key")
    if path is None:
        return Finding("secret", True, "in memory")
    mode = path.stat().st_mode & 0o077
    return Finding("secret", not mode, f"others can read {path.name}: chmod 600" if mode else "only its owner can read it")


def _deployment() -> Finding:
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    place: Place = settings.PLACE
    if not place.https and set(place.hosts) <= HERE:
        return Finding("deployment", True, "for this machine only, without HTTPS")
    said = StringIO()
    try:
        call_command("check", deploy=True, fail_level="WARNING", stdout=said, stderr=said)
    except SystemCheckError as error:
        return Finding("deployment", False, " ".join(str(error).split())[:400])
    return Finding("deployment", True, "nothing to mend")


def serve(place: Place, host: str, port: int, threads: int = 8) -> None:
    """Serves the office until it is stopped. Raises InputError O005 where the address is taken."""
    from waitress import serve as run

    from .wsgi import application

    options: dict[str, Any] = {"host": host, "port": port, "threads": threads, "ident": None, "clear_untrusted_proxy_headers": not place.https}
    if place.https:
        options |= {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": "x-forwarded-proto x-forwarded-for"}
    try:
        run(application, **options)
    except OSError as error:
        raise InputError("O005", f"{host}:{port} cannot be used", hint=error.strerror or "take another --port") from error
