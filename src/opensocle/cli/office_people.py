"""`socle office import`, `export` and `match`: the registry's people in and out, and those who are in it twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from ..errors import InputError
from . import options
from .office import allowed, by_user, command, office_folder, opened
from .reporting import say, say_json
from .tables import table


@command.command("import", epilog=options.EXIT_CODES)
@office_folder
@click.argument("files", required=False, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--mapping",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What the columns mean; without it they have the registry's names.",
)
@click.option("--source", required=True, metavar="TEXT", help="The system that the files come from: the same name each time.")
@by_user
@click.option("--area", metavar="CODE", help="The area of those for whom the files have none.")
@options.day("--since", "From when facts hold where no column says so; by default the mapping's date, or today.")
@click.option("--preview", is_flag=True, help="Say what would be new, changed and the same; write nothing.")
@click.option("--rejected", metavar="FILE", type=click.Path(path_type=Path), help="Write the rows that do not fit into this new .csv file.")
@options.decimal("--limit", "SHARE", "The largest share of rows that may not fit; by default 0.1. More, and nothing is imported.", required=False)
@options.as_json
def take(
    folder: Path,
    files: Path | None,
    mapping: Path | None,
    source: str,
    by: str | None,
    area: str | None,
    since: date | None,
    preview: bool,
    rejected: Path | None,
    limit: Decimal | None,
    as_json: bool,
) -> None:
    """Import persons, households and histories from FILES: a file, or a folder with a file for each table.

    Without FILES those that the mapping names are read, beside it. All of it is imported or nothing; the same files twice change nothing.

    \b
    Examples:
      socle office import civil --mapping civil.yaml --source "civil register" --preview
      socle office import contributions.csv --source "social insurance" --rejected rejected.csv
    """
    if files is None and mapping is None:
        raise InputError("U001", "there is nothing to import", hint="name a file or folder, or a --mapping that names files")
    opened(folder)
    from ..office.people import commands

    said: dict[str, Any] = {"source": source, "on": date.today(), "mapping": mapping, "by": by, "area": area, "since": since}
    with allowed(by):
        if preview:
            found = commands.preview(files, **said)
        else:
            more = {"limit": limit} if limit is not None else {}
            found = commands.import_file(files, **said, rejected=rejected, **more)
    if as_json:
        say_json({name: value for name, value in found.items() if name != "text"})
        return
    say(found["text"])
    say(_would(found) if preview else _did(found))


def _would(found: dict[str, Any]) -> str:
    """A preview, as a table."""
    rows = [(name, *(f"{found[state].get(name, 0):,}" for state in ("new", "changed", "same"))) for name in found["new"]]
    words = "".join(f"\n  {name}: {count:,} changed" for name, count in found["words"].items())
    return f"\nWhat the import would do:\n\n{table(('table', 'new', 'changed', 'same'), rows, (1, 2, 3))}{words}\n\nNothing is written."


def _did(found: dict[str, Any]) -> str:
    notes = "".join(f"note: {text}\n" for text in found["notes"])
    counts = f"{found['rows']:,} rows read: {found['added']:,} added, {found['changed']:,} changed, {found['same']:,} the same"
    return f"{notes}{counts}, {found['refused']:,} set aside. Import {found['reference']}."


@command.command("export", epilog=options.EXIT_CODES)
@office_folder
@click.argument("file", required=False, type=click.Path(path_type=Path))
@options.names("--columns", "columns", "A,B", "Columns of the file: of the registry, facts by their words, household.rooms for the household's.")
@click.option("--why", default="", metavar="TEXT", help="What the file is for; the audit keeps it.")
@by_user
@click.option("--area", metavar="CODE", help="Only the people of this area.")
@click.option("--no-names", is_flag=True, help="Without names, numbers, addresses, references and dates of birth.")
@click.option("--list", "listing", is_flag=True, help="List the columns that an export may have, and write nothing.")
@options.as_json
def give(
    folder: Path,
    file: Path | None,
    columns: tuple[str, ...],
    why: str,
    by: str | None,
    area: str | None,
    no_names: bool,
    listing: bool,
    as_json: bool,
) -> None:
    """Export the registry's people into a new FILE (.csv, .parquet, .xlsx), with the facts in force today.

    \b
    Examples:
      socle office export people.csv --columns surname,given_name,district --why "list for the mobile counter" --by amina
      socle office export analysis.parquet --no-names --columns sex,birth_year,earnings,household.rooms --why "study of means"
    """
    if file is None and not listing:
        raise InputError("U001", "the file to write is missing", hint="name a new .csv, .parquet or .xlsx file, or ask for the --list of columns")
    opened(folder)
    from ..office.people import commands

    if file is None or listing:
        found = commands.export_columns(on=date.today(), names=not no_names)
        say_json(found) if as_json else say("\n".join(found))
        return
    with allowed(by):
        done = commands.export_file(file, columns=columns, why=why, on=date.today(), by=by, area=area, names=not no_names)
    if as_json:
        say_json(done)
    else:
        say(f"{done['persons']:,} persons are in {done['path']}")


@command.command("match", epilog=options.EXIT_CODES)
@office_folder
@click.option("--threshold", type=click.FloatRange(0.5, 1.0), default=0.8, show_default=True, help="Pairs less probable than that are not kept.")
@by_user
@options.as_json
def match(folder: Path, threshold: float, by: str | None, as_json: bool) -> None:
    """Look for people who are registered twice. Nobody is joined: officers judge the pairs on the page Duplicates.

    \b
    Examples:
      socle office match
      socle office match --threshold 0.9 --by sofia
    """
    opened(folder)
    from ..office.people import commands

    with allowed(by):
        found = commands.match(on=date.today(), by=by, threshold=threshold)
    if as_json:
        say_json(found)
    else:
        say(f"{found['persons']:,} persons compared: {found['pairs']:,} pairs may be one person, {found['new']:,} of them new.")
