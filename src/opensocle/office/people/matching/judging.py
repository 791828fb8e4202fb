"""What officers say of pairs: the same person or two; and the pairs that wait for them, as a user may see them."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ....errors import InputError
from ...access.models import User
from ...access.rules import NotThere, require, scope
from ...audit.services import act
from ..models import Pair, Person
from ..services import merge

ACTION = "person.merge"


def open_pairs(user: User, on: date) -> QuerySet[Pair]:
    """Pairs that nobody has judged, of persons who both are in the user's districts, the most probable first. Raises Refused."""
    require(user, ACTION, on)
    where = scope(user, ACTION, on)
    rows = Pair.objects.filter(where.q("left__district_id"), where.q("right__district_id"), verdict="open")
    rows = rows.filter(left__merged_into__isnull=True, right__merged_into__isnull=True)
    return rows.select_related("left__area", "right__area").order_by("-probability", "pk")


def compared(user: User, number: int, on: date) -> Pair:
    """One pair, both files read; the audit says so. Raises Refused, NotThere."""
    pair = open_pairs(user, on).filter(pk=number).first()
    if pair is None:
        raise NotThere(ACTION)
    for person in (pair.left, pair.right):
        with act("person.read", by=user, about=person, why="pair"):
            pass
    return pair


def judge_pair(*, by: User, on: date, pair: Pair, same: bool, keep: Person | None = None) -> None:
    """Writes down what an officer says; the same person: the file `keep` takes in the other one, by default the older one.

    Raises Refused, NotThere; InputError O112 where the pair was judged already, O058 where the files cannot be joined.
    """
    require(by, ACTION, on, pair.left)
    require(by, ACTION, on, pair.right)
    kept = keep or pair.left
    if kept.pk not in (pair.left_id, pair.right_id):
        raise NotThere(ACTION)
    with act("pair.judge", by=by, about=kept, same=same, pair=pair.pk):
        locked = Pair.objects.select_for_update().get(pk=pair.pk)
        if locked.verdict != "open":
            raise InputError("O112", _("Somebody has judged this pair already."))
        if same:
            merge(by=by, on=on, kept=kept, gone=pair.right if kept.pk == pair.left_id else pair.left)
        else:
            Pair.objects.filter(pk=pair.pk).update(verdict="different")
