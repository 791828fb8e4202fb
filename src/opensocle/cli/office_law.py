"""`socle office law`: the laws of an office, from a folder to the counter."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from . import options
from .locating import find_country
from .office import allowed, by_user, command, office_folder, opened
from .progress import Progress
from .reporting import say, say_json
from .tables import table


@command.group("law", epilog=options.EXIT_CODES)
def law() -> None:
    """Install a law, try it on the registry, propose it from a month on, approve it.

    \b
    Examples:
      socle office law install exemplia
      socle office law compare 786d77 2026-07
      socle office law propose 786d77 2026-07
    """


@law.command("install", epilog=options.EXIT_CODES)
@office_folder
@click.argument("country")
@click.option("--title", default="", help="What the law is called in lists; by default the country's name.")
@by_user
@options.as_json
def install(folder: Path, country: str, title: str, by: str | None, as_json: bool) -> None:
    """Install the law of COUNTRY: checked, with all its worked cases run. It is not in force before it is approved.

    \b
    Examples:
      socle office law install exemplia
      socle office law install mycountry --title "Finance Act 2027"
    """
    source = find_country(country)
    opened(folder)
    from ..office.laws import commands

    with allowed(by):
        found = commands.install(source, on=date.today(), by=by, title=title)
    if as_json:
        say_json(found)
    else:
        say(f"The law {found['hash'][:12]} is installed; {found['cases']} worked cases pass.")
        say(f"Next: socle office law compare {found['hash'][:12]} MONTH")


@law.command("compare", epilog=options.EXIT_CODES)
@office_folder
@click.argument("hash")
@click.argument("month")
@by_user
@options.progress
@options.as_json
def compare(folder: Path, hash: str, month: str, by: str | None, progress: bool, as_json: bool) -> None:
    """Try the law of this HASH on the whole registry in a MONTH beside the law in force: who gains, who loses, what it costs.

    \b
    Examples:
      socle office law compare 786d77 2026-07
      socle office law compare 786d77 2026-07 --json
    """
    opened(folder)
    from ..office.laws import commands

    with Progress("registry", progress), allowed(by):
        found = commands.compare(hash, month, on=date.today(), by=by)
    if as_json:
        say_json(found)
    else:
        say(f"Both laws were run on {found['persons']:,} persons for {found['month']}. Look at it in the office, or with --json.")


@law.command("propose", epilog=options.EXIT_CODES)
@office_folder
@click.argument("hash")
@click.argument("month")
@by_user
def propose(folder: Path, hash: str, month: str, by: str | None) -> None:
    """Propose the law of this HASH from a MONTH on. Another person has to approve it.

    \b
    Examples:
      socle office law propose 786d77 2026-07
      socle office law propose 786d77 2026-07 --by karim
    """
    opened(folder)
    from ..office.laws import commands

    with allowed(by):
        commands.propose(hash, month, on=date.today(), by=by)
    say(f"The law is proposed from {month} on. Next: another person approves it: socle office law approve {hash} {month} --by USER")


@law.command("approve", epilog=options.EXIT_CODES)
@office_folder
@click.argument("hash")
@click.argument("month")
@click.option("--by", metavar="USER", required=True, help="The user who approves; not the one who proposed.")
def approve(folder: Path, hash: str, month: str, by: str) -> None:
    """Approve the proposal of the law of this HASH from a MONTH on: it is then applied from that month.

    \b
    Examples:
      socle office law approve 786d77 2026-07 --by amina
      socle office law approve 786d77 2026-07 --by amina --office /srv/office
    """
    opened(folder)
    from ..office.laws import commands

    with allowed(by):
        commands.approve(hash, month, on=date.today(), by=by)
    say(f"The law is applied from {month} on.")


@law.command("list", epilog=options.EXIT_CODES)
@office_folder
@options.as_json
def listed(folder: Path, as_json: bool) -> None:
    """List the installed laws, the latest first.

    \b
    Examples:
      socle office law list
      socle office law list --json
    """
    opened(folder)
    from ..office.laws import commands

    found: list[dict[str, Any]] = commands.listing()
    if as_json:
        say_json(found)
        return
    rows = [(law["hash"][:12], law["title"], "; ".join(f"{e['since']} {e['state']}" for e in law["in_force"])) for law in found]
    say(table(("law", "title", "from"), rows, ()))
