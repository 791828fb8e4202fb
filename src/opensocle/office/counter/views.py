"""Pages of the single window, and the pages that say what went wrong."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as set_cookie

from ..access.models import User
from .context import office_title
from .selectors import offered, work_of
from .services import choose_language


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The search box, what may be done at once, and what waits for the user."""
    user, today, now = request.user, timezone.localdate(), timezone.now()
    if not isinstance(user, User):
        raise Http404
    return render(request, "counter/home.html", {"may": offered(user, today), "work": work_of(user, today, now)})


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Changes the language and goes back to the page; kept in the account of who is signed in, in a cookie otherwise."""
    response = set_cookie(request)
    if isinstance(request.user, User):
        choose_language(by=request.user, language=request.POST.get("language", ""))
    return response


def closed(request: HttpRequest, **_: str) -> HttpResponse:
    """A page that the library for signing in has a name for and the office does not have."""
    raise Http404


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database, which may be what failed."""
    return HttpResponseServerError(render_to_string("500.html", {"office_title": office_title(), "LANGUAGE_CODE": get_language()}))
