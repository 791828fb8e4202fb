"""The interview about people who are not in the registry: a start page, one question a page, and what they may be entitled to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from ...errors import InputError
from ...law.law import Law
from ...periods import Month
from ...vocabulary import labels
from ..access.rules import NotThere, Refused, scope
from ..people.choices import INTERVIEW
from ..people.models import Draft as Saved
from ..people.selectors import interviews_of
from ..people.services import drafts
from ..people.views.base import user_of
from . import presenting, questions
from .deciding import Rights, law_on, rights_on
from .drafts import MOST_MEMBERS, SESSION, Draft


class StartForm(forms.Form):
    """How many people, which month, and what has happened to the first of them."""

    members = forms.IntegerField(min_value=1, max_value=MOST_MEMBERS, initial=1, label=_("How many people live in the household?"))
    month = forms.ChoiceField(label=_("For which month?"))
    events = forms.MultipleChoiceField(
        required=False,
        label=_("What has happened to the person this month?"),
        help_text=_("Leave empty where nothing of this has happened."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, law: Law, words: presenting.NamedWords, today: Month, data: Any = None) -> None:
        super().__init__(data, initial={"month": str(today)})
        known = labels("contingencies")
        events = {event: words.title(known[event].title, event) for event in law.events.values()}
        questions.set_choices(self, "month", questions.month_choices(today, words))
        questions.set_choices(self, "events", sorted(events.items(), key=lambda pair: pair[1]))


def _allowed(request: HttpRequest) -> None:
    """Whoever may look up rights may try the law on invented people. Raises Refused."""
    where = scope(request.user, "entitlement.check", timezone.localdate())
    if not (where.everywhere or where.districts):
        raise Refused("entitlement.check")


def _words(law: Law, draft: Draft | None = None) -> presenting.NamedWords:
    return presenting.NamedWords(law, draft.names() if draft else {})


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The first page."""
    _allowed(request)
    today = timezone.localdate()
    try:
        law = law_on(today)
    except InputError as error:
        if error.code != "O041":
            raise
        return render(request, "laws/no_law.html", {})
    form = StartForm(law, _words(law), Month.of(today), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        Draft.new(Month.parse(said["month"]), said["members"], said["events"]).keep(request.session)
        return redirect("laws:try_question")
    shown = {"form": form, "draft": Draft.of(request.session), "saved": _saved(request)}
    return render(request, "laws/try_start.html", shown, status=422 if form.errors else 200)


def _saved(request: HttpRequest) -> list[tuple[Saved, Draft]]:
    """The interviews that the user has saved for later."""
    return [(one, Draft.read(one.answers)) for one in interviews_of(user_of(request), timezone.now())]


def _draft(request: HttpRequest) -> tuple[Draft, Rights]:
    _allowed(request)
    draft = Draft.of(request.session)
    if draft is None:
        raise NotThere(SESSION)
    law = law_on(draft.month.first_day)
    return draft, rights_on(law, draft.month, draft.given(law))


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The next question, or the answer to it."""
    draft, found = _draft(request)
    words = _words(found.law, draft)
    if request.method == "POST" and "back" in request.POST:
        if draft.asked:
            draft.forget(draft.asked[-1])
            draft.keep(request.session)
        return redirect("laws:try_question")
    form: questions.AnswerForm | None = None
    if request.method == "POST":
        key = (request.POST.get("subject", ""), request.POST.get("table", ""), request.POST.get("name", ""))
        asked = questions.question_of(found.law, key, words, draft.names(), tried=True)
        if asked is None or (asked.subject != "household" and asked.subject not in draft.members):
            raise NotThere(key[2])
        form = questions.AnswerForm(asked, request.POST)
        if _answered(request, draft, asked, form):
            draft.keep(request.session)
            return redirect("laws:try_question")
    else:
        waiting = questions.waiting(found.verdicts, draft.skipped, tried=True)
        if not waiting:
            return redirect("laws:try_rights")
        asked = questions.question_of(found.law, waiting[0][0], words, draft.names(), waiting[0][1], tried=True)
        if asked is None:
            raise NotThere(waiting[0][0][2])
        form = questions.AnswerForm(asked)
    done, whole = questions.progress(found.verdicts, draft.skipped, tried=True)
    context = {
        "question": asked, "form": form, "day": words.day(min(found.facts)), "done": done, "whole": whole, "interview": True,
        "tried": True, "can_go_back": bool(draft.asked), "month": draft.month, "unblocks": asked.unblocks,
    }  # fmt: skip
    return render(request, "laws/question.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, draft: Draft, asked: questions.Question, form: questions.AnswerForm) -> bool:
    """Whether what was sent is an answer, which the draft then has."""
    if "unknown" in request.POST:
        draft.skip(asked.key)
    elif "none" in request.POST and asked.word.none:
        draft.answer(asked.key, "")
    elif form.is_valid():
        draft.answer(asked.key, form.text)
    else:
        return False
    return True


@login_required
@require_GET
def answers(request: HttpRequest) -> HttpResponse:
    """What these people may be entitled to, and what was answered."""
    draft, found = _draft(request)
    words = _words(found.law, draft)
    return render(
        request,
        "laws/rights.html",
        {
            "tried": True,
            "month": draft.month,
            "month_name": words.capital(words.month(draft.month)),
            "groups": presenting.groups_of(found.law, found.verdicts, found.if_claimed, words),
            "given": _given(found.law, draft, words),
            "law": found.law.hash[:12],
            "waiting": len(questions.waiting(found.verdicts, draft.skipped, tried=True)),
        },
    )


def _given(law: Law, draft: Draft, words: presenting.NamedWords) -> list[tuple[str, str]]:
    """The answers in words."""
    facts = next(iter(draft.given(law).values()))
    found = []
    for key in draft.asked:
        subject, table, name = key
        asked = questions.question_of(law, key, words, draft.names(), tried=True)
        if asked is None:
            continue
        value = (facts["household"] if table == "households" else facts["members"].get(subject, {})).get(name)
        chosen = dict(asked.options).get(draft.facts.get(subject, {}).get(name, ""))
        known = (subject, table, name) not in draft.skipped
        if not known:
            text = words("unknown")
        elif not name:
            text = words("no")
        elif chosen:
            text = str(chosen)
        else:
            text = words("none") if value is None else words.value(value, asked.word.unit_text)
        found.append((f"{asked.who}{words('colon')}{asked.title}", text))
    return found


@login_required
@require_http_methods(["POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Throws the draft away, and what was saved of it."""
    draft = Draft.of(request.session)
    if draft is not None and draft.saved:
        _throw(request, draft.saved)
    request.session.pop(SESSION, None)
    return redirect("laws:try")


@login_required
@require_http_methods(["POST"])
def later(request: HttpRequest) -> HttpResponse:
    """Saves the interview, to go on with it on another day, also after signing out."""
    _allowed(request)
    draft = Draft.of(request.session)
    if draft is None:
        raise NotThere(SESSION)
    user, now = user_of(request), timezone.now()
    known = next((one for one in interviews_of(user, now) if one.reference == draft.saved), None)
    if known is not None:
        drafts.save_answers(draft=known, now=now, answers=draft.plain())
    else:
        try:
            drafts.start_draft(by=user, now=now, flow=INTERVIEW, answers=draft.plain())
        except InputError as error:
            messages.error(request, error.what)
            return redirect("laws:try_rights")
    request.session.pop(SESSION, None)
    messages.success(request, gettext("The answers are saved. You find them on the page “Rights”."))
    return redirect("laws:try")


@login_required
@require_http_methods(["POST"])
def go_on(request: HttpRequest, reference: str) -> HttpResponse:
    """Takes up what was saved; answers at hand that were not saved give way."""
    _allowed(request)
    known = drafts.own_draft(user_of(request), reference, timezone.now(), INTERVIEW)
    Draft.read(known.answers, known.reference).keep(request.session)
    return redirect("laws:try_question")


@login_required
@require_http_methods(["POST"])
def discard(request: HttpRequest, reference: str) -> HttpResponse:
    """Throws away what was saved."""
    _throw(request, drafts.own_draft(user_of(request), reference, timezone.now(), INTERVIEW).reference)
    return redirect("laws:try")


def _throw(request: HttpRequest, reference: str) -> None:
    for one in interviews_of(user_of(request), timezone.now()):
        if one.reference == reference:
            drafts.discard(one)
