"""`socle office token`: tokens by which other programs use the office's API."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from ..errors import InputError, nearest
from . import options
from .office import allowed, by_user, command, office_folder, opened
from .reporting import note, say, say_json
from .tables import table

SCOPES = "people:read, people:write, rights:read, claims:read, claims:write"
HOLDS = 90
"""Days that a token holds where nothing is said."""


@command.group("token", epilog=options.EXIT_CODES)
def token() -> None:
    """Make, list and end tokens by which other programs work for a user through the API.

    \b
    Examples:
      socle office token add amina --scope rights:read --title "hospital's system"
      socle office token list
    """


@token.command("add", epilog=options.EXIT_CODES)
@office_folder
@click.argument("user")
@click.option("--scope", "scopes", multiple=True, required=True, help=f"What it is for, several times: {SCOPES}.")
@click.option("--title", required=True, metavar="TEXT", help="Which program uses it.")
@options.day("--until", f"The first day on which it opens nothing; by default {HOLDS} days from now, a year at most.")
@by_user
@options.as_json
def add(folder: Path, user: str, scopes: tuple[str, ...], title: str, until: date | None, by: str | None, as_json: bool) -> None:
    """Make a token of the USER: it may do what its scopes and her roles both allow. It is shown once.

    \b
    Examples:
      socle office token add amina --scope rights:read --title "hospital's system"
      socle office token add amina --scope people:read --scope claims:write --title kiosk --until 2026-12-31
    """
    opened(folder)
    from ..office.api.services import make_token

    today = date.today()
    with allowed(by):
        made, text = make_token(
            user=_user(user), title=title, scopes=scopes, since=today, until=until or today + timedelta(days=HOLDS), by=_user(by) if by else None
        )
    if as_json:
        say_json({"number": made.pk, "token": text, "until": made.until})
    else:
        say(text)
        note(f"This is token {made.pk} of {user}, until {made.until}. It is not shown again: keep it where the other program keeps its secrets.")


@token.command("list", epilog=options.EXIT_CODES)
@office_folder
@options.as_json
def listed(folder: Path, as_json: bool) -> None:
    """List tokens, without what opens the door: only its digest is kept.

    \b
    Examples:
      socle office token list
      socle office token list --json
    """
    opened(folder)
    from ..office.api.models import Token

    rows = [_row(one) for one in Token.objects.select_related("user").order_by("pk")]
    heads = ("number", "user", "title", "scopes", "since", "until", "withdrawn")
    if as_json:
        say_json([dict(zip(heads, row, strict=True)) for row in rows])
    else:
        say(table(heads, rows, (0,)))


def _row(one: Any) -> tuple[str, ...]:
    return (str(one.pk), one.user.username, one.title, ", ".join(one.scopes), str(one.since), str(one.until), str(one.withdrawn or ""))


@token.command("end", epilog=options.EXIT_CODES)
@office_folder
@click.argument("number", type=int)
@by_user
def end(folder: Path, number: int, by: str | None) -> None:
    """End the token of this NUMBER at once: it opens nothing from now on.

    \b
    Examples:
      socle office token end 3
      socle office token end 3 --by david
    """
    opened(folder)
    from ..office.api.models import Token
    from ..office.api.services import withdraw_token

    found = Token.objects.select_related("user").filter(pk=number).first()
    if found is None:
        raise InputError("O311", f"there is no token {number}", hint="socle office token list")
    with allowed(by):
        withdraw_token(token=found, on=date.today(), by=_user(by) if by else None)
    say(f"Token {number} of {found.user.username} opens nothing any more.")


def _user(name: str) -> Any:
    from ..office.access.models import User

    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        names = list(User.objects.filter(is_active=True).values_list("username", flat=True))
        raise InputError("O021", f"there is no active user {name!r}", hint=nearest(name, names))
    return found
