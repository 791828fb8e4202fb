"""What the persons do for a living: labour status, jobs, earnings, insurance and other income."""

from __future__ import annotations

import numpy as np

from .block import Block, cents, millionths, optional
from .columns import ACTIVITY, CONTRACT, COVERAGE, EDUCATION, OCCUPATION, STATUS
from .draws import Numbers
from .persons import IRREGULAR, REFUGEE
from .shape import FEMALE, HEAD, MALE
from .storing import NOTHING

EMPLOYED, UNEMPLOYED, INACTIVE = range(3)
AGES = (15, 18, 25, 35, 55, 60, 65, 75)
WORKING = (  # by sex and age group of AGES: (employed, unemployed) of those who are not in education
    ((0, 0), (0.45, 0.10), (0.74, 0.13), (0.90, 0.05), (0.91, 0.03), (0.82, 0.02), (0.6, 0.01), (0.32, 0), (0.12, 0)),
    ((0, 0), (0.30, 0.09), (0.45, 0.11), (0.57, 0.06), (0.60, 0.03), (0.50, 0.02), (0.34, 0), (0.18, 0), (0.06, 0)),
)
STATUS_WEIGHTS = (  # by urban 0/1 and by education below secondary, secondary, tertiary, in the order of STATUS
    (0.03, 0.04, 0.15, 0.005, 0.50, 0.02, 0.22, 0.03, 0.002, 0.003),
    (0.17, 0.11, 0.11, 0.02, 0.39, 0.02, 0.13, 0.04, 0.005, 0.005),
    (0.52, 0.17, 0.04, 0.02, 0.16, 0.02, 0.02, 0.03, 0.01, 0.01),
    (0.08, 0.10, 0.20, 0.02, 0.44, 0.04, 0.08, 0.03, 0.005, 0.005),
    (0.26, 0.16, 0.13, 0.03, 0.27, 0.04, 0.05, 0.04, 0.01, 0.01),
    (0.58, 0.18, 0.03, 0.02, 0.09, 0.03, 0.01, 0.03, 0.02, 0.01),
)
FORMAL = (0.92, 0.74, 0.14, 0.35, 0.045, 0.15, 0.0, 0.15, 0.95, 0.8)  # chance that a job of each STATUS is formal
ACTIVITY_WEIGHTS = (  # by urban 0/1 and informal 0/1, in the order of ACTIVITY
    (0.12, 0.10, 0.05, 0.09, 0.05, 0.02, 0.03, 0.03, 0.21, 0.17, 0.10, 0.02, 0.01),
    (0.66, 0.05, 0.06, 0.11, 0.03, 0.02, 0.0, 0.01, 0.0, 0.005, 0.005, 0.03, 0.02),
    (0.02, 0.18, 0.06, 0.13, 0.05, 0.04, 0.06, 0.07, 0.16, 0.12, 0.08, 0.02, 0.01),
    (0.09, 0.12, 0.12, 0.29, 0.09, 0.08, 0.005, 0.03, 0.0, 0.005, 0.01, 0.10, 0.06),
)
OCCUPATION_WEIGHTS = (  # by education below secondary, secondary, tertiary; and for farms
    (0.01, 0.0, 0.01, 0.02, 0.32, 0.04, 0.22, 0.12, 0.26),
    (0.03, 0.03, 0.10, 0.14, 0.32, 0.02, 0.17, 0.11, 0.08),
    (0.12, 0.48, 0.21, 0.08, 0.07, 0.01, 0.01, 0.01, 0.01),
    (0.01, 0.01, 0.01, 0.0, 0.01, 0.71, 0.01, 0.02, 0.22),
)
EMPLOYERS, OFFICES = 50_000, 400
"""Employers are numbered from the largest to the smallest; public bodies are numbered from 900 001."""


