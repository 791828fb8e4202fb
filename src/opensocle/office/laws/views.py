"""Pages: what somebody is entitled to, why, and the question for a missing fact."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ...errors import InputError, Problems
from ...periods import Month
from ..access.models import User
from ..access.rules import NotThere, require, scope
from ..people.models import Household, Person
from . import presenting, questions
from .checking import check_rights, explain_right, find_subject, member_names
from .deciding import Rights
from .recording import may_record, record_answer

SKIPPED = "not_known"
"""Where the session keeps what somebody does not know, by person or household."""


def asked_month(request: HttpRequest) -> Month:
    """The month of the page's address, by default the current one."""
    text = request.POST.get("month") or request.GET.get("month") or ""
    try:
        return Month.parse(text) if text else Month.of(timezone.localdate())
    except InputError as error:
        raise NotThere(text) from error


def signed_in(request: HttpRequest) -> User:
    """The user of a page that asks for one."""
    if not isinstance(request.user, User):
        raise NotThere
    return request.user


def address(kind: str, name: str, reference: str, month: Month, **more: str) -> str:
    """The address of a page about a person or household in a month."""
    return f"{reverse(f'laws:{kind}_{name}', args=[reference])}?{urlencode({'month': str(month), **more})}"


@login_required
@require_GET
def rights(request: HttpRequest, kind: str, reference: str) -> HttpResponse:
    """Every scheme: entitled, not entitled, or the fact that is missing."""
    today, month = timezone.localdate(), asked_month(request)
    about = find_subject(request.user, kind, reference, today)
    context: dict[str, Any] = {"about": about, "kind": kind, "month": month, "name": name_of(about)}
    try:
        found = check_rights(about, month, by=signed_in(request), on=today)
    except InputError as error:
        if error.code != "O041":
            raise
        return render(request, "laws/no_law.html", context)
    words = presenting.NamedWords(found.law, member_names(request.user, found, today))
    context |= {
        "groups": presenting.groups_of(found.law, found.verdicts, found.if_claimed, words, about.reference if kind == "person" else ""),
        "may_claim": about.district_id in scope(request.user, "claim.open", today),
        "months": questions.month_choices(Month.of(today), words),
        "month_name": words.month(month),
        "may_record": may_record(request.user, about, today),
        "interview": address(kind, "interview", about.reference, month),
        "law": found.law.hash[:12],
        "waiting": len(questions.waiting(found.verdicts, ())),
    }
    return render(request, "laws/rights.html", context)


def name_of(about: Person | Household) -> str:
    """How the page calls somebody."""
    return about.name if isinstance(about, Person) else _("Household %(reference)s") % {"reference": about.reference}


@login_required
@require_GET
def reasons(request: HttpRequest, kind: str, reference: str, scheme: str, subject: str) -> HttpResponse:
    """The full explanation of one scheme for one member, or for the household."""
    today, month = timezone.localdate(), asked_month(request)
    about = find_subject(request.user, kind, reference, today)
    if_claimed = "if" in request.GET
    explanation, names = explain_right(about, month, scheme, subject, if_claimed=if_claimed, by=signed_in(request), on=today)
    words = presenting.NamedWords(explanation.law, names)
    return render(
        request,
        "laws/reasons.html",
        {
            "about": about,
            "kind": kind,
            "name": name_of(about),
            "month": month,
            "month_name": words.month(month),
            "shown": presenting.shown(explanation.law, explanation, words, if_claimed=if_claimed),
            "back": address(kind, "rights", about.reference, month),
        },
    )


# --- questions about people of the registry


@login_required
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, kind: str, reference: str, subject: str, table: str, name: str) -> HttpResponse:
    """One fact that is missing: asked, recorded, and back to the rights."""
    today, month = timezone.localdate(), asked_month(request)
    about = find_subject(request.user, kind, reference, today)
    back = address(kind, "rights", about.reference, month)
    return _ask(request, about, kind, month, (subject, table, name), {"back": back, "next": back})


@login_required
@require_http_methods(["GET", "POST"])
def interview(request: HttpRequest, kind: str, reference: str) -> HttpResponse:
    """Question after question, each the one that most answers wait for; ends with the rights."""
    today, month = timezone.localdate(), asked_month(request)
    about = find_subject(request.user, kind, reference, today)
    require(request.user, "person.change", today, about)
    here, end = (address(kind, name, about.reference, month) for name in ("interview", "rights"))
    if request.method == "POST":
        key = (request.POST.get("subject", ""), request.POST.get("table", ""), request.POST.get("name", ""))
        return _ask(request, about, kind, month, key, {"back": end, "next": here, "later": end})
    found = check_rights(about, month, by=signed_in(request), on=today)
    skipped = _skipped(request, about)
    waiting = questions.waiting(found.verdicts, skipped)
    if not waiting:
        return redirect(end)
    done, whole = questions.progress(found.verdicts, skipped)
    key, count = waiting[0]
    more = {"back": end, "next": here, "later": end, "done": done, "whole": whole, "interview": True, "unblocks": count}
    return _ask(request, about, kind, month, key, more, found)


def _ask(
    request: HttpRequest, about: Person | Household, kind: str, month: Month, key: questions.Key, more: dict[str, Any], found: Rights | None = None
) -> HttpResponse:
    """Shows a question, or takes its answer."""
    today = timezone.localdate()
    require(request.user, "person.change", today, about)
    found = found or check_rights(about, month, by=signed_in(request), on=today)
    names = member_names(request.user, found, today)
    words = presenting.NamedWords(found.law, names)
    asked = questions.question_of(found.law, key, words, names, more.get("unblocks", 0))
    if asked is None or (asked.subject != "household" and asked.subject not in names) or not asked.name:
        raise NotThere(key[2])
    if request.method == "POST":
        if "later" in request.POST:
            return redirect(more["back"])
        if "unknown" in request.POST:
            _skip(request, about, key)
            return redirect(more["next"])
        form = questions.AnswerForm(asked, request.POST)
        none = "none" in request.POST and asked.word.none
        if none or form.is_valid():
            text, precision = ("", "day") if none else (form.text, form.precision)
            if _recorded(request, found, about, asked, form, text, precision):
                _skip(request, about, key)
                return redirect(more["next"])
    else:
        form = questions.AnswerForm(asked)
    day = min(found.facts)
    context = {"about": about, "kind": kind, "name": name_of(about), "month": month, "question": asked, "form": form, "day": words.day(day), **more}
    return render(request, "laws/question.html", context, status=422 if form.errors else 200)


def _recorded(
    request: HttpRequest, found: Rights, about: Person | Household, asked: questions.Question, form: questions.AnswerForm, text: str, precision: str
) -> bool:
    """Whether the answer could be recorded; else the form says why not."""
    day = min(found.facts)
    home = (found.facts[day].get("household") or {}).get("household_id")
    try:
        record_answer(about, home, asked, text, precision=precision, since=day, by=signed_in(request), on=timezone.localdate())
    except (InputError, Problems) as error:
        for problem in error.problems if isinstance(error, Problems) else [error]:
            form.add_error("answer", problem.what)
        return False
    return True


def _skipped(request: HttpRequest, about: Person | Household) -> set[questions.Key]:
    return {tuple(key) for key in request.session.get(SKIPPED, {}).get(about.reference, [])}


def _skip(request: HttpRequest, about: Person | Household, key: questions.Key) -> None:
    """Not to be asked again in this session: answered, or not known."""
    kept = request.session.get(SKIPPED, {})
    kept.setdefault(about.reference, []).append(list(key))
    request.session[SKIPPED] = kept
