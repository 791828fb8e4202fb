"""Texts of the library for signing in whose French the office words itself: what is in its catalogue goes before the library's."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

TEXTS = (
    _("The username and/or password you specified are not correct."),
    _(
        "Enabling passwordless operation allows you to sign in using just this key, but imposes additional requirements such as biometrics or PIN "
        "protection."
    ),
)
