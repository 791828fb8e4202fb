"""What happens in the calendar year of the date: births, sickness, lost work, injuries, health care, deaths, offers of public works."""

from __future__ import annotations

from datetime import date as Date

import numpy as np

from .block import Block, cents, day
from .columns import EVENT, EVENTS, INCAPACITY, PROVIDER, SERVICE
from .draws import Numbers
from .shape import FEMALE, HEAD
from .storing import NOTHING

Table = dict[str, Numbers]


def happen(block: Block) -> Table:
    """Events dated in the calendar year of the date, ordered by person and date. Columns that an event does not have are empty."""
    kinds = (_births, _sickness, _care, _lost_work, _injuries, _deaths, _offers, _lost_crops, _repatriations, _loans)
    tables = [made for made in (kind(block) for kind in kinds) if len(made["person_id"])]
    rows = [len(table["person_id"]) for table in tables]
    whole: Table = {}
    for name, column in EVENTS.items():
        empty = -1 if column.type in ("code", "boolean") else NOTHING
        whole[name] = np.concatenate(
            [table.get(name, np.full(count, empty)) for table, count in zip(tables, rows, strict=True)] or [np.zeros(0, np.int64)]
        )
    order = np.lexsort((whole["contingency"], whole["event_date"], whole["person_id"]))
    return {name: column[order] for name, column in whole.items()}


def _year(block: Block) -> tuple[int, int]:
    """First day of the year, and first day of the next."""
    return day(Date(block.date.year, 1, 1)), day(Date(block.date.year + 1, 1, 1))


def _made(block: Block, kind: str, who: Numbers, when: Numbers | None = None) -> Table:
    """Events of one kind: on `when`, or on any day of the year on which the person is alive; claimed some days later."""
    start, end = _year(block)
    count = len(who)
    if when is None:
        born, died = block.members.birth[who] + 1, block.death[who]
        last = np.where(died == NOTHING, end, np.minimum(died, end))
        when = block.draws.between(np.maximum(start, born), last, count)
    return {
        "person_id": block.facts["person_id"][who],
        "contingency": np.full(count, EVENT.at(kind)[0], dtype=np.int8),
        "event_date": when,
        "claim_date": when + (40 * block.draws.uniform(count) ** 2).astype(np.int32),
        "country": np.zeros(count, dtype=np.int8),
    }


def _some(block: Block, among: Numbers, chance: float | Numbers) -> Numbers:
    """Positions of persons drawn among those alive in the country on the date."""
    here = among & ~block.dead & ~block.facts["migrant_abroad"]
    return np.flatnonzero(here & block.draws.chance(chance, block.size))


def _births(block: Block) -> Table:
    """Children born since New Year, children expected this year, and children not yet expected on the date."""
    facts, members, draws = block.facts, block.members, block.draws
    start, end = _year(block)
    child = np.flatnonzero((members.birth >= start) & (members.mother >= 0) & (members.birth < end))
    child = child[~block.dead[members.mother[child]]]
    due = facts["expected_birth_date"]
    expecting = np.flatnonzero((due != NOTHING) & (due < end))
    late = max(end - block.today - 245, 0)
    fertile = (members.sex == FEMALE) & (members.age > 18) & (members.age < 42) & ~facts["pregnant"] & (members.spouse >= 0)
    later = _some(block, fertile, 0.15 * late / 365)
    when = block.today + draws.between(245, max(end - block.today, 246), len(later))
    who = np.concatenate([members.mother[child], expecting, later])
    events = _made(block, "birth", who, np.concatenate([members.birth[child], due[expecting], when]).astype(np.int32))
    count = len(who)
    return events | {
        "children_born": 1 + draws.chance(0.013, count).astype(np.int32),
        "complications": draws.chance(0.12, count),
        "child_id": np.concatenate([facts["person_id"][child], np.full(count - len(child), NOTHING)]),
        "previous_earnings": _wage(block, who),
    }


def _wage(block: Block, who: Numbers) -> Numbers:
    return np.where(block.facts["at_work"], block.facts["earnings"], 0)[who]


def _sickness(block: Block) -> Table:
    who = _some(block, block.facts["at_work"], np.where(block.facts["insured"], 0.14, 0.03))
    days = np.minimum(2 + np.rint(-11 * np.log1p(-block.draws.uniform(len(who)))), 180).astype(np.int32)
    return _made(block, "sickness", who) | {"certified_days": days, "previous_earnings": _wage(block, who)}


def _care(block: Block) -> Table:
    """One use of health care a year for about a third: more for small children, the old, the ill and the pregnant."""
    facts, age, draws = block.facts, block.members.age, block.draws
    chance = 0.2 + 0.15 * (age < 5) + 0.004 * np.maximum(age - 35, 0) + 0.25 * facts["chronically_ill"] + 0.4 * facts["pregnant"]
    who = _some(block, age >= 0, chance)
    count = len(who)
    service = np.where(facts["pregnant"][who], SERVICE.at("maternity_care")[0], draws.pick((0.42, 0.1, 0.27, 0.08, 0.0, 0.05, 0.08), count))
    hospital = service == SERVICE.at("hospital_care")[0]
    level = np.where(hospital, 2 + draws.pick((0.8, 0.2), count), draws.pick((0.2, 0.58, 0.18, 0.04), count))
    assert PROVIDER.codes[2] == "secondary"
    base = np.asarray([2.3, 3.1, 2.2, 4.9, 3.6, 3.0, 1.6])[service]
    return _made(block, "health_care_use", who) | {
        "health_service": service,
        "provider_level": level,
        "provider_contracted": draws.chance(0.82, count),
        "referred": (level >= 2) & draws.chance(0.6, count),
        "cost_of_care": cents(np.exp(base + 0.3 * level + 0.6 * draws.normal(count)), 25),
        "care_days": np.where(hospital, draws.between(1, 12, count), 0),
    }


