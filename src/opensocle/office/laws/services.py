"""A law comes into the office: installed, tried on the registry, proposed from a month on, approved by a second person, or withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from ...engine.cases import Outcome, run_cases
from ...errors import InputError, LawError, Problems
from ...law.cases import read_cases
from ...law.law import Law, load
from ...law.loading import list_files
from ...law.nodes import Findings
from ...periods import Month
from ..access.rules import require
from ..audit.services import act, note
from .comparing import compare_laws
from .deciding import law_of
from .models import InForce, InstalledLaw
from .selectors import in_force_on

if TYPE_CHECKING:
    from ..access.models import User

NATIONAL = InstalledLaw()
"""What belongs to no district: only a posting in the whole country reaches it."""


def read_texts(source: Path | Mapping[str, str]) -> dict[str, str]:
    """The files of a law and its worked cases as text, by path. Raises Problems L001, L005."""
    if isinstance(source, Mapping):
        return dict(source)
    found = Findings()
    files = list_files(source, found)
    if found.problems:
        raise Problems(found.problems)
    texts: dict[str, str] = {}
    for name in files.names:
        try:
            texts[name] = (source / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError) as error:
            found.problems.append(LawError("L001", "the file cannot be read as UTF-8", at=name, hint=str(error)))
    if found.problems:
        raise Problems(found.problems)
    return texts


def check_law(texts: Mapping[str, str]) -> tuple[Law, list[Outcome]]:
    """A law whose files are sound and whose worked cases all come out right. Raises Problems with every one that is not, file and line."""
    law = load(texts)
    if law.country.code != settings.PLACE.country:
        raise InputError("O044", f"this is the law of {law.country.code}, the office is in {settings.PLACE.country}", at="country.yaml")
    cases, wrong = read_cases(texts)
    if wrong:
        raise Problems(wrong)
    outcomes = run_cases(law, cases)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if failed:
        raise Problems([_failure(outcome) for outcome in failed])
    return law, outcomes


def _failure(outcome: Outcome) -> LawError:
    case = outcome.case
    if outcome.error is not None:
        return LawError("O045", f"the case {case.name!r} cannot be computed: {outcome.error.what}", at=str(case.place), hint=outcome.error.hint)
    first = outcome.differences[0]
    what = f"the case {case.name!r} fails: {first.variable} of {first.subject} is {first.found}, expected {first.expected}"
    return LawError("O045", what, at=first.at, hint="correct the law or the case; a law is installed when all its cases pass")


def install_law(source: Path | Mapping[str, str], *, by: User | None, on: date, title: str = "") -> InstalledLaw:
    """Keeps a law, by its hash; the same law again is the one that is there. by None: the command line. Raises Problems, Refused, InputError O044."""
    if by is not None:
        require(by, "law.install", on, NATIONAL)
    texts = read_texts(source)
    law, outcomes = check_law(texts)
    there = InstalledLaw.objects.filter(hash=law.hash).first()
    if there is not None:
        return there
    titles = law.country.title
    with act("law.install", by=by, law=law.hash[:12], cases=len(outcomes)):
        return InstalledLaw.objects.create(
            hash=law.hash,
            title=(title or titles.get("en") or next(iter(titles.values()), law.country.code))[:120],
            files=texts,
            installed=timezone.now(),
            installed_by=by,
            cases_passed=len(outcomes),
        )


def compare_with_current(law: InstalledLaw, month: Month, *, by: User | None, on: date) -> InstalledLaw:
    """Runs a law and the one in force in the month on the whole registry, and keeps who gains and loses, and the cost, with the law."""
    if by is not None:
        require(by, "law.install", on, NATIONAL)
    current = in_force_on(month.first_day)
    before = law_of(current.law.hash) if current and current.law.hash != law.hash else None
    if current and before is None:
        raise InputError("O046", f"this law is itself the one in force in {month}", hint="compare in a month before it")
    found = compare_laws(before, law_of(law.hash), month)
    with act("law.compare", by=by, about=law, month=str(month)):
        kept = InstalledLaw.objects.select_for_update().get(pk=law.pk)
        kept.comparison = found
        kept.save(update_fields=["comparison"])
    return kept


def propose(law: InstalledLaw, since: Month, *, by: User | None, on: date) -> InForce:
    """Asks for a law to be applied from a month on. Raises InputError O047 where it stands there already."""
    if by is not None:
        require(by, "law.install", on, NATIONAL)
    with act("law.propose", by=by, about=law, since=str(since)):
        rows = InForce.objects.select_for_update().filter(since=since.first_day, withdrawn__isnull=True)
        if rows.filter(law=law).exists():
            raise InputError("O047", f"this law is proposed or approved from {since} already")
        return InForce.objects.create(law=law, since=since.first_day, proposed_by=by)


def approve(entry: InForce, *, by: User, on: date) -> InForce:
    """Approves a proposal of somebody else; the law is then applied to the months from `since` on.

    Raises InputError O048 (one's own proposal), O049 (never tried on the registry, where another law is in force), O047 (no open
    proposal, or another law is approved for the same month).
    """
    require(by, "law.approve", on, NATIONAL)
    with act("law.approve", by=by, about=entry.law) as audited:
        kept = InForce.objects.select_for_update().select_related("law").get(pk=entry.pk)
        if kept.approved or kept.withdrawn:
            raise InputError("O047", "this proposal is not open any more")
        if kept.proposed_by_id == by.pk:
            raise InputError("O048", "who proposed a law cannot approve it", hint="let another person approve it")
        if InForce.objects.filter(since=kept.since, approved__isnull=False, withdrawn__isnull=True).exists():
            raise InputError("O047", f"another law is approved from {kept.since} on", hint="withdraw it first")
        if not kept.law.comparison and in_force_on(kept.since) is not None:
            raise InputError("O049", "this law was never tried on the registry", hint="compare it with the law in force first")
        kept.approved_by, kept.approved = by, timezone.now()
        kept.save(update_fields=["approved_by", "approved"])
        note(audited, since=str(kept.since))
    return kept


def withdraw(entry: InForce, *, by: User, on: date) -> InForce:
    """Takes a proposal back, or an approval before its month has begun. Raises InputError O046 for a law that is applied already."""
    approved = InForce.objects.filter(pk=entry.pk, approved__isnull=False).exists()
    require(by, "law.approve" if approved else "law.install", on, NATIONAL)
    with act("law.withdraw", by=by, about=entry.law, since=str(entry.since)):
        kept = InForce.objects.select_for_update().get(pk=entry.pk)
        if kept.withdrawn:
            raise InputError("O047", "this proposal is not open any more")
        if kept.approved and kept.since <= on:
            raise InputError("O046", f"the law is applied since {kept.since}", hint="propose another law from a later month on")
        kept.withdrawn = timezone.now()
        kept.save(update_fields=["withdrawn"])
    return kept
