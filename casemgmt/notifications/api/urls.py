"""Addresses below /api/v1/."""

from django.urls import path

from casemgmt.notifications.api import views

urlpatterns = [
    path("notices/", views.NoticeList.as_view(), name="notices"),
    path("notices/preferences/", views.NoticePreferences.as_view(), name="notice-preferences"),
    path("notices/<uuid:notice_id>/read/", views.NoticeRead.as_view(), name="notice-read"),
]
