"""Registering somebody, one question a page. What is typed is kept at each step, for this user only, and can be finished another day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ....errors import InputError, Problems
from ...access.models import User
from ...access.rules import NotThere, require
from ...places.models import Area
from ..choices import FLOWS, IDENTIFIERS, SEXES, title
from ..forms import identity
from ..forms.base import FileForm, add_faults, codes
from ..models import Draft, Person
from ..selectors import Duplicates, Typed, drafts_of, possible_duplicates
from ..services import Birth, Names, Number, drafts, register_displaced, register_newborn, register_person
from .base import user_of

STEPS: dict[str, tuple[Any, Any, type[FileForm]]] = {
    "parents": (gettext_lazy("Parents"), gettext_lazy("Who are the parents?"), identity.ParentsForm),
    "names": (gettext_lazy("Name"), gettext_lazy("What is the name?"), identity.NamesForm),
    "birth": (gettext_lazy("Birth"), gettext_lazy("When was the person born?"), identity.BirthForm),
    "sex": (gettext_lazy("Sex"), gettext_lazy("What is the sex?"), identity.SexForm),
    "documents": (gettext_lazy("Documents"), gettext_lazy("Does the person have a document?"), identity.NumberForm),
    "displacement": (gettext_lazy("Displacement"), gettext_lazy("Where is the person, and since when?"), identity.DisplacementForm),
    "place": (gettext_lazy("Place"), gettext_lazy("Where does the person live?"), identity.PlaceForm),
    "contacts": (gettext_lazy("Contact"), gettext_lazy("How can the person be reached?"), identity.ContactsForm),
    "check": (gettext_lazy("Check"), gettext_lazy("Is everything right?"), identity.ConfirmForm),
}
"""Each step: its name in the step bar, its question, its form."""
ORDER = {
    "person": ("names", "birth", "sex", "documents", "place", "contacts", "check"),
    "newborn": ("parents", "names", "birth", "sex", "check"),
    "displaced": ("names", "birth", "sex", "displacement", "contacts", "check"),
}
MOST_DOCUMENTS = 10
REASONS = {
    "same_identifier": gettext_lazy("has the same number of a document"),
    "same_phone": gettext_lazy("has the same telephone"),
    "same_name": gettext_lazy("has the same name"),
    "similar_name": gettext_lazy("has a similar name"),
    "same_birth": gettext_lazy("was born on the same day"),
    "close_birth": gettext_lazy("may be born on the same day"),
}


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Whom to register, and what is not finished yet."""
    user, now = user_of(request), timezone.now()
    require(user, "person.register", timezone.localdate())
    if request.method == "POST":
        mother = request.POST.get("mother", "")
        answers = {"parents": {"mother": [mother]}} if mother else {}
        try:
            draft = drafts.start_draft(by=user, now=now, flow=request.POST.get("flow", ""), answers=answers)
        except InputError as error:
            messages.error(request, error.what)
            return redirect("people:register")
        return redirect("people:step", draft.reference, ORDER[draft.flow][0])
    rows = [(draft, title(FLOWS, draft.flow), _typed_name(draft)) for draft in drafts_of(user, now)]
    return render(request, "people/register.html", {"flows": FLOWS.items(), "rows": rows})


def _typed_name(draft: Draft) -> str:
    """The name as far as it was typed."""
    given = draft.answers.get("names", {})
    return " ".join(text for name in ("given_name", "second_name", "surname") for text in given.get(name, []) if text)


@login_required
@require_POST
def discard(request: HttpRequest, reference: str) -> HttpResponse:
    """Deletes a draft."""
    drafts.discard(drafts.own_draft(user_of(request), reference, timezone.now()))
    messages.success(request, _("The registration was discarded."))
    return redirect("people:register")


@login_required
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """A question, with what was answered before."""
    user, now = user_of(request), timezone.now()
    require(user, "person.register", timezone.localdate())
    draft = drafts.own_draft(user, reference, now)
    order = ORDER[draft.flow]
    if name not in order:
        raise NotThere(name)
    first = _open_step(draft, user)
    if order.index(first) < order.index(name):
        return redirect("people:step", draft.reference, first)
    if name == "check":
        return _check(request, draft)
    if name == "documents" and request.method == "POST":
        return _documents(request, draft)
    form = _form(name, user, request.POST if request.method == "POST" else _kept(draft, name))
    if request.method == "POST":
        later = "later" in request.POST
        if form.is_valid() or later:
            drafts.save_step(draft=draft, now=now, step=name, answer=_plain(request.POST))
            return _later(request) if later else redirect("people:step", draft.reference, _open_step(draft, user))
    return _page(request, draft, name, form)


