"""Files about a person: checked, then kept under their reference in the office's folder of documents, outside anything that is served."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from ....errors import InputError
from ...access.models import User
from ...audit.services import act, note
from ..choices import DOCUMENTS
from ..models import Document, Person
from .files import chosen, open_file
from .values import tidy

MOST = 8_000_000
"""Bytes of a document."""
STARTS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
ENDS = {"application/pdf": b"%%EOF", "image/jpeg": b"\xff\xd9", "image/png": b"IEND\xaeB`\x82"}
SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
_ACTIVE = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|RichMedia)\b")


def add_document(*, by: User | None, on: date, person: Person, kind: str, content: bytes, title: str = "") -> Document:
    """Keeps a PDF, JPEG or PNG file. What the file was called is not kept. The same bytes again give the document that is there.

    title: what the office calls it. Raises InputError O050 (kind, title), O056 (closed file), O057 (the file).
    """
    chosen(kind, DOCUMENTS, "kind")
    title = tidy(title)
    if len(title) > 120:
        raise InputError("O050", _("The title is too long."), at="title")
    media_type = media_type_of(content)
    digest = hashlib.sha256(content).hexdigest()
    with act("document.add", by=by, about=person, kind=kind) as entry:
        locked = open_file(by, "document.add", on, person)
        there = Document.plain.filter(person=locked, digest=digest, erased__isnull=True).first()
        if there is not None:
            return there
        document = Document.plain.create(
            person=locked,
            district_id=locked.district_id,
            kind=kind,
            title=title,
            media_type=media_type,
            size=len(content),
            digest=digest,
            added=entry.at,
        )
        note(entry, document=document.reference, sha256=digest)
        _keep(document, content)
    return document


def media_type_of(content: bytes) -> str:
    """What a file is by its bytes, whatever it is called. Raises InputError O057 for anything but a whole, passive PDF, JPEG or PNG."""
    if not content:
        raise InputError("O057", _("The file is empty."), at="file")
    if len(content) > MOST:
        raise InputError("O057", _("The file is too large: %(most)d megabytes at most.") % {"most": MOST // 1_000_000}, at="file")
    found = next((kind for start, kind in STARTS.items() if content.startswith(start)), None)
    if found is None:
        raise InputError("O057", _("Only PDF, JPEG and PNG files can be added."), at="file")
    if ENDS[found] not in content[-2048:]:
        raise InputError("O057", _("The file is not whole: take or scan it again."), at="file")
    if found == "application/pdf" and _ACTIVE.search(content):
        raise InputError("O057", _("This PDF has a program or other files in it: print it to a new PDF and add that one."), at="file")
    return found


def path_of(document: Document) -> Path:
    """Where a document's bytes are. Its name is the reference, which nobody outside can choose."""
    return folder() / document.reference[:2] / document.reference


def read_bytes(document: Document) -> bytes:
    """The bytes as they were added. Raises InputError O057 where they are gone or are others."""
    try:
        content = path_of(document).read_bytes()
    except OSError as error:
        raise InputError("O057", _("The file is not in the office's folder: restore it from the backup.")) from error
    if hashlib.sha256(content).hexdigest() != document.digest:
        raise InputError("O057", _("The file is not the one that was added: restore it from the backup."))
    return content


def delete_files(documents: Iterable[Document]) -> None:
    """Deletes the bytes of documents that were erased, once the act has succeeded."""
    paths = [path_of(document) for document in documents]

    def delete() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(delete)


def folder() -> Path:
    """The office's folder of documents; of an office in memory, a new one for this process."""
    if not settings.MEDIA_ROOT:
        settings.MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="socle-documents-"))
    return Path(settings.MEDIA_ROOT)


def _keep(document: Document, content: bytes) -> None:
    """Writes the bytes whole or not at all: to a new name, to the disk, then to its place."""
    path = path_of(document)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    with part.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
