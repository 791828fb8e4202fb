"""`socle scenario`: the scenarios of a country, what they change, how they compare, and which value of a figure fits a budget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import click

from ..errors import InputError, nearest
from . import options
from .costs import budget_data, costing_of, heading_data, say_notes, scenario_data, scenarios_of, years_shown
from .locating import find_country, load_law
from .reporting import counted, note, say, say_json

if TYPE_CHECKING:
    from ..analysis.goals import Goal, Wanted
    from ..law.comparing import Change
    from ..law.law import Law
    from ..projection.scenarios import Scenario


@options.group("scenario")
def command() -> None:
    """List, show, compare and test the scenarios of a country.

    A scenario is a file in the country's folder: reforms of the law, changed assumptions, what is replaced, and what pays for it.

    \b
    Examples:
      socle scenario list exemplia
      socle scenario compare exemplia --until 2035
      socle scenario seek exemplia basic_floor --parameter child_grant.amount --budget 0.02 --year 2030 --low 10 --high 80 --step 1
    """


def _chosen(law: Law, country: str, name: str, data_root: str | None) -> Scenario:
    scenarios = scenarios_of(law, country, data_root)
    if name not in scenarios:
        raise InputError("U051", f"there is no scenario {name!r}", hint=nearest(name, list(scenarios)))
    return scenarios[name]


@command.command("list", epilog=options.EXIT_CODES)
@click.argument("country")
@options.data_root
@options.lang
@options.as_json
def list_(country: str, data_root: str | None, lang: str, as_json: bool) -> None:
    """List the scenarios of a country. All of them are checked.

    \b
    Examples:
      socle scenario list exemplia
      socle scenario list exemplia --json
    """
    from ..law.showing import title_of
    from .tables import table

    law = load_law(country)
    scenarios = scenarios_of(law, country, data_root)
    if as_json:
        say_json({"country": law.country.code, "scenarios": [_data(scenario) for scenario in scenarios.values()]})
        return
    rows = [
        (name, title_of(s.title, lang, name), s.assumptions, ", ".join(o.name for o in s.overlays) or "–", str(len(s.levers)))
        for name, s in scenarios.items()
    ]
    heads = ("scenario", "title", "assumptions", "reforms", "levers") if lang == "en" else ("scénario", "titre", "hypothèses", "réformes", "leviers")
    say(table(heads, rows, (4,), indent=""))
    _warn(list(scenarios.values()))


def _warn(scenarios: Sequence[Scenario]) -> None:
    """What the reforms of scenarios do, and are seldom meant to do, once, on stderr."""
    for text in dict.fromkeys(str(warning) for scenario in scenarios for warning in scenario.warnings):
        note(f"Warning: {text}")


def _data(scenario: Scenario) -> dict[str, Any]:
    """A scenario as plain data: its values as they are written."""
    from ..law.nodes import plain_data

    return {
        "scenario": scenario.name,
        "title": dict(scenario.title),
        "assumptions": scenario.assumptions,
        "baseline": scenario.baseline or None,
        "reforms": [overlay.name for overlay in scenario.overlays],
        "change": {path: plain_data(node) for path, node in scenario.changes.items()},
        "schemes": list(scenario.schemes) if scenario.schemes else None,
        "replaces": [{"name": name, "source": amount.source} for name, amount in scenario.replaces.items()],
        "levers": [{"lever": lever.kind, "title": dict(lever.title), "source": lever.amount.source} for lever in scenario.levers],
        "sensitivity": [{"path": s.path, "low": s.texts[0], "high": s.texts[1]} for s in scenario.sensitivity],
        "source": scenario.source,
        "warnings": [warning.as_dict() for warning in scenario.warnings],
    }


@command.command("show", epilog=options.EXIT_CODES)
@click.argument("country")
@click.argument("name")
@options.data_root
@options.lang
@options.as_json
def show(country: str, name: str, data_root: str | None, lang: str, as_json: bool) -> None:
    """Show what a scenario changes: the law article by article, assumptions, replaced spending, levers, each with its source.

    \b
    Examples:
      socle scenario show exemplia full_floor
      socle scenario show exemplia full_floor --lang fr
    """
    from ..law.comparing import as_text, compare

    law = load_law(country)
    scenario = _chosen(law, country, name, data_root)
    reformed = scenario.reform(law)
    assert law.text is not None and reformed.text is not None
    changes: list[Change] = compare(law.text, reformed.text)
    data = _data(scenario)
    if as_json:
        say_json({**data, "law": reformed.hash, "changes": [change.as_dict() for change in changes]})
        return
    from ..law.showing import title_of

    say(f"{title_of(scenario.title, lang, name)} ({name})\n  assumptions: {scenario.assumptions}\n  law: {reformed.hash}")
    if scenario.source:
        say(f"  source: {scenario.source}")
    if scenario.overlays:
        say("\n" + as_text(changes, law.text, reformed.text, lang).rstrip("\n"))
    for key, lines in _parts(data, lang).items():
        if lines:
            say("\n" + "\n".join([key, *(f"  {line}" for line in lines)]))
    _warn([scenario])


def _parts(data: dict[str, Any], lang: str) -> dict[str, list[str]]:
    """What the text shows below the law."""
    from .reporting import json_text

    def value(given: Any) -> str:
        return " ".join(json_text(given).split()).replace('"', "")

    return {
        "Already financed": [f"the net cost of {data['baseline']}"] if data["baseline"] else [],
        "Assumptions changed": [f"{path}: {value(given)}" for path, given in data["change"].items()],
        "Schemes costed": [", ".join(data["schemes"])] if data["schemes"] else [],
        "Spending that ends": [f"{each['name']} ({each['source']})" for each in data["replaces"]],
        "Levers": [f"{each['lever']}: {each['title'].get(lang, '')} ({each['source']})" for each in data["levers"]],
        "Sensitivity": [f"{each['path']}: {each['low']} to {each['high']}" for each in data["sensitivity"]],
    }


@command.command("compare", epilog=options.EXIT_CODES)
@click.argument("country")
@options.names("--scenario", "scenarios", "A,B", "Only these scenarios; by default all of the country's.")
@options.whole_numbers("--years", "years", "A,B", "The years that the table shows; by default some from the first to the last.")
@options.until
@options.data_root
@options.progress
@options.lang
@options.as_json
def compare_(
    country: str, scenarios: tuple[str, ...], years: tuple[int, ...], until: int | None, data_root: str | None, progress: bool, lang: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Compare scenarios: expenditure, gap, and what remains to be found, as shares of GDP.

    \b
    Examples:
      socle scenario compare exemplia --until 2035
      socle scenario compare exemplia --scenario status_quo,full_floor --years 2026,2030 --until 2030
    """
    costing = costing_of(country, scenarios, until, data_root, progress)
    shown = years_shown(costing, years, 7)
    if as_json:
        found = [{**scenario_data(result), "budget": [budget_data(entry) for entry in result.budget]} for result in costing.scenarios]
        say_json({**heading_data(costing), "scenarios": found})
        return
    from ..publish.results import comparison
    from ..publish.tables import write

    say(write(comparison(costing, lang, shown), "text", lang).rstrip("\n"))
    say_notes(costing)


