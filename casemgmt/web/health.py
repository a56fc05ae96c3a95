"""Whether this copy does its work: asked by load balancers every few seconds, and by `manage.py doctor`."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import urlopen

import redis
from django.conf import settings
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sla.heartbeat import SILENCE
from sla.models import Halt, Heartbeat

SECONDS_TO_ANSWER = 2
OK = "ok"
HALTED = "halted: the database's clock jumped"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while PostgreSQL answers, whatever else is wrong; 503 when it does not. `parts` says what is wrong."""
    parts = examine()
    healthy = all(said == OK for said in parts.values())
    gone = parts["postgresql"] != OK
    body = {"status": "down" if gone else OK if healthy else "degraded", "parts": parts}
    return JsonResponse(body, status=503 if gone else 200)


def examine() -> dict[str, str]:
    """Each part with "ok" or what is wrong with it. Takes at most a few seconds, whatever hangs."""
    parts = {"postgresql": OK, "redis": redis_says()}
    try:
        with probe() as database:
            missing = unapplied(database)
            parts["migrations"] = f"unapplied: {', '.join(missing)}" if missing else OK
            parts["sweep"] = (
                sweep_says(None) if missing else HALTED if halted(database) else sweep_says(silence(database))
            )
    except OperationalError:
        parts["postgresql"] = "unreachable"
    return parts


@contextmanager
def probe() -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own with short patience; one that is pooled could hang with a dead network."""
    database = connection.copy()
    options = database.settings_dict["OPTIONS"]
    database.settings_dict["OPTIONS"] = options | {
        "connect_timeout": SECONDS_TO_ANSWER,
        "tcp_user_timeout": SECONDS_TO_ANSWER * 1000,
        "options": f"-c statement_timeout={SECONDS_TO_ANSWER * 1000}",
    }
    with closing(database):
        yield database


def redis_says() -> str:
    """Of the broker, and of the cache where that is another one."""
    for url in {settings.BROKER_URL, settings.REDIS_URL}:
        if not url.startswith(("redis://", "rediss://")):
            continue
        try:
            with redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=None) as client:
                client.ping()
        except (redis.RedisError, OSError) as error:
            return f"unreachable: {type(error).__name__}"
    return OK


def live_says() -> str:
    """Of the process that tells open pages of news: it answers a stranger, by refusing."""
    try:
        with urlopen(urljoin(settings.PUBLIC_URL, settings.LIVE_URL), timeout=SECONDS_TO_ANSWER):  # noqa: S310  our own address
            return "answers strangers"
    except HTTPError as refusal:
        return OK if refusal.code == HTTPStatus.UNAUTHORIZED else f"answers {refusal.code}"
    except (OSError, ValueError) as error:
        return f"unreachable: {type(error).__name__}"


def unapplied(database: BaseDatabaseWrapper) -> list[str]:
    """Migrations of this code that the database has not seen, as `app.name`."""
    with database.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        applied = set()
        if cursor.fetchone() == (True,):
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
    return [".".join(key) for key in sorted(_shipped() - applied)]


def silence(database: BaseDatabaseWrapper) -> float | None:
    """Seconds since any sweep last said that it lives, by the database's clock; None if none ever did."""
    ask = f'SELECT extract(epoch FROM clock_timestamp() - max(beat_at))::float FROM "{Heartbeat._meta.db_table}"'  # noqa: S608
    with database.cursor() as cursor:
        cursor.execute(ask)
        row: tuple[float | None] = cursor.fetchone()
    return row[0]


def halted(database: BaseDatabaseWrapper) -> bool:
    """Whether a jump of the database's clock stopped the sweep, until a supervisor lets it go on."""
    with database.cursor() as cursor:
        cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{Halt._meta.db_table}" WHERE released_at IS NULL)')  # noqa: S608
        row: tuple[bool] = cursor.fetchone()
    return row[0]


def sweep_says(seconds: float | None) -> str:
    if seconds is None:
        return "never ran"
    return OK if seconds <= SILENCE.total_seconds() else f"silent for {seconds:.0f} s"


@cache
def _shipped() -> frozenset[tuple[str, str]]:
    """What lies on disk cannot change under a running process, and reading it takes long."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
