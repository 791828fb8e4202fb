"""`socle office`: the application with which an institution works. Django is imported when one of its commands runs."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import InputError
from . import options
from .locating import find_country
from .reporting import FOUND, say, say_json
from .tables import table

if TYPE_CHECKING:
    from ..office.place import Place

office_folder = click.option(
    "--office",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("office"),
    envvar="OPENSOCLE_OFFICE",
    show_default=True,
    help="The office's folder.",
)


@options.group("office")
def command() -> None:
    """The office: people, rights, claims and decisions, for the counters of an institution.

    An office is a folder with its settings, secret, database and documents. Other commands find it by --office or OPENSOCLE_OFFICE.

    \b
    Examples:
      socle office init office --country exemplia
      socle office user add amina --role caseworker --area d01
      socle office serve
    """


def opened(folder: Path) -> Place:
    """The office, with Django made ready. Raises InputError O006 where Django is not installed."""
    try:
        import django  # noqa: F401
    except ModuleNotFoundError as error:
        raise InputError("O006", "the office's libraries are not installed", hint="pip install 'opensocle[office]'") from error
    from ..office.running import prepare

    return prepare(folder)


by_user = click.option("--by", metavar="USER", help="The user who does it; by default the operator of the machine.")


@contextmanager
def allowed(by: str | None) -> Generator[None]:
    """What a user may not do, and what does not exist for her, as an error that says so: InputError O023."""
    from django.core.exceptions import PermissionDenied
    from django.http import Http404

    try:
        yield
    except (PermissionDenied, Http404) as error:
        raise InputError("O023", f"{by or 'this'} may not do that here: {error}", hint="look at the roles: socle office user list") from error


@command.command("init", epilog=options.EXIT_CODES)
@click.argument("folder", type=click.Path(path_type=Path), default=Path("office"))
@click.option("--country", default="exemplia", show_default=True, help="A country's folder, or one that comes with the program.")
@click.option("--areas", type=click.Path(path_type=Path), help="The tree of areas, CSV; by default data/areas.csv of the country's folder.")
@click.option("--title", help="The office's name; by default the country's.")
@click.option("--database", default="sqlite", show_default=True, help="sqlite, or postgresql://user@host:5432/name with the password in PGPASSWORD.")
@click.option("--host", "hosts", multiple=True, help="A name by which the office is reached, besides localhost.")
@click.option("--https", is_flag=True, help="A server in front of the office speaks HTTPS.")
def init(folder: Path, country: str, areas: Path | None, title: str | None, database: str, hosts: tuple[str, ...], https: bool) -> None:
    """Make a new office in FOLDER: its settings, secret and database, and the country's areas.

    \b
    Examples:
      socle office init office --country exemplia
      socle office init /srv/office --country mycountry --database postgresql://socle@db/socle --host office.gov.example --https
    """
    from ..law.law import load

    source = find_country(country)
    law = load(source)
    titles = {language: title or law.country.title.get(language, law.country.code) for language in ("en", "fr")}
    said: dict[str, Any] = {"title": titles, "country": law.country.code, "languages": ["en", "fr"], "time_zone": "UTC"}
    said |= {"hosts": ["localhost", "127.0.0.1", *hosts], "https": https, "database": database}
    file = areas or Path(source) / "data" / "areas.csv"
    rows = _areas(file)
    _ready()
    from ..office.running import init as make

    make(folder, said)
    from ..office.places.services import load_areas

    added, _ = load_areas(rows, by=None)
    say(f"The office of {titles['en']} is in {folder}, with {added} areas.")
    say(f"Next: socle office user add NAME --role administrator --area {rows[0]['code']} --office {folder}")


def _ready() -> None:
    from importlib.util import find_spec

    if find_spec("django") is None:
        raise InputError("O006", "the office's libraries are not installed", hint="pip install 'opensocle[office]'")


def _areas(file: Path) -> list[dict[str, str]]:
    if not file.is_file():
        raise InputError("O010", "there is no file of areas", at=str(file), hint="give one with --areas: code,name_en,name_fr,kind,parent")
    from ..office.places.reading import read_areas

    return read_areas(file.read_text(encoding="utf-8-sig"), str(file))


@command.command("upgrade", epilog=options.EXIT_CODES)
@office_folder
def upgrade(folder: Path) -> None:
    """Bring an office's database to this version of the program. Back it up before.

    \b
    Examples:
      socle office upgrade
      socle office upgrade --office /srv/office
    """
    opened(folder)
    from ..office.running import upgrade as run

    run()
    say("The office is up to date.")


@command.command("check", epilog=options.EXIT_CODES)
@office_folder
@options.as_json
@click.pass_context
def check(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """Find out whether an office can be trusted: its database, triggers, audit, secret and settings.

    \b
    Examples:
      socle office check
      socle office check --office /srv/office --json
    """
    opened(folder)
    from ..office.running import check as look

    found = look()
    if as_json:
        say_json([{"name": f.name, "fine": f.fine, "said": f.said} for f in found])
    else:
        say(table(("look", "fine", "what"), [(f.name, "yes" if f.fine else "NO", f.said) for f in found], ()))
    if not all(finding.fine for finding in found):
        ctx.exit(FOUND)


@command.command("serve", epilog=options.EXIT_CODES)
@office_folder
@click.option("--address", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=int, default=8000, show_default=True, help="The port.")
@click.option("--threads", type=int, default=8, show_default=True, help="Requests answered at the same time.")
def serve(folder: Path, address: str, port: int, threads: int) -> None:
    """Serve the office until Ctrl-C.

    \b
    Examples:
      socle office serve
      socle office serve --office /srv/office --port 8080
    """
    place = opened(folder)
    from ..office.running import serve as run

    say(f"The office is at http://{address}:{port}/ (Ctrl-C stops it)")
    run(place, address, port, threads)


@command.command("places", epilog=options.EXIT_CODES)
@office_folder
@click.argument("file", type=click.Path(path_type=Path))
def places(folder: Path, file: Path) -> None:
    """Add and rename areas from a CSV FILE: code, name_en, name_fr, kind, parent.

    \b
    Examples:
      socle office places areas.csv
      socle office places areas.csv --office /srv/office
    """
    rows = _areas(file)
    opened(folder)
    from ..office.places.services import load_areas

    added, changed = load_areas(rows, by=None)
    say(f"{added} areas added, {changed} renamed.")


@command.command("backup", epilog=options.EXIT_CODES)
@office_folder
@click.argument("file", type=click.Path(path_type=Path))
def backup(folder: Path, file: Path) -> None:
    """Write a backup of the office into FILE, while it works. The secret is not in it: keep it elsewhere.

    \b
    Examples:
      socle office backup office-2026-03-01.zip
      socle office backup /backups/office.zip --office /srv/office
    """
    from ..office.backup import back_up
    from ..office.place import read_place

    say(f"{file} is written; SHA-256 of its list {back_up(read_place(folder), file)}")


@command.command("restore", epilog=options.EXIT_CODES)
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--secret", type=click.File("r"), help="The file with the office's secret.")
def restore(file: Path, folder: Path, secret: Any) -> None:
    """Restore a backup FILE into a new FOLDER, if every hash in it is right.

    \b
    Examples:
      socle office restore office-2026-03-01.zip restored
      socle office restore office.zip /srv/office --secret /safe/secret.key
    """
    from ..office.backup import restore as put_back

    found = put_back(file, folder, secret.read().strip() if secret else None)
    say(f"{len(found)} files are in {folder}, each as it was backed up. Next: socle office check --office {folder}")


from . import office_law, office_people, office_retention, office_revise, office_token, office_users  # noqa: E402, F401 - they add their commands
