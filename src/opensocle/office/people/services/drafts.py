"""What a user has typed of a registration that is not finished: kept for some days, for her only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from ....errors import InputError
from ...access.models import User
from ...access.rules import NotThere
from ...references import read_reference
from ..choices import FLOWS, INTERVIEW
from ..models import Draft

KEPT = timedelta(days=14)
MOST = 20
"""Drafts of one user."""


def start_draft(*, by: User, now: datetime, flow: str, answers: Mapping[str, Any] | None = None) -> Draft:
    """A new draft. Raises InputError O059 where the user has too many."""
    if flow not in (*FLOWS, INTERVIEW):
        raise InputError("O059", _("Choose one of the list."), at="flow")
    Draft.objects.filter(expires__lte=now).delete()
    if Draft.objects.filter(user=by).count() >= MOST:
        raise InputError("O059", _("You have too many registrations and interviews that are not finished: finish or discard one first."), at="flow")
    return Draft.objects.create(user=by, flow=flow, answers=dict(answers or {}), changed=now, expires=now + KEPT)


def own_draft(by: User, reference: str, now: datetime, flow: str = "") -> Draft:
    """A draft of the user's own: a registration, or of the named flow. Raises NotThere."""
    found = Draft.objects.filter(user=by, reference=read_reference(reference) or "", expires__gt=now)
    draft = (found.filter(flow=flow) if flow else found.exclude(flow=INTERVIEW)).first()
    if draft is None:
        raise NotThere("draft")
    return draft


def save_step(*, draft: Draft, now: datetime, step: str, answer: Mapping[str, Any]) -> Draft:
    """What was typed at a step; the draft is kept for some days more."""
    draft.answers = {**draft.answers, step: dict(answer)}
    draft.changed, draft.expires = now, now + KEPT
    draft.save(update_fields=["answers", "changed", "expires"])
    return draft


def save_answers(*, draft: Draft, now: datetime, answers: Mapping[str, Any]) -> Draft:
    """Everything anew; the draft is kept for some days more."""
    draft.answers, draft.changed, draft.expires = dict(answers), now, now + KEPT
    draft.save(update_fields=["answers", "changed", "expires"])
    return draft


def discard(draft: Draft) -> None:
    """Deletes a draft, used or not wanted."""
    draft.delete()
