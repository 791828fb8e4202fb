"""Addresses of the office."""

from __future__ import annotations

from django.urls import include, path

from .api.routes import api
from .counter.views import set_language

urlpatterns = [
    path("accounts/", include("opensocle.office.counter.accounts")),
    path("language/", set_language, name="set_language"),
    path("api/v1/", api.urls),
    path("design/", include("opensocle.office.design.urls")),
    path("", include("opensocle.office.counter.urls")),
    path("", include("opensocle.office.laws.urls")),
    path("", include("opensocle.office.people.exchange_urls")),
    path("", include("opensocle.office.people.urls")),
    path("", include("opensocle.office.cases.urls")),
]

handler500 = "opensocle.office.counter.views.server_error"
