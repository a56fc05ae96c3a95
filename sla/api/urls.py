"""Addresses below /api/v1/."""

from django.urls import path

from sla.api.views import TABLES

urlpatterns = [path(f"dashboards/{name}/", view.as_view(), name=f"dashboard-{name}") for name, view in TABLES.items()]
