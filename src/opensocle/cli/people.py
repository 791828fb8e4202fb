"""`socle people`: the invented people of Exemplia, for learning and for tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from . import options
from .progress import Progress
from .reporting import say, say_json


@options.command("people")
@click.argument("folder", type=click.Path())
@click.option("--persons", type=int, default=20_000, show_default=True, help="How many persons.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed gives other people; the same seed the same people.")
@options.day("--date", "The day that the facts are for.", default="2026-01-01")
@click.option("--months", type=int, default=60, show_default=True, help="Months of contributions before that day.")
@click.option("--no-contributions", is_flag=True, help="Leave the register of contributions empty.")
@click.option("--unknowns", type=float, default=0.01, show_default=True, help="Share of working people whose earnings are not known.")
@options.progress
@options.as_json
def command(
    folder: str, persons: int, seed: int, date: date, months: int, no_contributions: bool, unknowns: float, progress: bool, as_json: bool
) -> None:
    """Make up people of Exemplia, the fictional country, in a new FOLDER.

    Households, work, insurance, events and gaps in the data, from a seed: nobody real. A million persons take a few seconds.

    \b
    Examples:
      socle people people
      socle people million --persons 1000000 --seed 7
    """
    from ..population.people import make_people

    with Progress("people", progress) as bar:
        make_people(Path(folder), persons, seed, date, months, not no_contributions, bar.of, unknowns=unknowns)
    if as_json:
        say_json({"folder": folder, "persons": persons, "seed": seed, "date": date})
    else:
        say(f"{persons:,} persons of Exemplia as of {date} are in {folder}. Next: socle run exemplia {folder} {date:%Y-%m}")
