"""Addresses of people and households. They hold references, numbers of rows and words of the vocabulary only."""

from __future__ import annotations

from django.urls import path

from .views import acting, facts, file, finding, households, merging, registering

app_name = "people"
urlpatterns = [
    path("people/", finding.find, name="search"),
    path("people/results/", finding.results, name="results"),
    path("people/register/", registering.start, name="register"),
    path("people/register/<str:reference>/discard/", registering.discard, name="discard"),
    path("people/register/<str:reference>/<slug:name>/", registering.step, name="step"),
    path("documents/<str:reference>/", file.document, name="document"),
    path("people/<str:reference>/", file.overview, name="person"),
    path("people/<str:reference>/facts/", file.facts, name="facts"),
    path("people/<str:reference>/documents/", file.documents, name="documents"),
    path("people/<str:reference>/then/", file.then, name="then"),
    path("people/<str:reference>/seen/", file.seen, name="seen"),
    path("people/<str:reference>/merge/", merging.choose, name="choose"),
    path("people/<str:reference>/merge/<str:other>/", merging.join, name="merge"),
    path("people/<str:reference>/unmerge/<int:number>/", merging.undo, name="unmerge"),
    path("households/<str:reference>/", households.household, name="household"),
]
for kind, root in (("person", "people"), ("household", "households")):
    about = {"kind": kind}
    urlpatterns += [
        path(f"{root}/<str:reference>/facts/add/", facts.fact_name, about, name=f"{kind}_fact_name"),
        path(f"{root}/<str:reference>/facts/<int:number>/<slug:name>/", facts.fact_do, about, name=f"{kind}_fact_do"),
        path(f"{root}/<str:reference>/facts/<slug:name>/", facts.fact_new, about, name=f"{kind}_fact"),
        path(f"{root}/<str:reference>/do/<slug:name>/", acting.act_on, about, name=f"{kind}_do"),
        path(f"{root}/<str:reference>/do/<slug:name>/<int:number>/", acting.act_on, about, name=f"{kind}_do_row"),
    ]
