"""A demonstration office in a folder of its own: made once, used again as long as nothing that it is made of has changed.

Nothing here needs Django to be ready: `build` makes it so.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from ... import __version__
from ...errors import InputError
from ...vocabulary.model import HISTORIES
from .. import running
from ..place import FILE, Place
from .staff import STAFF

MARK, LOGINS = "demo-office.json", "logins.txt"
HERE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Built:
    """The office. password: of all its users, known only when it was made just now. persons: in the registry; untold: stories with nobody in them."""

    folder: Path
    made: bool
    persons: int
    password: str = ""
    refused: int = 0
    untold: tuple[str, ...] = ()

    @property
    def logins(self) -> Path:
        """The file with users and password, which only its owner can read."""
        return self.folder / LOGINS


def same(folder: Path, wanted: Mapping[str, Any]) -> Built | None:
    """The office of last time, if it was made of the same."""
    try:
        said = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if said.get("made_of") != dict(wanted) or not (folder / FILE).is_file() or not (folder / LOGINS).is_file():
        return None
    return Built(folder, False, said["persons"], refused=said["refused"], untold=tuple(said["untold"]))


@dataclass(frozen=True)
class MadeOf:
    """What an office is made of. population: a folder of people of the country; country: the folder of its law; seed: of names."""

    population: Path
    country: Path
    law_hash: str
    title: Mapping[str, str]
    seed: int

    def as_data(self) -> dict[str, Any]:
        """The same in a form that changes with every part: people, law, program, the form of its database, stories."""
        forms = sorted(path.relative_to(HERE).as_posix() for path in HERE.glob("*/migrations/*.py"))
        stories = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
        return {
            "people": sha256((self.population / "population.yaml").read_bytes()).hexdigest(),
            "law": self.law_hash,
            "seed": self.seed,
            "program": __version__,
            "database": sha256("\n".join(forms).encode()).hexdigest(),
            "stories": sha256(stories).hexdigest(),
        }


def build(folder: Path, wanted: MadeOf, progress: Callable[[int, int], None] | None = None) -> Built:
    """The office in a folder: that of last time if it is the same, a new one otherwise. Raises InputError O004 where another office is there."""
    found = same(folder, wanted.as_data())
    if found:
        return found
    if (folder / FILE).exists() and not (folder / MARK).exists():
        raise InputError("O004", "there is an office here that the demonstration did not make", at=str(folder), hint="choose another --folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("{}\n", encoding="utf-8")  # the folder is ours from now on, and the office is not ready
    password = secrets.token_urlsafe(12)
    place = _make(folder, wanted)
    from .filling import fill

    filled = fill(wanted.population, wanted.country, password, wanted.seed, progress)
    _write_logins(folder / LOGINS, place, password)
    said = {"made_of": wanted.as_data(), "persons": filled.persons, "refused": filled.refused, "untold": list(filled.untold)}
    (folder / MARK).write_text(json.dumps(said) + "\n", encoding="utf-8")
    return Built(folder, True, filled.persons, password, filled.refused, filled.untold)


def _make(folder: Path, wanted: MadeOf) -> Place:
    """A new office with the country's areas, which keeps every register."""
    said = {"title": dict(wanted.title), "country": "XE", "languages": ["en", "fr"], "time_zone": "UTC"}
    place = running.init(folder, {**said, "hosts": ["localhost", "127.0.0.1"], "https": False, "registers": list(HISTORIES), "database": "sqlite"})
    from ..places.reading import read_areas
    from ..places.services import load_areas

    areas = wanted.country / "data" / "areas.csv"
    load_areas(read_areas(areas.read_text(encoding="utf-8-sig"), str(areas)), by=None)
    return place


def logins() -> list[tuple[str, str, str, str]]:
    """Name, role, area and language of every user."""
    return [(member.name, member.role, member.area, member.language) for member in STAFF]


def _write_logins(path: Path, place: Place, password: str) -> None:
    """The file of logins, made so that nobody else can read it at any time."""
    rows = [f"{name:<8} {role:<14} {area:<6} {language}" for name, role, area, language in logins()]
    text = "\n".join([f"Users of the demonstration office ({place.title['en']}). All have the password {password}", "", *rows, ""])
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
