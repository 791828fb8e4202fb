"""`socle cost`: what each scheme costs in each year, in the country's scenarios."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options
from .costs import check_scenario, costing_of, heading_data, line_data, say_notes, scenario_data, total_data, years_shown
from .reporting import note, plain, say, say_json

if TYPE_CHECKING:
    from ..analysis.grouping import Extension, Total
    from ..analysis.model import Costing, ScenarioResult
    from ..publish.tables import Cell, Row, Table
    from ..publish.words import Scale, Words

WORDS = {
    "en": {
        "cost": "{scenario}: {year}, amounts in {unit}", "entitled": "Entitled", "paid": "Paid", "benefits": "Benefits",
        "administration": "Administration", "contributions": "Contributions", "net": "Net", "gdp": "% of GDP", "expenditure": "% of public exp.",
        "all": "All schemes", "floor": "Of which, by guarantee of the floor", "extension": "{scenario} beside {before}: {year}, benefits in {unit}",
        "horizontal": "More people", "vertical": "Higher benefits", "difference": "Difference", "sum": "All of {branch}",
        "shares": "Shares are of gross expenditure: benefits and administration.",
        "mean": "More people: at the average benefit of before. Higher benefits: for those now paid.",
        "more": "Other years: --years; every year and figure: --json or --out.",
    },
    "fr": {
        "cost": "{scenario} : {year}, montants en {unit}", "entitled": "Ayants droit", "paid": "Payés", "benefits": "Prestations",
        "administration": "Administration", "contributions": "Cotisations", "net": "Net", "gdp": "% du PIB", "expenditure": "% des dép. publ.",
        "all": "Tous les régimes", "floor": "Dont, par garantie du socle",
        "extension": "{scenario} par rapport à {before} : {year}, prestations en {unit}",
        "horizontal": "Plus de personnes", "vertical": "Prestations plus élevées", "difference": "Différence", "sum": "Ensemble : {branch}",
        "shares": "Les parts sont celles des dépenses brutes : prestations et administration.",
        "mean": "Plus de personnes : à la prestation moyenne d'avant. Prestations plus élevées : pour celles qui sont payées maintenant.",
        "more": "D'autres années : --years ; toutes les années et tous les chiffres : --json ou --out.",
    },
}  # fmt: skip
CSV = (
    "scenario", "scheme", "branch", "guarantee", "year", "population", "entitled", "take_up", "paid", "average_benefit", "benefits",
    "administration", "gross", "worker", "employer", "state", "net", "share_of_gdp", "share_of_expenditure", "unknown",
)  # fmt: skip
HUGE = 10**12
"""From here on amounts are shown in billions."""


@options.command("cost")
@click.argument("country")
@options.names("--scenario", "scenarios", "A,B", "Only these scenarios; by default all of the country's.")
@click.option("--against", metavar="SCENARIO", help="Also show how the others extend this one: more people, higher benefits.")
@options.whole_numbers("--years", "years", "A,B", "The years that the tables show; by default the first and the last.")
@options.until
@options.data_root
@click.option("--out", metavar="FILE", type=click.Path(dir_okay=False), help="Write every scenario, scheme and year into this CSV file.")
@options.progress
@options.lang
@options.as_json
def command(
    country: str, scenarios: tuple[str, ...], against: str | None, years: tuple[int, ...], until: int | None, data_root: str | None,
    out: str | None, progress: bool, lang: str, as_json: bool,
) -> None:  # fmt: skip
    """Show what each scheme costs, year by year, in the country's scenarios.

    The law of each scenario is applied to the people of each year; take-up, administration and contributions follow the assumptions and the
    law. Scenarios are files in the country's folder: `socle scenario list COUNTRY`.

    \b
    Examples:
      socle cost exemplia --until 2030
      socle cost exemplia --scenario status_quo,full_floor --against status_quo --years 2030 --until 2030
      socle cost exemplia --out cost.csv
    """
    wanted = dict.fromkeys([against, *scenarios]) if against and scenarios else dict.fromkeys(scenarios)
    costing = costing_of(country, [name for name in wanted if name], until, data_root, progress)
    before = check_scenario(costing, against) if against else None
    shown = years_shown(costing, years)
    if out:
        _write(costing, Path(out))
    if as_json:
        say_json(_data(costing, before))
        return
    for table in _tables(costing, before, shown, lang):
        from ..publish.tables import write

        say(write(table, "text", lang))
    say(WORDS[lang]["more"])
    say_notes(costing)
    if out:
        note(f"Every scenario, scheme and year is in {out}.")


def _tables(costing: Costing, before: ScenarioResult | None, years: Sequence[int], lang: str) -> Iterator[Table]:
    for result in costing.scenarios:
        for year in years:
            yield _cost(costing, result, year, lang)
    for result in costing.scenarios:
        if before is not None and result is not before:
            yield from (_extension(costing, before, result, year, lang) for year in years)


def _cost(costing: Costing, result: ScenarioResult, year: int, lang: str) -> Table:
    """A scenario's year: schemes by branch, branches, guarantees, all."""
    from ..analysis.grouping import total, totals_by
    from ..publish.tables import Column, Row, Shape, Table
    from ..publish.words import Words

    say_, w = Words(lang, costing.currency), WORDS[lang]
    account = next(account for account in result.accounts if account.year == year)
    lines = {line.scheme: line for line in result.lines if line.year == year}
    whole = total("", account, list(lines.values()))
    scale = say_.scale([whole.gross, whole.contributions], HUGE)
    rows: list[Row] = []
    for part in (part for part in totals_by(costing, result, "branch") if part.year == year):
        rows.append(Row((say_.label("branches", part.group),), "heading"))
        for label in costing.schemes:
            if label.name in part.schemes:
                line = lines[label.name]
                each = total(label.name, account, [line])
                rows.append(Row((f"  {say_.title(label.title)}", line.entitled, line.paid, *_amounts(each))))
        if len(part.schemes) > 1:
            rows.append(Row((f"  {w['sum'].format(branch=say_.label('branches', part.group))}", None, None, *_amounts(part))))
    rows.append(Row((w["all"], None, None, *_amounts(whole)), "total"))
    floor = [part for part in totals_by(costing, result, "guarantee") if part.year == year]
    if floor:
        rows.append(Row((w["floor"],), "heading"))
        rows += [Row((f"  {say_.label('guarantees', part.group)}", None, None, *_amounts(part))) for part in floor]
    count, money, percent = Shape("count"), _money(scale), Shape("percent", 2)
    heads = [("entitled", count), ("paid", count), *((name, money) for name in ("benefits", "administration", "contributions", "net"))]
    columns = [Column(say_("scheme")), *(Column(w[name], shape) for name, shape in [*heads, ("gdp", percent), ("expenditure", percent)])]
    caption = w["cost"].format(scenario=say_.title(result.title), year=year, unit=scale.unit or costing.currency)
    return Table(caption, tuple(columns), tuple(rows), (w["shares"],))


