"""Limits on how often one may ask. Redis counts; without it everybody is let in, and nothing waits for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache
from hashlib import sha256
from time import time
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from casemgmt.accounts import addresses
from casemgmt.optional_redis import OptionalRedis

PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Counter(OptionalRedis):
    """How often a name was seen. Answers None while Redis is not there, and then leaves it alone for a while."""

    def __init__(self, url: str) -> None:
        super().__init__(url, lost="requests are not counted")

    def seen(self, name: str, *, seconds: int) -> int | None:
        """Count once more and answer the count; the window is forgotten some time after it has passed."""

        def count(server: redis.Redis) -> int:
            with server.pipeline(transaction=False) as both:
                both.incr(name)
                both.expire(name, 2 * seconds)
                return int(both.execute()[0])

        return self.ask(count)


@cache
def counter(url: str) -> Counter:
    """One per process and address, so that all its threads know when Redis is gone."""
    return Counter(url)


class Throttle(BaseThrottle, ABC):
    """At most so many requests in a window of the wall clock, by the rate of its scope, such as "600/min"."""

    scope: str

    @abstractmethod
    def who(self, request: Request) -> str | None:
        """Whose requests are counted together; None for those this throttle does not count."""

    def allow_request(self, request: Request, view: Any) -> bool:
        name = self.who(request)
        if name is None:
            return True
        most, seconds = rate_of(str(api_settings.DEFAULT_THROTTLE_RATES[self.scope]))
        window, passed = divmod(time(), seconds)
        self._wait = seconds - passed
        key = f"throttle:{connection.settings_dict['NAME']}:{self.scope}:{name}:{int(window)}"
        count = counter(settings.REDIS_URL).seen(key, seconds=seconds)
        return count is None or count <= most

    def wait(self) -> float:
        """Seconds until the window ends."""
        return self._wait


class PerPerson(Throttle):
    """Counts what one signed-in person asks, from wherever and with whichever key."""

    scope = "person"

    def who(self, request: Request) -> str | None:
        return str(request.user.pk) if request.user.is_authenticated else None


class PerAddress(Throttle):
    """Counts what is asked from one address without signing in."""

    scope = "address"

    def who(self, request: Request) -> str | None:
        if request.user.is_authenticated:
            return None
        return sha256(addresses.peer(request._request).encode()).hexdigest()[:32]


def rate_of(rate: str) -> tuple[int, int]:
    """For example "600/min" → (600, 60)."""
    most, _slash, period = rate.partition("/")
    return int(most), PERIODS[period[:1].lower()]
