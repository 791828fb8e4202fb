"""Who may sign in: users that an administrator made, also when a government's identity provider vouches for them; and how their secrets are kept."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest

from ..audit.services import act
from .models import User

USERNAME = "preferred_username"
"""The claim of OpenID Connect by which a user is known the first time; later by the provider's own key of her."""


class NoSignup(DefaultAccountAdapter):
    """Nobody makes an account for herself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class KnownUsersOnly(DefaultSocialAccountAdapter):
    """An identity provider's user signs in if an administrator made her an account without a password; none is made."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Ties the account to the provider's key of the user the first time. Somebody else who has her name there later does not come in by it."""
        if sociallogin.is_existing:
            return
        account = sociallogin.account
        said = account.extra_data.get("id_token") or account.extra_data.get("userinfo") or account.extra_data
        user = User.objects.filter(username=str(said.get(USERNAME) or ""), is_active=True).first()
        if user is None or user.has_usable_password() or SocialAccount.objects.filter(user=user).exists():
            return
        with act("user.connect", by=user, about=user, provider=account.provider):
            sociallogin.connect(request, user)


class SealedSecrets(DefaultMFAAdapter):
    """The secrets of authenticators and recovery codes are kept encrypted: who reads the database, or a backup of it, cannot sign in with them."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    """AES with HMAC; the key follows from the office's secret, which lies outside the database and its backups."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"opensocle office, second factors").derive(settings.SECRET_KEY.encode())
    return Fernet(urlsafe_b64encode(key))
