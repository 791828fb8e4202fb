"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import click

from ..errors import SocleError
from ..periods import Month, parse_date, parse_period
from .reporting import EXIT_CODES

Function = Callable[..., Any]


def command(name: str) -> Callable[[Function], click.Command]:
    """A command whose help ends with the exit codes."""
    return click.command(name, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})


def _parsed(parse: Callable[[str], Any]) -> Callable[[click.Context, click.Parameter, str | None], Any]:
    """Reads an option's text; what is wrong with it is wrong use."""

    def callback(_: click.Context, __: click.Parameter, text: str | None) -> Any:
        if text is None:
            return None
        try:
            return parse(text)
        except SocleError as error:
            raise click.BadParameter(f"{error.what}: {error.hint}") from error

    return callback


def _memory(text: str) -> str:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?\s*[KMGT]i?B", text):
        raise click.BadParameter(f"{text!r} is not an amount of memory: write 1GB or 512MB")
    return text


def _names(text: str) -> tuple[str, ...]:
    """`a,b` as names."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _numbers(text: str) -> tuple[int, ...]:
    """`2026,2030` as whole numbers."""
    found = _names(text)
    wrong = [name for name in found if not re.fullmatch(r"[0-9]{1,9}", name)]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} is not a whole number: write 2026,2030")
    return tuple(int(name) for name in found)


def _decimal(text: str) -> Decimal:
    if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,10})?", text):
        raise click.BadParameter(f"{text!r} is not a number: write 1234.5")
    return Decimal(text)


def _day(text: str) -> date:
    return parse_date(text)


as_json = click.option("--json", "as_json", is_flag=True, help='Print JSON: data, or {"problems": […]}.')
lang = click.option("--lang", type=click.Choice(["en", "fr"]), default="en", show_default=True, help="Language of titles and words.")
reforms = click.option(
    "--reform",
    "reforms",
    multiple=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help="An overlay with a reform; may be repeated.",
)
memory = click.option("--memory", metavar="SIZE", callback=_parsed(_memory), help="Memory at most, such as 1GB; beyond it the disk is used.")
threads = click.option("--threads", type=click.IntRange(1), help="Processors to use; by default all.")
progress = click.option("--progress", is_flag=True, help="Show the progress even where stderr is no terminal.")


until = click.option("--until", metavar="YEAR", type=click.IntRange(1900, 2300), help="The last year; by default the assumptions' horizon.")
data_root = click.option(
    "--data-root",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False),
    help="Where demographic data lie that the country's folder does not hold.",
)


def group(name: str) -> Callable[[Function], click.Group]:
    """A command of commands, whose help ends with the exit codes."""
    return click.group(name, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})


def whole_numbers(name: str, variable: str, metavar: str, help: str) -> Callable[[Function], Function]:
    """`2026,2030` as whole numbers."""
    return click.option(name, variable, metavar=metavar, default="", callback=_parsed(_numbers), help=help)


def decimal(name: str, metavar: str, help: str, required: bool = True) -> Callable[[Function], Function]:
    return click.option(name, metavar=metavar, required=required, callback=_parsed(_decimal), help=help)


def month(help: str) -> Callable[[Function], Function]:
    return click.option("--month", metavar="MONTH", callback=_parsed(Month.parse), help=help)


def day(name: str, help: str, default: str | None = None) -> Callable[[Function], Function]:
    return click.option(name, metavar="DATE", default=default, show_default=bool(default), callback=_parsed(_day), help=help)


def names(name: str, variable: str, metavar: str, help: str) -> Callable[[Function], Function]:
    return click.option(name, variable, metavar=metavar, default="", callback=_parsed(_names), help=help)


def period_argument() -> Callable[[Function], Function]:
    return click.argument("period", callback=_parsed(_period))


def period_option(help: str) -> Callable[[Function], Function]:
    return click.option("--period", metavar="PERIOD", callback=_parsed(_period), help=help)


def _period(text: str) -> str:
    """The text of a period, once it is known to be one."""
    parse_period(text)
    return text
