"""Acts, the rows that each changed, and the chain of seals. Rows are added here, never changed: triggers of the database refuse it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """An act: who did what, when, about whom, from where. `details` never holds a name, a number of a document or a fact of a person."""

    class Origin(models.TextChoices):
        WEB = "web"
        API = "api"
        COMMAND = "command"

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.COMMAND)
    action = models.CharField(max_length=60)
    kind = models.CharField(max_length=30, blank=True)  # what it is about: person, household, claim…
    reference = models.CharField(max_length=40, blank=True)
    district = models.ForeignKey("places.Area", null=True, on_delete=models.PROTECT, related_name="+")
    details = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "reference", "at"], name="entry_about"),
            models.Index(fields=["by", "at"], name="entry_by"),
            models.Index(fields=["action", "at"], name="entry_action"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class RowChange(models.Model):
    """A row written by an act, or by nobody known (entry 0): written by triggers, whichever program wrote the row.

    What a row said can be taken out when the person's file is erased: `digest` stands for it then, in which a secret of its own (`salt`), gone
    with it, is mixed, so that nobody can guess the words from it. The seals hold the digest, so they stay as they were.
    """

    class Operation(models.TextChoices):
        INSERT = "I"
        UPDATE = "U"
        DELETE = "D"

    entry_number = models.BigIntegerField(default=0, db_index=True)  # no foreign key: a change past the program has no entry
    at = models.DateTimeField()
    table = models.CharField(max_length=60)
    row = models.BigIntegerField()
    operation = models.CharField(max_length=1, choices=Operation.choices)
    old = models.TextField(null=True)  # JSON of the row's columns
    new = models.TextField(null=True)
    salt = models.CharField(max_length=32, blank=True, default="")  # random signs of the trigger
    digest = models.CharField(max_length=64, blank=True, default="")  # only once old and new are taken out
    redacted_by = models.BigIntegerField(null=True)  # number of the act that took them out

    class Meta:
        indexes: ClassVar = [models.Index(fields=["table", "row"], name="row_change_row")]

    def __str__(self) -> str:
        return f"{self.operation} {self.table} {self.row}"


class Seal(models.Model):
    """The hash of an entry with all the rows that it changed, and of the seal before it: SHA-256, hexadecimal."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.hash


class Open(models.Model):
    """The act that is open in this database (SQLite writes one transaction at a time): one row, which triggers read. PostgreSQL uses a setting."""

    entry_number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.entry_number)
