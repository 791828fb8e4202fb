"""`socle demo`: the tour of Exemplia, from the law to a month's benefits and one decision explained."""

from __future__ import annotations

import json
import shutil
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import __version__, country_folder
from ..errors import InputError
from . import options
from .check import examine
from .costs import budget_data, costing_of
from .demo_office import office_of, serve
from .printing import Printer
from .progress import Progress
from .reporting import FOUND, counted, note, say, say_json
from .summary import summarise

if TYPE_CHECKING:
    from ..analysis.impact.model import Impact
    from ..analysis.model import Costing
    from ..engine.explaining import Explanation
    from ..engine.results import Result
    from ..law.cases import Case
    from ..law.law import Law
    from ..office.demo.building import Built

COUNTRY, SEED, DAY, MONTH = "exemplia", 1, date(2026, 1, 1), "2026-01"
MARK = "socle-demo.json"
UNTIL, YEARS = 2030, (2026, 2028, 2030)
"""The costing's last year, and the years that its table shows."""
LINE, POVERTY, EXCLUDED, SENTENCES = "national", ("none", "current"), "disability_grant", 4
"""What is shown of the study: the line and the scenarios, the scheme whose causes of exclusion are told, and how many sentences."""
REPORT_LIBRARIES = ("altair", "typst", "vl_convert", "xlsxwriter")
INTERESTING = (
    ("maternity_benefit", '"maternity_benefit.benefit" > 0'),
    ("sickness_benefit", '"sickness_benefit.duration" > 0 AND NOT "sickness_benefit.eligible"'),
    ("social_pension", '"social_pension.benefit" > 0 AND "old_age_pension.benefit" > 0'),
    ("child_grant", "true"),
)
"""Whose decision is explained: the first person of the first condition that somebody meets, and the scheme."""


@options.command("demo")
@click.option("--persons", type=click.IntRange(1, 1_000_000), default=20_000, show_default=True, help="How many people to make up.")
@click.option("--folder", metavar="FOLDER", type=click.Path(file_okay=False), default="demo", show_default=True, help="Where to put them.")
@click.option("--no-office", is_flag=True, help="Leave the office out.")
@click.option("--no-serve", is_flag=True, help="Do not serve the office's pages at the end.")
@options.lang
@options.as_json
@click.pass_context
def command(ctx: click.Context, persons: int, folder: str, no_office: bool, no_serve: bool, lang: str, as_json: bool) -> None:
    """Show what the program does, with Exemplia, a fictional country, in about a minute; then serve an office with its people.

    Makes up people in ./demo, checks the law and its worked cases, computes a month for everybody, explains one decision, costs three
    scenarios, shows on a survey whom the law lifts out of poverty and who is excluded, and makes an office with these people, users of every
    role and cases in every state. Run it again whenever you like: it uses the same people and office again, and replaces nothing that is not its own.

    \b
    Examples:
      socle demo
      socle demo --no-serve
      socle demo --persons 100000 --folder /tmp/demo
    """
    tell = (lambda text: None) if as_json else say
    law, cases = _checked(tell)
    failed = _run_cases(law, cases, tell)
    home = Path(folder)
    _make(home, persons, tell)
    result = _run(law, home)
    summary = summarise(result, law)
    printer = Printer(law, result, lang, shares=True)
    tell(f"3. A month for everybody: {MONTH}, {counted(result.rows['person'], 'person')}, {counted(result.rows['household'], 'household')}\n")
    tell(printer.benefits(summary) + "\n")
    person, explanation = _interesting(law, home, result)
    tell(f"4. One decision explained: person {person}\n")
    tell(explanation.as_text(lang))
    costing = _cost(lang, tell)
    impact = _impact(lang, tell)
    _report(costing, impact, home, lang, tell)
    office = None if no_office else office_of(home, law, tell)
    if as_json:
        budgets = {each.name: [budget_data(entry) for entry in each.budget] for each in costing.scenarios}
        found = {"statement": result.statement(), "totals": result.totals(), "person": person, "explanation": explanation.as_dict()}
        found["poverty"] = {name: impact.figure("fgt0", line=LINE, scenario=name).estimate for name in POVERTY}
        say_json({**found, "budgets": budgets, "office": office and {"folder": office.folder, "persons": office.persons, "logins": office.logins}})
    else:
        _say_next(home, person, explanation.name, office)
        if office and not no_serve:
            serve(office)
    ctx.exit(FOUND if failed else 0)


def _checked(tell: Any) -> tuple[Law, list[Case]]:
    """The law of Exemplia and its cases."""
    law, problems, _, cases = examine(country_folder(COUNTRY))
    if law is None or problems:
        raise problems[0]
    tell(f"Exemplia is a fictional country: its people and its acts are invented.\n\n1. The law: {counted(len(law.schemes), 'scheme')}, no problems")
    return law, list(cases)


def _run_cases(law: Law, cases: list[Case], tell: Any) -> int:
    from ..engine.cases import run_cases

    outcomes = run_cases(law, cases)
    failed = sum(not outcome.passed for outcome in outcomes)
    told = f"{failed} of them fail: see socle cases {COUNTRY}" if failed else "all pass"
    tell(f"   Worked cases, written as a lawyer would: {len(outcomes)}, {told}")
    return failed


