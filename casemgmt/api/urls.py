"""Every address of the API; each app brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from casemgmt.api import reference
from casemgmt.api.me import Me

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", reference.schema, name="schema"),
    path("docs/", reference.Docs.as_view(), name="api-docs"),
    path("v1/me/", Me.as_view(), name="me"),
    path("v1/", include("casemgmt.notifications.api.urls")),
    path("v1/", include("evidence.api.urls")),
    path("v1/", include("disputes.api.urls")),
    path("v1/", include("sla.api.urls")),
]
