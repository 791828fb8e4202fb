"""Importing a file: read, checked and compared; then all of it taken over in one transaction, or nothing.

Whatever ends the program before the transaction ends, nothing of the file is in the registry, and it can be imported again. A file that is imported
twice changes nothing the second time. Two imports of one source wait for each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from ....errors import InputError
from ....population.readers import reading, write_rejected
from ....population.report import Report
from ....population.writing import hash_files
from ....vocabulary.model import HISTORIES, HOUSEHOLDS, PERSONS
from ...access.models import User
from ...access.row_security import everywhere
from ...access.rules import Scope, require, scope
from ...audit.services import act, mark, note
from ...places.models import Area
from ..models import Fact, Household, Identifier, Import, Membership, Person, Record, SearchKey, SourceKey
from ..words import words_on
from .adding import add_memberships, add_new, prepare
from .changing import change_known, changed_rows
from .recording import compare_histories, record_histories
from .staging import Staged, stage
from .storing import much_cache, refresh_statistics
from .words import check_targets, read_import_mapping, words_for

ACTION = "import.people"
LIMIT = Decimal("0.1")
"""The share of rows that may be set aside; more, and nothing is imported."""
SHOWN = 5
MANY = 1_000
MEMORY = "1GB"
"""What DuckDB may hold while a file is compared; beyond it uses the disk."""


@dataclass(frozen=True)
class Preview:
    """What an import would do. report: rows read and set aside, with reasons. new, changed, same: rows of persons, households and histories.

    words: how many rows of the file say something new about persons and households that are known, by word.
    first: the first rows, as they would be kept.
    """

    report: Report
    new: Mapping[str, int]
    changed: Mapping[str, int]
    same: Mapping[str, int]
    words: Mapping[str, int]
    first: tuple[Mapping[str, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """What an import did. words: how often each word was changed."""

    reference: str
    report: Report
    rows: int
    added: int
    changed: int
    same: int
    refused: int
    words: Mapping[str, int]
    notes: tuple[str, ...]


def preview_people(
    *,
    by: User | None,
    on: date,
    files: Any,
    mapping: str | Path | Mapping[str, Any] | None = None,
    source: str,
    area: str | None = None,
    since: date | None = None,
) -> Preview:
    """What `import_people` would do with the same arguments; nothing is written."""
    where = _where(by, on)
    with everywhere(), _staged(where, on, files, mapping, source, area, since) as staged:
        report = stage(staged)
        prepare(staged, real=False)
        counts = {name: _count(staged, name) for name in (PERSONS, HOUSEHOLDS) if name in staged.tables}
        if any(table in staged.tables for table in HISTORIES):
            counts["histories"] = compare_histories(staged)
        said = {state: {name: count[state] for name, count in counts.items()} for state in ("new", "changed", "same")}
        return Preview(report, said["new"], said["changed"], said["same"], _words(staged), _first(staged), (*report.notes, *staged.notes))


def import_people(
    *,
    by: User | None,
    on: date,
    files: Any,
    mapping: str | Path | Mapping[str, Any] | None = None,
    source: str,
    area: str | None = None,
    since: date | None = None,
    limit: Decimal = LIMIT,
    rejected: Path | None = None,
) -> Done:
    """Takes a file over into the registry, all of it or nothing; returns what was done.

    files: as in `population.read`: a file, a folder, a map of tables to files; None: those beside the mapping. source: where they come from.
    area: the code of the area of persons and households for whom the file has none. since: the day from which facts hold where no column says so; by
    default the mapping's date, or `on`. limit: the largest share of rows that may be set aside, in `rejected` (a new .csv with the reason of each).
    Raises Refused; Problems and DataError where the file or mapping is wrong, O110; O111 where more rows than the limit are set aside.
    """
    where = _where(by, on)
    with (
        everywhere(),
        much_cache(),
        _staged(where, on, files, mapping, source, area, since) as staged,
        act(ACTION, by=by, source=source.strip()) as entry,
    ):
        _wait_for_others(staged.source)
        report = stage(staged)
        if rejected is not None and report.rejected:
            write_rejected(staged.duck, staged.tables, rejected)
        _check_limit(report, limit)
        done = _write(staged, by, entry.at, report)
        counts = {name: getattr(done, name) for name in ("rows", "added", "changed", "same", "refused")}
        digest, district = _digest(staged, mapping), _one_district(where)
        made = Import.objects.create(digest=digest, source=staged.source, at=entry.at, district_id=district, **counts)
        mark(entry, made)
        note(entry, **counts, words=dict(done.words), digest=digest)
    return replace(done, reference=made.reference)


def _where(by: User | None, on: date) -> Scope:
    if by is None:
        return Scope(frozenset(), everywhere=True)
    require(by, ACTION, on)
    return scope(by, ACTION, on)


@contextmanager
def _staged(
    where: Scope, on: date, files: Any, mapping: str | Path | Mapping[str, Any] | None, source: str, area: str | None, since: date | None
) -> Generator[Staged]:
    """The file read, each row checked by itself."""
    source = source.strip()
    if not source or len(source) > 60:
        raise InputError(
            "O110", "an import needs the name of the system that the file comes from", at="source", hint="1 to 60 signs, the same each time"
        )
    areas = list(Area.objects.filter(where.q(), district__isnull=False).values_list("code", flat=True))
    if area is not None and area not in areas:
        raise InputError("O110", f"there is no area {area!r} into which you may import", at="area")
    words = words_for(words_on(on), areas)
    said = read_import_mapping(mapping, words)
    day = (said.date if said else None) or on
    with reading(files, said, vocabulary=words, kind="registry", date=on, memory=MEMORY, whole=False) as read:
        if said is None:
            problems = [p for table, one in read.tables.items() for p in check_targets(table, [(n, table) for n in one.conversion.names], words)]
            if problems:
                raise problems[0]
        yield Staged(read, source, words, where, on, since or day, area, settings.PLACE.country)


def _wait_for_others(source: str) -> None:
    """Nobody else imports this source until the transaction ends. SQLite lets one write at a time anyway."""
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(source.encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _check_limit(report: Report, limit: Decimal) -> None:
    for table, count in report.tables.items():
        if count.rejected > limit * count.read:
            said = _("%(bad)d of %(all)d rows of the table %(table)s do not fit, more than the limit: nothing was imported.")
            what = said % {"bad": count.rejected, "all": count.read, "table": table}
            raise InputError("O111", f"{what}\n{report.as_text()}\n", hint=_("Mend the file or the mapping."))


def _write(staged: Staged, by: User | None, now: datetime, report: Report) -> Done:
    """All rows into the registry, inside the act."""
    prepare(staged)
    counts = {name: _count(staged, name) for name in (PERSONS, HOUSEHOLDS) if name in staged.tables}
    add_new(staged, now)
    changes = change_known(staged, by, now)
    add_memberships(staged)
    if any(table in staged.tables for table in HISTORIES):
        counts["histories"] = record_histories(staged, now)
    if sum(count["new"] for count in counts.values()) > MANY:
        refresh_statistics([model._meta.db_table for model in (Person, Household, Membership, Fact, Record, Identifier, SearchKey, SourceKey)])
    total = {state: sum(count[state] for count in counts.values()) for state in ("new", "changed", "same")}
    notes = (*report.notes, *staged.notes, *(f"{count} × {text}" for text, count in changes.notes.items()))
    rows = sum(count.read for count in report.tables.values())
    return Done(
        "", report, rows, total["new"], total["changed"], total["same"], report.rejected, {k: v for k, v in changes.words.items() if v}, notes
    )


def _count(staged: Staged, table: str) -> dict[str, int]:
    state = "CASE WHEN id IS NULL THEN 'new' WHEN before IS DISTINCT FROM now THEN 'changed' ELSE 'same' END"
    found = dict(staged.duck.execute(f"SELECT {state}, count(*) FROM rows_{table} GROUP BY 1").fetchall())
    return {name: int(found.get(name, 0)) for name in ("new", "changed", "same")}


def _words(staged: Staged) -> dict[str, int]:
    """How often each word of a known person or household is new."""
    found: dict[str, int] = {}
    for table in (PERSONS, HOUSEHOLDS):
        if table in staged.tables:
            names = set(staged.targets(table).all) - {"since", "person_id" if table == PERSONS else "household_id"}
            for rows in changed_rows(staged, table):
                for row in rows:
                    for name in names:
                        if row[name] is not None:
                            found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items()))


def _first(staged: Staged) -> tuple[Mapping[str, str], ...]:
    table = PERSONS if PERSONS in staged.tables else next(iter(staged.tables))
    names = staged.targets(table).all
    rows = staged.duck.execute(
        f"SELECT {', '.join(chr(34) + name + chr(34) for name in names)} FROM rows_{table} ORDER BY seq LIMIT {SHOWN}"
    ).fetchall()
    return tuple({name: value or "" for name, value in zip(names, row, strict=True)} for row in rows)


def _one_district(where: Scope) -> int | None:
    """The district into which the user imports, where it is one."""
    return next(iter(where.districts)) if len(where.districts) == 1 and not where.everywhere else None


def _digest(staged: Staged, mapping: str | Path | Mapping[str, Any] | None) -> str:
    """SHA-256 of the files, and of the mapping."""
    said = Path(mapping).read_bytes() if isinstance(mapping, str | Path) else repr(mapping).encode()
    return hashlib.sha256(hash_files(staged.reading.files).encode() + said).hexdigest()


__all__ = ["Done", "Preview", "import_people", "preview_people"]
