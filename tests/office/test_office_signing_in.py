"""Second factors are kept encrypted; through an identity provider come only users that an administrator made for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import InvalidToken
from django.test import Client

from opensocle.errors import Problems
from opensocle.office.access.adapters import KnownUsersOnly
from opensocle.office.access.models import User
from opensocle.office.access.services import make_user
from opensocle.office.audit.models import Entry
from opensocle.office.place import make_place, read_place

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"


# --- second factors


def test_the_secret_of_an_authenticator_is_not_in_the_database_as_it_is() -> None:
    user = make_user(username="amina", password=PASSWORD)
    secret = generate_totp_secret()
    kept = TOTP.activate(user, secret).instance
    codes = RecoveryCodes.activate(user)
    said = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in said and codes.instance.data["seed"] not in (secret, "") and len(codes.get_unused_codes()) == 10
    assert not any(code in said for code in codes.get_unused_codes())
    again = TOTP.activate(make_user(username="karim", password=PASSWORD), secret).instance
    assert again.data["secret"] != kept.data["secret"], "the same secret twice is not seen to be the same"


def test_who_signs_in_with_a_code_is_let_in_and_with_a_wrong_one_is_not() -> None:
    user = make_user(username="amina", password=PASSWORD)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client = Client()
    first = client.post("/accounts/login/", {"login": "amina", "password": PASSWORD})
    assert first.status_code == 302 and first["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/").status_code == 302, "the password alone opens nothing"
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert client.post("/accounts/2fa/authenticate/", {"code": wrong}).status_code == 200
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.get("/").status_code == 200


def test_another_offices_secret_reads_no_authenticator(settings: Any) -> None:
    kept = TOTP.activate(make_user(username="amina", password=PASSWORD), generate_totp_secret())
    assert kept.validate_code("000000") in (True, False)
    settings.SECRET_KEY = "x" * 64
    with pytest.raises(InvalidToken):
        TOTP(Authenticator.objects.get()).validate_code("000000")


# --- the identity provider

SERVER = "https://id.gov.example"


class Answer:
    """What the provider's server says."""

    status_code, headers, text = 200, {"content-type": "application/json"}, ""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said

    def json(self) -> dict[str, Any]:
        return self.said

    def raise_for_status(self) -> None:
        """It went well."""


