"""The shell: landing page, sign-in, sign-out, language, health."""

from collections.abc import Callable
from typing import Any

from allauth.account.views import reauthenticate
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp.views import deactivate_totp
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.decorators.cache import never_cache

from casemgmt.web import demo, health, me, notices, second_factor, shop, views

View = Callable[..., Any]


def own(view: View) -> View:
    """Not kept by any cache, and asked for by strangers in vain: allauth would keep what they send for later."""
    return login_required(never_cache(view))


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
    path("shop/", shop.shop, name="shop"),
    path("shop/<int:shop_id>/invite/", shop.invite, name="shop-invite"),
    path("shop/invitations/<int:invitation_id>/back/", shop.take_back, name="invitation-back"),
    path("shop/members/<int:membership_id>/role/", shop.change_role, name="member-role"),
    path("shop/members/<int:membership_id>/out/", shop.take_out, name="member-out"),
    path("join/<str:secret>/", shop.join, name="join"),
    path("notices/", notices.notices, name="bell"),
    path("notices/<uuid:uid>/", notices.follow, name="bell-follow"),
    path("try/<str:username>/", demo.enter, name="try"),
    # Of allauth only what the second factor needs; it looks its own pages up by these names.
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", second_factor.EnterCode.as_view(), name="mfa_authenticate"),
    path("me/", me.me, name="mfa_index"),
    path("me/password/", own(reauthenticate), name="account_reauthenticate"),
    path("me/app/", own(second_factor.SetUp.as_view()), name="mfa_activate_totp"),
    path("me/app/off/", own(deactivate_totp), name="mfa_deactivate_totp"),
    path("me/recovery-codes/", own(second_factor.Codes.as_view()), name="mfa_view_recovery_codes"),
    path("me/recovery-codes/new/", own(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("me/recovery-codes/file/", own(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
]
