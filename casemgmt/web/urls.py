"""The shell: landing page, sign-in, sign-out, language, health."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from casemgmt.web import demo, health, me, notices, views

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("", views.landing, name="landing"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("me/", me.me, name="my-data"),
    path("me/keys/", me.make_key, name="make-key"),
    path("me/keys/<str:prefix>/revoke/", me.revoke_key, name="revoke-key"),
    path("notices/", notices.notices, name="bell"),
    path("notices/<uuid:uid>/", notices.follow, name="bell-follow"),
    path("try/<str:username>/", demo.enter, name="try"),
]
