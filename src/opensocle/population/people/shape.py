"""Who lives with whom: kinds of households, their members, sexes and birth dates.

Every household of a block has the same fifteen places (head, spouse, six children …), filled or not, so that a block is a handful of
matrices (household, place). `compose` fills them, `flatten` lays the filled places out as persons, household by household.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .draws import Draws, Numbers

MALE, FEMALE = 0, 1
HEAD, SPOUSE, CHILD, MOTHER, FATHER, GRANDCHILD, IN_LAW, OTHER = 0, 1, 2, 8, 9, 10, 13, 14
PLACES = 15
CHILDREN = slice(CHILD, MOTHER)
GRANDCHILDREN = slice(GRANDCHILD, IN_LAW)

KINDS = {  # kind: (share of households, chance that the head is a woman, youngest and oldest head, power: above 1 means mostly young heads)
    "couple_children": (0.475, 0.14, 20, 66, 1.3),
    "with_parents": (0.105, 0.17, 25, 56, 1.0),
    "with_grandchildren": (0.09, 0.24, 46, 78, 1.1),
    "lone_mother": (0.12, 1.0, 18, 58, 1.15),
    "lone_father": (0.015, 0.0, 24, 60, 1.0),
    "couple": (0.04, 0.12, 20, 60, 2.0),
    "elderly_couple": (0.025, 0.1, 60, 90, 1.5),
    "lone_elderly": (0.03, 0.66, 60, 94, 1.4),
    "lone_adult": (0.04, 0.38, 19, 60, 1.8),
    "skipped_generation": (0.026, 0.68, 52, 82, 1.2),
    "relatives": (0.03, 0.35, 19, 48, 1.6),
    "child_headed": (0.004, 0.45, 13.5, 17.9, 0.8),
}
KIND = {kind: position for position, kind in enumerate(KINDS)}
_PARITY = (0.02, 0.07, 0.2, 0.26, 0.21, 0.14, 0.1)  # children ever born to a woman who has ended having children: 0 to 6
_YEAR = 365.25


@dataclass(slots=True)
class Shape:
    """Households of a block as matrices (household, place); ages in years on the date."""

    kind: Numbers  # (household,)
    present: Numbers
    sex: Numbers
    age: Numbers
    mother: Numbers  # place of the mother in the household, -1 where she is not in it
    father: Numbers

    @property
    def sizes(self) -> Numbers:
        return self.present.sum(axis=1)

    def kept(self, households: Numbers) -> Shape:
        """Only these households."""
        parts = (self.kind, self.present, self.sex, self.age, self.mother, self.father)
        return Shape(*(part[households] for part in parts))


@dataclass(slots=True)
class Members:
    """The persons of a block, one after the other, household by household."""

    household: Numbers  # position of the household in the block
    place: Numbers
    kind: Numbers  # kind of the household, for each person
    sex: Numbers
    age: Numbers  # years on the date, with a fraction
    birth: Numbers  # day since 1970
    mother: Numbers  # position of the mother among the persons of the block, -1 where she is not in the household
    father: Numbers
    spouse: Numbers
    first: Numbers  # (household,) position of the first member, the head
    sizes: Numbers  # (household,)


def compose(draws: Draws, count: int) -> Shape:
    """`count` households of all kinds, with their members."""
    shares = [row[0] for row in KINDS.values()]
    kind = draws.pick(shares, count)
    present = np.zeros((count, PLACES), dtype=bool)
    shape = Shape(
        kind=kind,
        present=present,
        sex=(draws.uniform(count * PLACES) < 0.49).astype(np.int8).reshape(count, PLACES),
        age=np.zeros((count, PLACES), dtype=np.float32),
        mother=np.full((count, PLACES), -1, dtype=np.int8),
        father=np.full((count, PLACES), -1, dtype=np.int8),
    )
    _heads(draws, shape)
    _spouses(draws, shape)
    _children(draws, shape)
    _parents(draws, shape)
    _grandchildren(draws, shape)
    _others(draws, shape)
    return shape


def _is(shape: Shape, *kinds: str) -> Numbers:
    return np.isin(shape.kind, [KIND[kind] for kind in kinds])


def _heads(draws: Draws, shape: Shape) -> None:
    table = np.asarray([row[1:] for row in KINDS.values()], dtype=np.float32)[shape.kind]
    woman, low, high, power = table.T
    count = len(shape.kind)
    shape.present[:, HEAD] = True
    shape.sex[:, HEAD] = draws.chance(woman, count)
    shape.age[:, HEAD] = low + (high - low) * draws.uniform(count) ** power


def _spouses(draws: Draws, shape: Shape) -> None:
    """A man is about four years older than his wife, and both are at least 16."""
    couples = _is(shape, "couple_children", "couple", "elderly_couple", "with_parents") | (
        _is(shape, "with_grandchildren") & draws.chance(0.62, len(shape.kind))
    )
    couples |= _is(shape, "skipped_generation") & (shape.sex[:, HEAD] == MALE)
    shape.present[:, SPOUSE] = couples
    head_is_man = shape.sex[:, HEAD] == MALE
    shape.sex[:, SPOUSE] = np.where(head_is_man, FEMALE, MALE)
    gap = np.abs(4 + 3 * draws.normal(len(couples)))
    age = shape.age[:, HEAD] + np.where(head_is_man, -gap, gap)
    shape.age[:, SPOUSE] = np.clip(age, 16.1, 98)


def _children(draws: Draws, shape: Shape) -> None:
    """Children by their mother's age: her first birth, the years between births, and whether they still live with her."""
    count = len(shape.kind)
    parents = _is(shape, "couple_children", "with_parents", "with_grandchildren", "lone_mother", "lone_father")
    mother_is_head = shape.sex[:, HEAD] == FEMALE
    mother_age = np.where(mother_is_head, shape.age[:, HEAD], np.where(shape.present[:, SPOUSE], shape.age[:, SPOUSE], shape.age[:, HEAD] - 3))
    parity = draws.pick(_PARITY, count)
    at_birth = np.clip(21 + 3.6 * draws.normal(count), 15.2, 38)
    for number in range(6):
        place = CHILD + number
        age = mother_age - at_birth
        home = np.clip(1.02 - 0.055 * np.maximum(age - 14, 0), 0.06, 0.985)
        here = parents & (number < parity) & (age >= 0) & (at_birth <= 46) & draws.chance(home, count)
        shape.present[:, place] = here
        shape.age[:, place] = np.maximum(age, 0)
        at_birth = at_birth + 1.3 - 1.9 * np.log1p(-draws.uniform(count))
    mother_place = np.where(mother_is_head, HEAD, np.where(shape.present[:, SPOUSE], SPOUSE, -1)).astype(np.int8)
    father_place = np.where(~mother_is_head, HEAD, np.where(shape.present[:, SPOUSE], SPOUSE, -1)).astype(np.int8)
    shape.mother[:, CHILDREN] = mother_place[:, None]
    shape.father[:, CHILDREN] = father_place[:, None]


