"""`socle compare`: what differs between two laws, and what that does to people."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from . import options
from .locating import load_law
from .progress import Progress
from .reporting import say, say_json

if TYPE_CHECKING:
    from ..law.law import Law
    from .effects import Effect


@options.command("compare")
@click.argument("before")
@click.argument("after", required=False)
@options.reforms
@click.option("--people", metavar="PEOPLE", help="Also show the effect on these people.")
@options.period_option("With --people: the months, such as 2026-03 or 2026.")
@options.memory
@options.threads
@options.progress
@options.lang
@options.as_json
def command(
    before: str,
    after: str | None,
    reforms: tuple[str, ...],
    people: str | None,
    period: str | None,
    memory: str | None,
    threads: int | None,
    progress: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Show what differs between two laws, article by article; with --people also who gains and who loses.

    BEFORE and AFTER are countries. With --reform, AFTER is the law of BEFORE (or of AFTER, if it is given) with these overlays.

    \b
    Examples:
      socle compare exemplia exemplia_2027
      socle compare exemplia --reform bill.yaml
      socle compare exemplia --reform bill.yaml --people demo/people --period 2026-01
    """
    if after is None and not reforms:
        raise click.UsageError("Name what to compare with: AFTER, or --reform FILE.")
    if (people is None) != (period is None):
        raise click.UsageError("--people and --period go together.")
    old, new = load_law(before), load_law(after or before, reforms)
    from ..law.comparing import as_text, compare

    assert old.text is not None and new.text is not None
    changes = compare(old.text, new.text)
    effect = _effect(old, new, people, period, (memory, threads, progress)) if people is not None and period is not None else None
    if as_json:
        found = {"before": old.hash, "after": new.hash, "changes": [change.as_dict() for change in changes]}
        say_json(found | ({"effect": effect.as_dict()} if effect else {}))
        return
    say(as_text(changes, old.text, new.text, lang).rstrip("\n"))
    if effect:
        say("\n" + effect.as_text(lang))


def _effect(old: Law, new: Law, people: str, period: str, how: tuple[str | None, int | None, bool]) -> Effect:
    from .effects import effect_of

    memory, threads, always = how
    with ExitStack() as stack:
        bar = stack.enter_context(Progress("two runs", always))
        return effect_of(old, new, people, period, memory, threads, bar)
