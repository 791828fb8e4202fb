"""`socle office retention`: what the office has kept long enough, and erasing it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from . import options
from .office import command, office_folder, opened
from .reporting import say, say_json
from .tables import table


@command.command("retention", epilog=options.EXIT_CODES)
@office_folder
@click.option("--apply", "apply_it", is_flag=True, help="Erase it. It cannot be brought back but from a backup.")
@options.day("--on", "The day that counts as today.", default=None)
@options.as_json
def retention(folder: Path, apply_it: bool, on: date | None, as_json: bool) -> None:
    """List what has been kept for as long as office.yaml says, and erase it with --apply: files, documents, sign-ins, sessions, drafts.

    \b
    Examples:
      socle office retention
      socle office retention --apply
      socle office retention --on 2036-01-01 --json
    """
    place = opened(folder)
    from ..office.people.services.retention import apply, due

    day = on or date.today()
    found = due(day)
    done = apply(found, on=day) if apply_it else found
    if as_json:
        said = {"on": day.isoformat(), "erased": apply_it, "files": list(done.files), "documents": {k: list(v) for k, v in done.documents.items()}}
        say_json({**said, "sign_ins": done.sign_ins, "sessions": done.sessions, "drafts": done.drafts})
        return
    counts = [
        ("files", place.retention["files"], len(done.files)),
        ("documents", place.retention["documents"], sum(map(len, done.documents.values()))),
        ("sign-ins", place.retention["sign_ins"], done.sign_ins),
        ("sessions that ended", "", done.sessions),
        ("drafts that ended", "", done.drafts),
    ]
    rows = [(name, str(months), str(count)) for name, months, count in counts]
    say(table(("what", "months", "erased" if apply_it else "due"), rows, (1, 2)))
    if found and not apply_it:
        say("Next: back the office up, then socle office retention --apply")