def _parents(draws: Draws, shape: Shape) -> None:
    """The head's mother and father in a household of three generations."""
    here = _is(shape, "with_parents")
    count = len(here)
    age = shape.age[:, HEAD] + 17 + 18 * draws.uniform(count)
    alone = draws.uniform(count)
    shape.present[:, MOTHER] = here & (age < 97) & (alone < 0.82)
    shape.present[:, FATHER] = here & (age < 94) & (alone > 0.6)
    shape.sex[:, MOTHER], shape.sex[:, FATHER] = FEMALE, MALE
    shape.age[:, MOTHER], shape.age[:, FATHER] = age, np.minimum(age + 3 + 3 * draws.uniform(count), 99)
    shape.mother[:, HEAD] = np.where(shape.present[:, MOTHER], MOTHER, -1)
    shape.father[:, HEAD] = np.where(shape.present[:, FATHER], FATHER, -1)


def _grandchildren(draws: Draws, shape: Shape) -> None:
    """Grandchildren of an elderly head: with one of their parents, or (skipped generation) without."""
    count = len(shape.kind)
    with_parent, skipped = _is(shape, "with_grandchildren"), _is(shape, "skipped_generation")
    oldest = np.minimum(shape.age[:, HEAD], np.where(shape.present[:, SPOUSE], shape.age[:, SPOUSE], 99))
    parent_age = np.clip(oldest - 17 - 12 * draws.uniform(count), 19, 55)
    shape.age[:, CHILD] = np.where(with_parent, parent_age, shape.age[:, CHILD])
    shape.present[:, CHILD] |= with_parent
    parent_is_man = shape.sex[:, CHILD] == MALE
    shape.present[:, IN_LAW] = with_parent & (parent_is_man | draws.chance(0.45, count))
    shape.sex[:, IN_LAW] = np.where(parent_is_man, FEMALE, MALE)
    shape.age[:, IN_LAW] = np.clip(shape.age[:, CHILD] + np.where(parent_is_man, -3, 4) + 2 * draws.normal(count), 18, 70)
    mother_age = np.where(parent_is_man, shape.age[:, IN_LAW], shape.age[:, CHILD])
    ceiling = np.where(with_parent, mother_age - 15.5, np.minimum(oldest - 33, 17.9))
    floor = np.where(with_parent, np.maximum(mother_age - 42, 0), 0)
    youngest = floor + np.maximum(ceiling - floor, 0) * draws.uniform(count) * 0.5
    wanted = 1 + draws.pick((0.4, 0.36, 0.24), count)
    mother_place = np.where(parent_is_man, IN_LAW, CHILD)
    father_place = np.where(parent_is_man, CHILD, np.where(shape.present[:, IN_LAW], IN_LAW, -1))
    for number in range(3):
        place = GRANDCHILD + number
        age = youngest + number * 2.6
        shape.present[:, place] = (with_parent | skipped) & (number < wanted) & (age <= ceiling)
        shape.age[:, place] = np.maximum(age, 0)
        shape.mother[:, place] = np.where(with_parent, mother_place, -1)
        shape.father[:, place] = np.where(with_parent, father_place, -1)
    _order_siblings(shape, with_parent)


