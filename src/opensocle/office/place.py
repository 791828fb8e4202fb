"""Where an office keeps its things: a folder with `office.yaml`, its secret, database, documents, laws and backups.

office.yaml
    title: {en: …, fr: …}
    country: XE
    languages: [en, fr]
    time_zone: UTC
    hosts: [localhost, 127.0.0.1]          # names by which the office is reached
    https: false                           # true where a server in front of it speaks HTTPS: then cookies and redirects insist on it
    registers: [events, benefits_in_payment]   # histories that the office keeps whole: there, no row means none; elsewhere it is unknown
    retention: {files: 120, documents: 60, sign_ins: 12}   # months after which they are erased: socle office retention
    provider: {title: …, server: "https://id.gov.example", client: …}   # signing in through OpenID Connect; its secret is in provider.key
    database: sqlite                       # or postgresql://user@host:5432/name; the password stays in the environment (PGPASSWORD)
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..errors import InputError, Problems, SocleError, nearest
from ..vocabulary.model import HISTORIES

VARIABLE = "OPENSOCLE_OFFICE"
FILE, SECRET, PROVIDER_SECRET = "office.yaml", "secret.key", "provider.key"
KEYS = ("title", "country", "languages", "time_zone", "hosts", "https", "database", "registers", "retention", "provider")
PROVIDER = ("title", "server", "client")
RETENTION = {"files": 120, "documents": 60, "sign_ins": 12}
"""Months for which the office keeps a file after the last thing that happened in it, documents after theirs, and who signed in from where."""
LANGUAGES = ("en", "fr")


@dataclass(frozen=True)
class Place:
    """An office's folder and what `office.yaml` says. A folder of None is an office in memory, for tests."""

    folder: Path | None = None
    title: Mapping[str, str] = field(default_factory=lambda: {"en": "Social protection office", "fr": "Bureau de la protection sociale"})
    country: str = "XE"
    languages: tuple[str, ...] = LANGUAGES
    time_zone: str = "UTC"
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]", "testserver")
    https: bool = False
    registers: tuple[str, ...] = ("events", "benefits_in_payment")
    retention: Mapping[str, int] = field(default_factory=lambda: dict(RETENTION))
    provider: Mapping[str, str] = field(default_factory=dict)
    provider_secret: str = field(default="", repr=False)
    database: str = "sqlite"
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(64), repr=False)

    def path(self, name: str) -> Path | None:
        """A file or folder of the office."""
        return self.folder / name if self.folder else None


def current() -> Place:
    """The office named by the environment variable OPENSOCLE_OFFICE; without it an office in memory."""
    folder = os.environ.get(VARIABLE)
    return read_place(Path(folder)) if folder else Place(database=os.environ.get("OPENSOCLE_OFFICE_DATABASE", "sqlite"))


def read_place(folder: Path) -> Place:
    """The office in a folder. Raises Problems with every fault of office.yaml (O001 … O003)."""
    path = folder / FILE
    if not path.is_file():
        raise InputError("O001", "there is no office here", at=str(folder), hint="make one: socle office init FOLDER")
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError("O002", "this is not YAML", at=str(path), hint=str(error).splitlines()[0]) from error
    problems = _faults(said, str(path))
    if isinstance(said, dict) and said.get("provider") and not (folder / PROVIDER_SECRET).is_file():
        problems.append(
            InputError("O003", "the identity provider's secret is not there", at=str(folder / PROVIDER_SECRET), hint="write it into the file")
        )
    if problems:
        raise Problems(problems)
    secret = folder / SECRET
    if not secret.is_file():
        raise InputError("O003", "the office has no secret", at=str(secret), hint="restore the file from the backup; a new one ends all sessions")
    values: dict[str, Any] = {key: tuple(said[key]) if key in ("languages", "hosts", "registers") else said[key] for key in KEYS if key in said}
    values["retention"] = {**RETENTION, **values.get("retention", {})}
    if said.get("provider"):
        values["provider_secret"] = (folder / PROVIDER_SECRET).read_text(encoding="utf-8").strip()
    return Place(folder=folder, secret=secret.read_text(encoding="utf-8").strip(), **values)


def _faults(said: object, at: str) -> list[SocleError]:
    if not isinstance(said, dict):
        return [InputError("O002", "office.yaml has no keys", at=at, hint=f"write {', '.join(KEYS)}")]
    found: list[SocleError] = [
        InputError("O002", f"office.yaml has no key {key!r}", at=at, hint=nearest(str(key), KEYS)) for key in said if key not in KEYS
    ]
    kinds = {"title": dict, "country": str, "languages": list, "time_zone": str, "hosts": list, "https": bool, "database": str, "registers": list}
    kinds |= {"retention": dict, "provider": dict}
    for key, kind in kinds.items():
        if key in said and not isinstance(said[key], kind):
            found.append(InputError("O002", f"{key} is {type(said[key]).__name__}, not {kind.__name__}", at=at))
    unknown = [language for language in said.get("languages") or () if language not in LANGUAGES]
    found += [InputError("O002", f"there is no language {language!r}", at=at, hint=f"use {', '.join(LANGUAGES)}") for language in unknown]
    unkept = [name for name in said.get("registers") or () if name not in HISTORIES]
    found += [InputError("O002", f"there is no register {name!r}", at=at, hint=f"use {', '.join(HISTORIES)}") for name in unkept]
    found += [*_faults_of_retention(said.get("retention"), at), *_faults_of_provider(said.get("provider"), at)]
    database = said.get("database")
    if isinstance(database, str) and database != "sqlite" and not database.startswith("postgresql://"):
        found.append(InputError("O002", f"{database!r} is no database", at=at, hint="write sqlite or postgresql://user@host:5432/name"))
    return found


def _faults_of_provider(provider: object, at: str) -> list[SocleError]:
    if not isinstance(provider, dict) or not provider:
        return []
    wrong = [name for name in (*PROVIDER, *provider) if name not in PROVIDER or not isinstance(provider.get(name), str)]
    found: list[SocleError] = [
        InputError("O002", f"provider: {name} is missing or wrong", at=at, hint=f"write {', '.join(PROVIDER)}") for name in wrong
    ]
    if not wrong and not provider["server"].startswith("https://"):
        found.append(InputError("O002", "provider: the server is reached by https://", at=at))
    return found


def _faults_of_retention(months: object, at: str) -> list[SocleError]:
    found: list[SocleError] = []
    for name, count in months.items() if isinstance(months, dict) else ():
        if name not in RETENTION:
            found.append(InputError("O002", f"retention has no key {name!r}", at=at, hint=nearest(str(name), list(RETENTION))))
        elif isinstance(count, bool) or not isinstance(count, int) or count < 1:
            found.append(InputError("O002", f"retention of {name} is {count!r}, not a number of months", at=at))
    return found


def make_place(folder: Path, said: Mapping[str, object]) -> Place:
    """A new office's folder, with a secret of its own that only its owner can read. Raises InputError O004 where something is there already."""
    if (folder / FILE).exists():
        raise InputError("O004", "there is an office here already", at=str(folder))
    for name in ("documents", "laws", "backups"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    secret = folder / SECRET
    secret.touch(mode=0o600)
    secret.write_text(secrets.token_urlsafe(64), encoding="utf-8")
    (folder / FILE).write_text(yaml.safe_dump(dict(said), allow_unicode=True, sort_keys=False), encoding="utf-8")
    return read_place(folder)