def _page(request: HttpRequest, draft: Draft, name: str, form: FileForm, **more: Any) -> HttpResponse:
    order = ORDER[draft.flow]
    place = order.index(name)
    wrong = request.method == "POST" and bool(form.errors)
    context = {
        "form": form,
        "draft": draft,
        "steps": [str(STEPS[one][0]) for one in order],
        "current": place + 1,
        "question": _question(draft, name),
        "before": order[place - 1] if place else "",
        "numbers": [(at, title(IDENTIFIERS, number[0]), number[1]) for at, number in enumerate(_numbers(draft))] if name == "documents" else None,
        **more,
    }
    template = "people/check.html" if name == "check" else "people/step.html"
    return render(request, template, context, status=422 if wrong else 200)


def _open_step(draft: Draft, user: User) -> str:
    """The first step without a good answer; `check` where all have one, so that a change leads back to it."""
    return next((one for one in ORDER[draft.flow][:-1] if _answer(draft, one, user) is None), "check")


def _question(draft: Draft, name: str) -> Any:
    if draft.flow == "newborn":
        child = {"names": _("What is the child's name?"), "birth": _("When was the child born?"), "sex": _("What is the child's sex?")}
        return child.get(name, STEPS[name][1])
    return STEPS[name][1]


def _later(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("What you typed is kept for 14 days. Only you see it."))
    return redirect("people:register")


# --- answers


def _plain(sent: QueryDict) -> dict[str, list[str]]:
    """What a form sent, for the draft."""
    return {name: sent.getlist(name) for name in sent if name not in ("csrfmiddlewaretoken", "later")}


def _kept(draft: Draft, name: str) -> QueryDict | None:
    """What was answered at a step, as a form takes it."""
    answer = draft.answers.get(name)
    if answer is None or name == "documents":
        return None
    kept = QueryDict(mutable=True)
    for field, given in answer.items():
        kept.setlist(field, given)
    return kept


def _form(name: str, user: User, data: Mapping[str, Any] | None) -> FileForm:
    return STEPS[name][2](data, user=user, on=timezone.localdate())


def _answer(draft: Draft, name: str, user: User) -> FileForm | None:
    """The form of a step with a good answer; None where there is none yet."""
    if name == "documents":
        return _form(name, user, None) if name in draft.answers else None
    data = _kept(draft, name)
    form = _form(name, user, data) if data is not None else None
    return form if form is not None and form.is_valid() else None


# --- documents: any number of them


def _numbers(draft: Draft) -> list[list[str]]:
    """Type, number and country of each document typed so far."""
    numbers: list[list[str]] = draft.answers.get("documents", {}).get("rows", [])
    return numbers


