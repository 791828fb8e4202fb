"""`socle data`: the demographic data that a country's assumptions use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..errors import InputError
from . import options
from .reporting import say, say_json
from .tables import table

KINDS = ("population", "mortality", "fertility", "sex_ratio", "migration", "migration_total", "births", "tfr")


@options.group("data")
def command() -> None:
    """Bring in, show and fetch the demographic data of a country.

    A data folder holds one table (data.csv) and where it is from (data.yaml). A country's assumptions name the folder that holds them.

    \b
    Examples:
      socle data import WPP2024_Fertility_by_Age1.csv.gz --kind fertility --country SEN --out senegal/data/fertility
      socle data show senegal/data
    """


@command.command("import", epilog=options.EXIT_CODES)
@click.argument("file", type=click.Path())
@click.option("--kind", required=True, type=click.Choice(KINDS), help="What the table is of.")
@click.option("--out", metavar="FOLDER", required=True, type=click.Path(file_okay=False), help="The data folder to write.")
@click.option("--country", default="", metavar="CODE", help="Whose rows of a file of the United Nations, such as SEN.")
@click.option("--variant", default="Medium", show_default=True, help="The variant of a file of the United Nations.")
@click.option("--source", default="", help="Where a table of your own is from.")
@click.option("--licence", default="", help="Who may use a table of your own.")
@options.as_json
def import_(file: str, kind: str, out: str, country: str, variant: str, source: str, licence: str, as_json: bool) -> None:
    """Put a table of a file into a data folder, with its source, licence and hash.

    FILE is one of the World Population Prospects, or a CSV file with the columns year, sex, age and value, as far as its kind has them.

    \b
    Examples:
      socle data import WPP2024_Fertility_by_Age1.csv.gz --kind fertility --country SEN --out senegal/data/fertility
      socle data import births.csv --kind births --out senegal/data/births --source "ANSD 2024" --licence "open"
    """
    from ..projection.demography_data import import_file

    found = import_file(file, kind, out, country=country, variant=variant, source=source, licence=licence)
    heading = {"folder": out, **found.heading}
    if as_json:
        say_json(heading)
    else:
        _say_headings([heading])


@command.command("show", epilog=options.EXIT_CODES)
@click.argument("folder", type=click.Path())
@options.as_json
def show(folder: str, as_json: bool) -> None:
    """Show what is in a data folder, or in the data folders inside a folder: kinds, years, source, licence, hash; each is checked.

    \b
    Examples:
      socle data show senegal/data
      socle data show senegal/data/mortality --json
    """
    from ..projection.demography_data import read_dataset

    home = Path(folder)
    if not home.is_dir():
        raise InputError("U014", "there is no such folder", at=folder)
    inside = [path.parent for path in sorted(home.glob("*/data.yaml"))]
    folders = [home] if (home / "data.yaml").is_file() or not inside else inside
    headings = [{"folder": str(path), **read_dataset(path).heading} for path in folders]
    if as_json:
        say_json({"data": headings})
    else:
        _say_headings(headings)


@command.command("download", epilog=options.EXIT_CODES)
@click.argument("name", required=False)
@click.option("--out", metavar="FOLDER", type=click.Path(file_okay=False), default=".", show_default=True, help="Where to put the file.")
@options.as_json
def download_(name: str | None, out: str, as_json: bool) -> None:
    """Fetch one file of the World Population Prospects; without NAME: list the files. The only command that uses a network.

    \b
    Examples:
      socle data download
      socle data download WPP2024_Fertility_by_Age1.csv.gz --out downloads
    """
    from ..projection.demography_data import BASE, DOWNLOADS, download

    if name is None:
        if as_json:
            say_json({"from": BASE, "files": list(DOWNLOADS)})
        else:
            say("\n".join([*DOWNLOADS, "", f"From {BASE}"]))
        return
    path = download(name, out)
    if as_json:
        say_json({"file": path})
    else:
        say(f"{path}\nNext: socle data import {path} --kind KIND --country CODE --out FOLDER")


def _say_headings(headings: list[dict[str, Any]]) -> None:
    rows = []
    for heading in headings:
        first, last = heading.get("years", ["", ""])
        rows.append((str(heading["kind"]), f"{first}-{last}", f"{heading.get('rows', '')}", str(heading["unit"]), str(heading["sha256"])[:12]))
    say(table(("kind", "years", "rows", "unit", "hash"), rows, (2,), indent=""))
    for heading in headings:
        say(f"\n{heading['folder']}\n  source: {heading['source']}\n  licence: {heading['licence']}")
