"""Persons, identifiers, households, dated facts, records, merges, drafts, imports; documents and consent are in `papers.py`.

Constraints are here, processes in `services`.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..access.managers import ScopedManager
from ..references import new_reference
from .papers import Consent, Document

__all__ = [
    "Account",
    "Consent",
    "Contact",
    "Document",
    "Draft",
    "Fact",
    "Household",
    "Identifier",
    "Import",
    "Membership",
    "Merge",
    "Pair",
    "Person",
    "Record",
    "SearchKey",
    "SourceKey",
    "Spelling",
]


class Person(models.Model):
    """A person, with or without a document; what the law asks beyond name, birth, sex and death is a dated `Fact`. merged_into: who stays."""

    KIND = "person"

    class Precision(models.TextChoices):
        DAY = "day"
        MONTH = "month"
        YEAR = "year"
        ESTIMATED = "estimated"

    class Sex(models.TextChoices):  # ISO 5218, in the vocabulary's words
        NOT_KNOWN = "not_known"
        MALE = "male"
        FEMALE = "female"
        NOT_APPLICABLE = "not_applicable"

    reference = models.CharField(max_length=14, unique=True, default=new_reference, editable=False)
    surname = models.CharField(max_length=120, blank=True)
    given_name = models.CharField(max_length=120)
    second_name = models.CharField(max_length=120, blank=True)
    maiden_name = models.CharField(max_length=120, blank=True)
    other_names = models.JSONField(default=list)  # the name in other scripts, nicknames
    sex = models.CharField(max_length=14, choices=Sex.choices, default=Sex.NOT_KNOWN)
    birth_date = models.DateField(null=True, blank=True)
    birth_precision = models.CharField(max_length=10, choices=Precision.choices, default=Precision.DAY)
    death_date = models.DateField(null=True, blank=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey("places.Area", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)  # person_by_name
    address = models.CharField(max_length=300, blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    restricted = models.DateField(null=True)  # since when the file may be read but not changed, because the person contests it or asked so
    erased = models.DateTimeField(null=True)  # when names, contacts and documents were deleted, at the end of the time for which they are kept
    created = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager()

    class Meta:
        base_manager_name = "plain"
        default_manager_name = "objects"
        indexes: ClassVar = [models.Index(fields=["district", "surname", "given_name"], name="person_by_name")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(birth_date__isnull=True) | Q(death_date__isnull=True) | Q(death_date__gte=F("birth_date")),
                name="person_dies_after_birth",
            ),
            models.CheckConstraint(condition=~Q(given_name="") | ~Q(surname="") | Q(erased__isnull=False), name="person_has_a_name"),
        ]

    plain = models.Manager()

    def __str__(self) -> str:
        return self.reference

    @property
    def name(self) -> str:
        """Given names and surname, as they are said."""
        return " ".join(part for part in (self.given_name, self.second_name, self.surname) if part)


class SearchKey(models.Model):
    """A way to find a person: a latinised word of a name, an identifier, a telephone (`naming.py`). Made from the file by `services.rebuild_keys`."""

    class Kind(models.TextChoices):
        WORD = "w"
        IDENTIFIER = "i"
        PHONE = "p"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="keys", db_index=False)
    district = models.ForeignKey("places.Area", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=1, choices=Kind.choices)
    key = models.CharField(max_length=80)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "key", "district", "person"], name="search_key"),
            models.Index(fields=["person", "kind", "key"], name="search_key_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class Spelling(models.Model):
    """A latinised word that names have, and how it sounds: to find the spellings of a name that somebody may have meant."""

    word = models.CharField(max_length=80, unique=True)
    sound = models.CharField(max_length=40)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sound", "word"], name="spelling_sound")]

    def __str__(self) -> str:
        return self.word


class Identifier(models.Model):
    """A number by which an authority knows a person. A person may have any number of them, or none."""

    class Type(models.TextChoices):
        NATIONAL_ID = "national_id"
        BIRTH_CERTIFICATE = "birth_certificate"
        PASSPORT = "passport"
        REFUGEE = "refugee"
        DISPLACED = "displaced_person"
        CONSULAR = "consular"
        SOCIAL_SECURITY = "social_security"
        TAX = "tax"
        PROVISIONAL = "provisional"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identifiers")
    type = models.CharField(max_length=20, choices=Type.choices)
    value = models.CharField(max_length=60)
    normal = models.CharField(max_length=60)  # capital letters and digits only
    country = models.CharField(max_length=2, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    verified = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["normal"], name="identifier_by_number")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["type", "country", "normal"], condition=Q(withdrawn=False), name="identifier_of_one_person")
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.person_id}"


class Contact(models.Model):
    """A telephone (E.164), or an e-mail address."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=10, choices=[("phone", "phone"), ("email", "email")])
    value = models.CharField(max_length=120)
    withdrawn = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class Account(models.Model):
    """Where a person is paid: a bank account or mobile money. `holder`: whose name it is in, where not the person's."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=10, choices=[("bank", "bank"), ("mobile", "mobile"), ("cash", "cash")])
    provider = models.CharField(max_length=80, blank=True)
    number = models.CharField(max_length=40, blank=True)
    holder = models.CharField(max_length=120, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class Household(models.Model):
    """People who live together, in one district."""

    KIND = "household"

    reference = models.CharField(max_length=14, unique=True, default=new_reference, editable=False)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey("places.Area", null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=300, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = ScopedManager()
    plain = models.Manager()

    class Meta:
        base_manager_name = "plain"
        default_manager_name = "objects"

    def __str__(self) -> str:
        return self.reference


class Membership(models.Model):
    """A person in a household from a day to before a day. Nobody is in two at a time: the database refuses it (see `exclusions.py`)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    relationship = models.CharField(max_length=20)  # relationship_to_head of the vocabulary
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="membership_ends_after_it_begins"),
            models.UniqueConstraint(fields=["person"], condition=Q(until__isnull=True), name="membership_one_household_now"),
            models.UniqueConstraint(fields=["household"], condition=Q(until__isnull=True, relationship="head"), name="membership_one_head_now"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.household_id}"


