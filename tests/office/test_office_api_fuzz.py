"""Schemathesis on the whole API, from its own description: whatever is sent, no failure of the server, and answers as described.

The same requests at every run (see tests/conftest.py); with a token, with none and with wrong ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from made_districts import NOWHERE, World
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from opensocle.office.api.routes import api
from opensocle.office.api.services import SCOPES, make_token
from opensocle.office.wsgi import application

pytestmark = pytest.mark.django_db
CHECKS: Any = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
DESCRIPTION = api.get_openapi_schema(path_prefix="/api/v1")
OPERATIONS = [(method.upper(), path) for path, found in DESCRIPTION["paths"].items() for method in found]
WRONG = {
    "none": None, "empty": "", "no token": "Bearer", "another's": "Bearer socle_nothing", "a password": "Basic YWRtaW46YWRtaW4=",
    "long": "Bearer " + "x" * 5_000, "signs": "Bearer ÿé", "a statement": "Bearer ' OR 1=1 --",
}  # fmt: skip
few = settings(max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=[Phase.generate])


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The application closes its connection after a request, which is that of the test here: Django's own client does the same."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def token(world: World) -> str:
    """A token that may do everything the API can, of a caseworker."""
    today = timezone.localdate()
    return make_token(user=world.users["caseworker"], title="x", scopes=tuple(SCOPES), since=today, until=today + timedelta(days=9))[1]


def operation(method: str, path: str) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)[path][method]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_whatever_is_sent_is_answered_as_described(world: World, token: str, method: str, path: str, mode: Any) -> None:
    known = [world.ours.reference(kind) for kind in ("person", "mother", "merged", "household", "claim")]
    reached: set[int] = set()

    @few
    @given(
        case=operation(method, path).as_strategy(generation_mode=mode), there=st.sampled_from([*known, world.theirs.reference("person"), NOWHERE, ""])
    )
    def send(case: Any, there: str) -> None:
        if there and case.path_parameters and "reference" in case.path_parameters:
            case.path_parameters["reference"] = there
        if there and isinstance(case.body, dict) and "person" in case.body:
            case.body |= {"person": there, "scheme": "child_grant" if there in known[:2] else case.body.get("scheme")}
        response = case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
        reached.add(response.status_code)

    send()
    assert reached - {401, 403}, "nothing came through"


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_without_a_good_token_nothing_is_answered(world: World, method: str, path: str, wrong: str) -> None:
    headers = {"Authorization": WRONG[wrong].encode().decode("latin-1")} if WRONG[wrong] is not None else {}
    address = path.replace("{reference}", world.ours.reference("claim" if "claims" in path else "household" if "households" in path else "person"))
    response = Client().generic(method, f"{address}?q=Kone&month=2026-03", "{}", content_type="application/json", headers=headers)
    assert response.status_code == 401 and response["WWW-Authenticate"] == "Bearer"
    assert response.json()["code"] == "no_token"


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_a_token_for_something_else_is_not_allowed(world: World, method: str, path: str) -> None:
    today = timezone.localdate()
    _, text = make_token(user=world.users["analyst"], title="x", scopes=tuple(SCOPES), since=today, until=today + timedelta(days=9))

    @settings(few, max_examples=6)
    @given(case=operation(method, path).as_strategy())
    def send(case: Any) -> None:
        response = case.call_and_validate(headers={"Authorization": f"Bearer {text}"}, checks=CHECKS)
        assert response.status_code in (403, 404)

    send()
