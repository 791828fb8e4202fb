"""Who the persons are: origin, family, documents, education and health."""

from __future__ import annotations

import numpy as np

from .block import YEAR, Block, day, optional
from .columns import CARE, DIFFICULTY, DOMAINS, EDUCATION, MARITAL, RELATIONSHIP, RESIDENCE
from .draws import Numbers
from .shape import CHILD, FATHER, FEMALE, GRANDCHILD, HEAD, IN_LAW, KIND, MOTHER, PLACES, SPOUSE
from .storing import NOTHING

URBAN_SHARE = (0.92, 0.45, 0.3, 0.5, 0.28, 0.2, 0.55, 0.3, 0.22, 0.4, 0.25, 0.18)
DISTRICT_WEIGHTS = (0.17, 0.09, 0.07, 0.1, 0.08, 0.06, 0.1, 0.07, 0.06, 0.08, 0.07, 0.05)
NATIONAL, WORKER, IRREGULAR, REFUGEE, DISPLACED, RETURNEE, DEPENDANT = range(7)
ORIGIN_WEIGHTS = (0.922, 0.017, 0.011, 0.013, 0.015, 0.022)  # of households: as its head
DIED_BEFORE, DIES_LATER = 0.015, 0.0025  # of households: a head who died in the last five years; who dies later in the calendar year


def place_homes(block: Block) -> None:
    """Where each household lives, where it comes from and how well off it is."""
    draws, count = block.draws, block.homes_count
    district = draws.pick(DISTRICT_WEIGHTS, count)
    urban = draws.chance(np.asarray(URBAN_SHARE)[district], count)
    origin = draws.pick(ORIGIN_WEIGHTS, count)
    block.wealth = draws.normal(count) + 0.55 * urban - 0.28 - 0.5 * (origin >= IRREGULAR) * (origin != RETURNEE)
    displaced = origin == DISPLACED
    shelter = draws.pick((0.35, 0.3, 0.2, 0.1, 0.05), count) + 1
    since = block.today - draws.between(30, 8 * 365, count)
    block.homes |= {
        "household_id": block.first_household + np.arange(count, dtype=np.int64),
        "region": district // 3,
        "district": district,
        "urban": (~urban).astype(np.int8),
        "place_type": np.where(displaced | (origin == REFUGEE), shelter, np.where(urban & (block.wealth < -1.1), 5, 0)).astype(np.int8),
        "displaced_since": optional(displaced, since),
        "origin": origin,
    }


def bury(block: Block) -> None:
    """Heads who died in the five years before the date, or who die later in the calendar year; no child is born after its parent's death."""
    members, draws, count = block.members, block.draws, block.homes_count
    head = members.first
    last = np.full(count, -(2**30), dtype=np.int64)
    birth = np.where((members.mother == head[members.household]) | (members.father == head[members.household]), members.birth, -(2**30))
    np.maximum.at(last, members.household, birth)
    able = (members.spouse[head] >= 0) & (members.age[head] > 24)
    share = 1 / max(float(able.mean()), 0.05)
    draw = draws.uniform(count)
    before, later = able & (draw < DIED_BEFORE * share), able & (draw > 1 - DIES_LATER * share)
    past = np.maximum(block.today - draws.between(1, 5 * 365, count), last + 1)
    end = day(block.date.replace(month=12, day=31))
    coming = block.today + draws.between(1, max(end - block.today, 2), count)
    block.death = np.full(block.size, NOTHING, dtype=np.int32)
    block.death[head] = np.where(before, np.minimum(past, block.today), np.where(later, coming, NOTHING))


def identify(block: Block) -> None:
    """Identifiers, sex, dates of birth and death, documents, origin and residence."""
    members, draws, count = block.members, block.draws, block.size
    registered = draws.chance(np.where(members.age < 5, 0.94, np.where(members.age < 60, 0.975, 0.95)), count)
    unknown = ~registered & (members.age > 2) & draws.chance(min(block.unknowns / 2 / 0.032, 1.0), count)
    documents = registered & draws.chance(np.where(members.age < 16, 0.35, 0.93), count)
    block.facts |= {
        "person_id": block.first_person + np.arange(count, dtype=np.int64),
        "household_id": block.first_household + members.household.astype(np.int64),
        "birth_date": optional(~unknown, members.birth),
        "death_date": block.death,
        "sex": members.sex,
        "has_identity_document": documents,
        "birth_registered": registered,
        "region": block.of_home(block.homes["region"]),
        "district": block.of_home(block.homes["district"]),
        "urban": block.of_home(block.homes["urban"]),
        "war_veteran": (members.age > 55) & draws.chance(np.where(members.sex == FEMALE, 0.004, 0.05), count),
    }
    _settle(block, unknown)


