"""The command line: `socle COMMAND …`. A command's module is imported when it is used, and libraries of data when they are needed.

Exit codes: 0 fine; 1 problems found in the law, or worked cases that fail; 2 wrong use or wrong input; 3 the program could not carry it out.
"""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from .. import __version__
from ..errors import EngineError, InputError, SocleError, nearest
from .reporting import exit_code
from .reporting import report as report_problem  # `report` is a command's module

COMMANDS = (
    "new", "check", "schema", "show", "cases", "run", "explain", "compare", "people", "sample", "read",
    "project", "cost", "budget", "impact", "report", "scenario", "data", "office", "demo",
)  # fmt: skip
STOPPED = 130
THREADS = "OPENBLAS_NUM_THREADS"
"""Matrices are small here: threads that share one cost more than they save. Read by NumPy when it is imported, which is later."""
_JSON = "opensocle.json"


class Commands(click.Group):
    """The group of all commands: finds them by name, and turns every error into a message and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return import_module(f".{cmd_name}", __name__).command if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            ctx.fail(f"There is no command {args[0]!r}: {nearest(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[_JSON] = "--json" in args
        if "--debug" in args:  # wherever it stands
            args = ["--debug", *(word for word in args if word != "--debug")]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        os.environ.setdefault(THREADS, "1")
        if ctx.params.get("debug"):
            return super().invoke(ctx)
        as_json = ctx.meta[_JSON]
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.Abort):
            raise
        except click.UsageError as error:
            if not as_json:
                raise
            problem: SocleError = InputError("U001", error.format_message(), hint=f"see {ctx.command_path} --help")
        except SocleError as error:
            problem = error
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            ctx.exit(STOPPED)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            what = error.strerror or type(error).__name__
            problem = InputError("U002", what, at=str(error.filename or ""), hint="check the name, the permissions and the room on the disk")
        except Exception as error:
            what = f"the program failed: {type(error).__name__}: {error}"
            problem = EngineError("U099", what, hint="this is our mistake: run it again with --debug and report what it prints")
        report_problem(problem, as_json)
        ctx.exit(exit_code(problem))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="socle", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show a traceback where something fails (for developers).")
def main(debug: bool) -> None:
    """Run a national social protection system from one text of the law.

    \b
    Start here:
      socle demo                          see what it does, with a fictional country
      socle new mycountry                 a small law to change into yours
      socle check mycountry               every mistake, with its place and the next step

    COUNTRY is always a folder, or the name of a country that comes with the program, such as exemplia.

    \b
    Exit codes: 0 fine, 1 problems found in the law or cases that fail, 2 wrong use or wrong input,
    3 the program could not carry it out.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our letters shows others, and goes on
