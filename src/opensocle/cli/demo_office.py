"""The last part of the demonstration: an office with the people of Exemplia, and its pages."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from .. import country_folder
from ..errors import InputError
from .progress import Progress
from .reporting import counted, say
from .tables import table

if TYPE_CHECKING:
    from ..law.law import Law
    from ..office.demo.building import Built

COUNTRY, SEED = "exemplia", 1
LIBRARIES = ("allauth", "django", "splink", "typst", "waitress")
PORTS = range(8000, 8020)
"""The office is served at the first of these that is free."""
HERE = "127.0.0.1"


def office_of(home: Path, law: Law, tell: Callable[[str], None]) -> Built | None:
    """The office in the demonstration's folder, that of last time if it is the same; None where its libraries are not installed."""
    if any(find_spec(name) is None for name in LIBRARIES):
        tell("\n8. The office is left out: pip install 'opensocle[office]' brings what it needs.")
        return None
    from ..office.demo.building import MadeOf, build, logins

    title = {language: f"{name} (demonstration)" for language, name in law.country.title.items()}
    title |= {"fr": f"{law.country.title['fr']} (démonstration)"}
    started, took = time.monotonic(), time.process_time()
    with Progress("office") as bar:
        made = build(home / "office", MadeOf(home / "people", country_folder(COUNTRY), law.hash, title, SEED), bar.of)
    who = f"{counted(made.persons, 'person')} in its registry, and cases in every state"
    if made.made:
        seconds = f"{time.monotonic() - started:.0f} s, {time.process_time() - took:.0f} s of the processor"
        tell(f"\n8. The office: {who}; made in {made.folder} in {seconds}")
    else:
        tell(f"\n8. The office: {who}; {made.folder}, of last time")
    if made.untold:
        tell(f"   Too few people for some of the cases: {', '.join(name.replace('_', ' ') for name in made.untold)}")
    tell("\n" + table(("user", "role", "in", "reads"), logins(), (), indent="   "))
    tell(f"\n   The password of all of them: {made.password or 'as it was made'}. It is kept in {made.logins}, which only you can read.")
    return made


def serve(office: Built) -> None:
    """The office's pages, until Ctrl-C."""
    from ..office.running import prepare
    from ..office.running import serve as run

    place, port = prepare(office.folder), _free_port()
    say(f"\nThe office is at http://{HERE}:{port}/ — sign in as karim, for example. Ctrl-C stops it.")
    run(place, HERE, port)


def _free_port() -> int:
    for port in PORTS:
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((HERE, port))
            except OSError:
                continue
            return port
    raise InputError("O005", f"{HERE}:{PORTS[0]} to {PORTS[-1]} are all taken", hint="socle office serve --port PORT")