class Provider:
    """A provider in memory: `said` is what it says of who signed in."""

    def __init__(self) -> None:
        self.said: dict[str, Any] = {}
        self.asked: list[str] = []

    def __enter__(self) -> Provider:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def get(self, address: str, **_: Any) -> Answer:
        self.asked.append(address)
        if address.endswith("/.well-known/openid-configuration"):
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
            return Answer({name: f"{SERVER}/{end}" for name, end in ends.items()} | {"token_endpoint_auth_methods_supported": ["client_secret_post"]})
        return Answer(self.said)

    def request(self, method: str, address: str, **more: Any) -> Answer:
        self.asked.append(address)
        assert (method, address) == ("POST", f"{SERVER}/token") and more["data"]["code_verifier"], "with PKCE"
        return Answer({"access_token": "a", "token_type": "Bearer"})

    post = request


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    app = {"provider_id": "provider", "name": "Government ID", "client_id": "socle", "secret": "s", "settings": {"server_url": SERVER}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    made = Provider()
    monkeypatch.setattr(KnownUsersOnly, "get_requests_session", lambda self: made)
    yield made


@pytest.fixture
def sign_in(provider: Provider) -> Callable[..., tuple[Client, Any]]:
    """Signs in as whom the provider names."""

    def go(**said: Any) -> tuple[Client, Any]:
        provider.said, client = said, Client()
        away = client.post("/accounts/oidc/provider/login/")
        query = parse_qs(urlsplit(away["Location"]).query)
        assert away["Location"].startswith(f"{SERVER}/authorize?") and query["code_challenge_method"] == ["S256"]
        return client, client.get("/accounts/oidc/provider/login/callback/", {"code": "c", "state": query["state"][0]})

    return go


def test_the_page_for_signing_in_offers_the_provider_only_where_there_is_one(provider: Provider, settings: Any) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert "Sign in through Government ID" in page and "/accounts/oidc/provider/login/" in page
    assert Client().get("/accounts/oidc/provider/login/").status_code == 200, "a page with a button: nobody is sent away by a link"
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "Sign in through" not in Client().get("/accounts/login/").content.decode()
    assert Client().post("/accounts/oidc/provider/login/").status_code == 404


def test_a_user_who_was_made_for_the_provider_signs_in(sign_in: Callable[..., Any]) -> None:
    made = make_user(username="amina", password=None)
    client, answer = sign_in(sub="key-1", preferred_username="amina")
    assert (answer.status_code, answer["Location"]) == (302, "/") and client.get("/").status_code == 200
    assert SocialAccount.objects.get().user == made and Entry.objects.filter(action="user.connect", by=made).count() == 1
    later, answer = sign_in(sub="key-1", preferred_username="another-name-now")
    assert answer["Location"] == "/" and later.get("/").status_code == 200


REFUSED: dict[str, dict[str, Any]] = {
    "nobody here": {"sub": "key-2", "preferred_username": "stranger"},
    "who has a password": {"sub": "key-2", "preferred_username": "boss"},
    "another key with her name": {"sub": "key-2", "preferred_username": "amina"},
    "no name": {"sub": "key-2"},
    "an empty name": {"sub": "key-2", "preferred_username": ""},
    "another spelling": {"sub": "key-2", "preferred_username": "KARIM"},
    "somebody closed": {"sub": "key-2", "preferred_username": "closed"},
    "her address only": {"sub": "key-2", "email": "karim@example.org", "email_verified": True},
}


@pytest.mark.parametrize("who", REFUSED)
def test_nobody_else_comes_in_by_the_provider(sign_in: Callable[..., Any], who: str) -> None:
    make_user(username="boss", password=PASSWORD)
    make_user(username="amina", password=None)
    karim = make_user(username="karim", password=None)
    User.objects.filter(pk=karim.pk).update(email="karim@example.org")
    User.objects.filter(pk=make_user(username="closed", password=None).pk).update(is_active=False)
    sign_in(sub="key-1", preferred_username="amina")
    users = User.objects.count()
    client, answer = sign_in(**REFUSED[who])
    assert answer.status_code in (200, 302) and client.get("/").status_code == 302
    assert User.objects.count() == users and SocialAccount.objects.count() == 1


def test_a_callback_that_nobody_asked_for_opens_nothing(provider: Provider) -> None:
    make_user(username="amina", password=None)
    provider.said = {"sub": "key-1", "preferred_username": "amina"}
    client = Client()
    client.get("/accounts/oidc/provider/login/callback/", {"code": "c", "state": "forged"})
    assert client.get("/").status_code == 302 and not SocialAccount.objects.exists()


def test_the_office_says_where_its_provider_is(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    said = {"country": "XE", "provider": {"title": "Government ID", "server": SERVER, "client": "socle"}}
    make_place(folder, {"country": "XE"})
    (folder / "office.yaml").write_text(yaml.safe_dump(said))
    with pytest.raises(Problems, match="O003"):
        read_place(folder)
    (folder / "provider.key").write_text("hidden\n")
    assert read_place(folder).provider_secret == "hidden" and "hidden" not in repr(read_place(folder))
    look = "import os; from opensocle.office import settings as s; print(s.SOCIALACCOUNT_PROVIDERS, s.CONTENT_SECURITY_POLICY)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, env={"OPENSOCLE_OFFICE": str(folder)}, check=True)
    assert f"'server_url': '{SERVER}'" in done.stdout and f"'form-action': [\"'self'\", '{SERVER}']" in done.stdout
    for wrong in ({"server": "http://id.example", "title": "x", "client": "y"}, {"server": SERVER}, {"server": SERVER, "title": 1, "client": "y"}):
        (folder / "office.yaml").write_text(yaml.safe_dump({"country": "XE", "provider": wrong}))
        with pytest.raises(Problems, match="O002"):
            read_place(folder)
