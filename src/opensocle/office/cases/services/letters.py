"""The letter about a decision: the same bytes for ever, kept with their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from .... import __version__
from ....engine.explaining import Explanation, explain
from ....engine.reasons import FactUsed, Reason
from ....engine.rendering import as_views, first_failing
from ....engine.views import Viewer
from ....engine.wording import Words
from ....errors import InputError
from ....periods import Month
from ....publish.letters import Letter as Page
from ....publish.letters import Section, letter_pdf
from ...access.models import User
from ...access.rules import require
from ...audit.services import act
from ...design.wording import day, money
from ...laws.deciding import decide_facts, law_of, prepared
from ..models import Decision, Determination, Letter
from .appeals import last_day


def make_letter(*, by: User | None, on: date, decision: Decision, language: str) -> Letter:
    """Writes the letter about a decision in a language. Raises InputError O300 while it is only proposed."""
    if by is not None:
        require(by, "letter.make", on, decision)
    if decision.decided_on is None:
        raise InputError("O300", "the decision is only proposed", hint="a letter is written once it is taken")
    with act("letter.make", by=by, about=decision, language=language), translation.override(language):
        made = letter_pdf(page_of(decision, language))
        return Letter.objects.everyone().create(
            decision=decision,
            district_id=decision.district_id,
            language=language,
            digest=hashlib.sha256(made).hexdigest(),
            pdf=made,
            made=timezone.now(),
        )


def explain_kept(made: Determination, scheme: str) -> Explanation:
    """The reasons of a determination, from its own law and facts."""
    law, month = law_of(made.law_hash), Month.of(made.month)
    return explain(decide_facts(prepared(law, month, [scheme]), made.facts), scheme, made.subject)


def page_of(decision: Decision, language: str) -> Page:
    """What the letter says, in the language that is active."""
    if decision.decided_on is None:
        raise InputError("O300", "the decision is only proposed")
    explanation = explain_kept(decision.determination, decision.claim.scheme)
    scheme = explanation.law.schemes[decision.claim.scheme]
    title = scheme.title.get(language) or next(iter(scheme.title.values()), scheme.name)
    person = decision.claim.claimant or decision.claim.person
    area = decision.claim.person.area
    place = area.name(language)
    granted = decision.outcome == Decision.Outcome.GRANTED
    subject = _("Your claim for “%(scheme)s” is granted") if granted else _("Your claim for “%(scheme)s” is refused")
    acts = "; ".join(f"{article.act}, {article.articles}" if article.articles else article.act for article in scheme.legal)
    sections = (
        Section("", tuple(_opening(decision, granted))),
        *_why_not(explanation, language, granted),
        Section(_("The facts that we used"), (_("Tell us if one of them is wrong."),), tuple(_facts(explanation, language))),
        Section(_("How the law was applied"), (_("Legal basis: %(acts)s.") % {"acts": acts},), (), as_views(explanation, language)),
        Section(_("If you do not agree"), tuple(_contest(decision))),
    )
    foot = _("Decision %(decision)s, claim %(claim)s. Law %(law)s, program %(program)s.") % {
        "decision": decision.reference,
        "claim": decision.claim.reference,
        "law": decision.determination.law_hash[:16],
        "program": __version__,
    }
    lines = (place, day(decision.decided_on), _("Reference: %(reference)s") % {"reference": decision.reference})
    titles = settings.PLACE.title
    sender = titles.get(language) or next(iter(titles.values()), "")
    return Page(language, sender, lines, (person.name, person.address or place), subject % {"scheme": title}, sections, foot)


def _opening(decision: Decision, granted: bool) -> Iterator[str]:
    claim = decision.claim
    yield _("You made this claim on %(day)s.") % {"day": day(claim.claimed_on)}
    right = getattr(decision, "entitlement", None)
    if not granted or right is None:
        yield _("The law does not give this right on the facts that we have.") if not granted else _("The right is granted.")
        return
    amount = money(right.amount, right.currency)
    sentences = {
        "monthly": _("You receive %(amount)s a month from %(since)s."),
        "yearly": _("You receive %(amount)s a year from %(since)s."),
        "in_kind": _("You have the right to the service from %(since)s."),
    }
    yield sentences.get(right.paid, _("You receive %(amount)s for the event of %(since)s.")) % {"amount": amount, "since": day(right.since)}
    if right.last_day:
        yield _("The right ends on %(day)s.") % {"day": day(right.last_day)}
    if right.review_on:
        yield _("We look at it again in the month of %(day)s.") % {"day": day(right.review_on)}
    yield _("Tell us when your situation changes: the amount may become higher or lower.")


def _why_not(explanation: Explanation, language: str, granted: bool) -> Iterator[Section]:
    failing = first_failing(explanation, language)
    if failing and not granted:
        texts = (f"{text} ({source})" if source else text for text, source in failing)
        yield Section(_("Why"), tuple(texts))


def _facts(explanation: Explanation, language: str) -> Iterator[tuple[str, str]]:
    """Every fact that the decision rests on, once."""
    viewer = Viewer(Words(language, explanation.law.country.currency.digits), explanation.name, explanation.subject)
    seen: set[tuple[str, str]] = set()
    waiting: list[Reason] = list(explanation.steps)
    while waiting:
        reason = waiting.pop(0)
        waiting += reason.children
        if isinstance(reason, FactUsed):
            view = viewer.view(reason)
            pair = (view.label, view.value)
            if pair not in seen:
                seen.add(pair)
                yield pair


def _contest(decision: Decision) -> Iterator[str]:
    yield _("You may ask this office to look at the decision again until %(day)s. Another officer does it. It costs nothing.") % {
        "day": day(last_day(decision, "reconsideration"))
    }
    yield _("You may appeal until %(day)s. An officer who had no part in the decision hears the appeal.") % {"day": day(last_day(decision, "appeal"))}
    yield _("Come to any counter, or write to us with the reference above. Say why you do not agree, and bring what proves it.")
