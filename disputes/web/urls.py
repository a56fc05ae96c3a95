"""The addresses of a case's screens."""

from django.urls import path

from disputes.web import (
    act,
    bulk,
    calls,
    centre,
    desk,
    exhibits,
    filing,
    kept,
    page,
    presence,
    preview,
    receipts,
    wall,
)  # fmt: skip

urlpatterns = [
    path("cases/", desk.cases, name="desk"),
    path("cases/new/", filing.file, name="file"),
    path("cases/next/", desk.following, name="next-case"),
    path("cases/bulk/", bulk.bulk, name="bulk"),
    path("cases/views/", kept.keep, name="keep-view"),
    path("cases/views/<int:pk>/remove/", kept.drop, name="drop-view"),
    path("calls/", calls.calls, name="calls"),
    path("cases/<str:reference>/", page.case, name="case-page"),
    path("cases/<str:reference>/preview/", preview.preview, name="preview"),
    path("cases/<str:reference>/filing/", filing.draft, name="draft"),
    path("cases/<str:reference>/filed/", filing.filed, name="filed"),
    path("cases/<str:reference>/here/", presence.here, name="here"),
    path("cases/<str:reference>/do/<slug:action>/", act.act, name="act"),
    path("cases/<str:reference>/keep/<slug:action>/", act.keep, name="keep-form"),
    path("cases/<str:reference>/deadlines/<slug:kind>/", receipts.deadline, name="deadline"),
    path("cases/<str:reference>/evidence/", exhibits.hand_in, name="hand-in"),
    path("cases/<str:reference>/evidence/<uuid:uid>/<slug:verb>/", exhibits.change, name="exhibit"),
    path("exhibits/<uuid:uid>/", exhibits.content, name="exhibit-content"),
    path("service/", centre.centre, name="service"),
    path("wall/", wall.wall, name="wall"),
]
