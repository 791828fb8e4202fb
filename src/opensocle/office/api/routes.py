"""The API: persons, households, rights, claims and decisions, by the same services and selectors as the pages. Described at /api/v1/openapi.json."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Query, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from ...engine.deciding import plain
from ...errors import SocleError
from ...periods import Month
from ..access.models import User
from ..access.row_security import work_for
from ..access.rules import Refused, postings, scope_of
from ..cases import services as cases
from ..cases.models import Claim, Decision, Entitlement
from ..cases.selectors import find, open_file
from ..laws.checking import check_rights, find_subject
from ..laws.deciding import law_of
from ..people.models import Person
from ..people.selectors import get_household, get_person, household_of, search
from ..people.selectors import home as household_on
from .services import SCOPES, find_token
from .shapes import ClaimIn, ClaimOut, DecisionOut, Found, HouseholdOut, Identifier, Member, Name, PersonOut, Right, Rights, SearchIn, Trouble


class Bearer(HttpBearer):
    """A token in the heading `Authorization: Bearer …`. The user's postings and the token's scopes both have to allow what is asked."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        today = timezone.localdate()
        found = find_token(token, today)
        if found is None:
            return None
        request.allowed = {action for scope in found.scopes for action in SCOPES[scope]}  # type: ignore[attr-defined]
        where = scope_of(posting.area for posting in postings(found.user, today))
        work_for(None if where.everywhere else where.districts)
        return found.user


REFUSALS = {401: Trouble, 403: Trouble, 404: Trouble}
api = NinjaAPI(title="OpenSocle office", version="1", urls_namespace="api", auth=Bearer(), docs_url=None)


def caller(request: HttpRequest, action: str) -> User:
    """The user for whom a program works. Raises Refused where the token is not for this."""
    if action not in request.allowed:  # type: ignore[attr-defined]
        raise Refused(action)
    return request.auth  # type: ignore[attr-defined]


# --- refusals


def trouble(request: HttpRequest, status: int, code: str, what: str, hint: str = "") -> HttpResponse:
    return api.create_response(request, {"code": code, "what": what, "hint": hint}, status=status)


@api.exception_handler(SocleError)
def refused(request: HttpRequest, error: SocleError) -> HttpResponse:
    return trouble(request, 422, error.code, error.what, error.hint)


@api.exception_handler(Http404)
def not_there(request: HttpRequest, error: Http404) -> HttpResponse:
    return trouble(request, 404, "not_found", "there is nothing here that you may see")


