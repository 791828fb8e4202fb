"""`socle report`: the costing of a country as a report and a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import options
from .beside import beside
from .costs import check_scenario, costing_of, say_notes
from .impact import impact_of
from .reporting import say, say_json

if TYPE_CHECKING:
    from ..analysis.impact.model import Impact
    from ..analysis.model import Costing

LANGUAGES, FORMATS = ("en", "fr"), ("pdf", "html", "xlsx")


@options.command("report")
@click.argument("country")
@click.option("--out", metavar="FOLDER", required=True, type=click.Path(file_okay=False), help="Where to write.")
@options.names("--lang", "languages", "A,B", "Languages, en and fr; by default both.")
@options.names("--format", "formats", "A,B", "Forms, pdf, html and xlsx; by default all.")
@options.names("--scenario", "scenarios", "A,B", "Only these scenarios; by default all of the country's.")
@click.option("--main", metavar="SCENARIO", help="The scenario that messages and scheme pages speak of; by default the one that costs most.")
@click.option("--sensitivity", is_flag=True, help="Also compute how the cost swings with each assumption that a scenario tests.")
@click.option("--date", metavar="TEXT", default="", help="A line of the cover, such as a date; nothing reads the clock.")
@click.option("--no-impact", is_flag=True, help="Leave out the chapter on whom social protection helps, from the country's survey.")
@options.until
@options.data_root
@options.progress
@options.as_json
def command(
    country: str, out: str, languages: tuple[str, ...], formats: tuple[str, ...], scenarios: tuple[str, ...], main: str | None,
    sensitivity: bool, date: str, no_impact: bool, until: int | None, data_root: str | None, progress: bool, as_json: bool,
) -> None:  # fmt: skip
    """Write the costing of a country's scenarios as a report (PDF, a page) and a workbook of live formulas (Excel).

    Where the country has a study on a survey (impact.yaml), the report has a chapter on whom social protection helps.

    \b
    Examples:
      socle report exemplia --out report --until 2035
      socle report exemplia --out report --lang fr --format html,xlsx --sensitivity
    """
    _check(languages, LANGUAGES, "--lang")
    _check(formats, FORMATS, "--format")
    chosen = formats or FORMATS
    with beside() as begin:
        study = None if no_impact or set(chosen) == {"xlsx"} else begin(impact_of, country)
        costing = costing_of(country, scenarios, until, data_root, progress, sensitivity)
        if main:
            check_scenario(costing, main)
        first, *others = dict.fromkeys(languages or LANGUAGES)
        given = chosen, main, date, study() if study else None
        waiting = [begin(write_one, costing, Path(out), lang, *given) for lang in others]
        written = write_one(costing, Path(out), first, *given) + [path for task in waiting for path in task()]
    if as_json:
        say_json({"files": written})
        return
    say("\n".join(str(path) for path in written))
    say_notes(costing)


def _check(given: Sequence[str], known: Sequence[str], option: str) -> None:
    wrong = [name for name in given if name not in known]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} is not one of {', '.join(known)}", param_hint=option)


def write_one(
    costing: Costing, folder: Path, lang: str, formats: Sequence[str], main: str | None = None, date: str = "", impact: Impact | None = None
) -> list[Path]:
    """The files of a costing in a language; impact: a study, for a chapter of the report.

    Raises InputError U064 where a library that a form needs is not installed.
    """
    from .. import publish

    written: list[Path] = []
    forms = [form for form in formats if form != "xlsx"]
    if forms:
        written += publish.report(costing, folder, lang, forms, scenario=main, date=date, impact=impact)
    if "xlsx" in formats:
        folder.mkdir(parents=True, exist_ok=True)
        written.append(publish.workbook(costing, folder / f"costing-{lang}.xlsx", lang))
    return written
