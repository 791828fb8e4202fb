"""`socle new`: a small country to start from."""

from __future__ import annotations

from pathlib import Path

import click

from . import options
from .reporting import say, say_json


@options.command("new")
@click.argument("folder", type=click.Path())
@click.option("--name", help="The country's name in English; by default made of the folder's.")
@options.as_json
def command(folder: str, name: str | None, as_json: bool) -> None:
    """Make a small country to start from.

    Writes a valid law of two schemes with comments, and worked cases that pass, into a new or empty FOLDER. Nothing is overwritten.

    \b
    Examples:
      socle new mycountry
      socle new laws/togo --name Togo
    """
    from ..law.skeleton import new_country

    called = name if name is not None else Path(folder).resolve().name.replace("_", " ").replace("-", " ").title()
    files = new_country(folder, called)
    if as_json:
        say_json({"folder": folder, "name": called, "files": [str(path) for path in files]})
        return
    say(f"{called} is in {folder}:")
    for path in files:
        say(f"  {path.relative_to(folder)}")
    say("\nNext:")
    steps = [
        (f"socle check {folder}", "every mistake, with its place and the next step"),
        (f"socle cases {folder}", "the worked cases"),
        (f"socle show {folder} child_grant", "a scheme as a page for lawyers"),
        (f"socle schema --out {folder}", "completion and checks while you type, in VS Code"),
    ]
    wide = max(len(step) for step, _ in steps)
    for step, what in steps:
        say(f"  {step.ljust(wide)}   {what}")
