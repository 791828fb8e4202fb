"""Files that a user has sent for an import: kept in the office's folder until they are imported, for her only.

Rows that were set aside stay until she deletes them.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from ...access.models import User
from ...access.rules import NotThere
from ...references import new_reference, read_reference

MOST_BYTES = 200_000_000
"""Of all files of one import that is sent by a page; larger ones are for the command."""
KEPT = timedelta(days=1)
"""How long files wait that are not imported."""
ABOUT, MAPPING, REJECTED, DATA = "about.json", "mapping.yaml", "rejected.csv", "data"


@dataclass
class Upload:
    """What was sent. result: what the import did, when it is done."""

    reference: str
    user: int
    source: str
    area: str
    since: str
    sent: str
    mapped: bool
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return _root() / self.reference

    @property
    def rejected(self) -> Path:
        return self.folder / REJECTED

    @property
    def arguments(self) -> dict[str, Any]:
        """For `preview_people` and `import_people`."""
        day = date.fromisoformat(self.since) if self.since else None
        mapping = self.folder / DATA / MAPPING if self.mapped else None
        return {"files": self.folder / DATA, "mapping": mapping, "source": self.source, "area": self.area or None, "since": day}

    def save(self) -> None:
        (self.folder / ABOUT).write_text(json.dumps(asdict(self)), encoding="utf-8")


def _root() -> Path:
    return settings.PLACE.path("imports") or Path(tempfile.gettempdir()) / "socle-imports"


def receive(
    *, by: User, files: Iterable[UploadedFile], mapping: UploadedFile | None, source: str, area: str, since: date | None, now: datetime
) -> Upload:
    """Keeps the files in a new folder that only the program can read; those of others that waited too long are deleted."""
    sweep(now)
    upload = Upload(new_reference(), by.pk, source, area, since.isoformat() if since else "", now.astimezone(UTC).isoformat(), mapping is not None)
    _root().mkdir(mode=0o700, parents=True, exist_ok=True)
    upload.folder.mkdir(mode=0o700)
    (upload.folder / DATA).mkdir()
    for sent, name in [*((one, Path(one.name or "file").name) for one in files), *([(mapping, MAPPING)] if mapping else [])]:
        with (upload.folder / DATA / name).open("wb") as file:
            for chunk in sent.chunks():
                file.write(chunk)
    upload.save()
    return upload


def find(reference: str, user: User) -> Upload:
    """The user's own upload. Raises NotThere."""
    known = read_reference(reference)
    about = _root() / (known or "-") / ABOUT
    if known is None or not about.is_file():
        raise NotThere(reference)
    upload = Upload(**json.loads(about.read_text(encoding="utf-8")))
    if upload.user != user.pk:
        raise NotThere(reference)
    return upload


def finish(upload: Upload, result: dict[str, Any]) -> None:
    """Deletes what was imported; what was set aside stays."""
    upload.result = result
    upload.save()
    shutil.rmtree(upload.folder / DATA, ignore_errors=True)


def forget(upload: Upload) -> None:
    """Deletes everything, also the rows that were set aside."""
    shutil.rmtree(upload.folder, ignore_errors=True)


def sweep(now: datetime) -> None:
    """Deletes files that were sent and never imported."""
    for about in _root().glob(f"*/{ABOUT}"):
        upload = Upload(**json.loads(about.read_text(encoding="utf-8")))
        if not upload.result and now - datetime.fromisoformat(upload.sent) > KEPT:
            forget(upload)
