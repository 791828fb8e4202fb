"""What assumptions must keep as a whole: shares that add up, one place for each fact, parts that others need, sound series."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from ..law.model import Place
from ..law.nodes import Node
from .model import Split
from .reading import Reader
from .series import Series
from .tables import AGES, SEXES, STATUSES, Table

if TYPE_CHECKING:
    from .assumptions import Assumptions

TINY = 1e-9
OWN_SERIES = ("consumer_prices", "wages", "gdp", "gdp_per_head", "prices_and_wages")


def check_figures(made: Assumptions, reader: Reader) -> None:
    """Report everything that single values do not show."""
    _shares_of_work(made, reader)
    for split in made.splits:
        _shares_of_split(split, made, reader)
    _one_place_each(made, reader)
    _parts_that_others_need(made, reader)
    _series_to_follow(made, reader)
    _years_reached(made, reader)
    _growing_shares(made, reader)
    _indexation(made, reader)


def _place(made: Assumptions, path: str) -> Place:
    """Where a path stands in the file, or the nearest of what is around it."""
    node: Node = made.tree
    place = node.place
    for word in path.split("."):
        if word not in node.map:
            break
        place, node = node.key_place(word), node.map[word]
    return place


def _turning_years(made: Assumptions, tables: list[Table]) -> list[int]:
    """Years at which a sum of linear series can be largest."""
    given = set(chain.from_iterable(series.years for table in tables for series in table.rows.values()))
    growing = any(series.growth is not None for table in tables for series in table.rows.values())
    inside = set(made.years) if growing else {year for year in given if made.base_year <= year <= made.horizon}
    return sorted(inside | {made.base_year, made.horizon})


def _too_much(made: Assumptions, tables: list[Table], path: str, reader: Reader) -> None:
    if any(series.follows for table in tables for series in table.rows.values()):
        return  # reported as what a share cannot do
    for year in _turning_years(made, tables):
        total = sum((np.nan_to_num(table.grid(year)) for table in tables), np.zeros((1, 1, 1)))
        if float(total.max()) > 1 + TINY:
            full = np.broadcast_to(total, (len(SEXES), AGES, len(STATUSES)))
            sex, age, _ = np.unravel_index(int(full.argmax()), full.shape)
            what = f"{path}: the shares of {SEXES[int(sex)]}s aged {age} add up to {total.max():.3g} in {year}"
            reader.problem("P062", what, _place(made, path), "shares of one whole add up to 1 at most")
            return


def _shares_of_work(made: Assumptions, reader: Reader) -> None:
    if made.work:
        _too_much(made, [made.work.formal_employee, made.work.self_employed], "labour.formal_employee", reader)


def _shares_of_split(split: Split, made: Assumptions, reader: Reader) -> None:
    path = split.name if split.name == "disability" else "labour.insured" if split.name == "insured" else f"groups.{split.name}"
    _too_much(made, [member.share for member in split.members], path, reader)


def _one_place_each(made: Assumptions, reader: Reader) -> None:
    """A fact is given in one place: by `facts`, by `given`, or by one division of the people."""
    names = Counter(chain((c.name for c in made.facts), (c.name for c in made.given), *(split.names for split in made.splits)))
    for name, count in names.items():
        if count > 1:
            reader.problem("P066", f"{name} is given in {count} places", _place(made, f"facts.{name}"), "keep one of them")


def _parts_that_others_need(made: Assumptions, reader: Reader) -> None:
    columns = [
        *made.facts,
        *made.given,
        *(c for split in made.splits for part in (*(m.columns for m in split.members), split.otherwise) for c in part),
    ]
    claimed = [column for claim in made.claims for column in (*claim.facts, *claim.given)]
    tables = [t for c in (*columns, *claimed) if (t := c.table)] + [m.share for s in made.splits for m in s.members]
    by_status = any("status" in table.by for table in tables)
    among = {claim.among for claim in made.claims}
    insured = any(split.name == "insured" for split in made.splits)
    top = made.tree.place
    if made.work is None and (made.pay or by_status or among - {"all", "women", "men"}):
        reader.problem("P068", "something depends on the labour market, but there is no labour section", top, "add labour:")
    if made.work and made.pay is None and any(column.own_earnings for column in (*columns, *claimed)):
        reader.problem("P068", "a value is the person's own earnings, but there is no earnings section", top, "add earnings:")
    if made.work and among & {"insured", "uninsured"} and not insured:
        reader.problem("P068", "events happen among the insured, of whom nothing is said", _place(made, "contingencies"), "add labour.insured:")
    if made.macro and made.macro.growth_of == "productivity" and made.work is None:
        what = "growth by labour and productivity needs the labour section"
        reader.problem("P069", what, _place(made, "economy.growth"), "add labour:, or write given:")
    if made.pay and made.macro is None:
        reader.problem("P069", "earnings follow wages, but there is no economy section", _place(made, "earnings"), "add economy:")


def _all_series(made: Assumptions) -> list[tuple[str, Series]]:
    return [(f"{leaf.path}[{label}]" if label else leaf.path, series) for leaf in made.leaves for label, series in leaf.table.items()]


def _series_to_follow(made: Assumptions, reader: Reader) -> None:
    shares = {f"{leaf.path}[{label}]" if label else leaf.path for leaf in made.leaves if leaf.unit == "share" for label, _ in leaf.table.items()}
    for path, series in _all_series(made):
        if not series.follows:
            continue
        if made.macro is None:
            reader.problem("P069", f"{path} follows {series.follows}, but there is no economy section", series.place, "add economy:")
        elif path.startswith("economy."):
            reader.problem("P069", f"{path} follows {series.follows}: the economy cannot follow itself", series.place, "write growth: instead")
        elif path in shares:
            reader.problem(
                "P069", f"{path} follows {series.follows}: a share does not follow prices", series.place, "write growth:, or values by year"
            )
        elif series.points[0][0] > made.horizon:
            reader.problem("P060", f"{path} is of {series.points[0][0]}, after the horizon", series.place, "give a value of an earlier year")


def _years_reached(made: Assumptions, reader: Reader) -> None:
    """Values by year that all lie outside the years of the projection are most likely a slip."""
    for path, series in _all_series(made):
        years = series.years
        if len(series.points) > 1 and (years[0] > made.horizon or years[-1] < made.base_year):
            what = f"{path} gives {years[0]} to {years[-1]} only: the same value in every year"
            reader.found.warn("P060", what, series.place, f"the years of these assumptions are {made.base_year} to {made.horizon}")


def _growing_shares(made: Assumptions, reader: Reader) -> None:
    """A share that grows must stay a share until the horizon."""
    for leaf in made.leaves:
        if leaf.unit != "share":
            continue
        for label, series in leaf.table.items():
            if series.growth is not None and not series.follows:
                late = next((year for year in made.years if series.value(year) > 1), None)
                if late:
                    reader.problem("P062", f"{leaf.path}{f'[{label}]' if label else ''} is over 1 from {late}", series.place, "a share is at most 1")


def _indexation(made: Assumptions, reader: Reader) -> None:
    """Warn where the law indexes a figure by a series that the economy does not have: the figure would stay as it is."""
    if made.macro is None:
        return
    known = {*OWN_SERIES, *made.macro.series}
    for scheme in (reader.law.concepts, *reader.law.schemes.values()):
        for name, parameter in scheme.parameters.items():
            if parameter.index and parameter.index.by not in known:
                what = f"{scheme.name}.{name} is indexed by {parameter.index.by}, of which nothing is assumed: it stays as it is"
                reader.found.warn("P069", what, _place(made, "economy"), f"add economy.series.{parameter.index.by}: {{growth: …, source: …}}")
