"""A passkey, from adding it to signing in with it alone, with Chromium's own virtual authenticator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from pytest_django import Settings

from opensocle.office.access.models import User

MakeUser = Callable[..., User]
PASSWORD = "correct-horse-battery"
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_passkey_is_added_and_opens_the_office_alone(page_for: Callable[..., Any], user: MakeUser, settings: Settings, language: str) -> None:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the test's server speaks no HTTPS
    officer = user("caseworker", "d01")
    officer.set_password(PASSWORD)
    officer.language = language
    officer.save(update_fields=["password", "language"])
    page = page_for(None, language)
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    page.goto("/accounts/login/")
    page.fill("#id_login", officer.username)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(lambda address: "/accounts/" not in address)
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("#id_password", PASSWORD)  # what protects an account is changed only by who says once more who she is
    page.press("#id_password", "Enter")
    page.fill("#id_name", "My key")
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/accounts/2fa/recovery-codes/**")
    (credential,) = tools.send("WebAuthn.getCredentials", {"authenticatorId": made})["credentials"]
    assert credential["isResidentCredential"] and Authenticator.objects.filter(user=officer, type="webauthn").count() == 1
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_url(lambda address: "/accounts/" not in address)
    assert page.locator("#id_q").is_visible() and page.complaints == []
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": made, "isUserVerified": False})
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_timeout(500)
    assert page.url.endswith("/accounts/login/"), "a key that does not know its owner opens nothing"
