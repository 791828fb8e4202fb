"""`socle check`: every problem of a law, as a compiler shows it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import LawError, Problems, SocleError
from . import options
from .locating import find_country, is_packaged
from .reporting import FINE, FOUND, counted, flatten, say, say_json

if TYPE_CHECKING:
    from ..law.cases import Case
    from ..law.law import Law

_MOST = 1_000_000
_ROOM = 100


@options.command("check")
@click.argument("country")
@click.option("--strict", is_flag=True, help="Count warnings as problems.")
@options.as_json
@click.pass_context
def command(ctx: click.Context, country: str, strict: bool, as_json: bool) -> None:
    """Check a law: every problem with its place, what is wrong, and the next step.

    Reads all files of COUNTRY (a folder, or a name such as exemplia), their formulas, units and dates, and the form of the
    worked cases. Warnings are what is allowed but rarely meant, also in the reforms of scenarios. Without problems, prints the
    hash that results will carry.

    \b
    Examples:
      socle check mycountry
      socle check exemplia --strict
      socle check mycountry --json
    """
    folder = find_country(country)
    law, problems, warnings, cases = examine(folder)
    if as_json:
        found = {"problems": [p.as_dict() for p in problems], "warnings": [w.as_dict() for w in warnings]}
        say_json({**found, "counts": _counts(law, cases), "law": law.hash if law and not problems else None})
    else:
        pages = Pages(folder)
        for problem in problems:
            say(pages.show(problem) + "\n")
        for warning in warnings:
            say(pages.show(warning, "warning ") + "\n")
        say(_summary(law, problems, warnings, cases))
    ctx.exit(FOUND if problems or (strict and warnings) else FINE)


def examine(folder: Path) -> tuple[Law | None, list[SocleError], list[LawError], Sequence[Case]]:
    """The law (None if it has problems), its problems and warnings, and its cases."""
    from ..law.cases import read_cases
    from ..law.law import compile_law
    from ..law.loading import read_country
    from ..law.reforms import scenario_warnings

    text = read_country(folder)
    law: Law | None = None
    problems: list[SocleError] = []
    try:
        law = compile_law(text)
    except Problems as found:
        problems = flatten(found)
    cases, wrong = read_cases(folder)
    reforms = scenario_warnings(folder, text) if law is not None else []
    return law, [*problems, *wrong], [*text.warnings, *reforms], cases


def _counts(law: Law | None, cases: Sequence[Case]) -> dict[str, int]:
    if law is None:
        return {}
    owners = [law.concepts, *law.schemes.values()]
    parameters, variables = sum(len(o.parameters) for o in owners), sum(len(o.variables) for o in owners)
    return {"schemes": len(law.schemes), "parameters": parameters, "variables": variables, "cases": len(cases)}


def _summary(law: Law | None, problems: Sequence[SocleError], warnings: Sequence[LawError], cases: Sequence[Case]) -> str:
    told = f", {counted(len(warnings), 'warning')}" if warnings else ""
    if law is None or problems:
        return counted(len(problems), "problem") + told
    counts = ", ".join(counted(number, word.removesuffix("s")) for word, number in _counts(law, cases).items())
    return f"{law.country.title.get('en', law.country.code)} is fine: {counts}{told}\nlaw {law.hash}"


class Pages:
    """The lines of a country's files, to show a problem where it stands."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.lines = folder, {}
        self.prefix = "" if is_packaged(folder) else f"{folder.as_posix().rstrip('/')}/"

    def show(self, problem: SocleError, kind: str = "") -> str:
        """`file:line:column: code what`, the line with a mark under the column, and the next step."""
        file, line, column = place_of(problem.at)
        at = f"{self.prefix if file else ''}{problem.at}: " if problem.at else ""
        shown = [f"{at}{kind}{problem.code} {problem.what}"]
        text = self.line(file, line)
        if text is not None:
            shown += _marked(text, line, column)
        if problem.hint:
            shown.append(f"      = {problem.hint}")
        return "\n".join(shown)

    def line(self, file: str, number: int) -> str | None:
        """A line of a file of the country's folder; None where it cannot be shown."""
        if file not in self.lines:
            path = self.folder / file
            inside = path.is_file() and path.resolve().is_relative_to(self.folder.resolve()) and path.stat().st_size <= _MOST
            self.lines[file] = path.read_text(encoding="utf-8", errors="replace").split("\n") if file and inside else []
        lines = self.lines[file]
        return lines[number - 1].rstrip("\r") if 0 < number <= len(lines) else None


def place_of(at: str) -> tuple[str, int, int]:
    """File, line and column of a place; 0 where it has none."""
    parts = at.rsplit(":", 2)
    if len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit():
        return parts[0], int(parts[1]), int(parts[2])
    return at, 0, 0


def _marked(text: str, number: int, column: int) -> list[str]:
    """The line, cut around the column where it is long, and the mark under the column."""
    start = max(0, column - _ROOM // 2) if len(text) > _ROOM else 0
    cut = ("…" if start else "") + text[start : start + _ROOM] + ("…" if len(text) > start + _ROOM else "")
    before = ("…" if start else "") + text[start : max(column - 1, 0)]
    gap = "".join("\t" if sign == "\t" else " " for sign in before)
    label = f"{number:>5}"
    return [f"{label} | {cut}", f"{' ' * len(label)} | {gap}^"] if column else [f"{label} | {cut}"]
