"""Loading the tree of areas, as `reading` gives it. Loading it again changes only what is different."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ...errors import InputError
from ..audit.services import act, note
from .models import Area

if TYPE_CHECKING:
    from ..access.models import User


def load_areas(rows: Iterable[Mapping[str, str]], *, by: User | None) -> tuple[int, int]:
    """Adds and renames areas; returns how many of each. An area never moves to another parent: people's districts hang on it (O011)."""
    added = changed = 0
    with act("place.load", by=by) as entry:
        known = {area.code: area for area in Area.objects.all()}
        for row in rows:
            parent = known.get(row["parent"])
            area = known.get(row["code"])
            if area is None:
                known[row["code"]] = _add(row, parent)
                added += 1
            elif area.parent_id != (parent.pk if parent else None) or area.kind != row["kind"]:
                raise InputError("O011", f"{area.code} has another parent or kind than before", hint="give the new area a code of its own")
            elif (area.name_en, area.name_fr) != (row["name_en"], row["name_fr"]):
                area.name_en, area.name_fr = row["name_en"], row["name_fr"]
                area.save(update_fields=["name_en", "name_fr"])
                changed += 1
        note(entry, added=added, changed=changed)
    return added, changed


def _add(row: Mapping[str, str], parent: Area | None) -> Area:
    path = f"{parent.path if parent else '/'}{row['code']}/"
    area = Area(code=row["code"], name_en=row["name_en"], name_fr=row["name_fr"], kind=row["kind"], parent=parent, path=path)
    area.district = parent.district if parent else None
    area.save()
    if area.kind == Area.Kind.DISTRICT:
        area.district = area
        area.save(update_fields=["district"])
    return area
