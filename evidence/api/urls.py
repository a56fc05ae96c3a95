"""Addresses below /api/v1/."""

from django.urls import path

from evidence.api import views

_CASE = "cases/<str:reference>/"

urlpatterns = [
    path(_CASE + "evidence/", views.CaseEvidence.as_view(), name="case-evidence"),
    path(_CASE + "evidence/<uuid:evidence_id>/submit/", views.EvidenceSubmit.as_view(), name="evidence-submit"),
    path(_CASE + "evidence/<uuid:evidence_id>/withdraw/", views.EvidenceWithdraw.as_view(), name="evidence-withdraw"),
    path("evidence/<uuid:evidence_id>/content/", views.EvidenceContent.as_view(), name="evidence-content"),
    path(_CASE + "evidence-requests/", views.CaseEvidenceRequests.as_view(), name="case-evidence-requests"),
    path(
        _CASE + "evidence-requests/<uuid:request_id>/waive/",
        views.EvidenceRequestWaive.as_view(),
        name="evidence-request-waive",
    ),
]
