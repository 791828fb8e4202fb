"""The dwelling, goods and means of the households: the facts of a proxy means test."""

from __future__ import annotations

import numpy as np

from .block import Block, cents, millionths, optional
from .columns import TENURE
from .draws import Numbers
from .persons import DISPLACED, REFUGEE

GOODS = {  # name: (chance at average means in a village, added by town, by each standard deviation of means)
    "has_radio": (0.5, 0.05, 0.1),
    "has_television": (0.22, 0.35, 0.2),
    "has_refrigerator": (0.07, 0.25, 0.17),
    "has_telephone": (0.8, 0.12, 0.09),
    "has_computer": (0.02, 0.1, 0.08),
    "has_bicycle": (0.3, -0.12, 0.04),
    "has_motorcycle": (0.15, 0.02, 0.08),
    "has_car": (0.02, 0.05, 0.055),
}


def furnish(block: Block) -> None:
    """Dwelling, services and goods: each follows the household's means and place, with some luck."""
    homes, draws, count = block.homes, block.draws, block.homes_count
    town = homes["urban"] == 0
    earned = block.per_home(np.where(block.dead, 0, block.facts["earned"]) + block.facts["pension_income"]) / 100
    means = block.wealth * 0.75 + 0.45 * (np.log(earned / block.members.sizes + 15) - 4.2)
    shelter = np.isin(homes["place_type"], (3, 4))

    def ladder(*steps: float, town_bonus: float = 0.7) -> Numbers:
        score = means + town_bonus * town + 0.7 * draws.normal(count)
        return np.searchsorted(np.asarray(steps, dtype=np.float32), score, side="right").astype(np.int8)

    dwelling = np.where(town, draws.pick((0.55, 0.25, 0.2), count), np.where(means < -0.5, draws.pick((0.45, 0.05, 0.1, 0.4), count), 0))
    homes |= {
        "dwelling": np.where(shelter | (homes["place_type"] == 5), 4, dwelling).astype(np.int8),
        "roof": ladder(-0.7, -0.4, 1.3, 1.8),
        "walls": ladder(-1.0, -0.7, 0.35, 1.2),
        "floor_material": ladder(-0.1, 0.0, 1.7),
        "water": ladder(-1.6, -0.8, -0.2, 1.3),
        "toilet": ladder(-1.5, -0.3, 0.3, 1.5),
        "electricity": ladder(-0.1, town_bonus=1.4) > 0,
        "cooking_fuel": ladder(-1.8, 0.3, 1.2, 1.35, 2.4, town_bonus=1.0),
    }
    for name, (base, bonus, slope) in GOODS.items():
        homes[name] = draws.chance(base + bonus * town + slope * means, count)
    _own(block, means, town, earned)


def _own(block: Block, means: Numbers, town: Numbers, earned: Numbers) -> None:
    """Remittances, consumption, assets, hunger, and what programmes have paid already."""
    homes, draws, count = block.homes, block.draws, block.homes_count
    _land(block, means, town)
    sizes = block.members.sizes
    abroad = block.per_home(block.facts["migrant_abroad"].astype(np.int32)) > 0
    sent = draws.chance(np.where(abroad, 0.75, 0.07), count)
    remittances = np.where(sent, cents(np.exp(4.2 + 0.7 * draws.normal(count)), 500), 0)
    other = np.where(draws.chance(np.where(earned < 30, 0.7, 0.1), count), cents(np.exp(3.5 + 0.8 * draws.normal(count)), 100), 0)
    income = earned + (remittances + other) / 100
    consumption = (income + 26 * sizes) ** 0.86 * np.exp(0.35 + 0.16 * block.wealth + 0.22 * draws.normal(count))
    hungry = draws.chance(np.clip(0.24 - 0.15 * means, 0.01, 0.85), count)
    visited = (means < -0.3) & draws.chance(0.45, count)
    mutual = block.per_home(block.facts["member_of_mutual"].astype(np.int32)) > 0
    cared = cents(np.exp(2.6 + 0.8 * draws.normal(count)), 100)
    passed = (block.date.timetuple().tm_yday - 1) / 365  # share of the year that has passed on the date
    poor_village = ~town & (means < -0.4)
    homes |= {
        "health_centre_distance": millionths(np.exp(np.where(town, 0.3, 1.7) + 0.7 * draws.normal(count)), 0.1),
        "other_income": other,
        "remittances_received": remittances,
        "consumption": cents(consumption, 100),
        "assets": cents(np.exp(5.9 + 0.9 * means + 0.6 * draws.normal(count)), 10_000),
        "food_insecure": hungry,
        "certified_on": optional(visited, block.today - draws.between(20, 900, count)),
        "care_paid_in_year": np.where(draws.chance(0.2 * passed, count), cared, 0),
        "mutual_paid_in_year": np.where(mutual & draws.chance(0.4 * passed, count), cared, 0),
        "days_worked_in_year": np.where(poor_village & draws.chance(0.2, count), draws.between(0, 60, count) * passed, 0).astype(np.int32),
    }


def _land(block: Block, means: Numbers, town: Numbers) -> None:
    """Tenure, rent, rooms, land and livestock."""
    homes, draws, count = block.homes, block.draws, block.homes_count
    moved = np.isin(homes["origin"], (REFUGEE, DISPLACED))
    tenure = np.where(town, draws.pick((0.52, 0.36, 0.09, 0.03), count), draws.pick((0.86, 0.05, 0.08, 0.01), count))
    tenure = np.where(moved, draws.pick((0.05, 0.4, 0.3, 0.25), count), tenure).astype(np.int8)
    rented = tenure == TENURE.at("tenant")[0]
    rooms = np.clip(np.rint(1.2 + 0.35 * block.members.sizes + 0.5 * means + 0.7 * draws.normal(count)), 1, 14).astype(np.int32)
    land = ~town & ~moved & draws.chance(0.72, count)
    area = np.exp(8.6 + 0.9 * draws.normal(count))
    homes |= {
        "tenure": tenure,
        "rooms": rooms,
        "has_land": land,
        "rent": np.where(rented, cents(np.exp(3.3 + 0.45 * town + 0.3 * means + 0.3 * draws.normal(count)), 500), 0),
        "floor_area": millionths(rooms * (9 + 6 * draws.uniform(count)), 0.5),
        "land_area": np.where(land, millionths(area, 100), 0),
        "livestock": np.where(land & draws.chance(0.6, count), draws.between(1, 12, count), 0),
    }