def _make(home: Path, persons: int, tell: Any) -> None:
    """The people in the demo's own folder: those of last time if they are the same, new ones otherwise."""
    from ..population.people import make_people

    wanted = {"persons": persons, "seed": SEED, "date": str(DAY), "program": __version__}
    mark, people = home / MARK, home / "people"
    if home.exists() and (not home.is_dir() or (any(home.iterdir()) and not mark.is_file())):
        raise InputError("U040", "there is something here that the demo did not make", at=str(home), hint="choose another --folder")
    if _read(mark) == wanted and (people / "population.yaml").is_file():
        tell(f"2. The people: {persons:,} persons in {people}, of last time")
        return
    home.mkdir(parents=True, exist_ok=True)
    mark.write_text("{}\n", encoding="utf-8")  # the folder is ours from now on, and its people are not ready
    shutil.rmtree(people, ignore_errors=True)
    with Progress("people") as bar:
        make_people(people, persons, SEED, DAY, progress=bar.of)
    mark.write_text(json.dumps(wanted) + "\n", encoding="utf-8")
    tell(f"2. The people: {persons:,} persons made up in {people}, the same for everybody who tries this")


def _read(mark: Path) -> Any:
    try:
        return json.loads(mark.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _run(law: Law, home: Path) -> Result:
    """The month's results, written beside the people."""
    from ..engine.running import run
    from ..population.tables import Population

    out = home / "results"
    shutil.rmtree(out, ignore_errors=True)
    with Progress("run") as bar:
        return run(law, Population.open(home / "people"), MONTH, out=out, progress=bar)


def _interesting(law: Law, home: Path, result: Result) -> tuple[int, Explanation]:
    """A person whose decision is worth reading, the same each time."""
    import duckdb

    from ..engine.deciding import decide
    from ..engine.explaining import explain
    from ..population.tables import Population

    with duckdb.connect() as connection:
        path = str(result.tables["person"]).replace("'", "''")
        queries = {scheme: f"SELECT min(person_id) FROM read_parquet('{path}') WHERE {condition}" for scheme, condition in INTERESTING}
        firsts = ((scheme, connection.execute(query).fetchall()[0][0]) for scheme, query in queries.items())
        scheme, found = next((scheme, first) for scheme, first in firsts if first is not None)
    facts = Population.open(home / "people").person(found, law.vocabulary)
    return found, explain(decide(law, facts, MONTH, [scheme]), scheme, found)


def _cost(lang: str, tell: Any) -> Costing:
    """What Exemplia's scenarios cost until 2030."""
    from ..publish.results import comparison
    from ..publish.tables import write

    costing = costing_of(COUNTRY, (), UNTIL, None)
    tell(f"\n5. What it costs: {counted(len(costing.scenarios), 'scenario')} on the people of {costing.years[0]} to {costing.years[-1]}\n")
    tell(write(comparison(costing, lang, YEARS), "text", lang).rstrip("\n"))
    return costing


def _impact(lang: str, tell: Any) -> Impact:
    """Poverty before and with transfers on Exemplia's survey, and why people are excluded from one scheme."""
    from ..publish.impact_content import messages
    from ..publish.impact_schemes import causes_table
    from ..publish.tables import write
    from .impact import impact_of

    made = impact_of(COUNTRY)
    assert made is not None
    tell(f"\n6. Whom it helps: the law on a survey of {made.households:,} households\n")
    tell("\n".join(f"   - {text}" for text in messages(made, lang)[:SENTENCES]) + "\n")
    tell(write(causes_table(made, lang, EXCLUDED), "text", lang).rstrip("\n"))
    return made


def _report(costing: Costing, impact: Impact, home: Path, lang: str, tell: Any) -> None:
    """The report and the workbook, where the libraries for them are installed."""
    from .report import write_one

    if any(find_spec(name) is None for name in REPORT_LIBRARIES):
        tell("\n7. The report is left out: pip install 'opensocle[report]' brings what it needs.")
        return
    written = write_one(costing, home / "report", lang, ("pdf", "html", "xlsx"), impact=impact)
    tell("\n7. The report:\n" + "\n".join(f"   {path}" for path in written))


def _say_next(home: Path, person: int, scheme: str, office: Built | None) -> None:
    people = home / "people"
    say("\nTry next:")
    steps = [
        (f"socle explain {COUNTRY} {people} --person {person} --scheme {scheme} --lang fr", "the same in French"),
        (f"socle run {COUNTRY} {people} 2025-12 --by region,sex", "another month, by region and sex"),
        (f"socle show {COUNTRY} old_age_pension", "the law behind a scheme"),
        (f"socle cost {COUNTRY} --against status_quo --until 2035", "what each scheme costs, and what reforms add"),
        (f"socle impact {COUNTRY} --out impact.pdf", "who is poor, who is reached, who gains, who is excluded"),
        ("socle new mycountry", "your own law"),
        *([(f"socle office check --office {office.folder}", "whether the office can be trusted")] if office else []),
    ]
    wide = max(len(step) for step, _ in steps)
    for step, what in steps:
        say(f"  {step.ljust(wide)}   {what}")
    note(f"\nThe results of every person are in {home / 'results'}.")
