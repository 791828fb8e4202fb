"""Finds what a command is about: a country's folder or the name of one that comes with the program; its law with reforms; people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .. import country_folder, country_names
from ..errors import InputError, nearest

if TYPE_CHECKING:
    from ..law.law import Law
    from ..law.model import Scheme
    from ..population.tables import Population

_PARTS = ("country.yaml", "concepts.yaml", "schemes")


def find_country(name: str) -> Path:
    """The folder of a country given by its path or by its name among those of the program. Raises InputError U010, U011."""
    path, names = Path(name), country_names()
    if any((path / part).exists() for part in _PARTS):
        return path
    if name in names:
        return country_folder(name)
    if path.is_dir():
        hint = "name the folder that holds country.yaml; `socle new FOLDER` makes a small country"
        raise InputError("U011", "this folder is not a country: there is no country.yaml in it", at=name, hint=hint)
    if path.exists():
        raise InputError("U011", "this is a file, not the folder of a country", at=name, hint=f"perhaps {path.parent}")
    hint = nearest(name, names)
    also = "" if hint.startswith("known") else f" (known: {', '.join(names)})"
    raise InputError("U010", f"there is no folder {name!r}, and no country of this name comes with the program", hint=hint + also)


def is_packaged(folder: Path) -> bool:
    """Whether a country's folder is one of the program's own."""
    return folder.name in country_names() and folder == country_folder(folder.name)


def load_law(country: str, reforms: Sequence[str] = ()) -> Law:
    """The law of a country with reforms (overlay files) applied in turn. Raises InputError, Problems."""
    from ..law.law import load

    law = load(find_country(country))
    return law.with_(*reforms) if reforms else law


def find_scheme(law: Law, name: str) -> Scheme:
    """A scheme of the law, or its concepts. Raises InputError U012."""
    if name != "concepts" and name not in law.schemes:
        raise InputError("U012", f"the law has no scheme {name!r}", hint=nearest(name, [*law.schemes, "concepts"]))
    return law.owner(name)


def open_people(path: str) -> Population:
    """The population in a folder or in one Parquet file. Raises DataError, InputError U013."""
    from ..population.tables import Population

    place = Path(path)
    if place.is_file() and place.suffix.lower() != ".parquet":
        raise InputError("U013", "only a folder of a population or a Parquet file can be opened as it is", at=path, hint="read it with --mapping")
    return Population.open(place)
