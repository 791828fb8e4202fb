"""What a step changed, kept so that it can be undone to the letter: columns as they were and as they became, rows added, rows taken out."""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Ledger:
    """Changes rows and writes down how they were. Inside an act."""

    def __init__(self) -> None:
        self.changed: list[dict[str, Any]] = []
        self.added: list[dict[str, Any]] = []
        self.removed: list[dict[str, Any]] = []

    def change(self, row: models.Model, **columns: Any) -> None:
        """Gives columns (by their name in the database) other values."""
        old = {name: getattr(row, name) for name in columns if getattr(row, name) != columns[name]}
        if not old:
            return
        new = {name: columns[name] for name in old}
        self.changed.append({"model": row._meta.label, "pk": row.pk, "old": old, "new": new})
        for name, value in new.items():
            setattr(row, name, value)
        _rows(row._meta.label, row.pk).update(**new)

    def add(self, row: models.Model) -> None:
        row.save(force_insert=True)
        self.added.append({"model": row._meta.label, "pk": row.pk, "row": _columns(row)})

    def remove(self, row: models.Model) -> None:
        self.removed.append({"model": row._meta.label, "pk": row.pk, "row": _columns(row)})
        row.delete()

    def as_json(self) -> dict[str, Any]:
        """Plain data, for the database."""
        said = {"changed": self.changed, "added": self.added, "removed": self.removed}
        plain: dict[str, Any] = json.loads(json.dumps(said, cls=DjangoJSONEncoder))
        return plain


def undo(kept: dict[str, Any]) -> None:
    """Puts everything back. A column that somebody has changed since stays as it is now; so does an added row."""
    for entry in kept["added"]:
        row = _rows(entry["model"], entry["pk"]).first()
        if row is not None and _plain(_columns(row)) == entry["row"]:
            row.delete()
    for entry in reversed(kept["changed"]):
        row = _rows(entry["model"], entry["pk"]).first()
        if row is None:
            continue
        now = _plain({name: getattr(row, name) for name in entry["new"]})
        back = {name: _read(row, name, value) for name, value in entry["old"].items() if now[name] == entry["new"][name]}
        if back:
            _rows(entry["model"], entry["pk"]).update(**back)
    for entry in kept["removed"]:
        model = apps.get_model(entry["model"])
        blank = model()
        row = model(**{name: _read(blank, name, value) for name, value in entry["row"].items()})
        row.save(force_insert=True)


def _rows(label: str, pk: int) -> models.QuerySet[models.Model]:
    return apps.get_model(label)._base_manager.select_for_update().filter(pk=pk)


def _columns(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _plain(columns: dict[str, Any]) -> Any:
    return json.loads(json.dumps(columns, cls=DjangoJSONEncoder))


def _read(row: models.Model, name: str, value: Any) -> Any:
    """A column's value from its plain form."""
    field = next(field for field in row._meta.concrete_fields if field.attname == name)
    if isinstance(field, models.JSONField):
        return value
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return target.to_python(value)
