"""`socle explain`: why one person or household gets what it gets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import InputError, nearest
from . import options
from .locating import find_country, find_scheme
from .reporting import note, say, say_json, shown_list
from .tables import table

if TYPE_CHECKING:
    from ..engine.deciding import Decision
    from ..engine.reasons import Verdict
    from ..engine.wording import Words
    from ..law.law import Law
    from ..periods import Month
    from .situations import Situation

_WORDS = {
    "en": {"scheme": "scheme", "subject": "who", "answer": "answer", "amount": "amount", "missing": "facts to ask for"},
    "fr": {"scheme": "régime", "subject": "qui", "answer": "réponse", "amount": "montant", "missing": "faits à demander"},
}


@options.command("explain")
@click.argument("country")
@click.argument("people", required=False)
@click.option("--person", metavar="ID", help="Whose right: an identifier of PEOPLE, or a member's name.")
@click.option("--case", metavar="NAME", help="The facts of this worked case (a part of its name is enough).")
@click.option("--facts", metavar="FILE", help="The facts of a file in YAML or JSON; - reads standard input.")
@options.month("The month, such as 2026-03; by default that of the case, of the facts, or of the population's date.")
@click.option("--scheme", metavar="NAME", help="Explain the right to this scheme; by default all schemes are listed with their answers.")
@click.option("--variable", metavar="NAME", help="Explain one variable instead: child_grant.benefit, or a concept.")
@options.reforms
@options.lang
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True, help="Form of the explanation.")
@click.option("--out", metavar="FILE", type=click.Path(dir_okay=False), help="Write it into a file.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def command(
    country: str,
    people: str | None,
    person: str | None,
    case: str | None,
    facts: str | None,
    month: Month | None,
    scheme: str | None,
    variable: str | None,
    reforms: tuple[str, ...],
    lang: str,
    form: str,
    out: str | None,
    as_json: bool,
) -> None:
    """Explain a decision: each condition, figure and fact that it rests on, with the articles.

    The facts come from a person of PEOPLE, from a worked case, or from a file: give one of the three. What is not known is never
    guessed: the answer says which facts to ask for.

    \b
    Examples:
      socle explain exemplia demo/people --person 134 --month 2026-01 --scheme old_age_pension
      socle explain exemplia --case "thirty years at an average wage" --lang fr
      socle explain exemplia --facts facts.yaml --month 2026-03
      socle explain exemplia --facts facts.json --scheme child_grant --format html --out answer.html
    """
    if sum(source is not None for source in (people, case, facts)) != 1:
        raise click.UsageError("Say where the facts come from: PEOPLE with --person, --case or --facts, and only one of them.")
    if scheme and variable:
        raise click.UsageError("Give --scheme or --variable, not both.")
    folder = find_country(country)
    law = _law(folder, reforms)
    situation = _situation(law, folder, people, person, case, facts)
    when = month or situation.month
    if when is None:
        raise InputError("U024", "for which month?", hint="write --month 2026-03")
    form = "json" if as_json else form
    scheme = scheme or (None if variable else situation.scheme or None)
    _deliver(_answer(law, situation, when, scheme or variable, person, (lang, form)), out)


def _law(folder: Path, reforms: Sequence[str]) -> Law:
    from ..law.law import load

    law = load(folder)
    return law.with_(*reforms) if reforms else law


def _situation(law: Law, folder: Path, people: str | None, person: str | None, case: str | None, facts: str | None) -> Situation:
    from .situations import from_case, from_people, from_text

    if case is not None:
        return from_case(folder, case)
    return from_text(facts) if facts is not None else from_people(law, str(people), person)


def _answer(law: Law, situation: Situation, month: Month, name: str | None, person: str | None, how: tuple[str, str]) -> str | dict[str, Any]:
    from ..engine.deciding import decide

    lang, form = how
    wanted = None if name is None else [_known(law, name)]
    decision = decide(law, situation.facts, month, wanted)
    subject = _subject(decision, situation, person)
    if name is None:
        verdicts = _verdicts(decision, subject)
        if form == "html":
            raise InputError("U025", "a page is about one scheme", hint="add --scheme NAME")
        return {"verdicts": [v.as_dict() for v in verdicts], "law": law.hash} if form == "json" else _listed(law, verdicts, lang)
    from ..engine.explaining import explain

    explanation = explain(decision, name, subject)
    return explanation.as_dict() if form == "json" else explanation.as_html(lang) if form == "html" else explanation.as_text(lang)


def _known(law: Law, name: str) -> str:
    """A scheme or a variable of the law."""
    owner, _, rest = name.partition(".")
    if not rest and ("concepts", name) not in law.rules and ("vocabulary", name) not in law.rules:
        find_scheme(law, name)
    elif rest and (owner, rest) not in law.rules:
        scheme = find_scheme(law, owner)
        raise InputError("U012", f"{owner} has no variable {rest!r}", hint=nearest(rest, list(scheme.variables)))
    return name


def _subject(decision: Decision, situation: Situation, person: str | None) -> Any:
    """Who of the household: the person asked for, or the one whom the facts are about."""
    if situation.subject is not None and (person is None or str(situation.subject) == person):
        return situation.subject
    names = {str(name): name for name in decision.people}
    if person is None:
        return next(iter(names.values())) if len(names) == 1 else None
    if person not in names and person != "household":
        raise InputError("U023", f"nobody is called {person!r} in these facts", hint=nearest(person, [*names, "household"]))
    return names.get(person, person)


def _verdicts(decision: Decision, subject: Any) -> list[Verdict]:
    """The answers for a subject and the household; for everybody where no subject is asked for."""
    from ..engine.explaining import entitlements

    return [v for v in entitlements(decision) if subject is None or v.subject in (str(subject), "household")]


def _listed(law: Law, verdicts: Sequence[Verdict], lang: str) -> str:
    """The answers of all schemes, one a line; those that give something first."""
    from ..engine.wording import Words

    words, own = Words(lang, law.country.currency.digits), _WORDS[lang]
    order = {"entitled": 0, "due": 1, "undecided": 2, "not_entitled": 3, "nothing_due": 4}
    rows = []
    for verdict in sorted(verdicts, key=lambda v: order[v.outcome]):
        given = verdict.outcome in ("entitled", "due")
        asked = shown_list([words.title(fact.title) or fact.name or words(fact.table) for fact in verdict.missing], 3)
        amounts = _amounts(verdict, words) if given else ""
        row = (words.title(verdict.title, verdict.scheme), words.subject(verdict.subject), words(verdict.outcome), amounts, asked)
        rows.append((verdict.scheme, *row))
    headers = ("--scheme", *(own[key] for key in ("scheme", "subject", "answer", "amount", "missing")))
    return table(headers, rows, ()) + "\n"


def _amounts(verdict: Verdict, words: Words) -> str:
    """What is given, or due by whom."""
    found = []
    for amount in verdict.amounts:
        if amount.name != "duration" and amount.value != 0:
            text = words.paid(amount.value, amount.unit, verdict.paid)
            found.append(text if amount.name == "benefit" else f"{words.title(amount.title, words(amount.name))}{words('colon')}{text}")
    return "; ".join(found)


def _deliver(answer: str | dict[str, Any], out: str | None) -> None:
    from .reporting import json_text

    if out:
        Path(out).write_text(answer if isinstance(answer, str) else json_text(answer), encoding="utf-8")
        note(f"The explanation is in {out}.")
    elif isinstance(answer, str):
        say(answer.rstrip("\n"))
    else:
        say_json(answer)
