"""`socle cases`: runs the worked cases that lawyers write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ..errors import Problems
from . import options
from .check import Pages
from .locating import find_country, find_scheme
from .reporting import FINE, FOUND, counted, say, say_json
from .tables import table

if TYPE_CHECKING:
    from pathlib import Path

    from ..engine.cases import Outcome


@options.command("cases")
@click.argument("country")
@click.option("--scheme", metavar="NAME", help="Only the cases of this scheme.")
@click.option("-v", "--verbose", is_flag=True, help="Name the cases that pass as well.")
@options.as_json
@click.pass_context
def command(ctx: click.Context, country: str, scheme: str | None, verbose: bool, as_json: bool) -> None:
    """Run the worked cases of a law: what comes out must be what the lawyers wrote.

    A case that fails shows first the variable that is calculated first: the later ones may follow from it.

    \b
    Examples:
      socle cases mycountry
      socle cases exemplia --scheme old_age_pension -v
    """
    folder = find_country(country)
    outcomes = _outcomes(folder, scheme)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if as_json:
        say_json({"cases": [_as_dict(outcome) for outcome in outcomes], "passed": len(outcomes) - len(failed), "failed": len(failed)})
    else:
        for outcome in outcomes:
            if not outcome.passed:
                say(_failure(outcome, Pages(folder)) + "\n")
            elif verbose:
                say(f"passes  {outcome.case.scheme or 'concepts'}: {outcome.case.name}")
        say(("\n" if verbose and not failed else "") + _counts(outcomes))
        say(f"{counted(len(outcomes), 'case')}: {len(outcomes) - len(failed)} pass, {len(failed)} fail" if outcomes else "There are no cases.")
    ctx.exit(FOUND if failed else FINE)


def _outcomes(folder: Path, scheme: str | None) -> list[Outcome]:
    from ..engine.cases import run_cases
    from ..law.cases import read_cases
    from ..law.law import load

    law = load(folder)
    if scheme:
        find_scheme(law, scheme)
    cases, problems = read_cases(folder)
    if problems:
        raise Problems(problems)
    return run_cases(law, [case for case in cases if not scheme or (case.scheme or "concepts") == scheme])


def _failure(outcome: Outcome, pages: Pages) -> str:
    """Place and sentence, then each difference in the order of calculation."""
    case = outcome.case
    lines = [f"{pages.prefix}{case.place}: fails: {case.name} ({case.scheme or 'concepts'}, {case.period})"]
    if outcome.error:
        return "\n".join([*lines, f"    {outcome.error}"])
    for number, difference in enumerate(outcome.differences):
        subject = "" if len(case.persons) == 1 and difference.subject == "person" else f" of {difference.subject}"
        lines.append(f"    {'differs first' if number == 0 else 'differs too'}: {difference.variable}{subject}")
        lines.append(f"        expected {_shown(difference.expected)}, found {_shown(difference.found)}   ({pages.prefix}{difference.at})")
    if case.source:
        lines.append(f"    source: {case.source}")
    return "\n".join(lines)


def _shown(value: Any) -> str:
    from ..engine.deciding import plain

    value = plain(value)
    return {None: "unknown", True: "true", False: "false"}.get(value, str(value)) if value is None or isinstance(value, bool) else str(value)


def _counts(outcomes: Sequence[Outcome]) -> str:
    if not outcomes:
        return ""
    all_, good = Counter[str](), Counter[str]()
    for outcome in outcomes:
        name = outcome.case.scheme or "concepts"
        all_[name] += 1
        good[name] += outcome.passed
    rows = [(name, str(number), str(good[name]), str(number - good[name])) for name, number in sorted(all_.items())]
    return table(("scheme", "cases", "pass", "fail"), rows, (1, 2, 3)) + "\n"


def _as_dict(outcome: Outcome) -> dict[str, Any]:
    from ..engine.deciding import plain

    case = outcome.case
    differences = [
        {"subject": d.subject, "variable": d.variable, "expected": plain(d.expected), "found": plain(d.found), "at": d.at}
        for d in outcome.differences
    ]
    return {
        "case": case.name,
        "scheme": case.scheme or "concepts",
        "period": str(case.period),
        "at": str(case.place),
        "passed": outcome.passed,
        "differences": differences,
        "error": outcome.error.as_dict() if outcome.error else None,
    }