def _settle(block: Block, unknown_birth: Numbers) -> None:
    """Nationality, migration, and since when each one has lived in the country."""
    members, draws, count = block.members, block.draws, block.size
    origin = block.of_home(block.homes["origin"])
    foreign = (origin >= WORKER) & (origin <= REFUGEE)
    country = block.of_home(1 + draws.pick((0.6, 0.25, 0.15), block.homes_count))
    arrived = block.of_home(block.today - draws.between(60, 15 * 365, block.homes_count))
    arrived = np.where(members.place == HEAD, arrived, np.minimum(arrived + draws.between(0, 500, count), block.today - 1))
    arrived = np.where(block.dead, np.minimum(arrived, block.death - 60), arrived)
    came = foreign | (origin == RETURNEE)
    moved = came & (members.birth < arrived)
    family = (origin == WORKER) & ((members.age < 16) | (members.place > SPOUSE))
    abroad = (members.age > 19) & (members.age < 50) & ~foreign & ~block.dead & (members.place != HEAD) & draws.chance(0.022, count)
    temporary = foreign & (block.today - arrived < 365) & (origin == WORKER)
    block.facts |= {
        "nationality": np.where(foreign, country, 0).astype(np.int8),
        "country_of_birth": np.where(foreign & moved, country, 0).astype(np.int8),
        "migration_status": np.where(family, DEPENDANT, origin).astype(np.int8),
        "residence_status": np.where(abroad, RESIDENCE.at("abroad"), temporary.astype(np.int8)).astype(np.int8),
        "residence_since": optional(~abroad & (moved | ~unknown_birth), np.where(moved, arrived, members.birth)),
        "migrant_abroad": abroad,
        "host_country": np.where(abroad, 1 + draws.pick((0.5, 0.3, 0.2), count), -1),
        "member_of_welfare_fund": (abroad | ((origin == RETURNEE) & moved & (members.age > 20))) & draws.chance(0.55, count),
    }


def relate(block: Block) -> None:
    """The family: relationship to the head, marriage, parents and children."""
    members, draws, count = block.members, block.draws, block.size
    by_place = np.full(PLACES, RELATIONSHIP.at("other_relative")[0], dtype=np.int8)
    by_place[[HEAD, SPOUSE]] = RELATIONSHIP.at("head", "spouse")
    by_place[CHILD:MOTHER], by_place[GRANDCHILD:IN_LAW] = RELATIONSHIP.at("child", "grandchild")
    by_place[MOTHER], by_place[FATHER] = RELATIONSHIP.at("parent", "parent")
    relation = by_place[members.place]
    siblings = np.isin(members.kind, (KIND["child_headed"], KIND["relatives"])) & block.is_child_of_head()
    dead = block.dead
    _marry(block)
    own = members.age < 18
    children = np.zeros(count, dtype=np.int32)
    for parent in (members.mother, members.father):
        children += np.bincount(parent[own & (parent >= 0)], minlength=count).astype(np.int32)
    block.facts |= {
        "relationship_to_head": np.where(siblings, RELATIONSHIP.at("other_relative")[0], relation).astype(np.int8),
        "spouse_id": block.id_of(members.spouse),
        "mother_id": block.id_of(members.mother),
        "father_id": block.id_of(members.father),
        "dependent_children": np.where(dead, 0, children),
    }
    orphan = (members.kind == KIND["child_headed"]) | (
        (members.kind == KIND["skipped_generation"]) & (members.place >= GRANDCHILD) & (members.place < IN_LAW)
    )
    for name, parent, rate in (("mother_alive", members.mother, 0.0095), ("father_alive", members.father, 0.0125)):
        chance = np.where(orphan, 0.45, np.clip(1.0 - rate * np.maximum(members.age - 8, 0) - 0.03, 0.005, 1))
        block.facts[name] = np.where(parent >= 0, ~dead[parent], draws.chance(chance, count))


