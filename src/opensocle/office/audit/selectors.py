"""Reading the audit: whether the chain holds, and who saw or changed what."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from .models import Entry, RowChange, Seal
from .services import ERASURES, GENESIS, seal_of


@dataclass(frozen=True)
class Verdict:
    """What `verify` found. broken: numbers of entries whose seal does not fit; unsealed: entries without one; outside: rows changed by no act.

    redacted: rows whose words an erasure took out. broken has the erasures as well that did not say how many they took out.
    """

    entries: int
    broken: tuple[int, ...]
    unsealed: tuple[int, ...]
    outside: tuple[int, ...]
    end: str
    redacted: int = 0

    @property
    def sound(self) -> bool:
        return not (self.broken or self.unsealed or self.outside)


def verify() -> Verdict:
    """Computes the chain of seals again, from the first entry to the last."""
    previous, broken, count = GENESIS, [], 0
    for seal in Seal.objects.select_related("entry").order_by("pk").iterator(chunk_size=2_000):
        count += 1
        if seal_of(previous, seal.entry) != seal.hash:
            broken.append(seal.entry_id)
        previous = seal.hash
    taken = dict(RowChange.objects.exclude(digest="").values_list("redacted_by").annotate(Count("pk")))
    erasures = Entry.objects.filter(pk__in=taken, action__in=ERASURES)
    said = {entry.pk: entry.details.get("redacted") for entry in erasures}
    broken += sorted(number or 0 for number, rows in taken.items() if said.get(number) != rows)
    unsealed = Entry.objects.filter(~Exists(Seal.objects.filter(entry=OuterRef("pk")))).values_list("pk", flat=True)
    known = Entry.objects.filter(pk=OuterRef("entry_number"))
    outside = RowChange.objects.filter(~Exists(known)).values_list("pk", flat=True)
    return Verdict(count, tuple(broken), tuple(unsealed), tuple(outside), previous, sum(taken.values()))


def acts_about(reference: str) -> list[Entry]:
    """Every act about a person, household, claim or decision, the first one first."""
    return list(Entry.objects.filter(reference=reference).select_related("by", "district").order_by("pk"))
