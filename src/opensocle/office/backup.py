"""Backups: one archive with the database, the documents and the settings, and the hash of each file; restored only if all hashes are right.

SQLite is copied while the office works (its own online backup); PostgreSQL by pg_dump. The secret is not in the archive: keep it elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from pathlib import Path

from .. import __version__
from ..errors import InputError
from .place import FILE, SECRET, Place

MANIFEST = "manifest.json"
DATABASE, DUMP = "office.sqlite3", "office.dump"


def back_up(place: Place, to: Path) -> str:
    """Writes the archive and returns the SHA-256 of its manifest. Raises InputError O030 where the file exists, O031 where pg_dump fails."""
    if place.folder is None:
        raise InputError("O030", "an office in memory has no backup")
    if to.exists():
        raise InputError("O030", "the file exists", at=str(to), hint="backups are never overwritten: name another")
    with tempfile.TemporaryDirectory(dir=to.parent) as made:
        copy = _copy_of_database(place, Path(made))
        hashes: dict[str, str] = {}
        part = Path(made) / "archive"
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=1) as archive:
            for name, path in [(FILE, place.folder / FILE), (copy.name, copy), *_documents(place.folder)]:
                hashes[name] = _digest(path)
                archive.write(path, name)
            manifest = json.dumps({"program": __version__, "files": hashes}, sort_keys=True, indent=1)
            archive.writestr(MANIFEST, manifest)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(to)
    return hashlib.sha256(manifest.encode()).hexdigest()


def restore(archive: Path, folder: Path, secret: str | None = None) -> dict[str, str]:
    """Puts a backup into a new folder; returns the hash of each file. Nothing is left behind where anything is wrong (O032)."""
    if folder.exists() and any(folder.iterdir()):
        raise InputError("O032", "the folder is not empty", at=str(folder), hint="restore into a new folder, then change places")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        inside = Path(made) / "office"
        inside.mkdir()
        hashes = _unpack(archive, inside)
        for name in ("documents", "laws", "backups"):
            (inside / name).mkdir(exist_ok=True)
        if secret is not None:
            (inside / SECRET).touch(mode=0o600)
            (inside / SECRET).write_text(secret, encoding="utf-8")
        if folder.exists():
            folder.rmdir()
        inside.replace(folder)
    return hashes


def _unpack(archive: Path, inside: Path) -> dict[str, str]:
    try:
        with zipfile.ZipFile(archive) as packed:
            hashes: dict[str, str] = json.loads(packed.read(MANIFEST))["files"]
            if set(packed.namelist()) != {MANIFEST, *hashes}:
                raise InputError("O032", "the archive holds other files than its list says", at=str(archive))
            for name in hashes:
                target = inside / name
                if not target.resolve().is_relative_to(inside.resolve()):
                    raise InputError("O032", f"{name} lies outside the office", at=str(archive))
                target.parent.mkdir(parents=True, exist_ok=True)
                with packed.open(name) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise InputError("O032", "this is no whole backup of an office", at=str(archive), hint=str(error)) from error
    wrong = [name for name, hash in hashes.items() if _digest(inside / name) != hash]
    if wrong:
        raise InputError("O032", f"{', '.join(wrong)} is not what was backed up", at=str(archive), hint="take another backup")
    return hashes


def load_dump(place: Place) -> None:
    """Loads the dump of a restored PostgreSQL office into the database that its office.yaml names. Raises InputError O031."""
    dump = place.path(DUMP)
    if dump is not None and dump.is_file():
        _run(["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--dbname", place.database, str(dump)])


def _copy_of_database(place: Place, into: Path) -> Path:
    if place.database != "sqlite":
        _run(["pg_dump", "--format=custom", "--file", str(into / DUMP), place.database])
        return into / DUMP
    source = sqlite3.connect(f"file:{place.path(DATABASE)}?mode=ro", uri=True)
    copy = sqlite3.connect(into / DATABASE)
    with source, copy:
        source.backup(copy)  # in one step: in several, each row that the office writes meanwhile would make it begin again
    source.close()
    copy.close()
    return into / DATABASE


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise InputError("O031", f"{command[0]} is not installed", hint="apt-get install postgresql-client") from error
    except subprocess.CalledProcessError as error:
        raise InputError(
            "O031", f"{command[0]} failed: {error.stderr.strip().splitlines()[-1] if error.stderr.strip() else error.returncode}"
        ) from error


def _documents(folder: Path) -> list[tuple[str, Path]]:
    return [(str(path.relative_to(folder)), path) for path in sorted((folder / "documents").rglob("*")) if path.is_file()]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
