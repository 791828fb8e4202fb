"""Five-year age groups into single ages: Sprague's osculatory interpolation, which keeps the total of every group.

Source of the multipliers: T. B. Sprague (1880); table in H. S. Shryock, J. S. Siegel, The Methods and Materials of Demography, appendix C.
Each single age is a sum of neighbouring groups times these multipliers (here in ten-thousandths, so the result is exact).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext

WIDTH = 5
SCALE = 10_000
FIRST = ((3616, -2768, 1488, -336), (2640, -960, 400, -80), (1840, 400, -320, 80), (1200, 1360, -720, 160), (704, 1968, -848, 176))
"""The five ages of the first group, from groups 1 to 4."""
SECOND = ((336, 2272, -752, 144), (80, 2320, -480, 80), (-80, 2160, -80, 0), (-160, 1840, 400, -80), (-176, 1408, 912, -144))
"""The five ages of the second group, from groups 1 to 4."""
MIDDLE = (
    (-128, 848, 1504, -240, 16),
    (-16, 144, 2224, -416, 64),
    (64, -336, 2544, -336, 64),
    (64, -416, 2224, 144, -16),
    (16, -240, 1504, 848, -128),
)
"""The five ages of any other group, from the two groups before it to the two after it. The last two groups mirror the first two."""


def split_sprague(groups: Sequence[Decimal]) -> list[Decimal]:
    """Single ages of consecutive five-year groups (at least five), with the groups' totals exactly.

    A group in which the interpolation would give a negative number of persons is split evenly instead.
    """
    last = len(groups) - 1
    ages: list[Decimal] = []
    with localcontext() as context:
        context.prec = 60
        for number, total in enumerate(groups):
            if number < 2:
                near, panel = groups[:4], (FIRST, SECOND)[number]
            elif number > last - 2:
                near, panel = groups[: last - 4 : -1], tuple(reversed((FIRST, SECOND)[last - number]))
            else:
                near, panel = groups[number - 2 : number + 3], MIDDLE
            made = [sum((m * g for m, g in zip(row, near, strict=True)), Decimal()) / SCALE for row in panel]
            ages += made if min(made) >= 0 else [total / WIDTH] * WIDTH
    return ages


def split_uniform(groups: Sequence[Decimal]) -> list[Decimal]:
    """Single ages of five-year groups, a fifth of the group each."""
    return [total / WIDTH for total in groups for _ in range(WIDTH)]
