"""The file of a person, page by page; each page that is opened is an act."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ....errors import InputError
from ....vocabulary import labels
from ....vocabulary.model import PERSONS
from ...access.rules import NotThere, require
from ..choices import ACCOUNTS, ACTS, DOCUMENTS, IDENTIFIERS, ORIGINS, PARTS, PRECISIONS, PROOFS, PURPOSES, REASONS, SEXES, title
from ..forms.matters import AsOfForm
from ..models import Fact, Household, Person
from ..selectors import (
    accounts_of,
    actions_of,
    acts_of,
    consents_of,
    contacts_of,
    documents_of,
    facts_then,
    get_person,
    household_of,
    identifiers_of,
    memberships_of,
    merges_of,
    names_of_references,
    open_document,
    open_pairs,
    person_as_of,
)
from ..services.documents import SUFFIXES
from ..services.registering import YOUNGEST_PARENT
from ..words import in_reader_language, shown, table_of, unit_of, words_on
from .base import user_of
from .standing import rights_and_claims

TOLD = {"part": PARTS, "reason": REASONS}
"""What is told of an act beyond its name: which page was read, why something was changed."""
closed: Any = csp_replace({name: [NONE] for name in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]} | {"sandbox": True})
"""The content security policy of a document: nothing in it runs or is fetched."""


def opened(request: HttpRequest, reference: str, part: str) -> dict[str, Any]:
    """A person's file for one page, with what the user may do with it."""
    user, today = user_of(request), timezone.localdate()
    person = get_person(user, reference, today, part=part)
    return about(request, person, part)


def about(request: HttpRequest, person: Person, part: str) -> dict[str, Any]:
    """What every page of a file shows."""
    user, today = user_of(request), timezone.localdate()
    may = actions_of(user, today, person.district_id)
    closed = bool(person.merged_into_id or person.erased)
    changes = "person.change" in may and not closed and person.restricted is None
    joined = person.merged_into if person.merged_into and "person.read" in actions_of(user, today, person.merged_into.district_id) else None
    return {"person": person, "joined": joined, "may": may, "part": part, "today": today, "closed": closed, "changes": changes}


@login_required
@require_GET
def overview(request: HttpRequest, reference: str) -> HttpResponse:
    """Who the person is, where and with whom she lives, how she is paid, what she agreed to."""
    user, today = user_of(request), timezone.localdate()
    context = opened(request, reference, "overview")
    person: Person = context["person"]
    language, words = get_language() or "en", words_on(today)
    relationships = words.codes["relationship_to_head"].values
    found = household_of(user, person, today)
    members = [
        (place, in_reader_language(relationships[place.relationship]) if place.relationship in relationships else place.relationship)
        for place in (found.members if found else ())
    ]
    context |= {
        "sex": title(SEXES, person.sex),
        "precision": title(PRECISIONS, person.birth_precision),
        "area": person.area.name(language),
        "identifiers": [(row, title(IDENTIFIERS, row.type)) for row in identifiers_of(person)],
        "contacts": contacts_of(person),
        "accounts": [(row, title(ACCOUNTS, row.kind)) for row in accounts_of(person)],
        "consents": [(row, title(PURPOSES, row.purpose)) for row in consents_of(person)],
        "home": found,
        "members": members,
        "stays": memberships_of(person) if "household.read" in context["may"] else [],
        "merges": merges_of(person),
        **rights_and_claims(user, person, found.household if found else None, today),
        "may_be_mother": person.sex == Person.Sex.FEMALE and not person.death_date and _old_enough(person, today),
        "pairs": open_pairs(user, person, today) if "person.merge" in context["may"] else [],
    }
    return render(request, "people/overview.html", context)


def _old_enough(person: Person, on: date) -> bool:
    """Whether a registration of her newborn child would not be refused for her age."""
    return person.birth_date is None or on.year - person.birth_date.year >= YOUNGEST_PARENT


