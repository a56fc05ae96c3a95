"""Addresses below /api/v1/."""

from django.urls import path

from disputes.api import actions, cases

urlpatterns = [
    path("cases/", cases.CaseList.as_view(), name="cases"),
    path("cases/<str:reference>/", cases.CaseDetail.as_view(), name="case"),
    *actions.urlpatterns,
]