class Fact(models.Model):
    """What is true of a person or household on the days from `since` (null: always) to before `until`, as far as was known.

    value: canonical text of the vocabulary's type: ISO dates, decimal points, true/false, codes. A correction withdraws the row and adds one,
    so that what was known on a past day can be read as well. `given_by`: the document or claim that proves it, or the person's own word.
    """

    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="facts", db_index=False)
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="facts", db_index=False)
    name = models.CharField(max_length=60)
    value = models.CharField(max_length=200)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    proof = models.CharField(
        max_length=12, choices=[("declared", "declared"), ("document", "document"), ("register", "register")], default="declared"
    )
    document = models.ForeignKey("Document", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    recorded = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "name"], name="fact_of_person", condition=Q(person__isnull=False)),
            models.Index(fields=["household", "name"], name="fact_of_household", condition=Q(household__isnull=False)),
            models.Index(fields=["document"], name="fact_of_document", condition=Q(document__isnull=False)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(person__isnull=True) ^ Q(household__isnull=True), name="fact_of_one"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gt=F("since")), name="fact_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.person_id or self.household_id}"


class Record(models.Model):
    """A row of a person's history: table of the vocabulary (contributions, residence, employment, benefits_in_payment, events).

    start: the month, the first day, or the day of the event; values: the other columns, canonical text each.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="records", db_index=False)  # record_of_person
    table = models.CharField(max_length=24)
    start = models.DateField()
    end = models.DateField(null=True)
    values = models.JSONField(default=dict)
    recorded = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "table", "start"], name="record_of_person")]

    def __str__(self) -> str:
        return f"{self.table} {self.person_id}"


class Merge(models.Model):
    """A duplicate joined to the person that stays. `moved`: rows and columns as they were, so that it can be undone."""

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField()
    at = models.DateTimeField()
    undone = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kept_id} {self.gone_id}"


class Pair(models.Model):
    """Two persons who may be one: found while typing or in a batch, and what somebody said of it."""

    left = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    probability = models.FloatField()
    verdict = models.CharField(max_length=10, choices=[("open", "open"), ("same", "same"), ("different", "different")], default="open")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["left", "right"], name="pair_once"),
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} {self.right_id}"


class Draft(models.Model):
    """What a user has typed of a registration that is not finished. Only she sees it; it is deleted when it is used, discarded or too old."""

    reference = models.CharField(max_length=14, unique=True, default=new_reference, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    flow = models.CharField(max_length=20)  # which registration: a person, a newborn child, a displaced person
    answers = models.JSONField(default=dict)  # step -> what its form was sent
    changed = models.DateTimeField()
    expires = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "expires"], name="draft_of_user")]

    def __str__(self) -> str:
        return self.reference


class Import(models.Model):
    """A file that was read in: its digest and its mapping's, so that the same file twice changes nothing; `rows` and `refused` counted."""

    KIND = "import"

    reference = models.CharField(max_length=14, unique=True, default=new_reference, editable=False)
    district = models.ForeignKey("places.Area", null=True, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=60)  # the system that the file comes from; its keys are unique within it
    at = models.DateTimeField()
    rows = models.PositiveBigIntegerField(default=0)
    added = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    same = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.reference


class SourceKey(models.Model):
    """By which key another system knows a person or household, and what its row said when it was last read: reading it again changes nothing.

    digest: twelve signs for each column of the row (`importing.staging`), so that only what the source has changed since is changed here.
    """

    source = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=[("person", "person"), ("household", "household")])
    key = models.CharField(max_length=80)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="source_keys", db_index=False)
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="source_keys", db_index=False)
    digest = models.TextField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person"], name="source_key_of_person", condition=Q(person__isnull=False)),
            models.Index(fields=["household"], name="source_key_of_household", condition=Q(household__isnull=False)),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "kind", "key"], name="source_key_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.kind}"