def _marry(block: Block) -> None:
    """Marital status and date of marriage: the same draw for both of a couple; the spouse of a dead person is widowed."""
    members, draws, count = block.members, block.draws, block.size
    here, age = np.arange(count), members.age
    couple = members.spouse >= 0
    pair = np.where(couple, np.minimum(here, members.spouse), here)
    draw, when = draws.uniform(count)[pair], draws.uniform(count)[pair]
    widowed = couple & block.dead[members.spouse]
    married, union, never, gone, left, divorced = MARITAL.at("married", "consensual_union", "never_married", "widowed", "separated", "divorced")
    together = np.where(draw < 0.8, married, union)
    lonely = np.clip((age - 38) / 45, 0, 0.95)  # chance that someone alone is widowed
    ended = np.where(draw < lonely, gone, np.where(draw > 0.9, divorced, np.where(draw > 0.8, left, never)))
    parent = (members.kind == KIND["lone_mother"]) & (members.place == HEAD)
    ended = np.where(parent & (ended == never), np.where(when < 0.3, gone, np.where(when < 0.55, divorced, np.where(when < 0.8, left, never))), ended)
    ended = np.where(np.isin(members.place, (MOTHER, FATHER)), gone, ended)
    single = np.where((age < 18) | ((age < 30) & ~parent), never, ended)
    status = np.where(widowed, gone, np.where(couple, together, single)).astype(np.int8)
    younger = np.maximum(members.birth, np.where(couple, members.birth[members.spouse], members.birth))
    wedding = np.minimum(younger + ((16 + 7 * when) * YEAR).astype(np.int32), block.today - 20)
    block.facts["marital_status"] = status
    block.facts["marriage_date"] = optional(couple & ((status == married) | widowed), np.minimum(wedding, np.where(block.dead, block.death, wedding)))


def school(block: Block) -> None:
    """Education completed, and who is still learning."""
    members, draws, count = block.members, block.draws, block.size
    age = members.age
    wealth = block.of_home(block.wealth)
    cohort = np.clip((60 - age) / 45, -0.6, 0.7)  # younger people have been to school for longer
    years = 7.9 + 2.3 * wealth + 3.7 * draws.normal(count) + 3.2 * cohort - 0.5 * (members.sex == FEMALE) * (age > 35)
    learning = (age >= 6) & (age < 25) & (years > age - 6.5) & ~block.dead
    learning &= draws.chance(np.where(age < 14, 0.97, 0.9), count)
    done = np.where(age < 25, np.minimum(years, age - 6.3), years)
    level = np.searchsorted((6, 9, 12, 13.5, 15, 17.5), done, side="right").astype(np.int8)
    assert EDUCATION.codes[0] == "less_than_primary"
    block.facts |= {"education_level": level, "in_education": learning}


def health(block: Block) -> None:
    """The six domains of the Washington Group, the degree of disability, chronic illness and need of care; pregnancy."""
    members, draws, count = block.members, block.draws, block.size
    age = np.maximum(members.age, 0)
    frailty = 0.6 * draws.normal(count) + 0.00021 * (age / 10) ** 4 + 0.006 * age
    worst = np.zeros(count, dtype=np.int8)
    limited = np.zeros(count, dtype=np.int8)
    for domain, ease in zip(DOMAINS, (2.6, 2.95, 2.55, 2.85, 3.2, 3.25), strict=True):
        score = frailty + draws.normal(count) - ease
        level = (score > -0.75).astype(np.int8) + (score > 0.25) + (score > 1.35)
        level = np.where(age < 2, 0, level).astype(np.int8)
        block.facts[domain] = level
        worst = np.maximum(worst, level)
        limited += level >= 2
    assert DIFFICULTY.codes[3] == "cannot_do"
    within = draws.between(0, 20, count)
    degree = np.where(worst >= 2, np.minimum(20 * worst + 5 * limited + within, 100), np.where(worst == 1, within // 2, 0))
    degree = (degree // 5 * 5).astype(np.int32)
    since = np.maximum(members.birth, block.today - draws.between(90, 20 * 365, count))
    care = np.where(degree >= 85, 3, np.where(degree >= 65, 2, np.where(degree >= 45, 1, 0))).astype(np.int8)
    assert CARE.codes[3] == "severe"
    block.facts |= {
        "disability_degree": degree,
        "disability_since": optional(degree >= 40, since),
        "chronically_ill": draws.chance(np.clip(0.015 + 0.005 * np.maximum(age - 20, 0) + 0.06 * (frailty > 1), 0, 0.5), count),
        "care_needs": care,
    }
    _expect(block)


def _expect(block: Block) -> None:
    """Women who are pregnant on the date, and when their child is due."""
    members, draws, count = block.members, block.draws, block.size
    fertile = (members.sex == FEMALE) & (members.age >= 16) & (members.age < 46) & ~block.dead
    peak = np.exp(-(((members.age - 26) / 8.5) ** 2))
    youngest = np.full(count, -(2**30), dtype=np.int64)
    with_mother = members.mother >= 0
    np.maximum.at(youngest, members.mother[with_mother], members.birth[with_mother])
    chance = np.where(members.spouse >= 0, 0.22, 0.05) * peak * (block.today - youngest > 500)
    pregnant = fertile & draws.chance(chance, count)
    block.facts |= {"pregnant": pregnant, "expected_birth_date": optional(pregnant, block.today + draws.between(3, 240, count))}
