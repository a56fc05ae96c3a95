"""Random passwords and API keys for the cast, written to var/demo-accounts.json for the owner's eyes only."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import transaction

from casemgmt import stackfile
from casemgmt.accounts import keys
from casemgmt.accounts.models import ApiKey, Membership, User
from casemgmt.accounts.roles import Role
from casemgmt.demo.cast import MARK, Cast

LIFE = timedelta(days=180)
KEY_NAME = "demo"
_OWN = ("me:read", "me:write", "notices:read", "notices:write")
_READ = ("cases:read", "clocks:read", "evidence:read", "orders:read")
_WRITE = ("cases:write", "evidence:write")
SCOPES: dict[Role, tuple[str, ...]] = {
    Role.CONSUMER: (*_OWN, *_READ, *_WRITE),
    Role.SELLER_STAFF: (*_OWN, *_READ, *_WRITE),
    Role.AGENT: (*_OWN, *_READ, *_WRITE),
    Role.ARBITRATOR: (*_OWN, *_READ, *_WRITE),
    Role.REVIEWER: (*_OWN, *_READ, *_WRITE),
    Role.SUPERVISOR: (*_OWN, *_READ, *_WRITE),
    Role.AUDITOR: (*_OWN, *_READ),
    Role.ADMINISTRATOR: (*_OWN, "orders:read", "orders:write"),
}
# A password of 120 random bits needs no slow hash; Django makes it slow at the first sign-in all the same.
_QUICK = 1000


def path() -> Path:
    return Path(settings.VAR_DIR) / "demo-accounts.json"


def written() -> bool:
    """Whether the file is there and speaks of this database: one of its keys is known here."""
    if not path().exists():
        return False
    prefix = keys.prefix_of(json.loads(path().read_text())["accounts"][0]["api_key"])
    return ApiKey.objects.filter(prefix=prefix, revoked_at=None).exists()


def issue(cast: Cast, *, at: datetime) -> Path:
    """New passwords and keys for everybody; the old ones open nothing any more. Where they are written."""
    with transaction.atomic():
        ApiKey.objects.filter(user__external_ref__startswith=MARK, name=KEY_NAME, revoked_at=None).update(revoked_at=at)
        shops = _shops()
        accounts = [_account(person, shops.get(person.pk, ""), at) for person in cast.people.values()]
        stackfile.write_secret(path(), json.dumps({"accounts": accounts}, ensure_ascii=False, indent=2) + "\n")
    return path()


def _account(person: User, shop: str, at: datetime) -> dict[str, Any]:
    password = secrets.token_urlsafe(15)
    hasher = PBKDF2PasswordHasher()
    person.password = hasher.encode(password, hasher.salt(), iterations=_QUICK)
    person.save(update_fields=["password"])
    scopes = SCOPES[Role(person.role)]
    _key, secret = keys.make(user=person, name=KEY_NAME, scopes=scopes, ttl=LIFE, at=at)
    return {
        "username": person.username,
        "role": person.role,
        "name": person.display_name,
        "shop": shop,
        "language": person.language,
        "password": password,
        "api_key": secret,
        "scopes": sorted(scopes),
    }


def _shops() -> dict[int, str]:
    members = Membership.objects.filter(user__external_ref__startswith=MARK, is_active=True)
    return dict(members.values_list("user_id", "organisation__name"))
