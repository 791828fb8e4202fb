"""Who may sign in: users that an administrator made, also when a government's identity provider vouches for them."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class NoSignup(DefaultAccountAdapter):
    """Nobody makes an account for herself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class KnownUsersOnly(DefaultSocialAccountAdapter):
    """An identity provider's user signs in if she has an account here; none is made."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False