def _money(scale: Scale) -> Any:
    from ..publish.tables import Shape

    return Shape("number", 1 if scale.exponent else 0, scale.exponent)


def _amounts(total: Total) -> tuple[Cell, ...]:
    return (total.benefits, total.administration, total.contributions, total.net, total.share_of_gdp, total.share_of_expenditure)


def _extension(costing: Costing, before: ScenarioResult, after: ScenarioResult, year: int, lang: str) -> Table:
    """How a scenario extends another in a year."""
    from ..analysis.grouping import extensions
    from ..publish.tables import Column, Row, Table
    from ..publish.words import Words

    say_, w = Words(lang, costing.currency), WORDS[lang]
    found = {part.scheme: part for part in extensions(before, after) if part.year == year}
    scale = say_.scale([line.benefits for line in after.lines if line.year == year], HUGE)
    money = _money(scale)
    rows = [_row(say_, label.title, found[label.name]) for label in costing.schemes if label.name in found]
    parts = list(found.values())
    rows.append(Row((w["all"], *(sum(getattr(part, name) for part in parts) for name in ("horizontal", "vertical", "difference"))), "total"))
    caption = w["extension"].format(scenario=say_.title(after.title), before=say_.title(before.title), year=year, unit=scale.unit or costing.currency)
    columns = (Column(say_("scheme")), *(Column(w[name], money) for name in ("horizontal", "vertical", "difference")))
    return Table(caption, columns, tuple(rows), (w["mean"],))


def _row(say_: Words, title: Any, part: Extension) -> Row:
    from ..publish.tables import Row

    return Row((say_.title(title), part.horizontal, part.vertical, part.difference))


def _data(costing: Costing, before: ScenarioResult | None) -> dict[str, Any]:
    from ..analysis.grouping import extensions, total, totals_by

    found = []
    for result in costing.scenarios:
        accounts = {account.year: account for account in result.accounts}
        each = scenario_data(result)
        each["lines"] = [line_data(line, accounts[line.year]) for line in result.lines]
        each["branches"] = [total_data(part, "branch") for part in totals_by(costing, result, "branch")]
        each["guarantees"] = [total_data(part, "guarantee") for part in totals_by(costing, result, "guarantee")]
        each["totals"] = [_without_schemes(total_data(total("", account, result.lines), "of")) for account in result.accounts]
        if before is not None and result is not before:
            each["against"] = before.name
            each["extension"] = [
                {"scheme": e.scheme, "year": e.year, "horizontal": e.horizontal, "vertical": e.vertical, "difference": e.difference}
                for e in extensions(before, result)
            ]
        found.append(each)
    return {**heading_data(costing), "scenarios": found}


def _without_schemes(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in ("of", "schemes")}


def _write(costing: Costing, path: Path) -> None:
    """Every line as a row; amounts exact, in the currency's units."""
    labels = {label.name: label for label in costing.schemes}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CSV, extrasaction="ignore")
        writer.writeheader()
        for result in costing.scenarios:
            accounts = {account.year: account for account in result.accounts}
            for line in result.lines:
                data = line_data(line, accounts[line.year])
                label = labels[line.scheme]
                paid = {payer: line.contributions.get(payer, 0) for payer in ("worker", "employer", "state")}
                row = {**data, **paid, "scenario": result.name, "branch": label.branch, "guarantee": label.guarantee or ""}
                writer.writerow({name: _cell(value) for name, value in row.items()})


def _cell(value: Any) -> Any:
    from decimal import Decimal

    return "" if value is None else plain(value) if isinstance(value, Decimal) else value
