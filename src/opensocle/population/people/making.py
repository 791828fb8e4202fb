"""The people of Exemplia: a whole registry from a seed, block by block, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date as Date
from pathlib import Path

import numpy as np

from ...errors import InputError, Problems, SocleError
from ..tables import new_folder
from ..writing import describe
from .blocks import Made, make_block
from .columns import LAYOUTS
from .draws import Draws
from .shape import Shape, compose
from .storing import Store

BLOCK = 8_192
"""Households of a block. A block depends on the seed and its number only, never on how many people are made."""

SMALLEST, LARGEST = 1, 100_000_000


def make_people(
    folder: str | Path,
    persons: int = 20_000,
    seed: int = 1,
    date: Date = Date(2026, 1, 1),
    months: int = 60,
    contributions: bool = True,
    progress: Callable[[int, int], None] | None = None,
    *,
    unknowns: float = 0.01,
) -> Path:
    """Writes a registry of exactly `persons` rows of persons, as they are on `date`, and gives its folder.

    months: months of contributions before the date, 0 to 600; contributions=False leaves the table empty. unknowns: share of working people
    whose earnings are unknown; half that share of all persons, 3 % at most, has no birth date; 0 makes every fact known. progress: called
    with the persons done and the persons wanted. The same arguments give the same data; a smaller population of the same seed is the
    beginning of a larger one, but for its last block. The folder appears when all of it is written; it must be new or empty.
    Raises Problems (P040 to P043) and DataError D018. Method: docs/methods/people.md.
    """
    _check(persons, seed, months, unknowns)
    settings = (date, months if contributions else 0, unknowns)
    with new_folder(Path(folder)) as made:
        stores = {name: Store(made / f"{name}.parquet", layout) for name, layout in LAYOUTS.items()}
        try:
            _fill(stores, persons, seed, settings, progress)
        finally:
            for store in stores.values():
                store.close()
        heading = {"kind": "registry", "date": date, "currency": "XMU", "digits": 2}
        describe(made, heading, {name: store.described() for name, store in stores.items()})
    return Path(folder)


def _check(persons: int, seed: int, months: int, unknowns: float) -> None:
    problems: list[SocleError] = []
    if not SMALLEST <= persons <= LARGEST:
        problems.append(InputError("P040", f"persons is {persons}", hint=f"write a number from {SMALLEST:,} to {LARGEST:,}"))
    if seed < 0:
        problems.append(InputError("P041", f"seed is {seed}", hint="write 0 or a positive whole number"))
    if not 0 <= months <= 600:
        problems.append(InputError("P042", f"months is {months}", hint="write a number from 0 to 600"))
    if not 0 <= unknowns <= 1:
        problems.append(InputError("P043", f"unknowns is {unknowns}", hint="write 1 % as 0.01"))
    if problems:
        raise Problems(problems)


def _fill(
    stores: Mapping[str, Store], persons: int, seed: int, settings: tuple[Date, int, float], progress: Callable[[int, int], None] | None
) -> None:
    """Makes blocks until there are enough persons. One block is written while the next is made, so two at most are in memory."""
    done = households = number = 0
    with ThreadPoolExecutor(max_workers=1) as writer:
        writing: Future[None] | None = None
        while done < persons:
            draws = Draws(seed, number)
            shape = _fitting(compose(draws, BLOCK), persons - done)
            made = make_block(draws, shape, done + 1, households + 1, settings)
            if writing:
                writing.result()
            writing = writer.submit(_write, stores, made)
            done += len(made["persons"]["person_id"])
            households += len(shape.kind)
            number += 1
            if progress:
                progress(done, persons)
        if writing:
            writing.result()


def _write(stores: Mapping[str, Store], made: Made) -> None:
    for name, rows in made.items():
        stores[name].add(rows)


def _fitting(shape: Shape, room: int) -> Shape:
    """The households that fit in the room: the first ones, then any later one that is small enough for what is left."""
    sizes = shape.sizes
    total = np.cumsum(sizes)
    if total[-1] <= room:
        return shape
    fits = total <= room
    left = room - int(sizes[fits].sum())
    for household in np.flatnonzero(~fits):
        if left == 0:
            break
        if sizes[household] <= left:
            fits[household] = True
            left -= int(sizes[household])
    return shape.kept(np.flatnonzero(fits))
