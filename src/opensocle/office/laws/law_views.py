"""Pages on the laws of the office, for those who keep, approve, apply and audit them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from ...errors import InputError
from ...law.comparing import as_text, compare
from ...periods import Month
from ..access.models import User
from ..access.rules import NotThere, scope
from ..places.models import Area
from . import services
from .commands import state_of
from .deciding import law_of
from .models import InForce, InstalledLaw
from .presenting import NamedWords, language
from .questions import month_choices, set_choices
from .selectors import entries, get_law, in_force_on, list_laws

REASONS = {
    "O046": gettext_lazy("This law is applied in that month already."),
    "O047": gettext_lazy("This proposal is made or decided already, or another law is approved from the same month."),
    "O048": gettext_lazy("Who proposed a law cannot approve it: let another person approve it."),
    "O049": gettext_lazy("This law was never tried on the registry: compare it with the law in force first."),
}

DONE = {
    "compare": gettext_lazy("The law was tried on the registry: below is what it changes."),
    "propose": gettext_lazy("The law is proposed: another person has to approve it."),
    "approve": gettext_lazy("The law is approved, and applied from its month on."),
    "withdraw": gettext_lazy("The law is withdrawn."),
}


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The installed laws, and which one is in force."""
    today = timezone.localdate()
    laws = list_laws(request.user, today)
    current = in_force_on(today)
    rows = [{"law": law, "entries": [_entry(entry) for entry in law.in_force.all()], "current": current and current.law_id == law.pk} for law in laws]
    return render(request, "laws/index.html", {"rows": rows, "current": current})


def _entry(entry: InForce) -> dict[str, Any]:
    return {"entry": entry, "state": state_of(entry), "since": Month.of(entry.since)}


class MonthForm(forms.Form):
    """A month to choose."""

    month = forms.ChoiceField(label=gettext_lazy("Month"))

    def __init__(self, words: NamedWords, today: Month, data: Any = None, *, before: int = 12, after: int = 12) -> None:
        super().__init__(data, initial={"month": str(today)})
        set_choices(self, "month", month_choices(today, words, before, after))


@login_required
@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """A law: how it differs from the one in force, what it changes for whom, and the way to approval."""
    today = timezone.localdate()
    law = get_law(request.user, reference, today)
    if request.method == "POST":
        return _do(request, law, today)
    words = NamedWords(law_of(law.hash), {})
    rights = {action: scope(request.user, action, today).everywhere for action in ("law.install", "law.approve")}
    listed = [_entry(entry) | {"mine": entry.proposed_by_id == request.user.pk, "begun": entry.since <= today} for entry in entries(law)]
    context = {
        "law": law,
        "entries": listed,
        "may": {"install": rights["law.install"], "approve": rights["law.approve"]},
        "difference": _difference(law, today),
        "comparison": _comparison(law, words),
        "form": MonthForm(words, Month.of(today)),
        "files": sorted(law.files),
    }
    return render(request, "laws/detail.html", context)


def _do(request: HttpRequest, law: InstalledLaw, today: date) -> HttpResponse:
    """Compare, propose, approve or withdraw."""
    action, user = request.POST.get("do", ""), request.user
    if not isinstance(user, User):
        raise NotThere(action)
    try:
        if action == "compare":
            services.compare_with_current(law, Month.parse(request.POST.get("month", "")), by=user, on=today)
        elif action == "propose":
            services.propose(law, Month.parse(request.POST.get("month", "")), by=user, on=today)
        elif action in ("approve", "withdraw"):
            entry = law.in_force.filter(pk=_number(request.POST.get("entry", ""))).first()
            if entry is None:
                raise NotThere(action)
            (services.approve if action == "approve" else services.withdraw)(entry, by=user, on=today)
        else:
            raise NotThere(action)
        messages.success(request, str(DONE[action]))
    except InputError as error:
        if error.code not in REASONS:
            raise NotThere(action) from error
        messages.error(request, str(REASONS[error.code]))
    return redirect("laws:law", reference=law.reference)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _difference(law: InstalledLaw, today: date) -> dict[str, Any] | None:
    """The textual difference from the law in force."""
    current = in_force_on(today)
    if current is None or current.law_id == law.pk:
        return None
    before, after = law_of(current.law.hash).text, law_of(law.hash).text
    if before is None or after is None:
        return None
    changes = compare(before, after)
    return {"against": current.law, "text": as_text(changes, before, after, language()), "count": len(changes)}


def _comparison(law: InstalledLaw, words: NamedWords) -> dict[str, Any] | None:
    """The comparison on the registry, with district names and amounts in words."""
    kept = law.comparison
    if not kept:
        return None
    currency = kept["currency"]
    areas = {area.code: area.name(language()) for area in Area.objects.filter(kind=Area.Kind.DISTRICT)}

    def told(row: dict[str, Any], kind: str) -> dict[str, Any]:
        before, after = Decimal(row["before"]), Decimal(row["after"])
        if kind == "right":
            return {**row, "before": words.number(before), "after": words.number(after), "more": words.number(after - before)}
        return {**row, "before": words.money(before, currency), "after": words.money(after, currency), "more": words.money(after - before, currency)}

    schemes = []
    for scheme in kept["schemes"]:
        rows = [told(row, scheme["kind"]) | {"district": areas.get(row["district"], row["district"] or _("No district"))} for row in scheme["rows"]]
        changed = any(scheme["whole"][name] for name in ("gain", "lose")) or scheme["whole"]["before"] != scheme["whole"]["after"]
        title = words.title(scheme["title"], scheme["scheme"])
        schemes.append({**scheme, "title": title, "rows": rows, "whole": told(scheme["whole"], scheme["kind"]), "changed": changed})
    return {
        **kept,
        "month": words.month(Month.parse(kept["month"])),
        "changed": [scheme for scheme in schemes if scheme["changed"]],
        "unchanged": [scheme for scheme in schemes if not scheme["changed"]],
        "total": told({"before": kept["total"]["before"], "after": kept["total"]["after"]}, "benefit"),
    }