def work(block: Block) -> None:
    """Labour status and job, as they are on the date (for those who have died, as they were)."""
    facts, members, draws, count = block.facts, block.members, block.draws, block.size
    group = np.searchsorted(AGES, members.age, side="right")
    chance = np.asarray(WORKING, dtype=np.float32)[members.sex, group]
    fit = np.where(facts["disability_degree"] >= 40, 0.4, 1.0) * np.where(facts["in_education"], 0.16, 1.0) * np.where(facts["pregnant"], 0.85, 1)
    draw = draws.uniform(count)
    employed = draw < np.where(facts["migrant_abroad"], 1.0, chance[:, 0] * fit)
    unemployed = ~employed & (draw > 1 - chance[:, 1] * np.where(facts["in_education"], 0.1, 1))
    level = np.searchsorted(EDUCATION.at("lower_secondary", "bachelor"), facts["education_level"], side="right")
    status = draws.pick_by(STATUS_WEIGHTS, facts["urban"] * 3 + level)
    foreign = np.isin(facts["migration_status"], (IRREGULAR, REFUGEE))
    formal = employed & ~facts["migrant_abroad"] & draws.chance(np.asarray(FORMAL)[status] * np.where(foreign, 0.1, 1), count)
    formal &= members.age >= 16
    employee = employed & (status <= STATUS.at("apprentice")[0])
    activity = draws.pick_by(ACTIVITY_WEIGHTS, facts["urban"] * 2 + ~formal)
    public = formal & employee & (np.isin(activity, ACTIVITY.at("O")) | (np.isin(activity, ACTIVITY.at("P", "Q")) & draws.chance(0.75, count)))
    farm = activity == ACTIVITY.at("A")[0]
    facts |= {
        "labour_status": np.where(employed, EMPLOYED, np.where(unemployed, UNEMPLOYED, INACTIVE)).astype(np.int8),
        "status_in_employment": np.where(employed, status, -1).astype(np.int8),
        "economic_activity": np.where(employed, activity, -1).astype(np.int8),
        "occupation": np.where(employed, draws.pick_by(OCCUPATION_WEIGHTS, np.where(farm, 3, level)), -1).astype(np.int8),
        "public_sector": public,
        "informal": employed & ~formal,
        "hazardous_work": employed & draws.chance(np.where(np.isin(activity, ACTIVITY.at("C", "F", "A")), 0.16, 0.02), count),
    }
    assert OCCUPATION.codes[-1] == "elementary"
    _contract(block, employed, employee, public, status)
    _search(block, unemployed)


def _contract(block: Block, employed: Numbers, employee: Numbers, public: Numbers, status: Numbers) -> None:
    """Employer, contract, seniority and hours."""
    facts, members, draws, count = block.facts, block.members, block.draws, block.size
    draw = draws.uniform(count)
    number = np.where(public, 900_001 + (draw * OFFICES).astype(np.int64), 1 + (draw**2 * EMPLOYERS).astype(np.int64))
    size = np.where(public, 2_000 - (number - 900_001) * 4, np.maximum(4_000 / np.maximum(number, 1) ** 0.6, 6))
    registered = employee & ~facts["informal"]
    own = np.where(status >= STATUS.at("employer_in_household_enterprise")[0], draws.between(1, 8, count), 1)
    size = np.where(registered, size, np.where(employee, draws.between(1, 12, count), own))
    permanent, fixed, casual, none = CONTRACT.at("permanent", "fixed_term", "casual", "none")
    contract = np.where(facts["informal"] & draws.chance(0.7, count), none, np.asarray([permanent, fixed, casual, fixed] + [none] * 6)[status])
    length = np.asarray([6, 12, 24, 36])[draws.pick((0.2, 0.4, 0.25, 0.15), count)]
    most = np.maximum((members.age - 15) * 365, 60)
    seniority = np.minimum(30 + draws.uniform(count) ** 2 * most * np.where(contract == permanent, 1.0, 0.35), most)
    seniority = np.where(contract == fixed, seniority % (length * 30), seniority)
    hours = np.where(facts["informal"], 44 + 13 * draws.normal(count), 42 + 3 * draws.normal(count))
    facts |= {
        "employer_id": optional(registered, number),
        "employer_size": optional(employed, size.astype(np.int32)),
        "contract_type": np.where(employee, contract, -1).astype(np.int8),
        "contract_months": optional(employee & (contract == fixed), length),
        "employed_since": optional(employed, (block.today - seniority - 1).astype(np.int32)),
        "hours_worked": np.where(employed, millionths(np.clip(hours, 6, 84), 1), 0),
    }


