"""API keys: making, naming and revoking them. The secret is shown once and never kept."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from casemgmt.accounts.models import ApiKey, User
from casemgmt.errors import Invalid

SCOPES = (
    "cases:read",
    "cases:write",
    "clocks:read",
    "evidence:read",
    "evidence:write",
    "me:read",
    "me:write",
    "notices:read",
    "notices:write",
    "orders:read",
    "orders:write",
)
LONGEST = timedelta(days=366)
SHAPE = re.compile(r"cm_([a-z0-9]{12})_[0-9a-f]{64}")


def make(*, user: User, name: str, scopes: Iterable[str], ttl: timedelta, at: datetime) -> tuple[ApiKey, str]:
    """A new key of `user`, valid from `at` for `ttl` (at most 366 days), and the secret to hand over.

    Raises Invalid for an unknown scope, no scope, or a life that is not between a moment and 366 days.
    """
    wanted = sorted(set(scopes))
    if not wanted or (unknown := sorted(set(wanted) - set(SCOPES))):
        known = ", ".join(SCOPES)
        detail = _("Name at least one scope, and only known ones: %(known)s.") % {"known": known}
        raise Invalid("unknown_scope", detail, unknown=unknown if wanted else [])
    if not timedelta(0) < ttl <= LONGEST:
        raise Invalid("bad_key_life", _("A key lives for 1 to 366 days."))
    prefix = "".join(secrets.choice("abcdefghijkmnpqrstuvwxyz23456789") for _i in range(12))
    secret = f"cm_{prefix}_{secrets.token_hex(32)}"
    key = ApiKey.objects.create(
        user=user,
        name=name,
        prefix=prefix,
        digest=sha256(secret.encode()).hexdigest(),
        scopes=wanted,
        created_at=at,
        expires_at=at + ttl,
    )
    return key, secret


def revoke(*, key: ApiKey, at: datetime) -> None:
    """The key opens nothing from its next use on. Revoking twice keeps the first instant."""
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])


def prefix_of(secret: str) -> str | None:
    """The public part of a key, by which it is found; None where `secret` has not the shape of a key."""
    found = SHAPE.fullmatch(secret)
    return found.group(1) if found else None
