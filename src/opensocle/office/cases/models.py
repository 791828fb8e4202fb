"""Claims and what follows from them: evidence, determinations, decisions, entitlements, letters, appeals; and grievances of any kind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ..access.managers import ScopedManager
from ..references import new_reference

USER = settings.AUTH_USER_MODEL


class Claim(models.Model):
    """A person asks for a benefit of a scheme, for herself or her household (`household` where the scheme's right belongs to it)."""

    KIND = "claim"

    class State(models.TextChoices):
        OPEN = "open"  # facts or evidence are missing
        READY = "ready"  # determined, a decision is to be proposed
        PROPOSED = "proposed"  # a second officer has to approve
        DECIDED = "decided"
        WITHDRAWN = "withdrawn"

    reference = models.CharField(max_length=14, unique=True, default=new_reference, editable=False)
    scheme = models.CharField(max_length=60)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="claims")
    household = models.ForeignKey("people.Household", null=True, on_delete=models.PROTECT, related_name="claims")
    claimant = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")  # who asks, where not the person
    district = models.ForeignKey("places.Area", null=True, on_delete=models.PROTECT, related_name="+")
    claimed_on = models.DateField()
    month = models.DateField()  # first month asked for
    event = models.JSONField(default=dict)  # the event's own facts (event_date, certified_days…), canonical text
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    assigned_to = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    opened = models.DateTimeField()

    objects = ScopedManager()
    plain = models.Manager()

    class Meta:
        base_manager_name = "plain"
        default_manager_name = "objects"
        indexes: ClassVar = [models.Index(fields=["district", "state", "opened"], name="claim_worklist")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "scheme", "month"], condition=~Q(state="withdrawn"), name="claim_once")]

    def __str__(self) -> str:
        return self.reference


class Evidence(models.Model):
    """A document that proves something for a claim."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="evidence")
    document = models.ForeignKey("people.Document", on_delete=models.PROTECT, related_name="+")
    proves = models.CharField(max_length=60)  # name of a fact

    def __str__(self) -> str:
        return f"{self.claim_id} {self.proves}"


class Determination(models.Model):
    """What the law says of a claim on the facts as they stood: everything needed to compute it again."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="determinations")
    law_hash = models.CharField(max_length=64)
    program = models.CharField(max_length=20)
    month = models.DateField()
    facts = models.JSONField()  # the household as given to the engine, canonical
    facts_hash = models.CharField(max_length=64)
    subject = models.CharField(max_length=60)
    outcome = models.CharField(max_length=14, choices=[(o, o) for o in ("entitled", "not_entitled", "undecided")])
    results = models.JSONField()  # variable -> canonical text
    trace = models.JSONField()  # the explanation as data
    missing = models.JSONField(default=list)
    made = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.claim_id} {self.outcome}"


class Decision(models.Model):
    """What the office decides on a determination: proposed by one officer, approved by another where the scheme asks for two, or automatic."""

    KIND = "decision"

    class Outcome(models.TextChoices):
        GRANTED = "granted"
        REFUSED = "refused"

    reference = models.CharField(max_length=14, unique=True, default=new_reference, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="decisions")
    district = models.ForeignKey("places.Area", null=True, on_delete=models.PROTECT, related_name="+")
    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    two_officers = models.BooleanField()
    proposed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")  # null: automatic
    proposed = models.DateTimeField()
    approved_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    reason = models.TextField(blank=True)  # why an officer decided otherwise on appeal

    objects = ScopedManager()
    plain = models.Manager()

    class Meta:
        base_manager_name = "plain"
        default_manager_name = "objects"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")), name="decision_by_two_people"),
            models.CheckConstraint(
                condition=Q(two_officers=False) | Q(decided_on__isnull=True) | Q(approved_by__isnull=False), name="decision_waits_for_the_second"
            ),
            models.UniqueConstraint(fields=["claim"], condition=Q(decided_on__isnull=True), name="decision_one_proposal"),
        ]

    def __str__(self) -> str:
        return self.reference


