"""Address of the page of components."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "design"
urlpatterns = [path("", views.show, name="show")]
