"""What the office has kept long enough: found, and erased with an act for each file. The months are in office.yaml (`retention`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ....periods import add_months
from ...audit.services import act
from ...cases.models import Claim, Entitlement
from ..models import Document, Draft, Membership, Person
from .erasing import erasable_from, erase_documents, erase_person

SIGN_INS = (AccessAttempt, AccessFailureLog, AccessLog)


@dataclass(frozen=True)
class Due:
    """What is due on a day. files and documents by the references of persons; the rest as numbers of rows."""

    files: tuple[str, ...]
    documents: dict[str, tuple[str, ...]]
    sign_ins: int
    sessions: int
    drafts: int

    def __bool__(self) -> bool:
        return bool(self.files or self.documents or self.sign_ins or self.sessions or self.drafts)


def due(on: date) -> Due:
    """What has been kept long enough on a day."""
    files = tuple(person.reference for person in _files(on))
    documents: dict[str, list[str]] = defaultdict(list)
    for owner, reference in _documents(on).exclude(person__reference__in=files).values_list("person__reference", "reference"):
        documents[owner].append(reference)
    now = _midnight(on)
    return Due(
        files=files,
        documents={owner: tuple(found) for owner, found in documents.items()},
        sign_ins=sum(rows.count() for rows in _sign_ins(on)),
        sessions=Session.objects.filter(expire_date__lt=now).count(),
        drafts=Draft.objects.filter(expires__lt=now).count(),
    )


def apply(found: Due, *, on: date) -> Due:
    """Erases what is due, each file in an act of its own. Gives what was erased: a file that has changed since it was found stays."""
    files = [one for one in found.files if _erased(one, on)]
    documents: dict[str, tuple[str, ...]] = {}
    for owner, references in found.documents.items():
        rows = list(_documents(on).filter(person__reference=owner, reference__in=references))
        if rows:
            erase_documents(by=None, on=on, person=Person.plain.get(reference=owner), documents=rows)
            documents[owner] = tuple(row.reference for row in rows)
    with act("retention.sweep", by=None, sign_ins=found.sign_ins, sessions=found.sessions, drafts=found.drafts):
        sign_ins = sum(rows.delete()[0] for rows in _sign_ins(on))
        sessions = Session.objects.filter(expire_date__lt=_midnight(on)).delete()[0]
        drafts = Draft.objects.filter(expires__lt=_midnight(on)).delete()[0]
    return Due(tuple(files), documents, sign_ins, sessions, drafts)


def _erased(reference: str, on: date) -> bool:
    person = Person.plain.get(reference=reference)
    free = erasable_from(person)
    if person.erased is not None or free is None or on < free:
        return False
    erase_person(by=None, on=on, person=person)
    return True


def _before(matter: str, on: date) -> date:
    return add_months(on, -settings.PLACE.retention[matter])


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))


def _going_on(person: str) -> tuple[Exists, Exists]:
    """A claim that is open, or a right that has not ended, of the person of a row."""
    claims = Claim.plain.filter(person=OuterRef(person)).exclude(state__in=("decided", "withdrawn"))
    return Exists(claims), Exists(Entitlement.plain.filter(person=OuterRef(person)).exclude(state="ended"))


def _files(on: date) -> Sequence[Person]:
    """Files that may be erased: chosen by the database, then each looked at."""
    cutoff = _before("files", on)
    open_claims, open_rights = _going_on("pk")
    at_home = Exists(Membership.objects.filter(person=OuterRef("pk"), until__isnull=True))
    rows = Person.plain.filter(erased__isnull=True, merged_into__isnull=True, created__lt=_midnight(cutoff) + timedelta(days=1))
    rows = rows.filter(~open_claims, ~open_rights).filter(Q(death_date__lte=cutoff) | (Q(death_date__isnull=True) & ~at_home))
    return [person for person in rows.order_by("pk").iterator(chunk_size=2_000) if (free := erasable_from(person)) is not None and free <= on]


def _documents(on: date) -> QuerySet[Document]:
    """Documents added long ago, of persons without an open claim or a right that has not ended long ago."""
    cutoff = _before("documents", on)
    open_claims, open_rights = _going_on("person")
    lately = Exists(Entitlement.plain.filter(person=OuterRef("person"), until__gt=cutoff))
    claimed = Exists(Claim.plain.filter(person=OuterRef("person"), claimed_on__gt=cutoff))
    rows = Document.plain.filter(erased__isnull=True, added__lt=_midnight(cutoff) + timedelta(days=1))
    return rows.filter(~open_claims, ~open_rights, ~lately, ~claimed).order_by("pk")


def _sign_ins(on: date) -> list[QuerySet[AccessAttempt] | QuerySet[AccessFailureLog] | QuerySet[AccessLog]]:
    """Who signed in or tried to, from where."""
    cutoff = _midnight(_before("sign_ins", on))
    return [model.objects.filter(attempt_time__lt=cutoff) for model in SIGN_INS]
