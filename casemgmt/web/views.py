"""The landing page, signing in and out, and the language switch."""

from typing import Any

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from casemgmt.accounts.forms import SignInForm
from casemgmt.accounts.models import User
from casemgmt.web import demo, shell
from casemgmt.web.redirects import wanted
from casemgmt.web.second_factor import YEAR_SECONDS, held_back


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
    """Django's, with a form that counts attempts; then allauth asks whoever has set it up for a code."""

    template_name = "sign_in.html"
    authentication_form = SignInForm

    def form_valid(self, form: Any) -> HttpResponse:
        if self.request.user.is_authenticated:
            logout(self.request)  # the step that may follow is for somebody who is not in yet
        entered: HttpResponse = perform_login(self.request, form.get_user(), redirect_url=self.get_success_url())
        return entered

    def form_invalid(self, form: Any) -> HttpResponse:
        return held_back(super().form_invalid(form), form.wait_seconds)


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
    chosen, response = request.POST.get("theme", ""), redirect(wanted(request) or "/")
    if chosen in shell.THEMES:
        response.set_cookie(shell.THEME_COOKIE, chosen, max_age=YEAR_SECONDS, samesite="Lax")
    return response