@command.command("sensitivity", epilog=options.EXIT_CODES)
@click.argument("country")
@click.argument("name")
@options.until
@options.data_root
@options.progress
@options.lang
@options.as_json
def sensitivity(country: str, name: str, until: int | None, data_root: str | None, progress: bool, lang: str, as_json: bool) -> None:
    """Show how the net cost of a scenario swings with each assumption that it tests, the widest first.

    \b
    Examples:
      socle scenario sensitivity exemplia full_floor --until 2035
      socle scenario sensitivity exemplia full_floor --until 2035 --json
    """
    costing = costing_of(country, [name], until, data_root, progress, sensitivity=True)
    result = costing.scenario(name)
    if as_json:
        names = ("path", "low_value", "high_value", "low", "base", "high")
        swings = [{key: getattr(swing, key) for key in names} for swing in result.sensitivity]
        say_json({**heading_data(costing), **scenario_data(result), "sensitivity": swings})
        return
    if not result.sensitivity:
        say(f"The scenario {name} tests no assumption: add sensitivity: to its file.")
        return
    from ..publish.results import sensitivity_table
    from ..publish.tables import write

    say(write(sensitivity_table(costing, lang, name), "text", lang).rstrip("\n"))


@command.command("seek", epilog=options.EXIT_CODES)
@click.argument("country")
@click.argument("name")
@click.option("--parameter", required=True, metavar="SCHEME.NAME", help="The figure of the law that is sought.")
@options.decimal("--budget", "AMOUNT", "What may be spent in the year: a share of what --of says, or money.")
@click.option("--of", type=click.Choice(["gdp", "expenditure", "money"]), default="gdp", show_default=True, help="What the budget is a share of.")
@click.option("--year", required=True, type=int, help="The year whose cost must fit.")
@options.decimal("--low", "VALUE", "The least value tried.")
@options.decimal("--high", "VALUE", "The greatest value tried.")
@options.decimal("--step", "VALUE", "The value is a multiple of this above the least.")
@click.option("--measure", type=click.Choice(["gross", "net"]), default="gross", show_default=True, help="Cost before or after contributions.")
@options.names("--schemes", "schemes", "A,B", "Whose cost must fit; by default that of the parameter's scheme.")
@options.day("--since", "From when the value holds; by default 1 January of the year.")
@options.data_root
@options.as_json
def seek(country: str, name: str, data_root: str | None, as_json: bool, **asked: Any) -> None:
    """Find the value of a figure of the law that fits a budget: a benefit level, an age limit, a rate.

    The value nearest to the budget that does not exceed it; the cost must rise or fall with the value throughout.

    \b
    Examples:
      socle scenario seek exemplia basic_floor --parameter child_grant.amount --budget 0.02 --year 2030 --low 10 --high 80 --step 1
      socle scenario seek exemplia status_quo --parameter social_pension.amount --budget 300000000 --of money --year 2030
        --low 20 --high 60 --step 0.5
    """
    from ..analysis.goals import Wanted, seek_parameter

    law = load_law(country)
    wanted = Wanted(**asked)
    goal = seek_parameter(find_country(country), law, name, wanted, data_root=data_root)
    if as_json:
        say_json(_goal(law, name, wanted, goal))
    else:
        _say_goal(law, wanted, goal)


