"""No name, number or date of birth in a log or an address, whatever an officer does and whatever goes wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.signals import request_started
from django.test import Client
from made_districts import World

from opensocle.office.people.views import file as file_views

pytestmark = pytest.mark.django_db
SECRETS = (
    "Mariama",
    "Sylla",
    "MS-7788-55",
    "MS778855",
    "771119933",
    "mariama@",
    "17/5/1990",
    "1990-05-17",
    "17.5.1990",
    "Rue Secrete",
    "Zenobia",
    "Kone",
)
NAMES = {"given_name": "Mariama", "surname": "Sylla"}
BORN = {"birth_0": "17", "birth_1": "5", "birth_2": "1990"}


class Kept(logging.Handler):
    """Every record as it would be written, with its exception and its arguments."""

    def __init__(self) -> None:
        super().__init__(level=0)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record) + repr(record.args))


@pytest.fixture
def kept() -> Iterator[Kept]:
    """All that any part of the program says, at the lowest level but for those that the settings keep from it."""
    handler, root = Kept(), logging.getLogger()
    named = [one for one in logging.Logger.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    known = [root, *(one for one in named if one.name not in settings.LOGGING["loggers"])]
    before = [(one, one.level, one.disabled) for one in known]
    for one in known:
        one.setLevel(1)
        one.disabled = False
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    for one, level, disabled in before:
        one.setLevel(level)
        one.disabled = disabled


@pytest.fixture
def seen() -> Iterator[list[str]]:
    """The addresses that were asked for."""
    found: list[str] = []

    def look(environ: dict[str, Any], **_: Any) -> None:
        found.append(unquote(f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"))

    request_started.connect(look)
    yield found
    request_started.disconnect(look)


@pytest.fixture
def officer(world: World) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(world.users["caseworker"], "django.contrib.auth.backends.ModelBackend")
    return client


def said(lines: list[str]) -> list[tuple[str, str]]:
    return [(secret, line[:300]) for line in lines for secret in SECRETS if secret.casefold() in line.casefold()]


def register(client: Client) -> str:
    """Goes through the registration, and gives the address of the new file."""
    here = client.post("/people/register/", {"flow": "person"})["Location"]
    answers: list[dict[str, str]] = [
        NAMES, {**BORN, "precision": "day"}, {"sex": "female"}, {"type": "national_id", "value": "MS-7788-55", "country": "XE"},
        {"area": "d01", "address": "Rue Secrete 4"}, {"phone": "+221771119933", "email": "mariama@example.org"},
    ]  # fmt: skip
    for answer in answers:
        response = client.post(here, answer)
        if response.status_code == 422:
            page = client.get(here).content.decode()
            raise AssertionError((here, re.findall(r'name="(\w+)"', page), re.findall(r"error[^<]*<[^<]*", response.content.decode())[:5]))
        here = response["Location"]
    return client.post(here, {"nobody": "on"})["Location"]


def test_registering_searching_refusing_and_failing_say_nothing_of_anybody(
    world: World, officer: Client, kept: Kept, seen: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = register(officer)
    assert re.fullmatch(r"/people/[0-9A-Z-]{14}/", address)
    again = officer.post(f"{address}do/number/", {"type": "passport", "value": "KO110017", "country": "XE"})
    assert again.status_code == 422, "the number is somebody else's"
    for typed in ("Mariama Sylla", "MS-7788-55", "+221 77 111 99 33", "Sylla 17/5/1990", "mariama@example.org"):
        found = officer.post("/people/", {"q": typed})
        assert found["Location"] == "/people/" and officer.get("/people/").status_code == 200
        assert officer.post("/people/results/", {"q": typed}, headers={"HX-Request": "true"}).status_code == 200
    assert b"Mariama" in officer.post("/people/results/", {"q": "Mariama"}).content
    assert officer.get(f"/people/{world.theirs.reference('person')}/").status_code == 404
    assert officer.post(f"{address}do/erase/").status_code == 403
    assert Client().post("/accounts/login/", {"login": "Mariama", "password": "Sylla-MS-7788-55"}).status_code == 200

    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a failure of the program")

    monkeypatch.setattr(file_views, "accounts_of", fail)
    broken = officer.get(address)
    assert broken.status_code == 500 and b"Mariama" not in broken.content and b"RuntimeError" not in broken.content
    assert any("a failure of the program" in line for line in kept.lines), "failures are in the log"
    assert any("Forbidden" in line for line in kept.lines) and any("Not Found" in line for line in kept.lines)
    assert said(kept.lines) == []
    assert said(seen) == [] and len(seen) > 20


def test_no_form_sends_what_is_typed_in_an_address(world: World) -> None:
    """Forms that are sent by GET ask for a day, a state, a word of the vocabulary or a reference, and nothing else."""
    allowed = {
        "state",
        "month",
        "name",
        "other",
        "csrfmiddlewaretoken",
        "scheme",
        "if",
        "page",
        *(f"{day}_{part}" for day in ("on", "known") for part in range(3)),
    }
    pages = ["/", "/people/", "/claims/", "/appeals/", "/grievances/", "/duplicates/", "/people/register/", "/export/", "/import/", "/try/"]
    pages += [f"/people/{world.ours.reference('person')}/{part}" for part in ("", "facts/", "then/", "merge/", "facts/add/", "rights/", "do/join/")]
    for page in pages:
        for role in ("caseworker", "supervisor"):
            html = world.ask(role, "GET", page).content.decode()
            for form in re.findall(r"<form(?![^>]*method=\"post\")[^>]*>.*?</form>", html, re.DOTALL):
                names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', form))
                assert names <= allowed, (page, names - allowed)
            assert "hx-get" not in html, page
