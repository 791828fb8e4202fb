"""`socle run`: the law applied to a whole population."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click

from ..errors import EngineError, InputError
from . import options
from .locating import load_law, open_people
from .printing import Printer
from .progress import Progress
from .reporting import note, say, say_json
from .summary import MONTH, summarise, totals_by

if TYPE_CHECKING:
    from ..engine.results import Result
    from ..law.law import Law
    from ..population.tables import Population

URLS = ("postgresql://", "postgres://")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a run."""

    period: str
    outputs: tuple[str, ...]
    keep: tuple[str, ...]
    out: str | None
    memory: str | None
    threads: int | None


@options.command("run")
@click.argument("country")
@click.argument("people")
@options.period_argument()
@options.names("--outputs", "outputs", "A,B", "Variables (child_grant.benefit), schemes or concepts; by default all that schemes give.")
@options.names("--by", "by", "A,B", "Split the totals by columns of the data (region,sex) or by month.")
@options.names("--keep", "keep", "A,B", "Columns of the data to carry into the results.")
@click.option(
    "--out", metavar="FOLDER", type=click.Path(file_okay=False), help="Write a row for each person and household, as Parquet, and run.json."
)
@options.reforms
@click.option("--mapping", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="Read PEOPLE (CSV, Excel…) with this mapping first.")
@options.memory
@options.threads
@click.option("--sql", is_flag=True, help="Print the query instead of running it.")
@options.progress
@options.lang
@options.as_json
def command(
    country: str, people: str, by: tuple[str, ...], keep: tuple[str, ...], reforms: tuple[str, ...], mapping: str | None, sql: bool, progress: bool,
    lang: str, as_json: bool, **asked: Any,
) -> None:  # fmt: skip
    """Apply a law to everybody, and add up what it gives.

    PEOPLE is a folder with a population, one Parquet file of persons, postgresql://… for tables inside PostgreSQL, or with --mapping
    any file or folder that `socle read` takes. PERIOD is a month (2026-03), a year (2026) or months (2026-01:2026-06).

    \b
    Examples:
      socle run exemplia demo/people 2026-01
      socle run exemplia demo/people 2026-01 --by region,sex --out results
      socle run exemplia demo/people 2026 --reform bill.yaml --outputs child_grant
      socle run exemplia demo/people 2026-01 --outputs child_grant.benefit --sql
    """
    law = load_law(country, reforms)
    kept = tuple(dict.fromkeys([*keep, *(name for name in by if name != MONTH)]))
    wanted = Wanted(keep=kept, **asked)
    with ExitStack() as stack:
        if sql:
            _print_sql(_queries(law, people, mapping, wanted, stack), as_json)
        else:
            with Progress("run", progress) as bar:
                result = run_on(law, people, mapping, wanted, bar, stack)
            _print(law, result, by, lang, as_json)


def _print(law: Law, result: Result, by: Sequence[str], lang: str, as_json: bool) -> None:
    """The totals and the statement."""
    summary = summarise(result, law, by)
    if as_json:
        totals = totals_by(result, [name for name in by if name != MONTH])
        say_json({"statement": result.statement(), "totals": totals, "durations": [_plain(line) for line in summary.durations]})
        return
    printer = Printer(law, result, lang)
    say(f"{printer.tables(summary)}\n\n{printer.statement()}")
    folders = {str(found.parent) for found in result.tables.values() if isinstance(found, Path)}
    for folder in folders:
        note(f"The results of every person and household are in {folder}.")


def _plain(line: Any) -> dict[str, Any]:
    found = asdict(line)
    return {name: found[name] for name in ("scheme", "level", "entitled", "amount", "unknown")} | {"unit": line.measure}


def run_on(law: Law, people: str, mapping: str | None, wanted: Wanted, bar: Callable[[float], None], stack: ExitStack) -> Result:
    """The law's results on people in files, or in PostgreSQL."""
    if people.startswith(URLS):
        _refuse(mapping, wanted)
        return _postgres().run_postgres(law, people, wanted.period, wanted.outputs or None, keep=wanted.keep, out=wanted.out)
    from ..engine.running import run

    population = population_of(law, people, mapping, stack)
    return run(
        law,
        population,
        wanted.period,
        wanted.outputs or None,
        keep=wanted.keep,
        out=wanted.out,
        memory_limit=wanted.memory,
        threads=wanted.threads,
        progress=bar,
    )


def population_of(law: Law, people: str, mapping: str | None, stack: ExitStack) -> Population:
    """The population of a path; with a mapping, read first into a folder that is there as long as the stack is open."""
    if mapping is None:
        return open_people(people)
    if not Path(people).exists():
        raise InputError("U014", "there is no such file or folder", at=people)
    from ..population.readers import read

    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="socle-"))
    population, report = read(people, mapping, vocabulary=law.vocabulary, out=Path(folder) / "people")
    for line in report.as_text().split("\n"):
        note(line)
    return population


def _postgres() -> ModuleType:
    """The engine inside PostgreSQL."""
    try:
        return import_module("opensocle.engine.postgres")
    except ModuleNotFoundError as error:
        raise EngineError(
            "E010", "this program has no engine for PostgreSQL", hint="install all of OpenSocle: pip install 'opensocle[postgres]'"
        ) from error


def _refuse(mapping: str | None, wanted: Wanted) -> None:
    """What makes no sense inside a database."""
    given = {"--mapping": mapping, "--memory": wanted.memory, "--threads": wanted.threads}
    for name, value in given.items():
        if value:
            raise InputError("U015", f"{name} does not go with PostgreSQL", hint="the server has its own tables and limits")


def _queries(law: Law, people: str, mapping: str | None, wanted: Wanted, stack: ExitStack) -> dict[str, str]:
    if people.startswith(URLS):
        return _postgres().explain_sql_postgres(law, people, wanted.period, wanted.outputs or None)
    from ..engine.running import explain_sql

    return explain_sql(law, population_of(law, people, mapping, stack), wanted.period, wanted.outputs or None)


def _print_sql(queries: dict[str, str], as_json: bool) -> None:
    if as_json:
        say_json({"queries": queries})
        return
    for level, text in queries.items():
        say(f"-- {level}s\n{text};\n")


__all__: Sequence[str] = ("Wanted", "command", "population_of", "run_on")
