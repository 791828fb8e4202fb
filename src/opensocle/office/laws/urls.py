"""Addresses of rights, interviews and laws. They hold references and words of the law only."""

from __future__ import annotations

from django.urls import path

from . import interview_views, law_views, views

app_name = "laws"
urlpatterns = [
    path("try/", interview_views.start, name="try"),
    path("try/question/", interview_views.ask, name="try_question"),
    path("try/rights/", interview_views.answers, name="try_rights"),
    path("try/forget/", interview_views.forget, name="try_forget"),
    path("try/later/", interview_views.later, name="try_later"),
    path("try/<str:reference>/go-on/", interview_views.go_on, name="try_go_on"),
    path("try/<str:reference>/discard/", interview_views.discard, name="try_discard"),
    path("laws/", law_views.index, name="index"),
    path("laws/<slug:reference>/", law_views.detail, name="law"),
]
for kind, root in (("person", "people"), ("household", "households")):
    about = {"kind": kind}
    urlpatterns += [
        path(f"{root}/<str:reference>/rights/", views.rights, about, name=f"{kind}_rights"),
        path(f"{root}/<str:reference>/rights/<slug:scheme>/<str:subject>/", views.reasons, about, name=f"{kind}_reasons"),
        path(f"{root}/<str:reference>/question/<str:subject>/<slug:table>/<slug:name>/", views.question, about, name=f"{kind}_question"),
        path(f"{root}/<str:reference>/interview/", views.interview, about, name=f"{kind}_interview"),
    ]
