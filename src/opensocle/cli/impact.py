"""`socle impact`: whom the law's transfers lift out of poverty, from a survey, with standard errors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import InputError
from . import options
from .locating import find_country, load_law, open_people
from .progress import Progress
from .reporting import note, say, say_json

if TYPE_CHECKING:
    from ..analysis.impact.model import Impact
    from ..analysis.impact.settings import Settings
    from ..law.law import Law

SETTINGS = "impact.yaml"
YAML = (".yaml", ".yml")


@options.command("impact")
@click.argument("country")
@click.option("--settings", "file", metavar="FILE", type=click.Path(dir_okay=False), help=f"What is studied; by default the country's {SETTINGS}.")
@click.option("--survey", metavar="FOLDER", help="The survey's folder, instead of the one that the settings name.")
@options.reforms
@options.names("--group", "groups", "A,B", "Split by these, instead of the settings' groups: facts, head_FACT, age_group.")
@click.option(
    "--out", "outs", metavar="FILE", multiple=True, type=click.Path(dir_okay=False), help="Write a .csv, .parquet or .json; may be repeated."
)
@options.progress
@options.lang
@options.as_json
def command(
    country: str, file: str | None, survey: str | None, reforms: tuple[str, ...], groups: tuple[str, ...], outs: tuple[str, ...],
    progress: bool, lang: str, as_json: bool,
) -> None:  # fmt: skip
    """Show poverty and inequality with and without transfers, who receives them, and what reforms change.

    The law is applied to every household of a survey; what a study needs besides stands in COUNTRY/impact.yaml. In the place of a country, a
    settings file of its own measures the transfers that a survey reports, without a law.

    \b
    Examples:
      socle impact exemplia
      socle impact exemplia --reform my_reform.yaml --group region,head_sex
      socle impact exemplia --out impact.csv --out impact.json
      socle impact silc.yaml
    """
    _check(outs)
    law, settings, folder = _settings(country, file, reforms, groups)
    with Progress("impact", progress) as bar:
        from ..analysis.impact.study import study
        from .costs import Told

        made = study(law, settings, open_people(survey) if survey else None, folder, Told(bar, len(settings.reforms) + 3))
        bar(100)
    for out in outs:
        made.write(out, lang)
    if as_json:
        from ..analysis.impact.writing import data

        say_json(data(made, lang))
        return
    _show(made, lang)
    if outs:
        note(f"Every figure is in {', '.join(outs)}.")


def _check(outs: tuple[str, ...]) -> None:
    """Refuse a file that cannot be written before anything is calculated."""
    from ..analysis.impact.writing import check_ending

    for out in outs:
        check_ending(Path(out))


def _settings(country: str, file: str | None, reforms: tuple[str, ...], groups: tuple[str, ...]) -> tuple[Law | None, Settings, Path | None]:
    """The law, the settings with what the command line changes, and the country's folder."""
    from ..analysis.impact.reading import read_settings
    from ..analysis.impact.settings import Grouping, Reform, term

    alone = Path(country).suffix.lower() in YAML and Path(country).is_file()
    if alone and (file or reforms):
        raise InputError("U080", "a study without a law has no other settings and no reforms", at=country, hint="name a country")
    folder = None if alone else find_country(country)
    law = None if alone else load_law(country)
    path = Path(country) if alone else Path(file) if file else _of_country(folder)
    settings = read_settings(path, law)
    if groups:
        settings = replace(settings, groups=tuple(Grouping(name, {}, term(name)) for name in groups))
    if reforms:
        from ..law.overlays import read_overlay

        named = [Reform(Path(one).stem, read_overlay(one).title, Path(one)) for one in reforms]
        settings = replace(settings, reforms=tuple(named))
    return law, settings, folder


def _of_country(folder: Path | None) -> Path:
    """The country's own settings. Raises InputError U080."""
    path = (folder or Path()) / SETTINGS
    if not path.is_file():
        raise InputError(
            "U080", f"the country has no {SETTINGS}", at=str(folder), hint="write one (docs/reference/impact.md), or give --settings FILE"
        )
    return path


def _show(made: Impact, lang: str) -> None:
    from ..publish.tables import write
    from .impacts import tables

    for table in tables(made, lang):
        say(write(table, "text", lang))
    if made.left_out > 0:
        note(f"Left out, because their welfare is unknown in some scenario: {made.left_out:.1%} of persons.")
    for one in made.unknown:
        note(f"Unknown ({one.scenario}): {one.variable} for {one.rows:,} rows.")
    for text in made.notes:
        note(f"Note: {text}.")