def _goal(law: Law, name: str, wanted: Wanted, goal: Goal) -> dict[str, Any]:
    lines = [{"scheme": line.scheme, "entitled": line.entitled, "paid": line.paid, "gross": line.gross, "net": line.net} for line in goal.lines]
    return {
        "country": law.country.code,
        "currency": law.country.currency.code,
        "scenario": name,
        "parameter": wanted.parameter,
        "year": wanted.year,
        "value": goal.value,
        "cost": goal.cost,
        "budget": goal.budget,
        "share_of_gdp": goal.cost / goal.gdp,
        "evaluations": goal.evaluations,
        "lines": lines,
        "overlay": goal.overlay,
    }


def _say_goal(law: Law, wanted: Wanted, goal: Goal) -> None:
    from ..publish.words import Words

    say_ = Words("en", law.country.currency.code)
    digits = max(0, -cast(int, Decimal(wanted.step).as_tuple().exponent))
    since = wanted.since or date(wanted.year, 1, 1)
    say(f"{wanted.parameter} = {say_.number(goal.value, digits)} from {since}")
    say(f"  cost in {wanted.year}: {say_.money(goal.cost)}, {say_.percent(goal.cost / goal.gdp, 2)} of GDP")
    say(f"  budget: {say_.money(goal.budget)}, {say_.percent(goal.budget / goal.gdp, 2)} of GDP")
    for line in goal.lines:
        if line.paid:
            say(f"  {line.scheme}: {say_.count(line.paid)} paid of {say_.count(line.entitled)} entitled")
    say(f"Found with {counted(goal.evaluations, 'costing')}; the next step would exceed the budget, or lies outside the range.")
