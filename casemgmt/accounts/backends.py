"""Passwords, tried patiently: every way of signing in with one passes here."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from casemgmt import clock
from casemgmt.accounts import addresses, attempts, devices
from casemgmt.accounts.models import User


class LongEnough(MinimumLengthValidator):
    """Django's, in words that it has in Chinese too."""

    def get_error_message(self) -> str:
        return _("The password is too short: at least %(n)d characters.") % {"n": self.min_length}


class PatientBackend(ModelBackend):
    """Django's password check behind `attempts`. The attempt is counted first, so that many at once gain nothing."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if username is None or password is None:
            return None
        limits = limits_of(request, username)
        if not attempts.admit(limits, at=clock.now()):
            raise PermissionDenied
        user = super().authenticate(request, username, password)
        if not isinstance(user, User):
            return None
        attempts.forgive(limits)
        return user


def limits_of(request: HttpRequest | None, username: str, *, step: str = "") -> dict[str, int]:
    """The buckets that an attempt to sign in as `username` falls into."""
    if request is None:
        return attempts.buckets(username=username, address="", device=None, step=step)
    device = devices.known(request, username=username)
    return attempts.buckets(username=username, address=addresses.peer(request), device=device, step=step)