@login_required
@require_GET
def facts(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that is known of the person, in time."""
    context = opened(request, reference, "facts")
    context["groups"] = fact_groups(user_of(request), context["person"], context["today"])
    return render(request, "people/facts.html", context)


def fact_groups(user: Any, whom: Person | Household, today: date) -> list[dict[str, Any]]:
    """The facts by theme and name, in the reader's words; for each name the latest value, and the others, the latest first."""
    facts, themes = facts_then(whom), labels("themes")
    known = names_of_references(user, [fact.value for fact in facts], today)
    named: dict[str, list[dict[str, Any]]] = {}
    for fact in facts:
        named.setdefault(fact.name, []).insert(0, fact_row(fact, table_of(whom), today, known))
    groups: dict[str, list[dict[str, Any]]] = {}
    for rows in sorted(named.values(), key=lambda rows: str(rows[0]["title"])):
        theme = themes.get(rows[0]["theme"])
        title = in_reader_language(theme.title) if theme else _("Other facts")
        groups.setdefault(title, []).append({"title": rows[0]["title"], "rows": rows[:1], "before": rows[1:]})
    return [{"title": title, "facts": groups[title]} for title in sorted(groups)]


def fact_row(fact: Fact, table: str, today: date, known: dict[str, str]) -> dict[str, Any]:
    """A fact for a page."""
    words = words_on(today)
    word = words.fact(table, fact.name)
    value = shown(word, fact.value, words)
    return {
        "fact": fact,
        "title": in_reader_language(word.title) if word else fact.name,
        "theme": word.theme if word else "",
        "value": known.get(fact.value, value),
        "person": fact.value if fact.value in known else "",
        "is_day": isinstance(value, date),
        "is_number": word is not None and word.type in ("integer", "decimal"),
        "digits": word.digits if word else 0,
        "unit": unit_of(word) if word else "",
        "proof": title(PROOFS, fact.proof),
        "now": (fact.since is None or fact.since <= today) and (fact.until is None or fact.until > today),
    }


@login_required
@require_GET
def documents(request: HttpRequest, reference: str) -> HttpResponse:
    """The documents of the file."""
    context = opened(request, reference, "documents")
    user, today = user_of(request), timezone.localdate()
    require(user, "document.read", today, context["person"])
    context["rows"] = [(row, title(DOCUMENTS, row.kind), -(-row.size // 1000)) for row in documents_of(user, context["person"], today)]
    return render(request, "people/documents.html", context)


@login_required
@require_GET
@closed
def document(request: HttpRequest, reference: str) -> HttpResponse:
    """The bytes of a document: to be saved, never shown within the office's pages."""
    try:
        found, content = open_document(user_of(request), reference, timezone.localdate())
    except InputError as error:
        return render(request, "people/document_missing.html", {"said": error.what}, status=410)
    response = HttpResponse(content, content_type=found.media_type)
    response["Content-Disposition"] = content_disposition_header(True, found.reference + SUFFIXES[found.media_type]) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@login_required
@require_GET
def seen(request: HttpRequest, reference: str) -> HttpResponse:
    """Who has read or changed the file."""
    user, today = user_of(request), timezone.localdate()
    require(user, "audit.read", today)
    context = opened(request, reference, "seen")
    context["rows"] = [
        (entry, title(ACTS, entry.action), [title(told, str(entry.details[name])) for name, told in TOLD.items() if name in entry.details], origin)
        for entry in acts_of(user, context["person"], today)
        for origin in (title(ORIGINS, entry.origin),)
    ]
    return render(request, "people/seen.html", context)


@login_required
@require_GET
def then(request: HttpRequest, reference: str) -> HttpResponse:
    """The file as it was on a day, as it was known on a day."""
    user, today = user_of(request), timezone.localdate()
    form = AsOfForm(request.GET if "on_0" in request.GET else None, initial={"on": today})
    if not form.is_bound or not form.is_valid():
        context = opened(request, reference, "then")
        return render(request, "people/then.html", context | {"form": form}, status=422 if form.is_bound else 200)
    on, day = form.cleaned_data["on"], form.cleaned_data["known"]
    known = timezone.make_aware(datetime.combine(day, time.max)) if day else None
    try:
        found = person_as_of(user, reference, on, known, today=today)
    except NotThere:
        context = opened(request, reference, "then")
        form.add_error("known", _("The person was not registered yet on that day."))
        return render(request, "people/then.html", context | {"form": form}, status=422)
    context = about(request, Person.objects.visible_to(user, "person.read", today).get(reference=found.reference), "then")
    rows = [fact_row(fact, PERSONS, today, names_of_references(user, [fact.value for fact in found.facts], today)) for fact in found.facts]
    area = found.area.name(get_language() or "en") if found.area else ""
    context |= {"form": form, "then": found, "rows": rows, "sex": title(SEXES, found.sex), "area": area}
    return render(request, "people/then.html", context)
