"""Finding duplicates in a batch: every pair that may be one person is written down for an officer to judge."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection

from ...access.models import User
from ...access.row_security import everywhere
from ...access.rules import require, scope
from ...audit.services import act, note
from ..importing.storing import rows_of
from ..models import Pair
from . import gathering, model

if TYPE_CHECKING:
    import duckdb

THRESHOLD = 0.8
"""Pairs less probable than that are not shown to anybody."""
MEMORY = "2GB"
PIECE = 5_000


@dataclass(frozen=True)
class Found:
    """persons compared; pairs above the threshold; of them new ones, and those judged before, which are not asked again."""

    persons: int
    pairs: int
    new: int
    judged: int


def find_duplicates(*, by: User | None, on: date, threshold: float = THRESHOLD) -> Found:
    """Compares all persons of the user's districts with each other and writes pairs down. Nobody is joined. Raises Refused."""
    districts = None
    if by is not None:
        require(by, "person.merge", on)
        where = scope(by, "person.merge", on)
        districts = None if where.everywhere else sorted(where.districts)
    with everywhere(), tempfile.TemporaryDirectory(prefix="socle-") as folder, _database(Path(folder)) as duck:
        persons = gathering.gather(duck, districts)
        if persons > 1:
            _predict(duck, persons, threshold)
        else:
            duck.execute("CREATE TABLE likely (one BIGINT, other BIGINT, probability DOUBLE)")
        with act("pair.find", by=by) as entry:
            new, judged = _keep(duck)
            pairs = int(duck.execute("SELECT count(*) FROM likely").fetchall()[0][0])
            note(entry, persons=persons, pairs=pairs, new=new, judged=judged)
    return Found(persons, pairs, new, judged)


def _database(folder: Path) -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(str(folder / "matching.duckdb"), config={"temp_directory": str(folder / "spill"), "memory_limit": MEMORY})


def _predict(duck: duckdb.DuckDBPyConnection, persons: int, threshold: float) -> None:
    """The table likely (one < other, probability)."""
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    model.prepare(duck)
    u = model.counted(duck, persons)
    linker = Linker(DuckDBAPI(connection=duck).register("people"), model.settings(persons, u), log_level=logging.ERROR, validate_settings=False)
    found = linker.inference.predict(threshold_match_probability=threshold, warning_mode="never")
    duck.execute(
        "CREATE TABLE likely AS SELECT least(unique_id_l, unique_id_r) AS one, greatest(unique_id_l, unique_id_r) AS other,"
        f" max(match_probability) AS probability FROM {found.physical_name} GROUP BY ALL ORDER BY one, other"
    )


def _keep(duck: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Writes new pairs, and the probability of open ones; returns how many are new, and how many were judged before."""
    known: dict[tuple[int, int], tuple[int, str, float]] = {}
    for piece in rows_of("SELECT id, left_id, right_id, verdict, probability FROM people_pair"):
        known |= {(left, right): (pk, verdict, probability) for pk, left, right, verdict, probability in piece}
    new = judged = 0
    for rows in _pieces(duck):
        fresh = [Pair(left_id=one, right_id=other, probability=p) for one, other, p in rows if (one, other) not in known]
        Pair.objects.bulk_create(fresh, batch_size=1_000, ignore_conflicts=True)
        new += len(fresh)
        changed = []
        for one, other, probability in rows:
            pk, verdict, before = known.get((one, other), (0, "", 0.0))
            judged += verdict in ("same", "different")
            if verdict == "open" and abs(before - probability) > 0.001:
                changed.append((probability, pk))
        if changed:
            with connection.cursor() as cursor:
                cursor.executemany("UPDATE people_pair SET probability = %s WHERE id = %s", changed)
    return new, judged


def _pieces(duck: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[Any, ...]]]:
    found = duck.cursor().execute("SELECT one, other, probability FROM likely")
    while rows := found.fetchmany(PIECE):
        yield rows
