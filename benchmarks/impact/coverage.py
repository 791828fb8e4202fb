"""How often 95 % intervals hold the truth, over 500 samples drawn from a census, and whether estimates are right on average.

    python benchmarks/impact/coverage.py [--folder FOLDER] [--keep]

The census is Exemplia's people (160,000 persons in 438 enumeration areas). Samples are drawn as `socle sample` does it; measures, standard errors and
intervals are those of a study. Two designs are held to the target: one area in six and nearly one in two, drawn systematically from an order of
areas that is made anew for each sample. The third keeps the order of the frame, as `socle sample` does: the order, always the same, then makes
estimates vary a little less or more than a variance can tell from one sample, so there is no target.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from samples import Census, Coverage, Guess, drawn_again, make_census, repeated, shuffled, truth, whole
from showing import Asked, asked_for, show

from figures import Figure
from opensocle.analysis.impact.battery import Key
from opensocle.population.survey.drawing import Plan

PERSONS, SAMPLES = 160_000, 500
FEW, QUICK = 20_000, 40
LEAST, MOST, FAR = 0.93, 0.97, 3.0
DESIGNS = {"1 area in 6": (840, True), "1 area in 2": (2_400, True), "1 area in 6, order of the frame": (840, False)}
NAMES = {
    "fgt0": "headcount", "fgt1": "poverty gap", "fgt2": "severity", "gini": "Gini coefficient", "mean": "mean", "median": "median",
    "coverage": "coverage",
}  # fmt: skip
OBSERVED = 30


def sampled(census: Census, households: int, anew: bool, samples: int) -> list[dict[Key, Guess]]:
    """Every figure of every sample. anew: areas are put into another order before each."""
    found = []
    for seed in range(samples):
        one = shuffled(census, seed) if anew else census
        found.append(drawn_again(one, Plan(households=households, per_area=12, seed=seed)))
    return found


def named(one: Coverage) -> str:
    parts = [NAMES[one.key.measure], f"{one.key.line} line" if one.key.line else "", one.key.of.replace("_", " ")]
    return ", ".join(part for part in parts if part)


def of_design(name: str, found: list[Coverage], true: dict[Key, float], target: bool) -> list[Figure]:
    """The figures whose truth was worked out by itself, one by one; the others together."""
    rows = []
    for one in found:
        if one.key in true:
            text = f"{one.covered:.1%} hold it, bias {one.bias:+.1f}"
            met = LEAST <= one.covered <= MOST and abs(one.bias) < FAR if target else None
            asked = f"{LEAST:.0%}–{MOST:.0%}, ±{FAR:g}" if target else ""
            rows.append(Figure(f"{name}: {named(one)}", text, f"error {one.ratio:.2f} of the spread", asked, met))
    others = [one for one in found if one.key not in true and one.observations >= OBSERVED]
    covered = np.array([one.covered for one in others])
    low, high = np.quantile(covered, [0.05, 0.95])
    ratio = float(np.mean([one.ratio for one in others]))
    what = f"{name}: {len(others)} other figures on {OBSERVED} households or more, mean"
    return [*rows, Figure(what, f"{covered.mean():.1%} hold it", f"error {ratio:.2f} of the spread; 9 in 10: {low:.1%}–{high:.1%}")]


def figures(asked: Asked) -> list[Figure]:
    persons, samples = (FEW, QUICK) if asked.quick else (PERSONS, SAMPLES)
    census = make_census(asked.folder / f"census-{persons}", persons)
    true, everything = truth(census), whole(census)
    apart = max(abs(everything[key] / value - 1) for key, value in true.items())
    what = "the census by the measures, and by their definitions person by person: largest relative difference"
    rows = [Figure(what, f"{apart:.1e}", "", "≤ 1e-9", apart <= 1e-9)]
    for name, (households, anew) in DESIGNS.items():
        households = households * persons // PERSONS
        found = list(repeated(sampled(census, households, anew, samples), everything))
        rows += of_design(f"{samples} samples, {name}", found, true, anew)
    return rows


if __name__ == "__main__":
    show(figures, asked_for(__doc__ or "", Path(__file__).name))
