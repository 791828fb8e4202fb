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
    "--out",
    "outs",
    metavar="FILE",
    multiple=True,
    type=click.Path(dir_okay=False),
    help="Write a .csv, .parquet, .json, .pdf, .html or .xlsx; may be repeated.",
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
      socle impact exemplia --lang fr --out impact.pdf --out impact.xlsx
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
        _write(made, Path(out), lang)
    if as_json:
        from ..analysis.impact.writing import data

        say_json(data(made, lang))
        return
    _show(made, lang)
    if outs:
        note(f"Every figure is in {', '.join(outs)}.")


PUBLISHED = (".pdf", ".html", ".xlsx")


def _check(outs: tuple[str, ...]) -> None:
    """Refuse a file that cannot be written before anything is calculated."""
    from ..analysis.impact.writing import check_ending

    for out in outs:
        if Path(out).suffix.lower() not in PUBLISHED:
            check_ending(Path(out), PUBLISHED)


def _write(made: Impact, path: Path, lang: str) -> None:
    """A file of figures, or a publication. Raises InputError U064 where a library that it needs is not installed."""
    if path.suffix.lower() not in PUBLISHED:
        made.write(path, lang)
        return
    from ..publish import impact_report

    impact_report(made, path, lang)


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


def impact_of(country: str, progress: bool = False) -> Impact | None:
    """The study of a country's own settings; None where it has none."""
    folder = find_country(country)
    if not (folder / SETTINGS).is_file():
        return None
    from ..analysis.impact.reading import read_settings
    from ..analysis.impact.study import study
    from .costs import Told

    law = load_law(country)
    settings = read_settings(folder / SETTINGS, law)
    with Progress("impact", progress) as bar:
        made = study(law, settings, None, folder, Told(bar, len(settings.reforms) + 3))
        bar(100)
    return made


def _of_country(folder: Path | None) -> Path:
    """The country's own settings. Raises InputError U080."""
    path = (folder or Path()) / SETTINGS
    if not path.is_file():
        raise InputError(
            "U080", f"the country has no {SETTINGS}", at=str(folder), hint="write one (docs/reference/impact.md), or give --settings FILE"
        )
    return path


def _show(made: Impact, lang: str) -> None:
    """The tables, the most asked first, then everything that a reader must know."""
    from ..publish.impact_schemes import causes_table, effects_table, quantile_table, targeting_table, worth_table
    from ..publish.impact_seen import Seen
    from ..publish.impact_tables import (
        budgets_table,
        concepts_of,
        concepts_table,
        deprived_table,
        group_table,
        headline_table,
        reforms_table,
        winners_table,
    )
    from ..publish.tables import write

    seen = Seen(made, lang)
    shown = [headline_table(made, lang)]
    if seen.paid():
        shown += [targeting_table(made, lang), worth_table(made, lang), effects_table(made, lang)]
        shown += [quantile_table(made, lang, measure) for measure in ("coverage", "incidence")]
    shown += [group_table(made, lang)] if seen.groupings else []
    shown += [concepts_table(made, lang)] if concepts_of(made) else []
    shown += [deprived_table(made, lang)] if made.indicators or any(made.select("mpi")) else []
    shown += [budgets_table(made, lang)] if made.budgets else []
    shown += [reforms_table(made, lang), *(winners_table(made, lang, reform) for reform in seen.reforms)] if seen.reforms else []
    shown += [causes_table(made, lang)] if made.causes else []
    for table in shown:
        say(write(table, "text", lang))
    for text in seen.notes():
        note(text)
