"""Devices on which a person has signed in before, told by a signed cookie."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "device"
SALT = "casemgmt.accounts.device"
KNOWN_FOR = timedelta(days=180)


def known(request: HttpRequest, *, username: str) -> str | None:
    """The id of the request's device if `username` has signed in on it."""
    try:
        device, owner = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return None
    return str(device) if owner == username else None


def remember(response: HttpResponse, *, username: str) -> None:
    """Let the device be known from now on. Its id is new each time: tries made with an older one do not count."""
    value = signing.dumps([secrets.token_hex(16), username], salt=SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
