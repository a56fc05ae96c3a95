"""The landing page, signing in and out, and the language switch."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from casemgmt.accounts import devices
from casemgmt.accounts.forms import SignInForm
from casemgmt.accounts.models import User
from casemgmt.web import demo, shell

YEAR_SECONDS = 365 * 86400


@require_safe
@never_cache
def landing(request: HttpRequest) -> HttpResponse:
    """A role's own first page; for a stranger where to go, and in demo mode whom to try it as."""
    if request.user.is_authenticated and shell.ways(getattr(request.user, "role", "")):
        return redirect(shell.home(getattr(request.user, "role", "")))
    accounts = settings.VAR_DIR / "demo-accounts.json"
    shown = accounts if settings.DEMO and accounts.exists() else None
    return render(request, "landing.html", {"demo_accounts": shown, "cast": demo.cast(request)})


class SignIn(LoginView):
    """Django's, with a form that counts attempts. Too many are a 429 with Retry-After."""

    template_name = "sign_in.html"
    authentication_form = SignInForm

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        user: User = form.get_user()
        devices.remember(response, username=user.username)
        _speak(response, user.language)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        if form.wait_seconds:
            response.status_code = 429
            response.headers["Retry-After"] = str(form.wait_seconds)
        return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the pages; for somebody signed in, also of the notices."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return set_language(request)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system: kept by the browser."""
    chosen, back = request.POST.get("theme", ""), request.POST.get("next", "/")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = redirect(back if ours else "/")
    if chosen in shell.THEMES:
        response.set_cookie(shell.THEME_COOKIE, chosen, max_age=YEAR_SECONDS, samesite="Lax")
    return response


def _speak(response: HttpResponse, code: str) -> None:
    if check_for_language(code):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR_SECONDS, samesite="Lax")
