"""A Redis that everything goes on without: asked with little patience, and left alone for a while once it is gone."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)
T = TypeVar("T")

PATIENCE_SECONDS = 0.25
LEAVE_ALONE_SECONDS = 5.0


class OptionalRedis:
    """`lost` says what does not happen while it is away: logged once when Redis goes, and when it is back."""

    def __init__(self, url: str, *, lost: str) -> None:
        self._redis: redis.Redis = redis.Redis.from_url(
            url,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._lost = lost
        self._absent_until = 0.0
        self._said = False

    def ask(self, act: Callable[[redis.Redis], T]) -> T | None:
        """What `act` answers; None while Redis is not there."""
        if monotonic() < self._absent_until:
            return None
        try:
            answer = act(self._redis)
        except (redis.RedisError, OSError) as error:
            self._leave_alone(error)
            return None
        if self._said:
            log.warning("Redis is back; no longer: %s", self._lost)
            self._said = False
        return answer

    def _leave_alone(self, error: Exception) -> None:
        self._absent_until = monotonic() + LEAVE_ALONE_SECONDS
        if not self._said:
            log.warning("Redis is gone (%s); until it is back: %s", type(error).__name__, self._lost)
            self._said = True
