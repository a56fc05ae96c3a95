"""Waking those who show notices as they come. It says only whom to look up; the table is the truth."""

from collections.abc import Collection
from functools import cache

from django.conf import settings
from django.db import connection

from casemgmt.optional_redis import OptionalRedis

CROWD = 1000  # so many people told at once are not listed: whoever listens looks for everybody
EVERYBODY = "*"


def channel() -> str:
    """Channels know no database numbers, and one Redis may serve several copies of the product."""
    return f"notices:{connection.settings_dict['NAME']}"


def ring(*, people: Collection[int]) -> None:
    """Say that there are new notices for these people, after their commit. Takes a quarter of a second at most."""
    said = EVERYBODY if len(people) > CROWD else ",".join(map(str, sorted(people)))
    _bell(settings.REDIS_URL).ask(lambda server: server.publish(channel(), said))


def people(said: bytes) -> frozenset[int] | None:
    """Whom a message of the channel names; None for everybody, and for what nobody can read."""
    try:
        return frozenset(int(word) for word in said.split(b","))
    except ValueError:
        return None


@cache
def _bell(url: str) -> OptionalRedis:
    return OptionalRedis(url, lost="news reaches open pages some seconds later")
