"""`socle office user` and `audit`: who works with the office, and what was done in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from ..errors import InputError, nearest
from . import options
from .office import command, office_folder, opened
from .reporting import FOUND, say, say_json
from .tables import table


@command.group("user", epilog=options.EXIT_CODES)
def user() -> None:
    """Add users, give them roles in areas, end them.

    \b
    Examples:
      socle office user add amina --role caseworker --area d01
      socle office user list
    """


@user.command("add", epilog=options.EXIT_CODES)
@office_folder
@click.argument("name")
@click.option("--role", required=True, help="intake, caseworker, supervisor, appeals, payments, auditor, administrator, analyst.")
@click.option("--area", required=True, help="The code of the area in which the role holds, with everything below.")
@click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True, help="In which she reads the pages.")
@options.day("--since", "The first day.", default=None)
@click.option("--password", help="At least 12 characters; asked for where it is not given.")
@click.option("--no-password", is_flag=True, help="She signs in through the identity provider only.")
def add(folder: Path, name: str, role: str, area: str, language: str, since: date | None, password: str | None, no_password: bool) -> None:
    """Add the user NAME with a role, or give one more role to a user who is there.

    \b
    Examples:
      socle office user add amina --role caseworker --area d01
      socle office user add karim --role supervisor --area north --language fr
      socle office user add awa --role intake --area d02 --no-password
    """
    opened(folder)
    from ..office.access.models import User
    from ..office.access.services import make_user, post

    where = _area(area)
    known = User.objects.filter(username=name).first()
    if known is None and not no_password and password is None:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    made = known or make_user(username=name, password=None if no_password else password, language=language)
    post(user=made, role=role, area=where, since=since or date.today())
    say(f"{name} is {role} in {where.name_en} ({where.code})")


@user.command("list", epilog=options.EXIT_CODES)
@office_folder
@options.as_json
def listed(folder: Path, as_json: bool) -> None:
    """List users and their roles.

    \b
    Examples:
      socle office user list
      socle office user list --json
    """
    opened(folder)
    from ..office.access.models import Posting

    rows = [
        (p.user.username, p.role, p.area.code, str(p.since), str(p.until or ""))
        for p in Posting.objects.select_related("user", "area").order_by("user")
    ]
    if as_json:
        say_json([dict(zip(("user", "role", "area", "since", "until"), row, strict=True)) for row in rows])
    else:
        say(table(("user", "role", "area", "since", "until"), rows, ()))


@user.command("end", epilog=options.EXIT_CODES)
@office_folder
@click.argument("name")
@options.day("--on", "The first day without roles.", default=None)
def end(folder: Path, name: str, on: date | None) -> None:
    """End all roles of the user NAME, who can no longer sign in.

    \b
    Examples:
      socle office user end amina
      socle office user end amina --on 2026-04-01
    """
    opened(folder)
    from ..office.access.models import User
    from ..office.access.services import close_user

    names = list(User.objects.values_list("username", flat=True))
    found = User.objects.filter(username=name).first()
    if found is None:
        raise InputError("O021", f"there is no user {name!r}", hint=nearest(name, names))
    close_user(user=found, on=on or date.today())
    say(f"{name} has no role any more.")


def _area(code: str) -> Any:
    from ..office.places.models import Area

    found = Area.objects.filter(code=code).first()
    if found is None:
        raise InputError("O011", f"there is no area {code!r}", hint=nearest(code, list(Area.objects.values_list("code", flat=True))))
    return found


@command.group("audit", epilog=options.EXIT_CODES)
def audit() -> None:
    """Verify the audit, and show who saw or changed a file.

    \b
    Examples:
      socle office audit verify
      socle office audit show 7KQ2-M9XD-4TRC
    """


@audit.command("verify", epilog=options.EXIT_CODES)
@office_folder
@click.pass_context
def verify(ctx: click.Context, folder: Path) -> None:
    """Compute the chain of seals again, and find rows that were changed past the program.

    \b
    Examples:
      socle office audit verify
      socle office audit verify --office /srv/office
    """
    opened(folder)
    from ..office.audit.selectors import verify as compute

    verdict = compute()
    say(f"{verdict.entries:,} acts; the chain ends in {verdict.end}")
    for what, numbers in (
        ("broken seals", verdict.broken),
        ("acts without a seal", verdict.unsealed),
        ("rows changed past the program", verdict.outside),
    ):
        if numbers:
            say(f"{len(numbers)} {what}: {', '.join(map(str, numbers[:20]))}{' …' if len(numbers) > 20 else ''}")
    if not verdict.sound:
        ctx.exit(FOUND)
    say("The audit is whole.")


@audit.command("show", epilog=options.EXIT_CODES)
@office_folder
@click.argument("reference")
@options.as_json
def show(folder: Path, reference: str, as_json: bool) -> None:
    """Show every act about a person, household, claim or decision by its REFERENCE, the first one first.

    \b
    Examples:
      socle office audit show 7KQ2-M9XD-4TRC
      socle office audit show 7KQ2-M9XD-4TRC --json
    """
    opened(folder)
    from ..office.audit.selectors import acts_about

    rows = [(f"{e.at:%Y-%m-%d %H:%M:%S}", e.by.username if e.by else "program", e.origin, e.action) for e in acts_about(reference)]
    if not rows:
        raise InputError("O012", f"nothing is known about {reference!r}", hint="references look like 7KQ2-M9XD-4TRC")
    if as_json:
        say_json([dict(zip(("at", "by", "origin", "action"), row, strict=True)) for row in rows])
    else:
        say(table(("at", "by", "from", "action"), rows, ()))
