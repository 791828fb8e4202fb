"""How the command line says what it found: problems as text or JSON, data as JSON, exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from ..errors import EngineError, LawError, Problems, SocleError
from ..periods import Month

FINE, FOUND, WRONG, FAILED = 0, 1, 2, 3
EXIT_CODES = "Exit codes: 0 fine, 1 problems found in the law or cases that fail, 2 wrong use or wrong input, 3 the program could not carry it out."
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """The text without signs that could steer a terminal: files may come from strangers."""
    return _CONTROL.sub("\ufffd", text)


def say(text: str = "") -> None:
    """A line, or several, for the reader."""
    click.echo(clean(text))


def note(text: str) -> None:
    """A line beside the result, on stderr."""
    click.echo(clean(text), err=True)


def say_json(data: Any) -> None:
    """Data as JSON on stdout."""
    click.echo(json_text(data), nl=False)


def json_text(data: Any) -> str:
    """Data as JSON: decimals as text, so that no cent is lost."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=plain) + "\n"


def plain(value: Any) -> Any:
    """What JSON has no form for."""
    if isinstance(value, Decimal):
        return "0" if not value else f"{value.normalize():f}"
    if isinstance(value, date | Month | Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def flatten(error: SocleError) -> list[SocleError]:
    """The single problems of an error."""
    if isinstance(error, Problems):
        return [single for problem in error.problems for single in flatten(problem)]
    return [error]


def report(error: SocleError, as_json: bool) -> None:
    """The problems: one a line on stderr, or with --json as `{"problems": […]}` on stdout, where data would stand."""
    found = flatten(error)
    if as_json:
        say_json({"problems": [problem.as_dict() for problem in found]})
        return
    for problem in found:
        note(str(problem))
    if len(found) > 1:
        note(f"{len(found)} problems")


def exit_code(error: SocleError) -> int:
    """1 for a law that is wrong, 3 for a calculation that could not be carried out, 2 for anything else."""
    found = flatten(error)
    if any(isinstance(problem, EngineError) for problem in found):
        return FAILED
    return FOUND if any(isinstance(problem, LawError) for problem in found) else WRONG


def counted(number: int, word: str, several: str = "") -> str:
    """`1 case`, `12 cases`."""
    return f"{number:,} {word if number == 1 else several or word + 's'}"


def shown_list(names: Sequence[str], most: int = 8) -> str:
    """The first names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
