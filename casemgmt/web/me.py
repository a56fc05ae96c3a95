"""My data: what a person may change about themselves, which letters they want, and their keys for programs."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from casemgmt import clock
from casemgmt.accounts import keys, second_factor
from casemgmt.accounts.models import ApiKey, User
from casemgmt.errors import DomainError
from casemgmt.notifications import inbox

LONGEST_NAME = 100
MOST_DIGITS = 6


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Name, letters and shortcuts; a POST changes them."""
    user = person(request)
    if request.method == "POST":
        return _changed(request, user)
    return _page(request, user)


@login_required
@never_cache
@require_POST
@sensitive_variables()
def make_key(request: HttpRequest) -> HttpResponse:
    """A key for a program; its secret is on this answer, and nowhere else."""
    days, name = request.POST.get("days", "").strip() or "90", request.POST.get("name", "").strip()[:LONGEST_NAME]
    if not (days.isdecimal() and len(days) < MOST_DIGITS) or "\0" in name:
        messages.error(request, _("Give the days as a number, and a name."))
        return redirect("my-data")
    user = person(request)
    scopes, ttl = request.POST.getlist("scopes"), timedelta(days=int(days))
    try:
        _key, secret = keys.make(user=user, name=name or _("Key"), scopes=scopes, ttl=ttl, at=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal.detail))
        return redirect("my-data")
    return _page(request, user, secret=secret)


@login_required
@require_POST
def revoke_key(request: HttpRequest, prefix: str) -> HttpResponse:
    """The key opens nothing any more."""
    key = ApiKey.objects.filter(user=person(request), prefix=prefix).first()
    if key is None:
        raise Http404
    keys.revoke(key=key, at=clock.now())
    return redirect("my-data")


@sensitive_variables()
def _page(request: HttpRequest, user: User, *, secret: str = "") -> HttpResponse:
    letters = {one.template_prefix: one.enabled for one in inbox.preferences(user=user)}
    shown = {
        "letters": letters.get("", True), "keys": _keys(user), "scopes": keys.SCOPES, "languages": settings.LANGUAGES,
        "secret": secret, "app": second_factor.of(user),
    }  # fmt: skip
    return render(request, "me.html", shown)


def person(request: HttpRequest) -> User:
    """Who is signed in; the views let nobody else in."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _changed(request: HttpRequest, user: User) -> HttpResponse:
    name = request.POST.get("display_name", "").strip()
    if not name or len(name) > LONGEST_NAME or "\0" in name:
        messages.error(request, _("Give a name of 1 to 100 characters."))
        return redirect("my-data")
    user.display_name, user.single_keys = name, request.POST.get("single_keys") == "true"
    user.save(update_fields=["display_name", "single_keys"])
    inbox.prefer(user=user, emails={"": request.POST.get("letters") == "true"})
    messages.success(request, _("Kept."))
    return redirect("my-data")


def _keys(user: User) -> list[ApiKey]:
    return list(ApiKey.objects.filter(user=user, revoked_at=None).order_by("-pk")[:50])