class SentBack(models.Model):
    """A proposal that the second officer did not approve: what was proposed, and what the first officer has to look at."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="sent_back")
    outcome = models.CharField(max_length=10, choices=Decision.Outcome.choices)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.claim_id} {self.on}"


class Entitlement(models.Model):
    """A right in force: an amount for each month (or once) from `since` to before `until`. Amounts in the currency's smallest unit."""

    KIND = "entitlement"

    class State(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"
        ENDED = "ended"

    reference = models.CharField(max_length=14, unique=True, default=new_reference, editable=False)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="entitlement")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="entitlements")
    household = models.ForeignKey("people.Household", null=True, on_delete=models.PROTECT, related_name="entitlements")
    district = models.ForeignKey("places.Area", null=True, on_delete=models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=60)
    paid = models.CharField(max_length=10)  # monthly, yearly, once, per_claim, in_kind
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    since = models.DateField()
    until = models.DateField(null=True)
    review_on = models.DateField(null=True)
    looked = models.DateTimeField(default=timezone.now, db_index=True)  # when the law was last run on it
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    why = models.CharField(max_length=200, blank=True)

    objects = ScopedManager()
    plain = models.Manager()

    class Meta:
        base_manager_name = "plain"
        default_manager_name = "objects"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="entitlement_is_not_negative"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="entitlement_ends_after_it_begins"),
        ]

    @property
    def last_day(self) -> date | None:
        """The last day of the right, which people are told; None where the law names none."""
        return self.until - timedelta(days=1) if self.until else None

    def __str__(self) -> str:
        return self.reference


class Difference(models.Model):
    """What a revision found for a past month: due less paid or promised; above zero arrears, below zero an overpayment. Smallest unit."""

    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="differences")
    month = models.DateField()
    before = models.BigIntegerField()
    after = models.BigIntegerField()
    cause = models.CharField(max_length=10, choices=[("facts", "facts"), ("law", "law"), ("appeal", "appeal")])
    found = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.entitlement_id} {self.month}"


class Letter(models.Model):
    """A letter about a decision, as it was made: the same bytes for ever. `digest`: SHA-256 of the PDF."""

    KIND = "letter"

    reference = models.CharField(max_length=14, unique=True, default=new_reference, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="letters")
    district = models.ForeignKey("places.Area", null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=5)
    digest = models.CharField(max_length=64)
    pdf = models.BinaryField()
    made = models.DateTimeField()

    objects = ScopedManager()
    plain = models.Manager()

    class Meta:
        base_manager_name = "plain"
        default_manager_name = "objects"

    def __str__(self) -> str:
        return self.reference


class Appeal(models.Model):
    """A person contests a decision; an officer who had no part in it looks at it anew, within a time limit."""

    KIND = "appeal"

    class Outcome(models.TextChoices):
        UPHELD = "upheld"  # the decision stands
        CHANGED = "changed"  # a new decision replaces it
        SENT_BACK = "sent_back"  # facts have to be looked at again
        INADMISSIBLE = "inadmissible"
        WITHDRAWN = "withdrawn"

    reference = models.CharField(max_length=14, unique=True, default=new_reference, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="appeals")
    district = models.ForeignKey("places.Area", null=True, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=16, choices=[("reconsideration", "reconsideration"), ("appeal", "appeal")])
    grounds = models.TextField()
    received = models.DateField()
    due = models.DateField()
    heard_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True)
    reasons = models.TextField(blank=True)
    decided_on = models.DateField(null=True)

    objects = ScopedManager()
    plain = models.Manager()

    class Meta:
        base_manager_name = "plain"
        default_manager_name = "objects"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome="") | Q(decided_on__isnull=False), name="appeal_outcome_has_a_day"),
            models.UniqueConstraint(fields=["decision", "level"], condition=Q(decided_on__isnull=True), name="appeal_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return self.reference


class Grievance(models.Model):
    """Any other complaint: delay, conduct, corruption, payment, data… May be anonymous."""

    KIND = "grievance"

    reference = models.CharField(max_length=14, unique=True, default=new_reference, editable=False)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="grievances")
    district = models.ForeignKey("places.Area", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=[(k, k) for k in ("delay", "conduct", "corruption", "payment", "data", "exclusion", "other")])
    text = models.TextField()
    received = models.DateField()
    due = models.DateField()
    against = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True)

    objects = ScopedManager()
    plain = models.Manager()

    class Meta:
        base_manager_name = "plain"
        default_manager_name = "objects"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("against")), name="grievance_answered_by_another")
        ]

    def __str__(self) -> str:
        return self.reference
