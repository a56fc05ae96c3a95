"""Signing in on allauth's rails: the step after the password, setting it up, and the gate before everything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import check_for_language
from django.utils.translation import gettext_lazy as _

from casemgmt import clock
from casemgmt.accounts import attempts, devices, second_factor
from casemgmt.accounts.backends import limits_of
from casemgmt.accounts.models import User
from casemgmt.web import sessions
from casemgmt.web.me import person
from casemgmt.web.redirects import wanted

YEAR_SECONDS = 365 * 86400
SET_UP = "mfa_activate_totp"
# What opens to somebody of the staff who has no second factor yet.
OPEN = frozenset({SET_UP, "account_reauthenticate", "sign-in", "sign-out", "language", "theme", "healthz"})


class Account(DefaultAccountAdapter):
    """What happens around signing in, whether it took one step or two."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _("Too many wrong attempts. Try again in a few minutes."),
    }

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """Only now is the device known to be the owner's: a password alone would give a guesser tries of its own."""
        response = super().post_login(request, user, **more)
        devices.remember(response, username=user.username)
        if check_for_language(user.language):
            cookie = settings.LANGUAGE_COOKIE_NAME
            response.set_cookie(cookie, user.language, max_age=YEAR_SECONDS, samesite="Lax")
        return response

    def add_message(self, *_told: Any, **_more: Any) -> None:
        """Our pages say for themselves what has happened."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Our backend counts; here is only said why it does not listen."""
        if attempts.wait_until(limits_of(request, credentials["username"]), at=clock.now()):
            raise self.validation_error("too_many_login_attempts")

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        return not sessions.is_fresh(self.request) and super().is_reauthentication_required(app=app, **more)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """The password: a session has shown the second factor already."""
        if not user.is_authenticated:
            return []
        return [{"id": "reauthenticate", "description": _("Password"), "url": reverse("account_reauthenticate")}]


class EnterCode(AuthenticateView):
    """After the password: the code."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and "code" not in request.POST:
            return redirect("mfa_authenticate")  # allauth would take it for a security key
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        second_factor.note(self.request, self.stage.login.user)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        return held_back(super().form_invalid(form), form.wait_seconds)


class SetUp(ActivateTOTPView):
    """A new app; who has shown its first code has shown the factor."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {**super().get_context_data(**more), "required": second_factor.required(person(self.request))}

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        second_factor.note(self.request, person(self.request))
        return response

    def get_success_url(self) -> str:
        """The recovery codes, and after them what was asked for before all this."""
        return _before(super().get_success_url(), wanted(self.request))


class Codes(ViewRecoveryCodesView):
    """The recovery codes, and the way on."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {**super().get_context_data(**more), "onward": wanted(self.request) or reverse("landing")}


class AskSecondFactor:
    """Middleware: staff see nothing before this session has shown a second factor, or set one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or not second_factor.lacks(user, request.session):
            return None
        if request.path.startswith("/api/"):
            request.user = AnonymousUser()  # the session is nobody's; a key goes on
            return None
        if second_factor.of(user):
            logout(request)  # set up elsewhere: this session has to come in again, by both steps
            return None
        if _name(request) in OPEN:
            return None
        return redirect(_before(reverse(SET_UP), request.get_full_path() if request.method == "GET" else ""))


def held_back(response: HttpResponse, seconds: int) -> HttpResponse:
    """Too many tries are a 429 with Retry-After."""
    if seconds:
        response.status_code = 429
        response.headers["Retry-After"] = str(seconds)
    return response


def _before(path: str, then: str) -> str:
    """A page of this errand, which remembers where it leads in the end."""
    return f"{path}?{urlencode({'next': then})}" if then else path


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""
