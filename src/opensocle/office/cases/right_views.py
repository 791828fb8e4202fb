"""The page of rights to look at again."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from . import services
from .revising import FACTS, LAW, REVIEW, causes_of, rights_to_revise
from .views import scheme_title, user_of

CAUSES = {
    LAW: gettext_lazy("The law has changed"),
    FACTS: gettext_lazy("Facts have changed"),
    REVIEW: gettext_lazy("Review is due"),
}


@login_required
@require_http_methods(["GET", "POST"])
def to_revise(request: HttpRequest) -> HttpResponse:
    """Rights whose law or facts have changed, or whose review is due; all of them are computed again on request."""
    user, today = user_of(request), timezone.localdate()
    waiting = rights_to_revise(user, today)
    if request.method == "POST":
        done = services.revise_all(by=user, on=today)
        said = ngettext("%(number)s right was computed again.", "%(number)s rights were computed again.", done.looked) % {"number": done.looked}
        changed = ngettext("%(number)s has changed.", "%(number)s have changed.", done.changed) % {"number": done.changed}
        messages.success(request, f"{said} {changed}")
        if done.undecided:
            messages.warning(request, _("Facts are missing for the rights that are left here: record them first."))
        return redirect("cases:to_revise")
    page = Paginator(waiting, 25).get_page(request.GET.get("page"))
    rows = [(right, scheme_title(right.decision.claim), [CAUSES[cause] for cause in causes_of(right)]) for right in page]
    return render(request, "cases/to_revise.html", {"page": page, "rows": rows})
