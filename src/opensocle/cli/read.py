"""`socle read`: somebody's files, or the United Nations', into a population."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

import click

from ..errors import DataError, InputError
from . import options
from .locating import load_law
from .reporting import note, say, say_json

if TYPE_CHECKING:
    from ..population.report import Report
    from ..population.tables import Population
    from ..vocabulary import Vocabulary


class UnitedNations(NamedTuple):
    """Which part of which table of the United Nations."""

    file: str | None
    iso3: str | None
    year: int | None
    split: str
    variant: str


_FILE = click.Path(exists=True, dir_okay=False)


@options.command("read")
@click.argument("sources", required=False)
@click.option("--mapping", metavar="FILE", type=_FILE, help="What the columns of the sources mean; without it they have the vocabulary's names.")
@click.option("--country", help="The country, whose facts, codes and currency the data use.")
@click.option("--out", metavar="FOLDER", required=True, type=click.Path(), help="The new folder to write.")
@click.option("--rejected", metavar="FILE", type=click.Path(dir_okay=False), help="Write rows that do not fit into this .csv or .parquet file.")
@click.option("--keep-going", is_flag=True, help="Accept the rows that fit although others do not.")
@click.option("--kind", type=click.Choice(["registry", "survey", "cells"]), help="Instead of the mapping's kind.")
@options.day("--date", "The day that the facts are for, instead of the mapping's.")
@options.memory
@click.option("--united-nations", metavar="FILE", type=_FILE, help="Read a table of the World Population Prospects by age and sex instead.")
@click.option("--iso3", metavar="CODE", help="With --united-nations: the country, such as THA.")
@click.option("--year", type=int, help="With --united-nations: the year.")
@click.option("--split", type=click.Choice(["sprague", "uniform", "none"]), default="sprague", show_default=True, help="How groups become ages.")
@click.option("--variant", type=click.Choice(["medium", "low", "high"]), default="medium", show_default=True, help="The projection's variant.")
@click.option("--fact", "facts", metavar="NAME=VALUE", multiple=True, help="With --united-nations: a fact assumed for everybody; may be repeated.")
@options.as_json
def command(
    sources: str | None, mapping: str | None, country: str | None, out: str, rejected: str | None, memory: str | None, as_json: bool,
    facts: tuple[str, ...], **asked: Any,
) -> None:  # fmt: skip
    """Read data into a population: a folder of checked tables that `socle run` takes.

    SOURCES is a file or a folder: CSV, Excel, Parquet, Stata or SPSS. Every row is checked; those that do not fit are reported with
    their numbers, and stop the reading unless --keep-going is given. Nothing is guessed. See docs/howto/bring-your-data.md.

    \b
    Examples:
      socle read survey/ --mapping survey.yaml --country exemplia --out people --rejected rejected.csv
      socle read registry/ --country mycountry --out people --keep-going
      socle read --united-nations WPP2024.csv --iso3 THA --year 2025 --fact nationality=TH --country thailand --out cells
    """
    vocabulary = load_law(country).vocabulary if country else None
    un = UnitedNations(*(asked.pop(name) for name in ("united_nations", "iso3", "year", "split", "variant")))
    if un.file:
        if not un.iso3 or un.year is None or sources or mapping:
            raise click.UsageError("--united-nations goes with --iso3 and --year, and without SOURCES and --mapping.")
        _from_united_nations(un, _facts(facts), vocabulary, (asked["date"], out, as_json))
        return
    if sources is None and mapping is None:
        raise click.UsageError("Name SOURCES, a file or a folder; or --united-nations FILE.")
    if vocabulary is None:
        raise click.UsageError("Name the --country: it says in which currency the amounts are, and adds its own facts.")
    report = _read(sources, mapping, vocabulary, rejected, {"out": out, "memory": memory, **asked})
    if as_json:
        say_json({"folder": out, **report.as_dict()})
        return
    say(report.as_text())
    if rejected and report.rejected:
        note(f"The rows that do not fit are in {rejected}.")
    say(f"The population is in {out}.")


def _read(sources: str | None, mapping: str | None, vocabulary: Vocabulary, rejected: str | None, how: dict[str, Any]) -> Report:
    """The report of a reading. Raises what `read` raises."""
    from ..population.readers import read
    from ..population.report import RejectedRows

    given = {name: value for name, value in how.items() if value is not None}
    try:
        return read(sources, mapping, vocabulary=vocabulary, rejected=rejected, **given)[1]
    except RejectedRows as found:
        raise _rejection(found, rejected) from found


def _rejection(found: DataError, rejected: str | None) -> DataError:
    """The same, in the command line's own words."""
    more = f" (they are in {rejected})" if rejected else "; --rejected rows.csv writes them down"
    hint = f"mend the source or the mapping; --keep-going accepts the other rows{more}"
    return DataError(found.code, found.what, at=found.at, hint=hint)


def _facts(texts: tuple[str, ...]) -> dict[str, Any]:
    """`NAME=VALUE` as facts. Raises InputError U030."""
    found: dict[str, Any] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name or not value:
            raise InputError("U030", f"{text!r} is not a fact", hint="write --fact nationality=TH")
        found[name.strip()] = _value(value.strip())
    return found


def _value(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text):
        return int(text)
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,10}", text):
        return Decimal(text)
    return text


def _from_united_nations(un: UnitedNations, facts: dict[str, Any], vocabulary: Vocabulary | None, where: tuple[date | None, str, bool]) -> None:
    from ..population.united_nations import read_united_nations

    day, out, as_json = where
    if not 1 <= (un.year or 0) <= 9999:
        raise InputError("U031", f"{un.year} is not a year", hint="write --year 2025")
    way = cast("Literal['sprague', 'uniform', 'none']", un.split)
    cells = read_united_nations(
        str(un.file), str(un.iso3).upper(), un.year or 0, split=way, variant=un.variant, extra=facts, vocabulary=vocabulary, date=day
    )
    if vocabulary is None:
        cells = replace(cells, currency=None, digits=None)  # there are no amounts in it: it goes with any law
    saved = cells.save(out)
    persons = _persons(saved)
    if as_json:
        say_json({"folder": out, "cells": saved.tables["persons"].rows, "persons": persons, "date": saved.date})
    else:
        say(f"{saved.tables['persons'].rows} cells of age and sex that stand for {persons:,.0f} persons on {saved.date} are in {out}.")


def _persons(cells: Population) -> Decimal:
    """The sum of the weights."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    weights = pq.read_table(cells.tables["persons"].files[0], columns=["weight"]).column("weight")
    return Decimal(str(pc.call_function("sum", [weights]).as_py()))
