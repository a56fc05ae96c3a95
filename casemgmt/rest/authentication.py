"""Who calls the API: a browser's session, or a key; and what a key was made for."""

from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from casemgmt import clock
from casemgmt.accounts import keys
from casemgmt.accounts.models import ApiKey, User
from casemgmt.rest.problems import Problem

LAST_USED_EVERY = timedelta(minutes=1)


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer cm_<prefix>_<secret>`. `request.auth` is then the ApiKey."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        header = request.headers.get("Authorization", "")
        scheme, _space, secret = header.partition(" ")
        if scheme.lower() != "bearer":
            return None
        key = _key(secret.strip())
        _note_use(key)
        _speak_to(key.user, request)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class BrowserSession(SessionAuthentication):
    """The session cookie of a browser; an unsafe method also needs the CSRF token."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found: tuple[User, None] | None = super().authenticate(request)
        if found is not None:
            _speak_to(found[0], request)
        return found

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            detail = _("The CSRF token is missing or wrong. Send the csrftoken cookie's value as X-CSRFToken.")
            raise Problem(403, "csrf_failed", detail) from None


class SignedInWithScope(BasePermission):
    """Somebody is signed in; a key must also have the scope that the view names for reading or for writing.

    A view says `scopes = {"read": "cases:read", "write": "cases:write"}`; one that names none takes no keys at all.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if isinstance(request.user, AnonymousUser) or not request.user.is_active:
            return False
        if not isinstance(request.auth, ApiKey) or request.method not in view.allowed_methods:
            return True  # a method that is not there is answered so (405), whatever the key was made for
        scope = scope_of(view, request.method or "GET")
        if scope is None or scope not in request.auth.scopes:
            raise Problem(
                403,
                "scope_missing",
                _("This key was not made for that. Make one with the scope named here."),
                scope=scope,
                scopes=list(request.auth.scopes),
            )
        return True


def person(request: Request) -> User:
    """Who is signed in; for views that let nobody else in."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def scope_of(view: Any, method: str) -> str | None:
    """The scope a key needs to call `view` with `method`; None where no key may."""
    scopes: dict[str, str] = getattr(view, "scopes", {})
    return scopes.get("read" if method in SAFE_METHODS else "write")


def _speak_to(user: User, request: Request) -> None:
    """Use the person's own language, unless the request itself asks for one that we have."""
    header = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    asked = [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), *(code for code, _weight in header)]
    if not any(_is_ours(code) for code in asked):
        translation.activate(user.language)


def _is_ours(code: str) -> bool:
    try:
        translation.get_supported_language_variant(code)
    except LookupError:
        return False
    return True


def _key(secret: str) -> ApiKey:
    """The usable key that `secret` is. Only its holder learns that it has expired or was revoked."""
    prefix = keys.prefix_of(secret)
    known_keys = ApiKey.objects.select_related("user").annotate(asked_at=clock.column())
    key = known_keys.filter(prefix=prefix).first() if prefix else None
    known = key.digest if key is not None else "0" * 64
    if not compare_digest(known, sha256(secret.encode("utf-8", "replace")).hexdigest()) or key is None:
        raise AuthenticationFailed(_("This key is unknown. Check that it was copied whole."), "key_unknown")
    if not key.user.is_active:
        raise AuthenticationFailed(_("The account of this key is closed."), "account_closed")
    if key.revoked_at is not None:
        raise AuthenticationFailed(_("This key was revoked. Use another one."), "key_revoked")
    return key


def _note_use(key: ApiKey) -> None:
    """Refuse an expired key; note when a good one was used, at most once a minute so that reading stays reading."""
    at: datetime = vars(key)["asked_at"]  # annotated where the key was read
    if key.expires_at <= at:
        raise AuthenticationFailed(_("This key has expired. Make another one."), "key_expired")
    if key.last_used_at is None or at - key.last_used_at >= LAST_USED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
