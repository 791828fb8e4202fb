"""Acts: the one way to write. An act is a transaction, an entry of the audit, and its seal.

with act("person.register", by=user, about=person) as entry:
    …
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from .models import Entry, RowChange, Seal

if TYPE_CHECKING:
    from ..access.models import User

GENESIS = "0" * 64
ERASURES = ("person.erase", "document.erase")
"""The acts in which words may be taken out of the audit: the triggers allow it in no others."""
_LOCK = 7_140_221  # advisory lock of the chain's end, PostgreSQL
origin: ContextVar[Entry.Origin] = ContextVar("origin", default=Entry.Origin.COMMAND)
"""Where the acts of this context come from; the web's middleware and the API say so."""
_open: ContextVar[tuple[int, ...]] = ContextVar("open", default=())


class Subject(Protocol):
    """What an act can be about."""

    @property
    def KIND(self) -> str: ...

    @property
    def reference(self) -> str: ...

    @property
    def district_id(self) -> int | None: ...


@contextmanager
def act(action: str, *, by: User | None, about: Subject | None = None, **details: Any) -> Generator[Entry]:
    """A transaction in which rows are written, with its entry and its seal. `by` None: the program itself, such as a command.

    details: figures and codes that help a reader of the audit; never names, numbers of documents or facts of a person.
    Acts may be nested: each has its entry. Nothing remains of an act that raises.
    """
    with transaction.atomic():
        entry = Entry(at=timezone.now(), by=by, origin=origin.get(), action=action, details=details)
        if about is not None:
            mark(entry, about)
        entry.save()
        token = _open.set((*_open.get(), entry.pk))
        _announce(entry.pk)
        try:
            yield entry
            _seal(entry)
        finally:
            _open.reset(token)
            if not connection.needs_rollback:
                _announce(_open.get()[-1] if _open.get() else 0)


def mark(entry: Entry, about: Subject) -> None:
    """Says what an entry is about; inside the act, before it ends, where the subject is made by the act itself."""
    entry.kind, entry.reference, entry.district_id = about.KIND, about.reference, about.district_id
    if entry.pk:
        _amend(entry)


def note(entry: Entry, **details: Any) -> None:
    """Adds details to the entry of an act that is still open."""
    entry.details = {**entry.details, **details}
    _amend(entry)


def _amend(entry: Entry) -> None:
    """The trigger lets an entry be completed until it is sealed."""
    Entry.objects.filter(pk=entry.pk).update(kind=entry.kind, reference=entry.reference, district_id=entry.district_id, details=entry.details)


def _announce(number: int) -> None:
    """Tells the triggers which act is open."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('socle.entry', %s, true)", [str(number)])
        else:
            cursor.execute("UPDATE audit_open SET entry_number = %s", [number])


def _seal(entry: Entry) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Seal.objects.order_by("-pk").values_list("hash", flat=True).first()
    Seal.objects.create(entry=entry, hash=seal_of(last or GENESIS, entry))


def seal_of(previous: str, entry: Entry) -> str:
    """The hash of an entry, its row changes (the digest of what each said) and the seal before it."""
    digest = hashlib.sha256(previous.encode())
    digest.update(_canonical(_of_entry(entry)).encode())
    rows = RowChange.objects.filter(entry_number=entry.pk).order_by("pk")
    fields = ("pk", "table", "row", "operation", "digest", "salt", "old", "new")
    for *row, kept, salt, old, new in rows.values_list(*fields).iterator(chunk_size=20_000):
        digest.update(_canonical([*row, kept or digest_of(salt, old, new)]).encode())
    return digest.hexdigest()


def digest_of(salt: str, old: str | None, new: str | None) -> str:
    """What stands for a row's words in the seal."""
    return hashlib.sha256(f"{salt}\n{_canonical([old, new])}".encode()).hexdigest()


def redact(entry: Entry, changes: QuerySet[RowChange]) -> int:
    """Takes the words out of row changes, also those of the act itself; inside an act of ERASURES, which keeps how many they were."""
    count = 0
    for change in changes.filter(digest="").only("pk", "salt", "old", "new").iterator(chunk_size=2_000):
        said = digest_of(change.salt, change.old, change.new)
        RowChange.objects.filter(pk=change.pk).update(digest=said, old=None, new=None, salt="", redacted_by=entry.pk)
        count += 1
    note(entry, redacted=entry.details.get("redacted", 0) + count)
    return count


def _of_entry(entry: Entry) -> Mapping[str, Any]:
    return {
        "number": entry.pk,
        "at": entry.at.isoformat(timespec="microseconds"),
        "by": entry.by_id,
        "origin": str(entry.origin),
        "action": entry.action,
        "kind": entry.kind,
        "reference": entry.reference,
        "district": entry.district_id,
        "details": entry.details,
    }


_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
"""JSON that has one form only."""