def _documents(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Takes one more number, takes one out, or goes on."""
    user, now, rows = user_of(request), timezone.now(), _numbers(draft)
    gone = request.POST.get("remove", "")
    if gone.isdecimal() and int(gone) < len(rows):
        drafts.save_step(draft=draft, now=now, step="documents", answer={"rows": rows[: int(gone)] + rows[int(gone) + 1 :]})
        return redirect("people:step", draft.reference, "documents")
    form = _form("documents", user, request.POST)
    empty = not request.POST.get("value", "").strip() and not request.POST.get("type")
    if not empty:
        if not form.is_valid():
            return _page(request, draft, "documents", form)
        number = form.cleaned_data
        rows = [*rows, [number["type"], number["value"], number["country"]]][:MOST_DOCUMENTS]
    drafts.save_step(draft=draft, now=now, step="documents", answer={"rows": rows})
    if "later" in request.POST:
        return _later(request)
    if "another" in request.POST:
        return redirect("people:step", draft.reference, "documents")
    return redirect("people:step", draft.reference, _open_step(draft, user))


# --- the last page


def _check(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Everything that was typed, who may be the same, and the registration."""
    user, today = user_of(request), timezone.localdate()
    said = _said(draft, user)
    known = possible_duplicates(user, said["typed"], today) if draft.flow != "newborn" else Duplicates()
    form = identity.ConfirmForm(request.POST if request.method == "POST" else None, user=user, on=today)
    if request.method == "POST" and form.is_valid():
        if "later" in request.POST:
            return _later(request)
        if known.found and not form.cleaned_data["nobody"]:
            form.add_error("nobody", _("Look at these files first, then say whether one of them is the person."))
        else:
            try:
                person = _register(draft, user, said)
            except (InputError, Problems) as error:
                add_faults(form, error)
            else:
                drafts.discard(draft)
                messages.success(request, _("The person is registered."))
                return redirect("people:person", person.reference)
    shown = [(one.person, one.person.area.name(get_language() or "en"), [REASONS[reason] for reason in one.reasons]) for one in known.found]
    return _page(request, draft, "check", form, rows=_summary(draft, said), known=shown, elsewhere=known.elsewhere)


def _said(draft: Draft, user: User) -> dict[str, Any]:
    """The answers as the services take them."""
    found: dict[str, Any] = {}
    for name in ORDER[draft.flow][:-1]:
        form = _answer(draft, name, user)
        if form is None:
            raise NotThere(name)
        found[name] = form
    found["numbers"] = tuple(Number(type, value, country) for type, value, country in _numbers(draft))
    contacts = found["contacts"].cleaned_data if "contacts" in found else {"phone": "", "email": ""}
    found["phones"] = tuple(filter(None, [contacts["phone"]]))
    found["emails"] = tuple(filter(None, [contacts["email"]]))
    names: Names = found["names"].names()
    birth: Birth = found["birth"].birth_of()
    found["typed"] = Typed(names, birth, found["numbers"], found["phones"])
    found["sex_code"] = found["sex"].cleaned_data["sex"]
    return found


def _register(draft: Draft, user: User, said: Mapping[str, Any]) -> Person:
    today, typed = timezone.localdate(), said["typed"]
    who: dict[str, Any] = {"by": user, "on": today, "names": typed.names, "birth": typed.birth, "sex": said["sex_code"]}
    if draft.flow == "newborn":
        parents = said["parents"].cleaned_data
        visible = Person.objects.visible_to(user, "person.register", today)
        father = visible.get(reference=parents["father"]) if parents["father"] else None
        return register_newborn(**who, mother=visible.get(reference=parents["mother"]), father=father, registered=parents["registered"])
    if draft.flow == "displaced":
        answer = said["displacement"].cleaned_data
        place = Area.objects.get(code=answer["area"])
        more = {"status": answer["status"], "since": answer["since"], "place_type": answer["place_type"], "phones": said["phones"]}
        return register_displaced(**who, place=place, **more)
    area = Area.objects.get(code=said["place"].cleaned_data["area"])
    reach = {"phones": said["phones"], "emails": said["emails"], "address": said["place"].cleaned_data["address"]}
    return register_person(**who, area=area, identifiers=said["numbers"], **reach)


def _summary(draft: Draft, said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was typed, with the step where it is changed."""
    typed, today = said["typed"], timezone.localdate()
    names = typed.names.tidy()
    rows: list[tuple[str, Any, Any]] = [
        ("names", _("Name"), " ".join(part for part in (names.given_name, names.second_name, names.surname) if part)),
        ("names", _("Other names"), ", ".join(filter(None, [names.maiden_name, *names.other_names]))),
        ("birth", _("Date of birth"), typed.birth),
        ("sex", _("Sex"), title(SEXES, said["sex_code"])),
    ]
    if "parents" in said:
        parents = said["parents"].cleaned_data
        rows += [("parents", _("Mother"), parents["mother"]), ("parents", _("Father"), parents["father"])]
    if "documents" in said:
        rows.append(("documents", _("Documents"), ", ".join(f"{title(IDENTIFIERS, number.type)} {number.value}" for number in said["numbers"])))
    if "displacement" in said:
        answer = said["displacement"].cleaned_data
        rows.append(("displacement", _("Status"), dict(codes("migration_status", today)).get(answer["status"], answer["status"])))
    where = next((said[name].cleaned_data["area"] for name in ("place", "displacement") if name in said), None)
    if where is not None:
        rows.append(("place" if "place" in said else "displacement", _("Place"), Area.objects.get(code=where).name(get_language() or "en")))
    if "contacts" in said:
        rows.append(("contacts", _("Telephone and e-mail"), ", ".join([*said["phones"], *said["emails"]])))
    return [{"step": step, "label": label, "value": value, "birth": isinstance(value, Birth)} for step, label, value in rows]
