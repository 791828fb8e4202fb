"""Persons who are in another household than before, or another relation to its head: all of a file together, since a head may change places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from ..models import Household, Membership

PIECE = 2_000


@dataclass(frozen=True)
class Move:
    """Where a person (primary key) lives from a day on. None: as before. careful: only if she is in no household yet."""

    person: int
    household: int | None
    relationship: str | None
    since: date
    careful: bool = False


def move_all(moves: Sequence[Move], notes: Counter[str]) -> int:
    """Ends the memberships that are left, then makes the new ones; returns how many persons moved.

    A membership that begins on or after the day is put right in its place; it was never lived.
    """
    ended: list[Membership] = []
    mended: list[Membership] = []
    made: list[Membership] = []
    for at in range(0, len(moves), PIECE):
        _sort(moves[at : at + PIECE], ended, mended, made, notes)
    for one in ended:
        one.save(update_fields=["until"])
    heads = [one for one in mended if one.relationship == "head"]
    for one in heads:  # nobody is head while heads change places
        one.relationship = ""
    for one in mended:
        one.save(update_fields=["household", "relationship"])
    taken = set(
        Membership.objects.filter(household__in={one.household_id for one in (*heads, *made)}, until__isnull=True, relationship="head").values_list(
            "household_id", flat=True
        )
    )
    for one in heads:
        one.relationship = _head(one, taken, notes)
        one.save(update_fields=["relationship"])
    for one in made:
        one.relationship = _head(one, taken, notes) if one.relationship == "head" else one.relationship
    Membership.objects.bulk_create(made, batch_size=PIECE)
    return len(mended) + len(made)


def _head(one: Membership, taken: set[int], notes: Counter[str]) -> str:
    """Head, where the household has none."""
    if one.household_id in taken:
        notes["the household has a head already: the relationship stays unknown"] += 1
        return ""
    taken.add(one.household_id)
    return "head"


def _sort(moves: Sequence[Move], ended: list[Membership], mended: list[Membership], made: list[Membership], notes: Counter[str]) -> None:
    current: dict[int, Membership] = {}
    rows = Membership.objects.select_for_update().filter(Q(until__isnull=True), person__in=[move.person for move in moves])
    for row in rows:
        current[row.person_id] = row
    wanted = {move.household for move in moves if move.household is not None}
    closed = set(Household.plain.filter(pk__in=wanted, until__isnull=False).values_list("pk", flat=True))
    for move in moves:
        now = current.get(move.person)
        if move.household in closed:
            notes["the household has ended in the registry: nobody was put into it"] += 1
            continue
        if now is None:
            if move.household is not None:
                made.append(Membership(person_id=move.person, household_id=move.household, relationship=move.relationship or "", since=move.since))
            continue
        home = move.household or now.household_id
        relationship = move.relationship if move.relationship is not None else now.relationship if home == now.household_id else ""
        if move.careful or (home, relationship) == (now.household_id, now.relationship):
            continue
        if now.since >= move.since:
            now.household_id, now.relationship = home, relationship
            mended.append(now)
            continue
        now.until = move.since
        ended.append(now)
        made.append(Membership(person_id=move.person, household_id=home, relationship=relationship, since=move.since))
