"""A year's claims: for each event that is assumed, cells of claimants with the number of events as weight, and the facts of the event.

One population: `persons` (weight = events in the year), `events` (contingency, event_date = 1 January of the year, facts), and `contributions`
where a history is assumed. State schemes are not to be run on it. Method: docs/methods/cells.md#claims.

API: `make_claims(ground, [(claim, needs), …], Flows(births, deaths)) -> Population | None`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from ..population.tables import Population
from ..population.tables import Table as Data
from .arrow import WEIGHT_DIGITS, booleans, days, decimals, same_day, wholes, words
from .cells import Ground, Layout, lay_out
from .model import Claim
from .needs import Needs
from .tables import SEXES, Array

if TYPE_CHECKING:
    import pyarrow as pa

MONTHS = 12


@dataclass(frozen=True)
class Flows:
    """births: (age of the mother,); deaths: (sex, age); both of the year."""

    births: Array
    deaths: Array


def make_claims(ground: Ground, claims: Sequence[tuple[Claim, Needs]], flows: Flows) -> Population | None:
    """The claims of a year; None where nothing happens. With each claim: what the schemes of its contingency read."""
    import pyarrow as pa

    parts: list[pa.Table] = []
    events: list[pa.Table] = []
    histories: list[pa.Table] = []
    first = 0
    for claim, wanted in claims:
        history = claim.months is not None and "contributions" in wanted.tables
        layout = _layout(ground, claim, wanted, flows, history)
        if not layout.rows:
            continue
        ids = wholes(np.arange(first, first + layout.rows))
        first += layout.rows
        parts.append(pa.table({"person_id": ids, **layout.columns, "weight": decimals(layout.weight, WEIGHT_DIGITS)}))
        events.append(_events(claim, layout, ids))
        if history and claim.months is not None:
            histories.append(_history(layout, ids, claim.months))
    if not parts:
        return None
    tables = {"persons": _together(parts), "events": _together(events)}
    if histories:
        tables["contributions"] = pa.concat_tables(histories)
    data = {name: Data(name, data=table) for name, table in tables.items()}
    return Population("cells", date(ground.year, 1, 1), data, ground.currency, ground.digits)


def _layout(ground: Ground, claim: Claim, needs: Needs, flows: Flows, history: bool) -> Layout:
    """The claimants as cells, with what the assumptions say of them and what the claim says instead."""
    own = [column for column in claim.given if column.name in needs.columns]
    rates = _rates(ground, claim, flows)
    layout = lay_out(ground, needs.columns, rates=rates, among=claim.among, told=[*own, *claim.facts], history=history)
    for column in own:
        layout.columns[column.name] = layout.fill(column)
    return layout


def _rates(ground: Ground, claim: Claim, flows: Flows) -> Array:
    """Events a person a year; broadcasts to (sex, age, status)."""
    if claim.incidence not in ("births", "deaths"):
        assert not isinstance(claim.incidence, str)
        return np.nan_to_num(claim.incidence.grid(ground.year, ground.levels))
    persons = ground.population
    events = np.zeros_like(persons)
    if claim.incidence == "births":
        events[SEXES.index("female")] = flows.births
    else:
        events[:] = flows.deaths
    return np.where(persons > 0, events / np.where(persons > 0, persons, 1), 0)[:, :, None]


def _events(claim: Claim, layout: Layout, ids: pa.Array) -> pa.Table:
    """One event for each claimant."""
    import pyarrow as pa

    day = same_day(date(layout.ground.year, 1, 1), layout.rows)
    name = words(np.zeros(layout.rows, dtype=np.int64), [claim.contingency])
    facts = {column.name: layout.fill(column) for column in claim.facts}
    return pa.table({"person_id": ids, "contingency": name, "event_date": day, **facts})


def _history(layout: Layout, ids: pa.Array, months: int) -> pa.Table:
    """Paid months: those before the year, and those of the year before December; earnings follow wages back."""
    import pyarrow as pa

    ground = layout.ground
    assert layout.earned is not None
    begin = ground.year * MONTHS - months
    index = np.arange(begin, ground.year * MONTHS + MONTHS - 1)
    wages = ground.levels.get("wages", {})
    levels = np.array([float(wages.get(max(int(y), min(wages)), 1)) if wages else 1.0 for y in index // MONTHS])
    earned = np.outer(layout.earned, levels / ground.wages).ravel()
    day = (index - 1970 * MONTHS).astype("datetime64[M]").astype("datetime64[D]")
    count = len(index)
    return pa.table(
        {
            "person_id": wholes(np.repeat(np.from_dlpack(ids).astype(np.int64), count)),
            "month": days(np.tile(day, layout.rows)),
            "earnings": decimals(earned, ground.digits),
            "paid": booleans(np.ones(count * layout.rows, dtype=np.int8)),
            "credited": booleans(np.zeros(count * layout.rows, dtype=np.int8)),
        }
    )


def _together(parts: list[pa.Table]) -> pa.Table:
    """The rows of all parts; a column that a part does not have is null there."""
    import pyarrow as pa

    return pa.concat_tables(parts, promote_options="default").unify_dictionaries()
