"""`socle office revise`: rights whose law or facts have changed, and computing them again."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from . import options
from .office import command, office_folder, opened
from .reporting import say, say_json
from .tables import table


@command.command("revise", epilog=options.EXIT_CODES)
@office_folder
@click.option("--apply", "apply_it", is_flag=True, help="Compute them again: arrears and overpayments of past months, the amount from now on.")
@options.day("--on", "The day that counts as today.", default=None)
@options.as_json
def revise(folder: Path, apply_it: bool, on: date | None, as_json: bool) -> None:
    """List the rights whose law or facts have changed since they were computed, or whose review is due; compute them again with --apply.

    \b
    Examples:
      socle office revise
      socle office revise --apply
      socle office revise --on 2027-01-01 --json
    """
    opened(folder)
    from ..office.cases.revising import causes_of, rights_to_revise

    day = on or date.today()
    if not apply_it:
        found = Counter((right.scheme, cause) for right in rights_to_revise(None, day) for cause in causes_of(right))
        if as_json:
            say_json([{"scheme": scheme, "cause": cause, "rights": count} for (scheme, cause), count in sorted(found.items())])
        else:
            say(table(("scheme", "cause", "rights"), [(*key, str(count)) for key, count in sorted(found.items())], (2,)))
        return
    from ..office.cases.services import revise_all

    done = revise_all(by=None, on=day)
    if as_json:
        say_json(asdict(done))
        return
    say(f"{done.looked} rights computed again: {done.changed} changed, {done.ended} of them ended; {len(done.undecided)} lack facts.")
    say(f"Arrears {done.arrears}, overpayments {done.overpaid}, in the currency's smallest unit.")
    if done.undecided:
        say(f"Lacking facts: {', '.join(done.undecided)}")
