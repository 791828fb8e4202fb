"""Pages of claims: the work list, a new claim, the file of a claim with what an officer may do with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ...errors import InputError
from ...periods import Month
from ..access.models import User
from ..access.rules import require
from ..laws.deciding import law_of, law_on
from ..laws.presenting import NamedWords, shown
from ..people.models import Person
from . import services
from .forms import OUTCOMES, AppealForm, EventForm, ReasonForm, SchemeForm
from .messages import said
from .models import Claim, Decision, Entitlement
from .proving import listed
from .revising import FACTS, LAW, causes_of, rights_to_revise
from .selectors import File, claims_about, claims_of, find, get_letter, may, open_file
from .services.appeals import last_day
from .services.letters import explain_kept

STATES: dict[str, tuple[Any, str]] = {
    Claim.State.OPEN: (gettext_lazy("Facts are missing"), "wait"),
    Claim.State.READY: (gettext_lazy("To be decided"), "info"),
    Claim.State.PROPOSED: (gettext_lazy("Waits for a second officer"), "wait"),
    Claim.State.DECIDED: (gettext_lazy("Decided"), ""),
    Claim.State.WITHDRAWN: (gettext_lazy("Withdrawn"), ""),
}


def user_of(request: HttpRequest) -> User:
    """The user who is signed in; pages are behind `login_required`."""
    if not isinstance(request.user, User):
        raise TypeError("a page of cases without a user")
    return request.user


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Claims that wait, or those in a state."""
    user, today = user_of(request), timezone.localdate()
    state = request.GET.get("state", "")
    found = claims_of(user, today, state if state in STATES else "")
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    states = [("", _("All that wait")), *((name, title) for name, (title, _sign) in STATES.items())]
    rows = [(claim, scheme_title(claim), *STATES[claim.state]) for claim in page]
    return render(request, "cases/index.html", {"page": page, "rows": rows, "states": states, "state": state})


def scheme_title(claim: Claim) -> str:
    """What the claim's scheme is called."""
    return title_in(claim.scheme, Month.of(claim.month))


def title_in(name: str, month: Month) -> str:
    try:
        scheme = law_on(month.first_day).schemes[name]
    except (InputError, KeyError):
        return name
    return scheme.title.get((get_language() or "en")[:2]) or next(iter(scheme.title.values()), name)


@login_required
@require_GET
def of_person(request: HttpRequest, reference: str) -> HttpResponse:
    """The claims of a person."""
    user, today = user_of(request), timezone.localdate()
    person = find(Person.objects, user, "claim.read", reference, today)
    rows = [(claim, scheme_title(claim), *STATES[claim.state]) for claim in claims_about(user, person, today)]
    can = "claim.open" in may(user, today, person.district_id)
    return render(request, "cases/of_person.html", {"person": person, "rows": rows, "can_open": can})


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, reference: str) -> HttpResponse:
    """A new claim: which benefit, then the facts of the event where it is claimed for one."""
    user, today = user_of(request), timezone.localdate()
    person = find(Person.objects, user, "claim.open", reference, today)
    month = Month.of(today)
    law = law_on(month.first_day)
    words = NamedWords(law, {person.reference: person.name})
    asked = request.POST if request.method == "POST" else None
    first = SchemeForm(law, month, words, asked, {"scheme": request.GET.get("scheme", "")})
    context: dict[str, Any] = {"person": person, "form": first, "step": 1}
    if asked is None or not first.is_valid():
        return render(request, "cases/new.html", context, status=422 if asked is not None else 200)
    scheme, chosen = first.cleaned_data["scheme"], Month.parse(first.cleaned_data["month"])
    event: dict[str, str] | None = None
    since: Month | None = chosen
    if scheme in law_on(chosen.first_day).events:
        second = EventForm(law, scheme, words, asked if "event_date_0" in asked else None)
        if not second.is_bound or not second.is_valid():
            context |= {"form": second, "step": 2, "scheme": scheme, "month": str(chosen), "title": title_in(scheme, chosen)}
            return render(request, "cases/new.html", context, status=422 if second.is_bound else 200)
        event, since = second.event, None  # the month is that of the event
    try:
        claim = services.open_claim(by=user, on=today, person=person, scheme=scheme, month=since, event=event)
    except InputError as error:
        messages.error(request, said(error))
        return render(request, "cases/new.html", context, status=422)
    return redirect("cases:claim", claim.reference)


@login_required
@require_GET
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    """The file of a claim."""
    user, today = user_of(request), timezone.localdate()
    file = open_file(user, reference, today)
    return render(request, "cases/claim.html", _context(user, today, file))


def _context(user: User, today: date, file: File) -> dict[str, Any]:
    case, can = file.claim, may(user, today, file.claim.district_id)
    rows = [(d, file.rights.get(d.pk), [letter for letter in file.letters if letter.decision_id == d.pk], _until(d)) for d in file.decisions]
    context: dict[str, Any] = {
        "claim": case,
        "file": file,
        "person": case.person,
        "title": scheme_title(case),
        "state": STATES[case.state],
        "can": can,
        "decisions": rows[::-1],
        "replaced": {decision.replaces_id for decision in file.decisions},
        "mine": file.proposal is not None and file.proposal.proposed_by_id == user.pk,
        "appeals": [(appeal, OUTCOMES.get(appeal.outcome, "")) for appeal in file.appeals],
        "closed": case.state in (Claim.State.DECIDED, Claim.State.WITHDRAWN),
        "reason_form": ReasonForm(),
        "evidence": listed(case, file.evidence),
    }
    if file.determination is not None:
        law = law_of(file.determination.law_hash)
        names = {person.reference: person.name for person in _members(file, user, today)}
        made = explain_kept(file.determination, case.scheme)
        context["shown"] = shown(law, made, NamedWords(law, names))
    return context


