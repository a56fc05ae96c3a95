"""People and callers for tests of the floor, which know no case."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from rest_framework.test import APIClient

from casemgmt import clock
from casemgmt.accounts import keys
from casemgmt.accounts.back_office import READERS
from casemgmt.accounts.models import ApiKey, User

PASSWORD = "correct horse battery staple"
ENGLISH: Any = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture(scope="session")
def hashed() -> str:
    """Hashing is slow by design; once is enough for everybody."""
    return make_password(PASSWORD)


@pytest.fixture
def person(db: None, hashed: str) -> Callable[..., User]:
    def make(username: str = "mei", role: str = "consumer", **fields: Any) -> User:
        given = {"display_name": username.title(), "password": hashed, **fields}
        return User.objects.create(username=username, role=role, **given)

    return make


@pytest.fixture
def two_steps(settings: Any) -> None:
    """As it is outside of tests; and with little work for a password, for these sign in a dozen times each."""
    settings.STAFF_MFA = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def member(two_steps: None, db: None) -> Callable[..., User]:
    """Somebody of the staff."""

    def make(username: str = "mei", role: str = "agent") -> User:
        given = {"display_name": username.title(), "language": "en", "password": make_password(PASSWORD)}
        return User.objects.create(username=username, role=role, is_staff=role in READERS, **given)

    return make


@pytest.fixture
def browser() -> Callable[..., APIClient]:
    def make(user: User | None = None, *, csrf: bool = False) -> APIClient:
        client = APIClient(enforce_csrf_checks=csrf, **ENGLISH)
        if user is not None:
            client.force_login(user)
        return client

    return make


@pytest.fixture
def program() -> Callable[..., APIClient]:
    """A caller with a key of `user`'s."""

    def make(user: User, *scopes: str) -> APIClient:
        _key, secret = keys.make(user=user, name="test", scopes=scopes, ttl=timedelta(days=1), at=clock.now())
        return APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}", **ENGLISH)

    return make


@pytest.fixture
def key_of(db: None) -> Callable[..., ApiKey]:
    def make(user: User, **fields: Any) -> ApiKey:
        at = clock.now()
        key, _secret = keys.make(user=user, name="k", scopes=["cases:read"], ttl=timedelta(days=1), at=at)
        ApiKey.objects.filter(pk=key.pk).update(**fields)
        key.refresh_from_db()
        return key

    return make
