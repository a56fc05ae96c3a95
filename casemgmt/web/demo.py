"""Trying it as somebody of the demo, with one click. Only in demo mode, and only where nobody outside can knock."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from casemgmt import env
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from casemgmt.web import shell

ROLES = (Role.CONSUMER, Role.SELLER_STAFF, Role.AGENT, Role.ARBITRATOR, Role.REVIEWER, Role.SUPERVISOR)
EACH = {Role.CONSUMER: 2, Role.SELLER_STAFF: 2}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def is_open() -> bool:
    """In demo mode, on a server bound to loopback with no proxy before it: by what it was told, never by the client."""
    return bool(settings.DEMO) and not settings.BEHIND_PROXY and env.text("HOST", "127.0.0.1") in LOOPBACK


def cast(request: HttpRequest) -> list[User]:
    """Whom a visitor can be."""
    if not is_open():
        return []
    people = User.objects.filter(is_active=True, role__in=ROLES, is_superuser=False)
    return [one for role in ROLES for one in people.filter(role=role).order_by("pk")[: EACH.get(role, 1)]]


@require_POST
def enter(request: HttpRequest, username: str) -> HttpResponse:
    """Sign in as one of the cast."""
    person = next((one for one in cast(request) if one.username == username), None)
    if person is None:
        raise Http404
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(shell.home(person.role))
