"""Spells and benefits: residence, employment, and benefits in payment."""

from __future__ import annotations

import numpy as np

from .block import Block, optional
from .columns import MIGRATION, RESIDENCE
from .draws import Numbers
from .storing import NOTHING

Table = dict[str, Numbers]


def joined(*tables: Table) -> Table:
    """The rows of several tables with the same columns, ordered by person and start."""
    both = {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
    order = np.lexsort((both["start_date"], both["person_id"]))
    return {name: column[order] for name, column in both.items()}


def reside(block: Block) -> Table:
    """Where each person has lived: one spell here for most; before it a spell in the country that migrants and returnees came from.

    A spell whose start nobody knows has no start date. Those who live abroad have left: their spell here has an end.
    """
    facts, members, draws, count = block.facts, block.members, block.draws, block.size
    who = np.arange(count)
    since = facts["residence_since"]
    away = facts["migrant_abroad"]
    left = block.today - draws.between(40, 4 * 365, count)
    start = np.where(away, facts["birth_date"], since)
    here = {
        "person_id": facts["person_id"],
        "start_date": start,
        "end_date": np.where(away, left, np.where(block.dead, block.death, NOTHING)),
        "country": np.zeros(count, dtype=np.int8),
        "status": np.where(away, RESIDENCE.at("usual_resident")[0], facts["residence_status"]),
    }
    moved = np.flatnonzero((since != NOTHING) & (since > members.birth) & ~away)
    returnee = facts["migration_status"][moved] == MIGRATION.at("returnee")[0]
    country = np.where(facts["nationality"][moved] > 0, facts["nationality"][moved], 1 + draws.pick((0.5, 0.3, 0.2), len(moved)))
    departed = np.where(returnee, np.maximum(since[moved] - draws.between(200, 3000, len(moved)), members.birth[moved]), members.birth[moved])
    before = _spell(facts["person_id"][moved], departed, since[moved], country)
    native = returnee & (departed > members.birth[moved])
    first = _spell(facts["person_id"][moved][native], members.birth[moved][native], departed[native], np.zeros(int(native.sum()), dtype=np.int8))
    gone = who[away]
    abroad = _spell(facts["person_id"][gone], left[gone], np.full(len(gone), NOTHING), facts["host_country"][gone])
    return joined(here, before, first, abroad)


def _spell(person: Numbers, start: Numbers, end: Numbers, country: Numbers) -> Table:
    return {"person_id": person, "start_date": start, "end_date": end, "country": country, "status": np.zeros(len(person), dtype=np.int8)}


def employ(block: Block) -> Table:
    """Jobs: the present one of everyone who works (of the dead: their last, ended), and an earlier one of some."""
    facts, draws = block.facts, block.draws
    who = np.flatnonzero(facts["at_work"])
    count = len(who)
    since = facts["last_employed_since"][who]
    now = {
        "person_id": facts["person_id"][who],
        "start_date": since,
        "end_date": np.where(block.dead, block.death, NOTHING)[who],
        "country": np.where(facts["migrant_abroad"], facts["host_country"], 0)[who],
        "status_in_employment": facts["last_status_in_employment"][who],
        "employer_id": facts["last_employer_id"][who],
        "contract_type": facts["last_contract_type"][who],
        "economic_activity": facts["last_economic_activity"][who],
        "public_sector": facts["public_before"][who],
        "hazardous": facts["hazardous_work"][who],
    }
    now["start_date"] = np.where((now["end_date"] != NOTHING) & (now["start_date"] >= now["end_date"]), now["end_date"] - 30, now["start_date"])
    grown = block.members.birth[who] + 15 * 366
    end = now["start_date"] - draws.between(0, 400, count)
    start = end - draws.between(60, 2500, count)
    earlier = draws.chance(0.3, count) & (start > grown)
    before = {name: column[earlier] for name, column in now.items()}
    before |= {
        "start_date": start[earlier],
        "end_date": end[earlier],
        "country": np.zeros(int(earlier.sum()), dtype=np.int8),
        "employer_id": np.full(int(earlier.sum()), NOTHING, dtype=np.int64),
        "public_sector": np.zeros(int(earlier.sum()), dtype=np.int8),
    }
    return joined(now, before)


def pay(block: Block) -> Table:
    """Pensions in payment: since the age of 60, or of 70 for the social pension; a few are paid by a neighbouring country."""
    facts, draws = block.facts, block.draws
    who = np.flatnonzero((facts["pension_kind"] >= 0) & ~block.dead)
    kind = facts["pension_kind"][who]
    age = np.where(kind == 2, 70, 60)
    since = block.members.birth[who] + np.ceil((age + 5 * draws.uniform(len(who))) * 365.25).astype(np.int32)
    start = np.minimum(since, block.today - 15)
    months = start.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)
    foreign = draws.chance(0.02, len(who)) & (kind == 0)
    return {
        "person_id": facts["person_id"][who],
        "start_date": optional(np.ones(len(who), dtype=bool), months),
        "end_date": np.full(len(who), NOTHING, dtype=np.int32),
        "country": np.where(foreign, 1, 0),
        "scheme": kind,
        "amount": facts["pension_income"][who],
    }
