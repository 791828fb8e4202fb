"""The contribution histories of the insured: one row a person and month, of the last months before the date."""

from __future__ import annotations

import numpy as np

from .block import Block, first_of_month
from .columns import CREDIT, EDUCATION, SCHEME
from .draws import Draws, Numbers
from .shape import FEMALE, MALE
from .storing import NOTHING

OLD_AGE = SCHEME.at("old_age_pension")[0]
GROWTH = 0.045
"""Yearly growth of earnings that the histories are made with."""


def contribute(block: Block) -> dict[str, Numbers]:
    """Rows of contributions; those who have died have their months before the death, those who lost their insurance the earlier ones."""
    start, end = block.facts["career_start"], block.facts["career_end"]
    who = np.flatnonzero(end > start)
    width = block.months
    if not width or not len(who):
        return {
            name: np.zeros(0, dtype=np.int64)
            for name in ("person_id", "month", "earnings", "paid", "credited", "credit_reason", "employer_id", "country")
        }
    this = block.date.year * 12 + block.date.month - 1 - 1970 * 12
    month = np.arange(this - width, this)
    within = (month >= start[who, None]) & (month < end[who, None])
    reason = _credits(block, who, month)
    gone = _gaps(block.draws, block.facts["public_sector"][who], width)
    kept = within & (~gone | (reason >= 0))
    row, column = np.nonzero(kept)
    earnings = _earnings(block, who, this - month)[row, column]
    reason = reason[row, column]
    credited = reason >= 0
    person = who[row]
    late = block.draws.chance(0.012, len(row))
    return {
        "person_id": block.facts["person_id"][person],
        "month": first_of_month(month)[column],
        "earnings": earnings,  # of a credited month: the wage that was lost
        "paid": ~credited & ~late,
        "credited": credited,
        "credit_reason": reason,
        "employer_id": block.facts["last_employer_id"][person],
        "country": np.zeros(len(row), dtype=np.int8),
    }


def career(block: Block) -> None:
    """Each person's first insured month and the month after the last, since January 1970 (both 0 for the never insured).

    And the insured months before the histories begin, which the registry keeps as a number.
    """
    facts, members, draws, count = block.facts, block.members, block.draws, block.size

    def month(day: Numbers) -> Numbers:
        return np.asarray(day, dtype="datetime64[D]").astype("datetime64[M]").astype(np.int64)

    this = block.date.year * 12 + block.date.month - 1 - 1970 * 12
    insured = facts["insured"]
    schooled = facts["education_level"] >= EDUCATION.at("lower_secondary")[0]
    former = ~insured & (members.age > 22) & (members.age < 66) & draws.chance(np.where(schooled, 0.06, 0.025), count)
    jobless = facts["unemployed_since"] != NOTHING
    left = this - draws.between(2, 90, count)
    left = np.where(jobless, np.minimum(month(np.where(jobless, facts["unemployed_since"], 0)), this), left)
    start = np.where(insured, month(np.where(insured, facts["insured_since"], 0)), left - draws.between(6, 120, count))
    start = np.maximum(start, month(members.birth) + 16 * 12)
    end = np.where(insured, this, left)
    dead = block.dead
    end = np.where(dead, np.minimum(end, month(np.where(dead, block.death, 0))), end)
    known = insured | former
    start, end = np.where(known, start, 0), np.where(known, end, 0)
    share = 0.7 + 0.3 * draws.uniform(count)
    earlier = np.maximum(np.minimum(end, this - block.months) - start, 0) * share
    retired = (facts["pension_kind"] == OLD_AGE) & ~dead
    months = np.where(known, earlier, np.where(retired, draws.between(160, 440, count), 0))
    facts |= {"career_start": start, "career_end": end, "insured_months_before": months.astype(np.int32)}


def _credits(block: Block, who: Numbers, month: Numbers) -> Numbers:
    """Reason of the credit (position in CREDIT, -1 for none) by insured person and month: births, sickness and lost work."""
    draws, count = block.draws, len(who)
    sex, age = block.members.sex[who], block.members.age[who]
    reason = np.full((count, len(month)), -1, dtype=np.int8)
    maternity, sickness, unemployment = CREDIT.at("maternity", "sickness", "unemployment")
    position = np.arange(len(month))
    for kind, chance, longest in (
        (unemployment, np.full(count, 0.07), 6),
        (sickness, np.where(age > 50, 0.2, 0.12), 3),
    ):
        first = draws.between(0, len(month), count)
        last = first + draws.between(1, longest + 1, count)
        spell = draws.chance(chance, count)[:, None] & (position >= first[:, None]) & (position < last[:, None])
        reason[spell] = kind
    born = _births(block, who)
    leave = (sex == FEMALE)[:, None] & (month >= born[:, None]) & (month < born[:, None] + 3)
    reason[leave] = maternity
    reason[(sex == MALE)[:, None] & (reason == maternity)] = -1
    return reason


def _births(block: Block, who: Numbers) -> Numbers:
    """Month of birth, since January 1970, of each mother's youngest child in the household; far in the past without one."""
    members = block.members
    last = np.full(block.size, -(2**20), dtype=np.int64)
    known = members.mother >= 0
    np.maximum.at(last, members.mother[known], members.birth[known].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64))
    return last[who]


def _gaps(draws: Draws, public: Numbers, width: int) -> Numbers:
    """Months that nobody paid: now and then one, and for some one longer spell."""
    count = len(public)
    single = draws.uniform(count * width).reshape(count, width) < np.where(public, 0.002, 0.02)[:, None]
    first = draws.between(0, width, count)
    last = first + draws.between(2, 14, count)
    spell = (draws.chance(np.where(public, 0.03, 0.2), count))[:, None] & (np.arange(width) >= first[:, None]) & (np.arange(width) < last[:, None])
    return single | spell


def _earnings(block: Block, who: Numbers, back: Numbers) -> Numbers:
    """Insured earnings in cents by person and month, `back` months before the date: growth in yearly steps, overtime."""
    base = np.where(block.facts["earned"][who] > 0, block.facts["earned"][who], 18_000).astype(np.float64)
    raised = (1 + GROWTH) ** -((back + 11) // 12).astype(np.float64)
    noise = 1 + 0.04 * block.draws.normal(len(who) * len(back)).reshape(len(who), len(back))
    return np.maximum(np.rint(base[:, None] * raised * noise), 1).astype(np.int64)