def _members(file: File, user: User, today: date) -> list[Person]:
    references = list(file.determination.facts.get("members") or {})
    return list(Person.objects.visible_to(user, "claim.read", today).filter(reference__in=references))


def _until(decision: Any) -> dict[str, date]:
    return {level: last_day(decision, level) for level in ("reconsideration", "appeal")} if decision.decided_on else {}


# --- what an officer does


@login_required
@require_POST
def do(request: HttpRequest, reference: str) -> HttpResponse:
    """One act on a claim, then its file again."""
    user, today = user_of(request), timezone.localdate()
    file = open_file(user, reference, today)
    asked = request.POST.get("do", "")
    acts: dict[str, Callable[[], Any]] = {
        "determine": lambda: services.determine_claim(by=user, on=today, claim=file.claim),
        "propose": lambda: services.propose(by=user, on=today, claim=file.claim),
        "withdraw": lambda: services.withdraw_claim(by=user, on=today, claim=file.claim),
        "approve": lambda: services.approve(by=user, on=today, decision=_some(file.proposal)),
        "send_back": lambda: services.send_back(by=user, on=today, decision=_some(file.proposal), reason=_reason(request)),
        "suspend": lambda: services.suspend_entitlement(by=user, on=today, entitlement=_some(file.right), why=_reason(request)),
        "resume": lambda: services.resume_entitlement(by=user, on=today, entitlement=_some(file.right), why=_reason(request)),
        "revise": lambda: services.revise_entitlement(by=user, on=today, entitlement=_some(file.right), cause=_cause(file.right, today)),
        "letter": lambda: _letter(user, today, file, request.POST.get("decision", ""), request.POST.get("language", "")),
    }
    if asked not in acts:
        return redirect("cases:claim", file.claim.reference)
    try:
        acts[asked]()
    except InputError as error:
        messages.error(request, said(error))
    else:
        waits = asked == "propose" and Claim.plain.filter(pk=file.claim.pk, state=Claim.State.PROPOSED).exists()
        messages.success(request, _("The decision is proposed: a second officer has to approve it.") if waits else DONE[asked])
    return redirect("cases:claim", file.claim.reference)


DONE: dict[str, Any] = {
    "determine": gettext_lazy("The law has been applied to the facts as they are now."),
    "propose": gettext_lazy("The claim is decided: tell the person in a letter."),
    "withdraw": gettext_lazy("The claim is withdrawn."),
    "approve": gettext_lazy("The decision is approved: tell the person in a letter."),
    "send_back": gettext_lazy("The proposal is sent back."),
    "suspend": gettext_lazy("The right is suspended."),
    "resume": gettext_lazy("The right runs again."),
    "revise": gettext_lazy("The past months have been computed again."),
    "letter": gettext_lazy("The letter is made."),
}


def _cause(right: Entitlement | None, on: date) -> str:
    """Why a right is computed again: the law where it has changed, facts otherwise."""
    found = right and rights_to_revise(None, on).filter(pk=right.pk).first()
    return LAW if found and LAW in causes_of(found) else FACTS


def _some(found: Any) -> Any:
    """What the act is about. Raises InputError O266 where the page was out of date."""
    if found is None:
        raise InputError("O266", "there is nothing of that kind in the file any more")
    return found


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    return form.cleaned_data["reason"] if form.is_valid() else ""


def _letter(user: User, today: date, file: File, reference: str, language: str) -> None:
    decision = _some(next((d for d in file.decisions if d.reference == reference), None))
    services.make_letter(by=user, on=today, decision=decision, language=language if language in ("en", "fr") else "en")


@login_required
@require_GET
def letter(request: HttpRequest, reference: str) -> HttpResponse:
    """The PDF of a letter."""
    found = get_letter(user_of(request), reference, timezone.localdate())
    response = HttpResponse(bytes(found.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.reference}.pdf"'
    return response


@login_required
@require_http_methods(["GET", "POST"])
def appeal_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Takes an appeal against a decision."""
    user, today = user_of(request), timezone.localdate()
    decision = find(Decision.objects, user, "claim.read", reference, today)
    require(user, "claim.open", today, decision)
    form = AppealForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.receive_appeal(by=user, on=today, decision=decision, grounds=given["grounds"], level=given["level"], excused=given["excused"])
        except InputError as error:
            form.add_error(None, said(error))
        else:
            messages.success(request, _("The appeal is received."))
            return redirect("cases:claim", decision.claim.reference)
    until = _until(decision)
    return render(request, "cases/appeal_new.html", {"form": form, "decision": decision, "until": until}, status=422 if form.is_bound else 200)