def _lost_work(block: Block) -> Table:
    """Lost jobs: of employees during the year, and of the unemployed who lost theirs since New Year."""
    facts, draws = block.facts, block.draws
    employee = facts["at_work"] & (facts["last_status_in_employment"] >= 0) & (facts["last_status_in_employment"] < 4)
    fresh = np.flatnonzero((facts["unemployed_since"] != NOTHING) & (facts["unemployed_since"] >= _year(block)[0]))
    losing = _some(block, employee, np.where(facts["public_sector"], 0.008, 0.05))
    who = np.concatenate([fresh, losing])
    coming = np.maximum(_made(block, "unemployment", losing)["event_date"], block.today)
    made = _made(block, "unemployment", who, np.concatenate([facts["unemployed_since"][fresh], coming]).astype(np.int32))
    count = len(who)
    return made | {
        "involuntary": draws.chance(0.66, count),
        "job_seeker_registered": draws.chance(0.6, count),
        "previous_earnings": _wage(block, who),
    }


def _injuries(block: Block) -> Table:
    facts, draws = block.facts, block.draws
    who = _some(block, facts["at_work"], np.where(facts["hazardous_work"], 0.035, 0.009))
    count = len(who)
    permanent = draws.chance(0.16, count)
    degree = np.minimum(5 + (95 * draws.uniform(count) ** 2.5).astype(np.int32), 100) // 5 * 5
    kind = INCAPACITY.at("temporary", "permanent")
    return _made(block, "employment_injury", who) | {
        "incapacity": np.where(permanent, kind[1], kind[0]),
        "incapacity_degree": np.where(permanent, degree, NOTHING),
        "constant_attendance": permanent & (degree >= 90),
        "certified_days": 3 + np.rint(-24 * np.log1p(-draws.uniform(count))).astype(np.int32),
        "previous_earnings": _wage(block, who),
    }


def _deaths(block: Block) -> Table:
    """The death of a head in the calendar year: the spouse claims for the funeral, and for the lost support."""
    start, end = _year(block)
    members, draws = block.members, block.draws
    died = np.flatnonzero((block.death >= start) & (block.death < end) & (members.place == HEAD) & (members.spouse >= 0))
    count = len(died)
    twice = np.concatenate([died, died])
    made = _made(block, "death", members.spouse[twice], block.death[twice]) | {
        "deceased_id": block.facts["person_id"][twice],
        "funeral_cost": np.concatenate([cents(np.exp(5.4 + 0.5 * draws.normal(count)), 1_000), np.full(count, NOTHING)]),
        "previous_earnings": np.concatenate([np.full(count, NOTHING), np.where(block.facts["at_work"], block.facts["earned"], 0)[died]]),
    }
    made["contingency"][count:] = EVENT.at("death_of_breadwinner")[0]
    return made


def _offers(block: Block) -> Table:
    """Days of public works offered to one adult of poor households in villages."""
    members, draws = block.members, block.draws
    poor = block.of_home((block.wealth < -0.5) & (block.homes["urban"] == 1))
    able = poor & (members.place == HEAD) & (members.age >= 18) & (members.age < 63) & (block.facts["disability_degree"] < 40)
    who = _some(block, able & ~block.facts["insured"], 0.35)
    offered = 10 * draws.between(2, 11, len(who))
    worked = np.rint(offered * np.minimum(0.5 + 0.7 * draws.uniform(len(who)), 1)).astype(np.int32)
    return _made(block, "work_offer", who) | {"days_offered": offered, "days_worked": worked}


def _lost_crops(block: Block) -> Table:
    farmers = (block.members.place == HEAD) & block.of_home(block.homes["has_land"])
    who = _some(block, farmers, 0.03)
    return _made(block, "crop_or_livestock_loss", who) | {"loss": cents(np.exp(5.2 + 0.7 * block.draws.normal(len(who))), 1_000)}


def _repatriations(block: Block) -> Table:
    who = np.flatnonzero(block.facts["migrant_abroad"] & block.draws.chance(0.04, block.size))
    return _made(block, "repatriation", who) | {"country": block.facts["host_country"][who], "involuntary": block.draws.chance(0.4, len(who))}


def _loans(block: Block) -> Table:
    """Members of the migrants' welfare fund who are back and ask for a loan; their earnings abroad were twice those of today."""
    who = _some(block, block.facts["member_of_welfare_fund"], 0.15)
    earned = block.facts["earned"][who]
    return _made(block, "need_of_loan", who) | {"previous_earnings": np.where(earned > 0, 2 * earned, 30_000)}
