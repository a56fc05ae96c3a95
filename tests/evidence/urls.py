"""The addresses under test."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("evidence.api.urls")),
    path("api/v1/", include("casemgmt.notifications.api.urls")),
]