def _search(block: Block, unemployed: Numbers) -> None:
    draws, count = block.draws, block.size
    since = block.today - (15 + 900 * draws.uniform(count) ** 2).astype(np.int32)
    block.facts |= {
        "seeking_work": unemployed,
        "job_seeker_registered": unemployed & draws.chance(np.where(block.facts["urban"] == 0, 0.4, 0.2), count),
        "unemployed_since": optional(unemployed, since),
    }


def earn(block: Block) -> None:
    """Earnings: log-normal by education, experience, sex, formality and place; informal earnings are told in round numbers."""
    facts, members, draws, count = block.facts, block.members, block.draws, block.size
    employed = facts["labour_status"] == EMPLOYED
    level = facts["education_level"].astype(np.float32)
    experience = np.clip(members.age - 18, 0, 40)
    mean = 4.62 + 0.155 * level + 0.028 * experience - 0.00045 * experience**2 + 0.12 * (facts["urban"] == 0)
    mean = mean + np.where(facts["informal"], 0.0, 0.72) + 0.12 * facts["public_sector"] - 0.17 * (members.sex == FEMALE)
    mean = mean + np.asarray([0, 0, -0.2, -0.45, 0, 0.05, 0, 0.45, 1.1, 0.9])[facts["status_in_employment"]] * employed
    mean = mean + 0.1 * block.of_home(block.wealth) + 0.8 * facts["migrant_abroad"]
    amount = np.exp(mean + np.where(facts["informal"], 0.62, 0.38) * draws.normal(count))
    employee = facts["status_in_employment"] <= STATUS.at("apprentice")[0]
    unpaid = facts["status_in_employment"] == STATUS.at("contributing_family_worker")[0]
    heap = np.asarray([100, 1_000, 5_000])[draws.pick((0.25, 0.5, 0.25), count)]
    told = np.where(facts["informal"], np.maximum(cents(amount) // heap * heap, 500), cents(np.maximum(amount, np.where(employee, 210, 90))))
    paid = employed & ~unpaid
    earned = np.where(paid, told, 0)
    unknown = paid & draws.chance(block.unknowns, count)
    facts["earned"] = earned  # known to us, though the registry may not know it
    facts["earnings"] = np.where(unknown, NOTHING, earned)
    other = (members.age > 18) & draws.chance(0.09, count)
    facts["other_income"] = np.where(other, cents(np.exp(3.2 + 0.8 * draws.normal(count)), 100), 0)


def insure(block: Block) -> None:
    """Insurance of formal workers, of some of the self-employed, mutuals, health coverage and accounts."""
    facts, members, draws, count = block.facts, block.members, block.draws, block.size
    employed, informal = facts["labour_status"] == EMPLOYED, facts["informal"]
    self_employed = employed & (facts["status_in_employment"] >= STATUS.at("own_account_worker")[0])
    voluntary = self_employed & (members.age >= 18) & (facts["earned"] > 0) & ~facts["migrant_abroad"] & draws.chance(0.03, count)
    insured = (employed & ~informal & (draws.chance(0.97, count) | facts["public_sector"])) | voluntary
    insured &= facts["earned"] > 0
    first = np.maximum(members.birth + 16 * 366, np.where(employed, facts["employed_since"], 0) - (draws.uniform(count) * 16 * 365).astype(np.int32))
    mutual = (members.age >= 18) & ~insured & draws.chance(0.06, count)
    family = block.of_home(block.per_home((insured & block.grown()).astype(np.int32)) > 0) & ((members.age < 21) | block.grown())
    poor = block.of_home(block.wealth) < -1.0
    social, national, in_mutual, assistance, private, none = COVERAGE.at(*COVERAGE.codes)
    coverage = np.where(poor & draws.chance(0.35, count), assistance, np.where(draws.chance(0.12, count), national, none))
    coverage = np.where(mutual, in_mutual, np.where(insured | family, social, coverage))
    rich = (block.of_home(block.wealth) > 2.1) & draws.chance(0.5, count)
    facts |= {
        "insured": insured,
        "insured_since": optional(insured, np.minimum(first, block.today - 10)),
        "declared_income": np.where(insured & self_employed, facts["earned"] * 7 // 10 // 1000 * 1000, NOTHING),
        "member_of_mutual": mutual,
        "member_of_mutual_since": optional(mutual, block.today - draws.between(10, 2500, count)),
        "health_coverage": np.where(rich, private, coverage).astype(np.int8),
        "has_account": (members.age >= 18) & draws.chance(np.where(insured, 0.97, 0.42), count),
    }


def retire(block: Block) -> None:
    """Pensions in payment of some of the elderly: former civil servants, insured workers and the poor."""
    facts, members, draws, count = block.facts, block.members, block.draws, block.size
    old = (members.age >= 60) & (facts["labour_status"] != EMPLOYED)
    draw = draws.uniform(count)
    civil, earned = old & (draw < 0.07), old & (draw >= 0.07) & (draw < np.where(members.sex == MALE, 0.3, 0.17))
    social = (members.age >= 70) & ~civil & ~earned & ~facts["insured"] & (block.of_home(block.wealth) < 0) & (draw > 0.55)
    amount = np.exp(np.where(civil, 5.75, 5.1) + 0.4 * draws.normal(count))
    pension = np.where(civil | earned, cents(amount), np.where(social, 4_500, 0))
    alive = ~block.dead
    facts["pension_income"] = pension * alive
    facts["public_pension"] = civil & alive  # a social pension is the law's own, not a pension for past service
    award = np.where(earned, pension * 100 // draws.between(35, 70, count), NOTHING)
    facts["pension_reference_earnings"] = np.where(alive, award, NOTHING)
    facts["pension_kind"] = np.where(civil, 1, np.where(earned, 0, np.where(social, 2, -1))).astype(np.int8)


def depend(block: Block) -> None:
    """Who lives on whose earnings, and the end of work of those who have died."""
    facts, members, dead = block.facts, block.members, block.dead
    facts["at_work"] = facts["labour_status"] == EMPLOYED  # also for those who have died: their last situation
    head = members.first[members.household]
    partner = members.spouse[head]
    head_earns = facts["at_work"][head] | dead[head]
    partner_earns = (partner >= 0) & facts["at_work"][partner]
    support = np.where(head_earns, head, np.where(partner_earns, partner, -1))
    dependent = ~facts["at_work"] & (members.place != HEAD) & (support != np.arange(block.size))
    facts["breadwinner_id"] = block.id_of(np.where(dependent, support, -1))
    facts["labour_status"] = np.where(dead, INACTIVE, facts["labour_status"]).astype(np.int8)
    for name in ("status_in_employment", "economic_activity", "occupation", "contract_type"):
        facts[f"last_{name}"] = facts[name]
        facts[name] = np.where(dead, -1, facts[name]).astype(np.int8)
    for name in ("employer_id", "employer_size", "employed_since", "contract_months", "unemployed_since"):
        facts[f"last_{name}"] = facts[name]
        facts[name] = np.where(dead, NOTHING, facts[name])
    for name in ("earnings", "other_income", "hours_worked"):
        facts[name] = np.where(dead, 0, facts[name])
    facts["public_before"] = facts["public_sector"]
    for name in ("informal", "public_sector", "seeking_work", "job_seeker_registered", "in_education", "hazardous_work"):
        facts[name] = facts[name] & ~dead
