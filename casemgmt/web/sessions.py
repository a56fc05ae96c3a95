"""How long a browser stays signed in: twelve hours at most, and for staff half an hour in which they do nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse

from casemgmt import clock
from casemgmt.accounts.roles import Role

LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE)
STAFF_IDLE = timedelta(minutes=30)
FRESH = timedelta(minutes=5)
NOTED_EVERY = timedelta(minutes=1)
BEGAN, SEEN = "began_at", "seen_at"
UNATTENDED = "X-Unattended"  # said by a page that asks by itself, nobody having touched it since it last asked


class EndSessions:
    """Middleware: signs out whoever has stayed too long or left the desk; the request goes on as a stranger's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            at = clock.of(request)
            if is_over(request, at):
                logout(request)
            elif UNATTENDED not in request.headers:
                _note(request, at)
        return self.get_response(request)


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person has signed in just now, so that nobody need ask for the password again."""
    began = request.session.get(BEGAN)
    return began is not None and clock.now() - datetime.fromisoformat(began) < FRESH


def is_over(request: HttpRequest, at: datetime) -> bool:
    """Whether the session of this request is one that ends now; needs `session` and `user` of it."""
    session = request.session
    if BEGAN not in session:
        return False
    if at - datetime.fromisoformat(session[BEGAN]) >= LONGEST:
        return True
    idle = at - datetime.fromisoformat(session[SEEN])
    return idle >= STAFF_IDLE and getattr(request.user, "role", None) not in (Role.CONSUMER, Role.SELLER_STAFF)


def _note(request: HttpRequest, at: datetime) -> None:
    """Written at most once a minute, so that reading stays reading."""
    session = request.session
    session.setdefault(BEGAN, at.isoformat())
    if SEEN not in session or at - datetime.fromisoformat(session[SEEN]) >= NOTED_EVERY:
        session[SEEN] = at.isoformat()