def _order_siblings(shape: Shape, households: Numbers) -> None:
    """The grown child of an elderly head is a child of the couple: at least 15 years younger than the mother."""
    mother_age = np.where(shape.sex[:, HEAD] == FEMALE, shape.age[:, HEAD], shape.age[:, SPOUSE])
    known = households & (shape.mother[:, CHILD] >= 0)
    shape.age[:, CHILD] = np.where(known, np.minimum(shape.age[:, CHILD], mother_age - 15.2), shape.age[:, CHILD])


def _others(draws: Draws, shape: Shape) -> None:
    """Relatives: brothers and sisters of a child head, adults who share a dwelling, and one more relative here and there."""
    count = len(shape.kind)
    orphans, sharing = _is(shape, "child_headed"), _is(shape, "relatives")
    wanted = 1 + draws.pick((0.45, 0.35, 0.2), count)
    for number in range(3):
        place = CHILD + number
        age = np.where(orphans, shape.age[:, HEAD] - 2.2 * (number + 1), np.clip(shape.age[:, HEAD] + 7 * draws.normal(count), 15, 70))
        here = (orphans | sharing) & (number < wanted)
        shape.present[:, place] |= here
        shape.age[:, place] = np.where(here, np.maximum(age, 0.5), shape.age[:, place])
        shape.mother[:, place] = np.where(here, -1, shape.mother[:, place])
        shape.father[:, place] = np.where(here, -1, shape.father[:, place])
    large = ~_is(shape, "lone_elderly", "lone_adult", "child_headed", "couple")
    shape.present[:, OTHER] = large & draws.chance(0.07, count)
    shape.age[:, OTHER] = 4 + 40 * draws.uniform(count) ** 1.3


def flatten(shape: Shape, today: int) -> Members:
    """The persons of the filled places in order; `today` is the date as a day since 1970. Birth dates are before it."""
    household, place = np.nonzero(shape.present)
    position = np.cumsum(shape.present.ravel(), dtype=np.int64).reshape(shape.present.shape) - 1
    sizes = shape.sizes
    age = shape.age[household, place]
    couple = np.where(shape.present[:, SPOUSE], position[:, SPOUSE], -1)
    spouse = np.full(len(place), -1, dtype=np.int64)
    spouse[place == HEAD] = couple
    spouse[place == SPOUSE] = position[shape.present[:, SPOUSE], HEAD]
    young = shape.present[:, IN_LAW]
    spouse[position[young, CHILD]] = position[young, IN_LAW]
    spouse[position[young, IN_LAW]] = position[young, CHILD]
    old = shape.present[:, MOTHER] & shape.present[:, FATHER]
    spouse[position[old, MOTHER]] = position[old, FATHER]
    spouse[position[old, FATHER]] = position[old, MOTHER]

    def kin(places: Numbers) -> Numbers:
        where = places[household, place]
        return np.where(where >= 0, position[household, np.maximum(where, 0)], -1)

    return Members(
        household=household,
        place=place.astype(np.int8),
        kind=shape.kind[household],
        sex=shape.sex[household, place],
        age=age,
        birth=(today - 1 - np.floor(age.astype(np.float64) * _YEAR)).astype(np.int32),
        mother=kin(shape.mother),
        father=kin(shape.father),
        spouse=spouse,
        first=position[:, HEAD],
        sizes=sizes,
    )
