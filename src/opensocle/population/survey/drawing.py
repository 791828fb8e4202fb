"""A sample of households from a population, in two stages: areas within strata, then households within areas; with exact weights.

Stage 1: areas with probability proportional to their households (systematic), or equal. Stage 2: a fixed number of households in each area, by simple
random sampling. Weights are the inverse of the exact probability, a fraction, rounded once. Method: docs/methods/drawing.md.

API: `draw(frame, plan) -> Drawn`; `inclusion(sizes, count) -> fractions`; `systematic(sizes, count, start) -> positions`.
The tables of those drawn: `sampled.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal, get_args

import numpy as np

from ...errors import InputError, Problems, SocleError
from .areas import Frame, Numbers

Selection = Literal["size", "equal"]
LAST_DIGIT = Decimal("1e-9")
"""Weights have nine decimals, as the vocabulary says."""
IN_TOWN, IN_COUNTRY, ALONE = 1.4, 0.8, 1.5
"""How much likelier a household does not answer than the mean: in towns, in the country; again where one person lives alone."""
LEAST_RESPONSE = Decimal("0.3")
TWO = 2
"""Areas drawn in each stratum at least: with one, nothing says how areas vary."""


@dataclass(frozen=True)
class Plan:
    """What is to be drawn.

    households: how many are asked in all, about; all of them, where there are not more. per_area: households asked in an area.
    selection: areas by their size, or each with the same chance. response: share of the households that answer, 0.3 to 1.
    """

    households: int = 3_000
    per_area: int = 12
    selection: Selection = "size"
    response: Decimal = Decimal(1)
    seed: int = 1

    def check(self) -> None:
        """Raises Problems (P048)."""
        problems: list[SocleError] = []
        for name, value in (("households", self.households), ("per_area", self.per_area)):
            if value < 1:
                problems.append(InputError("P048", f"{name} is {value}", hint="write 1 or more"))
        if self.selection not in get_args(Selection):
            problems.append(InputError("P048", f"selection is {self.selection!r}", hint="write size or equal"))
        if not LEAST_RESPONSE <= self.response <= 1:
            problems.append(InputError("P048", f"response is {self.response}", hint=f"write a share from {LEAST_RESPONSE} to 1, such as 0.9"))
        if self.seed < 0:
            problems.append(InputError("P048", f"seed is {self.seed}", hint="write 0 or a positive whole number"))
        if problems:
            raise Problems(problems)


@dataclass(frozen=True, eq=False)
class Drawn:
    """The households that answered, in the order of the frame, with their weights and their place in the design.

    rows: (household,) positions in the frame. strata, clusters: (household,) names. stratum_clusters: (household,) clusters of the stratum in the
    whole population. asked: households asked; areas: areas drawn.
    """

    rows: Numbers
    weights: tuple[Decimal, ...]
    strata: tuple[str, ...]
    clusters: tuple[str, ...]
    stratum_clusters: Numbers
    asked: int
    areas: int


@dataclass(frozen=True, eq=False)
class _Area:
    """An area that was drawn: the households asked, those who answered, and the weight of each of those."""

    number: int
    asked: Numbers
    answered: Numbers
    weight: Fraction
    certain: bool


def draw(frame: Frame, plan: Plan) -> Drawn:
    """The sample. The same frame and plan give the same households; each stratum is drawn from the seed and its own number only.

    Raises Problems (P048), and InputError P049 where nobody of a stratum answers.
    """
    plan.check()
    census = plan.households >= frame.households
    found: list[_Area] = []
    for number, count in enumerate(_allocate(frame, plan, census)):
        rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(plan.seed, spawn_key=(number,))))
        areas = np.flatnonzero(frame.stratum_of == number)
        take = frame.households if census else _take(frame, plan, areas, count)
        found += _adjusted(frame, _asked(frame, plan, areas, count, take, rng), frame.strata[number])
    return _drawn(frame, found)


def _take(frame: Frame, plan: Plan, areas: Numbers, count: int) -> int:
    """Households asked in an area of a stratum: more than planned where all of its areas are drawn, and that is not enough."""
    if count < len(areas):
        return plan.per_area
    return max(plan.per_area, -(-plan.households * int(frame.counts[areas].sum()) // (frame.households * count)))


def _allocate(frame: Frame, plan: Plan, census: bool) -> list[int]:
    """Areas to draw in each stratum: in proportion to its households (largest remainders), two at least, and no more than there are."""
    there = np.bincount(frame.stratum_of, minlength=len(frame.strata))
    if census:
        return there.tolist()
    homes = np.bincount(frame.stratum_of, frame.counts, len(frame.strata)).astype(np.int64).tolist()
    wanted = -(-plan.households // plan.per_area)
    shares = [Fraction(wanted * count, frame.households) for count in homes]
    counts = [int(share) for share in shares]
    rest = sorted(range(len(shares)), key=lambda at: (counts[at] - shares[at], at))
    for at in rest[: wanted - sum(counts)]:
        counts[at] += 1
    return [min(max(count, TWO), int(most)) for count, most in zip(counts, there, strict=True)]


def inclusion(sizes: Sequence[int], count: int) -> list[Fraction]:
    """The chance of each area to be among `count` that are drawn in proportion to size. An area as large as the step or larger is certain."""
    certain = [False] * len(sizes)
    while True:
        left, total = count - sum(certain), sum(size for size, sure in zip(sizes, certain, strict=True) if not sure)
        large = [not sure and size * left >= total for size, sure in zip(sizes, certain, strict=True)]
        if not any(large):
            return [Fraction(1) if sure else Fraction(size * left, total) for size, sure in zip(sizes, certain, strict=True)]
        certain = [sure or big for sure, big in zip(certain, large, strict=True)]


def systematic(sizes: Sequence[int], count: int, start: int) -> list[int]:
    """The positions of `count` areas, every step along their added sizes; no size above the step (total / count).

    start: a whole number from 0, less than the total. Each of these starts is as likely, so an area's chance is exactly size × count / total.
    """
    total = sum(sizes)
    ends = np.cumsum(np.asarray(sizes, dtype=np.int64) * count)
    points = start + total * np.arange(count, dtype=np.int64)
    return np.searchsorted(ends, points, side="right").tolist()


def _asked(frame: Frame, plan: Plan, areas: Numbers, count: int, take: int, rng: np.random.Generator) -> list[_Area]:
    """The areas drawn in a stratum, and the households asked and answering in each."""
    sizes = [int(size) for size in frame.counts[areas]] if plan.selection == "size" else [1] * len(areas)
    chances = inclusion(sizes, count)
    sure = [at for at, chance in enumerate(chances) if chance == 1]
    rest = [at for at, chance in enumerate(chances) if chance < 1]
    if rest:
        total = sum(sizes[at] for at in rest)
        sure += [rest[at] for at in systematic([sizes[at] for at in rest], count - len(sure), int(rng.integers(total)))]
    found = []
    for at in sorted(sure):
        members = frame.members[areas[at]]
        asked = np.sort(rng.choice(members, min(take, len(members)), replace=False))
        answered = asked[rng.random(len(asked)) >= _refusal(frame, asked, float(plan.response))]
        weight = Fraction(len(members), len(asked)) / chances[at]
        found.append(_Area(int(areas[at]), asked, answered, weight, chances[at] == 1))
    return found


def _refusal(frame: Frame, homes: Numbers, response: float) -> np.ndarray:
    """The chance of each household not to answer."""
    factor = np.where(frame.in_town[homes], IN_TOWN, IN_COUNTRY) * np.where(frame.size[homes] <= 1, ALONE, 1.0)
    return np.minimum((1 - response) * factor, 0.95)


def _adjusted(frame: Frame, areas: list[_Area], stratum: str) -> list[_Area]:
    """Those who answered stand for those of their area who did not; areas where nobody did, for by the others of the stratum."""
    whole = sum((area.weight * len(area.asked) for area in areas), Fraction(0))
    spoke = sum((area.weight * len(area.asked) for area in areas if len(area.answered)), Fraction(0))
    if not spoke:
        raise InputError("P049", f"no household that was drawn in {stratum} answered", hint="draw more households, or raise the response")
    return [
        _Area(area.number, area.asked, area.answered, area.weight * Fraction(len(area.asked), len(area.answered)) * whole / spoke, area.certain)
        if len(area.answered)
        else _Area(area.number, area.asked, area.answered, Fraction(0), area.certain)
        for area in areas
    ]


def _drawn(frame: Frame, areas: list[_Area]) -> Drawn:
    """The sample in the order of the frame. An area that was certain is a stratum of its own, whose clusters are households."""
    open_areas = np.bincount(frame.stratum_of, minlength=len(frame.strata))
    for area in areas:
        open_areas[frame.stratum_of[area.number]] -= area.certain
    lines: list[tuple[int, Decimal, str, str, int]] = []
    for area in areas:
        weight, name, stratum = decimal(area.weight), frame.areas[area.number], int(frame.stratum_of[area.number])
        of_stratum = int(frame.counts[area.number]) if area.certain else int(open_areas[stratum])
        for row in area.answered.tolist():
            cluster = str(frame.ids[row].as_py()) if area.certain else name
            lines.append((row, weight, name if area.certain else frame.strata[stratum], cluster, of_stratum))
    lines.sort()
    rows, weights, strata, clusters, counts = zip(*lines, strict=True)
    asked = sum(len(area.asked) for area in areas)
    return Drawn(np.array(rows, np.int64), weights, strata, clusters, np.array(counts, np.int64), asked, len(areas))


def decimal(number: Fraction) -> Decimal:
    """A fraction with nine decimals, halves up."""
    units = (2 * number.numerator * 10**9 + number.denominator) // (2 * number.denominator)
    return Decimal(units).scaleb(-9).quantize(LAST_DIGIT, ROUND_HALF_UP)
