"""What a person hands in and agrees to: documents and consent. Imported by `models.py`, which everybody else imports from."""

from __future__ import annotations

from django.db import models

from ..access.managers import ScopedManager
from ..references import new_reference


class Document(models.Model):
    """A file about a person, checked before it is kept. `digest`: SHA-256 of its bytes; the file's name in the store is the reference."""

    KIND = "document"

    reference = models.CharField(max_length=14, unique=True, default=new_reference, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="documents")
    district = models.ForeignKey("places.Area", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)  # birth_certificate, medical_certificate, payslip, proof_of_address, refugee_card, other…
    title = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    added = models.DateTimeField()
    erased = models.DateTimeField(null=True)

    objects = ScopedManager()
    plain = models.Manager()

    class Meta:
        base_manager_name = "plain"
        default_manager_name = "objects"

    def __str__(self) -> str:
        return self.reference


class Consent(models.Model):
    """What a person agreed to, for which purpose, until when; or withdrew."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=40)
    given = models.DateField()
    until = models.DateField(null=True)
    withdrawn = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.person_id}"
