"""All tables of one block of households."""

from __future__ import annotations

from datetime import date as Date

from .block import Block, day
from .columns import HOUSEHOLDS, PERSONS
from .contributions import career, contribute
from .draws import Draws, Numbers
from .events import happen
from .histories import employ, pay, reside
from .homes import furnish
from .persons import bury, health, identify, place_homes, relate, school
from .shape import Shape, flatten
from .work import depend, earn, insure, retire, work

Made = dict[str, dict[str, Numbers]]

STEPS = (place_homes, bury, identify, relate, school, health, work, earn, insure, retire, depend, career, furnish)
"""In order: each may use what the earlier ones have made."""


def make_block(draws: Draws, shape: Shape, first_person: int, first_household: int, settings: tuple[Date, int, float]) -> Made:
    """The rows of every table for these households; settings are the date, the months of contributions and the share of unknowns."""
    date, months, unknowns = settings
    block = Block(draws, flatten(shape, day(date)), date, months, unknowns, first_person, first_household)
    for step in STEPS:
        step(block)
    return {
        "persons": {name: block.facts[name] for name in PERSONS},
        "households": {name: block.homes[name] for name in HOUSEHOLDS},
        "residence": reside(block),
        "employment": employ(block),
        "benefits_in_payment": pay(block),
        "events": happen(block),
        "contributions": contribute(block),
    }
