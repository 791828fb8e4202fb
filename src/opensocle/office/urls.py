"""Addresses of the office."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("opensocle.office.counter.urls")),
]
