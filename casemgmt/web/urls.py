"""The shell: landing page, sign-in, sign-out, language, health."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from casemgmt.web import health, views

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("", views.landing, name="landing"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("language/", views.language, name="language"),
]
