"""Addresses of cases. They hold references only."""

from __future__ import annotations

from django.urls import path

from . import appeal_views, evidence_views, right_views, views

app_name = "cases"
urlpatterns = [
    path("claims/", views.index, name="index"),
    path("claims/<str:reference>/", views.claim, name="claim"),
    path("claims/<str:reference>/do/", views.do, name="do"),
    path("claims/<str:reference>/evidence/", evidence_views.evidence_new, name="evidence_new"),
    path("people/<str:reference>/claims/", views.of_person, name="of_person"),
    path("people/<str:reference>/claims/new/", views.new, name="new"),
    path("decisions/<str:reference>/appeal/", views.appeal_new, name="appeal_new"),
    path("letters/<str:reference>.pdf", views.letter, name="letter"),
    path("rights/", right_views.to_revise, name="to_revise"),
    path("appeals/", appeal_views.appeals, name="appeals"),
    path("appeals/<str:reference>/", appeal_views.appeal, name="appeal"),
    path("grievances/", appeal_views.grievances, name="grievances"),
    path("grievances/new/", appeal_views.grievance_new, name="grievance_new"),
    path("grievances/<str:reference>/", appeal_views.grievance, name="grievance"),
]
