"""Addresses of imports, exports and duplicates. They hold references and numbers of pairs only."""

from __future__ import annotations

from django.urls import path

from .exporting import views as exporting
from .importing import views as importing
from .matching import views as matching

app_name = "exchange"
urlpatterns = [
    path("import/", importing.send, name="import"),
    path("import/<str:reference>/", importing.look, name="import_look"),
    path("import/<str:reference>/run/", importing.run, name="import_run"),
    path("import/<str:reference>/rejected/", importing.rejected, name="import_rejected"),
    path("import/<str:reference>/forget/", importing.forget, name="import_forget"),
    path("export/", exporting.export, name="export"),
    path("duplicates/", matching.index, name="duplicates"),
    path("duplicates/search/", matching.search, name="duplicates_search"),
    path("duplicates/<int:number>/", matching.pair, name="duplicate"),
]