@api.exception_handler(PermissionDenied)
def not_allowed(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return trouble(request, 403, "not_allowed", "the user or the token may not do this")


@api.exception_handler(AuthenticationError)
def not_known(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = trouble(request, 401, "no_token", "there is no token that holds", "send the heading Authorization: Bearer TOKEN")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(HttpError)
def not_readable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return trouble(request, 422 if error.status_code == 400 else error.status_code, "not_valid", "the request cannot be read", "send JSON in UTF-8")


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0] if error.errors else {"loc": (), "msg": ""}
    return trouble(request, 422, "not_valid", f"{'.'.join(map(str, first['loc']))}: {first['msg']}")


# --- people


@api.post("/persons/search", response={200: Found, 422: Trouble, **REFUSALS}, tags=["people"])
def find_persons(request: HttpRequest, data: SearchIn) -> Any:
    """Searches persons by name, identifier, telephone, reference or year of birth; in the body, as addresses are written into logs."""
    user, today = caller(request, "person.search"), timezone.localdate()
    return {"persons": [person_out(user, person) for person in search(user, data.text, today).people]}


@api.get("/persons/{reference}", response={200: PersonOut, **REFUSALS}, tags=["people"])
def read_person(request: HttpRequest, reference: str) -> Any:
    """One person."""
    user = caller(request, "person.read")
    return person_out(user, get_person(user, reference, timezone.localdate()))


@api.get("/households/{reference}", response={200: HouseholdOut, **REFUSALS}, tags=["people"])
def read_household(request: HttpRequest, reference: str) -> Any:
    """One household, with its members of today; those whose files are in another district are left out."""
    user, today = caller(request, "household.read"), timezone.localdate()
    found = get_household(user, reference, today)
    there = household_on(user, found, today).members
    members = [Member(person=m.person.reference, relationship_type=m.relationship, since=m.since) for m in there]
    return HouseholdOut(reference=found.reference, area=found.area.code, group_size=len(members), member_list=members)


def person_out(user: User, person: Person) -> PersonOut:
    """A person, with the reference of her household where the user may see it."""
    home = household_of(user, person, timezone.localdate())
    numbers = [Identifier(identifier_type=i.type, identifier_value=i.value) for i in person.identifiers.filter(withdrawn=False)]
    name = Name(surname=person.surname, given_name=person.given_name, second_name=person.second_name, maiden_name=person.maiden_name)
    return PersonOut(
        reference=person.reference,
        name=name,
        sex=person.sex,
        birth_date=person.birth_date,
        birth_precision=person.birth_precision,
        death_date=person.death_date,
        area=person.area.code,
        identifier=numbers,
        household=home.household.reference if home else None,
    )


# --- rights


@api.get("/persons/{reference}/rights", response={200: Rights, 422: Trouble, **REFUSALS}, tags=["rights"])
def read_rights(request: HttpRequest, reference: str, month: str = Query(..., pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")) -> Any:
    """What every scheme says to the person and her household in a month."""
    user, today = caller(request, "entitlement.check"), timezone.localdate()
    about = find_subject(user, "person", reference, today)
    found = check_rights(about, Month.parse(month), by=user, on=today)
    rights = [
        Right(
            scheme=verdict.scheme,
            subject=str(verdict.subject),
            outcome=verdict.outcome,
            amounts={amount.name: plain(amount.value) for amount in verdict.amounts if amount.value is not None},
            reasons=[failing.source for failing in verdict.failing if failing.source],
            missing=[missing.name for missing in verdict.missing],
        )
        for verdict in found.verdicts
    ]
    return Rights(month=month, law=found.law.hash, rights=rights)


# --- claims


@api.post("/claims", response={201: ClaimOut, 422: Trouble, **REFUSALS}, tags=["claims"])
def open_claim(request: HttpRequest, asked: ClaimIn) -> Any:
    """Opens a claim, which the law determines at once."""
    user, today = caller(request, "claim.open"), timezone.localdate()
    person = find(Person.objects, user, "claim.open", asked.person, today)
    month = Month.parse(asked.month) if asked.month else None
    claim = cases.open_claim(by=user, on=today, person=person, scheme=asked.scheme, month=month, event=asked.event or None)
    return Status(201, claim_out(user, claim.reference))


@api.get("/claims/{reference}", response={200: ClaimOut, **REFUSALS}, tags=["claims"])
def read_claim(request: HttpRequest, reference: str) -> Any:
    """A claim with its decisions."""
    return claim_out(caller(request, "claim.read"), reference)


@api.post("/claims/{reference}/decision", response={201: ClaimOut, 422: Trouble, **REFUSALS}, tags=["claims"])
def decide_claim(request: HttpRequest, reference: str) -> Any:
    """Decides a claim as the law says; where the scheme asks for two officers, a supervisor has to approve it."""
    user, today = caller(request, "decision.propose"), timezone.localdate()
    claim = find(Claim.objects, user, "decision.propose", reference, today)
    cases.propose(by=user, on=today, claim=claim)
    return Status(201, claim_out(user, reference))


def claim_out(user: User, reference: str) -> ClaimOut:
    file = open_file(user, reference, timezone.localdate())
    claim = file.claim
    return ClaimOut(
        reference=claim.reference,
        person=claim.person.reference,
        scheme=claim.scheme,
        month=str(Month.of(claim.month)),
        state=claim.state,
        claimed_on=claim.claimed_on,
        event=claim.event,
        missing=[item["name"] for item in file.determination.missing] if file.determination else [],
        decisions=[decision_out(decision, file.rights.get(decision.pk)) for decision in file.decisions],
    )


def decision_out(decision: Decision, right: Entitlement | None) -> DecisionOut:
    law = decision.determination.law_hash
    digits = digits_of(law) if right else 0
    return DecisionOut(
        reference=decision.reference,
        outcome=decision.outcome,
        decided_on=decision.decided_on,
        law=law,
        amount=str(Decimal(right.amount).scaleb(-digits)) if right else None,
        currency=right.currency if right else None,
        since=right.since if right else None,
        until=right.until if right else None,
    )


def digits_of(law: str) -> int:
    return law_of(law).country.currency.digits
